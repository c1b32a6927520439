//! Averaged perceptron over hashed features, in whole numbers: every machine learns the same.

use crate::syntax::{Features, Table, row_of};

/// Weights while they are learned.
pub(super) struct Perceptron<const C: usize> {
    weights: Vec<[i32; C]>,
    /// Each change times the step at which it was made: gives the average without keeping it.
    sums: Vec<[i64; C]>,
    step: i64,
}

impl<const C: usize> Perceptron<C> {
    pub(super) fn new(bits: u32) -> Self {
        let rows = 1 << bits;
        Self { weights: vec![[0; C]; rows], sums: vec![[0; C]; rows], step: 1 }
    }

    pub(super) fn scores(&self, features: &Features) -> [i32; C] {
        let mask = self.weights.len() - 1;
        let mut scores = [0; C];
        for hash in &features.hashes {
            for (score, weight) in scores.iter_mut().zip(&self.weights[row_of(*hash, mask)]) {
                *score += weight;
            }
        }
        scores
    }

    /// One decision was looked at; where `right` and `wrong` differ, the weights move.
    pub(super) fn learn(&mut self, features: &Features, right: usize, wrong: usize) {
        self.step += 1;
        if right == wrong {
            return;
        }
        let mask = self.weights.len() - 1;
        for hash in &features.hashes {
            let row = row_of(*hash, mask);
            self.weights[row][right] += 1;
            self.weights[row][wrong] -= 1;
            self.sums[row][right] += self.step;
            self.sums[row][wrong] -= self.step;
        }
    }

    /// Weights averaged over all steps.
    pub(super) fn average(&self) -> Vec<[f64; C]> {
        let steps = self.step as f64;
        let row = |(weights, sums): (&[i32; C], &[i64; C])| {
            std::array::from_fn(|c| f64::from(weights[c]) - sums[c] as f64 / steps)
        };
        self.weights.iter().zip(&self.sums).map(row).collect()
    }
}

/// The mean of several runs, in eight bits: one in ten thousand of the weights is cut at the ends, and
/// the smallest are left out, which costs no accuracy and lets the file pack better.
pub(super) fn quantise<const C: usize>(runs: &[Vec<[f64; C]>]) -> Table<C> {
    let rows = runs.first().map_or(1, Vec::len);
    let sum = |row: usize| std::array::from_fn(|c| runs.iter().map(|run| run[row][c]).sum());
    let sums: Vec<[f64; C]> = if runs.is_empty() { vec![[0.0; C]] } else { (0..rows).map(sum).collect() };
    let mut sizes: Vec<f64> = sums.iter().flatten().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 10_000)).copied().unwrap_or(1.0);
    let eight = |w: f64| match (w / largest * 127.0).round().clamp(-127.0, 127.0) as i8 {
        -1..=1 => 0,
        weight => weight,
    };
    match Table::new(sums.iter().map(|row| row.map(eight)).collect()) {
        Some(table) => table,
        None => unreachable!("perceptrons have a power of two of rows"),
    }
}
