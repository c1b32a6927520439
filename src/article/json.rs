//! Bytes to one JSON object, inside whatever envelope it came.

use serde_json::{Map, Value, error::Category};

use super::Rejected;

/// No article version is larger in bytes; Kafka's own default limit is a sixteenth of it.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Lists and objects inside each other; real articles have fewer than ten.
pub const MAX_DEPTH: usize = 100;
/// Envelopes inside each other.
const MAX_ENVELOPES: usize = 3;

/// What a CloudEvents envelope says of its article; stands in where the article itself is silent.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub subject: Option<String>,
    pub time: Option<String>,
}

impl Envelope {
    /// Of a binary event: its attributes are headers.
    fn of_headers(headers: &[(String, Vec<u8>)]) -> Self {
        let value = |name: &str| {
            let (_, value) = headers.iter().find(|(n, _)| n == name)?;
            String::from_utf8(value.clone()).ok()
        };
        Self { subject: value("ce_subject"), time: value("ce_time") }
    }

    /// Of a structured event: its attributes are fields beside `data`.
    fn of_fields(event: &Map<String, Value>) -> Self {
        let value = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        Self { subject: value("subject"), time: value("time") }
    }
}

/// Reads the article's object out of a record.
pub(super) fn read(
    payload: &[u8],
    headers: &[(String, Vec<u8>)],
) -> Result<(Map<String, Value>, Envelope), Rejected> {
    let mut object = parse(payload)?;
    let mut envelope = Envelope::of_headers(headers);
    for _ in 0..MAX_ENVELOPES {
        if !object.contains_key("specversion") {
            return Ok((object, envelope));
        }
        envelope = Envelope::of_fields(&object);
        object = unwrap_event(object)?;
    }
    Err(Rejected::TooDeep { what: "a CloudEvents envelope", limit: MAX_ENVELOPES })
}

fn parse(payload: &[u8]) -> Result<Map<String, Value>, Rejected> {
    if payload.len() > MAX_BYTES {
        let size = payload.len();
        return Err(Rejected::TooLarge { what: "the record", size, unit: "bytes", limit: MAX_BYTES });
    }
    let text = std::str::from_utf8(without_frame(payload)).map_err(|e| Rejected::NotUtf8(e.valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}').trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() {
        return Err(Rejected::Empty);
    }
    if is_deeper_than(text, MAX_DEPTH) {
        return Err(Rejected::TooDeep { what: "the JSON", limit: MAX_DEPTH });
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Null) => Err(Rejected::Empty),
        Ok(Value::Array(_)) => {
            Err(Rejected::WrongShape("the value is a list: send one article a record".to_owned()))
        }
        Ok(_) => {
            Err(Rejected::WrongShape("the value is no JSON object: send one article a record".to_owned()))
        }
        Err(error) => Err(not_json(&error)),
    }
}

fn not_json(error: &serde_json::Error) -> Rejected {
    let fault = match error.classify() {
        Category::Eof => "it breaks off",
        _ => "syntax",
    };
    Rejected::NotJson { line: error.line(), column: error.column(), fault }
}

/// Takes off what a Schema Registry client puts before JSON: a zero byte and a number of four.
fn without_frame(payload: &[u8]) -> &[u8] {
    match payload {
        [0, _, _, _, _, rest @ ..] if rest.starts_with(b"{") => rest,
        _ => payload,
    }
}

/// Counts brackets outside texts, so that the parser never sees a depth that it would refuse or recurse into.
fn is_deeper_than(text: &str, limit: usize) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

/// The data of a structured event: an object, a text of JSON, or base64 of one.
fn unwrap_event(mut event: Map<String, Value>) -> Result<Map<String, Value>, Rejected> {
    if let Some(Value::String(encoded)) = event.get("data_base64") {
        let bytes = base64(encoded).ok_or_else(|| {
            Rejected::WrongShape("`data_base64` is not base64: encode the article's JSON".to_owned())
        })?;
        return parse(&bytes);
    }
    match event.remove("data") {
        Some(Value::Object(object)) => Ok(object),
        Some(Value::String(text)) => parse(text.as_bytes()),
        _ => Err(Rejected::WrongShape("a CloudEvent without `data`: put the article there".to_owned())),
    }
}

/// Decodes base64 of either alphabet, with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.trim_end().trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'\r' | b'\n' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_either_alphabet() {
        assert_eq!(base64("eyJhIjoiw6kifQ==").as_deref(), Some("{\"a\":\"é\"}".as_bytes()));
        assert_eq!(base64("_-8").as_deref(), Some(&[0xff, 0xef][..]));
        assert_eq!(base64("a b"), None);
    }

    #[test]
    fn brackets_in_texts_do_not_count() {
        assert!(!is_deeper_than(r#"{"a": "[[[[\"[[["}"#, 1));
        assert!(is_deeper_than("[[", 1));
    }
}
