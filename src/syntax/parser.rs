//! From tokens to a [`Tree`]: tags, arcs, relations, dictionary forms.

use super::{
    Deprel, Node, Tree,
    arcs::{Move, Sentence, State},
    features,
    hashing::Features,
    model::Model,
    morphology::{Morphology, Traits},
    table::{Table, best},
    tagger,
    words::Words,
};
use crate::{
    data::{Data, DataError},
    text::Token,
};

/// Tagger, parser and morphology of one language. The same tokens give the same tree, always; any
/// tokens give a well-formed one, in time linear in their number.
#[derive(Debug)]
pub struct Parser {
    model: Model,
    /// The moves of the model in rows of four bytes, which the processor adds at once.
    moves: Table<4>,
    morphology: Morphology,
}

impl Parser {
    /// Reads `models/<language>.syntax` and `languages/<language>/morphology*.tsv`.
    ///
    /// # Errors
    /// The model is missing, broken, or of another version; a morphology file is not in its format.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let path = format!("models/{language}.syntax");
        let model = Model::from_bytes(data.bytes(&path)?).map_err(|e| DataError::invalid(&path, e))?;
        let moves = model.moves.padded();
        Ok(Self { model, moves, morphology: Morphology::load(data, language)? })
    }

    /// The tree of one sentence; an empty one has no node.
    pub fn parse(&self, tokens: &[Token]) -> Tree {
        self.parse_forms(&tokens.iter().map(|t| t.form.as_str()).collect::<Vec<_>>())
    }

    /// As [`Parser::parse`], for words without a place in a text.
    pub fn parse_forms(&self, forms: &[&str]) -> Tree {
        let entries: Vec<_> = forms.iter().map(|form| self.morphology.look_up(form)).collect();
        let words = Words::new(&entries, &self.model.vocabulary);
        let tags = tagger::tag(&words, &self.model.tags);
        let analyses: Vec<(String, Traits)> =
            entries.iter().zip(&tags).map(|(entry, tag)| self.morphology.choose(entry, *tag)).collect();
        let lemma = |at: usize, lemma: &str| words.lemma(at, lemma, &self.model.vocabulary);
        let hashed: Vec<_> = analyses.iter().enumerate().map(|(i, (l, t))| (lemma(i, l), *t)).collect();
        let state = self.arcs(&Sentence::new(&words, &tags, &hashed));
        let node = |(i, (form, (lemma, traits))): (usize, (&&str, (String, Traits)))| Node {
            form: (*form).to_owned(),
            lemma,
            upos: tags[i],
            head: (state.heads[i] < forms.len()).then_some(state.heads[i]),
            deprel: state.labels[i],
            gender: traits.gender(),
            number: traits.number(),
        };
        Tree::new(forms.iter().zip(analyses).enumerate().map(node).collect())
    }

    /// Runs the transitions to their end: every word has a head or is the root.
    fn arcs(&self, sentence: &Sentence) -> State {
        let mut state = State::new(sentence.words.len);
        let mut found = Features::default();
        while !state.is_done() {
            match state.arc(self.next_move(sentence, &state, &mut found)) {
                None => state.shift(),
                Some((head, dependent)) => {
                    let label = label(sentence, &state, head, dependent, &self.model, &mut found);
                    state.attach(head, dependent, label);
                }
            }
        }
        state
    }

    /// The only move that is allowed, or the best.
    fn next_move(&self, sentence: &Sentence, state: &State, found: &mut Features) -> Move {
        let mut allowed = Move::ALL.into_iter().filter(|m| state.allows(*m));
        if let (Some(only), None) = (allowed.next(), allowed.next()) {
            return only;
        }
        features::of_move(sentence, state, found);
        let allows = |class: usize| Move::ALL.get(class).is_some_and(|m| state.allows(*m));
        best(&self.moves.scores(found), allows).map_or(Move::Shift, |class| Move::ALL[class])
    }
}

fn label(
    sentence: &Sentence,
    state: &State,
    head: usize,
    dependent: usize,
    model: &Model,
    found: &mut Features,
) -> Deprel {
    if head == sentence.words.root() {
        return Deprel::Root;
    }
    features::of_label(sentence, state, head, dependent, found);
    let class = best(&model.labels.scores(found), |class| class != Deprel::Root as usize);
    class.map_or(Deprel::Dep, |class| Deprel::ALL[class])
}
