//! Who holds a stance and whom it is towards: candidates for both around a trigger.

mod holders;
mod likely;
mod targets;
mod texts;

pub use texts::TextWords;

use super::{LanguageRules, matching::Triggers};
use crate::{
    actors::{Code, Relations, Via},
    discourse::{
        authorship::{Acts, Author, AuthorPath},
        coreference,
        descriptions::Descriptions,
        parts::Parts,
        prominence::Prominence,
        reading::{Place, Reading},
        speech::{SpeakerPath, Speech},
    },
    syntax::{Upos, traversal, traversal::SubjectPath},
};

/// How a candidate holder hangs on its trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HolderPath {
    Subject(SubjectPath),
    /// Subject of the verb that carries a stance noun ("exprime son soutien").
    LightVerb,
    /// Subject of another verb above a stance noun.
    OtherVerb,
    /// Beside a stance noun ("les critiques de Paris").
    Beside(AuthorPath),
    Speaker(SpeakerPath),
    /// The noun that an adjective or participle stands with ("Londres, préoccupé").
    Described,
    /// The other side of an act that both do.
    Mutual,
    /// First actor of a headline without a verb of its own.
    Headline,
    /// Stands before the trigger in its sentence, whatever the tree says.
    Near,
    /// Acts in the sentence before.
    Before,
    /// A frequent actor of the article, by rank.
    Prominent(u8),
}

/// How the actor itself was found at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    Named,
    Coreference,
    /// Not the likeliest antecedent of the pronoun, but the next.
    SecondCoreference,
    /// "les deux pays"
    Description,
    /// The speaker's own "nous".
    SpeakerPronoun,
    Author(AuthorPath),
    /// A frequent actor of the article, by rank.
    Prominent(u8),
    /// `default_target` of the entry.
    Default,
    /// Said to nobody in particular.
    Everyone,
}

impl Found {
    /// Whether actors found so at one place are meant together ("les deux pays"), not one of them.
    fn is_of_a_row(self) -> bool {
        matches!(self, Self::Named | Self::Coreference | Self::Description)
    }
}

/// An actor at a place of the tree.
struct Standing {
    who: Who,
    found: Found,
    place: Place,
    /// Not the first of its list.
    coordinated: bool,
    row: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Mention(usize),
    Code(Code),
}

#[derive(Debug, Clone)]
pub struct HolderCandidate {
    pub who: Who,
    pub path: HolderPath,
    pub found: Found,
    pub place: Place,
    pub coordinated: bool,
    /// One place for all members of the list that it stands in, alone or not; `None` where nothing says who belongs
    /// together.
    pub row: Option<Place>,
}

impl HolderCandidate {
    fn new(standing: Standing, path: HolderPath) -> Self {
        let Standing { who, found, place, coordinated, row } = standing;
        Self { who, path, found, place, coordinated, row }
    }
}

#[derive(Debug, Clone)]
pub struct TargetCandidate {
    pub who: Who,
    /// The entry's slot that it stands in, by rank; `None` for those found without one.
    pub slot: Option<u8>,
    pub slot_name: &'static str,
    pub found: Found,
    pub place: Option<Place>,
    pub coordinated: bool,
    /// As of a holder.
    pub row: Option<Place>,
}

/// What the search for actors looks at.
pub struct Scene<'a> {
    pub reading: &'a Reading<'a>,
    pub speech: &'a Speech,
    pub acts: &'a Acts,
    pub descriptions: &'a Descriptions,
    pub prominence: &'a Prominence,
    pub parts: &'a Parts,
    pub relations: &'a Relations,
    pub triggers: &'a Triggers<'a>,
    pub rules: &'a LanguageRules,
}

impl Scene<'_> {
    /// The code of a candidate.
    pub fn code(&self, who: &Who) -> Code {
        match who {
            Who::Mention(m) => self.reading.mentions[*m].code.clone(),
            Who::Code(code) => code.clone(),
        }
    }

    /// Actors named at a nominal and those coordinated with it.
    fn actors_at(&self, place: Place, as_holder: bool) -> Vec<Standing> {
        let tree = self.reading.tree(place);
        let mut standing: Vec<Standing> = Vec::new();
        for (i, node) in traversal::conjuncts(tree, place.node).into_iter().enumerate() {
            let here = Place { sentence: place.sentence, node };
            for (mention, found) in self.actors_named(here, as_holder) {
                let who = Who::Mention(mention);
                if !standing.iter().any(|s| s.who == who) {
                    let row = found.is_of_a_row().then_some(place);
                    standing.push(Standing { who, found, place: here, coordinated: i > 0, row });
                }
            }
        }
        if as_holder && self.reading.in_headline(place) {
            standing.extend(self.listed_before(place));
        }
        standing
    }

    /// "Brasilia, Mexico condamnent": a list without a conjunction that a headline begins with, which no tree shows.
    fn listed_before(&self, place: Place) -> Vec<Standing> {
        let mut standing = Vec::new();
        let Some(last) = self.reading.mention_at(place) else { return standing };
        let mut first = self.reading.mentions[last].first;
        while let Some(comma) = first.checked_sub(1).filter(|c| *c > 0) {
            let before = Place { node: comma - 1, ..place };
            let listed = self.reading.mention_at(before).filter(|m| self.reading.mentions[*m].can_hold);
            let joins = self.reading.form(Place { node: comma, ..place }) == ",";
            let Some(mention) = listed.filter(|_| joins) else { return Vec::new() };
            first = self.reading.mentions[mention].first;
            standing.push(Standing {
                who: Who::Mention(mention),
                found: Found::Named,
                place: before,
                coordinated: true,
                row: Some(place),
            });
        }
        if first == 0 { standing } else { Vec::new() }
    }

    fn actors_named(&self, place: Place, as_holder: bool) -> Vec<(usize, Found)> {
        let named = self.reading.mentions_at(place);
        if !named.is_empty() {
            return named.into_iter().map(|m| (m, Found::Named)).collect();
        }
        let form = self.reading.form(place);
        if self.reading.grammar.is_speaker(form) {
            return self.speaking(place).map(|m| (m, Found::SpeakerPronoun)).into_iter().collect();
        }
        let antecedents = coreference::antecedents(self.reading, place, as_holder);
        if !antecedents.is_empty() {
            let ways = [Found::Coreference, Found::SecondCoreference];
            let meant = |(antecedent, found)| {
                coreference::meant(self.reading, place, antecedent).into_iter().map(move |m| (m, found))
            };
            return antecedents.into_iter().zip(ways).flat_map(meant).collect();
        }
        if !matches!(
            self.reading.tree(place).nodes[place.node].upos,
            Upos::Noun | Upos::Propn | Upos::Verb | Upos::Adj
        ) {
            return Vec::new();
        }
        if as_holder && self.is_crowd(place) {
            return Vec::new();
        }
        if as_holder && self.is_text(place) {
            return self
                .adopter(place)
                .map(|m| (m, Found::Author(AuthorPath::LastMention)))
                .into_iter()
                .collect();
        }
        let described = self.described(place);
        if !described.is_empty() {
            return described.into_iter().map(|m| (m, Found::Description)).collect();
        }
        let authors = self.acts.authors(self.reading, place);
        let limit = if as_holder { 1 } else { 4 };
        authors.into_iter().take(limit).map(|a| (a.mention, Found::Author(a.path))).collect()
    }

    /// Who is meant by a bare description ("les deux alliés"), whose own phrase names nobody.
    fn described(&self, place: Place) -> Vec<usize> {
        let described = self.descriptions.resolve(self.reading, place);
        if described.is_empty() || authors_beside(&self.acts.authors(self.reading, place)) {
            return Vec::new();
        }
        described
    }

    /// The mention that speaks the words at a place, pronouns resolved.
    fn speaking(&self, place: Place) -> Option<usize> {
        let speaker = self.speech.speaker(self.reading, place)?;
        self.reading.mention_at(speaker.place).or_else(|| coreference::pronoun(self.reading, speaker.place))
    }
}

/// Whether an act's own phrase names somebody, so that it is no bare description.
fn authors_beside(authors: &[Author]) -> bool {
    authors.iter().any(|a| a.path != AuthorPath::LastMention)
}

/// What an actor reached that way is called in the output.
pub fn via(found: Found, named: Via) -> Via {
    match found {
        Found::Named => named,
        Found::Coreference | Found::SecondCoreference | Found::Description | Found::SpeakerPronoun => {
            Via::Coreference
        }
        Found::Author(_) | Found::Prominent(_) | Found::Default | Found::Everyone => Via::Author,
    }
}
