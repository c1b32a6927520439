//! The promise of every span: `text == field[start..end]`.

use serde_json::{Map, Value};

use crate::text::{Field, IndexedText, Span};

/// A span that does not lead to the words beside it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: span {span} covers {covered:?}, but the words are {words:?}")]
pub struct SpanFault {
    /// JSON pointer to the object that has the span.
    pub path: String,
    pub span: String,
    pub covered: String,
    pub words: String,
}

/// Checks every object of an event that has a span beside its words (`text`, or `name` of an actor).
///
/// # Errors
/// The first span that does not cover exactly these words of `headline` or `body`.
pub fn check_spans(event: &Value, headline: &str, body: &str) -> Result<(), SpanFault> {
    let fields =
        Fields { headline: IndexedText::new(headline.to_owned()), body: IndexedText::new(body.to_owned()) };
    fields.check(event, "")
}

struct Fields {
    headline: IndexedText,
    body: IndexedText,
}

impl Fields {
    fn check(&self, value: &Value, path: &str) -> Result<(), SpanFault> {
        match value {
            Value::Object(object) => {
                self.check_words(object, path)?;
                object.iter().try_for_each(|(name, inner)| self.check(inner, &format!("{path}/{name}")))
            }
            Value::Array(items) => {
                items.iter().enumerate().try_for_each(|(i, inner)| self.check(inner, &format!("{path}/{i}")))
            }
            _ => Ok(()),
        }
    }

    fn check_words(&self, object: &Map<String, Value>, path: &str) -> Result<(), SpanFault> {
        let Some(span) = object.get("span").filter(|span| !span.is_null()) else { return Ok(()) };
        let words = object.get("text").or_else(|| object.get("name")).and_then(Value::as_str).unwrap_or("");
        let covered = serde_json::from_value::<Span>(span.clone()).map(|span| self.slice(span));
        match covered {
            Ok(covered) if covered == words && !words.is_empty() => Ok(()),
            covered => Err(SpanFault {
                path: path.to_owned(),
                span: span.to_string(),
                covered: covered.unwrap_or("nothing").to_owned(),
                words: words.to_owned(),
            }),
        }
    }

    fn slice(&self, span: Span) -> &str {
        match span.field {
            Field::Headline => self.headline.slice(span.start, span.end),
            Field::Body => self.body.slice(span.start, span.end),
        }
    }
}
