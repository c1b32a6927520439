//! The words that tell a position, and whether they tell what happened.

use crate::council::{
    Position,
    line::Line,
    phrase_set::PhraseSet,
    phrases::{Cues, Phrases},
};

/// A cue found in the sentence.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) position: Position,
    pub(super) side: Side,
    pub(super) veto: bool,
    pub(super) number: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Subject,
    Weak,
    List,
    Both,
    Beside,
}

/// Every place of a sentence where a position is told.
pub(super) fn cues(line: &Line<'_>, phrases: &Phrases) -> Vec<Cue> {
    let words = &line.words;
    let mut found = Vec::new();
    let mut add = |set: &PhraseSet, position, side, veto| {
        for f in set.find(words) {
            let number = f.numbers.first().map(|n| part_of(line, phrases, f.first..f.end, *n));
            found.push(Cue { first: f.first, end: f.end, position, side, veto, number });
        }
    };
    for (position, Cues { subject, list, weak, both }) in phrases.position.each() {
        add(weak, position, Side::Weak, false);
        add(subject, position, Side::Subject, false);
        add(list, position, Side::List, false);
        add(both, position, Side::Both, false);
    }
    add(&phrases.veto.subject, Position::Against, Side::Subject, true);
    add(&phrases.veto.list, Position::Against, Side::List, true);
    add(&phrases.veto.noun, Position::Against, Side::Beside, true);
    let never = phrases.veto.never.find(words);
    for cue in &mut found {
        // "criticised both vetoes": the noun, not the verb.
        if cue.veto && cue.side == Side::Subject && cue.end == cue.first + 1 && line.is_noun(cue.first) {
            cue.side = Side::Beside;
        }
    }
    found.retain(|c| !(c.veto && never.iter().any(|n| n.first < c.end && c.first < n.end)));
    let (mut found, unreal): (Vec<Cue>, Vec<Cue>) =
        found.into_iter().partition(|c| is_fact(line, phrases, c));
    // "aurait empêché Moscou de mettre son veto": the bare noun tells no more than the whole phrase.
    found.retain(|c| c.side != Side::Beside || !unreal.iter().any(|u| u.first < c.end && c.first < u.end));
    // "s'y est opposée et la Chine s'est abstenue", "se sont prononcés pour, les autres s'abstenant": no gap reaches into
    // the next clause.
    let ends: Vec<(usize, usize)> = found.iter().map(|c| (c.first, c.end)).collect();
    found.retain(|c| {
        let parts =
            |at: &usize| !c.veto && line.form(*at) == "," || phrases.list.parting.contains(line.form(*at));
        let parted = (c.first + 1..c.end).find(parts);
        !matches!(c.side, Side::Subject | Side::Weak)
            || parted.is_none_or(|at| !ends.iter().any(|(first, end)| *first > at && *end == c.end))
    });
    // "seven votes in favor and eight abstentions, among them those of Japan": nor over another position's count.
    let counts: Vec<(usize, usize, Position)> =
        found.iter().filter(|c| c.number.is_some()).map(|c| (c.first, c.end, c.position)).collect();
    found.retain(|c| {
        !counts.iter().any(|(first, end, position)| {
            *position != c.position && c.first < *first && *end < c.end && c.side == Side::List
        })
    });
    // Of overlapping cues the longest speaks; a veto before a plain position, voters before none, what stands for
    // itself before what needs a text beside it.
    let last = |c: &Cue| (c.side == Side::Beside, c.side == Side::Weak);
    found.sort_by_key(|c| (std::cmp::Reverse(c.end - c.first), last(c), c.first));
    let mut kept: Vec<Cue> = Vec::new();
    for cue in found {
        if !kept.iter().any(|k| k.first < cue.end && cue.first < k.end) {
            kept.push(cue);
        }
    }
    kept.sort_by_key(|c| c.first);
    let firsts: Vec<usize> = kept.iter().map(|c| c.first).collect();
    let next = |c: &Cue| firsts.iter().find(|first| **first > c.first).copied();
    kept.retain(|c| !next(c).is_some_and(|next| recalls_in_passing(line, phrases, c, next)));
    kept
}

/// "Le Costa Rica, qui avait soutenu la première version, s'est abstenu": between commas, in a time of its own, what a
/// voter did before; what he did now follows.
fn recalls_in_passing(line: &Line<'_>, phrases: &Phrases, cue: &Cue, next: usize) -> bool {
    let clause = line.clause_start(cue.first);
    let between = cue.end..next;
    let ends = between.clone().any(|at| line.form(at) == ",");
    let others = line.groups.iter().any(|g| between.contains(&g.first));
    line.opens_relative(clause, &phrases.list)
        && ends
        && !others
        && phrases.time.pluperfect.within(&line.words, clause..cue.first + 1)
}

/// "n'a rassemblé que six des neuf voix": the part, not the whole.
fn part_of(line: &Line<'_>, phrases: &Phrases, within: std::ops::Range<usize>, n: u8) -> u8 {
    let words = &line.words;
    let Some(at) = within.rev().find(|i| words.numbers[*i] == Some(n)) else { return n };
    let of = at.checked_sub(1).is_some_and(|i| phrases.list.partitive.contains(line.form(i)));
    let part = of.then(|| (at.saturating_sub(3)..at - 1).rev().find_map(|i| words.numbers[i])).flatten();
    part.filter(|part| *part < n).unwrap_or(n)
}

/// Whether a cue tells what happened: no condition, wish or denial governs it, and nobody merely talks of it.
fn is_fact(line: &Line<'_>, phrases: &Phrases, cue: &Cue) -> bool {
    let words = &line.words;
    let start = (cue.first.saturating_sub(6)..cue.first)
        .rev()
        .find(|i| matches!(line.form(*i), "," | ";" | ":" | "." | "(" | ")" | "\""))
        .map_or(cue.first.saturating_sub(6), |i| i + 1);
    let start = phrases.time.passive_start(words, cue.first).map_or(start, |passive| start.max(passive));
    // Of a cue's own words only the ending tells: "refused to take part" is no wish.
    let inflected = words.future[cue.first] || words.conditional[cue.first];
    if inflected || line.is_unreal(start..cue.first, phrases) {
        return false;
    }
    if phrases.time.talk.contains(line.form(cue.first.wrapping_sub(1))) {
        return false;
    }
    // "did not go so far as to use its veto"
    let reach = if cue.veto { 6 } else { 3 };
    let near = cue.first.saturating_sub(reach).max(start)..cue.first;
    let denied = match cue.side {
        Side::Subject | Side::Weak => words.forms[near].iter().any(|w| phrases.time.negation.contains(w)),
        // "not one dissenter", "sans les voix de la Chine".
        Side::List => {
            cue.number.is_none_or(|n| n == 1)
                && phrases.time.negation.contains(line.form(cue.first.wrapping_sub(1)))
        }
        // "no Soviet veto", "aucun veto", but "without Russia's veto", "ce n'est pas le veto russe".
        Side::Beside => {
            let before = &words.forms[line.back(cue.first, 2)];
            // "aucun membre permanent n'a eu à employer son veto"
            let own = before.last().is_some_and(|w| phrases.draft.own.contains(w));
            let wide = line.clause_start(cue.first).max(cue.first.saturating_sub(10))..cue.first;
            if own && words.forms[wide].iter().any(|w| phrases.time.negation.contains(w)) {
                return false;
            }
            let definite = before
                .last()
                .is_some_and(|w| phrases.list.articles.contains(w) || phrases.draft.possessive.contains(w));
            !definite && before.iter().any(|w| phrases.time.negation.contains(w))
        }
        Side::Both => false,
    };
    if denied {
        return false;
    }
    !line.quoted.get(cue.first).copied().unwrap_or(false) || is_first_person(line, phrases, cue)
}

fn is_first_person(line: &Line<'_>, phrases: &Phrases, cue: &Cue) -> bool {
    line.words.forms[cue.first.saturating_sub(4)..cue.end].iter().any(|w| phrases.speaker.contains(w))
}
