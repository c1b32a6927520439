//! Measures that the Council takes, renews or ends: sanctions, mandates, referrals.

use super::{
    ActionKind, ActionStatus, CouncilAction, Outcome,
    line::Line,
    pattern::Found,
    phrases::Measure,
    record::Record,
    scene::{Scene, said, subject},
    subject::are_apart,
    symbols::{Symbol, are_of_one_day, named},
};
use crate::{
    actors::{ActorKind, Via},
    discourse::{Precision, When},
};

/// Measures, one a name and status: those of a text adopted in the article, those told as the Council's act
/// without a vote, and those that are due.
pub(super) fn measures(scene: &Scene<'_>, votes: &[CouncilAction], records: &[Record]) -> Vec<CouncilAction> {
    let mut found: Vec<CouncilAction> = Vec::new();
    for line in scene.lines.iter().filter(|l| !l.headline) {
        for kind in &scene.phrases.measure {
            let Some(found_at) = place(scene, line, kind) else { continue };
            let yields = |other: &&Measure| kind.yields_to.contains(&other.name);
            if scene.phrases.measure.iter().filter(yields).any(|other| place(scene, line, other).is_some()) {
                continue;
            }
            let Some(measure) = measure(scene, votes, records, line, kind, &found_at) else { continue };
            let known = found.iter().any(|m| m.measure == measure.measure && m.status == measure.status);
            if !known {
                found.push(measure);
            }
        }
    }
    found
}

/// Where a line tells of such a measure: a phrase, or an act and the thing it is done to in one clause.
fn place(scene: &Scene<'_>, line: &Line<'_>, kind: &Measure) -> Option<Found> {
    let beside = |other: &&Measure| kind.described_beside.contains(&other.name);
    let mut others = scene.phrases.measure.iter().filter(beside);
    let other = !runs_out(scene, line) && others.any(|other| place(scene, line, other).is_some());
    let phrase = said(line, &kind.phrases).filter(|f| !is_national(line, f) && !other);
    phrase.or_else(|| {
        let things = kind.things.find(&line.words);
        let pair = |act: &Found| {
            let passive = act.first > 0 && scene.phrases.time.passive.contains(line.form(act.first - 1));
            let told = |t: &Found| !(kind.described || other) || act.first < t.first || passive;
            let near = things.iter().filter(|t| told(t) && clear(line, act, t) && !is_national(line, t));
            near.min_by_key(|t| act.first.abs_diff(t.first)).map(|t| Found {
                first: act.first.min(t.first),
                end: act.end.max(t.end),
                numbers: Vec::new(),
            })
        };
        let acts = kind.acts.find(&line.words);
        acts.iter().filter(|a| !line.quoted[a.first]).find_map(pair)
    })
}

/// Whether a line tells of what is still to come, or runs out on a day.
fn runs_out(scene: &Scene<'_>, line: &Line<'_>) -> bool {
    let time = &scene.phrases.time;
    time.future.is_in(&line.words) || time.ends.is_in(&line.words)
}

/// No more than some words, and no end of a clause, between an act and a thing.
fn clear(line: &Line<'_>, act: &Found, thing: &Found) -> bool {
    let (from, to) = if act.end <= thing.first {
        (act.end, thing.first)
    } else if thing.end <= act.first {
        (thing.end, act.first)
    } else {
        return false;
    };
    to - from <= 14
        && !line.words.forms[from..to].iter().any(|w| matches!(w.as_str(), ";" | ":" | "." | "\""))
}

/// "les sanctions américaines" are not the Council's.
fn is_national(line: &Line<'_>, thing: &Found) -> bool {
    let beside = |first: usize, end: usize| first == thing.end || end == thing.first;
    let of = |first: usize| first >= thing.end && first - thing.end <= 3;
    line.named.iter().any(|n| match n.kind {
        ActorKind::State => n.via == Via::Adjective && beside(n.first, n.end),
        ActorKind::Organisation => !n.code.starts_with("UN") && (beside(n.first, n.end) || of(n.first)),
        _ => false,
    })
}

fn measure(
    scene: &Scene<'_>,
    votes: &[CouncilAction],
    records: &[Record],
    line: &Line<'_>,
    kind: &Measure,
    place: &Found,
) -> Option<CouncilAction> {
    let done = || votes.iter().filter(|v| v.status == ActionStatus::Done);
    let news = done().find(|v| v.outcome == Some(Outcome::Adopted));
    let blocked = done().find(|v| v.outcome == Some(Outcome::Vetoed));
    let time = &scene.phrases.time;
    let length = line.words.forms.len();
    let around = place.first.saturating_sub(3)..(place.end + 1).min(length);
    let coming =
        time.coming.within(&line.words, around.clone()) || around.clone().any(|at| line.words.future[at]);
    let due = coming || kind.ends && runs_out(scene, line);
    let organ = &scene.phrases.organ;
    let named = scene.ours[line.index] && (organ.full.is_in(&line.words) || organ.short.is_in(&line.words));
    let asked = asked_of_council(scene, line, place).filter(|_| named);
    // Of a measure that somebody had asked for, the news is what the Council adopted instead.
    if asked.is_some() && news.is_some() {
        return None;
    }
    if asked.is_none() && !coming && scene.is_hypothetical(line, place.first) || is_denied(scene, line, place)
    {
        return None;
    }
    // A date far from the act is another's ("une mission créée en 1978").
    let near =
        |t: &crate::discourse::time::TimeExpression| t.first <= place.end + 8 && place.first <= t.end + 8;
    let dated = line.time_near(place.first, scene.phrases, |_| true).is_some_and(near);
    let decided = decided(scene, line, place);
    let act = decided.as_ref().map_or(place.first, |f| f.first);
    let when = scene.when(line, act, due).filter(|_| dated || decided.is_some());
    let old = when.as_ref().is_some_and(|w| scene.is_background(w));
    // "circulated a draft imposing sanctions": what it would do nobody has done.
    if news.is_none() && !due && !old && asked.is_none() && is_of_draft(scene, line) {
        return None;
    }
    let status = if old || records.iter().any(|r| r.past && r.lines.contains(&line.index)) {
        ActionStatus::Past
    } else if asked.is_some() {
        ActionStatus::Sought
    } else if due && news.is_none() && (kind.ends || when.is_some()) {
        ActionStatus::Planned
    } else if news.is_some() || blocked.is_some() && kind.ends {
        ActionStatus::Done
    } else if done().next().is_none() && named && !due {
        let over = when.as_ref().is_some_and(|w| is_over(scene, line, place, w));
        if over { ActionStatus::Past } else { ActionStatus::Done }
    } else {
        return None;
    };
    let mut measure = scene.bare(ActionKind::Measure, line, place);
    measure.status = status;
    measure.measure = Some(kind.name.clone());
    if status == ActionStatus::Done
        && let Some(vote) = news.or(blocked)
    {
        name_text(scene, line, vote, votes, records, &mut measure);
    } else if let Some(when) = when {
        measure.when = when;
    }
    if let Some(by) = asked.and_then(|f| subject(line, f.first)).filter(|_| status == ActionStatus::Sought) {
        measure.requested_by.clone_from(&by.codes);
    }
    "council/measure".clone_into(&mut measure.rule);
    Some(measure)
}

/// Gives a measure the text and day of the news, or of that text whose number its own sentence tells.
fn name_text(
    scene: &Scene<'_>,
    line: &Line<'_>,
    news: &CouncilAction,
    votes: &[CouncilAction],
    records: &[Record],
    measure: &mut CouncilAction,
) {
    let number = named(line, &scene.phrases.draft, Symbol::resolution);
    let numbered = votes.iter().find(|v| number.is_some() && v.draft.resolution == number);
    let vote = numbered.unwrap_or(news);
    measure.when = vote.when.clone();
    let told = vote.draft.resolution.as_deref();
    let apart = || records.iter().all(|r| are_apart(scene, &r.lines, line));
    let other = |n: &String| told.map_or_else(apart, |known| are_of_one_day(n, known));
    if let Some(number) = number.filter(other) {
        measure.draft.resolution = Some(number);
    } else {
        measure.draft.resolution.clone_from(&vote.draft.resolution);
        measure.draft.symbol.clone_from(&vote.draft.symbol);
    }
}

/// Days before publication up to which a measure may be the news.
const NEWS: i32 = 3;

/// "On Monday it had imposed an embargo": what was done before the news.
fn is_over(scene: &Scene<'_>, line: &Line<'_>, place: &Found, when: &When) -> bool {
    let had =
        scene.phrases.time.pluperfect.within(&line.words, line.back(place.end, 4 + place.end - place.first));
    let age = scene.age(when).unwrap_or(0);
    when.precision == Precision::Day && age > if had { 0 } else { NEWS }
}

/// Whether a line tells of a text that is tabled, promised or withdrawn.
fn is_of_draft(scene: &Scene<'_>, line: &Line<'_>) -> bool {
    let words = &scene.phrases.draft;
    let told = [&words.tabled, &words.planned, &words.stopped];
    words.nouns.is_in(&line.words) && told.into_iter().any(|set| said(line, set).is_some())
}

/// Words from a request to the act it asks for.
const REQUEST: usize = 12;

/// "a demandé au Conseil de lever les sanctions": the words that ask, before the act and in its sentence.
fn asked_of_council(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> Option<Found> {
    // "to extend the embargo, which is due to expire": the relative clause tells no more of what is asked.
    let mut inside = place.first..place.end;
    if inside.any(|at| scene.phrases.list.relatives.contains(line.form(at))) {
        return None;
    }
    let near = |f: &Found| f.first < place.first && place.first - f.first <= REQUEST;
    // The words that ask are no condition of what they ask.
    let real = |f: &Found| f.first == 0 || !scene.is_hypothetical(line, f.first - 1);
    let mut asking = scene.phrases.organ.asked.find(&line.words).into_iter();
    asking.rfind(|f| near(f) && !line.quoted[f.first] && real(f))
}

/// "a décidé mardi de mettre fin en octobre à la mission": the day behind it is not that of the decision.
fn decided(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> Option<Found> {
    let behind = line.times.iter().any(|t| t.first > place.first);
    let near = |f: &Found| f.first < place.first && place.first <= f.end + 6;
    said(line, &scene.phrases.time.decided).filter(|f| behind && near(f))
}

/// "n'a pas prolongé", "refused to extend".
fn is_denied(scene: &Scene<'_>, line: &Line<'_>, place: &Found) -> bool {
    let before = line.clause_start(place.first).max(place.first.saturating_sub(7))..place.first;
    let time = &scene.phrases.time;
    let denies = |at: usize| time.negation.contains(line.form(at));
    // "son mandat n'a pas été renouvelé"
    let inside =
        |at: usize| denies(at) && (at - 1..=at + 1).any(|beside| time.passive.contains(line.form(beside)));
    before.into_iter().any(denies) || (place.first + 1..place.end).any(inside)
}
