//! What a line tells of the text that is voted on: its sponsors, its symbols.

use super::{Fact, Gatherer, Outcome, Said, switches::Switch};
use crate::{
    actors::Code,
    council::{
        line::Line,
        record::Record,
        scene::add,
        sponsors::Tabled,
        subject,
        symbols::{Symbol, are_of_one_day, refers, symbols},
    },
    discourse::When,
};

impl Gatherer<'_, '_> {
    /// A line that only names the text: its sponsors and symbols belong to the draft under way.
    pub(super) fn name_text(&mut self, line: &Line<'_>, texts: &[Tabled]) {
        let main = self.records.iter().rposition(|r| !r.past);
        let mut current = match self.current.filter(|i| !self.records[*i].past).or(main) {
            Some(current) => current,
            None if texts.is_empty() => return,
            None => self.open(Record::default()),
        };
        let draft = &self.scene.phrases.draft;
        let voted_on = !draft.stopped.is_in(&line.words) && !draft.planned.is_in(&line.words);
        let second = voted_on && draft.second.is_in(&line.words);
        let third = voted_on && draft.third.is_in(&line.words);
        if second {
            current = self.follow(Switch::Second, current);
        } else if third {
            current = self.follow(Switch::Third, current);
        }
        let amends = draft.amendment.is_in(&line.words);
        // "Moscow's draft asked for ...": of texts told of before, that one.
        let shares = |r: &Record, codes: &[Code]| r.sponsors.iter().any(|c| codes.contains(c));
        if let Some(text) = texts.iter().find(|t| !amends && !second && !third && !t.authors)
            && !shares(&self.records[current], &text.codes)
            && let Some(known) =
                self.records.iter().position(|r| !r.past && !r.amendment && shares(r, &text.codes))
        {
            current = known;
        }
        let apart = subject::are_apart(self.scene, &self.records[current].lines, line);
        for text in texts.iter().filter(|_| !amends && !apart) {
            let own = self.records[current].sponsors.clone();
            if own.is_empty() || text.authors {
                self.add_sponsors(current, &text.codes);
            } else if text.pronoun && !own.iter().any(|c| text.codes.contains(c)) {
                // "ni le projet des Etats-Unis ni celui de la Russie": two texts, one after the other.
                self.open(Record { sponsors: text.codes.clone(), ..Record::default() });
            }
        }
        self.current = Some(current);
        let record = &mut self.records[current];
        if record.when.is_none()
            && !record.lines.is_empty()
            && self.scene.phrases.draft.ballot.is_in(&line.words)
            && !draft.stopped.is_in(&line.words)
        {
            let recent = |w: &When| self.scene.age(w).is_some_and(|days| (0..=3).contains(&days));
            record.when = self.scene.when(line, 0, false).filter(recent);
        }
        let foreign = |t: &Tabled| !t.authors && !amends && !shares(&self.records[current], &t.codes);
        let of_others = !self.records[current].sponsors.is_empty() && texts.iter().any(foreign);
        if !of_others && !apart {
            self.symbols(current, line);
        }
    }

    /// Whether a line tells that a text was adopted whose number, or what it is on, is not that of a vote.
    pub(super) fn is_numbered_apart(&self, record: &Record, line: &Line<'_>, told: &[&Fact]) -> bool {
        let adopted = |f: &&Fact| matches!(f.said, Said::Outcome(Outcome::Adopted) | Said::Unanimous);
        let numbers: Vec<String> = symbols(line, &self.scene.phrases.draft)
            .into_iter()
            .filter_map(|(_, symbol)| symbol.resolution())
            .collect();
        if numbers.is_empty() || record.lines.is_empty() || !told.iter().any(adopted) {
            return false;
        }
        match &record.resolution {
            Some(known) => !numbers.contains(known) && numbers.iter().any(|n| are_of_one_day(n, known)),
            None => subject::are_apart(self.scene, &record.lines, line),
        }
    }

    pub(super) fn add_sponsors(&mut self, index: usize, codes: &[Code]) {
        add(&mut self.records[index].sponsors, codes);
    }

    pub(super) fn symbols(&mut self, index: usize, line: &Line<'_>) {
        let record = &mut self.records[index];
        for (at, symbol) in symbols(line, &self.scene.phrases.draft) {
            match symbol {
                Symbol::Draft(s) => record.symbol = record.symbol.take().or(Some(s)),
                Symbol::Resolution(n) if !refers(line, at, &self.scene.phrases.draft.reference) => {
                    record.name_resolution(&n);
                }
                // Those of meetings and statements are told of these.
                Symbol::Resolution(_) | Symbol::Meeting(_) | Symbol::Statement(_) => {}
            }
        }
    }
}
