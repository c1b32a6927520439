//! Rows of words, as the data files write them and as tokens stand in a text.

use serde::Deserialize;

/// Phrases of one word or several, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases(Vec<Vec<String>>);

impl From<Vec<String>> for Phrases {
    fn from(phrases: Vec<String>) -> Self {
        // An elided word is a token of its own ("d'après").
        let words = |p: &String| p.replace('\'', "' ").split_whitespace().map(str::to_owned).collect();
        Self(phrases.iter().map(words).filter(|p: &Vec<String>| !p.is_empty()).collect())
    }
}

impl Phrases {
    /// Whether one of the phrases stands unbroken among lower-case words.
    pub fn occur(&self, words: &[String]) -> bool {
        (0..words.len()).any(|at| self.length_at(words, at).is_some())
    }

    /// Words of the longest phrase that begins at `at`.
    pub fn length_at(&self, words: &[String], at: usize) -> Option<usize> {
        let begins = |phrase: &&Vec<String>| words[at..].starts_with(phrase);
        self.0.iter().filter(begins).map(Vec::len).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn phrases_match_unbroken_rows_of_tokens() {
        let phrases =
            Phrases::from(vec!["d'après".to_owned(), "according to".to_owned(), "selon".to_owned()]);
        assert_eq!(phrases.length_at(&words("ainsi , d' après Paris"), 2), Some(2));
        assert_eq!(phrases.length_at(&words("selon Paris"), 0), Some(1));
        assert!(!phrases.occur(&words("according , to")));
        assert!(phrases.occur(&words("he left , according to Paris")));
    }
}
