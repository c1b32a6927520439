//! Triggers of the lexicon at their places in the article.

use rustc_hash::FxHashMap;

use super::{
    Class,
    lexicon::{Entry, HeadKind, Lexicon, WordRows},
};
use crate::{
    discourse::reading::{Place, Reading},
    syntax::{Deprel, Tree, Upos, traversal},
};

/// A trigger at its place.
#[derive(Debug, Clone)]
pub struct Match<'l> {
    pub entry: &'l Entry,
    pub place: Place,
    /// Tokens of the trigger in reading order: its head, and the companions that the entry asks for.
    pub tokens: Vec<usize>,
}

/// How far behind its head, in tokens, a companion may stand ("a mis vendredi dernier en garde").
const COMPANION_REACH: usize = 8;

/// All triggers of an article.
#[derive(Debug)]
pub struct Triggers<'l> {
    /// In reading order; at one head those with companions come first.
    matches: Vec<Match<'l>>,
    /// Class of the first match at each place.
    classes: FxHashMap<Place, Class>,
}

/// How many words up the tree a governing trigger is looked for.
const REACH_UP: usize = 5;

impl<'l> Triggers<'l> {
    pub fn new(reading: &Reading, lexicon: &'l Lexicon) -> Self {
        let mut matches: Vec<Match<'l>> = Vec::new();
        for (sentence, tree) in reading.trees.iter().enumerate() {
            let verbless = reading.in_headline(Place { sentence, node: 0 }) && is_verbless(tree);
            for node in 0..tree.nodes.len() {
                let place = Place { sentence, node };
                for kind in kinds(tree.nodes[node].upos, verbless) {
                    let lemma = &tree.nodes[node].lemma;
                    matches.extend(
                        lexicon.headed(*kind, lemma).filter_map(|entry| try_match(reading, entry, place)),
                    );
                }
            }
        }
        let mut classes = FxHashMap::default();
        for found in &matches {
            classes.entry(found.place).or_insert(found.entry.class);
        }
        Self { matches, classes }
    }

    /// The matches at each head.
    pub fn by_head(&self) -> impl Iterator<Item = &[Match<'l>]> {
        self.matches.chunk_by(|a, b| a.place == b.place)
    }

    /// Class of the nearest trigger that a word hangs on, at whatever distance up to a few words ("accuse" above
    /// "soutenir" in "accuse Paris de soutenir Ankara").
    pub fn above(&self, tree: &Tree, place: Place) -> Option<Class> {
        let mut node = place.node;
        for _ in 0..REACH_UP {
            node = tree.nodes[node].head?;
            if let Some(class) = self.classes.get(&Place { node, ..place }) {
                return Some(*class);
            }
        }
        None
    }

    /// Class of a trigger that hangs on a word, directly or by one word between ("menaces" in "dénonce les menaces").
    pub fn below(&self, tree: &Tree, place: Place) -> Option<Class> {
        let class = |node: usize| self.classes.get(&Place { node, ..place }).copied();
        let children = tree.children(place.node);
        children
            .iter()
            .find_map(|c| class(*c))
            .or_else(|| children.iter().flat_map(|c| tree.children(*c)).find_map(|c| class(*c)))
    }

    /// Number of classes that the words at a place may state.
    pub fn classes_at(&self, place: Place) -> usize {
        let mut classes: Vec<Class> =
            self.matches.iter().filter(|m| m.place == place).map(|m| m.entry.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes.len()
    }
}

/// Whether no verb leads the sentence: of a headline the tagger may have taken it for a noun ("Turkey blasts Israel").
fn is_verbless(tree: &Tree) -> bool {
    let root = tree.nodes.iter().find(|n| n.deprel == Deprel::Root);
    root.is_some_and(|n| !matches!(n.upos, Upos::Verb | Upos::Aux))
}

/// Parts of speech under which a word is looked up: taggers waver between participle and adjective.
fn kinds(upos: Upos, verbless: bool) -> &'static [HeadKind] {
    match upos {
        Upos::Verb | Upos::Aux => &[HeadKind::Verb, HeadKind::Adjective],
        Upos::Noun if verbless => &[HeadKind::Noun, HeadKind::Verb],
        Upos::Noun | Upos::Propn => &[HeadKind::Noun],
        Upos::Adj => &[HeadKind::Adjective, HeadKind::Verb],
        _ => &[],
    }
}

fn try_match<'l>(reading: &Reading, entry: &'l Entry, place: Place) -> Option<Match<'l>> {
    let tree = reading.tree(place);
    let trigger = &entry.trigger;
    if trigger.reflexive && !is_reflexive(reading, place) {
        return None;
    }
    let mut tokens = vec![place.node];
    if !trigger.with.is_empty() {
        let companion = trigger.with.iter().find_map(|w| companion(tree, place.node, w))?;
        tokens.extend(companion);
        tokens.sort_unstable();
    }
    if !entry.cues.is_empty() || !entry.unless.is_empty() {
        let scope = scope(tree, place.node, entry.head);
        let occur = |rows: &WordRows| scope.iter().any(|node| begins_row(tree, *node, rows));
        if occur(&entry.unless) || (!entry.cues.is_empty() && !occur(&entry.cues)) {
            return None;
        }
    }
    Some(Match { entry, place, tokens })
}

fn is_word(tree: &Tree, node: usize, word: &str) -> bool {
    let node = &tree.nodes[node];
    node.lemma == word || node.form.chars().flat_map(char::to_lowercase).eq(word.chars())
}

/// Whether one of the rows stands in the sentence from `node` on.
fn begins_row(tree: &Tree, node: usize, rows: &WordRows) -> bool {
    let follows = |rest: &Vec<String>| {
        rest.iter().zip(node + 1..).all(|(word, node)| node < tree.nodes.len() && is_word(tree, node, word))
    };
    let (lemma, form) = (&tree.nodes[node].lemma, &tree.nodes[node].form);
    rows.behind(lemma).iter().any(follows) || rows.behind(&form.to_lowercase()).iter().any(follows)
}

/// The words below the head, and the noun that a participle or relative clause says something of; of nouns and
/// adjectives those of the whole clause that they stand in.
fn scope(tree: &Tree, head: usize, kind: HeadKind) -> Vec<usize> {
    match kind {
        HeadKind::Verb => {
            let mut scope = tree.subtree(head);
            let node = &tree.nodes[head];
            if matches!(node.deprel, Deprel::Acl | Deprel::AclRelcl | Deprel::Amod) {
                scope.extend(node.head);
            }
            scope
        }
        HeadKind::Noun | HeadKind::Adjective => {
            let clause = traversal::clause_head(tree, head);
            let mut scope = traversal::clause_nodes(tree, clause);
            scope.extend(tree.subtree(head));
            scope
        }
    }
}

fn is_reflexive(reading: &Reading, place: Place) -> bool {
    let tree = reading.tree(place);
    tree.children(place.node).iter().any(|c| {
        matches!(tree.nodes[*c].deprel, Deprel::Expl | Deprel::Obj | Deprel::Iobj)
            && reading.grammar.is_reflexive(&tree.nodes[*c].form)
    }) || place
        .node
        .checked_sub(1)
        .is_some_and(|before| reading.grammar.is_reflexive(&tree.nodes[before].form))
}

/// The unbroken row of `words` after the head, or before it in a passive.
fn companion(tree: &Tree, head: usize, words: &str) -> Option<Vec<usize>> {
    let words: Vec<&str> = words.split(' ').collect();
    let fits = |start: usize| {
        start + words.len() <= tree.nodes.len()
            && words.iter().enumerate().all(|(i, w)| is_word(tree, start + i, w))
            && !(start..start + words.len()).contains(&head)
    };
    let row = |start: usize| (start..start + words.len()).collect();
    let after = (head + 1..=head + COMPANION_REACH).find(|s| fits(*s)).map(row);
    after.or_else(|| {
        (head.saturating_sub(COMPANION_REACH)..head)
            .rev()
            .find(|s| fits(*s) && below(tree, *s, head))
            .map(row)
    })
}

fn below(tree: &Tree, node: usize, head: usize) -> bool {
    let mut at = Some(node);
    while let Some(here) = at {
        if here == head {
            return true;
        }
        at = tree.nodes[here].head;
    }
    false
}
