//! What the threads do, told to health checks, metrics and `/status`.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use serde::Serialize;

use super::{Ended, Kind, Options, desk::Desk};
use crate::{
    admin::{Board, NotReady, Partition, Status},
    delivery::{Source, Summary},
    telemetry,
};

/// Counters that the threads keep, beside the board that they write to.
#[derive(Debug)]
pub(super) struct Progress {
    board: Arc<Board>,
    identity: Status,
    joined: AtomicBool,
    read: AtomicU64,
    commits: AtomicU64,
    aborts: AtomicU64,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    ended: BTreeMap<&'static str, u64>,
    dead_letters: BTreeMap<&'static str, u64>,
    committed: BTreeMap<Source, i64>,
    /// Last stable offset, as the broker told it last.
    stable: BTreeMap<Source, i64>,
}

/// One moment of the daemon.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    /// `topic/partition` of all partitions that are ours.
    pub assignment: Vec<String>,
    /// Records read and not yet committed.
    pub held_records: usize,
    pub held_bytes: usize,
    pub paused: bool,
    pub breaker_open: bool,
    pub read: u64,
    pub commits: u64,
    pub aborts: u64,
    /// Committed records by what they ended in: `events`, `no_event`, `not_analysed`, `dead_letter`.
    pub ended: BTreeMap<&'static str, u64>,
    /// Committed dead letters by reason.
    pub dead_letters: BTreeMap<&'static str, u64>,
}

impl Progress {
    pub(super) fn new(options: &Options, board: Arc<Board>) -> Self {
        let mode = if options.limits.transactional { "exactly_once" } else { "at_least_once" };
        let identity = Status {
            mode: mode.to_owned(),
            group: options.group.clone(),
            instance: options.instance.clone(),
            rules: options.rules.clone(),
            ..Status::default()
        };
        Self {
            board,
            identity,
            joined: AtomicBool::new(false),
            read: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            aborts: AtomicU64::new(0),
            counts: Mutex::default(),
        }
    }

    /// The intake has come round.
    pub(super) fn polled(&self) {
        self.board.health.polled();
    }

    pub(super) fn took_up(&self, worker: usize) {
        self.board.health.took_up(worker);
    }

    pub(super) fn laid_down(&self, worker: usize) {
        self.board.health.laid_down(worker);
    }

    pub(super) fn read(&self) {
        self.read.fetch_add(1, Relaxed);
    }

    pub(super) fn aborted(&self) {
        self.aborts.fetch_add(1, Relaxed);
        metrics::counter!(telemetry::ABORTED_BATCHES).increment(1);
    }

    pub(super) fn committed<'a>(
        &self,
        batch: impl Iterator<Item = &'a Ended>,
        offsets: &[(Source, i64)],
        begun: Instant,
    ) {
        self.commits.fetch_add(1, Relaxed);
        metrics::histogram!(telemetry::COMMIT_SECONDS).record(begun.elapsed().as_secs_f64());
        let now = jiff::Timestamp::now().as_millisecond();
        let mut counts = self.counts();
        for ended in batch {
            let outcome = ended.kind.as_str();
            *counts.ended.entry(outcome).or_default() += 1;
            metrics::counter!(telemetry::RECORDS, "outcome" => outcome).increment(1);
            if let Kind::DeadLetter(reason) = ended.kind {
                *counts.dead_letters.entry(reason.as_str()).or_default() += 1;
                metrics::counter!(telemetry::DEAD_LETTERS, "reason" => reason.as_str()).increment(1);
            }
            for (kind, class) in &ended.events {
                metrics::counter!(telemetry::EVENTS, "kind" => *kind, "class" => *class).increment(1);
            }
            if let Some(timestamp) = ended.input.timestamp {
                let seconds = now.saturating_sub(timestamp).max(0) as f64 / 1e3;
                metrics::histogram!(telemetry::LATENCY_SECONDS).record(seconds);
            }
        }
        for (source, offset) in offsets {
            counts.committed.insert(source.clone(), *offset);
        }
    }

    /// The group is joined; partitions may come later.
    pub(super) fn joined(&self) {
        self.joined.store(true, Relaxed);
    }

    pub(super) fn assigned(&self, source: &Source, committed: Option<i64>) {
        metrics::counter!(telemetry::REBALANCES, "change" => "assigned").increment(1);
        if let Some(offset) = committed {
            self.counts().committed.insert(source.clone(), offset);
        }
    }

    pub(super) fn unassigned(&self, source: &Source, lost: bool) {
        let change = if lost { "lost" } else { "revoked" };
        metrics::counter!(telemetry::REBALANCES, "change" => change).increment(1);
        lag(source).set(0.0);
        let mut counts = self.counts();
        counts.committed.remove(source);
        counts.stable.remove(source);
    }

    pub(super) fn stable_offset(&self, source: Source, offset: i64) {
        self.counts().stable.insert(source, offset);
    }

    /// Brings board and gauges up to date.
    pub(super) fn report(&self, desk: &Desk) {
        let summary = desk.summary();
        let health = &self.board.health;
        health.set_oldest(summary.oldest_read.map(|read| desk.started() + read));
        health.set_hindrance(self.hindrance(&summary));
        metrics::gauge!(telemetry::IN_WORK_RECORDS).set(summary.held_records as f64);
        metrics::gauge!(telemetry::IN_WORK_BYTES).set(summary.held_bytes as f64);
        metrics::gauge!(telemetry::BREAKER_OPEN).set(f64::from(u8::from(summary.breaker_open)));
        self.board.set_status(self.status(&summary));
    }

    fn hindrance(&self, summary: &Summary) -> Option<NotReady> {
        if summary.draining {
            Some(NotReady::Draining)
        } else if summary.breaker_open {
            let counts = self.counts();
            let reasons = counts.dead_letters.iter().map(|(reason, n)| format!("{n} {reason}"));
            Some(NotReady::Breaker(reasons.collect::<Vec<_>>().join(", ")))
        } else {
            (!self.joined.load(Relaxed)).then_some(NotReady::Starting)
        }
    }

    /// Where reading goes on, of the partitions of which that is known.
    pub(super) fn next_offsets(&self, summary: &Summary) -> Vec<(Source, i64)> {
        let counts = self.counts();
        let next = summary.partitions.iter().map(|(source, position)| {
            let committed = counts.committed.get(source).copied().unwrap_or(0);
            (source.clone(), committed.max(*position))
        });
        next.filter(|(_, next)| *next > 0).collect()
    }

    fn status(&self, summary: &Summary) -> Status {
        let counts = self.counts();
        let partitions = summary.partitions.iter().map(|(source, position)| {
            let committed = counts.committed.get(source).copied();
            let end = counts.stable.get(source).copied();
            if let (Some(committed), Some(end)) = (committed, end) {
                lag(source).set(end.saturating_sub(committed).max(0) as f64);
            }
            Partition {
                topic: source.topic.to_string(),
                partition: source.partition,
                committed,
                position: (*position).max(committed.unwrap_or(0)),
                end,
                paused: summary.paused,
            }
        });
        Status {
            records_in_work: summary.held_records,
            bytes_in_work: summary.held_bytes,
            partitions: partitions.collect(),
            ..self.identity.clone()
        }
    }

    pub(super) fn snapshot(&self, summary: &Summary) -> Snapshot {
        let counts = self.counts();
        Snapshot {
            assignment: summary.partitions.iter().map(|(source, _)| source.to_string()).collect(),
            held_records: summary.held_records,
            held_bytes: summary.held_bytes,
            paused: summary.paused,
            breaker_open: summary.breaker_open,
            read: self.read.load(Relaxed),
            commits: self.commits.load(Relaxed),
            aborts: self.aborts.load(Relaxed),
            ended: counts.ended.clone(),
            dead_letters: counts.dead_letters.clone(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lag(source: &Source) -> metrics::Gauge {
    metrics::gauge!(
        telemetry::LAG,
        "topic" => source.topic.to_string(),
        "partition" => source.partition.to_string()
    )
}
