//! How far a figure would move with other articles of the same kind.

use super::{Figures, Found, Gold, Level};

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
    let mut random = SplitMix(0x6465_6d61_7263_6865);
    let mut sampled: Vec<f64> = (0..RESAMPLES)
        .map(|_| (0..articles.len()).map(|_| articles[random.below(articles.len())]).sum::<Figures>().f1())
        .collect();
    sampled.sort_by(f64::total_cmp);
    Some(Interval { low: sampled[RESAMPLES * 25 / 1000], high: sampled[RESAMPLES * 975 / 1000 - 1] })
}

/// The generator `SplitMix64` (Steele, Lea, Flood 2014): small, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}
