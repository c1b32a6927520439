//! What an action is about: the words behind "a text on ...", what a text asks for, or the place of the headline.

use super::{
    ActionKind, CouncilAction,
    line::{Group, Line},
    pattern::Found,
    scene::Scene,
};
use crate::{actors::Code, stances::Quoted, syntax::Upos};

/// Longest subject in words.
const WORDS: usize = 10;

/// Gives each action the words that name its subject: those nearest to where it is told.
pub(super) fn name(scene: &Scene<'_>, actions: &mut [CouncilAction]) {
    for action in actions {
        action.subject = subject(scene, action);
    }
}

fn subject(scene: &Scene<'_>, action: &CouncilAction) -> Option<Quoted> {
    let own = scene.lines.iter().find(|l| l.sentence.span == action.evidence.span);
    let heading = || scene.lines.iter().filter(|l| l.headline).find_map(|l| prefix(scene, l));
    let others = || scene.council_lines().chain(scene.lines.iter().filter(|l| l.headline));
    own.filter(|_| action.action == ActionKind::Measure)
        .and_then(|l| thing(scene, l, action))
        .or_else(|| own.and_then(|l| told(scene, l, action)))
        .or_else(heading)
        .or_else(|| others().find_map(|l| told(scene, l, action)))
        .or_else(|| others().find_map(|l| place(scene, l)))
}

/// Whether a line is on other states than these lines: "a draft on Mali" beside the vote on Libya.
pub(super) fn are_apart(scene: &Scene<'_>, lines: &[usize], line: &Line<'_>) -> bool {
    let ours: Vec<Code> = lines.iter().flat_map(|at| states(scene, &scene.lines[*at])).collect();
    let theirs = states(scene, line);
    !ours.is_empty() && !theirs.is_empty() && !theirs.iter().any(|code| ours.contains(code))
}

/// States right behind the words for a text or a measure: "a draft on Mali", "the sanctions on Mali".
fn states(scene: &Scene<'_>, line: &Line<'_>) -> Vec<Code> {
    let text = |at: usize| scene.phrases.draft.nouns.within(&line.words, at.saturating_sub(4)..at);
    let about = scene.phrases.subject.about.find(&line.words).into_iter().filter(|a| text(a.first));
    let things = scene.phrases.measure.iter().flat_map(|m| m.things.find(&line.words));
    let behind = |end: usize| {
        let opens = |g: &&Group| g.governed && !g.votes && g.first >= end && g.first <= end + 2;
        line.groups.iter().find(opens)
    };
    let ends = about.map(|f| f.end).chain(things.map(|f| f.end));
    ends.filter_map(behind).flat_map(|g| g.codes.clone()).collect()
}

fn told(scene: &Scene<'_>, line: &Line<'_>, action: &CouncilAction) -> Option<Quoted> {
    about(scene, line, action).or_else(|| purpose(scene, line))
}

/// "un texte sur la Syrie", "consultations on Haiti".
fn about(scene: &Scene<'_>, line: &Line<'_>, action: &CouncilAction) -> Option<Quoted> {
    let words = &scene.phrases.subject;
    let nouns = match action.action {
        ActionKind::Meeting => &words.meetings,
        ActionKind::Statement => &scene.phrases.statement.any,
        _ => &scene.phrases.draft.nouns,
    };
    let near = |a: &Found| nouns.within(&line.words, a.first.saturating_sub(12)..a.first);
    let places = words.about.find(&line.words);
    places.iter().filter(|a| near(a)).find_map(|a| phrase(scene, line, a.end))
}

/// "un projet exigeant une trêve", "has demanded a ceasefire".
fn purpose(scene: &Scene<'_>, line: &Line<'_>) -> Option<Quoted> {
    let asks = scene.phrases.subject.purpose.find(&line.words);
    asks.iter().find_map(|f| phrase(scene, line, f.end))
}

/// The mandate or the sanctions themselves, with what they are of.
fn thing(scene: &Scene<'_>, line: &Line<'_>, action: &CouncilAction) -> Option<Quoted> {
    let kind = scene.phrases.measure.iter().find(|m| Some(&m.name) == action.measure.as_ref())?;
    let inside = |f: &Found| {
        let span = line.span(f.first, f.end);
        action.triggers.iter().any(|t| t.start <= span.start && span.end <= t.end)
    };
    kind.things.find(&line.words).iter().filter(|f| inside(f)).find_map(|f| phrase(scene, line, f.first))
}

/// "Mali: Moscou fait tomber ...": what stands before the colon of a headline.
fn prefix(scene: &Scene<'_>, line: &Line<'_>) -> Option<Quoted> {
    let colon = (1..6).find(|at| line.form(*at) == ":")?;
    quoted(scene, line, 0, colon)
}

/// A state or place that is named without acting.
fn place(scene: &Scene<'_>, line: &Line<'_>) -> Option<Quoted> {
    let found = line.groups.iter().find(|g| g.governed && !g.relative)?;
    quoted(scene, line, found.first, found.end)
}

/// The noun phrase that begins at a token: up to a verb, a relative clause, a date or a mark.
fn phrase(scene: &Scene<'_>, line: &Line<'_>, from: usize) -> Option<Quoted> {
    let list = &scene.phrases.list;
    let opens = |at: usize| list.articles.contains(line.form(at)) || list.indefinite.contains(line.form(at));
    let first = (from..from + 2).find(|at| !opens(*at))?;
    let mut end = first;
    while end < line.words.forms.len() && end - first < WORDS && !stops(scene, line, end, first) {
        end += 1;
    }
    // A dangling preposition or article names nothing.
    while end > first
        && (list.prepositions.contains(line.form(end - 1))
            || opens(end - 1)
            || is_joint(line.form(end - 1), list))
    {
        end -= 1;
    }
    let empty = scene.phrases.subject.never.at(&line.words, first).is_some();
    if end == first || empty { None } else { quoted(scene, line, first, end) }
}

fn is_joint(word: &str, list: &super::phrases::ListWords) -> bool {
    word != "," && list.connectors.contains(word)
}

fn stops(scene: &Scene<'_>, line: &Line<'_>, at: usize, first: usize) -> bool {
    let form = line.form(at);
    let mark = !form.chars().any(char::is_alphanumeric) && form != "'" && form != "-";
    let verb = line.tree.and_then(|t| t.nodes.get(at)).is_some_and(|n| {
        matches!(n.upos, Upos::Verb | Upos::Aux | Upos::Sconj | Upos::Punct) && n.form != "-"
    });
    let dated = line.times.iter().any(|t| t.first <= at && at < t.end);
    mark || at > first && verb
        || dated
        || scene.phrases.list.relatives.contains(form)
        || scene.phrases.subject.stops.at(&line.words, at).is_some()
}

fn quoted(scene: &Scene<'_>, line: &Line<'_>, first: usize, end: usize) -> Option<Quoted> {
    let span = line.span(first, end);
    let text = scene.document.slice(span);
    (!text.is_empty()).then(|| Quoted { text: text.to_owned(), span })
}
