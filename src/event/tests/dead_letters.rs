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
    let letter = dead_letter(&input(&headers), DeadLetterReason::Unreadable, &detail, READ_AT, 1_000_000);
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

fn too_large(input: &InputRecord, max_bytes: usize) -> OutputRecord {
    dead_letter(input, DeadLetterReason::TooLarge, "", READ_AT, max_bytes)
}

#[test]
fn a_dead_letter_above_the_limit_keeps_its_head_and_its_digest() {
    let payload = vec![b'x'; 100_000];
    let large = InputRecord { payload: Some(&payload), ..input(&[]) };
    let letter = too_large(&large, 99_999);
    assert_eq!(letter.value.as_ref().map(Vec::len), Some(65_536));
    assert_eq!(header(&letter, "dlq-cut"), Some("value"));
    assert_eq!(header(&letter, "dlq-size"), Some("100000"));
    assert_eq!(
        header(&letter, "dlq-sha256"),
        Some("d69e68988157833272305aaf21f453c800346e8a3640db6578e260215542e5d4")
    );
    let letter = too_large(&large, 100_003);
    assert_eq!((letter.value.map(|value| value.len()), letter.headers.len()), (Some(100_000), 7));
}

/// Else the letter is as large as the record that was refused, again and again.
#[test]
fn key_and_headers_are_cut_as_the_value_is() {
    let (long, payload) = (vec![b'k'; 100_000], vec![b'x'; 100_000]);
    let mut headers = vec![Header::new("long", long.clone()), Header::new("traceparent", "t")];
    headers.extend((0..10_000).map(|_| Header { name: "h".into(), value: None }));
    let all = InputRecord { key: Some(&long), payload: Some(&payload), ..input(&headers) };
    let letter = dead_letter(&all, DeadLetterReason::TooLarge, &"語".repeat(900), READ_AT, 57_344);
    let headers: usize = letter.headers.iter().map(Header::size).sum();
    let size = headers + letter.key.as_ref().map_or(0, Vec::len) + letter.value.as_ref().map_or(0, Vec::len);
    assert!(size < 73_728 - 512, "{size} bytes do not fit into the least `message_max_bytes`");
    assert_eq!(header(&letter, "dlq-cut"), Some("key value headers"));
    assert_eq!(letter.headers[0], Header::new("traceparent", "t"), "what fits is kept");

    let key_alone = InputRecord { key: Some(&long), ..input(&[]) };
    let letter = too_large(&key_alone, 57_344);
    assert_eq!(
        (letter.key.as_ref().map(Vec::len), letter.value.as_deref()),
        (Some(2_048), key_alone.payload)
    );
    assert_eq!(header(&letter, "dlq-cut"), Some("key"));
    assert!(header(&letter, "dlq-sha256").is_some(), "`replay` leaves out what is not whole");
}
