//! Who says it: reported speech, quotations, and sources ("selon Paris").

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{
    AttributionMode,
    reading::{Place, Reading},
};
use crate::{
    data::{Data, DataError},
    syntax::{Deprel, Tree, Upos, traversal},
    text::Phrases,
};

/// `languages/<code>/speech.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeechWords {
    /// Lemmas of verbs of saying.
    speech_verbs: FxHashSet<String>,
    /// Lemmas of verbs of thinking ("estimer").
    thinking_verbs: FxHashSet<String>,
    source_prepositions: Sources,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    /// Prepositions that name a source wherever they stand ("selon").
    strong: Phrases,
    /// Prepositions that name one only at the beginning of a sentence, before an actor and a comma ("pour").
    #[serde(default)]
    initial: Phrases,
}

impl SpeechWords {
    /// # Errors
    /// The file is missing or not of this shape.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        data.toml(&format!("languages/{language}/speech.toml"))
    }

    fn says(&self, lemma: &str) -> bool {
        self.speech_verbs.contains(lemma) || self.thinking_verbs.contains(lemma)
    }
}

/// How the speaker of some words is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpeakerPath {
    /// "X dit que ..."
    Complement,
    /// "« ... », a dit X"
    Inserted,
    /// A quotation and a verb of saying elsewhere in its sentence.
    SameSentence,
    /// "selon X"
    Source,
    /// A quotation that goes on from the sentence before.
    Carried,
}

/// Whoever says the words at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The nominal that names the speaker.
    pub place: Place,
    pub path: SpeakerPath,
    pub mode: AttributionMode,
}

/// Speakers of a whole article, found once.
#[derive(Debug)]
pub struct Speech {
    /// By sentence: verbs of saying with their subjects.
    said: Vec<Vec<Saying>>,
    /// By sentence: the noun after "selon".
    sources: Vec<Option<usize>>,
    /// By sentence: the speaker whose quotation goes on into it.
    carried: FxHashMap<usize, Place>,
}

#[derive(Debug, Clone, Copy)]
struct Saying {
    verb: usize,
    subject: usize,
}

impl Speech {
    pub fn new(reading: &Reading, words: &SpeechWords) -> Self {
        let sentences = 0..reading.trees.len();
        let said: Vec<Vec<Saying>> = sentences.clone().map(|s| sayings(reading, words, s)).collect();
        let sources = sentences.map(|s| source(reading, words, s)).collect();
        let carried = carried(reading, &said);
        Self { said, sources, carried }
    }

    /// The speaker of the words at `place`, if they are somebody's words and not the article's.
    pub fn speaker(&self, reading: &Reading, place: Place) -> Option<Speaker> {
        self.complement_speaker(reading, place)
            .or_else(|| self.quotation_speaker(reading, place))
            .or_else(|| self.source_speaker(reading, place))
    }

    /// Whether the verb at `place` is one of saying with a subject.
    pub fn is_saying(&self, place: Place) -> bool {
        self.said[place.sentence].iter().any(|s| s.verb == place.node)
    }

    fn complement_speaker(&self, reading: &Reading, place: Place) -> Option<Speaker> {
        let tree = reading.tree(place);
        let mut at = place.node;
        while let Some(head) = tree.nodes[at].head {
            let deprel = tree.nodes[at].deprel;
            let content = matches!(
                deprel,
                Deprel::Ccomp | Deprel::Xcomp | Deprel::Obj | Deprel::Parataxis | Deprel::Advcl
            );
            if content
                && let Some(saying) =
                    self.said[place.sentence].iter().find(|s| s.verb == head && at != s.subject)
            {
                return Some(spoken_by(reading, place, saying.subject, SpeakerPath::Complement));
            }
            at = head;
        }
        // The other way round: the verb of saying hangs on what is said ("..., a déclaré X").
        let inserted = self.said[place.sentence].iter().find(|s| {
            let node = &tree.nodes[s.verb];
            matches!(node.deprel, Deprel::Parataxis | Deprel::Conj | Deprel::Advcl)
                && node.head.is_some_and(|h| is_above(tree, h, place.node))
                && !is_above(tree, s.verb, place.node)
                && s.subject != place.node
                && (node.deprel == Deprel::Parataxis || s.subject > s.verb)
        })?;
        Some(spoken_by(reading, place, inserted.subject, SpeakerPath::Inserted))
    }

    fn quotation_speaker(&self, reading: &Reading, place: Place) -> Option<Speaker> {
        if !reading.is_quoted(place) {
            return None;
        }
        let outside = |s: &&Saying| !reading.is_quoted(Place { sentence: place.sentence, node: s.verb });
        let distance = |s: &&Saying| s.verb.abs_diff(place.node);
        if let Some(saying) = self.said[place.sentence].iter().filter(outside).min_by_key(distance) {
            return Some(spoken_by(reading, place, saying.subject, SpeakerPath::SameSentence));
        }
        let carried = *self.carried.get(&place.sentence)?;
        Some(Speaker { place: carried, path: SpeakerPath::Carried, mode: AttributionMode::Quote })
    }

    fn source_speaker(&self, reading: &Reading, place: Place) -> Option<Speaker> {
        let node = self.sources[place.sentence]?;
        (node != place.node).then(|| spoken_by(reading, place, node, SpeakerPath::Source))
    }
}

fn spoken_by(reading: &Reading, of: Place, node: usize, path: SpeakerPath) -> Speaker {
    let mode = if reading.is_quoted(of) { AttributionMode::Quote } else { AttributionMode::Indirect };
    Speaker { place: Place { sentence: of.sentence, node }, path, mode }
}

fn is_above(tree: &Tree, ancestor: usize, node: usize) -> bool {
    let mut at = Some(node);
    while let Some(here) = at {
        if here == ancestor {
            return true;
        }
        at = tree.nodes[here].head;
    }
    false
}

fn sayings(reading: &Reading, words: &SpeechWords, sentence: usize) -> Vec<Saying> {
    let tree = &reading.trees[sentence];
    let mut found = Vec::new();
    for (verb, node) in tree.nodes.iter().enumerate() {
        if node.upos != Upos::Verb || !words.says(&node.lemma) {
            continue;
        }
        if let Some(subject) = traversal::subject(tree, reading.grammar, verb) {
            found.push(Saying { verb, subject: subject.node });
        }
    }
    found
}

fn source(reading: &Reading, words: &SpeechWords, sentence: usize) -> Option<usize> {
    let tree = &reading.trees[sentence];
    let forms: Vec<String> = tree.nodes.iter().map(|n| n.form.to_lowercase()).collect();
    let strong = &words.source_prepositions.strong;
    let initial = || {
        let length = words.source_prepositions.initial.length_at(&forms, 0)?;
        let node = named_behind(tree, length)?;
        let mention = &reading.mentions[reading.mention_at(Place { sentence, node })?];
        let comma = forms.get(mention.end).is_some_and(|f| f == ",");
        (comma && mention.can_hold).then_some(node)
    };
    (0..forms.len()).find_map(|at| named_behind(tree, at + strong.length_at(&forms, at)?)).or_else(initial)
}

/// How far behind a source's preposition, in tokens, its noun may begin.
const SOURCE_REACH: usize = 6;

/// The head of the first nominal phrase from `start` on.
fn named_behind(tree: &Tree, start: usize) -> Option<usize> {
    let end = (start + SOURCE_REACH).min(tree.nodes.len());
    let mut node = (start..end).find(|n| tree.nodes[*n].upos.is_nominal())?;
    // In a compound the head comes last ("the U.S. president").
    while let Some(head) = tree.nodes[node].head.filter(|h| *h > node && tree.nodes[*h].upos.is_nominal()) {
        node = head;
    }
    Some(node)
}

/// A sentence that is all quotation, with no verb of saying outside, has the speaker of the one before.
fn carried(reading: &Reading, said: &[Vec<Saying>]) -> FxHashMap<usize, Place> {
    let mut carried = FxHashMap::default();
    let mut last: Option<(u32, Place)> = None;
    for (sentence, sayings) in said.iter().enumerate() {
        let paragraph = reading.document.sentences[sentence].paragraph;
        let outside = sayings.iter().rfind(|s| !reading.is_quoted(Place { sentence, node: s.verb }));
        if let Some(saying) = outside {
            last = Some((paragraph, Place { sentence, node: saying.subject }));
        } else if reading.quoted_share(sentence) > 0.6 {
            if let Some((before, place)) = last.filter(|(before, _)| paragraph.abs_diff(*before) <= 1) {
                carried.insert(sentence, place);
                last = Some((before.max(paragraph), place));
            }
        } else {
            last = None;
        }
    }
    carried
}
