//! Exactly once, on a real Kafka: the comparison with an undisturbed run, and the traps that have
//! broken it before.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use demarche::{
    delivery::Limits,
    kafka::{Failure, Options, Process},
};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    message::OwnedMessage,
    producer::{BaseProducer, Producer},
};

use crate::{
    broker::{self, Broker},
    child::{self, Spec},
    wire::{
        Running, SOON, committed, ended, fake, header, input, options, outputs, payload, read, topics, write,
    },
};

const PARTITIONS: i32 = 6;
/// Records of the disturbed run.
const RECORDS: usize = 10_000;

/// What becomes of the records, so that events, dead letters and silence are all among them.
fn mixed(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|n| match n % 20 {
        3 => format!("none {n}"),
        7 => format!("bad {n}"),
        11 => format!("panic {n}"),
        _ => format!("event {n}"),
    })
}

/// A small generator, so that a seed repeats a run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// What stands on the output topics, each with its number of times.
fn published(brokers: &str, prefix: &str) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for message in read(brokers, &outputs(prefix).stances, "read_committed") {
        *found.entry(("event".to_owned(), payload(&message))).or_insert(0) += 1;
    }
    for message in read(brokers, &outputs(prefix).dead_letters, "read_committed") {
        let reason = header(&message, "dlq-reason").expect("reason");
        *found.entry((reason, payload(&message))).or_insert(0) += 1;
    }
    found
}

/// On each output partition the records of a source partition stand in the order of their offsets.
fn assert_in_order(messages: &[OwnedMessage]) {
    let mut last = BTreeMap::new();
    for message in messages {
        let source = header(message, "source").expect("source");
        let (partition, offset) = source.split_once('/').expect("partition/offset");
        let offset: i64 = offset.parse().expect("offset");
        let before = last.insert((message.partition(), partition.to_owned()), offset);
        assert!(before.is_none_or(|b| b < offset), "{source} stands after {before:?}");
    }
}

fn wait_for_commits(brokers: &str, prefix: &str, records: usize, longest: Duration) {
    let begun = Instant::now();
    loop {
        // Control records take offsets too, but not on the input.
        let done: i64 = committed(brokers, prefix, PARTITIONS).iter().sum();
        if done >= records as i64 {
            return;
        }
        assert!(begun.elapsed() < longest, "{done} of {records} after {longest:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Two workers and a broker under a plan of kills, stops and terminations.
struct Storm<'a> {
    broker: &'a Broker,
    dice: Dice,
    specs: [Spec; 2],
    workers: [Option<child::Process>; 2],
    exits: BTreeMap<i32, usize>,
}

impl Storm<'_> {
    /// Starts again what has ended; the second worker only while wanted.
    fn supervise(&mut self, second: bool) {
        for (slot, wanted) in [(0, true), (1, second)] {
            if let Some(code) = self.workers[slot].as_mut().and_then(child::Process::exit) {
                *self.exits.entry(code).or_insert(0) += 1;
                self.workers[slot] = None;
            }
            if wanted && self.workers[slot].is_none() {
                self.workers[slot] = Some(child::Process::start(&self.specs[slot]));
            }
        }
    }

    fn strike(&mut self, round: u64) {
        let slot = self.dice.roll(2) as usize;
        let Some(victim) = &self.workers[slot] else { return };
        match round % 4 {
            0 | 2 => victim.signal("KILL"),
            1 => {
                // Longer than its session: a zombie that comes back to an assignment long lost.
                victim.signal("STOP");
                std::thread::sleep(Duration::from_secs(8));
                victim.signal("CONT");
            }
            _ => victim.signal("TERM"),
        }
    }
}

#[test]
fn a_disturbed_run_publishes_what_an_undisturbed_one_does() {
    let Some(cluster) = broker::cluster() else { return };
    let broker = cluster.as_ref().expect("a cluster");
    let seed = std::env::var("DEMARCHE_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("clock");
        now.as_secs()
    });
    println!("seed {seed}: DEMARCHE_TEST_SEED={seed} repeats this run");
    let brokers = broker.brokers();
    for prefix in ["calm", "storm"] {
        broker.create(&topics(prefix, PARTITIONS), &[]);
        write(&brokers, &input(prefix), PARTITIONS, mixed(RECORDS));
    }
    let calm = Running::start(&exactly_once(&brokers, "calm"), &fake());
    calm.wait("all records", |s| ended(s) == RECORDS as u64);
    calm.drain().expect("drain");

    let spec = |instance: &str| Spec {
        brokers: brokers.clone(),
        prefix: "storm".to_owned(),
        instance: instance.to_owned(),
        transactional: true,
        work: Duration::from_millis(6),
        commit: Limits::default().commit_interval,
        transaction: child::SHORT,
        held: child::FEW,
        from: input("storm"),
    };
    let mut storm = Storm {
        broker,
        dice: Dice(seed | 1),
        specs: [spec("a"), spec("b")],
        workers: [None, None],
        exits: BTreeMap::new(),
    };
    let begun = Instant::now();
    let (mut next, mut round, mut bounced) = (Duration::from_secs(3), 0, false);
    loop {
        storm.supervise((1..6).contains(&round));
        let done: i64 = committed(&brokers, "storm", PARTITIONS).iter().sum();
        if done >= RECORDS as i64 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "{done} records, exits {:?}", storm.exits);
        if round < 7 && begun.elapsed() > next {
            storm.strike(round);
            round += 1;
            next = begun.elapsed() + Duration::from_millis(500 + storm.dice.roll(2_000));
        }
        if !bounced && round == 1 {
            let (name, away) = if seed.is_multiple_of(2) { ("TERM", 3) } else { ("KILL", 1) };
            let node = storm.dice.roll(3) as usize;
            storm.broker.bounce(node, name, Duration::from_secs(away));
            bounced = true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("{RECORDS} records in {:?}, {round} strikes, exits {:?}", begun.elapsed(), storm.exits);
    for worker in storm.workers.iter_mut().flatten() {
        worker.signal("TERM");
        let code = worker.wait();
        assert!(matches!(code, 0 | 70 | 75), "a worker ended with {code}");
    }
    assert!(bounced, "the run was over before it was disturbed");

    // Behind the open transaction of a worker that was killed at the end, committed events are not to be read until
    // the broker aborts it.
    let (calm, begun) = (published(&brokers, "calm"), Instant::now());
    let mut found = published(&brokers, "storm");
    while found.len() < calm.len() && begun.elapsed() < SOON {
        std::thread::sleep(Duration::from_secs(1));
        found = published(&brokers, "storm");
    }
    let twice: Vec<_> = found.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "seed {seed}: {} records twice, as {:?}", twice.len(), twice.first());
    let lost: Vec<_> = calm.keys().filter(|key| !found.contains_key(*key)).collect();
    assert!(lost.is_empty(), "seed {seed}: {} records lost, as {:?}", lost.len(), lost.first());
    assert_eq!(found.len(), calm.len(), "seed {seed}: something was published that nobody wrote");
    assert_in_order(&read(&brokers, &outputs("storm").stances, "read_committed"));
    let hidden = read(&brokers, &outputs("storm").stances, "read_uncommitted").len();
    println!("{hidden} events were written, aborted ones included");
}

/// A static member whose broker was away for longer than its session never recovers by itself: it
/// has to end, and the next start goes on.
#[test]
fn a_broker_away_for_longer_than_the_session_costs_nothing() {
    let Some(broker) = Broker::start() else { return };
    let (brokers, prefix, records) = (broker.brokers(), "outage", 3_000);
    broker.create(&topics(prefix, PARTITIONS), &[]);
    write(&brokers, &input(prefix), PARTITIONS, mixed(records));
    let spec = Spec {
        brokers: brokers.clone(),
        prefix: prefix.to_owned(),
        instance: "a".to_owned(),
        transactional: true,
        work: Duration::from_millis(4),
        // The broker goes right after a commit, and long before the next: see `broker` on nodes that are alone.
        commit: Duration::from_secs(3),
        // Outlives the outage: what a broker alone aborts while it starts, it aborts without markers, and the next
        // commit of this producer publishes it (see `broker` on nodes that are alone).
        transaction: Duration::from_secs(120),
        held: child::FEW,
        from: input(prefix),
    };
    let mut worker = child::Process::start(&spec);
    wait_for_commits(&brokers, prefix, 500, SOON);
    broker.bounce(0, "KILL", Duration::from_secs(8));
    let begun = Instant::now();
    while committed(&brokers, prefix, PARTITIONS).iter().sum::<i64>() < records as i64 {
        assert!(begun.elapsed() < SOON * 2, "stalled");
        if let Some(code) = worker.exit() {
            assert_eq!(code, 70, "a worker may end so, for its supervisor to start it again");
            worker = child::Process::start(&spec);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let found = published(&brokers, prefix);
    assert!(found.values().all(|n| *n == 1), "something was published twice");
    assert_eq!(found.len(), records - records / 20, "all but what gives no event");
}

fn exactly_once(brokers: &str, prefix: &str) -> Options {
    let limits = Limits { breaker_sample: 0, ..Limits::default() };
    Options { limits, ..options(brokers, prefix) }
}

/// The defect of librdkafka that the explicit offsets are for: an open transaction holds the
/// group's offsets, and the assignment changes meanwhile.
#[test]
fn offsets_held_by_an_open_transaction_are_waited_for() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "unstable");
    broker.create(&topics(prefix, PARTITIONS), &[]);
    write(&brokers, &input(prefix), PARTITIONS, (0..600).map(|n| format!("event {n}")));
    let member: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &brokers)
        .set("group.id", prefix)
        .create()
        .expect("consumer");
    let other: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &brokers)
        .set("transactional.id", "somebody-killed")
        .create()
        .expect("producer");
    let metadata = member.group_metadata().expect("metadata");
    let offsets = |offset| {
        let mut list = TopicPartitionList::new();
        for partition in 0..PARTITIONS {
            list.add_partition_offset(&input(prefix), partition, Offset::Offset(offset)).expect("offset");
        }
        list
    };
    other.init_transactions(SOON).expect("init");
    other.begin_transaction().expect("begin");
    other.send_offsets_to_transaction(&offsets(50), &metadata, SOON).expect("offsets");
    other.commit_transaction(SOON).expect("commit");
    other.begin_transaction().expect("begin");
    other.send_offsets_to_transaction(&offsets(60), &metadata, SOON).expect("offsets");

    let first = Running::start(&exactly_once(&brokers, prefix), &fake());
    std::thread::sleep(Duration::from_secs(2));
    let second = Options { instance: "b".to_owned(), ..exactly_once(&brokers, prefix) };
    let second = Running::start(&second, &fake());
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(first.snapshot().read + second.snapshot().read, 0, "read while offsets were unstable");
    other.abort_transaction(SOON).expect("abort");

    first.wait("the rest", |s| ended(s) + ended(&second.snapshot()) == 300);
    std::thread::sleep(Duration::from_millis(500));
    first.drain().expect("drain");
    second.drain().expect("drain");
    let events = read(&brokers, &outputs(prefix).stances, "read_committed");
    assert_eq!(events.len(), 300);
    let early = events.iter().filter(|m| {
        let source = header(m, "source").expect("source");
        source.split_once('/').expect("offset").1.parse::<i64>().expect("offset") < 50
    });
    assert_eq!(early.count(), 0, "records were read that were committed before");
}

/// The client remembers a pause beyond the assignment in which it was made.
#[test]
fn a_partition_given_back_while_paused_is_read_when_it_returns() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix, records) = (broker.brokers(), "paused", 400);
    broker.create(&topics(prefix, PARTITIONS), &[]);
    write(&brokers, &input(prefix), PARTITIONS, (0..records).map(|n| format!("event {n}")));
    let gate = Arc::new(AtomicBool::new(false));
    let (held, fake_process) = (Arc::clone(&gate), fake());
    let behind_gate: Process = Arc::new(move |record| {
        while !held.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(5));
        }
        fake_process(record)
    });
    let limits = Limits { held_records: 10, ..exactly_once(&brokers, prefix).limits };
    let options =
        Options { limits, revoke_timeout: Duration::from_millis(500), ..exactly_once(&brokers, prefix) };
    let first = Running::start(&options, &behind_gate);
    first.wait("a pause", |s| s.assignment.len() == PARTITIONS as usize && s.paused);
    let second = Running::start(&Options { instance: "b".to_owned(), ..options }, &behind_gate);
    second.wait("its share", |s| s.assignment.len() == PARTITIONS as usize / 2);
    gate.store(true, Ordering::Release);
    first.wait("an end of the pause", |s| !s.paused && ended(s) > 0);
    second.drain().expect("drain");
    first.wait("what comes back", |s| s.assignment.len() == PARTITIONS as usize);
    wait_for_commits(&brokers, prefix, records, SOON);
    first.drain().expect("drain");
    assert_eq!(read(&brokers, &outputs(prefix).stances, "read_committed").len(), records);
}

#[test]
fn a_second_process_of_the_same_name_ends_the_first_with_70() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "fenced");
    broker.create(&topics(prefix, 1), &[]);
    let first = Running::start(&exactly_once(&brokers, prefix), &fake());
    first.wait("its partition", |s| s.assignment.len() == 1);
    let second = Running::start(&exactly_once(&brokers, prefix), &fake());
    write(&brokers, &input(prefix), 1, (0..10).map(|n| format!("event {n}")));
    let failure = first.end().expect_err("fenced");
    assert!(matches!(failure, Failure::Fenced { .. }), "{failure}");
    assert_eq!(failure.exit_code(), 70);
    second.wait("the records", |s| ended(s) == 10);
    second.drain().expect("drain");
    assert_eq!(read(&brokers, &outputs(prefix).stances, "read_committed").len(), 10);
}

#[test]
fn a_record_larger_than_the_topic_allows_becomes_its_own_dead_letter() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "oversize");
    broker.create(&topics(prefix, 1), &[("max.message.bytes", "20000")]);
    let records = ["event 0", "long 1", "event 2"].map(str::to_owned);
    write(&brokers, &input(prefix), 1, records);
    let daemon = Running::start(&exactly_once(&brokers, prefix), &fake());
    daemon.wait("all records", |s| ended(s) == 3);
    daemon.drain().expect("drain");
    let events = read(&brokers, &outputs(prefix).stances, "read_committed");
    let mut events: Vec<String> = events.iter().map(payload).collect();
    events.sort();
    assert_eq!(events, ["event 0", "event 2"]);
    let letters = read(&brokers, &outputs(prefix).dead_letters, "read_committed");
    assert_eq!(letters.iter().map(payload).collect::<Vec<_>>(), ["long 1"]);
}

#[test]
fn a_missing_output_topic_ends_the_start_with_78() {
    let Some(broker) = broker::shared() else { return };
    let options =
        Options { start_timeout: Duration::from_secs(2), ..exactly_once(&broker.brokers(), "never-made") };
    let board = std::sync::Arc::new(demarche::admin::Board::new(1, 0));
    let started = demarche::kafka::Daemon::start(&options, &fake(), &board, None);
    let Err(failure) = started else { panic!("started") };
    assert_eq!(failure.exit_code(), 78, "{failure}");
    assert!(failure.to_string().contains("never-made-events"), "{failure}");
}

#[test]
fn lag_counts_to_the_last_stable_offset() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "lag");
    broker.create(&topics(prefix, 1), &[]);
    write(&brokers, &input(prefix), 1, (0..20).map(|n| format!("event {n}")));
    let daemon = Running::start(&exactly_once(&brokers, prefix), &fake());
    daemon.wait("the records", |s| ended(s) == 20);
    let begun = Instant::now();
    loop {
        let status = daemon.board.status();
        if let [partition] = &status.partitions[..]
            && partition.end == Some(20)
            && partition.committed == Some(20)
        {
            break;
        }
        assert!(begun.elapsed() < SOON, "{status:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    daemon.drain().expect("drain");
}

#[test]
fn the_new_group_protocol_works_too() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "kip848");
    broker.create(&topics(prefix, PARTITIONS), &[]);
    write(&brokers, &input(prefix), PARTITIONS, (0..600).map(|n| format!("event {n}")));
    let extra = vec![("group.protocol".to_owned(), "consumer".to_owned())];
    let daemon = Running::start(&Options { extra, ..exactly_once(&brokers, prefix) }, &fake());
    daemon.wait("all records", |s| ended(s) == 600);
    daemon.drain().expect("drain");
    wait_for_commits(&brokers, prefix, 600, SOON);
    assert_eq!(read(&brokers, &outputs(prefix).stances, "read_committed").len(), 600);
}
