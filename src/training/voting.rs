//! Fits the models of the Council's votes ([`crate::council::weighing`]) on labelled dispatches.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{confidence::Counts, folds::Folds};
use crate::{
    article::Article,
    council::weighing::{
        LINES, LineExample, MemberExample, OUTCOMES, POSITIONS, VoteExample, Weighed, name_of,
    },
    evaluation::{GoldAction, GoldArticle},
    features::Features,
    logistic::{likeliest, probabilities, table},
};

/// Pull of weights towards zero: stronger for outcomes, of which an article teaches but one.
const OUTCOME_L2: f64 = 30.0;
const POSITION_L2: f64 = 5.0;
const LINE_L2: f64 = 20.0;
/// A feature seen less often teaches its article, not the language.
const MIN_COUNT: usize = 3;
/// Passes over the examples, and the step of the first; it falls to nothing by the last.
const PASSES: usize = 150;
const STEP: f64 = 0.1;
/// How much of the mean slope, and of the mean square slope, each pass keeps (Adam; Kingma and Ba, 2015).
const KEPT: f64 = 0.9;
const KEPT_SQUARE: f64 = 0.99;

/// Labelled examples of votes.
#[derive(Debug, Default)]
pub struct Votes {
    articles: Vec<Labelled>,
    outcomes: Fit<4>,
    positions: Fit<5>,
    lines: Fit<4>,
    folds: Folds,
}

#[derive(Debug)]
struct Labelled {
    example: VoteExample,
    cast: BTreeMap<String, String>,
    outcome: usize,
    article: usize,
    members: Vec<usize>,
}

/// What the folds showed: outcomes right of so many, and the roll-call.
#[derive(Debug)]
pub struct Shown {
    pub outcomes: (usize, usize),
    pub rollcall: Counts,
}

impl Votes {
    /// Adds an article, unless it tells of several votes of the day, as which one its words mean is not labelled, or only
    /// of one that careful readers label or not.
    pub fn add(&mut self, article: &Article, example: VoteExample, gold: &GoldArticle) {
        let is_day = |v: &&GoldAction| v.action == "vote" && v.status.as_deref() == Some("done");
        let (optional, votes): (Vec<_>, Vec<_>) =
            gold.actions.iter().filter(is_day).partition(|v| v.is_optional());
        if votes.len() > 1 || votes.is_empty() && !optional.is_empty() {
            return;
        }
        let vote = votes.first();
        let cast = vote.and_then(|v| v.cast.clone()).unwrap_or_default();
        let told = vote.map_or("none", |v| v.outcome.as_deref().unwrap_or("none"));
        let outcome = OUTCOMES.iter().position(|o| *o == told).unwrap_or(0);
        let article_example = self.outcomes.add(&example.article, outcome);
        let position = |m: &MemberExample| {
            let told = cast.get(&*m.code).map_or("none", String::as_str);
            POSITIONS.iter().position(|p| *p == told).unwrap_or(0)
        };
        let members = example.members.iter().map(|m| self.positions.add(&m.features, position(m))).collect();
        self.folds.add(&format!("{}\n{}", article.headline, article.body));
        self.articles.push(Labelled { example, cast, outcome, article: article_example, members });
    }

    /// Adds the sentences of an article; those that tell of what careful readers label or not teach nothing.
    pub fn add_lines(&mut self, lines: &[LineExample], gold: &GoldArticle) {
        for line in lines {
            let tells = |a: &&GoldAction| {
                let clause = a.clause.as_deref().unwrap_or_default();
                LINES.contains(&a.action.as_str())
                    && !clause.is_empty()
                    && (line.words.contains(clause) || clause.contains(&line.words))
            };
            let told = gold.actions.iter().find(tells);
            if told.is_none_or(|a| !a.is_optional()) {
                let class = told.and_then(|a| LINES.iter().position(|l| *l == a.action)).unwrap_or(0);
                self.lines.add(&line.features, class);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Scores each article by models that have not seen it.
    pub fn cross_validate(&self, folds: usize) -> Shown {
        let of_article = self.folds.assign(folds);
        let mut shown = Shown { outcomes: (0, self.articles.len()), rollcall: Counts::default() };
        for fold in 0..folds {
            let seen = |i: usize| of_article[i] != fold;
            let unseen = || self.articles.iter().enumerate().filter(|(i, _)| !seen(*i)).map(|(_, a)| a);
            let taught = || self.articles.iter().enumerate().filter(|(i, _)| seen(*i)).map(|(_, a)| a);
            let outcomes = self.outcomes.fit(&taught().map(|a| a.article).collect::<Vec<_>>(), OUTCOME_L2);
            let members: Vec<usize> = taught().flat_map(|a| a.members.iter().copied()).collect();
            let positions = self.positions.fit(&members, POSITION_L2);
            for article in unseen() {
                let scores = self.outcomes.scores(&outcomes, article.article);
                let (best, _) = likeliest(probabilities(scores));
                shown.outcomes.0 += usize::from(best == article.outcome);
                shown.rollcall = [shown.rollcall, self.rollcall(article, &positions)].into_iter().sum();
            }
        }
        shown
    }

    fn rollcall(&self, article: &Labelled, positions: &[[f64; 5]]) -> Counts {
        let mut counts = Counts::default();
        for (member, index) in article.example.members.iter().zip(&article.members) {
            let found = Weighed::new(member, self.positions.scores(positions, *index)).position;
            let right =
                found.is_some_and(|p| article.cast.get(&*member.code).is_some_and(|c| c == name_of(p)));
            counts.right += usize::from(right);
            counts.wrong += usize::from(!right && found.is_some());
        }
        counts.missed = article.cast.len() - counts.right;
        counts
    }

    /// The model files, of outcomes, positions and sentences, fitted on all articles.
    pub fn tables(&self) -> [(&'static str, String); 3] {
        let all = |n: usize| (0..n).collect::<Vec<_>>();
        let outcomes = self.outcomes.fit(&all(self.outcomes.examples.len()), OUTCOME_L2);
        let positions = self.positions.fit(&all(self.positions.examples.len()), POSITION_L2);
        let lines = self.lines.fit(&all(self.lines.examples.len()), LINE_L2);
        [
            ("outcomes", table(OUTCOMES, &self.outcomes.named(outcomes))),
            ("positions", table(POSITIONS, &self.positions.named(positions))),
            ("lines", table(LINES, &self.lines.named(lines))),
        ]
    }
}

/// Examples of one model.
#[derive(Debug)]
struct Fit<const N: usize> {
    names: Vec<String>,
    index: FxHashMap<String, usize>,
    /// Features and class.
    examples: Vec<(Vec<usize>, usize)>,
}

impl<const N: usize> Default for Fit<N> {
    fn default() -> Self {
        Self { names: Vec::new(), index: FxHashMap::default(), examples: Vec::new() }
    }
}

impl<const N: usize> Fit<N> {
    fn add(&mut self, features: &Features, class: usize) -> usize {
        let names = features.names.as_deref().unwrap_or_default();
        let features = names.iter().map(|name| self.feature(name)).collect();
        self.examples.push((features, class));
        self.examples.len() - 1
    }

    fn feature(&mut self, name: &str) -> usize {
        if let Some(index) = self.index.get(name) {
            return *index;
        }
        self.index.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    fn scores(&self, weights: &[[f64; N]], example: usize) -> [f64; N] {
        let mut scores = [0.0; N];
        for feature in &self.examples[example].0 {
            scores.iter_mut().zip(weights[*feature]).for_each(|(score, weight)| *score += weight);
        }
        scores
    }

    fn named(&self, weights: Vec<[f64; N]>) -> Vec<(String, [f64; N])> {
        self.names.iter().cloned().zip(weights).collect()
    }

    /// Weights fitted on those examples (Adam on the full batch: the same on every run).
    fn fit(&self, taught: &[usize], l2: f64) -> Vec<[f64; N]> {
        let mut counts = vec![0usize; self.names.len()];
        for feature in taught.iter().flat_map(|i| &self.examples[*i].0) {
            counts[*feature] += 1;
        }
        let mut weights = vec![[0.0; N]; self.names.len()];
        let (mut means, mut squares) = (weights.clone(), weights.clone());
        for pass in 1..=PASSES {
            let gradient = self.gradient(&weights, taught);
            let rate = STEP * (1.0 - pass as f64 / (PASSES + 1) as f64);
            let (warm, warm_square) = (1.0 - KEPT.powi(pass as i32), 1.0 - KEPT_SQUARE.powi(pass as i32));
            for i in (0..weights.len()).filter(|i| counts[*i] >= MIN_COUNT) {
                for class in 0..N {
                    let slope: f64 = gradient[i][class] + l2 * weights[i][class];
                    means[i][class] = KEPT * means[i][class] + (1.0 - KEPT) * slope;
                    squares[i][class] = KEPT_SQUARE * squares[i][class] + (1.0 - KEPT_SQUARE) * slope * slope;
                    let step = means[i][class] / warm / (f64::sqrt(squares[i][class] / warm_square) + 1e-8);
                    weights[i][class] -= rate * step;
                }
            }
        }
        weights
    }

    fn gradient(&self, weights: &[[f64; N]], taught: &[usize]) -> Vec<[f64; N]> {
        let mut gradient = vec![[0.0; N]; weights.len()];
        for example in taught {
            let (features, class) = &self.examples[*example];
            let mut slopes = probabilities(self.scores(weights, *example));
            slopes[*class] -= 1.0;
            for feature in features {
                gradient[*feature].iter_mut().zip(slopes).for_each(|(g, slope)| *g += slope);
            }
        }
        gradient
    }
}
