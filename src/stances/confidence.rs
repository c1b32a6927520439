//! The linear model that tells a stance from a coincidence of words.

use rustc_hash::FxHashMap;

use super::{Class, frames::HolderPath};
use crate::{
    actors::Code,
    data::{Data, DataError},
    discourse::reading::Place,
    features::{Features, hash},
};

/// Weights by feature, and what a class asks of a stance to be published.
#[derive(Debug, Default)]
pub struct Model {
    weights: FxHashMap<u64, f64>,
    thresholds: FxHashMap<Class, f64>,
}

/// Published where no model was fitted for the class.
const DEFAULT_THRESHOLD: f64 = 0.5;

impl Model {
    /// Reads `models/<code>.confidence.tsv`: a feature and its weight a line; `threshold:<class>` are thresholds.
    ///
    /// # Errors
    /// Missing, or a line that is not `name<TAB>number` or a threshold of no class, named by its number.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let path = format!("models/{language}.confidence.tsv");
        let mut model = Self::default();
        for (number, line) in data.text(&path)?.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            model.add(line).map_err(|fault| {
                let anew = "train it anew with `demarche train confidence`";
                DataError::invalid(&path, format!("line {}: {fault}; {anew}", number + 1))
            })?;
        }
        Ok(model)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let parsed = line.rsplit_once('\t').and_then(|(name, weight)| Some((name, weight.parse().ok()?)));
        let (name, weight) = parsed
            .filter(|(_, weight): &(_, f64)| weight.is_finite())
            .ok_or_else(|| "expected `feature<TAB>weight`".to_owned())?;
        if let Some(class) = name.strip_prefix("threshold:") {
            let class = Class::parse(class).ok_or_else(|| format!("there is no class `{class}`"))?;
            self.thresholds.insert(class, weight);
        } else {
            self.weights.insert(hash(format_args!("{name}")), weight);
        }
        Ok(())
    }

    /// What speaks for a proposal: the sum of its features' weights.
    pub fn score(&self, features: &Features) -> f64 {
        features.hashes.iter().filter_map(|h| self.weights.get(h)).sum()
    }

    /// The named features that weigh, largest first.
    pub fn reasons(&self, features: &Features) -> Vec<(String, f64)> {
        let names = features.names.as_deref().unwrap_or_default();
        let mut reasons: Vec<(String, f64)> = names
            .iter()
            .zip(&features.hashes)
            .filter_map(|(name, h)| Some((name.clone(), *self.weights.get(h)?)))
            .collect();
        reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        reasons
    }

    pub fn threshold(&self, class: Class) -> f64 {
        self.thresholds.get(&class).copied().unwrap_or(DEFAULT_THRESHOLD)
    }
}

/// What an actor of a proposal belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A list, by a place that stands for it: its members are meant together.
    List(Place),
    Alone(Code),
}

/// A proposal as the choice sees it.
#[derive(Debug, Clone)]
pub struct Scored {
    pub class: Class,
    pub path: HolderPath,
    /// The slot that the target stands in.
    pub slot: &'static str,
    /// Holder and target both act: each may be either.
    pub mutual: bool,
    pub holder_row: Row,
    pub target_row: Row,
    pub score: f64,
}

/// A proposal that scores this much below the best one at its head still goes with it.
const COMPANY: f64 = 0.5;
/// So much where it differs only by another member of a list, or by the other side of an act that both do.
const CLOSE_COMPANY: f64 = 1.0;
/// So much where it differs by another member of a list alone: "à l'Ethiopie et à la Somalie".
const SAME_ROW: f64 = 2.5;

/// The probability that a score stands for.
pub fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// Of the proposals at one head, those to publish, and the probability of the best.
///
/// One clause states one class in one way: the best takes only those of its class and way to the holder along.
pub fn choose(scored: &[Scored]) -> (Vec<usize>, f64) {
    let Some(best) = scored.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else {
        return (Vec::new(), 0.0);
    };
    let with_best = |s: &Scored| {
        let mutual = s.mutual && best.mutual;
        let close = mutual || (s.path == best.path && s.slot == best.slot && s.slot != "none");
        let named = |slot| !matches!(slot, "none" | "before" | "after");
        // "Pékin et Washington ont convenu d'une trêve": each with the other.
        let both = mutual && named(s.slot) && named(best.slot);
        let row = s.holder_row == best.holder_row && s.target_row == best.target_row && s.slot == best.slot;
        let distance = if row || both {
            SAME_ROW
        } else if close {
            CLOSE_COMPANY
        } else {
            COMPANY
        };
        s.class == best.class && (s.path == best.path || mutual) && s.score >= best.score - distance
    };
    let chosen = (0..scored.len()).filter(|i| with_best(&scored[*i])).collect();
    (chosen, probability(best.score))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("models")).expect("made");
        let read = |line: &str| {
            let text = format!("# made by hand\nthreshold:accuse\t0.7\n{line}\n");
            std::fs::write(folder.path().join("models/xx.confidence.tsv"), text).expect("written");
            Model::load(&Data::open(folder.path()).expect("the data"), "xx").map_err(|e| e.to_string())
        };
        let model = read("of:threshold\t1.5").expect("a model");
        assert!((model.threshold(Class::Accuse) - 0.7).abs() < 1e-9);
        for (line, told) in [
            ("threshold:acuse\t0.7", "there is no class `acuse`"),
            ("feature 0.7", "expected `feature<TAB>weight`"),
            ("feature\tNaN", "expected `feature<TAB>weight`"),
        ] {
            let fault = read(line).expect_err(line);
            assert!(fault.contains("xx.confidence.tsv") && fault.contains("line 3"), "{fault}");
            assert!(fault.contains(told), "{fault}");
        }
    }

    fn alone(code: &str) -> Row {
        Row::Alone(Code::from(code))
    }

    /// One holder's stance towards the member of a list.
    fn scored(score: f64) -> Scored {
        Scored {
            class: Class::Condemn,
            path: HolderPath::Headline,
            slot: "obj",
            mutual: false,
            holder_row: alone("FRA"),
            target_row: Row::List(Place { sentence: 0, node: 3 }),
            score,
        }
    }

    fn chosen(scored: &[Scored]) -> Vec<usize> {
        choose(scored).0
    }

    #[test]
    fn members_of_one_list_go_together() {
        assert_eq!(chosen(&[scored(3.0), scored(1.0)]), [0, 1]);
        assert_eq!(chosen(&[scored(3.0), scored(0.0)]), [0]);
    }

    #[test]
    fn who_stands_in_another_list_or_slot_needs_a_score_of_its_own() {
        let other_target = Scored { target_row: alone("RUS"), ..scored(1.0) };
        let other_holder = Scored { holder_row: alone("DEU"), ..scored(1.0) };
        let other_slot = Scored { slot: "obl", ..scored(1.0) };
        assert_eq!(chosen(&[scored(3.0), other_target, other_holder, other_slot]), [0]);
        assert_eq!(chosen(&[scored(3.0), Scored { target_row: alone("RUS"), ..scored(2.2) }]), [0, 1]);
    }

    #[test]
    fn what_two_do_together_is_told_both_ways() {
        let mutual = |score: f64, slot, holder| Scored {
            mutual: true,
            slot,
            holder_row: alone(holder),
            ..scored(score)
        };
        let there = mutual(3.0, "mutual", "FRA");
        let back = Scored { path: HolderPath::Mutual, ..mutual(1.0, "obl", "DEU") };
        assert_eq!(chosen(&[there.clone(), back]), [0, 1]);
        assert_eq!(
            chosen(&[there, mutual(1.0, "none", "DEU")]),
            [0],
            "nothing says that it is the other side"
        );
    }
}
