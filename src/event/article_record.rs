//! The article's whole current result, and what a new version leaves of the old.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    analysis::NotAnalysed,
    article::{Article, ArticleStatus, BodySource},
};

use super::{AnalyserRef, ArticleRef, Event, rfc3339};

/// An article version with its text, as the spans of its events count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublishedArticle {
    #[serde(flatten)]
    pub reference: ArticleRef,
    pub status: ArticleStatus,
    /// When this version was made, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub version_created: Option<String>,
    pub item_type: String,
    pub dateline: Option<String>,
    pub body_source: BodySource,
    /// `null` for a withdrawn article.
    pub body: Option<String>,
}

impl PublishedArticle {
    fn new(article: &Article, reference: ArticleRef) -> Self {
        Self {
            reference,
            status: article.status,
            version_created: article.version_created.as_ref().map(rfc3339),
            item_type: article.item_type.clone(),
            dateline: article.dateline.clone(),
            body_source: article.body_source,
            body: text_of(article).map(|(_, body)| body.to_owned()),
        }
    }
}

/// Headline and body, unless the article is withdrawn.
pub(super) fn text_of(article: &Article) -> Option<(&str, &str)> {
    (article.status == ArticleStatus::Usable).then_some((&article.headline, &article.body))
}

/// How the reading of an article ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingOutcome {
    Events,
    /// Read, and nothing found.
    NoEvent,
    /// Not read: see `reason`.
    NotAnalysed,
}

/// Why an article was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There are no rules for its language.
    Language,
    /// A picture, a planning item ...
    ItemType,
    Withdrawn,
}

impl From<&NotAnalysed> for Reason {
    fn from(cause: &NotAnalysed) -> Self {
        match cause {
            NotAnalysed::Language(_) => Self::Language,
            NotAnalysed::ItemType(_) => Self::ItemType,
        }
    }
}

/// The article's whole current result: every readable version writes one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Article record")]
pub struct ArticleRecord {
    pub article: PublishedArticle,
    pub outcome: ReadingOutcome,
    /// Set where `outcome` is `not_analysed`.
    pub reason: Option<Reason>,
    /// The reason in words.
    pub detail: Option<String>,
    pub events: Vec<Event>,
    pub analyser: AnalyserRef,
}

impl ArticleRecord {
    pub(super) fn read(
        article: &Article,
        language: &str,
        events: Vec<Event>,
        analyser: &AnalyserRef,
    ) -> Self {
        let outcome = if events.is_empty() { ReadingOutcome::NoEvent } else { ReadingOutcome::Events };
        Self {
            article: PublishedArticle::new(article, ArticleRef::new(article, Some(language))),
            outcome,
            reason: None,
            detail: None,
            events,
            analyser: analyser.clone(),
        }
    }

    pub(super) fn not_read(
        article: &Article,
        reason: Reason,
        detail: String,
        analyser: &AnalyserRef,
    ) -> Self {
        Self {
            article: PublishedArticle::new(article, ArticleRef::new(article, None)),
            outcome: ReadingOutcome::NotAnalysed,
            reason: Some(reason),
            detail: Some(detail),
            events: Vec::new(),
            analyser: analyser.clone(),
        }
    }
}

/// Why an article's events may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevisionCause {
    /// The provider sent a later version.
    NewVersion,
    /// The provider took the article back.
    Withdrawal,
    /// An operator had it read again.
    Replay,
}

/// The events of an article that are valid now on the topic it stands in; what it does not list is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Article-revised event")]
pub struct ArticleRevised {
    pub event_id: String,
    #[schemars(extend("const" = "article_revised"))]
    pub kind: &'static str,
    pub cause: RevisionCause,
    pub event_ids: Vec<String>,
    pub article: ArticleRef,
    pub analyser: AnalyserRef,
}
