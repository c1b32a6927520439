//! Which date of a sentence is that of its act, and which are of something else.

use super::{line::Line, phrases::Phrases};
use crate::{
    discourse::time::TimeExpression,
    syntax::{Deprel, Upos},
};

impl Line<'_> {
    /// The date nearest to a token, days before months and years, of those that tell when something was done.
    pub(super) fn time_near(
        &self,
        at: usize,
        phrases: &Phrases,
        may_be: impl Fn(&TimeExpression) -> bool,
    ) -> Option<&TimeExpression> {
        let skip = |t: &TimeExpression| {
            let behind =
                |back: usize| t.first >= back && phrases.time.skip.contains(self.form(t.first - back));
            let opens = phrases.time.when.contains(self.form(t.end))
                || self.form(t.end) == "," && phrases.time.when.contains(self.form(t.end + 1));
            let noun = t.first > 0
                && self.tree.is_some_and(|tree| {
                    matches!(tree.nodes[t.first - 1].upos, Upos::Noun | Upos::Propn | Upos::Verb)
                });
            let told_otherwise = behind(1)
                || behind(2) && !noun
                || phrases.time.skip.contains(self.form(t.first))
                || self.dates_a_span(t, at, phrases);
            told_otherwise && !opens
                || self.dates_a_noun(t, phrases)
                || self.dates_an_end(t, at, phrases)
                || self.dates_a_presidency(t, phrases)
                || self.dates_a_participle(t, at, phrases)
        };
        let mut times = self.times.iter().filter(|t| !skip(t) && may_be(t));
        let near = times.clone().min_by_key(|t| t.first.abs_diff(at))?;
        // "une semaine plus tôt, le 19 septembre": the day that is named.
        let apposed = |t: &&TimeExpression| {
            (1..=2).contains(&t.first.saturating_sub(near.end)) && self.form(near.end) == ","
        };
        Some(times.find(|t| apposed(t) && t.names_a_day() && !near.names_a_day()).unwrap_or(near))
    }

    /// "l'attaque du 7 octobre": a date of something else than the vote.
    fn dates_a_noun(&self, time: &TimeExpression, phrases: &Phrases) -> bool {
        let genitive = |i: usize| phrases.time.genitive.contains(self.form(i));
        let Some(noun) = (time.first..=time.first + 1).rev().find_map(|i| {
            let before = i.checked_sub(2)?;
            genitive(i - 1).then_some(before)
        }) else {
            return false;
        };
        (self.tree.is_none() || self.is_noun(noun))
            && !phrases.draft.ballot.is_word(self.form(noun))
            && !phrases.draft.nouns.is_word(self.form(noun))
    }

    /// "the fewest since the invasion of Kuwait in August": what is dated is where a span of time begins or ends.
    /// A verb or a mark between them begins a statement of its own.
    fn dates_a_span(&self, time: &TimeExpression, act: usize, phrases: &Phrases) -> bool {
        let Some(tree) = self.tree else { return false };
        let span = |at: usize| phrases.time.spans.contains(self.form(at));
        let verb = |at: &usize| matches!(tree.nodes[*at].upos, Upos::Verb | Upos::Aux | Upos::Punct);
        let mut before = (time.first.saturating_sub(7)..time.first).rev().take_while(|at| !verb(at));
        // "since it took the seat last October": a clause of its own, for whoever asks of what stands outside.
        let mut clause = self.clause_start(time.first).max(time.first.saturating_sub(9))..time.first;
        let opens = |at: usize| {
            span(at) && act <= at && !self.times.iter().any(|t| t.first <= at + 2 && t.first > at)
        };
        before.any(span) || clause.any(opens)
    }

    /// "la mission, dont le mandat prend fin dimanche": for whoever asks of what stands outside.
    fn dates_an_end(&self, time: &TimeExpression, act: usize, phrases: &Phrases) -> bool {
        let clause = self.clause_start(time.first)..time.first;
        !clause.contains(&act) && phrases.time.ends.within(&self.words, clause)
    }

    /// "les mesures prises le 19 octobre": a participle at a noun that is no text, vote or statement, unless the act asked
    /// for is that of the participle itself.
    fn dates_a_participle(&self, time: &TimeExpression, at: usize, phrases: &Phrases) -> bool {
        let Some(tree) = self.tree else { return false };
        let above = |node: usize| tree.nodes[node].head;
        let near = (time.first..time.end.min(tree.nodes.len())).filter_map(above);
        let Some((participle, noun)) = near
            .filter(|head| *head < time.first && tree.nodes[*head].deprel == Deprel::Acl)
            .find_map(|head| Some((head, above(head)?)))
        else {
            return false;
        };
        let of_the_council = phrases.draft.ballot.is_word(self.form(noun))
            || phrases.draft.nouns.is_word(self.form(noun))
            || phrases.statement.any.is_word(self.form(noun))
            || phrases.subject.meetings.is_word(self.form(noun));
        noun < participle && !(noun..=participle + 1).contains(&at) && !of_the_council
    }

    /// "la Russie, qui préside le Conseil en mars".
    fn dates_a_presidency(&self, time: &TimeExpression, phrases: &Phrases) -> bool {
        !time.names_a_day()
            && phrases.presidency.nouns.within(&self.words, time.first.saturating_sub(6)..time.first)
    }
}
