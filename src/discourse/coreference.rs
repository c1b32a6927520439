//! Pronouns and bare descriptions ("il", "ce dernier", "le ministre") to the mention they stand for.

use super::reading::{Place, Reading};
use crate::{
    actors::Mention,
    syntax::{Deprel, Gender, Number, traversal},
};

/// How far back, in sentences, a pronoun is understood.
const REACH: usize = 3;

/// The mention that a third-person pronoun stands for: the nearest before it that fits in number
/// and gender, subjects first.
pub fn pronoun(reading: &Reading, place: Place) -> Option<usize> {
    antecedents(reading, place, true).first().copied()
}

/// The mentions that a third-person pronoun may stand for, likeliest first, each actor once; people and places only
/// where it is not one `who_acts`.
pub fn antecedents(reading: &Reading, place: Place, who_acts: bool) -> Vec<usize> {
    let Some((gender, number)) = reading.grammar.third_person(reading.form(place)) else { return Vec::new() };
    let own_clause = traversal::clause_head(reading.tree(place), place.node);
    let mut fitting: Vec<usize> = reading
        .mentions
        .iter()
        .enumerate()
        .filter(|(_, m)| {
            (m.can_hold || !who_acts) && comes_before(m, place) && place.sentence - m.sentence <= REACH
        })
        .filter(|(_, m)| !reading.in_headline(Place { sentence: m.sentence, node: m.head }))
        .filter(|(i, _)| fits(reading, *i, gender, number))
        .map(|(i, _)| i)
        .collect();
    fitting.sort_by_key(|i| {
        let m = &reading.mentions[*i];
        std::cmp::Reverse((salience(reading, *i, m, place, own_clause), m.sentence, m.first))
    });
    let mut antecedents: Vec<usize> = Vec::new();
    for mention in fitting {
        let known = |a: &usize| {
            reading.mentions[*a].code == reading.mentions[mention].code
                || number == Number::Plural && reading.row(*a).contains(&mention)
        };
        if !antecedents.iter().any(known) {
            antecedents.push(mention);
        }
    }
    antecedents
}

/// Everybody that a pronoun stands for whose antecedent is `mention`: "ils" are all of a list.
pub fn meant(reading: &Reading, place: Place, mention: usize) -> Vec<usize> {
    match reading.grammar.third_person(reading.form(place)) {
        Some((_, Number::Plural)) => reading.row(mention),
        _ => vec![mention],
    }
}

fn comes_before(mention: &Mention, place: Place) -> bool {
    (mention.sentence, mention.first) < (place.sentence, place.node)
}

fn fits(reading: &Reading, index: usize, gender: Gender, number: Number) -> bool {
    let mention = &reading.mentions[index];
    if number == Number::Plural && reading.row(index).len() > 1 {
        // A list is of the gender of any of its members.
        return true;
    }
    let node = &reading.trees[mention.sentence].nodes[mention.head];
    let number_fits = number == Number::Unknown || node.number == Number::Unknown || node.number == number;
    // A person's gender is that of the role noun; a name alone tells nothing.
    let gender_fits = gender == Gender::Unknown || node.gender == Gender::Unknown || node.gender == gender;
    let plural_person = number == Number::Plural && mention.person.is_some();
    number_fits && gender_fits && !plural_person
}

/// Larger is likelier: recency by sentence, then subjects, then persons.
fn salience(reading: &Reading, index: usize, mention: &Mention, place: Place, own_clause: usize) -> i32 {
    let distance = (place.sentence - mention.sentence) as i32;
    let subject = matches!(reading.relation(index), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Root);
    let same_clause =
        distance == 0 && traversal::clause_head(&reading.trees[mention.sentence], mention.head) == own_clause;
    let mut score = -4 * distance;
    if subject {
        score += 5;
    }
    if mention.person.is_some() || mention.role.is_some() {
        score += 1;
    }
    if same_clause {
        score -= 6;
    }
    score
}
