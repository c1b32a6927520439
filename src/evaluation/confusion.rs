//! Which class is taken for which, where holder and target are right.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Found, Gold, levels::Level};

/// Counts of (class of the label, class found); `-` stands for none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    pub counts: BTreeMap<(String, String), usize>,
}

/// In place of a class where label or finding has no counterpart.
pub(super) const NONE: &str = "-";

impl Confusion {
    /// Labels and findings of the same holder and target in the same article, each class once; those
    /// with the same class go together first. Optional labels count where they were found, as found.
    pub fn of(gold: &Gold, found: &Found) -> Self {
        let mut confusion = Self::default();
        for article in &gold.articles {
            let keys = Level::Class.keys(article, found);
            let mut wrong: Vec<_> = keys.found.difference(&keys.allowed).collect();
            for (holder, class, target) in &keys.required {
                let same_pair = wrong.iter().position(|(h, _, t)| h == holder && t == target);
                let taken_for = if keys.found.contains(&(holder.clone(), class.clone(), target.clone())) {
                    class.as_str()
                } else {
                    same_pair.map_or(NONE, |i| wrong.swap_remove(i).1.as_str())
                };
                confusion.count(class, taken_for);
            }
            for (_, class, _) in wrong {
                confusion.count(NONE, class);
            }
        }
        confusion
    }

    /// `{label: {found: count}}`
    pub fn to_json(&self) -> Value {
        let mut rows = Map::new();
        for ((label, found), count) in &self.counts {
            rows.entry(label).or_insert_with(|| json!({}))[found] = json!(count);
        }
        Value::Object(rows)
    }

    fn count(&mut self, label: &str, found: &str) {
        *self.counts.entry((label.to_owned(), found.to_owned())).or_default() += 1;
    }
}
