//! Findings to records: the output contract.
//!
//! [`Publisher`] turns what was found in an article into the records of the four output topics, and a
//! record that could not be read into a dead letter. Everything here is a pure function: the same
//! article, analysis and input record give the same bytes.

mod article_record;
pub mod asyncapi;
mod coding;
mod council_action;
mod dead_letter;
mod finding;
mod headers;
mod identity;
mod publisher;
pub mod schema;
mod spans;
mod stance;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

pub use article_record::{
    ArticleRecord, ArticleRevised, PublishedArticle, ReadingOutcome, Reason, RevisionCause,
};
pub use coding::{Coding, coding};
pub use council_action::CouncilActionEvent;
pub use dead_letter::{DeadLetterHeaders, DeadLetterReason, dead_letter};
pub use finding::{Event, findings};
pub use headers::{CloudEventHeaders, Header, REPLAY_HEADER, traceparent};
pub use identity::stance_id;
pub use publisher::{InputRecord, OutputRecord, Publisher, Topic};
pub use spans::{SpanFault, check_spans};
pub use stance::StanceEvent;

use crate::{
    actors::{ActorKind, Code, Via},
    article::Article,
    stances::{Actor, Quoted},
    text::{Document, Span},
};

/// Which analyser made an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnalyserRef {
    /// Version of `demarche`, `0.1.0`.
    pub version: String,
    /// Digest of the data folder as loaded: two events with the same digest were made by the same rules.
    pub rules: String,
}

impl AnalyserRef {
    /// This build of `demarche` with the rules of that digest ([`crate::data::Data::digest`]).
    pub fn of_this_build(rules: String) -> Self {
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), rules }
    }
}

/// The article version that an event was found in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArticleRef {
    /// `provider/uri`, or `uri` where no provider is given; the key of every record.
    pub id: String,
    pub uri: String,
    pub version: String,
    pub provider: Option<String>,
    /// Language whose rules were used, else the article's own tag.
    pub language: Option<String>,
    /// First publication, RFC 3339 in its own offset.
    #[schemars(extend("format" = "date-time"))]
    pub published: Option<String>,
    /// `null` for a withdrawn article.
    pub headline: Option<String>,
}

impl ArticleRef {
    /// `language`: the one whose data was used, where the article was read.
    pub(crate) fn new(article: &Article, language: Option<&str>) -> Self {
        Self {
            id: article.id.clone(),
            uri: article.uri.clone(),
            version: article.version.clone(),
            provider: article.provider.clone(),
            language: language.map(str::to_owned).or_else(|| article.language.clone()),
            published: article.published.as_ref().map(rfc3339),
            headline: article_record::text_of(article).map(|(headline, _)| headline.to_owned()),
        }
    }
}

/// Holder or target of a stance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActorRef {
    /// ISO 3166-1 alpha-3, or a code of the annotation guide (`UN`, `HAMAS`, `WEST`, `ALL`, `OTHER` ...).
    pub code: Code,
    pub kind: ActorKind,
    /// The words of the article that stand for the actor.
    pub name: String,
    /// How those words lead to the code.
    pub via: Via,
    pub person: Option<String>,
    pub role: Option<String>,
    pub span: Option<Span>,
}

impl From<&Actor> for ActorRef {
    fn from(actor: &Actor) -> Self {
        Self {
            code: actor.code.clone(),
            kind: actor.kind,
            name: actor.name.clone(),
            via: actor.via,
            person: actor.person.clone(),
            role: actor.role.clone(),
            span: actor.span,
        }
    }
}

/// The clause that states a finding, the words that triggered it, and the rule that read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    pub text: String,
    pub span: Span,
    pub triggers: Vec<Quoted>,
    /// Entry of the lexicon, `fr/condemn/condamner`.
    pub rule: String,
}

impl Evidence {
    fn new(clause: &Quoted, triggers: &[Span], rule: &str, document: &Document) -> Self {
        let triggers = triggers
            .iter()
            .map(|span| Quoted { text: document.slice(*span).to_owned(), span: *span })
            .collect();
        Self { text: clause.text.clone(), span: clause.span, triggers, rule: rule.to_owned() }
    }
}

/// Confidence as published: three digits, inside 0 to 1.
fn three_digits(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

/// A moment as published: with the offset it was given in.
fn rfc3339(moment: &jiff::ZonedDateTime) -> String {
    moment.timestamp().display_with_offset(moment.offset()).to_string()
}
