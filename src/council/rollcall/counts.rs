//! How many took which position.

use super::{Fact, Said};
use crate::council::{Position, Table, line::Line, phrases::Phrases};

/// Adds the numbers that a sentence tells of a vote.
pub(super) fn totals(line: &Line<'_>, phrases: &Phrases, table: Table, facts: &mut Vec<Fact>) {
    let words = &line.words;
    let positions = [Position::For, Position::Against, Position::Abstain];
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let rejected = phrases.outcome.failed.is_in(words) && !phrases.veto.is_in(words);
    let mut push = |at: usize, end: usize, numbers: &[u8], positions: &[Position]| {
        let sum = numbers.iter().map(|n| u16::from(*n)).sum::<u16>();
        // Of phrases that share words the first, of the longer kind, speaks.
        if sum > u16::from(table.seats) || taken.iter().any(|(first, last)| *first < end && at < *last) {
            return;
        }
        taken.push((at, end));
        // "rejected by nine votes to four": those who rejected it come first.
        let defeat = |a: u8, b: u8| a >= table.needed && b < table.needed && rejected;
        let positions = match *numbers {
            [a, b] | [a, b, _] if defeat(a, b) => &[Position::Against, Position::For, Position::Abstain][..],
            _ => positions,
        };
        for (n, position) in numbers.iter().zip(positions) {
            facts.push(Fact { at, end, said: Said::Count { position: *position, n: *n } });
        }
    };
    for (set, positions) in [
        (&phrases.tally.for_against_abstain, &positions[..]),
        (&phrases.tally.for_against, &positions[..2]),
        (&phrases.tally.against, &positions[1..2]),
        (&phrases.tally.abstain, &positions[2..3]),
        (&phrases.tally.in_favour, &positions[..1]),
        (&phrases.tally.bare, &positions[..1]),
    ] {
        for mut found in set.find(words) {
            if let [n] = found.numbers[..]
                && let Some(part) = part_before(line, phrases, found.first, n)
            {
                found.numbers = vec![part];
            }
            let bare = std::ptr::eq(set, &raw const phrases.tally.bare);
            let around = found.first.saturating_sub(6)..(found.end + 4).min(words.forms.len());
            let vague = bare && (found.numbers[0] < 4 || phrases.outcome.needed.within(words, around));
            let ballot = |at: usize| phrases.list.ballots.contains(line.form(at));
            // "a obtenu une résolution": an article, no count.
            let article = found.numbers == [1] && !(found.first..=found.end).any(ballot);
            // "il fallait neuf voix pour que": a bar, not a count.
            let bar = phrases.outcome.needed.within(words, line.back(found.first, 3))
                || found.numbers == [table.needed] && is_the_bar(line, phrases, found.first, found.end);
            if !vague
                && !article
                && !bar
                && !phrases.time.unreal(words, found.first.saturating_sub(5)..found.first)
            {
                push(found.first, found.end, &found.numbers, positions);
            }
        }
    }
    for (at, form) in words.forms.iter().enumerate() {
        let parts: Option<Vec<u8>> = form.split(['-', '–']).map(|p| p.parse().ok()).collect();
        if let Some(parts) = parts.filter(|p| (2..=3).contains(&p.len())) {
            push(at, at + 1, &parts, &positions);
        }
    }
    let mut others = Vec::new();
    for found in phrases.outcome.alone.find(words) {
        if let Some(n) = found.numbers.first().filter(|n| **n >= 10) {
            push(found.first, found.end, &[*n], &positions[..1]);
            others.push((found.first, found.end, *n));
        }
    }
    for (at, end, n) in others {
        facts.push(Fact { at, end, said: Said::Rest { position: Position::For, n: Some(n) } });
    }
    for (set, position) in
        [(&phrases.outcome.none, Position::Abstain), (&phrases.outcome.none_against, Position::Against)]
    {
        if let Some(found) = set.first(words) {
            facts.push(Fact { at: found.first, end: found.end, said: Said::Count { position, n: 0 } });
        }
    }
}

/// "the nine supporters it needed", "les neuf voix nécessaires": what a text needs, not what it got.
fn is_the_bar(line: &Line<'_>, phrases: &Phrases, first: usize, end: usize) -> bool {
    let definite = phrases.list.articles.contains(line.form(first.wrapping_sub(1)));
    let behind = end..(end + 3).min(line.words.forms.len());
    definite && phrases.outcome.needed.within(&line.words, behind)
}

/// "eight of its 15 members abstained": the part before the whole with which a phrase begins.
fn part_before(line: &Line<'_>, phrases: &Phrases, whole: usize, n: u8) -> Option<u8> {
    let before = whole.saturating_sub(6)..whole;
    let of = before.clone().rev().find(|at| phrases.list.partitive.contains(line.form(*at)))?;
    let part = line.words.numbers[of.checked_sub(1).filter(|at| *at >= before.start)?]?;
    (line.words.numbers[whole] == Some(n) && part < n).then_some(part)
}
