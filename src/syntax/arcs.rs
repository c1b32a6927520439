//! Arc-hybrid transitions: which word governs which.
//!
//! Words wait in a queue and pass over a stack. The root stands at the end of the queue. `Left` makes the
//! queue's first word the head of the stack's top, `Right` the word below the top; either pops the top.

use super::{Deprel, Upos, hashing::spread, morphology::Traits, words::Words};

/// The transitions; the discriminant is the class in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Move {
    Shift,
    Left,
    Right,
}

impl Move {
    pub(crate) const ALL: [Self; 3] = [Self::Shift, Self::Left, Self::Right];
}

pub(crate) const MOVES: usize = Move::ALL.len();

/// A half-built tree. Places count as in [`Words`]: words, then the root, then nothing.
#[derive(Debug, Clone)]
pub(crate) struct State {
    len: usize,
    pub(crate) stack: Vec<usize>,
    /// First word of the queue; `len` is the root.
    pub(crate) next: usize,
    pub(crate) heads: Vec<usize>,
    pub(crate) labels: Vec<Deprel>,
    pub(crate) dependents: Vec<Dependents>,
}

/// The dependents of a word so far, seen from it: on the left the outermost come last, on the right too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dependents {
    pub(crate) left: [usize; 2],
    pub(crate) right: [usize; 2],
    pub(crate) left_count: u8,
    pub(crate) right_count: u8,
    /// Relations of the dependents, a bit each.
    pub(crate) left_labels: u64,
    pub(crate) right_labels: u64,
}

impl State {
    pub(crate) fn new(len: usize) -> Self {
        let nothing = len + 1;
        let none = Dependents {
            left: [nothing; 2],
            right: [nothing; 2],
            left_count: 0,
            right_count: 0,
            left_labels: 0,
            right_labels: 0,
        };
        Self {
            len,
            stack: Vec::new(),
            next: 0,
            heads: vec![nothing; len],
            labels: vec![Deprel::Dep; len],
            dependents: vec![none; len + 2],
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.next == self.len && self.stack.is_empty()
    }

    /// Whether a move keeps the promise of a single root.
    pub(crate) fn allows(&self, action: Move) -> bool {
        match action {
            Move::Shift => self.next < self.len,
            Move::Left => self.stack.len() == 1 || (self.stack.len() > 1 && self.next < self.len),
            Move::Right => self.stack.len() > 1,
        }
    }

    /// Head and dependent that the move would join.
    pub(crate) fn arc(&self, action: Move) -> Option<(usize, usize)> {
        let top = self.stack.last().copied()?;
        match action {
            Move::Shift => None,
            Move::Left => Some((self.next, top)),
            Move::Right => Some((*self.stack.iter().nth_back(1)?, top)),
        }
    }

    pub(crate) fn shift(&mut self) {
        self.stack.push(self.next);
        self.next += 1;
    }

    /// Joins the stack's top to its head and takes it off.
    pub(crate) fn attach(&mut self, head: usize, dependent: usize, label: Deprel) {
        self.stack.pop();
        self.heads[dependent] = head;
        self.labels[dependent] = label;
        let of = &mut self.dependents[head];
        let bit = 1 << (label as u64);
        if dependent < head {
            of.left = [dependent, of.left[0]];
            of.left_count = of.left_count.saturating_add(1);
            of.left_labels |= bit;
        } else {
            of.right = [dependent, of.right[0]];
            of.right_count = of.right_count.saturating_add(1);
            of.right_labels |= bit;
        }
    }

    /// The place `depth` below the stack's top, or nothing.
    pub(crate) fn stacked(&self, depth: usize) -> usize {
        self.stack.iter().rev().nth(depth).copied().unwrap_or(self.len + 1)
    }

    /// The place `ahead` in the queue, the root at its end, then nothing.
    pub(crate) fn queued(&self, ahead: usize) -> usize {
        (self.next + ahead).min(self.len + 1)
    }
}

/// What transitions and labels look at besides the words: tags, and counts to tell what lies between two words.
pub(crate) struct Sentence<'a> {
    pub(crate) words: &'a Words,
    /// Hashes of the tags, with those of root and nothing.
    pub(crate) tags: Vec<u64>,
    /// Hashes of the dictionary forms, and of gender, number and verb form.
    pub(crate) lemmas: Vec<u64>,
    pub(crate) traits: Vec<u64>,
    commas: Vec<u32>,
    verbs: Vec<u32>,
    conjunctions: Vec<u32>,
}

impl<'a> Sentence<'a> {
    /// `analyses`: hash of the lemma and traits of each word.
    pub(crate) fn new(words: &'a Words, tags: &[Upos], analyses: &[(u64, Traits)]) -> Self {
        let mut hashes: Vec<u64> = tags.iter().map(|t| spread(*t as u64)).collect();
        hashes.extend([spread(101), spread(102)]);
        let outside = [spread(103), spread(104)];
        let lemmas = analyses.iter().map(|(lemma, _)| *lemma).chain(outside).collect();
        let traits = analyses.iter().map(|(_, traits)| traits.hash()).chain(outside).collect();
        let count = |test: &dyn Fn(usize) -> bool| {
            let mut sum = 0;
            let mut sums = vec![0];
            for i in 0..words.len {
                sum += u32::from(test(i));
                sums.push(sum);
            }
            sums
        };
        Self {
            words,
            tags: hashes,
            lemmas,
            traits,
            commas: count(&|i| words.is_comma[i]),
            verbs: count(&|i| tags[i] == Upos::Verb),
            conjunctions: count(&|i| matches!(tags[i], Upos::Cconj | Upos::Sconj)),
        }
    }

    /// Distance and what lies between two places, in a few steps.
    pub(crate) fn between(&self, a: usize, b: usize) -> u64 {
        let (first, last) = if a < b { (a, b) } else { (b, a) };
        let len = self.words.len;
        if last > len {
            return spread(7);
        }
        let count = |sums: &[u32]| u64::from(sums[last].saturating_sub(sums[(first + 1).min(len)]).min(2));
        let parts = [count(&self.commas), count(&self.verbs), count(&self.conjunctions)];
        spread(1000 + parts[0] + 3 * parts[1] + 9 * parts[2])
    }

    pub(crate) fn distance(&self, a: usize, b: usize) -> u64 {
        if a.max(b) > self.words.len {
            return spread(8);
        }
        spread(match a.abs_diff(b) {
            d @ 0..=4 => 2000 + d as u64,
            5..=7 => 2005,
            8..=12 => 2006,
            13..=20 => 2007,
            _ => 2008,
        })
    }
}
