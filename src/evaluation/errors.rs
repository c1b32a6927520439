//! What was missed and what was invented, by cause.

use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};

use super::{
    Found, FoundEvent, FoundStance, Gold, GoldArticle, GoldStance, Level, council, council::Matching,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Missed,
    Extra,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Extra => "extra",
        }
    }
}

/// Why, as far as labels and findings tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Proposed, and not sure enough.
    RejectedByConfidence,
    /// Same holder and target, another class.
    WrongClass,
    /// Same holder and class, another target.
    WrongTarget,
    /// Same class and target, another holder.
    WrongHolder,
    /// Holder and target changed places.
    Swapped,
    /// A finding stands in that clause, but of other actors and another class.
    OtherFinding,
    /// That very stance was proposed, and another was surer at the same word, though not sure enough.
    Outdone,
    /// The class and the holder were proposed, but never together with that target.
    NoTarget,
    /// The class was proposed, but never of that holder.
    NoHolder,
    /// The class was not proposed: no trigger of it, or none from which a way leads to any holder and target.
    NoTrigger,
    /// Nothing was found in that clause, and what was proposed is not known, or not where the label stands.
    NothingFound,
    /// Nothing is labelled in that clause.
    NothingLabelled,
    /// A Council action that has no counterpart.
    NoAction,
    /// A vote told rightly, but for its outcome.
    WrongOutcome,
}

impl Cause {
    pub fn words(self) -> &'static str {
        match self {
            Self::RejectedByConfidence => "rejected by confidence",
            Self::WrongClass => "wrong class",
            Self::WrongTarget => "wrong target",
            Self::WrongHolder => "wrong holder",
            Self::Swapped => "holder and target swapped",
            Self::OtherFinding => "another finding in the clause",
            Self::Outdone => "outdone at the same word",
            Self::NoTarget => "no target",
            Self::NoHolder => "no holder",
            Self::NoTrigger => "no trigger",
            Self::NothingFound => "nothing found in the clause",
            Self::NothingLabelled => "nothing labelled in the clause",
            Self::NoAction => "no such Council action",
            Self::WrongOutcome => "wrong outcome",
        }
    }
}

/// What was missed or invented.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistaken {
    Stance { holder: String, class: String, target: String },
    Action { action: String, outcome: Option<String> },
}

/// `FRA condemn RUS`, `vote vetoed`
impl fmt::Display for Mistaken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Stance { holder, class, target } => write!(f, "{holder} {class} {target}"),
            Self::Action { action, outcome: None } => write!(f, "{action}"),
            Self::Action { action, outcome: Some(outcome) } => write!(f, "{action} {outcome}"),
        }
    }
}

/// One miss or extra.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Error {
    pub kind: Kind,
    pub cause: Cause,
    pub article: String,
    pub finding: Mistaken,
    /// What stands in its place, or the rule that made it.
    pub instead: String,
    /// The words of the article.
    pub words: String,
}

impl Error {
    /// `{kind, cause, id, holder, class, target, instead, sentence}`, or with `action` and `outcome` for the three.
    pub fn to_json(&self, sentence: &str) -> Value {
        let mut json = json!({"kind": self.kind.word(), "cause": self.cause.words(), "id": self.article});
        match &self.finding {
            Mistaken::Stance { holder, class, target } => {
                json["holder"] = json!(holder);
                json["class"] = json!(class);
                json["target"] = json!(target);
            }
            Mistaken::Action { action, outcome } => {
                json["action"] = json!(action);
                json["outcome"] = json!(outcome);
            }
        }
        json["instead"] = json!(self.instead);
        json["sentence"] = json!(sentence);
        json
    }
}

/// Every miss and extra, sorted by kind and cause. `all` has, beside those of `found`, what was chosen and not sure
/// enough; `proposed` everything from before the choice, where it is known.
pub fn errors(gold: &Gold, found: &Found, all: &Found, proposed: Option<&Found>) -> Vec<Error> {
    let mut errors: Vec<Error> = gold
        .articles
        .iter()
        .flat_map(|article| {
            let article = Article { gold: article, found, all, proposed };
            article.missed().into_iter().chain(article.extra()).chain(article.actions())
        })
        .collect();
    errors.sort();
    errors
}

struct Article<'a> {
    gold: &'a GoldArticle,
    found: &'a Found,
    all: &'a Found,
    proposed: Option<&'a Found>,
}

/// Holder, class, target.
type Told<'a> = (&'a str, &'a str, &'a str);

impl Article<'_> {
    fn missed(&self) -> Vec<Error> {
        let keys = Level::Class.keys(self.gold, self.found);
        let missed = keys.required.difference(&keys.found);
        missed
            .map(|(holder, class, target)| {
                let label = self.gold.stances.iter().find(|s| {
                    s.holder == *holder && s.class.as_str() == class && s.target_keys().any(|t| t == target)
                });
                let words = label.and_then(|label| label.clause.clone()).unwrap_or_default();
                let (cause, instead) = self.why_missed((holder, class, target), label);
                self.error(Kind::Missed, cause, (holder, class, target), instead, words)
            })
            .collect()
    }

    fn why_missed(&self, told: Told, label: Option<&GoldStance>) -> (Cause, String) {
        let rejected = self.all.stances(&self.gold.id).find(|(_, stance)| told_by(stance) == told);
        if let Some((event, _)) = rejected {
            return (Cause::RejectedByConfidence, format!("{:.3} by {}", event.confidence, event.rule));
        }
        let in_clause = |event: &FoundEvent| label.is_some_and(|label| label.shares_words(&event.evidence));
        let found: Vec<(&FoundEvent, &FoundStance)> = self.found.stances(&self.gold.id).collect();
        let likened = found.iter().filter_map(|(event, stance)| {
            let cause = compare(told, told_by(stance))?;
            // Another finding of the same class elsewhere in the article says nothing about this clause.
            (in_clause(event) || cause == Cause::WrongClass).then(|| (cause, told_words(told_by(stance))))
        });
        likened.min().unwrap_or_else(|| {
            let other = found.iter().find(|(event, _)| in_clause(event));
            match other {
                Some((_, stance)) => (Cause::OtherFinding, told_words(told_by(stance))),
                None => (self.why_nothing(told, label).unwrap_or(Cause::NothingFound), String::new()),
            }
        })
    }

    /// How far the proposals in the label's clause came; none where they or the clause are not known.
    fn why_nothing(&self, told: Told, label: Option<&GoldStance>) -> Option<Cause> {
        let label = label.filter(|label| label.clause.is_some())?;
        let proposed = self.proposed?.stances(&self.gold.id);
        let in_clause = proposed.filter(|(event, _)| label.shares_words(&event.evidence));
        let of_class: Vec<Told> =
            in_clause.map(|(_, stance)| told_by(stance)).filter(|other| other.1 == told.1).collect();
        Some(if of_class.contains(&told) {
            Cause::Outdone
        } else if of_class.iter().any(|other| other.0 == told.0) {
            Cause::NoTarget
        } else if of_class.is_empty() {
            Cause::NoTrigger
        } else {
            Cause::NoHolder
        })
    }

    fn extra(&self) -> Vec<Error> {
        let keys = Level::Class.keys(self.gold, self.found);
        let mut told: BTreeMap<Told, &FoundEvent> = BTreeMap::new();
        for (event, stance) in self.found.stances(&self.gold.id) {
            told.entry(told_by(stance)).or_insert(event);
        }
        told.into_iter()
            .filter(|((h, c, t), _)| {
                !keys.allowed.contains(&((*h).to_owned(), (*c).to_owned(), (*t).to_owned()))
            })
            .map(|(told, event)| {
                let (cause, instead) = self.why_extra(told, event);
                let instead = format!("{instead} {:.3} by {}", event.confidence, event.rule);
                self.error(Kind::Extra, cause, told, instead.trim().to_owned(), event.evidence.clone())
            })
            .collect()
    }

    fn why_extra(&self, told: Told, event: &FoundEvent) -> (Cause, String) {
        let likened = self.labels().filter_map(|(label, labelled)| {
            let cause = compare(told, labelled)?;
            (label.shares_words(&event.evidence) || cause == Cause::WrongClass)
                .then(|| (cause, format!("label {};", told_words(labelled))))
        });
        likened.min().unwrap_or_else(|| {
            let other = self.labels().find(|(label, _)| label.shares_words(&event.evidence));
            other.map_or((Cause::NothingLabelled, String::new()), |(_, labelled)| {
                (Cause::OtherFinding, format!("label {};", told_words(labelled)))
            })
        })
    }

    fn labels(&self) -> impl Iterator<Item = (&GoldStance, Told<'_>)> {
        self.gold.stances.iter().flat_map(|label| {
            label
                .target_keys()
                .map(move |target| (label, (label.holder.as_str(), label.class.as_str(), target)))
        })
    }

    fn actions(&self) -> Vec<Error> {
        let told = |action: &str, outcome: &Option<String>| Mistaken::Action {
            action: action.to_owned(),
            outcome: outcome.clone(),
        };
        let matching = Matching::of(&self.gold.actions, self.found.actions(&self.gold.id));
        let extra = matching.pairs.iter().filter_map(|(event, action, label)| {
            let (cause, instead) = match label {
                None => (Cause::NoAction, String::new()),
                Some(label) if label.is_optional() || council::is_right(label, action) => return None,
                Some(label) => (Cause::WrongOutcome, told("label", &label.outcome).to_string()),
            };
            let finding = told(&action.action, &action.outcome);
            let instead = format!("{instead} {:.3} by {}", event.confidence, event.rule).trim().to_owned();
            Some(self.new_error(Kind::Extra, cause, finding, instead, event.evidence.clone()))
        });
        let missed = matching.missed.iter().filter(|label| !label.is_optional()).map(|label| {
            let finding = told(&label.action, &label.outcome);
            let words = label.clause.clone().unwrap_or_default();
            self.new_error(Kind::Missed, Cause::NoAction, finding, String::new(), words)
        });
        extra.chain(missed).collect()
    }

    fn error(&self, kind: Kind, cause: Cause, told: Told, instead: String, words: String) -> Error {
        let (holder, class, target) = (told.0.to_owned(), told.1.to_owned(), told.2.to_owned());
        self.new_error(kind, cause, Mistaken::Stance { holder, class, target }, instead, words)
    }

    fn new_error(
        &self,
        kind: Kind,
        cause: Cause,
        finding: Mistaken,
        instead: String,
        words: String,
    ) -> Error {
        Error { kind, cause, article: self.gold.id.clone(), finding, instead, words }
    }
}

/// How two stances differ; none where they share too little, or nothing tells them apart.
fn compare(one: Told, other: Told) -> Option<Cause> {
    match (one.0 == other.0, one.1 == other.1, one.2 == other.2) {
        (true, false, true) => Some(Cause::WrongClass),
        (true, true, false) => Some(Cause::WrongTarget),
        (false, true, true) => Some(Cause::WrongHolder),
        _ if one.0 == other.2 && one.2 == other.0 => Some(Cause::Swapped),
        _ => None,
    }
}

fn told_by(stance: &FoundStance) -> Told<'_> {
    (&stance.holder, &stance.class, &stance.target)
}

fn told_words(told: Told) -> String {
    format!("{} {} {}", told.0, told.1, told.2)
}
