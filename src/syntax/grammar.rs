//! Closed classes of a language's words that the traversal of trees needs.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{Gender, Number, Tree};
use crate::data::{Data, DataError};

/// `languages/<code>/grammar.toml`. All forms are lower case with straight apostrophes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    present_participle: Vec<String>,
    relative_subject: FxHashSet<String>,
    relative_object: FxHashSet<String>,
    reflexive: FxHashSet<String>,
    speaker: FxHashSet<String>,
    third_person: FxHashMap<String, String>,
    prepositions: FxHashMap<String, String>,
    /// Preposition of the doer of an act ("par").
    agentive: String,
    /// Preposition of the possessor ("de").
    genitive: String,
}

impl Grammar {
    /// # Errors
    /// The file is missing or not of this shape.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        data.toml(&format!("languages/{language}/grammar.toml"))
    }

    pub(super) fn is_present_participle(&self, form: &str) -> bool {
        let form = form.to_lowercase();
        self.present_participle.iter().any(|ending| form.ends_with(ending.as_str()))
    }

    pub(super) fn is_relative_subject(&self, form: &str) -> bool {
        self.relative_subject.contains(form)
    }

    pub(super) fn is_relative_object(&self, form: &str) -> bool {
        self.relative_object.contains(form)
    }

    pub fn is_reflexive(&self, form: &str) -> bool {
        self.reflexive.contains(&form.to_lowercase())
    }

    /// Whether the word stands for whoever speaks ("nous", "notre").
    pub fn is_speaker(&self, form: &str) -> bool {
        self.speaker.contains(&form.to_lowercase())
    }

    /// Gender and number of a word that stands for somebody named before; `None` for other words.
    pub fn third_person(&self, form: &str) -> Option<(Gender, Number)> {
        let marks = self.third_person.get(&form.to_lowercase())?;
        let gender = match marks.chars().next() {
            Some('m') => Gender::Masculine,
            Some('f') => Gender::Feminine,
            _ => Gender::Unknown,
        };
        let number = if marks.ends_with('p') { Number::Plural } else { Number::Singular };
        Some((gender, number))
    }

    pub fn is_agentive(&self, preposition: Option<&str>) -> bool {
        preposition == Some(self.agentive.as_str())
    }

    pub fn is_genitive(&self, preposition: Option<&str>) -> bool {
        preposition == Some(self.genitive.as_str())
    }

    /// The preposition that governs a noun, in its one form ("du" is "de", "à l'encontre de" is "contre"); `None` without one.
    pub fn preposition(&self, tree: &Tree, noun: usize) -> Option<&str> {
        let mut plain = None;
        for case in tree.children_by(noun, super::Deprel::Case) {
            let known = |node: usize| {
                self.prepositions.get(&tree.nodes[node].form.to_lowercase()).map(String::as_str)
            };
            // In a fixed phrase ("à l'encontre de") the word with the meaning decides, not the first.
            let fixed = tree.children(case).iter().filter_map(|c| known(*c)).find(|p| p.chars().count() > 2);
            let found = fixed.or_else(|| known(case));
            if plain.is_none_or(|p: &str| p.chars().count() <= 2) && found.is_some() {
                plain = found;
            }
        }
        plain
    }
}
