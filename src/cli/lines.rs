//! Published records as readable lines: who, what, whom, when, how sure, in which words.

use serde_json::Value;

const BOLD: &str = "\x1b[1m";
const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const FAINT: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Triggers shown; a vote that is told over a whole article has many.
const TRIGGERS: usize = 3;
/// Longest quotation of an article, in characters.
const QUOTATION: usize = 90;

/// A record of an event topic. The stream that it is written to drops the colours where nobody sees them.
pub(crate) fn event(event: &Value) -> String {
    match text(event, "/kind") {
        "stance" => stance(event),
        "council_action" => council_action(event),
        _ => revision(event),
    }
}

fn stance(event: &Value) -> String {
    let colour = match event["polarity"].as_i64() {
        Some(1) => GREEN,
        Some(-1) => RED,
        _ => YELLOW,
    };
    let what = format!(
        "{BOLD}{:<6}{PLAIN} {colour}{:<9}{PLAIN} {BOLD}{:<6}{PLAIN}",
        text(event, "/holder/code"),
        text(event, "/class"),
        text(event, "/target/code")
    );
    format!("{what} {}", tail(event))
}

fn council_action(event: &Value) -> String {
    let outcome = ["/outcome", "/form", "/measure"].map(|field| text(event, field));
    let outcome = outcome.iter().find(|word| !word.is_empty()).copied().unwrap_or_default();
    let what = format!("{BOLD}UNSC{PLAIN}   {YELLOW}{:<9}{PLAIN} {outcome:<8}", text(event, "/action"));
    format!("{what} {}{}", roll_call(event), tail(event))
}

/// "13-1-1 RUS against, CHN abstain", as far as the article tells.
fn roll_call(event: &Value) -> String {
    let count = |field| event["tally"][field].as_u64().map_or("?".to_owned(), |n| n.to_string());
    let mut parts = Vec::new();
    if ["for", "against", "abstain"].iter().any(|field| event["tally"][field].is_u64()) {
        parts.push(format!("{}-{}-{}", count("for"), count("against"), count("abstain")));
    }
    if let Some(cast) = event["cast"].as_object() {
        let against = cast.iter().filter(|(_, position)| position.as_str() != Some("for"));
        parts.extend(
            against.map(|(code, position)| format!("{code} {}", position.as_str().unwrap_or_default())),
        );
    }
    if parts.is_empty() { String::new() } else { format!("{} ", parts.join(", ")) }
}

/// When, how sure, in which words.
fn tail(event: &Value) -> String {
    let status = match text(event, "/status") {
        "stated" | "done" => String::new(),
        other => format!(" ({other})"),
    };
    let sure = event["confidence"].as_f64().unwrap_or_default() * 100.0;
    let date = text(event, "/time/date");
    format!(
        "{date:<10}{status} {sure:>3.0} % {BOLD}{}{PLAIN}: {FAINT}{}{PLAIN}",
        harmless(&trigger_words(event)),
        harmless(&quotation(text(event, "/evidence/text")))
    )
}

/// The first words that triggered the finding, each once.
fn trigger_words(event: &Value) -> String {
    let triggers = event["evidence"]["triggers"].as_array().map_or(&[][..], Vec::as_slice);
    let mut words: Vec<&str> = Vec::new();
    for word in triggers.iter().map(|trigger| text(trigger, "/text")) {
        if !words.iter().any(|known| known.contains(word)) {
            words.push(word);
        }
    }
    words.truncate(TRIGGERS);
    words.join(" … ")
}

fn revision(event: &Value) -> String {
    let left = event["event_ids"].as_array().map_or(0, Vec::len);
    format!(
        "{YELLOW}revised{PLAIN} {} ({}): {left} events of it are valid on this topic now",
        harmless(text(event, "/article/id")),
        text(event, "/cause").replace('_', " ")
    )
}

/// An article that has no event, by its record; `None` where it has some.
pub(crate) fn article(record: &Value) -> Option<String> {
    let (id, outcome) = (harmless(text(record, "/article/id")), text(record, "/outcome"));
    match outcome {
        "events" => None,
        "no_event" => Some(format!("{FAINT}no event in {id}{PLAIN}")),
        _ => Some(format!("{FAINT}not analysed: {id}: {}{PLAIN}", harmless(text(record, "/detail")))),
    }
}

/// One line, cut at a word.
fn quotation(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() > QUOTATION {
            return line + "…";
        }
        line = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
    }
    line
}

/// The text at a pointer (`/holder/code`); empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// An article is foreign text: what would steer a terminal or break the line is shown as a space. Our own colours are
/// put in afterwards.
pub(crate) fn harmless(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bare(line: &str) -> String {
        anstream::adapter::strip_str(line).to_string()
    }

    #[test]
    fn a_stance_tells_who_what_whom_when_how_sure_in_which_words() {
        let stance = json!({
            "kind": "stance", "class": "condemn", "polarity": -1, "status": "stated", "confidence": 0.934,
            "holder": {"code": "JPN"}, "target": {"code": "PRK"}, "time": {"date": "2026-03-06"},
            "evidence": {"text": "Le Japon a condamné\nle tir", "triggers": [{"text": "condamné"}]},
        });
        assert_eq!(
            bare(&event(&stance)),
            "JPN    condemn   PRK    2026-03-06  93 % condamné: Le Japon a condamné le tir"
        );
    }

    #[test]
    fn a_vote_tells_its_tally_and_who_did_not_vote_for() {
        let vote = json!({
            "kind": "council_action", "action": "vote", "outcome": "vetoed", "status": "past", "confidence": 1,
            "cast": {"DNK": "for", "RUS": "against"}, "tally": {"for": 13, "against": 1, "abstain": null},
            "time": {"date": "2026-03-03"}, "evidence": {"text": "Le veto", "triggers": [{"text": "veto"}, {"text": "veto"}]},
        });
        assert_eq!(
            bare(&event(&vote)),
            "UNSC   vote      vetoed   13-1-?, RUS against 2026-03-03 (past) 100 % veto: Le veto"
        );
    }

    #[test]
    fn an_article_cannot_steer_the_terminal() {
        let hostile = "\u{1b}[2J";
        let stance = json!({
            "kind": "stance", "holder": {"code": "FRA"},
            "evidence": {"text": hostile, "triggers": [{"text": hostile}]},
        });
        let line = event(&stance);
        assert!(!line.contains(hostile) && line.contains(" [2J"), "{line:?}");
    }

    #[test]
    fn articles_with_events_need_no_line_of_their_own() {
        assert_eq!(article(&json!({"outcome": "events", "article": {"id": "a"}})), None);
        let none = article(&json!({"outcome": "no_event", "article": {"id": "a"}})).expect("a line");
        assert_eq!(bare(&none), "no event in a");
    }
}
