//! Stances as sets of keys: how much of a finding must be right to count.

use std::collections::BTreeSet;

use super::{Figures, Found, Gold, GoldArticle};
use crate::stances::Class;

/// What of a stance is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Holder, class, target.
    Class,
    /// Holder, polarity of the class, target.
    Polarity,
    /// Holder, target.
    Pair,
    HolderAndClass,
    /// As [`Level::Class`], for the classes that harm whoever is named wrongly.
    Accusation,
}

impl Level {
    pub const ALL: [Self; 5] =
        [Self::Class, Self::Polarity, Self::Pair, Self::HolderAndClass, Self::Accusation];

    pub fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Polarity => "polarity",
            Self::Pair => "pair",
            Self::HolderAndClass => "holder+class",
            Self::Accusation => "accusation",
        }
    }

    /// The figures over all labelled articles.
    pub fn figures(self, gold: &Gold, found: &Found) -> Figures {
        gold.articles.iter().map(|article| self.of_article(article, found)).sum()
    }

    /// The figures of one article.
    pub fn of_article(self, gold: &GoldArticle, found: &Found) -> Figures {
        let keys = self.keys(gold, found);
        Figures::of_sets(&keys.found, &keys.required, &keys.allowed)
    }

    pub(super) fn keys(self, gold: &GoldArticle, found: &Found) -> Keys {
        let labelled = |optional: bool| {
            gold.stances
                .iter()
                .filter(move |stance| optional || !stance.is_optional())
                .flat_map(|stance| stance.target_keys().map(move |target| (stance, target)))
                .filter_map(|(stance, target)| self.key(&stance.holder, stance.class.as_str(), target))
                .collect()
        };
        Keys {
            required: labelled(false),
            allowed: labelled(true),
            found: found
                .stances(&gold.id)
                .filter_map(|(_, stance)| self.key(&stance.holder, &stance.class, &stance.target))
                .collect(),
        }
    }

    /// None where the class is outside this level.
    pub(super) fn key(self, holder: &str, class: &str, target: &str) -> Option<Key> {
        let part = match self {
            Self::Class | Self::HolderAndClass => class.to_owned(),
            Self::Polarity => polarity(class).to_string(),
            Self::Pair => String::new(),
            Self::Accusation => Class::parse(class)?.is_harsh().then(|| class.to_owned())?,
        };
        let target = if self == Self::HolderAndClass { "" } else { target };
        Some((holder.to_owned(), part, target.to_owned()))
    }
}

/// Holder, class or what stands for it, target.
pub(super) type Key = (String, String, String);

pub(super) struct Keys {
    pub required: BTreeSet<Key>,
    /// Required and optional ones.
    pub allowed: BTreeSet<Key>,
    pub found: BTreeSet<Key>,
}

/// 9 for a class that is none.
fn polarity(class: &str) -> i8 {
    Class::parse(class).map_or(9, Class::polarity)
}
