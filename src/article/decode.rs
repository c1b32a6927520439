//! A record to an [`Article`].

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Article, ArticleStatus, BodySource, Rejected, bodies,
    dates::{self, in_utc},
    fields::Fields,
    identity::Identity,
    json, language,
};

/// No headline or body has more code points: some forty times the longest dispatch.
pub const MAX_TEXT: usize = 1_000_000;

/// Items that are not text to read; any other type, or none, is.
const OTHER_ITEMS: [&str; 14] = [
    "picture",
    "photo",
    "image",
    "graphic",
    "audio",
    "video",
    "animation",
    "composite",
    "component",
    "package",
    "planning",
    "event",
    "collection",
    "media",
];
const WITHDRAWN: [&str; 6] = ["canceled", "cancelled", "withheld", "withdrawn", "killed", "recalled"];

/// Reads one article version: ninjs 1 to 3, Superdesk's variant or flat JSON, bare or in a CloudEvents envelope,
/// whose `subject` and `time` (`headers`: in binary mode `ce_subject`, `ce_time`) stand in for a missing identity
/// and date.
///
/// `received` is the record's timestamp: it dates an article without a date, and an embargo is in force if it
/// ends later. Without it (a file) neither is so.
///
/// # Errors
/// [`Rejected`] where the record is no article, or one under embargo. A withdrawn article needs no text, nor does
/// an item that is not text, and no embargo holds a withdrawal back.
pub fn decode(
    payload: &[u8],
    headers: &[(String, Vec<u8>)],
    received: impl Into<Option<Timestamp>>,
) -> Result<Article, Rejected> {
    let (object, envelope) = json::read(payload, headers)?;
    normalise(&object, envelope, received.into())
}

fn normalise(
    object: &Map<String, Value>,
    envelope: json::Envelope,
    received: Option<Timestamp>,
) -> Result<Article, Rejected> {
    let fields = Fields::new(object);
    let identity = Identity::read(&fields, envelope.subject).ok_or(Rejected::NoIdentity)?;
    let id = identity.id();
    let status = status(&fields);
    let item_type = item_type(&fields);
    let needs_text = status == ArticleStatus::Usable && item_type == "text";
    if status == ArticleStatus::Usable {
        check_embargo(&fields, &id, received)?;
    }
    let (headline, body, body_source) = texts(&fields, status)?;
    if needs_text && headline.is_empty() && body.is_empty() {
        return Err(Rejected::NoText { id });
    }
    let date = |names: &[&str]| fields.all(names).find_map(dates::read);
    let version_created = date(&["versioncreated", "modified", "updated", "datemodified"]);
    let published = date(&[
        "published",
        "firstpublished",
        "publishedat",
        "datepublished",
        "firstcreated",
        "contentcreated",
    ])
    .or_else(|| version_created.clone())
    .or_else(|| dates::read(&Value::String(envelope.time?)))
    .or_else(|| received.map(in_utc));
    Ok(Article {
        id,
        uri: identity.uri,
        version: identity.version,
        provider: identity.provider,
        language: fields.text(&["language", "lang", "inlanguage"]).and_then(|tag| language::tag(&tag)),
        published,
        version_created,
        headline,
        body,
        body_source,
        status,
        dateline: dateline(&fields),
        item_type,
    })
}

/// Headline and body; none of a withdrawn article.
fn texts(fields: &Fields, status: ArticleStatus) -> Result<(String, String, BodySource), Rejected> {
    if status == ArticleStatus::Withdrawn {
        return Ok((String::new(), String::new(), BodySource::HeadlineOnly));
    }
    let headline = bodies::headline(fields);
    let (body, source) = bodies::body(fields);
    for (what, text) in [("the headline", &headline), ("the body", &body)] {
        let size = text.chars().count();
        if size > MAX_TEXT {
            return Err(Rejected::TooLarge { what, size, unit: "characters", limit: MAX_TEXT });
        }
    }
    Ok((headline, body, source))
}

fn status(fields: &Fields) -> ArticleStatus {
    let written = fields.text(&["pubstatus", "status"]).unwrap_or_default().to_lowercase();
    if WITHDRAWN.contains(&without_scheme(&written)) {
        ArticleStatus::Withdrawn
    } else {
        ArticleStatus::Usable
    }
}

fn item_type(fields: &Fields) -> String {
    let written = fields.text(&["type", "itemtype"]).unwrap_or_default().to_lowercase();
    let kind = without_scheme(&written);
    if OTHER_ITEMS.contains(&kind) { kind.to_owned() } else { "text".to_owned() }
}

/// "stat:canceled" is `canceled`.
fn without_scheme(code: &str) -> &str {
    code.rsplit(':').next().unwrap_or(code)
}

/// An embargo that cannot be read is in force: text must not get out by a typing mistake.
fn check_embargo(fields: &Fields, id: &str, received: Option<Timestamp>) -> Result<(), Rejected> {
    let is_set = |value: &&Value| !matches!(value, Value::Bool(false)) && value.as_str() != Some("");
    for value in fields.all(&["embargoed", "embargo", "embargoeduntil", "embargodate"]).filter(is_set) {
        let id = id.to_owned();
        let until = dates::read(value).ok_or_else(|| Rejected::EmbargoUnreadable { id: id.clone() })?;
        if received.is_some_and(|at| until.timestamp() > at) {
            return Err(Rejected::Embargoed { id, until });
        }
    }
    Ok(())
}

/// The place where the article was written, without date and agency.
fn dateline(fields: &Fields) -> Option<String> {
    let located = |value: &Value| value.get("located").and_then(super::fields::text_of);
    let written = fields
        .get(&["dateline"])
        .and_then(|value| located(value).or_else(|| super::fields::text_of(value)))
        .or_else(|| fields.text(&["located"]))?;
    let place = written.split([',', '(', ':']).next().unwrap_or_default();
    let place =
        place.split(" - ").next().unwrap_or_default().split(['–', '—']).next().unwrap_or_default().trim();
    (!place.is_empty()).then(|| place.to_owned())
}
