//! The actors of one language, ready to be found in text.

use rustc_hash::FxHashMap;

use super::{
    ActorKind, Code,
    names::{self, Sense, Term, Usage},
    roles::{self, Role, Words},
    scan::Scanner,
};
use crate::{
    data::{Data, DataError},
    text::Document,
};

/// Names, roles and persons of one language; made once, shared by all threads.
pub struct Gazetteer {
    pub(super) scanner: Scanner,
    pub(super) senses: Vec<Vec<Sense>>,
    pub(super) persons: Vec<Vec<Term>>,
    /// Persons by all words of their name but the first.
    pub(super) surnames: FxHashMap<String, Vec<usize>>,
    pub(super) kinds: FxHashMap<Code, ActorKind>,
    pub(super) roles: Vec<Role>,
    pub(super) words: Words,
    by_spelling: FxHashMap<String, usize>,
}

impl Gazetteer {
    /// Reads the tables of a language.
    ///
    /// # Errors
    /// A table is missing or malformed, a code is unknown, or a name has two meanings that `ambiguous.tsv` does not settle.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let roles = roles::load(data, language)?;
        let names = names::load(data, language, &roles)?;
        let scanner = Scanner::new(names.senses.keys())
            .map_err(|e| DataError::invalid(&format!("actors/{language}"), e))?;
        let mut surnames: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (spelling, senses) in &names.senses {
            if let [Sense { usage: Usage::Person(person), .. }] = senses.as_slice()
                && let Some((_, surname)) = spelling.split_once(' ')
            {
                surnames.entry(surname.to_owned()).or_default().push(*person);
            }
        }
        let by_spelling = names.senses.keys().cloned().enumerate().map(|(i, name)| (name, i)).collect();
        Ok(Self {
            scanner,
            senses: names.senses.into_values().collect(),
            persons: names.persons,
            surnames,
            kinds: names.kinds,
            roles: roles.entries,
            words: roles.words,
            by_spelling,
        })
    }

    /// Whether a code is that of an actor of the tables.
    pub fn knows(&self, code: &str) -> bool {
        self.kinds.contains_key(code)
    }

    /// Whether a text names two different actors by name, adjective, capital or person, or the one that is `enough`: a
    /// cheap test before parsing.
    pub fn names_two_or(&self, enough: &str, document: &Document) -> bool {
        let mut first: Option<Code> = None;
        for sentence in &document.sentences {
            for hit in self.scanner.hits(&sentence.tokens) {
                let Some(sense) = self.senses[hit.entry].first() else { continue };
                if matches!(sense.usage, Usage::Nobody | Usage::Role(_)) {
                    continue;
                }
                let terms = match sense.usage {
                    Usage::Person(person) => &self.persons[person][..],
                    _ => &[],
                };
                for code in sense.codes.iter().chain(terms.iter().map(|t| &t.code)) {
                    if &**code == enough || first.get_or_insert_with(|| code.clone()) != code {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// The state that a town, a capital or a country's name as written in a dateline lies in.
    pub fn state_of_place(&self, place: &str) -> Option<Code> {
        let name = place.split([',', '(']).next().unwrap_or(place).trim();
        let titled: String = name.split(' ').map(title_case).collect::<Vec<_>>().join(" ");
        let entry = self.by_spelling.get(name).or_else(|| self.by_spelling.get(&titled))?;
        let placed = |s: &&Sense| matches!(s.usage, Usage::Name | Usage::Capital | Usage::Place);
        let code = self.senses[*entry].iter().find(placed)?.codes.first()?;
        (self.kind(code) == ActorKind::State).then(|| code.clone())
    }
}

/// "PARIS" as "Paris".
fn title_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect()
    })
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer").field("names", &self.senses.len()).finish_non_exhaustive()
    }
}
