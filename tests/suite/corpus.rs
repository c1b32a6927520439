//! The labelled dispatches that stand in the repository, measured against floors.

use std::{path::Path, process::Command};

/// What a change must keep; the rules were mended with all of these dispatches in view.
const FLOORS: [(&str, &[&str]); 10] = [
    ("council", &["council action.f1=0.97", "roll-call.f1=0.96", "tally=0.92"]),
    ("council-short", &["council action.f1=0.95", "roll-call.f1=0.93", "tally=0.85"]),
    ("council-told", &["council action.f1=0.92", "roll-call.f1=0.87", "tally=0.85"]),
    ("council-wire", &["council action.f1=0.82", "roll-call.f1=0.8", "tally=0.79"]),
    ("council-plain", &["council action.f1=0.95", "roll-call.f1=0.93", "tally=0.94"]),
    ("council-hard", &["council action.f1=0.78", "roll-call.f1=0.54", "tally=0.49"]),
    // The models of confidence were fitted on these as well.
    ("own-fr", &["F1=0.41", "p=0.75", "accusation.p=0.78"]),
    ("plain-fr", &["F1=0.7", "p=0.86"]),
    ("plain-en", &["F1=0.7", "p=0.88"]),
    ("own-en", &["F1=0.33", "p=0.76", "accusation.p=0.78"]),
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
