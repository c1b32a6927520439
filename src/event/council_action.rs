//! An action of the UN Security Council as published.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    actors::Code,
    council::{
        ActionKind, ActionStatus, Check, CouncilAction, Draft, Form, Outcome, Position, Tally, TallyBasis,
    },
    discourse::When,
    stances::Quoted,
    text::Document,
};

use super::{AnalyserRef, ArticleRef, Evidence, identity, three_digits};

/// What the Security Council, or a member acting in it, does with a text or a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Council-action event")]
pub struct CouncilActionEvent {
    /// The finding in its article: stays the same through corrections, replays and releases.
    pub event_id: String,
    /// The finding in any article: by its symbol, else by outcome and day; `null` where neither is known.
    pub happening_id: Option<String>,
    #[schemars(extend("const" = "council_action"))]
    pub kind: &'static str,
    pub action: ActionKind,
    /// The words that name what it is about.
    pub subject: Option<Quoted>,
    pub outcome: Option<Outcome>,
    pub status: ActionStatus,
    pub time: When,
    /// Country to position, for the countries whose vote the article tells.
    pub cast: BTreeMap<Code, Position>,
    pub tally: Tally,
    /// Whether the article states the tally, it was counted or inferred from the roll-call, or weighed by a model of numbers, names and
    /// outcome.
    pub tally_basis: Option<TallyBasis>,
    /// Permanent members whose no made the veto.
    pub vetoed_by: Vec<Code>,
    pub draft: Draft,
    pub form: Option<Form>,
    pub requested_by: Vec<Code>,
    pub blocked_by: Vec<Code>,
    pub measure: Option<String>,
    /// The Council's rules that were tested on this finding.
    pub checks: Vec<Check>,
    /// Calibrated probability that a careful reader agrees.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    pub evidence: Evidence,
    pub article: ArticleRef,
    pub analyser: AnalyserRef,
}

impl CouncilActionEvent {
    /// `ordinal`: see [`identity::action_id`].
    pub(super) fn new(
        action: &CouncilAction,
        ordinal: usize,
        document: &Document,
        article: &ArticleRef,
        analyser: &AnalyserRef,
    ) -> Self {
        Self {
            event_id: identity::action_id(&article.id, action, ordinal),
            happening_id: identity::action_happening(action),
            kind: "council_action",
            action: action.action,
            subject: action.subject.clone(),
            outcome: action.outcome,
            status: action.status,
            time: action.when.clone(),
            cast: action.cast.clone(),
            tally: action.tally,
            tally_basis: action.tally_basis,
            vetoed_by: action.vetoed_by.clone(),
            draft: action.draft.clone(),
            form: action.form,
            requested_by: action.requested_by.clone(),
            blocked_by: action.blocked_by.clone(),
            measure: action.measure.clone(),
            checks: action.checks.clone(),
            confidence: three_digits(action.confidence),
            evidence: Evidence::new(&action.evidence, &action.triggers, &action.rule, document),
            article: article.clone(),
            analyser: analyser.clone(),
        }
    }
}
