//! An event as a block of lines for people.

use std::fmt::Write as _;

use demarche::council::Members;
use serde_json::Value;

use super::seats;
use crate::cli::lines::{harmless, text};

const BOLD: &str = "\x1b[1m";
const FAINT: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Who, what, whom, when, how sure, in which words; below them what the confidence is made of, if it is there.
pub(super) fn block(event: &Value, members: &Members) -> String {
    let mut text = String::new();
    let title = if event["kind"] == "stance" { stance_title(event) } else { action_title(event) };
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{BOLD}{title}{PLAIN}  {}", event["confidence"]);
    let lines = if event["kind"] == "stance" { stance_lines(event) } else { action_lines(event, members) };
    for (label, words) in lines.iter().chain(&shared_lines(event)).filter(|(_, words)| !words.is_empty()) {
        let _ = writeln!(text, "  {FAINT}{label:8}{PLAIN} {words}");
    }
    text
}

type Lines = Vec<(&'static str, String)>;

fn stance_title(event: &Value) -> String {
    let holder = text(event, "/holder/code");
    format!("{holder} {} {}", text(event, "/class"), text(event, "/target/code"))
}

fn action_title(event: &Value) -> String {
    format!("UNSC {} {}", text(event, "/action"), text(event, "/outcome")).trim_end().to_owned()
}

fn stance_lines(event: &Value) -> Lines {
    let attribution = [text(event, "/attribution/mode"), text(event, "/attribution/source")];
    vec![
        ("who", actor(&event["holder"])),
        ("what", format!("{}, {}", text(event, "/class"), text(event, "/status"))),
        ("whom", actor(&event["target"])),
        ("about", quoted(text(event, "/topic/text"))),
        ("by way", joined(attribution, ", ")),
    ]
}

fn action_lines(event: &Value, members: &Members) -> Lines {
    let draft = [text(event, "/draft/symbol"), text(event, "/draft/resolution")];
    let seats = seats::of(event, members);
    let signs = if seats.is_empty() { "" } else { SIGNS };
    vec![
        (
            "what",
            joined(
                ["action", "outcome", "form", "measure", "status"].map(|f| text(event, &format!("/{f}"))),
                ", ",
            ),
        ),
        ("about", quoted(text(event, "/subject/text"))),
        ("draft", joined(draft, ", ")),
        ("sponsors", codes(&event["draft"]["sponsors"])),
        ("asked by", codes(&event["requested_by"])),
        ("blocked", codes(&event["blocked_by"])),
        ("votes", seat_line(&seats)),
        ("signs", signs.to_owned()),
        ("veto", codes(&event["vetoed_by"])),
        ("checks", checks(event)),
    ]
}

fn shared_lines(event: &Value) -> Lines {
    let when = [text(event, "/time/date").to_owned(), quoted(text(event, "/time/text"))];
    let triggers = event["evidence"]["triggers"].as_array().into_iter().flatten();
    let triggers: Vec<String> = triggers.map(|trigger| quoted(text(trigger, "/text"))).collect();
    let reasons = event["reasons"].as_array().into_iter().flatten();
    let reasons: Vec<String> = reasons.filter_map(reason).collect();
    vec![
        ("when", joined(when, " ")),
        ("words", quoted(text(event, "/evidence/text"))),
        ("trigger", triggers.join(", ")),
        ("rule", text(event, "/evidence/rule").to_owned()),
        ("because", reasons.join(", ")),
        ("article", text(event, "/article/uri").to_owned()),
    ]
}

/// `condemn_verb +1.20`
pub(super) fn reason(pair: &Value) -> Option<String> {
    Some(format!("{} {:+.2}", harmless(pair[0].as_str()?), pair[1].as_f64()?))
}

/// What the signs of [`seat_line`] mean.
const SIGNS: &str = "+ for, = abstain, - against, o absent, . not told";

/// All seats by position, and the countries that the article names.
fn seat_line(seats: &[seats::Seat]) -> String {
    let sign = |seat: &seats::Seat| match seat.position {
        Some("for") => '+',
        Some("against") => '-',
        Some("abstain") => '=',
        Some(_) => 'o',
        None => '.',
    };
    let signs: String = seats.iter().map(sign).collect();
    let named = seats::POSITIONS.map(|position| {
        let at = seats.iter().filter(|seat| seat.position == Some(position) && seat.named);
        let countries: Vec<&str> = at.filter_map(|seat| seat.country.as_deref()).collect();
        if countries.is_empty() { String::new() } else { format!("{position} {}", countries.join(" ")) }
    });
    joined([signs, joined(named, ", ")], "  ")
}

fn checks(event: &Value) -> String {
    let checks = event["checks"].as_array().into_iter().flatten();
    let checks = checks.map(|check| {
        let passed = if check["passed"] == true { "passed" } else { "FAILED" };
        format!("{} {passed}", text(check, "/rule"))
    });
    checks.collect::<Vec<_>>().join(", ")
}

fn actor(actor: &Value) -> String {
    let person = joined([text(actor, "/person"), text(actor, "/role")], ", ");
    let via = format!("({})", text(actor, "/via"));
    joined([text(actor, "/code").to_owned(), quoted(text(actor, "/name")), via, person], " ")
}

fn codes(list: &Value) -> String {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

fn joined<const N: usize>(parts: [impl AsRef<str>; N], by: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
    harmless(&parts.join(by))
}

fn quoted(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("\"{}\"", harmless(words)) }
}

#[cfg(test)]
mod tests {
    use demarche::data::Data;
    use serde_json::json;

    use super::*;

    fn block(event: &Value) -> String {
        super::block(event, &Members::load(&Data::embedded()).expect("embedded data"))
    }

    #[test]
    fn a_vote_shows_fifteen_seats() {
        let block = block(&json!({
            "kind": "council_action", "action": "vote", "outcome": "vetoed", "confidence": 0.99,
            "cast": {"RUS": "against", "CHN": "abstain"}, "tally": {"for": 13, "against": 1, "abstain": 1},
        }));
        assert!(block.contains("+++++++++++++=-  abstain CHN, against RUS"), "{block}");
        assert!(block.contains("UNSC vote vetoed"), "{block}");
        assert_eq!(block.matches(SIGNS).count(), 1, "{block}");
    }

    #[test]
    fn an_article_cannot_steer_the_terminal() {
        let hostile = "Paris\u{1b}[2J\r\n\u{9b}31m";
        let block = block(&json!({
            "kind": "stance", "class": "condemn", "status": "stated", "confidence": 0.5,
            "holder": {"code": "FRA", "name": hostile, "via": "name"}, "target": {"code": "RUS", "name": hostile},
            "evidence": {"text": hostile, "rule": "fr/condamner"}, "reasons": [["trigger", 1.25]],
        }));
        let ours = block.replace(BOLD, "").replace(FAINT, "").replace(PLAIN, "");
        assert!(!ours.chars().any(|c| c.is_control() && c != '\n'), "{ours:?}");
        assert_eq!(ours.lines().count(), 7, "{ours}");
        assert!(ours.contains("trigger +1.25"), "{ours}");
    }
}
