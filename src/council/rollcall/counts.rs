//! How many took which position.

use super::{Fact, Said, voters::Reader};
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
            // "adopted by ten to three (Cuba, Yemen, Zimbabwe) and ..." has the names of one number inside: each is read alone.
            let row = found.numbers.len() > 1
                && words.asides.keys().any(|at| (found.first..found.end).contains(at));
            // "a obtenu une résolution": an article, no count.
            let article = found.numbers == [1] && !(found.first..=found.end).any(ballot);
            // "il fallait neuf voix pour que": a bar, not a count.
            let bar = phrases.outcome.needed.within(words, line.back(found.first, 3))
                || found.numbers == [table.needed] && is_the_bar(line, phrases, found.first, found.end);
            let added = super::added_to(line, phrases, found.first).is_some();
            if !vague
                && !added
                && !row
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

/// How far before a cue the number of its voters may stand: "treize membres, parmi lesquels ..., ont voté pour".
const COUNTED: usize = 40;

/// Tokens from a number in which what kind of voters it counts is told: "deux des trois pays africains".
const KIND: usize = 7;

/// Votes in favour that a group of members may have and the whole side hardly.
const FEW: u8 = 8;

impl Reader<'_> {
    /// A number of voters as the subject: "dix délégations l'ont appuyé", "two abstained".
    pub(super) fn voters_counted(&self) -> Option<(usize, u8)> {
        let (line, cue) = (self.line, self.cue);
        (self.from.max(cue.first.saturating_sub(COUNTED))..cue.first)
            .rev()
            .find_map(|at| {
                let n = line.words.numbers[at]?;
                // "tous trois": those named before.
                if at > 0 && self.phrases.pronouns.contains(line.form(at - 1)) {
                    return None;
                }
                let next = line.form(at + 1);
                let after = line.form(at + 2);
                // "Thirteen of the Security Council's members voted".
                let part = self.phrases.list.partitive.contains(next)
                    && (at + 2..cue.first).any(|i| self.phrases.list.voters.contains(line.form(i)));
                let counted = at + 1 == cue.first
                    || part
                    || self.phrases.list.voters.contains(next)
                    || self.phrases.list.voters.contains(after)
                    || matches!(next, "(" | "," | ":")
                        && line.groups.iter().any(|g| g.first > at && g.first <= at + 4)
                    || cue.first - at <= 3;
                let dated = line.times.iter().any(|t| t.first <= at && at < t.end);
                // "un" and "one" are articles and pronouns more often than a count.
                let text = self.phrases.draft.nouns.at(&line.words, at + 1).is_some();
                let one = n == 1 && (at + 1 != cue.first || text) && !self.phrases.list.voters.contains(next);
                (counted && !dated && !one).then_some((at, n))
            })
            .map(|(at, n)| self.of_all(at).unwrap_or((at, n)))
    }

    /// Whether a number before the cue counts its voters: "par quatorze voix, les Etats-Unis s'abstenant" counts others,
    /// "quatre pays, la Russie, la Chine, le Gabon et l'Inde, ont voté" those that it names.
    pub(super) fn counts(&self, at: usize, n: u8) -> bool {
        let list = &self.phrases.list;
        let form = |i: usize| self.line.form(i);
        let of_ballots = (1..=2).any(|next| list.ballots.contains(form(at + next)));
        if of_ballots && matches!(self.cue.position, Position::Abstain | Position::Absent) {
            return false;
        }
        match self.left(Some(at)) {
            None => true,
            Some(group) => {
                let group = self.parted_by_relative(group).unwrap_or(group);
                let opened = self.leads(group)
                    || list.leading.at(&self.line.words, group.end).is_some()
                    || (at..group.first.min(at + 4)).any(|i| matches!(form(i), "(" | ":" | "-" | "–" | "—"));
                opened || group.codes.len() == usize::from(n)
            }
        }
    }

    /// "Les trois membres africains ont voté pour", "all five voted for it": the votes of a group, beside which others
    /// voted alike. Those who say no or abstain are few: such a group may be all of them.
    pub(super) fn is_of_a_group(&self, at: usize) -> bool {
        let list = &self.phrases.list;
        let few = self.line.words.numbers[at].is_some_and(|n| n < FEW);
        let pointed = at.checked_sub(1).is_some_and(|i| list.demonstratives.contains(self.line.form(i)));
        self.cue.position == Position::For && few && (pointed || self.is_of_a_kind(at))
    }

    /// Whether words behind a number tell what kind of members it counts.
    pub(super) fn is_of_a_kind(&self, at: usize) -> bool {
        let behind = at + 1..self.cue.first.min(at + KIND);
        self.phrases.list.kinds.within(&self.line.words, behind)
    }

    /// "eleven of the 15 members": the part, not the whole.
    fn of_all(&self, at: usize) -> Option<(usize, u8)> {
        (at.saturating_sub(6)..at).rev().find_map(|i| {
            let n = self.line.words.numbers[i]?;
            let of = (i + 1..at).any(|k| self.phrases.list.partitive.contains(self.line.form(k)));
            of.then_some((i, n))
        })
    }
}
