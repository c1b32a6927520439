//! Bare nouns for actors named before: "les deux pays", "l'organisation".

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::reading::{Place, Reading};
use crate::{
    actors::ActorKind,
    data::{Data, DataError},
    syntax::{Deprel, Upos},
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

    /// Mentions that the noun at `place` stands for: the last ones before it of its kind, as many as its number word says.
    pub fn resolve(&self, reading: &Reading, place: Place) -> Vec<usize> {
        let Some(description) = self.by_noun.get(reading.lemma(place)) else { return Vec::new() };
        let count = self.count(reading, place);
        if description.only_counted && count == 1 {
            return Vec::new();
        }
        let mut found: Vec<usize> = Vec::new();
        for (index, mention) in reading.mentions.iter().enumerate().rev() {
            let before = (mention.sentence, mention.first) < (place.sentence, place.node);
            if !before || place.sentence - mention.sentence > REACH {
                continue;
            }
            let known = found.iter().any(|f| reading.mentions[*f].code == mention.code);
            if description.kinds.contains(&mention.kind) && !known {
                found.push(index);
                if found.len() == count {
                    break;
                }
            }
        }
        if found.len() < count {
            return Vec::new();
        }
        found.reverse();
        found
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
