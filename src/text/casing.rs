//! Small letters for what was set in capitals, so that models and lexica know its words.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Sentence, Token, normal::fold};

/// How words are cased, learnt once from running text; a line a word (`casing.txt`).
#[derive(Debug, Default)]
pub(super) struct Casing {
    /// Folded word to the word as it is usually written.
    usual: FxHashMap<String, String>,
}

impl Casing {
    pub(super) fn parse(lines: &str) -> Self {
        let words = lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        Self { usual: words.map(|w| (fold(w), w.to_owned())).collect() }
    }

    /// Rewrites the forms of sentences set in capitals: as the rest of the article writes them, else as usual, else small.
    pub(super) fn restore(&self, sentences: &mut [Sentence]) {
        let shouted: Vec<bool> = sentences.iter().map(|s| is_shouted(&s.tokens)).collect();
        if !shouted.contains(&true) {
            return;
        }
        let article = Article::read(sentences.iter().zip(&shouted).filter(|(_, s)| !**s).map(|(s, _)| s));
        for (sentence, _) in sentences.iter_mut().zip(&shouted).filter(|(_, shouted)| **shouted) {
            self.restore_one(&mut sentence.tokens, &article);
        }
    }

    fn restore_one(&self, tokens: &mut [Token], article: &Article) {
        // Who writes one accent writes them all: "A" is then never "à".
        let has_accents = tokens.iter().any(|t| fold(&t.form) != t.form.to_lowercase());
        let mut before: Option<String> = None;
        for token in tokens.iter_mut().filter(|t| is_word(t)) {
            let key = fold(&token.form);
            let is_in_name =
                before.as_ref().is_some_and(|b| article.names.contains(&(b.clone(), key.clone())));
            let calm = self.calm_form(&token.form, article, has_accents);
            token.form = if is_in_name || before.is_none() { capitalised(&calm) } else { calm };
            before = Some(key);
        }
    }

    fn calm_form(&self, form: &str, article: &Article, has_accents: bool) -> String {
        let key = fold(form);
        let lower = form.to_lowercase();
        let exact = article.forms.get(&lower).filter(|known| has_accents && known.to_lowercase() == lower);
        // Even then the first letter often goes without its accent ("Etats").
        let rest = |word: &str| word.chars().skip(1).flat_map(char::to_lowercase).collect::<String>();
        let fits = |known: &&String| !has_accents || rest(known) == rest(form);
        match exact.or_else(|| article.forms.get(&key).filter(fits)).or_else(|| self.usual.get(&key)) {
            Some(known) => known.clone(),
            None if form.contains(|c: char| c.is_numeric() || c == '/') => form.to_owned(),
            None => lower,
        }
    }
}

fn is_word(token: &Token) -> bool {
    token.form.chars().any(char::is_alphabetic)
}

/// How the sentences of an article that are not set in capitals write its words.
struct Article {
    /// By their lower-case and by their folded form; the first word of a sentence tells nothing.
    forms: FxHashMap<String, String>,
    /// Folded words that stand side by side in a name, each with a capital ("jong", "un").
    names: FxHashSet<(String, String)>,
}

impl Article {
    fn read<'a>(sentences: impl Iterator<Item = &'a Sentence>) -> Self {
        let mut counts: FxHashMap<String, FxHashMap<&str, u32>> = FxHashMap::default();
        let mut names = FxHashSet::default();
        for sentence in sentences {
            let words: Vec<&str> =
                sentence.tokens.iter().filter(|t| is_word(t)).map(|t| t.form.as_str()).collect();
            for word in words.iter().skip(1) {
                let lower = word.to_lowercase();
                let key = fold(word);
                if key != lower {
                    *counts.entry(lower).or_default().entry(word).or_default() += 1;
                }
                *counts.entry(key).or_default().entry(word).or_default() += 1;
            }
            let parts: Vec<&str> = words.iter().flat_map(|w| w.split('-')).collect();
            for pair in parts.windows(2).filter(|p| p.iter().all(|w| w.starts_with(char::is_uppercase))) {
                names.insert((fold(pair[0]), fold(pair[1])));
            }
        }
        // Ties go to the later form in the alphabet, so that small letters win.
        let forms = counts
            .into_iter()
            .filter_map(|(key, forms)| {
                let (form, _) = forms.into_iter().max_by_key(|(form, n)| (*n, *form))?;
                Some((key, form.to_owned()))
            })
            .collect();
        Self { forms, names }
    }
}

/// At least two words and eight letters, nearly all of them capitals.
fn is_shouted(tokens: &[Token]) -> bool {
    let mut words = 0;
    let (mut capitals, mut small) = (0, 0);
    for token in tokens {
        words += usize::from(is_word(token));
        capitals += token.form.chars().filter(|c| c.is_uppercase()).count();
        small += token.form.chars().filter(|c| c.is_lowercase()).count();
    }
    words >= 2 && capitals >= 8 && small * 10 <= capitals
}

fn capitalised(form: &str) -> String {
    let mut chars = form.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
