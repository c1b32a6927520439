use demarche::{
    analysis::NotAnalysed,
    article::{Article, ArticleStatus, BodySource},
    event::{AnalyserRef, InputRecord, OutputRecord, Publisher, Topic},
    kafka::{Options, Outgoing, Sender},
    settings::Settings,
};

use super::{Global, data, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  demarche erase 'Agence Exemple/urn:exemple:2026:0311' --yes";

/// Remove an article for good: subscribers are told that none of its events holds, its record becomes null
///
/// Compaction then drops its text from the articles topic. The event topics and the dead letters keep what they
/// have until their retention ends, and so does the feed: a later version of the article brings it back. Without
/// `--yes` it only tells what would be written where.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// `article.id`, as it stands in its events
    #[arg(required = true, value_name = "ARTICLE_ID")]
    ids: Vec<String>,
    /// Do it, rather than tell what would be done
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let settings = global.start()?;
    let rules = data(&settings)?.digest();
    let publisher = Publisher { analyser: AnalyserRef::of_this_build(rules.clone()) };
    let options = Options::new(&settings, rules);
    if !args.yes {
        let topics = &options.output_topics;
        for id in &args.ids {
            anstream::println!("{id}\t{} {} {}", topics.stances, topics.council_actions, topics.articles);
        }
        anstream::eprintln!("nothing was sent; `--yes` does it");
        return Ok(Exit::Done);
    }
    let sender = Sender::new(&options)?;
    for id in &args.ids {
        for record in erasure(&publisher, &settings, id) {
            sender.send(&Outgoing {
                topic: options.output_topics.name(record.topic),
                key: record.key.as_deref(),
                value: record.value.as_deref(),
                headers: &record.headers,
                timestamp: None,
            })?;
        }
    }
    let sent = sender.finish()?;
    anstream::eprintln!("{} articles erased ({sent} records)", args.ids.len());
    Ok(Exit::Done)
}

/// What a withdrawal publishes, but `null` in place of the article's record.
fn erasure(publisher: &Publisher, settings: &Settings, id: &str) -> Vec<OutputRecord> {
    let article = Article {
        id: id.to_owned(),
        uri: id.to_owned(),
        version: "erased".to_owned(),
        provider: None,
        language: None,
        published: None,
        version_created: None,
        headline: String::new(),
        body: String::new(),
        body_source: BodySource::HeadlineOnly,
        status: ArticleStatus::Withdrawn,
        dateline: None,
        item_type: "text".to_owned(),
    };
    let topic = settings.input.topics.first().map_or("", String::as_str);
    let input = InputRecord {
        topic,
        partition: 0,
        offset: 0,
        timestamp: None,
        key: None,
        payload: None,
        headers: &[],
    };
    // Of a withdrawn article no reading is published, whatever it says.
    let unread = NotAnalysed::ItemType(String::new());
    let record = publisher.article_record(&article, Err(&unread));
    let mut records = publisher.records(&article, &record, &input);
    for record in records.iter_mut().filter(|record| record.topic == Topic::Articles) {
        record.value = None;
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_event_holds_and_the_record_is_null() {
        let settings = Settings::defaults().expect("defaults");
        let analyser = AnalyserRef::of_this_build("rules".to_owned());
        let publisher = Publisher { analyser };
        let records = erasure(&publisher, &settings, "agency/1");
        assert!(records.iter().all(|record| record.key.as_deref() == Some(b"agency/1")));
        let (articles, events): (Vec<_>, Vec<_>) =
            records.iter().partition(|record| record.topic == Topic::Articles);
        assert_eq!(articles.iter().map(|record| record.value.as_deref()).collect::<Vec<_>>(), [None]);
        let topics: Vec<Topic> = events.iter().map(|record| record.topic).collect();
        assert_eq!(topics, [Topic::Stances, Topic::CouncilActions]);
        for event in events {
            let value: serde_json::Value =
                serde_json::from_slice(event.value.as_deref().expect("a value")).expect("JSON");
            assert_eq!(value["event_ids"], serde_json::json!([]));
        }
    }
}
