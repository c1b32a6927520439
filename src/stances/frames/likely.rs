//! Holders that no path through the tree leads to: who stands near, who acted just before, who the article is about.

use super::{Found, HolderCandidate, HolderPath, Scene, Who};
use crate::{
    actors::Code,
    discourse::reading::Place,
    stances::matching::Match,
    syntax::{Deprel, traversal},
};

/// Frequent actors of the article that are tried.
const PROMINENT: usize = 2;

impl Scene<'_> {
    /// Adds holders that the tree does not give; the model of confidence knows how seldom they are right.
    pub(super) fn likely_holders(&self, found: &Match, holders: &mut Vec<HolderCandidate>) {
        let near = self.mentions_before(found.place).next_back();
        let before = self.actor_of_sentence_before(found.place);
        let prominent = self.prominent_holders();
        let likely = near
            .map(|m| (m, HolderPath::Near))
            .into_iter()
            .chain(before.map(|m| (m, HolderPath::Before)))
            .chain(prominent.into_iter().enumerate().map(|(rank, m)| (m, HolderPath::Prominent(rank as u8))));
        for (mention, path) in likely {
            let code = &self.reading.mentions[mention].code;
            if holders.iter().any(|h| self.code(&h.who) == *code) {
                continue;
            }
            let mention_ref = &self.reading.mentions[mention];
            holders.push(HolderCandidate {
                who: Who::Mention(mention),
                path,
                found: Found::Named,
                place: Place { sentence: mention_ref.sentence, node: mention_ref.head },
                coordinated: false,
                row: None,
            });
        }
    }

    /// Mentions that can hold a stance, before a place in its sentence, in reading order.
    fn mentions_before(&self, place: Place) -> impl DoubleEndedIterator<Item = usize> {
        self.reading
            .mentions
            .iter()
            .enumerate()
            .filter(move |(_, m)| m.sentence == place.sentence && m.can_hold && m.head < place.node)
            .map(|(i, _)| i)
    }

    /// The subject of the main clause before, else its last subject; none where a headline stands before.
    fn actor_of_sentence_before(&self, place: Place) -> Option<usize> {
        let sentence = place.sentence.checked_sub(1)?;
        let here = Place { sentence, node: 0 };
        if self.reading.in_headline(here) {
            return None;
        }
        let tree = &self.reading.trees[sentence];
        let root = tree.nodes.iter().position(|n| n.deprel == Deprel::Root)?;
        let subject = traversal::subject(tree, self.reading.grammar, root)
            .and_then(|s| self.reading.mention_at(Place { sentence, node: s.node }));
        subject.or_else(|| {
            let subjects = self.reading.mentions.iter().enumerate().filter(|(i, m)| {
                m.sentence == sentence && m.can_hold && self.reading.relation(*i) == Deprel::Nsubj
            });
            subjects.map(|(i, _)| i).next_back()
        })
    }

    /// A mention that can hold of each of the article's most frequent actors.
    fn prominent_holders(&self) -> Vec<usize> {
        let of_code = |code: &Code| self.reading.mentions.iter().position(|m| m.code == *code && m.can_hold);
        self.prominence.ranked().iter().filter_map(of_code).take(PROMINENT).collect()
    }
}
