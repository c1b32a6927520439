//! Clusters of words that stand in like places: what governs them, what they govern, what is beside them.

use std::collections::{BTreeMap, HashMap};

use crate::{
    syntax::{Vocabulary, join, key, short, spread},
    training::treebank::Sentence,
};

const CLUSTERS: usize = 320;
const DIMENSIONS: usize = 128;
const ROUNDS: usize = 8;
/// Occurrences below which a word's places say too little.
const MIN_COUNT: u32 = 12;

type Vector = [f32; DIMENSIONS];

/// Gives the words of the vocabulary that the treebanks show often enough a cluster from 1.
pub(super) fn assign<'a>(
    sentences: impl Iterator<Item = &'a Sentence>,
    vocabulary: &Vocabulary,
) -> Vocabulary {
    let mut seen = Vec::new();
    for sentence in sentences {
        collect(sentence, &mut seen);
    }
    let words = vectors(seen);
    let clusters = group(&words);
    let known: HashMap<u32, u16> = words.iter().zip(clusters).map(|((word, ..), c)| (*word, c)).collect();
    let cluster = |word: u32| known.get(&word).copied().unwrap_or(0);
    Vocabulary::new(vocabulary.entries().into_iter().map(|(word, _)| (word, cluster(word))))
}

/// Each word with each of its places.
fn collect(sentence: &Sentence, seen: &mut Vec<(u32, u32)>) {
    let keys: Vec<u64> = sentence.words.iter().map(|w| key(&w.form)).collect();
    let mut add = |at: usize, place: u64, other: u64| {
        seen.push((short(keys[at]), short(spread(join(spread(place), other)))));
    };
    for (at, word) in sentence.words.iter().enumerate() {
        let relation = word.deprel as u64;
        add(at, 1, relation);
        add(at, 2, word.upos as u64);
        if let Some(head) = word.head {
            add(at, 100 + relation, keys[head]);
            add(head, 200 + relation, keys[at]);
        }
        add(at, 3, at.checked_sub(1).map_or(0, |i| keys[i]));
        add(at, 4, keys.get(at + 1).copied().unwrap_or(0));
    }
}

/// Frequent words, each with the sum of its places, weighted by how telling each is (positive pointwise mutual
/// information). A place is a random direction, so that like sums mean like places.
fn vectors(mut seen: Vec<(u32, u32)>) -> Vec<(u32, u32, Vector)> {
    seen.sort_unstable();
    let mut of_word: BTreeMap<u32, u32> = BTreeMap::new();
    let mut of_place: HashMap<u32, u32> = HashMap::new();
    for (word, place) in &seen {
        *of_word.entry(*word).or_default() += 1;
        *of_place.entry(*place).or_default() += 1;
    }
    // A word stands in about six places each time.
    of_word.retain(|_, count| *count >= 6 * MIN_COUNT);
    let all = seen.len() as f64;
    let mut words = Vec::new();
    for same_word in seen.chunk_by(|a, b| a.0 == b.0) {
        let word = same_word[0].0;
        let Some(&count) = of_word.get(&word) else { continue };
        let mut vector = [0.0; DIMENSIONS];
        for same_place in same_word.chunk_by(|a, b| a.1 == b.1) {
            let (place, both) = (same_place[0].1, same_place.len() as f64);
            let expected = f64::from(count) * f64::from(of_place[&place]) / all;
            if both > expected && both > 1.0 {
                add_direction(&mut vector, place, (both / expected).ln() as f32);
            }
        }
        normalise(&mut vector);
        words.push((word, count, vector));
    }
    words
}

fn add_direction(vector: &mut Vector, place: u32, weight: f32) {
    let bits = [spread(u64::from(place)), spread(u64::from(place) | 1 << 40)];
    for (i, value) in vector.iter_mut().enumerate() {
        *value += if bits[i / 64] >> (i % 64) & 1 == 1 { weight } else { -weight };
    }
}

fn normalise(vector: &mut Vector) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for value in vector.iter_mut() {
            *value /= length;
        }
    }
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    // Eight sums side by side: the order is fixed, and the compiler may use wide registers.
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
}

/// Spherical k-means, begun at the most frequent words.
fn group(words: &[(u32, u32, Vector)]) -> Vec<u16> {
    let mut by_count: Vec<usize> = (0..words.len()).collect();
    by_count.sort_by_key(|i| (std::cmp::Reverse(words[*i].1), words[*i].0));
    // Every third word: the most frequent are words of grammar, a cluster each is enough for them.
    let mut centres: Vec<Vector> = by_count.iter().step_by(3).take(CLUSTERS).map(|i| words[*i].2).collect();
    let mut nearest = vec![0u16; words.len()];
    for _ in 0..ROUNDS {
        for ((.., vector), cluster) in words.iter().zip(&mut nearest) {
            *cluster = closest(vector, &centres);
        }
        let mut sums = vec![[0.0; DIMENSIONS]; centres.len()];
        for ((.., vector), cluster) in words.iter().zip(&nearest) {
            sums[usize::from(*cluster)].iter_mut().zip(vector).for_each(|(sum, v)| *sum += v);
        }
        for (centre, mut sum) in centres.iter_mut().zip(sums) {
            normalise(&mut sum);
            *centre = sum;
        }
    }
    nearest.into_iter().map(|c| c + 1).collect()
}

fn closest(vector: &Vector, centres: &[Vector]) -> u16 {
    let mut best = (0, f32::NEG_INFINITY);
    for (i, centre) in centres.iter().enumerate() {
        let near = dot(vector, centre);
        if near > best.1 {
            best = (i as u16, near);
        }
    }
    best.0
}
