//! Candidate targets: the slots of the entry, then what stands near, then who is frequent in the article.

use super::{Found, Scene, Standing, TargetCandidate, Who};
use crate::{
    actors::Code,
    discourse::{authorship::AuthorPath, reading::Place},
    stances::{
        Class,
        lexicon::{HeadKind, HolderSlot, Slot},
        matching::Match,
    },
    syntax::{Deprel, Tree, Upos, traversal},
};

impl Scene<'_> {
    /// Candidate targets of a match, slots in the entry's order, then what stands beside and the article's frequent actors.
    pub fn targets(&self, found: &Match) -> Vec<TargetCandidate> {
        let mut targets = self.slotted_targets(found);
        if found.entry.trigger.holder == HolderSlot::Mutual {
            self.mutual_targets(found, &mut targets);
        }
        self.targets_nearby(found, &mut targets);
        if let Some(code) = &found.entry.trigger.default_target {
            targets.push(bare_target(Who::Code(code.as_str().into()), Found::Default));
        }
        for (rank, code) in self.prominence.ranked().iter().take(3).enumerate() {
            let known = targets.iter().any(|t| self.code(&t.who) == *code);
            if !known {
                let mention = self.reading.mentions.iter().position(|m| m.code == *code);
                let who = mention.map_or_else(|| Who::Code(code.clone()), Who::Mention);
                targets.push(bare_target(who, Found::Prominent(rank as u8)));
            }
        }
        if !targets.iter().any(|t| &*self.code(&t.who) == EVERYONE) {
            targets.push(bare_target(Who::Code(EVERYONE.into()), Found::Everyone));
        }
        targets
    }

    pub(super) fn slotted_targets(&self, found: &Match) -> Vec<TargetCandidate> {
        let mut targets = Vec::new();
        if let Some(subject) = self.receiver(found) {
            self.push_targets(found, subject, Some(0), "receiver", &mut targets);
        }
        for (rank, name) in found.entry.trigger.target.iter().enumerate() {
            let Some(slot) = Slot::parse(name) else { continue };
            for node in self.slot_nodes(found, &slot) {
                self.push_targets(found, node, Some(rank as u8), slot_name(&slot), &mut targets);
            }
        }
        targets
    }

    /// The word in the entry's first filled slot, where none of the candidates stands in a slot.
    pub fn unnamed_target(&self, found: &Match, targets: &[TargetCandidate]) -> Option<&str> {
        if targets.iter().any(|t| t.slot.is_some()) {
            return None;
        }
        let slots = found.entry.trigger.target.iter().filter_map(|name| Slot::parse(name));
        let node = slots.flat_map(|slot| self.slot_nodes(found, &slot)).find(|n| *n != found.place.node)?;
        Some(self.reading.lemma(Place { sentence: found.place.sentence, node }))
    }

    /// The verb that carries a stance noun.
    fn carrier(&self, found: &Match) -> Option<usize> {
        let tree = self.reading.tree(found.place);
        let head = tree.nodes[found.place.node].head?;
        (found.entry.head == HeadKind::Noun && tree.nodes[head].upos == Upos::Verb).then_some(head)
    }

    /// What the carrying verb makes of the noun's class; see [`super::light_verbs::LightVerbs::turn`].
    pub fn turned_class(&self, found: &Match) -> Option<Option<Class>> {
        let carrier = self.carrier(found)?;
        self.rules.light_verbs.turn(&self.reading.tree(found.place).nodes[carrier].lemma, found.entry.class)
    }

    /// The subject of a verb that makes it the noun's target.
    fn receiver(&self, found: &Match) -> Option<usize> {
        let carrier = self.carrier(found)?;
        let tree = self.reading.tree(found.place);
        let receives = self.rules.light_verbs.receives(self.reading.grammar, tree, carrier, found.place.node);
        let subject = receives.then(|| traversal::subject(tree, self.reading.grammar, carrier)).flatten()?;
        (subject.node != found.place.node).then_some(subject.node)
    }

    /// Codes of the subject of a verb that makes it the noun's target.
    pub(super) fn receivers(&self, found: &Match) -> Vec<Code> {
        let Some(node) = self.receiver(found) else { return Vec::new() };
        let place = Place { sentence: found.place.sentence, node };
        self.actors_at(place, true).iter().map(|s| self.code(&s.who)).collect()
    }

    /// Those who act are each other's targets.
    fn mutual_targets(&self, found: &Match, targets: &mut Vec<TargetCandidate>) {
        let mut holders = Vec::new();
        self.doers(found, &mut holders);
        for holder in holders {
            if !targets.iter().any(|t| t.who == holder.who) {
                targets.push(TargetCandidate {
                    who: holder.who,
                    slot: Some(0),
                    slot_name: "mutual",
                    found: holder.found,
                    place: Some(holder.place),
                    coordinated: holder.coordinated,
                    row: None,
                });
            }
        }
    }

    /// Actors of the trigger's clause that stand in none of its slots.
    fn targets_nearby(&self, found: &Match, targets: &mut Vec<TargetCandidate>) {
        let tree = self.reading.tree(found.place);
        let patients = patients(tree, targets);
        for node in tree.subtree(traversal::clause_head(tree, found.place.node)) {
            let place = Place { sentence: found.place.sentence, node };
            let Some(mention) = self.reading.mention_at(place) else { continue };
            let is_head = self.reading.mentions[mention].head == node && !patients.contains(&node);
            let known = targets.iter().any(|t| t.who == Who::Mention(mention));
            if is_head && !known && targets.len() < MAX_TARGETS {
                let found = if node > found.place.node { "after" } else { "before" };
                targets.push(TargetCandidate {
                    who: Who::Mention(mention),
                    slot: None,
                    slot_name: found,
                    found: Found::Named,
                    place: Some(place),
                    coordinated: tree.nodes[node].deprel == Deprel::Conj,
                    row: Some(Place { node: traversal::list_head(tree, node), ..place }),
                });
            }
        }
    }

    fn push_targets(
        &self,
        found: &Match,
        node: usize,
        slot: Option<u8>,
        slot_name: &'static str,
        targets: &mut Vec<TargetCandidate>,
    ) {
        let place = Place { sentence: found.place.sentence, node };
        for s in self.actors_at(place, false) {
            if targets.len() < MAX_TARGETS && !targets.iter().any(|t| t.who == s.who) {
                let Standing { who, found, place, coordinated, row } = s;
                let place = Some(place);
                targets.push(TargetCandidate { who, slot, slot_name, found, place, coordinated, row });
            }
        }
    }

    /// The nodes that stand in a slot of the trigger; of a noun under a verb, those of the verb too.
    pub fn slot_nodes(&self, found: &Match, slot: &Slot) -> Vec<usize> {
        let tree = self.reading.tree(found.place);
        let grammar = self.reading.grammar;
        let head = found.place.node;
        let carrier = tree.nodes[head]
            .head
            .filter(|h| tree.nodes[*h].upos == Upos::Verb && found.entry.head != HeadKind::Verb);
        match slot {
            Slot::Subject => self.patient_or_subject(found).into_iter().collect(),
            Slot::Object => traversal::direct_object(tree, grammar, head).into_iter().collect(),
            Slot::Indirect => tree.children_by(head, Deprel::Iobj).collect(),
            Slot::Oblique(preposition) => {
                let mut nodes = self.under(head, found.place.sentence, preposition);
                // "claquer la porte de": the slot hangs on the companion.
                for companion in found.tokens.iter().copied().filter(|t| *t != head) {
                    nodes.extend(self.under(companion, found.place.sentence, preposition));
                }
                if let Some(carrier) = carrier {
                    nodes.extend(self.under(carrier, found.place.sentence, preposition));
                }
                nodes.retain(|n| !found.tokens.contains(n));
                nodes
            }
            Slot::Infinitive => {
                tree.children(head).iter().copied().filter(|c| is_infinitive_slot(tree, *c)).collect()
            }
            Slot::Complement => tree.children_by(head, Deprel::Ccomp).collect(),
            Slot::ComplementSubject => tree
                .children(head)
                .iter()
                .copied()
                .filter(|c| matches!(tree.nodes[*c].deprel, Deprel::Ccomp | Deprel::Xcomp | Deprel::Advcl))
                .filter_map(|c| traversal::clause_topic(tree, grammar, c))
                .collect(),
            Slot::Possessor | Slot::Adjective => vec![head],
        }
    }

    /// Of a passive whom it is done to, else the subject.
    fn patient_or_subject(&self, found: &Match) -> Option<usize> {
        let tree = self.reading.tree(found.place);
        let grammar = self.reading.grammar;
        let head = found.place.node;
        if traversal::is_passive(tree, grammar, head) {
            return traversal::direct_object(tree, grammar, head);
        }
        traversal::subject(tree, grammar, head).map(|s| s.node).or_else(|| {
            let above = tree.nodes[head].head?;
            if tree.nodes[head].deprel == Deprel::Amod {
                return Some(above);
            }
            (tree.nodes[above].upos == Upos::Verb)
                .then(|| traversal::direct_object(tree, grammar, above).filter(|o| *o != head))
                .flatten()
                .or_else(|| traversal::subject(tree, grammar, above).map(|s| s.node).filter(|s| *s != head))
        })
    }

    fn under(&self, head: usize, sentence: usize, preposition: &str) -> Vec<usize> {
        let tree = &self.reading.trees[sentence];
        tree.children(head)
            .iter()
            .copied()
            .filter(|c| {
                matches!(
                    tree.nodes[*c].deprel,
                    Deprel::Obl
                        | Deprel::Nmod
                        | Deprel::OblAgent
                        | Deprel::Iobj
                        | Deprel::Obj
                        | Deprel::Xcomp
                        | Deprel::Advmod
                )
            })
            .filter(|c| self.reading.grammar.preposition(tree, *c) == Some(preposition))
            .collect()
    }
}

/// Code of whoever may hear it.
const EVERYONE: &str = "ALL";

/// Candidates kept for one trigger, so that a sentence of a hundred names stays cheap.
const MAX_TARGETS: usize = 16;

fn bare_target(who: Who, found: Found) -> TargetCandidate {
    TargetCandidate { who, slot: None, slot_name: "none", found, place: None, coordinated: false, row: None }
}

/// What stands in the phrase of an act whose doer is named: those it was done to ("l'annexion de la Crimée par la Russie").
fn patients(tree: &Tree, targets: &[TargetCandidate]) -> Vec<usize> {
    let is_doer = |t: &&TargetCandidate| {
        matches!(t.found, Found::Author(AuthorPath::Adjective | AuthorPath::Agent)) && t.slot.is_some()
    };
    let acts = targets.iter().filter(is_doer).filter_map(|t| t.place);
    acts.flat_map(|place| tree.subtree(place.node)).collect()
}

fn is_infinitive_slot(tree: &Tree, node: usize) -> bool {
    matches!(tree.nodes[node].deprel, Deprel::Xcomp | Deprel::Advcl | Deprel::Acl)
}

fn slot_name(slot: &Slot) -> &'static str {
    match slot {
        Slot::Subject => "nsubj",
        Slot::Object => "obj",
        Slot::Indirect => "iobj",
        Slot::Oblique(_) => "obl",
        Slot::Infinitive => "xcomp",
        Slot::Complement => "ccomp",
        Slot::ComplementSubject => "ccomp.nsubj",
        Slot::Possessor => "poss",
        Slot::Adjective => "amod",
    }
}
