//! Verbs that carry a stance noun: they lend it their subject, turn its class, or make their subject its target.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::Class;
use crate::{
    data::{Data, DataError},
    syntax::{Grammar, Tree},
};

/// `languages/<code>/light_verbs.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightVerbs {
    /// The subject holds the stance that the noun names.
    verbs: Verbs,
    /// The subject is its target ("a reçu le soutien de Paris", "s'est heurté aux critiques de Paris").
    receiving: Verbs,
    /// By verb and class of the noun: the class that results, or "" for none.
    negative: FxHashMap<String, FxHashMap<String, String>>,
}

/// Lemmas, some with words around them: a reflexive pronoun before, further words behind ("faire l'objet de").
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
struct Verbs(FxHashMap<String, Vec<Surroundings>>);

/// What must stand around a verb; nothing around a bare one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Surroundings {
    /// A reflexive pronoun of the verb.
    before: Option<String>,
    /// Words behind the verb, before the noun, in this order; the last may be the noun's preposition.
    behind: Vec<String>,
}

impl From<Vec<String>> for Verbs {
    fn from(phrases: Vec<String>) -> Self {
        let mut verbs: FxHashMap<String, Vec<Surroundings>> = FxHashMap::default();
        for phrase in phrases {
            let phrase = phrase.replace('\'', "' ");
            let words: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
            // Which word is the verb is known only beside the grammar: the first, or the second behind a pronoun.
            for verb in 0..words.len().min(2) {
                let before = verb.checked_sub(1).map(|b| words[b].clone());
                let around = Surroundings { before, behind: words[verb + 1..].to_vec() };
                verbs.entry(words[verb].clone()).or_default().push(around);
            }
        }
        Self(verbs)
    }
}

impl Verbs {
    fn contain(&self, grammar: &Grammar, tree: &Tree, verb: usize, noun: usize) -> bool {
        let Some(ways) = self.0.get(&tree.nodes[verb].lemma) else { return false };
        ways.iter().any(|way| way.fits(grammar, tree, verb, noun))
    }
}

impl Surroundings {
    fn fits(&self, grammar: &Grammar, tree: &Tree, verb: usize, noun: usize) -> bool {
        let is_reflexive = |node: &usize| grammar.is_reflexive(&tree.nodes[*node].form);
        if let Some(before) = &self.before
            && !(grammar.is_reflexive(before) && tree.children(verb).iter().any(is_reflexive))
        {
            return false;
        }
        let mut between = verb + 1..noun.max(verb + 1);
        self.behind.iter().all(|word| {
            between.any(|node| {
                let node_word = &tree.nodes[node];
                node_word.lemma == *word || node_word.form.to_lowercase() == *word
            })
        })
    }
}

impl LightVerbs {
    /// # Errors
    /// The file is missing, not of this shape, or names a class that is none.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let path = format!("languages/{language}/light_verbs.toml");
        let verbs: Self = data.toml(&path)?;
        for (verb, classes) in &verbs.negative {
            for class in classes.iter().flat_map(|(from, to)| [from, to]) {
                if !class.is_empty() && Class::parse(class).is_none() {
                    return Err(DataError::invalid(
                        &path,
                        format!("`{verb}`: `{class}` is no class of stance"),
                    ));
                }
            }
        }
        Ok(verbs)
    }

    pub fn carries(&self, grammar: &Grammar, tree: &Tree, verb: usize, noun: usize) -> bool {
        self.verbs.contain(grammar, tree, verb, noun)
    }

    pub fn receives(&self, grammar: &Grammar, tree: &Tree, verb: usize, noun: usize) -> bool {
        self.receiving.contain(grammar, tree, verb, noun)
    }

    /// What the verb makes of a noun's class: `None` leaves it, `Some(None)` undoes it.
    pub fn turn(&self, verb: &str, class: Class) -> Option<Option<Class>> {
        self.negative.get(verb)?.get(class.as_str()).map(|turned| Class::parse(turned))
    }
}
