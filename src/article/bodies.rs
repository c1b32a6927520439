//! Headline and body out of the many fields that feeds put them in.

use serde_json::Value;

use super::{
    BodySource,
    fields::{Fields, text_of},
    html,
};

/// What a body's text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Markup,
    Unknown,
}

/// Roles of bodies that are not the article itself.
const LESSER_ROLES: [&str; 8] =
    ["summary", "abstract", "caption", "teaser", "lede", "lead", "note", "ednote"];

/// The body as published, and where it came from; empty with [`BodySource::HeadlineOnly`] where there is none.
///
/// Plain text wins, then HTML, then the longest of what declares no format; among equals the longest. In a list of
/// bodies one with the role `main` wins over the others, and summaries and captions come last.
pub(super) fn body(fields: &Fields) -> (String, BodySource) {
    let mut candidates: Vec<(Format, String)> = Vec::new();
    for value in fields.all(&["bodytext", "text", "contenttext", "plaintext"]) {
        candidates.extend(text_in(value, Format::Plain));
    }
    for value in fields.all(&["bodyhtml", "bodyxhtml", "html", "contenthtml"]) {
        candidates.extend(text_in(value, Format::Markup));
    }
    candidates.extend(fields.get(&["bodies"]).into_iter().flat_map(listed));
    for value in fields.all(&["body", "content", "articlebody"]) {
        candidates.extend(text_in(value, Format::Unknown));
    }
    let known = ["text", "html", "xhtml"];
    for (_, value) in fields.with_prefix("body").filter(|(kind, _)| !kind.is_empty() && !known.contains(kind))
    {
        candidates.extend(text_in(value, Format::Unknown));
    }
    for (format, source) in [
        (Format::Plain, BodySource::PlainText),
        (Format::Markup, BodySource::Html),
        (Format::Unknown, BodySource::Longest),
    ] {
        let texts = candidates.iter().filter(|(f, _)| *f == format).map(|(_, text)| text);
        if let Some(longest) = texts.max_by_key(|text| text.len()) {
            return (longest.clone(), source);
        }
    }
    (String::new(), BodySource::HeadlineOnly)
}

/// The visible text of a field; `None` where it has none.
fn text_in(value: &Value, format: Format) -> Option<(Format, String)> {
    let raw = value.as_str()?;
    let format = if html::is_html(raw) { Format::Markup } else { format };
    let text = if format == Format::Markup { html::text(raw) } else { clean(raw) };
    (!text.trim().is_empty()).then(|| (format, clean(&text)))
}

/// Bodies of ninjs 2 and 3: `[{role, contentType, value}]`.
fn listed(bodies: &Value) -> Vec<(Format, String)> {
    let read = |body: &Value| {
        let object = body.as_object()?;
        let fields = Fields::new(object);
        let role = fields.text(&["role"]).unwrap_or_default().to_lowercase();
        let format =
            match fields.text(&["contenttype", "mimetype", "format"]).unwrap_or_default().to_lowercase() {
                kind if kind.starts_with("text/plain") => Format::Plain,
                kind if kind.contains("html") || kind.contains("xml") => Format::Markup,
                _ if role == "text" || role == "plain" => Format::Plain,
                _ if role.contains("html") => Format::Markup,
                _ => Format::Unknown,
            };
        Some((role, text_in(fields.get(&["value", "text", "content"])?, format)?))
    };
    let items = bodies.as_array().map_or_else(|| std::slice::from_ref(bodies), Vec::as_slice);
    let mut found: Vec<_> = items.iter().filter_map(read).collect();
    if found.iter().any(|(role, _)| role == "main") {
        found.retain(|(role, _)| role == "main");
    } else if found.iter().any(|(role, _)| !LESSER_ROLES.contains(&role.as_str())) {
        found.retain(|(role, _)| !LESSER_ROLES.contains(&role.as_str()));
    }
    found.into_iter().map(|(_, body)| body).collect()
}

/// The headline on one line, without markup; empty where there is none.
pub(super) fn headline(fields: &Fields) -> String {
    let listed = fields.get(&["headlines"]).and_then(main_of);
    let raw = listed.or_else(|| fields.text(&["headline", "title"])).unwrap_or_default();
    let text = if html::has_markup(&raw) { html::text(&raw) } else { raw };
    clean(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of a list of `{role, value}` the one with the role `main`, else the first.
fn main_of(list: &Value) -> Option<String> {
    let is_main = |item: &&Value| item.get("role").and_then(Value::as_str).is_some_and(|role| role == "main");
    list.as_array().and_then(|items| items.iter().find(is_main)).and_then(text_of).or_else(|| text_of(list))
}

/// Drops NUL and other control characters, which no subscriber expects, and writes every line end as `\n`.
fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
