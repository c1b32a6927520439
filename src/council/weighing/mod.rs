//! The day's vote as weighed from all words of the article, where the phrases are silent or at odds with it.
//!
//! Phrases find what is said in known ways. How a vote is told has no end of ways: two models, fitted on labelled
//! dispatches by `demarche train council`, weigh the words around each member's name and those of the whole article.
//! They speak of the day's vote alone, and only where the article tells of one: which of several texts is meant, and
//! what is background, the rules know better.

mod features;

use super::{Outcome, Position, record::Record, scene::Scene};
use crate::{
    actors::Code,
    data::{Data, DataError},
    features::Features,
    logistic::{Logistic, likeliest, probabilities},
};
use features::Told;

/// Classes of the models, in the order of their weights.
pub const OUTCOMES: [&str; 4] = ["none", "adopted", "failed", "vetoed"];
pub const POSITIONS: [&str; 5] = ["none", "for", "against", "abstain", "absent"];

const OUTCOME_OF: [Option<Outcome>; 4] =
    [None, Some(Outcome::Adopted), Some(Outcome::Failed), Some(Outcome::Vetoed)];
const POSITION_OF: [Option<Position>; 5] =
    [None, Some(Position::For), Some(Position::Against), Some(Position::Abstain), Some(Position::Absent)];

/// Least probability of an outcome that opens a vote which no phrase told of.
const OPENS: f64 = 0.5;
/// Least probability of an outcome other than the one that a phrase tells.
const OVERRULES: f64 = 0.8;
/// Least probability that an article tells of no vote, against what a phrase found; and against a count that it found.
const DISMISSES: f64 = 0.6;
const DISMISSES_COUNT: f64 = 0.85;
/// Members with a position that make a vote.
const MANY: usize = 4;
/// Least probability of a position.
const LIKELY: f64 = 0.5;
/// What a phrase adds to the score of the position that it tells: measured on dispatches that neither had seen.
const PHRASE: f64 = 1.0;
/// The same for a veto, which few other words are taken for, and where the names are as many as the article counts.
const SURE_PHRASE: f64 = 3.0;
/// Sentences of an article: of fewer words too little can be weighed, and the phrases decide alone.
const ARTICLE: usize = 4;
/// So many more than an article counts are taken for its count's fault.
const MISCOUNTED: usize = 2;

/// The two models of a language.
#[derive(Debug)]
pub(super) struct Weighing {
    outcomes: Logistic<4>,
    positions: Logistic<5>,
}

/// What the models see of an article with one vote of the day, or none.
#[derive(Debug)]
pub struct VoteExample {
    pub article: Features,
    /// Members that the article names.
    pub members: Vec<MemberExample>,
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
        })
    }

    /// Corrects and completes the day's vote, and opens it where no phrase told of it.
    pub(super) fn correct(&self, scene: &Scene<'_>, records: &mut Vec<Record>) {
        if scene.lines.iter().filter(|l| !l.headline).count() < ARTICLE {
            return;
        }
        let Some(example) = example(scene, records, false) else { return };
        let (best, certainty) = likeliest(probabilities(self.outcomes.scores(&example.article)));
        let has_position = |m: &&MemberExample| choose_position(self.positions.scores(&m.features), m).0 != 0;
        let voters = example.members.iter().filter(has_position).count();
        let index = match (today(records), OUTCOME_OF[best]) {
            (Today::Nothing, Some(_)) if certainty >= OPENS || voters >= MANY => {
                records.push(self.open(scene, best));
                records.len() - 1
            }
            (Today::Vote(index), None) if certainty >= least_to_dismiss(&records[index]) && voters < MANY => {
                records.remove(index);
                return;
            }
            (Today::Vote(index), _) => index,
            _ => return,
        };
        let record = &mut records[index];
        if let Some(outcome) = OUTCOME_OF[best] {
            let silent = record.outcome.is_none() && !record.unanimous;
            if silent || record.outcome != Some(outcome) && certainty >= OVERRULES {
                record.outcome = Some(outcome);
            }
        }
        self.share_out(&example.members, record);
        if record.outcome == Some(Outcome::Vetoed) {
            self.name_vetoer(scene, &example.members, record);
        }
    }

    /// A text that was vetoed met the no of a permanent member: where nobody is found to have cast it, the likeliest.
    fn name_vetoer(&self, scene: &Scene<'_>, members: &[MemberExample], record: &mut Record) {
        let permanent = |code: &Code| scene.members.is_permanent(code);
        let against = |m: &&MemberExample| {
            let scores = self.positions.scores(&m.features);
            scores[2] - scores[1].max(scores[3])
        };
        if !record.cast.iter().any(|(code, p)| *p == Position::Against && permanent(code))
            && let Some(vetoer) =
                members.iter().filter(|m| permanent(&m.code)).max_by(|a, b| against(a).total_cmp(&against(b)))
        {
            record.cast.insert(vetoer.code.clone(), Position::Against);
            record.weighed.push(vetoer.code.clone());
        }
    }

    /// Gives each member its likeliest position, the surest first, as far as the article counts so many.
    fn share_out(&self, members: &[MemberExample], record: &mut Record) {
        let mut weighed: Vec<(&Code, Position, f64)> = Vec::new();
        for member in members {
            record.cast.remove(&member.code);
            let (index, certainty) = choose_position(self.positions.scores(&member.features), member);
            weighed.extend(POSITION_OF[index].map(|position| (&member.code, position, certainty)));
        }
        weighed.sort_by(|a, b| b.2.total_cmp(&a.2));
        for (code, position, _) in &weighed {
            let wanted = weighed.iter().filter(|w| w.1 == *position).count();
            let room = record.count(*position).map(usize::from).filter(|n| wanted <= n + MISCOUNTED);
            let named = record.cast.values().filter(|p| *p == position).count();
            if room.is_none_or(|n| named < n) {
                record.cast.insert((*code).clone(), *position);
            }
        }
        let placed = |m: &&MemberExample| record.cast.get(&m.code).is_some_and(|p| Some(*p) != m.told);
        record.weighed = members.iter().filter(placed).map(|m| m.code.clone()).collect();
        record.weighed.sort();
        let cast = &record.cast;
        record.vetoed_by.retain(|code| cast.get(code) == Some(&Position::Against));
    }

    /// A vote that is told at the line whose words speak most for it.
    fn open(&self, scene: &Scene<'_>, outcome: usize) -> Record {
        let weight = |line: &super::line::Line<'_>| {
            let mut words = Features::new(false);
            features::of_line(line, &mut words);
            let scores = self.outcomes.scores(&words.distinct());
            scores[outcome] - scores[0]
        };
        let told = scene.council_lines().map(|line| (line, weight(line))).max_by(|a, b| a.1.total_cmp(&b.1));
        Record {
            opened: true,
            lines: told.iter().map(|(line, _)| line.index).collect(),
            triggers: told.iter().map(|(line, _)| line.span(0, line.words.forms.len())).collect(),
            ..Record::default()
        }
    }
}

/// Index of the position to choose by scores, and its probability; what the phrases tell of the member has its say.
pub fn choose_position(mut scores: [f64; 5], member: &MemberExample) -> (usize, f64) {
    if let Some(at) = POSITION_OF.iter().position(|p| p.is_some() && *p == member.told) {
        scores[at] += if member.sure { SURE_PHRASE } else { PHRASE };
    }
    let (best, certainty) = likeliest(probabilities(scores));
    if certainty >= LIKELY { (best, certainty) } else { (0, certainty) }
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

/// What the models see of an article; `None` where it tells of several texts.
pub(super) fn example(scene: &Scene<'_>, records: &[Record], named: bool) -> Option<VoteExample> {
    let day = scene.published?;
    let record = match today(records) {
        Today::Nothing => None,
        Today::Vote(index) => Some(&records[index]),
        Today::Votes => return None,
    };
    let told = Told::new(scene, records);
    let mut codes: Vec<Code> = Vec::new();
    for name in scene.lines.iter().flat_map(|l| &l.named) {
        if scene.members.seat(&name.code, day).is_some_and(|seat| seat == name.code)
            && !codes.contains(&name.code)
        {
            codes.push(name.code.clone());
        }
    }
    let member = |code: Code| MemberExample {
        features: features::of_member(scene, &told, &code, record, named),
        told: record.and_then(|r| r.cast.get(&code).copied()),
        sure: record.is_some_and(|r| is_sure(r, &code)),
        code,
    };
    Some(VoteExample {
        article: features::of_article(scene, &told, named),
        members: codes.into_iter().map(member).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(told: Option<Position>, sure: bool) -> MemberExample {
        MemberExample { code: Code::from("FRA"), features: Features::new(false), told, sure }
    }

    #[test]
    fn what_a_phrase_tells_has_its_say() {
        let leaning = [0.0, 0.0, 0.0, 0.8, 0.0];
        let chosen = |told, sure| choose_position(leaning, &member(told, sure)).0;
        assert_eq!(chosen(None, false), 0, "not likely enough");
        assert_eq!(POSITIONS[chosen(Some(Position::Abstain), false)], "abstain");
        let clear = [0.0, 0.0, 0.0, 3.0, 0.0];
        let chosen = |told, sure| choose_position(clear, &member(told, sure)).0;
        assert_eq!(POSITIONS[chosen(Some(Position::For), false)], "abstain");
        assert_ne!(POSITIONS[chosen(Some(Position::For), true)], "abstain");
    }

    /// Words that say yes to ten of the members, and the count that the article gives.
    fn shared_out(stated: Option<u8>) -> usize {
        let table = "feature\tnone\tfor\tagainst\tabstain\tabsent\nword\t0\t4\t0\t0\t0\n";
        let positions = Logistic::read("positions.tsv", table, POSITIONS).expect("a table");
        let outcomes = Logistic::read("outcomes.tsv", "feature\tnone\tadopted\tfailed\tvetoed\n", OUTCOMES);
        let weighing = Weighing { outcomes: outcomes.expect("a table"), positions };
        let members: Vec<MemberExample> = ('A'..='J')
            .map(|letter| {
                let mut features = Features::new(false);
                features.add(format_args!("word"));
                MemberExample {
                    code: Code::from(letter.to_string().as_str()),
                    features,
                    told: None,
                    sure: false,
                }
            })
            .collect();
        let mut record = Record { stated: [stated, None, None], ..Record::default() };
        weighing.share_out(&members, &mut record);
        record.cast.len()
    }

    #[test]
    fn no_more_members_are_placed_than_the_article_counts() {
        assert_eq!(shared_out(None), 10);
        assert_eq!(shared_out(Some(9)), 9);
        assert_eq!(shared_out(Some(1)), 10, "so far off, the count is of something else");
    }
}
