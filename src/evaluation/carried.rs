//! What else a stance carries that was found rightly: status, date, evidence.

use jiff::civil::Date;

use super::{Found, FoundEvent, FoundStance, Gold, GoldStance, Share};

/// Over each label's targets that were found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    pub status: Share,
    /// Within a day, where the label has a date.
    pub date: Share,
    /// The evidence shares the label's trigger or clause.
    pub evidence: Share,
}

impl Carried {
    pub fn of(gold: &Gold, found: &Found) -> Self {
        let mut carried = Self::default();
        for article in &gold.articles {
            for label in &article.stances {
                for target in &label.targets {
                    let event = found.stances(&article.id).find(|(_, stance)| {
                        stance.class == label.class.as_str()
                            && stance.holder == label.holder
                            && stance.target == *target
                    });
                    if let Some((event, stance)) = event {
                        carried.count(label, event, stance);
                    }
                }
            }
        }
        carried
    }

    fn count(&mut self, label: &GoldStance, event: &FoundEvent, stance: &FoundStance) {
        self.status.count(stance.status == label.status);
        if let Some(day) = day(label.date.as_deref()) {
            self.date.count(day_distance(day, event).is_some_and(|days| days <= 1));
        }
        if label.clause.as_deref().is_some_and(|clause| !clause.is_empty()) {
            self.evidence.count(label.shares_words(&event.evidence));
        }
    }
}

fn day_distance(day: Date, event: &FoundEvent) -> Option<i32> {
    let found = self::day(event.date.as_deref())?;
    found.since(day).ok().map(|span| span.get_days().abs())
}

/// The day that a text begins with.
pub(super) fn day(text: Option<&str>) -> Option<Date> {
    text?.get(..10)?.parse().ok()
}
