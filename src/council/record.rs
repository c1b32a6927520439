//! What an article tells of one draft.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Outcome, Position, Table, scene::Scene};
use crate::{actors::Code, discourse::When, text::Span};

/// How many voted for, against, and abstained.
pub(super) type Split = [u8; 3];

/// A count as weighed, and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    pub split: Split,
    pub certainty: f64,
}

/// What is told of one draft.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// Told as background, with its own date.
    pub past: bool,
    pub amendment: bool,
    pub when: Option<When>,
    /// The table of its day; until it is completed, the present one.
    pub table: Table,
    pub cast: BTreeMap<Code, Position>,
    pub vetoed_by: Vec<Code>,
    pub stated: [Option<u8>; 3],
    pub rest: Option<(Position, Option<u8>)>,
    /// Members excepted from "all" whose position is told nowhere.
    pub left_out: Vec<Code>,
    pub sponsor_votes: Option<Position>,
    pub outcome: Option<Outcome>,
    pub unanimous: bool,
    pub procedural: bool,
    /// The Council is said to have demanded or condemned something.
    pub decided: bool,
    /// States said to have voted that did not sit in the Council.
    pub strangers: Vec<Code>,
    pub sponsors: Vec<Code>,
    /// Roll-call of the amendment before: who is not named again voted alike, if the count says so.
    pub like: Option<BTreeMap<Code, Position>>,
    pub symbol: Option<String>,
    pub resolution: Option<String>,
    /// Members placed by the words around their names, against the phrases or where these are silent.
    pub weighed: Vec<Code>,
    /// The outcome is that of the weighed words.
    pub outcome_weighed: bool,
    /// The likeliest count, where the model is sure of one.
    pub counted: Option<Counted>,
    /// No phrase told of it.
    pub opened: bool,
    /// Lines that tell of it, the first one first.
    pub lines: Vec<usize>,
    pub triggers: Vec<Span>,
}

impl Record {
    pub(super) fn add(&mut self, voters: &[Code], position: Position, veto: bool) {
        for code in voters {
            let known = self.cast.get(code);
            if veto || known.is_none() {
                self.cast.insert(code.clone(), position);
            }
            if veto && !self.vetoed_by.contains(code) {
                self.vetoed_by.push(code.clone());
            }
        }
        if veto && !voters.is_empty() {
            self.outcome = Some(Outcome::Vetoed);
        }
    }

    /// Resolutions are numbered as they are adopted: of several the last is the new one.
    pub(super) fn name_resolution(&mut self, number: &str) {
        let value = |n: &str| n.parse::<u16>().unwrap_or(0);
        if self.resolution.as_deref().is_none_or(|known| value(known) < value(number)) {
            self.resolution = Some(number.to_owned());
        }
    }

    /// What the words say of the outcome: only adopted texts are numbered, and what the Council demands it adopted.
    pub(super) fn said(&self) -> Outcome {
        let voted = !self.cast.is_empty() || self.stated.iter().any(Option::is_some) || self.rest.is_some();
        let numbered = self.resolution.is_some() && !self.past;
        // Enough votes, a permanent member's no, and no adoption: a veto, whatever it is called.
        let enough = self.stated[0].is_some_and(|n| n >= self.table.needed);
        match self.outcome {
            Some(Outcome::Failed) if enough && self.cast.values().any(|p| *p == Position::Against) => {
                Outcome::Unknown
            }
            Some(outcome) => outcome,
            None if self.unanimous => Outcome::Adopted,
            None if voted && self.vetoed_by.is_empty() && (numbered || self.decided) => Outcome::Adopted,
            None => Outcome::Unknown,
        }
    }

    pub(super) fn state(&mut self, position: Position, n: u8) {
        if let Some(i) = place(position) {
            self.stated[i] = self.stated[i].or(Some(n));
        }
    }

    /// The position of whoever voted with these partners, as far as it is known of them; `told`: as the words have it.
    /// Who is alone with them stands against the Council, unless the text is theirs.
    pub(super) fn side_of(&self, partners: &[Code], told: Position, alone: bool) -> Position {
        let others = || !self.sponsors.is_empty() && !partners.iter().any(|c| self.sponsors.contains(c));
        let known = partners.iter().find_map(|c| self.cast.get(c).copied());
        known.unwrap_or_else(|| if alone && others() { Position::Against } else { told })
    }

    /// Whether the line before tells of it.
    pub(super) fn is_told_before(&self, line: usize) -> bool {
        self.lines.last().is_some_and(|last| last + 1 == line)
    }

    /// How many are said to have taken the position.
    pub(super) fn count(&self, position: Position) -> Option<u8> {
        place(position).and_then(|i| self.stated[i])
    }

    /// Whether a count fits the roll-call, the table, and what is said of the outcome.
    pub(super) fn allows(&self, split: Split, table: Table) -> bool {
        let named = |position| self.cast.values().filter(|p| **p == position).count() as u8;
        let parts = [Position::For, Position::Against, Position::Abstain].into_iter().zip(split);
        let filled = split.iter().sum::<u8>() + named(Position::Absent) == table.seats;
        self.agrees(split, table) && filled && parts.into_iter().all(|(position, n)| named(position) <= n)
    }

    /// Whether a text with such a count meets the outcome that is said.
    pub(super) fn agrees(&self, split: Split, table: Table) -> bool {
        let [yes, no, _] = split;
        let carried = yes >= table.needed;
        match self.said() {
            Outcome::Adopted => carried || self.procedural,
            Outcome::Failed => !carried || self.procedural,
            Outcome::Vetoed => carried && no > 0,
            Outcome::Unknown => true,
        }
    }

    /// How many took it: as weighed where that is sure enough to overrule what is said, else as said.
    pub(super) fn likely_count(&self, position: Position) -> Option<u8> {
        let part = |counted: Counted| place(position).map(|i| counted.split[i]);
        let sure = self.counted.filter(|counted| counted.certainty >= OVERRULES).and_then(part);
        sure.or(self.count(position)).or_else(|| self.counted.and_then(part))
    }
}

/// Where a tally has the position.
fn place(position: Position) -> Option<usize> {
    match position {
        Position::For => Some(0),
        Position::Against => Some(1),
        Position::Abstain => Some(2),
        Position::Absent => None,
    }
}

/// Whether enough is told to speak of a vote.
pub(super) fn is_told(record: &Record) -> bool {
    let counted = record.stated.iter().any(Option::is_some) || record.rest.is_some();
    let text = !record.sponsors.is_empty() || record.resolution.is_some() || record.symbol.is_some();
    // Who stays away from a meeting does not vote.
    let voted = record.cast.values().any(|p| *p != Position::Absent);
    voted || counted || record.unanimous || !record.past && record.outcome.is_some() && text
}

/// The day of the vote; of one without a date that of the article.
pub(super) fn day(scene: &Scene<'_>, record: &Record) -> Option<Date> {
    record.when.as_ref().and_then(|w| w.date).or(scene.published)
}

/// The table on the day of the vote.
pub(super) fn table(scene: &Scene<'_>, record: &Record) -> Table {
    scene.members.table(day(scene, record))
}

/// Least probability of a count that differs from a number which the phrases found.
pub(super) const OVERRULES: f64 = 0.8;
