//! Tokens to a dependency [`Tree`] in Universal Dependencies terms. Nothing outside this room
//! knows how a tree was made.

mod arcs;
mod features;
mod grammar;
mod hashing;
mod labels;
mod model;
mod morphology;
mod parser;
mod table;
mod tagger;
pub mod traversal;
mod vocabulary;
mod words;

pub use self::{
    grammar::Grammar,
    morphology::{Morphology, Traits},
    parser::Parser,
};
// What the training room needs: it learns with the very features that the parser uses.
pub(crate) use self::{
    arcs::{MOVES, Move, Sentence, State},
    features::{of_label as collect_label, of_move as collect_move},
    hashing::{Features, join, spread},
    model::{LABELS, Model},
    table::{Table, best, row_of},
    tagger::{CLASSES as TAGS, collect as collect_tag, tag},
    vocabulary::{Vocabulary, short},
    words::{Words, key},
};

/// Universal part-of-speech tags, UD v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    X,
}

/// Universal relations, UD v2, with the subtypes that the silver treebanks keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Deprel {
    Acl,
    AclRelcl,
    Advcl,
    Advmod,
    Amod,
    Appos,
    Aux,
    AuxPass,
    Case,
    Cc,
    Ccomp,
    Clf,
    Compound,
    Conj,
    Cop,
    Csubj,
    Dep,
    Det,
    Discourse,
    Dislocated,
    Expl,
    Fixed,
    Flat,
    Goeswith,
    Iobj,
    List,
    Mark,
    Nmod,
    Nsubj,
    NsubjPass,
    Nummod,
    Obj,
    Obl,
    OblAgent,
    Orphan,
    Parataxis,
    Punct,
    Reparandum,
    Root,
    Vocative,
    Xcomp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Gender {
    Feminine,
    Masculine,
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Number {
    Singular,
    Plural,
    #[default]
    Unknown,
}

/// One token in its tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub form: String,
    /// Dictionary form, lower case except for names ("condamner", "soutien", "Russie").
    pub lemma: String,
    pub upos: Upos,
    /// Index of the governing node; `None` for the root.
    pub head: Option<usize>,
    pub deprel: Deprel,
    pub gender: Gender,
    pub number: Number,
}

/// A dependency tree over the tokens of one sentence: same length, same indices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    pub nodes: Vec<Node>,
    children: Vec<Vec<usize>>,
}

impl Tree {
    pub fn new(nodes: Vec<Node>) -> Self {
        let mut children = vec![Vec::new(); nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            if let Some(head) = node.head {
                children[head].push(i);
            }
        }
        Self { nodes, children }
    }

    /// Direct dependents in reading order.
    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    /// Direct dependents of one relation.
    pub fn children_by(&self, node: usize, deprel: Deprel) -> impl Iterator<Item = usize> + '_ {
        self.children[node].iter().copied().filter(move |c| self.nodes[*c].deprel == deprel)
    }

    /// All nodes below and including `node`, in reading order.
    pub fn subtree(&self, node: usize) -> Vec<usize> {
        let mut found = vec![node];
        let mut next = 0;
        while next < found.len() {
            found.extend_from_slice(&self.children[found[next]]);
            next += 1;
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests;
