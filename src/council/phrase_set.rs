//! Phrases of one meaning, at hand by the words that they begin with.

use std::{collections::BTreeSet, ops::Range};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, de::Error};

use super::pattern::{Found, Opening, Phrase, Words};

/// Phrases of one meaning.
#[derive(Debug, Clone, Default)]
pub(super) struct PhraseSet {
    phrases: Vec<Phrase>,
    openings: Openings,
}

/// Which phrases may begin with a word: a language has thousands, and few begin at any one.
#[derive(Debug, Clone, Default)]
struct Openings {
    words: FxHashMap<String, Vec<usize>>,
    /// By the first letters of a word, and how many bytes of it that may be.
    stems: FxHashMap<String, Vec<usize>>,
    stem_lengths: BTreeSet<usize>,
    /// Phrases that may begin with something other than a word.
    others: Vec<usize>,
}

impl<'de> Deserialize<'de> for PhraseSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let phrases: Vec<Phrase> =
            texts.iter().map(|t| Phrase::parse(t).map_err(D::Error::custom)).collect::<Result<_, _>>()?;
        Ok(Self { openings: Openings::of(&phrases), phrases })
    }
}

impl Openings {
    fn of(phrases: &[Phrase]) -> Self {
        let mut openings = Self::default();
        for (index, phrase) in phrases.iter().enumerate() {
            for opening in phrase.openings() {
                match opening {
                    Opening::Word(word) => openings.words.entry(word.to_owned()).or_default().push(index),
                    Opening::Stem(stem) => {
                        openings.stem_lengths.insert(stem.len());
                        openings.stems.entry(stem.to_owned()).or_default().push(index);
                    }
                    Opening::Other => openings.others.push(index),
                }
            }
        }
        openings
    }

    /// The phrases that may begin at a token, in their order.
    fn at(&self, words: &Words, at: usize) -> Vec<usize> {
        let (Some(form), Some(lemma)) = (words.forms.get(at), words.lemmas.get(at)) else {
            return Vec::new();
        };
        let mut found = self.others.clone();
        for word in [Some(form), Some(lemma).filter(|l| *l != form)].into_iter().flatten() {
            found.extend(self.words.get(word).into_iter().flatten());
            let stems = self.stem_lengths.iter().filter_map(|length| word.get(..*length));
            found.extend(stems.filter_map(|stem| self.stems.get(stem)).flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl PhraseSet {
    /// What stands at a token, in the order of the phrases.
    fn all_at<'a>(&'a self, words: &'a Words, at: usize) -> impl Iterator<Item = Found> + 'a {
        self.openings.at(words, at).into_iter().filter_map(move |index| self.phrases[index].at(words, at))
    }

    /// All places where one of the phrases stands, in reading order, longer ones first.
    pub(super) fn find(&self, words: &Words) -> Vec<Found> {
        let mut found: Vec<Found> =
            (0..words.forms.len()).flat_map(|first| self.all_at(words, first)).collect();
        found.sort_by_key(|f| (f.first, std::cmp::Reverse(f.end)));
        found.dedup();
        found
    }

    pub(super) fn first(&self, words: &Words) -> Option<Found> {
        self.find(words).into_iter().next()
    }

    pub(super) fn is_in(&self, words: &Words) -> bool {
        (0..words.forms.len()).any(|at| self.all_at(words, at).next().is_some())
    }

    /// Whether a phrase begins and ends inside the range.
    pub(super) fn within(&self, words: &Words, range: Range<usize>) -> bool {
        range.clone().any(|at| self.all_at(words, at).any(|f| f.end <= range.end))
    }

    /// Whether one of the phrases is this word alone.
    pub(super) fn is_word(&self, form: &str) -> bool {
        self.phrases.iter().any(|p| p.is_word(form))
    }

    /// The longest phrase that begins at a token.
    pub(super) fn at(&self, words: &Words, at: usize) -> Option<Found> {
        self.all_at(words, at).max_by_key(|f| f.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words::of_text(text)
    }

    fn set(phrases: &[&str]) -> PhraseSet {
        serde_json::from_value(serde_json::json!(phrases)).expect("phrases")
    }

    #[test]
    fn a_phrase_is_found_by_each_way_it_may_begin() {
        let set = set(&["le|la projet", "réun*", "pas? adopté", "{n} voix", "en* vigueur"]);
        for text in ["le projet", "la projet", "réunion", "pas adopté", "adopté", "entrée vigueur"] {
            assert!(set.is_in(&words(text)), "{text}");
        }
        for text in ["un projet", "réu", "pas", "vigueur", "neuf voix"] {
            assert!(!set.is_in(&words(text)), "{text}");
        }
        let numbered = Words { numbers: vec![Some(9), None], ..words("neuf voix") };
        assert!(set.is_in(&numbered));
    }

    #[test]
    fn a_stem_may_end_inside_a_letter_of_another_word() {
        // Four bytes of "diété" end inside its letter; the longer stem must be tried nonetheless.
        let set = set(&["dise*", "diété*"]);
        assert!(set.is_in(&words("diététique")));
    }

    #[test]
    fn lemmas_begin_phrases_too() {
        let words = Words { lemmas: vec!["adopter".to_owned()], ..words("adoptent") };
        assert!(set(&["adopter"]).is_in(&words));
    }

    #[test]
    fn the_longest_comes_first_and_nothing_stands_behind_the_end() {
        let (set, words) = (set(&["a", "a b"]), words("a b"));
        let ends: Vec<usize> = set.find(&words).iter().map(|f| f.end).collect();
        assert_eq!(ends, [2, 1]);
        assert_eq!(set.at(&words, 0).map(|f| f.end), Some(2));
        assert_eq!(set.at(&words, 2), None);
        assert!(!set.within(&words, 1..5));
    }
}
