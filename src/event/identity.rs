//! Identities of findings: hashes that survive corrections, replays and releases.

use sha2::{Digest, Sha256};

use crate::{
    council::{ActionKind, CouncilAction, Outcome},
    data::hex,
    discourse::{Precision, When},
    stances::{Actor, Stance},
};

use super::coding;

/// The code for every actor that has none of its own; its name then belongs to the identity.
const OTHER: &str = "OTHER";

/// First 128 bits of SHA-256 over the parts, as 32 hex digits.
///
/// Each part is preceded by its length, so that no two lists of parts give the same input.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

/// Identity of a stance inside its article: never its version, a span, a rule or a date.
pub fn stance_id(article_id: &str, stance: &Stance) -> String {
    let class = coding(stance.class).name;
    digest(&[article_id, "stance", &actor_key(&stance.holder), class, &actor_key(&stance.target)])
}

/// The same stance in any article; none without a date that is sure to the day.
pub(super) fn stance_happening(stance: &Stance) -> Option<String> {
    let day = day_of(&stance.when)?;
    let class = coding(stance.class).name;
    Some(digest(&["stance", &actor_key(&stance.holder), class, &actor_key(&stance.target), &day]))
}

/// What an action is known by inside its article.
///
/// `ordinal` counts, in reading order, the different actions that would otherwise share an identity.
pub(super) fn action_id(article_id: &str, action: &CouncilAction, ordinal: usize) -> String {
    let kind = action_name(action.action);
    let ordinal_text = ordinal.to_string();
    match symbol(action) {
        Some(symbol) if ordinal == 0 => digest(&[article_id, kind, symbol]),
        Some(symbol) => digest(&[article_id, kind, symbol, &ordinal_text]),
        None => digest(&[article_id, kind, "", &date_text(&action.when), &ordinal_text]),
    }
}

/// The same action in any article: by its symbol, else by outcome and day.
pub(super) fn action_happening(action: &CouncilAction) -> Option<String> {
    let kind = action_name(action.action);
    if let Some(symbol) = symbol(action) {
        return Some(digest(&["council_action", kind, symbol]));
    }
    let day = day_of(&action.when)?;
    Some(digest(&["council_action", kind, "", action.outcome.map_or("", outcome_name), &day]))
}

/// Symbol of the draft, else number of the resolution.
pub(super) fn symbol(action: &CouncilAction) -> Option<&str> {
    action.draft.symbol.as_deref().or(action.draft.resolution.as_deref())
}

/// Name of an action as published.
pub(super) fn action_name(action: ActionKind) -> &'static str {
    match action {
        ActionKind::Vote => "vote",
        ActionKind::Draft => "draft",
        ActionKind::Meeting => "meeting",
        ActionKind::Statement => "statement",
        ActionKind::Measure => "measure",
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => "adopted",
        Outcome::Vetoed => "vetoed",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
    }
}

/// The code, and for `OTHER` the name: case, spacing and the shape of apostrophes do not matter.
fn actor_key(actor: &Actor) -> String {
    if &*actor.code != OTHER {
        return actor.code.to_string();
    }
    format!("{OTHER}:{}", normalised(&actor.name))
}

fn normalised(name: &str) -> String {
    let lower: String = name.chars().map(straight).flat_map(char::to_lowercase).collect();
    let trimmed = lower.trim_matches(|c: char| !c.is_alphanumeric());
    trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn straight(c: char) -> char {
    match c {
        '\u{2019}' | '\u{2018}' | '\u{02bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        _ => c,
    }
}

fn day_of(when: &When) -> Option<String> {
    (when.precision == Precision::Day).then(|| date_text(when)).filter(|date| !date.is_empty())
}

fn date_text(when: &When) -> String {
    when.date.map(|date| date.to_string()).unwrap_or_default()
}
