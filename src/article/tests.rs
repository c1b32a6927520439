use std::cmp::Ordering;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const LEAD: &str = "L'Islande a condamné lundi la décision du Chili.";

fn received() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().expect("a timestamp")
}

fn read(record: &Value) -> Result<Article, Rejected> {
    decode(record.to_string().as_bytes(), &[], received())
}

fn article(record: impl std::borrow::Borrow<Value>) -> Article {
    let record = record.borrow();
    read(record).unwrap_or_else(|e| panic!("{e}: {record}"))
}

fn reason(payload: &[u8]) -> &'static str {
    decode(payload, &[], received()).expect_err("no article").as_str()
}

fn instant(date: Option<&ZonedDateTime>) -> String {
    date.map(|d| d.timestamp().to_string()).unwrap_or_default()
}

/// Four shapes of one article.
fn shapes() -> Vec<(&'static str, Value)> {
    let html = format!("<p>REYKJAVIK, 2 mars 2026 - {LEAD}</p><p>Santiago a protesté.</p>");
    let text = format!("REYKJAVIK, 2 mars 2026 - {LEAD}\nSantiago a protesté.");
    vec![
        (
            "ninjs 1.3",
            json!({
                "uri": "urn:newsml:agence.example:20260302:ISL-7:2U", "type": "text", "mimetype": "text/plain",
                "provider": "Agence", "version": "2", "firstcreated": "2026-03-02T10:00:00+01:00",
                "versioncreated": "2026-03-02T11:00:00+01:00", "pubstatus": "usable", "urgency": 3, "language": "fr-FR",
                "subject": [{"code": "medtop:11000000", "name": "politique"}], "located": "Reykjavik",
                "headline": "Islande : Santiago critiqué", "body_text": text, "body_html": html, "charcount": 99,
                "associations": {"photo": {"type": "picture", "uri": "x"}},
            }),
        ),
        (
            "ninjs 2.1",
            json!({
                "standard": {"name": "ninjs", "version": "2.1"}, "uri": "urn:newsml:agence.example:20260302:ISL-7",
                "type": "text", "language": "fr", "version": 2, "infosources": [{"name": "Agence", "role": "provider"}],
                "firstcreated": "2026-03-02T10:00:00+01:00", "versioncreated": "2026-03-02T11:00:00+01:00",
                "pubstatus": "usable",
                "headlines": [{"role": "short", "value": "Islande"}, {"role": "main", "value": "Islande : Santiago critiqué"}],
                "bodies": [{"role": "summary", "contenttype": "text/plain", "value": "Bref."},
                           {"role": "main", "contenttype": "text/html", "value": html}],
            }),
        ),
        (
            "ninjs 3.0",
            json!({
                "standard": {"name": "ninjs", "version": "3.0"}, "uri": "urn:newsml:agence.example:20260302:ISL-7",
                "type": "text", "language": "fr", "version": "2", "provider": {"name": "Agence"},
                "firstCreated": "2026-03-02T10:00:00+01:00", "versionCreated": "2026-03-02T11:00:00+01:00",
                "pubStatus": "usable", "headlines": [{"value": "Islande : Santiago critiqué"}],
                "bodies": [{"contentType": "text/plain", "value": text}, {"contentType": "text/html", "value": html}],
            }),
        ),
        (
            "Superdesk",
            json!({
                "guid": "urn:newsml:agence.example:20260302:ISL-7", "type": "text", "version": "2", "source": "Agence",
                "firstcreated": "2026-03-02T09:00:00+0000", "versioncreated": "2026-03-02T10:00:00+0000",
                "pubstatus": "usable", "language": "fr", "slugline": "islande", "priority": 6,
                "headline": "Islande&nbsp;: Santiago <b>critiqué</b>", "body_html": html, "service": [{"code": "1"}],
            }),
        ),
        (
            "flat",
            json!({
                "id": "urn:newsml:agence.example:20260302:ISL-7", "provider": "Agence", "version": 2, "language": "FR",
                "published": "2026-03-02T09:00:00Z", "modified": "2026-03-02T10:00:00Z",
                "headline": "Islande : Santiago critiqué", "text": text,
            }),
        ),
    ]
}

#[test]
fn every_shape_is_the_same_article() {
    for (shape, record) in shapes() {
        let article = article(record);
        assert_eq!(article.id, "Agence/urn:newsml:agence.example:20260302:ISL-7", "{shape}");
        assert_eq!(article.uri, "urn:newsml:agence.example:20260302:ISL-7", "{shape}");
        assert_eq!(article.version, "2", "{shape}");
        assert_eq!(language(&article), "fr", "{shape}");
        assert_eq!(article.headline, "Islande : Santiago critiqué", "{shape}");
        assert_eq!(article.body, format!("REYKJAVIK, 2 mars 2026 - {LEAD}\nSantiago a protesté."), "{shape}");
        assert_eq!(instant(article.published.as_ref()), "2026-03-02T09:00:00Z", "{shape}");
        assert_eq!(instant(article.version_created.as_ref()), "2026-03-02T10:00:00Z", "{shape}");
        assert_eq!((article.status, article.item_type.as_str()), (ArticleStatus::Usable, "text"), "{shape}");
        assert!(!article.is_first_version(), "{shape}");
    }
}

#[test]
fn envelopes_change_nothing() {
    let (_, bare) = shapes().remove(0);
    let expected = article(bare.clone());
    let text = bare.to_string();
    let structured =
        json!({"specversion": "1.0", "id": "e1", "source": "/feed", "type": "article", "data": bare});
    let as_text =
        json!({"specversion": "1.0", "id": "e1", "source": "/feed", "type": "article", "data": text});
    for record in [structured, as_text] {
        assert_eq!(article(record), expected);
    }
    let headers =
        [("ce_specversion", "1.0"), ("ce_id", "e1"), ("ce_subject", "other"), ("ce_type", "article")]
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
    assert_eq!(decode(text.as_bytes(), &headers, received()).as_ref(), Ok(&expected));
    let framed = [&[0, 0, 0, 1, 7], text.as_bytes()].concat();
    assert_eq!(decode(&framed, &[], received()).as_ref(), Ok(&expected));
    let encoded = json!({"specversion": "1.0", "data_base64": "eyJpZCI6IDcsICJ0ZXh0IjogIsOpIn0="});
    assert_eq!(article(encoded).body, "é");
}

#[test]
fn an_envelope_stands_in_for_identity_and_date() {
    let data = json!({"headline": "Flash"});
    let event =
        json!({"specversion": "1.0", "subject": "dep-9", "time": "2026-03-01T08:00:00Z", "data": data});
    let headers = [("ce_subject", "dep-9"), ("ce_time", "2026-03-01T08:00:00Z")]
        .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
    let binary = decode(data.to_string().as_bytes(), &headers, received()).expect("an article");
    for article in [article(event), binary] {
        assert_eq!(article.id, "dep-9");
        assert_eq!(instant(article.published.as_ref()), "2026-03-01T08:00:00Z");
    }
}

#[test]
fn bodies_are_chosen_plain_then_html_then_longest() {
    for (record, body, source) in [
        (json!({"body_html": "<p>Deux mots</p>", "body_text": "Un"}), "Un", BodySource::PlainText),
        (json!({"body_html": "<p>Deux</p>", "body_text": "  "}), "Deux", BodySource::Html),
        (json!({"text": "<p>Un</p><p>Deux</p>"}), "Un\nDeux", BodySource::Html),
        (json!({"body": "Un", "content": "Un deux"}), "Un deux", BodySource::Longest),
        (
            json!({"body_nitf": "<body.content><block><p>Un</p><p>Deux</p></block></body.content>"}),
            "Un\nDeux",
            BodySource::Html,
        ),
        (json!({"headline": "Flash"}), "", BodySource::HeadlineOnly),
        (json!({"headline": "Flash", "text": null}), "", BodySource::HeadlineOnly),
        (
            json!({"bodies": [{"role": "caption", "value": "Photo"}, {"value": "Un"}]}),
            "Un",
            BodySource::Longest,
        ),
    ] {
        let mut record = record;
        record["id"] = json!("a");
        let article = article(record);
        assert_eq!((article.body.as_str(), article.body_source), (body, source));
    }
}

#[test]
fn small_faults_are_forgiven() {
    let article = article(json!({
        "ID": 17, "Version": 3.0, "language": "fr_FR", "published": "0025-03-02T09:00:00Z", "unknown": [[[1]]],
        "headline": "Un\u{0} titre\nsur deux lignes", "text": "Une\u{0} ligne.\r\nDeux\u{7}.", "versioncreated": "hier",
    }));
    assert_eq!((article.id.as_str(), article.version.as_str()), ("17", "3"));
    assert_eq!(article.language.as_deref(), Some("fr-fr"));
    assert_eq!(
        (article.headline.as_str(), article.body.as_str()),
        ("Un titre sur deux lignes", "Une ligne.\nDeux.")
    );
    assert_eq!(article.published.map(|d| d.timestamp()), Some(received()), "the record's own time dates it");
    let with_bom = b"\xef\xbb\xbf {\"id\":\"a\",\"headline\":\"b\"}\n\0\0";
    assert_eq!(decode(with_bom, &[], None).map(|a| (a.id, a.published)), Ok(("a".to_owned(), None)));
}

#[test]
fn records_that_are_no_article() {
    let deep = format!("{{\"id\": 1, \"x\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let large = vec![b' '; MAX_BYTES + 1];
    let long = json!({"id": "a", "text": "x".repeat(MAX_TEXT + 1)}).to_string();
    let nested =
        (0..5).fold(json!({"id": 1}), |data, _| json!({"specversion": "1.0", "data": data})).to_string();
    for (payload, code) in [
        (&b""[..], "empty"),
        (b" \n", "empty"),
        (b"null", "empty"),
        (b"\xff\xfe{\0", "not_utf8"),
        (b"{\"id\": \"caf\xe9\"}", "not_utf8"),
        (b"{\"id\": \"a\", \"text\": \"b", "not_json"),
        (b"<article/>", "not_json"),
        (b"{\"id\": \"a\0\"}", "not_json"),
        (b"[{\"id\": 1}]", "wrong_shape"),
        (b"\"text\"", "wrong_shape"),
        (b"17", "wrong_shape"),
        (b"{\"specversion\": \"1.0\", \"id\": \"a\"}", "wrong_shape"),
        (b"{\"specversion\": \"1.0\", \"data_base64\": \"?\"}", "wrong_shape"),
        (b"{\"headline\": \"a\"}", "no_identity"),
        (b"{\"id\": \"  \", \"uri\": null, \"headline\": \"a\"}", "no_identity"),
        (b"{\"id\": {}, \"headline\": \"a\"}", "no_identity"),
        (b"{\"id\": \"a\"}", "no_text"),
        (b"{\"id\": \"a\", \"headline\": \" \", \"body_html\": \"<p> </p>\"}", "no_text"),
        (deep.as_bytes(), "too_deep"),
        (nested.as_bytes(), "too_deep"),
        (&large, "too_large"),
        (long.as_bytes(), "too_large"),
        (b"{\"id\": \"a\", \"text\": \"b\", \"embargoed\": \"2026-03-02T13:00:00+01:00\"}", "ok"),
        (b"{\"id\": \"a\", \"text\": \"b\", \"embargoed\": \"2026-03-02T13:00:01+01:00\"}", "embargoed"),
        (b"{\"id\": \"a\", \"text\": \"b\", \"embargoed\": \"demain\"}", "embargoed"),
        (b"{\"id\": \"a\", \"text\": \"b\", \"embargo\": null, \"embargoed\": false}", "ok"),
        (b"{\"id\": \"a\", \"embargoed\": \"2099-01-01\", \"pubstatus\": \"canceled\"}", "ok"),
    ] {
        let got = decode(payload, &[], received()).map_or_else(|e| e.as_str(), |_| "ok");
        assert_eq!(got, code, "{}", String::from_utf8_lossy(&payload[..payload.len().min(90)]));
        assert!(got == "ok" || Rejected::CODES.contains(&got));
    }
    assert_eq!(reason(b"\0\0\0\0\0"), "empty");
}

#[test]
fn an_embargo_names_article_and_date() {
    let record =
        json!({"uri": "dep-1", "source": "Agence", "text": "Secret.", "embargoed": "2099-01-01T00:00:00Z"});
    let rejected = read(&record).expect_err("an embargo");
    assert_eq!(rejected.article_id(), Some("Agence/dep-1"));
    assert!(rejected.to_string().contains("2099-01-01T00:00:00"), "{rejected}");
    assert!(!rejected.to_string().contains("Secret"), "{rejected}");
    assert!(decode(record.to_string().as_bytes(), &[], None).is_ok(), "a file has no time to measure by");
}

#[test]
fn withdrawn_articles_need_no_text_and_show_none() {
    for status in ["canceled", "cancelled", "withheld", "stat:canceled", "Canceled"] {
        let article = article(json!({"uri": "a", "pubStatus": status, "headline": "b", "body_text": "c"}));
        assert_eq!(article.status, ArticleStatus::Withdrawn, "{status}");
        assert_eq!((article.headline.as_str(), article.body.as_str()), ("", ""));
    }
    assert_eq!(article(json!({"uri": "a", "pubstatus": "canceled"})).status, ArticleStatus::Withdrawn);
}

#[test]
fn other_items_need_no_text() {
    for (written, kind) in
        [("picture", "picture"), ("icls:picture", "picture"), ("planning", "planning"), ("Video", "video")]
    {
        assert_eq!(article(json!({"uri": "a", "type": written})).item_type, kind);
    }
    for written in [json!("text"), json!("article"), json!(null), json!("NewsArticle")] {
        assert_eq!(article(json!({"uri": "a", "type": written, "headline": "b"})).item_type, "text");
    }
}

#[test]
fn datelines_are_places() {
    for (record, place) in [
        (json!("PARIS, 4 oct 2022 (AFP) -"), Some("PARIS")),
        (json!("Nations unies (Etats-Unis)"), Some("Nations unies")),
        (json!({"text": "GENÈVE, mardi —", "located": {"city": "Genève"}}), Some("Genève")),
        (json!("  "), None),
        (json!(null), None),
    ] {
        let article = article(json!({"id": "a", "headline": "b", "dateline": record}));
        assert_eq!(article.dateline.as_deref(), place);
    }
}

#[test]
fn languages() {
    let english =
        "The ambassador of Iceland told the Council that her government rejected the draft. ".repeat(5);
    let french =
        "L'ambassadrice d'Islande a déclaré au Conseil que son gouvernement rejetait le projet. ".repeat(5);
    for (tag, text, code) in [
        (json!("fr"), french.as_str(), "fr"),
        (json!("FR-be"), french.as_str(), "fr"),
        (json!("fra"), french.as_str(), "fr"),
        (json!(null), french.as_str(), "fr"),
        (json!("und"), english.as_str(), "en"),
        (json!("x"), english.as_str(), "en"),
        (json!("fr"), english.as_str(), "en"),
        (json!("fr"), "Too short to tell.", "fr"),
        (json!("ca"), french.as_str(), "ca"),
        (json!("pl"), "Krótka depesza.", "pl"),
    ] {
        let article = article(json!({"id": "a", "text": text, "language": tag}));
        assert_eq!(language(&article), code, "{tag}");
    }
}

#[test]
fn only_a_plain_text_overrules_a_tag_that_the_detector_does_not_know() {
    let plain =
        |text: &str| plain_language(&article(json!({"id": "a", "text": text.repeat(2), "language": "xx"})));
    for (code, text) in [
        (
            "en",
            "The ambassador of Iceland told the Council on Tuesday that her government rejected the draft, which she called premature. Norway and two other members asked for more time, and the vote was put off until the following week, diplomats said.",
        ),
        (
            "fr",
            "L'ambassadrice d'Islande a déclaré mardi au Conseil que son gouvernement rejetait le projet, qu'elle juge prématuré. La Norvège et deux autres membres ont demandé du temps, et le vote a été reporté à la semaine suivante, selon des diplomates.",
        ),
    ] {
        assert_eq!(plain(text), Some(code));
    }
    for other in [
        "Ambasador Islandii powiedziała we wtorek w Radzie, że jej rząd odrzuca projekt, który uznała za przedwczesny. Norwegia i dwa inne państwa poprosiły o więcej czasu, a głosowanie przełożono na następny tydzień, podali dyplomaci.",
        "Посол Ісландії заявила у вівторок у Раді, що її уряд відхиляє проєкт, який вона назвала передчасним. Норвегія та дві інші країни попросили більше часу, і голосування перенесли на наступний тиждень, повідомили дипломати.",
        "L'ambaixadora d'Islàndia va dir dimarts al Consell que el seu govern rebutjava el projecte, que considera prematur. Noruega i dos altres membres van demanar més temps, i la votació es va ajornar fins a la setmana següent, segons diplomàtics.",
        "Ambasadoarea Islandei a declarat marți în Consiliu că guvernul ei respinge proiectul, pe care îl consideră prematur. Norvegia și alți doi membri au cerut mai mult timp, iar votul a fost amânat pentru săptămâna următoare, potrivit diplomaților.",
        "Islands ambassadør sagde tirsdag i Rådet, at hendes regering afviste udkastet, som hun kaldte for tidligt. Norge og to andre medlemmer bad om mere tid, og afstemningen blev udsat til den følgende uge, sagde diplomater.",
        "Anbasadris Islann lan te di Konsèy la madi ke gouvènman li rejte pwojè a, li di li twò bonè. Nòvèj ak de lòt manm mande plis tan, epi yo ranvwaye vòt la pou semèn kap vini an, selon diplomat yo.",
        "Balozi wa Iceland aliliambia Baraza siku ya Jumanne kwamba serikali yake ilikataa rasimu hiyo, ambayo aliiita ya mapema mno. Norway na wanachama wengine wawili waliomba muda zaidi, na kura ikaahirishwa hadi wiki iliyofuata, wanadiplomasia walisema.",
    ] {
        assert!(!matches!(plain(other), Some("en" | "fr")), "{:?} {other}", plain(other));
    }
}

#[test]
fn versions_are_ordered_by_time_then_number() {
    let version = |number: &str, created: Option<&str>| {
        article(json!({"id": "a", "headline": "b", "version": number, "versioncreated": created}))
    };
    let (noon, one) = (Some("2026-03-02T12:00:00Z"), Some("2026-03-02T14:00:00+01:00"));
    for (a, b, order) in [
        (version("9", noon), version("2", one), Ordering::Less),
        (version("9", noon), version("10", noon), Ordering::Less),
        (version("10", None), version("9", noon), Ordering::Greater),
        (version("1", noon), version("1", noon), Ordering::Equal),
    ] {
        assert_eq!(compare_versions(&a, &b), order);
        assert_eq!(compare_versions(&b, &a), order.reverse());
    }
}

#[test]
fn first_versions() {
    for (record, is_first) in [
        (json!({}), true),
        (json!({"version": "1", "firstcreated": "2026-03-02", "versioncreated": "2026-03-02"}), true),
        (json!({"version": 0}), true),
        (json!({"version": "2"}), false),
        (json!({"published": "2026-03-02T08:00:00Z", "modified": "2026-03-02T09:00:00Z"}), false),
    ] {
        let mut record = record;
        record["id"] = json!("a");
        record["headline"] = json!("b");
        assert_eq!(article(&record).is_first_version(), is_first, "{record}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        prop::sample::select(vec![
            "uri",
            "guid",
            "id",
            "version",
            "headline",
            "headlines",
            "bodies",
            "body_html",
            "body_text",
            "text",
            "type",
            "pubstatus",
            "embargoed",
            "versioncreated",
            "published",
            "language",
            "provider",
            "dateline",
            "specversion",
            "data",
            "role",
            "value",
            "contenttype",
            "located",
        ])
        .prop_map(str::to_owned),
        ".{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "(<p>|</p>|&amp;|é|<|\u{0}| ){0,9}".prop_map(Value::from),
        Just(json!("2026-03-02T09:00:00Z")),
        Just(json!("canceled")),
    ];
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..9)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_article_or_a_reason(payload in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Err(rejected) = decode(&payload, &[], received()) {
            prop_assert!(Rejected::CODES.contains(&rejected.as_str()));
        }
    }

    #[test]
    fn any_json_ends_in_an_article_or_a_reason(record in any_json()) {
        match read(&record) {
            Ok(article) => {
                prop_assert!(!article.id.is_empty());
                let controls = |t: &str| t.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
                prop_assert!(!controls(&article.headline) && !controls(&article.body));
                language(&article);
            }
            Err(rejected) => prop_assert!(Rejected::CODES.contains(&rejected.as_str())),
        }
    }
}
