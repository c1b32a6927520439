//! Articles with their events marked, on one page that needs nothing else.

use std::{collections::BTreeSet, fmt::Write as _};

use demarche::council::Members;
use serde_json::Value;

use super::{arcs::arcs, pretty, seats};
use crate::cli::lines::text;

const STYLE: &str = include_str!("page.css");

/// The page around the articles made by [`article`].
pub(super) fn page(articles: &[String]) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>demarche</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n\
         <p class=\"legend\"><mark class=\"holder\">holder</mark> <mark class=\"trigger\">trigger</mark> \
         <mark class=\"target\">target</mark></p>\n{}</body>\n</html>\n",
        articles.concat()
    )
}

/// One article beside its events. `record` is its article record.
pub(super) fn article(record: &Value, events: &[Value], members: &Members) -> String {
    let article = &record["article"];
    let field = |name: &str| marked(name, text(article, &format!("/{name}")), events);
    let lang = escape(text(article, "/language"));
    let about = ["/id", "/version", "/published", "/language"].map(|part| escape(text(article, part)));
    let mut cards: String = events.iter().map(|event| card(event, members)).collect();
    if events.is_empty() {
        let detail = [text(record, "/outcome"), text(record, "/detail")].join(" ");
        cards = format!("<p class=\"none\">{}</p>", escape(detail.trim()));
    }
    format!(
        "<section>\n<article lang=\"{lang}\">\n<p class=\"about\">{}</p>\n<h1>{}</h1>\n<div class=\"body\">{}</div>\n\
         </article>\n<aside>\n{cards}</aside>\n</section>\n",
        about.join(" · "),
        field("headline"),
        field("body")
    )
}

/// A part of a field that an event points at.
struct Mark {
    start: usize,
    end: usize,
    kind: &'static str,
}

/// The field's text with every holder, trigger and target marked; overlapping marks share their common part.
fn marked(field: &str, words: &str, events: &[Value]) -> String {
    let characters: Vec<char> = words.chars().collect();
    let marks: Vec<Mark> = events.iter().flat_map(|event| marks(event, field, characters.len())).collect();
    let mut cuts: BTreeSet<usize> = marks.iter().flat_map(|mark| [mark.start, mark.end]).collect();
    cuts.extend([0, characters.len()]);
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let mut html = String::new();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let part = escape(&characters[start..end].iter().collect::<String>());
        let over = marks.iter().filter(|mark| mark.start <= start && end <= mark.end);
        let kinds: BTreeSet<&str> = over.map(|mark| mark.kind).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        // Writing to a `String` cannot fail.
        let _ = if kinds.is_empty() {
            write!(html, "{part}")
        } else {
            write!(html, "<mark class=\"{}\">{part}</mark>", kinds.join(" "))
        };
    }
    html
}

fn marks(event: &Value, field: &str, length: usize) -> Vec<Mark> {
    let triggers = event["evidence"]["triggers"].as_array().into_iter().flatten();
    let parts = triggers.map(|trigger| (&trigger["span"], "trigger"));
    let actors = [(&event["holder"]["span"], "holder"), (&event["target"]["span"], "target")];
    let in_field = parts.chain(actors).filter(|(span, _)| span["field"] == field);
    in_field
        .filter_map(|(span, kind)| {
            let (start, end) = (span["start"].as_u64()? as usize, span["end"].as_u64()? as usize);
            (start < end && end <= length).then_some(Mark { start, end, kind })
        })
        .collect()
}

fn card(event: &Value, members: &Members) -> String {
    let side = match event["polarity"].as_i64() {
        Some(1) => "friendly",
        Some(-1) => "hostile",
        _ => "neither",
    };
    let title = if event["kind"] == "stance" {
        [text(event, "/holder/code"), text(event, "/class"), text(event, "/target/code")].join(" ")
    } else {
        ["UNSC", text(event, "/action"), text(event, "/outcome")].join(" ")
    };
    let reasons: Vec<String> =
        event["reasons"].as_array().into_iter().flatten().filter_map(pretty::reason).collect();
    let (most, others) = reasons.split_at(reasons.len().min(SHOWN));
    let rows = [
        ("words", text(event, "/evidence/text").to_owned()),
        ("told by", told_by(event)),
        ("status", text(event, "/status").to_owned()),
        ("when", text(event, "/time/date").to_owned()),
        ("rule", text(event, "/evidence/rule").to_owned()),
        ("features", most.join("\n")),
    ];
    let rows: String = rows
        .iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(label, words)| format!("<dt>{label}</dt><dd>{}</dd>", escape(words)))
        .collect();
    let more = if others.is_empty() {
        String::new()
    } else {
        format!(
            "<details><summary>{} more</summary><p>{}</p></details>",
            others.len(),
            escape(&others.join("\n"))
        )
    };
    format!(
        "<div class=\"card {side}\"><h2>{} <span>{}</span></h2>{}{}<dl>{rows}</dl>{more}</div>\n",
        escape(title.trim()),
        event["confidence"],
        arcs(event),
        horseshoe(event, members)
    )
}

/// Features of a stance that are shown at once.
const SHOWN: usize = 10;

/// The words of a vote's positions, numbers and outcome: they stand all over the article.
fn told_by(event: &Value) -> String {
    let triggers = event["evidence"]["triggers"].as_array().into_iter().flatten();
    let mut words: Vec<&str> = triggers.map(|trigger| text(trigger, "/text")).collect();
    words.dedup();
    if event["action"] == "vote" { words.join(" · ") } else { String::new() }
}

/// All seats on a half circle, as the Council sits; empty for what is no vote.
fn horseshoe(event: &Value, members: &Members) -> String {
    let seats = seats::of(event, members);
    if seats.is_empty() {
        return String::new();
    }
    let last = (seats.len() - 1).max(1) as f64;
    let circles: String = seats
        .iter()
        .enumerate()
        .map(|(i, seat)| {
            let angle = std::f64::consts::PI * (1.0 - i as f64 / last);
            let (x, y) = (130.0 + 110.0 * angle.cos(), 125.0 - 105.0 * angle.sin());
            let position = seat.position.unwrap_or("unknown");
            let country = escape(seat.country.as_deref().unwrap_or(""));
            let basis = escape(&seat.basis);
            format!(
                "<g class=\"{position}\"><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"11\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\">{country}</text><title>{country} {position}: {basis}</title></g>",
                y + 2.5
            )
        })
        .collect();
    format!("<svg viewBox=\"0 0 260 140\" role=\"img\" aria-label=\"seats by position\">{circles}</svg>")
}

/// Text of an article, safe between tags and inside quoted attributes.
pub(super) fn escape(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use demarche::data::Data;
    use serde_json::json;

    use super::*;

    fn members() -> Members {
        Members::load(&Data::embedded()).expect("embedded data")
    }

    #[test]
    fn marks_that_overlap_share_their_common_part() {
        let event = json!({
            "holder": {"span": {"field": "body", "start": 0, "end": 4}},
            "target": {"span": {"field": "body", "start": 2, "end": 6}},
        });
        let expected = "<mark class=\"holder\">é&lt;</mark><mark class=\"holder target\">cd</mark>\
                        <mark class=\"target\">ef</mark>g";
        assert_eq!(marked("body", "é<cdefg", &[event]), expected);
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "\"'><script>alert(1)</script>";
        let event = json!({
            "kind": "stance", "holder": {"code": hostile}, "class": hostile, "confidence": 0.5,
            "evidence": {"text": hostile, "rule": hostile}, "reasons": [[hostile, 1.0]],
        });
        let vote =
            json!({"kind": "council_action", "action": "vote", "cast": {hostile: "for"}, "confidence": 1});
        let record = json!({"article": {
            "id": hostile, "headline": hostile, "body": hostile, "language": hostile, "version": hostile,
        }});
        let page = page(&[article(&record, &[event, vote], &members())]);
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "{page}");
        assert!(!page.contains("lang=\"\"'"), "{page}");
    }

    #[test]
    fn a_vote_is_a_horseshoe_of_fifteen() {
        let vote = json!({"action": "vote", "cast": {"RUS": "against"}, "tally": {"for": 13}});
        let drawn = horseshoe(&vote, &members());
        assert_eq!(drawn.matches("<circle").count(), 15);
        assert_eq!(drawn.matches("class=\"for\"").count(), 13);
        assert_eq!(drawn.matches(">RUS<").count(), 1);
        assert!(drawn.contains("<title>RUS against: named in the article</title>"), "{drawn}");
    }
}
