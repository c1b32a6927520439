//! Candidate holders: subject, agent, speaker, or whoever stands beside a noun.

use super::{Found, HolderCandidate, HolderPath, Scene, Who};
use crate::{
    discourse::{authorship::AuthorPath, reading::Place},
    stances::{
        lexicon::{HeadKind, HolderSlot},
        matching::Match,
    },
    syntax::{Deprel, Upos, traversal, traversal::SubjectPath},
};

impl Scene<'_> {
    /// Candidate holders of a match, likeliest path first.
    pub fn holders(&self, found: &Match) -> Vec<HolderCandidate> {
        let mut holders = Vec::new();
        match found.entry.trigger.holder {
            HolderSlot::Speaker => {}
            HolderSlot::Object => self.experiencers(found, &mut holders),
            HolderSlot::Subject | HolderSlot::Mutual => self.acting_holders(found, &mut holders),
        }
        self.speaker_holders(found, &mut holders);
        if self.reading.in_headline(found.place) && holders.is_empty() {
            self.headline_holders(found, &mut holders);
        }
        self.likely_holders(found, &mut holders);
        // "Moscou a essuyé les critiques de Paris": who meets with it does not hold it.
        let receivers = self.receivers(found);
        holders.retain(|h| !receivers.contains(&self.code(&h.who)));
        holders
    }

    /// Who stands as the doer beside the head.
    pub(super) fn doers(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        match found.entry.head {
            HeadKind::Verb => self.verb_holders(found, holders),
            HeadKind::Noun => self.noun_holders(found, holders),
            HeadKind::Adjective => self.adjective_holders(found, holders),
        }
    }

    fn acting_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        self.doers(found, holders);
        if found.entry.trigger.holder == HolderSlot::Mutual {
            for target in self.slotted_targets(found) {
                let Some(place) = target.place.filter(|_| !holders.iter().any(|h| h.who == target.who))
                else {
                    continue;
                };
                holders.push(HolderCandidate {
                    who: target.who,
                    path: HolderPath::Mutual,
                    found: target.found,
                    place,
                    coordinated: target.coordinated,
                    row: target.row,
                });
            }
        }
    }

    fn verb_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        if let Some(subject) =
            traversal::subject(self.reading.tree(found.place), self.reading.grammar, found.place.node)
        {
            self.push_holders(found, subject.node, HolderPath::Subject(subject.path), holders);
        }
    }

    /// Whoever feels it: the object, or the noun that a participle describes.
    fn experiencers(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        let tree = self.reading.tree(found.place);
        let node = traversal::direct_object(tree, self.reading.grammar, found.place.node);
        match node {
            Some(node) => self.push_holders(found, node, HolderPath::Described, holders),
            None => self.adjective_holders(found, holders),
        }
    }

    fn noun_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        let tree = self.reading.tree(found.place);
        let governor = tree.nodes[found.place.node].head;
        if let Some(verb) = governor.filter(|v| tree.nodes[*v].upos == Upos::Verb) {
            let own_subject =
                traversal::subject(tree, self.reading.grammar, verb).filter(|s| s.node != found.place.node);
            let receives =
                self.rules.light_verbs.receives(self.reading.grammar, tree, verb, found.place.node);
            if let Some(subject) = own_subject.filter(|_| !receives) {
                let light =
                    self.rules.light_verbs.carries(self.reading.grammar, tree, verb, found.place.node);
                let path = if light { HolderPath::LightVerb } else { HolderPath::OtherVerb };
                self.push_holders(found, subject.node, path, holders);
            }
        }
        if traversal::has(tree, found.place.node, Deprel::Cop)
            && let Some(subject) = traversal::subject(tree, self.reading.grammar, found.place.node)
        {
            self.push_holders(found, subject.node, HolderPath::Subject(SubjectPath::Predicate), holders);
        }
        for author in self.acts.authors(self.reading, found.place) {
            if author.path == AuthorPath::LastMention || author.path == AuthorPath::Within {
                continue;
            }
            let mention = &self.reading.mentions[author.mention];
            holders.push(HolderCandidate {
                who: Who::Mention(author.mention),
                path: HolderPath::Beside(author.path),
                found: Found::Named,
                place: Place { sentence: mention.sentence, node: mention.head },
                coordinated: false,
                row: None,
            });
        }
    }

    fn adjective_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        let tree = self.reading.tree(found.place);
        let node = &tree.nodes[found.place.node];
        if let Some(subject) = traversal::subject(tree, self.reading.grammar, found.place.node) {
            self.push_holders(found, subject.node, HolderPath::Subject(SubjectPath::Predicate), holders);
        } else if let Some(head) = node.head {
            if tree.nodes[head].upos.is_nominal() {
                self.push_holders(found, head, HolderPath::Described, holders);
            } else if let Some(subject) = traversal::subject(tree, self.reading.grammar, head) {
                self.push_holders(found, subject.node, HolderPath::Subject(SubjectPath::Controlled), holders);
            }
        }
    }

    fn speaker_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        let Some(speaker) = self.speech.speaker(self.reading, found.place) else { return };
        for s in self.actors_at(speaker.place, true) {
            if !holders.iter().any(|h| h.who == s.who) {
                holders.push(HolderCandidate::new(s, HolderPath::Speaker(speaker.path)));
            }
        }
    }

    fn headline_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        if let Some(before) = found.place.node.checked_sub(1).filter(|_| found.entry.head == HeadKind::Verb) {
            self.push_holders(found, before, HolderPath::Headline, holders);
        }
        if !holders.is_empty() {
            return;
        }
        let first = self
            .reading
            .mentions
            .iter()
            .position(|m| m.sentence == found.place.sentence && m.can_hold && m.head < found.place.node);
        if let Some(mention) = first {
            let place = Place { sentence: found.place.sentence, node: self.reading.mentions[mention].head };
            holders.push(HolderCandidate {
                who: Who::Mention(mention),
                path: HolderPath::Headline,
                found: Found::Named,
                place,
                coordinated: false,
                row: None,
            });
        }
    }

    fn push_holders(&self, found: &Match, node: usize, path: HolderPath, holders: &mut Vec<HolderCandidate>) {
        let place = Place { sentence: found.place.sentence, node };
        holders.extend(self.actors_at(place, true).into_iter().map(|s| HolderCandidate::new(s, path)));
    }
}
