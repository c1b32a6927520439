//! Who acts: gazetteer, mentions of actors in the text, and their resolution to a code.

mod gazetteer;
mod line;
mod mentions;
mod names;
mod phrases;
mod registry;
mod relations;
mod roles;
mod scan;
mod senses;
mod tables;
#[cfg(test)]
mod tests;
mod vague;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Span;

pub use gazetteer::Gazetteer;
pub use relations::{Relations, Terms};

/// ISO 3166-1 alpha-3, or a code of the annotation guide (`UN`, `UNSC`, `HAMAS`, `WEST`, `OTHER` ...).
pub type Code = Arc<str>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    State,
    Organisation,
    Movement,
    Group,
    Other,
}

/// How a mention leads to its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Name,
    Adjective,
    Capital,
    Title,
    Person,
    Coreference,
    Author,
}

/// What sort of thing the words of a mention denote, for coreference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// "la Russie", "Moscou", "les démarches américaines".
    Country,
    /// "le gouvernement", "le Conseil", "la Maison Blanche".
    Body,
    /// "M. Lavrov", "le ministre".
    Person,
    /// "les Russes".
    People,
}

/// What is known of an article beside its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// State of the agency that published it.
    pub provider: Option<Code>,
    /// Place of the dateline where the record has one as a field.
    pub dateline: Option<String>,
}

/// A place in the text that names an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Index into [`crate::text::Document::sentences`].
    pub sentence: usize,
    /// Token range inside the sentence, half-open: the whole naming phrase ("le ministre russe des Affaires étrangères, Sergueï Lavrov").
    pub first: usize,
    pub end: usize,
    /// Syntactic head of the phrase: the token whose relation tells the mention's part in the clause.
    pub head: usize,
    pub code: Code,
    pub kind: ActorKind,
    pub via: Via,
    /// Words as published that stand for the actor.
    pub name: String,
    pub person: Option<String>,
    pub role: Option<String>,
    /// Group of roles for the same kind of office, from `roles.toml` ("minister", "spokesperson"); for coreference.
    pub office: Option<Arc<str>>,
    pub nature: Nature,
    /// `false` where the words name a place or people rather than a power that acts ("à Paris", "des Russes"): may be a target, not a holder.
    pub can_hold: bool,
    /// "X et ses alliés": [`Code`] `ALLIES` is meant beside this one.
    pub with_allies: bool,
    pub span: Span,
}
