//! What becomes of records that cannot be read.

use super::*;

#[test]
fn a_dead_letter_is_the_original_with_the_reason() {
    let headers = [
        Header { name: "binary".into(), value: Some(vec![0xff, 0]) },
        Header { name: "null".into(), value: None },
        Header::new("dlq-attempts", "2"),
        Header::new("dlq-reason", "embargoed"),
    ];
    let detail = "line 1: ".to_owned() + &"é".repeat(2000);
    let letter = publisher().dead_letter(&input(&headers), DeadLetterReason::Unreadable, &detail, READ_AT);
    assert_eq!(letter.key.as_deref(), Some(&b"key"[..]));
    assert_eq!(letter.value.as_deref(), input(&[]).payload);
    assert_eq!(letter.timestamp, Some(1_664_870_400_123));
    assert_eq!(letter.headers[..2], headers[..2]);
    let added: serde_json::Map<String, Value> = letter.headers[2..]
        .iter()
        .map(|header| {
            (header.name.clone(), String::from_utf8_lossy(header.value.as_deref().unwrap_or(b"")).into())
        })
        .collect();
    let added = Value::Object(added);
    assert_valid(&schema::DEAD_LETTER, &added);
    assert_eq!(added["dlq-reason"], "unreadable");
    assert_eq!(added["dlq-attempts"], "3");
    assert_eq!((&added["dlq-topic"], &added["dlq-offset"]), (&"wire.articles".into(), &"42".into()));
    assert_eq!(added["dlq-time"], "2022-10-04T08:00:00Z");
    assert_eq!(added["dlq-detail"].as_str().map(|text| text.chars().count()), Some(500));
    assert_eq!(added.get("dlq-size"), None);
}

#[test]
fn a_dead_letter_above_the_limit_keeps_its_head_and_its_digest() {
    let payload = vec![b'x'; 100_000];
    let large = InputRecord { payload: Some(&payload), ..input(&[]) };
    let publisher = Publisher { max_dead_letter_bytes: 99_999, ..publisher() };
    let letter = publisher.dead_letter(&large, DeadLetterReason::TooLarge, "", READ_AT);
    assert_eq!(letter.value.map(|value| value.len()), Some(65_536));
    let letter = publisher.dead_letter(&large, DeadLetterReason::TooLarge, "", READ_AT);
    assert_eq!(header(&letter, "dlq-size"), Some("100000"));
    assert_eq!(
        header(&letter, "dlq-sha256"),
        Some("d69e68988157833272305aaf21f453c800346e8a3640db6578e260215542e5d4")
    );
    let whole = InputRecord { payload: Some(&payload[..99_999]), ..input(&[]) };
    let letter = publisher.dead_letter(&whole, DeadLetterReason::TooLarge, "", READ_AT);
    assert_eq!((letter.value.map(|value| value.len()), letter.headers.len()), (Some(99_999), 7));
}
