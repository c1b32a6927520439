//! Whether a line tells of another vote than the one under way, though it names no other text.

use super::{
    Outcome, Position,
    line::Line,
    phrases::DraftWords,
    record::Record,
    rollcall::{Fact, Said},
    symbols::{Symbol, symbols},
};

/// Whether what a line tells cannot be of the vote under way: an outcome, a tally or a list that contradicts it.
pub(super) fn is_another(record: &Record, line: &Line<'_>, told: &[&Fact], draft: &DraftWords) -> bool {
    is_another_outcome(record, line, told, draft)
        || is_another_tally(record, told)
        || is_another_list(record, told)
}

/// Whether a list stands wholly on another side than in the vote under way.
pub(super) fn contradicts_cast(record: &Record, told: &[&Fact]) -> bool {
    told.iter().any(|f| match &f.said {
        Said::Cast { codes, position, .. } => {
            codes.iter().all(|c| record.cast.get(c).is_some_and(|known| known != position))
        }
        _ => false,
    })
}

fn is_another_outcome(record: &Record, line: &Line<'_>, told: &[&Fact], draft: &DraftWords) -> bool {
    let numbered = || symbols(line, draft).iter().any(|(_, s)| matches!(s, Symbol::Resolution(_)));
    told.iter().any(|f| match f.said {
        Said::Unanimous => record.cast.values().any(|p| *p != Position::For),
        Said::Outcome(Outcome::Adopted) => record.outcome == Some(Outcome::Vetoed) && numbered(),
        Said::Cast { veto: true, .. } => record.unanimous,
        _ => false,
    })
}

/// "six for, seven against" after "twelve for": each text has one tally. One number alone may be a part.
fn is_another_tally(record: &Record, told: &[&Fact]) -> bool {
    let counts = told.iter().filter_map(|f| match f.said {
        Said::Count { position, n } => Some((position, n)),
        _ => None,
    });
    let several = counts.clone().any(|(position, _)| Some(position) != counts.clone().next().map(|(p, _)| p));
    let before: Vec<bool> = counts.filter_map(|(p, n)| record.count(p).map(|known| known != n)).collect();
    several && !before.is_empty() && before.iter().all(|differs| *differs)
}

/// Several states on another side than before, and none on the same: a list of another vote.
fn is_another_list(record: &Record, told: &[&Fact]) -> bool {
    told.iter().any(|f| match &f.said {
        Said::Cast { codes, position, veto: false } => {
            let known: Vec<&Position> = codes.iter().filter_map(|c| record.cast.get(c)).collect();
            known.len() > 1 && known.iter().all(|k| *k != position)
        }
        _ => false,
    })
}
