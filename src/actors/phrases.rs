//! Role phrases: a role noun with what it belongs to and who bears it ("le ministre turc des Affaires étrangères Mevlüt Cavusoglu").

use std::sync::Arc;

use super::{
    Code, Gazetteer,
    line::Line,
    names::Usage,
    roles::{Role, Speaks},
    senses::Name,
};
use crate::syntax::Upos;

/// Whose a role is.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    Codes(Arc<[Code]>),
    /// Tokens of a person's name ("l'administration de Donald Trump").
    Person(usize, usize),
}

/// A role noun and all that belongs to its naming phrase.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) first: usize,
    pub(super) end: usize,
    /// Tokens of the role noun.
    pub(super) noun: (usize, usize),
    pub(super) role: usize,
    pub(super) owners: Vec<Owner>,
    /// Tokens of persons' names, in reading order; each belongs to the owner at its place.
    pub(super) bearers: Vec<(usize, usize)>,
    /// Speaks for no state: former or future office, a party's, a firm's.
    pub(super) nobody: bool,
    /// With the definite article and no owner it is that of the article's own country.
    pub(super) bare: bool,
    /// Another role stands inside, whose it is.
    pub(super) nested: bool,
    /// Ends of the role words alone, without the bearer's name.
    pub(super) title_end: usize,
    pub(super) title_first: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Of,
    Accredited,
}

struct Builder<'a> {
    gazetteer: &'a Gazetteer,
    line: &'a Line<'a>,
    phrase: Phrase,
    link: Link,
    /// A common noun that is no known field of an office stands between ("président de la commission").
    strange: bool,
    last_was_adjective: bool,
    accredited: bool,
}

impl Gazetteer {
    /// Role phrases of a sentence, in reading order; a role inside another's phrase is part of it.
    pub(super) fn phrases(&self, line: &Line) -> Vec<Phrase> {
        let mut phrases: Vec<Phrase> = Vec::new();
        for name in line.names {
            let Usage::Role(role) = name.usage else { continue };
            if phrases.last().is_some_and(|p| name.first < p.end) || is_verb(line, name) {
                continue;
            }
            let floor = phrases.last().map_or(0, |p| p.end);
            phrases.push(self.phrase(line, role, (name.first, name.end), floor));
        }
        phrases
    }

    fn phrase(&self, line: &Line, role: usize, noun: (usize, usize), floor: usize) -> Phrase {
        let phrase = Phrase {
            first: noun.0,
            end: noun.1,
            noun,
            role,
            owners: Vec::new(),
            bearers: Vec::new(),
            nobody: self.roles[role].speaks == Speaks::Nobody,
            bare: self.roles[role].bare,
            nested: false,
            title_end: noun.1,
            title_first: noun.0,
        };
        let mut builder = Builder {
            gazetteer: self,
            line,
            phrase,
            link: Link::None,
            strange: false,
            last_was_adjective: false,
            accredited: self.roles[role].accredited,
        };
        builder.extend_right();
        builder.extend_left(floor);
        builder.take_name_before(floor);
        builder.finish()
    }
}

/// "Washington juge": right behind a name the tree may show that the word is no role.
fn is_verb(line: &Line, role: &Name) -> bool {
    line.upos(role.first) == Some(Upos::Verb) && line.name_ending(role.first).is_some()
}

impl Builder<'_> {
    fn extend_right(&mut self) {
        let mut at = self.phrase.end;
        while at < self.line.len() {
            let Some(next) = self.step(at) else { break };
            at = next;
        }
    }

    /// Reads what stands at `at`; where reading goes on, or `None` where the phrase has ended before it.
    fn step(&mut self, at: usize) -> Option<usize> {
        if let Some(name) = self.line.name_at(at) {
            return self.take_known(name.usage, &name.codes, name.first, name.end);
        }
        if self.line.name_over(at) {
            return None;
        }
        let words = &self.gazetteer.words;
        let word = self.line.lower(at);
        if self.line.is_punctuation(at) && word != "," {
            return None;
        }
        if word == "," || words.conjunctions.contains(&word) {
            return self.take_coordination(at);
        }
        if !self.phrase.bearers.is_empty() {
            return None;
        }
        if let Some(aside) = words.asides.iter().find(|a| self.line.reads(at, a)) {
            return Some(self.commit(at + aside.len()));
        }
        if words.of.contains(&word) {
            match self.link {
                Link::Of => return None,
                Link::None => self.link = Link::Of,
                Link::Accredited => {}
            }
            return Some(at + 1);
        }
        if self.link != Link::None
            && (words.determiners.contains(&word) || words.titles.contains(self.line.form(at)))
        {
            return Some(at + 1);
        }
        if words.domains.contains(&word) {
            return Some(self.commit(at + 1));
        }
        if self.accredited && words.accredited.contains(&word) && self.link == Link::None {
            self.link = Link::Accredited;
            return Some(at + 1);
        }
        if words.former.contains(&word) && self.link == Link::None {
            self.phrase.nobody = true;
            return Some(self.commit(at + 1));
        }
        self.take_unknown(at)
    }

    fn take_known(&mut self, usage: Usage, codes: &Arc<[Code]>, first: usize, end: usize) -> Option<usize> {
        if !self.phrase.bearers.is_empty() {
            return None;
        }
        match (usage, self.link) {
            (Usage::Adjective, Link::None) => {
                self.phrase.owners.push(Owner::Codes(codes.clone()));
                self.last_was_adjective = true;
            }
            (Usage::Role(inner), Link::Of) => {
                let inner = &self.gazetteer.roles[inner];
                self.accredited |= inner.accredited;
                self.phrase.nobody |= inner.speaks == Speaks::Nobody;
                self.phrase.bare |= inner.bare;
                self.phrase.nested = true;
            }
            (Usage::Role(_), Link::None) if !self.line.is_capital(first) => {}
            (Usage::Person(_), Link::None) => self.phrase.bearers.push((first, end)),
            (Usage::Person(_), Link::Of) => self.phrase.owners.push(Owner::Person(first, end)),
            (Usage::Place | Usage::Nobody, Link::Of) => self.strange = true,
            (_, Link::None) | (Usage::Adjective, _) => return None,
            (_, Link::Accredited) => {}
            (Usage::People, Link::Of) => return None,
            (_, Link::Of) => self.phrase.owners.push(Owner::Codes(codes.clone())),
        }
        if !matches!(usage, Usage::Person(_)) || self.link == Link::Of {
            self.commit(end);
        } else {
            self.phrase.end = end;
        }
        Some(end)
    }

    /// "français et allemand", "de Russie et de Chine", "..., Sergueï Lavrov".
    fn take_coordination(&mut self, at: usize) -> Option<usize> {
        if self.link != Link::None {
            return None;
        }
        let next = at + 1;
        let comma = self.line.form(at) == ",";
        if let Some(name) = self.line.name_at(next) {
            return match name.usage {
                Usage::Adjective if self.last_was_adjective => {
                    self.phrase.owners.push(Owner::Codes(name.codes.clone()));
                    if self.phrase.bearers.is_empty() {
                        self.commit(name.end);
                    }
                    let bearer = self.line.person_name(name.end, &self.gazetteer.words);
                    let end = bearer.map_or(name.end, |b| b.1);
                    self.phrase.bearers.extend(bearer);
                    self.phrase.end = end;
                    Some(end)
                }
                Usage::Person(_)
                    if comma && self.phrase.bearers.is_empty() && self.line.closes_apposition(name.end) =>
                {
                    self.phrase.bearers.push((name.first, name.end));
                    self.phrase.end = name.end;
                    None
                }
                _ => None,
            };
        }
        if self.phrase.bearers.is_empty()
            && self.gazetteer.words.of.contains(&self.line.lower(next))
            && let Some(after) = self.skip_determiner(next + 1)
        {
            let owner = self.line.name_at(after).filter(|n| matches!(n.usage, Usage::Name | Usage::Capital));
            if let Some(owner) = owner.filter(|_| !self.phrase.owners.is_empty() && !self.last_was_adjective)
            {
                self.phrase.owners.push(Owner::Codes(owner.codes.clone()));
                return Some(self.commit(owner.end));
            }
            if !comma && self.gazetteer.words.domains.contains(&self.line.lower(after)) {
                return Some(self.commit(after + 1));
            }
        }
        if comma && self.phrase.bearers.is_empty() {
            let bearer = self.line.person_name(next, &self.gazetteer.words).filter(|b| b.1 - b.0 >= 2);
            let closed = |b: &(usize, usize)| self.line.closes_apposition(b.1);
            if let Some(bearer) = bearer.filter(closed) {
                self.phrase.bearers.push(bearer);
                self.phrase.end = bearer.1;
            }
        }
        None
    }

    fn skip_determiner(&self, at: usize) -> Option<usize> {
        if at >= self.line.len() {
            return None;
        }
        Some(at + usize::from(self.gazetteer.words.determiners.contains(&self.line.lower(at))))
    }

    fn take_unknown(&mut self, at: usize) -> Option<usize> {
        if let Some(name) = self.line.person_name(at, &self.gazetteer.words) {
            if self.link == Link::None {
                self.phrase.bearers.push(name);
                self.phrase.end = name.1;
            } else {
                self.strange |= self.link == Link::Of;
                self.commit(name.1);
            }
            return Some(name.1);
        }
        match (self.line.upos(at), self.link) {
            (Some(Upos::Adj), Link::None) => Some(self.commit(at + 1)),
            (Some(Upos::Noun), Link::Of) => {
                self.strange = true;
                Some(self.commit(at + 1))
            }
            _ => None,
        }
    }

    fn commit(&mut self, end: usize) -> usize {
        self.link = Link::None;
        self.phrase.end = end;
        self.phrase.title_end = end;
        end
    }

    /// Determiner, adjectives and, where the language puts owners in front, the owner ("Russia's", "US").
    fn extend_left(&mut self, floor: usize) {
        let words = &self.gazetteer.words;
        while self.phrase.first > floor {
            let before = self.phrase.first - 1;
            if let Some(name) = self.line.name_ending(self.phrase.first) {
                let owns =
                    matches!(name.usage, Usage::Adjective | Usage::Name | Usage::Organ | Usage::Capital);
                if !owns || name.first < floor {
                    break;
                }
                if self.phrase.owners.is_empty() {
                    self.phrase.owners.push(Owner::Codes(name.codes.clone()));
                }
                self.phrase.first = name.first;
                continue;
            }
            let word = self.line.lower(before);
            if words.former.contains(&word) {
                self.phrase.nobody = true;
            } else if words.determiners.contains(&word) {
                self.phrase.first = before;
                break;
            } else if !words.genitive.contains(&word) && self.line.upos(before) != Some(Upos::Adj) {
                break;
            }
            self.phrase.first = before;
        }
        self.phrase.title_first = self.phrase.first;
    }

    /// "Robert Wood, représentant adjoint des Etats-Unis": the bearer stands before the comma.
    fn take_name_before(&mut self, floor: usize) {
        let Some(comma) = self.phrase.first.checked_sub(1) else { return };
        if !self.phrase.bearers.is_empty()
            || self.line.form(comma) != ","
            || !self.line.closes_apposition(self.phrase.end)
        {
            return;
        }
        if let Some(bearer) = self.line.person_name_ending(comma, floor, &self.gazetteer.words) {
            self.phrase.first = bearer.0;
            self.phrase.bearers.push(bearer);
        }
    }

    fn finish(mut self) -> Phrase {
        let role: &Role = &self.gazetteer.roles[self.phrase.role];
        if self.strange && self.phrase.owners.is_empty() && !role.field {
            self.phrase.nobody = true;
        }
        self.phrase
    }
}
