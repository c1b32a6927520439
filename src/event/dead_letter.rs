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

/// Of a record beyond the size limit this much of the value is kept. With what is kept beside it and the headers
/// that are added (at most 3 KiB) it is less than the least `delivery.message_max_bytes`.
const KEPT: usize = 64 * 1024;
/// Likewise of the key, and of all headers together.
const KEPT_BESIDE: usize = 2 * 1024;
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
    /// SHA-256 of the whole value, where only a part of the original was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlq_sha256: Option<String>,
    /// Size of the whole value in bytes, where only a part of the original was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlq_size: Option<String>,
    /// Which parts of the original were cut, separated by spaces: `key`, `value`, `headers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dlq_cut: Option<String>,
}

/// The dead letter that keeps `input`: whole where its key, value and headers together are no more than
/// `max_bytes`, else the first part of each.
pub fn dead_letter(
    input: &InputRecord,
    reason: DeadLetterReason,
    detail: &str,
    at: Timestamp,
    max_bytes: usize,
) -> OutputRecord {
    let whole = Original::of(input);
    let kept = if whole.size() > max_bytes { whole.shortened() } else { whole.clone() };
    let cut = kept.missing_of(&whole);
    let value = cut.as_ref().map(|_| input.payload.unwrap_or_default());
    let added = DeadLetterHeaders {
        dlq_reason: reason,
        dlq_detail: detail.chars().take(DETAIL_CHARACTERS).collect(),
        dlq_topic: input.topic.to_owned(),
        dlq_partition: input.partition.to_string(),
        dlq_offset: input.offset.to_string(),
        dlq_time: at.to_string(),
        dlq_attempts: (attempts(input.headers) + 1).to_string(),
        dlq_sha256: value.map(sha256),
        dlq_size: value.map(|value| value.len().to_string()),
        dlq_cut: cut,
    };
    let mut headers: Vec<Header> = kept.headers.into_iter().cloned().collect();
    headers.extend(headers::of_fields(&added));
    OutputRecord {
        topic: Topic::DeadLetters,
        key: kept.key.map(<[u8]>::to_vec),
        value: kept.value.map(<[u8]>::to_vec),
        headers,
        timestamp: input.timestamp,
    }
}

/// What a dead letter keeps of a record: all but the headers of an earlier dead letter.
#[derive(Clone)]
struct Original<'a> {
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    headers: Vec<&'a Header>,
}

impl<'a> Original<'a> {
    fn of(input: &InputRecord<'a>) -> Self {
        let headers = input.headers.iter().filter(|header| !header.name.starts_with(PREFIX)).collect();
        Self { key: input.key, value: input.payload, headers }
    }

    fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|header| header.size()).sum();
        self.key.map_or(0, <[u8]>::len) + self.value.map_or(0, <[u8]>::len) + headers
    }

    /// Half a header would be a wrong one: each is kept whole or not at all.
    fn shortened(&self) -> Self {
        let (mut headers, mut room) = (Vec::new(), KEPT_BESIDE);
        for header in &self.headers {
            if let Some(left) = room.checked_sub(header.size()) {
                headers.push(*header);
                room = left;
            }
        }
        Self {
            key: self.key.map(|key| head(key, KEPT_BESIDE)),
            value: self.value.map(|v| head(v, KEPT)),
            headers,
        }
    }

    /// The parts that are less than those of `whole`.
    fn missing_of(&self, whole: &Self) -> Option<String> {
        let parts = [
            ("key", self.key.map(<[u8]>::len) != whole.key.map(<[u8]>::len)),
            ("value", self.value.map(<[u8]>::len) != whole.value.map(<[u8]>::len)),
            ("headers", self.headers.len() != whole.headers.len()),
        ];
        let cut: Vec<&str> = parts.iter().filter(|(_, cut)| *cut).map(|(part, _)| *part).collect();
        (!cut.is_empty()).then(|| cut.join(" "))
    }
}

fn head(bytes: &[u8], most: usize) -> &[u8] {
    &bytes[..bytes.len().min(most)]
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
