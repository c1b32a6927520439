//! What speaks for the outcome of the day's vote and for each member's position in it.

use std::ops::Range;

use crate::{
    council::{
        Outcome, Position,
        line::{Line, Named},
        record::Record,
        rollcall::{Before, Said, facts},
        scene::Scene,
    },
    features::Features,
};

/// What the phrases find in each line, by line.
pub(super) struct Told {
    pub(super) names: Vec<Vec<String>>,
    /// Lines on earlier votes alone: they tell nothing of the day's.
    pub(super) of_past: Vec<bool>,
}

impl Told {
    pub(super) fn new(scene: &Scene<'_>, records: &[Record]) -> Self {
        let of_line = |line: &Line<'_>| -> Vec<String> {
            let mut names: Vec<String> =
                facts(line, scene.phrases, Before::default()).iter().map(|f| name(&f.said)).collect();
            names.sort();
            names.dedup();
            names
        };
        Self {
            names: scene.lines.iter().map(of_line).collect(),
            of_past: scene.lines.iter().map(|line| is_of_past(records, line.index)).collect(),
        }
    }

    fn before(&self, scene: &Scene<'_>, line: usize) -> &[String] {
        let before = scene.lines[..line].iter().rfind(|l| !l.headline);
        before.map_or(&[], |l| &self.names[l.index])
    }
}

/// Whether a line tells of earlier votes alone.
pub(super) fn is_of_past(records: &[Record], line: usize) -> bool {
    let tells = |past| records.iter().any(|r| r.past == past && r.lines.contains(&line));
    tells(true) && !tells(false)
}

fn name(said: &Said) -> String {
    match said {
        Said::Cast { position, veto, .. } => format!("cast:{position:?}:{veto}"),
        Said::With { .. } => "with".to_owned(),
        Said::Count { position, .. } => format!("count:{position:?}"),
        Said::Rest { position, .. } => format!("rest:{position:?}"),
        Said::Sponsor { position } => format!("sponsor:{position:?}"),
        Said::Outcome(outcome) => format!("outcome:{outcome:?}"),
        Said::Unanimous => "unanimous".to_owned(),
        Said::Procedural => "procedural".to_owned(),
        Said::Decided => "decided".to_owned(),
    }
}

/// Features of the article as a whole.
pub(super) fn of_article(scene: &Scene<'_>, told: &Told, named: bool) -> Features {
    let mut features = Features::new(named);
    for line in scene.lines.iter().filter(|l| !told.of_past[l.index]) {
        of_line(line, &mut features);
        told.names[line.index].iter().for_each(|name| features.add(format_args!("told={name}")));
    }
    features.add(format_args!("bias"));
    features.distinct()
}

/// The words of a line, alone and in pairs.
pub(super) fn of_line(line: &Line<'_>, features: &mut Features) {
    let part = if line.headline { "headline." } else { "" };
    let words = spoken(line, 0..line.words.forms.len(), &line.words.forms);
    for word in &words {
        features.add(format_args!("{part}word={word}"));
    }
    for pair in words.windows(2) {
        features.add(format_args!("{part}pair={}_{}", pair[0], pair[1]));
    }
}

/// Features of a sentence of the body: its words, those of the one before, and where it stands.
pub(super) fn of_sentence(scene: &Scene<'_>, told: &Told, line: &Line<'_>, named: bool) -> Features {
    let mut features = Features::new(named);
    of_line(line, &mut features);
    let lemmas = spoken(line, 0..line.words.forms.len(), &line.words.lemmas);
    for word in &lemmas {
        features.add(format_args!("lemma={word}"));
        features.add(format_args!("lemma~{}", stem(word)));
    }
    for pair in lemmas.windows(2) {
        features.add(format_args!("lemmas={}_{}", pair[0], pair[1]));
    }
    let body: Vec<&Line<'_>> = scene.lines.iter().filter(|l| !l.headline).collect();
    let at = body.iter().position(|l| l.index == line.index).unwrap_or(0);
    if let Some(before) = at.checked_sub(1).map(|i| body[i]) {
        for word in spoken(before, 0..before.words.forms.len(), &before.words.lemmas) {
            features.add(format_args!("before={word}"));
        }
    }
    features.add(format_args!("at={},last={}", at.min(3), at + 2 >= body.len()));
    told.names[line.index].iter().for_each(|name| features.add(format_args!("told={name}")));
    features.add(format_args!("bias"));
    features.distinct()
}

/// What the rules made of the vote.
fn describe_record(record: &Record, features: &mut Features) {
    let outcome = record.outcome.unwrap_or(Outcome::Unknown);
    features.add(format_args!("record={outcome:?},unanimous={}", record.unanimous));
    for position in [Position::For, Position::Against, Position::Abstain] {
        let count = record.count(position).map_or("none", |n| match n {
            0 => "0",
            1 => "1",
            2 => "2",
            3..9 => "some",
            _ => "many",
        });
        features.add(format_args!("count={position:?}:{count}"));
    }
}

/// Features of a state as a voter: the words around each of its names, and what is told beside them.
pub(super) fn of_member(
    scene: &Scene<'_>,
    told: &Told,
    code: &str,
    record: Option<&Record>,
    named: bool,
) -> Features {
    let mut features = Features::new(named);
    for line in scene.lines.iter().filter(|l| !told.of_past[l.index]) {
        for name in line.named.iter().filter(|n| *n.code == *code) {
            of_name(line, name, &mut features);
            told.names[line.index].iter().for_each(|name| features.add(format_args!("told={name}")));
            told.before(scene, line.index).iter().for_each(|n| features.add(format_args!("told.before={n}")));
            features.add(format_args!("ours={}", scene.ours[line.index]));
        }
    }
    if let Some(record) = record {
        describe_record(record, &mut features);
        if record.sponsors.iter().any(|c| **c == *code) {
            features.add(format_args!("sponsor"));
        }
    }
    features.add(format_args!("permanent={}", scene.members.is_permanent(code)));
    features.distinct()
}

/// Words on either side of a name that are looked at, and how far.
const WINDOW: usize = 10;
const REACH: usize = 14;

fn of_name(line: &Line<'_>, name: &Named, features: &mut Features) {
    let part = if line.headline { "headline." } else { "" };
    let group = line.groups.iter().find(|g| g.first <= name.first && name.end <= g.end);
    let (first, end) = group.map_or((name.first, name.end), |g| (g.first, g.end));
    let ends = |at: &usize| matches!(line.form(*at), "." | ";" | "!" | "?");
    let stop = (end..line.words.forms.len().min(end + REACH)).find(ends);
    let after = end..stop.unwrap_or(line.words.forms.len().min(end + REACH));
    let start =
        (first.saturating_sub(REACH)..first).rev().find(ends).map_or(first.saturating_sub(REACH), |i| i + 1);
    let after = spoken(line, after, &line.words.lemmas);
    let mut before = spoken(line, start..first, &line.words.lemmas);
    before.reverse();
    for (side, words) in [("after", &after), ("before", &before)] {
        let words = &words[..words.len().min(WINDOW)];
        for word in words {
            features.add(format_args!("{part}{side}={word}"));
            features.add(format_args!("{part}{side}~{}", stem(word)));
        }
        for pair in words.windows(2) {
            features.add(format_args!("{part}{side}={}_{}", pair[0], pair[1]));
        }
        if let Some(next) = words.first() {
            features.add(format_args!("{part}{side}.next={next}"));
        }
        if let [next, second, ..] = words {
            features.add(format_args!("{part}{side}.next={next}_{second}"));
        }
    }
    let size = group.map_or(1, |g| g.codes.len().min(4));
    features.add(format_args!("{part}list={size}"));
    features.add(format_args!("{part}governed={}", group.is_some_and(|g| g.governed)));
    features.add(format_args!("{part}acts={}", name.acts));
    let quoted = line.quoted.get(name.first).copied().unwrap_or(false);
    features.add(format_args!("{part}quoted={quoted}"));
    if let Some(word) = spoken(line, 0..2.min(line.words.forms.len()), &line.words.lemmas).first() {
        features.add(format_args!("{part}opens={word}"));
    }
}

pub(super) fn stem(word: &str) -> &str {
    word.char_indices().nth(5).map_or(word, |(i, _)| &word[..i])
}

/// Words of a range, states and numbers as such: which state it is must not matter.
pub(super) fn spoken<'w>(line: &Line<'_>, range: Range<usize>, words: &'w [String]) -> Vec<&'w str> {
    let mut spoken: Vec<&str> = Vec::new();
    for at in range {
        let word = if line.named.iter().any(|n| n.first <= at && at < n.end) {
            "{c}"
        } else if line.form(at).starts_with(|c: char| c.is_ascii_digit()) {
            "#"
        } else {
            words[at].as_str()
        };
        if word != "{c}" || spoken.last() != Some(&"{c}") {
            spoken.push(word);
        }
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_of_the_past_that_tells_of_no_vote_of_the_day() {
        let told = |past, lines: &[usize]| Record { past, lines: lines.to_vec(), ..Record::default() };
        let records = [told(false, &[0, 2]), told(true, &[2, 3])];
        let of_past: Vec<bool> = (0..4).map(|line| is_of_past(&records, line)).collect();
        assert_eq!(of_past, [false, false, false, true]);
    }
}
