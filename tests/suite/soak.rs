//! For a long time: 200 articles a second with corrections, kills and broken records, on a real Kafka.
//!
//! `cargo test --release --test suite -- --ignored --nocapture soak` prints a table; `DEMARCHE_SOAK_SECONDS` (600) and
//! `DEMARCHE_SOAK_RATE` (200) change it.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rdkafka::{
    ClientConfig,
    producer::{BaseProducer, BaseRecord, Producer},
};
use serde_json::Value;

use crate::{
    broker,
    service::{Service, flags},
    wire::{committed, input, outputs, read, topics},
};

const PREFIX: &str = "soak";
const PARTITIONS: i32 = 6;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The samples that can be read, as the plot of the feed.
fn dispatches() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("samples").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let read = |file| serde_json::from_str::<Value>(&fs::read_to_string(file).expect("a sample")).ok();
    files
        .into_iter()
        .filter_map(read)
        .filter(|v| v["pubstatus"] != "canceled" && v["embargoed"].is_null())
        .collect()
}

/// Record `n`: of a hundred, two are broken, three kill and ten correct an article of the last thousand.
fn record(dispatches: &[Value], n: u64) -> (String, String) {
    let of = |n: u64| format!("urn:soak:{n}");
    let earlier = of(n.saturating_sub(1 + n * 7 % 997) / 100 * 100 + 50);
    let mut article = dispatches[n as usize % dispatches.len()].clone();
    for name in ["guid", "id", "uri"] {
        article.as_object_mut().expect("an object").remove(name);
    }
    let mut set = |uri: &str, version: u64| {
        article["uri"] = uri.into();
        article["version"] = version.to_string().into();
    };
    match n % 100 {
        7 | 57 => return (of(n), format!("{{\"uri\": \"{}\", \"headline\": ", of(n))),
        11 | 41 | 71 => {
            set(&earlier, n + 2);
            article["pubstatus"] = "canceled".into();
            return (earlier, article.to_string());
        }
        k if k % 10 == 3 => {
            set(&earlier, n + 2);
            return (earlier, article.to_string());
        }
        _ => set(&of(n), 1),
    }
    (of(n), article.to_string())
}

/// One look at the process.
struct Sample {
    seconds: u64,
    resident_kib: u64,
    descriptors: usize,
    threads: u64,
    sent: u64,
    lag: u64,
    cpu_seconds: f64,
}

impl Sample {
    fn take(begun: Instant, process: u32, brokers: &str, sent: u64) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a field");
            line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
        };
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
        let times: Vec<u64> = stat
            .rsplit(')')
            .next()
            .expect("fields")
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|n| n.parse().expect("a number"))
            .collect();
        let done: i64 = committed(brokers, PREFIX, PARTITIONS).iter().sum();
        Self {
            seconds: begun.elapsed().as_secs(),
            resident_kib: field("VmRSS:"),
            descriptors: fs::read_dir(format!("/proc/{process}/fd")).expect("a process").count(),
            threads: field("Threads:"),
            sent,
            lag: sent.saturating_sub(done.max(0) as u64),
            cpu_seconds: times.iter().sum::<u64>() as f64 / 100.0,
        }
    }

    fn print(&self) {
        println!(
            "{:>6} s  {:>7.1} MB  {:>3} descriptors  {:>3} threads  {:>8} sent  {:>6} behind  {:>7.1} s of processor",
            self.seconds,
            self.resident_kib as f64 / 1024.0,
            self.descriptors,
            self.threads,
            self.sent,
            self.lag,
            self.cpu_seconds,
        );
    }
}

/// Sends at a steady rate until told to stop.
fn feed(brokers: &str, rate: u64, sent: &AtomicU64, stop: &AtomicBool) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("enable.idempotence", "true")
        .set("partitioner", "murmur2_random")
        .create()
        .expect("producer");
    let (dispatches, begun, topic) = (dispatches(), Instant::now(), input(PREFIX));
    while !stop.load(Relaxed) {
        let due = (begun.elapsed().as_secs_f64() * rate as f64) as u64;
        for n in sent.load(Relaxed)..due {
            let (key, payload) = record(&dispatches, n);
            producer.send(BaseRecord::to(&topic).key(&key).payload(&payload)).expect("room in the queue");
            sent.store(n + 1, Relaxed);
        }
        producer.poll(Duration::from_millis(20));
    }
    producer.flush(Duration::from_secs(60)).expect("written");
}

#[test]
#[ignore = "takes ten minutes and more"]
fn a_steady_feed_leaves_memory_lag_and_descriptors_where_they_were() {
    let Some(broker) = broker::shared() else { return };
    let (seconds, rate) = (number("DEMARCHE_SOAK_SECONDS", 600), number("DEMARCHE_SOAK_RATE", 200));
    let brokers = broker.brokers();
    broker.create(&topics(PREFIX, PARTITIONS), &[]);
    let mut service = Service::start(&flags(&brokers, PREFIX), &[]);
    let address = service.address();
    let (sent, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let feeder = {
        let (brokers, sent, stop) = (brokers.clone(), Arc::clone(&sent), Arc::clone(&stop));
        std::thread::spawn(move || feed(&brokers, rate, &sent, &stop))
    };
    let (begun, pause) = (Instant::now(), Duration::from_secs((seconds / 20).max(1)));
    let mut samples = Vec::new();
    while begun.elapsed() < Duration::from_secs(seconds) {
        std::thread::sleep(pause);
        let sample = Sample::take(begun, service.process(), &brokers, sent.load(Relaxed));
        sample.print();
        samples.push(sample);
    }
    stop.store(true, Relaxed);
    feeder.join().expect("the feeder");
    let total = sent.load(Relaxed);
    let (caught_up, limit) = (Instant::now(), Duration::from_secs(120));
    while committed(&brokers, PREFIX, PARTITIONS).iter().sum::<i64>() < total as i64 {
        assert!(caught_up.elapsed() < limit, "{total} records are not committed after {limit:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("{total} records committed {:.1} s after the last was sent", caught_up.elapsed().as_secs_f64());
    let (_, metrics) = crate::admin::get(&address, "/metrics");
    for name in [
        "demarche_records_total",
        "demarche_dead_letters_total",
        "demarche_aborted_batches_total",
        "demarche_latency_seconds_bucket",
    ] {
        metrics.lines().filter(|line| line.starts_with(name)).for_each(|line| println!("{line}"));
    }
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");

    let broken = (0..total).filter(|n| matches!(n % 100, 7 | 57)).count();
    let letters = read(&brokers, &outputs(PREFIX).dead_letters, "read_committed");
    assert_eq!(letters.len(), broken, "dead letters");
    let settled = &samples[samples.len() / 4..];
    let (first, last) = (&settled[0], &settled[settled.len() - 1]);
    let most = settled.iter().map(|s| s.descriptors).max().expect("samples");
    assert!(last.resident_kib < first.resident_kib * 6 / 5 + 20 * 1024, "memory grows");
    assert!(most <= first.descriptors + 8, "file descriptors leak");
    assert!(last.threads <= first.threads, "threads leak");
    assert!(last.lag < rate * 10, "the lag grows");
}
