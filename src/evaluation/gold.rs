//! Labels made by careful readers.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{EvaluationError, read_lines};
use crate::{stances::Class, text::Span};

/// The labels of a set of articles, in the order of their file.
#[derive(Debug, Clone, Default)]
pub struct Gold {
    pub articles: Vec<GoldArticle>,
}

/// The labels of one article.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldArticle {
    /// `uri` of the article.
    pub id: String,
    pub stances: Vec<GoldStance>,
    pub actions: Vec<GoldAction>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct GoldStance {
    pub holder: String,
    pub class: Class,
    #[serde(default)]
    pub targets: Vec<String>,
    pub status: Option<String>,
    pub date: Option<String>,
    pub trigger: Option<String>,
    /// The clause, as it stands in the article.
    #[serde(rename = "where")]
    pub clause: Option<String>,
    /// The same by place, where the article's words may not be copied.
    pub span: Option<Span>,
    pub optional: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldAction {
    pub action: String,
    pub status: Option<String>,
    pub outcome: Option<String>,
    pub date: Option<String>,
    pub subject: Option<String>,
    pub cast: Option<BTreeMap<String, String>>,
    pub tally: Option<BTreeMap<String, Option<i64>>>,
    pub sponsors: Option<Vec<String>>,
    #[serde(rename = "where")]
    pub clause: Option<String>,
    pub optional: Option<bool>,
}

impl Gold {
    /// # Errors
    /// The file cannot be read, or a line is no labelled article.
    pub fn read(file: &Path) -> Result<Self, EvaluationError> {
        read_lines(file).map(Self::new)
    }

    /// Of two lines about one article, the later counts.
    pub fn new(lines: Vec<GoldArticle>) -> Self {
        let mut articles: Vec<GoldArticle> = Vec::with_capacity(lines.len());
        for line in lines {
            match articles.iter_mut().find(|known| known.id == line.id) {
                Some(known) => *known = line,
                None => articles.push(line),
            }
        }
        Self { articles }
    }
}

impl GoldStance {
    /// Whether careful readers differ: then it counts neither for nor against.
    pub fn is_optional(&self) -> bool {
        self.optional.unwrap_or(false)
    }

    /// The targets; `?` stands for one that is not named.
    pub fn target_keys(&self) -> impl Iterator<Item = &str> {
        let unnamed = self.targets.is_empty().then_some("?");
        self.targets.iter().map(String::as_str).chain(unnamed)
    }

    /// Whether an event's evidence holds the trigger or the clause, or is a part of the clause.
    pub fn shares_words(&self, evidence: &str) -> bool {
        let inside = |words: &Option<String>| {
            words.as_deref().is_some_and(|words| !words.is_empty() && evidence.contains(words))
        };
        let around = |clause: &str| !evidence.is_empty() && clause.contains(evidence);
        inside(&self.trigger) || inside(&self.clause) || self.clause.as_deref().is_some_and(around)
    }
}

impl GoldAction {
    /// See [`GoldStance::is_optional`].
    pub fn is_optional(&self) -> bool {
        self.optional.unwrap_or(false)
    }
}
