//! Record to records: decode, analyse, publish. What [`kafka`](crate::kafka) does to each record.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    analysis::{Analysis, NotAnalysed},
    article::{self, Article, Rejected},
    event::{Event, Publisher},
    kafka::{InputRecord, Outcome, Process, Published},
};

/// The daemon's work on one record. `analyse` is asked for every article that could be read; the
/// same article must give the same result.
pub fn process(
    publisher: Publisher,
    analyse: impl Fn(&Article) -> Result<Analysis, NotAnalysed> + Send + Sync + 'static,
) -> Process {
    Arc::new(move |record: &InputRecord| {
        let received = record.timestamp.and_then(|millis| Timestamp::from_millisecond(millis).ok());
        let article = match decode(record, received) {
            Ok(article) => article,
            Err(rejected) => return Outcome::DeadLetter((&rejected).into(), rejected.to_string()),
        };
        let result = publisher.article_record(&article, analyse(&article).as_ref());
        Outcome::Published(Published {
            outcome: result.outcome,
            records: publisher.records(&article, &result, &record.view()),
            events: result.events.iter().map(Event::kind_and_class).collect(),
        })
    })
}

/// The article of a record, with what its headers say.
///
/// # Errors
/// What stands in the record is no article, or not yet at that time.
pub fn decode(record: &InputRecord, received: Option<Timestamp>) -> Result<Article, Rejected> {
    let headers: Vec<(String, Vec<u8>)> =
        record.headers.iter().filter_map(|h| Some((h.name.clone(), h.value.clone()?))).collect();
    article::decode(record.payload.as_deref().unwrap_or_default(), &headers, received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::DeadLetterReason;
    use crate::{
        delivery::Source,
        event::{AnalyserRef, Header, ReadingOutcome, Topic},
    };

    fn work(payload: &[u8], timestamp: i64) -> Outcome {
        let publisher = Publisher { analyser: AnalyserRef::of_this_build("rules".to_owned()) };
        let process = process(publisher, |_| Err(NotAnalysed::Language("xx".to_owned())));
        process(&InputRecord {
            source: Source { topic: "wire".into(), partition: 0 },
            offset: 1,
            timestamp: Some(timestamp),
            key: None,
            payload: Some(payload.to_vec()),
            headers: vec![Header::new("traceparent", "00-1-2-01")],
        })
    }

    #[test]
    fn an_article_that_is_not_analysed_still_has_its_record() {
        let article = br#"{"id": "a1", "language": "xx", "headline": "H", "text": "T."}"#;
        let Outcome::Published(published) = work(article, 0) else { panic!("rejected") };
        assert_eq!(published.outcome, ReadingOutcome::NotAnalysed);
        assert!(published.events.is_empty());
        let last = published.records.last().expect("a record");
        assert_eq!(last.topic, Topic::Articles);
        assert!(last.headers.contains(&Header::new("traceparent", "00-1-2-01")));
    }

    #[test]
    fn rubbish_is_a_dead_letter_with_its_reason() {
        let Outcome::DeadLetter(reason, detail) = work(b"{", 0) else { panic!("read") };
        assert_eq!(reason, DeadLetterReason::Unreadable);
        assert!(!detail.is_empty());
    }

    #[test]
    fn an_embargo_counts_from_the_record_s_own_time() {
        let article = br#"{"uri": "a1", "language": "fr", "headline": "H", "body_text": "T.",
            "embargoed": "2023-11-14T22:13:21Z"}"#;
        let before = work(article, 1_700_000_000_000);
        assert!(matches!(before, Outcome::DeadLetter(DeadLetterReason::Embargoed, _)), "{before:?}");
        let after = work(article, 1_700_000_002_000);
        assert!(matches!(after, Outcome::Published(_)), "{after:?}");
    }
}
