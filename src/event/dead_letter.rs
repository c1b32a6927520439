//! Records that end without a result: nothing stops, nothing is lost.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{article::Rejected, data::hex};

use super::{
    headers::{self, Header},
    publisher::{InputRecord, OutputRecord, Topic},
};

/// Beyond the size limit this much of the original is kept.
const KEPT: usize = 64 * 1024;
/// A detail is for people; what an adversary could make longer is cut.
const DETAIL_CHARACTERS: usize = 500;
const PREFIX: &str = "dlq-";
const ATTEMPTS: &str = "dlq-attempts";

/// Why a record became a dead letter: a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadLetterReason {
    /// Not JSON of any known shape, not UTF-8, or empty.
    Unreadable,
    /// JSON, but without identity or text.
    Incomplete,
    /// Its embargo was in force: `replay` brings it back later.
    Embargoed,
    /// The record, or its result, is larger than the limits.
    TooLarge,
    /// The analysis failed by a fault of ours.
    Panic,
}

impl DeadLetterReason {
    /// As in the header `dlq-reason`, for metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Incomplete => "incomplete",
            Self::Embargoed => "embargoed",
            Self::TooLarge => "too_large",
            Self::Panic => "panic",
        }
    }
}

impl From<&Rejected> for DeadLetterReason {
    fn from(rejected: &Rejected) -> Self {
        match rejected {
            Rejected::NoIdentity | Rejected::NoText { .. } => Self::Incomplete,
            Rejected::Embargoed { .. } | Rejected::EmbargoUnreadable { .. } => Self::Embargoed,
            Rejected::TooLarge { .. } => Self::TooLarge,
            _ => Self::Unreadable,
        }
    }
}

/// The headers that a dead letter gains beside its original ones. All values are text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(title = "Dead-letter headers")]
pub struct DeadLetterHeaders {
    pub dlq_reason: DeadLetterReason,
    /// The reason in words; never text of the article.
    pub dlq_detail: String,
    /// Where the record was read.
    pub dlq_topic: String,
    pub dlq_partition: String,
    pub dlq_offset: String,
    /// When it became a dead letter, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub dlq_time: String,
    /// How often it has become one: 1 at first, more after `replay`.
    pub dlq_attempts: String,
    /// SHA-256 of the whole original, where only its first 64 KiB were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlq_sha256: Option<String>,
    /// Size of the whole original in bytes, where only its first 64 KiB were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlq_size: Option<String>,
}

/// The dead letter that keeps `input`, whole up to `max_bytes` of value.
pub fn dead_letter(
    input: &InputRecord,
    reason: DeadLetterReason,
    detail: &str,
    at: Timestamp,
    max_bytes: usize,
) -> OutputRecord {
    let cut = input.payload.filter(|payload| payload.len() > max_bytes);
    let added = DeadLetterHeaders {
        dlq_reason: reason,
        dlq_detail: detail.chars().take(DETAIL_CHARACTERS).collect(),
        dlq_topic: input.topic.to_owned(),
        dlq_partition: input.partition.to_string(),
        dlq_offset: input.offset.to_string(),
        dlq_time: at.to_string(),
        dlq_attempts: (attempts(input.headers) + 1).to_string(),
        dlq_sha256: cut.map(sha256),
        dlq_size: cut.map(|payload| payload.len().to_string()),
    };
    let mut headers: Vec<Header> =
        input.headers.iter().filter(|header| !header.name.starts_with(PREFIX)).cloned().collect();
    headers.extend(headers::of_fields(&added));
    OutputRecord {
        topic: Topic::DeadLetters,
        key: input.key.map(<[u8]>::to_vec),
        value: input.payload.map(|payload| kept(payload, cut.is_some()).to_vec()),
        headers,
        timestamp: input.timestamp,
    }
}

fn kept(payload: &[u8], cut: bool) -> &[u8] {
    if cut { &payload[..payload.len().min(KEPT)] } else { payload }
}

fn sha256(payload: &[u8]) -> String {
    hex(&Sha256::digest(payload))
}

/// How often this record was a dead letter before.
fn attempts(headers: &[Header]) -> u32 {
    let header = headers.iter().rev().find(|header| header.name == ATTEMPTS);
    let text = header.and_then(|header| std::str::from_utf8(header.value.as_deref()?).ok());
    text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}
