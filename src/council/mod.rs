//! What the UN Security Council does: votes, drafts, meetings, statements, measures.

mod body;
mod completion;
mod confidence;
mod dates;
mod drafts;
mod history;
mod line;
mod measures;
mod meetings;
mod members;
mod pattern;
mod phrase_set;
mod phrases;
mod presidency;
mod publication;
mod record;
mod rival;
mod rollcall;
pub mod rule;
mod scene;
mod sponsors;
mod statements;
mod subject;
mod symbols;
mod tally;
#[cfg(test)]
mod tests;
mod votes;
pub mod weighing;

pub use members::{Members, Table};

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actors::{Code, Mention},
    data::{Data, DataError},
    discourse::{When, time::TimeResolver},
    stances::Quoted,
    syntax::Tree,
    text::{Document, Field, Span},
};

use confidence::Confidence;
use line::Line;
use phrases::Phrases;
use scene::Scene;
use weighing::{Examples, Weighing};

/// Code of the Council as an actor (guide, section 1.2).
pub const CODE: &str = "UNSC";

/// Finds the Council's actions in articles of one language.
#[derive(Debug)]
pub struct Council {
    members: Members,
    phrases: Phrases,
    confidence: Confidence,
    weighing: Weighing,
}

impl Council {
    /// Reads `council/` and `languages/<code>/council.toml`.
    ///
    /// # Errors
    /// A file is missing, has another shape, or holds a phrase that cannot be read.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        Ok(Self {
            members: Members::load(data)?,
            phrases: Phrases::load(data, language)?,
            confidence: Confidence::load(data)?,
            weighing: Weighing::load(data, language)?,
        })
    }

    /// Who sits in the Council when.
    pub fn members(&self) -> &Members {
        &self.members
    }

    /// The Council's actions that an article reports, in the order votes, then others.
    pub fn actions(&self, article: &Parsed<'_>) -> Vec<CouncilAction> {
        self.with_scene(article, |scene| self.of_scene(scene)).unwrap_or_default()
    }

    /// What the models see of an article, with named features: for training. Nothing, where it is not about the UN's
    /// Council.
    pub fn examples(&self, article: &Parsed<'_>) -> Examples {
        self.with_scene(article, |scene| weighing::examples(scene, &votes::votes(scene))).unwrap_or_default()
    }

    /// Hands the article to `read` where it is about the UN's Council.
    fn with_scene<T>(&self, article: &Parsed<'_>, read: impl FnOnce(&Scene<'_>) -> T) -> Option<T> {
        let &Parsed { document, trees, mentions, published, times } = article;
        let known = published.filter(|day| !self.members.on(*day).is_empty());
        let is_member = |code: &Code| known.is_none_or(|day| self.members.seat(code, day).is_some());
        let lines = Line::all(document, trees, mentions, times, &self.phrases, is_member);
        let ours = body::ours(&lines, before_the_text(document), &self.phrases);
        let (phrases, members) = (&self.phrases, &self.members);
        let elsewhere = body::leads_elsewhere(&lines, phrases);
        let scene = Scene { document, lines: &lines, ours: &ours, elsewhere, phrases, members, published };
        ours.contains(&true).then(|| read(&scene))
    }

    fn of_scene(&self, scene: &Scene<'_>) -> Vec<CouncilAction> {
        let mut records = votes::votes(scene);
        self.weighing.weigh(scene, &mut records);
        let told = || records.iter().filter(|r| !r.past);
        let dated = told().filter_map(|r| r.when.as_ref()?.date).max();
        let news = dated.or_else(|| told().next().and(scene.published));
        // A vote of which too little is told to publish it keeps no draft back either.
        let kept = records.into_iter().filter_map(|r| publication::action(scene, &r, news).map(|a| (r, a)));
        let (records, votes): (Vec<_>, Vec<CouncilAction>) = kept.unzip();
        let measures = measures::measures(scene, &votes, &records);
        let drafts = drafts::drafts(scene, &records);
        let ballot = records.iter().zip(&votes).find(|(r, _)| meetings::is_on_meeting(scene, r));
        let meetings = meetings::meetings(scene, &records, ballot.map(|(_, vote)| vote));
        let mut actions = votes;
        actions.extend(drafts::upcoming(scene, &records, &drafts));
        actions.extend(drafts);
        actions.extend(meetings);
        actions.extend(statements::statements(scene));
        actions.extend(measures);
        self.add_missed(scene, &mut actions);
        history::tell(scene, &mut actions);
        subject::name(scene, &mut actions);
        if let Some(claim) = presidency::claim(scene) {
            presidency::check(scene, &claim, &mut actions);
        }
        for action in &mut actions {
            action.confidence = self.confidence.of(action);
        }
        actions
    }
}

impl Council {
    /// An action of a kind that the phrases found nowhere in the article, at the sentence that most likely tells of it.
    fn add_missed(&self, scene: &Scene<'_>, actions: &mut Vec<CouncilAction>) {
        let told = |kind| actions.iter().any(|a| a.action == kind);
        let mut missed = vec![ActionKind::Meeting, ActionKind::Statement, ActionKind::Draft];
        missed.retain(|kind| !told(*kind) && (*kind != ActionKind::Draft || !told(ActionKind::Vote)));
        for (kind, line) in self.weighing.likeliest_lines(scene, &missed) {
            actions.extend(match kind {
                ActionKind::Meeting => meetings::weighed(scene, line),
                ActionKind::Statement => statements::weighed(scene, line),
                _ => Some(drafts::weighed(scene, line)),
            });
        }
    }
}

/// An article as the Council's rules read it.
///
/// `trees` may be empty or shorter than the document's sentences: phrases then match forms alone. Without `published`
/// no date is resolved, members are not checked, and no vote is weighed.
#[derive(Debug)]
pub struct Parsed<'a> {
    pub document: &'a Document,
    pub trees: &'a [Tree],
    pub mentions: &'a [Mention],
    pub published: Option<Date>,
    pub times: &'a TimeResolver,
}

/// What stands before the first sentence of the body ("NEW YORK (Nations unies), 13 septembre -").
fn before_the_text(document: &Document) -> &str {
    let start = document.sentences.iter().find(|s| s.span.field == Field::Body).map_or(0, |s| s.span.start);
    document.slice(Span { field: Field::Body, start: 0, end: start })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    Vote,
    Draft,
    Meeting,
    Statement,
    Measure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Adopted,
    Vetoed,
    Failed,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    For,
    Against,
    Abstain,
    Absent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    Done,
    Planned,
    Sought,
    Past,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Emergency,
    Closed,
    Open,
    Arria,
    Presidential,
    Press,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    #[serde(rename = "for")]
    pub in_favour: Option<u8>,
    pub against: Option<u8>,
    pub abstain: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TallyBasis {
    Stated,
    Counted,
    Inferred,
    Weighed,
}

/// The text that an action is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// `S/2022/720`.
    pub symbol: Option<String>,
    /// Number of the adopted resolution, `2623`.
    pub resolution: Option<String>,
    pub sponsors: Vec<Code>,
}

/// A rule of the Council that was tested against the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `nine_votes`, `veto_by_permanent_member`, `tally_is_fifteen`, `voters_are_members` ...
    pub rule: String,
    pub passed: bool,
    pub detail: String,
}

/// One action, gathered over the whole article.
#[derive(Debug, Clone, PartialEq)]
pub struct CouncilAction {
    pub action: ActionKind,
    pub subject: Option<Quoted>,
    pub outcome: Option<Outcome>,
    pub status: ActionStatus,
    pub when: When,
    pub cast: BTreeMap<Code, Position>,
    pub tally: Tally,
    pub tally_basis: Option<TallyBasis>,
    pub vetoed_by: Vec<Code>,
    pub draft: Draft,
    pub form: Option<Form>,
    pub requested_by: Vec<Code>,
    pub blocked_by: Vec<Code>,
    pub measure: Option<String>,
    pub checks: Vec<Check>,
    pub confidence: f64,
    pub evidence: Quoted,
    pub triggers: Vec<Span>,
    pub rule: String,
}
