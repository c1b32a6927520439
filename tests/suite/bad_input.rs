//! What an operator gets for what is wrong: an error that names the remedy, and an exit code that tells whether a
//! restart helps.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt};

use demarche::kafka::embedded::Broker;
use rdkafka::types::{RDKafkaApiKey as Api, RDKafkaRespErr as Answer};

use crate::{
    broker,
    command_line::{demarche, stderr},
    fuzz::small_data,
    service::flags,
    wire::{input, outputs, read, topics},
};

/// Exit code and what is told on standard error.
fn run(arguments: &[&str], flags: &[String]) -> (Option<i32>, String) {
    let all: Vec<&str> = arguments.iter().copied().chain(flags.iter().map(String::as_str)).collect();
    let output = demarche(&all);
    (output.status.code(), stderr(&output))
}

fn embedded(topics: &[(String, i32)]) -> Broker {
    let names: Vec<(&str, i32)> = topics.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    Broker::start(&names).expect("embedded broker")
}

#[test]
fn a_port_that_is_taken_is_78() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = format!("admin.listen={}", taken.local_addr().expect("an address"));
    let (code, told) = run(&["run", "--set", &listen], &[]);
    assert_eq!(code, Some(78), "{told}");
    assert!(told.contains("`admin.listen`") && told.contains("set another"), "{told}");
}

#[test]
fn an_output_topic_that_is_missing_is_78_with_the_command_that_makes_it() {
    let Some(broker) = broker::shared() else { return };
    let lacking: Vec<_> =
        topics("lacking", 1).into_iter().filter(|(name, _)| !name.ends_with("articles")).collect();
    broker.create(&lacking, &[]);
    let wait = ["run", "--set", "delivery.start_timeout_ms=1000"];
    let (code, told) = run(&wait, &flags(&broker.brokers(), "lacking"));
    assert_eq!(code, Some(78), "{told}");
    assert!(told.contains("`lacking-articles`") && told.contains("create-topics.sh"), "{told}");
}

#[test]
fn a_secret_that_everybody_can_read_is_78() {
    let secret = tempfile::NamedTempFile::new().expect("a file");
    fs::write(secret.path(), "hunter2").expect("written");
    let path = secret.path().display();
    for key in ["kafka.sasl_password_file", "kafka.ssl_key_password_file"] {
        let setting = format!("{key}={path}");
        fs::set_permissions(secret.path(), fs::Permissions::from_mode(0o644)).expect("rights");
        let (code, told) = run(&["validate", "--set", &setting], &[]);
        assert_eq!(code, Some(78), "{told}");
        assert!(told.contains(key) && told.contains("chmod o-r") && !told.contains("hunter2"), "{told}");
        fs::set_permissions(secret.path(), fs::Permissions::from_mode(0o640)).expect("rights");
        assert_eq!(run(&["validate", "--set", &setting], &[]).0, Some(0));
    }
}

#[test]
fn data_that_contradicts_itself_is_78_with_file_and_name() {
    let appended = |file: &str, text: &str| {
        let folder = small_data();
        let path = folder.path().join(file);
        fs::write(&path, fs::read_to_string(&path).expect("a file") + text).expect("written");
        let setting = format!("data_dir={}", folder.path().display());
        let (code, told) = run(&["validate", "--set", &setting], &[]);
        assert_eq!(code, Some(78), "{told}");
        told
    };
    let told = appended("actors/en/organisations.tsv", "NATO\tNATO|Japan\n");
    assert!(told.contains("`Japan`") && told.contains("another meaning"), "{told}");

    let triggers = "languages/en/triggers/condemn.toml";
    let entry = "\n[[verb]]\nlemma = [\"frown\"]\ntarget = [\"obl:on\"]\n";
    let told = appended(triggers, entry);
    assert!(told.contains(triggers) && told.contains("example"), "{told}");
    let told = appended(triggers, &format!("{entry}example = \"\"\nexpect = \"JPN condemn PRK\"\n"));
    assert!(told.contains("en/condemn/frown") && told.contains("no example"), "{told}");
    let told = appended(
        triggers,
        &format!("{entry}example = \"Japan frowned on North Korea.\"\nexpect = \"Japan\"\n"),
    );
    assert!(told.contains("en/condemn/frown") && told.contains("FRA condemn RUS"), "{told}");
}

/// A right that is missing is answered by the broker; the embedded one is told to.
#[test]
fn rights_that_are_missing_are_faults_with_what_to_allow() {
    for (api, answer, told) in [
        (Api::OffsetFetch, Answer::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "allow Read on it"),
        (
            Api::InitProducerId,
            Answer::RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            "allow Write and Describe",
        ),
        (Api::Produce, Answer::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "allow Write on it"),
    ] {
        let broker = embedded(&topics("t", 1));
        broker.cluster().request_errors(api, &[answer; 8]);
        let (code, words) = run(&["validate", "--connect"], &flags(&broker.brokers(), "t"));
        assert_eq!(code, Some(1), "{answer:?}: {words}");
        assert!(words.contains("fault:") && words.contains(told), "{answer:?}: {words}");
    }
}

#[test]
fn validate_looks_at_topics_their_settings_and_our_rights() {
    let Some(broker) = broker::shared() else { return };
    let brokers = broker.brokers();
    let articles = outputs("looked").articles;
    let (compacted, others): (Vec<_>, Vec<_>) =
        topics("looked", 3).into_iter().partition(|(name, _)| *name == articles);
    broker.create(&others, &[]);
    broker.create(&compacted, &[("cleanup.policy", "compact")]);
    let flags = flags(&brokers, "looked");
    let (code, told) = run(&["validate", "--connect"], &flags);
    assert_eq!(code, Some(0), "{told}");
    for words in [
        &format!("`{}` is there, 3 partitions", input("looked"))[..],
        &format!("`{}` can be read", input("looked")),
        "the group `looked` can be used",
        &format!("`{articles}` is compacted"),
        &format!("`{articles}` can be written"),
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("not checked"), "{told}");
    for topic in outputs("looked").names() {
        assert!(read(&brokers, topic, "read_committed").is_empty(), "{topic} holds a record of the look");
    }

    let large = [&flags[..], &["--set".to_owned(), "delivery.message_max_bytes=2000000".to_owned()]].concat();
    let (code, told) = run(&["validate", "--connect"], &large);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("lower `delivery.message_max_bytes`"), "{told}");

    let plain = [&flags[..], &["--set".to_owned(), format!("output.articles={}", input("looked"))]].concat();
    let plain = [&plain[..], &["--set".to_owned(), format!("input.topics={articles}")]].concat();
    let (code, told) = run(&["validate", "--connect"], &plain);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("set `compact`"), "{told}");
}
