//! The count of a vote from what is stated, named and left over.

use std::collections::BTreeMap;

use super::{Position, Tally, TallyBasis};
use crate::actors::Code;

/// What an article tells of the count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// Seats at the table: fifteen, eleven before 1966.
    pub seats: u8,
    pub cast: &'a BTreeMap<Code, Position>,
    /// Stated counts: for, against, abstain.
    pub stated: [Option<u8>; 3],
    /// Position of all who are not named elsewhere, and their number.
    pub rest: Option<(Position, Option<u8>)>,
    /// Members excepted from "all" whose position is not told.
    pub left_out: u8,
    pub unanimous: bool,
}

const ORDER: [Position; 3] = [Position::For, Position::Against, Position::Abstain];

/// The count as far as it follows, and on what it rests; no part where nothing is known of it.
pub(super) fn count(known: Known<'_>) -> (Tally, Option<TallyBasis>) {
    let named = ORDER.map(|p| known.cast.values().filter(|v| **v == p).count() as u8);
    let absent = known.cast.values().filter(|v| **v == Position::Absent).count() as u8;
    let voting = known.seats.saturating_sub(absent);
    if known.unanimous && named[1] == 0 && named[2] == 0 {
        let basis = Some(TallyBasis::Inferred);
        return (tally([Some(voting), Some(0), Some(0)]), basis);
    }
    // A stated count smaller than the names that stand for it is a misreading.
    let mut parts = [0, 1, 2].map(|i| known.stated[i].filter(|n| *n >= named[i]));
    let all_stated = parts.iter().all(Option::is_some);
    if let Some((position, n)) = known.rest
        && let Some(i) = ORDER.iter().position(|p| *p == position)
    {
        let others: u8 = (0..3).filter(|j| *j != i).map(|j| parts[j].unwrap_or(named[j])).sum();
        let left = voting.saturating_sub(others + known.left_out);
        // "The thirteen others voted for it" beside fewer names: noes that nobody tells are no votes in favour.
        let untold = |n: u8| position == Position::For && left > n + named[i];
        if n.is_none_or(|n| left >= n && !untold(n)) {
            parts[i] = Some(left);
            if known.left_out == 0 {
                parts = [0, 1, 2].map(|j| parts[j].or(Some(named[j])));
            }
        }
    }
    fill(&mut parts, named, voting);
    let sum: u8 = parts.iter().map(|p| p.unwrap_or(0)).sum();
    let basis = if parts.iter().all(Option::is_none) {
        None
    } else if all_stated {
        Some(TallyBasis::Stated)
    } else if named.iter().sum::<u8>() == voting && sum == voting {
        Some(TallyBasis::Counted)
    } else if (0..3).all(|i| parts[i].is_none() || parts[i] == known.stated[i]) {
        Some(TallyBasis::Stated)
    } else {
        Some(TallyBasis::Inferred)
    };
    (tally(parts), basis)
}

/// Completes the count where names and numbers fill the table, or one part alone is open.
fn fill(parts: &mut [Option<u8>; 3], named: [u8; 3], voting: u8) {
    let with_names: u8 = (0..3).map(|i| parts[i].unwrap_or(named[i])).sum();
    if with_names == voting {
        for i in 0..3 {
            parts[i] = parts[i].or(Some(named[i]));
        }
        return;
    }
    let open: Vec<usize> = (0..3).filter(|i| parts[*i].is_none()).collect();
    let known: u8 = parts.iter().flatten().sum();
    match open[..] {
        [i] if known <= voting && voting - known >= named[i] => parts[i] = Some(voting - known),
        // Only the yes is open: who is not named, or counted, among the noes and abstentions voted yes
        // is a guess that no article supports; leave it.
        _ => {}
    }
}

fn tally([in_favour, against, abstain]: [Option<u8>; 3]) -> Tally {
    Tally { in_favour, against, abstain }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(list: &[(&str, Position)]) -> BTreeMap<Code, Position> {
        list.iter().map(|(c, p)| (Code::from(*c), *p)).collect()
    }

    fn known(cast: &BTreeMap<Code, Position>) -> Known<'_> {
        Known { seats: 15, cast, stated: [None; 3], rest: None, left_out: 0, unanimous: false }
    }

    #[test]
    fn the_others_fill_the_table() {
        let cast = cast(&[("RUS", Position::Against), ("CHN", Position::Abstain)]);
        let rest = Some((Position::For, Some(13)));
        let (tally, basis) = count(Known { rest, ..known(&cast) });
        assert_eq!((tally.in_favour, tally.against, tally.abstain), (Some(13), Some(1), Some(1)));
        assert_eq!(basis, Some(TallyBasis::Inferred));
    }

    #[test]
    fn one_number_and_the_names_suffice_where_they_add_up() {
        let cast =
            cast(&[("RUS", Position::Against), ("IND", Position::Against), ("CHN", Position::Abstain)]);
        let (tally, _) = count(Known { stated: [Some(12), None, None], ..known(&cast) });
        assert_eq!((tally.against, tally.abstain), (Some(2), Some(1)));
    }

    #[test]
    fn the_open_part_follows_from_the_two_others() {
        let cast = cast(&[]);
        let (tally, _) = count(Known { stated: [Some(12), Some(0), None], ..known(&cast) });
        assert_eq!(tally.abstain, Some(3));
    }

    #[test]
    fn nothing_is_made_up() {
        let cast = cast(&[("USA", Position::Against)]);
        let (tally, basis) = count(known(&cast));
        assert_eq!((tally.in_favour, basis), (None, None));
        let (tally, basis) = count(Known { stated: [Some(9), None, None], ..known(&cast) });
        assert_eq!((tally.in_favour, tally.abstain, basis), (Some(9), None, Some(TallyBasis::Stated)));
    }

    #[test]
    fn unanimity_counts_who_took_part() {
        let cast = cast(&[("DZA", Position::Absent)]);
        let (tally, _) = count(Known { unanimous: true, ..known(&cast) });
        assert_eq!(tally.in_favour, Some(14));
    }
}
