//! Positions in a vote that nobody tells one by one, and that follow from the whole.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Position,
    line::{Line, seats},
    record::{Record, table},
    scene::Scene,
};
use crate::actors::{Code, Via};

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
