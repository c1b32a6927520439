//! The labelled dispatches that stand in the repository, measured against floors.

use std::{path::Path, process::Command};

/// What a change must keep; the rules were mended with all of these dispatches in view.
const FLOORS: [(&str, &[&str]); 14] = [
    ("council", &["council action.f1=0.97", "roll-call.f1=0.96", "tally=0.92"]),
    ("council-short", &["council action.f1=0.95", "roll-call.f1=0.93", "tally=0.85"]),
    ("council-told", &["council action.f1=0.92", "roll-call.f1=0.87", "tally=0.86"]),
    ("council-wire", &["council action.f1=0.82", "roll-call.f1=0.8", "tally=0.82"]),
    ("council-plain", &["council action.f1=0.96", "roll-call.f1=0.95", "tally=0.96"]),
    ("council-grid", &["council action.f1=0.93", "council action.p=0.95", "sponsors.f1=0.85"]),
    ("council-fresh", &["council action.f1=0.88", "roll-call.f1=0.92", "tally=0.92"]),
    ("council-hard", &["council action.f1=0.78", "roll-call.f1=0.6", "tally=0.5"]),
    // The models of confidence were fitted on these as well.
    ("own-fr", &["F1=0.43", "p=0.86", "accusation.p=0.88"]),
    ("plain-fr", &["F1=0.77", "p=0.94"]),
    ("minis-fr", &["F1=0.68", "p=0.93"]),
    ("plain-en", &["F1=0.76", "p=0.94"]),
    ("minis-en", &["F1=0.6", "p=0.9"]),
    ("own-en", &["F1=0.36", "p=0.86", "accusation.p=0.86"]),
];

#[test]
fn dispatches_of_the_repository_keep_their_floors() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for (name, floors) in FLOORS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
        command.arg("evaluate").args(["gold.jsonl", "articles.jsonl"].map(|f| corpus.join(name).join(f)));
        for floor in floors {
            command.args(["--min", floor]);
        }
        let output = command.output().expect("demarche runs");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
