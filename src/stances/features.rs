//! What speaks for or against a proposal: the features that the model of confidence weighs.

use super::{
    Class,
    factuality::Factuality,
    frames::{Found, HolderCandidate, HolderPath, Scene, TargetCandidate, Who},
    lexicon::HeadKind,
    matching::Match,
    proposals::{OTHER, Proposal},
};
use crate::{
    actors::{ActorKind, Code, Terms},
    discourse::reading::Place,
    features::Features,
    syntax::{Tree, Upos, traversal::share_list},
};

/// What all proposals of a trigger share.
pub(super) struct Stated<'a, 'l> {
    pub(super) found: &'a Match<'l>,
    pub(super) class: Class,
    pub(super) factuality: Factuality,
    /// The word in the entry's first filled slot, where no slot names an actor ("communauté" in "appelle la communauté
    /// internationale à agir").
    pub(super) unnamed: Option<&'a str>,
    /// Base form of the trigger's head.
    pub(super) lemma: &'a str,
}

/// Features of the trigger and of the article.
pub(super) fn of_trigger(scene: &Scene, t: &Stated, f: &mut Features) {
    f.add(format_args!("bias"));
    describe_article(scene, t, f);
    describe_trigger(scene, t, f);
    describe_words(scene, t, f);
}

/// A diplomatic article names several actors; one about crime or sport names few.
fn describe_article(scene: &Scene, t: &Stated, f: &mut Features) {
    f.add(format_args!("article.actors={}", actors_of_article(scene).min(6)));
    let here = scene.reading.mentions.iter().filter(|m| m.sentence == t.found.place.sentence);
    f.add(format_args!("sentence.actors={}", here.filter(|m| &*m.code != OTHER).count().min(4)));
}

fn actors_of_article(scene: &Scene) -> usize {
    scene.prominence.ranked().iter().filter(|code| &***code != OTHER).count()
}

/// The words that the trigger hangs on and that hang on it.
fn describe_words(scene: &Scene, t: &Stated, f: &mut Features) {
    let tree = scene.reading.tree(t.found.place);
    let class = t.class.as_str();
    if let Some(head) = tree.nodes[t.found.place.node].head {
        f.add(format_args!("above={}", tree.nodes[head].lemma));
    }
    for child in tree.children(t.found.place.node) {
        let word = &tree.nodes[*child];
        if matches!(word.upos, Upos::Noun | Upos::Verb | Upos::Adp | Upos::Adv | Upos::Sconj | Upos::Adj) {
            f.add(format_args!("below={:?}:{}", word.deprel, word.lemma));
            f.add(format_args!("below={},class={class}", word.lemma));
        }
    }
}

fn describe_trigger(scene: &Scene, t: &Stated, f: &mut Features) {
    let class = t.class.as_str();
    let entry = &t.found.entry;
    let lemma = t.lemma;
    let kind = entry.head;
    f.add(format_args!("class={class}"));
    f.add(format_args!("head={kind:?}"));
    f.add(format_args!("class={class},head={kind:?}"));
    f.add(format_args!("trigger={class}/{lemma}"));
    f.add(format_args!("rule={}", entry.id));
    describe_neighbours(scene, t, f);
    f.add(format_args!("companions={}", t.found.tokens.len().min(3)));
    if !entry.trigger.cues.is_empty() {
        f.add(format_args!("cued"));
    }
    let upos = scene.reading.tree(t.found.place).nodes[t.found.place.node].upos;
    f.add(format_args!("upos={upos:?},head={kind:?}"));
    let fact = &t.factuality;
    for (name, holds) in [
        ("negated", fact.negated),
        ("planned", fact.planned),
        ("possible", fact.possible),
        ("requested", fact.requested),
        ("conditional", fact.conditional),
        ("pluperfect", fact.pluperfect),
        ("background", fact.background),
        ("question", fact.question),
        ("headline", scene.reading.in_headline(t.found.place)),
        ("quoted", scene.reading.is_quoted(t.found.place)),
    ] {
        if holds {
            f.add(format_args!("{name}"));
            f.add(format_args!("{name},class={class}"));
            f.add(format_args!("{name},head={kind:?}"));
        }
    }
    let sentence = match t.found.place.sentence {
        0..=1 => 0,
        2..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    f.add(format_args!("sentence={sentence}"));
    let deprel = scene.reading.tree(t.found.place).nodes[t.found.place.node].deprel;
    f.add(format_args!("deprel={deprel:?},head={kind:?}"));
}

/// Other triggers around this one: a stance within a stance, and words that may state several.
fn describe_neighbours(scene: &Scene, t: &Stated, f: &mut Features) {
    let tree = scene.reading.tree(t.found.place);
    let class = t.class.as_str();
    let word = &tree.nodes[t.found.place.node];
    let name = |class: Option<Class>| class.map_or("none", Class::as_str);
    let above = name(scene.triggers.above(tree, t.found.place));
    f.add(format_args!("under={above}"));
    f.add(format_args!("under={above},class={class}"));
    f.add(format_args!("under={above},deprel={:?}", word.deprel));
    let below = name(scene.triggers.below(tree, t.found.place));
    f.add(format_args!("over={below},class={class}"));
    f.add(format_args!("rivals={}", scene.triggers.classes_at(t.found.place).min(3)));
    if word.upos == Upos::Verb {
        // Tense and mood, as far as the ending tells.
        let ending = word.form.char_indices().rev().nth(2).map_or(&*word.form, |(i, _)| &word.form[i..]);
        f.add(format_args!("ending={ending}"));
    }
}

/// Features of one of `holders` candidate holders.
pub(super) fn of_holder(
    scene: &Scene,
    t: &Stated,
    holder: &HolderCandidate,
    way: Option<&str>,
    holders: usize,
    f: &mut Features,
) {
    let (class, lemma) = (t.class.as_str(), t.lemma);
    let path = holder.path;
    let found = holder.found;
    let head = t.found.entry.head;
    let actors = actors_of_article(scene).min(4);
    f.add(format_args!("article.actors={actors},path={}", holder_short(path)));
    f.add(format_args!("holder={path:?}"));
    f.add(format_args!("holder={path:?},head={head:?}"));
    f.add(format_args!("holder={path:?},trigger={class}/{lemma}"));
    f.add(format_args!("holder={path:?},slot={:?}", t.found.entry.trigger.holder));
    f.add(format_args!("holder.found={found:?}"));
    f.add(format_args!("holders={}", holders.min(3)));
    if holder.coordinated {
        f.add(format_args!("holder.coordinated"));
    }
    let code = scene.code(&holder.who);
    let rank = scene.prominence.rank(&code).map_or(9, |r| r.min(4));
    f.add(format_args!("holder.prominence={rank},path={}", holder_short(path)));
    f.add(format_args!("holder.in_headline={}", scene.prominence.in_headline(&code)));
    describe_part(scene, t, "holder", &code, holder_short(path), f);
    if let Who::Mention(m) = holder.who {
        let mention = &scene.reading.mentions[m];
        f.add(format_args!("holder.kind={:?}", mention.kind));
        f.add(format_args!("holder.via={:?}", mention.via));
        f.add(format_args!("holder.can={}", mention.can_hold));
        f.add(format_args!("holder.via={:?},can={},path={path:?}", mention.via, mention.can_hold));
        if mention.person.is_some() {
            f.add(format_args!("holder.person"));
        }
        if mention.role.is_some() {
            f.add(format_args!("holder.role"));
        }
        let other = &*mention.code == OTHER;
        if other {
            f.add(format_args!("holder.other"));
            f.add(format_args!(
                "holder.other,person={},role={}",
                mention.person.is_some(),
                mention.role.is_some()
            ));
            f.add(format_args!("holder.other,class={}", t.class.as_str()));
        }
    }
    let word = &scene.reading.tree(holder.place).nodes[holder.place.node];
    if word.upos == Upos::Noun {
        f.add(format_args!("holder.word={}", word.lemma));
    }
    let begins = holder.row.unwrap_or(holder.place);
    if let Some(way) = way {
        f.add(format_args!("holder.way={way}"));
        f.add(format_args!("holder.way={way},slot={:?}", t.found.entry.trigger.holder));
        f.add(format_args!("holder.way={way},trigger={class}/{lemma}"));
    }
    let distance = bucket(t.found.place, begins);
    f.add(format_args!("holder.distance={distance}"));
    f.add(format_args!("holder.distance={distance},trigger={class}/{lemma}"));
    let before = begins < t.found.place;
    f.add(format_args!("holder.before={before},path={path:?}"));
}

/// Features of one of the candidate targets.
pub(super) fn of_target(
    scene: &Scene,
    t: &Stated,
    target: &TargetCandidate,
    way: Option<&str>,
    targets: &[TargetCandidate],
    f: &mut Features,
) {
    let found = target.found;
    let (class, lemma) = (t.class.as_str(), t.lemma);
    let slot = target.slot_name;
    let rank = target.slot.map_or(9, |r| r.min(3));
    f.add(format_args!("target.found={found:?}"));
    f.add(format_args!("target.found={found:?},class={class}"));
    f.add(format_args!("target.found={found:?},trigger={class}/{lemma}"));
    f.add(format_args!("target.found={found:?},slot={slot}"));
    f.add(format_args!("target.slot={slot},class={class}"));
    f.add(format_args!("target.slot={slot},trigger={class}/{lemma}"));
    f.add(format_args!("target.rank={rank},found={found:?}"));
    if target.coordinated {
        f.add(format_args!("target.coordinated"));
    }
    let in_headline = scene.prominence.in_headline(&scene.code(&target.who));
    f.add(format_args!("target.in_headline={in_headline},found={}", short(found)));
    describe_part(scene, t, "target", &scene.code(&target.who), short(found), f);
    if target.slot.is_none() {
        f.add(format_args!("unnamed={},found={}", t.unnamed.unwrap_or("none"), short(found)));
    }
    let slotted = targets.iter().filter(|t| t.slot.is_some()).count();
    let named = targets.iter().filter(|t| t.slot.is_some() && t.found == Found::Named).count();
    f.add(format_args!("target.slot={slot},slotted={},named={}", slotted.min(2), named.min(2)));
    f.add(format_args!("target.found={found:?},slotted={},named={}", slotted.min(2), named.min(2)));
    if target.slot.is_none() && found == Found::Named {
        let nearer = targets
            .iter()
            .filter(|c| c.slot.is_none() && c.found == Found::Named && nearer(t.found.place, c, target))
            .count();
        f.add(format_args!("target.nearby={},slotted={}", nearer.min(3), slotted.min(1)));
    }
    if let Who::Mention(m) = target.who {
        let mention = &scene.reading.mentions[m];
        f.add(format_args!("target.kind={:?}", mention.kind));
        f.add(format_args!("target.kind={:?},class={class}", mention.kind));
        f.add(format_args!("target.via={:?},slot={slot}", mention.via));
        f.add(format_args!("target.can={},slot={slot}", mention.can_hold));
        if &*mention.code == OTHER {
            f.add(format_args!("target.other,slot={slot}"));
            f.add(format_args!("target.other,person={}", mention.person.is_some()));
        }
        let frequency = scene.prominence.rank(&mention.code).unwrap_or(9);
        f.add(format_args!("target.prominence={}", frequency.min(5)));
        f.add(format_args!("target.prominence={},found={}", frequency.min(3), short(found)));
    }
    // What stands in a list is where the list is.
    if let Some(place) = target.row.or(target.place) {
        let distance = bucket(t.found.place, place);
        f.add(format_args!("target.distance={distance}"));
        f.add(format_args!("target.distance={distance},trigger={class}/{lemma}"));
        let after = place.node > t.found.place.node;
        f.add(format_args!("target.after={after},slot={slot}"));
        if let Some(way) = way {
            f.add(format_args!("target.way={way}"));
            f.add(format_args!("target.way={way},class={class}"));
            f.add(format_args!("target.way={way},trigger={class}/{lemma}"));
        }
        let word = &scene.reading.tree(place).nodes[target.place.unwrap_or(place).node];
        if found != Found::Named && word.upos == Upos::Noun {
            f.add(format_args!("target.act={}", word.lemma));
        }
        if let (Found::Author(_), Who::Mention(m)) = (found, &target.who) {
            describe_author(scene, *m, &word.lemma, class, f);
        }
    }
}

/// What an actor did just before, and in the article's first sentence.
fn describe_part(scene: &Scene, t: &Stated, who: &str, code: &Code, how: &str, f: &mut Features) {
    let class = t.class.as_str();
    let sentence = t.found.place.sentence;
    if let Some(part) = scene.parts.before(sentence, code) {
        f.add(format_args!("{who}.before={part:?},found={how}"));
        f.add(format_args!("{who}.before={part:?},class={class}"));
    }
    if let Some(part) = scene.parts.in_lead(sentence, code) {
        f.add(format_args!("{who}.lead={part:?},found={how}"));
        f.add(format_args!("{who}.lead={part:?},class={class}"));
    }
}

/// Under which preposition the author of an act stands: "l'attaque contre X" is not X's.
fn describe_author(scene: &Scene, mention: usize, act: &str, class: &str, f: &mut Features) {
    let mention = &scene.reading.mentions[mention];
    let tree = &scene.reading.trees[mention.sentence];
    let case = scene.reading.grammar.preposition(tree, mention.head).unwrap_or("none");
    f.add(format_args!("target.author.case={case}"));
    f.add(format_args!("target.author.case={case},class={class}"));
    f.add(format_args!("target.author.case={case},act={act}"));
}

/// Features of holder and target together.
pub(super) fn of_pair(scene: &Scene, p: &Proposal, ways: (Option<&str>, Option<&str>), f: &mut Features) {
    let class = p.class.as_str();
    if let (Some(to_holder), Some(to_target)) = ways {
        f.add(format_args!("ways={to_holder},{to_target},class={class}"));
    }
    let (path, found) = (p.holder.path, p.target.found);
    f.add(format_args!("pair={},{},{}", holder_short(path), short(found), p.target.slot_name));
    f.add(format_args!("pair={},{},class={class}", holder_short(path), short(found)));
    if &*p.holder_code == OTHER && &*p.target_code == OTHER {
        f.add(format_args!("both.other"));
    }
    describe_codes(p, f);
    describe_terms(scene, p, f);
    describe_bystanders(scene, p, f);
    let together = scene.prominence.together(&p.holder_code, &p.target_code).min(4);
    f.add(format_args!("pair.together={together},found={}", short(found)));
    if let Some(target) = p.target.place.filter(|t| t.sentence == p.holder.place.sentence)
        && share_list(scene.reading.tree(target), p.holder.place.node, target.node)
    {
        // "a indigné Pékin, Séoul et Washington": they feel it together, not towards each other.
        f.add(format_args!("pair.list,slot={}", p.target.slot_name));
    }
    if &*p.holder_code == OTHER {
        // Domestic politics: a person of no office towards the state that the article is about.
        let rank = scene.prominence.rank(&p.target_code).map_or(9, |r| r.min(3));
        f.add(format_args!("holder.other,target.prominence={rank}"));
    }
    let kinds = |who: &Who| match who {
        Who::Mention(m) => Some(scene.reading.mentions[*m].kind),
        Who::Code(_) => None,
    };
    f.add(format_args!("kinds={:?},{:?}", kinds(&p.holder.who), kinds(&p.target.who)));
    if kinds(&p.holder.who) == Some(ActorKind::Other) && p.found.entry.head == HeadKind::Noun {
        f.add(format_args!("holder.other,noun"));
    }
}

/// Who they are: some pairs quarrel, some agree, and some bodies ask more than they accuse.
fn describe_codes(p: &Proposal, f: &mut Features) {
    let (holder, target, class) = (&*p.holder_code, &*p.target_code, p.class.as_str());
    let polarity = p.class.polarity();
    f.add(format_args!("holder.code={holder}"));
    f.add(format_args!("holder.code={holder},class={class}"));
    f.add(format_args!("target.code={target}"));
    f.add(format_args!("target.code={target},class={class}"));
    f.add(format_args!("codes={holder},{target}"));
    f.add(format_args!("codes={holder},{target},polarity={polarity}"));
}

/// On what terms the two were at the time: so pairs that no label has seen are judged too.
fn describe_terms(scene: &Scene, p: &Proposal, f: &mut Features) {
    let terms = scene.relations.between(&p.holder_code, &p.target_code, scene.reading.published);
    let name = terms.map_or("none", Terms::as_str);
    f.add(format_args!("terms={name}"));
    f.add(format_args!("terms={name},class={}", p.class.as_str()));
    f.add(format_args!("terms={name},polarity={}", p.class.polarity()));
}

/// Foes and friends of the two that the sentence names besides: who does something to a foe is who is condemned for it.
fn describe_bystanders(scene: &Scene, p: &Proposal, f: &mut Features) {
    let (holder, target) = (&*p.holder_code, &*p.target_code);
    let here = scene.reading.mentions.iter().filter(|m| m.sentence == p.found.place.sentence);
    let others: Vec<&str> =
        here.map(|m| &*m.code).filter(|code| ![OTHER, holder, target].contains(code)).collect();
    let named = |of: &str, terms: Terms| {
        let is_on = |other: &&str| scene.relations.between(of, other, scene.reading.published) == Some(terms);
        u8::from(others.iter().any(is_on))
    };
    let target = format!("{}{}", named(target, Terms::Hostile), named(target, Terms::Friendly));
    let holder = format!("{}{}", named(holder, Terms::Hostile), named(holder, Terms::Friendly));
    let (class, polarity) = (p.class.as_str(), p.class.polarity());
    f.add(format_args!("bystanders={target},class={class}"));
    f.add(format_args!("bystanders={target},polarity={polarity},found={}", short(p.target.found)));
    f.add(format_args!("bystanders={target},{holder},polarity={polarity}"));
}

fn nearer(trigger: Place, a: &TargetCandidate, b: &TargetCandidate) -> bool {
    let distance =
        |t: &TargetCandidate| t.place.map_or(usize::MAX, |place| place.node.abs_diff(trigger.node));
    distance(a) < distance(b)
}

fn bucket(a: Place, b: Place) -> &'static str {
    if a.sentence != b.sentence {
        return "elsewhere";
    }
    match a.node.abs_diff(b.node) {
        0..=2 => "0-2",
        3..=5 => "3-5",
        6..=10 => "6-10",
        11..=20 => "11-20",
        _ => "far",
    }
}

fn short(found: Found) -> &'static str {
    match found {
        Found::Named => "named",
        Found::Coreference => "coreference",
        Found::SecondCoreference => "coreference2",
        Found::Description => "description",
        Found::SpeakerPronoun => "speaker",
        Found::Author(_) => "author",
        Found::Prominent(_) => "prominent",
        Found::Default => "default",
        Found::Everyone => "everyone",
    }
}

fn holder_short(path: HolderPath) -> &'static str {
    match path {
        HolderPath::Subject(_) => "subject",
        HolderPath::LightVerb => "light",
        HolderPath::OtherVerb => "verb",
        HolderPath::Beside(_) => "beside",
        HolderPath::Speaker(_) => "speaker",
        HolderPath::Described => "described",
        HolderPath::Mutual => "mutual",
        HolderPath::Headline => "headline",
        HolderPath::Near => "near",
        HolderPath::Before => "before",
        HolderPath::Prominent(_) => "prominent",
    }
}

/// Longest way through the tree that is spelled out.
const WAY: usize = 4;

/// The way through the tree from the trigger to a place in its sentence.
pub(super) fn way_to(scene: &Scene, trigger: Place, place: Place) -> Option<String> {
    (place.sentence == trigger.sentence).then(|| way(scene.reading.tree(trigger), trigger.node, place.node))
}

/// The relations from one word up to the common ancestor and down to the other ("^conj.nsubj").
fn way(tree: &Tree, from: usize, to: usize) -> String {
    let chain = |mut node: usize| {
        let mut nodes = vec![node];
        while let Some(head) = tree.nodes[node].head {
            nodes.push(head);
            node = head;
        }
        nodes
    };
    let (up, down) = (chain(from), chain(to));
    let Some(meet) = up.iter().position(|n| down.contains(n)) else { return "none".to_owned() };
    let below = down.iter().position(|n| *n == up[meet]).unwrap_or_default();
    if meet + below > WAY {
        return "long".to_owned();
    }
    let upwards = up[..meet].iter().map(|n| format!("^{:?}", tree.nodes[*n].deprel));
    let downwards = down[..below].iter().rev().map(|n| format!(".{:?}", tree.nodes[*n].deprel));
    upwards.chain(downwards).collect()
}
