//! The two subscribers of `tests/subscribers/` on a real Kafka: what their table says after corrections, a
//! withdrawal and an erasure.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::{
    broker,
    service::{Service, command, flags},
    skipped::skipped,
    wire::{SOON, committed, outputs, topics},
};

const PREFIX: &str = "subscribed";
const PARTITIONS: i32 = 3;

fn article(id: &str, version: u32, text: &str) -> String {
    let published = "2026-03-06T08:00:00Z";
    let modified = format!("2026-03-06T0{}:00:00Z", 8 + version);
    json!({"uri": id, "provider": "Agence Exemple", "version": version.to_string(), "language": "fr",
           "firstpublished": published, "versioncreated": modified, "body_text": text, "pubstatus": "usable"})
    .to_string()
}

fn withdrawn(id: &str) -> String {
    json!({"uri": id, "provider": "Agence Exemple", "version": "2", "versioncreated": "2026-03-06T12:00:00Z",
           "pubstatus": "canceled"})
    .to_string()
}

/// Puts articles on the input topic and waits until the daemon has committed all that stands there.
fn feed(brokers: &str, flags: &[String], articles: &[String], total: i64) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(articles.join("\n").as_bytes()).expect("written");
    command(&["feed", file.path().to_str().expect("UTF-8")], flags);
    let begun = std::time::Instant::now();
    while committed(brokers, PREFIX, PARTITIONS).iter().sum::<i64>() < total {
        assert!(begun.elapsed() < SOON, "waited in vain for {total} commits");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// Runs a subscriber to the end of the topic.
fn table(program: &[PathBuf], brokers: &str) -> String {
    let output = Command::new(&program[0])
        .args(&program[1..])
        .args([brokers, "--until-end", "--topic", &outputs(PREFIX).articles])
        .output()
        .expect("the subscriber runs");
    assert!(output.status.success(), "{program:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn both_keep_the_table_through_corrections_a_withdrawal_and_an_erasure() {
    let Some(broker) = broker::shared() else { return };
    let brokers = broker.brokers();
    broker.create(&topics(PREFIX, PARTITIONS), &[]);
    let mut subscribers = vec![rust()];
    subscribers.extend(python());

    let flags = flags(&brokers, PREFIX);
    let service = Service::start(&flags, &[]);
    let first = [
        article("kept", 1, "La France a salué vendredi la décision de l’Ukraine."),
        article("also", 1, "La France a salué vendredi la décision de l’Ukraine."),
        article("corrected", 1, "Le Japon a salué vendredi la décision de la Corée du Sud."),
        article("killed", 1, "L’Iran a salué vendredi la décision de la Syrie."),
        article("erased", 1, "L’Allemagne a salué vendredi la décision de la Pologne."),
        article("other", 1, "La Chine a condamné vendredi les États-Unis."),
        "no article at all".to_owned(),
    ];
    feed(&brokers, &flags, &first, 7);
    for subscriber in &subscribers {
        let expected = "holder\ttarget\tarticles\nDEU\tPOL\t1\nFRA\tUKR\t2\nIRN\tSYR\t1\nJPN\tKOR\t1\n\n";
        assert_eq!(table(subscriber, &brokers), expected, "{subscriber:?}");
    }

    let second = [
        article("corrected", 2, "Le Japon a salué vendredi la décision de l’Italie."),
        article("other", 2, "La Chine a condamné vendredi le Royaume-Uni."),
        withdrawn("killed"),
    ];
    feed(&brokers, &flags, &second, 10);
    command(&["erase", "Agence Exemple/erased", "--yes"], &flags);
    for subscriber in &subscribers {
        let expected = "holder\ttarget\tarticles\nFRA\tUKR\t2\nJPN\tITA\t1\n\n";
        assert_eq!(table(subscriber, &brokers), expected, "{subscriber:?}");
    }
    let (exit, log) = service.stop();
    assert_eq!(exit, Some(0), "{log}");
}

/// Built anew, as a run of this suite alone would leave an old one.
fn rust() -> Vec<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--locked", "--offline", "--example", "positions"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the subscriber in Rust cannot be built");
    vec![Path::new(env!("CARGO_BIN_EXE_demarche")).with_file_name("examples").join("positions")]
}

/// An environment of its own with what the program requires; none where that cannot be had.
fn python() -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("subscriber-python");
    let requirements = root.join("tests/subscribers/requirements.txt");
    let done = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let ready = done(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && done(
            Command::new(folder.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "-r"])
                .arg(&requirements),
        );
    if !ready {
        skipped("NO PYTHON WITH confluent-kafka: the subscriber in Python was NOT run");
        return None;
    }
    Some(vec![folder.join("bin/python"), root.join("tests/subscribers/positions.py")])
}
