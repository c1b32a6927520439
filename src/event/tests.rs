mod dead_letters;
mod properties;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date};
use serde_json::Value;

use super::*;
use crate::{
    analysis::{Analysis, NotAnalysed},
    article::{ArticleStatus, BodySource},
    council::{ActionKind, ActionStatus, CouncilAction, Draft, Position, Tally},
    discourse::{Attribution, AttributionMode, Precision, When},
    stances::{Class, Stance, StanceStatus},
    text::{Field, IndexedText},
};

const HEADLINE: &str = "L’Élysée salue Kiev";
const BODY: &str = "Paris a salué mardi l’« élan » de Kiev. La Russie a opposé son veto.";
const READ_AT: Timestamp = Timestamp::constant(1_664_870_400, 0);

fn article() -> Article {
    Article {
        id: "afp/dépêche-1".into(),
        uri: "dépêche-1".into(),
        version: "1".into(),
        provider: Some("afp".into()),
        language: Some("fr-FR".into()),
        published: "2022-10-04T10:00:00+02:00[+02:00]".parse().ok(),
        version_created: None,
        headline: HEADLINE.into(),
        body: BODY.into(),
        body_source: BodySource::PlainText,
        status: ArticleStatus::Usable,
        dateline: None,
        item_type: "text".into(),
    }
}

/// The first place of some words in the body.
fn body(words: &str) -> Quoted {
    let start = BODY[..BODY.find(words).expect("words of the body")].chars().count() as u32;
    let span = Span { field: Field::Body, start, end: start + words.chars().count() as u32 };
    Quoted { text: words.into(), span }
}

fn actor(code: &str, words: &str) -> Actor {
    Actor {
        code: code.into(),
        kind: ActorKind::State,
        name: words.into(),
        via: Via::Capital,
        person: None,
        role: None,
        span: Some(body(words).span),
    }
}

fn stance() -> Stance {
    Stance {
        clause: 0,
        class: Class::Support,
        holder: actor("FRA", "Paris"),
        target: actor("UKR", "Kiev"),
        topic: Some(body("l’« élan » de Kiev")),
        status: StanceStatus::Stated,
        when: When { text: "mardi".into(), date: Some(date(2022, 10, 4)), precision: Precision::Day },
        confidence: 0.912_345,
        evidence: body("Paris a salué mardi l’« élan » de Kiev"),
        triggers: vec![body("salué").span],
        rule: "fr/saluer".into(),
        attribution: Attribution { source: None, mode: AttributionMode::Narrated },
        reasons: Vec::new(),
    }
}

fn veto() -> CouncilAction {
    CouncilAction {
        action: ActionKind::Vote,
        subject: None,
        outcome: Some(crate::council::Outcome::Vetoed),
        status: ActionStatus::Done,
        when: When { text: String::new(), date: Some(date(2022, 10, 4)), precision: Precision::Article },
        cast: BTreeMap::from([("RUS".into(), Position::Against)]),
        tally: Tally::default(),
        tally_basis: None,
        vetoed_by: vec!["RUS".into()],
        draft: Draft::default(),
        form: None,
        requested_by: Vec::new(),
        blocked_by: Vec::new(),
        measure: None,
        checks: Vec::new(),
        confidence: 0.99,
        evidence: body("La Russie a opposé son veto"),
        triggers: vec![body("veto").span],
        rule: "fr/veto".into(),
    }
}

fn analysis(stances: Vec<Stance>, actions: Vec<CouncilAction>) -> Analysis {
    let document = Document {
        headline: IndexedText::new(HEADLINE.into()),
        body: IndexedText::new(BODY.into()),
        ..Document::default()
    };
    Analysis { language: "fr".into(), document, stances, actions }
}

fn publish(
    article: &Article,
    reading: Result<&Analysis, &NotAnalysed>,
    input: &InputRecord,
) -> Vec<OutputRecord> {
    let record = publisher().article_record(article, reading);
    publisher().records(article, &record, input)
}

fn publisher() -> Publisher {
    Publisher { analyser: AnalyserRef { version: "0.1.0".into(), rules: "abcdef012345".into() } }
}

fn input(headers: &[Header]) -> InputRecord<'_> {
    InputRecord {
        topic: "wire.articles",
        partition: 3,
        offset: 42,
        timestamp: Some(1_664_870_400_123),
        key: Some(b"key"),
        payload: Some(b"{\"the\": \"original\"}"),
        headers,
    }
}

fn value(record: &OutputRecord) -> Value {
    serde_json::from_slice(record.value.as_deref().expect("a value")).expect("JSON")
}

fn header<'a>(record: &'a OutputRecord, name: &str) -> Option<&'a str> {
    let header = record.headers.iter().find(|header| header.name == name)?;
    std::str::from_utf8(header.value.as_deref()?).ok()
}

fn topics(records: &[OutputRecord]) -> Vec<Topic> {
    records.iter().map(|record| record.topic).collect()
}

fn ids(stances: Vec<Stance>, actions: Vec<CouncilAction>) -> Vec<String> {
    let found = findings(&article(), &analysis(stances, actions), &publisher().analyser);
    found.iter().map(|event| event.event_id().to_owned()).collect()
}

/// Fails with every fault that the schema finds.
fn assert_valid(contract: &schema::Contract, value: &Value) {
    let validator = jsonschema::draft7::new(&contract.schema()).expect("a draft-07 schema");
    let faults: Vec<String> =
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}: {faults:#?}\n{value:#}", contract.name);
}

fn assert_all_valid(records: &[OutputRecord]) {
    for record in records {
        let value = value(record);
        let contract = match record.topic {
            Topic::Articles => &schema::ARTICLE,
            _ if value["kind"] == "article_revised" => &schema::ARTICLE_REVISED,
            Topic::Stances => &schema::STANCE,
            Topic::CouncilActions => &schema::COUNCIL_ACTION,
            Topic::DeadLetters => unreachable!("dead letters keep what came"),
        };
        assert_valid(contract, &value);
    }
}

#[test]
fn a_first_version_gives_its_events_and_its_record() {
    let records = publish(&article(), Ok(&analysis(vec![stance()], vec![veto()])), &input(&[]));
    assert_eq!(topics(&records), [Topic::Stances, Topic::CouncilActions, Topic::Articles]);
    assert_all_valid(&records);
    for record in &records {
        assert_eq!(record.key.as_deref(), Some("afp/dépêche-1".as_bytes()));
        assert_eq!(record.timestamp, Some(1_664_870_400_123));
        assert_eq!(check_spans(&value(record), HEADLINE, BODY), Ok(()));
    }
    let (stance, whole) = (value(&records[0]), value(&records[2]));
    assert_eq!(stance["confidence"].to_string(), "0.912");
    assert_eq!(stance["evidence"]["triggers"][0]["text"], "salué");
    assert_eq!(stance["article"]["published"], "2022-10-04T10:00:00+02:00");
    assert_eq!(stance["article"]["language"], "fr");
    assert_eq!(whole["outcome"], "events");
    assert_eq!(whole["events"][0], stance);
    assert_eq!(whole["article"]["body"], BODY);
}

#[test]
fn events_are_cloud_events_in_binary_mode() {
    let trace = Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let headers = [trace.clone(), Header::new("authorization", "not ours to pass on")];
    let records = publish(&article(), Ok(&analysis(vec![stance()], Vec::new())), &input(&headers));
    let id = value(&records[0])["event_id"].as_str().expect("an id").to_owned();
    let expected = [
        ("ce_specversion", "1.0"),
        ("ce_id", &format!("{id}.1.abcdef012345")),
        ("ce_source", "/demarche/wire.articles"),
        ("ce_type", "org.demarche.stance.v1"),
        ("ce_subject", "afp/dépêche-1"),
        ("ce_time", "2022-10-04T08:00:00.123Z"),
        ("ce_dataschema", "urn:demarche:schema:stance:v1"),
        ("content-type", "application/json"),
    ];
    let mut expected: Vec<Header> =
        expected.into_iter().map(|(name, text)| Header::new(name, text)).collect();
    expected.push(trace.clone());
    assert_eq!(records[0].headers, expected);
    assert_eq!(records[1].headers, [Header::new("content-type", "application/json"), trace]);
}

#[test]
fn identities_are_those_of_the_contract() {
    // Computed apart from this code (Python's hashlib): subscribers have stored them.
    assert_eq!(
        ids(vec![stance()], vec![veto()]),
        ["6b02bf70c565a73e469295ae49afd172", "12871671af8e143376c075bb05a496b7"]
    );
}

#[test]
fn a_finding_told_twice_is_one_event() {
    let first = Stance { confidence: 0.4, ..stance() };
    let second = Stance {
        clause: 7,
        confidence: 0.8,
        evidence: body("Kiev"),
        status: StanceStatus::Planned,
        ..stance()
    };
    let found = findings(&article(), &analysis(vec![first, second], Vec::new()), &publisher().analyser);
    let [Event::Stance(event)] = &found[..] else { panic!("not one stance: {found:#?}") };
    assert_eq!((event.confidence, event.status), (0.8, StanceStatus::Planned));
    assert_eq!((event.clause, &*event.evidence.text), (0, "Paris a salué mardi l’« élan » de Kiev"));
}

#[test]
fn others_are_told_apart_by_their_names() {
    let other = |name: &str| {
        let actor = Actor {
            code: "OTHER".into(),
            name: name.into(),
            kind: ActorKind::Other,
            ..actor("OTHER", "Paris")
        };
        Stance { holder: actor, ..stance() }
    };
    assert_eq!(ids(vec![other("Human Rights Watch"), other("human  rights watch ")], Vec::new()).len(), 1);
    assert_eq!(ids(vec![other("l’ONG"), other("L'ONG")], Vec::new()).len(), 1);
    assert_eq!(ids(vec![other("Human Rights Watch"), other("Amnesty")], Vec::new()).len(), 2);
}

#[test]
fn council_actions_are_told_apart_by_symbol_then_date_then_order() {
    let on = |symbol: Option<&str>, day: i8, measure: Option<&str>| CouncilAction {
        draft: Draft { symbol: symbol.map(Into::into), ..Draft::default() },
        when: When { date: Some(date(2022, 10, day)), ..veto().when },
        measure: measure.map(Into::into),
        ..veto()
    };
    let symbol = Some("S/2022/720");
    assert_eq!(ids(vec![], vec![on(symbol, 1, None), on(symbol, 2, None)]).len(), 1, "a date is no identity");
    assert_eq!(ids(vec![], vec![on(symbol, 1, Some("renewed")), on(symbol, 1, Some("ended"))]).len(), 2);
    assert_eq!(ids(vec![], vec![on(None, 1, None), on(None, 1, None), on(None, 2, None)]).len(), 3);
    let alone = ids(vec![], vec![on(None, 2, None)]);
    let second = ids(vec![], vec![on(None, 1, None), on(None, 2, None)]);
    assert_eq!(alone[0], second[1], "what comes before on another day does not matter");
}

#[test]
fn a_happening_is_the_same_in_any_article_and_needs_a_day() {
    let elsewhere = Article { id: "reuters/1".into(), ..article() };
    let analysis_of = |precision| {
        analysis(vec![Stance { when: When { precision, ..stance().when }, ..stance() }], vec![veto()])
    };
    let happening = |article: &Article, precision| {
        let found = findings(article, &analysis_of(precision), &publisher().analyser);
        serde_json::to_value(&found).expect("JSON")[0]["happening_id"].clone()
    };
    let here = happening(&article(), Precision::Day);
    assert!(here.is_string());
    assert_eq!(here, happening(&elsewhere, Precision::Day));
    assert_eq!(happening(&article(), Precision::Week), Value::Null);
    assert_eq!(happening(&article(), Precision::Article), Value::Null);
}

#[test]
fn what_may_have_changed_is_listed_on_both_topics() {
    let later = Article { version: "2".into(), ..article() };
    let undated = Article {
        version_created: article()
            .published
            .map(|first| first.checked_add(jiff::Span::new().hours(1)).expect("in range")),
        ..article()
    };
    let replayed = [Header::new(REPLAY_HEADER, "1")];
    for (article, headers, cause) in
        [(&later, &[][..], "new_version"), (&undated, &[], "new_version"), (&article(), &replayed, "replay")]
    {
        let reading = analysis(vec![stance()], Vec::new());
        let records = publish(article, Ok(&reading), &input(headers));
        assert_eq!(
            topics(&records),
            [Topic::Stances, Topic::Stances, Topic::CouncilActions, Topic::Articles]
        );
        assert_all_valid(&records);
        let revised = value(&records[1]);
        assert_eq!(revised["cause"], cause);
        assert_eq!(revised["event_ids"], serde_json::json!([value(&records[0])["event_id"]]));
        assert_eq!(value(&records[2])["event_ids"], serde_json::json!([]));
        assert_eq!(header(&records[1], "ce_type"), Some("org.demarche.article-revised.v1"));
        assert_ne!(header(&records[1], "ce_id"), header(&records[2], "ce_id"));
    }
}

#[test]
fn metrics_count_events_by_the_words_that_are_published() {
    let found = findings(&article(), &analysis(vec![stance()], vec![veto()]), &publisher().analyser);
    let said: Vec<(Value, Value)> = found
        .iter()
        .map(|event| serde_json::to_value(event).expect("JSON"))
        .map(|event| (event["kind"].clone(), event.get("class").unwrap_or(&event["action"]).clone()))
        .collect();
    let counted: Vec<(Value, Value)> =
        found.iter().map(Event::kind_and_class).map(|(kind, class)| (kind.into(), class.into())).collect();
    assert_eq!(counted, said);
}

#[test]
fn a_withdrawn_article_leaves_no_text() {
    let withdrawn = Article { status: ArticleStatus::Withdrawn, ..article() };
    let records = publish(&withdrawn, Ok(&analysis(vec![stance()], vec![veto()])), &input(&[]));
    assert_eq!(topics(&records), [Topic::Stances, Topic::CouncilActions, Topic::Articles]);
    assert_all_valid(&records);
    let record = value(&records[2]);
    assert_eq!(record["article"]["status"], "withdrawn");
    assert_eq!((&record["outcome"], &record["reason"]), (&"not_analysed".into(), &"withdrawn".into()));
    assert_eq!(record["events"], serde_json::json!([]));
    for record in &records {
        let text = value(record).to_string();
        assert!(!text.contains("Élysée") && !text.contains("Paris"), "{text}");
    }
}

#[test]
fn not_read_and_nothing_found_are_different_words() {
    let language = NotAnalysed::Language("pt".into());
    let records = publish(&article(), Err(&language), &input(&[]));
    assert_eq!(topics(&records), [Topic::Articles]);
    assert_all_valid(&records);
    let record = value(&records[0]);
    assert_eq!((&record["outcome"], &record["reason"]), (&"not_analysed".into(), &"language".into()));
    assert_eq!(record["detail"], "no data for language `pt`");

    let records = publish(&article(), Ok(&analysis(vec![], vec![])), &input(&[]));
    assert_eq!(value(&records[0])["outcome"], "no_event");
}

#[test]
fn a_wrong_span_is_named() {
    let event =
        serde_json::json!({"holder": {"name": "Paris", "span": {"field": "body", "start": 1, "end": 6}}});
    let fault = check_spans(&event, HEADLINE, BODY).expect_err("shifted by one");
    assert_eq!((&*fault.path, &*fault.covered), ("/holder", "aris "));
}
