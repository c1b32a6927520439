//! Features by number: what a fit counts and weighs.

use rustc_hash::FxHashMap;

use crate::features::Features;

/// Names of features, numbered as they are met.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<String>,
    index: FxHashMap<String, usize>,
}

impl Names {
    /// The numbers of an example's features, which must be kept by name.
    pub(super) fn ids(&mut self, features: &Features) -> Vec<usize> {
        features.names.as_deref().unwrap_or_default().iter().map(|name| self.id(name)).collect()
    }

    fn id(&mut self, name: &str) -> usize {
        if let Some(id) = self.index.get(name) {
            return *id;
        }
        self.index.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Each name with its weights.
    pub(super) fn with<const N: usize>(&self, weights: Vec<[f64; N]>) -> Vec<(String, [f64; N])> {
        self.names.iter().cloned().zip(weights).collect()
    }
}
