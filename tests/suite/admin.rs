//! What a running daemon tells over HTTP and in its log.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use demarche::kafka::embedded::Broker;
use rdkafka::{
    ClientConfig,
    message::{Header, OwnedHeaders},
    producer::{BaseProducer, BaseRecord, Producer},
};
use serde_json::Value;

use crate::{
    deployment::{TELEMETRY, metrics},
    service::{Service, flags},
    wire::{SOON, committed, header, input, outputs, read, topics},
};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// A word that no log line may have.
const WORD: &str = "Zanzibarinage";

/// Status code and body.
pub(crate) fn get(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let code = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status code");
    (code, body.to_owned())
}

/// A broker with the topics of one test, and a daemon that reads from it.
fn daemon(settings: &[&str]) -> (Broker, Service) {
    let names = topics("t", 1);
    let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    let broker = Broker::start(&names).expect("embedded broker");
    let mut flags = flags(&broker.brokers(), "t");
    for setting in [&["delivery.mode=at_least_once"], settings].concat() {
        flags.extend(["--set".to_owned(), setting.to_owned()]);
    }
    let service = Service::start(&flags, &[]);
    (broker, service)
}

fn send(broker: &Broker, payloads: &[&str]) {
    let producer: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", broker.brokers()).create().expect("producer");
    let topic = input("t");
    for payload in payloads {
        let trace = OwnedHeaders::new().insert(Header { key: "traceparent", value: Some(TRACE) });
        producer.send(BaseRecord::to(&topic).key("k").payload(*payload).headers(trace)).expect("sent");
    }
    producer.flush(SOON).expect("written");
    let begun = Instant::now();
    while committed(&broker.brokers(), "t", 1)[0] < payloads.len() as i64 {
        assert!(begun.elapsed() < SOON, "nothing is committed");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn health_metrics_and_status_tell_of_progress() {
    let (broker, mut service) = daemon(&[]);
    let address = service.address();
    send(
        &broker,
        &[
            r#"{"id": "a", "language": "fr", "text": "Le Japon a condamné vendredi le tir d’un missile par la Corée du Nord."}"#,
            r#"{"id": "b", "language": "pl", "text": "Krótka depesza."}"#,
            "no article",
        ],
    );
    assert_eq!(get(&address, "/health/live"), (200, "ok\n".to_owned()));
    let begun = Instant::now();
    while get(&address, "/health/ready").0 != 200 {
        assert!(begun.elapsed() < SOON, "never ready: {}", service.log());
        std::thread::sleep(Duration::from_millis(50));
    }

    // Lag comes with the client's statistics, every five seconds.
    let begun = Instant::now();
    let status = loop {
        let status: Value = serde_json::from_str(&get(&address, "/status").1).expect("JSON");
        if status["daemon"]["partitions"][0]["end"].is_i64() {
            break status;
        }
        assert!(begun.elapsed() < SOON, "the end is never known: {status}");
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!((&status["live"], &status["ready"]), (&"ok".into(), &"ok".into()), "{status:#}");
    let partition = &status["daemon"]["partitions"][0];
    assert_eq!(
        (partition["committed"].as_i64(), partition["end"].as_i64()),
        (Some(3), Some(3)),
        "{status:#}"
    );
    assert_eq!(status["daemon"]["mode"], "at_least_once");

    let (code, text) = get(&address, "/metrics");
    assert_eq!(code, 200);
    for line in [
        r#"demarche_records_total{outcome="events"} 1"#,
        r#"demarche_records_total{outcome="not_analysed"} 1"#,
        r#"demarche_dead_letters_total{reason="unreadable"} 1"#,
        r#"demarche_lag_records{topic="t-wire",partition="0"} 0"#,
        "demarche_breaker_open 0",
        "demarche_latency_seconds_count 3",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
    }
    let told: BTreeSet<String> = text.lines().filter(|line| line.starts_with("# HELP")).map(metric).collect();
    let known = metrics(TELEMETRY);
    let unknown: Vec<_> = told.difference(&known).collect();
    assert!(unknown.is_empty() && told.len() > 8, "{told:?}");
    // Base units, and counters that say so.
    assert!(
        told.iter().all(|name| !name.contains("_ms") && !name.contains("_millis") && !name.contains("_kb"))
    );
    assert_eq!(service.stop().0, Some(0));
}

fn metric(line: &str) -> String {
    line.split(' ').nth(2).expect("a name").to_owned()
}

#[test]
fn a_record_is_a_span_that_carries_its_trace_on_and_no_words() {
    let log = ["log.format=json", "log.level=warn,demarche=debug", "admin.listen="];
    let (broker, service) = daemon(&log);
    let article = format!(
        r#"{{"id": "a", "language": "fr", "headline": "{WORD}", "text": "Le Japon a condamné le {WORD} de la Corée du Nord."}}"#
    );
    send(
        &broker,
        &[
            &article,
            &format!("{{{WORD}"),
            &format!(r#"{{"id": "e", "embargoed": "{WORD}", "text": "{WORD}"}}"#),
        ],
    );
    let topics = outputs("t");
    for topic in [&topics.stances, &topics.articles, &topics.dead_letters] {
        let records = read(&broker.brokers(), topic, "read_committed");
        assert!(!records.is_empty(), "{topic} is empty");
        assert!(records.iter().all(|r| header(r, "traceparent").as_deref() == Some(TRACE)), "{topic}");
    }
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    // The three may be read in any order.
    let of_the_article = |line: &&Value| line["message"] == "record read" && line["outcome"] == "events";
    let record = lines.iter().find(of_the_article).expect("a line of the article's record");
    assert_eq!(
        (&record["span"]["name"], &record["span"]["trace"]),
        (&"record".into(), &TRACE.into()),
        "{record}"
    );
    // Not even at this level: the detail of a dead letter names fields, not what they hold.
    assert!(!log.contains(WORD), "{log}");
}
