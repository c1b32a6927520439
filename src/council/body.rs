//! Which body a sentence is about: the Council of the United Nations, or one that votes or is called like it.

use super::{line::Line, pattern::Words, phrases::Phrases};

/// For each sentence whether what it tells of votes and meetings is the Council's. All `false` where the
/// article never names the Council in full.
/// `dateline`: what stands before the text ("UNITED NATIONS, July 19").
pub(super) fn ours(lines: &[Line<'_>], dateline: &str, phrases: &Phrases) -> Vec<bool> {
    let mut places: Vec<Places> = lines.iter().map(|l| Places::of(l, phrases)).collect();
    give_to_the_foreign(&mut places, lines, phrases);
    name_by_dateline(&mut places, lines, dateline, phrases);
    if places.iter().all(|p| p.full.is_none()) {
        return vec![false; lines.len()];
    }
    let assembly = lines.iter().any(|l| large_vote(l, phrases));
    let on_council = !assembly && is_on_council(lines, &places);
    let mut active = on_council;
    let mut paragraph = None;
    let mut own_name_taken = false;
    let mut aside = false;
    places
        .iter()
        .zip(lines)
        .map(|(p, line)| {
            let fresh = paragraph != Some(line.sentence.paragraph);
            paragraph = Some(line.sentence.paragraph);
            if fresh && !on_council && !assembly {
                active = false;
            }
            own_name_taken = p.foreign.is_some() || own_name_taken && p.full.is_none();
            let ours = p.full.or(p.short.filter(|_| !own_name_taken));
            let others = p.other.or(p.foreign);
            let now = match (ours, others) {
                (Some(ours), Some(other)) => !assembly && p.foreign.is_none() || ours > other,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => active && !own_name_taken && (fresh || !aside),
            };
            // What follows on another body in its paragraph is still about that one, until the Council is named again.
            aside = (aside && !fresh || others.is_some()) && ours.is_none();
            // An aside on another body does not change the subject of an article on the Council.
            active = match (ours, others) {
                (Some(_), Some(_)) if assembly => false,
                _ if assembly || ours.is_some() => now,
                _ => active,
            };
            now
        })
        .collect()
}

/// An article on the Council names it early, and no other body before it; elsewhere it is the subject of the
/// paragraphs that name it.
fn is_on_council(lines: &[Line<'_>], places: &[Places]) -> bool {
    let early = || {
        let body = lines.iter().zip(places).filter(|(l, _)| !l.headline).take(4);
        body.chain(lines.iter().zip(places).filter(|(l, _)| l.headline))
    };
    let first = early().find(|(l, p)| !l.headline && (p.ours().is_some() || p.theirs().is_some()));
    let others_lead = first.is_some_and(|(_, p)| match (p.ours(), p.theirs()) {
        (Some(ours), Some(theirs)) => theirs < ours && p.full.is_none(),
        (ours, _) => ours.is_none(),
    });
    !others_lead && early().any(|(_, p)| p.ours().is_some())
}

/// "le Conseil de sécurité" alone is the foreign council's of that name, where the article named that one before
/// and says nowhere that another is the United Nations'.
fn give_to_the_foreign(places: &mut [Places], lines: &[Line<'_>], phrases: &Phrases) {
    let is_named = lines.iter().any(|l| phrases.organ.nations.is_in(&l.words));
    let Some(first) = places.iter().position(|p| p.foreign.is_some()).filter(|_| !is_named) else { return };
    for (place, _) in places.iter_mut().zip(lines).filter(|(_, l)| l.index >= first || l.headline) {
        place.foreign = place.foreign.or(place.full.take());
    }
}

/// Under a dateline of the United Nations a veto is the Council's where a draft is told of, though nobody names it; and
/// "the Council" is that one where no other body is named.
fn name_by_dateline(places: &mut [Places], lines: &[Line<'_>], dateline: &str, phrases: &Phrases) {
    let dateline = phrases.organ.nations.is_in(&Words::of_text(dateline));
    let early = lines.iter().take(3).any(|l| phrases.organ.nations.is_in(&l.words));
    if !(dateline || early) || places.iter().any(|p| p.foreign.is_some()) {
        return;
    }
    let drafted = dateline && lines.iter().any(|l| phrases.draft.nouns.is_in(&l.words));
    if drafted
        && places.iter().all(|p| p.theirs().is_none())
        && let Some(first) = places.iter_mut().find(|p| p.short.is_some())
    {
        first.full = first.full.or(first.short);
    }
    for (place, line) in places.iter_mut().zip(lines) {
        let veto = phrases.veto.is_in(&line.words);
        let text = drafted || phrases.draft.nouns.is_in(&line.words);
        let told = veto && text && !phrases.veto.never.is_in(&line.words);
        place.full = place.full.or(told.then_some(0));
    }
}

/// Last token where each kind of body is named.
#[derive(Debug, Default)]
struct Places {
    full: Option<usize>,
    short: Option<usize>,
    other: Option<usize>,
    foreign: Option<usize>,
}

impl Places {
    fn of(line: &Line<'_>, phrases: &Phrases) -> Self {
        let (words, organ) = (&line.words, &phrases.organ);
        let mut places = Self::default();
        for found in organ.full.find(words) {
            // "un veto à un projet de résolution américain": it is the text that is American.
            let text = phrases.draft.nouns.within(words, found.first..found.end);
            let foreign = !text
                && (organ.foreign_after.at(words, found.end).is_some()
                    || organ.foreign_before.find(words).iter().any(|f| f.end == found.first));
            *(if foreign { &mut places.foreign } else { &mut places.full }) = Some(found.first);
        }
        places.foreign = places.foreign.max(organ.foreign.find(words).last().map(|f| f.first));
        // "recommended to the General Assembly": the Council did.
        let addressed = organ.addressed.find(words);
        let mut others = organ.other.find(words);
        others.retain(|o| !addressed.iter().any(|a| a.first < o.end && o.first < a.end));
        // "le Conseil des droits de l'homme" is not "le Conseil".
        let namesakes = organ.namesakes.find(words);
        let is_part = |at: usize| others.iter().chain(&namesakes).any(|o| o.first < at + 2 && at < o.end);
        let short = organ.short.find(words);
        places.short = short.iter().rev().find(|f| !is_part(f.first)).map(|f| f.first);
        places.other = others.last().map(|f| f.first);
        places
    }

    fn ours(&self) -> Option<usize> {
        self.full.or(self.short)
    }

    fn theirs(&self) -> Option<usize> {
        self.other.or(self.foreign)
    }
}

/// Whether the vote of the day is another body's: one of more states than sit in the Council, told before the Council is
/// named or in the sentence that names it behind that body.
pub(super) fn leads_elsewhere(lines: &[Line<'_>], phrases: &Phrases) -> bool {
    let mut body = lines.iter().filter(|l| !l.headline).map(|l| (l, Places::of(l, phrases)));
    let Some((line, places)) = body.find(|(_, p)| p.ours().is_some() || p.theirs().is_some()) else {
        return false;
    };
    let theirs_first = places.theirs().is_some_and(|theirs| places.ours().is_none_or(|ours| theirs < ours));
    theirs_first && lines.iter().filter(|l| l.index <= line.index + 1).any(|l| large_vote(l, phrases))
}

/// A vote of more states than sit in the Council: the General Assembly's, or another body's.
fn large_vote(line: &Line<'_>, phrases: &Phrases) -> bool {
    let large = |n: &u8| (16..=193).contains(n);
    let counted: Vec<Option<u8>> =
        line.words.forms.iter().map(|form| form.parse().ok().filter(large)).collect();
    if line.headline || counted.iter().all(Option::is_none) {
        return false;
    }
    let numbers =
        counted.into_iter().zip(&line.words.numbers).map(|(large, small)| large.or(*small)).collect();
    let words = Words { numbers, ..line.words.clone() };
    phrases.tally.all().iter().any(|set| set.find(&words).iter().any(|f| f.numbers.iter().any(large)))
}
