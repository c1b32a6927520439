//! The lexicon of a language: which words state which stance, and where holder and target stand.
//!
//! One TOML file a class in `languages/<code>/triggers/<class>.toml`; the file's name is the class
//! ("condemn.toml"). Each entry has an example that `demarche validate` and the tests run.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{
    Class,
    examples::{expectations, is_well_formed},
};
use crate::data::{Data, DataError};

/// A file of `triggers/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerFile {
    #[serde(default)]
    pub verb: Vec<Trigger>,
    #[serde(default)]
    pub noun: Vec<Trigger>,
    #[serde(default)]
    pub adjective: Vec<Trigger>,
}

/// A word, or a word with companions, that states a stance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Lemmas of the head word; several where they behave alike ("condamner", "réprouver").
    pub lemma: Vec<String>,
    /// Words, each by lemma or form in lower case, that must stand in this order and unbroken among those that
    /// depend on the head ("en garde" for "mettre"); one alternative suffices.
    #[serde(default)]
    pub with: Vec<String>,
    /// Words (lemma or form, some of several words) of which one must occur in the head's clause below it
    /// ("représailles", "conséquence").
    #[serde(default)]
    pub cues: Vec<String>,
    /// Words that must not occur there.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Only the reflexive form of the verb states the stance ("s'engager", "s'opposer"); the clitic is not in `with`.
    #[serde(default)]
    pub reflexive: bool,
    /// The word states the stance only under negation ("ne tolère pas" is `reject`, "tolère" is nothing).
    #[serde(default)]
    pub negative: bool,
    /// Where the holder stands.
    #[serde(default)]
    pub holder: HolderSlot,
    /// Where the target, or the act whose author is the target, stands: the first slot that is filled
    /// wins. UD relation, with the preposition after a colon: `obj`, `iobj`, `obl:contre`, `nmod:à`,
    /// `xcomp`, `ccomp`, `ccomp.nsubj` (subject of the complement clause), `nsubj` (with `holder = "speaker"`),
    /// `poss` (possessive or genitive of the noun), `amod` (adjective of a state), `compound` (noun before the noun).
    #[serde(default)]
    pub target: Vec<String>,
    /// Target where no slot is filled: `ALL` for a bare appeal; otherwise act to author decides.
    #[serde(default)]
    pub default_target: Option<String>,
    /// Where the topic stands, where it is not the target's own phrase.
    #[serde(default)]
    pub topic: Vec<String>,
    /// Class under negation ("ne reconnaît pas" is `reject`); absent: a negated trigger states nothing.
    #[serde(default)]
    pub negated: Option<Class>,
    /// A sentence of ours, and the findings it must give: `FRA condemn RUS`, several parted by `; `.
    pub example: String,
    pub expect: String,
}

/// Where the holder of a trigger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderSlot {
    /// Subject of the verb (agent in the passive); of a noun: subject of its light verb, else its
    /// genitive, "par" phrase, possessive or adjective; of an adjective: what it is said of.
    #[default]
    Subject,
    /// Whoever says the sentence ("cet acte est inacceptable, a déclaré Paris"; "Moscou estime que Kiev doit ...").
    Speaker,
    /// Object of the verb (subject in the passive): whoever feels it ("la décision inquiète Paris",
    /// "Paris, préoccupé par la décision").
    Object,
    /// Holder and target both act ("signer un accord", "s'entendre"): each subject towards each other.
    Mutual,
}

/// Part of speech of an entry's head word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeadKind {
    Verb,
    Noun,
    Adjective,
}

/// An entry with the class that its file gives it.
#[derive(Debug)]
pub struct Entry {
    /// `fr/condemn/dénoncer`.
    pub id: String,
    pub class: Class,
    pub head: HeadKind,
    pub trigger: Trigger,
    /// The trigger's `cues` and `unless`, ready to be looked up.
    pub cues: WordRows,
    pub unless: WordRows,
}

/// Rows of words by their first word: what stands behind it.
#[derive(Debug, Default)]
pub struct WordRows(FxHashMap<String, Vec<Vec<String>>>);

impl WordRows {
    fn new(rows: &[String]) -> Self {
        let mut by_first: FxHashMap<String, Vec<Vec<String>>> = FxHashMap::default();
        for row in rows {
            let mut words = row.split(' ').map(str::to_owned);
            by_first.entry(words.next().unwrap_or_default()).or_default().push(words.collect());
        }
        Self(by_first)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What follows `first` in each row that begins with it.
    pub fn behind(&self, first: &str) -> &[Vec<String>] {
        self.0.get(first).map_or(&[], Vec::as_slice)
    }
}

/// All triggers of a language.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    by_lemma: FxHashMap<String, Vec<u32>>,
}

impl Lexicon {
    /// Reads `languages/<code>/triggers/<class>.toml`.
    ///
    /// # Errors
    /// A file that is not of this shape, whose name is no class, or an unknown slot; the message names file and entry.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let folder = format!("languages/{language}/triggers/");
        let mut lexicon = Self { entries: Vec::new(), by_lemma: FxHashMap::default() };
        for path in data.paths(&folder) {
            let name = path.trim_start_matches(&folder).trim_end_matches(".toml");
            let class = Class::parse(name)
                .ok_or_else(|| DataError::invalid(path, "the file's name is no class of stance"))?;
            let file: TriggerFile = data.toml(path)?;
            for (head, triggers) in [
                (HeadKind::Verb, file.verb),
                (HeadKind::Noun, file.noun),
                (HeadKind::Adjective, file.adjective),
            ] {
                for trigger in triggers {
                    lexicon.add(path, language, name, class, head, trigger)?;
                }
            }
        }
        Ok(lexicon)
    }

    fn add(
        &mut self,
        path: &str,
        language: &str,
        file: &str,
        class: Class,
        head: HeadKind,
        trigger: Trigger,
    ) -> Result<(), DataError> {
        let Some(first) = trigger.lemma.first() else {
            return Err(DataError::invalid(path, format!("entry `{}` has no lemma", trigger.example)));
        };
        let id = match trigger.with.first() {
            Some(with) => format!("{language}/{file}/{first} {with}"),
            None => format!("{language}/{file}/{first}"),
        };
        for slot in trigger.target.iter().chain(&trigger.topic) {
            Slot::parse(slot)
                .ok_or_else(|| DataError::invalid(path, format!("entry `{id}`: unknown slot `{slot}`")))?;
        }
        if !expectations(&trigger.expect).all(is_well_formed) || expectations(&trigger.expect).count() == 0 {
            let words = format!("entry `{id}`: `expect` must name what the example says: `FRA condemn RUS`");
            return Err(DataError::invalid(path, words));
        }
        if trigger.example.trim().is_empty() {
            return Err(DataError::invalid(path, format!("entry `{id}` has no example")));
        }
        let index = self.entries.len() as u32;
        for lemma in &trigger.lemma {
            self.by_lemma.entry(lemma.clone()).or_default().push(index);
        }
        let (cues, unless) = (WordRows::new(&trigger.cues), WordRows::new(&trigger.unless));
        self.entries.push(Entry { id, class, head, trigger, cues, unless });
        Ok(())
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Entries whose head word has that lemma.
    pub fn headed(&self, head: HeadKind, lemma: &str) -> impl Iterator<Item = &Entry> {
        let found = self.by_lemma.get(lemma).map_or(&[][..], Vec::as_slice);
        found.iter().map(|i| &self.entries[*i as usize]).filter(move |entry| entry.head == head)
    }
}

/// A place of the holder or target around a trigger, in UD terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    Subject,
    Object,
    Indirect,
    /// Oblique of a verb or modifier of a noun, under a preposition.
    Oblique(String),
    Infinitive,
    Complement,
    ComplementSubject,
    Possessor,
    Adjective,
}

impl Slot {
    /// `None` where the text names no slot.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "nsubj" => Slot::Subject,
            "obj" => Slot::Object,
            "iobj" => Slot::Indirect,
            "xcomp" => Slot::Infinitive,
            "ccomp" => Slot::Complement,
            "ccomp.nsubj" => Slot::ComplementSubject,
            "poss" => Slot::Possessor,
            "amod" | "compound" => Slot::Adjective,
            _ => {
                let (relation, preposition) = text.split_once(':')?;
                if !matches!(relation, "obl" | "nmod") || preposition.is_empty() {
                    return None;
                }
                Slot::Oblique(preposition.to_owned())
            }
        })
    }
}
