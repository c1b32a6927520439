//! Fits the model of a vote's count ([`crate::council::weighing`]) on labelled dispatches.

use super::{adam::Descent, folds::Folds, names::Names};
use crate::{
    council::{
        Outcome,
        weighing::{COUNTS, Candidates, CountExample, name_of},
    },
    evaluation::{GoldAction, GoldArticle},
    features::Features,
    logistic::table,
};

const DESCENT: Descent = Descent { passes: 120, step: 0.08, l2: 3.0 };
/// A feature that fewer votes have teaches its article, not the language.
const MIN_COUNT: usize = 3;

/// Labelled examples of counts.
#[derive(Debug, Default)]
pub struct Tallies {
    names: Names,
    examples: Vec<Example>,
    folds: Folds,
    articles: usize,
    /// Labelled counts that do not fill the table, as when an absence is overlooked: these no model can find.
    impossible: usize,
}

/// A vote whose count is labelled, with the features by number.
#[derive(Debug)]
struct Example {
    article: usize,
    candidates: Candidates<Vec<usize>>,
    right: usize,
}

impl Tallies {
    /// Adds those votes of an article, by its text, whose count the labels give in full.
    pub fn add(&mut self, text: &str, votes: &[CountExample], gold: &GoldArticle) {
        self.folds.add(text);
        let mut labels: Vec<&GoldAction> = gold.actions.iter().filter(|a| is_vote(a)).collect();
        for vote in votes {
            let likeness = |at: &usize| likeness(vote, labels[*at]);
            let nearest = (0..labels.len()).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            let Some(label) = nearest.filter(|at| likeness(at) >= SAME) else { continue };
            let label = labels.remove(label);
            if let Some(split) = split(label).filter(|_| !label.is_optional()) {
                self.add_vote(vote, split);
            }
        }
        self.articles += 1;
    }

    fn add_vote(&mut self, vote: &CountExample, split: [u8; 3]) {
        let candidates = &vote.candidates;
        let Some(right) = candidates.splits.iter().position(|(known, _)| *known == split) else {
            self.impossible += 1;
            return;
        };
        let mut ids = |features: &Features| self.names.ids(features);
        let parts = candidates.parts.each_ref().map(|part| part.iter().map(&mut ids).collect());
        let splits = candidates.splits.iter().map(|(split, joint)| (*split, ids(joint))).collect();
        let candidates = Candidates { parts, splits };
        self.examples.push(Example { article: self.articles, candidates, right });
    }

    /// Votes whose count a model finds that has not seen their article, of so many.
    pub fn cross_validate(&self, folds: usize) -> (usize, usize) {
        let of_article = self.folds.assign(folds);
        let mut found = 0;
        for fold in 0..folds {
            let weights = self.fit(|example| of_article[example.article] != fold);
            let unseen = self.examples.iter().filter(|e| of_article[e.article] == fold);
            found += unseen.filter(|e| e.likeliest(&weights) == Some(e.right)).count();
        }
        (found, self.examples.len() + self.impossible)
    }

    /// The model file, fitted on all.
    pub fn table(&self) -> String {
        table(COUNTS, &self.names.with(self.fit(|_| true)))
    }

    fn fit(&self, taught: impl Fn(&Example) -> bool) -> Vec<[f64; 1]> {
        let examples: Vec<&Example> = self.examples.iter().filter(|e| taught(e)).collect();
        let mut votes = vec![0usize; self.names.len()];
        for example in &examples {
            let mut met: Vec<usize> = example.features().collect();
            met.sort_unstable();
            met.dedup();
            for feature in met {
                votes[feature] += 1;
            }
        }
        let wanted: Vec<bool> = votes.iter().map(|count| *count >= MIN_COUNT).collect();
        DESCENT.fit(&wanted, |weights, slopes| {
            for example in &examples {
                example.add_slopes(weights, slopes);
            }
        })
    }
}

impl Example {
    fn features(&self) -> impl Iterator<Item = usize> {
        let Candidates { parts, splits } = &self.candidates;
        let numbers = parts.iter().flatten().flatten();
        numbers.chain(splits.iter().flat_map(|(_, joint)| joint)).copied()
    }

    fn probabilities(&self, weights: &[[f64; 1]]) -> Vec<f64> {
        self.candidates.probabilities(|features| features.iter().map(|f| weights[*f][0]).sum())
    }

    fn likeliest(&self, weights: &[[f64; 1]]) -> Option<usize> {
        let probabilities = self.probabilities(weights);
        (0..probabilities.len()).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))
    }

    fn add_slopes(&self, weights: &[[f64; 1]], slopes: &mut [[f64; 1]]) {
        for (at, probability) in self.probabilities(weights).into_iter().enumerate() {
            let slope = probability - if at == self.right { 1.0 } else { 0.0 };
            let (split, joint) = &self.candidates.splits[at];
            let numbers = (0..3).flat_map(|part| &self.candidates.parts[part][usize::from(split[part])]);
            for feature in numbers.chain(joint) {
                slopes[*feature][0] += slope;
            }
        }
    }
}

fn is_vote(action: &GoldAction) -> bool {
    action.action == "vote" && matches!(action.status.as_deref(), Some("done" | "past"))
}

/// A count that the label gives in full.
fn split(label: &GoldAction) -> Option<[u8; 3]> {
    let tally = label.tally.as_ref()?;
    let number = |key: &str| tally.get(key).copied().flatten().and_then(|n| u8::try_from(n).ok());
    Some([number("for")?, number("against")?, number("abstain")?])
}

/// Least likeness of a vote that is the labelled one: words or voters in common, not time and outcome alone.
const SAME: f64 = 2.0;

/// How much speaks for a vote to be the labelled one: the words that tell it, its voters, when it was, how it ended.
fn likeness(vote: &CountExample, label: &GoldAction) -> f64 {
    let clause = label.clause.as_deref().unwrap_or_default();
    let tells =
        |words: &String| !clause.is_empty() && (words.contains(clause) || clause.contains(words.as_str()));
    let cast = label.cast.iter().flatten();
    let alike = cast.filter(|(code, position)| {
        vote.cast.iter().any(|(known, p)| **known == ***code && name_of(*p) == position.as_str())
    });
    let outcome = match vote.outcome {
        Outcome::Adopted => "adopted",
        Outcome::Failed => "failed",
        Outcome::Vetoed => "vetoed",
        Outcome::Unknown => "unknown",
    };
    let yes = |holds: bool| f64::from(u8::from(holds));
    2.0 * yes(vote.words.iter().any(tells))
        + 0.3 * alike.count() as f64
        + 0.9 * yes(vote.past == (label.status.as_deref() == Some("past")))
        + 0.9 * yes(label.outcome.as_deref() == Some(outcome))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::weighing::Candidates;

    fn named(name: &str) -> Features {
        let mut features = Features::new(true);
        features.add(format_args!("{name}"));
        features
    }

    /// A vote in which one number of those in favour is told.
    fn vote(told: u8) -> CountExample {
        let of_number = |n: u8| named(if n == told { "told" } else { "untold" });
        let yes = (0..=15).map(of_number).collect();
        let silent = || (0..=15).map(|_| named("silent")).collect();
        let splits = (0..=15).map(|yes| ([yes, 15 - yes, 0], named("joint"))).collect();
        CountExample {
            words: vec![format!("The hands were {told}.")],
            past: false,
            outcome: Outcome::Adopted,
            cast: std::collections::BTreeMap::new(),
            candidates: Candidates { parts: [yes, silent(), silent()], splits },
        }
    }

    fn labels(id: &str, yes: u8) -> GoldArticle {
        let label = serde_json::json!({
            "id": id, "stances": [], "actions": [{
                "action": "vote", "status": "done", "outcome": if yes < 9 { "failed" } else { "adopted" }, "where": format!("The hands were {yes}."),
                "tally": {"for": yes, "against": 15 - yes, "abstain": 0},
            }],
        });
        serde_json::from_value(label).expect("labels")
    }

    #[test]
    fn the_number_that_is_told_is_learnt() {
        let mut tallies = Tallies::default();
        for yes in 9..=15 {
            tallies.add(&format!("{yes} told"), &[vote(yes)], &labels("x", yes));
            tallies.add(&format!("{yes} not told"), &[vote(yes)], &labels("x", 3));
        }
        let (right, all) = tallies.cross_validate(3);
        assert_eq!((right, all), (7, 7), "what is labelled of another vote teaches nothing");
    }
}
