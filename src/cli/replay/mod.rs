mod known;

use std::collections::{BTreeMap, HashSet};

use anyhow::Context;
use clap::Subcommand;
use demarche::{
    event::{Header, REPLAY_HEADER},
    kafka::{Failure, From, InputRecord, Options, Outgoing, Positions, Reader, Sender},
};
use jiff::Timestamp;

use self::known::{Known, Standing, decode, to_end};
use super::{Global, exit::Exit};

pub(crate) const EXAMPLES: &str = "\
Examples:
  demarche replay dead-letters --reason embargoed
  demarche replay dead-letters --since 2026-03-01T00:00:00Z --yes
  demarche replay range wire.articles --partition 0 --from 1000 --until 2000 --yes";

/// The count of attempts goes on; what else a dead letter gained does not go back.
const ATTEMPTS: &str = "dlq-attempts";

/// Bring records back onto their input topic, to be read again
///
/// Without `--yes` it only tells what would be brought back. An article that is known in a later version, as
/// withdrawn or as erased, is left out. Events of a replayed article are followed by `article_revised`, so that
/// subscribers drop what no longer holds.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Dead letters, back to the topic that they came from
    DeadLetters(DeadLetters),
    /// Offsets of one partition of an input topic: to have them read by new rules
    Range(Range),
}

#[derive(clap::Args)]
pub(crate) struct DeadLetters {
    /// Only those with this reason (`embargoed`, `unreadable` ...); may be repeated
    #[arg(long)]
    reason: Vec<String>,
    /// Only those that were laid down at this time or later
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only those that were laid down before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Do it, rather than tell what would be done
    #[arg(long)]
    yes: bool,
}

#[derive(clap::Args)]
pub(crate) struct Range {
    topic: String,
    #[arg(long)]
    partition: i32,
    /// First offset
    #[arg(long)]
    from: i64,
    /// Offset after the last one [default: the end as it is now]
    #[arg(long)]
    until: Option<i64>,
    /// Do it, rather than tell what would be done
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(command: &Command, global: &Global) -> anyhow::Result<Exit> {
    let settings = global.start()?;
    let options = Options::new(&settings, String::new());
    let mut known = Known::read(&options)?;
    let (records, yes) = match command {
        Command::DeadLetters(args) => (letters(args, &options)?, args.yes),
        Command::Range(args) => (range(args, &options)?, args.yes),
    };
    let chosen = records.iter().filter_map(|record| match command {
        Command::DeadLetters(_) => from_dead_letter(record),
        Command::Range(_) => Some(again(record)),
    });
    let (back, outdated): (Vec<_>, Vec<_>) = chosen.partition(|returning| !is_outdated(returning, &known));
    anstream::eprintln!(
        "{} records {}, {} left out: known in a later version, as withdrawn or as erased",
        back.len(),
        if yes { "to be brought back" } else { "would be brought back" },
        outdated.len()
    );
    if !yes {
        for returning in &back {
            anstream::println!("{}\t{}", returning.topic, returning.origin);
        }
        anstream::eprintln!("nothing was sent; `--yes` does it");
        return Ok(Exit::Done);
    }
    let mut sent = send(&options, &back)?;
    let ids: HashSet<String> =
        back.iter().filter_map(|returning| Some(decode(returning.record, None)?.id)).collect();
    // What came onto the input while we sent may stand before what we sent, and must be the last word.
    loop {
        let mut later = known.catch_up(&options)?;
        later.retain(|record| decode(record, None).is_some_and(|article| ids.contains(&article.id)));
        if later.is_empty() {
            break;
        }
        sent += send(&options, &later.iter().map(again).collect::<Vec<_>>())?;
    }
    anstream::eprintln!("{sent} records are back");
    Ok(Exit::Done)
}

/// The dead letters that are asked for. Of a record that was one several times the last, which counts the attempts.
fn letters(args: &DeadLetters, options: &Options) -> Result<Vec<InputRecord>, Failure> {
    let mut last: BTreeMap<_, InputRecord> = BTreeMap::new();
    let topic = &options.output_topics.dead_letters;
    to_end(&mut Reader::open(options, topic, From::Beginning)?, |letter| {
        let identity = (header(&letter, "dlq-topic"), letter.key.clone(), letter.payload.clone());
        // Without a key they may stand on any partition, read in any order.
        if last.get(&identity).is_none_or(|known| attempts(known) <= attempts(&letter)) {
            last.insert(identity, letter);
        }
        true
    })?;
    let mut letters: Vec<InputRecord> = last.into_values().filter(|letter| args.wants(letter)).collect();
    // Versions of one article in the order in which they came.
    letters.sort_by_key(|letter| (letter.source.partition, letter.offset));
    Ok(letters)
}

fn attempts(letter: &InputRecord) -> u32 {
    header(letter, ATTEMPTS).and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn range(args: &Range, options: &Options) -> Result<Vec<InputRecord>, Failure> {
    let from = From::Offsets(Positions::from([(args.partition, args.from)]));
    let mut records = Vec::new();
    to_end(&mut Reader::open(options, &args.topic, from)?, |record| {
        let wanted = args.until.is_none_or(|until| record.offset < until);
        if wanted {
            records.push(record);
        }
        wanted
    })?;
    Ok(records)
}

/// A record on its way back.
struct Returning<'a> {
    /// `topic/partition/offset` of where it was read, for messages.
    origin: String,
    topic: String,
    record: &'a InputRecord,
    headers: Vec<Header>,
    /// Of a dead letter none, so that it gets the present time: an embargo is judged by it.
    timestamp: Option<i64>,
    /// For its own sake (a dead letter) it must be newer than what is known; to be read again (a range), not older.
    same_is_outdated: bool,
}

fn again(record: &InputRecord) -> Returning<'_> {
    let mut headers = record.headers.clone();
    headers.push(Header::new(REPLAY_HEADER, "range"));
    Returning {
        origin: format!("{}/{}", record.source, record.offset),
        topic: record.source.topic.to_string(),
        record,
        headers,
        timestamp: record.timestamp,
        same_is_outdated: false,
    }
}

/// `None` where only a part of the record was kept, or nothing tells where it came from.
fn from_dead_letter(letter: &InputRecord) -> Option<Returning<'_>> {
    if header(letter, "dlq-sha256").is_some() {
        tracing::warn!(offset = letter.offset, "left out: only its first part was kept");
        return None;
    }
    let mut headers: Vec<Header> = letter
        .headers
        .iter()
        .filter(|header| !header.name.starts_with("dlq-") || header.name == ATTEMPTS)
        .cloned()
        .collect();
    headers.push(Header::new(REPLAY_HEADER, "dead-letter"));
    Some(Returning {
        origin: format!("{}/{}", letter.source, letter.offset),
        topic: header(letter, "dlq-topic")?,
        record: letter,
        headers,
        timestamp: None,
        same_is_outdated: true,
    })
}

impl DeadLetters {
    fn wants(&self, letter: &InputRecord) -> bool {
        let reason = header(letter, "dlq-reason").unwrap_or_default();
        let time = header(letter, "dlq-time").and_then(|time| time.parse::<Timestamp>().ok());
        (self.reason.is_empty() || self.reason.contains(&reason))
            && self.since.is_none_or(|since| time.is_some_and(|time| time >= since))
            && self.until.is_none_or(|until| time.is_some_and(|time| time < until))
    }
}

fn header(record: &InputRecord, name: &str) -> Option<String> {
    let found = record.headers.iter().rev().find(|header| header.name == name)?;
    Some(String::from_utf8_lossy(found.value.as_deref()?).into_owned())
}

/// A record that cannot be read is not outdated: a newer release may read it.
fn is_outdated(returning: &Returning, known: &Known) -> bool {
    decode(returning.record, None).is_some_and(|article| match known.standing(&article) {
        Standing::New => false,
        Standing::Same => returning.same_is_outdated,
        Standing::Outdated => true,
    })
}

fn send(options: &Options, back: &[Returning]) -> anyhow::Result<u64> {
    let sender = Sender::new(options)?;
    for returning in back {
        let outgoing = Outgoing {
            topic: &returning.topic,
            key: returning.record.key.as_deref(),
            value: returning.record.payload.as_deref(),
            headers: &returning.headers,
            timestamp: returning.timestamp,
        };
        sender.send(&outgoing).with_context(|| returning.origin.clone())?;
    }
    Ok(sender.finish()?)
}

#[cfg(test)]
mod tests {
    use demarche::delivery::Source;

    use super::*;

    fn letter(payload: &str, headers: &[(&str, &str)]) -> InputRecord {
        InputRecord {
            source: Source { topic: "dead".into(), partition: 0 },
            offset: 7,
            timestamp: Some(1),
            key: Some(b"k".to_vec()),
            payload: Some(payload.as_bytes().to_vec()),
            headers: headers.iter().map(|(name, value)| Header::new(*name, *value)).collect(),
        }
    }

    #[test]
    fn a_dead_letter_goes_back_with_its_own_headers_and_its_attempts() {
        let letter = letter(
            "x",
            &[("traceparent", "t"), ("dlq-topic", "wire"), ("dlq-reason", "panic"), ("dlq-attempts", "2")],
        );
        let returning = from_dead_letter(&letter).expect("whole");
        assert_eq!(returning.topic, "wire");
        let names: Vec<&str> = returning.headers.iter().map(|header| header.name.as_str()).collect();
        assert_eq!(names, ["traceparent", "dlq-attempts", REPLAY_HEADER]);
        assert_eq!(returning.timestamp, None);
    }

    #[test]
    fn of_a_record_that_was_cut_nothing_goes_back() {
        assert!(from_dead_letter(&letter("x", &[("dlq-topic", "wire"), ("dlq-sha256", "00")])).is_none());
    }

    #[test]
    fn letters_are_chosen_by_reason_and_time() {
        let letter = letter("x", &[("dlq-reason", "embargoed"), ("dlq-time", "2026-03-25T08:00:00Z")]);
        let wants = |reason: &[&str], since: Option<&str>| {
            let reason = reason.iter().map(|r| (*r).to_owned()).collect();
            let since = since.map(|time| time.parse().expect("a time"));
            DeadLetters { reason, since, until: None, yes: false }.wants(&letter)
        };
        assert!(wants(&[], None) && wants(&["panic", "embargoed"], Some("2026-03-25T08:00:00Z")));
        assert!(!wants(&["panic"], None) && !wants(&[], Some("2026-03-25T08:00:01Z")));
    }
}
