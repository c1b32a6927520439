//! Real votes of the Security Council, checked against the voting rule and the list of members.

use std::collections::BTreeMap;

use demarche::{
    actors::Code,
    council::{
        Members, Outcome, Position, Tally,
        rule::{Reported, examine},
    },
    data::Data,
};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    vote: Vec<Vote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vote {
    date: Date,
    #[serde(default)]
    symbol: String,
    subject: String,
    #[serde(default)]
    procedural: bool,
    tally: [u8; 3],
    #[serde(default, rename = "for")]
    in_favour: String,
    #[serde(default)]
    against: String,
    #[serde(default)]
    abstain: String,
    #[serde(default)]
    absent: String,
    outcome: Outcome,
    #[serde(default)]
    vetoed_by: String,
}

fn codes(list: &str) -> Vec<Code> {
    list.split_whitespace().map(Code::from).collect()
}

impl Vote {
    /// Everyone's position: who is not named voted in favour.
    fn cast(&self, members: &Members) -> BTreeMap<Code, Position> {
        let mut cast: BTreeMap<Code, Position> =
            members.on(self.date).into_iter().map(|c| (c, Position::For)).collect();
        for (list, position) in [
            (&self.in_favour, Position::For),
            (&self.against, Position::Against),
            (&self.abstain, Position::Abstain),
            (&self.absent, Position::Absent),
        ] {
            cast.extend(codes(list).into_iter().map(|c| (c, position)));
        }
        cast
    }
}

fn table() -> Vec<Vote> {
    let table: Table = toml::from_str(include_str!("../data/council-votes.toml")).expect("table of votes");
    table.vote
}

#[test]
fn real_votes_obey_the_rule() {
    let members = Members::load(&Data::embedded()).expect("embedded data");
    let votes = table();
    assert!(votes.len() >= 60);
    for vote in votes {
        let what = format!("{} {} {}", vote.date, vote.symbol, vote.subject);
        let cast = vote.cast(&members);
        let seats = members.on(vote.date).len();
        assert_eq!(cast.len(), seats, "{what}: somebody voted who was no member");
        let count = |position| cast.values().filter(|p| **p == position).count() as u8;
        let counted = [count(Position::For), count(Position::Against), count(Position::Abstain)];
        assert_eq!(counted, vote.tally, "{what}");
        let [yes, no, abstain] = vote.tally;
        let reported = Reported {
            day: Some(vote.date),
            outcome: vote.outcome,
            told: true,
            cast: &cast,
            tally: Tally { in_favour: Some(yes), against: Some(no), abstain: Some(abstain) },
            vetoed_by: &[],
            procedural: vote.procedural,
            strangers: &[],
        };
        let verdict = examine(reported, &members);
        assert_eq!(verdict.outcome, vote.outcome, "{what}");
        assert_eq!(verdict.vetoed_by, codes(&vote.vetoed_by), "{what}");
        assert!(verdict.checks.iter().all(|c| c.passed), "{what}: {:?}", verdict.checks);
    }
}
