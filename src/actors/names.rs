//! Every name of every actor in one language, as one map from spelling to senses.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{
    ActorKind, Code,
    roles::Roles,
    tables::{self, Table, capitalised, expand, without_capital_accents},
};
use crate::data::{Data, DataError};

pub(super) const OTHER: &str = "OTHER";
pub(super) const ALLIES: &str = "ALLIES";
const NOBODY: &str = "-";
const MAX_FAULTS_SHOWN: usize = 30;

/// What a name is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usage {
    Name,
    Adjective,
    People,
    Capital,
    /// Seats of power, organs, agencies: they act, and are no places.
    Organ,
    /// A region or town that holds no position.
    Place,
    /// Looks like a name and names no actor.
    Nobody,
    /// Understood only after the body was named in full ("le Conseil").
    Short,
    /// Index into [`Names::persons`].
    Person(usize),
    /// Index into the roles of the language.
    Role(usize),
}

/// One meaning of a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sense {
    /// Several where the name means each of them ("les deux Corées"); empty for persons and roles.
    pub(super) codes: Arc<[Code]>,
    pub(super) usage: Usage,
    /// Codes or words of which the article must name one; empty: always.
    pub(super) if_named: Vec<String>,
}

/// A term of office.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) code: Code,
    /// Group of roles, as in `roles.toml`.
    pub(super) office: Arc<str>,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
    /// Full name, as the first of the cell.
    pub(super) name: Arc<str>,
}

impl Term {
    pub(super) fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(Default)]
pub(super) struct Names {
    pub(super) senses: BTreeMap<String, Vec<Sense>>,
    /// Terms of all persons that a spelling may mean.
    pub(super) persons: Vec<Vec<Term>>,
    pub(super) kinds: FxHashMap<Code, ActorKind>,
    origin: FxHashMap<String, String>,
    faults: Vec<String>,
}

/// Reads all tables of a language.
///
/// # Errors
/// A table is missing or malformed, a code is unknown, or a name has two meanings that `ambiguous.tsv` does not settle.
pub(super) fn load(data: &Data, language: &str, roles: &Roles) -> Result<Names, DataError> {
    let mut names = Names::default();
    names.kinds.insert(OTHER.into(), ActorKind::Other);
    names.kinds.insert(ALLIES.into(), ActorKind::Group);
    names.kinds.insert("ALL".into(), ActorKind::Group);
    names.states(data, language)?;
    names.bodies(data, language, "organisations", ActorKind::Organisation)?;
    names.bodies(data, language, "movements", ActorKind::Movement)?;
    names.bodies(data, language, "groups", ActorKind::Group)?;
    names.places(data, language)?;
    names.plain(data, language, "others", OTHER, Usage::Organ)?;
    names.plain(data, language, "not-actors", NOBODY, Usage::Nobody)?;
    names.ambiguous(data, language)?;
    names.office_holders(data, language)?;
    for (noun, role) in &roles.nouns {
        names.add(&super::roles::path(language), noun.clone(), Sense::role(*role));
    }
    names.finish(language)
}

impl Sense {
    fn new(codes: Arc<[Code]>, usage: Usage) -> Self {
        Self { codes, usage, if_named: Vec::new() }
    }

    fn role(role: usize) -> Self {
        Self::new(Arc::new([]), Usage::Role(role))
    }
}

impl Names {
    fn states(&mut self, data: &Data, language: &str) -> Result<(), DataError> {
        let path = format!("actors/{language}/states.tsv");
        let columns = ["code", "names", "adjectives", "people", "capitals", "seats"];
        for row in tables::read(data, &path, &columns)?.rows {
            let codes = self.declare(row.cells[0], ActorKind::State);
            self.add_all(&path, row.cells[1], &codes, Usage::Name);
            self.add_all(&path, row.cells[2], &codes, Usage::Adjective);
            self.add_all(&path, row.cells[4], &codes, Usage::Capital);
            self.add_all(&path, row.cells[5], &codes, Usage::Organ);
            if row.cells[3] == "=" {
                for name in expand(row.cells[2]) {
                    self.add(&path, capitalised(&name), Sense::new(codes.clone(), Usage::People));
                }
            } else {
                self.add_all(&path, row.cells[3], &codes, Usage::People);
            }
        }
        Ok(())
    }

    fn bodies(&mut self, data: &Data, language: &str, file: &str, kind: ActorKind) -> Result<(), DataError> {
        let path = format!("actors/{language}/{file}.tsv");
        for row in tables::read(data, &path, &["code", "names", "adjectives"])?.rows {
            let codes = if row.cells[0].contains('+') {
                self.known(&path, row.line, row.cells[0])
            } else {
                self.declare(row.cells[0], kind)
            };
            self.add_all(&path, row.cells[1], &codes, Usage::Name);
            self.add_all(&path, row.cells[2], &codes, Usage::Adjective);
            self.add_all(&path, row.cells.get(3).unwrap_or(&""), &codes, Usage::Organ);
        }
        Ok(())
    }

    fn places(&mut self, data: &Data, language: &str) -> Result<(), DataError> {
        let path = format!("actors/{language}/places.tsv");
        for row in tables::read(data, &path, &["code", "names"])?.rows {
            let codes = self.known(&path, row.line, row.cells[0]);
            self.add_all(&path, row.cells[1], &codes, Usage::Place);
        }
        Ok(())
    }

    fn plain(
        &mut self,
        data: &Data,
        lang: &str,
        file: &str,
        code: &str,
        usage: Usage,
    ) -> Result<(), DataError> {
        let path = format!("actors/{lang}/{file}.tsv");
        for row in tables::read(data, &path, &["name"])?.rows {
            let codes = self.known(&path, row.line, code);
            self.add_all(&path, row.cells[0], &codes, usage);
        }
        Ok(())
    }

    fn ambiguous(&mut self, data: &Data, language: &str) -> Result<(), DataError> {
        let path = format!("actors/{language}/ambiguous.tsv");
        for row in tables::read(data, &path, &["name", "code", "use", "if_named"])?.rows {
            let usage = match row.cells[2] {
                _ if row.cells[1] == NOBODY => Usage::Nobody,
                "name" => Usage::Name,
                "adjective" => Usage::Adjective,
                "people" => Usage::People,
                "capital" => Usage::Capital,
                "organ" => Usage::Organ,
                "short" => Usage::Short,
                other => {
                    self.faults.push(format!("`{path}` line {}: unknown use `{other}`", row.line));
                    continue;
                }
            };
            let codes = self.known(&path, row.line, row.cells[1]);
            let if_named: Vec<String> =
                row.cells[3].split('|').filter(|s| !s.is_empty()).map(str::to_owned).collect();
            for name in expand(row.cells[0]) {
                self.add(&path, name, Sense { codes: codes.clone(), usage, if_named: if_named.clone() });
            }
        }
        Ok(())
    }

    fn office_holders(&mut self, data: &Data, language: &str) -> Result<(), DataError> {
        let path = "actors/persons.tsv";
        let Table { header, rows } = tables::read(data, path, &["code", "office", "role", "from", "to"])?;
        let Some(column) = header.iter().position(|h| *h == language) else {
            return Err(DataError::invalid(
                path,
                format!("no column `{language}` with the names of persons"),
            ));
        };
        for row in rows {
            let codes = self.known(path, row.line, row.cells[0]);
            let mut day = |text: &str| match text.parse::<Date>() {
                Ok(date) => Some(date),
                Err(e) => {
                    self.faults.push(format!("`{path}` line {}: date `{text}`: {e}", row.line));
                    None
                }
            };
            let Some(from) = day(row.cells[3]) else { continue };
            let to = if row.cells[4].is_empty() { None } else { day(row.cells[4]) };
            let own = row.cells[column];
            let spellings = expand(if own.is_empty() { row.cells[5] } else { own });
            let (Some(name), Some(code)) = (spellings.first(), codes.first()) else { continue };
            let office = row.cells[1].into();
            let term = Term { code: code.clone(), office, from, to, name: name.as_str().into() };
            for spelling in spellings {
                self.add_term(path, spelling, term.clone());
            }
        }
        Ok(())
    }

    fn add_term(&mut self, path: &str, spelling: String, term: Term) {
        if let Some(plain) = without_capital_accents(&spelling) {
            self.add_term(path, plain, term.clone());
        }
        if let Some([Sense { usage: Usage::Person(person), .. }]) =
            self.senses.get(&spelling).map(Vec::as_slice)
        {
            self.persons[*person].push(term);
            return;
        }
        let person = self.persons.len();
        self.persons.push(vec![term]);
        self.add(path, spelling, Sense::new(Arc::new([]), Usage::Person(person)));
    }

    fn declare(&mut self, code: &str, kind: ActorKind) -> Arc<[Code]> {
        let code: Code = code.into();
        self.kinds.insert(code.clone(), kind);
        Arc::new([code])
    }

    /// The codes of a cell (`A+B`), all of which a table must have declared.
    fn known(&mut self, path: &str, line: usize, cell: &str) -> Arc<[Code]> {
        if cell == NOBODY {
            return Arc::new([]);
        }
        let mut codes = Vec::new();
        for code in cell.split('+') {
            match self.kinds.get_key_value(code) {
                Some((code, _)) => codes.push(code.clone()),
                None => self.faults.push(format!("`{path}` line {line}: unknown code `{code}`")),
            }
        }
        codes.into()
    }

    fn add_all(&mut self, path: &str, cell: &str, codes: &Arc<[Code]>, usage: Usage) {
        for name in expand(cell) {
            self.add(path, name, Sense::new(codes.clone(), usage));
        }
    }

    fn add(&mut self, path: &str, name: String, sense: Sense) {
        let person = matches!(sense.usage, Usage::Person(_));
        if let Some(plain) =
            without_capital_accents(&name).filter(|plain| !person && !self.says(plain, &sense))
        {
            self.add(path, plain, sense.clone());
        }
        if self.says(&name, &sense) {
            return;
        }
        let origin = self.origin.entry(name.clone()).or_insert_with(|| path.to_owned());
        let senses = self.senses.entry(name.clone()).or_default();
        let settled = origin == path && path.ends_with("ambiguous.tsv");
        if !settled
            && senses.iter().any(|other| other.codes != sense.codes || !sense.usage.goes_with(other.usage))
        {
            self.faults.push(format!("`{name}` in `{path}` already has another meaning in `{origin}`"));
            return;
        }
        senses.push(sense);
    }

    fn says(&self, name: &str, sense: &Sense) -> bool {
        self.senses.get(name).is_some_and(|senses| senses.contains(sense))
    }

    fn finish(self, language: &str) -> Result<Self, DataError> {
        if self.faults.is_empty() {
            return Ok(self);
        }
        let more = self.faults.len().saturating_sub(MAX_FAULTS_SHOWN);
        let mut message = self.faults.into_iter().take(MAX_FAULTS_SHOWN).collect::<Vec<_>>().join("; ");
        if more > 0 {
            message = format!("{message}; and {more} more");
        }
        Err(DataError::invalid(&format!("actors/{language}"), message))
    }
}

impl Usage {
    /// Whether one spelling may have both uses for the same actor ("British": adjective and people).
    fn goes_with(self, other: Self) -> bool {
        let inflected = |u| matches!(u, Self::Name | Self::Adjective | Self::People);
        inflected(self) && inflected(other)
    }
}
