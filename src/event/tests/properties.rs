//! What holds of whatever is published.

use proptest::prelude::*;

use super::*;

#[test]
fn every_class_has_the_name_that_serde_gives_it() {
    for class in Class::ALL {
        assert_eq!(serde_json::to_value(class).expect("a name"), coding(class).name);
    }
}

#[test]
fn schemas_do_not_forbid_more() {
    for contract in schema::ALL {
        let text = contract.schema().to_string();
        assert!(!text.contains("\"additionalProperties\":false"), "{}", contract.name);
        assert!(
            text.starts_with(r#"{"$schema":"http://json-schema.org/draft-07/schema#","$id":"urn:demarche"#)
        );
    }
    let mut grown = serde_json::to_value(StanceEvent::new(
        &stance(),
        &analysis(vec![], vec![]).document,
        &ArticleRef::new(&article(), None),
        &publisher().analyser,
    ))
    .expect("JSON");
    grown["a_field_of_tomorrow"] = true.into();
    assert_valid(&schema::STANCE, &grown);
}

/// Any stance that the types allow, with spans that lead to their words.
fn any_stance() -> impl Strategy<Value = Stance> {
    let words = prop::sample::select(vec!["Paris", "Kiev", "La Russie", "l’« élan »", "veto"]);
    let code = prop::sample::select(vec!["FRA", "OTHER", "UN", "ALL"]);
    let status = prop::sample::select(vec![
        StanceStatus::Stated,
        StanceStatus::Planned,
        StanceStatus::Conditional,
        StanceStatus::Past,
    ]);
    let class = prop::sample::select(Class::ALL.to_vec());
    (class, code.clone(), code, words, status, -0.5..1.5_f64, any::<bool>()).prop_map(
        |(class, holder, target, words, status, confidence, dated)| Stance {
            class,
            holder: Actor { person: dated.then(|| "N. N.".into()), ..actor(holder, words) },
            target: Actor { span: None, ..actor(target, words) },
            topic: dated.then(|| body(words)),
            status,
            when: When { date: dated.then(|| date(2022, 10, 4)), ..stance().when },
            confidence,
            evidence: body(words),
            ..stance()
        },
    )
}

proptest! {
    #[test]
    fn what_is_published_is_valid_and_its_spans_hold(
        stances in prop::collection::vec(any_stance(), 0..6),
        version in "[0-9]{1,3}|[a-z]{0,3}",
        withdrawn: bool,
    ) {
        let status = if withdrawn { ArticleStatus::Withdrawn } else { ArticleStatus::Usable };
        let article = Article { version, status, ..article() };
        let records = publish(&article, Ok(&analysis(stances, vec![veto()])), &input(&[]));
        assert_all_valid(&records);
        for record in &records {
            prop_assert_eq!(check_spans(&value(record), HEADLINE, BODY), Ok(()));
            let confidence = value(record)["confidence"].as_f64().unwrap_or(0.0);
            prop_assert!((0.0..=1.0).contains(&confidence) && (confidence * 1000.0).fract() < 1e-9);
        }
        let mut keys: Vec<_> = records.iter().filter_map(|record| header(record, "ce_id")).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), all);
    }

    #[test]
    fn an_identity_survives_correction_replay_and_release(
        stance in any_stance(), version in "[0-9]{1,3}", rule in "[a-z]{1,8}", rules in "[0-9a-f]{12}",
    ) {
        let corrected = Article { version, headline: "Autre".into(), ..article() };
        let moved = Stance {
            rule,
            evidence: body("veto"),
            topic: None,
            confidence: 0.5,
            status: StanceStatus::Past,
            clause: 9,
            when: When { text: String::new(), date: None, precision: Precision::Article },
            ..stance.clone()
        };
        let release = AnalyserRef { version: "9.0.0".into(), rules };
        let before = findings(&article(), &analysis(vec![stance], vec![]), &publisher().analyser);
        let after = findings(&corrected, &analysis(vec![moved], vec![]), &release);
        prop_assert_eq!(before[0].event_id(), after[0].event_id());
    }
}
