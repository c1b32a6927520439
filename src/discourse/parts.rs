//! Who acts and who is acted upon, sentence by sentence: an act without an author is often that of whoever just acted.

use rustc_hash::FxHashMap;

use super::reading::{Place, Reading};
use crate::{
    actors::{Code, Mention},
    syntax::{Deprel, Tree},
};

/// What an actor does in a sentence; the last of these where it does several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Absent,
    /// Named, neither doer nor patient.
    Named,
    /// In an object, or the subject of a passive.
    Patient,
    /// In a subject ("l'armée russe a frappé", "un raid russe a tué"), or the agent of a passive.
    Doer,
}

/// The parts of all actors of an article.
#[derive(Debug)]
pub struct Parts {
    by_sentence: Vec<FxHashMap<Code, Part>>,
    /// The first sentence of the text.
    lead: Option<usize>,
}

impl Parts {
    pub fn new(reading: &Reading) -> Self {
        let mut by_sentence: Vec<FxHashMap<Code, Part>> = vec![FxHashMap::default(); reading.trees.len()];
        for mention in reading.mentions {
            let part = by_sentence[mention.sentence].entry(mention.code.clone()).or_insert(Part::Absent);
            *part = (*part).max(part_of(reading, mention));
        }
        let lead = (0..reading.trees.len()).find(|s| !reading.in_headline(Place { sentence: *s, node: 0 }));
        Self { by_sentence, lead }
    }

    /// In the sentence before one, within the text; `None` at its beginning.
    pub fn before(&self, sentence: usize, code: &Code) -> Option<Part> {
        let before = sentence.checked_sub(1).filter(|s| self.lead.is_some_and(|lead| *s >= lead))?;
        Some(self.of(before, code))
    }

    /// In the text's first sentence; `None` where `sentence` is that one.
    pub fn in_lead(&self, sentence: usize, code: &Code) -> Option<Part> {
        self.lead.filter(|lead| *lead != sentence).map(|lead| self.of(lead, code))
    }

    fn of(&self, sentence: usize, code: &Code) -> Part {
        self.by_sentence[sentence].get(code).copied().unwrap_or(Part::Absent)
    }
}

fn part_of(reading: &Reading, mention: &Mention) -> Part {
    let tree = &reading.trees[mention.sentence];
    let mut at = mention.head;
    loop {
        let node = &tree.nodes[at];
        match node.deprel {
            Deprel::Nsubj | Deprel::OblAgent => return Part::Doer,
            Deprel::NsubjPass | Deprel::Obj | Deprel::Iobj => return Part::Patient,
            // "l'attaque contre la Russie" is not Russia's.
            Deprel::Nmod if !is_owner(reading, tree, at) => return Part::Named,
            Deprel::Nmod | Deprel::Amod | Deprel::Conj | Deprel::Appos | Deprel::Compound | Deprel::Flat => {}
            _ => return Part::Named,
        }
        match node.head {
            Some(head) => at = head,
            None => return Part::Named,
        }
    }
}

fn is_owner(reading: &Reading, tree: &Tree, node: usize) -> bool {
    let preposition = reading.grammar.preposition(tree, node);
    preposition.is_none() || reading.grammar.is_genitive(preposition)
}
