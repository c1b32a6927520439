//! What a language's `text.toml` says about cutting its text.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::data::{Data, DataError};

/// The file as written; its comments explain each key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    elisions: Vec<String>,
    elided_before: String,
    clitics: Vec<String>,
    whole: Vec<String>,
    cuts: Vec<String>,
    split_hyphens: bool,
    hyphen_prefixes: Vec<String>,
    number_spaces: bool,
    abbreviations_before_name: Vec<String>,
    abbreviations_before_number: Vec<String>,
    abbreviations: Vec<String>,
    starters: Vec<String>,
    dateline: DatelineWords,
    signoffs: Vec<String>,
}

/// Words that a dateline is made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatelineWords {
    pub days: FxHashSet<String>,
    pub months: FxHashSet<String>,
    pub place_words: FxHashSet<String>,
    pub connectors: FxHashSet<String>,
}

/// How an abbreviation bears on the sentence that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// A name or a clause follows: never an end.
    BeforeName,
    /// Only an abbreviation where a number follows.
    BeforeNumber,
    /// May stand at the end.
    Any,
}

/// Rules ready for use; all words in lower case unless said otherwise.
#[derive(Debug)]
pub(super) struct Rules {
    pub elisions: FxHashSet<String>,
    pub elided_before: FxHashSet<char>,
    /// The longest first.
    pub clitics: Vec<String>,
    pub whole: FxHashSet<String>,
    /// A word and the number of code points in its first part.
    pub cuts: Vec<(String, u32)>,
    pub split_hyphens: bool,
    pub hyphen_prefixes: FxHashSet<String>,
    pub number_spaces: bool,
    before_name: FxHashSet<String>,
    before_number: FxHashSet<String>,
    abbreviations: FxHashSet<String>,
    pub starters: FxHashSet<String>,
    pub dateline: DatelineWords,
    pub signoffs: Vec<String>,
}

impl Rules {
    pub(super) fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let path = format!("languages/{language}/text.toml");
        let file: File = data.toml(&path)?;
        let cuts = file
            .cuts
            .iter()
            .map(|c| {
                let (first, rest) = c
                    .split_once('|')
                    .ok_or_else(|| DataError::invalid(&path, format!("`{c}` has no bar")))?;
                Ok((format!("{first}{rest}"), first.chars().count() as u32))
            })
            .collect::<Result<_, DataError>>()?;
        let mut clitics = file.clitics;
        clitics.sort_by_key(|c| std::cmp::Reverse(c.chars().count()));
        Ok(Self {
            elisions: file.elisions.into_iter().collect(),
            elided_before: file.elided_before.chars().collect(),
            clitics,
            whole: file.whole.into_iter().collect(),
            cuts,
            split_hyphens: file.split_hyphens,
            hyphen_prefixes: file.hyphen_prefixes.into_iter().collect(),
            number_spaces: file.number_spaces,
            before_name: file.abbreviations_before_name.into_iter().collect(),
            before_number: file.abbreviations_before_number.into_iter().collect(),
            abbreviations: file.abbreviations.into_iter().collect(),
            starters: file.starters.into_iter().collect(),
            dateline: file.dateline,
            signoffs: file.signoffs,
        })
    }

    /// What kind of abbreviation `word` is, its full stop included.
    pub(super) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        let lower = word.to_lowercase();
        let is_in = |set: &FxHashSet<String>| set.contains(word) || set.contains(&lower);
        if is_in(&self.before_name) {
            Some(Abbreviation::BeforeName)
        } else if is_in(&self.before_number) {
            Some(Abbreviation::BeforeNumber)
        } else {
            is_in(&self.abbreviations).then_some(Abbreviation::Any)
        }
    }

    /// Whether a capitalised `word` is one that begins sentences.
    pub(super) fn is_starter(&self, word: &str) -> bool {
        word.starts_with(char::is_uppercase) && self.starters.contains(&word.to_lowercase())
    }
}
