//! The voting rule of the Charter (article 27), and the tests of a reported vote against it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Check, Members, Outcome, Position, Tally};
use crate::actors::Code;

/// What the rule needs to know of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ballot {
    pub in_favour: u8,
    /// Votes that adopt on that day.
    pub needed: u8,
    /// At least one permanent member voted no.
    pub permanent_no: bool,
    /// A procedural question knows no veto.
    pub procedural: bool,
}

/// The outcome that the Charter gives a vote; never [`Outcome::Unknown`].
pub fn decide(ballot: Ballot) -> Outcome {
    if ballot.in_favour < ballot.needed {
        Outcome::Failed
    } else if ballot.permanent_no && !ballot.procedural {
        Outcome::Vetoed
    } else {
        Outcome::Adopted
    }
}

/// A vote as an article reports it.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    pub day: Option<Date>,
    /// What the words say of the outcome, or let infer.
    pub outcome: Outcome,
    /// Whether they say it.
    pub told: bool,
    pub cast: &'a BTreeMap<Code, Position>,
    pub tally: Tally,
    /// States that the words credit with a veto.
    pub vetoed_by: &'a [Code],
    pub procedural: bool,
    /// States that the words credit with a vote and that the list of members does not have.
    pub strangers: &'a [Code],
}

/// What holds after the rule was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// Permanent members whose no was a veto, sorted.
    pub vetoed_by: Vec<Code>,
    pub checks: Vec<Check>,
}

/// Tests a reported vote by every rule that its facts allow. Where text and rule disagree the
/// rule decides; the failed check says so.
pub fn examine(reported: Reported<'_>, members: &Members) -> Verdict {
    let mut checks = Vec::new();
    let needed = members.table(reported.day).needed;
    let noes: Vec<Code> = reported
        .cast
        .iter()
        .filter(|(code, position)| **position == Position::Against && members.is_permanent(code))
        .map(|(code, _)| code.clone())
        .collect();

    check_members(reported, members, &mut checks);
    check_sum(reported, members, &mut checks);
    check_count(reported, &mut checks);

    let mut permanent_no: Vec<Code> =
        noes.iter().chain(reported.vetoed_by).filter(|c| members.is_permanent(c)).cloned().collect();
    permanent_no.sort();
    permanent_no.dedup();
    for code in reported.vetoed_by.iter().filter(|c| !members.is_permanent(c)) {
        checks.push(Check {
            rule: "veto_by_permanent_member".to_owned(),
            passed: false,
            detail: format!(
                "{code} is credited with a veto but holds no permanent seat: a no like any other"
            ),
        });
    }

    let ruled = ruled_outcome(reported, needed, !permanent_no.is_empty());
    let outcome = ruled.unwrap_or(reported.outcome);
    if let Some(in_favour) = reported.tally.in_favour {
        checks.push(Check {
            rule: "votes_needed".to_owned(),
            passed: reported.outcome == Outcome::Unknown
                || (in_favour >= needed) == (outcome != Outcome::Failed),
            detail: format!("{in_favour} in favour, {needed} needed"),
        });
    }
    if !permanent_no.is_empty() {
        check_veto(reported, outcome, &permanent_no, &mut checks);
    }
    if reported.outcome != Outcome::Unknown {
        let word = |o: Outcome| format!("{o:?}").to_lowercase();
        let passed = outcome == reported.outcome;
        let basis = if reported.told { "the article says" } else { "inferred" };
        let detail = if passed {
            word(outcome)
        } else {
            format!("{basis} {}, the rule gives {}", word(reported.outcome), word(outcome))
        };
        checks.push(Check { rule: "outcome_follows".to_owned(), passed, detail });
    }
    let vetoed_by = if outcome == Outcome::Vetoed { permanent_no } else { Vec::new() };
    Verdict { outcome, vetoed_by, checks }
}

/// What the rule gives, where the facts suffice to apply it.
fn ruled_outcome(reported: Reported<'_>, needed: u8, permanent_no: bool) -> Option<Outcome> {
    if let Some(in_favour) = reported.tally.in_favour {
        return Some(decide(Ballot { in_favour, needed, permanent_no, procedural: reported.procedural }));
    }
    let credited = !reported.vetoed_by.is_empty();
    match reported.outcome {
        // Only elected members are credited with the veto: the text may have failed for want of votes.
        Outcome::Vetoed if credited && !permanent_no => Some(Outcome::Failed),
        // A permanent member's no can stand beside an adoption only in a matter of procedure.
        Outcome::Adopted if permanent_no && !reported.procedural => Some(Outcome::Vetoed),
        _ => None,
    }
}

fn check_members(reported: Reported<'_>, members: &Members, checks: &mut Vec<Check>) {
    let Some(day) = reported.day.filter(|day| !members.on(*day).is_empty()) else { return };
    if reported.cast.is_empty() && reported.strangers.is_empty() {
        return;
    }
    let no_seat = |c: &&Code| members.seat(c, day).is_none();
    let mut strangers: Vec<&str> =
        reported.cast.keys().chain(reported.strangers).filter(no_seat).map(|c| &**c).collect();
    strangers.sort_unstable();
    strangers.dedup();
    checks.push(Check {
        rule: "voters_are_members".to_owned(),
        passed: strangers.is_empty(),
        detail: if strangers.is_empty() {
            format!("{} voters sat in the Council on {day}", reported.cast.len())
        } else {
            format!("no member on {day}: {}", strangers.join(", "))
        },
    });
}

fn check_sum(reported: Reported<'_>, members: &Members, checks: &mut Vec<Check>) {
    let Tally { in_favour: Some(yes), against: Some(no), abstain: Some(abstain) } = reported.tally else {
        return;
    };
    let seats = usize::from(members.table(reported.day).seats);
    let absent = reported.cast.values().filter(|p| **p == Position::Absent).count();
    let sum = usize::from(yes) + usize::from(no) + usize::from(abstain) + absent;
    checks.push(Check {
        rule: "tally_fills_the_seats".to_owned(),
        passed: sum == seats,
        detail: format!("{yes} + {no} + {abstain} + {absent} absent = {sum} of {seats}"),
    });
}

fn check_count(reported: Reported<'_>, checks: &mut Vec<Check>) {
    let tally = reported.tally;
    let parts = [
        (Position::For, tally.in_favour),
        (Position::Against, tally.against),
        (Position::Abstain, tally.abstain),
    ];
    let over: Vec<String> = parts
        .into_iter()
        .filter_map(|(position, stated)| {
            let named = reported.cast.values().filter(|p| **p == position).count();
            let stated = usize::from(stated?);
            (named > stated).then(|| format!("{named} named {position:?}, {stated} counted").to_lowercase())
        })
        .collect();
    if parts.iter().any(|(_, n)| n.is_some()) && !reported.cast.is_empty() {
        checks.push(Check {
            rule: "roll_call_fits_tally".to_owned(),
            passed: over.is_empty(),
            detail: if over.is_empty() { "no more names than votes".to_owned() } else { over.join("; ") },
        });
    }
}

fn check_veto(reported: Reported<'_>, outcome: Outcome, noes: &[Code], checks: &mut Vec<Check>) {
    let names = noes.iter().map(|c| &**c).collect::<Vec<_>>().join(", ");
    let (passed, detail) = match outcome {
        Outcome::Vetoed => (true, format!("no of {names}")),
        Outcome::Failed => (
            reported.outcome != Outcome::Vetoed,
            format!("no of {names} is no veto: votes were lacking anyway"),
        ),
        Outcome::Adopted => (
            reported.outcome != Outcome::Vetoed,
            format!("no of {names} is no veto in a matter of procedure"),
        ),
        Outcome::Unknown => return,
    };
    checks.push(Check { rule: "veto_by_permanent_member".to_owned(), passed, detail });
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::data::Data;

    fn members() -> Members {
        Members::load(&Data::embedded()).expect("embedded data")
    }

    fn shape() -> impl Strategy<Value = Vec<Position>> {
        // Few absences, as in the Council.
        let seat = prop_oneof![
            4 => Just(Position::For),
            3 => Just(Position::Against),
            3 => Just(Position::Abstain),
            1 => Just(Position::Absent),
        ];
        proptest::collection::vec(seat, 15)
    }

    fn count(cast: &BTreeMap<Code, Position>, position: Position) -> u8 {
        cast.values().filter(|p| **p == position).count() as u8
    }

    fn tally(cast: &BTreeMap<Code, Position>) -> Tally {
        Tally {
            in_favour: Some(count(cast, Position::For)),
            against: Some(count(cast, Position::Against)),
            abstain: Some(count(cast, Position::Abstain)),
        }
    }

    fn verdict(
        cast: &BTreeMap<Code, Position>,
        outcome: Outcome,
        procedural: bool,
        members: &Members,
    ) -> Verdict {
        let reported = Reported {
            day: Some(date(2022, 2, 25)),
            outcome,
            told: true,
            cast,
            tally: tally(cast),
            vetoed_by: &[],
            procedural,
            strangers: &[],
        };
        examine(reported, members)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn the_rule_holds_for_every_shape_of_a_vote(seats in shape(), procedural: bool) {
            let members = members();
            let cast: BTreeMap<Code, Position> =
                members.on(date(2022, 2, 25)).into_iter().zip(seats).collect();
            let found = verdict(&cast, Outcome::Unknown, procedural, &members);
            let yes = count(&cast, Position::For);
            let permanent_no = ["CHN", "FRA", "GBR", "RUS", "USA"]
                .iter().any(|c| cast[*c] == Position::Against);
            prop_assert_eq!(found.outcome == Outcome::Failed, yes < 9);
            prop_assert_eq!(found.outcome == Outcome::Vetoed, yes >= 9 && permanent_no && !procedural);
            prop_assert_eq!(found.vetoed_by.is_empty(), found.outcome != Outcome::Vetoed);
            prop_assert!(found.vetoed_by.iter().all(|c| members.is_permanent(c)));
            prop_assert!(found.checks.iter().all(|c| c.passed), "{:?}", found.checks);
        }

        /// A yes more never makes a text worse off; a permanent member's abstention never vetoes.
        #[test]
        fn support_only_helps(seats in shape(), seat in 0_usize..15) {
            let members = members();
            let day = date(2022, 2, 25);
            let before: BTreeMap<Code, Position> = members.on(day).into_iter().zip(seats).collect();
            let mut after = before.clone();
            after.insert(members.on(day)[seat].clone(), Position::For);
            let rank = |o: Outcome| match o { Outcome::Failed => 0, Outcome::Vetoed => 1, _ => 2 };
            let [a, b] = [&before, &after].map(|c| verdict(c, Outcome::Unknown, false, &members).outcome);
            prop_assert!(rank(b) >= rank(a));
        }

        #[test]
        fn a_false_outcome_is_overruled_and_told(seats in shape(), said in 0_usize..3) {
            let members = members();
            let said = [Outcome::Adopted, Outcome::Vetoed, Outcome::Failed][said];
            let cast: BTreeMap<Code, Position> = members.on(date(2022, 2, 25)).into_iter().zip(seats).collect();
            let truth = verdict(&cast, Outcome::Unknown, false, &members).outcome;
            let found = verdict(&cast, said, false, &members);
            prop_assert_eq!(found.outcome, truth);
            let follows = found.checks.iter().find(|c| c.rule == "outcome_follows").expect("tested");
            prop_assert_eq!(follows.passed, said == truth);
        }
    }

    #[test]
    fn an_elected_member_has_no_veto() {
        let members = members();
        let cast = BTreeMap::from([(Code::from("IND"), Position::Against)]);
        let reported = Reported {
            day: Some(date(2021, 12, 13)),
            outcome: Outcome::Vetoed,
            told: true,
            cast: &cast,
            tally: Tally { in_favour: Some(12), against: Some(2), abstain: Some(1) },
            vetoed_by: &[Code::from("IND"), Code::from("RUS")],
            procedural: false,
            strangers: &[],
        };
        let found = examine(reported, &members);
        assert_eq!(found.vetoed_by, [Code::from("RUS")]);
        assert!(found.checks.iter().any(|c| c.rule == "veto_by_permanent_member" && !c.passed));
    }

    #[test]
    fn only_what_words_tell_of_the_outcome_is_what_the_article_says() {
        let cast = BTreeMap::new();
        let detail = |told| {
            let reported = Reported {
                day: Some(date(2022, 2, 25)),
                outcome: Outcome::Adopted,
                told,
                cast: &cast,
                tally: Tally { in_favour: Some(8), against: Some(1), abstain: Some(6) },
                vetoed_by: &[],
                procedural: false,
                strangers: &[],
            };
            let found = examine(reported, &members());
            found.checks.into_iter().find(|c| c.rule == "outcome_follows").expect("tested").detail
        };
        assert_eq!(detail(true), "the article says adopted, the rule gives failed");
        assert_eq!(detail(false), "inferred adopted, the rule gives failed");
    }

    #[test]
    fn fifteen_sit_at_a_table_whose_members_nobody_knows_yet() {
        let cast = BTreeMap::new();
        let tally = Tally { in_favour: Some(11), against: Some(1), abstain: Some(3) };
        let reported = Reported {
            day: Some(date(2031, 4, 2)),
            outcome: Outcome::Adopted,
            told: true,
            cast: &cast,
            tally,
            vetoed_by: &[],
            procedural: false,
            strangers: &[],
        };
        let found = examine(reported, &members());
        assert!(found.checks.iter().all(|c| c.passed), "{:?}", found.checks);
    }

    #[test]
    fn a_no_of_three_permanent_members_is_no_veto_where_nine_votes_lack() {
        let ballot = Ballot { in_favour: 3, needed: 9, permanent_no: true, procedural: false };
        assert_eq!(decide(ballot), Outcome::Failed);
        assert_eq!(decide(Ballot { in_favour: 11, procedural: true, ..ballot }), Outcome::Adopted);
        assert_eq!(decide(Ballot { in_favour: 9, ..ballot }), Outcome::Vetoed);
    }

    #[test]
    fn voters_must_sit_in_the_council_on_the_day() {
        let members = members();
        let cast = BTreeMap::from([(Code::from("UKR"), Position::For)]);
        let reported = Reported {
            day: Some(date(2022, 2, 25)),
            outcome: Outcome::Vetoed,
            told: true,
            cast: &cast,
            tally: Tally::default(),
            vetoed_by: &[Code::from("RUS")],
            procedural: false,
            strangers: &[],
        };
        let found = examine(reported, &members);
        let failed: Vec<&str> = found.checks.iter().filter(|c| !c.passed).map(|c| c.rule.as_str()).collect();
        assert_eq!(failed, ["voters_are_members"]);
    }
}
