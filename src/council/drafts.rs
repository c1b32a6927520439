//! Texts that are tabled, negotiated, withdrawn or await their vote.

use super::{
    ActionKind, ActionStatus, CouncilAction, Outcome,
    line::Line,
    pattern::Found,
    record::Record,
    scene::{Scene, add, said},
    sponsors::tabled,
};
use crate::{actors::Code, discourse::When};

/// A draft that a sentence tells of in words that no phrase knows.
pub(super) fn weighed(scene: &Scene<'_>, line: &Line<'_>) -> CouncilAction {
    let place = Found { first: 0, end: line.words.forms.len(), numbers: Vec::new() };
    let mut draft = scene.bare(ActionKind::Draft, line, &place);
    for text in tabled(line, scene.phrases, &[]) {
        add(&mut draft.draft.sponsors, &text.codes);
    }
    scene.date_weighed(line, &mut draft);
    "council/draft/weighed".clone_into(&mut draft.rule);
    draft
}

/// Drafts on which the article tells no vote, one a set of sponsors.
pub(super) fn drafts(scene: &Scene<'_>, votes: &[Record]) -> Vec<CouncilAction> {
    let words = &scene.phrases.draft;
    let mut found: Vec<(CouncilAction, bool)> = Vec::new();
    let mut before = Vec::new();
    let mut pending: Option<(usize, Found)> = None;
    let mut only_awaited = true;
    let no_vote = !votes.iter().any(|v| !v.past);
    for line in scene.lines.iter().filter(|l| !l.headline) {
        let texts = tabled(line, scene.phrases, &before);
        if let Some(group) = line.groups.iter().find(|g| !g.governed) {
            before.clone_from(&group.codes);
        }
        if !scene.ours[line.index] {
            continue;
        }
        let planned = said(line, &words.planned);
        // The phrase's own words ("a renoncé") are no condition.
        let told_as_done = |f: &Found| f.first == 0 || !scene.is_hypothetical(line, f.first - 1);
        let stopped = said(line, &words.stopped).filter(told_as_done);
        let done = said(line, &words.tabled).filter(told_as_done);
        let is_stopped = stopped.is_some();
        let awaits = said(line, &words.awaits).or_else(|| said(line, &words.threatened)).filter(|_| no_vote);
        let is_awaited = stopped.is_none() && done.is_none() && planned.is_none();
        let told = stopped.or(done).or(planned.clone()).or(awaits);
        let mut sets: Vec<_> = texts.into_iter().map(|t| (t.at, t.codes, t.authors)).collect();
        if let Some(told) = &told
            && sets.is_empty()
        {
            // Who stops a text is not its author: of a stopped one nobody but those named elsewhere.
            let author =
                if is_stopped || is_awaited { None } else { super::scene::subject(line, told.first) };
            if let Some(group) = author {
                sets.push((told.first, group.codes.clone(), false));
            } else {
                only_awaited &= is_awaited;
                pending = pending.or(Some((line.index, told.clone())));
            }
        }
        // "came before the Council in May and was vetoed": no draft any more.
        sets.retain(|(_, codes, _)| !is_voted_on(votes, line.index, codes));
        for (at, codes, authors) in sets {
            let place = told.clone().unwrap_or(Found { first: at, end: at + 1, numbers: Vec::new() });
            let same = found.iter().position(|(d, _)| d.draft.sponsors.iter().any(|c| codes.contains(c)));
            let joined = same.or_else(|| if authors { found.len().checked_sub(1) } else { None });
            let index = joined.unwrap_or_else(|| {
                found.push((scene.bare(ActionKind::Draft, line, &place), false));
                found.len() - 1
            });
            let (draft, certain) = &mut found[index];
            add(&mut draft.draft.sponsors, &codes);
            if told.is_some() && !*certain {
                *certain = true;
                draft.evidence = scene.bare(ActionKind::Draft, line, &place).evidence;
                draft.triggers = vec![line.span(place.first, place.end)];
                if planned.as_ref() == told.as_ref() {
                    draft.status = ActionStatus::Planned;
                } else if let Some(when) = scene.when(line, place.first, false).filter(|_| !is_awaited) {
                    draft.when = when;
                }
            }
        }
    }
    if let (Some((index, place)), true) = (pending.as_ref().filter(|_| !only_awaited), found.is_empty()) {
        let line = &scene.lines[*index];
        let mut draft = scene.bare(ActionKind::Draft, line, place);
        let author = line.groups.iter().find(|g| !g.governed && !g.adjective && g.votes);
        add(&mut draft.draft.sponsors, author.map_or(&[], |g| &g.codes));
        if let (Some(when), Some(_)) = (scene.when(line, 0, false), author) {
            draft.when = when;
        }
        if author.is_some() {
            found.push((draft, true));
        }
    }
    // A text told of without its authors is the first one that has some.
    if let (Some((index, place)), Some((draft, certain))) = (pending, found.first_mut())
        && !*certain
    {
        let line = &scene.lines[index];
        *certain = true;
        draft.evidence = scene.bare(ActionKind::Draft, line, &place).evidence;
        draft.triggers = vec![line.span(place.first, place.end)];
        draft.when = scene.when(line, place.first, false).unwrap_or_else(|| scene.article_date());
    }
    let voted = |d: &CouncilAction| {
        votes.iter().any(|v| {
            !v.past && (v.sponsors.is_empty() || v.sponsors.iter().any(|c| d.draft.sponsors.contains(c)))
        })
    };
    found
        .into_iter()
        .filter(|(draft, certain)| *certain && !voted(draft))
        .map(|(mut draft, _)| {
            if scene.age(&draft.when).is_some_and(|days| days > 30) {
                draft.status = ActionStatus::Past;
            }
            "council/draft".clone_into(&mut draft.rule);
            draft
        })
        .collect()
}

/// Whether a line tells of a vote on the text of these sponsors.
fn is_voted_on(votes: &[Record], line: usize, sponsors: &[Code]) -> bool {
    let theirs = |v: &Record| v.sponsors.iter().any(|c| sponsors.contains(c));
    votes.iter().any(|v| v.lines.contains(&line) && theirs(v))
}

/// The vote that a draft awaits, where the article announces one: planned, or sought by whoever threatens it.
pub(super) fn upcoming(
    scene: &Scene<'_>,
    votes: &[Record],
    drafts: &[CouncilAction],
) -> Option<CouncilAction> {
    let words = &scene.phrases.draft;
    let draft = drafts.iter().find(|d| d.action == ActionKind::Draft && d.status != ActionStatus::Past)?;
    let stopped = scene.council_lines().any(|l| said(l, &words.stopped).is_some());
    if stopped || votes.iter().any(|v| !v.past) {
        return None;
    }
    let lines = || scene.council_lines();
    // "Aucune date n'a été fixée pour un vote."
    let denied = |l: &Line<'_>, f: &Found| {
        let told = l.clause_start(f.first)..f.end;
        l.words.forms[told].iter().any(|w| scene.phrases.time.negation.contains(w))
    };
    let told = |set| lines().find_map(|l| Some((l, said(l, set).filter(|f| !denied(l, f))?)));
    let announced = told(&words.awaits);
    let threat = told(&words.threatened);
    let (line, place) = announced.clone().or(threat.clone())?;
    let mut vote = scene.bare(ActionKind::Vote, line, &place);
    vote.outcome = Some(Outcome::Unknown);
    vote.status = if threat.is_some() { ActionStatus::Sought } else { ActionStatus::Planned };
    vote.when = lines()
        .filter(|l| said(l, &words.awaits).is_some())
        .find_map(|line| coming(scene, line))
        .unwrap_or(When { date: None, ..scene.article_date() });
    vote.draft = draft.draft.clone();
    "council/vote-to-come".clone_into(&mut vote.rule);
    Some(vote)
}

/// The day after publication that a line names first, not further away than a month.
fn coming(scene: &Scene<'_>, line: &Line<'_>) -> Option<When> {
    let published = scene.published?;
    line.times.iter().find_map(|t| {
        let today = t.moment(published, false).date == Some(published);
        let when = t.when(published, !today, scene.document.slice(line.span(t.first, t.end)));
        let soon = scene.age(&when).is_some_and(|days| (-30..0).contains(&days));
        soon.then_some(when)
    })
}
