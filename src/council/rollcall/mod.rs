//! What one sentence says of a vote: who took which position, how many, with what outcome.

mod counts;
mod cues;
mod outcomes;
mod voters;

use super::{Outcome, Position, line::Line, phrases::Phrases};
use crate::actors::Code;

/// One thing said of a vote, and the token where it is said.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub at: usize,
    pub end: usize,
    pub said: Said,
}

#[derive(Debug, Clone)]
pub(super) enum Said {
    Cast {
        codes: Vec<Code>,
        position: Position,
        veto: bool,
    },
    /// The same as these partners, or, where that is not known, the position.
    With {
        codes: Vec<Code>,
        partners: Vec<Code>,
        position: Position,
    },
    Count {
        position: Position,
        n: u8,
    },
    /// Everyone who is not named elsewhere.
    Rest {
        position: Position,
        n: Option<u8>,
    },
    /// Whoever tabled the text ("its own", "la sienne").
    Sponsor {
        position: Position,
    },
    Outcome(Outcome),
    Unanimous,
    Procedural,
    /// The Council demanded or condemned something: with a vote told, the text was adopted.
    Decided,
}

/// Everything that a sentence says of votes. `before`: the states named last before it, for pronouns; `previous`: the
/// position told last before it, for whoever "did the same".
pub(super) fn facts(
    line: &Line<'_>,
    phrases: &Phrases,
    before: &[Code],
    previous: Option<Position>,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    // Whole counts first: of two readings of one number the longer phrase is right.
    counts::totals(line, phrases, &mut facts);
    let cues = cues::cues(line, phrases);
    let mut used = 0;
    let mut last = previous;
    for (i, cue) in cues.iter().enumerate() {
        let next = cues.get(i + 1).map_or(line.words.forms.len(), |c| c.first);
        let from = used.max(part_start(line, cue.first));
        let reader = voters::Reader { line, phrases, cue, from, next, before };
        used = reader.read(&mut facts).max(used);
        last = Some(cue.position);
    }
    same_as_before(line, phrases, last, &mut facts);
    outcomes::outcomes(line, phrases, &mut facts);
    facts.sort_by_key(|f| f.at);
    facts
}

/// Start of the part of the sentence that a cue may look back to.
fn part_start(line: &Line<'_>, at: usize) -> usize {
    (0..at).rev().find(|i| matches!(line.form(*i), ";" | "." | "!" | "?")).map_or(0, |i| i + 1)
}

/// "as did Slovenia": the position told before.
fn same_as_before(line: &Line<'_>, phrases: &Phrases, last: Option<Position>, facts: &mut Vec<Fact>) {
    let Some(found) = phrases.same.first(&line.words) else { return };
    let after = line.groups.iter().find(|g| g.first >= found.end && g.first <= found.end + 2);
    let before = line.groups.iter().rev().find(|g| g.end <= found.first && !g.governed);
    let Some(group) = after.or(before) else { return };
    let previous = facts.iter().rev().find(|f| f.at < found.first && matches!(f.said, Said::Cast { .. }));
    let position = match previous.map(|f| &f.said) {
        Some(Said::Cast { position, .. }) => Some(*position),
        _ => last,
    };
    // With none told before, an abstention is by far the usual case.
    let position = position.unwrap_or(Position::Abstain);
    facts.push(Fact {
        at: found.first,
        end: found.end,
        said: Said::Cast { codes: group.codes.clone(), position, veto: false },
    });
}
