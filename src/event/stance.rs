//! A stance as published.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    discourse::{Attribution, When},
    stances::{Class, Quoted, Stance, StanceStatus},
    text::Document,
};

use super::{ActorRef, AnalyserRef, ArticleRef, Evidence, coding, identity, three_digits};

/// One holder, one class, one target: a position that an article reports.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Stance event")]
pub struct StanceEvent {
    /// The finding in its article: stays the same through corrections, replays and releases.
    pub event_id: String,
    /// The finding in any article; `null` where the date is not sure to the day.
    pub happening_id: Option<String>,
    #[schemars(extend("const" = "stance"))]
    pub kind: &'static str,
    /// Shared by the stances that one clause states.
    pub clause: u32,
    pub class: Class,
    /// 1 friendly, -1 hostile, 0 neither.
    #[schemars(range(min = -1, max = 1))]
    pub polarity: i8,
    pub plover: Option<&'static str>,
    pub cameo: &'static str,
    pub holder: ActorRef,
    pub target: ActorRef,
    /// The words that name what it is about.
    pub topic: Option<Quoted>,
    pub status: StanceStatus,
    pub time: When,
    /// Calibrated probability that a careful reader agrees.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    pub evidence: Evidence,
    pub attribution: Attribution,
    pub article: ArticleRef,
    pub analyser: AnalyserRef,
}

impl StanceEvent {
    pub(super) fn new(
        stance: &Stance,
        document: &Document,
        article: &ArticleRef,
        analyser: &AnalyserRef,
    ) -> Self {
        let coding = coding(stance.class);
        Self {
            event_id: identity::stance_id(&article.id, stance),
            happening_id: identity::stance_happening(stance),
            kind: "stance",
            clause: stance.clause,
            class: stance.class,
            polarity: coding.polarity,
            plover: coding.plover,
            cameo: coding.cameo,
            holder: (&stance.holder).into(),
            target: (&stance.target).into(),
            topic: stance.topic.clone(),
            status: stance.status,
            time: stance.when.clone(),
            confidence: three_digits(stance.confidence),
            evidence: Evidence::new(&stance.evidence, &stance.triggers, &stance.rule, document),
            attribution: stance.attribution.clone(),
            article: article.clone(),
            analyser: analyser.clone(),
        }
    }
}
