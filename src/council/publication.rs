//! A vote as it is published, with the rule applied.

use jiff::civil::Date;

use super::{
    ActionKind, ActionStatus, Check, CouncilAction, Draft, Outcome, Position, Table, Tally, TallyBasis,
    pattern::Found,
    record::{Counted, OVERRULES, Record, day, table},
    rule::{Reported, Verdict, examine},
    scene::{Scene, add},
    tally::{Known, count},
};
use crate::{
    actors::Code,
    discourse::{Precision, When},
};

/// A record as it is published, with the rule applied; nothing where its outcome stays unknown.
pub(super) fn action(scene: &Scene<'_>, record: &Record, news: Option<Date>) -> Option<CouncilAction> {
    let said = record.said();
    // All but a permanent member: adopted or vetoed, nobody says.
    if said == Outcome::Unknown && record.left_out.iter().any(|c| scene.members.is_permanent(c)) {
        return None;
    }
    let by_rule = tally_by_rule(scene, record);
    let weighed_tally = weighed_tally(record, by_rule, table(scene, record));
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

/// The weighed count, where it fits all else that is told and the rules leave it open or infer another.
fn weighed_tally(record: &Record, by_rule: (Tally, Option<TallyBasis>), table: Table) -> Option<Tally> {
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::council::record::Split;

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
        weighed_tally(&record(split, certainty), by_rule, Table::default()).is_some()
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
