//! What all parts of the room read of an article, and the frame of the actions that they find.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    ActionKind, ActionStatus, CouncilAction, Draft, Members, Tally,
    line::{Group, Line},
    pattern::Found,
    phrase_set::PhraseSet,
    phrases::Phrases,
};
use crate::{
    actors::Code,
    discourse::{Precision, When, time::TimeExpression},
    stances::Quoted,
    text::Document,
};

/// Days before publication beyond which what is told is background.
pub(super) const MONTH: i32 = 30;
/// Days before publication from which on years are counted ("il y a dix ans").
const YEAR: i32 = 300;

/// An article, prepared.
pub(super) struct Scene<'a> {
    pub document: &'a Document,
    pub lines: &'a [Line<'a>],
    /// Whether each line is about the UN's Council.
    pub ours: &'a [bool],
    /// The vote of the day is another body's: those of the Council are told as background.
    pub elsewhere: bool,
    pub phrases: &'a Phrases,
    pub members: &'a Members,
    pub published: Option<Date>,
}

impl Scene<'_> {
    /// Lines of the text that are about the Council.
    pub(super) fn council_lines(&self) -> impl Iterator<Item = &Line<'_>> {
        self.lines.iter().filter(|l| !l.headline && self.ours[l.index])
    }

    /// Whether words of condition or wish stand close before a token.
    pub(super) fn is_hypothetical(&self, line: &Line<'_>, at: usize) -> bool {
        let start = line.clause_start(at).max(at.saturating_sub(5));
        self.phrases.time.unreal(&line.words, start..at + 1)
    }

    /// When the act at a token was done or is due, as far as the sentence says.
    pub(super) fn when(&self, line: &Line<'_>, at: usize, future: bool) -> Option<When> {
        let published = self.published?;
        // "prolonge son mandat jusqu'au 31 décembre": what is done was not done on a day to come.
        let possible = |t: &TimeExpression| {
            let past = t.moment(published, false).date.is_none_or(|date| date <= published);
            (future || past) && !self.is_anniversary(line, t)
        };
        let expression = line.time_near(at, self.phrases, possible)?;
        // In an aside between commas ("entrée au Conseil il y a onze jours") a date is of the aside.
        let (from, to) = (expression.end.min(at), expression.first.max(at).min(line.words.forms.len()));
        let commas = line.words.forms[from..to].iter().filter(|w| *w == ",").count();
        let start = line.clause_start(expression.first);
        // "Less than a month ago, on August 5, the Council voted": one date told twice is no aside.
        // ", in December 2016,": an aside that is nothing but the date is of the sentence.
        let alone = expression.first <= start + 1;
        let inner = start > 0 && !alone && !line.times.iter().any(|t| t.end + 1 == start);
        let aside = commas > 0 && inner && expression.end < at && line.form(expression.end) == ",";
        if aside {
            return None;
        }
        let text = self.document.slice(line.span(expression.first, expression.end));
        let today = expression.moment(published, false).date == Some(published);
        // "le Conseil se réunira vendredi" in Friday's article: today.
        let when = expression.when(published, future && !today, text);
        when.date.is_some().then_some(when)
    }

    /// "twenty years ago today": a day of these, in a year that is told right before it.
    pub(super) fn is_anniversary(&self, line: &Line<'_>, time: &TimeExpression) -> bool {
        let Some(published) = self.published else { return false };
        let years = |t: &TimeExpression| {
            let beside = t.end == time.first || t.end + 1 == time.first && line.form(t.end) == ",";
            beside && t.moment(published, false).date.is_some_and(|d| self.is_years_ago(d))
        };
        !time.names_a_day() && line.times.iter().any(years)
    }

    /// Whether a day lies so far back that its years are counted.
    pub(super) fn is_years_ago(&self, date: Date) -> bool {
        self.days_since(date).is_some_and(|days| days > YEAR)
    }

    /// Days from a day to publication.
    pub(super) fn days_since(&self, date: Date) -> Option<i32> {
        Some(self.published?.since(date).ok()?.get_days())
    }

    /// The day after publication that a line names first, not further away than a month.
    pub(super) fn coming(&self, line: &Line<'_>) -> Option<When> {
        let published = self.published?;
        line.times.iter().find_map(|t| {
            let today = t.moment(published, false).date == Some(published);
            let when = t.when(published, !today, self.document.slice(line.span(t.first, t.end)));
            let soon = self.age(&when).is_some_and(|days| (-MONTH..0).contains(&days));
            soon.then_some(when)
        })
    }

    /// Dates an action that the whole sentence tells of.
    pub(super) fn date_weighed(&self, line: &Line<'_>, action: &mut CouncilAction) {
        if let Some(when) = self.when(line, 0, false) {
            action.when = when;
        }
        if self.is_background(&action.when) {
            action.status = ActionStatus::Past;
        }
    }

    /// Whether a moment lies further back than news does.
    pub(super) fn is_background(&self, when: &When) -> bool {
        self.age(when).is_some_and(|days| days > MONTH)
    }

    /// The article's own date.
    pub(super) fn article_date(&self) -> When {
        When { text: String::new(), date: self.published, precision: Precision::Article }
    }

    /// Days from a moment to publication; `None` where either is unknown.
    pub(super) fn age(&self, when: &When) -> Option<i32> {
        self.days_since(when.date?)
    }

    /// An action with nothing told but what it is.
    pub(super) fn bare(&self, action: ActionKind, line: &Line<'_>, found: &Found) -> CouncilAction {
        let span = line.sentence.span;
        CouncilAction {
            action,
            subject: None,
            outcome: None,
            status: ActionStatus::Done,
            when: self.article_date(),
            cast: BTreeMap::new(),
            tally: Tally::default(),
            tally_basis: None,
            vetoed_by: Vec::new(),
            draft: Draft::default(),
            form: None,
            requested_by: Vec::new(),
            blocked_by: Vec::new(),
            measure: None,
            checks: Vec::new(),
            confidence: 0.5,
            evidence: Quoted { text: self.document.slice(span).to_owned(), span },
            triggers: vec![line.span(found.first, found.end)],
            rule: String::new(),
        }
    }
}

/// States right after a phrase ("à la demande de la Russie").
pub(super) fn after<'a>(line: &'a Line<'_>, end: usize) -> Option<&'a Group> {
    line.groups.iter().find(|g| g.first >= end && g.first <= end + 2)
}

/// The last list of states before a token that can be a subject.
pub(super) fn subject<'a>(line: &'a Line<'_>, at: usize) -> Option<&'a Group> {
    line.groups.iter().rev().find(|g| g.end <= at && at - g.end <= 12 && (!g.governed || g.relative))
}

/// Adds codes that are not there yet.
pub(super) fn add(codes: &mut Vec<Code>, new: &[Code]) {
    for code in new {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
}

/// Whether two actions have a symbol each that is not the other's.
pub(super) fn bear_different_symbols(one: &CouncilAction, other: &CouncilAction) -> bool {
    one.draft.symbol.as_ref().zip(other.draft.symbol.as_ref()).is_some_and(|(a, b)| a != b)
}

/// The first place of a phrase outside quotations.
pub(super) fn said(line: &Line<'_>, set: &PhraseSet) -> Option<Found> {
    set.find(&line.words).into_iter().find(|f| !line.quoted.get(f.first).copied().unwrap_or(false))
}
