//! Meetings of the Council: held, due, asked for.

use super::{
    ActionKind, ActionStatus, CouncilAction, Form,
    line::Line,
    pattern::Found,
    record::Record,
    scene::{Scene, add, after, bear_different_symbols, said, subject},
    symbols::{Symbol, named},
};
use crate::actors::Code;

/// Meetings, one a day. That votes were taken in a meeting goes without saying: where a vote is told, only
/// meetings of a form or with somebody who asked for them are.
pub(super) fn meetings(scene: &Scene<'_>, votes: &[Record]) -> Vec<CouncilAction> {
    let words = &scene.phrases.meeting;
    let mut found: Vec<CouncilAction> = Vec::new();
    let mut before: Vec<Code> = Vec::new();
    for line in scene.council_lines() {
        let speaker = previous_subject(scene, line);
        if !speaker.is_empty() {
            before = speaker;
        }
        if words.refused.is_in(&line.words) {
            continue;
        }
        // The words that ask are no wish of a wish.
        let asked =
            said(line, &words.sought).filter(|f| f.first == 0 || !scene.is_hypothetical(line, f.first - 1));
        if let Some(place) = asked.clone().or_else(|| said(line, &words.held)) {
            if let Some(told) = told(scene, line, asked.as_ref(), &place, &before) {
                file(&mut found, told);
            }
        } else if let Some(meeting) = found.last_mut() {
            add(&mut meeting.requested_by, &requested_by(scene, line));
            meeting.draft.symbol = meeting.draft.symbol.take().or_else(|| symbol(scene, line));
        }
    }
    let voted = votes.iter().any(|v| !v.past);
    found.retain(|m| !voted || m.form.is_some_and(|f| f != Form::Open) || !m.requested_by.is_empty());
    found
}

/// A meeting as one line tells of it.
struct Told {
    meeting: CouncilAction,
    /// The line names its day.
    dated: bool,
}

/// `before`: whom the line before is about.
fn told(
    scene: &Scene<'_>,
    line: &Line<'_>,
    asked: Option<&Found>,
    place: &Found,
    before: &[Code],
) -> Option<Told> {
    let granted = asked.is_some_and(|f| is_granted(scene, line, f));
    let planned = !granted && is_planned(scene, line, place);
    if asked.is_none() && !planned && scene.is_hypothetical(line, place.first) {
        return None;
    }
    let ahead = asked.is_some() && line.times.iter().any(|t| t.first + 1 >= place.end);
    let future = planned || ahead && !granted;
    let when = scene.when(line, if ahead { place.end } else { place.first }, future);
    let old = when.as_ref().is_some_and(|w| scene.is_background(w));
    let mut meeting = scene.bare(ActionKind::Meeting, line, place);
    meeting.status = match asked {
        _ if old => ActionStatus::Past,
        Some(_) if !granted => ActionStatus::Sought,
        None if planned => ActionStatus::Planned,
        _ => ActionStatus::Done,
    };
    meeting.form = form(scene, line);
    meeting.draft.symbol = symbol(scene, line);
    meeting.requested_by = requested_by(scene, line);
    if let Some(asked) = asked {
        add(&mut meeting.requested_by, subject(line, asked.first).map_or(before, |g| &g.codes[..]));
    }
    "council/meeting".clone_into(&mut meeting.rule);
    // "had asked on Thursday that the Council meet": the day of the request.
    let when = when.filter(|_| ahead || old || !granted);
    let dated = when.is_some();
    if let Some(when) = when {
        meeting.when = when;
    }
    Some(Told { meeting, dated })
}

/// "Washington had asked for an emergency meeting": what is told before the news was had, unless it is said to be still
/// to come ("had requested a session, which will be held on Monday").
fn is_granted(scene: &Scene<'_>, line: &Line<'_>, asked: &Found) -> bool {
    let before = line.back(asked.end, 6 + asked.end - asked.first);
    let mut behind = asked.end..(asked.end + 8).min(line.words.forms.len());
    scene.phrases.time.pluperfect.within(&line.words, before)
        && !scene.phrases.meeting.due.within(&line.words, behind.clone())
        && !behind.any(|at| line.words.future[at])
}

fn symbol(scene: &Scene<'_>, line: &Line<'_>) -> Option<String> {
    named(line, &scene.phrases.draft, Symbol::meeting)
}

/// Adds a meeting to those told, or what it tells to the one that it is.
fn file(found: &mut Vec<CouncilAction>, Told { meeting, dated }: Told) {
    let same = |m: &&mut CouncilAction| {
        (!dated || m.when.date == meeting.when.date)
            && !are_apart(m.form, meeting.form)
            && !bear_different_symbols(m, &meeting)
    };
    match found.iter_mut().find(same) {
        Some(known) => merge(known, &meeting),
        None => found.push(meeting),
    }
}

/// A meeting that a sentence tells of in words that no phrase knows.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> CouncilAction {
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    let mut meeting = scene.bare(ActionKind::Meeting, line, &place);
    meeting.form = form(scene, line);
    meeting.draft.symbol = symbol(scene, line);
    meeting.requested_by = requested_by(scene, line);
    scene.date_weighed(line, &mut meeting);
    "council/meeting/weighed".clone_into(&mut meeting.rule);
    meeting
}

/// An open meeting is not the closed one of the same day, nor is one under the Arria formula any other.
fn are_apart(one: Option<Form>, other: Option<Form>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    one != other && ![one, other].contains(&Form::Emergency)
}

fn merge(known: &mut CouncilAction, other: &CouncilAction) {
    known.form = match (known.form, other.form) {
        (Some(Form::Emergency), _) | (_, Some(Form::Emergency)) => Some(Form::Emergency),
        (form, other) => form.or(other),
    };
    add(&mut known.requested_by, &other.requested_by);
    known.draft.symbol = known.draft.symbol.take().or_else(|| other.draft.symbol.clone());
    // Who had asked for a meeting to come has not held it by that.
    if other.status == ActionStatus::Done && known.status == ActionStatus::Sought {
        known.status = ActionStatus::Done;
    }
}

fn form(scene: &Scene<'_>, line: &Line<'_>) -> Option<Form> {
    let words = &scene.phrases.meeting;
    [
        (&words.emergency, Form::Emergency),
        (&words.arria, Form::Arria),
        (&words.closed, Form::Closed),
        (&words.open, Form::Open),
    ]
    .into_iter()
    .find(|(set, _)| set.is_in(&line.words))
    .map(|(_, form)| form)
}

/// "doit se réunir lundi", "will meet": the future stands close to the meeting.
fn is_planned(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> bool {
    let range = place.first.saturating_sub(6)..(place.end + 6).min(line.words.forms.len());
    let verb = place.first..place.end.min(line.words.forms.len());
    scene.phrases.meeting.due.within(&line.words, range) || verb.clone().any(|at| line.words.future[at])
}

fn requested_by(scene: &Scene<'_>, line: &Line<'_>) -> Vec<Code> {
    let mut codes = Vec::new();
    for phrase in scene.phrases.meeting.requested.find(&line.words) {
        let inside = line.groups.iter().find(|g| g.first >= phrase.first && g.end <= phrase.end);
        let listed = || line.groups.iter().find(|g| g.first >= phrase.end && line.form(g.first - 1) == ":");
        let group = inside
            .or_else(|| after(line, phrase.end))
            .or_else(|| subject(line, phrase.first))
            .or_else(listed);
        if let Some(group) = group {
            add(&mut codes, &group.codes);
        }
    }
    codes
}

/// Who the sentence before is about: what a pronoun stands for.
fn previous_subject(scene: &Scene<'_>, line: &Line<'_>) -> Vec<Code> {
    let Some(previous) = line.index.checked_sub(1).map(|i| &scene.lines[i]) else { return Vec::new() };
    previous.groups.iter().find(|g| !g.governed).map(|g| g.codes.clone()).unwrap_or_default()
}
