//! Files that hold what the program gives, compared on every run.
//!
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo test --release --test suite`, then read the diff.

use std::{fs, path::Path};

use demarche::{
    analysis::Analyser,
    article,
    data::Data,
    event::{AnalyserRef, Publisher, check_spans, schema},
    stances::selection::Keep,
};
use serde_json::Value;

/// Compares a JSON document with the file of the repository that holds it; a difference is shown line by line.
pub(crate) fn assert_file(path: &str, found: &Value) {
    let file = repository(path);
    let found = format!("{found:#}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().expect("a folder")).expect("create the folder");
        fs::write(&file, &found).expect("write the file");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    similar_asserts::assert_eq!(
        expected,
        found,
        "{path} is not what the program gives. If the change is meant: UPDATE_GOLDEN=1 cargo test --release"
    );
}

/// Every sample dispatch that can be read has its article record in `tests/golden`, valid and with true spans.
#[test]
fn the_sample_dispatches_give_the_events_on_file() {
    let analyser = Analyser::load(&Data::embedded()).expect("the data compiled in");
    // The rules' digest is left out: it would change every file with every word of the data.
    let publisher = Publisher { analyser: AnalyserRef::of_this_build(String::new()) };
    let validator = jsonschema::draft7::new(&schema::ARTICLE.schema()).expect("a draft-07 schema");
    let mut readable = 0;
    for name in samples() {
        let bytes = fs::read(repository("tests/samples").join(&name)).expect("a sample");
        let Ok(article) = article::decode(&bytes, &[], None) else { continue };
        let reading = analyser.analyse(&article, Keep { explain: false, floor: None });
        let record = publisher.article_record(&article, reading.as_ref());
        let record = serde_json::to_value(record).expect("JSON");
        assert_eq!(check_spans(&record["events"], &article.headline, &article.body), Ok(()), "{name}");
        let faults: Vec<String> = validator.iter_errors(&record).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
        assert_file(&format!("tests/golden/{name}"), &record);
        readable += 1;
    }
    assert!(readable > 20, "{readable} samples could be read");
}

fn samples() -> Vec<String> {
    let entries = fs::read_dir(repository("tests/samples")).expect("the samples");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "json")).collect();
    names.sort();
    names
}

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
