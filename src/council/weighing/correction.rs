//! What the weighed words change in the record of a vote.

use super::{MemberExample, POSITION_OF};
use crate::{
    actors::Code,
    council::{Outcome, Position, record::Record},
    logistic::{likeliest, probabilities},
};

/// Least probability of an outcome that nothing else tells; and of one other than a phrase tells.
const TELLS: f64 = 0.35;
const OVERRULES: f64 = 0.8;
/// Least probability of a position.
const LIKELY: f64 = 0.5;
/// What a phrase adds to the score of the position that it tells: measured on dispatches that neither had seen.
const PHRASE: f64 = 1.0;
/// The same for a veto, which few other words are taken for, and where the names are as many as the article counts.
const SURE_PHRASE: f64 = 3.0;
/// Where more members than the article counts are found, by more than so many, the count is of something else.
const MISCOUNTED: usize = 2;

/// A member and the position that its words make likeliest.
#[derive(Debug)]
pub struct Weighed<'a> {
    pub member: &'a MemberExample,
    /// `None`: no position is likely enough.
    pub position: Option<Position>,
    certainty: f64,
    /// How much more its words speak for a no than for any other vote.
    against: f64,
}

impl<'a> Weighed<'a> {
    /// By the scores of the model; what the phrases tell of the member has its say.
    pub fn new(member: &'a MemberExample, mut scores: [f64; 5]) -> Self {
        if let Some(at) = POSITION_OF.iter().position(|p| p.is_some() && *p == member.told) {
            scores[at] += if member.sure { SURE_PHRASE } else { PHRASE };
        }
        let (best, certainty) = likeliest(probabilities(scores));
        let [_, yes, no, abstention, _] = scores;
        let position = POSITION_OF[best].filter(|_| certainty >= LIKELY);
        Self { member, position, certainty, against: no - yes.max(abstention) }
    }
}

/// Gives the record its likeliest outcome and positions, in agreement with each other.
pub(super) fn correct(
    record: &mut Record,
    outcome: Option<Outcome>,
    certainty: f64,
    weighed: &[Weighed<'_>],
    is_permanent: impl Fn(&Code) -> bool,
) {
    if let Some(outcome) = outcome {
        settle_outcome(record, outcome, certainty);
    }
    share_out(record, weighed);
    if record.outcome == Some(Outcome::Vetoed) {
        name_vetoer(record, weighed, is_permanent);
    } else if record.said() == Outcome::Adopted && !record.procedural {
        forget_noes(record, weighed, is_permanent);
    }
    let cast = &record.cast;
    record.vetoed_by.retain(|code| cast.get(code) == Some(&Position::Against));
    record.left_out.retain(|code| !cast.contains_key(code));
    let placed = |w: &&Weighed<'_>| cast.get(&w.member.code).is_some_and(|p| Some(*p) != w.member.told);
    record.weighed = weighed.iter().filter(placed).map(|w| w.member.code.clone()).collect();
    record.weighed.sort();
}

fn settle_outcome(record: &mut Record, outcome: Outcome, certainty: f64) {
    let silent = record.said() == Outcome::Unknown;
    if silent && certainty >= TELLS || record.said() != outcome && certainty >= OVERRULES {
        record.outcome = Some(outcome);
        record.outcome_weighed = true;
        record.unanimous &= outcome == Outcome::Adopted;
    }
}

/// Gives each member its likeliest position, the surest first, as far as the article counts so many.
fn share_out(record: &mut Record, weighed: &[Weighed<'_>]) {
    let mut placed: Vec<(&Code, Position, f64)> = Vec::new();
    for one in weighed {
        record.cast.remove(&one.member.code);
        placed.extend(one.position.map(|position| (&one.member.code, position, one.certainty)));
    }
    placed.sort_by(|a, b| b.2.total_cmp(&a.2));
    for (code, position, _) in &placed {
        let wanted = placed.iter().filter(|p| p.1 == *position).count();
        let room = record.likely_count(*position).map(usize::from).filter(|n| wanted <= n + MISCOUNTED);
        let named = record.cast.values().filter(|p| *p == position).count();
        if room.is_none_or(|n| named < n) {
            record.cast.insert((*code).clone(), *position);
        }
    }
}

/// A text that was vetoed met the no of a permanent member: where nobody is found to have cast it, the likeliest, but
/// no author of the text, nor one whom a phrase has vote otherwise.
fn name_vetoer(record: &mut Record, weighed: &[Weighed<'_>], is_permanent: impl Fn(&Code) -> bool) {
    let known = record.cast.iter().any(|(code, p)| *p == Position::Against && is_permanent(code));
    if known || record.count(Position::Against) == Some(0) {
        return;
    }
    let otherwise = |m: &MemberExample| m.told.is_some_and(|p| p != Position::Against);
    let may =
        |m: &MemberExample| is_permanent(&m.code) && !record.sponsors.contains(&m.code) && !otherwise(m);
    let possible = weighed.iter().filter(|w| may(w.member));
    if let Some(vetoer) = possible.max_by(|a, b| a.against.total_cmp(&b.against)) {
        let code = vetoer.member.code.clone();
        record.cast.insert(code.clone(), Position::Against);
        record.vetoed_by.push(code);
    }
}

/// No permanent member's no stands against an adopted text: one that no phrase tells of is misread.
fn forget_noes(record: &mut Record, weighed: &[Weighed<'_>], is_permanent: impl Fn(&Code) -> bool) {
    for one in weighed.iter().filter(|w| is_permanent(&w.member.code) && w.member.told.is_none()) {
        if record.cast.get(&one.member.code) == Some(&Position::Against) {
            record.cast.remove(&one.member.code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{council::weighing::POSITIONS, features::Features};

    fn member(code: &str, told: Option<Position>, sure: bool) -> MemberExample {
        MemberExample { code: Code::from(code), features: Features::new(false), told, sure }
    }

    fn scores(position: &str, score: f64) -> [f64; 5] {
        POSITIONS.map(|p| if p == position { score } else { 0.0 })
    }

    fn corrected(record: Record, outcome: Outcome, members: &[(MemberExample, [f64; 5])]) -> Record {
        let weighed: Vec<Weighed<'_>> = members.iter().map(|(m, s)| Weighed::new(m, *s)).collect();
        let mut record = record;
        correct(&mut record, Some(outcome), 0.9, &weighed, |code| ["USA", "RUS"].contains(&&**code));
        record
    }

    #[test]
    fn what_a_phrase_tells_has_its_say() {
        let chosen =
            |told, sure, score| Weighed::new(&member("FRA", told, sure), scores("abstain", score)).position;
        assert_eq!(chosen(None, false, 0.8), None, "not likely enough");
        assert_eq!(chosen(Some(Position::Abstain), false, 0.8), Some(Position::Abstain));
        assert_eq!(chosen(Some(Position::For), false, 3.0), Some(Position::Abstain));
        assert_ne!(chosen(Some(Position::For), true, 3.0), Some(Position::Abstain));
    }

    #[test]
    fn an_outcome_that_a_phrase_tells_needs_no_weighing() {
        let told = Record { outcome: Some(Outcome::Vetoed), ..Record::default() };
        assert!(!corrected(told, Outcome::Vetoed, &[]).outcome_weighed);
        let overruled = Record { unanimous: true, ..Record::default() };
        let overruled = corrected(overruled, Outcome::Failed, &[]);
        assert!(overruled.outcome_weighed && !overruled.unanimous);
        assert_eq!(overruled.outcome, Some(Outcome::Failed));
        let mut doubtful = Record { outcome: Some(Outcome::Adopted), ..Record::default() };
        correct(&mut doubtful, Some(Outcome::Failed), 0.7, &[], |_| false);
        assert_eq!(doubtful.outcome, Some(Outcome::Adopted), "not sure enough to overrule");
    }

    #[test]
    fn no_more_members_are_placed_than_the_article_counts() {
        let placed = |stated| {
            let members: Vec<_> = ('A'..='J')
                .map(|letter| (member(&letter.to_string(), None, false), scores("for", 4.0)))
                .collect();
            let record = Record { stated: [stated, None, None], ..Record::default() };
            corrected(record, Outcome::Adopted, &members).cast.len()
        };
        assert_eq!(placed(None), 10);
        assert_eq!(placed(Some(9)), 9);
        assert_eq!(placed(Some(1)), 10, "so far off, the count is of something else");
    }

    #[test]
    fn a_veto_is_of_the_likeliest_permanent_member() {
        let members = [
            (member("USA", None, false), scores("against", 0.9)),
            (member("RUS", None, false), scores("for", 3.0)),
            (member("FIN", None, false), scores("against", 0.9)),
        ];
        let record = corrected(Record::default(), Outcome::Vetoed, &members);
        assert_eq!(record.vetoed_by, [Code::from("USA")]);
        assert_eq!(record.weighed, [Code::from("RUS"), Code::from("USA")]);
        let no_noes = Record { stated: [None, Some(0), None], ..Record::default() };
        assert!(corrected(no_noes, Outcome::Vetoed, &members).vetoed_by.is_empty());
        let own = Record { sponsors: vec![Code::from("USA")], ..Record::default() };
        assert_eq!(corrected(own, Outcome::Vetoed, &members).cast.get(&Code::from("USA")), None);
    }

    #[test]
    fn an_adopted_text_met_no_permanent_no_that_only_words_suggest() {
        let members = [
            (member("RUS", None, false), scores("against", 4.0)),
            (member("FIN", None, false), scores("against", 4.0)),
        ];
        let record = corrected(Record::default(), Outcome::Adopted, &members);
        assert_eq!(record.weighed, [Code::from("FIN")]);
        let procedural = Record { procedural: true, ..Record::default() };
        assert_eq!(corrected(procedural, Outcome::Adopted, &members).cast.len(), 2);
    }

    #[test]
    fn whom_the_words_place_is_left_out_no_more() {
        let members = [(member("RUS", None, false), scores("abstain", 4.0))];
        let record = Record { left_out: vec![Code::from("RUS")], ..Record::default() };
        assert!(corrected(record, Outcome::Adopted, &members).left_out.is_empty());
    }
}
