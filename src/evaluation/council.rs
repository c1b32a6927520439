//! Council actions: matched one to one, then their roll-calls, sponsors and tallies.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Figures, Found, FoundAction, FoundEvent, Gold, GoldAction, Share};

/// Over all labelled articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CouncilScores {
    pub actions: Figures,
    /// `(country, position)` of the matched actions.
    pub roll_call: Figures,
    pub sponsors: Figures,
    /// Where the label has the votes in favour.
    pub tally: Share,
}

impl CouncilScores {
    pub fn of(gold: &Gold, found: &Found) -> Self {
        let mut scores = Self::default();
        for article in &gold.articles {
            let matching = Matching::of(&article.actions, found.actions(&article.id));
            matching.pairs.iter().for_each(|(_, action, label)| scores.count_pair(action, *label));
            matching
                .missed
                .iter()
                .filter(|label| !label.is_optional())
                .for_each(|label| scores.count_missed(label));
        }
        scores
    }

    fn count_pair(&mut self, action: &FoundAction, label: Option<&GoldAction>) {
        let Some(label) = label else {
            self.actions.wrong += 1;
            return;
        };
        if label.is_optional() {
            return;
        }
        if is_right(label, action) {
            self.actions.right += 1;
        } else {
            self.actions.wrong += 1;
            self.actions.missed += 1;
        }
        self.roll_call += exact(&cast_of(action), &gold_cast(label));
        self.sponsors += exact(&sponsors_of(action), &gold_sponsors(label));
        self.count_tally(label, action);
    }

    fn count_tally(&mut self, label: &GoldAction, action: &FoundAction) {
        let stated = |key: &str| label.tally.as_ref().and_then(|tally| tally.get(key).copied().flatten());
        let found = |key: &str| action.tally.get(key).copied().flatten();
        if stated("for").is_some() {
            let keys = ["for", "against", "abstain"];
            self.tally.count(keys.iter().all(|key| stated(key).is_none() || stated(key) == found(key)));
        }
    }

    fn count_missed(&mut self, label: &GoldAction) {
        self.actions.missed += 1;
        self.roll_call.missed += label.cast.as_ref().map_or(0, std::collections::BTreeMap::len);
        self.sponsors.missed += label.sponsors.as_ref().map_or(0, Vec::len);
    }
}

/// Which found action tells which labelled one.
pub(super) struct Matching<'a> {
    /// Every found action, with its label if it has one.
    pub pairs: Vec<(&'a FoundEvent, &'a FoundAction, Option<&'a GoldAction>)>,
    pub missed: Vec<&'a GoldAction>,
}

impl<'a> Matching<'a> {
    /// Greedily, in the order of the events: each takes the label that it is most like.
    pub(super) fn of(
        labels: &'a [GoldAction],
        found: impl Iterator<Item = (&'a FoundEvent, &'a FoundAction)>,
    ) -> Self {
        let mut missed: Vec<&GoldAction> = labels.iter().collect();
        let pairs = found
            .map(|(event, action)| {
                let best = best_match(&missed, event, action);
                (event, action, best.map(|i| missed.remove(i)))
            })
            .collect();
        Self { pairs, missed }
    }
}

/// The first of the most similar labels.
fn best_match(labels: &[&GoldAction], event: &FoundEvent, action: &FoundAction) -> Option<usize> {
    let similar = labels.iter().enumerate().filter(|(_, label)| label.action == action.action);
    let rated = similar.map(|(i, label)| (i, likeness(label, event, action)));
    rated
        .reduce(|best, next| if next.1.total_cmp(&best.1) == Ordering::Greater { next } else { best })
        .map(|(i, _)| i)
}

/// By outcome and roll-call of a vote, by sponsors, by date.
fn likeness(label: &GoldAction, event: &FoundEvent, action: &FoundAction) -> f64 {
    let mut likeness = 1.0;
    if label.action == "vote" {
        let shared = gold_cast(label).intersection(&cast_of(action)).count();
        likeness += 2.0 * f64::from(u8::from(label.outcome == action.outcome)) + 0.1 * shared as f64;
    }
    if !gold_sponsors(label).is_disjoint(&sponsors_of(action)) {
        likeness += 0.5;
    }
    if label.date.is_some() && label.date == event.date { likeness + 0.3 } else { likeness }
}

/// A vote is right only with its outcome.
pub(super) fn is_right(label: &GoldAction, action: &FoundAction) -> bool {
    label.action != "vote" || label.outcome == action.outcome
}

/// What is not labelled is wrong.
fn exact<T: Ord>(found: &BTreeSet<T>, labelled: &BTreeSet<T>) -> Figures {
    Figures::of_sets(found, labelled, labelled)
}

fn gold_cast(label: &GoldAction) -> BTreeSet<(&str, &str)> {
    label.cast.iter().flatten().map(|(country, position)| (country.as_str(), position.as_str())).collect()
}

fn cast_of(action: &FoundAction) -> BTreeSet<(&str, &str)> {
    action.cast.iter().map(|(country, position)| (country.as_str(), position.as_str())).collect()
}

fn gold_sponsors(label: &GoldAction) -> BTreeSet<&str> {
    label.sponsors.iter().flatten().map(String::as_str).collect()
}

fn sponsors_of(action: &FoundAction) -> BTreeSet<&str> {
    action.sponsors.iter().map(String::as_str).collect()
}
