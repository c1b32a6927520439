//! From a result to the records of the output topics.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    analysis::{Analysis, NotAnalysed},
    article::{Article, ArticleStatus},
};

use super::{
    AnalyserRef, ArticleRecord, ArticleRef, ArticleRevised, CloudEventHeaders, Event, Header, REPLAY_HEADER,
    Reason, RevisionCause, findings, headers, identity, schema,
};

/// The output topics by role; the settings name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    Stances,
    CouncilActions,
    Articles,
    DeadLetters,
}

/// A record as it was read from an input topic.
#[derive(Debug, Clone, Copy)]
pub struct InputRecord<'a> {
    pub topic: &'a str,
    pub partition: i32,
    pub offset: i64,
    /// Milliseconds since the epoch; `None` where the broker gives none.
    pub timestamp: Option<i64>,
    pub key: Option<&'a [u8]>,
    pub payload: Option<&'a [u8]>,
    pub headers: &'a [Header],
}

/// A record to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRecord {
    pub topic: Topic,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<Header>,
    /// That of the input record.
    pub timestamp: Option<i64>,
}

/// Makes records; holds what is the same for all of them.
#[derive(Debug, Clone)]
pub struct Publisher {
    pub analyser: AnalyserRef,
}

impl Publisher {
    /// The records of one article version: its events, what is left of earlier versions' events, and
    /// its article record, which comes last. `record` must be this article's. Of a withdrawn article nothing
    /// is published but that.
    pub fn records(
        &self,
        article: &Article,
        record: &ArticleRecord,
        input: &InputRecord,
    ) -> Vec<OutputRecord> {
        let envelope = Envelope { publisher: self, article, input };
        let mut records = envelope.events(&record.events);
        if let Some(cause) = revision(article, input) {
            records.extend(envelope.revisions(cause, record));
        }
        records.push(envelope.article(record));
        records
    }

    /// The article's whole result, as in the articles topic.
    pub fn article_record(
        &self,
        article: &Article,
        reading: Result<&Analysis, &NotAnalysed>,
    ) -> ArticleRecord {
        if article.status == ArticleStatus::Withdrawn {
            let detail = "the provider withdrew the article".to_owned();
            return ArticleRecord::not_read(article, Reason::Withdrawn, detail, &self.analyser);
        }
        match reading {
            Ok(analysis) => {
                let events = findings(article, analysis, &self.analyser);
                ArticleRecord::read(article, &analysis.language, events, &self.analyser)
            }
            Err(cause) => ArticleRecord::not_read(article, cause.into(), cause.to_string(), &self.analyser),
        }
    }
}

/// Why earlier events of this article may no longer hold; none for a first version.
///
/// A version number is not always sent: a version made after the first publication counts as a later one.
/// To list events where none were before does no harm.
fn revision(article: &Article, input: &InputRecord) -> Option<RevisionCause> {
    if article.status == ArticleStatus::Withdrawn {
        Some(RevisionCause::Withdrawal)
    } else if input.headers.iter().any(|header| header.name == REPLAY_HEADER) {
        Some(RevisionCause::Replay)
    } else {
        (!article.is_first_version()).then_some(RevisionCause::NewVersion)
    }
}

/// What the records of one input record share.
struct Envelope<'a> {
    publisher: &'a Publisher,
    article: &'a Article,
    input: &'a InputRecord<'a>,
}

impl Envelope<'_> {
    fn events(&self, events: &[Event]) -> Vec<OutputRecord> {
        events.iter().map(|event| self.event(event)).collect()
    }

    fn event(&self, event: &Event) -> OutputRecord {
        match event {
            Event::Stance(stance) => {
                self.cloud_event(Topic::Stances, &stance.event_id, &schema::STANCE, stance)
            }
            Event::CouncilAction(action) => {
                self.cloud_event(Topic::CouncilActions, &action.event_id, &schema::COUNCIL_ACTION, action)
            }
        }
    }

    /// One on each event topic, with the ids that are valid there.
    fn revisions(&self, cause: RevisionCause, record: &ArticleRecord) -> Vec<OutputRecord> {
        let (stances, actions): (Vec<&Event>, Vec<&Event>) =
            record.events.iter().partition(|event| matches!(event, Event::Stance(_)));
        vec![
            self.revision(Topic::Stances, "stance", cause, &stances, &record.article.reference),
            self.revision(
                Topic::CouncilActions,
                "council_action",
                cause,
                &actions,
                &record.article.reference,
            ),
        ]
    }

    fn revision(
        &self,
        topic: Topic,
        of: &str,
        cause: RevisionCause,
        events: &[&Event],
        article: &ArticleRef,
    ) -> OutputRecord {
        let revised = ArticleRevised {
            event_id: identity::digest(&[&article.id, "article_revised", of]),
            kind: "article_revised",
            cause,
            event_ids: events.iter().map(|event| event.event_id().to_owned()).collect(),
            article: article.clone(),
            analyser: self.publisher.analyser.clone(),
        };
        self.cloud_event(topic, &revised.event_id, &schema::ARTICLE_REVISED, &revised)
    }

    fn cloud_event(
        &self,
        topic: Topic,
        event_id: &str,
        contract: &schema::Contract,
        value: &impl Serialize,
    ) -> OutputRecord {
        let fields = CloudEventHeaders {
            ce_specversion: CloudEventHeaders::SPECVERSION,
            ce_id: format!("{event_id}.{}.{}", self.article.version, self.publisher.analyser.rules),
            ce_source: format!("/demarche/{}", self.input.topic),
            ce_type: contract.cloud_event_type,
            ce_subject: self.article.id.clone(),
            ce_time: self.input.timestamp.and_then(time),
            ce_dataschema: contract.id,
            content_type: CloudEventHeaders::CONTENT_TYPE,
            traceparent: headers::traceparent(self.input.headers),
        };
        self.record(topic, headers::of_fields(&fields), value)
    }

    fn article(&self, record: &ArticleRecord) -> OutputRecord {
        self.record(Topic::Articles, headers::plain(headers::traceparent(self.input.headers)), record)
    }

    fn record(&self, topic: Topic, headers: Vec<Header>, value: &impl Serialize) -> OutputRecord {
        // Structs of strings, numbers and maps with text keys: their serialisation has no way to fail.
        let value = serde_json::to_vec(value).unwrap_or_default();
        OutputRecord {
            topic,
            key: Some(self.article.id.clone().into_bytes()),
            value: Some(value),
            headers,
            timestamp: self.input.timestamp,
        }
    }
}

fn time(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(|time| time.to_string())
}
