//! Whether a confidence of 0.9 is right nine times in ten, and what a threshold buys.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Figures, Found, Gold, Level, Share, figures::rounded};

/// Findings of similar confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    pub mean_confidence: f64,
    /// How many of the bin's findings are right.
    pub right: Share,
}

impl Bin {
    /// `{low, high, mean, ok, of}`, the mean confidence to three digits.
    pub fn to_json(self) -> Value {
        let mean = rounded(self.mean_confidence, 3);
        json!({"low": self.low, "high": self.high, "mean": mean, "ok": self.right.right, "of": self.right.of})
    }
}

/// The class level with only the findings that are at least that sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    pub confidence: f64,
    pub figures: Figures,
}

/// Five bins of equal width over the stances, those that match an optional label left out.
pub fn reliability(gold: &Gold, found: &Found) -> [Bin; 5] {
    let mut bins: [Bin; 5] =
        std::array::from_fn(|i| Bin { low: i as f64 / 5.0, high: (i + 1) as f64 / 5.0, ..Bin::default() });
    for (confidence, right) in judged(gold, found) {
        let bin = &mut bins[((confidence * 5.0) as usize).min(4)];
        bin.mean_confidence += confidence;
        bin.right.count(right);
    }
    for bin in &mut bins {
        bin.mean_confidence /= (bin.right.of as f64).max(1.0);
    }
    bins
}

/// Confidence of each found key, and whether it is right.
fn judged(gold: &Gold, found: &Found) -> Vec<(f64, bool)> {
    let mut judged = Vec::new();
    for article in &gold.articles {
        let keys = Level::Class.keys(article, found);
        let mut sure = BTreeMap::new();
        for (event, stance) in found.stances(&article.id) {
            let key = Level::Class.key(&stance.holder, &stance.class, &stance.target);
            let most = sure.entry(key).or_insert(event.confidence);
            *most = most.max(event.confidence);
        }
        let is_required = |key: &_| keys.required.contains(key);
        judged.extend(sure.into_iter().filter_map(|(key, confidence)| {
            let key = key?;
            (is_required(&key) || !keys.allowed.contains(&key)).then(|| (confidence, is_required(&key)))
        }));
    }
    judged
}

/// From 0 to 0.9 in tenths.
pub fn thresholds(gold: &Gold, found: &Found) -> Vec<Threshold> {
    (0..10)
        .map(|tenth| {
            let confidence = f64::from(tenth) / 10.0;
            Threshold { confidence, figures: Level::Class.figures(gold, &found.at_least(confidence)) }
        })
        .collect()
}
