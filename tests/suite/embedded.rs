//! The daemon on the embedded broker: all that does not rest on the meaning of transactions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use demarche::{
    admin::NotReady,
    delivery::Limits,
    kafka::{Daemon, InputRecord, Options, Process, embedded::Broker},
};
use rdkafka::Message;

use crate::{
    child::{self, Spec},
    wire::{Running, committed, ended, fake, header, input, options, outputs, payload, read, topics, write},
};

const PREFIX: &str = "t";

fn broker() -> Broker {
    let topics = topics(PREFIX, 3);
    let topics: Vec<(&str, i32)> = topics.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    Broker::start(&topics).expect("embedded broker")
}

fn limits() -> Limits {
    Limits { transactional: false, breaker_sample: 0, ..Limits::default() }
}

fn at_least_once(broker: &Broker) -> Options {
    Options { limits: limits(), ..options(&broker.brokers(), PREFIX) }
}

fn spec(broker: &Broker, work: Duration) -> Spec {
    Spec {
        brokers: broker.brokers(),
        prefix: PREFIX.to_owned(),
        instance: "a".to_owned(),
        transactional: false,
        work,
        commit: Limits::default().commit_interval,
        transaction: child::SHORT,
        held: child::FEW,
        from: input(PREFIX),
    }
}

fn events(broker: &Broker) -> Vec<String> {
    read(&broker.brokers(), &outputs(PREFIX).stances, "read_committed").iter().map(payload).collect()
}

#[test]
fn every_record_ends_in_one_of_four_ways() {
    let broker = broker();
    let kinds = ["event", "none", "bad", "panic", "large"];
    write(&broker.brokers(), &input(PREFIX), 3, (0..50).map(|n| format!("{} {n}", kinds[n % 5])));
    let daemon = Running::start(&at_least_once(&broker), &fake());
    daemon.wait("all records", |s| ended(s) == 50);
    let snapshot = daemon.snapshot();
    daemon.drain().expect("drain");

    assert_eq!(snapshot.ended["events"], 10);
    assert_eq!(snapshot.ended["no_event"], 10);
    assert_eq!(snapshot.ended["dead_letter"], 30);
    let events = events(&broker);
    assert_eq!(events.len(), 10);
    assert!(events.iter().all(|text| text.starts_with("event")));
    let mut reasons = BTreeMap::new();
    for letter in read(&broker.brokers(), &outputs(PREFIX).dead_letters, "read_committed") {
        let reason = header(&letter, "dlq-reason").expect("reason");
        let detail = header(&letter, "dlq-detail").expect("detail");
        assert_eq!(detail.contains("wire.rs:"), reason == "panic", "{detail}");
        assert!(!detail.contains("asked"), "words of a panic are nobody's: {detail}");
        *reasons.entry(reason).or_insert(0) += 1;
        let n: i64 = payload(&letter).split_whitespace().nth(1).unwrap().parse().unwrap();
        assert_eq!(letter.key(), Some(format!("key-{}", n % 36).as_bytes()));
        assert_eq!(header(&letter, "dlq-partition"), Some((n % 3).to_string()));
        assert_eq!(header(&letter, "dlq-offset"), Some((n / 3).to_string()));
    }
    let expected = [("panic", 10), ("too_large", 10), ("unreadable", 10)];
    assert_eq!(reasons, expected.map(|(r, n)| (r.to_owned(), n)).into());
}

#[test]
fn a_backlog_is_read_in_bounds() {
    let broker = broker();
    write(&broker.brokers(), &input(PREFIX), 3, (0..40_000).map(|n| format!("event {n}")));
    let options = Options {
        limits: Limits { held_records: 200, held_bytes: 1 << 20, ..limits() },
        ..at_least_once(&broker)
    };
    let daemon = Running::start(&options, &fake());
    let (most, pauses) = (AtomicUsize::new(0), AtomicUsize::new(0));
    daemon.wait("all records", |s| {
        most.fetch_max(s.held_records, Ordering::Relaxed);
        pauses.fetch_add(usize::from(s.paused), Ordering::Relaxed);
        ended(s) == 40_000
    });
    daemon.drain().expect("drain");
    let most = most.into_inner();
    assert!(most <= 210, "{most} records were held");
    assert!(pauses.into_inner() > 0, "intake never paused");
    let distinct: BTreeSet<String> = events(&broker).into_iter().collect();
    assert_eq!(distinct.len(), 40_000);
}

#[test]
fn sigterm_drains_and_the_next_start_goes_on_from_there() {
    let broker = broker();
    write(&broker.brokers(), &input(PREFIX), 3, (0..3_000).map(|n| format!("event {n}")));
    let spec = spec(&broker, Duration::from_millis(1));
    let mut first = child::Process::start(&spec);
    wait_for_commits(&broker, 300);
    first.signal("TERM");
    assert_eq!(first.wait(), 0);
    let done = committed(&broker.brokers(), PREFIX, 3).iter().sum::<i64>();
    assert!(done < 3_000, "the drain came too late to test anything");
    assert_eq!(events(&broker).len() as i64, done, "all that was sent is committed");

    let mut second = child::Process::start(&spec);
    wait_for_commits(&broker, 3_000);
    second.signal("TERM");
    assert_eq!(second.wait(), 0);
    let events = events(&broker);
    assert_eq!(events.len(), 3_000, "nothing was sent twice over a clean restart");
    assert_eq!(events.into_iter().collect::<BTreeSet<_>>().len(), 3_000);
}

#[test]
fn at_least_once_loses_nothing_to_kill_9() {
    let broker = broker();
    write(&broker.brokers(), &input(PREFIX), 3, (0..3_000).map(|n| format!("event {n}")));
    let spec = spec(&broker, Duration::from_millis(1));
    for so_far in [500, 1_500] {
        let mut victim = child::Process::start(&spec);
        wait_for_commits(&broker, so_far);
        victim.signal("KILL");
        victim.wait();
    }
    let _last = child::Process::start(&spec);
    wait_for_commits(&broker, 3_000);
    let distinct: BTreeSet<String> = events(&broker).into_iter().collect();
    assert_eq!(distinct.len(), 3_000);
}

#[test]
fn a_drain_that_takes_too_long_ends_with_75() {
    let broker = broker();
    write(&broker.brokers(), &input(PREFIX), 3, ["event 1".to_owned()]);
    let (entered, hang) = (Arc::new(AtomicUsize::new(0)), Duration::from_secs(5));
    let seen = Arc::clone(&entered);
    let process: Process = Arc::new(move |record: &InputRecord| {
        seen.fetch_add(1, Ordering::Release);
        std::thread::sleep(hang);
        fake()(record)
    });
    let options = Options { drain_timeout: Duration::from_millis(300), ..at_least_once(&broker) };
    let daemon = Running::start(&options, &process);
    daemon.wait("the analysis", |_| entered.load(Ordering::Acquire) > 0);
    let failure = daemon.drain().expect_err("deadline");
    assert_eq!(failure.exit_code(), 75, "{failure}");
}

#[test]
fn the_breaker_holds_back_a_feed_of_rubbish_and_closes_when_it_gets_better() {
    let broker = broker();
    // Few more than the sample: each of the rest costs a probe, and on a busy machine a probe takes a second.
    write(&broker.brokers(), &input(PREFIX), 3, (0..70).map(|n| format!("bad {n}")));
    let options = Options {
        limits: Limits {
            breaker_sample: 50,
            probe_interval: Duration::from_millis(300),
            held_records: 400,
            // No commit before the sample is complete.
            commit_interval: Duration::from_secs(2),
            batch_records: 400,
            ..limits()
        },
        ..at_least_once(&broker)
    };
    let daemon = Running::start(&options, &fake());
    daemon.wait("the breaker", |s| s.breaker_open);
    daemon.wait("a probe", |s| s.read > 50);
    std::thread::sleep(Duration::from_millis(500));
    assert!(daemon.snapshot().breaker_open, "a probe of rubbish does not close it");
    assert!(matches!(daemon.board.health.ready(), Err(NotReady::Breaker(_))));
    write(&broker.brokers(), &input(PREFIX), 3, (0..300).map(|n| format!("event {n}")));
    daemon.wait("a closed breaker", |s| !s.breaker_open);
    daemon.wait("all records", |s| ended(s) == 370);
    // Health is looked at from time to time.
    daemon.wait("readiness", |_| daemon.board.health.ready() == Ok(()));
    daemon.drain().expect("drain");
}

#[test]
fn brokers_out_of_reach_end_with_69() {
    let options = Options { start_timeout: Duration::from_millis(500), ..options("127.0.0.1:1", "nobody") };
    let board = Arc::new(demarche::admin::Board::new(1, 0));
    let Err(failure) = Daemon::start(&options, &fake(), &board, None) else { panic!("started") };
    assert_eq!(failure.exit_code(), 69, "{failure}");
}

#[test]
fn two_instances_share_and_one_takes_over_when_the_other_leaves() {
    let broker = broker();
    let first = Running::start(&at_least_once(&broker), &fake());
    first.wait("all partitions", |s| s.assignment.len() == 3);
    let second = Options { instance: "b".to_owned(), ..at_least_once(&broker) };
    let second = Running::start(&second, &fake());
    second.wait("a share", |s| !s.assignment.is_empty());
    first.wait("the rest", |s| s.assignment.len() < 3);
    write(&broker.brokers(), &input(PREFIX), 3, (0..300).map(|n| format!("event {n}")));
    first.wait("its part", |s| ended(s) + ended(&second.snapshot()) == 300);
    second.drain().expect("drain");
    first.wait("all partitions again", |s| s.assignment.len() == 3);
    write(&broker.brokers(), &input(PREFIX), 3, (300..600).map(|n| format!("event {n}")));
    first.wait("the new records", |s| ended(s) >= 300);
    first.drain().expect("drain");
    let events = events(&broker);
    assert_eq!(events.into_iter().collect::<BTreeSet<_>>().len(), 600);
}

fn wait_for_commits(broker: &Broker, records: i64) {
    let begun = std::time::Instant::now();
    while committed(&broker.brokers(), PREFIX, 3).iter().sum::<i64>() < records {
        assert!(begun.elapsed() < crate::wire::SOON, "waited in vain for {records} commits");
        std::thread::sleep(Duration::from_millis(20));
    }
}
