mod arcs;
mod html;
mod pretty;
mod seats;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Context;
use demarche::{council::Members, evaluation::parse_share, event::ReadingOutcome, stances::selection::Keep};
use serde_json::{Value, json};

use super::{
    Global,
    exit::Exit,
    reading::{Reader, Reading},
    records,
};

const EXAMPLES: &str = "\
Examples:
  demarche analyse articles.jsonl > events.jsonl
  demarche analyse --pretty --explain article.json
  demarche analyse --html report.html article.json
  curl -s https://example.org/article.json | demarche analyse | jq .class";

/// Find the stances and Council actions of articles in files, without Kafka
///
/// Articles are JSON lines, one JSON document or a list, in any of the input shapes. Standard output has one
/// event a line.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Articles; standard input where none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Events as blocks for people: who, what, whom, when, how sure, in which words
    #[arg(long)]
    pretty: bool,
    /// Add what the confidence of each stance is made of
    #[arg(long)]
    explain: bool,
    /// Write the articles with their events marked to one self-contained page, in place of printing
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,
    /// Folder to read in place of the data compiled in
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Least confidence, in place of each class's own threshold; 0 shows every proposal
    #[arg(long, value_name = "0..1", value_parser = parse_share)]
    min_confidence: Option<f64>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let data = super::data_in(args.data_dir.as_deref(), global)?;
    let (reader, members) = (Reader::load(&data)?, Members::load(&data)?);
    let keep = Keep { explain: args.explain || args.html.is_some(), floor: args.min_confidence };
    let mut sink = Sink::open(args);
    let mut exit = Exit::Done;
    for record in records::read(&args.files) {
        let record = record?;
        match Reader::decode(&record.bytes) {
            Ok(article) => sink.take(&record.origin, &reader.read(&article, keep), &members)?,
            Err(fault) => {
                anstream::eprintln!("\x1b[1;31merror:\x1b[0m {}: {fault}", record.origin);
                exit = Exit::Input;
            }
        }
    }
    sink.close()?;
    Ok(exit)
}

/// Where the events go.
enum Sink<'a> {
    Lines { explain: bool },
    Blocks,
    Page { file: &'a PathBuf, articles: Vec<String> },
}

impl<'a> Sink<'a> {
    fn open(args: &'a Args) -> Self {
        match &args.html {
            Some(file) => Self::Page { file, articles: Vec::new() },
            None if args.pretty => Self::Blocks,
            None => Self::Lines { explain: args.explain },
        }
    }

    fn take(&mut self, origin: &str, reading: &Reading, members: &Members) -> anyhow::Result<()> {
        if let (ReadingOutcome::NotAnalysed, Some(detail)) = (reading.record.outcome, &reading.record.detail)
        {
            anstream::eprintln!("{origin}: not analysed: {detail}");
        }
        let events = events(reading);
        match self {
            Self::Lines { explain } => {
                let mut out = io::stdout().lock();
                for mut event in events {
                    if !*explain && let Some(event) = event.as_object_mut() {
                        event.shift_remove("reasons");
                    }
                    writeln!(out, "{event}")?;
                }
            }
            Self::Blocks => {
                let mut out = anstream::stdout().lock();
                for event in events {
                    writeln!(out, "{}", pretty::block(&event, members))?;
                }
            }
            Self::Page { articles, .. } => {
                articles.push(html::article(&serde_json::to_value(&reading.record)?, &events, members));
            }
        }
        Ok(())
    }

    fn close(self) -> anyhow::Result<()> {
        if let Self::Page { file, articles } = self {
            std::fs::write(file, html::page(&articles))
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}

/// The events as JSON; a stance with `reasons`, pairs of feature and weight, where they were asked for.
fn events(reading: &Reading) -> Vec<Value> {
    let reasons = |event: &Value| {
        let reasons = reading.reasons.get(event["event_id"].as_str()?)?;
        (!reasons.is_empty()).then(|| json!(reasons))
    };
    // Events are plain data: their serialisation cannot fail.
    let events = reading.record.events.iter().map(|event| serde_json::to_value(event).unwrap_or_default());
    events
        .map(|mut event| {
            if let Some(reasons) = reasons(&event) {
                event["reasons"] = reasons;
            }
            event
        })
        .collect()
}
