//! The count of a vote, weighed: of all that a table of so many seats allows, the one that the article's numbers, the
//! names of its voters and its outcome make likeliest.

use super::{
    Told,
    features::{spoken, stem},
};
use crate::{
    actors::Code,
    council::{
        Outcome, Position, Table,
        line::Line,
        record::{Counted, Record, Split, table},
        scene::Scene,
    },
    features::Features,
    logistic::{Logistic, soften},
};

/// The one class of the model: a weight speaks for a count.
pub const COUNTS: [&str; 1] = ["weight"];

const PARTS: [(Position, &str); 3] =
    [(Position::For, "for"), (Position::Against, "against"), (Position::Abstain, "abstain")];

/// What speaks for each count of a vote: each of its three numbers for itself, and the three together.
#[derive(Debug)]
pub struct Candidates<F = Features> {
    /// By position, then by number.
    pub parts: [Vec<F>; 3],
    pub splits: Vec<(Split, F)>,
}

impl<F> Candidates<F> {
    /// The probability of each count.
    pub fn probabilities(&self, weigh: impl Fn(&F) -> f64) -> Vec<f64> {
        let parts: [Vec<f64>; 3] = self.parts.each_ref().map(|part| part.iter().map(&weigh).collect());
        let of_numbers =
            |split: &Split| (0..3).map(|part| parts[part][usize::from(split[part])]).sum::<f64>();
        let mut scores: Vec<f64> =
            self.splits.iter().map(|(split, joint)| of_numbers(split) + weigh(joint)).collect();
        soften(&mut scores);
        scores
    }
}

/// The likeliest count of a vote.
pub(super) fn likeliest_count(
    model: &Logistic<1>,
    scene: &Scene<'_>,
    told: &Told,
    records: &[Record],
    index: usize,
) -> Option<Counted> {
    let candidates = candidates(scene, told, records, index, false);
    let probabilities = candidates.probabilities(|features| model.scores(features)[0]);
    let best = (0..probabilities.len()).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))?;
    Some(Counted { split: candidates.splits[best].0, certainty: probabilities[best] })
}

/// What the model sees of a record's counts.
pub(super) fn candidates(
    scene: &Scene<'_>,
    told: &Told,
    records: &[Record],
    index: usize,
    named: bool,
) -> Candidates {
    let record = &records[index];
    let lines = lines_of(scene, told, records, index);
    let vote = Vote::new(scene, told, record, &lines);
    let of_another = |line: &Line<'_>, n: u8| is_of_another(records, record, line.index, n);
    let numbers = numbers(scene, record, &lines, vote.voting, of_another);
    let part = |at: usize| {
        let of_number = |n: u8| {
            let mut features = Features::new(named);
            vote.describe_number(at, n, &numbers[usize::from(n)], &mut features);
            features.distinct()
        };
        (0..=vote.voting).map(of_number).collect()
    };
    let joint = |split: Split| {
        let mut features = Features::new(named);
        vote.describe_split(split, &mut features);
        (split, features.distinct())
    };
    let voting = vote.voting;
    let splits = (0..=voting).flat_map(|yes| (0..=voting - yes).map(move |no| [yes, no, voting - yes - no]));
    Candidates { parts: [part(0), part(1), part(2)], splits: splits.map(joint).collect() }
}

/// Lines whose numbers can be of the vote: its own, or, of the day's only one, all but those on earlier votes.
fn lines_of<'s>(scene: &'s Scene<'_>, told: &Told, records: &[Record], index: usize) -> Vec<&'s Line<'s>> {
    let record = &records[index];
    let only = !record.past && records.iter().filter(|r| !r.past).count() == 1;
    let wanted = |l: &&Line<'_>| record.lines.contains(&l.index) || only && !told.of_past[l.index];
    scene.lines.iter().filter(wanted).collect()
}

/// Of two votes told in one sentence a number is of the one that the phrases give it to.
fn is_of_another(records: &[Record], record: &Record, line: usize, n: u8) -> bool {
    let theirs = |r: &Record| r.lines.contains(&line) && r.stated.contains(&Some(n));
    !record.stated.contains(&Some(n)) && records.iter().any(theirs)
}

/// Words before and behind a number that are looked at.
const WINDOW: usize = 5;
/// Of these, the nearest, whose beginnings count by themselves.
const NEAR: usize = 3;

/// The names of the features of each number up to that of all who vote, by the places where it is told.
fn numbers(
    scene: &Scene<'_>,
    record: &Record,
    lines: &[&Line<'_>],
    voting: u8,
    of_another: impl Fn(&Line<'_>, u8) -> bool,
) -> Vec<Vec<String>> {
    let mut numbers: Vec<Vec<String>> = vec![Vec::new(); usize::from(voting) + 1];
    for line in lines {
        let on = if record.lines.contains(&line.index) { "|on" } else { "" };
        for at in 0..line.words.forms.len() {
            let implied = scene.phrases.tally.implied.get(line.form(at)).map(|n| (*n).min(voting));
            let number = line.words.numbers[at].or(implied);
            if let Some(n) = number.filter(|n| *n <= voting && !of_another(line, *n)) {
                let around = around(scene, line, at);
                numbers[usize::from(n)].extend(around.into_iter().map(|name| format!("{name}{on}")));
            }
        }
    }
    numbers
}

fn around(scene: &Scene<'_>, line: &Line<'_>, at: usize) -> Vec<String> {
    let masked = |range| -> Vec<&str> {
        let number = |word: &&str| {
            scene.phrases.numbers.contains_key(*word) || scene.phrases.tally.implied.contains_key(*word)
        };
        let words = spoken(line, range, &line.words.forms).into_iter();
        words.map(|word| if number(&word) { "#" } else { word }).collect()
    };
    let count = line.words.forms.len();
    let after = masked(at + 1..(at + 1 + WINDOW).min(count));
    let mut before = masked(at.saturating_sub(WINDOW)..at);
    before.reverse();
    let mut names = vec!["told".to_owned()];
    if scene.phrases.tally.implied.contains_key(line.form(at)) {
        names.push(format!("implied={}", line.form(at)));
    }
    for (side, words) in [("after", after), ("before", before)] {
        names.extend(words.first().map(|next| format!("{side}.next={next}")));
        if let [next, second, ..] = words[..] {
            names.push(format!("{side}.next={next}_{second}"));
        }
        names.extend(words.iter().map(|word| format!("{side}={word}")));
        names.extend(words.iter().take(NEAR).map(|word| format!("{side}~{}", stem(word))));
    }
    names
}

/// What is known of a vote before its count is weighed.
struct Vote<'a> {
    record: &'a Record,
    /// Members that took part.
    voting: u8,
    table: Table,
    named: Split,
    outcome: Outcome,
    permanent_no: bool,
    /// What the phrases say of all, or of the others.
    sayings: Vec<&'a str>,
}

impl<'a> Vote<'a> {
    fn new(scene: &Scene<'_>, told: &'a Told, record: &'a Record, lines: &[&Line<'_>]) -> Self {
        let named = PARTS.map(|(position, _)| record.cast.values().filter(|p| **p == position).count() as u8);
        let absent = record.cast.values().filter(|p| **p == Position::Absent).count() as u8;
        let table = table(scene, record);
        let of_all = |name: &&&String| {
            ["rest:", "unanimous", "outcome:", "procedural"].iter().any(|start| name.starts_with(start))
        };
        let names = lines.iter().flat_map(|line| &told.names[line.index]);
        let mut sayings: Vec<&str> = names.filter(|n| of_all(&n)).map(String::as_str).collect();
        sayings.sort_unstable();
        sayings.dedup();
        let is_no =
            |(code, p): (&Code, &Position)| *p == Position::Against && scene.members.is_permanent(code);
        Self {
            record,
            voting: table.seats.saturating_sub(absent),
            table,
            named,
            outcome: record.said(),
            permanent_no: record.cast.iter().any(is_no),
            sayings,
        }
    }

    /// What speaks for a number of one position.
    fn describe_number(&self, part: usize, n: u8, told: &[String], features: &mut Features) {
        let (position, name) = PARTS[part];
        let stated = match self.record.count(position) {
            None => "none",
            Some(stated) if stated == n => "this",
            Some(_) => "other",
        };
        let named = self.named[part];
        let beyond = match n.checked_sub(named) {
            None => "less",
            Some(0) => "0",
            Some(1) => "1",
            Some(2) => "2",
            Some(_) => "more",
        };
        features.add(format_args!("{name}.stated={stated}"));
        features.add(format_args!("{name}.beyond={beyond},named={}", named.min(3)));
        features.add(format_args!("{name}.zero={}", n == 0));
        for saying in self.sayings.iter().filter(|_| n == 0 || n == self.voting) {
            features.add(format_args!("{name}.all={},{saying}", n != 0));
        }
        if told.is_empty() {
            features.add(format_args!("{name}.untold,zero={},named={}", n == 0, n == named));
        }
        for word in told {
            features.add(format_args!("{name}.{word}"));
        }
    }

    /// What speaks for the three together.
    fn describe_split(&self, split: Split, features: &mut Features) {
        let [_, no, abstained] = split;
        let open: String =
            (0..3).filter(|part| split[*part] > self.named[*part]).map(|part| &PARTS[part].1[..2]).collect();
        features.add(format_args!("open={open}"));
        for saying in &self.sayings {
            features.add(format_args!("open={open},{saying}"));
        }
        features.add(format_args!("agrees={}", self.record.agrees(split, self.table)));
        features.add(format_args!("outcome={:?},against={}", self.outcome, no.min(3)));
        features.add(format_args!("outcome={:?},abstain={}", self.outcome, abstained.min(3)));
        features.add(format_args!("permanent_no={},against={}", self.permanent_no, no.min(3)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_a_phrase_gives_to_another_vote_is_not_of_this_one() {
        let told = |lines: &[usize], no| Record {
            lines: lines.to_vec(),
            stated: [None, no, None],
            ..Record::default()
        };
        let records = [told(&[0, 1], None), told(&[1], Some(9))];
        let taken = |record: usize, line| is_of_another(&records, &records[record], line, 9);
        assert!(taken(0, 1));
        assert!(!taken(0, 0), "the other vote is not told there");
        assert!(!taken(1, 1), "it is its own");
    }
}
