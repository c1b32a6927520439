use std::{
    io::{self, BufWriter, Write},
    time::Duration,
};

use clap::ValueEnum;
use demarche::{
    event::Header,
    kafka::{From, InputRecord, Options, Read, Reader},
    settings::Output,
};
use serde_json::{Map, Value, json};

use super::{Global, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  demarche tail
  demarche tail stances council-actions --from-beginning | jq .class
  demarche tail dead-letters --from-beginning --until-end --headers";

/// Print what stands on the output topics, one JSON value a line, and follow them
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[arg(value_name = "TOPIC", default_values = ["stances", "council-actions"])]
    topics: Vec<Topic>,
    /// From the first record that is still there, not only what comes from now on
    #[arg(long)]
    from_beginning: bool,
    /// End when everything that is there has been printed
    #[arg(long)]
    until_end: bool,
    /// Put topic, partition, offset, timestamp, key and headers around each value
    #[arg(long)]
    headers: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Topic {
    Stances,
    CouncilActions,
    Articles,
    DeadLetters,
}

impl Topic {
    pub(crate) fn name(self, output: &Output) -> &str {
        match self {
            Self::Stances => &output.stances,
            Self::CouncilActions => &output.council_actions,
            Self::Articles => &output.articles,
            Self::DeadLetters => &output.dead_letters,
        }
    }
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let settings = global.start()?;
    let options = Options::new(&settings, String::new());
    let from = if args.from_beginning { From::Beginning } else { From::End };
    let open = |topic: &Topic| Reader::open(&options, topic.name(&settings.output), from.clone());
    let mut readers = args.topics.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut out = BufWriter::new(io::stdout().lock());
    while !readers.is_empty() {
        let mut quiet = true;
        let mut at = 0;
        while at < readers.len() {
            let wait = Duration::from_millis(if quiet { 50 } else { 0 });
            match readers[at].next(wait)? {
                Read::Record(record) => {
                    quiet = false;
                    writeln!(out, "{}", line(&record, args.headers))?;
                }
                Read::End if args.until_end => {
                    readers.swap_remove(at);
                    continue;
                }
                Read::End | Read::Nothing => {}
            }
            at += 1;
        }
        if quiet {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn line(record: &InputRecord, with_headers: bool) -> Value {
    let value = value(record.payload.as_deref());
    if !with_headers {
        return value;
    }
    json!({
        "topic": &*record.source.topic,
        "partition": record.source.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": text(record.key.as_deref()),
        "headers": headers(&record.headers),
        "value": value,
    })
}

/// JSON as it is; anything else as text.
fn value(payload: Option<&[u8]>) -> Value {
    payload.map_or(Value::Null, |bytes| serde_json::from_slice(bytes).unwrap_or_else(|_| text(Some(bytes))))
}

fn text(bytes: Option<&[u8]>) -> Value {
    bytes.map_or(Value::Null, |bytes| String::from_utf8_lossy(bytes).into())
}

fn headers(headers: &[Header]) -> Map<String, Value> {
    headers.iter().map(|header| (header.name.clone(), text(header.value.as_deref()))).collect()
}
