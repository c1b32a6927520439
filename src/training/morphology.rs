//! The word list of a language from the lemmas and features of its treebanks.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::treebank::Sentence;
use crate::syntax::{Traits, Upos};

/// Words of one form by use, and what they were there.
type Counts = BTreeMap<(String, Upos), BTreeMap<Analysis, usize>>;
/// A rule for an ending: how many letters of the form to keep is told by the ending itself.
type Rule = (String, Traits);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Analysis {
    lemma: String,
    traits: Traits,
}

/// Longest ending that a guess looks at, in characters.
const LONGEST_ENDING: usize = 5;
/// Words that must share an ending before it makes a rule.
const WORDS_FOR_A_RULE: usize = 3;

/// A morphology file (`[forms]` and `[endings]`) in the format of [`crate::syntax::Morphology`].
pub fn from_treebanks(treebanks: &[Sentence]) -> String {
    let words = most_frequent(&count(treebanks));
    let mut out = String::from("[forms]\n");
    for ((form, upos), analysis) in &words {
        if is_telling(form, *upos, analysis) {
            let Analysis { lemma, traits } = analysis;
            line(&mut out, &[form, lemma, upos.name(), traits.as_str()]);
        }
    }
    out.push_str("[endings]\n");
    for ((upos, ending), (lemma, traits)) in endings(&words) {
        line(&mut out, &[upos.name(), &ending, &lemma, traits.as_str()]);
    }
    out
}

fn line(out: &mut String, fields: &[&str]) {
    let _ = writeln!(out, "{}", fields.join("\t"));
}

fn count(treebanks: &[Sentence]) -> Counts {
    let mut counts = Counts::new();
    for word in treebanks.iter().flat_map(|s| &s.words) {
        let Some(lemma) = word.lemma.clone().filter(|l| !l.contains(char::is_whitespace)) else {
            continue;
        };
        if word.form.starts_with(['#', '[']) || word.form.contains(char::is_whitespace) {
            continue;
        }
        let form = if word.upos == Upos::Propn { word.form.clone() } else { word.form.to_lowercase() };
        let analysis = Analysis { lemma, traits: word.traits };
        *counts.entry((form, word.upos)).or_default().entry(analysis).or_default() += 1;
    }
    counts
}

fn most_frequent(counts: &Counts) -> BTreeMap<(String, Upos), Analysis> {
    let first = |analyses: &BTreeMap<Analysis, usize>| {
        analyses.iter().max_by_key(|(_, n)| **n).map(|(analysis, _)| analysis.clone())
    };
    counts.iter().filter_map(|(key, analyses)| Some((key.clone(), first(analyses)?))).collect()
}

/// Whether the lookup would not say the same of an unknown word.
fn is_telling(form: &str, upos: Upos, analysis: &Analysis) -> bool {
    let open = matches!(upos, Upos::Noun | Upos::Verb | Upos::Adj | Upos::Aux);
    open || analysis.lemma != form || (analysis.traits != Traits::UNKNOWN && upos != Upos::Num)
}

/// For each tag and ending the change that most words with it make, where a shorter ending says otherwise.
fn endings(words: &BTreeMap<(String, Upos), Analysis>) -> BTreeMap<(Upos, String), Rule> {
    let mut votes: BTreeMap<(Upos, String), BTreeMap<Rule, usize>> = BTreeMap::new();
    let open = [Upos::Noun, Upos::Verb, Upos::Adj];
    for ((form, upos), analysis) in words.iter().filter(|((_, upos), _)| open.contains(upos)) {
        let starts: Vec<usize> = form.char_indices().map(|(i, _)| i).collect();
        for start in starts.into_iter().rev().take(LONGEST_ENDING) {
            if let Some(lemma) = analysis.lemma.strip_prefix(&form[..start]) {
                let rule = (lemma.to_owned(), analysis.traits);
                *votes.entry((*upos, form[start..].to_owned())).or_default().entry(rule).or_default() += 1;
            }
        }
    }
    let mut rules: BTreeMap<(Upos, String), Rule> = BTreeMap::new();
    let by_length: BTreeSet<(usize, Upos, &str)> =
        votes.keys().map(|(upos, ending)| (ending.len(), *upos, ending.as_str())).collect();
    for (_, upos, ending) in by_length {
        let votes = &votes[&(upos, ending.to_owned())];
        let Some((rule, n)) = votes.iter().max_by_key(|(_, n)| **n) else { continue };
        if *n >= WORDS_FOR_A_RULE && shorter(&rules, upos, ending).as_ref() != Some(rule) {
            rules.insert((upos, ending.to_owned()), rule.clone());
        }
    }
    rules
}

/// What the rules so far make of `ending`, as a rule for the whole of it.
fn shorter(rules: &BTreeMap<(Upos, String), Rule>, upos: Upos, ending: &str) -> Option<Rule> {
    ending.char_indices().skip(1).find_map(|(start, _)| {
        let (lemma, traits) = rules.get(&(upos, ending[start..].to_owned()))?;
        Some((format!("{}{lemma}", &ending[..start]), *traits))
    })
}
