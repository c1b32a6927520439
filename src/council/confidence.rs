//! How sure an action is: the share of its like that were right on labelled articles.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ActionKind, ActionStatus, CouncilAction, Outcome, TallyBasis};
use crate::data::{Data, DataError};

const FILE: &str = "council/confidence.toml";

/// Counts by the kind and completeness of an action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confidence {
    counts: BTreeMap<String, Count>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    right: u32,
    of: u32,
}

impl Confidence {
    /// # Errors
    /// The file is missing or has another shape.
    pub(super) fn load(data: &Data) -> Result<Self, DataError> {
        data.toml(FILE)
    }

    /// Between never and always by the rule of succession: no count, one half.
    pub(super) fn of(&self, action: &CouncilAction) -> f64 {
        let Count { right, of } = self.counts.get(like(action)).copied().unwrap_or(Count { right: 0, of: 0 });
        f64::from(right + 1) / f64::from(of + 2)
    }
}

/// Whether the article tells of a count, in whatever way, that no model had to weigh.
fn is_counted(action: &CouncilAction) -> bool {
    action.tally.in_favour.is_some() && action.tally_basis != Some(TallyBasis::Weighed)
}

/// The kind of action, and how much is told of it.
pub(super) fn like(action: &CouncilAction) -> &'static str {
    let past = action.status == ActionStatus::Past;
    if action.rule.ends_with("/weighed") {
        return "weighed";
    }
    match action.action {
        ActionKind::Vote if action.outcome == Some(Outcome::Unknown) => "vote_to_come",
        ActionKind::Vote if past => "vote_past",
        ActionKind::Vote if action.checks.iter().any(|c| !c.passed) => "vote_in_conflict",
        ActionKind::Vote if is_counted(action) && !action.cast.is_empty() => "vote_counted",
        ActionKind::Vote => "vote",
        ActionKind::Draft => "draft",
        ActionKind::Meeting if action.form.is_some() && !action.requested_by.is_empty() => {
            "meeting_requested"
        }
        ActionKind::Meeting if action.form.is_some() || !action.requested_by.is_empty() => {
            "meeting_of_a_form"
        }
        ActionKind::Meeting => "meeting",
        ActionKind::Statement if action.form.is_some() => "statement_of_a_form",
        ActionKind::Statement => "statement",
        ActionKind::Measure if past => "measure_past",
        ActionKind::Measure if action.draft.resolution.is_some() => "measure_numbered",
        ActionKind::Measure => "measure",
    }
}
