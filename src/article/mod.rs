//! Input shapes (ninjs 1.x–3.x, Superdesk, flat JSON, `CloudEvents`) to one [`Article`].

mod bodies;
mod dates;
mod decode;
mod fields;
mod html;
mod identity;
mod json;
mod language;
mod rejected;
#[cfg(test)]
mod tests;

use jiff::ZonedDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use decode::{MAX_TEXT, decode};
pub use identity::compare_versions;
pub use json::{MAX_BYTES, MAX_DEPTH};
pub use language::{language, plain_language};
pub use rejected::Rejected;

/// One version of one wire article, whatever shape it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Stable identity: `provider/uri`, or `uri` where no provider is given; never a revision.
    pub id: String,
    /// The identity as the provider wrote it, the revision cut off.
    pub uri: String,
    /// The version as written; `"1"` where the record names none.
    pub version: String,
    pub provider: Option<String>,
    /// BCP 47 tag as given, lower case; `None` where the record has none or an implausible one.
    pub language: Option<String>,
    /// First publication, in the offset of its own timestamp. Relative dates are resolved against it.
    pub published: Option<ZonedDateTime>,
    /// When this version was made; versions are ordered by it first.
    pub version_created: Option<ZonedDateTime>,
    /// Text as published: every span of an event counts code points of `headline` or `body`.
    pub headline: String,
    /// See [`Article::headline`]. Paragraphs are parted by one `\n` or more.
    pub body: String,
    pub body_source: BodySource,
    pub status: ArticleStatus,
    /// Place of the dateline where the record has one as a field ("PARIS").
    pub dateline: Option<String>,
    /// `text`, `picture`, `planning` ...: only `text` is analysed.
    pub item_type: String,
}

/// Which of the record's bodies was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BodySource {
    PlainText,
    Html,
    Longest,
    HeadlineOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    Usable,
    /// `canceled`, `cancelled` or `withheld`: what was said of it no longer holds.
    Withdrawn,
}
