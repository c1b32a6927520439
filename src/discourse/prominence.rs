//! Who an article is about: how often each actor is named, where, and beside whom.

use rustc_hash::FxHashMap;

use super::reading::{Place, Reading};
use crate::actors::Code;

/// Actors of an article by how often they are named.
#[derive(Debug, Default)]
pub struct Prominence {
    ranked: Vec<Code>,
    by_code: FxHashMap<Code, Named>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Named {
    times: usize,
    rank: usize,
    /// One bit a sentence; those beyond the last bit share it.
    sentences: u128,
    in_headline: bool,
}

impl Prominence {
    pub fn new(reading: &Reading) -> Self {
        let mut prominence = Self::default();
        for mention in reading.mentions {
            let named = prominence.by_code.entry(mention.code.clone()).or_insert_with(|| {
                prominence.ranked.push(mention.code.clone());
                Named::default()
            });
            named.times += 1;
            named.sentences |= 1 << mention.sentence.min(127);
            named.in_headline |=
                reading.in_headline(Place { sentence: mention.sentence, node: mention.head });
        }
        let Self { ranked, by_code } = &mut prominence;
        ranked.sort_by_key(|code| std::cmp::Reverse(by_code[code].times));
        for (rank, code) in ranked.iter().enumerate() {
            by_code.entry(code.clone()).or_default().rank = rank;
        }
        prominence
    }

    /// Codes, most frequent first, ties by first mention.
    pub fn ranked(&self) -> &[Code] {
        &self.ranked
    }

    /// Place among the most frequent, from 0; `None` where it is not named.
    pub fn rank(&self, code: &Code) -> Option<usize> {
        self.by_code.get(code).map(|n| n.rank)
    }

    pub fn in_headline(&self, code: &Code) -> bool {
        self.by_code.get(code).is_some_and(|n| n.in_headline)
    }

    /// Number of sentences that name both.
    pub fn together(&self, a: &Code, b: &Code) -> u32 {
        let sentences = |code| self.by_code.get(code).map_or(0, |n: &Named| n.sentences);
        (sentences(a) & sentences(b)).count_ones()
    }
}
