//! Persons that an article has introduced: a name given once with a role stands for the same actor everywhere in it.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{
    Code, Gazetteer,
    line::Line,
    mentions::{is_other, line_text},
    names::{Term, Usage},
    phrases::{Owner, Phrase},
};

/// A person as the article or the table knows them.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) codes: Arc<[Code]>,
    /// Full name; `None` for a body known by an acronym.
    pub(super) person: Option<Arc<str>>,
    pub(super) role: Option<String>,
    pub(super) office: Option<Arc<str>>,
    /// From the dated table, not from the article's words.
    pub(super) from_table: bool,
}

pub(super) struct Registry {
    when: Option<Date>,
    /// By full name, by all words but the first, and by the last word.
    persons: FxHashMap<String, Known>,
    /// By the first word: family names stand first in some languages; only after a title ("Mme Tsai").
    titled: FxHashMap<String, Known>,
}

impl Registry {
    pub(super) fn new(when: Option<Date>) -> Self {
        Self { when, persons: FxHashMap::default(), titled: FxHashMap::default() }
    }

    pub(super) fn when(&self) -> Option<Date> {
        self.when
    }

    pub(super) fn find(&self, name: &str) -> Option<&Known> {
        self.persons.get(name).or_else(|| {
            let words = name.split(' ').count();
            let last = name.rsplit(' ').next().filter(|_| words > 1)?;
            let first = |full: &str| full.split(' ').next() == name.split(' ').next();
            self.persons.get(last).filter(|k| k.person.as_deref().is_some_and(first))
        })
    }

    pub(super) fn find_titled(&self, name: &str) -> Option<&Known> {
        self.titled.get(name)
    }

    /// What the article says of a person wins over what came before it from the table, and the first word over later ones.
    fn add(&mut self, name: &str, known: &Known) {
        let words: Vec<&str> = name.split(' ').collect();
        let mut keys = vec![name.to_owned()];
        if words.len() > 1 {
            keys.push(words[1..].join(" "));
            keys.extend(words.last().map(|w| (*w).to_owned()));
            self.titled.entry(words[0].to_owned()).or_insert_with(|| known.clone());
        }
        for key in keys {
            match self.persons.get(&key) {
                Some(old) if known.from_table || !old.from_table => {}
                _ => {
                    self.persons.insert(key, known.clone());
                }
            }
        }
    }
}

impl Gazetteer {
    /// Takes in the persons that a sentence names in full or with a role.
    pub(super) fn introduce(
        &self,
        line: &Line,
        phrases: &[Phrase],
        own: Option<&Code>,
        registry: &mut Registry,
    ) {
        for name in line.names {
            let Usage::Person(person) = name.usage else { continue };
            let known = self.on_table(&self.persons[person], registry.when);
            registry.add(&line_text(line, name.first, name.end), &known);
            if let Some(person) = &known.person {
                registry.add(person, &known);
            }
        }
        for phrase in phrases {
            self.introduce_bearers(line, phrase, own, registry);
            let owners = owners(line, phrase, registry);
            if let Some(codes) = owners.first().filter(|_| !phrase.nobody && self.roles[phrase.role].body) {
                introduce_acronym(line, phrase.end, codes, registry);
            }
        }
        for name in line.names.iter().filter(|n| matches!(n.usage, Usage::Name | Usage::Organ)) {
            introduce_acronym(line, name.end, &name.codes, registry);
        }
    }

    fn introduce_bearers(&self, line: &Line, phrase: &Phrase, own: Option<&Code>, registry: &mut Registry) {
        let owners = owners(line, phrase, registry);
        let role = &self.roles[phrase.role];
        for (i, bearer) in phrase.bearers.iter().enumerate() {
            let text = line_text(line, bearer.0, bearer.1);
            let in_office = registry.find(&text).is_some_and(|k| k.from_table && !is_other(&k.codes));
            let owner = owners.get(i).or_else(|| owners.first());
            if in_office && (phrase.nobody || owner.is_none()) {
                continue;
            }
            let own = own.filter(|_| phrase.bare).map(|code| Arc::new([code.clone()]) as Arc<[Code]>);
            let codes = owner.cloned().or(own).filter(|_| !phrase.nobody).unwrap_or_else(|| self.other());
            let tabled = registry.find(&text).filter(|k| k.from_table).and_then(|k| k.person.clone());
            let person = Some(tabled.unwrap_or_else(|| text.as_str().into()));
            let words = line_text(line, phrase.title_first, phrase.title_end);
            let known = Known {
                codes,
                person,
                role: Some(words),
                office: Some(role.office.clone()),
                from_table: false,
            };
            registry.add(&text, &known);
        }
    }

    fn on_table(&self, terms: &[Term], when: Option<Date>) -> Known {
        let latest = terms.iter().max_by_key(|t| t.from);
        let held = when.map_or(latest, |day| terms.iter().filter(|t| t.holds(day)).max_by_key(|t| t.from));
        let person: Arc<str> = latest.map_or_else(|| "".into(), |t| t.name.clone());
        let codes = held.map_or_else(|| self.other(), |t| Arc::new([t.code.clone()]));
        let office = held.map(|t| t.office.clone());
        Known { codes, person: Some(person), role: None, office, from_table: true }
    }

    /// The office-holder of a surname after a title, where the table knows exactly one on that day.
    pub(super) fn by_surname(&self, surname: &str, when: Option<Date>) -> Option<Known> {
        let day = when?;
        let mut held =
            self.surnames.get(surname)?.iter().flat_map(|p| &self.persons[*p]).filter(|t| t.holds(day));
        let first = held.next()?;
        held.all(|t| t.name == first.name).then(|| self.on_table(std::slice::from_ref(first), when))
    }
}

/// Whose a phrase is; persons among the owners by what is known of them.
pub(super) fn owners(line: &Line, phrase: &Phrase, registry: &Registry) -> Vec<Arc<[Code]>> {
    let codes = |owner: &Owner| match owner {
        Owner::Codes(codes) => Some(codes.clone()),
        Owner::Person(from, to) => registry.find(&line_text(line, *from, *to)).map(|k| k.codes.clone()),
    };
    phrase.owners.iter().filter_map(codes).collect()
}

/// "le Conseil de sécurité nationale turc (MGK)": the letters stand for the same body from then on.
fn introduce_acronym(line: &Line, at: usize, codes: &Arc<[Code]>, registry: &mut Registry) {
    let letters = line.form(at + 1);
    let short = letters.chars().count() > 1 && letters.chars().all(char::is_uppercase);
    if short && line.form(at) == "(" && line.form(at + 2) == ")" && !line.name_over(at + 1) {
        let known = Known { codes: codes.clone(), person: None, role: None, office: None, from_table: false };
        registry.add(letters, &known);
    }
}
