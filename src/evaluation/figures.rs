//! Counts, and the shares made of them.

use std::{collections::BTreeSet, iter::Sum, ops::AddAssign};

use serde_json::{Value, json};

/// How many were found rightly, wrongly, and not at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
}

impl Figures {
    /// What is `required` must be found; what is `allowed`, which contains it, may be; the rest is wrong.
    pub fn of_sets<T: Ord>(found: &BTreeSet<T>, required: &BTreeSet<T>, allowed: &BTreeSet<T>) -> Self {
        Self {
            right: required.intersection(found).count(),
            wrong: found.difference(allowed).count(),
            missed: required.difference(found).count(),
        }
    }

    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }

    /// `{p, r, f1, tp, fp, fn}`, shares to three digits.
    pub fn to_json(self) -> Value {
        json!({
            "p": rounded(self.precision(), 3),
            "r": rounded(self.recall(), 3),
            "f1": rounded(self.f1(), 3),
            "tp": self.right,
            "fp": self.wrong,
            "fn": self.missed,
        })
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}

/// How many of those that were looked at are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub right: usize,
    pub of: usize,
}

impl Share {
    pub fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    pub fn value(&self) -> f64 {
        share(self.right, self.of)
    }

    /// `{ok, of}`
    pub fn to_json(self) -> Value {
        json!({"ok": self.right, "of": self.of})
    }
}

/// A text that is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to 1")]
pub struct ShareFault;

/// A confidence or a figure as people write it; neither NaN nor a percentage.
pub fn parse_share(text: &str) -> Result<f64, ShareFault> {
    text.trim().parse().ok().filter(|number| (0.0..=1.0).contains(number)).ok_or(ShareFault)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Correctly rounded from the binary value, ties to even, as `score.py` does.
pub(super) fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}
