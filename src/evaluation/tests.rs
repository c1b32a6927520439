use serde_json::{Value, json};

use super::*;
use crate::stances::Class;

/// Labels of one article: `holder class target`, `?` in front of what is optional.
fn gold(stances: &[&str]) -> Gold {
    let stances = stances.iter().map(|told| {
        let optional = told.starts_with('?');
        let [holder, class, target] = words(told.trim_start_matches('?'));
        GoldStance {
            trigger: Some(format!("a dit {class}")),
            holder,
            class: Class::parse(&class).expect("a class"),
            targets: vec![target],
            status: Some("stated".into()),
            date: Some("2022-10-04".into()),
            clause: Some(format!("{told} a dit")),
            span: None,
            optional: Some(optional),
        }
    });
    Gold::new(vec![GoldArticle { id: "a".into(), stances: stances.collect(), actions: Vec::new() }])
}

fn words(told: &str) -> [String; 3] {
    let words: Vec<String> = told.split(' ').map(str::to_owned).collect();
    words.try_into().expect("three words")
}

fn stance(told: &str, confidence: f64, evidence: &str) -> Value {
    let [holder, class, target] = words(told);
    json!({
        "kind": "stance", "holder": {"code": holder}, "class": class, "target": {"code": target},
        "status": "stated", "time": {"date": "2022-10-05"}, "confidence": confidence,
        "evidence": {"text": evidence, "rule": "fr/test"}, "article": {"uri": "a"},
    })
}

fn found(events: &[Value]) -> Found {
    let mut found = Found::default();
    found.add(events);
    found
}

fn vote(outcome: &str, cast: Value) -> Value {
    json!({
        "kind": "council_action", "action": "vote", "outcome": outcome, "cast": cast,
        "tally": {"for": 13, "against": 1, "abstain": 1}, "draft": {"sponsors": ["USA"]},
        "article": {"uri": "a"},
    })
}

#[test]
fn a_stance_counts_once_and_an_optional_one_not_at_all() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS", "?GBR support UKR"]);
    let told = |told| stance(told, 0.9, "");
    let found = found(&[
        told("FRA condemn RUS"),
        told("FRA condemn RUS"),
        told("GBR support UKR"),
        told("FRA accuse RUS"),
    ]);
    let right_wrong_missed = |level: Level| {
        let figures = level.figures(&gold, &found);
        (figures.right, figures.wrong, figures.missed)
    };
    assert_eq!(right_wrong_missed(Level::Class), (1, 1, 1));
    assert_eq!(right_wrong_missed(Level::Polarity), (1, 0, 1));
    assert_eq!(right_wrong_missed(Level::Pair), (1, 0, 1));
    assert_eq!(right_wrong_missed(Level::HolderAndClass), (1, 1, 1));
    assert_eq!(right_wrong_missed(Level::Accusation), (1, 1, 1));
}

#[test]
fn a_date_may_be_a_day_off_and_evidence_must_share_words() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS"]);
    let far = json!({"date": "2022-10-06"});
    let mut late = stance("USA accuse RUS", 0.9, "autre chose");
    late["time"] = far;
    let json =
        Scores::of(&gold, &found(&[stance("FRA condemn RUS", 0.9, "il a dit condemn"), late])).to_json();
    assert_eq!(json["status"], json!({"ok": 2, "of": 2}));
    assert_eq!(json["date"], json!({"ok": 1, "of": 2}));
    assert_eq!(json["evidence"], json!({"ok": 1, "of": 2}));
}

#[test]
fn a_vote_with_the_wrong_outcome_is_wrong_and_missed() {
    let label: GoldAction = serde_json::from_value(json!({
        "action": "vote", "outcome": "vetoed", "cast": {"RUS": "against", "CHN": "abstain"},
        "tally": {"for": 13, "against": null, "abstain": null}, "sponsors": ["USA"],
    }))
    .expect("a label");
    let gold = Gold::new(vec![GoldArticle { id: "a".into(), stances: Vec::new(), actions: vec![label] }]);
    let scores = |outcome| {
        let scores = Scores::of(&gold, &found(&[vote(outcome, json!({"RUS": "against", "IND": "for"}))]));
        scores.to_json()
    };
    let right = scores("vetoed");
    assert_eq!(right["council action"]["f1"], 1.0);
    let (tp, fp, missed) = (&right["roll-call"]["tp"], &right["roll-call"]["fp"], &right["roll-call"]["fn"]);
    assert_eq!((tp, fp, missed), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(right["tally"], json!({"ok": 1, "of": 1}));
    let wrong = scores("failed");
    assert_eq!((&wrong["council action"]["fp"], &wrong["council action"]["fn"]), (&json!(1), &json!(1)));
}

#[test]
fn errors_are_grouped_by_what_went_wrong() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS", "GBR reject CHN", "DEU request ISR"]);
    let sure = [
        stance("FRA accuse RUS", 0.9, "FRA condemn RUS a dit"),
        stance("USA accuse CHN", 0.9, "USA accuse RUS a dit"),
        stance("ITA support TUR", 0.9, "rien"),
    ];
    let unsure = stance("GBR reject CHN", 0.2, "GBR reject CHN a dit");
    let all = [&sure[..], &[unsure]].concat();
    let errors = errors(&gold, &found(&sure), &found(&all), None);
    assert_eq!(
        told(&errors),
        [
            "missed, rejected by confidence: GBR reject CHN",
            "missed, wrong class: FRA condemn RUS",
            "missed, wrong target: USA accuse RUS",
            "missed, nothing found in the clause: DEU request ISR",
            "extra, wrong class: FRA accuse RUS",
            "extra, wrong target: USA accuse CHN",
            "extra, nothing labelled in the clause: ITA support TUR",
        ]
    );
}

fn told(errors: &[Error]) -> Vec<String> {
    errors.iter().map(|e| format!("{}, {}: {}", e.kind.word(), e.cause.words(), e.finding)).collect()
}

#[test]
fn proposals_tell_why_nothing_was_found() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS", "GBR reject CHN", "DEU request ISR"]);
    let proposed = [
        stance("FRA condemn RUS", 1.0, "FRA condemn RUS a dit"),
        stance("USA accuse CHN", 1.0, "USA accuse RUS a dit"),
        stance("ITA reject CHN", 1.0, "GBR reject CHN a dit"),
        stance("DEU accuse ISR", 1.0, "DEU request ISR a dit"),
        stance("DEU request ISR", 1.0, "elsewhere"),
    ];
    let none = Found::default();
    let errors = errors(&gold, &none, &none, Some(&found(&proposed)));
    assert_eq!(
        told(&errors),
        [
            "missed, outdone at the same word: FRA condemn RUS",
            "missed, no target: USA accuse RUS",
            "missed, no holder: GBR reject CHN",
            "missed, no trigger: DEU request ISR",
        ]
    );
}

#[test]
fn matrix_reliability_and_errors_are_json() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS"]);
    let found = found(&[stance("FRA accuse RUS", 0.9, ""), stance("USA accuse RUS", 0.8, "")]);
    let json = json(&gold, &found);
    assert_eq!(json["class"]["tp"], 1);
    assert_eq!(json["confusion"], json!({"accuse": {"accuse": 1}, "condemn": {"accuse": 1}}));
    let bin = json!({"low": 0.8, "high": 1.0, "mean": 0.85, "ok": 1, "of": 2});
    assert_eq!(json["reliability"][4], bin);
    let errors = errors(&gold, &found, &found, None);
    assert_eq!(
        errors[0].to_json("a sentence"),
        json!({
            "kind": "missed", "cause": "wrong class", "id": "a", "holder": "FRA", "class": "condemn",
            "target": "RUS", "instead": "FRA accuse RUS", "sentence": "a sentence",
        })
    );
}

#[test]
fn a_confusion_is_between_labels_and_findings_of_the_same_pair() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS"]);
    let found = found(&[stance("FRA accuse RUS", 1.0, ""), stance("GBR deny RUS", 1.0, "")]);
    let counts: Vec<(String, usize)> = Confusion::of(&gold, &found)
        .counts
        .into_iter()
        .map(|((label, found), count)| (format!("{label} {found}"), count))
        .collect();
    assert_eq!(counts, [("- deny".into(), 1), ("accuse -".into(), 1), ("condemn accuse".into(), 1)]);
}

#[test]
fn reliability_compares_confidence_with_being_right() {
    let gold = gold(&["FRA condemn RUS", "?USA accuse RUS"]);
    let found = found(&[
        stance("FRA condemn RUS", 0.9, ""),
        stance("USA accuse RUS", 0.95, ""),
        stance("GBR deny RUS", 0.1, ""),
        stance("GBR deny CHN", 1.0, ""),
    ]);
    let bins = reliability(&gold, &found);
    assert_eq!((bins[0].right, bins[4].right), (Share { right: 0, of: 1 }, Share { right: 1, of: 2 }));
    assert!((bins[4].mean_confidence - 0.95).abs() < 1e-9);
    let precisions: Vec<f64> = thresholds(&gold, &found).iter().map(|t| t.figures.precision()).collect();
    assert!((precisions[0] - 1.0 / 3.0).abs() < 1e-9 && (precisions[2] - 0.5).abs() < 1e-9, "{precisions:?}");
}

#[test]
fn the_interval_holds_the_figure_and_narrows_with_articles() {
    let told = |i: usize| if i.is_multiple_of(3) { "FRA condemn RUS" } else { "FRA accuse RUS" };
    let of_size = |n: usize| {
        let mut found = Found::default();
        let article =
            |i: usize| GoldArticle { id: i.to_string(), ..gold(&["FRA accuse RUS"]).articles.remove(0) };
        for i in 0..n {
            let mut event = stance(told(i), 1.0, "");
            event["article"]["uri"] = i.to_string().into();
            found.add(&[event]);
        }
        let gold = Gold::new((0..n).map(article).collect());
        let interval = f1_interval(Level::Class, &gold, &found).expect("articles");
        let f1 = Level::Class.figures(&gold, &found).f1();
        assert!(interval.low < f1 && f1 < interval.high, "{interval:?} {f1}");
        interval.high - interval.low
    };
    assert!(of_size(30) > 1.5 * of_size(300));
    assert_eq!(f1_interval(Level::Class, &Gold::default(), &Found::default()), None);
}

#[test]
fn a_floor_fails_what_lies_below_it() {
    let gold = gold(&["FRA condemn RUS", "USA accuse RUS"]);
    let scores = Scores::of(&gold, &found(&[stance("FRA condemn RUS", 1.0, "")]));
    let fault = |floor: &str| floor.parse::<Floor>().expect("a floor").fault(&scores);
    assert_eq!(fault("F1=0.667"), None);
    assert_eq!(fault("accusation.p=1.0"), None);
    assert_eq!(fault("status=1"), None);
    assert_eq!(fault("R=0.501").as_deref(), Some("class r is 0.500, below the floor 0.501"));
    assert!(fault("roll-call.f1=0.1").is_some() && fault("tally=0.5").is_some());
    for wrong in [
        "F1",
        "F1=high",
        "F1=nan",
        "F1=1.01",
        "tally=-0.1",
        "F2=0.5",
        "class.tp=3",
        "mood.f1=0.1",
        "articles=3",
    ] {
        assert!(wrong.parse::<Floor>().is_err(), "{wrong}");
    }
}

#[test]
fn a_share_is_from_0_to_1() {
    for right in ["0", "1", " 0.5 "] {
        assert!(parse_share(right).is_ok(), "{right}");
    }
    for wrong in ["nan", "NaN", "inf", "7", "1.0001", "-0.1", "", "half"] {
        assert_eq!(parse_share(wrong), Err(ShareFault), "{wrong}");
    }
}

#[test]
fn a_broken_line_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "{\"id\": \"a\", \"stances\": [], \"actions\": []}\n\n{\"id\": 3}\n")
        .expect("written");
    let fault = Gold::read(file.path()).expect_err("line 3").to_string();
    assert!(fault.contains(":3: ") && fault.contains("invalid type: integer"), "{fault}");
}
