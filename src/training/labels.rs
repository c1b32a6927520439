//! Labelled sets: a folder with `articles.jsonl` and `gold.jsonl`, in the terms of the annotation guide.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    article::{self, Article, Rejected},
    evaluation::{EvaluationError, Gold, GoldArticle},
    stances::Class,
    text::{Field, Span},
};

/// A labelled set that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    #[error(transparent)]
    Gold(#[from] EvaluationError),
    #[error("{file}: {source}")]
    Io { file: String, source: std::io::Error },
    #[error("{file}:{line}: {source}")]
    Article { file: String, line: usize, source: Rejected },
}

/// Articles of a folder with their labels; articles without a gold line are left out.
///
/// # Errors
/// A file is missing or a line is not of that shape, named with its number.
pub fn read(folder: &Path) -> Result<Vec<(Article, GoldArticle)>, LabelError> {
    let gold = Gold::read(&folder.join("gold.jsonl"))?;
    let mut gold: FxHashMap<String, GoldArticle> =
        gold.articles.into_iter().map(|labels| (labels.id.clone(), labels)).collect();
    let path = folder.join("articles.jsonl");
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|source| LabelError::Io { file: file.clone(), source })?;
    let mut articles = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let article = article::decode(line.as_bytes(), &[], None).map_err(|source| LabelError::Article {
            file: file.clone(),
            line: number + 1,
            source,
        })?;
        if let Some(labels) = gold.remove(&article.uri) {
            articles.push((article, labels));
        }
    }
    Ok(articles)
}

/// Holder, class, target: what a stance is scored by.
pub type Key = (String, Class, String);

/// Stances of one article: what must be found, and what may be found besides.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    pub required: FxHashSet<Key>,
    pub optional: FxHashSet<Key>,
    /// Where the required ones are stated, as far as the label tells.
    pub places: Vec<(Key, Span)>,
}

impl Labels {
    /// Those of a gold line. A label without a target teaches nothing.
    pub fn of(gold: &GoldArticle, article: &Article) -> Self {
        let mut labels = Self::default();
        for stance in &gold.stances {
            let keys = stance.targets.iter().map(|t| (stance.holder.clone(), stance.class, t.clone()));
            if stance.is_optional() {
                labels.optional.extend(keys);
                continue;
            }
            let span = stance.span.or_else(|| find(stance.clause.as_deref()?, article));
            for key in keys {
                labels.places.extend(span.map(|s| (key.clone(), s)));
                labels.required.insert(key);
            }
        }
        labels
    }

    /// Whether a required label is stated at `span`, or nowhere in particular.
    pub(super) fn states(&self, key: &Key, span: Span) -> bool {
        let mut told = self.places.iter().filter(|(k, _)| k == key).peekable();
        told.peek().is_none()
            || told.any(|(_, s)| s.field == span.field && s.start < span.end && span.start < s.end)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = r#"{"id": "a", "text": "Rome a averti Tunis. Rome a salué Rabat."}"#;

    /// A folder with that article and this gold line.
    fn set(gold: &str) -> Result<Vec<(Article, GoldArticle)>, LabelError> {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name, text| std::fs::write(folder.path().join(name), text).expect("written");
        write("articles.jsonl", ARTICLE);
        write("gold.jsonl", gold);
        read(folder.path())
    }

    #[test]
    fn labels_stand_where_their_words_or_their_span_say() {
        let read = set(concat!(
            r#"{"id": "a", "actions": [], "stances": ["#,
            r#"{"holder": "ITA", "class": "threaten", "targets": ["TUN"], "where": "Rome a averti Tunis."},"#,
            r#"{"holder": "ITA", "class": "support", "targets": ["MAR"], "span": {"field": "body", "start": 21, "end": 40}},"#,
            r#"{"holder": "ITA", "class": "neutral", "targets": ["MAR"], "optional": true}]}"#,
        ))
        .expect("a set");
        let (article, gold) = &read[0];
        let labels = Labels::of(gold, article);
        let spans: Vec<_> = labels.places.iter().map(|((_, class, _), s)| (*class, s.start, s.end)).collect();
        assert_eq!(spans, [(Class::Threaten, 0, 20), (Class::Support, 21, 40)]);
        assert_eq!((labels.required.len(), labels.optional.len()), (2, 1));
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        for (gold, told) in [
            (r#"{"id": "a", "actions": [], "stances": [{"holder": "ITA", "class": "warn"}]}"#, "`warn`"),
            (r#"{"id": "a", "stances": []}"#, "missing field `actions`"),
        ] {
            let fault = set(gold).expect_err(told).to_string();
            assert!(fault.contains("gold.jsonl:1: ") && fault.contains(told), "{fault}");
        }
    }
}
