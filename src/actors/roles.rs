//! The role nouns of a language and the small words around them (`languages/<code>/roles.toml`).

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::tables::{expand, first_upper, without_capital_accents};
use crate::data::{Data, DataError};

/// For whom the bearer of a role speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Speaks {
    /// For what the role belongs to: "le ministre turc".
    Owner,
    /// For no state, whatever stands beside it: "le député russe".
    Nobody,
}

/// Nouns for one office.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) office: Arc<str>,
    pub(super) speaks: Speaks,
    /// With the definite article and no name beside it, it is that of the article's own country.
    pub(super) bare: bool,
    /// Its complement says what it deals with, whatever the words ("le ministre des Affaires étrangères").
    pub(super) field: bool,
    /// A body ("le ministère"), not a person.
    pub(super) body: bool,
    /// May be accredited somewhere ("ambassadeur à l'ONU"): a name after such a preposition is not the owner.
    pub(super) accredited: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    office: String,
    speaks: Speaks,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    field: bool,
    #[serde(default)]
    body: bool,
    #[serde(default)]
    accredited: bool,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    of: FxHashSet<String>,
    accredited: FxHashSet<String>,
    locative: FxHashSet<String>,
    definite: FxHashSet<String>,
    singular: FxHashSet<String>,
    determiners: FxHashSet<String>,
    titles: FxHashSet<String>,
    particles: FxHashSet<String>,
    genitive: FxHashSet<String>,
    conjunctions: FxHashSet<String>,
    possessives: FxHashSet<String>,
    allies: FxHashSet<String>,
    former: FxHashSet<String>,
    asides: Vec<String>,
    former_prefixes: Vec<String>,
    prefixes: Vec<String>,
    domains: FxHashSet<String>,
    countries: FxHashSet<String>,
    some: FxHashSet<String>,
    role: Vec<RoleEntry>,
}

/// The small words that shape a naming phrase; all in lower case except `titles`.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) of: FxHashSet<String>,
    pub(super) accredited: FxHashSet<String>,
    pub(super) locative: FxHashSet<String>,
    pub(super) definite: FxHashSet<String>,
    pub(super) singular: FxHashSet<String>,
    pub(super) determiners: FxHashSet<String>,
    pub(super) titles: FxHashSet<String>,
    pub(super) particles: FxHashSet<String>,
    pub(super) genitive: FxHashSet<String>,
    pub(super) conjunctions: FxHashSet<String>,
    pub(super) possessives: FxHashSet<String>,
    pub(super) allies: FxHashSet<String>,
    pub(super) former: FxHashSet<String>,
    pub(super) domains: FxHashSet<String>,
    pub(super) countries: FxHashSet<String>,
    pub(super) some: FxHashSet<String>,
    /// Word sequences.
    pub(super) asides: Vec<Vec<String>>,
}

/// All roles of a language, and the nouns that name them.
pub(super) struct Roles {
    pub(super) words: Words,
    pub(super) entries: Vec<Role>,
    /// Noun as written in the text, and its role.
    pub(super) nouns: Vec<(String, usize)>,
}

/// # Errors
/// The file is missing, or not of that shape.
pub(super) fn load(data: &Data, language: &str) -> Result<Roles, DataError> {
    let file: RoleFile = data.toml(&path(language))?;
    let mut roles = Vec::new();
    let mut nouns = Vec::new();
    for entry in file.role {
        let role = Role {
            office: entry.office.into(),
            speaks: entry.speaks,
            bare: entry.bare,
            field: entry.field,
            body: entry.body,
            accredited: entry.accredited,
        };
        let index = roles.len();
        let former = Role { speaks: Speaks::Nobody, bare: false, ..role.clone() };
        roles.extend([role, former]);
        for noun in entry.nouns.iter().flat_map(|cell| expand(cell)) {
            let with =
                |prefixes: &[String]| prefixes.iter().map(|p| format!("{p}{noun}")).collect::<Vec<_>>();
            let same = with(&file.prefixes).into_iter().chain([noun.clone()]);
            nouns.extend(same.flat_map(|n| spellings(&n)).map(|n| (n, index)));
            let gone = with(&file.former_prefixes).into_iter();
            nouns.extend(gone.flat_map(|n| spellings(&n)).map(|n| (n, index + 1)));
        }
    }
    nouns.sort();
    nouns.dedup();
    let words = Words {
        of: file.of,
        accredited: file.accredited,
        locative: file.locative,
        definite: file.definite,
        singular: file.singular,
        determiners: file.determiners,
        titles: file.titles,
        particles: file.particles,
        genitive: file.genitive,
        conjunctions: file.conjunctions,
        possessives: file.possessives,
        allies: file.allies,
        former: file.former,
        domains: file.domains,
        countries: file.countries,
        some: file.some,
        asides: file.asides.iter().map(|a| a.split(' ').map(str::to_owned).collect()).collect(),
    };
    Ok(Roles { words, entries: roles, nouns })
}

pub(super) fn path(language: &str) -> String {
    format!("languages/{language}/roles.toml")
}

/// A noun as it may be written: at the head of a sentence, and without accents on capitals.
fn spellings(noun: &str) -> Vec<String> {
    let mut all = vec![noun.to_owned(), first_upper(noun)];
    all.dedup();
    let plain: Vec<String> = all.iter().filter_map(|n| without_capital_accents(n)).collect();
    all.extend(plain);
    all
}
