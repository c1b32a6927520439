//! Whether the stance was taken, is planned, would be taken, or was taken long ago.

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::StanceStatus;
use crate::{
    data::{Data, DataError},
    discourse::{
        Precision, When,
        reading::{Place, Reading},
        time::{TimeExpression, TimeResolver},
    },
    syntax::{Deprel, Node, Tree, Upos, traversal, traversal::SubjectPath},
    text::Phrases,
};

/// `languages/<code>/negation.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactualityWords {
    negators: FxHashSet<String>,
    particle: FxHashSet<String>,
    particle_suffices: FxHashSet<String>,
    negative_verbs: FxHashSet<String>,
    negative_words: Phrases,
    conditional_words: Phrases,
    possible_verbs: FxHashSet<String>,
    possible_words: Phrases,
    planned_verbs: FxHashSet<String>,
    planned_words: Phrases,
    past_words: Phrases,
    requesting_verbs: FxHashSet<String>,
    denying_verbs: FxHashSet<String>,
    denying_words: Phrases,
    rejecting_verbs: FxHashSet<String>,
    alleging_nouns: FxHashSet<String>,
    expecting_verbs: FxHashSet<String>,
    game_words: Phrases,
    threatening_verbs: FxHashSet<String>,
    pluperfect: FxHashSet<String>,
    future_endings: Vec<String>,
    conditional_endings: Vec<String>,
}

impl FactualityWords {
    /// # Errors
    /// The file is missing or not of this shape.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        data.toml(&format!("languages/{language}/negation.toml"))
    }
}

/// What stands around a trigger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Factuality {
    pub negated: bool,
    /// Is what somebody denies to have done.
    pub denied: bool,
    pub planned: bool,
    pub possible: bool,
    /// Hangs on somebody's request or accusation.
    pub requested: bool,
    /// Is what somebody threatens to do.
    pub threatened: bool,
    /// What somebody hopes, fears or expects that another does.
    pub expected: bool,
    pub conditional: bool,
    pub pluperfect: bool,
    /// "à l'époque", "déjà"
    pub background: bool,
    /// Its sentence tells of a game, where sides threaten and condemn each other without a word.
    pub game: bool,
    /// Its sentence ends as a question.
    pub question: bool,
    /// It is what the article itself asks: no quotation, no clause that takes it for granted.
    pub asked: bool,
}

/// Verbs above a trigger that are looked at.
const CHAIN: usize = 4;

impl Factuality {
    pub fn of(reading: &Reading, words: &FactualityWords, place: Place) -> Self {
        let tree = reading.tree(place);
        let question = tree.nodes.last().is_some_and(|n| n.form == "?");
        let asked = question && !reading.is_quoted(place) && is_main(tree, place.node);
        let game = words.game_words.occur(&forms(&tree.nodes));
        let mut found = Self { game, question, asked, ..Self::default() };
        let mut at = place.node;
        for _ in 0..CHAIN {
            found.look_around(tree, words, at);
            let node = &tree.nodes[at];
            let Some(head) = node.head else { break };
            if let Some(governor) = governor_of_clause(tree, at) {
                found.look_above_clause(tree, words, governor);
            }
            found.denied |= is_denied(reading, words, Place { node: at, ..place });
            if let Some(verb) = accuser(tree, words, at) {
                found.look_above(tree, words, verb);
                at = verb;
                continue;
            }
            let hangs = match node.deprel {
                Deprel::Xcomp
                | Deprel::Obj
                | Deprel::NsubjPass
                | Deprel::Advcl
                | Deprel::Acl
                | Deprel::Obl => true,
                Deprel::Ccomp => tree.nodes[at].upos != Upos::Verb || is_infinitive_like(tree, at),
                _ => false,
            };
            if !hangs {
                break;
            }
            found.look_above(tree, words, head);
            if !matches!(node.deprel, Deprel::Xcomp | Deprel::Obj | Deprel::NsubjPass) {
                break;
            }
            at = head;
        }
        found
    }

    /// Whether it came about, by all that is said here.
    pub fn is_fact(&self) -> bool {
        let unreal = self.negated || self.denied || self.possible || self.conditional || self.asked;
        !(unreal || self.planned || self.requested || self.threatened || self.expected)
    }

    fn look_around(&mut self, tree: &Tree, words: &FactualityWords, at: usize) {
        let node = &tree.nodes[at];
        let verbal = matches!(node.upos, Upos::Verb | Upos::Aux);
        let mut particle = false;
        let mut suffices = words.particle_suffices.contains(&node.lemma);
        for child in tree.children(at) {
            let child = &tree.nodes[*child];
            let form = child.form.to_lowercase();
            match child.deprel {
                Deprel::Advmod | Deprel::Det | Deprel::Cc if words.negators.contains(&form) => {
                    self.negated = true;
                }
                Deprel::Advmod if words.particle.contains(&form) => particle = true,
                Deprel::Aux | Deprel::AuxPass | Deprel::Cop => {
                    self.pluperfect |= words.pluperfect.contains(&form) && child.deprel == Deprel::Aux;
                    self.planned |=
                        words.planned_verbs.contains(&child.lemma) || ends(&form, &words.future_endings);
                    let possible = words.possible_verbs.contains(&child.lemma);
                    self.possible |= possible;
                    self.conditional |= possible || ends(&form, &words.conditional_endings);
                    suffices |= words.particle_suffices.contains(&child.lemma);
                }
                _ => {}
            }
        }
        self.negated |= particle && (suffices || has_negated_object(tree, words, at));
        self.negated |= (particle || words.particle.is_empty()) && has_negated_subject(tree, words, at);
        if verbal {
            let form = node.form.to_lowercase();
            self.planned |= ends(&form, &words.future_endings) && form != node.lemma;
            self.conditional |= ends(&form, &words.conditional_endings);
        }
        let before = words_before(tree, at);
        self.negated |= words.negative_words.occur(&before);
        self.denied |= words.denying_words.occur(&before);
        self.conditional |= words.conditional_words.occur(&before);
        self.possible |= words.possible_words.occur(&before);
        self.planned |= words.planned_words.occur(&before);
        self.background |= words.past_words.occur(&before);
    }

    fn look_above(&mut self, tree: &Tree, words: &FactualityWords, head: usize) {
        let lemma = &tree.nodes[head].lemma;
        self.negated |= words.negative_verbs.contains(lemma);
        self.planned |= words.planned_verbs.contains(lemma);
        self.possible |= words.possible_verbs.contains(lemma);
        self.requested |= words.requesting_verbs.contains(lemma);
        self.threatened |= words.threatening_verbs.contains(lemma);
    }

    /// Above a clause with a subject of its own: whether it is denied, hoped or feared.
    fn look_above_clause(&mut self, tree: &Tree, words: &FactualityWords, head: usize) {
        let lemma = &tree.nodes[head].lemma;
        self.negated |= words.negative_verbs.contains(lemma);
        self.expected |= words.expecting_verbs.contains(lemma);
    }

    /// The status in the guide's terms; `when` decides what is background.
    pub fn status(&self, when: &Moments, published: Option<Date>) -> StanceStatus {
        if when.history || is_long_past(when.when.as_ref(), published) {
            StanceStatus::Past
        } else if self.conditional {
            StanceStatus::Conditional
        } else if self.planned {
            StanceStatus::Planned
        } else {
            StanceStatus::Stated
        }
    }
}

/// Words that can bear on a node from before it.
const BEFORE: usize = 4;

/// "n'acceptera aucune médiation"
fn has_negated_object(tree: &Tree, words: &FactualityWords, verb: usize) -> bool {
    tree.children_by(verb, Deprel::Obj).any(|object| {
        tree.children(object).iter().map(|c| &tree.nodes[*c]).any(|c| {
            matches!(c.deprel, Deprel::Det | Deprel::Amod) && words.negators.contains(&c.form.to_lowercase())
        })
    })
}

/// What a clause with a subject of its own hangs on: "dément que", "il est faux que", "s'attend à ce que".
fn governor_of_clause(tree: &Tree, clause: usize) -> Option<usize> {
    let node = &tree.nodes[clause];
    let head = node.head?;
    match node.deprel {
        Deprel::Ccomp | Deprel::Csubj => Some(head),
        Deprel::Acl | Deprel::AclRelcl | Deprel::Advcl if tree.nodes[head].upos == Upos::Pron => {
            tree.nodes[head].head
        }
        _ => None,
    }
}

/// The verb that accuses of what a noun names, or threatens with it: the noun stands and falls with it. The tree may
/// hang it on the name of whom the verb concerns ("accusé Lima d'espionnage").
fn accuser(tree: &Tree, words: &FactualityWords, noun: usize) -> Option<usize> {
    let node = &tree.nodes[noun];
    let head = node.head?;
    let above = &tree.nodes[head];
    let verb = match node.deprel {
        Deprel::Obl => head,
        Deprel::Nmod
            if above.upos == Upos::Propn && matches!(above.deprel, Deprel::Obj | Deprel::NsubjPass) =>
        {
            above.head?
        }
        _ => return None,
    };
    let lemma = &tree.nodes[verb].lemma;
    (words.requesting_verbs.contains(lemma) || words.threatening_verbs.contains(lemma)).then_some(verb)
}

/// Whether a verb tells what somebody denies: "nie avoir menacé", "rejected claims that it had threatened".
fn is_denied(reading: &Reading, words: &FactualityWords, place: Place) -> bool {
    let (tree, at) = (reading.tree(place), place.node);
    let node = &tree.nodes[at];
    let (Upos::Verb, Some(head)) = (node.upos, node.head) else { return false };
    let above = &tree.nodes[head];
    let denies = |lemma: &String| words.denying_verbs.contains(lemma);
    match node.deprel {
        Deprel::Xcomp | Deprel::Ccomp => denies(&above.lemma),
        Deprel::Acl | Deprel::AclRelcl if words.alleging_nouns.contains(&above.lemma) => {
            // "les accusations de Moscou, qui menace Kiev" tells nothing of the accusations.
            let relative = traversal::subject(tree, reading.grammar, at)
                .is_some_and(|s| s.path == SubjectPath::Relative);
            let verb = above.head.map(|verb| &tree.nodes[verb].lemma);
            let told = node.deprel == Deprel::AclRelcl || traversal::has(tree, at, Deprel::Mark);
            told && !relative && verb.is_some_and(|verb| denies(verb) || words.rejecting_verbs.contains(verb))
        }
        _ => false,
    }
}

/// "ni Paris ni Rome n'ont condamné", "neither Paris nor Rome condemned"
fn has_negated_subject(tree: &Tree, words: &FactualityWords, verb: usize) -> bool {
    let subjects = tree.children_by(verb, Deprel::Nsubj);
    let parts = subjects.flat_map(|s| [s].into_iter().chain(tree.children_by(s, Deprel::Conj)));
    parts.flat_map(|part| tree.children(part)).map(|c| &tree.nodes[*c]).any(|c| {
        matches!(c.deprel, Deprel::Cc | Deprel::Det) && words.negators.contains(&c.form.to_lowercase())
    })
}

/// Whether nothing between a word and the root makes it something else than what the sentence says.
fn is_main(tree: &Tree, node: usize) -> bool {
    let says = |at: usize| {
        matches!(
            tree.nodes[at].deprel,
            Deprel::Root | Deprel::Xcomp | Deprel::Obj | Deprel::Obl | Deprel::Conj | Deprel::Parataxis
        )
    };
    let mut at = node;
    for _ in 0..=CHAIN {
        if !says(at) {
            return false;
        }
        let Some(head) = tree.nodes[at].head else { return true };
        at = head;
    }
    false
}

fn words_before(tree: &Tree, at: usize) -> Vec<String> {
    forms(&tree.nodes[at.saturating_sub(BEFORE)..at])
}

fn forms(nodes: &[Node]) -> Vec<String> {
    nodes.iter().map(|n| n.form.to_lowercase()).collect()
}

fn is_infinitive_like(tree: &Tree, node: usize) -> bool {
    !traversal::has(tree, node, Deprel::Nsubj) && !traversal::has(tree, node, Deprel::NsubjPass)
}

fn ends(form: &str, endings: &[String]) -> bool {
    endings.iter().any(|e| form.len() > e.len() + 1 && form.ends_with(e.as_str()))
}

/// Background is what lies further back than this (guide, section 1.3).
const BACKGROUND_DAYS: i32 = 30;

fn is_long_past(when: Option<&When>, published: Option<Date>) -> bool {
    let (Some(date), Some(published)) = (when.and_then(|w| w.date), published) else { return false };
    published.since(date).is_ok_and(|span| span.get_days() > BACKGROUND_DAYS)
}

/// The moment of a trigger.
#[derive(Debug, Clone)]
pub struct Moments {
    pub when: Option<When>,
    pub history: bool,
}

/// Expressions of time of a whole article, by sentence.
#[derive(Debug)]
pub struct Calendar {
    expressions: Vec<Vec<TimeExpression>>,
}

impl Calendar {
    pub fn new(reading: &Reading, resolver: &TimeResolver) -> Self {
        let expressions =
            reading.document.sentences.iter().map(|s| resolver.expressions(&s.tokens)).collect();
        Self { expressions }
    }

    /// The moment that the trigger's clause names, else the sentence's nearest outside quotations.
    pub fn moment(&self, reading: &Reading, place: Place, future: bool) -> Moments {
        let Some(published) = reading.published else { return Moments { when: None, history: false } };
        let tree = reading.tree(place);
        let clause = traversal::clause_nodes(tree, traversal::clause_head(tree, place.node));
        let nearest = self.expressions[place.sentence]
            .iter()
            .filter(|e| {
                reading.is_quoted(place)
                    || !reading.is_quoted(Place { sentence: place.sentence, node: e.first })
            })
            .min_by_key(|e| (!clause.contains(&e.first), e.first.abs_diff(place.node)));
        let Some(expression) = nearest else { return Moments { when: None, history: false } };
        let span = reading.span(place.sentence, expression.first, expression.end - 1);
        let when = expression.when(published, future, reading.document.slice(span));
        let moment = expression.moment(published, future);
        let known = when.date.is_some() || when.precision != Precision::Article;
        Moments { when: known.then_some(when), history: moment.history }
    }
}
