//! Some members of a body, who are not the body.

use super::{ActorKind, Gazetteer, line::Line, senses::Name};
use crate::syntax::Upos;

/// Words before a group's noun that may count it ("une dizaine de", "a number of other").
const VAGUE_REACH: usize = 3;

impl Gazetteer {
    /// "certains pays européens", "a dozen European countries": some of the members are not the body.
    pub(super) fn is_vague_group(&self, line: &Line, name: &Name) -> bool {
        if name.codes.iter().any(|code| self.kind(code) != ActorKind::Organisation) {
            return false;
        }
        let is_country = |at: usize| self.words.countries.contains(&line.lower(at));
        let first = match name.first.checked_sub(1) {
            Some(before) if is_country(before) => before,
            _ if is_country(name.end) => name.first,
            _ => return false,
        };
        let counts = |at: &usize| match line.upos(*at) {
            Some(Upos::Num) => true,
            // "l'unité des pays européens": an article that holds a preposition counts nothing.
            Some(Upos::Adp) => false,
            _ => self.words.some.contains(&line.lower(*at)),
        };
        let goes_on = |at: &usize| {
            let definite = self.words.definite.contains(&line.lower(*at));
            !definite && !line.is_punctuation(*at) && line.upos(*at) != Some(Upos::Verb)
        };
        (first.saturating_sub(VAGUE_REACH)..first).rev().take_while(goes_on).any(|at| counts(&at))
    }
}
