//! Act to author: whose annexation, verdict, draft or decision it is.

use rustc_hash::FxHashMap;

use super::reading::{Place, Reading};
use crate::syntax::{Deprel, Upos, traversal};

/// How an author was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthorPath {
    /// "l'annexion russe"
    Adjective,
    /// "l'annexion par la Russie", "menée par la Russie"
    Agent,
    /// "l'annexion que Moscou a décidée"
    Clause,
    /// "l'annexion de la Russie"
    Genitive,
    /// Under another preposition ("la situation au Soudan").
    Oblique,
    /// "par la Russie" a little after the act, whatever the tree says.
    NearbyAgent,
    /// Deeper in the phrase.
    Within,
    /// The same act, named with its author earlier in the article.
    LastMention,
}

/// An author as a mention of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    pub mention: usize,
    pub path: AuthorPath,
}

/// Acts of the article and who did them.
#[derive(Debug, Default)]
pub struct Acts {
    /// Stem of the act's word to the places where its author is told, in reading order.
    by_stem: FxHashMap<String, Vec<(Place, usize)>>,
}

/// Letters of a word that a noun and its verb share ("annexion", "annexer").
const STEM: usize = 5;

impl Acts {
    /// Reads all acts whose author stands beside them.
    pub fn new(reading: &Reading) -> Self {
        let mut acts = Self::default();
        for (sentence, tree) in reading.trees.iter().enumerate() {
            for (node, word) in tree.nodes.iter().enumerate() {
                let place = Place { sentence, node };
                let author = match word.upos {
                    Upos::Noun if reading.mention_at(place).is_none() => authors_beside(reading, place)
                        .into_iter()
                        .find(|a| {
                            matches!(a.path, AuthorPath::Adjective | AuthorPath::Agent | AuthorPath::Genitive)
                        })
                        .map(|a| a.mention),
                    Upos::Verb => traversal::subject(tree, reading.grammar, node)
                        .and_then(|s| reading.mention_at(Place { sentence, node: s.node })),
                    _ => None,
                };
                if let (Some(author), Some(stem)) = (author, stem(&word.lemma)) {
                    acts.by_stem.entry(stem).or_default().push((place, author));
                }
            }
        }
        acts
    }

    /// Authors of the act that a noun names, likeliest path first, each mention once.
    pub fn authors(&self, reading: &Reading, act: Place) -> Vec<Author> {
        let mut found = authors_beside(reading, act);
        let told = stem(reading.lemma(act)).and_then(|s| self.by_stem.get(&s));
        let last = told.and_then(|places| places.iter().rfind(|(place, _)| *place < act));
        if let Some((_, mention)) = last
            && !found.iter().any(|a| a.mention == *mention)
        {
            found.push(Author { mention: *mention, path: AuthorPath::LastMention });
        }
        found
    }
}

fn stem(lemma: &str) -> Option<String> {
    let stem: String = lemma.chars().take(STEM).collect();
    (stem.chars().count() == STEM).then_some(stem)
}

/// Authors told in the act's own phrase.
fn authors_beside(reading: &Reading, act: Place) -> Vec<Author> {
    let tree = reading.tree(act);
    let mut found: Vec<Author> = Vec::new();
    for below in tree.subtree(act.node) {
        if below == act.node {
            continue;
        }
        let Some(mention) = reading.mention_at(Place { sentence: act.sentence, node: below }) else {
            continue;
        };
        if reading.mentions[mention].head != below || found.iter().any(|a| a.mention == mention) {
            continue;
        }
        found.push(Author { mention, path: path_to(reading, act, below) });
    }
    if let Some(mention) = nearby_agent(reading, act).filter(|m| !found.iter().any(|a| a.mention == *m)) {
        found.push(Author { mention, path: AuthorPath::NearbyAgent });
    }
    found.sort_by_key(|a| a.path);
    keep_doers(&mut found);
    found
}

/// Words behind an act in which its agent may stand, though the tree hangs it elsewhere.
const NEARBY: usize = 14;

/// The first agent behind the act, within its stretch of words up to the next comma.
fn nearby_agent(reading: &Reading, act: Place) -> Option<usize> {
    let tree = reading.tree(act);
    let end = (act.node + NEARBY).min(tree.nodes.len());
    (act.node + 1..end)
        .take_while(|node| tree.nodes[*node].upos != Upos::Punct)
        .filter(|node| reading.grammar.is_agentive(reading.grammar.preposition(tree, *node)))
        .find_map(|node| reading.mention_at(Place { sentence: act.sentence, node }))
}

/// Where the doer is named ("l'annexion de la Crimée par la Russie"), the others are what it was done to.
fn keep_doers(authors: &mut Vec<Author>) {
    let is_doer = |a: &Author| matches!(a.path, AuthorPath::Adjective | AuthorPath::Agent);
    if authors.iter().any(is_doer) {
        authors.retain(is_doer);
    }
}

fn path_to(reading: &Reading, act: Place, node: usize) -> AuthorPath {
    let tree = reading.tree(act);
    let word = &tree.nodes[node];
    let preposition = reading.grammar.preposition(tree, node);
    let direct = first_conjunct_head(tree, node) == Some(act.node);
    match word.deprel {
        _ if is_agent(tree, node) => AuthorPath::Agent,
        Deprel::Amod | Deprel::Compound if direct => AuthorPath::Adjective,
        _ if reading.grammar.is_agentive(preposition) => AuthorPath::Agent,
        Deprel::Nsubj if tree.nodes[act.node].upos == Upos::Noun => AuthorPath::Clause,
        _ if direct && reading.grammar.is_genitive(preposition) => AuthorPath::Genitive,
        Deprel::Nmod | Deprel::Obl | Deprel::Appos | Deprel::Conj if direct => {
            // "a US offer": a bare name before its noun.
            if word.upos == Upos::Adj || preposition.is_none() && node < act.node {
                AuthorPath::Adjective
            } else {
                AuthorPath::Oblique
            }
        }
        _ if direct && word.upos == Upos::Adj => AuthorPath::Adjective,
        _ => AuthorPath::Within,
    }
}

fn is_agent(tree: &crate::syntax::Tree, node: usize) -> bool {
    let first = first_conjunct(tree, node);
    tree.nodes[first].deprel == Deprel::OblAgent
}

fn first_conjunct(tree: &crate::syntax::Tree, mut node: usize) -> usize {
    while tree.nodes[node].deprel == Deprel::Conj {
        match tree.nodes[node].head {
            Some(head) => node = head,
            None => break,
        }
    }
    node
}

fn first_conjunct_head(tree: &crate::syntax::Tree, node: usize) -> Option<usize> {
    tree.nodes[first_conjunct(tree, node)].head
}
