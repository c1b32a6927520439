//! Texts, courts and crowds that condemn or demand: for whom they speak, if for anybody.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::Scene;
use crate::{
    actors::ActorKind,
    data::{Data, DataError},
    discourse::reading::Place,
    stances::{Class, factuality::Factuality, lexicon::HeadKind, matching::Match},
    syntax::traversal,
};

/// `languages/<code>/texts.toml`: lemmas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextWords {
    texts: FxHashSet<String>,
    adopting_verbs: FxHashSet<String>,
    courts: FxHashSet<String>,
    crowds: FxHashSet<String>,
}

impl TextWords {
    /// # Errors
    /// The file is missing or not of this shape.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        data.toml(&format!("languages/{language}/texts.toml"))
    }
}

/// Sentences before a text's words in which its adoption may be told.
const ADOPTED_BEFORE: usize = 6;

impl Scene<'_> {
    /// Whether the noun names a text: it speaks for the body that adopts it, and until then for nobody (guide, section 1.4).
    pub(super) fn is_text(&self, place: Place) -> bool {
        self.rules.texts.texts.contains(self.reading.lemma(place))
    }

    /// Whether the subject of a verb is a crowd, or a court whose verdict the verb tells: no stance (guide, section 1.4).
    pub fn speaks_for_nobody(&self, found: &Match, class: Class) -> bool {
        if found.entry.head != HeadKind::Verb {
            return false;
        }
        let tree = self.reading.tree(found.place);
        let subject = traversal::subject(tree, self.reading.grammar, found.place.node);
        subject.is_some_and(|s| {
            let place = Place { node: s.node, ..found.place };
            let named = self.reading.mention_at(place).map(|m| &self.reading.mentions[m]);
            self.is_crowd(place) && named.is_none()
                || self.is_court(place)
                    && gives_verdict(class)
                    && named.is_none_or(|m| m.kind != ActorKind::Organisation)
        })
    }

    /// Whether the noun names people who speak for no state, wherever they come from.
    pub(super) fn is_crowd(&self, place: Place) -> bool {
        self.rules.texts.crowds.contains(self.reading.lemma(place)) && self.described(place).is_empty()
    }

    /// Whether the noun names a court or who sits in it.
    fn is_court(&self, place: Place) -> bool {
        self.rules.texts.courts.contains(&self.reading.lemma(place).to_lowercase())
    }

    /// The body that last adopted a text, up to the end of the sentence in which this one speaks.
    pub(super) fn adopter(&self, text: Place) -> Option<usize> {
        let first = text.sentence.saturating_sub(ADOPTED_BEFORE);
        let places = (first..=text.sentence).rev().flat_map(|sentence| {
            let nodes = 0..self.reading.trees[sentence].nodes.len();
            nodes.rev().map(move |node| Place { sentence, node })
        });
        places
            .filter(|place| self.rules.texts.adopting_verbs.contains(self.reading.lemma(*place)))
            .find_map(|verb| self.adopting_body(verb))
    }

    fn adopting_body(&self, verb: Place) -> Option<usize> {
        let subject = traversal::subject(self.reading.tree(verb), self.reading.grammar, verb.node)?;
        let body = self.reading.mention_at(Place { node: subject.node, ..verb })?;
        let real = Factuality::of(self.reading, &self.rules.factuality, verb).is_fact();
        (self.reading.mentions[body].kind == ActorKind::Organisation && real).then_some(body)
    }
}

/// Classes whose verbs tell what a court decides.
fn gives_verdict(class: Class) -> bool {
    matches!(class, Class::Condemn | Class::Reject | Class::Sanction)
}
