//! Published text to sentences and tokens, with offsets that always lead back to it.

mod casing;
mod margins;
mod normal;
mod parts;
mod phrases;
mod rules;
mod segmenter;
mod sentences;
#[cfg(test)]
mod tests;
mod tokens;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use normal::normalise;
pub use phrases::Phrases;
pub use segmenter::Segmenter;

/// The part of an article that a span counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Headline,
    Body,
}

/// Half-open range of Unicode code points of a field as published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    pub field: Field,
    pub start: u32,
    pub end: u32,
}

/// An article's text, cut into sentences and tokens.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub headline: IndexedText,
    pub body: IndexedText,
    /// Sentences in reading order; those of the headline come first.
    pub sentences: Vec<Sentence>,
    /// Place of a dateline at the head of the body ("Paris, 4 oct 2022 (AFP) -"), as written.
    pub dateline: Option<String>,
}

/// A text that can be sliced by code points.
#[derive(Debug, Clone, Default)]
pub struct IndexedText {
    text: String,
    /// Byte offset of every code point, and the length at the end.
    bytes: Vec<u32>,
}

impl IndexedText {
    pub fn new(text: String) -> Self {
        let mut bytes: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
        bytes.push(text.len() as u32);
        Self { text, bytes }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text between two code points; what lies past the end is left out.
    pub fn slice(&self, start: u32, end: u32) -> &str {
        let last = self.bytes.len().saturating_sub(1);
        let at = |i: u32| self.bytes.get((i as usize).min(last)).map_or(0, |b| *b as usize);
        self.text.get(at(start)..at(end)).unwrap_or("")
    }
}

impl Document {
    /// The published words that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        match span.field {
            Field::Headline => self.headline.slice(span.start, span.end),
            Field::Body => self.body.slice(span.start, span.end),
        }
    }
}

/// A sentence and its tokens. Token indices inside a sentence are those of its [`crate::syntax::Tree`].
#[derive(Debug, Clone)]
pub struct Sentence {
    pub span: Span,
    /// Paragraph of the field, from 0; headlines are paragraph 0 of their own field.
    pub paragraph: u32,
    pub tokens: Vec<Token>,
}

/// A word or punctuation mark as the treebanks cut them: `l'`, `qu'`, `-t-il`, `S/2022/720`; `du`, `des`, `aux` stay whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Normalised for the model and the lexica: straight apostrophes and quotes (`'`, `"`), case restored in headlines set in capitals.
    pub form: String,
    /// Code points of the field, half-open.
    pub start: u32,
    pub end: u32,
    /// Whether white space follows in the published text.
    pub space_after: bool,
}
