//! One pass over a sentence for every name and role noun at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::text::Token;

/// A name in the text: tokens `first..end` spell entry `entry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) entry: usize,
}

pub(super) struct Scanner {
    automaton: AhoCorasick,
}

impl Scanner {
    /// # Errors
    /// The names are too many for one automaton.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a String>) -> Result<Self, aho_corasick::BuildError> {
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(names)?;
        Ok(Self { automaton })
    }

    /// Names that begin and end with a token, leftmost and longest, none over another.
    pub(super) fn hits(&self, tokens: &[Token]) -> Vec<Hit> {
        let (text, starts) = joined(tokens);
        let token_at = |byte: usize| starts.binary_search(&byte).ok();
        let token_to = |byte: usize| {
            let next = starts.partition_point(|start| *start < byte);
            let last = next.checked_sub(1)?;
            (starts[last] + tokens[last].form.len() == byte).then_some(next)
        };
        let mut found: Vec<Hit> = self
            .automaton
            .find_overlapping_iter(&text)
            .filter_map(|m| {
                Some(Hit {
                    first: token_at(m.start())?,
                    end: token_to(m.end())?,
                    entry: m.pattern().as_usize(),
                })
            })
            .collect();
        found.sort_by_key(|hit| (hit.first, std::cmp::Reverse(hit.end)));
        let mut free = 0;
        found.retain(|hit| {
            let keep = hit.first >= free;
            if keep {
                free = hit.end;
            }
            keep
        });
        found
    }
}

/// The forms with one space where the text has white space, and the byte where each begins.
fn joined(tokens: &[Token]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(tokens.iter().map(|t| t.form.len() + 1).sum());
    let mut starts = Vec::with_capacity(tokens.len());
    for token in tokens {
        starts.push(text.len());
        text.push_str(&token.form);
        if token.space_after {
            text.push(' ');
        }
    }
    (text, starts)
}
