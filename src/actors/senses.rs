//! Names in an article to the one meaning that each has there.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{
    Code, Gazetteer,
    names::{Sense, Usage},
    scan::Hit,
};
use crate::{
    syntax::{Deprel, Tree, Upos},
    text::{Document, Token},
};

/// A name with its meaning settled.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) usage: Usage,
    pub(super) codes: Arc<[Code]>,
}

impl Gazetteer {
    /// Names of each sentence; those that mean nobody stay, so that no other rule takes them for a name.
    pub(super) fn names_in(&self, document: &Document, trees: &[Tree]) -> Vec<Vec<Name>> {
        let hits: Vec<Vec<Hit>> = document.sentences.iter().map(|s| self.scanner.hits(&s.tokens)).collect();
        let anywhere = self.named(hits.iter().flatten());
        let mut before = FxHashSet::default();
        let mut all = Vec::with_capacity(hits.len());
        for (index, hits) in hits.iter().enumerate() {
            let tree = trees.get(index);
            let mut names = Vec::with_capacity(hits.len());
            let tokens = &document.sentences[index].tokens;
            for (i, hit) in hits.iter().enumerate() {
                if self.is_part_of_a_name(tokens, tree, hits, hit) {
                    continue;
                }
                let holds = |sense: &&Sense| {
                    let known = if sense.usage == Usage::Short { &before } else { &anywhere };
                    sense.if_named.is_empty()
                        || sense.if_named.iter().any(|c| self.is_named(c, known, document))
                };
                let senses = &self.senses[hit.entry];
                let Some(mut sense) = senses.iter().find(holds) else { continue };
                if let Some(adjective) = senses.iter().find(|s| s.usage == Usage::Adjective)
                    && senses.len() > 1
                {
                    let follows = |next: &&Hit| next.first == hit.end && self.is_role(next);
                    let noun =
                        hits.get(i + 1).as_ref().is_some_and(follows) || stands_before_noun(tree, hit.end);
                    if noun {
                        sense = adjective;
                    } else if sense.usage == Usage::Adjective {
                        sense = senses.iter().find(|s| s.usage != Usage::Adjective).unwrap_or(sense);
                    }
                }
                let qualified =
                    sense.usage == Usage::Short && self.is_qualified(document, tree, index, hit.end);
                names.push(Name {
                    first: hit.first,
                    end: hit.end,
                    usage: if qualified { Usage::Nobody } else { sense.usage },
                    codes: sense.codes.clone(),
                });
            }
            before.extend(self.named(hits.iter()));
            all.push(names);
        }
        all
    }

    /// "Marine Le Pen" is no navy, "Georges Berlin" no capital: a word that the tree joins to a neighbour with a capital which no table knows.
    fn is_part_of_a_name(&self, tokens: &[Token], tree: Option<&Tree>, hits: &[Hit], hit: &Hit) -> bool {
        let suspect =
            |s: &Sense| matches!(s.usage, Usage::Name | Usage::Capital | Usage::Place | Usage::Role(_));
        let (Some(tree), Some(sense)) = (tree, self.senses[hit.entry].first()) else { return false };
        let at = hit.first;
        if hit.end - at > 1 || !suspect(sense) || !starts_upper(tokens, at) {
            return false;
        }
        let owned = at.checked_sub(1).is_some_and(|i| self.words.of.contains(&tokens[i].form.to_lowercase()));
        let unknown = |i: usize| starts_upper(tokens, i) && !hits.iter().any(|h| h.first <= i && i < h.end);
        let next = tree.nodes.get(at + 1).is_some_and(|n| n.deprel == Deprel::Flat && n.head == Some(at));
        let before = tree.nodes.get(at).is_some_and(|n| n.deprel == Deprel::Flat && n.head < Some(at));
        let role = matches!(sense.usage, Usage::Role(_))
            && tree.nodes.get(at).is_some_and(|n| n.upos != Upos::Propn);
        !owned && !role && (next && unknown(at + 1) || before && at > 0 && unknown(at - 1))
    }

    /// Codes that the hits name beyond doubt.
    fn named<'a>(&'a self, hits: impl Iterator<Item = &'a Hit>) -> FxHashSet<&'a Code> {
        hits.filter_map(|hit| self.senses[hit.entry].first())
            .filter(|s| {
                s.if_named.is_empty() && !matches!(s.usage, Usage::Nobody | Usage::Place | Usage::Short)
            })
            .flat_map(|s| s.codes.iter())
            .collect()
    }

    fn is_named(&self, what: &str, named: &FxHashSet<&Code>, document: &Document) -> bool {
        match self.kinds.get_key_value(what) {
            Some((code, _)) => named.contains(code),
            None => document.headline.as_str().contains(what) || document.body.as_str().contains(what),
        }
    }

    /// "la Cour d'appel", "le Conseil national": a short name with a complement is another body's.
    fn is_qualified(&self, document: &Document, tree: Option<&Tree>, sentence: usize, next: usize) -> bool {
        let word = document.sentences[sentence].tokens.get(next).map(|t| t.form.to_lowercase());
        let adjective = tree.and_then(|t| t.nodes.get(next)).is_some_and(|n| n.upos == Upos::Adj);
        adjective || word.is_some_and(|w| self.words.of.contains(&w))
    }

    fn is_role(&self, hit: &Hit) -> bool {
        matches!(self.senses[hit.entry].first(), Some(Sense { usage: Usage::Role(_), .. }))
    }
}

fn starts_upper(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.form.starts_with(char::is_uppercase))
}

fn stands_before_noun(tree: Option<&Tree>, token: usize) -> bool {
    tree.and_then(|t| t.nodes.get(token)).is_some_and(|n| matches!(n.upos, Upos::Noun | Upos::Adj))
}
