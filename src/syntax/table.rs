//! Weights of a linear classifier: rows by feature hash, columns by class, eight bits each.

use super::hashing::Features;

/// A power of two of rows, `C` classes wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table<const C: usize> {
    rows: Vec<[i8; C]>,
}

impl<const C: usize> Table<C> {
    /// `None` unless the rows are a power of two.
    pub(crate) fn new(rows: Vec<[i8; C]>) -> Option<Self> {
        rows.len().is_power_of_two().then_some(Self { rows })
    }

    pub(crate) fn rows(&self) -> &[[i8; C]] {
        &self.rows
    }

    /// The same with columns of zeros at the end.
    pub(crate) fn padded<const WIDER: usize>(&self) -> Table<WIDER> {
        let wider = |row: &[i8; C]| std::array::from_fn(|c| row.get(c).copied().unwrap_or(0));
        Table { rows: self.rows.iter().map(wider).collect() }
    }

    pub(crate) fn scores(&self, features: &Features) -> [i32; C] {
        let mask = self.rows.len() - 1;
        let mut scores = [0i16; C];
        for hash in &features.hashes {
            let row = &self.rows[row_of(*hash, mask)];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += i16::from(*weight);
            }
        }
        scores.map(i32::from)
    }
}

/// Row of a feature: the upper half of a product carries the most mixing.
pub(crate) fn row_of(hash: u64, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

/// The best class among those allowed, the first of equals.
pub(crate) fn best<const C: usize>(scores: &[i32; C], allowed: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best = None;
    for (class, score) in scores.iter().enumerate() {
        if allowed(class) && best.is_none_or(|(_, s)| *score > s) {
            best = Some((class, *score));
        }
    }
    best.map(|(class, _)| class)
}
