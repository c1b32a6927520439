//! `.v1` only ever gains: what the last release promised still holds, and what it published can still be read.
//!
//! `tests/releases/<version>/` keeps of a release its schemas and what it made of the samples. Before the next one:
//! `SNAPSHOT_RELEASE=1 cargo test --release --test suite -- compatibility`, and commit the new folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use demarche::{
    analysis::Analyser,
    data::Data,
    delivery::Source,
    event::{AnalyserRef, DeadLetterReason, Header, Publisher, Topic, dead_letter, schema},
    kafka::{InputRecord, Outcome},
    pipeline,
    stances::selection::Keep,
};
use serde_json::{Map, Value, json};

/// A published value with the name of its contract.
type Published = (String, Value);

#[test]
fn schemas_of_releases_read_what_is_published_today() {
    snapshot();
    let today = today();
    for release in releases() {
        let mut validators = BTreeMap::new();
        for (contract, value) in &today {
            let validator = validators.entry(contract).or_insert_with(|| {
                let schema = document(&release.join(format!("{contract}.json")));
                jsonschema::draft7::new(&schema).expect("a draft-07 schema")
            });
            let faults: Vec<String> = validator.iter_errors(value).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{} refuses a {contract}: {faults:?}\n{value:#}", release.display());
        }
        assert_eq!(validators.len(), schema::ALL.len(), "every contract is among what is published");
    }
}

#[test]
fn todays_schemas_read_what_releases_published() {
    let validators: BTreeMap<&str, _> = schema::ALL
        .iter()
        .map(|contract| (contract.name, jsonschema::draft7::new(&contract.schema()).expect("a schema")))
        .collect();
    for release in releases() {
        let lines = fs::read_to_string(release.join("published.jsonl")).expect("what it published");
        for line in lines.lines() {
            let (contract, value): Published = serde_json::from_str(line).expect("JSON lines");
            let faults: Vec<String> =
                validators[contract.as_str()].iter_errors(&value).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "a {contract} of {} is refused: {faults:?}", release.display());
        }
    }
}

#[test]
fn no_field_and_no_value_that_a_release_promised_is_gone() {
    for release in releases() {
        for contract in schema::ALL {
            let old = document(&release.join(format!("{}.json", contract.name)));
            let (before, now) = (Promises::of(&old), Promises::of(&contract.schema()));
            let gone: Vec<_> = before.kept.difference(&now.kept).collect();
            assert!(gone.is_empty(), "{} no longer has: {gone:?}", contract.name);
            for (path, types) in &before.types {
                let new: Vec<_> = now.types[path].difference(types).collect();
                assert!(new.is_empty(), "{}{path} may be {new:?} now, which nobody expects", contract.name);
            }
        }
    }
}

#[test]
fn a_schema_of_today_lets_values_of_tomorrow_through() {
    let (_, stance) = today().into_iter().find(|(contract, _)| contract == "stance").expect("a stance");
    let validator = jsonschema::draft7::new(&schema::STANCE.schema()).expect("a schema");
    for pointer in
        ["/class", "/holder/kind", "/holder/via", "/status", "/time/precision", "/attribution/mode"]
    {
        let mut grown = stance.clone();
        *grown.pointer_mut(pointer).expect(pointer) = "of_tomorrow".into();
        assert!(validator.is_valid(&grown), "{pointer} is closed");
        *grown.pointer_mut(pointer).expect(pointer) = 7.into();
        assert!(!validator.is_valid(&grown), "{pointer} is anything at all");
    }
}

/// What a schema lets a subscriber rely on, by path.
#[derive(Default)]
struct Promises {
    /// Fields, those that are always there, and known values.
    kept: BTreeSet<String>,
    types: BTreeMap<String, BTreeSet<String>>,
}

impl Promises {
    fn of(document: &Value) -> Self {
        let mut promises = Self::default();
        promises.take("", document, document, 0);
        promises
    }

    fn take(&mut self, path: &str, schema: &Value, document: &Value, depth: usize) {
        assert!(depth < 40, "{path}: a schema without end");
        if let Some(pointer) = schema["$ref"].as_str() {
            let target = document.pointer(pointer.trim_start_matches('#')).expect("a definition");
            return self.take(path, target, document, depth + 1);
        }
        let list = |name: &str| schema[name].as_array().map_or(&[][..], Vec::as_slice);
        let types = schema["type"].as_str().map(|one| vec![Value::from(one)]);
        for one in types.as_deref().unwrap_or_else(|| list("type")) {
            let known = self.types.entry(path.to_owned()).or_default();
            known.insert(one.as_str().expect("a type").to_owned());
        }
        for value in list("enum").iter().chain(schema.get("const")) {
            self.kept.insert(format!("{path} = {value}"));
        }
        for name in list("required") {
            self.kept.insert(format!("{path}/{} is always there", name.as_str().expect("a name")));
        }
        for alternative in ["anyOf", "allOf", "oneOf"].iter().flat_map(|name| list(name)) {
            self.take(path, alternative, document, depth + 1);
        }
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{name}");
            self.kept.insert(path.clone());
            self.take(&path, inner, document, depth + 1);
        }
        for (name, step) in [("items", "[]"), ("additionalProperties", "{}")] {
            if schema[name].is_object() {
                self.take(&format!("{path}{step}"), &schema[name], document, depth + 1);
            }
        }
    }
}

/// All that the samples give, with a second version and a withdrawal among them, and a dead letter.
fn today() -> Vec<Published> {
    let analyser = Analyser::load(&Data::embedded()).expect("the data compiled in");
    let publisher = Publisher { analyser: AnalyserRef::of_this_build(String::new()) };
    let keep = Keep { explain: false, floor: None };
    let process = pipeline::process(publisher, move |article| analyser.analyse(article, keep));
    let mut published = Vec::new();
    for (offset, file) in sorted(&repository("tests/samples")).into_iter().enumerate() {
        let input = InputRecord {
            source: Source { topic: "wire.articles".into(), partition: 0 },
            offset: offset as i64,
            timestamp: Some(1_780_000_000_000),
            key: None,
            payload: Some(fs::read(file).expect("a sample")),
            headers: Vec::new(),
        };
        match process(&input) {
            Outcome::Published(made) => published.extend(made.records.iter().map(|record| {
                let value: Value =
                    serde_json::from_slice(record.value.as_deref().expect("a value")).expect("JSON");
                let contract = match (record.topic, value["kind"].as_str()) {
                    (Topic::Articles, _) => "article",
                    (_, Some("article_revised")) => "article-revised",
                    (_, Some("stance")) => "stance",
                    _ => "council-action",
                };
                (contract.to_owned(), value)
            })),
            Outcome::DeadLetter(reason, detail) => published.push(letter(&input, reason, &detail)),
        }
    }
    published
}

fn letter(input: &InputRecord, reason: DeadLetterReason, detail: &str) -> Published {
    let letter = dead_letter(&input.view(), reason, detail, jiff::Timestamp::UNIX_EPOCH, 1_000);
    let text = |h: &Header| String::from_utf8_lossy(h.value.as_deref().unwrap_or_default()).into_owned();
    let headers: Map<String, Value> =
        letter.headers.iter().map(|h| (h.name.clone(), json!(text(h)))).collect();
    ("dead-letter".to_owned(), Value::Object(headers))
}

/// Writes this release down, where that is asked for.
fn snapshot() {
    if std::env::var_os("SNAPSHOT_RELEASE").is_none() {
        return;
    }
    let folder = repository("tests/releases").join(env!("CARGO_PKG_VERSION"));
    fs::create_dir_all(&folder).expect("a folder");
    for contract in schema::ALL {
        let file = folder.join(format!("{}.json", contract.name));
        fs::write(file, format!("{:#}\n", contract.schema())).expect("written");
    }
    let lines: Vec<String> = today().iter().map(|line| json!(line).to_string() + "\n").collect();
    fs::write(folder.join("published.jsonl"), lines.concat()).expect("written");
}

fn releases() -> Vec<PathBuf> {
    let found = sorted(&repository("tests/releases"));
    assert!(!found.is_empty(), "there is no release to be compatible with");
    found
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

fn document(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).expect("a schema")).expect("JSON")
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
