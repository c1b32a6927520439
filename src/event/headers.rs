//! Headers of output records: CloudEvents 1.0 in Kafka's binary mode.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A record header; a value need not be there, nor be text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    pub value: Option<Vec<u8>>,
}

impl Header {
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), value: Some(value.into()) }
    }

    /// Bytes that it takes in a record.
    pub fn size(&self) -> usize {
        self.name.len() + self.value.as_ref().map_or(0, Vec::len) + LENGTHS
    }
}

/// The lengths of name and value, as Kafka writes them, are at most that long: of many short headers it is the
/// most part.
const LENGTHS: usize = 10;

/// Header that `demarche replay` puts on a record it brings back: its events are told as a revision.
pub const REPLAY_HEADER: &str = "demarche-replay";

/// W3C trace context, carried on from the input record.
const TRACEPARENT: &str = "traceparent";
const CONTENT_TYPE: &str = "content-type";
const JSON: &str = "application/json";

/// The headers of an event on the two event topics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "CloudEvents headers")]
pub struct CloudEventHeaders {
    #[schemars(extend("const" = "1.0"))]
    pub ce_specversion: &'static str,
    /// `event_id.version.rules`: the same again only for the same finding, version and rules.
    pub ce_id: String,
    /// `/demarche/<input topic>`
    pub ce_source: String,
    pub ce_type: &'static str,
    /// `article.id`
    pub ce_subject: String,
    /// Timestamp of the input record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub ce_time: Option<String>,
    /// `$id` of the JSON Schema of the value.
    pub ce_dataschema: &'static str,
    #[serde(rename = "content-type")]
    #[schemars(extend("const" = "application/json"))]
    pub content_type: &'static str,
    /// W3C trace context of the input record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
}

impl CloudEventHeaders {
    pub(super) const SPECVERSION: &'static str = "1.0";
    pub(super) const CONTENT_TYPE: &'static str = JSON;
}

/// Headers of a record that is no event.
pub(super) fn plain(traceparent: Option<String>) -> Vec<Header> {
    let mut headers = vec![Header::new(CONTENT_TYPE, JSON)];
    headers.extend(traceparent.map(|value| Header::new(TRACEPARENT, value)));
    headers
}

/// The trace context among the headers of a record.
pub fn traceparent(headers: &[Header]) -> Option<String> {
    let found = headers.iter().find(|header| header.name.eq_ignore_ascii_case(TRACEPARENT))?;
    std::str::from_utf8(found.value.as_deref()?).ok().map(str::to_owned)
}

/// The fields of a header type as headers; every field is a string.
pub(super) fn of_fields(fields: &impl Serialize) -> Vec<Header> {
    // Our header types are flat structs of strings; one of another shape would show in the tests of both.
    let Ok(Value::Object(fields)) = serde_json::to_value(fields) else { return Vec::new() };
    fields
        .into_iter()
        .filter_map(|(name, value)| value.as_str().map(|text| Header::new(name, text)))
        .collect()
}
