//! Tagger and parser from treebanks: the same treebanks, morphology and settings give the same bytes.
//!
//! The models of this release were made by `demarche train syntax`, `DIR` being the treebanks' folder:
//!
//! * `-l fr --gold DIR/fr_sequoia-ud-train.conllu.gz DIR/fr_gsd-ud-dev.conllu.gz
//!   --silver DIR/fr_news-silver.conllu.gz`
//! * `-l en --gold DIR/en_ewt-ud-train.conllu.gz DIR/en_gum-permissive-train.conllu.gz
//!   --silver DIR/en_news-silver.conllu.gz --epochs 8 --gold-weight 2`

mod clusters;
mod oracle;
mod perceptron;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use self::{
    oracle::Truth,
    perceptron::{Perceptron, quantise},
};
use super::treebank;
use crate::{
    random::Random,
    syntax::{
        Deprel, Features, LABELS, MOVES, Model, Morphology, Move, Sentence, State, TAGS, Table, Traits, Upos,
        Vocabulary, Words, best, collect_label, collect_move, collect_tag, key, short, tag,
    },
};

/// How a model is trained.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often a gold sentence is seen in an epoch; a silver one is seen once.
    pub gold_weight: usize,
    pub tagger_epochs: usize,
    pub parser_epochs: usize,
    /// Trainings with other orders of the sentences, whose weights are averaged.
    pub shuffles: usize,
    /// Occurrences that make a word known.
    pub min_count: usize,
    /// Rows of the tables, as powers of two.
    pub tag_bits: u32,
    pub move_bits: u32,
    pub label_bits: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gold_weight: 3,
            tagger_epochs: 5,
            parser_epochs: 6,
            shuffles: 4,
            min_count: 3,
            tag_bits: 16,
            move_bits: 21,
            label_bits: 16,
        }
    }
}

/// Probability, in 256ths, that training goes on from the parser's own move after the first epoch.
const OWN_MOVES: u64 = 230;

/// A sentence ready for training.
struct Example {
    words: Words,
    tags: Vec<Upos>,
    /// Tags as a tagger gives them that has not seen the sentence.
    guessed: Vec<Upos>,
    /// Lemma and traits by those tags.
    analyses: Vec<(u64, Traits)>,
    truth: Truth,
    labels: Vec<Deprel>,
    times: usize,
}

/// Trains a model. `progress` is told of each sentence seen and of how many there will be.
pub fn train(
    gold: &[treebank::Sentence],
    silver: &[treebank::Sentence],
    morphology: &Morphology,
    settings: &Settings,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Vec<u8> {
    let vocabulary = vocabulary(gold.iter().chain(silver), morphology, settings.min_count);
    let vocabulary = clusters::assign(gold.iter().chain(silver), &vocabulary);
    let mut examples: Vec<Example> = Vec::with_capacity(gold.len() + silver.len());
    examples.extend(gold.iter().map(|s| example(s, &vocabulary, morphology, settings.gold_weight)));
    examples.extend(silver.iter().map(|s| example(s, &vocabulary, morphology, 1)));

    let round: u64 = examples.iter().map(|e| e.times as u64).sum();
    let rounds =
        settings.tagger_epochs * (settings.shuffles + 1) + settings.parser_epochs * settings.shuffles;
    let seen = AtomicU64::new(0);
    let tick = || progress(seen.fetch_add(1, Ordering::Relaxed) + 1, round * rounds as u64);

    guess_tags(&mut examples, settings, &tick);
    for (example, sentence) in examples.iter_mut().zip(gold.iter().chain(silver)) {
        example.analyse(sentence, &vocabulary, morphology);
    }
    let tags = quantise(&in_parallel(settings.shuffles, |run| {
        train_tagger(&examples, |_| true, run as u64, settings, &tick).average()
    }));
    let runs = in_parallel(settings.shuffles, |run| train_parser(&examples, run as u64, settings, &tick));
    let (moves, labels): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
    Model { vocabulary, tags, moves: quantise(&moves), labels: quantise(&labels) }.to_bytes()
}

fn vocabulary<'a>(
    sentences: impl Iterator<Item = &'a treebank::Sentence>,
    morphology: &Morphology,
    min_count: usize,
) -> Vocabulary {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for word in sentences.flat_map(|s| &s.words) {
        let (form, lemma) = (key(&word.form), key(&morphology.analyse(&word.form, word.upos).0));
        *counts.entry(short(form)).or_default() += 1;
        if lemma != form {
            *counts.entry(short(lemma)).or_default() += 1;
        }
    }
    Vocabulary::new(counts.into_iter().filter(|(_, n)| *n >= min_count).map(|(hash, _)| (hash, 0)))
}

fn example(
    sentence: &treebank::Sentence,
    vocabulary: &Vocabulary,
    morphology: &Morphology,
    times: usize,
) -> Example {
    let words = &sentence.words;
    let entries: Vec<_> = words.iter().map(|w| morphology.look_up(&w.form)).collect();
    Example {
        words: Words::new(&entries, vocabulary),
        tags: words.iter().map(|w| w.upos).collect(),
        guessed: Vec::new(),
        analyses: Vec::new(),
        truth: Truth::new(words.iter().map(|w| w.head.unwrap_or(words.len())).collect()),
        labels: words.iter().map(|w| w.deprel).collect(),
        times,
    }
}

impl Example {
    fn analyse(&mut self, sentence: &treebank::Sentence, vocabulary: &Vocabulary, morphology: &Morphology) {
        let analyse = |(i, (word, tag)): (usize, (&treebank::Word, &Upos))| {
            let (lemma, traits) = morphology.analyse(&word.form, *tag);
            (self.words.lemma(i, &lemma, vocabulary), traits)
        };
        self.analyses = sentence.words.iter().zip(&self.guessed).enumerate().map(analyse).collect();
    }
}

/// Two taggers, each trained on every other sentence, tag what they have not seen.
fn guess_tags(examples: &mut [Example], settings: &Settings, tick: &(dyn Fn() + Sync)) {
    let taggers: Vec<Table<TAGS>> = in_parallel(2, |half| {
        quantise(&[train_tagger(examples, |i| i % 2 != half, 77, settings, tick).average()])
    });
    for (i, example) in examples.iter_mut().enumerate() {
        example.guessed = tag(&example.words, &taggers[i % 2]);
    }
}

fn train_tagger(
    examples: &[Example],
    takes: impl Fn(usize) -> bool,
    seed: u64,
    settings: &Settings,
    tick: &(dyn Fn() + Sync),
) -> Perceptron<TAGS> {
    let mut perceptron = Perceptron::new(settings.tag_bits);
    let mut features = Features::default();
    let mut order = Order::new(examples, takes, seed);
    let mut tags = Vec::new();
    for _ in 0..settings.tagger_epochs {
        for i in order.shuffled() {
            let example = &examples[*i];
            tags.clear();
            for (at, truth) in example.tags.iter().enumerate() {
                collect_tag(&example.words, at, &tags, &mut features);
                let guess = best(&perceptron.scores(&features), |_| true).unwrap_or(0);
                perceptron.learn(&features, *truth as usize, guess);
                tags.push(Upos::ALL[guess]);
            }
            tick();
        }
    }
    perceptron
}

type Weights<const C: usize> = Vec<[f64; C]>;

fn train_parser(
    examples: &[Example],
    seed: u64,
    settings: &Settings,
    tick: &(dyn Fn() + Sync),
) -> (Weights<MOVES>, Weights<LABELS>) {
    let mut learner = Learner {
        moves: Perceptron::new(settings.move_bits),
        labels: Perceptron::new(settings.label_bits),
        features: Features::default(),
        random: Random(seed ^ 0x5EED),
    };
    let mut order = Order::new(examples, |_| true, seed);
    for epoch in 0..settings.parser_epochs {
        for i in order.shuffled() {
            learner.learn_sentence(&examples[*i], epoch > 0);
            tick();
        }
    }
    (learner.moves.average(), learner.labels.average())
}

struct Learner {
    moves: Perceptron<MOVES>,
    labels: Perceptron<LABELS>,
    features: Features,
    random: Random,
}

impl Learner {
    /// Parses a sentence and learns from each mistake; `free`: goes on from its own moves, mistakes included.
    fn learn_sentence(&mut self, example: &Example, free: bool) {
        let sentence = Sentence::new(&example.words, &example.guessed, &example.analyses);
        let mut state = State::new(example.words.len);
        while !state.is_done() {
            let action = self.learn_move(&sentence, &state, &example.truth, free);
            match state.arc(action) {
                None => state.shift(),
                Some((head, dependent)) => {
                    let label = self.learn_label(&sentence, &state, head, dependent, example);
                    state.attach(head, dependent, label);
                }
            }
        }
    }

    fn learn_move(&mut self, sentence: &Sentence, state: &State, truth: &Truth, free: bool) -> Move {
        let costs = Move::ALL.map(|m| if state.allows(m) { truth.cost(state, m) } else { usize::MAX });
        let least = costs.into_iter().min().unwrap_or(0);
        collect_move(sentence, state, &mut self.features);
        let scores = self.moves.scores(&self.features);
        let guess = best(&scores, |m| costs[m] < usize::MAX).unwrap_or(0);
        let right = best(&scores, |m| costs[m] == least).unwrap_or(0);
        self.moves.learn(&self.features, right, if costs[guess] == least { right } else { guess });
        let own = free && self.random.next() % 256 < OWN_MOVES;
        Move::ALL[if own { guess } else { right }]
    }

    fn learn_label(
        &mut self,
        sentence: &Sentence,
        state: &State,
        head: usize,
        dependent: usize,
        example: &Example,
    ) -> Deprel {
        if head == example.words.root() {
            return Deprel::Root;
        }
        collect_label(sentence, state, head, dependent, &mut self.features);
        let guess = best(&self.labels.scores(&self.features), |l| l != Deprel::Root as usize).unwrap_or(0);
        if example.truth.heads[dependent] == head {
            self.labels.learn(&self.features, example.labels[dependent] as usize, guess);
        }
        Deprel::ALL[guess]
    }
}

/// The order in which sentences are seen, another one each epoch.
struct Order {
    places: Vec<usize>,
    random: Random,
}

impl Order {
    fn new(examples: &[Example], takes: impl Fn(usize) -> bool, seed: u64) -> Self {
        let repeated = |(i, e): (usize, &Example)| std::iter::repeat_n(i, e.times);
        let places = examples.iter().enumerate().filter(|(i, _)| takes(*i)).flat_map(repeated).collect();
        Self { places, random: Random(seed) }
    }

    fn shuffled(&mut self) -> &[usize] {
        for i in (1..self.places.len()).rev() {
            let other = (self.random.next() % (i as u64 + 1)) as usize;
            self.places.swap(i, other);
        }
        &self.places
    }
}

/// `work(0)`, `work(1)` ... on as many threads as the machine has; results in order.
fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let width = thread::available_parallelism().map_or(1, usize::from);
    let mut results = Vec::with_capacity(count);
    for start in (0..count).step_by(width) {
        thread::scope(|scope| {
            let work = &work;
            let handles: Vec<_> =
                (start..count.min(start + width)).map(|i| scope.spawn(move || work(i))).collect();
            for handle in handles {
                match handle.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    results
}

#[cfg(test)]
mod tests;
