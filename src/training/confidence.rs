//! Fits the model of confidence on labelled articles: logistic regression over the features of proposals.

use std::{collections::BTreeMap, fmt::Write as _};

use rustc_hash::FxHashSet;

use crate::{
    article::Article,
    evaluation::Figures,
    stances::{
        Class, Quoted,
        confidence::{Scored, choose, probability},
        proposals::Proposal,
    },
};

use super::{
    adam::Descent,
    folds::Folds,
    labels::{Key, Labels},
    names::Names,
};

/// A proposal as the fit sees it.
#[derive(Debug, Clone)]
struct Example {
    key: Key,
    /// With a score of 0.
    choice: Scored,
    /// By number; as narrow as can be, as there are millions.
    features: Vec<u32>,
    /// `None`: careful readers differ, or it is labelled at another place, so it teaches nothing.
    label: Option<bool>,
    /// Its key is labelled, but at another place.
    elsewhere: bool,
    /// Entry and words, for whoever reads errors.
    origin: String,
}

/// Proposals of one article, those at one trigger together.
#[derive(Debug, Clone)]
struct ArticleExamples {
    uri: String,
    at_heads: Vec<Vec<Example>>,
    labels: Labels,
    origin: Origin,
}

/// Where a labelled article comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Written for training, not published: it weighs less and has no say in the thresholds.
    pub written: bool,
    /// In another language than the model's: it teaches the features that both share and is not measured.
    pub foreign: bool,
}

impl Origin {
    fn weight(self) -> f64 {
        let written = if self.written { WRITTEN_WEIGHT } else { 1.0 };
        if self.foreign { FOREIGN_WEIGHT * written } else { written }
    }
}

/// Probabilities of one article's examples, grouped as they are.
type Scores = Vec<Vec<f64>>;

/// Labelled articles, ready to fit.
#[derive(Debug, Default)]
pub struct Labelled {
    articles: Vec<ArticleExamples>,
    names: Names,
    folds: Folds,
}

/// Weight of an article that was written for training: it states five times as much as a real one, in rarer words.
const WRITTEN_WEIGHT: f64 = 0.4;
/// Weight of an article in another language: paths, distances and countries speak alike in both, words do not.
const FOREIGN_WEIGHT: f64 = 0.5;
/// A label's key found at another place was told there again, not met by chance, if a model that has not seen the
/// article gives it at least this probability.
const TOLD_AGAIN: f64 = 0.15;
/// At this step the folds score as after 300 passes at half of it.
const DESCENT: Descent = Descent { passes: 120, step: 0.08, l2: 4.0 };
/// Weight of recall against precision in the choice of thresholds, squared.
const BETA2: f64 = 0.3;
const HARSH_BETA2: f64 = 0.2;
/// Least and greatest threshold, in hundredths.
const LEAST_THRESHOLD: i32 = 60;
const GREATEST_THRESHOLD: i32 = 80;
/// A false accusation costs more than a missed one.
const LEAST_HARSH_THRESHOLD: i32 = 65;
/// A feature seen less often teaches its article, not the language.
const MIN_COUNT: usize = 8;

impl Labelled {
    /// Adds the proposals of one article, as [`crate::stances::selection::all_proposals`] gives them.
    pub fn add(
        &mut self,
        article: &Article,
        origin: Origin,
        proposals: &[Proposal],
        words: impl Fn(&Proposal) -> Quoted,
        labels: Labels,
    ) {
        let mut at_heads = Vec::new();
        for group in proposals.chunk_by(|a, b| a.found.place == b.found.place) {
            at_heads.push(group.iter().map(|p| self.example(p, &words(p), &labels)).collect());
        }
        self.articles.push(ArticleExamples { uri: article.uri.clone(), at_heads, labels, origin });
        self.folds.add(&format!("{}\n{}", article.headline, article.body));
    }

    fn example(&mut self, p: &Proposal, words: &Quoted, labels: &Labels) -> Example {
        let key = (p.holder_code.to_string(), p.class, p.target_code.to_string());
        let required = labels.required.contains(&key);
        let elsewhere = required && !labels.states(&key, words.span);
        let label = if required {
            (!elsewhere).then_some(true)
        } else if labels.optional.contains(&key) {
            None
        } else {
            Some(false)
        };
        let features = self.names.ids(&p.features).into_iter().map(|id| id as u32).collect();
        Example {
            key,
            choice: p.scored(0.0),
            features,
            label,
            elsewhere,
            origin: format!("{} | {}", p.found.entry.id, words.text),
        }
    }

    /// The articles that are measured, by index.
    fn measured(&self) -> impl Iterator<Item = usize> {
        (0..self.articles.len()).filter(|i| !self.articles[*i].origin.foreign)
    }

    /// Whether there is nothing to measure a model by.
    pub fn is_empty(&self) -> bool {
        self.measured().next().is_none()
    }

    /// The most that any model could find: labels among the proposals, and labels in all.
    pub fn reachable(&self) -> (usize, usize) {
        let reached = |a: &ArticleExamples| {
            let proposed: FxHashSet<&Key> = a.at_heads.iter().flatten().map(|e| &e.key).collect();
            a.labels.required.iter().filter(|k| proposed.contains(k)).count()
        };
        let articles = || self.measured().map(|i| &self.articles[i]);
        (articles().map(reached).sum(), articles().map(|a| a.labels.required.len()).sum())
    }

    /// Weights fitted on the articles that `wanted` lets in.
    fn fit(&self, wanted: impl Fn(usize) -> bool) -> Vec<[f64; 1]> {
        let examples: Vec<(&Example, f64)> = self
            .articles
            .iter()
            .enumerate()
            .filter(|(i, _)| wanted(*i))
            .flat_map(|(_, a)| a.at_heads.iter().flatten().map(|e| (e, a.origin.weight())))
            .filter(|(e, _)| e.label.is_some())
            .collect();
        let mut counts = vec![0usize; self.names.len()];
        for feature in examples.iter().flat_map(|(e, _)| &e.features) {
            counts[*feature as usize] += 1;
        }
        let wanted: Vec<bool> = counts.iter().map(|count| *count >= MIN_COUNT).collect();
        DESCENT.fit(&wanted, |weights, slopes| {
            for (example, weight) in &examples {
                let due = f64::from(u8::from(example.label == Some(true)));
                let slope = weight * (probability(score(weights, example)) - due);
                for feature in &example.features {
                    slopes[*feature as usize][0] += slope;
                }
            }
        })
    }

    /// Each article scored by a model that has not seen it.
    fn out_of_fold(&self, folds: usize) -> Vec<Scores> {
        let mut all: Vec<Scores> = vec![Vec::new(); self.articles.len()];
        let of_article = self.folds.assign(folds);
        let fitted: Vec<Vec<[f64; 1]>> = std::thread::scope(|scope| {
            let fits = |fold| {
                let of_article = &of_article;
                scope.spawn(move || self.fit(|i| of_article[i] != fold))
            };
            let running: Vec<_> = (0..folds).map(fits).collect();
            running.into_iter().map(|r| r.join().unwrap_or_else(|p| std::panic::resume_unwind(p))).collect()
        });
        for (fold, weights) in fitted.iter().enumerate() {
            let scored = self.articles.iter().enumerate().filter(|(i, _)| of_article[*i] == fold);
            for (i, article) in scored {
                let score = |group: &Vec<Example>| group.iter().map(|e| score(weights, e)).collect();
                all[i] = article.at_heads.iter().map(score).collect();
            }
        }
        all
    }

    /// A position told twice is labelled once: the other place teaches too, where it is likely to be one.
    fn learn_repetitions(&mut self, scored: &[Scores]) {
        for (article, scores) in self.articles.iter_mut().zip(scored) {
            let examples = article.at_heads.iter_mut().flatten().zip(scores.iter().flatten());
            for (example, _) in examples.filter(|(e, s)| e.elsewhere && probability(**s) >= TOLD_AGAIN) {
                example.label = Some(true);
            }
        }
    }

    /// Fits by folds to choose thresholds, then on all articles.
    pub fn train(&mut self, folds: usize) -> Fitted {
        let first = self.out_of_fold(folds);
        self.learn_repetitions(&first);
        let scored = self.out_of_fold(folds);
        let thresholds = self.choose_thresholds(&scored);
        let folded = self.measured().map(|i| self.count(i, &scored, &thresholds, |_| true)).collect();
        let of_class =
            |class| self.measured().map(|i| self.count(i, &scored, &thresholds, |c| c == class)).sum();
        let by_class = Class::ALL.into_iter().map(|class| (class, of_class(class))).collect();
        let mistakes = self.mistakes(&scored, &thresholds);
        let weights = self.names.with(self.fit(|_| true)).into_iter().zip(self.met());
        let weights = weights.filter(|((_, [weight]), met)| *met && weight.abs() > 1e-3);
        let weights = weights.map(|((name, [weight]), _)| (name, weight)).collect();
        Fitted { weights, thresholds, folded, by_class, reliability: self.reliability(&scored), mistakes }
    }

    /// Which features occur in the model's own language: the others would only weigh its file down.
    fn met(&self) -> Vec<bool> {
        let mut met = vec![false; self.names.len()];
        let examples = self.measured().flat_map(|i| self.articles[i].at_heads.iter().flatten());
        for feature in examples.flat_map(|e| &e.features) {
            met[*feature as usize] = true;
        }
        met
    }

    fn count(
        &self,
        article: usize,
        scored: &[Scores],
        thresholds: &BTreeMap<Class, f64>,
        wanted: impl Fn(Class) -> bool,
    ) -> Figures {
        let found = select(&self.articles[article], &scored[article], thresholds);
        let labels = &self.articles[article].labels;
        let wanted = |key: &&Key| wanted(key.1);
        let right = labels.required.iter().filter(wanted).filter(|k| found.contains(*k)).count();
        let missed = labels.required.iter().filter(wanted).count() - right;
        let unlabelled = |k: &&Key| !labels.required.contains(*k) && !labels.optional.contains(*k);
        let wrong = found.iter().filter(wanted).filter(unlabelled).count();
        Figures { right, wrong, missed }
    }

    /// The threshold with the best F on what was published, precision weighing more, most of all for the harsh classes:
    /// one for these and one for the others, as a class alone has too few labels to choose by.
    fn choose_thresholds(&self, scored: &[Scores]) -> BTreeMap<Class, f64> {
        let published: Vec<usize> = self.measured().filter(|i| !self.articles[*i].origin.written).collect();
        let mut thresholds: BTreeMap<Class, f64> = Class::ALL.into_iter().map(|c| (c, 0.5)).collect();
        for (harsh, beta2, least) in
            [(true, HARSH_BETA2, LEAST_HARSH_THRESHOLD), (false, BETA2, LEAST_THRESHOLD)]
        {
            let mut best = (0.0, f64::from(GREATEST_THRESHOLD) / 100.0);
            let set = |thresholds: &mut BTreeMap<Class, f64>, to: f64| {
                thresholds.iter_mut().filter(|(c, _)| c.is_harsh() == harsh).for_each(|(_, t)| *t = to);
            };
            for threshold in (least..=GREATEST_THRESHOLD).step_by(5).map(|t| f64::from(t) / 100.0) {
                set(&mut thresholds, threshold);
                let count = |i: &usize| self.count(*i, scored, &thresholds, |c| c.is_harsh() == harsh);
                let figures: Figures = published.iter().map(count).sum();
                let (p, r) = (figures.precision(), figures.recall());
                let score = if p + r > 0.0 { (1.0 + beta2) * p * r / (beta2 * p + r) } else { 0.0 };
                if score > best.0 + 1e-9 {
                    best = (score, threshold);
                }
            }
            set(&mut thresholds, best.1);
        }
        thresholds
    }

    fn reliability(&self, scored: &[Scores]) -> [(usize, usize); 5] {
        let mut bins = [(0, 0); 5];
        for (article, scores) in self.measured().map(|i| (&self.articles[i], &scored[i])) {
            for (chosen, confidence) in choices(article, scores) {
                let bin = &mut bins[((confidence * 5.0) as usize).min(4)];
                for example in chosen.iter().filter(|e| !article.labels.optional.contains(&e.key)) {
                    bin.0 += 1;
                    bin.1 += usize::from(article.labels.required.contains(&example.key));
                }
            }
        }
        bins
    }
}

/// A label that was missed, or a finding without one.
#[derive(Debug)]
pub struct Mistake {
    pub uri: String,
    pub key: Key,
    pub kind: MistakeKind,
    /// The likeliest proposal of that key, with its probability.
    pub proposal: Option<(String, f64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MistakeKind {
    /// No trigger, or no way from it to these actors.
    NotProposed,
    /// Proposed, and rejected or outdone by another class at the same word.
    Rejected,
    Extra,
}

impl Labelled {
    /// Every mistake of the folds, by article.
    fn mistakes(&self, scored: &[Scores], thresholds: &BTreeMap<Class, f64>) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        for (article, scores) in self.measured().map(|i| (&self.articles[i], &scored[i])) {
            let found = select(article, scores, thresholds);
            let likeliest = |key: &Key| {
                let of_key = article
                    .at_heads
                    .iter()
                    .flatten()
                    .zip(scores.iter().flatten())
                    .filter(|(e, _)| e.key == *key);
                of_key.max_by(|a, b| a.1.total_cmp(b.1)).map(|(e, s)| (e.origin.clone(), probability(*s)))
            };
            let mistake = |key: &Key, kind: MistakeKind| {
                let proposal = likeliest(key);
                let kind = if proposal.is_none() { MistakeKind::NotProposed } else { kind };
                Mistake { uri: article.uri.clone(), key: key.clone(), kind, proposal }
            };
            let mut missed: Vec<&Key> =
                article.labels.required.iter().filter(|k| !found.contains(*k)).collect();
            missed.sort();
            mistakes.extend(missed.into_iter().map(|k| mistake(k, MistakeKind::Rejected)));
            let known =
                |k: &&Key| article.labels.required.contains(*k) || article.labels.optional.contains(*k);
            let mut extra: Vec<&Key> = found.iter().filter(|k| !known(k)).collect();
            extra.sort();
            mistakes.extend(extra.into_iter().map(|k| mistake(k, MistakeKind::Extra)));
        }
        mistakes
    }
}

fn score(weights: &[[f64; 1]], example: &Example) -> f64 {
    example.features.iter().map(|f| weights[*f as usize][0]).sum()
}

/// The same choice as [`crate::stances::selection`] makes at each head: keys with their confidence.
fn choices<'a>(
    article: &'a ArticleExamples,
    scores: &'a Scores,
) -> impl Iterator<Item = (Vec<&'a Example>, f64)> {
    article.at_heads.iter().zip(scores).map(|(group, scores)| {
        let scored: Vec<Scored> =
            group.iter().zip(scores).map(|(e, score)| Scored { score: *score, ..e.choice.clone() }).collect();
        let (chosen, confidence) = choose(&scored);
        (chosen.into_iter().map(|i| &group[i]).collect(), confidence)
    })
}

fn select(article: &ArticleExamples, scores: &Scores, thresholds: &BTreeMap<Class, f64>) -> FxHashSet<Key> {
    choices(article, scores)
        .filter(|(chosen, confidence)| chosen.first().is_some_and(|e| *confidence >= thresholds[&e.key.1]))
        .flat_map(|(chosen, _)| chosen.into_iter().map(|e| e.key.clone()))
        .collect()
}

/// A fitted model and what its folds showed.
#[derive(Debug)]
pub struct Fitted {
    weights: Vec<(String, f64)>,
    thresholds: BTreeMap<Class, f64>,
    /// By measured article, scored by a model that has not seen it.
    pub folded: Vec<Figures>,
    pub by_class: Vec<(Class, Figures)>,
    /// By fifths of confidence: proposed, right.
    pub reliability: [(usize, usize); 5],
    pub mistakes: Vec<Mistake>,
}

impl Fitted {
    /// All articles together.
    pub fn total(&self) -> Figures {
        self.folded.iter().copied().sum()
    }

    /// The model file: [`crate::stances::confidence::Model::load`] reads it.
    pub fn to_tsv(&self) -> String {
        let mut text = String::from("# made by `demarche train confidence`: feature, weight\n");
        for (class, threshold) in &self.thresholds {
            let _ = writeln!(text, "threshold:{}\t{threshold:.3}", class.as_str());
        }
        let mut weights = self.weights.clone();
        weights.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, weight) in &weights {
            let _ = writeln!(text, "{name}\t{weight:.4}");
        }
        text
    }
}
