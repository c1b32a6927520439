//! Phrases of `council.toml`: rows of words with alternatives, gaps and numbers, matched on tokens.

use rustc_hash::FxHashMap;

/// A row of words, between which adverbs and asides may stand.
///
/// `a|b` alternatives, `vot*` any ending, `de?` may be missing, `..` up to
/// [`GAP`] words that hold no clause mark, `{n}` a number of votes, `{c}` a state's name.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    slots: Vec<Slot>,
}

#[derive(Debug, Clone)]
struct Slot {
    kind: Kind,
    optional: bool,
}

#[derive(Debug, Clone)]
enum Kind {
    Words(Vec<Word>),
    Number,
    State,
    Gap,
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    open: bool,
}

/// Longest gap: adverbs and a date stand inside a French phrase ("a mis vendredi son veto à").
const GAP: usize = 8;

/// What a phrase is matched on: one entry a token.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Lower-case forms.
    pub forms: Vec<String>,
    pub lemmas: Vec<String>,
    /// Index of the first token after a state's name that begins here.
    pub state_end: FxHashMap<usize, usize>,
    pub numbers: Vec<Option<u8>>,
    /// Verbs whose ending makes them future ("mettront"), or conditional ("mettrait").
    pub future: Vec<bool>,
    pub conditional: Vec<bool>,
    /// Adverbs that may stand between the words of a phrase ("ont également rejeté"); none that denies.
    pub adverbs: Vec<bool>,
    /// Lists of states set off by dashes or brackets: index of the mark that opens one, and of the first token behind it.
    pub asides: FxHashMap<usize, usize>,
}

impl Words {
    /// Words without tags, as in a dateline.
    pub(super) fn of_text(text: &str) -> Self {
        let forms: Vec<String> = text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        let count = forms.len();
        Self {
            lemmas: forms.clone(),
            forms,
            state_end: FxHashMap::default(),
            numbers: vec![None; count],
            future: vec![false; count],
            conditional: vec![false; count],
            adverbs: vec![false; count],
            asides: FxHashMap::default(),
        }
    }

    /// The token to go on at inside a phrase that does not know the one at `at`: it is an adverb, or opens an aside.
    fn passed_over(&self, at: usize) -> Option<usize> {
        let adverb = || self.adverbs.get(at).is_some_and(|a| *a).then_some(at + 1);
        // "three - China, Russia and Bolivia - against": names stand behind the number that counts them.
        let counts = at.checked_sub(1).is_some_and(|i| self.numbers[i].is_some());
        self.asides.get(&at).copied().filter(|_| counts).or_else(adverb)
    }
}

/// What a phrase may begin with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening<'a> {
    Word(&'a str),
    /// First letters of a word.
    Stem(&'a str),
    Other,
}

/// A place where a phrase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub first: usize,
    pub end: usize,
    pub numbers: Vec<u8>,
}

impl Phrase {
    /// # Errors
    /// The text has no words, or an unknown `{class}`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text
            .split_whitespace()
            .any(|w| w.contains('|') && w.trim_end_matches('\'').contains('\'') && !w.starts_with('\''))
        {
            return Err(format!("an elided word stands apart from alternatives: `{text}`"));
        }
        let mut slots = Vec::new();
        for word in text.split_whitespace().flat_map(split_elision) {
            let (word, optional) = match word.strip_suffix('?') {
                Some(word) if !word.is_empty() => (word, true),
                _ => (word, false),
            };
            let kind = match word {
                ".." => Kind::Gap,
                "{n}" => Kind::Number,
                "{c}" => Kind::State,
                _ if word.starts_with('{') => return Err(format!("unknown class `{word}` in `{text}`")),
                _ => Kind::Words(word.split('|').map(Word::parse).collect()),
            };
            slots.push(Slot { kind, optional });
        }
        if !slots.iter().any(|s| matches!(s.kind, Kind::Words(_))) {
            return Err(format!("phrase `{text}` has no word"));
        }
        if slots.iter().all(|s| s.optional) {
            return Err(format!("phrase `{text}` may be empty: some word must stand in it"));
        }
        Ok(Self { slots })
    }

    /// What the phrase may begin with.
    pub(super) fn openings(&self) -> Vec<Opening<'_>> {
        let mut openings = Vec::new();
        for slot in &self.slots {
            match &slot.kind {
                Kind::Words(list) => openings.extend(list.iter().map(Word::opening)),
                Kind::Number | Kind::State | Kind::Gap => openings.push(Opening::Other),
            }
            if !slot.optional {
                break;
            }
        }
        openings
    }

    pub(super) fn is_word(&self, form: &str) -> bool {
        match &self.slots[..] {
            [Slot { kind: Kind::Words(list), .. }] => list.iter().any(|w| w.is(form)),
            _ => false,
        }
    }

    pub(super) fn at(&self, words: &Words, first: usize) -> Option<Found> {
        let mut numbers = Vec::new();
        let end = step(&self.slots, words, first, &mut numbers, false)?;
        Some(Found { first, end, numbers })
    }
}

/// Cuts `l'abstention` as the tokeniser does; `'s` stays whole.
fn split_elision(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = word;
    while let Some(at) = rest.find('\'').filter(|at| *at > 0 && at + 1 < rest.len()) {
        parts.push(&rest[..=at]);
        rest = &rest[at + 1..];
    }
    parts.push(rest);
    parts
}

impl Word {
    fn parse(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(stem) => Self { text: stem.to_owned(), open: true },
            None => Self { text: text.to_owned(), open: false },
        }
    }

    fn opening(&self) -> Opening<'_> {
        if self.open { Opening::Stem(&self.text) } else { Opening::Word(&self.text) }
    }

    fn is(&self, form: &str) -> bool {
        if self.open { form.starts_with(&self.text) } else { form == self.text }
    }
}

fn ends_clause(form: &str) -> bool {
    matches!(form, ";" | ":" | "." | "!" | "?")
}

/// Where a phrase ends that goes on at `at`; within it an adverb or an aside may be passed over.
fn step(slots: &[Slot], words: &Words, at: usize, numbers: &mut Vec<u8>, inside: bool) -> Option<usize> {
    let known = numbers.len();
    let end = matched(slots, words, at, numbers, inside);
    // A gap has its own length.
    let gap = slots.first().is_some_and(|s| matches!(s.kind, Kind::Gap));
    if end.is_some() || !inside || gap {
        return end;
    }
    numbers.truncate(known);
    step(slots, words, words.passed_over(at)?, numbers, true)
}

fn matched(slots: &[Slot], words: &Words, at: usize, numbers: &mut Vec<u8>, inside: bool) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else { return Some(at) };
    if slot.optional {
        let before = numbers.len();
        if let Some(end) =
            one(slot, words, at, numbers).and_then(|next| step(rest, words, next, numbers, true))
        {
            return Some(end);
        }
        numbers.truncate(before);
        return step(rest, words, at, numbers, inside);
    }
    if matches!(slot.kind, Kind::Gap) {
        for skipped in 0..=GAP {
            let before = numbers.len();
            if let Some(end) = step(rest, words, at + skipped, numbers, false) {
                return Some(end);
            }
            numbers.truncate(before);
            if words.forms.get(at + skipped).is_none_or(|f| ends_clause(f)) {
                return None;
            }
        }
        return None;
    }
    one(slot, words, at, numbers).and_then(|next| step(rest, words, next, numbers, true))
}

fn one(slot: &Slot, words: &Words, at: usize, numbers: &mut Vec<u8>) -> Option<usize> {
    match &slot.kind {
        Kind::Words(list) => {
            let (form, lemma) = (words.forms.get(at)?, &words.lemmas[at]);
            list.iter().any(|w| w.is(form) || w.is(lemma)).then_some(at + 1)
        }
        Kind::Number => {
            numbers.push((*words.numbers.get(at)?)?);
            Some(at + 1)
        }
        Kind::State => words.state_end.get(&at).copied(),
        Kind::Gap => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let forms: Vec<String> = text.split(' ').map(str::to_lowercase).collect();
        let numbers = forms.iter().map(|f| f.parse().ok()).collect();
        let adverbs = forms.iter().map(|f| f == "also").collect();
        Words { lemmas: forms.clone(), forms, numbers, adverbs, ..Words::default() }
    }

    fn found(phrase: &str, text: &str) -> Option<(usize, usize)> {
        let (phrase, words) = (Phrase::parse(phrase).expect("phrase"), words(text));
        (0..words.forms.len()).find_map(|at| phrase.at(&words, at)).map(|f| (f.first, f.end))
    }

    #[test]
    fn adverbials_stand_inside_a_frame() {
        assert_eq!(found("a|ont mis .. veto", "Paris a mis vendredi son veto à ce texte"), Some((1, 6)));
        assert_eq!(found("a|ont mis .. veto", "Paris a mis fin ; un veto"), None);
    }

    #[test]
    fn an_adverb_may_stand_between_two_words() {
        assert_eq!(found("has rejected", "it has also rejected it"), Some((1, 4)));
        assert_eq!(found("has rejected", "it has not rejected it"), None);
        assert_eq!(found("has been? rejected", "it has also been rejected"), Some((1, 5)));
        let long = "council also a b c d e f g h backed";
        assert_eq!(found("council .. backed", long), None, "a gap has its own length");
        assert_eq!(found("rejected", "it also rejected it"), Some((2, 3)), "no phrase begins with one");
    }

    #[test]
    fn endings_elisions_and_missing_words() {
        assert_eq!(found("s'est abst*", "Pékin s' est abstenu"), Some((1, 4)));
        assert_eq!(found("voted? against", "Yemen voted against it"), Some((1, 3)));
        assert_eq!(found("voted? against", "one against"), Some((1, 2)));
    }

    #[test]
    fn numbers_are_captured() {
        let phrase = Phrase::parse("{n} voix contre {n}").expect("phrase");
        let found = phrase.at(&words("par 13 voix contre 2"), 1).expect("a place");
        assert_eq!(found.numbers, [13, 2]);
        assert!(Phrase::parse("{x} voix").is_err());
        assert!(Phrase::parse("de? la?").is_err(), "it would stand anywhere");
    }
}
