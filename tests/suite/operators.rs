//! The commands of an operator, on the embedded broker.

use demarche::kafka::embedded::Broker;

use crate::command_line::{demarche, stderr, stdout};

const OUTPUT: [&str; 4] = [
    "diplomacy.stances.v1",
    "diplomacy.council-actions.v1",
    "diplomacy.articles.v1",
    "diplomacy.dead-letters.v1",
];

/// A broker with the default topics, and the flag that leads to it.
fn broker() -> (Broker, String) {
    let topics: Vec<(&str, i32)> =
        OUTPUT.iter().map(|topic| (*topic, 2)).chain([("wire.articles", 2)]).collect();
    let broker = Broker::start(&topics).expect("embedded broker");
    let flag = format!("kafka.brokers={}", broker.brokers());
    (broker, flag)
}

#[test]
fn what_was_fed_is_what_tail_shows() {
    let (_broker, brokers) = broker();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(
        file.path(),
        "{\"id\": \"a\", \"text\": \"Un\"}\nno JSON\n{\"uri\": \"b\", \"headline\": \"Deux\"}\n",
    )
    .expect("written");
    let path = file.path().to_str().expect("UTF-8");
    // Onto an output topic, so that `tail` can read it back.
    let fed = demarche(&["feed", path, "--topic", OUTPUT[0], "--set", &brokers]);
    assert_eq!(fed.status.code(), Some(0), "{}", stderr(&fed));
    assert!(stderr(&fed).contains("3 records") && stderr(&fed).contains("1 of them without a key"));

    let read = ["tail", "stances", "--from-beginning", "--until-end", "--headers", "--set", &brokers];
    let output = demarche(&read);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut found: Vec<(String, String)> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON lines"))
        .map(|line| (line["key"].to_string(), line["value"].to_string()))
        .collect();
    found.sort();
    let expected = [
        (r#""a""#, r#"{"id":"a","text":"Un"}"#),
        (r#""b""#, r#"{"uri":"b","headline":"Deux"}"#),
        ("null", r#""no JSON""#),
    ];
    assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn brokers_that_are_not_there_are_69() {
    let settings = ["--set", "kafka.brokers=127.0.0.1:1", "--set", "delivery.start_timeout_ms=1500"];
    for command in [&["tail", "--until-end"][..], &["validate", "--connect"], &["run"]] {
        let output = demarche(&[command, &settings].concat());
        assert_eq!(output.status.code(), Some(69), "{command:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("127.0.0.1:1"), "{command:?}: {}", stderr(&output));
    }
}

#[test]
fn a_topic_that_is_not_there_is_a_fault() {
    let (_broker, brokers) = broker();
    let complete = demarche(&["validate", "--connect", "--set", &brokers]);
    assert_eq!(complete.status.code(), Some(0), "{}", stderr(&complete));
    let lacking = demarche(&["validate", "--connect", "--set", &brokers, "--set", "output.articles=nowhere"]);
    assert_eq!(lacking.status.code(), Some(1), "{}", stderr(&lacking));
    assert!(stderr(&lacking).contains("`nowhere`"), "{}", stderr(&lacking));
}

#[test]
fn a_file_that_is_not_there_is_65() {
    let output = demarche(&["feed", "/does/not/exist", "--topic", "t"]);
    assert_eq!(output.status.code(), Some(65));
    assert!(stderr(&output).contains("/does/not/exist"));
}
