//! Votes as weighed from all words of the article, where the phrases are silent or at odds with it.
//!
//! Phrases find what is said in known ways. How a vote is told has no end of ways: four models, fitted on labelled
//! dispatches by `demarche train council`, hear the rest. One gives the outcome of the day's vote, one each member's
//! position from the words around its name; they speak only where the article tells of one such vote, as which of several
//! texts is meant the rules know better. One gives the count of any vote that was found. One weighs sentences, for a
//! meeting, a statement or a draft of which no phrase told.

mod correction;
mod counting;
mod features;

use std::collections::BTreeMap;

use super::{
    ActionKind, Outcome, Position,
    line::Line,
    record::{Counted, Record, table},
    scene::Scene,
};
use crate::{
    actors::Code,
    data::{Data, DataError},
    features::Features,
    logistic::{Logistic, likeliest, probabilities},
};
pub use correction::Weighed;
pub use counting::{COUNTS, Candidates};
use features::Told;

/// Classes of the models, in the order of their weights.
pub const OUTCOMES: [&str; 4] = ["none", "adopted", "failed", "vetoed"];
/// See [`OUTCOMES`].
pub const POSITIONS: [&str; 5] = ["none", "for", "against", "abstain", "absent"];
/// See [`OUTCOMES`].
pub const LINES: [&str; 4] = ["none", "meeting", "statement", "draft"];

const OUTCOME_OF: [Option<Outcome>; 4] =
    [None, Some(Outcome::Adopted), Some(Outcome::Failed), Some(Outcome::Vetoed)];
const POSITION_OF: [Option<Position>; 5] =
    [None, Some(Position::For), Some(Position::Against), Some(Position::Abstain), Some(Position::Absent)];

/// Least probability of an outcome that opens a vote which no phrase told of.
const OPENS: f64 = 0.5;
/// Least probability that an article tells of no vote, against what a phrase found; and against a count that it found.
const DISMISSES: f64 = 0.6;
const DISMISSES_COUNT: f64 = 0.85;
/// Members with a position that make a vote.
const MANY: usize = 4;
/// Sentences of an article: of fewer words too little can be weighed, and the phrases decide alone.
const LEAST_SENTENCES: usize = 4;
/// Least probability that a sentence tells of an action of a kind that no phrase found in the article. The model is unsure
/// of itself: of those above this, eight in ten were right on dispatches that it had not seen.
const TELLS: f64 = 0.2;
/// Least probability of a count. Counts that rules infer are easier than those left to the model: it must be sure.
const LIKELY_COUNT: f64 = 0.75;

/// The models of a language.
#[derive(Debug)]
pub(super) struct Weighing {
    outcomes: Logistic<4>,
    positions: Logistic<5>,
    lines: Logistic<4>,
    counts: Logistic<1>,
}

/// What the models see of an article.
#[derive(Debug, Default)]
pub struct Examples {
    /// `None` where the article tells of several texts, or bears no date.
    pub vote: Option<VoteExample>,
    pub lines: Vec<LineExample>,
    /// One for each vote that the phrases found.
    pub counts: Vec<CountExample>,
}

/// What the model of counts sees of a vote, and what tells which one it is.
#[derive(Debug)]
pub struct CountExample {
    /// The sentences that tell of it.
    pub words: Vec<String>,
    pub past: bool,
    pub outcome: Outcome,
    pub cast: BTreeMap<Code, Position>,
    pub candidates: Candidates,
}

/// What the models see of an article with one vote of the day, or none.
#[derive(Debug)]
pub struct VoteExample {
    pub article: Features,
    /// Members that the article names.
    pub members: Vec<MemberExample>,
}

/// What the model of sentences sees of one.
#[derive(Debug)]
pub struct LineExample {
    pub words: String,
    pub features: Features,
}

/// What the models see of a member.
#[derive(Debug)]
pub struct MemberExample {
    pub code: Code,
    pub features: Features,
    /// Position by the phrases.
    pub told: Option<Position>,
    /// A veto, or one of as many names as the article counts.
    pub sure: bool,
}

impl Weighing {
    pub(super) fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        Ok(Self {
            outcomes: Logistic::load(data, &format!("models/{language}.outcomes.tsv"), OUTCOMES)?,
            positions: Logistic::load(data, &format!("models/{language}.positions.tsv"), POSITIONS)?,
            lines: Logistic::load(data, &format!("models/{language}.lines.tsv"), LINES)?,
            counts: Logistic::load(data, &format!("models/{language}.counts.tsv"), COUNTS)?,
        })
    }

    /// For each of these kinds the sentence that most likely tells of such an action, where one is likely enough to.
    pub(super) fn likeliest_lines<'s>(
        &self,
        scene: &'s Scene<'_>,
        kinds: &[ActionKind],
    ) -> Vec<(ActionKind, &'s Line<'s>)> {
        let told = Told::new(scene, &[]);
        let weigh = |line: &'s Line<'s>| {
            (line, probabilities(self.lines.scores(&features::of_sentence(scene, &told, line, false))))
        };
        let weighed: Vec<(&Line<'_>, [f64; 4])> = scene.council_lines().map(weigh).collect();
        let likeliest = |kind: &ActionKind| {
            let class = LINES.iter().position(|l| *l == class_of(*kind))?;
            let best = weighed.iter().max_by(|a, b| a.1[class].total_cmp(&b.1[class]))?;
            (best.1[class] >= TELLS).then_some((*kind, best.0))
        };
        kinds.iter().filter_map(likeliest).collect()
    }

    /// Weighs the count of each vote; corrects and completes that of the day, and opens it where no phrase told of it.
    pub(super) fn weigh(&self, scene: &Scene<'_>, records: &mut Vec<Record>) {
        let sentences = scene.lines.iter().filter(|l| !l.headline).count();
        if scene.published.is_none() || sentences < LEAST_SENTENCES {
            return;
        }
        let told = Told::new(scene, records);
        for index in 0..records.len() {
            records[index].counted = self.count(scene, &told, records, index);
        }
        self.correct(scene, &told, records);
    }

    /// The likeliest count of a record, unless phrases tell all of it.
    fn count(&self, scene: &Scene<'_>, told: &Told, records: &[Record], index: usize) -> Option<Counted> {
        if records[index].stated.iter().all(Option::is_some) {
            return None;
        }
        let counted = counting::likeliest_count(&self.counts, scene, told, records, index)?;
        let fits = records[index].allows(counted.split, table(scene, &records[index]));
        (fits && counted.certainty >= LIKELY_COUNT).then_some(counted)
    }

    fn correct(&self, scene: &Scene<'_>, told: &Told, records: &mut Vec<Record>) {
        let Some(example) = example(scene, told, records, false) else { return };
        let weighed: Vec<Weighed<'_>> =
            example.members.iter().map(|m| Weighed::new(m, self.positions.scores(&m.features))).collect();
        let outcome = likeliest(probabilities(self.outcomes.scores(&example.article)));
        let voters = weighed.iter().filter(|w| w.position.is_some()).count();
        if let Some(index) = self.record_of_the_day(scene, records, outcome, voters) {
            let (best, certainty) = outcome;
            if records[index].opened {
                records[index].counted = self.count(scene, told, records, index);
            }
            correction::correct(&mut records[index], OUTCOME_OF[best], certainty, &weighed, |code| {
                scene.members.is_permanent(code)
            });
            // The names that the words have placed may settle a count that the numbers leave open, or refute it.
            let table = table(scene, &records[index]);
            let counted = records[index].counted.filter(|c| records[index].allows(c.split, table));
            records[index].counted = counted.or_else(|| self.count(scene, told, records, index));
        }
    }

    /// The record to correct: one found by the phrases, or a new one; one that is of no vote is dropped.
    fn record_of_the_day(
        &self,
        scene: &Scene<'_>,
        records: &mut Vec<Record>,
        (best, certainty): (usize, f64),
        voters: usize,
    ) -> Option<usize> {
        let alone = records.iter().filter(|r| !r.past).count() == 1;
        match (today(records), OUTCOME_OF[best]) {
            (Today::Nothing, Some(_)) if certainty >= OPENS || voters >= MANY => {
                let record = self.open(scene, records, best);
                records.push(record);
                Some(records.len() - 1)
            }
            (Today::Vote(index), None)
                if alone && voters < MANY && certainty >= least_to_dismiss(&records[index]) =>
            {
                records.remove(index);
                None
            }
            (Today::Vote(index), _) => Some(index),
            _ => None,
        }
    }

    /// A vote that is told at the line whose words speak most for it.
    fn open(&self, scene: &Scene<'_>, records: &[Record], outcome: usize) -> Record {
        let weight = |line: &Line<'_>| {
            let mut words = Features::new(false);
            features::of_line(line, &mut words);
            let scores = self.outcomes.scores(&words.distinct());
            scores[outcome] - scores[0]
        };
        let lines = scene.council_lines().filter(|l| !features::is_of_past(records, l.index));
        let told = lines.map(|line| (line, weight(line))).max_by(|a, b| a.1.total_cmp(&b.1));
        Record {
            opened: true,
            lines: told.iter().map(|(line, _)| line.index).collect(),
            triggers: told.iter().map(|(line, _)| line.span(0, line.words.forms.len())).collect(),
            ..Record::default()
        }
    }
}

/// How labels call a position.
pub fn name_of(position: Position) -> &'static str {
    POSITION_OF.iter().position(|p| *p == Some(position)).map_or("none", |at| POSITIONS[at])
}

/// What the models see of an article.
pub(super) fn examples(scene: &Scene<'_>, records: &[Record]) -> Examples {
    let told = Told::new(scene, records);
    let words = |line: &Line<'_>| scene.document.slice(line.sentence.span).to_owned();
    let of_line = |line: &Line<'_>| LineExample {
        words: words(line),
        features: features::of_sentence(scene, &told, line, true),
    };
    let of_record = |index: usize| CountExample {
        words: records[index].lines.iter().map(|at| words(&scene.lines[*at])).collect(),
        past: records[index].past,
        outcome: records[index].said(),
        cast: records[index].cast.clone(),
        candidates: counting::candidates(scene, &told, records, index, true),
    };
    Examples {
        vote: example(scene, &told, records, true),
        lines: scene.council_lines().map(of_line).collect(),
        counts: (0..records.len()).map(of_record).collect(),
    }
}

/// The class of an action in [`LINES`].
fn class_of(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Meeting => "meeting",
        ActionKind::Statement => "statement",
        ActionKind::Draft => "draft",
        ActionKind::Vote | ActionKind::Measure => "none",
    }
}

fn least_to_dismiss(record: &Record) -> f64 {
    let counted = record.unanimous || record.rest.is_some() || record.stated.iter().any(Option::is_some);
    if counted { DISMISSES_COUNT } else { DISMISSES }
}

fn is_sure(record: &Record, code: &Code) -> bool {
    let Some(position) = record.cast.get(code) else { return false };
    let named = record.cast.values().filter(|p| *p == position).count();
    record.vetoed_by.contains(code) || record.count(*position).map(usize::from) == Some(named)
}

/// The records of the day's votes.
enum Today {
    Nothing,
    Vote(usize),
    /// Of several texts: which one the words beside a name mean is not for the models to say.
    Votes,
}

/// The vote of the day: the only one, or of several the only one whose voters or counts are told.
fn today(records: &[Record]) -> Today {
    let has_voters =
        |r: &Record| !r.cast.is_empty() || r.stated.iter().any(Option::is_some) || r.rest.is_some();
    let today: Vec<usize> = (0..records.len()).filter(|i| !records[*i].past).collect();
    let told: Vec<usize> = today.iter().copied().filter(|i| has_voters(&records[*i])).collect();
    match (&today[..], &told[..]) {
        ([], _) => Today::Nothing,
        ([one], _) | (_, [one]) if !records[*one].amendment => Today::Vote(*one),
        _ => Today::Votes,
    }
}

/// What the models see of an article; `None` where it tells of several texts, or bears no date to know the members by.
///
/// "China" may be Peking or, before 1971, the government that held the seat: its words count for the seat either way.
fn example(scene: &Scene<'_>, told: &Told, records: &[Record], named: bool) -> Option<VoteExample> {
    let day = scene.published?;
    let record = match today(records) {
        Today::Nothing => None,
        Today::Vote(index) => Some(&records[index]),
        Today::Votes => return None,
    };
    let mut codes: Vec<Code> = Vec::new();
    for name in scene.lines.iter().flat_map(|l| &l.named) {
        if scene.members.seat(&name.code, day).is_some_and(|seat| seat == name.code)
            && !codes.contains(&name.code)
        {
            codes.push(name.code.clone());
        }
    }
    let member = |code: Code| MemberExample {
        features: features::of_member(scene, told, &code, record, named),
        told: record.and_then(|r| r.cast.get(&code).copied()),
        sure: record.is_some_and(|r| is_sure(r, &code)),
        code,
    };
    Some(VoteExample {
        article: features::of_article(scene, told, named),
        members: codes.into_iter().map(member).collect(),
    })
}
