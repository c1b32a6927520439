//! Fits the models of the Council's votes ([`crate::council::weighing`]) on labelled dispatches.

use std::collections::BTreeMap;

use super::{adam::Descent, folds::Folds, names::Names};
use crate::{
    article::Article,
    council::weighing::{
        LINES, LineExample, MemberExample, OUTCOMES, POSITIONS, VoteExample, Weighed, name_of,
    },
    evaluation::{Figures, GoldAction, GoldArticle},
    features::Features,
    logistic::{likeliest, probabilities, table},
};

/// Pull of weights towards zero: stronger for outcomes, of which an article teaches but one.
const OUTCOMES_FIT: Descent = Descent { l2: 30.0, ..POSITIONS_FIT };
const POSITIONS_FIT: Descent = Descent { passes: 150, step: 0.1, l2: 5.0 };
const LINES_FIT: Descent = Descent { l2: 20.0, ..POSITIONS_FIT };
/// A feature seen less often teaches its article, not the language.
const MIN_COUNT: usize = 3;

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
    pub rollcall: Figures,
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
        let mut shown = Shown { outcomes: (0, self.articles.len()), rollcall: Figures::default() };
        for fold in 0..folds {
            let seen = |i: usize| of_article[i] != fold;
            let unseen = || self.articles.iter().enumerate().filter(|(i, _)| !seen(*i)).map(|(_, a)| a);
            let taught = || self.articles.iter().enumerate().filter(|(i, _)| seen(*i)).map(|(_, a)| a);
            let outcomes = self.outcomes.fit(&taught().map(|a| a.article).collect::<Vec<_>>(), OUTCOMES_FIT);
            let members: Vec<usize> = taught().flat_map(|a| a.members.iter().copied()).collect();
            let positions = self.positions.fit(&members, POSITIONS_FIT);
            for article in unseen() {
                let scores = self.outcomes.scores(&outcomes, article.article);
                let (best, _) = likeliest(probabilities(scores));
                shown.outcomes.0 += usize::from(best == article.outcome);
                shown.rollcall += self.rollcall(article, &positions);
            }
        }
        shown
    }

    fn rollcall(&self, article: &Labelled, positions: &[[f64; 5]]) -> Figures {
        let mut figures = Figures::default();
        for (member, index) in article.example.members.iter().zip(&article.members) {
            let found = Weighed::new(member, self.positions.scores(positions, *index)).position;
            let right =
                found.is_some_and(|p| article.cast.get(&*member.code).is_some_and(|c| c == name_of(p)));
            figures.right += usize::from(right);
            figures.wrong += usize::from(!right && found.is_some());
        }
        figures.missed = article.cast.len() - figures.right;
        figures
    }

    /// The model files, of outcomes, positions and sentences, fitted on all articles.
    pub fn tables(&self) -> [(&'static str, String); 3] {
        let all = |n: usize| (0..n).collect::<Vec<_>>();
        let outcomes = self.outcomes.fit(&all(self.outcomes.examples.len()), OUTCOMES_FIT);
        let positions = self.positions.fit(&all(self.positions.examples.len()), POSITIONS_FIT);
        let lines = self.lines.fit(&all(self.lines.examples.len()), LINES_FIT);
        [
            ("outcomes", table(OUTCOMES, &self.outcomes.names.with(outcomes))),
            ("positions", table(POSITIONS, &self.positions.names.with(positions))),
            ("lines", table(LINES, &self.lines.names.with(lines))),
        ]
    }
}

/// Examples of one model.
#[derive(Debug)]
struct Fit<const N: usize> {
    names: Names,
    /// Features and class.
    examples: Vec<(Vec<usize>, usize)>,
}

impl<const N: usize> Default for Fit<N> {
    fn default() -> Self {
        Self { names: Names::default(), examples: Vec::new() }
    }
}

impl<const N: usize> Fit<N> {
    fn add(&mut self, features: &Features, class: usize) -> usize {
        self.examples.push((self.names.ids(features), class));
        self.examples.len() - 1
    }

    fn scores(&self, weights: &[[f64; N]], example: usize) -> [f64; N] {
        let mut scores = [0.0; N];
        for feature in &self.examples[example].0 {
            scores.iter_mut().zip(weights[*feature]).for_each(|(score, weight)| *score += weight);
        }
        scores
    }

    /// Weights fitted on those examples.
    fn fit(&self, taught: &[usize], descent: Descent) -> Vec<[f64; N]> {
        let mut counts = vec![0usize; self.names.len()];
        for feature in taught.iter().flat_map(|i| &self.examples[*i].0) {
            counts[*feature] += 1;
        }
        let wanted: Vec<bool> = counts.iter().map(|count| *count >= MIN_COUNT).collect();
        descent.fit(&wanted, |weights, slopes| self.gradient(weights, taught, slopes))
    }

    fn gradient(&self, weights: &[[f64; N]], taught: &[usize], gradient: &mut [[f64; N]]) {
        for example in taught {
            let (features, class) = &self.examples[*example];
            let mut slopes = probabilities(self.scores(weights, *example));
            slopes[*class] -= 1.0;
            for feature in features {
                gradient[*feature].iter_mut().zip(slopes).for_each(|(g, slope)| *g += slope);
            }
        }
    }
}
