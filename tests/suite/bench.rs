//! How fast, beside others on the same broker in the same run. Prints figures; asserts what the promise names.
//!
//! `cargo test --release --test suite -- --ignored --nocapture --test-threads 1 bench`

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use demarche::delivery::Limits;
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    producer::{BaseProducer, BaseRecord, Producer},
};

use crate::{
    broker::Broker,
    child::{self, Spec},
    service::{Service, command, flags},
    wire::{committed, input, outputs, topics},
};

const PARTITIONS: i32 = 6;
const RECORDS: i64 = 100_000;
const SIZE: usize = 3_000;
const ROUNDS: usize = 3;
const CALL: Duration = Duration::from_secs(15);
/// What the daemon waits between commits unless told otherwise.
const COMMIT: Duration = Duration::from_millis(50);

/// Words enough that a codec has to work, as with an article.
fn payload(n: usize) -> String {
    let words = ["minister", "council", "draft", "vote", "border", "embassy", "talks", "quarter", "river"];
    let (mut text, mut state) = (format!("event {n}"), n as u64 * 2 + 1);
    while text.len() < SIZE {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push(' ');
        text.push_str(words[(state % 9) as usize]);
        text.push_str(&(state % 9_973).to_string());
    }
    text
}

fn producer(brokers: &str) -> BaseProducer {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("enable.idempotence", "true")
        .set("linger.ms", "5")
        .create()
        .expect("producer")
}

fn feed(brokers: &str, topic: &str, records: usize, a_second: Option<u32>) {
    let (producer, begun) = (producer(brokers), Instant::now());
    for n in 0..records {
        if let Some(rate) = a_second {
            let due = Duration::from_secs(1) / rate * n as u32;
            while begun.elapsed() < due {
                producer.poll(Duration::from_millis(1));
            }
        }
        let (key, text) = (format!("key-{}", n % 997), payload(n));
        let mut record = BaseRecord::to(topic).key(&key).payload(&text);
        while let Err((_, again)) = producer.send(record) {
            producer.poll(Duration::from_millis(10));
            record = again;
        }
        producer.poll(Duration::ZERO);
    }
    producer.flush(Duration::from_secs(120)).expect("fed");
}

/// The least that copies exactly once with the same client: consume, produce, send offsets, commit.
fn bare_copy(brokers: &str, group: &str, from: &str, to: &str, over: &AtomicBool) {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        .set("fetch.queue.backoff.ms", "50")
        .create()
        .expect("consumer");
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("transactional.id", group)
        .set("linger.ms", "5")
        .set("compression.type", "zstd")
        .set("queue.buffering.max.messages", "20000")
        .create()
        .expect("producer");
    producer.init_transactions(CALL).expect("init");
    consumer.subscribe(&[from]).expect("subscribed");
    let mut next: BTreeMap<i32, i64> = BTreeMap::new();
    let (mut begun, mut held) = (Instant::now(), 0);
    while !over.load(Ordering::Acquire) {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(1)) {
            if next.is_empty() {
                producer.begin_transaction().expect("begin");
            }
            let mut record = BaseRecord::<[u8], [u8], ()>::to(to);
            (record.key, record.payload) = (message.key(), message.payload());
            record.timestamp = message.timestamp().to_millis();
            while let Err((_, again)) = producer.send(record) {
                producer.poll(Duration::from_millis(1));
                record = again;
            }
            next.insert(message.partition(), message.offset() + 1);
            held += 1;
        }
        producer.poll(Duration::ZERO);
        if !next.is_empty() && (held >= 2_000 || begun.elapsed() >= COMMIT) {
            begun = Instant::now();
            while producer.in_flight_count() > 0 {
                producer.poll(Duration::from_millis(1));
            }
            let mut list = TopicPartitionList::new();
            for (partition, offset) in std::mem::take(&mut next) {
                list.add_partition_offset(from, partition, Offset::Offset(offset)).expect("offset");
            }
            let metadata = consumer.group_metadata().expect("membership");
            producer.send_offsets_to_transaction(&list, &metadata, CALL).expect("offsets");
            producer.commit_transaction(CALL).expect("commit");
            held = 0;
        }
    }
}

/// Who copies from the input of a run to its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Bare,
    Daemon,
    Streams,
}

/// A copier at work; it ends when dropped.
enum Work {
    Bare(Arc<AtomicBool>, Option<thread::JoinHandle<()>>),
    Daemon(child::Process),
    Streams(Child, #[allow(dead_code)] tempfile::TempDir),
}

impl Work {
    fn start(who: Who, brokers: &str, group: &str, from: &str) -> Self {
        let (brokers, group, from) = (brokers.to_owned(), group.to_owned(), from.to_owned());
        let to = outputs(&group).stances;
        match who {
            Who::Bare => {
                let over = Arc::new(AtomicBool::new(false));
                let stop = Arc::clone(&over);
                let thread = thread::spawn(move || bare_copy(&brokers, &group, &from, &to, &stop));
                Self::Bare(over, Some(thread))
            }
            Who::Daemon => Self::Daemon(child::Process::start(&Spec {
                brokers,
                prefix: group,
                instance: "a".to_owned(),
                transactional: true,
                work: Duration::ZERO,
                commit: COMMIT,
                transaction: child::SHORT,
                held: Limits::default().held_records,
                from,
            })),
            Who::Streams => {
                let state = tempfile::tempdir().expect("a folder");
                let folder = state.path().to_str().expect("UTF-8");
                let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/Copy.java");
                let child = Command::new("java")
                    .args(["-Xmx512m", source.to_str().expect("UTF-8")])
                    .args([&brokers, &group, &from, &to, "50", folder])
                    .env("CLASSPATH", peer().expect("jars"))
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("java");
                Self::Streams(child, state)
            }
        }
    }
}

impl Work {
    /// The process that does it; the bare copy's is that of the test, which only asks for offsets meanwhile.
    fn process(&self) -> String {
        match self {
            Self::Streams(child, _) => child.id().to_string(),
            Self::Daemon(child) => child.id().to_string(),
            Self::Bare(..) => "self".to_owned(),
        }
    }

    /// Megabytes of memory that its process holds at most so far.
    fn peak_memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).expect("its state");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        peak.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).expect("kilobytes") / 1024.0
    }

    /// Seconds of processor time that its process has spent.
    fn processor_time(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/stat", self.process())).expect("its state");
        let fields: Vec<&str> = status.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |n: usize| fields[n].parse::<f64>().expect("ticks");
        // User and system, a hundred ticks a second on Linux.
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        match self {
            Self::Bare(over, thread) => {
                over.store(true, Ordering::Release);
                thread.take().map(thread::JoinHandle::join);
            }
            // Killed when it is dropped.
            Self::Daemon(_) => {}
            Self::Streams(child, _) => {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

/// The class path of the peer; none where Maven cannot have it.
fn peer() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/test-peer/libs");
    if !folder.exists() {
        let made = Command::new("mvn")
            .args(["-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime", "-f"])
            .arg(root.join("tests/peers/pom.xml"))
            .arg(format!("-DoutputDirectory={}", folder.display()))
            .output();
        if !made.is_ok_and(|output| output.status.success()) {
            crate::skipped::skipped("NO JARS: Kafka Streams was not measured");
            return None;
        }
    }
    let jars = std::fs::read_dir(&folder).ok()?.filter_map(|f| f.ok()?.path().to_str().map(str::to_owned));
    Some(jars.collect::<Vec<_>>().join(":"))
}

fn contestants() -> Vec<Who> {
    let mut all = vec![Who::Bare, Who::Daemon];
    all.extend(peer().map(|_| Who::Streams));
    all
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

#[test]
#[ignore = "a benchmark"]
fn throughput_beside_a_bare_copy_and_kafka_streams() {
    let Some(broker) = Broker::start() else { return };
    let brokers = broker.brokers();
    broker.create(&[(input("bench"), PARTITIONS)], &[]);
    feed(&brokers, &input("bench"), RECORDS as usize, None);
    let mut rates: BTreeMap<Who, Vec<f64>> = BTreeMap::new();
    for round in 0..ROUNDS {
        let mut all = contestants();
        if round % 2 == 1 {
            all.reverse();
        }
        for who in all {
            let group = format!("{who:?}-{round}").to_lowercase();
            broker.create(&topics(&group, PARTITIONS)[1..], &[]);
            let work = Work::start(who, &brokers, &group, &input("bench"));
            let done = || -> i64 { progress(&brokers, &group) };
            let first = loop {
                let done = done();
                if done > 0 {
                    break (Instant::now(), done, work.processor_time());
                }
                thread::sleep(Duration::from_millis(5));
            };
            while done() < RECORDS {
                thread::sleep(Duration::from_millis(5));
            }
            let rate = (RECORDS - first.1) as f64 / first.0.elapsed().as_secs_f64();
            let spent = (work.processor_time() - first.2) / (RECORDS - first.1) as f64 * 1e6;
            let memory = work.peak_memory();
            println!(
                "{who:?}, round {round}: {rate:.0} records/s, {spent:.1} processor seconds a million records, \
                 {memory:.0} MB at the peak"
            );
            rates.entry(who).or_default().push(rate);
            drop(work);
        }
    }
    let medians: BTreeMap<Who, f64> = rates.iter_mut().map(|(who, rates)| (*who, median(rates))).collect();
    let ratio = medians[&Who::Daemon] / medians[&Who::Bare];
    println!("medians of {ROUNDS}: {medians:.0?}; daemon to bare copy {ratio:.2}");
}

/// The sum of the group's committed offsets.
fn progress(brokers: &str, group: &str) -> i64 {
    thread_local! {
        static ASKS: std::cell::RefCell<Option<(String, BaseConsumer)>> = const { std::cell::RefCell::new(None) };
    }
    // One consumer a group: making one takes longer than asking.
    ASKS.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(of, _)| of != group) {
            let mut settings = ClientConfig::new();
            settings.set("bootstrap.servers", brokers).set("group.id", group);
            *kept = Some((group.to_owned(), settings.create().expect("consumer")));
        }
        let mut list = TopicPartitionList::new();
        list.add_partition_range(&input("bench"), 0, PARTITIONS - 1);
        let (_, consumer) = kept.as_ref().expect("made");
        let Ok(answer) = consumer.committed_offsets(list, CALL) else { return 0 };
        answer.elements().iter().map(|e| e.offset().to_raw().unwrap_or(0).max(0)).sum()
    })
}

/// From the time stamp of the input record to a subscriber of committed events, in milliseconds.
fn latencies(brokers: &str, topic: &str, records: usize, leave_out: usize) -> Vec<f64> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "latency")
        .set("enable.auto.commit", "false")
        .set("isolation.level", "read_committed")
        .set("fetch.wait.max.ms", "10")
        .create()
        .expect("consumer");
    let mut list = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        list.add_partition_offset(topic, partition, Offset::Beginning).expect("offset");
    }
    consumer.assign(&list).expect("assignment");
    let (mut all, begun) = (Vec::new(), Instant::now());
    while all.len() < records && begun.elapsed() < Duration::from_secs(120) {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(10)) {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("clock");
            all.push(now.as_secs_f64() * 1e3 - message.timestamp().to_millis().unwrap_or(0) as f64);
        }
    }
    assert_eq!(all.len(), records, "not all came through");
    all.split_off(leave_out)
}

#[test]
#[ignore = "a benchmark"]
fn latency_at_five_hundred_a_second() {
    let Some(broker) = Broker::start() else { return };
    let brokers = broker.brokers();
    let (rate, seconds, warm) = (500, 20, 8);
    for who in contestants() {
        let group = format!("{who:?}-latency").to_lowercase();
        broker.create(&topics(&group, PARTITIONS), &[]);
        let work = Work::start(who, &brokers, &group, &input(&group));
        thread::sleep(Duration::from_secs(5));
        let records = rate as usize * seconds;
        let (to, topic) = (brokers.clone(), input(&group));
        let feed = thread::spawn(move || feed(&to, &topic, records, Some(rate)));
        let mut all = latencies(&brokers, &outputs(&group).stances, records, rate as usize * warm);
        feed.join().expect("fed");
        all.sort_by(f64::total_cmp);
        let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
        println!("{who:?}: p50 {:.0} ms, p90 {:.0} ms, p99 {:.0} ms", at(0.5), at(0.9), at(0.99));
        drop(work);
    }
}

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/news-fr-5000.jsonl.gz");
    let found =
        [beside, "/work/shared/corpora/news-fr-5000.jsonl.gz".into()].into_iter().find(|f| f.exists());
    if found.is_none() {
        crate::skipped::skipped("NO CORPUS beside this checkout: real articles were not measured");
    }
    found
}

#[test]
#[ignore = "a benchmark"]
fn real_articles_through_the_daemon_and_a_restart_after_kill_9() {
    let Some(corpus) = corpus() else { return };
    let Some(broker) = Broker::start() else { return };
    let (brokers, run, articles) = (broker.brokers(), "real", 5_000);
    broker.create(&topics(run, PARTITIONS), &[]);
    let mut flags = flags(&brokers, run);
    flags.extend(["--set", "delivery.session_timeout_ms=10000"].map(str::to_owned));
    let text = flate2::read::GzDecoder::new(std::fs::File::open(corpus).expect("the corpus"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::io::copy(&mut { text }, &mut file.as_file()).expect("unpacked");
    command(&["feed", file.path().to_str().expect("UTF-8")], &flags);

    let done = || committed(&brokers, run, PARTITIONS).iter().sum::<i64>();
    let service = Service::start(&flags, &[]);
    while done() < articles / 4 {
        thread::sleep(Duration::from_millis(20));
    }
    let (begun, first) = (Instant::now(), done());
    while done() < articles / 2 {
        thread::sleep(Duration::from_millis(20));
    }
    let rate = (done() - first) as f64 / begun.elapsed().as_secs_f64();
    println!("{rate:.0} real articles/s on all cores, broker beside");
    crate::child::signal(service.process(), "KILL");
    drop(service);
    let killed = done();
    let begun = Instant::now();
    let service = Service::start(&flags, &[]);
    while done() <= killed {
        thread::sleep(Duration::from_millis(20));
    }
    let restart = begun.elapsed();
    println!("after kill -9 the next commit came {restart:?} after the restart");
    assert!(restart < Duration::from_secs(5));
    while done() < articles {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(service.stop().0, Some(0));
}
