//! Holder, trigger and target of a stance in the order of the text, with an arc from the trigger to either.

use std::fmt::Write as _;

use serde_json::Value;

use super::html::escape;
use crate::cli::lines::text;

/// Width of a letter and space between words, in units of the drawing.
const LETTER: f64 = 6.2;
const SPACE: f64 = 26.0;
const BASELINE: f64 = 58.0;
/// Longer names are cut: the article beside has them whole.
const LONGEST: usize = 32;

struct Word {
    kind: &'static str,
    place: (bool, u64),
    words: String,
}

/// A drawing of who says what of whom; empty for what is no stance, or has no place in the text.
pub(super) fn arcs(event: &Value) -> String {
    let mut words: Vec<Word> = [
        ("holder", &event["holder"]["span"], text(event, "/holder/name")),
        ("trigger", &event["evidence"]["triggers"][0]["span"], text(event, "/evidence/triggers/0/text")),
        ("target", &event["target"]["span"], text(event, "/target/name")),
    ]
    .into_iter()
    .filter_map(|(kind, span, words)| {
        let place = (span["field"] == "body", span["start"].as_u64()?);
        Some(Word { kind, place, words: shortened(words) })
    })
    .collect();
    if event["kind"] != "stance" || words.len() < 2 || !words.iter().any(|w| w.kind == "trigger") {
        return String::new();
    }
    words.sort_by_key(|w| w.place);
    let mut x = 4.0;
    let mut drawn = String::new();
    let mut centres = Vec::new();
    for word in &words {
        let width = word.words.chars().count() as f64 * LETTER;
        let centre = x + width / 2.0;
        // Writing to a `String` cannot fail.
        let _ = write!(
            drawn,
            "<text class=\"{}\" x=\"{centre:.0}\" y=\"{BASELINE}\">{}</text>",
            word.kind,
            escape(&word.words)
        );
        centres.push((word.kind, centre));
        x += width + SPACE;
    }
    let trigger = centres.iter().find(|(kind, _)| *kind == "trigger").map_or(0.0, |(_, centre)| *centre);
    for (kind, centre) in centres.iter().filter(|(kind, _)| *kind != "trigger") {
        let (top, foot) = (BASELINE - 14.0 - ((centre - trigger).abs() / 4.0).min(34.0), BASELINE - 12.0);
        let _ = write!(
            drawn,
            "<path class=\"{kind}\" d=\"M{trigger:.0} {foot} C{trigger:.0} {top:.0} {centre:.0} {top:.0} {centre:.0} {foot}\"/>"
        );
    }
    let width = x - SPACE + 4.0;
    format!(
        "<svg class=\"arcs\" viewBox=\"0 0 {width:.0} 64\" role=\"img\" aria-label=\"holder, trigger, target\">{drawn}</svg>"
    )
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    words.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arcs_lead_from_the_trigger_in_the_order_of_the_text() {
        let event = json!({
            "kind": "stance",
            "holder": {"name": "Londres", "span": {"field": "body", "start": 20, "end": 27}},
            "target": {"name": "<Moscou>", "span": {"field": "body", "start": 2, "end": 10}},
            "evidence": {"triggers": [{"text": "dénoncé", "span": {"field": "body", "start": 12, "end": 19}}]},
        });
        let drawn = arcs(&event);
        assert_eq!(drawn.matches("<path").count(), 2);
        let at = |words: &str| drawn.find(words).expect("a word");
        assert!(at("&lt;Moscou&gt;") < at("dénoncé") && at("dénoncé") < at("Londres"), "{drawn}");
    }

    #[test]
    fn a_vote_has_no_arcs() {
        assert_eq!(arcs(&json!({"kind": "council_action", "action": "vote"})), "");
    }
}
