use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use demarche::{
    article,
    kafka::{Options, Outgoing, Sender},
};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Global, exit::Exit, records, records::Record};

const EXAMPLES: &str = "\
Examples:
  demarche feed articles.jsonl --topic wire.articles
  zcat archive.jsonl.gz | demarche feed - --topic wire.articles --set kafka.brokers=broker:9092";

/// Put articles from files onto a topic, keyed by article
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// JSON lines in any input shape, one JSON document, or a list of them; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Topic to write to [default: the first of `input.topics`]
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let settings = global.start()?;
    let topic = args.topic.as_ref().or(settings.input.topics.first()).context("no topic")?;
    let sender = Sender::new(&Options::new(&settings, String::new()))?;
    let progress = progress();
    let mut keyless = 0;
    for record in records::read(&args.files) {
        let record = record?;
        let key = key(&record);
        if key.is_none() {
            keyless += 1;
            progress
                .suspend(|| tracing::warn!(record = record.origin, "sent without a key: it has no identity"));
        }
        sender
            .send(&Outgoing {
                topic,
                key: key.as_deref().map(str::as_bytes),
                value: Some(&record.bytes),
                headers: &[],
                timestamp: None,
            })
            .with_context(|| record.origin.clone())?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    let delivered = sender.finish()?;
    anstream::eprintln!("{delivered} records on {topic}, {keyless} of them without a key");
    Ok(Exit::Done)
}

/// The identity of the article, also of one that may not be read yet.
pub(crate) fn key(record: &Record) -> Option<String> {
    match article::decode(&record.bytes, &[], None) {
        Ok(article) => Some(article.id),
        Err(rejected) => rejected.article_id().map(str::to_owned),
    }
}

/// A counter on standard error; nothing where that is no terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} records, {per_sec}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
