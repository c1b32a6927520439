//! Whom pronouns and bare nouns stand for, and who does what. Sentences are parsed as in the daemon.

use super::{
    coreference,
    descriptions::Descriptions,
    parts::{Part, Parts},
    reading::{Place, Reading},
};
use crate::{
    actors::{Code, Context, Gazetteer},
    data::Data,
    syntax::{Grammar, Parser, Tree},
    text::Segmenter,
};

fn read<T>(headline: &str, body: &str, ask: impl FnOnce(&Reading) -> T) -> T {
    let data = Data::embedded();
    let document = Segmenter::load(&data, "fr").expect("text").document(headline, body);
    let parser = Parser::load(&data, "fr").expect("syntax");
    let trees: Vec<Tree> = document.sentences.iter().map(|s| parser.parse(&s.tokens)).collect();
    let gazetteer = Gazetteer::load(&data, "fr").expect("actors");
    let mentions = gazetteer.mentions(&document, &trees, None, &Context::default());
    let grammar = Grammar::load(&data, "fr").expect("grammar");
    ask(&Reading::new(&document, &trees, &mentions, &grammar, None))
}

fn place(reading: &Reading, form: &str) -> Place {
    let found = reading.trees.iter().enumerate().find_map(|(sentence, tree)| {
        let node = tree.nodes.iter().position(|n| n.form == form)?;
        Some(Place { sentence, node })
    });
    found.expect("a word of the text")
}

fn codes(reading: &Reading, mentions: &[usize]) -> Vec<Code> {
    mentions.iter().map(|m| reading.mentions[*m].code.clone()).collect()
}

/// Whom "les deux pays" are.
fn countries(body: &str) -> Vec<Code> {
    let descriptions = Descriptions::load(&Data::embedded(), "fr").expect("descriptions");
    read("", body, |reading| codes(reading, &descriptions.resolve(reading, place(reading, "pays"))))
}

#[test]
fn who_acts_on_the_two_countries_is_none_of_them() {
    let meant = countries("Kigali a parlé à Kinshasa. Rome a reçu les deux pays.");
    assert_eq!(meant, ["RWA".into(), "COD".into()]);
}

#[test]
fn two_countries_are_a_list_of_two_rather_than_the_last_two() {
    let meant = countries("Le Kenya et l'Ouganda négocient. Le Tchad s'inquiète. Rome a reçu les deux pays.");
    assert_eq!(meant, ["KEN".into(), "UGA".into()]);
}

#[test]
fn a_plural_pronoun_stands_for_a_whole_list() {
    read("", "Le Gabon et la Zambie négocient. Ils ont condamné Minsk.", |reading| {
        let place = place(reading, "Ils");
        let antecedents = coreference::antecedents(reading, place, true);
        assert_eq!(codes(reading, &antecedents), ["GAB".into()], "the list is one antecedent");
        let meant = coreference::meant(reading, place, antecedents[0]);
        assert_eq!(codes(reading, &meant), ["GAB".into(), "ZMB".into()]);
    });
}

const DEEDS: &str =
    "Ankara a critiqué Berlin. Un raid russe a frappé Odessa. Kiev est visée par Moscou. Tout continue.";

#[test]
fn the_sentence_before_tells_who_did_what_to_whom() {
    read("", DEEDS, |reading| {
        let parts = Parts::new(reading);
        let before = |sentence, code: &str| parts.before(sentence, &code.into());
        assert_eq!(before(1, "TUR"), Some(Part::Doer));
        assert_eq!(before(1, "DEU"), Some(Part::Patient));
        assert_eq!(before(1, "RUS"), Some(Part::Absent));
        assert_eq!(before(2, "RUS"), Some(Part::Doer), "by an adjective of the subject");
        assert_eq!(before(3, "RUS"), Some(Part::Doer), "as agent of a passive");
        assert_eq!(before(3, "UKR"), Some(Part::Patient), "as subject of a passive");
    });
}

#[test]
fn nothing_stands_before_the_lead_and_the_headline_is_no_lead() {
    read("Vienne est inquiète", DEEDS, |reading| {
        let parts = Parts::new(reading);
        assert_eq!(parts.before(1, &"AUT".into()), None);
        assert_eq!(parts.in_lead(1, &"TUR".into()), None);
        assert_eq!(parts.in_lead(3, &"TUR".into()), Some(Part::Doer));
        assert_eq!(parts.in_lead(3, &"AUT".into()), Some(Part::Absent));
    });
}
