//! The wire: reads records, has them analysed, and sends what came of them, as
//! [`delivery`](crate::delivery) decides.
//!
//! Threads, all of the operating system: one *intake* polls the consumer and copies messages
//! (it never analyses, and waits for the sender only within bounds: at a revocation for what is in
//! work, and at a pause for the commit that may end it soon);
//! *workers* analyse; one *transactor* owns the producer, whose transaction calls block.
//! They meet at the [`desk`], which guards the state machine.
//!
//! What Kafka and librdkafka do that their documentation does not lead one to expect, and the remedies. The tests
//! of the suite (`exactly_once`, `traps`, `broker_errors`, `under_fire`) bring it about:
//!
//! * Offsets are assigned explicitly, once they are stable ([`stable`]): librdkafka itself falls
//!   back to `auto.offset.reset` when an assignment changes while an open transaction holds them.
//! * Group metadata first, ownership second, offsets third ([`transactor`]): the broker does not
//!   check that a partition is ours.
//! * `abort_transaction` never returns while delivery reports are unserved.
//! * The end, as a place to begin at, is pinned by a commit ([`beginnings`]): else it is a later one at the next
//!   assignment.
//! * A static member that comes back may leave new partitions to nobody ([`orphans`]).
//! * A fatal consumer error ends the process: a fenced static member never recovers.

mod beginnings;
mod client;
mod daemon;
mod desk;
pub mod embedded;
mod errors;
mod inspection;
mod intake;
mod options;
mod orphans;
mod panics;
mod progress;
mod reader;
mod sender;
mod signals;
mod stable;
mod transactor;
mod workers;

use client::Faults;
pub use daemon::{Daemon, Process, View};
pub use errors::Failure;
pub use inspection::{Finding, inspect};
pub use options::{Options, Topics};
use progress::Progress;
pub use progress::Snapshot;
pub use reader::{From, Positions, Read, Reader};
pub use sender::{Outgoing, Sender};
pub use signals::stop_on_signals;

use crate::{
    delivery::Source,
    event::{self, DeadLetterReason, Header, OutputRecord, ReadingOutcome},
};

/// A record as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRecord {
    pub source: Source,
    pub offset: i64,
    /// Milliseconds since 1970.
    pub timestamp: Option<i64>,
    pub key: Option<Vec<u8>>,
    pub payload: Option<Vec<u8>>,
    pub headers: Vec<Header>,
}

impl InputRecord {
    /// Bytes of key, payload and headers.
    pub fn size(&self) -> usize {
        size(self.key.as_ref(), self.payload.as_ref(), &self.headers)
    }

    /// As `event/` sees it.
    pub fn view(&self) -> event::InputRecord<'_> {
        event::InputRecord {
            topic: &self.source.topic,
            partition: self.source.partition,
            offset: self.offset,
            timestamp: self.timestamp,
            key: self.key.as_deref(),
            payload: self.payload.as_deref(),
            headers: &self.headers,
        }
    }
}

/// Bytes of key, value and headers.
fn output_size(record: &OutputRecord) -> usize {
    size(record.key.as_ref(), record.value.as_ref(), &record.headers)
}

fn size(key: Option<&Vec<u8>>, value: Option<&Vec<u8>>, headers: &[Header]) -> usize {
    let headers: usize = headers.iter().map(Header::size).sum();
    key.map_or(0, Vec::len) + value.map_or(0, Vec::len) + headers
}

/// What a record ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Published(Published),
    /// The reason, and the same in words.
    DeadLetter(DeadLetterReason, String),
}

/// What is published for a record that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub outcome: ReadingOutcome,
    /// In the order in which they are sent.
    pub records: Vec<OutputRecord>,
    /// Kind and class of each event, for metrics.
    pub events: Vec<(&'static str, &'static str)>,
}

/// What a record ended in, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Read(ReadingOutcome),
    DeadLetter(DeadLetterReason),
}

impl Kind {
    /// As it stands in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read(ReadingOutcome::Events) => "events",
            Self::Read(ReadingOutcome::NoEvent) => "no_event",
            Self::Read(ReadingOutcome::NotAnalysed) => "not_analysed",
            Self::DeadLetter(_) => "dead_letter",
        }
    }
}

/// A record that has ended, with what is published for it.
#[derive(Debug)]
pub struct Ended {
    pub input: InputRecord,
    pub kind: Kind,
    pub records: Vec<OutputRecord>,
    /// Kind and class of each event.
    pub events: Vec<(&'static str, &'static str)>,
}
