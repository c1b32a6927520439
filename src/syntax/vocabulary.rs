//! The words that a model was trained on often enough to trust, each with its cluster.

use rustc_hash::FxHashMap;

/// Hashes of words with their cluster; cluster 0 is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    clusters: FxHashMap<u32, u16>,
}

impl Vocabulary {
    pub(crate) fn new(entries: impl IntoIterator<Item = (u32, u16)>) -> Self {
        Self { clusters: entries.into_iter().collect() }
    }

    /// The cluster of a word by its hash ([`super::words::key`]); `None` where the word is unknown.
    pub(crate) fn cluster(&self, hash: u64) -> Option<u16> {
        self.clusters.get(&short(hash)).copied()
    }

    /// Sorted by hash.
    pub(crate) fn entries(&self) -> Vec<(u32, u16)> {
        let mut entries: Vec<_> = self.clusters.iter().map(|(h, c)| (*h, *c)).collect();
        entries.sort_unstable();
        entries
    }
}

/// The part of a word's hash that the vocabulary keeps.
pub(crate) fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}
