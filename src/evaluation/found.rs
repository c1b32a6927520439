//! Events as `demarche analyse` prints them, read back for what is scored.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::{EvaluationError, Gold, read_lines};

/// The events of a set of articles by `article.uri`, each article's in order.
#[derive(Debug, Default)]
pub struct Found {
    articles: BTreeMap<String, Vec<FoundEvent>>,
}

/// What both kinds of event have.
#[derive(Debug, Clone)]
pub struct FoundEvent {
    pub uri: String,
    pub confidence: f64,
    /// The words of the clause.
    pub evidence: String,
    pub rule: String,
    pub date: Option<String>,
    pub finding: Finding,
}

#[derive(Debug, Clone)]
pub enum Finding {
    Stance(FoundStance),
    Action(FoundAction),
}

#[derive(Debug, Clone)]
pub struct FoundStance {
    pub holder: String,
    pub class: String,
    pub target: String,
    pub status: Option<String>,
}

#[derive(Debug, Clone)]
pub struct FoundAction {
    pub action: String,
    pub outcome: Option<String>,
    pub cast: BTreeMap<String, String>,
    pub tally: BTreeMap<String, Option<i64>>,
    pub sponsors: Vec<String>,
}

impl Found {
    /// # Errors
    /// The file cannot be read, or a line is no event; lines of another kind are left out.
    pub fn read(file: &Path) -> Result<Self, EvaluationError> {
        let mut found = Self::default();
        for wire in read_lines::<Wire>(file)? {
            found.extend(wire.event());
        }
        Ok(found)
    }

    /// Adds the events of one article; values of another kind are left out.
    pub fn add(&mut self, events: &[Value]) {
        for event in events {
            self.extend(serde_json::from_value::<Wire>(event.clone()).ok().and_then(Wire::event));
        }
    }

    fn extend(&mut self, events: impl IntoIterator<Item = FoundEvent>) {
        for event in events {
            self.articles.entry(event.uri.clone()).or_default().push(event);
        }
    }

    /// Only the events that are at least that sure.
    #[must_use]
    pub fn at_least(&self, confidence: f64) -> Self {
        let kept = |events: &Vec<FoundEvent>| {
            events.iter().filter(|event| event.confidence >= confidence).cloned().collect()
        };
        Self { articles: self.articles.iter().map(|(uri, events)| (uri.clone(), kept(events))).collect() }
    }

    /// The events of one article.
    pub fn of(&self, uri: &str) -> &[FoundEvent] {
        self.articles.get(uri).map_or(&[], Vec::as_slice)
    }

    pub fn stances(&self, uri: &str) -> impl Iterator<Item = (&FoundEvent, &FoundStance)> {
        self.of(uri).iter().filter_map(|event| match &event.finding {
            Finding::Stance(stance) => Some((event, stance)),
            Finding::Action(_) => None,
        })
    }

    pub fn actions(&self, uri: &str) -> impl Iterator<Item = (&FoundEvent, &FoundAction)> {
        self.of(uri).iter().filter_map(|event| match &event.finding {
            Finding::Action(action) => Some((event, action)),
            Finding::Stance(_) => None,
        })
    }

    /// Number of events of articles that have no labels.
    pub fn stray(&self, gold: &Gold) -> usize {
        let labelled = |uri: &str| gold.articles.iter().any(|article| article.id == uri);
        self.articles.iter().filter(|(uri, _)| !labelled(uri)).map(|(_, events)| events.len()).sum()
    }
}

/// An event as JSON, bare or as the `data` of a structured CloudEvents envelope.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wire {
    Wrapped { data: Box<WireEvent> },
    Bare(Box<WireEvent>),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireEvent {
    kind: String,
    article: WireArticle,
    confidence: Option<f64>,
    evidence: Option<WireEvidence>,
    time: Option<WireTime>,
    status: Option<String>,
    holder: Option<WireActor>,
    class: String,
    target: Option<WireActor>,
    action: String,
    outcome: Option<String>,
    cast: Option<BTreeMap<String, String>>,
    tally: Option<BTreeMap<String, Option<i64>>>,
    draft: Option<WireDraft>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireArticle {
    uri: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireEvidence {
    text: Option<String>,
    rule: Option<String>,
}

#[derive(Deserialize)]
struct WireTime {
    date: Option<String>,
}

#[derive(Deserialize)]
struct WireActor {
    code: String,
}

#[derive(Deserialize)]
struct WireDraft {
    sponsors: Option<Vec<String>>,
}

impl Wire {
    fn event(self) -> Option<FoundEvent> {
        let (Self::Wrapped { data: wire } | Self::Bare(wire)) = self;
        let evidence = wire.evidence.unwrap_or_default();
        let finding = match wire.kind.as_str() {
            "stance" => Finding::Stance(FoundStance {
                holder: code(wire.holder),
                class: wire.class,
                target: code(wire.target),
                status: wire.status,
            }),
            "council_action" => Finding::Action(FoundAction {
                action: wire.action,
                outcome: wire.outcome,
                cast: wire.cast.unwrap_or_default(),
                tally: wire.tally.unwrap_or_default(),
                sponsors: wire.draft.and_then(|draft| draft.sponsors).unwrap_or_default(),
            }),
            _ => return None,
        };
        Some(FoundEvent {
            uri: wire.article.uri,
            confidence: wire.confidence.unwrap_or(1.0),
            evidence: evidence.text.unwrap_or_default(),
            rule: evidence.rule.unwrap_or_default(),
            date: wire.time.and_then(|time| time.date),
            finding,
        })
    }
}

fn code(actor: Option<WireActor>) -> String {
    actor.map_or_else(|| "?".to_owned(), |actor| actor.code)
}
