//! `demarche evaluate` counts as the project's scorer does, whose rules are the annotation guide's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use demarche::evaluation::{Found, Gold, Scores};
use serde_json::{Map, Value, json};

use crate::command_line::{demarche, stderr, stdout};

/// The scorer stands beside the repository, where the labels' owners keep it.
fn scorer() -> Option<PathBuf> {
    let named = std::env::var_os("SCORE_PY").map(PathBuf::from);
    let beside =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|dir| dir.join("shared/tools/score.py"));
    let script = named.into_iter().chain(beside).find(|path| path.is_file());
    let runs = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    script.filter(|_| runs)
}

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name).join("gold.jsonl")
}

/// Errors of every kind, the same on every run.
struct Dice(u64);

impl Dice {
    /// True once in `n`.
    fn one_in(&mut self, n: u64) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).is_multiple_of(n)
    }
}

/// Events as an analyser of middling quality would find them, from the labels themselves.
fn imagined_events(gold: &[Value], seed: u64) -> Vec<Value> {
    let mut dice = Dice(seed);
    let mut events = Vec::new();
    for article in gold {
        for label in list(&article["stances"]) {
            for target in list(&label["targets"]) {
                if !dice.one_in(5) {
                    events.push(imagined_stance(label, target, &article["id"], &mut dice));
                }
            }
        }
        for label in list(&article["actions"]) {
            if !dice.one_in(6) {
                events.push(imagined_action(label, &article["id"], &mut dice));
            }
            if dice.one_in(9) {
                events.push(
                    json!({"kind": "council_action", "action": "meeting", "article": {"uri": article["id"]}}),
                );
            }
        }
    }
    events
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn imagined_stance(label: &Value, target: &Value, uri: &Value, dice: &mut Dice) -> Value {
    let mut pick = |right: &Value, wrong: Value| if dice.one_in(6) { wrong } else { right.clone() };
    let words = pick(&label["trigger"], "x".into());
    json!({
        "kind": "stance",
        "class": pick(&label["class"], "condemn".into()),
        "holder": {"code": pick(&label["holder"], "FRA".into())},
        "target": {"code": pick(target, "USA".into())},
        "status": pick(&label["status"], "past".into()),
        "time": {"date": pick(&label["date"], "2022-10-04".into())},
        "confidence": pick(&json!(0.8), json!(0.3)),
        "evidence": {"text": pick(&label["where"], words), "rule": "imagined"},
        "article": {"uri": uri},
    })
}

fn imagined_action(label: &Value, uri: &Value, dice: &mut Dice) -> Value {
    let mut cast: Map<String, Value> = label["cast"].as_object().cloned().unwrap_or_default();
    cast.retain(|_, _| !dice.one_in(5));
    if dice.one_in(4) {
        cast.insert("FRA".into(), "for".into());
    }
    let mut pick = |right: &Value, wrong: Value| if dice.one_in(6) { wrong } else { right.clone() };
    json!({
        "kind": "council_action",
        "action": label["action"],
        "outcome": pick(&label["outcome"], "failed".into()),
        "cast": cast,
        "tally": pick(&label["tally"], json!({"for": 9, "against": null, "abstain": 2})),
        "draft": {"symbol": null, "sponsors": pick(&label["sponsors"], json!(["FRA", "GBR"]))},
        "time": {"date": pick(&label["date"], Value::Null)},
        "confidence": pick(&json!(0.9), json!(0.2)),
        "article": {"uri": uri},
    })
}

#[test]
fn figures_are_those_of_the_scorer() {
    let Some(scorer) = scorer() else {
        crate::skipped::skipped(
            "no python3, or no shared/tools/score.py above the repository (or in SCORE_PY)",
        );
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for (name, seed) in [("retold", 1), ("retold", 2), ("council", 3), ("council", 4)] {
        let labels = fs::read_to_string(corpus(name)).expect("labels");
        let labels: Vec<Value> =
            labels.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let lines: Vec<String> = imagined_events(&labels, seed).iter().map(Value::to_string).collect();
        let events = folder.path().join("events.jsonl");
        fs::write(&events, lines.join("\n")).expect("written");
        for least in ["0", "0.5"] {
            let ours = scores(&corpus(name), &events, least.parse().expect("a number"));
            let theirs = scores_of_the_scorer(&scorer, &corpus(name), &events, least);
            similar_asserts::assert_eq!(theirs, ours, "{name}, seed {seed}, confidence from {least}");
        }
    }
}

fn scores(gold: &Path, events: &Path, least: f64) -> Value {
    let gold = Gold::read(gold).expect("labels");
    Scores::of(&gold, &Found::read(events).expect("events").at_least(least)).to_json()
}

fn scores_of_the_scorer(scorer: &Path, gold: &Path, events: &Path, least: &str) -> Value {
    let output = Command::new("python3")
        .args([scorer, gold, events])
        .args(["--json", "--min-confidence", least])
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A French and an English article, each with a label that no words of it bear out.
fn two_languages(folder: &Path) -> [String; 2] {
    let article =
        |id: &str, language: &str, text: &str| json!({"id": id, "language": language, "text": text});
    let label = |id: &str, words: &str| {
        let stance = json!({"holder": "AUT", "class": "deny", "targets": ["AND"], "where": words});
        json!({"id": id, "stances": [stance], "actions": []})
    };
    let articles = [
        article("a", "fr", "La Suisse a condamné lundi le Maroc. Il a plu toute la nuit."),
        article("b", "en", "Switzerland condemned Morocco on Monday. It rained all night."),
    ];
    let gold = [label("a", "Il a plu"), label("b", "It rained")];
    [("gold.jsonl", gold), ("articles.jsonl", articles)].map(|(name, lines)| {
        let path = folder.join(name);
        fs::write(&path, lines.map(|line| line.to_string()).join("\n")).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    })
}

#[test]
fn errors_are_a_part_of_the_one_json_object() {
    let folder = tempfile::tempdir().expect("a folder");
    let [gold, articles] = two_languages(folder.path());
    let output = demarche(&["evaluate", &gold, &articles, "--errors", "--json", "--language", "fr"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: Value = serde_json::from_str(&stdout(&output)).expect("one JSON value");
    assert_eq!(json["articles"], 1, "only the French one");
    assert_eq!(json["reliability"].as_array().map(Vec::len), Some(5));
    let missed = list(&json["errors"]).iter().find(|error| error["kind"] == "missed").expect("a miss");
    assert_eq!(missed["id"], "a");
    assert_eq!((&missed["holder"], &missed["class"]), (&json!("AUT"), &json!("deny")));
    assert_eq!(missed["cause"], "no trigger");
    assert_eq!(missed["sentence"], "Il a plu toute la nuit.");
    let all = demarche(&["evaluate", &gold, &articles, "--json"]);
    let all: Value = serde_json::from_str(&stdout(&all)).expect("one JSON value");
    assert_eq!(all["articles"], 2);
    assert!(all["confusion"].is_object() && all.get("errors").is_none(), "{all}");
}

#[test]
fn what_is_no_share_is_wrong_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    let [gold, articles] = two_languages(folder.path());
    for wrong in ["nan", "7", "-1"] {
        let least = format!("--min-confidence={wrong}");
        let floor = format!("--min=F1={wrong}");
        for arguments in [
            &["analyse", &articles, &least][..],
            &["evaluate", &gold, &articles, &least],
            &["evaluate", &gold, &articles, &floor],
        ] {
            let output = demarche(arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert!(stderr(&output).contains("from 0 to 1"), "{arguments:?}: {}", stderr(&output));
        }
    }
}
