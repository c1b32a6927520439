//! What one sentence says of a vote: who took which position, how many, with what outcome.

mod counts;
mod cues;
mod lists;
mod outcomes;
#[cfg(test)]
mod tests;
mod voters;

use super::{
    Outcome, Position, Table,
    line::{Group, Line},
    phrase_set::PhraseSet,
    phrases::Phrases,
    sponsors,
};
use crate::actors::Code;
use cues::{Cue, Side};

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
    /// The same as these partners, or, where that is not known, the position. `alone`: nobody else did.
    With {
        codes: Vec<Code>,
        partners: Vec<Code>,
        position: Position,
        alone: bool,
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

/// What was told before a sentence.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before<'a> {
    /// The states named last, for pronouns.
    pub named: &'a [Code],
    /// The last list of several, for "those two".
    pub listed: &'a [Code],
    /// The position told last, for whoever "did the same".
    pub position: Option<Position>,
    /// The table of the day, for "rejected by nine votes to four".
    pub table: Table,
}

/// Everything that a sentence says of votes.
pub(super) fn facts(line: &Line<'_>, phrases: &Phrases, told: Before<'_>) -> Vec<Fact> {
    let (before, previous) = (told.named, told.position);
    let mut facts = Vec::new();
    // Whole counts first: of two readings of one number the longer phrase is right.
    counts::totals(line, phrases, told.table, &mut facts);
    let cues = cues::cues(line, phrases);
    let groups = groups_by_cue(line, phrases, &cues);
    let mut used = 0;
    let mut last = previous;
    for (i, cue) in cues.iter().enumerate() {
        let next = cues.get(i + 1).map_or(line.words.forms.len(), |c| c.first);
        let from = used.max(part_start(line, cue.first));
        let named =
            last_cast(&facts).filter(|f| f.at >= part_start(line, cue.first)).map(|f| f.codes.clone());
        let before = named.as_deref().unwrap_or(before);
        let cue = &counted_otherwise(cue, &facts);
        let listed = told.listed;
        let reader = voters::Reader { line, groups: &groups, phrases, cue, from, next, before, listed };
        used = reader.read(&mut facts).max(used);
        last = Some(cue.position);
    }
    named_with_counts(line, phrases, &cues, &mut facts);
    those_before(line, phrases, told, &mut facts);
    named_others(line, &mut facts);
    joined(line, phrases, last, &mut facts);
    same_as_before(line, phrases, last, &mut facts);
    took_it_too(line, phrases, previous, &mut facts);
    outcomes::outcomes(line, phrases, &mut facts);
    facts.sort_by_key(|f| f.at);
    facts
}

/// "rejected by nine votes to two, those of the Soviet Union and Poland": the number has the side that the whole count
/// gives it.
fn counted_otherwise(cue: &Cue, facts: &[Fact]) -> Cue {
    let sides = facts.iter().filter_map(|f| match f.said {
        Said::Count { position, n } if f.end <= cue.end && cue.first < f.end && Some(n) == cue.number => {
            Some(position)
        }
        _ => None,
    });
    let position =
        sides.clone().find(|p| *p == cue.position).or(sides.clone().next()).unwrap_or(cue.position);
    Cue { position, ..cue.clone() }
}

/// Start of the part of the sentence that a cue may look back to.
fn part_start(line: &Line<'_>, at: usize) -> usize {
    (0..at).rev().find(|i| matches!(line.form(*i), ";" | "." | "!" | "?")).map_or(0, |i| i + 1)
}

/// The lists of the sentence, each for one cue: "suivie par la Bolivie, la Chine s'abstenant" is two lists.
fn groups_by_cue(line: &Line<'_>, phrases: &Phrases, cues: &[Cue]) -> Vec<Group> {
    let mut groups = Vec::new();
    for group in &line.groups {
        let opens = |c: &Cue| c.first == group.end && matches!(c.side, Side::Subject | Side::Weak);
        let claimed = |c: &Cue| c.end <= group.first && group.first - c.end <= REACH;
        let followed = cues.iter().any(opens);
        let parted = followed && cues.iter().any(claimed);
        // "La Bolivie a voté avec Moscou, la Chine et l'Egypte s'abstenant": the partner is one, the rest abstained.
        let names = |c: &Cue| line.groups.iter().any(|g| g.first < c.end && c.first < g.end);
        let sided =
            |c: &Cue| c.side == Side::Both && !names(c) && c.end <= group.first && group.first - c.end <= 1;
        if followed
            && cues.iter().any(sided)
            && let Some((end, first)) = first_name(line, phrases, group)
        {
            let (partner, others) = group.codes.split_at(1);
            groups.push(Group { end, codes: partner.to_vec(), relative: false, ..group.clone() });
            groups.push(Group { first, codes: others.to_vec(), governed: false, ..group.clone() });
            continue;
        }
        match last_name(line, phrases, group).filter(|_| parted) {
            Some((comma, first)) => {
                let (others, alone) = group.codes.split_at(group.codes.len() - 1);
                groups.push(Group { end: comma, codes: others.to_vec(), relative: false, ..group.clone() });
                groups.push(Group { first, codes: alone.to_vec(), governed: false, ..group.clone() });
            }
            None => groups.push(group.clone()),
        }
    }
    groups
}

/// The first name of a list of three or more that a bare comma parts from the others: where it ends, where they begin.
fn first_name(line: &Line<'_>, phrases: &Phrases, group: &Group) -> Option<(usize, usize)> {
    let end = line.named.iter().find(|n| n.first == group.first)?.end;
    let article = phrases.list.articles.contains(line.form(end + 1));
    let first = end + 1 + usize::from(article);
    (line.form(end) == "," && first < group.end && group.codes.len() > 2).then_some((end, first))
}

/// The last name of a list that a bare comma parts from the others: the comma and the name.
fn last_name(line: &Line<'_>, phrases: &Phrases, group: &Group) -> Option<(usize, usize)> {
    let last = line.named.iter().rfind(|n| n.first > group.first && n.end == group.end)?;
    let article = phrases.list.articles.contains(line.form(last.first - 1));
    let before = last.first - 1 - usize::from(article);
    let links = |at: usize| phrases.list.parting.contains(line.form(at));
    // "deux contre, la Russie et la Bolivie, et la Chine s'est abstenue": the list has its last name before that.
    let linked = links(before) && (group.first..before).any(links);
    let comma = before - usize::from(linked);
    (line.form(comma) == "," && comma > group.first && group.codes.len() > 1).then_some((comma, last.first))
}

/// "China, Russia and three others": the names to which a number of voters is added.
fn added_to<'a>(line: &'a Line<'_>, phrases: &Phrases, number: usize) -> Option<&'a Group> {
    let list = &phrases.list;
    let and = number.checked_sub(1).filter(|at| list.parting.contains(line.form(*at)))?;
    let adds = list.further.contains(line.form(number + 1));
    line.groups.iter().find(|g| adds && g.end == and && !g.governed && !g.adjective)
}

/// Sponsors that a count may hold beside the names behind it.
const OWN: usize = 4;

/// How far behind a cue its list may begin.
const REACH: usize = 7;

struct Voters<'f> {
    at: usize,
    codes: &'f Vec<Code>,
}

fn last_cast(facts: &[Fact]) -> Option<Voters<'_>> {
    facts.iter().rev().find_map(|f| match &f.said {
        Said::Cast { codes, .. } => Some(Voters { at: f.at, codes }),
        _ => None,
    })
}

/// "adopted with nine votes, none to spare (Angola, Benin ...)": as many names as were counted.
fn named_with_counts(line: &Line<'_>, phrases: &Phrases, cues: &[Cue], facts: &mut Vec<Fact>) {
    let mut named = Vec::new();
    for (i, fact) in facts.iter().enumerate() {
        let Said::Count { position, n } = fact.said else { continue };
        // "onze pour, deux contre et deux abstentions (Chine et Egypte)": the names are of the last number.
        let of_row = |f: &Fact| f.end == fact.end && matches!(f.said, Said::Count { .. });
        if facts[i + 1..].iter().any(of_row) {
            continue;
        }
        let Some(group) = line.groups.iter().find(|g| g.first >= fact.end) else { continue };
        let between = fact.end - 1..group.first;
        let opened = between.clone().any(|i| matches!(line.form(i), "(" | ":"));
        let counted = |f: &Fact| matches!(f.said, Said::Count { .. }) && between.contains(&f.at);
        let free = !cues.iter().any(|c| between.contains(&c.first)) && !facts.iter().any(counted);
        let reach = if n < 3 { REACH } else { 2 * REACH };
        let names = group.codes.len();
        // "dix pays ont soutenu le projet du Qatar: outre ce dernier, l'Argentine ...", "six voix, celles de ses cinq
        // auteurs et celle des Etats-Unis"
        let own = phrases.list.own.within(&line.words, between.clone());
        let whole = names == usize::from(n) || own && names < usize::from(n) && names + OWN >= usize::from(n);
        if (opened || own) && free && between.len() <= reach && whole {
            if own {
                named.push(Fact { at: fact.at, end: fact.end, said: Said::Sponsor { position } });
            }
            let said = Said::Cast { codes: group.codes.clone(), position, veto: false };
            named.push(Fact { at: fact.at, end: fact.end, said });
        } else if let Some(codes) = listed_in_parts(line, fact.end, n) {
            named.push(Fact {
                at: fact.at,
                end: fact.end,
                said: Said::Cast { codes, position, veto: false },
            });
        }
    }
    facts.extend(named);
}

/// "deux abstentions, celles de ces deux pays": as many as were named before, else the authors of the text.
fn those_before(line: &Line<'_>, phrases: &Phrases, told: Before<'_>, facts: &mut Vec<Fact>) {
    for found in phrases.list.those.find(&line.words) {
        let counted = |f: &&Fact| f.end <= found.first && found.first - f.end <= 3;
        let position = facts.iter().rev().filter(counted).find_map(|f| match f.said {
            Said::Count { position, .. } => Some(position),
            _ => None,
        });
        let Some(position) = position else { continue };
        let as_many = |codes: &&[Code]| found.numbers.iter().any(|n| usize::from(*n) == codes.len());
        let said = if let Some(codes) = [told.named, told.listed].into_iter().find(as_many) {
            Said::Cast { codes: codes.to_vec(), position, veto: false }
        } else if position == Position::For {
            Said::Sponsor { position }
        } else {
            continue;
        };
        facts.push(Fact { at: found.first, end: found.end, said });
    }
}

/// "quatre se sont abstenus: la Russie et la Chine par hostilité, les Etats-Unis et le Royaume-Uni pour protester":
/// behind the colon as many names as were counted, though not in one list.
fn listed_in_parts(line: &Line<'_>, from: usize, n: u8) -> Option<Vec<Code>> {
    // The mark may be the last word of what tells the number.
    let colon = (from.saturating_sub(1)..line.words.forms.len())
        .find(|i| matches!(line.form(*i), ":" | ";" | "."))?;
    let groups = line.groups.iter().filter(|g| g.first > colon && g.votes && !g.governed && !g.adjective);
    let codes: Vec<Code> = groups.flat_map(|g| g.codes.clone()).collect();
    (line.form(colon) == ":" && n > 2 && codes.len() == usize::from(n)).then_some(codes)
}

/// "the seven other members (Benin, China ...)": those, and nobody else whom the article names.
fn named_others(line: &Line<'_>, facts: &mut [Fact]) {
    for fact in facts {
        let Said::Rest { position, n: Some(n) } = fact.said else { continue };
        if let Some(codes) = listed_in_parts(line, fact.end, n) {
            fact.said = Said::Cast { codes, position, veto: false };
            continue;
        }
        let opened = |g: &&Group| {
            (g.first.saturating_sub(2)..g.first).any(|i| matches!(line.form(i), "(" | ":"))
                && g.codes.len() == usize::from(n)
        };
        if let Some(group) = line.groups.iter().find(opened).filter(|_| n > 2) {
            fact.said = Said::Cast { codes: group.codes.clone(), position, veto: false };
        }
    }
}

/// "Les deux promoteurs ont été suivis par l'Angola et le Chili": who joins the authors votes for, who joins others
/// votes as they did.
fn joined(line: &Line<'_>, phrases: &Phrases, last: Option<Position>, facts: &mut Vec<Fact>) {
    let list = &phrases.list;
    for found in list.joined.find(&line.words) {
        let Some(group) = line.groups.iter().find(|g| g.first >= found.end && g.first <= found.end + 2)
        else {
            continue;
        };
        let start = part_start(line, found.first);
        if sponsors::are_joined(line, phrases, start..found.first) {
            continue;
        }
        let own = list.own.within(&line.words, start..found.end);
        let draft = &phrases.draft;
        let told_of = |set: &PhraseSet| set.within(&line.words, start..found.first);
        let authors = own || told_of(&draft.authors) || told_of(&draft.author_acts);
        let told = |f: &&Fact| start <= f.at && f.at < found.first && matches!(f.said, Said::Cast { .. });
        let nearest = facts.iter().filter(told).max_by_key(|f| f.at).and_then(|f| match f.said {
            Said::Cast { position, .. } => Some(position),
            _ => None,
        });
        let position = if authors { Some(Position::For) } else { nearest.or(last) };
        let Some(position) = position else { continue };
        let mut push = |said| facts.push(Fact { at: found.first, end: found.end, said });
        push(Said::Cast { codes: group.codes.clone(), position, veto: false });
        if authors {
            push(Said::Sponsor { position });
        }
        let before = line.groups.iter().rfind(|g| g.end <= found.first && g.first >= start && !g.governed);
        if let Some(before) = before {
            push(Said::Cast { codes: before.codes.clone(), position, veto: false });
        }
    }
}

/// "La Russie et la Chine aussi.": a sentence without a verb has that of the one before.
fn took_it_too(line: &Line<'_>, phrases: &Phrases, previous: Option<Position>, facts: &mut Vec<Fact>) {
    for found in phrases.list.too.find(&line.words) {
        let Some(group) = line.groups.iter().find(|g| g.end == found.first && g.votes && !g.governed) else {
            continue;
        };
        let article = usize::from(phrases.list.articles.contains(line.form(group.first.wrapping_sub(1))));
        let opens = group.first == article;
        let behind = group.first > article && line.form(group.first - article - 1) == ",";
        let told = facts.iter().rev().find_map(|f| match f.said {
            Said::Cast { position, .. } if f.at < group.first => Some(position),
            _ => None,
        });
        let position = if opens && facts.is_empty() { previous } else { told.filter(|_| behind) };
        if let Some(position) = position {
            let said = Said::Cast { codes: group.codes.clone(), position, veto: false };
            facts.push(Fact { at: found.first, end: found.end, said });
        }
    }
}

/// "as did Slovenia": the position told before.
fn same_as_before(line: &Line<'_>, phrases: &Phrases, last: Option<Position>, facts: &mut Vec<Fact>) {
    for found in phrases.same.find(&line.words) {
        let after = line.groups.iter().find(|g| g.first >= found.end && g.first <= found.end + 2);
        let before = line.groups.iter().rev().find(|g| g.end <= found.first && !g.governed);
        let Some(group) = after.or(before) else { continue };
        let told = |f: &&Fact| f.at < found.first && matches!(f.said, Said::Cast { .. });
        let previous = facts.iter().rev().find(told);
        if previous.is_some_and(|f| is_in_closed_relative(line, phrases, f.at, found.first)) {
            continue;
        }
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
}

/// "France, which voted for the text, regretted the outcome, as did China": not the vote, but what stands outside.
fn is_in_closed_relative(line: &Line<'_>, phrases: &Phrases, at: usize, behind: usize) -> bool {
    let commas = (at..behind).filter(|i| line.form(*i) == ",").count();
    line.opens_relative(line.clause_start(at), &phrases.list) && commas > 1
}
