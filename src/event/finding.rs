//! The findings of an article as events, each told once.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    analysis::Analysis,
    article::Article,
    council::{ActionKind, CouncilAction, Outcome},
};

use super::{AnalyserRef, ArticleRef, CouncilActionEvent, StanceEvent, coding, identity};

/// One finding of either kind.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Event {
    Stance(Box<StanceEvent>),
    CouncilAction(Box<CouncilActionEvent>),
}

impl Event {
    pub fn event_id(&self) -> &str {
        match self {
            Self::Stance(event) => &event.event_id,
            Self::CouncilAction(event) => &event.event_id,
        }
    }

    /// `stance` or `council_action`, and its class or action as published: for metrics.
    pub fn kind_and_class(&self) -> (&'static str, &'static str) {
        match self {
            Self::Stance(event) => (event.kind, coding(event.class).name),
            Self::CouncilAction(event) => (event.kind, identity::action_name(event.action)),
        }
    }
}

/// The events of an article that was read: stances first, each kind in the analysis' order.
///
/// A finding that the article tells twice is one event: as the most confident telling has it, with
/// the evidence of the first.
pub fn findings(article: &Article, analysis: &Analysis, analyser: &AnalyserRef) -> Vec<Event> {
    let article = ArticleRef::new(article, Some(&analysis.language));
    let stances =
        stances(analysis, &article, analyser).into_iter().map(|event| Event::Stance(Box::new(event)));
    let actions =
        actions(analysis, &article, analyser).into_iter().map(|event| Event::CouncilAction(Box::new(event)));
    stances.chain(actions).collect()
}

fn stances(analysis: &Analysis, article: &ArticleRef, analyser: &AnalyserRef) -> Vec<StanceEvent> {
    let mut events: Vec<StanceEvent> = Vec::new();
    for stance in &analysis.stances {
        let told = StanceEvent::new(stance, &analysis.document, article, analyser);
        match events.iter_mut().find(|event| event.event_id == told.event_id) {
            None => events.push(told),
            Some(first) if told.confidence > first.confidence => {
                let (clause, evidence) = (first.clause, first.evidence.clone());
                *first = StanceEvent { clause, evidence, ..told };
            }
            Some(_) => {}
        }
    }
    events
}

fn actions(analysis: &Analysis, article: &ArticleRef, analyser: &AnalyserRef) -> Vec<CouncilActionEvent> {
    let mut events: Vec<CouncilActionEvent> = Vec::new();
    let mut ordinals = Ordinals::default();
    for action in &analysis.actions {
        let ordinal = ordinals.of(action);
        let told = CouncilActionEvent::new(action, ordinal, &analysis.document, article, analyser);
        match events.iter_mut().find(|event| event.event_id == told.event_id) {
            None => events.push(told),
            Some(first) if told.confidence > first.confidence => {
                let evidence = first.evidence.clone();
                *first = CouncilActionEvent { evidence, ..told };
            }
            Some(_) => {}
        }
    }
    events
}

/// Counts the actions of an article that symbol or date alone does not tell apart.
#[derive(Default)]
struct Ordinals<'a> {
    seen: Vec<Known<'a>>,
}

struct Known<'a> {
    /// Symbol, else date.
    place: (ActionKind, Result<&'a str, Option<jiff::civil::Date>>),
    /// What makes two actions on one symbol different: one resolution may renew a mandate and end another.
    content: (Option<Outcome>, Option<&'a str>),
    ordinal: usize,
}

impl<'a> Ordinals<'a> {
    fn of(&mut self, action: &'a CouncilAction) -> usize {
        let symbol = identity::symbol(action);
        let place = (action.action, symbol.ok_or(action.when.date));
        let content = (action.outcome, action.measure.as_deref());
        let same_place = || self.seen.iter().filter(|known| known.place == place);
        let retold = symbol.and_then(|_| same_place().find(|known| known.content == content));
        let ordinal =
            retold.map_or_else(|| same_place().map(|k| k.ordinal + 1).max().unwrap_or(0), |k| k.ordinal);
        self.seen.push(Known { place, content, ordinal });
        ordinal
    }
}
