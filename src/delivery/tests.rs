//! A model of broker and workers drives the state machine through arbitrary orders of arrival,
//! completion, revocation and failure, and checks the invariants of the module after each step.

mod breaker;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use proptest::prelude::*;

use super::*;

/// What is published for a record: which record, and whether a dead letter.
#[derive(Debug, Clone, PartialEq)]
struct Made {
    source: Source,
    offset: i64,
    refused: bool,
}

/// One thing that the world does.
#[derive(Debug, Clone)]
enum Event {
    /// The next record of a partition is read, if it is ours and reading is not paused.
    Read {
        partition: usize,
        refused: bool,
        bytes: usize,
    },
    /// A worker takes the oldest job.
    Take,
    /// One of the started analyses ends; which one, out of all.
    Finish(usize),
    Tick,
    /// The sender's transaction fails at its next commit.
    FailNextCommit,
    /// A partition is asked back; it is given back once released, or by force.
    Revoke(usize),
    GiveBack(usize),
    /// A partition is taken without asking.
    Lose(usize),
    Assign(usize),
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let partition = 0..3_usize;
    prop_oneof![
        8 => (partition.clone(), prop::bool::weighted(0.2), 1..40_usize)
            .prop_map(|(partition, refused, bytes)| Event::Read { partition, refused, bytes }),
        8 => Just(Event::Take),
        8 => (0..8_usize).prop_map(Event::Finish),
        6 => Just(Event::Tick),
        1 => Just(Event::FailNextCommit),
        1 => partition.clone().prop_map(Event::Revoke),
        1 => partition.clone().prop_map(Event::GiveBack),
        1 => partition.clone().prop_map(Event::Lose),
        2 => partition.prop_map(Event::Assign),
        4 => (0..60_u64).prop_map(Event::Pass),
    ]
}

fn limits(transactional: bool) -> Limits {
    Limits {
        transactional,
        commit_interval: Duration::from_millis(50),
        batch_records: 5,
        batch_bytes: 100,
        held_records: 8,
        held_bytes: 200,
        breaker_sample: 0,
        ..Limits::default()
    }
}

/// Broker, workers and sender around the state machine.
struct World {
    state: State<Made>,
    limits: Limits,
    now: Duration,
    /// Next offset to read, of partitions that are ours; offsets have gaps, as markers leave them.
    reading: BTreeMap<Source, i64>,
    /// As the broker knows them.
    committed_offsets: BTreeMap<Source, i64>,
    /// All records that exist, by what becomes of them.
    log: BTreeMap<(Source, i64), bool>,
    jobs: Vec<Ticket>,
    started: Vec<Ticket>,
    /// Sent in the open batch.
    batch: Vec<Sending<Made>>,
    committed: Vec<Made>,
    intake: Intake,
    fail_next: bool,
    analysed: BTreeSet<(u64, i64)>,
    /// Of the last record read of each partition.
    epochs: BTreeMap<Source, u64>,
    drained: usize,
}

impl World {
    fn new(limits: Limits) -> Self {
        Self {
            state: State::new(limits.clone()),
            limits,
            now: Duration::ZERO,
            reading: BTreeMap::new(),
            committed_offsets: BTreeMap::new(),
            log: BTreeMap::new(),
            jobs: vec![],
            started: vec![],
            batch: vec![],
            committed: vec![],
            intake: Intake::Run,
            fail_next: false,
            analysed: BTreeSet::new(),
            epochs: BTreeMap::new(),
            drained: 0,
        }
    }

    fn source(partition: usize) -> Source {
        Source { topic: "wire".into(), partition: partition as i32 }
    }

    fn step(&mut self, input: Input<Made>) -> Vec<Command<Made>> {
        let open = self.state.summary().breaker_open;
        let commands = self.state.step(input, self.now);
        for command in &commands {
            match command {
                Command::Intake(intake) => self.intake = *intake,
                Command::Drained => self.drained += 1,
                Command::Released(source) => {
                    let epoch = self.epochs.get(source).copied();
                    let busy = self.started.iter().any(|t| t.source == *source && Some(t.epoch) == epoch);
                    assert!(open || !busy, "I7: released with records in work");
                    assert!(!self.state.owns(source), "I7: released and still ours");
                    self.reading.remove(source);
                }
                _ => {}
            }
        }
        commands
    }

    fn is_late(&self, ticket: &Ticket) -> bool {
        !self.state.owns(&ticket.source) || self.epochs.get(&ticket.source) != Some(&ticket.epoch)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Read { partition, refused, bytes } => self.read(&Self::source(partition), refused, bytes),
            Event::Take => self.take(),
            Event::Finish(n) => self.finish(n),
            Event::Tick => self.tick(),
            Event::FailNextCommit => self.fail_next = true,
            Event::Revoke(partition) => {
                self.step(Input::Revoked(vec![Self::source(partition)]));
            }
            Event::GiveBack(partition) | Event::Lose(partition) => {
                let source = Self::source(partition);
                self.reading.remove(&source);
                self.step(Input::Lost(vec![source]));
            }
            Event::Assign(partition) => self.assign(&Self::source(partition)),
            Event::Pass(millis) => self.now += Duration::from_millis(millis),
        }
        self.check();
    }

    fn assign(&mut self, source: &Source) {
        if !self.state.owns(source) {
            self.epochs.remove(source);
            let start = self.committed_offsets.get(source).copied().unwrap_or(0);
            self.reading.insert(source.clone(), start);
            self.step(Input::Assigned(source.clone()));
        }
    }

    fn read(&mut self, source: &Source, refused: bool, bytes: usize) {
        if self.intake == Intake::Pause {
            return;
        }
        let Some(next) = self.reading.get(source).copied() else { return };
        // What was read under an earlier assignment is read again as it was.
        let known = self.log.range((source.clone(), next)..).next().map(|((s, o), _)| (s.clone(), *o));
        let offset = match known {
            Some((s, o)) if s == *source => o,
            _ => next + (bytes % 3) as i64,
        };
        self.log.entry((source.clone(), offset)).or_insert(refused);
        self.reading.insert(source.clone(), offset + 1);
        for command in self.step(Input::Arrived { source: source.clone(), offset, bytes }) {
            if let Command::Analyse(ticket) = command {
                assert!(self.analysed.insert((ticket.epoch, offset)), "I5: analysed twice in one assignment");
                self.epochs.insert(source.clone(), ticket.epoch);
                self.jobs.push(ticket);
            }
        }
    }

    fn take(&mut self) {
        if self.jobs.is_empty() {
            return;
        }
        let ticket = self.jobs.remove(0);
        if self.step(Input::Starting(ticket.clone())).contains(&Command::Start) {
            self.started.push(ticket);
        }
    }

    fn finish(&mut self, n: usize) {
        if self.started.is_empty() {
            return;
        }
        let ticket = self.started.remove(n % self.started.len());
        let refused = self.log[&(ticket.source.clone(), ticket.offset)];
        let made = Made { source: ticket.source.clone(), offset: ticket.offset, refused };
        self.step(Input::Finished { ticket, result: Arc::new(made), bytes: 3, refused });
    }

    fn tick(&mut self) {
        for command in self.step(Input::Tick) {
            match command {
                Command::Send(sending) => {
                    for one in &sending {
                        assert!(!self.is_late(&one.ticket), "I4: a late result is sent");
                    }
                    self.batch.extend(sending);
                }
                Command::Commit(offsets) => self.commit(&offsets),
                Command::Abort => self.abort(),
                _ => {}
            }
        }
    }

    fn commit(&mut self, offsets: &[(Source, i64)]) {
        assert!(self.state.batch_is_owned(), "I4: a batch that is not ours is committed");
        if std::mem::take(&mut self.fail_next) {
            return self.abort();
        }
        for sent in self.batch.drain(..) {
            self.committed.push((*sent.result).clone());
        }
        for (source, offset) in offsets {
            let before = self.committed_offsets.insert(source.clone(), *offset);
            assert!(before.is_none_or(|b| b < *offset), "commits go forward");
        }
        self.step(Input::Committed);
    }

    fn abort(&mut self) {
        if self.limits.transactional {
            self.batch.clear();
        } else {
            // Without transactions what was sent stays sent.
            self.committed.extend(self.batch.drain(..).map(|s| (*s.result).clone()));
        }
        self.step(Input::Aborted);
    }

    /// What holds at every moment.
    fn check(&self) {
        let done: BTreeSet<(Source, i64)> =
            self.committed.iter().map(|m| (m.source.clone(), m.offset)).collect();
        for (source, offset) in self.log.keys() {
            let passed = self.committed_offsets.get(source).is_some_and(|c| c > offset);
            let ended = done.contains(&(source.clone(), *offset));
            assert!(!passed || ended, "I1: {source} {offset} was passed and has not ended");
        }
        if self.limits.transactional {
            assert_eq!(done.len(), self.committed.len(), "I2: a record is committed twice");
            let mut last = BTreeMap::new();
            for made in &self.committed {
                let before = last.insert(&made.source, made.offset);
                assert!(before.is_none_or(|b| b < made.offset), "I3: out of order");
            }
        }
        let summary = self.state.summary();
        let full =
            summary.held_records >= self.limits.held_records || summary.held_bytes >= self.limits.held_bytes;
        assert!(!full || self.intake != Intake::Run, "I6: full and still reading");
        let half = summary.held_records * 2 < self.limits.held_records
            && summary.held_bytes * 2 < self.limits.held_bytes;
        let held_back = summary.breaker_open || summary.draining;
        assert!(!half || held_back || self.intake == Intake::Run, "I6: half free and still paused");
    }

    /// Lets the world run undisturbed until nothing changes.
    fn settle(&mut self) {
        for partition in 0..3 {
            let source = Self::source(partition);
            self.reading.remove(&source);
            self.step(Input::Lost(vec![source.clone()]));
            self.assign(&source);
        }
        self.fail_next = false;
        for _ in 0..200 {
            for partition in 0..3 {
                let source = Self::source(partition);
                if self.reading[&source] <= self.last_offset(&source) {
                    self.read(&source, false, 1);
                }
            }
            self.take();
            self.finish(0);
            self.now += Duration::from_millis(51);
            self.tick();
            self.check();
        }
    }

    fn last_offset(&self, source: &Source) -> i64 {
        self.log.keys().filter(|(s, _)| s == source).map(|(_, o)| *o).max().unwrap_or(-1)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn i1_to_i7_hold_in_transactions(events in prop::collection::vec(event(), 1..400)) {
        let mut world = World::new(limits(true));
        for event in events {
            world.happen(event);
        }
        world.settle();
        prop_assert_eq!(world.committed.len(), world.log.len(), "every record ends exactly once");
    }

    #[test]
    fn i1_and_i4_to_i7_hold_at_least_once(events in prop::collection::vec(event(), 1..400)) {
        let mut world = World::new(limits(false));
        for event in events {
            world.happen(event);
        }
        world.settle();
        let done: BTreeSet<(Source, i64)> =
            world.committed.iter().map(|m| (m.source.clone(), m.offset)).collect();
        prop_assert_eq!(done.len(), world.log.len(), "every record ends");
    }

    #[test]
    fn i8_nothing_leaves_behind_an_open_breaker(events in prop::collection::vec(event(), 1..300)) {
        let limits = Limits {
            breaker_sample: 4,
            breaker_share: 0.5,
            probe_interval: Duration::from_millis(200),
            ..limits(true)
        };
        let mut world = World::new(limits);
        for event in events {
            let open = world.state.summary().breaker_open;
            let (committed, held) = (world.committed.len(), world.state.summary().held_records);
            let reading = matches!(event, Event::Read { .. });
            let probe = world.intake == Intake::Probe;
            world.happen(event);
            if open {
                prop_assert_eq!(world.committed.len(), committed, "I8: committed while open");
                let more = world.state.summary().held_records.saturating_sub(held);
                prop_assert!(more <= usize::from(reading && probe), "I8: more than a probe was admitted");
            }
        }
    }

    #[test]
    fn i9_a_drain_ends_once_with_all_that_was_started(
        events in prop::collection::vec(event(), 1..200),
        after in prop::collection::vec(event(), 0..50),
    ) {
        let mut world = World::new(limits(true));
        for event in events {
            world.happen(event);
        }
        world.step(Input::Drain);
        let started: Vec<Ticket> = world.started.clone();
        let started: Vec<Ticket> = started.into_iter().filter(|t| !world.is_late(t)).collect();
        let before = world.jobs.len();
        for event in after {
            if !matches!(event, Event::Lose(_) | Event::GiveBack(_) | Event::FailNextCommit) {
                world.happen(event);
            }
        }
        prop_assert_eq!(world.jobs.len().saturating_sub(before), 0, "I9: admitted after the drain");
        world.fail_next = false;
        for _ in 0..100 {
            world.take();
            world.finish(0);
            world.now += Duration::from_millis(51);
            world.tick();
        }
        prop_assert_eq!(world.drained, 1, "I9: drained once");
        for ticket in started {
            let found = world.committed.iter().any(|m| m.source == ticket.source && m.offset == ticket.offset);
            prop_assert!(found, "I9: what was started is committed");
        }
    }
}

/// A state with one partition and one record finished.
fn one_finished(limits: Limits) -> (State<u32>, Ticket) {
    let mut state = State::new(limits);
    let source = World::source(0);
    let now = Duration::ZERO;
    state.step(Input::Assigned(source.clone()), now);
    let commands = state.step(Input::Arrived { source, offset: 7, bytes: 10 }, now);
    let [Command::Analyse(ticket)] = &commands[..] else { panic!("{commands:?}") };
    let ticket = ticket.clone();
    state.step(Input::Starting(ticket.clone()), now);
    let finished = Input::Finished { ticket: ticket.clone(), result: Arc::new(1), bytes: 1, refused: false };
    state.step(finished, now);
    (state, ticket)
}

#[test]
fn a_replaced_result_is_what_an_aborted_batch_sends_again() {
    let (mut state, ticket) = one_finished(Limits::default());
    let now = Duration::ZERO;
    state.step(Input::Tick, now);
    state.step(Input::Replaced { ticket: ticket.clone(), result: Arc::new(2), bytes: 1 }, now);
    state.step(Input::Aborted, now);
    let commands = state.step(Input::Tick, now);
    assert_eq!(commands[0], Command::Send(vec![Sending { ticket, result: Arc::new(2) }]));
}

#[test]
fn the_interval_counts_from_the_start_of_the_previous_commit() {
    let (mut state, ticket) = one_finished(Limits::default());
    let at = Duration::from_millis;
    let commands = state.step(Input::Tick, at(1_000));
    assert!(matches!(&commands[1], Command::Commit(o) if o[..] == [(ticket.source.clone(), 8)]));
    state.step(Input::Committed, at(1_020));
    let source = ticket.source;
    let commands = state.step(Input::Arrived { source, offset: 8, bytes: 1 }, at(1_021));
    let Command::Analyse(next) = &commands[0] else { panic!("{commands:?}") };
    state.step(Input::Starting(next.clone()), at(1_021));
    let finished = Input::Finished { ticket: next.clone(), result: Arc::new(2), bytes: 1, refused: false };
    state.step(finished, at(1_022));
    assert!(matches!(&state.step(Input::Tick, at(1_023))[..], [Command::Send(_)]));
    assert_eq!(state.next_due(), Some(at(1_050)));
    assert!(state.step(Input::Tick, at(1_049)).is_empty());
    assert!(matches!(&state.step(Input::Tick, at(1_050))[..], [Command::Commit(_)]));
}

#[test]
fn a_record_read_twice_is_taken_once() {
    let (mut state, ticket) = one_finished(Limits::default());
    let again = Input::Arrived { source: ticket.source, offset: 7, bytes: 10 };
    assert!(state.step(again, Duration::ZERO).is_empty());
}

#[test]
fn i7_a_revoked_partition_drops_what_nobody_has_begun() {
    let (mut state, ticket) = one_finished(Limits::default());
    let (now, source) = (Duration::ZERO, ticket.source);
    let commands = state.step(Input::Arrived { source: source.clone(), offset: 8, bytes: 1 }, now);
    let [Command::Analyse(waiting)] = &commands[..] else { panic!("{commands:?}") };
    assert!(
        state.step(Input::Revoked(vec![source.clone()]), now).is_empty(),
        "a result is not committed yet"
    );
    assert!(state.step(Input::Starting(waiting.clone()), now).is_empty(), "the next owner will do it");
    let commands = state.step(Input::Tick, now);
    assert!(matches!(&commands[1], Command::Commit(o) if o[..] == [(source.clone(), 8)]), "{commands:?}");
    assert_eq!(state.step(Input::Committed, now), [Command::Released(source)]);
}

#[test]
fn i9_a_partition_assigned_during_the_drain_admits_nothing() {
    let mut state: State<u32> = State::new(Limits::default());
    let (now, source) = (Duration::ZERO, World::source(0));
    assert!(state.step(Input::Drain, now).contains(&Command::Drained));
    state.step(Input::Assigned(source.clone()), now);
    assert!(state.step(Input::Arrived { source, offset: 0, bytes: 1 }, now).is_empty());
}
