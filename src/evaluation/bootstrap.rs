//! How far a figure would move with other articles of the same kind.

use super::{Figures, Found, Gold, Level};
use crate::random::Random;

const RESAMPLES: usize = 1000;

/// Where 95 of 100 resamples lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Bootstrap interval of F1 over articles, the same on every run; none without articles.
pub fn f1_interval(level: Level, gold: &Gold, found: &Found) -> Option<Interval> {
    let articles: Vec<Figures> =
        gold.articles.iter().map(|article| level.of_article(article, found)).collect();
    if articles.is_empty() {
        return None;
    }
    let mut random = Random(0x6465_6d61_7263_6865);
    let mut sampled: Vec<f64> = (0..RESAMPLES)
        .map(|_| (0..articles.len()).map(|_| articles[random.below(articles.len())]).sum::<Figures>().f1())
        .collect();
    sampled.sort_by(f64::total_cmp);
    Some(Interval { low: sampled[RESAMPLES * 25 / 1000], high: sampled[RESAMPLES * 975 / 1000 - 1] })
}
