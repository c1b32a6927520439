//! Statements of the Council: by its president, to the press; issued, blocked.

use super::{
    ActionKind, ActionStatus, CouncilAction, Form,
    line::Line,
    pattern::Found,
    phrases::StatementWords,
    scene::{Scene, add, after, said, subject},
    sponsors::{Tabled, tabled},
};
use crate::actors::Code;

/// Statements that the article tells of, one a form and day.
pub(super) fn statements(scene: &Scene<'_>) -> Vec<CouncilAction> {
    let words = &scene.phrases.statement;
    let mut found: Vec<CouncilAction> = Vec::new();
    for line in scene.council_lines() {
        let texts = tabled(line, scene.phrases, &[]);
        name_authors(&mut found, line, &texts, words);
        let presidential = said(line, &words.presidential);
        let press = said(line, &words.press);
        let unnamed = said(line, &words.any).or_else(|| said(line, &words.failed));
        let (form, place) = match (presidential, press, unnamed) {
            (Some(place), ..) => (Some(Form::Presidential), place),
            (None, Some(place), _) => (Some(Form::Press), place),
            (None, None, Some(place)) => (None, place),
            (None, None, None) => continue,
        };
        let blocked_by = blocked_by(scene, line, words);
        let issued =
            words.issued_by_council.is_in(&line.words) || form.is_some() && words.issued.is_in(&line.words);
        let done = issued && !scene.is_hypothetical(line, place.first);
        let awaited = awaited(line, words).filter(|_| !done && blocked_by.is_empty());
        if blocked_by.is_empty() && !done && awaited.is_none() {
            continue;
        }
        let mut statement = scene.bare(ActionKind::Statement, line, &place);
        statement.form = form;
        if let Some(awaited) = awaited {
            statement.status = awaited.status;
            let by = awaited.asks.and_then(|f| subject(line, f.first));
            add(&mut statement.requested_by, by.map_or(&[], |g| &g.codes));
        }
        statement.blocked_by = blocked_by;
        for text in texts {
            add(&mut statement.draft.sponsors, &text.codes);
        }
        let by = statement.blocked_by.clone();
        statement.draft.sponsors.retain(|c| !by.contains(c));
        if let Some(when) = scene.when(line, place.first, false) {
            statement.when = when;
        }
        if statement.status == ActionStatus::Done && scene.age(&statement.when).is_some_and(|days| days > 2) {
            statement.status = ActionStatus::Past;
        }
        "council/statement".clone_into(&mut statement.rule);
        let same = |s: &&mut CouncilAction| {
            s.blocked_by.is_empty() == statement.blocked_by.is_empty()
                && (s.form.is_none() || form.is_none() || s.form == form)
        };
        match found.iter_mut().find(same) {
            Some(known) => {
                known.form = known.form.or(form);
                if statement.status == ActionStatus::Done {
                    known.status = ActionStatus::Done;
                    known.requested_by.clear();
                } else if known.status != ActionStatus::Done {
                    add(&mut known.requested_by, &statement.requested_by);
                }
                add(&mut known.blocked_by, &statement.blocked_by);
                add(&mut known.draft.sponsors, &statement.draft.sponsors);
            }
            None => found.push(statement),
        }
    }
    found
}

/// A statement that a sentence tells of in words that no phrase knows.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> CouncilAction {
    let words = &scene.phrases.statement;
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    let mut statement = scene.bare(ActionKind::Statement, line, &place);
    let forms = [(&words.presidential, Form::Presidential), (&words.press, Form::Press)];
    statement.form = forms.into_iter().find(|(set, _)| set.is_in(&line.words)).map(|(_, form)| form);
    statement.blocked_by = blocked_by(scene, line, words);
    scene.date_weighed(line, &mut statement);
    "council/statement/weighed".clone_into(&mut statement.rule);
    statement
}

/// Who stood in the way: the subject of a blocking verb, or whoever did not agree.
fn blocked_by(scene: &Scene<'_>, line: &Line<'_>, words: &StatementWords) -> Vec<Code> {
    let told = |f: &Found| !scene.is_hypothetical(line, f.first);
    let blocking = words.blocked.find(&line.words).into_iter().filter(|f| !line.quoted[f.first]);
    let by_verb = blocking.filter(told).find_map(|f| subject(line, f.first));
    let lacking = || words.lacking.find(&line.words).into_iter().find_map(|f| after(line, f.end));
    by_verb.or_else(lacking).map(|g| g.codes.clone()).unwrap_or_default()
}

/// A statement that is not there yet.
struct Awaited {
    status: ActionStatus,
    /// The words that ask for it.
    asks: Option<Found>,
}

/// A statement that the Council could not agree on, that is still to come, or that somebody wants.
fn awaited(line: &Line<'_>, words: &StatementWords) -> Option<Awaited> {
    if said(line, &words.failed).is_some() {
        return Some(Awaited { status: ActionStatus::Sought, asks: None });
    }
    if said(line, &words.planned).is_some() {
        return Some(Awaited { status: ActionStatus::Planned, asks: None });
    }
    let asks = Some(said(line, &words.sought)?);
    Some(Awaited { status: ActionStatus::Sought, asks })
}

/// "The text had been proposed by Britain": the statement told just before.
fn name_authors(found: &mut [CouncilAction], line: &Line<'_>, texts: &[Tabled], words: &StatementWords) {
    let Some(last) =
        found.last_mut().filter(|s| s.draft.sponsors.is_empty() && s.status != ActionStatus::Past)
    else {
        return;
    };
    let texts_of_it = words.texts.is_in(&line.words) && !words.not_texts.is_in(&line.words);
    let near = texts_of_it
        && last.evidence.span.end <= line.sentence.span.start
        && line.sentence.span.start - last.evidence.span.end < 5;
    if let Some(text) = texts.first().filter(|_| near) {
        let by = last.blocked_by.clone();
        add(&mut last.draft.sponsors, &text.codes);
        last.draft.sponsors.retain(|c| !by.contains(c));
    }
}
