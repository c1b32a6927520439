//! Statements of the Council: by its president, to the press; issued, blocked.

use super::{
    ActionKind, ActionStatus, CouncilAction, Form,
    line::Line,
    pattern::Found,
    phrases::StatementWords,
    scene::{Scene, add, after, bear_different_symbols, said, subject},
    sponsors::{Tabled, tabled},
    symbols::{Symbol, named},
};
use crate::actors::{ActorKind, Code};

/// Statements that the article tells of, one a form and day.
pub(super) fn statements(scene: &Scene<'_>) -> Vec<CouncilAction> {
    let words = &scene.phrases.statement;
    let mut found: Vec<CouncilAction> = Vec::new();
    for line in scene.council_lines() {
        let texts = tabled(line, scene.phrases, &[]);
        name_authors(&mut found, line, &texts, words);
        let symbol = named(line, &scene.phrases.draft, Symbol::statement);
        match statement(scene, line, &texts, symbol.clone()) {
            Some(statement) => file(&mut found, statement),
            None => {
                // "It was issued as S/PRST/2023/1": the one told last.
                if let Some(last) = found.last_mut() {
                    last.draft.symbol = last.draft.symbol.take().or(symbol);
                }
            }
        }
    }
    found
}

/// The statement that a line tells of, if it does. `symbol`: the one that it names.
fn statement(
    scene: &Scene<'_>,
    line: &Line<'_>,
    texts: &[Tabled],
    symbol: Option<String>,
) -> Option<CouncilAction> {
    let words = &scene.phrases.statement;
    let unnamed = || said(line, &words.any).or_else(|| said(line, &words.failed));
    let (form, place) = match formed(line, words) {
        Some((form, place)) => (Some(form), place),
        // Only the president's have one.
        None => (symbol.as_ref().map(|_| Form::Presidential), unnamed()?),
    };
    if is_of_others(scene, line, &place) {
        return None;
    }
    let blocked_by = blocked_by(scene, line, words);
    let issued =
        words.issued_by_council.is_in(&line.words) || form.is_some() && words.issued.is_in(&line.words);
    let done = issued && !scene.is_hypothetical(line, place.first);
    let awaited = awaited(line, words).filter(|_| !done && blocked_by.is_empty());
    if blocked_by.is_empty() && !done && awaited.is_none() {
        return None;
    }
    let mut statement = scene.bare(ActionKind::Statement, line, &place);
    statement.form = form;
    statement.draft.symbol = symbol;
    if let Some(awaited) = awaited {
        statement.status = awaited.status;
        let by = awaited.asks.and_then(|f| subject(line, f.first));
        add(&mut statement.requested_by, by.map_or(&[], |g| &g.codes));
    }
    for text in texts {
        add(&mut statement.draft.sponsors, &text.codes);
    }
    statement.draft.sponsors.retain(|c| !blocked_by.contains(c));
    statement.blocked_by = blocked_by;
    if let Some(when) = scene.when(line, place.first, false) {
        statement.when = when;
    }
    if statement.status == ActionStatus::Done && scene.age(&statement.when).is_some_and(|days| days > 2) {
        statement.status = ActionStatus::Past;
    }
    "council/statement".clone_into(&mut statement.rule);
    Some(statement)
}

/// A statement whose form is told. "The president read out a statement to the press": what she reads is for the press.
fn formed(line: &Line<'_>, words: &StatementWords) -> Option<(Form, Found)> {
    let press = said(line, &words.press);
    let holds = |p: &Found, f: &Found| p.first < f.first && f.first < p.end;
    let presidential =
        said(line, &words.presidential).filter(|p| !press.as_ref().is_some_and(|f| holds(p, f)));
    presidential.map(|p| (Form::Presidential, p)).or_else(|| press.map(|p| (Form::Press, p)))
}

/// Whether somebody else makes the statement: another body that the sentence names before the Council, or whoever
/// speaks to it.
fn is_of_others(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> bool {
    let (phrases, words) = (scene.phrases, &line.words);
    let theirs = line.named.iter().find(|n| n.kind == ActorKind::Organisation && !n.code.starts_with("UN"));
    let ours = [&phrases.organ.full, &phrases.organ.short].into_iter().filter_map(|set| set.first(words));
    // "condemned it in a statement": the words say how somebody spoke. Where the Council is not named, a pronoun may stand
    // for it.
    let spoken = line.words.forms[place.first.saturating_sub(3)..place.first]
        .iter()
        .any(|word| phrases.list.prepositions.contains(word));
    let ours = ours.map(|f| f.first).min().filter(|at| place.first < *at && place.end + 4 <= *at);
    let other = spoken && theirs.zip(ours).is_some_and(|(n, at)| n.first < at);
    other || phrases.statement.addressed.is_in(words)
}

/// "did not issue any statement"
fn is_denied(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> bool {
    let before = &line.words.forms[line.back(place.first, 4)];
    before.iter().any(|word| scene.phrases.time.negation.contains(word))
}

/// Adds a statement to those told, or what it tells to the one that it is.
fn file(found: &mut Vec<CouncilAction>, statement: CouncilAction) {
    let form = statement.form;
    // "The statement had been drafted by Britain": the one that was blocked.
    let alike = |s: &CouncilAction| {
        s.blocked_by.is_empty() == statement.blocked_by.is_empty() || statement.status == ActionStatus::Sought
    };
    let same = |s: &&mut CouncilAction| {
        alike(s)
            && (s.form.is_none() || form.is_none() || s.form == form)
            && !bear_different_symbols(s, &statement)
    };
    let Some(known) = found.iter_mut().find(same) else {
        found.push(statement);
        return;
    };
    known.form = known.form.or(form);
    if statement.status == ActionStatus::Done {
        known.status = ActionStatus::Done;
        known.requested_by.clear();
    } else if known.status != ActionStatus::Done {
        add(&mut known.requested_by, &statement.requested_by);
    }
    add(&mut known.blocked_by, &statement.blocked_by);
    add(&mut known.draft.sponsors, &statement.draft.sponsors);
    known.draft.symbol = known.draft.symbol.take().or(statement.draft.symbol);
}

/// A statement that a sentence tells of in words that no phrase knows, unless it is somebody else's.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> Option<CouncilAction> {
    let words = &scene.phrases.statement;
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    if said(line, &words.any).is_some_and(|f| is_of_others(scene, line, &f) || is_denied(scene, line, &f)) {
        return None;
    }
    let mut statement = scene.bare(ActionKind::Statement, line, &place);
    let forms = [(&words.presidential, Form::Presidential), (&words.press, Form::Press)];
    statement.form = forms.into_iter().find(|(set, _)| set.is_in(&line.words)).map(|(_, form)| form);
    statement.draft.symbol = named(line, &scene.phrases.draft, Symbol::statement);
    statement.blocked_by = blocked_by(scene, line, words);
    scene.date_weighed(line, &mut statement);
    "council/statement/weighed".clone_into(&mut statement.rule);
    Some(statement)
}

/// Who stood in the way: the subject of a blocking verb, or whoever did not agree.
fn blocked_by(scene: &Scene<'_>, line: &Line<'_>, words: &StatementWords) -> Vec<Code> {
    let told = |f: &Found| !scene.is_hypothetical(line, f.first);
    let blocking = words.blocked.find(&line.words).into_iter().filter(|f| !line.quoted[f.first]);
    let by_verb = blocking.filter(told).find_map(|f| subject(line, f.first));
    let inside = |f: &Found| line.groups.iter().find(|g| f.first <= g.first && g.end <= f.end);
    let lacking = || {
        words.lacking.find(&line.words).into_iter().find_map(|f| after(line, f.end).or_else(|| inside(&f)))
    };
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
