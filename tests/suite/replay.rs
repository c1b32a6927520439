//! `replay` and `erase` on a real Kafka, with a daemon that reads what they bring back.

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use rdkafka::{Message, message::OwnedMessage};
use serde_json::{Value, json};

use crate::{
    broker::{self, Broker},
    command_line::{stderr, stdout},
    service::{Service, command, flags},
    wire::{SOON, committed, header, input, outputs, payload, read, topics},
};

fn article(id: &str, version: u32, text: &str) -> String {
    json!({"uri": id, "provider": "Agence Exemple", "version": version.to_string(), "language": "fr",
           "firstpublished": "2026-03-06T08:00:00Z", "versioncreated": format!("2026-03-06T1{version}:00:00Z"),
           "body_text": text, "pubstatus": "usable"})
    .to_string()
}

fn withdrawn(id: &str, version: u32) -> String {
    json!({"uri": id, "provider": "Agence Exemple", "version": version.to_string(),
           "versioncreated": format!("2026-03-06T1{version}:00:00Z"), "pubstatus": "canceled"})
    .to_string()
}

/// One test's topics, each of one partition, and a daemon's flags.
struct Desk {
    broker: &'static Broker,
    run: &'static str,
    flags: Vec<String>,
}

impl Desk {
    fn new(run: &'static str) -> Option<Self> {
        let broker = broker::shared()?;
        broker.create(&topics(run, 1), &[]);
        Some(Self { broker, run, flags: flags(&broker.brokers(), run) })
    }

    fn feed(&self, records: &[String]) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), records.join("\n")).expect("written");
        command(&["feed", file.path().to_str().expect("UTF-8")], &self.flags);
    }

    /// How many records stand on the input.
    fn given(&self) -> i64 {
        self.read(&input(self.run)).len() as i64
    }

    fn read(&self, topic: &str) -> Vec<OwnedMessage> {
        read(&self.broker.brokers(), topic, "read_committed")
    }

    /// Runs a daemon until it has committed all that stands on the input.
    fn work(&self, further: &[String]) {
        let service = Service::start(&[&self.flags, further].concat(), &[]);
        let (begun, given) = (std::time::Instant::now(), self.given());
        while committed(&self.broker.brokers(), self.run, 1) != [given] {
            assert!(begun.elapsed() < SOON, "{}", service.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        let (code, log) = service.stop();
        assert_eq!(code, Some(0), "{log}");
    }

    /// Runs a command; what it printed, and what it told.
    fn tell(&self, arguments: &[&str]) -> (String, String) {
        let output = command(arguments, &self.flags);
        (stdout(&output), stderr(&output))
    }

    fn letters(&self) -> Vec<(String, String)> {
        let all = self.read(&outputs(self.run).dead_letters);
        let text = |letter, name| header(letter, name).expect("a header");
        all.iter().map(|letter| (text(letter, "dlq-reason"), text(letter, "dlq-attempts"))).collect()
    }

    /// Event ids that stand for an article: of its last record.
    fn standing(&self, id: &str) -> Vec<String> {
        let key = format!("Agence Exemple/{id}");
        let all = self.read(&outputs(self.run).articles);
        let last = all.iter().rev().find(|m| m.key() == Some(key.as_bytes())).expect("its record");
        let record: Value = serde_json::from_str(&payload(last)).unwrap_or(Value::Null);
        let ids = record["events"].as_array().into_iter().flatten();
        ids.map(|event| event["event_id"].as_str().expect("an id").to_owned()).collect()
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn dead_letters_come_back_by_reason_and_time_and_count_their_attempts() {
    let Some(desk) = Desk::new("letters") else { return };
    let embargoed = json!({"uri": "later", "language": "fr", "headline": "H", "body_text": "Un.",
                           "embargoed": "2999-01-01T00:00:00Z"});
    desk.feed(&["no article".to_owned(), embargoed.to_string(), "{\"text\": \"nameless\"}".to_owned()]);
    desk.work(&[]);
    let mut expected = [("unreadable", "1"), ("embargoed", "1"), ("incomplete", "1")];
    expected.sort_unstable();
    let mut letters = desk.letters();
    letters.sort();
    assert_eq!(letters, pairs(&expected));

    // Without `--yes` it is a question.
    let (listed, told) = desk.tell(&["replay", "dead-letters", "--reason", "unreadable"]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(told.contains("`--yes`"), "{told}");
    assert_eq!(desk.given(), 3);
    for (flag, number) in [("--since", "0 records"), ("--until", "3 records")] {
        let (_, told) = desk.tell(&["replay", "dead-letters", flag, "2900-01-01T00:00:00Z"]);
        assert!(told.contains(number), "{flag}: {told}");
    }

    for (attempt, total) in [("2", 4), ("3", 5)] {
        let (_, told) = desk.tell(&["replay", "dead-letters", "--reason", "unreadable", "--yes"]);
        assert!(told.contains("1 records are back"), "{told}");
        assert_eq!(desk.given(), total, "once, however often it has been a dead letter");
        desk.work(&[]);
        let unreadable: Vec<_> = desk.letters().into_iter().filter(|(r, _)| r == "unreadable").collect();
        assert!(unreadable.contains(&("unreadable".to_owned(), attempt.to_owned())), "{unreadable:?}");
    }
}

/// The data of this build, but the rule for one verb.
fn data_without(lemma: &str, into: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/data");
    let link = |from: &Path, into: &Path, but: &str| {
        fs::create_dir_all(into).expect("a folder");
        for entry in fs::read_dir(from).expect("data").map(|e| e.expect("an entry")) {
            if entry.file_name() != but {
                symlink(entry.path(), into.join(entry.file_name())).expect("a link");
            }
        }
    };
    let folders = ["languages", "fr", "triggers", "support.toml"];
    let (mut from, mut into) = (from, into.to_owned());
    for folder in folders {
        link(&from, &into, folder);
        from.push(folder);
        into.push(folder);
    }
    let rules = fs::read_to_string(from).expect("rules");
    let mut kept: toml::Table = toml::from_str(&rules).expect("TOML");
    let mut gone = 0;
    for entries in kept.iter_mut().filter_map(|(_, value)| value.as_array_mut()) {
        let before = entries.len();
        entries.retain(|entry| !entry.to_string().contains(&format!("\"{lemma}\"")));
        gone += before - entries.len();
    }
    assert!(gone > 0, "no rule for {lemma}");
    fs::write(into, toml::to_string(&kept).expect("TOML")).expect("written");
}

#[test]
fn old_offsets_read_by_new_rules_bring_back_nothing_that_is_over() {
    let Some(desk) = Desk::new("range") else { return };
    let greeting = "La France a salué vendredi la décision de l’Ukraine.";
    let both =
        "La France a salué vendredi la décision de l’Ukraine. La Chine a condamné vendredi les États-Unis.";
    let records = [
        article("kept", 1, both),
        article("newer", 1, both),
        article("withdrawn", 1, greeting),
        article("erased", 1, greeting),
        article("newer", 2, "La Chine a condamné vendredi les États-Unis."),
        withdrawn("withdrawn", 2),
    ];
    desk.feed(&records);
    desk.work(&[]);
    let id = "Agence Exemple/erased";
    let before = desk.read(&outputs(desk.run).articles).len();
    desk.tell(&["erase", id]);
    assert_eq!(desk.read(&outputs(desk.run).articles).len(), before, "without `--yes` it is a question");
    desk.tell(&["erase", id, "--yes"]);
    // This one waits on the input, read by nobody yet: it is newer all the same.
    desk.feed(&[article("kept", 1, both), article("waiting", 1, greeting)]);
    desk.work(&[]);
    desk.feed(&[article("waiting", 2, "La Chine a condamné vendredi les États-Unis.")]);
    let first = desk.standing("kept");
    assert_eq!(first.len(), 2, "two findings by the old rules");
    let newer = desk.standing("newer");

    let folder = tempfile::tempdir().expect("a folder");
    data_without("saluer", folder.path());
    let new_rules = ["--set".to_owned(), format!("data_dir={}", folder.path().display())];
    let range = ["replay", "range", &input(desk.run), "--partition", "0", "--from", "0", "--until", "8"];
    let (listed, told) = desk.tell(&range);
    // "kept" as it came the first and the second time, the second version of "newer", no other.
    assert_eq!(listed.lines().count(), 3, "{listed}{told}");
    assert!(told.contains("5 left out"), "{told}");
    assert_eq!(desk.given(), 9);
    desk.tell(&[&range[..], &["--yes"]].concat());
    assert_eq!(desk.given(), 12);
    let events = desk.read(&outputs(desk.run).stances).len();
    desk.work(&new_rules);

    let second = desk.standing("kept");
    assert_eq!(second.len(), 1, "the rule is gone");
    assert!(first.contains(&second[0]), "what is still found has the id that it had");
    let revised = desk.read(&outputs(desk.run).stances).split_off(events);
    let about = |id: &str| {
        let subject = format!("Agence Exemple/{id}");
        let of_it = revised.iter().filter(move |m| header(m, "ce_subject").as_deref() == Some(&subject));
        let values = of_it.map(|m| serde_json::from_str::<Value>(&payload(m)).expect("JSON"));
        values.filter(|v| v["kind"] == "article_revised").collect::<Vec<_>>()
    };
    let last = about("kept").pop().expect("article_revised");
    assert_eq!(last["cause"], "replay");
    assert_eq!(last["event_ids"], json!(second), "what is gone is not among them");
    assert_eq!(desk.standing("newer"), newer);
    assert_eq!(desk.standing("withdrawn"), Vec::<String>::new());
    assert_eq!(desk.standing("erased"), Vec::<String>::new());
    for gone in ["withdrawn", "erased"] {
        assert!(about(gone).is_empty(), "{gone} came back");
    }
    // By the new rules only the second version says anything.
    assert_eq!(desk.standing("waiting").len(), 1, "the version that waited is the last word");
}
