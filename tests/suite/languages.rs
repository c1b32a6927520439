//! The data of the two languages, file by file and key by key: what one has, the other has too.

use std::collections::BTreeSet;

use demarche::data::Data;
use toml::{Table, Value};

/// What French alone has, and why.
const FRENCH_ALONE: [(&str, &str); 3] = [
    ("languages/morphology-hunspell.tsv", "no English dictionary of hunspell tells gender and number"),
    ("languages/council.toml.time.conditional_endings", "English says it by a word, `would`"),
    ("languages/council.toml.time.future_endings", "English says it by a word, `will`"),
];

/// Tables whose keys are words of the language.
const OF_WORDS: [&str; 12] = [
    "languages/council.toml.ambiguous",
    "languages/council.toml.numbers",
    "languages/council.toml.tally.implied",
    "languages/descriptions.toml.counts",
    "languages/grammar.toml.prepositions",
    "languages/grammar.toml.third_person",
    "languages/light_verbs.toml.negative",
    "languages/time.toml.months",
    "languages/time.toml.numbers",
    "languages/time.toml.ordinals",
    "languages/time.toml.units",
    "languages/time.toml.weekdays",
];

/// Every file of a language without the language's code, and every key of its TOML files.
fn parts(data: &Data, language: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for (kind, own) in [
        ("languages", format!("languages/{language}/")),
        ("actors", format!("actors/{language}/")),
        ("models", format!("models/{language}.")),
    ] {
        for path in data.paths(&own) {
            let file = format!("{kind}/{}", path.trim_start_matches(&own));
            if path.rsplit('.').next() == Some("toml") {
                let table: Table = data.text(path).expect("UTF-8").parse().expect("TOML");
                // A trigger has only what its word asks for: the classes have the same keys taken together.
                let of_triggers = file.starts_with("languages/triggers/");
                let at = if of_triggers { "languages/triggers" } else { file.as_str() };
                add_keys(&Value::Table(table), at, &mut parts);
            }
            parts.insert(file);
        }
    }
    parts
}

fn add_keys(value: &Value, at: &str, parts: &mut BTreeSet<String>) {
    match value {
        Value::Table(table) if !OF_WORDS.contains(&at) => {
            for (key, value) in table {
                let key = format!("{at}.{key}");
                add_keys(value, &key, parts);
                parts.insert(key);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add_keys(item, at, parts)),
        _ => {}
    }
}

#[test]
fn french_and_english_have_the_same_files_and_keys() {
    let data = Data::embedded();
    let (french, english) = (parts(&data, "fr"), parts(&data, "en"));
    assert!(OF_WORDS.iter().all(|table| french.contains(*table) && english.contains(*table)));
    let english_lacks: Vec<&str> = french.difference(&english).map(String::as_str).collect();
    let french_lacks: Vec<&str> = english.difference(&french).map(String::as_str).collect();
    let excepted: BTreeSet<&str> = FRENCH_ALONE.into_iter().map(|(part, _)| part).collect();
    assert!(
        french_lacks.is_empty() && english_lacks.iter().copied().eq(excepted.iter().copied()),
        "English lacks {english_lacks:#?} (excepted are {excepted:#?}), French lacks {french_lacks:#?}"
    );
}
