//! Words to universal part-of-speech tags, left to right.

use super::{
    Upos,
    hashing::{Features, spread},
    table::{Table, best},
    words::Words,
};

pub(crate) const CLASSES: usize = Upos::ALL.len();

/// Tags of a sentence, each given the two before it.
pub(crate) fn tag(words: &Words, table: &Table<CLASSES>) -> Vec<Upos> {
    let mut features = Features::default();
    let mut tags = Vec::with_capacity(words.len);
    for at in 0..words.len {
        collect(words, at, &tags, &mut features);
        let class = best(&table.scores(&features), |_| true).unwrap_or(0);
        tags.push(Upos::ALL[class]);
    }
    tags
}

/// The features of the word `at`, whose predecessors have `tags`.
pub(crate) fn collect(words: &Words, at: usize, tags: &[Upos], f: &mut Features) {
    f.clear();
    let tag = |back: usize| at.checked_sub(back).map_or(spread(99), |i| spread(tags[i] as u64));
    let (p1, p2) = (tag(1), tag(2));
    let near = |offset| words.near(at, offset);
    let (b1, b2, n1, n2) = (near(-1), near(-2), near(1), near(2));
    let (word, shape, endings) = (words.word[at], words.shape[at], &words.endings[at]);
    let first = u64::from(at == 0);
    f.add([]);
    f.add([word]);
    f.add([word, shape]);
    f.add([shape, first]);
    f.add([words.cluster[at]]);
    for ending in endings {
        f.add([*ending]);
    }
    f.add([endings[2], shape]);
    for beginning in words.beginnings[at] {
        f.add([beginning]);
    }
    f.add([p1]);
    f.add([p2]);
    f.add([p1, p2]);
    f.add([p1, word]);
    f.add([p1, p2, word]);
    f.add([p1, endings[2]]);
    f.add([words.word[b1]]);
    f.add([words.word[b2]]);
    f.add([words.word[n1]]);
    f.add([words.word[n2]]);
    f.add([words.word[b1], word]);
    f.add([word, words.word[n1]]);
    f.add([p1, words.word[n1]]);
    f.add([words.cluster[b1], words.cluster[n1]]);
    f.add([words.endings[n1][2]]);
    f.add([words.endings[n1][1], p1]);
    f.add([words.endings[b1][2]]);
    f.add([words.endings[n2][2]]);
    f.add([words.shape[n1], shape]);
    f.add([words.shape[b1], shape, first]);
    f.add([words.cluster[n1], p1]);
    f.add([words.cluster[n1], words.cluster[n2]]);
    f.add([words.cluster[at], p1]);
    f.add([words.cluster[at], words.cluster[n1]]);
    let class = &words.class;
    f.add([class[at]]);
    f.add([class[at], p1]);
    f.add([class[at], p1, p2]);
    f.add([class[at], class[n1]]);
    f.add([class[at], words.word[n1]]);
    f.add([class[at], words.word[b1]]);
    f.add([class[n1], p1]);
    f.add([class[n1], word]);
    f.add([class[n1], class[n2]]);
    f.add([class[b1], class[at], class[n1]]);
    f.add([class[at], endings[2]]);
}
