//! Generous proposals: every trigger with every candidate holder and target, and what speaks for each.

use super::{
    Class,
    confidence::{Row, Scored},
    factuality::Factuality,
    features::{self, Stated},
    frames::{HolderCandidate, HolderPath, Scene, TargetCandidate},
    lexicon::HolderSlot,
    matching::Match,
};
use crate::{
    actors::Code,
    discourse::{reading::Place, speech::SpeakerPath},
    features::Features,
    syntax::traversal::SubjectPath,
};

/// A possible stance.
#[derive(Debug, Clone)]
pub struct Proposal<'l> {
    pub found: Match<'l>,
    pub class: Class,
    pub holder: HolderCandidate,
    pub target: TargetCandidate,
    pub holder_code: Code,
    pub target_code: Code,
    pub factuality: Factuality,
    pub features: Features,
}

impl Proposal<'_> {
    /// As the choice among those at one head sees it.
    pub fn scored(&self, score: f64) -> Scored {
        Scored {
            class: self.class,
            path: self.holder.path,
            slot: self.target.slot_name,
            mutual: self.found.entry.trigger.holder == HolderSlot::Mutual,
            holder_row: row(self.holder.row, &self.holder_code),
            target_row: row(self.target.row, &self.target_code),
            score,
        }
    }
}

fn row(begins: Option<Place>, code: &Code) -> Row {
    begins.map_or_else(|| Row::Alone(code.clone()), Row::List)
}

/// Codes that act as nobody in particular.
pub(super) const OTHER: &str = "OTHER";

/// All proposals of one match. `named` keeps the features' names, for training and `--explain`.
pub fn proposals<'l>(scene: &Scene, found: &Match<'l>, named: bool) -> Vec<Proposal<'l>> {
    let factuality = Factuality::of(scene.reading, &scene.rules.factuality, found.place);
    let Some(class) = stated_class(scene, found, factuality) else { return Vec::new() };
    // A question states nothing, nor does a game or what others hope or fear; a threat to act is no act.
    if factuality.asked
        || factuality.game
        || factuality.expected
        || factuality.threatened && class != Class::Threaten
    {
        return Vec::new();
    }
    // Who denies to have done it did not, as far as is told; what a speaker alleges is alleged, though another denies it.
    let denied = factuality.denied && found.entry.trigger.holder != HolderSlot::Speaker;
    if denied || scene.speaks_for_nobody(found, class) {
        return Vec::new();
    }
    let holders = scene.holders(found);
    if holders.is_empty() {
        return Vec::new();
    }
    let targets = scene.targets(found);
    let unnamed = scene.unnamed_target(found, &targets);
    let stated = Stated { found, class, factuality, unnamed, lemma: scene.reading.lemma(found.place) };
    let described = |describe: &dyn Fn(&mut Features)| {
        let mut features = Features::new(named);
        describe(&mut features);
        features
    };
    let of_trigger = described(&|f| features::of_trigger(scene, &stated, f));
    let way_to = |place: Option<Place>| features::way_to(scene, found.place, place?);
    let to_targets: Vec<Option<String>> = targets.iter().map(|t| way_to(t.row.or(t.place))).collect();
    let of_target = |(t, way): (&TargetCandidate, &Option<String>)| {
        described(&|f| features::of_target(scene, &stated, t, way.as_deref(), &targets, f))
    };
    let of_targets: Vec<Features> = targets.iter().zip(&to_targets).map(of_target).collect();
    let mut all = Vec::new();
    for holder in &holders {
        let holder_code = scene.code(&holder.who);
        let to_holder = way_to(holder.row.or(Some(holder.place)));
        let to_holder = to_holder.as_deref();
        let of_holder =
            described(&|f| features::of_holder(scene, &stated, holder, to_holder, holders.len(), f));
        for ((target, of_target), to_target) in targets.iter().zip(&of_targets).zip(&to_targets) {
            let target_code = scene.code(&target.who);
            let alleged =
                factuality.requested && is_of_governing_verb(holder.path, found.entry.trigger.holder);
            if holder_code == target_code || holder.who == target.who || alleged {
                continue;
            }
            let mut proposal = Proposal {
                found: found.clone(),
                class,
                holder: holder.clone(),
                target: target.clone(),
                holder_code: holder_code.clone(),
                target_code,
                factuality,
                features: Features::new(named),
            };
            let ways = (to_holder, to_target.as_deref());
            let of_pair = described(&|f| features::of_pair(scene, &proposal, ways, f));
            proposal.features = Features::join(&[&of_trigger, &of_holder, of_target, &of_pair]);
            all.push(proposal);
        }
    }
    all
}

/// Whether the holder asks for the act, is asked for it (alone or with whoever asks) or is accused of it: under a
/// request or an accusation no act is a stance of either side (guide, section 1.4), unless the words are the speaker's
/// own demand or judgement.
fn is_of_governing_verb(path: HolderPath, slot: HolderSlot) -> bool {
    match path {
        HolderPath::Subject(SubjectPath::Controlled | SubjectPath::ObjectControlled) | HolderPath::Mutual => {
            true
        }
        HolderPath::Speaker(SpeakerPath::Complement) => slot != HolderSlot::Speaker,
        _ => false,
    }
}

/// The class after negation and after the verb that carries a noun ("lève les sanctions"); `None` where nothing is stated.
fn stated_class(scene: &Scene, found: &Match, factuality: Factuality) -> Option<Class> {
    let trigger = &found.entry.trigger;
    if let Some(turned) = scene.turned_class(found) {
        return turned;
    }
    match (factuality.negated, trigger.negated) {
        (negated, _) if trigger.negative => negated.then_some(found.entry.class),
        (true, turned) => turned,
        (false, _) => Some(found.entry.class),
    }
}
