//! Tags and trees against a gold treebank.

use std::{collections::BTreeMap, fmt};

use crate::{
    syntax::{Deprel, Parser, Tree},
    training::treebank::Sentence,
};

/// Counts over a treebank; its [`fmt::Display`] is the table that people read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyntaxScore {
    pub words: usize,
    /// Words with the right tag.
    pub upos: usize,
    /// Words with the right head.
    pub uas: usize,
    /// Words with the right head and relation.
    pub las: usize,
    /// Words with the right dictionary form, of those whose form the treebank tells.
    pub lemmas: usize,
    pub with_lemma: usize,
    pub relations: BTreeMap<Deprel, RelationScore>,
}

/// Right, in gold, and found, by relation; right is head and relation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RelationScore {
    pub right: usize,
    pub gold: usize,
    pub found: usize,
}

impl RelationScore {
    /// Between 0 and 1; 0 where nothing is right.
    pub fn f1(self) -> f64 {
        share(2 * self.right, self.gold + self.found)
    }
}

/// Parses the words of each sentence and compares.
pub fn evaluate(parser: &Parser, treebank: &[Sentence]) -> SyntaxScore {
    let mut score = SyntaxScore::default();
    for sentence in treebank {
        let forms: Vec<&str> = sentence.words.iter().map(|w| w.form.as_str()).collect();
        score.add(sentence, &parser.parse_forms(&forms));
    }
    score
}

impl SyntaxScore {
    fn add(&mut self, gold: &Sentence, tree: &Tree) {
        for (word, node) in gold.words.iter().zip(&tree.nodes) {
            self.words += 1;
            self.upos += usize::from(word.upos == node.upos);
            let head = word.head == node.head;
            self.uas += usize::from(head);
            let right = head && word.deprel == node.deprel;
            self.las += usize::from(right);
            if let Some(lemma) = &word.lemma {
                self.with_lemma += 1;
                self.lemmas += usize::from(*lemma == node.lemma);
            }
            self.relations.entry(word.deprel).or_default().gold += 1;
            let found = self.relations.entry(node.deprel).or_default();
            found.found += 1;
            found.right += usize::from(right);
        }
    }
}

impl fmt::Display for SyntaxScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part| 100.0 * share(part, self.words);
        writeln!(f, "words  {:>7}", self.words)?;
        writeln!(f, "UPOS   {:>7.2}", percent(self.upos))?;
        writeln!(f, "UAS    {:>7.2}", percent(self.uas))?;
        writeln!(f, "LAS    {:>7.2}", percent(self.las))?;
        writeln!(f, "lemma  {:>7.2}", 100.0 * share(self.lemmas, self.with_lemma))?;
        writeln!(f, "\n{:<12} {:>6} {:>6} {:>6} {:>6}", "relation", "gold", "found", "right", "F1")?;
        let mut relations: Vec<_> = self.relations.iter().collect();
        relations.sort_by_key(|(deprel, s)| (std::cmp::Reverse(s.gold), **deprel));
        for (deprel, s) in relations {
            let f1 = 100.0 * s.f1();
            writeln!(f, "{:<12} {:>6} {:>6} {:>6} {f1:>6.1}", deprel.name(), s.gold, s.found, s.right)?;
        }
        Ok(())
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
