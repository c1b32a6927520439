//! Folds of labelled articles that share no text.

use rustc_hash::FxHashMap;

/// Letters and digits that a sentence must have to show that two articles are of one origin.
const TELLING: usize = 40;

/// Sets of articles without a sentence in common: a dispatch and its update, or an article and an excerpt of it, teach
/// and are scored together, as a model that has seen the one has seen the other.
#[derive(Debug, Default)]
pub(super) struct Folds {
    sentences: FxHashMap<String, usize>,
    /// By article: the first one that it shares text with, over however many others.
    origins: Vec<usize>,
}

impl Folds {
    /// Adds the next article.
    pub(super) fn add(&mut self, text: &str) {
        let article = self.origins.len();
        self.origins.push(article);
        for sentence in text.split(['.', '!', '?', '\n']) {
            let letters: String =
                sentence.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            if letters.chars().count() >= TELLING {
                let before = *self.sentences.entry(letters).or_insert(article);
                self.join(self.origins[before], self.origins[article]);
            }
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (first, second) = (a.min(b), a.max(b));
        if first != second {
            self.origins.iter_mut().filter(|origin| **origin == second).for_each(|origin| *origin = first);
        }
    }

    /// The fold of each article, of so many folds.
    pub(super) fn assign(&self, folds: usize) -> Vec<usize> {
        let mut of_origin: FxHashMap<usize, usize> = FxHashMap::default();
        let mut fold = |origin: &usize| {
            let next = of_origin.len() % folds;
            *of_origin.entry(*origin).or_insert(next)
        };
        self.origins.iter().map(&mut fold).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_that_share_a_sentence_share_a_fold() {
        let shared = "Le ministre a promis vendredi à Lima de rouvrir les deux ambassades";
        let mut folds = Folds::default();
        folds.add("Une dépêche qui ne dit rien de ce que disent les autres, et le dit longuement.");
        folds.add(&format!("{shared}. Rien de neuf ailleurs."));
        folds.add("Rien de neuf ailleurs. Court.");
        folds.add(&format!("« {} »", shared.to_uppercase()));
        assert_eq!(folds.assign(4), [0, 1, 2, 1]);
        assert_eq!(folds.assign(1), [0; 4]);
    }

    #[test]
    fn an_article_joins_all_that_it_shares_with() {
        let (one, two) = (
            "Le Pérou et le Chili ont signé lundi un accord sur la pêche au large",
            "La Norvège a salué mardi cet accord dont elle attendait la signature",
        );
        let mut folds = Folds::default();
        folds.add(one);
        folds.add(two);
        folds.add(&format!("{one}.\n{two}."));
        assert_eq!(folds.assign(3), [0; 3]);
    }
}
