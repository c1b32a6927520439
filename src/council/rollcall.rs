//! What one sentence says of a vote: who took which position, how many, with what outcome.

use super::{
    Outcome, Position,
    line::{Group, Line},
    phrases::{Cues, Phrases},
};
use crate::actors::Code;

/// One thing said of a vote, and the token where it is said.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub at: usize,
    pub end: usize,
    pub said: Said,
}

#[derive(Debug, Clone)]
pub(super) enum Said {
    Cast {
        codes: Vec<Code>,
        position: Position,
        veto: bool,
    },
    /// The same as these partners, or, where that is not known, the position.
    With {
        codes: Vec<Code>,
        partners: Vec<Code>,
        position: Position,
    },
    Count {
        position: Position,
        n: u8,
    },
    /// Everyone who is not named elsewhere.
    Rest {
        position: Position,
        n: Option<u8>,
    },
    /// Whoever tabled the text ("its own", "la sienne").
    Sponsor {
        position: Position,
    },
    Outcome(Outcome),
    Unanimous,
    Procedural,
    /// The Council demanded or condemned something: with a vote told, the text was adopted.
    Decided,
}

/// A cue found in the sentence.
#[derive(Debug, Clone)]
struct Cue {
    first: usize,
    end: usize,
    position: Position,
    side: Side,
    veto: bool,
    number: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Subject,
    Weak,
    List,
    Both,
    Beside,
}

/// Everything that a sentence says of votes. `before`: the states named last before it, for pronouns.
pub(super) fn facts(line: &Line<'_>, phrases: &Phrases, before: &[Code]) -> Vec<Fact> {
    let mut facts = Vec::new();
    // Whole counts first: of two readings of one number the longer phrase is right.
    totals(line, phrases, &mut facts);
    let cues = cues(line, phrases);
    let mut used = 0;
    let mut last: Option<Position> = None;
    for (i, cue) in cues.iter().enumerate() {
        let next = cues.get(i + 1).map_or(line.words.forms.len(), |c| c.first);
        let from = used.max(part_start(line, cue.first));
        let reader = Reader { line, phrases, cue, from, next, before };
        used = reader.read(&mut facts).max(used);
        last = Some(cue.position);
    }
    same_as_before(line, phrases, last, &mut facts);
    outcomes(line, phrases, &mut facts);
    facts.sort_by_key(|f| f.at);
    facts
}

/// Start of the part of the sentence that a cue may look back to.
fn part_start(line: &Line<'_>, at: usize) -> usize {
    (0..at).rev().find(|i| matches!(line.form(*i), ";" | "." | "!" | "?")).map_or(0, |i| i + 1)
}

fn cues(line: &Line<'_>, phrases: &Phrases) -> Vec<Cue> {
    let words = &line.words;
    let mut found = Vec::new();
    let mut add = |set: &super::phrases::PhraseSet, position, side, veto| {
        for f in set.find(words) {
            let number = f.numbers.first().copied();
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
    found.retain(|c| {
        !(c.veto && never.iter().any(|n| n.first < c.end && c.first < n.end)) && is_fact(line, phrases, c)
    });
    // Of overlapping cues the longest speaks; a veto before a plain position, voters before none.
    found.sort_by_key(|c| (std::cmp::Reverse(c.end - c.first), c.side == Side::Beside, c.first));
    let mut kept: Vec<Cue> = Vec::new();
    for cue in found {
        if !kept.iter().any(|k| k.first < cue.end && cue.first < k.end) {
            kept.push(cue);
        }
    }
    kept.sort_by_key(|c| c.first);
    kept
}

/// Whether a cue tells what happened: no condition, wish or denial governs it, and nobody merely talks of it.
fn is_fact(line: &Line<'_>, phrases: &Phrases, cue: &Cue) -> bool {
    let words = &line.words;
    let start = (cue.first.saturating_sub(6)..cue.first)
        .rev()
        .find(|i| matches!(line.form(*i), "," | ";" | ":" | "." | "(" | ")" | "\"" | "«" | "»"))
        .map_or(cue.first.saturating_sub(6), |i| i + 1);
    if phrases.time.unreal(words, start..cue.first + 1) {
        return false;
    }
    let near = cue.first.saturating_sub(3).max(start)..cue.first;
    if matches!(cue.side, Side::Subject | Side::Weak)
        && words.forms[near].iter().any(|w| phrases.time.negation.contains(w))
    {
        return false;
    }
    !line.quoted.get(cue.first).copied().unwrap_or(false) || is_first_person(line, phrases, cue)
}

fn is_first_person(line: &Line<'_>, phrases: &Phrases, cue: &Cue) -> bool {
    line.words.forms[cue.first.saturating_sub(4)..cue.end].iter().any(|w| phrases.speaker.contains(w))
}

/// Reads the voters of one cue.
struct Reader<'a> {
    line: &'a Line<'a>,
    phrases: &'a Phrases,
    cue: &'a Cue,
    /// Tokens before belong to an earlier cue.
    from: usize,
    /// Where the next cue begins.
    next: usize,
    before: &'a [Code],
}

impl Reader<'_> {
    /// Adds what the cue tells; returns the first token that is free for the next cue.
    fn read(&self, facts: &mut Vec<Fact>) -> usize {
        let cue = self.cue;
        if self.line.quoted.get(cue.first).copied().unwrap_or(false) {
            self.cast(self.speaker(), facts);
            return cue.end;
        }
        match cue.side {
            Side::Beside => {
                self.cast(self.beside(), facts);
                cue.end
            }
            Side::List => {
                if let Some(n) = cue.number {
                    self.count(n, facts);
                }
                let clause = self.line.clause_start(cue.first).max(self.from);
                self.sponsor(clause..self.next.min(cue.end + 16), facts);
                let rest = self.rest(cue.end..self.next.min(cue.end + 6), facts);
                let right = self.right(0);
                let end = right.map_or(cue.end, |g| g.end);
                // No list after all: "dix pays ont voté pour" has its voters before.
                if right.is_none() && cue.number.is_none() && !cue.veto && !rest {
                    return self.subject(facts);
                }
                self.cast(right.map(|g| g.codes.clone()), facts);
                end
            }
            Side::Both => {
                let inside = self.line.groups.iter().find(|g| g.first >= cue.first && g.end <= cue.end);
                let next_to = self.line.groups.iter().find(|g| g.first >= cue.end && g.first <= cue.end + 1);
                let Some(after) = inside.or(next_to) else { return self.subject(facts) };
                // ", and China abstained": the rest of the row is the subject of the next position.
                let shared = after.end + 1 >= self.next && after.codes.len() > 1;
                let partners = if shared { after.codes[..1].to_vec() } else { after.codes.clone() };
                let codes = self.left(None).map(|g| g.codes.clone()).unwrap_or_default();
                self.push(Said::With { codes, partners, position: cue.position }, facts);
                if shared { cue.end } else { after.end.max(cue.end) }
            }
            Side::Weak if !self.is_of_text() => cue.end,
            Side::Subject | Side::Weak => self.subject(facts),
        }
    }

    fn subject(&self, facts: &mut Vec<Fact>) -> usize {
        let cue = self.cue;
        let rest = self.rest(self.from..cue.first, facts);
        let count = self.voters_counted().filter(|(at, n)| self.counts(*at, *n));
        if let Some((_, n)) = count.filter(|_| !rest) {
            self.count(n, facts);
        }
        self.sponsor(self.from..cue.end.min(self.next), facts);
        let left = self.left(count.map(|(at, _)| at).filter(|_| !rest));
        let right = self.right(1);
        if let Some(group) = left {
            self.cast(Some(group.codes.clone()), facts);
            // "Ten supported the renewal, China and France among them" adds to no subject of its own.
            return cue.end;
        }
        if let Some(group) = right.or_else(|| self.attached().filter(|_| count.is_some())) {
            self.cast(Some(group.codes.clone()), facts);
            return group.end;
        }
        if count.is_none() && !rest && self.pronoun() {
            self.cast(Some(self.before.to_vec()), facts);
        }
        cue.end
    }

    /// A text stands close behind the cue, or counted voters before it.
    fn is_of_text(&self) -> bool {
        let words = &self.line.words;
        let after = self.cue.end..(self.cue.end + 6).min(words.forms.len());
        let object = self.phrases.draft.nouns.within(words, after.clone())
            || words.forms.get(self.cue.end).is_some_and(|w| self.phrases.pronouns.contains(w))
            || self.phrases.pronouns.contains(self.line.form(self.cue.first.saturating_sub(1)));
        object
            || self.voters_counted().is_some()
            || self.phrases.list.others.within(words, self.from..self.cue.first)
    }

    fn push(&self, said: Said, facts: &mut Vec<Fact>) {
        facts.push(Fact { at: self.cue.first, end: self.cue.end, said });
    }

    fn cast(&self, codes: Option<Vec<Code>>, facts: &mut Vec<Fact>) {
        if let Some(codes) = codes.filter(|c| !c.is_empty()) {
            self.push(Said::Cast { codes, position: self.cue.position, veto: self.cue.veto }, facts);
        } else if self.cue.veto && self.cue.side != Side::Beside {
            self.push(Said::Outcome(Outcome::Vetoed), facts);
        }
    }

    fn count(&self, n: u8, facts: &mut Vec<Fact>) {
        // The whole table is named as a whole, not as those who said no.
        if !self.cue.veto && (n < 15 || self.cue.position == Position::For) {
            self.push(Said::Count { position: self.cue.position, n }, facts);
        }
    }

    fn rest(&self, range: std::ops::Range<usize>, facts: &mut Vec<Fact>) -> bool {
        let found = range.rev().find_map(|at| self.phrases.list.others.at(&self.line.words, at));
        if let Some(found) = &found
            && !self.cue.veto
        {
            let n = found.numbers.first().copied();
            self.push(Said::Rest { position: self.cue.position, n }, facts);
        }
        found.is_some()
    }

    fn sponsor(&self, range: std::ops::Range<usize>, facts: &mut Vec<Fact>) {
        if !self.cue.veto && self.phrases.list.own.within(&self.line.words, range) {
            self.push(Said::Sponsor { position: self.cue.position }, facts);
        }
    }

    /// The last list of states before the cue that is a subject; not beyond a number of voters.
    fn left(&self, count: Option<usize>) -> Option<&Group> {
        let cue = self.cue;
        // ", vetoing the draft": its subject is that of the sentence, however long.
        let participle = cue.veto && cue.first > 0 && self.line.clause_start(cue.first) == cue.first;
        self.line
            .groups
            .iter()
            .rev()
            .filter(|g| g.end <= cue.first && !g.adjective && (g.votes || !cue.veto))
            .filter(|g| g.first >= self.from || g.relative && cue.first - g.end <= 6)
            .filter(|g| {
                cue.first - g.end
                    <= if participle {
                        40
                    } else if g.relative {
                        30
                    } else {
                        18
                    }
            })
            .filter(|g| count.is_none_or(|at| g.first > at))
            .find(|g| {
                !g.governed || g.relative && cue.first - g.end <= 4 || self.leads(g) || self.begins_clause(g)
            })
    }

    /// "after the United States abstained": a conjunction, not a preposition.
    fn begins_clause(&self, group: &Group) -> bool {
        let list = &self.phrases.list;
        let word = |back: usize| group.first.checked_sub(back).map_or("", |i| self.line.form(i));
        let before = if list.articles.contains(word(1)) { word(2) } else { word(1) };
        group.end == self.cue.first && list.conjunctions.contains(before)
    }

    fn leads(&self, group: &Group) -> bool {
        let leading = &self.phrases.list.leading;
        (group.first.saturating_sub(3)..group.first)
            .any(|at| leading.at(&self.line.words, at).is_some_and(|f| f.end + 1 >= group.first))
    }

    /// The list of states right after the cue, behind at least `marks` opening words.
    fn right(&self, marks: usize) -> Option<&Group> {
        let group = self.line.groups.iter().find(|g| g.first >= self.cue.end)?;
        let between = &self.line.words.forms[self.cue.end..group.first];
        if self.phrases.list.others.within(&self.line.words, self.cue.end..group.first) {
            return None;
        }
        // "cinq, la Suisse ayant rejoint": behind a bare comma only as many names as were counted.
        let bare = between.iter().all(|w| w == "," || self.phrases.list.articles.contains(w));
        if let Some(n) = self.cue.number.filter(|_| bare && !between.is_empty())
            && group.codes.len() != usize::from(n)
        {
            return None;
        }
        let opened = between.len() <= 7
            && between.len() >= marks
            && between
                .iter()
                .all(|w| self.phrases.list.openers.contains(w) || self.phrases.list.voters.contains(w))
            && (marks == 0
                || matches!(between[0].as_str(), "," | ":" | "(" | "-" | "–" | "—")
                || between.len() <= 2);
        (opened && group.first < self.next.max(self.cue.end + 1)).then_some(group)
    }

    /// "ten supported the renewal, China and France among them".
    fn attached(&self) -> Option<&Group> {
        let leading = &self.phrases.list.leading;
        self.line.groups.iter().find(|g| {
            g.first >= self.cue.end
                && g.first <= self.cue.end + 12
                && g.first < self.next
                && !self.phrases.list.others.within(&self.line.words, self.cue.end..g.first)
                && (leading.at(&self.line.words, g.end).is_some() || self.leads(g))
        })
    }

    /// State whose adjective or name stands beside the noun ("veto russe", "Moscow's veto").
    fn beside(&self) -> Option<Vec<Code>> {
        let cue = self.cue;
        let found = self.line.groups.iter().find(|g| {
            g.first == cue.end
                || g.end == cue.first
                || g.end + 1 == cue.first && self.line.form(g.end) == "'s"
        })?;
        Some(found.codes.clone())
    }

    /// A number of voters as the subject: "dix délégations l'ont appuyé", "two abstained".
    fn voters_counted(&self) -> Option<(usize, u8)> {
        let (line, cue) = (self.line, self.cue);
        (self.from.max(cue.first.saturating_sub(24))..cue.first)
            .rev()
            .find_map(|at| {
                let n = line.words.numbers[at]?;
                let next = line.form(at + 1);
                let after = line.form(at + 2);
                let counted = at + 1 == cue.first
                    || self.phrases.list.voters.contains(next)
                    || self.phrases.list.voters.contains(after)
                    || matches!(next, "(" | "," | ":")
                        && line.groups.iter().any(|g| g.first > at && g.first <= at + 4)
                    || cue.first - at <= 3;
                let dated = line.times.iter().any(|t| t.first <= at && at < t.end);
                // "un" and "one" are articles and pronouns more often than a count.
                let one = n == 1 && at + 1 != cue.first && !self.phrases.list.voters.contains(next);
                (counted && !dated && !one).then_some((at, n))
            })
            .map(|(at, n)| self.of_all(at).unwrap_or((at, n)))
    }

    /// Whether a number before the cue counts its voters: "par quatorze voix, les Etats-Unis s'abstenant" counts others,
    /// "quatre pays, la Russie, la Chine, le Gabon et l'Inde, ont voté" those that it names.
    fn counts(&self, at: usize, n: u8) -> bool {
        let list = &self.phrases.list;
        let form = |i: usize| self.line.form(i);
        let of_ballots = (1..=2).any(|next| list.ballots.contains(form(at + next)));
        if of_ballots && matches!(self.cue.position, Position::Abstain | Position::Absent) {
            return false;
        }
        match self.left(Some(at)) {
            None => true,
            Some(group) => {
                let opened = self.leads(group)
                    || list.leading.at(&self.line.words, group.end).is_some()
                    || (at..group.first.min(at + 4)).any(|i| matches!(form(i), "(" | ":" | "-" | "–" | "—"));
                opened || group.codes.len() == usize::from(n)
            }
        }
    }

    /// "eleven of the 15 members": the part, not the whole.
    fn of_all(&self, at: usize) -> Option<(usize, u8)> {
        (at.saturating_sub(4)..at).rev().find_map(|i| {
            let n = self.line.words.numbers[i]?;
            let of = (i + 1..at).any(|k| self.phrases.list.partitive.contains(self.line.form(k)));
            of.then_some((i, n))
        })
    }

    fn pronoun(&self) -> bool {
        let start = self.line.clause_start(self.cue.first).max(self.from);
        self.line.words.forms[start..self.cue.first].iter().any(|w| self.phrases.pronouns.contains(w))
    }

    /// Whoever speaks the quotation: named in the sentence outside the marks, else before.
    fn speaker(&self) -> Option<Vec<Code>> {
        let line = self.line;
        let outside = line.groups.iter().find(|g| !line.quoted.get(g.first).copied().unwrap_or(false));
        outside.map(|g| g.codes.clone()).or_else(|| Some(self.before.to_vec())).filter(|c| c.len() == 1)
    }
}

/// "as did Slovenia": the position told before.
fn same_as_before(line: &Line<'_>, phrases: &Phrases, last: Option<Position>, facts: &mut Vec<Fact>) {
    let Some(found) = phrases.same.first(&line.words) else { return };
    let after = line.groups.iter().find(|g| g.first >= found.end && g.first <= found.end + 2);
    let before = line.groups.iter().rev().find(|g| g.end <= found.first && !g.governed);
    let Some(group) = after.or(before) else { return };
    let previous = facts.iter().rev().find(|f| f.at < found.first && matches!(f.said, Said::Cast { .. }));
    let position = match previous.map(|f| &f.said) {
        Some(Said::Cast { position, .. }) => Some(*position),
        _ => last,
    };
    // Without a position in this sentence the caller's scope knows the last one: an abstention is by far the usual case.
    let position = position.unwrap_or(Position::Abstain);
    facts.push(Fact {
        at: found.first,
        end: found.end,
        said: Said::Cast { codes: group.codes.clone(), position, veto: false },
    });
}

fn totals(line: &Line<'_>, phrases: &Phrases, facts: &mut Vec<Fact>) {
    let words = &line.words;
    let positions = [Position::For, Position::Against, Position::Abstain];
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut push = |at: usize, end: usize, numbers: &[u8], positions: &[Position]| {
        let sum = numbers.iter().map(|n| u16::from(*n)).sum::<u16>();
        // Of phrases that share words the first, of the longer kind, speaks.
        if sum > 15 || taken.iter().any(|(first, last)| *first < end && at < *last) {
            return;
        }
        taken.push((at, end));
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
        for found in set.find(words) {
            let bare = std::ptr::eq(set, &raw const phrases.tally.bare);
            let around = found.first.saturating_sub(6)..(found.end + 4).min(words.forms.len());
            let vague = bare && (found.numbers[0] < 4 || phrases.outcome.needed.within(words, around));
            let ballot = |at: usize| phrases.list.ballots.contains(line.form(at));
            // "a obtenu une résolution": an article, no count.
            let article = found.numbers == [1] && !(found.first..=found.end).any(ballot);
            if !vague && !article && !phrases.time.unreal(words, found.first.saturating_sub(5)..found.first) {
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

fn outcomes(line: &Line<'_>, phrases: &Phrases, facts: &mut Vec<Fact>) {
    let words = &line.words;
    if phrases.outcome.never.is_in(words) {
        return;
    }
    let never = phrases.veto.never.find(words);
    let mut push = |set: &super::phrases::PhraseSet, said: Said| {
        for found in set.find(words) {
            let before = found.first.saturating_sub(4)..found.first + 1;
            let quoted = line.quoted.get(found.first).copied().unwrap_or(false);
            let adopts = matches!(said, Said::Outcome(Outcome::Adopted) | Said::Decided);
            let denied = adopts
                && words.forms[found.first.saturating_sub(2)..found.end]
                    .iter()
                    .any(|w| phrases.time.negation.contains(w));
            let power = matches!(said, Said::Outcome(Outcome::Vetoed))
                && never.iter().any(|n| n.first < found.end && found.first < n.end);
            if !quoted
                && !denied
                && !power
                && !is_a_states(line, &found)
                && !phrases.time.unreal(words, before)
            {
                facts.push(Fact { at: found.first, end: found.end, said: said.clone() });
                return;
            }
        }
    };
    push(&phrases.outcome.vetoed, Said::Outcome(Outcome::Vetoed));
    push(&phrases.outcome.failed, Said::Outcome(Outcome::Failed));
    push(&phrases.outcome.adopted, Said::Outcome(Outcome::Adopted));
    push(&phrases.outcome.unanimous, Said::Unanimous);
    push(&phrases.outcome.procedural, Said::Procedural);
    push(&phrases.outcome.decided, Said::Decided);
}

/// "Israel rejected the text": what a state does is no outcome.
fn is_a_states(line: &Line<'_>, found: &super::pattern::Found) -> bool {
    line.groups.iter().any(|g| {
        !g.governed
            && !g.adjective
            && g.end <= found.first
            && found.first - g.end <= 1
            && line.form(g.end) != ","
    })
}
