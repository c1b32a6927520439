//! What reads bytes, and what must hold of the result.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use demarche::{
    analysis::Analyser,
    article::{self, Rejected},
    data::Data,
    delivery::Source,
    evaluation::{Found, Gold},
    event::{AnalyserRef, DeadLetterReason, Header, Publisher, Topic, check_spans, dead_letter},
    kafka::{InputRecord, Outcome, Process},
    pipeline,
    settings::Layers,
    stances::selection::Keep,
    training::treebank,
};
use serde_json::{Value, json};

use super::{corpus, fuzz};
use crate::command_line::{demarche, stderr};

/// Two tests a target: one for every run, one that goes on.
macro_rules! targets {
    ($($name:ident: $long:ident),* $(,)?) => {$(
        #[test]
        fn $name() {
            run::$name(false);
        }

        #[test]
        #[ignore = "takes minutes"]
        fn $long() {
            run::$name(true);
        }
    )*};
}

targets!(
    articles: articles_at_length,
    readings: readings_at_length,
    html: html_at_length,
    headers: headers_at_length,
    settings: settings_at_length,
    data: data_at_length,
    treebanks: treebanks_at_length,
    labels: labels_at_length,
);

mod run {
    use super::*;

    /// Bytes to an article: ninjs, flat JSON, CloudEvents.
    pub(super) fn articles(long: bool) {
        fuzz("articles", samples(), long, |bytes| {
            let received = jiff::Timestamp::UNIX_EPOCH;
            match article::decode(bytes, &[], received) {
                Ok(article) => {
                    assert!(!article.id.is_empty() && !article::language(&article).is_empty());
                    assert_no_controls(&article.headline);
                    assert_no_controls(&article.body);
                    assert!(!article.headline.contains('\n'));
                }
                Err(rejected) => assert!(Rejected::CODES.contains(&rejected.as_str())),
            }
        });
    }

    /// The same, and on to events: each of them is true to its article.
    pub(super) fn readings(long: bool) {
        fuzz("articles", samples(), long, |bytes| match process()(&record(bytes, &[])) {
            Outcome::DeadLetter(reason, detail) => {
                assert!(reason != DeadLetterReason::Panic && !detail.is_empty());
            }
            Outcome::Published(published) => {
                for output in &published.records {
                    let value: Value = serde_json::from_slice(output.value.as_deref().unwrap()).unwrap();
                    if output.topic == Topic::Articles {
                        let text =
                            |name: &str| value["article"][name].as_str().unwrap_or_default().to_owned();
                        assert_eq!(check_spans(&value["events"], &text("headline"), &text("body")), Ok(()));
                    }
                }
            }
        });
    }

    /// Markup that ends nowhere: the visible text, in time that grows with the input alone.
    pub(super) fn html(long: bool) {
        let bodies = |bytes: &Vec<u8>| {
            let value: Value = serde_json::from_slice(bytes).ok()?;
            let found = ["html", "body_html"].iter().find_map(|name| value[name].as_str().map(str::to_owned));
            found.map(String::into_bytes)
        };
        let seeds = corpus("articles").iter().filter_map(bodies).collect();
        fuzz("html", seeds, long, |bytes| {
            let html = String::from_utf8_lossy(bytes);
            let payload = json!({"id": "a", "headline": "b", "html": html}).to_string();
            if let Ok(article) = article::decode(payload.as_bytes(), &[], None) {
                assert_no_controls(&article.body);
                assert!(article.body.len() <= 2 * html.len() + 16, "more text than there was markup");
            }
        });
    }

    /// `name: value` a line, as headers of an article and of what comes of it.
    pub(super) fn headers(long: bool) {
        fuzz("headers", Vec::new(), long, |bytes| {
            let cut = |line: &[u8]| {
                let colon = line.iter().position(|b| *b == b':').unwrap_or(line.len());
                let (name, value) = line.split_at(colon);
                let value = value.strip_prefix(b": ").map(<[u8]>::to_vec);
                Header { name: String::from_utf8_lossy(name).into_owned(), value }
            };
            let headers: Vec<Header> = bytes.split(|b| *b == b'\n').map(cut).collect();
            let input = record(br#"{"headline": "Bref", "language": "fr"}"#, &headers);
            let letter =
                dead_letter(&input.view(), DeadLetterReason::Unreadable, "", jiff::Timestamp::UNIX_EPOCH, 99);
            assert!(letter.headers.iter().filter(|h| h.name == "dlq-reason").count() == 1);
            // The identity may be missing: it comes from `ce_subject`.
            if let Outcome::Published(published) = process()(&input) {
                let texts = published.records.iter().flat_map(|record| &record.headers);
                assert!(
                    texts.clone().all(|h| h.value.as_deref().is_some_and(|v| std::str::from_utf8(v).is_ok()))
                );
            }
        });
    }

    /// As a file, and line by line as environment and flags.
    pub(super) fn settings(long: bool) {
        let reference = demarche::settings::REFERENCE.as_bytes().to_vec();
        let file = tempfile::NamedTempFile::new().expect("a file");
        fuzz("settings", vec![reference], long, move |bytes| {
            fs::write(file.path(), bytes).expect("written");
            let as_file = Layers { file: Some(file.path().to_owned()), ..Layers::default() };
            let text = String::from_utf8_lossy(bytes);
            let (environment, set): (Vec<&str>, Vec<&str>) =
                text.lines().partition(|line| line.starts_with("DEMARCHE__"));
            let environment = environment.iter().filter_map(|line| line.split_once('='));
            let as_flags = Layers {
                environment: environment.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
                set: set.into_iter().map(str::to_owned).collect(),
                ..Layers::default()
            };
            for layers in [as_file, as_flags] {
                if let Err(fault) = layers.load() {
                    assert!(!fault.to_string().is_empty());
                }
            }
        });
    }

    /// A data folder with one file changed: the first line names it, the rest is what it holds.
    pub(super) fn data(long: bool) {
        let folder = small_data();
        let seeds: Vec<Vec<u8>> = files(folder.path())
            .iter()
            .map(|file| {
                let name = file.strip_prefix(folder.path()).expect("inside").to_str().expect("UTF-8");
                [name.as_bytes(), b"\n", &fs::read(file).expect("a file")].concat()
            })
            .collect();
        fuzz("data", seeds, long, move |bytes| {
            let end = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
            let (name, content) =
                (String::from_utf8_lossy(&bytes[..end]), bytes.get(end + 1..).unwrap_or_default());
            let file = folder.path().join(&*name);
            let Some(file) = files(folder.path()).into_iter().find(|known| *known == file) else { return };
            let before = fs::read(&file).expect("a file");
            fs::write(&file, content).expect("written");
            let loaded = Data::open(folder.path()).and_then(|data| Analyser::load(&data));
            fs::write(&file, before).expect("written");
            match loaded {
                Err(fault) => assert!(!fault.to_string().is_empty()),
                Ok(analyser) => {
                    let text = "Japan on Friday condemned North Korea’s missile launch. The UN Security Council adopted a \
                                resolution by 14 votes.";
                    let article = json!({"id": "a", "language": "en", "text": text}).to_string();
                    let article = article::decode(article.as_bytes(), &[], None).expect("an article");
                    let _ = analyser.analyse(&article, KEEP);
                }
            }
        });
    }

    pub(super) fn treebanks(long: bool) {
        let folder = tempfile::tempdir().expect("a folder");
        fuzz("treebanks", Vec::new(), long, move |bytes| {
            for name in ["a.conllu", "a.conllu.gz"] {
                let file = folder.path().join(name);
                fs::write(&file, bytes).expect("written");
                if let Ok(sentences) = treebank::read(&file) {
                    assert!(
                        sentences
                            .iter()
                            .all(|s| s.words.iter().all(|w| w.head.is_none_or(|h| h < s.words.len())))
                    );
                }
            }
        });
    }

    /// Labels of careful readers, and events as they are scored.
    pub(super) fn labels(long: bool) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fuzz("labels", Vec::new(), long, move |bytes| {
            fs::write(file.path(), bytes).expect("written");
            let _ = Gold::read(file.path());
            let _ = Found::read(file.path());
        });
    }
}

#[test]
fn the_command_line_survives_the_corpus() {
    for (n, case) in corpus("articles").into_iter().enumerate() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), case).expect("written");
        let output = demarche(&["analyse", "--pretty", file.path().to_str().expect("UTF-8")]);
        assert!(matches!(output.status.code(), Some(0 | 65)), "{n}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{n}: {}", stderr(&output));
    }
}

const KEEP: Keep = Keep { explain: false, floor: None };

/// The daemon's own work on a record, with the data compiled in.
fn process() -> &'static Process {
    static PROCESS: OnceLock<Process> = OnceLock::new();
    PROCESS.get_or_init(|| {
        let analyser = Analyser::load(&Data::embedded()).expect("the data compiled in");
        let publisher = Publisher { analyser: AnalyserRef::of_this_build(String::new()) };
        pipeline::process(publisher, move |article| analyser.analyse(article, KEEP))
    })
}

fn record(payload: &[u8], headers: &[Header]) -> InputRecord {
    InputRecord {
        source: Source { topic: "wire".into(), partition: 0 },
        offset: 0,
        timestamp: Some(1_772_784_000_000),
        key: None,
        payload: Some(payload.to_vec()),
        headers: headers.to_vec(),
    }
}

fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    files(&folder).iter().map(|file| fs::read(file).expect("a sample")).collect()
}

fn assert_no_controls(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{text:?}");
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// One language of the data folder, its long word lists cut short, so that it loads in no time.
pub(crate) fn small_data() -> tempfile::TempDir {
    let (from, to) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("config/data"), tempfile::tempdir().expect("a folder"));
    for file in files(&from) {
        let name = file.strip_prefix(&from).expect("inside");
        if name.iter().any(|part| part.to_str().is_some_and(|p| p == "fr" || p.starts_with("fr."))) {
            continue;
        }
        let mut bytes = fs::read(&file).expect("a file");
        if name.file_name().is_some_and(|n| n == "morphology.tsv") {
            let end = bytes
                .iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .nth(200)
                .map_or(bytes.len(), |(i, _)| i);
            bytes.truncate(end);
        }
        fs::create_dir_all(to.path().join(name).parent().expect("a folder")).expect("made");
        fs::write(to.path().join(name), bytes).expect("written");
    }
    to
}
