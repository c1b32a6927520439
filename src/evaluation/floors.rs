//! Floors under the figures: a change that drops below one fails.

use std::str::FromStr;

use serde_json::Value;

use super::{Scores, parse_share};

/// `F1=0.7` (class level), `accusation.p=0.9`, `tally=0.8`.
#[derive(Debug, Clone, PartialEq)]
pub struct Floor {
    /// Key of the scores, `class`, `council action` ...
    section: String,
    /// `p`, `r`, `f1`; for shares, `share`.
    figure: String,
    value: f64,
}

/// A floor that is written wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FloorFault {
    #[error(
        "`{0}` is no floor: write FIGURE=NUMBER, the number from 0 to 1, as in F1=0.7, accusation.p=0.9 or tally=0.8"
    )]
    Form(String),
    #[error(
        "there is no figure `{0}`: known are p, r, f1 of class, polarity, pair, holder+class, accusation, council action, roll-call, sponsors; and status, date, evidence, tally"
    )]
    Unknown(String),
}

impl FromStr for Floor {
    type Err = FloorFault;

    fn from_str(text: &str) -> Result<Self, FloorFault> {
        let form = || FloorFault::Form(text.to_owned());
        let (name, value) = text.rsplit_once('=').ok_or_else(form)?;
        let value = parse_share(value).map_err(|_| form())?;
        let name = name.trim().to_lowercase();
        let (section, figure) = match name.rsplit_once('.') {
            Some((section, figure)) => (section.to_owned(), figure.to_owned()),
            None if ["p", "r", "f1"].contains(&&*name) => ("class".to_owned(), name),
            None => (name, "share".to_owned()),
        };
        let floor = Self { section, figure, value };
        floor.reached(&Scores::default()).ok_or_else(|| FloorFault::Unknown(text.to_owned()))?;
        Ok(floor)
    }
}

impl Floor {
    /// What is wrong, in words; none where the figure is high enough. Compared as printed, to three digits.
    pub fn fault(&self, scores: &Scores) -> Option<String> {
        let reached = self.reached(scores)?;
        let Self { section, figure, value } = self;
        (reached < *value).then(|| format!("{section} {figure} is {reached:.3}, below the floor {value:.3}"))
    }

    fn reached(&self, scores: &Scores) -> Option<f64> {
        let section = scores.to_json().get(&self.section)?.clone();
        if self.figure != "share" {
            return ["p", "r", "f1"]
                .contains(&&*self.figure)
                .then(|| section.get(&self.figure)?.as_f64())
                .flatten();
        }
        let (right, of) =
            (section.get("ok").and_then(Value::as_f64)?, section.get("of").and_then(Value::as_f64)?);
        Some(if of > 0.0 { super::figures::rounded(right / of, 3) } else { 0.0 })
    }
}
