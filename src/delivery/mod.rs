//! Decides which record may be analysed, sent and committed, and when: a pure state machine.
//!
//! [`State::step`] takes one [`Input`] and gives [`Command`]s. It knows no client library, no
//! thread and no clock (times are passed in, measured from any fixed start). Whoever drives it
//! tells it what happened and carries out what it commands; `kafka/` does so for the daemon,
//! `tests.rs` for arbitrary orders of completion, revocation and failure.
//!
//! The life of a record: [`Input::Arrived`] puts it into the *window* of its partition and
//! commands its analysis. [`Input::Starting`] asks whether the analysis is still wanted,
//! [`Input::Finished`] brings the result, in any order. [`Input::Tick`] takes finished results
//! from the front of the windows into the *batch* ([`Command::Send`]) and ends the batch with
//! [`Command::Commit`] or [`Command::Abort`], answered by [`Input::Committed`] or
//! [`Input::Aborted`]. In transactional mode a batch is one transaction.
//!
//! A window belongs to one assignment of one partition and has an *epoch* of its own. A
//! [`Ticket`] names record and epoch: what comes late, from an assignment that has ended, is
//! recognised and dropped.
//!
//! # Invariants
//!
//! * **I1, no loss.** A commit never passes a record that has not ended: committed offsets
//!   cover only results that were sent in that batch or committed before.
//! * **I2, no doubles.** While a partition stays assigned, a result is in exactly one committed
//!   batch. Across assignments too, if each starts at the committed offset.
//! * **I3, order.** The results of a partition are sent in the order of its offsets, an aborted
//!   and re-sent batch included.
//! * **I4, epochs.** A result of an ended assignment is never sent, and in transactional mode a
//!   batch that contains one is aborted, never committed.
//! * **I5, one analysis.** During one assignment a record is analysed once; an abort re-sends
//!   results, it does not make them again.
//! * **I6, bounds.** Once the records held reach [`Limits::held_records`] or
//!   [`Limits::held_bytes`], intake is paused until half of that is free. What arrives after the
//!   pause was commanded is still taken: the window never has a gap.
//! * **I7, letting go.** A revoked partition is released as soon as what had been started is
//!   committed; what had not been started is dropped at once, for the next owner.
//! * **I8, breaker.** While the breaker is open nothing is sent or committed, and intake admits
//!   one record a probe.
//! * **I9, drain.** After [`Input::Drain`] nothing is admitted, what had been started is
//!   committed, then [`Command::Drained`] is given once.

mod breaker;
mod state;
#[cfg(test)]
mod tests;
mod window;

use std::{fmt, sync::Arc, time::Duration};

pub use state::{State, Summary};

/// A partition of an input topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    pub topic: Arc<str>,
    pub partition: i32,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic, self.partition)
    }
}

/// One record under one assignment of its partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub source: Source,
    pub epoch: u64,
    pub offset: i64,
}

/// Sizes and times that an operator may set.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// A batch is one transaction, and is aborted when a partition in it was lost.
    pub transactional: bool,
    /// From one commit's start to the next one's, unless the batch is full, a partition waits to be
    /// released, or intake waits for nothing but the commit.
    pub commit_interval: Duration,
    /// A batch of that many records is committed before the interval is over.
    pub batch_records: usize,
    /// As `batch_records`, counted in bytes of input and output.
    pub batch_bytes: usize,
    /// Intake pauses when that many records are held (waiting, in work, or not yet committed).
    pub held_records: usize,
    /// As `held_records`, counted in bytes of input and output.
    pub held_bytes: usize,
    /// The breaker looks at that many results; 0 switches it off.
    pub breaker_sample: usize,
    /// The breaker opens when at least this share of the sample was refused.
    pub breaker_share: f64,
    /// Time between two probes while the breaker is open.
    pub probe_interval: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            transactional: true,
            commit_interval: Duration::from_millis(50),
            batch_records: 2_000,
            batch_bytes: 16 << 20,
            held_records: 4_000,
            held_bytes: 64 << 20,
            breaker_sample: 100,
            breaker_share: 0.95,
            probe_interval: Duration::from_secs(30),
        }
    }
}

/// What happened. `T` is a result ready to be sent.
#[derive(Debug)]
pub enum Input<T> {
    /// The partition is ours from now on; its records follow in order.
    Assigned(Source),
    /// A record was read.
    Arrived { source: Source, offset: i64, bytes: usize },
    /// A worker took the record up; it goes on only if [`Command::Start`] is given.
    Starting(Ticket),
    /// The record has ended. `refused`: as a dead letter that speaks for the breaker.
    Finished { ticket: Ticket, result: Arc<T>, bytes: usize, refused: bool },
    /// Another result for a finished record, because the first cannot be sent. Takes effect
    /// with the next [`Input::Aborted`], or at once where it is not yet sent.
    Replaced { ticket: Ticket, result: Arc<T>, bytes: usize },
    /// The partitions shall be given back: finish and let go.
    Revoked(Vec<Source>),
    /// The partitions are no longer ours, whatever was in work.
    Lost(Vec<Source>),
    /// Time has passed; the sender asks what to do.
    Tick,
    /// The last [`Command::Commit`] succeeded.
    Committed,
    /// The batch was undone: an aborted transaction, or in the other mode sends that failed.
    Aborted,
    /// Finish what is in work and admit nothing more.
    Drain,
}

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Command<T> {
    /// Hand the record that just arrived to a worker.
    Analyse(Ticket),
    /// The analysis is wanted.
    Start,
    /// Send these results, in this order, in the current batch.
    Send(Vec<Sending<T>>),
    /// Commit the batch with these offsets (each the next one to read).
    Commit(Vec<(Source, i64)>),
    /// Undo the batch.
    Abort,
    /// How reading goes on.
    Intake(Intake),
    /// Nothing of the partition is in work any more; it may be given back.
    Released(Source),
    /// Nothing is in work any more.
    Drained,
}

/// A result on its way into the batch.
#[derive(Debug, PartialEq)]
pub struct Sending<T> {
    pub ticket: Ticket,
    pub result: Arc<T>,
}

/// How reading goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    Run,
    Pause,
    /// Read one record, then pause: the breaker's probe.
    Probe,
}
