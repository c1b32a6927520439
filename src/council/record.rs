//! What an article tells of one draft, and how it is published.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    ActionKind, ActionStatus, Check, CouncilAction, Draft, Outcome, Position, Table, Tally, TallyBasis,
    line::{Line, seats},
    pattern::Found,
    rule::{Reported, Verdict, examine},
    scene::{Scene, add},
    tally::{Known, count},
};
use crate::{
    actors::{Code, Via},
    discourse::{Precision, When},
    text::Span,
};

/// How many voted for, against, and abstained.
pub(super) type Split = [u8; 3];

/// A count as weighed, and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    pub split: Split,
    pub certainty: f64,
}

/// What is told of one draft.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// Told as background, with its own date.
    pub past: bool,
    pub amendment: bool,
    pub when: Option<When>,
    /// The table of its day; until it is completed, the present one.
    pub table: Table,
    pub cast: BTreeMap<Code, Position>,
    pub vetoed_by: Vec<Code>,
    pub stated: [Option<u8>; 3],
    pub rest: Option<(Position, Option<u8>)>,
    /// Members excepted from "all" whose position is told nowhere.
    pub left_out: Vec<Code>,
    pub sponsor_votes: Option<Position>,
    pub outcome: Option<Outcome>,
    pub unanimous: bool,
    pub procedural: bool,
    /// The Council is said to have demanded or condemned something.
    pub decided: bool,
    /// States said to have voted that did not sit in the Council.
    pub strangers: Vec<Code>,
    pub sponsors: Vec<Code>,
    /// Roll-call of the amendment before: who is not named again voted alike, if the count says so.
    pub like: Option<BTreeMap<Code, Position>>,
    pub symbol: Option<String>,
    pub resolution: Option<String>,
    /// Members placed by the words around their names, against the phrases or where these are silent.
    pub weighed: Vec<Code>,
    /// The outcome is that of the weighed words.
    pub outcome_weighed: bool,
    /// The likeliest count, where the model is sure of one.
    pub counted: Option<Counted>,
    /// No phrase told of it.
    pub opened: bool,
    /// Lines that tell of it, the first one first.
    pub lines: Vec<usize>,
    pub triggers: Vec<Span>,
}

impl Record {
    pub(super) fn add(&mut self, voters: &[Code], position: Position, veto: bool) {
        for code in voters {
            let known = self.cast.get(code);
            if veto || known.is_none() {
                self.cast.insert(code.clone(), position);
            }
            if veto && !self.vetoed_by.contains(code) {
                self.vetoed_by.push(code.clone());
            }
        }
        if veto && !voters.is_empty() {
            self.outcome = Some(Outcome::Vetoed);
        }
    }

    /// Resolutions are numbered as they are adopted: of several the last is the new one.
    pub(super) fn name_resolution(&mut self, number: &str) {
        let value = |n: &str| n.parse::<u16>().unwrap_or(0);
        if self.resolution.as_deref().is_none_or(|known| value(known) < value(number)) {
            self.resolution = Some(number.to_owned());
        }
    }

    /// What the words say of the outcome: only adopted texts are numbered, and what the Council demands it adopted.
    pub(super) fn said(&self) -> Outcome {
        let voted = !self.cast.is_empty() || self.stated.iter().any(Option::is_some) || self.rest.is_some();
        let numbered = self.resolution.is_some() && !self.past;
        // Enough votes, a permanent member's no, and no adoption: a veto, whatever it is called.
        let enough = self.stated[0].is_some_and(|n| n >= self.table.needed);
        match self.outcome {
            Some(Outcome::Failed) if enough && self.cast.values().any(|p| *p == Position::Against) => {
                Outcome::Unknown
            }
            Some(outcome) => outcome,
            None if self.unanimous => Outcome::Adopted,
            None if voted && self.vetoed_by.is_empty() && (numbered || self.decided) => Outcome::Adopted,
            None => Outcome::Unknown,
        }
    }

    pub(super) fn state(&mut self, position: Position, n: u8) {
        if let Some(i) = place(position) {
            self.stated[i] = self.stated[i].or(Some(n));
        }
    }

    /// Whether the line before tells of it.
    pub(super) fn is_told_before(&self, line: usize) -> bool {
        self.lines.last().is_some_and(|last| last + 1 == line)
    }

    /// How many are said to have taken the position.
    pub(super) fn count(&self, position: Position) -> Option<u8> {
        place(position).and_then(|i| self.stated[i])
    }

    /// Whether a count fits the roll-call, a table of so many, and what is said of the outcome.
    pub(super) fn allows(&self, split: Split, table: u8) -> bool {
        let [yes, no, _] = split;
        let named = |position| self.cast.values().filter(|p| **p == position).count() as u8;
        let parts = [Position::For, Position::Against, Position::Abstain].into_iter().zip(split);
        let carried = yes >= majority(table);
        let agrees = match self.said() {
            Outcome::Adopted => carried || self.procedural,
            Outcome::Failed => !carried || self.procedural,
            Outcome::Vetoed => carried && no > 0,
            Outcome::Unknown => true,
        };
        let filled = split.iter().sum::<u8>() + named(Position::Absent) == table;
        agrees && filled && parts.into_iter().all(|(position, n)| named(position) <= n)
    }

    /// How many took it: as weighed where that is sure enough to overrule what is said, else as said.
    pub(super) fn likely_count(&self, position: Position) -> Option<u8> {
        let part = |counted: Counted| place(position).map(|i| counted.split[i]);
        let sure = self.counted.filter(|counted| counted.certainty >= OVERRULES).and_then(part);
        sure.or(self.count(position)).or_else(|| self.counted.and_then(part))
    }
}

/// Where a tally has the position.
fn place(position: Position) -> Option<usize> {
    match position {
        Position::For => Some(0),
        Position::Against => Some(1),
        Position::Abstain => Some(2),
        Position::Absent => None,
    }
}

/// Gives the positions that follow from the whole: the sponsors' own votes, and those of members that the article
/// names where "the others" or all voted alike.
pub(super) fn complete(scene: &Scene<'_>, record: &mut Record) {
    record.table = table(scene, record);
    let day = record.when.as_ref().and_then(|w| w.date).filter(|_| record.past).or(scene.published);
    if let Some(like) = record.like.take() {
        let merged: BTreeMap<Code, Position> =
            like.into_iter().chain(record.cast.iter().map(|(c, p)| (c.clone(), *p))).collect();
        let yes = merged.values().filter(|p| **p == Position::For).count();
        if record.stated[0].is_some_and(|n| usize::from(n) == yes) {
            record.cast = merged;
        }
    }
    if let Some(position) = record.sponsor_votes {
        let own = seats(&record.sponsors, day, scene.members);
        record.add(&own, position, false);
    }
    if let Some(authors) = counted_authors(scene, record, day) {
        record.add(&authors, Position::For, false);
    }
    record.left_out = left_out(scene, record, day);
    if record.unanimous && !record.left_out.is_empty() {
        record.unanimous = false;
        record.rest = record.rest.or(Some((Position::For, None)));
    }
    // Nobody names who voted to adjourn a meeting.
    let everyone =
        if record.unanimous && !record.procedural && record.cast.values().all(|p| *p == Position::For) {
            Some(Position::For)
        } else {
            record.rest.map(|(position, _)| position)
        };
    let Some(day) = day else { return };
    let mut others = unplaced(scene, record, day);
    let Some(position) = everyone else {
        complete_by_count(scene, record, &others, day);
        return;
    };
    // Nobody opposes or shuns a text of his own.
    let own = seats(&record.sponsors, Some(day), scene.members);
    if position == Position::For && record.rest.is_some() {
        // "le texte de la France et du Portugal", not "le texte britannique": who is named and not merely alluded to.
        let by_name = |c: &Code| {
            let mut named = scene.lines.iter().flat_map(|l| &l.named);
            named.any(|n| n.code == *c && n.via != Via::Adjective)
        };
        others.extend(own.iter().filter(|c| !record.cast.contains_key(*c) && by_name(c)).cloned());
        others.sort();
        others.dedup();
    }
    others.retain(|c| (position == Position::For || !own.contains(c)) && !record.left_out.contains(c));
    // More names than "the nine others" are not those nine; where the nine are named there are no more.
    let room = record.rest.and_then(|(_, n)| n).filter(|_| !record.unanimous);
    let named = record.cast.values().filter(|p| **p == position).count();
    if room.is_none_or(|n| others.len() <= usize::from(n) && named < usize::from(n)) {
        record.add(&others, position, false);
    }
}

/// The seated sponsors whose position is not told, where they alone make up the votes in favour that the article counts
/// and does not name.
fn counted_authors(scene: &Scene<'_>, record: &Record, day: Option<Date>) -> Option<Vec<Code>> {
    let counted = usize::from(record.count(Position::For)?);
    let mut authors = seats(&record.sponsors, day, scene.members);
    authors.retain(|c| !record.cast.contains_key(c));
    let named = record.cast.values().filter(|p| **p == Position::For).count();
    (!authors.is_empty() && named > 0 && named + authors.len() == counted).then_some(authors)
}

/// "Every member except Russia": members whom a sentence on the vote leaves out, and whose position none tells.
fn left_out(scene: &Scene<'_>, record: &Record, day: Option<Date>) -> Vec<Code> {
    let words = |l: &&Line<'_>| {
        scene.phrases.outcome.unanimous.is_in(&l.words) || scene.phrases.list.others.is_in(&l.words)
    };
    let lines = scene.lines.iter().filter(|l| record.lines.contains(&l.index)).filter(words);
    let excepted = lines.flat_map(|l| l.groups.iter().filter(|g| l.leaves_out(g, &scene.phrases.list)));
    let codes: Vec<Code> = excepted.flat_map(|g| &g.codes).cloned().collect();
    let mut members = seats(&codes, day, scene.members);
    members.retain(|c| !record.cast.contains_key(c));
    members
}

/// Members that the article names and whose position it has not told; of a vote told as background those that its own
/// sentences name.
fn unplaced(scene: &Scene<'_>, record: &Record, day: Date) -> Vec<Code> {
    let mut others: Vec<Code> = Vec::new();
    for line in scene.lines.iter().filter(|l| !record.past || record.lines.contains(&l.index)) {
        let codes: Vec<Code> = line.named.iter().filter(|n| n.acts).map(|n| n.code.clone()).collect();
        others.extend(seats(&codes, Some(day), scene.members));
    }
    others.sort();
    others.dedup();
    others.retain(|c| !record.cast.contains_key(c));
    others
}

/// Where the article counts more votes of one position than it names, and one list near has exactly as many members
/// whose position is not told: those. Authors are among them only where the position is for their text.
fn complete_by_count(scene: &Scene<'_>, record: &mut Record, unplaced: &[Code], day: Date) {
    let named = |position| record.cast.values().filter(|p| **p == position).count();
    let open: Vec<(Position, usize)> = [Position::For, Position::Against, Position::Abstain]
        .into_iter()
        .filter_map(|p| Some((p, usize::from(record.count(p)?).checked_sub(named(p))?)))
        .filter(|(_, missing)| *missing > 0)
        .collect();
    let &[(position, missing)] = &open[..] else { return };
    let near = |l: &&Line<'_>| record.lines.iter().any(|at| l.index == *at || l.index == at + 1);
    let lists = scene.lines.iter().filter(near).flat_map(|l| &l.groups).filter(|g| g.votes && !g.adjective);
    let own = seats(&record.sponsors, Some(day), scene.members);
    let mut fitting = lists.map(|g| seats(&g.codes, Some(day), scene.members)).filter(|codes| {
        missing >= MANY
            && codes.len() == missing
            && codes.iter().all(|c| unplaced.contains(c) && (position == Position::For || !own.contains(c)))
    });
    if let (Some(codes), None) = (fitting.next(), fitting.next()) {
        record.add(&codes, position, false);
    }
}

/// Names in a list that match a number: fewer may match it by chance.
const MANY: usize = 4;

/// Whether enough is told to speak of a vote.
pub(super) fn is_told(record: &Record) -> bool {
    let counted = record.stated.iter().any(Option::is_some) || record.rest.is_some();
    let text = !record.sponsors.is_empty() || record.resolution.is_some() || record.symbol.is_some();
    // Who stays away from a meeting does not vote.
    let voted = record.cast.values().any(|p| *p != Position::Absent);
    voted || counted || record.unanimous || !record.past && record.outcome.is_some() && text
}

/// A record as it is published, with the rule applied; nothing where its outcome stays unknown.
pub(super) fn action(scene: &Scene<'_>, record: &Record, news: Option<Date>) -> Option<CouncilAction> {
    let said = record.said();
    // All but a permanent member: adopted or vetoed, nobody says.
    if said == Outcome::Unknown && record.left_out.iter().any(|c| scene.members.is_permanent(c)) {
        return None;
    }
    let by_rule = tally_by_rule(scene, record);
    let weighed_tally = weighed_tally(record, by_rule, voting_table(scene, record));
    let tally = weighed_tally.filter(|_| said == Outcome::Unknown).unwrap_or(by_rule.0);
    let mut verdict = verdict(scene, record, tally);
    if verdict.outcome == Outcome::Unknown {
        return None;
    }
    let outcome_weighed = record.outcome_weighed || said == Outcome::Unknown && weighed_tally.is_some();
    verdict.checks.extend(weighed(record, outcome_weighed));
    let line = &scene.lines[*record.lines.first()?];
    let place = Found { first: 0, end: 0, numbers: Vec::new() };
    let vote = scene.bare(ActionKind::Vote, line, &place);
    Some(CouncilAction {
        outcome: Some(verdict.outcome),
        status: if is_past(scene, record, news) { ActionStatus::Past } else { ActionStatus::Done },
        when: record.when.clone().unwrap_or_else(|| news_date(scene, record, news)),
        cast: record.cast.clone(),
        tally: weighed_tally.unwrap_or(by_rule.0),
        tally_basis: weighed_tally.map_or(by_rule.1, |_| Some(TallyBasis::Weighed)),
        vetoed_by: verdict.vetoed_by,
        draft: Draft {
            symbol: record.symbol.clone(),
            resolution: record.resolution.clone().filter(|_| verdict.outcome == Outcome::Adopted),
            // As they sit: Yugoslavia, not Serbia.
            sponsors: seated(scene, &record.sponsors, day(scene, record)),
        },
        checks: verdict.checks,
        triggers: record.triggers.clone(),
        rule: if record.opened { "council/vote/weighed" } else { "council/vote" }.to_owned(),
        ..vote
    })
}

/// The count by names and numbers, as far as it follows, and what it rests on.
fn tally_by_rule(scene: &Scene<'_>, record: &Record) -> (Tally, Option<TallyBasis>) {
    let Table { seats, needed } = table(scene, record);
    let mut stated = record.stated;
    let named = |position| record.cast.values().filter(|p| **p == position).count() as u8;
    let (yeas, nays) = (named(Position::For), named(Position::Against));
    let blocked = record.cast.iter().any(|(c, p)| *p == Position::Against && scene.members.is_permanent(c));
    let lost = record.outcome == Some(Outcome::Failed)
        && !blocked
        && !scene.lines.iter().any(|l| scene.phrases.veto.is_in(&l.words))
        && record.vetoed_by.is_empty();
    // "going down by 12 votes to three": the larger number comes first whoever won, unless the names tell otherwise.
    if let [Some(first), Some(second), _] = stated
        && (lost && first >= needed && second < needed && yeas <= second && nays <= first
            || (yeas, nays) == (second, first))
    {
        stated.swap(0, 1);
    }
    count(Known {
        seats,
        cast: &record.cast,
        stated,
        rest: record.rest,
        left_out: record.left_out.len() as u8,
        unanimous: record.unanimous,
    })
}

fn verdict(scene: &Scene<'_>, record: &Record, tally: Tally) -> Verdict {
    let said = record.said();
    examine(
        Reported {
            day: day(scene, record),
            outcome: said,
            told: record.outcome == Some(said) && !record.outcome_weighed,
            cast: &record.cast,
            tally,
            vetoed_by: &record.vetoed_by,
            // A veto that was cast was no matter of procedure.
            procedural: record.procedural && record.vetoed_by.is_empty(),
            strangers: &record.strangers,
        },
        scene.members,
    )
}

/// Whether a vote told as background lies before the news.
fn is_past(scene: &Scene<'_>, record: &Record, news: Option<Date>) -> bool {
    let date = record.when.as_ref().and_then(|w| w.date);
    let older = date.zip(scene.published).is_some_and(|(d, p)| p.since(d).map_or(0, |s| s.get_days()) > 2);
    let overtaken = date.zip(news).is_some_and(|(d, n)| d < n);
    record.past && (older || overtaken || date.is_none() || news.is_none())
}

/// The day of the vote; of one without a date that of the article.
fn day(scene: &Scene<'_>, record: &Record) -> Option<Date> {
    record.when.as_ref().and_then(|w| w.date).or(scene.published)
}

/// The table on the day of the vote.
fn table(scene: &Scene<'_>, record: &Record) -> Table {
    scene.members.table(day(scene, record))
}

/// Seats at the table on the day of the vote.
pub(super) fn voting_table(scene: &Scene<'_>, record: &Record) -> u8 {
    table(scene, record).seats
}

/// Votes that pass a text at a table of so many: seven of eleven before 1966, nine of fifteen since (Charter, article
/// 27).
pub(super) fn majority(table: u8) -> u8 {
    if table < 15 { 7 } else { 9 }
}

/// Least probability of a count that differs from a number which the phrases found.
const OVERRULES: f64 = 0.8;

/// The weighed count, where it fits all else that is told and the rules leave it open or infer another.
fn weighed_tally(record: &Record, by_rule: (Tally, Option<TallyBasis>), table: u8) -> Option<Tally> {
    let Counted { split, certainty } =
        record.counted.filter(|counted| record.allows(counted.split, table))?;
    let (known, basis) = by_rule;
    let parts = [known.in_favour, known.against, known.abstain];
    let settled = parts.iter().all(Option::is_some) && basis != Some(TallyBasis::Inferred);
    let contradicts = parts.iter().zip(split).any(|(part, n)| part.is_some_and(|known| known != n));
    let [yes, no, abstained] = split;
    let tally = Tally { in_favour: Some(yes), against: Some(no), abstain: Some(abstained) };
    (!settled && tally != known && (!contradicts || certainty >= OVERRULES)).then_some(tally)
}

/// What no phrase tells: the outcome, members' positions.
fn weighed(record: &Record, outcome_weighed: bool) -> Vec<Check> {
    let check = |rule: &str, detail: String| Check { rule: rule.to_owned(), passed: true, detail };
    let outcome = outcome_weighed.then(|| check("outcome_weighed", "by the words of the article".to_owned()));
    let positions = (!record.weighed.is_empty()).then(|| {
        check("positions_weighed", format!("by the words around their names: {}", record.weighed.join(", ")))
    });
    outcome.into_iter().chain(positions).collect()
}

/// Sponsors by their seats on the day; those without one as they are.
fn seated(scene: &Scene<'_>, sponsors: &[Code], day: Option<Date>) -> Vec<Code> {
    let mut found = Vec::new();
    for code in sponsors {
        let seat = day.and_then(|d| scene.members.seat(code, d)).unwrap_or_else(|| code.clone());
        add(&mut found, &[seat]);
    }
    found
}

/// A vote without a date of its own is of the day of the news; background has none.
fn news_date(scene: &Scene<'_>, record: &Record, news: Option<Date>) -> When {
    let mut when = scene.article_date();
    if record.past {
        when.date = None;
    } else if let Some(lead) = lead_date(scene) {
        return lead;
    } else if news.is_some() {
        when.date = news;
    }
    when
}

/// The day that the lead names, where it is that of the news.
pub(super) fn lead_date(scene: &Scene<'_>) -> Option<When> {
    let lead = scene.council_lines().next()?;
    let recent =
        |w: &When| w.precision == Precision::Day && scene.age(w).is_some_and(|days| (0..=3).contains(&days));
    scene.when(lead, 0, false).filter(recent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(split: Split, certainty: f64) -> Record {
        let noes = ["RUS", "CHN"].map(|code| (Code::from(code), Position::Against));
        Record {
            counted: Some(Counted { split, certainty }),
            cast: BTreeMap::from(noes),
            outcome: Some(Outcome::Vetoed),
            ..Record::default()
        }
    }

    fn stated(yes: u8, no: Option<u8>, basis: TallyBasis) -> (Tally, Option<TallyBasis>) {
        (Tally { in_favour: Some(yes), against: no, abstain: no }, Some(basis))
    }

    fn weighed(split: Split, certainty: f64, by_rule: (Tally, Option<TallyBasis>)) -> bool {
        weighed_tally(&record(split, certainty), by_rule, 15).is_some()
    }

    #[test]
    fn a_weighed_count_fits_roll_call_table_and_outcome() {
        let open = (Tally::default(), None);
        assert!(weighed([11, 2, 2], 0.4, open));
        assert!(!weighed([14, 1, 0], 0.9, open), "two noes are named");
        assert!(!weighed([11, 2, 1], 0.9, open), "fifteen sit at the table");
        assert!(!weighed([8, 7, 0], 0.9, open), "a text that eight vote for needs no veto");
    }

    #[test]
    fn a_weighed_count_does_not_overrule_a_stated_one_lightly() {
        let open = |yes| stated(yes, None, TallyBasis::Stated);
        assert!(weighed([11, 2, 2], 0.4, open(11)));
        assert!(!weighed([11, 2, 2], 0.5, open(12)));
        assert!(weighed([11, 2, 2], 0.9, open(12)), "twelve was a number of something else");
        assert!(!weighed([11, 2, 2], 0.9, stated(9, Some(3), TallyBasis::Stated)));
    }
}
