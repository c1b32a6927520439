//! Meetings of the Council: held, due, asked for.

use super::{
    ActionKind, ActionStatus, CouncilAction, Form, Outcome,
    line::Line,
    pattern::Found,
    record::Record,
    scene::{Scene, add, after, bear_different_symbols, said, subject},
    symbols::{Symbol, named},
};
use crate::{actors::Code, syntax::Deprel};

/// Meetings, one a day. That votes were taken in a meeting goes without saying: where a vote is told, only
/// meetings of a form or with somebody who asked for them are. `ballot`: a vote on whether to meet at all.
pub(super) fn meetings(
    scene: &Scene<'_>,
    votes: &[Record],
    ballot: Option<&CouncilAction>,
) -> Vec<CouncilAction> {
    let words = &scene.phrases.meeting;
    let mut found: Vec<CouncilAction> = Vec::new();
    let mut before: Vec<Code> = Vec::new();
    for line in scene.council_lines() {
        let speaker = previous_subject(scene, line);
        if !speaker.is_empty() {
            before = speaker;
        }
        if let Some(denied) = denied(scene, line, &before) {
            file(&mut found, denied);
            continue;
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
    if let Some(ballot) = ballot {
        for meeting in &mut found {
            settle(meeting, ballot);
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
    if asked.is_none()
        && !planned
        && !is_circumstance(scene, line, place)
        && scene.is_hypothetical(line, place.first)
    {
        return None;
    }
    let ahead = asked.is_some() && line.times.iter().any(|t| t.first + 1 >= place.end);
    let future = planned || ahead && !granted;
    let when = scene
        .when(line, if ahead { place.end } else { place.first }, future)
        .or_else(|| scene.coming(line).filter(|_| planned));
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

/// "Russia blocked a meeting that France had called": it stays one that was asked for.
fn denied(scene: &Scene<'_>, line: &Line<'_>, before: &[Code]) -> Option<Told> {
    let place = said(line, &scene.phrases.meeting.denied)?;
    // The words that refuse are no wish of what they refuse.
    if place.first > 0 && scene.is_hypothetical(line, place.first - 1) {
        return None;
    }
    let agent = || {
        let preposition = scene.phrases.list.prepositions.contains(line.form(place.end - 1));
        after(line, place.end).filter(|_| preposition)
    };
    let by = subject(line, place.first).or_else(agent);
    let mut meeting = scene.bare(ActionKind::Meeting, line, &place);
    meeting.status = ActionStatus::Sought;
    meeting.form = form(scene, line);
    meeting.blocked_by = by.map(|g| g.codes.clone()).unwrap_or_default();
    meeting.requested_by = requested_by(scene, line);
    let inside = line.groups.iter().filter(|g| g.first > place.first && g.end < place.end);
    inside.for_each(|group| add(&mut meeting.requested_by, &group.codes));
    if meeting.requested_by.is_empty() && line.times.is_empty() {
        add(&mut meeting.requested_by, before);
    }
    meeting.requested_by.retain(|code| !meeting.blocked_by.contains(code));
    "council/meeting".clone_into(&mut meeting.rule);
    let when = scene.when(line, place.first, false);
    let dated = when.is_some();
    if let Some(when) = when {
        meeting.when = when;
    }
    if scene.is_background(&meeting.when) {
        meeting.status = ActionStatus::Past;
    }
    Some(Told { meeting, dated })
}

/// Whether a vote of the day is on a matter of procedure: whether to meet, unless it calls another body together.
pub(super) fn is_on_meeting(scene: &Scene<'_>, vote: &Record) -> bool {
    let other = |at: &usize| scene.phrases.organ.other.is_in(&scene.lines[*at].words);
    vote.procedural && !vote.past && !vote.lines.iter().any(other)
}

/// Where the vote carried, the meeting that was asked for was held.
fn settle(meeting: &mut CouncilAction, vote: &CouncilAction) {
    if vote.outcome == Some(Outcome::Adopted) && meeting.status == ActionStatus::Sought {
        meeting.status = ActionStatus::Done;
        meeting.blocked_by.clear();
    }
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

/// A meeting that a sentence tells of in words that no phrase knows, unless these say that there was none.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> Option<CouncilAction> {
    if scene.phrases.meeting.refused.is_in(&line.words) {
        return None;
    }
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    let mut meeting = scene.bare(ActionKind::Meeting, line, &place);
    meeting.form = form(scene, line);
    meeting.draft.symbol = symbol(scene, line);
    meeting.requested_by = requested_by(scene, line);
    scene.date_weighed(line, &mut meeting);
    "council/meeting/weighed".clone_into(&mut meeting.rule);
    Some(meeting)
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
    add(&mut known.blocked_by, &other.blocked_by);
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
    let due = &scene.phrases.meeting.due;
    // "Une réunion ministérielle sur la situation humanitaire, demandée par la France, est prévue": the verb of the noun.
    let head = |at: usize| {
        let node = line.tree?.nodes.get(at)?;
        node.head.filter(|_| matches!(node.deprel, Deprel::Nsubj | Deprel::NsubjPass))
    };
    due.within(&line.words, range)
        || verb.clone().any(|at| line.words.future[at])
        || verb.filter_map(head).any(|at| due.within(&line.words, at.saturating_sub(1)..at + 2))
}

/// "annoncé lors d'une réunion": where something else was done, it was held.
fn is_circumstance(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> bool {
    let before = place.first.saturating_sub(4)..place.first;
    scene.phrases.meeting.during.within(&line.words, before)
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
