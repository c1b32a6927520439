//! What tagger and parser see of the tokens: a few hashes a word.

use super::{hashing, morphology::Entry, vocabulary::Vocabulary};

/// The words of a sentence as numbers, and two places past its end: the root and nothing.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) len: usize,
    /// Lower-case word, or its outline where the vocabulary does not know it.
    pub(crate) word: Vec<u64>,
    /// Cluster of the word; its outline where it has none.
    pub(crate) cluster: Vec<u64>,
    /// Endings of one to five letters, beginnings of one to three.
    pub(crate) endings: Vec<[u64; 5]>,
    pub(crate) beginnings: Vec<[u64; 3]>,
    /// Capitals, digits, signs.
    pub(crate) shape: Vec<u64>,
    /// What the dictionary says of it.
    pub(crate) class: Vec<u64>,
    pub(crate) is_comma: Vec<bool>,
}

const ROOT: u64 = 0xA5A5_0001;
const NOTHING: u64 = 0xA5A5_0002;

impl Words {
    pub(crate) fn new<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>, vocabulary: &Vocabulary) -> Self {
        let mut words = Self::default();
        for entry in entries {
            words.push(entry, vocabulary);
        }
        words.len = words.word.len();
        for place in [ROOT, NOTHING] {
            let hash = hashing::spread(place);
            words.word.push(hash);
            words.cluster.push(hash);
            words.endings.push([hash; 5]);
            words.beginnings.push([hash; 3]);
            words.shape.push(hash);
            words.class.push(hash);
            words.is_comma.push(false);
        }
        words
    }

    fn push(&mut self, entry: &Entry, vocabulary: &Vocabulary) {
        let form = entry.form();
        let lower: Vec<char> = normalised(form).collect();
        let hash = hashing::text(lower.iter().copied());
        let shape = shape(form);
        let ending = |n: usize| hashing::text(lower[lower.len().saturating_sub(n)..].iter().copied());
        let beginning = |n: usize| hashing::text(lower[..n.min(lower.len())].iter().copied());
        let endings = [ending(1), ending(2), ending(3), ending(4), ending(5)];
        let outline = hashing::join(shape, endings[2]);
        let known = vocabulary.cluster(hash);
        self.word.push(if known.is_some() { hash } else { outline });
        self.cluster.push(known.filter(|c| *c > 0).map_or(outline, |c| hashing::spread(u64::from(c))));
        self.endings.push(endings);
        self.beginnings.push([beginning(1), beginning(2), beginning(3)]);
        self.shape.push(shape);
        self.class.push(entry.class().unwrap_or(shape));
        self.is_comma.push(form == ",");
    }

    /// Hash of the dictionary form of the word `at`, its own hash where the vocabulary does not have it.
    pub(crate) fn lemma(&self, at: usize, lemma: &str, vocabulary: &Vocabulary) -> u64 {
        let hash = key(lemma);
        if vocabulary.cluster(hash).is_some() { hash } else { self.word[at] }
    }

    pub(crate) fn root(&self) -> usize {
        self.len
    }

    pub(crate) fn nothing(&self) -> usize {
        self.len + 1
    }

    /// Place `offset` words from `at`; nothing outside the sentence.
    pub(crate) fn near(&self, at: usize, offset: isize) -> usize {
        at.checked_add_signed(offset).filter(|i| *i < self.len).unwrap_or(self.nothing())
    }
}

/// Hash under which the vocabulary keeps a form.
pub(crate) fn key(form: &str) -> u64 {
    hashing::text(normalised(form))
}

/// Lower case, one apostrophe, one quotation mark, every digit alike.
fn normalised(form: &str) -> impl Iterator<Item = char> + '_ {
    form.chars().flat_map(char::to_lowercase).map(|c| match c {
        '’' => '\'',
        '«' | '»' | '“' | '”' => '"',
        c if c.is_ascii_digit() => '0',
        c => c,
    })
}

fn shape(form: &str) -> u64 {
    let mut chars = form.chars();
    let first = chars.next().unwrap_or(' ');
    let mut bits = 0u64;
    bits |= u64::from(first.is_uppercase());
    bits |= u64::from(first.is_ascii_digit()) << 1;
    bits |= u64::from(!first.is_alphanumeric()) << 2;
    for c in chars {
        bits |= u64::from(c.is_uppercase()) << 3;
        bits |= u64::from(c.is_lowercase()) << 4;
        bits |= u64::from(c.is_ascii_digit()) << 5;
        bits |= u64::from(c == '-') << 6;
        bits |= u64::from(c == '.') << 7;
        bits |= u64::from(c == '\'' || c == '’') << 8;
    }
    hashing::spread(bits | 1 << 20)
}
