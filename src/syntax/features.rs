//! What the parser looks at before a move, and before it names a relation.
//!
//! The order of the templates is part of the model format: a change here needs a new
//! [`super::model::VERSION`] and new models.

use super::{
    arcs::{Sentence, State},
    hashing::{Features, spread},
};

/// Features of the next move. `s0` is the stack's top, `s1` below it, `b0` the queue's first.
pub(crate) fn of_move(sentence: &Sentence, state: &State, f: &mut Features) {
    f.clear();
    let (s0, s1, s2) = (state.stacked(0), state.stacked(1), state.stacked(2));
    let (b0, b1, b2, b3) = (state.queued(0), state.queued(1), state.queued(2), state.queued(3));
    let words = sentence.words;
    let (w, p, c) = (&words.word, &sentence.tags, &words.cluster);
    let (lemma, traits) = (&sentence.lemmas, &sentence.traits);
    let (ds0, ds1, db0) = (&state.dependents[s0], &state.dependents[s1], &state.dependents[b0]);

    f.add([]);
    for place in [s0, s1, s2, b0, b1, b2] {
        f.add([p[place]]);
        f.add([w[place], p[place]]);
    }
    f.add([p[b3], p[b2]]);

    // The three places where an arc can be made, two by two.
    for (a, b) in [(s0, b0), (s1, s0), (s1, b0)] {
        f.add([p[a], p[b]]);
        f.add([w[a], p[a], p[b]]);
        f.add([p[a], w[b], p[b]]);
        f.add([lemma[a], lemma[b]]);
        f.add([lemma[a], p[b]]);
        f.add([p[a], lemma[b]]);
        f.add([p[a], p[b], traits[a], traits[b]]);
        f.add([c[a], c[b]]);
        f.add([c[a], p[b]]);
        f.add([p[a], c[b]]);
        f.add([p[a], p[b], sentence.distance(a, b)]);
        f.add([p[a], p[b], sentence.between(a, b)]);
    }
    f.add([w[s0], sentence.distance(s0, b0)]);
    f.add([w[b0], sentence.distance(s0, b0), p[s0]]);
    f.add([w[s1], sentence.distance(s1, s0), p[s0]]);

    f.add([p[b0], p[b1]]);
    f.add([w[b0], w[b1]]);
    f.add([w[b0], p[b1]]);
    f.add([p[s0], p[b0], p[b1]]);
    f.add([p[s0], p[b0], p[b1], p[b2]]);
    f.add([p[s1], p[s0], p[b0]]);
    f.add([p[s2], p[s1], p[s0]]);
    f.add([p[s2], p[s1], p[s0], p[b0]]);
    f.add([p[s1], p[s0], p[b0], p[b1]]);
    f.add([w[s1], p[s0], p[b0]]);
    f.add([p[s1], w[s0], p[b0]]);
    f.add([p[s1], p[s0], w[b0]]);
    f.add([w[s0], p[b0], p[b1]]);
    f.add([p[s0], w[b0], p[b1]]);
    f.add([p[s0], p[b0], w[b1]]);
    f.add([lemma[s1], lemma[s0], p[b0]]);
    f.add([p[s1], lemma[s0], lemma[b0]]);

    // Dependents found so far: markers and prepositions of s0 decide where it hangs.
    for (place, of) in [(s0, ds0), (s1, ds1), (b0, db0)] {
        let (left, right) = (of.left[0], of.right[0]);
        f.add([p[place], of.left_labels, of.right_labels]);
        f.add([lemma[place], of.right_labels]);
        f.add([p[place], u64::from(of.left_count), u64::from(of.right_count)]);
        f.add([p[place], p[left], p[right]]);
        f.add([p[place], w[left]]);
        f.add([p[place], w[right]]);
    }
    f.add([p[s0], ds0.left_labels, ds0.right_labels, p[b0]]);
    f.add([p[s1], ds1.right_labels, p[s0], ds0.left_labels]);
    f.add([lemma[s1], ds1.right_labels, p[s0], w[ds0.left[0]]]);
    f.add([p[s0], ds0.left_labels, p[b0], db0.left_labels]);
    f.add([lemma[s1], w[ds0.left[0]], p[s0]]);
    f.add([p[s1], w[ds0.left[0]], p[s0]]);
    f.add([lemma[s1], w[ds0.left[1]], p[s0]]);
    f.add([p[s1], w[ds0.left[1]], p[s0]]);
    f.add([lemma[s2], w[ds0.left[0]], p[s0]]);
    f.add([p[s1], w[ds0.left[0]], w[s0]]);
    f.add([p[s1], p[ds1.right[0]], p[s0]]);
    f.add([p[s0], p[ds0.right[0]], p[b0]]);
    f.add([p[s0], p[ds0.left[0]], p[b0]]);
    f.add([p[s1], p[ds1.left[0]], p[s0]]);
    f.add([p[s0], p[b0], p[db0.left[0]]]);
    f.add([p[s0], p[b0], w[db0.left[0]]]);
    f.add([p[s0], traits[s0], p[b0], p[b1]]);
    f.add([p[s1], traits[s1], p[s0], traits[s0], p[b0]]);
    f.add([p[s2], ds0.left_labels, p[s1], p[s0], w[ds0.left[0]]]);
}

/// Features of the relation between `head` and `dependent`.
pub(crate) fn of_label(sentence: &Sentence, state: &State, head: usize, dependent: usize, f: &mut Features) {
    f.clear();
    let words = sentence.words;
    let (w, p, c) = (&words.word, &sentence.tags, &words.cluster);
    let (lemma, traits) = (&sentence.lemmas, &sentence.traits);
    let (of_head, of_dep) = (&state.dependents[head], &state.dependents[dependent]);
    let side = spread(u64::from(dependent < head));
    let marker = of_dep.left[0];
    let outer = of_dep.left[1];

    f.add([side]);
    f.add([p[head], p[dependent], side]);
    f.add([w[head], p[head], side]);
    f.add([w[dependent], p[dependent], side]);
    f.add([w[head], p[dependent], side]);
    f.add([p[head], w[dependent], side]);
    f.add([lemma[head], lemma[dependent]]);
    f.add([lemma[head], p[dependent], side]);
    f.add([p[head], lemma[dependent], side]);
    f.add([c[head], c[dependent], side]);
    f.add([c[head], p[dependent], side]);
    f.add([p[head], c[dependent], side]);
    f.add([p[head], p[dependent], side, sentence.distance(head, dependent)]);
    f.add([p[head], p[dependent], side, sentence.between(head, dependent)]);
    f.add([p[head], p[dependent], side, w[marker]]);
    f.add([lemma[head], p[dependent], w[marker]]);
    f.add([p[head], p[dependent], side, p[marker], p[outer]]);
    f.add([p[head], p[dependent], w[outer]]);
    f.add([p[head], c[dependent], w[marker]]);
    f.add([p[head], p[dependent], side, of_dep.left_labels]);
    f.add([p[head], p[dependent], side, of_dep.right_labels]);
    f.add([p[head], p[dependent], side, of_head.left_labels]);
    f.add([p[head], p[dependent], side, of_head.right_labels]);
    f.add([lemma[head], p[dependent], side, of_head.right_labels]);
    f.add([lemma[head], p[dependent], side, of_head.left_labels]);
    f.add([traits[head], traits[dependent], p[head], p[dependent], side]);
    f.add([traits[head], p[head], p[dependent], of_head.left_labels]);
    f.add([traits[dependent], p[head], p[dependent], side, p[marker]]);
    f.add([c[dependent], side, of_head.left_labels, of_head.right_labels]);
    f.add([p[dependent], w[words.near(dependent, -1)], side]);
    f.add([p[dependent], p[words.near(dependent, -1)], p[words.near(dependent, 1)], side]);
    f.add([p[head], p[dependent], w[words.near(dependent, 1)], side]);
    f.add([p[head], p[words.near(head, -1)], p[dependent], side]);
    f.add([w[words.near(head, -1)], p[head], p[dependent], side]);
    f.add([words.endings[dependent][2], p[dependent], p[head], side]);
    f.add([words.endings[head][2], p[dependent], p[head], side]);
    f.add([words.shape[dependent], words.shape[head], p[dependent], p[head]]);
    f.add([w[of_dep.right[0]], p[dependent], p[head], side]);
}
