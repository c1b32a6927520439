//! From proposals to stances: one clause, one class; the same position told twice counts once.

use super::{
    Actor, Quoted, Stance,
    confidence::{self, Scored},
    factuality::Calendar,
    frames::{self, Found, Scene, Who},
    lexicon::Slot,
    proposals::{Proposal, proposals},
};
use crate::{
    actors::{ActorKind, Code, Via},
    discourse::{Attribution, AttributionMode, Precision, When, reading::Place},
    stances::matching::Match,
    syntax::traversal,
};

/// Code of whoever is in no gazetteer.
const OTHER: &str = "OTHER";
/// Code of "and its allies".
const ALLIES: &str = "ALLIES";

/// What of the proposals is kept.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// Keep the names and weights of features on each stance.
    pub explain: bool,
    /// Publish also what lies under the class's threshold, down to this.
    pub floor: Option<f64>,
}

/// The stances of an article, in the order of the text.
pub fn stances(scene: &Scene, calendar: &Calendar, keep: Keep) -> Vec<Stance> {
    let mut all: Vec<Stance> = Vec::new();
    let mut clause = 0;
    for at_head in scene.triggers.by_head() {
        let chosen = choose(scene, at_head, keep);
        if chosen.is_empty() {
            continue;
        }
        for (proposal, confidence) in chosen {
            for stance in build(scene, calendar, &proposal, confidence, clause, keep) {
                add(&mut all, stance);
            }
        }
        clause += 1;
    }
    all
}

/// All proposals of an article, for training.
pub fn all_proposals<'l>(scene: &Scene<'l>) -> Vec<Proposal<'l>> {
    scene.triggers.by_head().flatten().flat_map(|m| proposals(scene, m, true)).filter(is_labelled).collect()
}

/// Of the proposals at one head those that pass the threshold of their class, with their common confidence.
fn choose<'l>(scene: &Scene, at_head: &[Match<'l>], keep: Keep) -> Vec<(Proposal<'l>, f64)> {
    let model = &scene.rules.model;
    let all: Vec<Proposal> =
        at_head.iter().flat_map(|m| proposals(scene, m, keep.explain)).filter(is_labelled).collect();
    let scored: Vec<Scored> = all.iter().map(|p| p.scored(model.score(&p.features))).collect();
    let (chosen, confidence) = confidence::choose(&scored);
    let threshold = |class| keep.floor.unwrap_or_else(|| model.threshold(class));
    let passes = chosen.first().is_some_and(|i| confidence >= threshold(all[*i].class));
    if !passes {
        return Vec::new();
    }
    chosen.into_iter().map(|i| (all[i].clone(), confidence)).collect()
}

/// A stance whose holder and target are both in no gazetteer is none (guide, section 1.2).
fn is_labelled(p: &Proposal) -> bool {
    !(&*p.holder_code == OTHER && &*p.target_code == OTHER)
}

fn add(all: &mut Vec<Stance>, stance: Stance) {
    let same = |s: &&mut Stance| {
        s.holder.code == stance.holder.code
            && s.class == stance.class
            && s.target.code == stance.target.code
            && (&*s.target.code != OTHER || s.target.name == stance.target.name)
            && (&*s.holder.code != OTHER || s.holder.name == stance.holder.name)
    };
    match all.iter_mut().find(same) {
        Some(known) if known.confidence >= stance.confidence => {}
        Some(known) => *known = stance,
        None => all.push(stance),
    }
}

fn build(
    scene: &Scene,
    calendar: &Calendar,
    p: &Proposal,
    confidence: f64,
    clause: u32,
    keep: Keep,
) -> Vec<Stance> {
    let reading = scene.reading;
    let moment = calendar.moment(reading, p.found.place, p.factuality.planned);
    let status = p.factuality.status(&moment, reading.published);
    let when = moment.when.unwrap_or(When {
        text: String::new(),
        date: reading.published,
        precision: Precision::Article,
    });
    let stance = Stance {
        clause,
        class: p.class,
        holder: actor(scene, &p.holder.who, p.holder.found),
        target: actor(scene, &p.target.who, p.target.found),
        topic: topic(scene, p),
        status,
        when,
        confidence,
        evidence: evidence(scene, p),
        triggers: p.found.tokens.iter().map(|t| reading.span(p.found.place.sentence, *t, *t)).collect(),
        rule: p.found.entry.id.clone(),
        attribution: attribution(scene, p),
        reasons: if keep.explain { scene.rules.model.reasons(&p.features) } else { Vec::new() },
    };
    let mut built = vec![stance];
    for (who, is_holder) in [(&p.holder.who, true), (&p.target.who, false)] {
        let Who::Mention(m) = who else { continue };
        if reading.mentions[*m].with_allies {
            let mut allies = built[0].clone();
            let side = if is_holder { &mut allies.holder } else { &mut allies.target };
            side.code = Code::from(ALLIES);
            side.kind = ActorKind::Group;
            built.push(allies);
        }
    }
    built
}

fn actor(scene: &Scene, who: &Who, found: Found) -> Actor {
    match who {
        Who::Mention(m) => {
            let mention = &scene.reading.mentions[*m];
            Actor {
                code: mention.code.clone(),
                kind: mention.kind,
                name: mention.name.clone(),
                via: frames::via(found, mention.via),
                person: mention.person.clone(),
                role: mention.role.clone(),
                span: Some(mention.span),
            }
        }
        Who::Code(code) => Actor {
            code: code.clone(),
            kind: ActorKind::Group,
            name: code.to_string(),
            via: Via::Author,
            person: None,
            role: None,
            span: None,
        },
    }
}

/// The clause that states it.
pub fn evidence(scene: &Scene, p: &Proposal) -> Quoted {
    let tree = scene.reading.tree(p.found.place);
    let clause = traversal::clause_nodes(tree, traversal::clause_head(tree, p.found.place.node));
    let first = clause.iter().chain(&p.found.tokens).copied().min().unwrap_or(p.found.place.node);
    let last = clause.iter().chain(&p.found.tokens).copied().max().unwrap_or(p.found.place.node);
    quoted(scene, p.found.place.sentence, first, last)
}

fn quoted(scene: &Scene, sentence: usize, first: usize, last: usize) -> Quoted {
    let span = scene.reading.span(sentence, first, last);
    Quoted { text: scene.reading.document.slice(span).to_owned(), span }
}

/// The phrase that the stance is about: the entry's topic slot, else that of its target.
fn topic(scene: &Scene, p: &Proposal) -> Option<Quoted> {
    let trigger = &p.found.entry.trigger;
    let node = trigger
        .topic
        .iter()
        .chain(&trigger.target)
        .filter_map(|slot| Slot::parse(slot))
        .flat_map(|slot| scene.slot_nodes(&p.found, &slot))
        .next()?;
    let tree = scene.reading.tree(p.found.place);
    let phrase = tree.subtree(node);
    Some(quoted(scene, p.found.place.sentence, *phrase.first()?, *phrase.last()?))
}

fn attribution(scene: &Scene, p: &Proposal) -> Attribution {
    let place = Place { sentence: p.found.place.sentence, node: p.found.place.node };
    let Some(speaker) = scene.speech.speaker(scene.reading, place) else {
        return Attribution { source: None, mode: AttributionMode::Narrated };
    };
    let named = scene.reading.mention_at(speaker.place).map(|m| &scene.reading.mentions[m]);
    // The holder's own words need no source beside the holder.
    let source = named.filter(|m| m.code != p.holder_code).map(|m| m.name.clone());
    Attribution { source, mode: speaker.mode }
}
