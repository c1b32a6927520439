//! Articles that look back: anniversaries, chronologies, portraits, explainers. What these tell without a date of its own
//! is no news.

use jiff::civil::Date;

use super::{
    ActionKind, ActionStatus, CouncilAction,
    line::Line,
    phrase_set::PhraseSet,
    scene::{MONTH, Scene},
};
use crate::{
    discourse::{When, time::TimeExpression},
    text::Span,
};

/// Tokens at the head of a sentence in which its date stands ("C'était il y a vingt ans").
const HEAD: usize = 6;

/// Makes background of what an article tells that looks back, and drops what an explainer says of all times.
pub(super) fn tell(scene: &Scene<'_>, actions: &mut Vec<CouncilAction>) {
    let words = &scene.phrases.history;
    if is_headed(scene, &words.explainers) {
        actions.retain(|a| a.status == ActionStatus::Past || !a.when.text.is_empty());
    }
    if is_headed(scene, &words.genres) || is_on_a_life(scene) || looks_back(scene, actions) {
        for action in actions.iter_mut() {
            tell_as_past(scene, action);
        }
    }
}

/// Whether the headline or the first sentence begins with such words ("Chronologie de la crise").
fn is_headed(scene: &Scene<'_>, words: &PhraseSet) -> bool {
    let opens = |l: &Line<'_>| (0..3).any(|at| words.at(&l.words, at).is_some());
    scene.lines.iter().filter(|l| l.headline).chain(lead(scene)).any(opens)
}

/// "L'ancien ambassadeur est mort à 88 ans. Il présidait le Conseil ..."
fn is_on_a_life(scene: &Scene<'_>) -> bool {
    lead(scene).is_some_and(|l| scene.phrases.history.lives.is_in(&l.words))
}

fn lead<'a>(scene: &'a Scene<'_>) -> Option<&'a Line<'a>> {
    scene.lines.iter().find(|l| !l.headline)
}

/// Whether the article begins with what is a year old, and nowhere tells of the last weeks or of days to come.
fn looks_back(scene: &Scene<'_>, actions: &[CouncilAction]) -> bool {
    let Some(lead) = lead(scene) else { return false };
    let old = |t: &TimeExpression| date(scene, t).is_some_and(|d| scene.is_years_ago(d));
    let headed = lead.times.first().is_some_and(|t| t.first < HEAD && old(t));
    let led = || {
        let mut early = scene.council_lines().take(2).map(|l| l.sentence.span);
        let first = actions
            .iter()
            .min_by_key(|a| (a.evidence.span.field != lead.sentence.span.field, a.evidence.span.start));
        let told = first.filter(|a| a.when.date.is_some_and(|d| scene.is_years_ago(d)));
        told.is_some_and(|a| early.any(|span| span == a.evidence.span))
    };
    // A vote that nothing makes background is the news.
    let voted = actions.iter().any(|a| a.action == ActionKind::Vote && a.status == ActionStatus::Done);
    !voted && (headed || led()) && !scene.lines.iter().any(|l| is_of_these_weeks(scene, l))
}

fn is_of_these_weeks(scene: &Scene<'_>, line: &Line<'_>) -> bool {
    line.times.iter().any(|t| {
        let recent = date(scene, t).is_some_and(|d| scene.days_since(d).is_some_and(|days| days <= MONTH));
        recent && !is_yearless(line, t) && !scene.is_anniversary(line, t)
    })
}

fn tell_as_past(scene: &Scene<'_>, action: &mut CouncilAction) {
    let line = scene.lines.iter().find(|l| l.sentence.span == action.evidence.span);
    let own = line.and_then(|l| {
        let text = |t: &&TimeExpression| scene.document.slice(l.span(t.first, t.end)) == action.when.text;
        l.times.iter().find(text).map(|t| is_yearless(l, t))
    });
    let recent = scene.age(&action.when).is_some_and(|days| days <= MONTH);
    match own {
        Some(false) if recent => return,
        // "Le 21 avril 1994 ... Le 17 mai": of the year told before.
        Some(true) => {
            let year = told_before(scene, action.evidence.span, false).and_then(|w| w.date).map(Date::year);
            let moved = action.when.date.zip(year).and_then(|(d, year)| d.with().year(year).build().ok());
            action.when.date = moved.or(action.when.date.filter(|_| !recent));
        }
        Some(false) => {}
        None if action.status == ActionStatus::Planned => return,
        None => {
            let told = told_before(scene, action.evidence.span, true);
            action.when = told.unwrap_or(When { date: None, ..scene.article_date() });
        }
    }
    action.status = ActionStatus::Past;
}

/// The last date of old up to a sentence: of its paragraph alone, or of the whole article.
fn told_before(scene: &Scene<'_>, span: Span, of_paragraph: bool) -> Option<When> {
    let at = scene.lines.iter().position(|l| l.sentence.span == span)?;
    let paragraph = scene.lines[at].sentence.paragraph;
    let near = |l: &&Line<'_>| !l.headline && (!of_paragraph || l.sentence.paragraph == paragraph);
    scene.lines[..=at].iter().rev().filter(near).find_map(|l| {
        let old =
            |t: &&TimeExpression| !is_yearless(l, t) && date(scene, t).is_some_and(|d| scene.is_years_ago(d));
        let time = l.times.iter().rev().find(old)?;
        Some(time.when(scene.published?, false, scene.document.slice(l.span(time.first, time.end))))
    })
}

fn date(scene: &Scene<'_>, time: &TimeExpression) -> Option<Date> {
    time.moment(scene.published?, false).date
}

/// "le 17 mai": a day whose year is told elsewhere.
fn is_yearless(line: &Line<'_>, time: &TimeExpression) -> bool {
    let year = |form: &String| form.len() == 4 && form.parse::<u16>().is_ok();
    time.names_a_day() && !line.words.forms[time.first..time.end].iter().any(year)
}
