//! Why a record is no article.

use jiff::ZonedDateTime;

/// A record that cannot be read, or must not be yet. The message names the field and what to do about it; it
/// never holds text of the article.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejected {
    #[error(
        "the record has no value: send the article as its value; a withdrawn one has `pubstatus: canceled`"
    )]
    Empty,
    #[error("{what} has {size} {unit}, more than {limit}: send the article's text without attachments")]
    TooLarge { what: &'static str, size: usize, unit: &'static str, limit: usize },
    #[error("byte {0} is not UTF-8: encode the record as UTF-8")]
    NotUtf8(usize),
    #[error("{what} nests deeper than {limit} levels: flatten it")]
    TooDeep { what: &'static str, limit: usize },
    #[error("not JSON at line {line}, column {column} ({fault}): send one JSON object a record")]
    NotJson { line: usize, column: usize, fault: &'static str },
    #[error("{0}")]
    WrongShape(String),
    #[error("no identity: `uri`, `guid` or `id` must be a text or a number that is not empty")]
    NoIdentity,
    #[error(
        "article `{id}` has neither headline nor text: fill `headline`, `body_text`, `body_html`, `bodies` or `text`"
    )]
    NoText { id: String },
    #[error("article `{id}` is under embargo until {until}: replay it afterwards")]
    Embargoed { id: String, until: ZonedDateTime },
    #[error("article `{id}`: `embargoed` is no date: write it as 2022-10-04T08:00:00Z, or null")]
    EmbargoUnreadable { id: String },
}

impl Rejected {
    /// Every code of [`Rejected::as_str`].
    pub const CODES: [&'static str; 9] = [
        "empty",
        "too_large",
        "not_utf8",
        "too_deep",
        "not_json",
        "wrong_shape",
        "no_identity",
        "no_text",
        "embargoed",
    ];

    /// The reason as one word of a closed list, for headers and metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::NotUtf8(_) => "not_utf8",
            Self::TooDeep { .. } => "too_deep",
            Self::NotJson { .. } => "not_json",
            Self::WrongShape(_) => "wrong_shape",
            Self::NoIdentity => "no_identity",
            Self::NoText { .. } => "no_text",
            Self::Embargoed { .. } | Self::EmbargoUnreadable { .. } => "embargoed",
        }
    }

    /// The article's identity, where it was read before the record was rejected.
    pub fn article_id(&self) -> Option<&str> {
        match self {
            Self::NoText { id } | Self::Embargoed { id, .. } | Self::EmbargoUnreadable { id } => Some(id),
            _ => None,
        }
    }
}
