//! Labelled sets: a folder with `articles.jsonl` and `gold.jsonl`, in the terms of the annotation guide.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::confidence::Labels;
use crate::{
    article::{self, Article},
    stances::Class,
    text::{Field, Span},
};

/// A labelled set that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    #[error("{file} cannot be read: {source}")]
    Io { file: String, source: std::io::Error },
    #[error("{file}, line {line}: {message}")]
    Line { file: String, line: usize, message: String },
}

#[derive(Deserialize)]
struct Gold {
    id: String,
    stances: Vec<GoldStance>,
}

#[derive(Deserialize)]
struct GoldStance {
    holder: String,
    class: Class,
    targets: Vec<String>,
    #[serde(default)]
    optional: bool,
    /// The article's words that state it.
    #[serde(default, rename = "where")]
    words: Option<String>,
    /// The same by place, where the article's words may not be copied.
    #[serde(default)]
    span: Option<Span>,
}

/// Articles of a folder with their labels; articles without a gold line are left out.
///
/// # Errors
/// A file is missing or a line is not of that shape, named with its number.
pub fn read(folder: &Path) -> Result<Vec<(Article, Labels)>, LabelError> {
    let mut gold: FxHashMap<String, Vec<GoldStance>> = FxHashMap::default();
    for_each_line(&folder.join("gold.jsonl"), |line| {
        let labelled: Gold = serde_json::from_str(line).map_err(|e| e.to_string())?;
        gold.insert(labelled.id, labelled.stances);
        Ok(())
    })?;
    let mut articles = Vec::new();
    for_each_line(&folder.join("articles.jsonl"), |line| {
        let article = article::decode(line.as_bytes(), &[], None).map_err(|e| e.to_string())?;
        if let Some(stances) = gold.remove(&article.uri) {
            let labels = labels_of(&stances, &article);
            articles.push((article, labels));
        }
        Ok(())
    })?;
    Ok(articles)
}

fn labels_of(stances: &[GoldStance], article: &Article) -> Labels {
    let mut labels = Labels::default();
    for stance in stances {
        let keys = stance.targets.iter().map(|t| (stance.holder.clone(), stance.class, t.clone()));
        if stance.optional {
            labels.optional.extend(keys);
            continue;
        }
        let span = stance.span.or_else(|| find(stance.words.as_deref()?, article));
        for key in keys {
            labels.places.extend(span.map(|s| (key.clone(), s)));
            labels.required.insert(key);
        }
    }
    labels
}

/// Where the article has these words.
fn find(words: &str, article: &Article) -> Option<Span> {
    [(Field::Headline, &article.headline), (Field::Body, &article.body)].into_iter().find_map(
        |(field, text)| {
            let start = text[..text.find(words)?].chars().count() as u32;
            Some(Span { field, start, end: start + words.chars().count() as u32 })
        },
    )
}

fn for_each_line(path: &Path, mut read: impl FnMut(&str) -> Result<(), String>) -> Result<(), LabelError> {
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| LabelError::Io { file: file.clone(), source })?;
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        read(line).map_err(|message| LabelError::Line { file: file.clone(), line: number + 1, message })?;
    }
    Ok(())
}
