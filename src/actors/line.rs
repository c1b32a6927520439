//! A sentence with the names in it, for the rules that read naming phrases.

use super::{names::Usage, roles::Words, senses::Name};
use crate::{
    syntax::{Deprel, Tree, Upos},
    text::Sentence,
};

pub(super) struct Line<'a> {
    pub(super) sentence: &'a Sentence,
    pub(super) tree: Option<&'a Tree>,
    pub(super) names: &'a [Name],
    /// Per token: the name over it.
    over: Vec<Option<usize>>,
}

impl<'a> Line<'a> {
    pub(super) fn new(sentence: &'a Sentence, tree: Option<&'a Tree>, names: &'a [Name]) -> Self {
        let mut over = vec![None; sentence.tokens.len()];
        for (i, name) in names.iter().enumerate() {
            over[name.first..name.end].fill(Some(i));
        }
        let tree = tree.filter(|t| t.nodes.len() == sentence.tokens.len());
        Self { sentence, tree, names, over }
    }

    pub(super) fn len(&self) -> usize {
        self.sentence.tokens.len()
    }

    /// The form; empty past the end.
    pub(super) fn form(&self, at: usize) -> &str {
        self.sentence.tokens.get(at).map_or("", |t| t.form.as_str())
    }

    pub(super) fn lower(&self, at: usize) -> String {
        self.form(at).to_lowercase()
    }

    /// Whether the words stand from a token on.
    pub(super) fn reads(&self, at: usize, words: &[String]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.lower(at + i) == *word)
    }

    pub(super) fn upos(&self, at: usize) -> Option<Upos> {
        Some(self.tree?.nodes.get(at)?.upos)
    }

    pub(super) fn is_punctuation(&self, at: usize) -> bool {
        self.form(at).chars().next().is_some_and(|c| !c.is_alphanumeric())
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.form(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// The known name that begins at a token.
    pub(super) fn name_at(&self, at: usize) -> Option<&Name> {
        self.over.get(at).copied().flatten().map(|i| &self.names[i]).filter(|n| n.first == at)
    }

    /// The known name that ends right before a token.
    pub(super) fn name_ending(&self, at: usize) -> Option<&Name> {
        let last = at.checked_sub(1)?;
        self.over.get(last).copied().flatten().map(|i| &self.names[i]).filter(|n| n.end == at)
    }

    pub(super) fn name_over(&self, at: usize) -> bool {
        self.over.get(at).is_some_and(Option::is_some)
    }

    /// A word with a capital that no table knows, and that is no title; at the head of a sentence only a proper noun.
    pub(super) fn is_unknown_name(&self, at: usize, words: &Words) -> bool {
        if self.name_over(at) || words.titles.contains(self.form(at)) || !self.has_name_shape(at, words) {
            return false;
        }
        match self.upos(at) {
            Some(Upos::Propn | Upos::X) => true,
            Some(
                Upos::Det | Upos::Adp | Upos::Pron | Upos::Cconj | Upos::Sconj | Upos::Num | Upos::Punct,
            ) => false,
            _ => !self.opens(at),
        }
    }

    /// A capital at the head, or after a particle ("al-Assad"); single letters only as initials.
    fn has_name_shape(&self, at: usize, words: &Words) -> bool {
        let form = self.form(at);
        if self.is_capital(at) {
            return form.chars().count() > 1;
        }
        form.split_once('-').is_some_and(|(particle, rest)| {
            words.particles.contains(particle) && rest.chars().next().is_some_and(char::is_uppercase)
        })
    }

    /// Whether a sentence, a quotation or a headline's part begins here: its capital says nothing.
    fn opens(&self, at: usize) -> bool {
        at == 0 || matches!(self.form(at - 1), "\"" | ":" | "-" | "–" | "—" | "(")
    }

    /// A person's name that begins at a token, known or not: the tokens of it. A title before it is not part of it.
    pub(super) fn person_name(&self, at: usize, words: &Words) -> Option<(usize, usize)> {
        let first = at + usize::from(words.titles.contains(self.form(at)));
        if let Some(name) = self.name_at(first).filter(|n| matches!(n.usage, Usage::Person(_))) {
            return Some((name.first, self.name_end(name.end, words)));
        }
        self.is_unknown_name(first, words).then(|| (first, self.name_end(first + 1, words)))
    }

    /// Where a name goes on to, over particles, initials and known persons' names.
    fn name_end(&self, mut end: usize, words: &Words) -> usize {
        loop {
            let mut next = end;
            while words.particles.contains(&self.lower(next)) || self.is_initial(next) {
                next += 1;
            }
            if self.is_unknown_name(next, words) {
                end = next + 1;
            } else if let Some(name) = self.name_at(next).filter(|n| matches!(n.usage, Usage::Person(_))) {
                end = name.end;
            } else {
                return end;
            }
        }
    }

    fn is_initial(&self, at: usize) -> bool {
        let form = self.form(at);
        self.is_capital(at) && form.ends_with('.') && form.chars().count() == 2
    }

    /// A person's name that ends right before a token and begins at or after `floor`.
    pub(super) fn person_name_ending(
        &self,
        end: usize,
        floor: usize,
        words: &Words,
    ) -> Option<(usize, usize)> {
        (floor..end).find_map(|first| self.person_name(first, words).filter(|n| n.0 == first && n.1 == end))
    }

    /// Whether what ends before a token may be an apposition between commas: punctuation or the end follows.
    pub(super) fn closes_apposition(&self, at: usize) -> bool {
        at >= self.len() || self.is_punctuation(at)
    }

    pub(super) fn is_subject(&self, at: usize) -> bool {
        let deprel = self.tree.and_then(|t| t.nodes.get(at)).map(|n| n.deprel);
        matches!(deprel, Some(Deprel::Nsubj | Deprel::NsubjPass))
    }

    /// The token of a range that governs the rest of it.
    pub(super) fn head(&self, first: usize, end: usize, preferred: usize) -> usize {
        let Some(tree) = self.tree else { return preferred };
        let leaves = |i: &usize| {
            let node = &tree.nodes[*i];
            let inside = node.head.is_some_and(|h| (first..end).contains(&h));
            !inside
                && !matches!(
                    node.deprel,
                    Deprel::Punct | Deprel::Case | Deprel::Det | Deprel::Cc | Deprel::Mark
                )
        };
        (first..end).find(leaves).unwrap_or(preferred)
    }
}
