//! Where a line passes from one draft to another, and to which.

use super::{Gatherer, Precision, When};
use crate::{
    actors::Code,
    council::{
        Outcome,
        line::{Line, seats},
        record::Record,
        sponsors::Tabled,
    },
};

pub(super) enum Switch {
    First,
    Second,
    Third,
    Amendment,
    OtherAmendment,
    Sponsors(Vec<Code>),
}

impl Gatherer<'_, '_> {
    /// Where in the line the story passes to another draft.
    pub(super) fn switches(&self, line: &Line<'_>, texts: &[Tabled]) -> Vec<(usize, Switch)> {
        let words = &line.words;
        let draft = &self.scene.phrases.draft;
        let mut found = Vec::new();
        if let Some(f) = draft.amendment.first(words) {
            found.push((line.clause_start(f.first), Switch::Amendment));
        } else if self.amended_by.is_some() {
            found.push((0, Switch::Amendment));
        } else if self.current.is_some_and(|i| self.records[i].amendment)
            && let Some(f) = draft.other_amendment.first(words)
        {
            found.push((line.clause_start(f.first), Switch::OtherAmendment));
        } else if self.current.is_some_and(|i| self.records[i].amendment)
            && let Some(f) = draft.amended.first(words)
        {
            found.push((line.clause_start(f.first), Switch::First));
        }
        // Of amendments "the first" and "the second" are told otherwise.
        let amending = !found.is_empty() || self.current.is_some_and(|i| self.records[i].amendment);
        // "Stevenson, who voted for the resolution": of the text adopted, after one that was not.
        let adopted =
            |r: &Record| !r.past && !r.amendment && (r.outcome == Some(Outcome::Adopted) || r.decided);
        if !amending
            && self.current.is_some_and(|i| self.records[i].outcome == Some(Outcome::Failed))
            && self.records.first().is_some_and(adopted)
            && let Some(f) = draft.amended.first(words)
        {
            found.push((line.clause_start(f.first), Switch::First));
        }
        for f in draft.second.find(words).into_iter().filter(|_| !amending) {
            found.push((line.clause_start(f.first), Switch::Second));
        }
        for f in draft.third.find(words).into_iter().filter(|_| !amending) {
            found.push((line.clause_start(f.first), Switch::Third));
        }
        for f in draft.first.find(words).into_iter().filter(|_| !amending) {
            found.push((line.clause_start(f.first), Switch::First));
        }
        for text in texts.iter().filter(|t| !t.authors) {
            found.push((line.clause_start(text.at), Switch::Sponsors(text.codes.clone())));
        }
        found.sort_by_key(|(at, _)| *at);
        found
    }

    /// "was rejected, a month after Moscow had killed a US-Japanese text": a text of before, recalled in passing.
    pub(super) fn recalled(
        &mut self,
        line: &Line<'_>,
        at: usize,
        switch: &Switch,
        current: usize,
    ) -> Option<usize> {
        let Switch::Sponsors(codes) = switch else { return None };
        let other = |r: &Record| !r.sponsors.iter().any(|c| codes.contains(c));
        let told = &self.records[current];
        let length = line.words.forms.len();
        let before = self.scene.phrases.time.pluperfect.within(&line.words, at..length);
        let recalled = before && !told.past && !told.lines.is_empty() && !told.sponsors.is_empty();
        (recalled && self.records.iter().all(other)).then(|| {
            let when = Some(When { text: String::new(), date: None, precision: Precision::Article });
            self.open(Record { past: true, when, sponsors: codes.clone(), ..Record::default() })
        })
    }

    pub(super) fn follow(&mut self, switch: Switch, current: usize) -> usize {
        let main = |r: &Record| !r.past && !r.amendment;
        let empty = |r: &Record| r.lines.is_empty();
        match switch {
            Switch::First => self.records.iter().position(main).unwrap_or(current),
            Switch::Second => self.ordinal(1, current),
            Switch::Third => self.ordinal(2, current),
            Switch::Amendment => match self.records.iter().rposition(|r| r.amendment && !r.past) {
                Some(index) => index,
                None => self.open(Record { amendment: true, ..Record::default() }),
            },
            Switch::OtherAmendment => {
                let sponsors = self.records[current].sponsors.clone();
                let like = Some(self.records[current].cast.clone());
                self.open(Record { amendment: true, sponsors, like, ..Record::default() })
            }
            Switch::Sponsors(codes) => {
                let record = &self.records[current];
                // "A Palestinian bid ... the draft, presented by Algeria": whoever has no seat tables nothing.
                let scene = self.scene;
                let seated = |codes: &[Code]| !seats(codes, scene.published, scene.members).is_empty();
                let unseated = !seated(&record.sponsors) && seated(&codes);
                if unseated || record.sponsors.iter().any(|c| codes.contains(c)) {
                    return current;
                }
                let known =
                    self.records.iter().position(|r| !r.past && r.sponsors.iter().any(|c| codes.contains(c)));
                match known {
                    Some(index) => index,
                    None if empty(record) || record.amendment => current,
                    None => self.open(Record { sponsors: codes, ..Record::default() }),
                }
            }
        }
    }

    /// The text of that rank among those voted on, opened where all before it are told.
    fn ordinal(&mut self, rank: usize, current: usize) -> usize {
        let mains: Vec<usize> = (0..self.records.len())
            .filter(|i| !self.records[*i].past && !self.records[*i].amendment)
            .collect();
        match mains.get(rank) {
            Some(known) => *known,
            None if mains.len() == rank
                && mains.last().is_some_and(|last| !self.records[*last].lines.is_empty()) =>
            {
                self.open(Record::default())
            }
            None => current,
        }
    }
}
