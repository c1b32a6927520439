//! What a real Kafka does to a daemon beside killing it: partitions and topics that come later, ends that move,
//! brokers that refuse, more than memory holds.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use demarche::{
    delivery::Limits,
    kafka::{InputRecord, Options, Process},
    settings::Start,
};

use crate::{
    broker::{self, Broker},
    child::{self, Spec},
    service::{Service, flags},
    wire::{
        Running, SOON, committed, ended, fake, input, options, outputs, payload, read, topics, write,
        write_compressed,
    },
};

fn exactly_once(broker: &Broker, prefix: &str) -> Options {
    let limits = Limits { breaker_sample: 0, ..Limits::default() };
    // New partitions are seen sooner than by default.
    let extra = vec![("topic.metadata.refresh.interval.ms".to_owned(), "500".to_owned())];
    Options { limits, extra, ..options(&broker.brokers(), prefix) }
}

fn events(broker: &Broker, prefix: &str) -> Vec<String> {
    let all = read(&broker.brokers(), &outputs(prefix).stances, "read_committed");
    let mut texts: Vec<String> = all.iter().map(payload).collect();
    texts.sort();
    texts
}

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("event {n:03}")).collect()
}

#[test]
fn batches_of_every_codec_are_read() {
    let Some(broker) = broker::shared() else { return };
    let prefix = "codecs";
    broker.create(&topics(prefix, 1), &[]);
    for (n, codec) in ["gzip", "snappy", "lz4", "zstd"].iter().enumerate() {
        let records = numbered(n * 100..n * 100 + 100);
        write_compressed(&broker.brokers(), &input(prefix), 1, records, codec);
    }
    let daemon = Running::start(&exactly_once(broker, prefix), &fake());
    daemon.wait("all records", |s| ended(s) == 400);
    daemon.drain().expect("drain");
    assert_eq!(events(broker, prefix), numbered(0..400));
}

/// Unpinned, the end would be a later one at the next start, and what came meanwhile lost.
#[test]
fn the_end_to_begin_at_stays_where_it_was_at_the_first_assignment() {
    let Some(broker) = broker::shared() else { return };
    let prefix = "pinned";
    broker.create(&topics(prefix, 2), &[]);
    write(&broker.brokers(), &input(prefix), 2, numbered(0..10));
    let options = Options { start: Start::End, ..exactly_once(broker, prefix) };
    let first = Running::start(&options, &fake());
    first.wait("its partitions", |s| s.assignment.len() == 2);
    first.drain().expect("drain");
    write(&broker.brokers(), &input(prefix), 2, numbered(10..20));
    let second = Running::start(&options, &fake());
    second.wait("what came meanwhile", |s| ended(s) == 10);
    second.drain().expect("drain");
    assert_eq!(events(broker, prefix), numbered(10..20));
}

#[test]
fn partitions_added_later_are_read_from_their_beginning() {
    let Some(broker) = broker::shared() else { return };
    let prefix = "added";
    broker.create(&topics(prefix, 1), &[]);
    write(&broker.brokers(), &input(prefix), 1, numbered(0..10));
    let options = Options { start: Start::End, ..exactly_once(broker, prefix) };
    let daemon = Running::start(&options, &fake());
    daemon.wait("its partition", |s| s.assignment.len() == 1);
    broker.extend(&input(prefix), 3);
    write(&broker.brokers(), &input(prefix), 3, numbered(10..40));
    daemon.wait("the new partitions", |s| s.assignment.len() == 3);
    daemon.wait("their records", |s| ended(s) == 30);
    daemon.drain().expect("drain");
    assert_eq!(events(broker, prefix), numbered(10..40));

    // And where nobody reads when they are added, and who comes back has its old assignment still.
    broker.extend(&input(prefix), 4);
    write(&broker.brokers(), &input(prefix), 4, numbered(40..80));
    let daemon = Running::start(&options, &fake());
    daemon.wait("the rest", |s| ended(s) == 40);
    daemon.drain().expect("drain");
    assert_eq!(events(broker, prefix), numbered(10..80));
}

#[test]
fn an_input_topic_may_be_made_later() {
    let Some(broker) = broker::shared() else { return };
    let prefix = "late";
    let all = topics(prefix, 2);
    broker.create(&all[1..], &[]);
    let daemon = Running::start(&exactly_once(broker, prefix), &fake());
    std::thread::sleep(Duration::from_secs(1));
    broker.create(&all[..1], &[]);
    write(&broker.brokers(), &input(prefix), 2, numbered(0..10));
    daemon.wait("the records", |s| ended(s) == 10);
    daemon.drain().expect("drain");
}

/// Partitions go over while their records are in work, and come back when the other leaves.
#[test]
fn a_plain_hand_over_analyses_nothing_twice() {
    let Some(broker) = broker::shared() else { return };
    let (prefix, partitions, records) = ("handed-over", 6, 3_000);
    broker.create(&topics(prefix, partitions), &[]);
    write(&broker.brokers(), &input(prefix), partitions, (0..records).map(|n| format!("event {n}")));
    let analysed = Arc::new(Mutex::new(BTreeMap::new()));
    let (counts, fake) = (Arc::clone(&analysed), fake());
    let process: Process = Arc::new(move |record: &InputRecord| {
        *counts.lock().expect("counts").entry((record.source.partition, record.offset)).or_insert(0) += 1;
        std::thread::sleep(Duration::from_millis(5));
        fake(record)
    });
    let limits = Limits { held_records: 200, ..exactly_once(broker, prefix).limits };
    // A member hears of a rebalance with its next heartbeat.
    let extra = vec![("heartbeat.interval.ms".to_owned(), "500".to_owned())];
    let first = Options { limits, extra, ..exactly_once(broker, prefix) };
    let second = Options { instance: "b".to_owned(), ..first.clone() };
    let first = Running::start(&first, &process);
    first.wait("some records", |s| ended(s) > 100);
    let second = Running::start(&second, &process);
    second.wait("a share", |s| ended(s) > 100);
    let of_second = ended(&second.snapshot());
    assert!(of_second < records as u64 / 2, "it came too late to test anything");
    second.drain().expect("drain");
    let begun = Instant::now();
    while committed(&broker.brokers(), prefix, partitions).iter().sum::<i64>() < records as i64 {
        assert!(begun.elapsed() < SOON, "stalled");
        std::thread::sleep(Duration::from_millis(50));
    }
    first.drain().expect("drain");
    let analysed = analysed.lock().expect("counts");
    let twice: Vec<_> = analysed.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "analysed more than once: {twice:?}");
    assert_eq!((analysed.len(), events(broker, prefix).len()), (records, records));
}

#[test]
fn memory_is_bounded_with_a_million_records_waiting() {
    let Some(broker) = broker::shared() else { return };
    let (brokers, prefix) = (broker.brokers(), "million");
    broker.create(&topics(prefix, 6), &[]);
    let articles = (0..1_000_000).map(|n| format!("{{\"id\":\"{n}\",\"language\":\"fr\",\"text\":\"Un.\"}}"));
    write_compressed(&brokers, &input(prefix), 6, articles, "lz4");
    let service = Service::start(&flags(&brokers, prefix), &[]);
    let begun = Instant::now();
    let done = loop {
        let done: i64 = committed(&brokers, prefix, 6).iter().sum();
        if done >= 30_000 {
            break done;
        }
        assert!(begun.elapsed() < SOON, "{done}: {}", service.log());
        std::thread::sleep(Duration::from_millis(200));
    };
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.process())).expect("its status");
    let most = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its most");
    let kilobytes: u64 = most.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("kB");
    println!("{kilobytes} kB at most, {done} of a million records done");
    assert!(done < 900_000, "too few were left waiting to test anything");
    assert!(kilobytes < 400_000, "{most}");
}

/// A daemon as a process, started again as its supervisor would, until its group has committed `records`.
fn run_until_committed(broker: &Broker, prefix: &str, partitions: i32, records: i64) {
    let brokers = broker.brokers();
    let spec = Spec {
        brokers: brokers.clone(),
        prefix: prefix.to_owned(),
        instance: "a".to_owned(),
        transactional: true,
        work: Duration::ZERO,
        commit: Limits::default().commit_interval,
        transaction: child::SHORT,
        held: child::FEW,
        from: input(prefix),
    };
    let mut daemon = child::Process::start(&spec);
    let begun = Instant::now();
    while committed(&brokers, prefix, partitions).iter().sum::<i64>() < records {
        assert!(begun.elapsed() < SOON * 4, "stalled at {:?}", committed(&brokers, prefix, partitions));
        if let Some(code) = daemon.exit() {
            // 70 for its supervisor: a static member does not come back from a lost session by itself.
            assert!([69, 70, 75].contains(&code), "ended with {code}");
            daemon = child::Process::start(&spec);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    daemon.signal("TERM");
    daemon.wait();
}

/// One of three copies of the events is missing, and the topic wants all: for a minute nothing may be published, and
/// nothing is lost by it.
#[test]
fn brokers_that_refuse_records_for_a_minute_cost_nothing() {
    let Some(cluster) = broker::cluster() else { return };
    let broker = cluster.as_ref().expect("a cluster");
    let prefix = "refused";
    let all = topics(prefix, 1);
    broker.create(&all[..1], &[]);
    broker.create(&all[1..], &[("min.insync.replicas", "3")]);
    write(&broker.brokers(), &input(prefix), 1, numbered(0..50));
    run_until_committed(broker, prefix, 1, 50);
    std::thread::scope(|scope| {
        let bounce = scope.spawn(|| broker.bounce(2, "TERM", SOON));
        // The node takes a while to go, and the others to count without it.
        std::thread::sleep(Duration::from_secs(15));
        write(&broker.brokers(), &input(prefix), 1, numbered(50..100));
        let daemon = scope.spawn(|| run_until_committed(broker, prefix, 1, 100));
        std::thread::sleep(Duration::from_secs(30));
        assert_eq!(committed(&broker.brokers(), prefix, 1), [50], "committed without its events");
        bounce.join().expect("bounced");
        daemon.join().expect("what came meanwhile");
    });
    assert_eq!(events(broker, prefix), numbered(0..100));
}

/// A node that neither answers nor closes its connections, longer than its cluster and our session wait for it.
#[test]
fn a_silent_broker_costs_nothing() {
    let Some(cluster) = broker::cluster() else { return };
    let broker = cluster.as_ref().expect("a cluster");
    let prefix = "silent";
    broker.create(&topics(prefix, 3), &[]);
    write(&broker.brokers(), &input(prefix), 3, numbered(0..300));
    run_until_committed(broker, prefix, 3, 300);
    for node in 0..3 {
        std::thread::scope(|scope| {
            let silence = scope.spawn(move || broker.silence(node, Duration::from_secs(12)));
            let from = 300 + node * 100;
            // Those whose leader is silent are written when another leads.
            write(&broker.brokers(), &input(prefix), 3, numbered(from..from + 100));
            run_until_committed(broker, prefix, 3, 400 + node as i64 * 100);
            silence.join().expect("silenced");
        });
    }
    assert_eq!(events(broker, prefix), numbered(0..600));
}
