//! The words of a language for what the Council does: `languages/<code>/council.toml`.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{Position, pattern::Words, phrase_set::PhraseSet};
use crate::data::{Data, DataError};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrases {
    pub numbers: FxHashMap<String, u8>,
    /// Numerals that others join by a dash ("twenty-three").
    pub tens: FxHashSet<String>,
    pub organ: Organ,
    pub list: ListWords,
    pub position: Positions,
    pub veto: Veto,
    pub outcome: OutcomeWords,
    pub tally: TallyWords,
    pub draft: DraftWords,
    pub time: TimeWords,
    pub same: PhraseSet,
    pub speaker: FxHashSet<String>,
    pub pronouns: FxHashSet<String>,
    pub meeting: MeetingWords,
    pub statement: StatementWords,
    pub measure: Vec<Measure>,
    pub subject: SubjectWords,
    pub presidency: PresidencyWords,
    pub history: HistoryWords,
    /// Names that several states share: the member is meant.
    pub ambiguous: FxHashMap<String, Vec<String>>,
}

/// Names of the Council, and of bodies that share its name or vote like it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organ {
    pub full: PhraseSet,
    pub short: PhraseSet,
    /// A state's council of a like name.
    pub foreign: PhraseSet,
    pub foreign_after: PhraseSet,
    pub foreign_before: PhraseSet,
    pub other: PhraseSet,
    /// Another body to whom the Council speaks ("recommande à l'Assemblée générale").
    pub addressed: PhraseSet,
    /// Councils that may be named in passing: not the subject of what follows.
    pub namesakes: PhraseSet,
    /// Asks the Council for an act that follows.
    pub asked: PhraseSet,
    /// The United Nations, whose Council is meant wherever they are named.
    pub nations: PhraseSet,
}

/// How lists of states are put.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListWords {
    /// Between the ends of a range ("du Canada à la Malaisie").
    pub range: FxHashSet<String>,
    pub connectors: FxHashSet<String>,
    /// Connectors of several words ("ainsi que").
    pub joins: PhraseSet,
    pub openers: FxHashSet<String>,
    pub prepositions: FxHashSet<String>,
    /// Before those who are left out ("tous sauf la Russie").
    pub excepting: FxHashSet<String>,
    pub articles: FxHashSet<String>,
    /// Prepositions that stand before every name of a list: a name without one begins another list.
    pub repeated: FxHashSet<String>,
    /// Words that look like prepositions before the subject of a clause.
    pub conjunctions: FxHashSet<String>,
    /// Between two clauses of a sentence ("treize ont voté pour et la Chine s'est abstenue").
    pub parting: FxHashSet<String>,
    pub indefinite: FxHashSet<String>,
    /// Before a number of states named before ("ces deux pays").
    pub demonstratives: FxHashSet<String>,
    pub relatives: FxHashSet<String>,
    pub voters: FxHashSet<String>,
    /// Behind a number that is added to the names before it ("three others").
    pub further: FxHashSet<String>,
    /// What makes voters a group of their own ("les trois membres africains"): their number is not that of a whole side.
    pub kinds: PhraseSet,
    /// Nouns for votes cast, which nobody who abstains casts.
    pub ballots: FxHashSet<String>,
    /// Before names that lead a group of voters.
    pub leading: PhraseSet,
    /// Between a part and its whole ("onze des quinze").
    pub partitive: FxHashSet<String>,
    pub others: PhraseSet,
    pub own: PhraseSet,
    /// Nobody else took the position ("seul à s'y opposer"): it was taken once.
    pub sole: PhraseSet,
    /// "voted with": on whose side somebody was, which says not what that side did.
    pub siding: PhraseSet,
    /// Behind voters and those they voted with: they voted no ("voted with Moscow against it").
    pub opposing: FxHashSet<String>,
    /// As many voters as were named last ("celles de ces deux pays").
    pub those: PhraseSet,
    /// Before voters who took the position just told ("comme la Jordanie").
    pub alike: PhraseSet,
    /// After voters who took the position of the sentence before ("la Chine aussi").
    pub too: PhraseSet,
    /// Between voters and those who voted as they did ("ont été suivis par").
    pub joined: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Positions {
    #[serde(rename = "for")]
    pub in_favour: Cues,
    pub against: Cues,
    pub abstain: Cues,
    pub absent: Cues,
}

impl Positions {
    pub(super) fn each(&self) -> [(Position, &Cues); 4] {
        [
            (Position::For, &self.in_favour),
            (Position::Against, &self.against),
            (Position::Abstain, &self.abstain),
            (Position::Absent, &self.absent),
        ]
    }

    /// Whether words that tell the position of their subject begin at a token.
    pub(super) fn begin_at(&self, words: &Words, at: usize) -> bool {
        self.each().iter().any(|(_, cues)| cues.subject.at(words, at).is_some())
    }
}

/// Phrases that state a position, by where the voters stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cues {
    /// Voters before; after only where nobody stands before.
    pub subject: PhraseSet,
    /// Voters after.
    pub list: PhraseSet,
    /// As `subject`, but only of a text or of counted voters: said of other things too ("backed the mediation").
    pub weak: PhraseSet,
    /// Voters before and after ("siding with").
    pub both: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Veto {
    pub subject: PhraseSet,
    pub list: PhraseSet,
    pub noun: PhraseSet,
    pub never: PhraseSet,
    /// Before the date of the last veto ("had not used its veto since").
    pub since: PhraseSet,
}

impl Veto {
    /// Whether a veto is spoken of, as a noun or a verb.
    pub(super) fn is_in(&self, words: &Words) -> bool {
        self.subject.is_in(words) || self.noun.is_in(words)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeWords {
    /// No outcome is told where these stand.
    pub never: PhraseSet,
    pub adopted: PhraseSet,
    pub failed: PhraseSet,
    pub vetoed: PhraseSet,
    pub unanimous: PhraseSet,
    pub none: PhraseSet,
    pub none_against: PhraseSet,
    pub alone: PhraseSet,
    pub procedural: PhraseSet,
    /// A number of votes that would be needed.
    pub needed: PhraseSet,
    /// What the Council does in a text that it adopts.
    pub decided: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TallyWords {
    pub for_against: PhraseSet,
    pub for_against_abstain: PhraseSet,
    #[serde(rename = "for")]
    pub in_favour: PhraseSet,
    pub against: PhraseSet,
    pub abstain: PhraseSet,
    /// A number of votes and nothing else: in favour.
    pub bare: PhraseSet,
    /// Words that tell of a number without naming it; fifteen stands for the whole table.
    pub implied: FxHashMap<String, u8>,
}

impl TallyWords {
    /// The phrases that hold numbers of votes.
    pub(super) fn all(&self) -> [&PhraseSet; 6] {
        [
            &self.for_against,
            &self.for_against_abstain,
            &self.in_favour,
            &self.against,
            &self.abstain,
            &self.bare,
        ]
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftWords {
    pub nouns: PhraseSet,
    pub by: PhraseSet,
    /// Before sponsors that join others.
    pub joint: PhraseSet,
    pub authors: PhraseSet,
    /// Before authors who are others than the states named beside them ("outre ses auteurs").
    pub other_authors: PhraseSet,
    /// Prepositions that name the author ("le texte de la France").
    pub genitive: FxHashSet<String>,
    /// Marks after an author's name ("Russia's draft").
    pub possessive: FxHashSet<String>,
    /// Possessives before the noun ("son projet").
    pub own: FxHashSet<String>,
    pub tabled: PhraseSet,
    pub planned: PhraseSet,
    pub stopped: PhraseSet,
    /// The vote of the day was not held.
    pub put_off: PhraseSet,
    /// Of `stopped`: what none but the authors do ("withdrew its draft").
    pub withdrawn: PhraseSet,
    pub second: PhraseSet,
    /// Possessives of several holders.
    pub plural: FxHashSet<String>,
    /// At the head of a sentence: the text named last of several.
    pub latter: PhraseSet,
    pub third: PhraseSet,
    pub first: PhraseSet,
    pub other_amendment: PhraseSet,
    pub amendment: PhraseSet,
    /// What was to be amended, once amendments were told of ("la résolution elle-même").
    pub amended: PhraseSet,
    /// The vote itself.
    pub ballot: PhraseSet,
    /// A vote that decides nothing ("vote indicatif").
    pub straw: PhraseSet,
    /// Of both texts told of ("dans les deux cas").
    pub both: PhraseSet,
    /// Before the number of a resolution that is not the one voted on.
    pub reference: PhraseSet,
    /// "celui de la Russie": a text, where one was named before in the sentence.
    pub pronouns: FxHashSet<String>,
    /// What authors do with a text.
    pub author_acts: PhraseSet,
    /// Before the subject of a relative clause whose object is the text ("que la France a rédigé").
    pub relatives: FxHashSet<String>,
    /// Words before the number of a resolution.
    pub number_words: FxHashSet<String>,
    /// A vote is still to come.
    pub awaits: PhraseSet,
    /// A veto is threatened.
    pub threatened: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeWords {
    /// The act is background.
    pub past: PhraseSet,
    /// Before a cue: no fact.
    pub hypothetical: PhraseSet,
    pub negation: FxHashSet<String>,
    pub future: PhraseSet,
    /// Before a participle: it is done, not a description.
    pub passive: FxHashSet<String>,
    /// Before an act that is still to come.
    pub coming: PhraseSet,
    /// Before an act on which the Council decides now, for whatever day.
    pub decided: PhraseSet,
    /// After an infinitive: the act is still to come, or would be.
    #[serde(default)]
    pub future_endings: Vec<String>,
    #[serde(default)]
    pub conditional_endings: Vec<String>,
    /// Before the day on which something runs out.
    pub ends: PhraseSet,
    /// Of the vote told before ("à cette occasion").
    pub then: PhraseSet,
    /// Auxiliaries of what was done before.
    pub pluperfect: PhraseSet,
    /// After a date that it makes the date of what follows ("since November, when").
    pub when: FxHashSet<String>,
    /// Before a date: not when the act was done.
    pub skip: FxHashSet<String>,
    /// Before where a span of time begins or ends ("since the invasion of Kuwait in August").
    pub spans: FxHashSet<String>,
    /// Between a noun and its date ("l'attaque du 7 octobre").
    pub genitive: FxHashSet<String>,
    /// Adverbs that take back what they stand in ("nearly").
    pub hedges: FxHashSet<String>,
    /// Right before a position these make it a speech ("spoke in favor").
    pub talk: FxHashSet<String>,
}

impl TimeWords {
    /// Whether words of condition, wish or things to come stand in a range.
    pub(super) fn unreal(&self, words: &Words, range: Range<usize>) -> bool {
        let end = range.end.min(words.forms.len());
        self.hypothetical.within(words, range.start..end)
            || (range.start..end).any(|at| words.future[at] || words.conditional[at])
    }

    /// Where the passive begins whose participle stands at `at`. "A draft calling for a truce was vetoed": what the
    /// draft wants is no condition of the veto.
    pub(super) fn passive_start(&self, words: &Words, at: usize) -> Option<usize> {
        let auxiliary = (at.saturating_sub(1)..=at).find(|i| self.passive.contains(&words.forms[*i]))?;
        Some(auxiliary.saturating_sub(2))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeetingWords {
    pub held: PhraseSet,
    /// Right before a meeting at which something else was done ("lors d'une réunion").
    pub during: PhraseSet,
    pub sought: PhraseSet,
    pub requested: PhraseSet,
    pub emergency: PhraseSet,
    pub closed: PhraseSet,
    pub open: PhraseSet,
    pub arria: PhraseSet,
    /// There was none, and nobody is said to have asked for it.
    pub refused: PhraseSet,
    /// Asked for, and refused by the Council or blocked by members.
    pub denied: PhraseSet,
    /// The meeting is still to come.
    pub due: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementWords {
    pub presidential: PhraseSet,
    pub press: PhraseSet,
    pub any: PhraseSet,
    pub issued: PhraseSet,
    /// The Council itself says it, whatever the form.
    pub issued_by_council: PhraseSet,
    pub planned: PhraseSet,
    /// Asked for, drafted or negotiated.
    pub sought: PhraseSet,
    /// The Council could not agree on one.
    pub failed: PhraseSet,
    /// What others say before the Council ("a statement to the Security Council").
    pub addressed: PhraseSet,
    /// Before those without whom there was none.
    pub lacking: PhraseSet,
    /// What a statement says, which is no text that is voted on ("le texte d'une déclaration").
    pub wording: PhraseSet,
    /// Nouns for a text of any kind: that of a statement where one was told of.
    pub vague: FxHashSet<String>,
    /// Nouns for the statement once it was told of, and for what is none.
    pub texts: PhraseSet,
    pub not_texts: PhraseSet,
    pub blocked: PhraseSet,
}

/// What an action is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectWords {
    /// Before the subject of a text, meeting or statement.
    pub about: PhraseSet,
    /// What a text does to its subject ("exigeant").
    pub purpose: PhraseSet,
    pub meetings: PhraseSet,
    /// Where a subject ends.
    pub stops: PhraseSet,
    /// What begins like this is no subject ("ce texte").
    pub never: PhraseSet,
}

/// Who presides over the Council.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresidencyWords {
    pub nouns: PhraseSet,
    /// The presidency of another month, or of another body.
    pub never: PhraseSet,
}

/// Articles that look back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryWords {
    /// At the head of a headline or lead: chronologies, portraits.
    pub genres: PhraseSet,
    /// As `genres`: what the article says holds at all times.
    pub explainers: PhraseSet,
    /// In the lead: somebody has died, and his life is told.
    pub lives: PhraseSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measure {
    pub name: String,
    /// Ends something: may follow from a veto, or from a date set before.
    #[serde(default)]
    pub ends: bool,
    /// An act after its thing merely describes it ("l'embargo imposé au Soudan"), unless it is passive.
    #[serde(default)]
    pub described: bool,
    /// As `described`, where the line tells of one of these measures too ("mis fin au mandat, prorogé en février").
    #[serde(default)]
    pub described_beside: Vec<String>,
    /// Measures that share its words: where a line tells of one of these, it does not tell of this one.
    #[serde(default)]
    pub yields_to: Vec<String>,
    #[serde(default)]
    pub phrases: PhraseSet,
    /// What is done, and to what: both in one clause, in either order.
    #[serde(default)]
    pub acts: PhraseSet,
    #[serde(default)]
    pub things: PhraseSet,
}

impl Phrases {
    /// # Errors
    /// The file is missing, or a phrase in it cannot be read.
    pub(super) fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        data.toml(&format!("languages/{language}/council.toml"))
    }
}
