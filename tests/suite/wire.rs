//! What the tests of the daemon share: topics, a fake analysis, writing to a topic and reading it to its end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use demarche::{
    admin::Board,
    event::{DeadLetterReason, Header, OutputRecord, ReadingOutcome, Topic},
    kafka::{Daemon, Failure, InputRecord, Options, Outcome, Process, Published, Snapshot, Topics, View},
};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    error::KafkaError,
    message::{Headers, OwnedMessage},
    producer::{BaseProducer, BaseRecord, Producer},
};

pub(crate) const SOON: Duration = Duration::from_secs(60);

/// Topics of one test; the prefix keeps tests on one broker apart.
pub(crate) fn input(prefix: &str) -> String {
    format!("{prefix}-wire")
}

pub(crate) fn outputs(prefix: &str) -> Topics {
    Topics {
        stances: format!("{prefix}-events"),
        council_actions: format!("{prefix}-council"),
        articles: format!("{prefix}-articles"),
        dead_letters: format!("{prefix}-dead"),
    }
}

/// Names and numbers of partitions of all topics of one test.
pub(crate) fn topics(prefix: &str, partitions: i32) -> Vec<(String, i32)> {
    let mut topics = vec![(input(prefix), partitions)];
    topics.extend(outputs(prefix).names().map(|name| (name.to_owned(), 2)));
    topics
}

/// Settings for one daemon; the prefix is its group too.
pub(crate) fn options(brokers: &str, prefix: &str) -> Options {
    Options {
        brokers: brokers.to_owned(),
        group: prefix.to_owned(),
        instance: "a".to_owned(),
        input_topics: vec![input(prefix)],
        output_topics: outputs(prefix),
        workers: 2,
        start_timeout: Duration::from_secs(20),
        session_timeout: Duration::from_secs(6),
        transaction_timeout: Duration::from_secs(10),
        ..Options::default()
    }
}

/// `bad…` is refused, `panic…` panics, `none…` gives no event, `large…` gives one that is too
/// large for any broker, `long…` one of 50 000 bytes, all else gives itself with its key.
pub(crate) fn fake() -> Process {
    Arc::new(|record: &InputRecord| {
        let text = String::from_utf8_lossy(record.payload.as_deref().unwrap_or_default()).into_owned();
        match text.split_whitespace().next().unwrap_or_default() {
            "bad" => Outcome::DeadLetter(DeadLetterReason::Unreadable, "bad".to_owned()),
            "panic" => panic!("asked to panic: {text}"),
            "none" => published(ReadingOutcome::NoEvent, vec![]),
            "large" => published(ReadingOutcome::Events, vec![output(record, vec![b'x'; 2_000_000])]),
            "long" => published(ReadingOutcome::Events, vec![output(record, noise(50_000))]),
            _ => published(ReadingOutcome::Events, vec![output(record, text.into_bytes())]),
        }
    })
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn published(outcome: ReadingOutcome, records: Vec<OutputRecord>) -> Outcome {
    Outcome::Published(Published { outcome, records, events: vec![] })
}

fn output(record: &InputRecord, payload: Vec<u8>) -> OutputRecord {
    let source = format!("{}/{}", record.source.partition, record.offset);
    OutputRecord {
        topic: Topic::Stances,
        key: record.key.clone(),
        value: Some(payload),
        headers: vec![Header::new("source", source)],
        timestamp: record.timestamp,
    }
}

/// A daemon on a thread of its own.
pub(crate) struct Running {
    stop: Arc<AtomicBool>,
    view: View,
    pub(crate) board: Arc<Board>,
    thread: std::thread::JoinHandle<Result<(), Failure>>,
}

impl Running {
    pub(crate) fn start(options: &Options, process: &Process) -> Self {
        let board = Arc::new(Board::new(options.workers, 0));
        let daemon = Daemon::start(options, process, &board, None).expect("daemon starts");
        let stop = Arc::new(AtomicBool::new(false));
        let view = daemon.view();
        let flag = Arc::clone(&stop);
        Self { stop, view, board, thread: std::thread::spawn(move || daemon.run(&flag)) }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.view.snapshot()
    }

    /// Waits until the daemon's own account satisfies `enough`.
    pub(crate) fn wait(&self, what: &str, enough: impl Fn(&Snapshot) -> bool) {
        let begun = Instant::now();
        while !enough(&self.snapshot()) {
            assert!(!self.thread.is_finished(), "the daemon ended before {what}");
            assert!(begun.elapsed() < SOON, "waited in vain for {what}: {:?}", self.snapshot());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn drain(self) -> Result<(), Failure> {
        self.stop.store(true, Ordering::Release);
        self.thread.join().expect("daemon thread")
    }

    /// Waits for a daemon that ends by itself.
    pub(crate) fn end(self) -> Result<(), Failure> {
        let begun = Instant::now();
        while !self.thread.is_finished() {
            assert!(begun.elapsed() < SOON, "the daemon goes on: {:?}", self.snapshot());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.thread.join().expect("daemon thread")
    }
}

/// How many committed records a snapshot counts.
pub(crate) fn ended(snapshot: &Snapshot) -> u64 {
    snapshot.ended.values().sum()
}

/// Writes records. Record `n` of several goes to partition `n % partitions`, with one of twelve
/// keys for each of its partitions.
pub(crate) fn write(brokers: &str, topic: &str, partitions: i32, payloads: impl IntoIterator<Item = String>) {
    write_compressed(brokers, topic, partitions, payloads, "none");
}

/// As [`write`], in batches of one codec.
pub(crate) fn write_compressed(
    brokers: &str,
    topic: &str,
    partitions: i32,
    payloads: impl IntoIterator<Item = String>,
    codec: &str,
) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("enable.idempotence", "true")
        .set("linger.ms", "5")
        .set("compression.type", codec)
        .create()
        .expect("producer");
    for (n, payload) in payloads.into_iter().enumerate() {
        let key = format!("key-{}", n % (12 * partitions as usize));
        let mut record = BaseRecord::to(topic).key(&key).payload(&payload).partition(n as i32 % partitions);
        while let Err((error, again)) = producer.send(record) {
            let full = rdkafka::types::RDKafkaErrorCode::QueueFull;
            assert!(error.rdkafka_error_code() == Some(full), "{error}");
            producer.poll(Duration::from_millis(10));
            record = again;
        }
    }
    producer.flush(Duration::from_secs(60)).expect("records are written");
}

/// All records of a topic, partition by partition.
pub(crate) fn read(brokers: &str, topic: &str, isolation: &str) -> Vec<OwnedMessage> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "reader")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .set("isolation.level", isolation)
        .create()
        .expect("consumer");
    let metadata = consumer.fetch_metadata(Some(topic), Duration::from_secs(10)).expect("metadata");
    let mut list = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        list.add_partition_offset(topic, partition.id(), Offset::Beginning).expect("offset");
    }
    consumer.assign(&list).expect("assignment");
    let (mut open, mut messages) = (list.count(), Vec::new());
    let begun = Instant::now();
    while open > 0 {
        assert!(begun.elapsed() < SOON, "{topic} has no end");
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => messages.push(message.detach()),
            Some(Err(KafkaError::PartitionEOF(_))) => open -= 1,
            Some(Err(error)) => eprintln!("read {topic}: {error}"),
            None => {}
        }
    }
    messages.sort_by_key(|m| (m.partition(), m.offset()));
    messages
}

/// Committed offset of each partition of the input; 0 where there is none.
pub(crate) fn committed(brokers: &str, prefix: &str, partitions: i32) -> Vec<i64> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", prefix)
        .set("isolation.level", "read_uncommitted")
        .create()
        .expect("consumer");
    let mut list = TopicPartitionList::new();
    list.add_partition_range(&input(prefix), 0, partitions - 1);
    let Ok(list) = consumer.committed_offsets(list, Duration::from_secs(5)) else { return vec![0] };
    list.elements().iter().map(|e| e.offset().to_raw().unwrap_or(0).max(0)).collect()
}

pub(crate) fn payload(message: &OwnedMessage) -> String {
    String::from_utf8_lossy(message.payload().unwrap_or_default()).into_owned()
}

pub(crate) fn header(message: &OwnedMessage, name: &str) -> Option<String> {
    let headers = message.headers()?;
    let found = headers.iter().find(|h| h.key == name)?;
    Some(String::from_utf8_lossy(found.value?).into_owned())
}
