//! What the analysis finds in single sentences, and what it must not find.

use demarche::{
    analysis::Analyser,
    article,
    data::Data,
    stances::{Stance, proposals::Proposal, selection::Keep},
};

fn stances(analyser: &Analyser, language: &str, text: &str) -> Vec<Stance> {
    let record = serde_json::json!({
        "id": "sentence", "language": language, "published": "2026-03-06T08:00:00Z", "text": text,
    });
    let article = article::decode(record.to_string().as_bytes(), &[], None).expect("a flat record");
    let keep = Keep { explain: false, floor: None };
    analyser.analyse(&article, keep).expect("a language that has data").stances
}

/// What is proposed at all, before any confidence: rules must hold here, or a threshold only hides that they do not.
fn proposed(analyser: &Analyser, text: &str) -> Vec<String> {
    let record = serde_json::json!({"id": "sentence", "language": "fr", "text": text});
    let article = article::decode(record.to_string().as_bytes(), &[], None).expect("a flat record");
    let triple = |p: &Proposal| format!("{} {} {}", p.holder_code, p.class.as_str(), p.target_code);
    analyser.with_proposals(&article, |all, _| all.iter().map(triple).collect()).expect("French has data")
}

fn findings(stances: &[Stance]) -> Vec<String> {
    stances.iter().map(|s| format!("{} {} {}", s.holder.code, s.class.as_str(), s.target.code)).collect()
}

#[test]
fn sentences_give_their_stances_and_no_others() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    let cases: [(&str, &str, &[&str]); 8] = [
        ("fr", "Paris a condamné vendredi l'invasion russe de l'Ukraine.", &["FRA condemn RUS"]),
        // The agent of a passive holds the stance.
        ("fr", "Moscou a été accusée par Londres d'avoir bombardé Kiev.", &["GBR accuse RUS"]),
        // What was not condemned is no stance.
        ("fr", "Ankara n'a pas condamné les frappes israéliennes contre Damas.", &[]),
        // A stance inside an accusation is none of the accused (guide, section 1.4).
        ("fr", "Pékin accuse Washington de soutenir Taïwan.", &["CHN accuse USA"]),
        // Each holder has a stance of its own.
        (
            "fr",
            "La Suède et la Norvège ont appelé Israël à cesser ses frappes sur Gaza.",
            &["SWE request ISR", "NOR request ISR"],
        ),
        (
            "fr",
            "L'Iran, qui dénonce les sanctions américaines, a reçu le ministre russe.",
            &["IRN condemn USA"],
        ),
        ("en", "France condemned the Russian attack on Ukraine on Thursday.", &["FRA condemn RUS"]),
        ("en", "Beijing accused Washington of violating its airspace.", &["CHN accuse USA"]),
    ];
    for (language, text, expected) in cases {
        assert_eq!(findings(&stances(&analyser, language, text)), expected, "{text}");
    }
}

#[test]
fn what_somebody_is_accused_of_or_asked_for_is_no_stance_of_theirs() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    let accused = proposed(&analyser, "Pékin accuse Washington de soutenir Taïwan.");
    assert!(accused.contains(&"CHN accuse USA".to_owned()), "{accused:?}");
    assert!(!accused.iter().any(|p| p.starts_with("USA support")), "{accused:?}");
    let asked = proposed(&analyser, "Londres a appelé Berlin à condamner Moscou.");
    assert!(asked.contains(&"GBR request DEU".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|p| p.contains("condemn RUS")), "{asked:?}");
}

#[test]
fn an_act_is_its_doer_s_and_not_of_whom_it_is_done_to() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    let found = stances(&analyser, "fr", "Paris condamne l'annexion de la Crimée par la Russie.");
    assert_eq!(findings(&found), ["FRA condemn RUS"]);
}

#[test]
fn a_negated_word_turns_its_class_or_states_nothing() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    let silent = proposed(&analyser, "Ankara n'a pas condamné les frappes israéliennes contre Damas.");
    assert!(!silent.iter().any(|p| p.contains("condemn")), "{silent:?}");
    let turned = proposed(&analyser, "Belgrade ne reconnaît pas l'indépendance du Kosovo.");
    assert!(turned.contains(&"SRB reject XKX".to_owned()), "{turned:?}");
    assert!(!turned.iter().any(|p| p.contains("recognise")), "{turned:?}");
}

#[test]
fn a_clause_that_looks_ahead_is_planned_for_the_next_such_day() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    let found = stances(&analyser, "fr", "Madrid rappellera lundi son ambassadeur en Israël.");
    let stance = found.first().expect("the recall of an ambassador is a sanction");
    assert_eq!(format!("{:?}", stance.status), "Planned");
    assert_eq!(stance.when.date.map(|d| d.to_string()).as_deref(), Some("2026-03-09"));
}

#[test]
fn most_examples_of_the_lexicon_give_what_they_promise() {
    let analyser = Analyser::load(&Data::embedded()).expect("embedded data");
    // Faults are listed by `demarche validate --examples`; what stands here only keeps their number from growing.
    for (language, most) in [("fr", 62), ("en", 37)] {
        let faults = analyser.example_faults(language).expect("a language that has data");
        assert!(faults.len() <= most, "{language}: {} examples without their finding", faults.len());
    }
}
