//! Bare nouns for actors named before: "les deux pays", "l'organisation".

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::reading::{Place, Reading};
use crate::{
    actors::{ActorKind, Mention},
    data::{Data, DataError},
    syntax::{Deprel, Upos, traversal::clause_head},
};

/// `languages/<code>/descriptions.toml`.
#[derive(Debug)]
pub struct Descriptions {
    counts: FxHashMap<String, usize>,
    by_noun: FxHashMap<String, Description>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    counts: FxHashMap<String, usize>,
    description: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    nouns: Vec<String>,
    kinds: Vec<ActorKind>,
    #[serde(default)]
    only_counted: bool,
}

#[derive(Debug, Clone)]
struct Description {
    kinds: Vec<ActorKind>,
    only_counted: bool,
}

/// How far back, in sentences, a description is understood.
const REACH: usize = 3;

impl Descriptions {
    /// # Errors
    /// The file is missing or not of this shape.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let file: File = data.toml(&format!("languages/{language}/descriptions.toml"))?;
        let mut by_noun = FxHashMap::default();
        for entry in file.description {
            for noun in entry.nouns {
                by_noun.insert(
                    noun,
                    Description { kinds: entry.kinds.clone(), only_counted: entry.only_counted },
                );
            }
        }
        Ok(Self { counts: file.counts, by_noun })
    }

    /// Mentions that the noun at `place` stands for, as many as its number word says: a list of so many of its kind,
    /// else the last before it.
    pub fn resolve(&self, reading: &Reading, place: Place) -> Vec<usize> {
        let Some(description) = self.by_noun.get(reading.lemma(place)) else { return Vec::new() };
        let count = self.count(reading, place);
        if description.only_counted && count == 1 {
            return Vec::new();
        }
        let clause = |node| clause_head(reading.tree(place), node);
        // "Moscou a appelé les deux pays": whoever acts on them is none of them.
        let beside =
            |m: &Mention| count > 1 && m.sentence == place.sentence && clause(m.head) == clause(place.node);
        let is_meant = |m: &Mention| {
            (m.sentence, m.first) < (place.sentence, place.node)
                && place.sentence - m.sentence <= REACH
                && description.kinds.contains(&m.kind)
                && !beside(m)
        };
        let candidates: Vec<usize> =
            reading.mentions.iter().enumerate().filter(|(_, m)| is_meant(m)).map(|(i, _)| i).collect();
        // "les deux pays": a list of two rather than the last two named.
        let listed = || {
            let rows = candidates.iter().rev().map(|m| Self::distinct(reading, reading.row(*m)));
            rows.filter(|row| row.len() == count).find(|row| row.iter().all(|m| candidates.contains(m)))
        };
        let last = || {
            let mut last = Self::distinct(reading, candidates.iter().rev().copied());
            last.truncate(count);
            last.reverse();
            last
        };
        let list = if count > 1 { listed() } else { None };
        list.or_else(|| Some(last()).filter(|l| l.len() == count)).unwrap_or_default()
    }

    /// One mention of each actor, the first ones.
    fn distinct(reading: &Reading, mentions: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut distinct: Vec<usize> = Vec::new();
        for mention in mentions {
            if !distinct.iter().any(|d| reading.mentions[*d].code == reading.mentions[mention].code) {
                distinct.push(mention);
            }
        }
        distinct
    }

    fn count(&self, reading: &Reading, place: Place) -> usize {
        let tree = reading.tree(place);
        tree.children(place.node)
            .iter()
            .map(|c| &tree.nodes[*c])
            .filter(|n| {
                matches!(n.deprel, Deprel::Nummod | Deprel::Det | Deprel::Amod) || n.upos == Upos::Num
            })
            .find_map(|n| self.counts.get(&n.form.to_lowercase()).copied())
            .unwrap_or(1)
    }
}
