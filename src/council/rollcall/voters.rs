//! Who took the position that a cue tells.

use super::{
    Fact, Said,
    cues::{Cue, Side},
};
use crate::{
    actors::Code,
    council::{
        Outcome, Position,
        line::{Group, Line},
        pattern::Found,
        phrases::Phrases,
    },
};

/// Tokens behind "voted with Moscow" in which "against it" may stand.
const OBJECT: usize = 5;

/// Reads the voters of one cue.
pub(super) struct Reader<'a> {
    pub(super) line: &'a Line<'a>,
    /// The lists of the line, as its cues part them.
    pub(super) groups: &'a [Group],
    pub(super) phrases: &'a Phrases,
    pub(super) cue: &'a Cue,
    /// Tokens before belong to an earlier cue.
    pub(super) from: usize,
    /// Where the next cue begins.
    pub(super) next: usize,
    pub(super) before: &'a [Code],
    /// The last list of several.
    pub(super) listed: &'a [Code],
}

impl Reader<'_> {
    /// Adds what the cue tells; returns the first token that is free for the next cue.
    pub(super) fn read(&self, facts: &mut Vec<Fact>) -> usize {
        let cue = self.cue;
        if self.line.quoted.get(cue.first).copied().unwrap_or(false) {
            self.cast(self.speaker(), facts);
            return cue.end;
        }
        // "déçu de l'abstention chinoise"
        let whose = self.groups.iter().find(|g| g.first == cue.end && g.adjective);
        if let Some(group) = whose.filter(|_| cue.number.is_none() && cue.position == Position::Abstain) {
            self.cast(Some(group.codes.clone()), facts);
            return group.end;
        }
        match cue.side {
            Side::Beside => {
                self.cast(self.beside().or_else(|| self.own_act()), facts);
                cue.end
            }
            Side::List => {
                // "Ten were in favour: ...": the label takes the words before it, not their number.
                let label = matches!(self.line.form(cue.end - 1), ":" | "(");
                let before = || self.voters_counted().filter(|(at, _)| label && cue.first - at <= 3);
                // "il lui fallait neuf voix": a bar, not a count.
                let before_it = self.line.back(cue.first, 3);
                let needed = self.phrases.outcome.needed.within(&self.line.words, before_it);
                // "requiert l'assentiment des quinze membres": told of no vote.
                if needed && cue.number.is_none() {
                    return cue.end;
                }
                if let Some(n) = cue.number.or_else(|| before().map(|(_, n)| n)).filter(|_| !needed) {
                    self.count(n, facts);
                }
                let clause = self.line.clause_start(cue.first).max(self.from);
                self.sponsor(clause..self.next.min(cue.end + 16), facts);
                let rest = self.rest(cue.end..self.next.min(cue.end + 6), facts);
                let nobody = cue.number == Some(0);
                // "seven against, among them the United States"
                let attached = || self.attached().filter(|_| cue.number.is_some());
                let right = self.within_aside().or(self.right(0)).or_else(attached).filter(|_| !nobody);
                let end = right.map_or(cue.end, |g| g.end.max(cue.end));
                if right.is_none() && !rest {
                    self.cast(self.own_act(), facts);
                }
                // No list after all: "dix pays ont voté pour" has its voters before.
                if right.is_none() && cue.number.is_none() && !cue.veto && !rest {
                    return self.subject(facts);
                }
                self.cast(right.map(|g| g.codes.clone()), facts);
                end
            }
            Side::Both => {
                // "Russia, China and Bolivia against,": a list of which the words hold the last name.
                let inside = self.groups.iter().find(|g| g.end > cue.first && g.end <= cue.end);
                // "The vote followed US allegations": an adjective is no voter.
                let near = |g: &&Group| g.first >= cue.end && g.first <= cue.end + 1 && !g.adjective;
                let next_to = self.groups.iter().find(near);
                // "La Pologne avait voté avec elle": as whoever was named before.
                let him = self.phrases.pronouns.contains(self.line.form(cue.end));
                if inside.is_none() && him && !self.before.is_empty() {
                    let codes = self.left(None).map(|g| g.codes.clone()).unwrap_or_default();
                    let partners = self.before.to_vec();
                    self.with(codes, partners, facts);
                    return cue.end;
                }
                let Some(after) = inside.or(next_to).or_else(|| self.listed()).or_else(|| self.numbered())
                else {
                    // "Canada voted with the three Western powers": as whoever they are, which nobody says here.
                    return if self.number_behind().is_some() { cue.end } else { self.subject(facts) };
                };
                // ", and China abstained": the rest of the row is the subject of the next position.
                let followed = self.next < self.line.words.forms.len();
                let shared = followed && after.end + 1 >= self.next && after.codes.len() > 1;
                let partners = if shared { after.codes[..1].to_vec() } else { after.codes.clone() };
                // "He joined Beijing": the pronoun that begins the clause, not one for the text.
                let opening = self.line.form(self.line.clause_start(cue.first).max(self.from));
                let he = self.phrases.pronouns.contains(opening).then(|| self.before.to_vec());
                let codes = self.left(None).map(|g| g.codes.clone()).or(he).unwrap_or_default();
                // "joined Britain on Friday in vetoing": both did.
                if !shared && self.vetoing(after.end)
                    || self.phrases.veto.subject.within(&self.line.words, cue.first..cue.end)
                {
                    let both = codes.into_iter().chain(partners).collect();
                    self.push(Said::Cast { codes: both, position: Position::Against, veto: true }, facts);
                    return cue.end;
                }
                self.with(codes, partners, facts);
                if shared { cue.end } else { after.end.max(cue.end) }
            }
            Side::Weak if !self.is_of_text() => cue.end,
            Side::Subject | Side::Weak => self.subject(facts),
        }
    }

    fn subject(&self, facts: &mut Vec<Fact>) -> usize {
        let cue = self.cue;
        let rest = self.rest(self.from..cue.first, facts);
        if let Some((at, n)) = self.voters_counted()
            && let Some(group) = super::added_to(self.line, self.phrases, at)
        {
            self.count(n + group.codes.len() as u8, facts);
            self.cast(Some(group.codes.clone()), facts);
            return cue.end;
        }
        let count = self.voters_counted().filter(|(at, n)| self.counts(*at, *n));
        let known = count.filter(|_| !rest).and_then(|(at, n)| self.known(at, n));
        if let Some((_, n)) = count.filter(|(at, _)| !rest && known.is_none() && !self.is_of_a_group(*at)) {
            self.count(n, facts);
        }
        // "seule la Russie a voté contre leur projet": the text, not its authors' votes.
        let opposed = matches!(cue.position, Position::Against | Position::Abstain);
        let opened = usize::from(self.line.form(cue.end) == ":") * 5;
        self.sponsor(self.from..if opposed { cue.first } else { (cue.end + opened).min(self.next) }, facts);
        // "Les quatorze partenaires des Etats-Unis": whose the others are has not voted with them.
        let left = if rest { self.left(None) } else { self.voter(count.map(|(at, _)| at)) };
        let right = self.right(1);
        if let Some(codes) = known.filter(|_| left.is_none()) {
            self.cast(Some(codes.to_vec()), facts);
            return self.alike(facts);
        }
        if let Some(group) = left.filter(|g| g.codes.len() == 1 && count.is_none()) {
            // "Panama avait été seul à s'y opposer"
            let touches = |f: &Found| f.first >= group.end && f.end >= cue.first && f.first < cue.end;
            let alone = self.phrases.list.sole.find(&self.line.words).iter().any(touches);
            if alone && cue.position != Position::For {
                self.count(1, facts);
            }
        }
        if let Some(group) = left {
            let mut codes = self.parted_by_relative(group).map_or_else(Vec::new, |g| g.codes.clone());
            codes.extend(group.codes.clone());
            codes.extend(self.within_veto().map_or_else(Vec::new, |g| g.codes.clone()));
            self.cast(Some(codes), facts);
            // "Ten supported the renewal, China and France among them" adds to no subject of its own.
            return self.alike(facts);
        }
        if let Some(codes) = count.and_then(|(_, n)| super::listed_in_parts(self.line, cue.end, n)) {
            self.cast(Some(codes), facts);
            return cue.end;
        }
        // "Se sont abstenues la Chine et l'Egypte": nothing stands before, and the names right behind.
        let inverted =
            || self.right(0).filter(|g| g.first == cue.end && count.is_none() && !rest && !self.pronoun());
        // "ten voted for the sanctions: Britain, France ..."
        let counted = || self.attached().or_else(|| self.listed()).filter(|_| count.is_some() || rest);
        if let Some(group) = right.or_else(inverted).or_else(counted) {
            self.cast(Some(group.codes.clone()), facts);
            return group.end;
        }
        if count.is_none() && !rest && (self.pronoun() || self.own_envoy()) {
            self.cast(Some(self.before.to_vec()), facts);
            return self.alike(facts);
        }
        // "The three African members voted for it, along with China and Russia"
        if count.is_some() { self.alike(facts) } else { cue.end }
    }

    /// ", comme la Jordanie et le Togo": who is named behind the position took it too.
    fn alike(&self, facts: &mut Vec<Fact>) -> usize {
        let end = self.cue.end;
        self.sponsor(end..(end + 7).min(self.next), facts);
        let near = end..(end + 5).min(self.next);
        let group = near.filter_map(|at| self.phrases.list.alike.at(&self.line.words, at)).find_map(|f| {
            let listed = self.listed().filter(|g| g.first >= f.end);
            let next = self.groups.iter().find(|g| (f.end..f.end + 2).contains(&g.first));
            // "alongside French troops": no voter.
            next.or(listed).filter(|g| !g.adjective)
        });
        match group.filter(|g| g.first < self.next && g.end != self.next) {
            Some(group) => {
                let (codes, position) = (group.codes.clone(), self.cue.position);
                self.push(Said::Cast { codes, position, veto: false }, facts);
                group.end
            }
            None => end,
        }
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

    /// "voted with Moscow", "ont été seules à voter avec Moscou", "voted with Moscow against it".
    fn with(&self, codes: Vec<Code>, partners: Vec<Code>, facts: &mut Vec<Fact>) {
        let (words, list, cue) = (&self.line.words, &self.phrases.list, self.cue);
        let sole = list.sole.find(words).iter().any(|f| f.end + 2 >= cue.first && f.first < cue.end);
        // "the only one to join Russia in favor" tells the side itself.
        let sides = list.siding.within(words, cue.first..cue.end);
        let behind = cue.end..self.next.min(cue.end + OBJECT).min(words.forms.len());
        let opposed = sides && behind.clone().any(|at| list.opposing.contains(self.line.form(at)));
        let position = if opposed { Position::Against } else { cue.position };
        let alone = sole && sides && position == Position::For;
        self.push(Said::With { codes, partners, position, alone }, facts);
    }

    fn count(&self, n: u8, facts: &mut Vec<Fact>) {
        // The whole table is named as a whole, not as those who said no.
        if !self.cue.veto && (n < 15 || self.cue.position == Position::For) {
            self.push(Said::Count { position: self.cue.position, n }, facts);
        }
    }

    fn rest(&self, range: std::ops::Range<usize>, facts: &mut Vec<Fact>) -> bool {
        let behind = range.start >= self.cue.end;
        // "fourteen delegations were there: Rwanda's did not show up": a colon parts them.
        let colon = range.clone().rev().find(|at| self.line.form(*at) == ":").filter(|_| !behind);
        let range = colon.map_or(range.start, |at| at + 1)..range.end;
        let found = range.rev().find_map(|at| self.phrases.list.others.at(&self.line.words, at));
        // "huit voix, les sept autres membres s'abstenant": the subject of the next cue.
        let found =
            found.filter(|f| !behind || self.next == self.line.words.forms.len() || f.end + 2 < self.next);
        // "sept voix, et les huit autres se sont abstenus"
        let apart = |f: &Found| {
            (self.cue.end..f.first)
                .any(|at| self.parts(self.line.form(at)) && self.next < self.line.words.forms.len())
        };
        let found = found.filter(|f| !behind || !apart(f));
        if let Some(found) = &found
            && !self.cue.veto
            && self.cue.position != Position::Absent
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

    /// "Les deux pays avaient usé de leur veto", "All five voted in favor": as many as were named last, or listed last.
    fn known(&self, at: usize, n: u8) -> Option<&[Code]> {
        let before = at.checked_sub(1).map_or("", |i| self.line.form(i));
        let list = &self.phrases.list;
        let as_many = |codes: &[Code]| codes.len() == usize::from(n) && !self.is_of_a_kind(at);
        if (list.articles.contains(before) || list.demonstratives.contains(before))
            && n < 4
            && as_many(self.before)
        {
            return Some(self.before);
        }
        (list.demonstratives.contains(before) && n > 1 && as_many(self.listed)).then_some(self.listed)
    }

    /// "Son ambassadrice s'est abstenue": of whoever was named before.
    fn own_envoy(&self) -> bool {
        let start = self.line.clause_start(self.cue.first).max(self.from);
        let own = |i: usize| self.phrases.draft.own.contains(self.line.form(i));
        let text = |i: usize| self.phrases.draft.nouns.at(&self.line.words, i + 1).is_some();
        (start..self.cue.first.saturating_sub(1)).any(|i| own(i) && self.line.is_noun(i + 1) && !text(i))
            && self.cue.first - start <= 6
    }

    /// A pronoun of the same clause: not "It noted that lack of unanimity had prevented ...".
    fn pronoun(&self) -> bool {
        let start = self.line.clause_start(self.cue.first).max(self.from);
        let is = |at: &usize| self.phrases.pronouns.contains(self.line.form(*at));
        let opens = |at: usize| {
            let word = self.line.form(at);
            self.phrases.list.relatives.contains(word) || self.phrases.draft.relatives.contains(word)
        };
        let last = (start..self.cue.first).rev().find(is);
        last.is_some_and(|at| !(at + 1..self.cue.first).any(opens))
    }

    /// Whether the next cue is a veto cast by the subject and by the partners named before it.
    fn vetoing(&self, partners: usize) -> bool {
        let between = partners..self.next.min(self.line.words.forms.len());
        between.len() <= 4
            && !between.clone().any(|at| self.parts(self.line.form(at)))
            && !self.groups.iter().any(|g| between.contains(&g.first))
            && self.phrases.veto.subject.at(&self.line.words, self.next).is_some()
    }

    /// Whoever speaks the quotation: named in the sentence outside the marks, else before.
    fn speaker(&self) -> Option<Vec<Code>> {
        let line = self.line;
        let outside = line.groups.iter().find(|g| !line.quoted.get(g.first).copied().unwrap_or(false));
        outside.map(|g| g.codes.clone()).or_else(|| Some(self.before.to_vec())).filter(|c| c.len() == 1)
    }
}
