//! Who supports whom, by how many articles: a subscriber of the compacted articles topic.
//!
//! ```sh
//! cargo run --release --example positions -- localhost:9092               # prints the table whenever it changes
//! cargo run --release --example positions -- localhost:9092 --until-end   # prints it as it stands, and ends
//! ```
//!
//! Each record is the whole current result of one article, so the latest one replaces what stood there before: a
//! correction, a withdrawal (no events) and an erasure (null) need no code of their own.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::Context;
use clap::Parser;
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    error::KafkaError,
};
use serde::Deserialize;

/// Who supports whom, by how many articles
#[derive(Parser)]
struct Arguments {
    brokers: String,
    #[arg(long, default_value = "diplomacy.articles.v1")]
    topic: String,
    /// support, condemn, accuse ...
    #[arg(long = "class", default_value = "support")]
    wanted: String,
    /// The least confidence that counts
    #[arg(long, default_value_t = 0.0)]
    confidence: f64,
    #[arg(long)]
    until_end: bool,
}

/// What this program needs of a record; everything else is ignored, and so is what later releases add.
#[derive(Deserialize)]
struct Record {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Event {
    Stance {
        class: String,
        holder: Actor,
        target: Actor,
        confidence: f64,
        status: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Actor {
    code: String,
}

/// Holder and target.
type Pair = (String, String);

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (consumer, mut open) = consumer(&arguments)?;
    let mut articles: BTreeMap<Vec<u8>, BTreeSet<Pair>> = BTreeMap::new();
    while open > 0 {
        let message = match consumer.poll(Duration::from_secs(1)) {
            None => continue,
            Some(Err(KafkaError::PartitionEOF(_))) => {
                open -= 1;
                continue;
            }
            Some(message) => message?,
        };
        let key = message.key().context("a record without a key")?.to_vec();
        let pairs = positions(message.payload(), &arguments)?;
        let before =
            if pairs.is_empty() { articles.remove(&key) } else { articles.insert(key.clone(), pairs) };
        if !arguments.until_end && articles.get(&key) != before.as_ref() {
            show(&articles);
        }
    }
    show(&articles);
    Ok(())
}

/// A consumer of the whole topic from its beginning, and the number of partitions.
fn consumer(arguments: &Arguments) -> anyhow::Result<(BaseConsumer, usize)> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &arguments.brokers)
        // No offsets are kept: the table is built anew at each start.
        .set("group.id", "positions")
        .set("enable.auto.commit", "false")
        // Without this line aborted results would be counted too.
        .set("isolation.level", "read_committed")
        .set("enable.partition.eof", arguments.until_end.to_string())
        .create()?;
    let topic = arguments.topic.as_str();
    let metadata = consumer.fetch_metadata(Some(topic), Duration::from_secs(30))?;
    let mut partitions = TopicPartitionList::new();
    for partition in metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions) {
        partitions.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
    }
    consumer.assign(&partitions)?;
    let count = partitions.count();
    Ok((consumer, count))
}

/// Holder and target of the article's events; none of one that is withdrawn or erased.
fn positions(value: Option<&[u8]>, arguments: &Arguments) -> anyhow::Result<BTreeSet<Pair>> {
    let Some(value) = value else { return Ok(BTreeSet::new()) };
    let record: Record = serde_json::from_slice(value)?;
    let wanted = record.events.into_iter().filter_map(|event| match event {
        Event::Stance { class, holder, target, confidence, status }
            // What was the case before (`past`) or would be (`conditional`) is no position of today.
            if class == arguments.wanted && confidence >= arguments.confidence && status == "stated" =>
        {
            Some((holder.code, target.code))
        }
        _ => None,
    });
    Ok(wanted.collect())
}

fn show(articles: &BTreeMap<Vec<u8>, BTreeSet<Pair>>) {
    let mut counts: BTreeMap<&Pair, usize> = BTreeMap::new();
    for pair in articles.values().flatten() {
        *counts.entry(pair).or_default() += 1;
    }
    println!("holder\ttarget\tarticles");
    for ((holder, target), count) in counts {
        println!("{holder}\t{target}\t{count}");
    }
    println!();
}
