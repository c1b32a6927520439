//! An article under analysis: sentences, trees and mentions, and the questions asked of them together.

use jiff::civil::Date;

use crate::{
    actors::Mention,
    syntax::{Deprel, Grammar, Tree, traversal::share_list},
    text::{Document, Field, Sentence, Span},
};

/// A token's place in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub sentence: usize,
    pub node: usize,
}

/// Everything known of an article before stances are sought.
#[derive(Debug)]
pub struct Reading<'a> {
    pub document: &'a Document,
    pub trees: &'a [Tree],
    pub mentions: &'a [Mention],
    pub grammar: &'a Grammar,
    /// First publication.
    pub published: Option<Date>,
    /// Mentions of each sentence.
    in_sentence: Vec<Vec<usize>>,
    /// Mention that covers a token, the longest where several do.
    covering: Vec<Vec<Option<u32>>>,
    /// Whether a token stands between quotation marks.
    quoted: Vec<Vec<bool>>,
}

impl<'a> Reading<'a> {
    pub fn new(
        document: &'a Document,
        trees: &'a [Tree],
        mentions: &'a [Mention],
        grammar: &'a Grammar,
        published: Option<Date>,
    ) -> Self {
        let mut in_sentence = vec![Vec::new(); document.sentences.len()];
        for (index, mention) in mentions.iter().enumerate() {
            in_sentence[mention.sentence].push(index);
        }
        let covering = covering(document, mentions);
        let quoted = quoted(document);
        Self { document, trees, mentions, grammar, published, in_sentence, covering, quoted }
    }

    pub fn tree(&self, place: Place) -> &'a Tree {
        &self.trees[place.sentence]
    }

    pub fn form(&self, place: Place) -> &'a str {
        &self.trees[place.sentence].nodes[place.node].form
    }

    pub fn lemma(&self, place: Place) -> &'a str {
        &self.trees[place.sentence].nodes[place.node].lemma
    }

    pub fn sentence(&self, place: Place) -> &'a Sentence {
        &self.document.sentences[place.sentence]
    }

    pub fn in_headline(&self, place: Place) -> bool {
        self.sentence(place).span.field == Field::Headline
    }

    /// The mention that a token belongs to.
    pub fn mention_at(&self, place: Place) -> Option<usize> {
        self.covering[place.sentence].get(place.node).copied().flatten().map(|m| m as usize)
    }

    /// All mentions of the phrase that a token belongs to: "les ministres français et allemand" are two.
    pub fn mentions_at(&self, place: Place) -> Vec<usize> {
        let Some(first) = self.mention_at(place) else { return Vec::new() };
        let widest = &self.mentions[first];
        let same = |m: &Mention| {
            (m.sentence, m.first, m.end, m.head) == (widest.sentence, widest.first, widest.end, widest.head)
        };
        self.mentions.iter().enumerate().filter(|(_, m)| same(m)).map(|(i, _)| i).collect()
    }

    /// All mentions of the list that a mention stands in, itself among them: "l'Inde et la Chine" are two.
    pub fn row(&self, mention: usize) -> Vec<usize> {
        let own = &self.mentions[mention];
        let tree = &self.trees[own.sentence];
        let of_sentence = self.in_sentence[own.sentence].iter().copied();
        of_sentence.filter(|m| share_list(tree, self.mentions[*m].head, own.head)).collect()
    }

    /// Whether the token stands between quotation marks.
    pub fn is_quoted(&self, place: Place) -> bool {
        self.quoted[place.sentence].get(place.node).copied().unwrap_or(false)
    }

    /// Share of a sentence's words that stand between quotation marks, 0 to 1.
    pub fn quoted_share(&self, sentence: usize) -> f64 {
        let marks = &self.quoted[sentence];
        if marks.is_empty() {
            return 0.0;
        }
        marks.iter().filter(|q| **q).count() as f64 / marks.len() as f64
    }

    /// Relation of the mention's head in its clause.
    pub fn relation(&self, mention: usize) -> Deprel {
        let mention = &self.mentions[mention];
        self.trees[mention.sentence].nodes[mention.head].deprel
    }

    /// The span from one token to another, both included.
    pub fn span(&self, sentence: usize, first: usize, last: usize) -> Span {
        let sentence = &self.document.sentences[sentence];
        Span {
            field: sentence.span.field,
            start: sentence.tokens[first].start,
            end: sentence.tokens[last].end,
        }
    }
}

fn covering(document: &Document, mentions: &[Mention]) -> Vec<Vec<Option<u32>>> {
    let mut covering: Vec<Vec<Option<u32>>> =
        document.sentences.iter().map(|s| vec![None; s.tokens.len()]).collect();
    let length = |m: u32| mentions[m as usize].end - mentions[m as usize].first;
    for (index, mention) in mentions.iter().enumerate() {
        let index = index as u32;
        for place in &mut covering[mention.sentence][mention.first..mention.end] {
            if place.is_none_or(|other| length(other) < length(index)) {
                *place = Some(index);
            }
        }
    }
    covering
}

/// For each token of each sentence whether it is quoted. Marks pair within a paragraph; one left open closes with it.
pub(crate) fn quoted(document: &Document) -> Vec<Vec<bool>> {
    let mut open = false;
    let mut paragraph = None;
    let mut all = Vec::with_capacity(document.sentences.len());
    for sentence in &document.sentences {
        let here = (sentence.span.field, sentence.paragraph);
        if paragraph != Some(here) {
            open = false;
            paragraph = Some(here);
        }
        let mut marks = Vec::with_capacity(sentence.tokens.len());
        for token in &sentence.tokens {
            let span = Span { field: sentence.span.field, start: token.start, end: token.end };
            match document.slice(span).chars().next() {
                Some('«' | '“' | '„') => open = true,
                Some('»' | '”') => open = false,
                Some('"') => open = !open,
                _ => {}
            }
            marks.push(open);
        }
        all.push(marks);
    }
    all
}
