//! What is known of each article: nothing that is brought back may take the place of something later.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    time::Duration,
};

use demarche::{
    article::{self, Article, ArticleStatus, BodySource},
    event::REPLAY_HEADER,
    kafka::{Failure, From, InputRecord, Options, Positions, Read, Reader},
    pipeline,
};
use jiff::Timestamp;
use serde::Deserialize;

/// Wait for one record.
const WAIT: Duration = Duration::from_millis(200);

/// The last word on each article, as far as versions are compared: of the articles topic, and of what stands on
/// the input and is not yet committed.
#[derive(Default)]
pub(super) struct Known {
    articles: HashMap<String, Article>,
    erased: HashSet<String>,
    /// Up to where the input topics were looked through.
    seen: HashMap<String, Positions>,
}

/// How a version stands to what is known of its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    New,
    Same,
    /// A later version is known, or the article was withdrawn or erased.
    Outdated,
}

impl Known {
    pub(super) fn read(options: &Options) -> Result<Self, Failure> {
        let mut known = Self::default();
        // In this order: what is committed when the input is opened has its result in the articles topic.
        let mut inputs = Vec::new();
        for topic in &options.input_topics {
            inputs.push((topic, Reader::open(options, topic, From::Committed)?));
        }
        let articles = &options.output_topics.articles;
        to_end(&mut Reader::open(options, articles, From::Beginning)?, |record| {
            known.learn_result(&record);
            true
        })?;
        for (topic, mut reader) in inputs {
            known.look_through(topic, &mut reader, |_| ())?;
        }
        Ok(known)
    }

    /// Looks at what has come onto the input since; gives the records that are the last word on their article.
    pub(super) fn catch_up(&mut self, options: &Options) -> Result<Vec<InputRecord>, Failure> {
        let mut later = Vec::new();
        for topic in &options.input_topics {
            let from = self.seen.get(topic).cloned().map_or(From::Committed, From::Offsets);
            let mut reader = Reader::open(options, topic, from)?;
            self.look_through(topic, &mut reader, |record| later.push(record))?;
        }
        Ok(later)
    }

    fn look_through(
        &mut self,
        topic: &str,
        reader: &mut Reader,
        mut tell: impl FnMut(InputRecord),
    ) -> Result<(), Failure> {
        to_end(reader, |record| {
            let time = record.timestamp.and_then(|millis| Timestamp::from_millisecond(millis).ok());
            if let Some(article) = decode(&record, time).filter(|_| !is_replayed(&record))
                && self.learn_version(article)
            {
                tell(record);
            }
            true
        })?;
        self.seen.insert(topic.to_owned(), reader.positions().clone());
        Ok(())
    }

    /// Whether it will be the last word.
    fn learn_version(&mut self, article: Article) -> bool {
        let last = self.articles.get(&article.id);
        let later = last.is_none_or(|last| article::compare_versions(last, &article) != Ordering::Greater);
        if later {
            self.erased.remove(&article.id);
            let without_text = Article { headline: String::new(), body: String::new(), ..article };
            self.articles.insert(without_text.id.clone(), without_text);
        }
        later
    }

    fn learn_result(&mut self, record: &InputRecord) {
        let Some(key) = record.key.as_deref().map(|key| String::from_utf8_lossy(key).into_owned()) else {
            return;
        };
        match record.payload.as_deref() {
            None => {
                self.articles.remove(&key);
                self.erased.insert(key);
            }
            Some(payload) => {
                self.erased.remove(&key);
                self.articles.extend(published(payload).map(|article| (key, article)));
            }
        }
    }

    pub(super) fn standing(&self, article: &Article) -> Standing {
        if self.erased.contains(&article.id) {
            return Standing::Outdated;
        }
        match self.articles.get(&article.id) {
            None => Standing::New,
            Some(last) if last.status == ArticleStatus::Withdrawn => Standing::Outdated,
            Some(last) => match article::compare_versions(last, article) {
                Ordering::Less => Standing::New,
                Ordering::Equal => Standing::Same,
                Ordering::Greater => Standing::Outdated,
            },
        }
    }
}

/// The article of a record, as the daemon reads it; none where it cannot be read, or not yet at that time.
pub(super) fn decode(record: &InputRecord, received: Option<Timestamp>) -> Option<Article> {
    pipeline::decode(record, received).ok()
}

fn is_replayed(record: &InputRecord) -> bool {
    record.headers.iter().any(|header| header.name == REPLAY_HEADER)
}

/// Reads to the end as it is now, or until `goes_on` says no.
pub(super) fn to_end(
    reader: &mut Reader,
    mut goes_on: impl FnMut(InputRecord) -> bool,
) -> Result<(), Failure> {
    loop {
        match reader.next(WAIT)? {
            Read::Record(record) => {
                if !goes_on(*record) {
                    return Ok(());
                }
            }
            Read::Nothing => {}
            Read::End => return Ok(()),
        }
    }
}

/// What a record of the articles topic tells about its version. Texts are left out.
fn published(record: &[u8]) -> Option<Article> {
    #[derive(Deserialize)]
    struct Record {
        article: Published,
    }
    #[derive(Deserialize)]
    struct Published {
        id: String,
        version: String,
        version_created: Option<String>,
        status: ArticleStatus,
    }
    let article = serde_json::from_slice::<Record>(record).ok()?.article;
    let created = article.version_created.and_then(|time| time.parse::<Timestamp>().ok());
    Some(Article {
        uri: article.id.clone(),
        id: article.id,
        version: article.version,
        provider: None,
        language: None,
        published: None,
        version_created: created.map(|time| time.to_zoned_datetime(jiff::tz::TimeZone::UTC)),
        headline: String::new(),
        body: String::new(),
        body_source: BodySource::HeadlineOnly,
        status: article.status,
        dateline: None,
        item_type: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use demarche::{delivery::Source, event::Header};

    use super::*;

    fn record(key: &str, payload: Option<&str>, headers: Vec<Header>) -> InputRecord {
        InputRecord {
            source: Source { topic: "t".into(), partition: 0 },
            offset: 0,
            timestamp: Some(0),
            key: Some(key.into()),
            payload: payload.map(Into::into),
            headers,
        }
    }

    fn result(status: &str, version: &str) -> String {
        format!(
            r#"{{"article": {{"id": "a", "version": "{version}", "version_created": null, "status": "{status}"}}}}"#
        )
    }

    fn version(number: &str) -> Article {
        let record =
            record("a", Some(&format!(r#"{{"id": "a", "version": "{number}", "text": "x"}}"#)), vec![]);
        decode(&record, None).expect("an article")
    }

    #[test]
    fn an_older_version_is_outdated_and_so_is_what_was_withdrawn_or_erased() {
        let mut known = Known::default();
        assert_eq!(known.standing(&version("2")), Standing::New);
        for (last, standing) in [("1", Standing::New), ("2", Standing::Same), ("3", Standing::Outdated)] {
            known.learn_result(&record("a", Some(&result("usable", last)), vec![]));
            assert_eq!(known.standing(&version("2")), standing, "{last}");
        }
        known.learn_result(&record("a", Some(&result("withdrawn", "1")), vec![]));
        assert_eq!(known.standing(&version("2")), Standing::Outdated);
        known.learn_result(&record("a", None, vec![]));
        assert_eq!(known.standing(&version("2")), Standing::Outdated);
    }

    #[test]
    fn an_article_that_only_its_headers_name_is_outdated_too() {
        let by_header = |number: &str| {
            let payload = format!(r#"{{"version": "{number}", "text": "x"}}"#);
            let named = record("k", Some(&payload), vec![Header::new("ce_subject", "a")]);
            decode(&named, None).expect("an article")
        };
        let mut known = Known::default();
        known.learn_result(&record("a", Some(&result("usable", "2")), vec![]));
        assert_eq!(known.standing(&by_header("1")), Standing::Outdated);
        assert_eq!(known.standing(&by_header("3")), Standing::New);
    }

    #[test]
    fn what_waits_on_the_input_is_known_too_and_brings_back_what_was_erased() {
        let mut known = Known::default();
        known.learn_result(&record("a", None, vec![]));
        assert!(known.learn_version(version("3")));
        assert!(!known.learn_version(version("1")), "it comes too late");
        assert_eq!(known.standing(&version("2")), Standing::Outdated);
        assert_eq!(known.standing(&version("3")), Standing::Same);
    }
}
