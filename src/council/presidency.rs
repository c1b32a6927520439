//! Who an article says presides over the Council.

use jiff::civil::Date;

use super::{Check, CouncilAction, scene::Scene};
use crate::{actors::Code, discourse::Precision};

/// A state said to preside, and a day of the month that is meant.
pub(super) struct Claim {
    pub code: Code,
    pub day: Date,
}

/// The first claim of the article: "la présidence japonaise du Conseil", "Ukraine, which holds the presidency this month".
pub(super) fn claim(scene: &Scene<'_>) -> Option<Claim> {
    scene.council_lines().find_map(|line| {
        let words = &scene.phrases.presidency;
        let found = words.nouns.first(&line.words)?;
        let range = found.first.saturating_sub(3)..(found.end + 4).min(line.words.forms.len());
        if words.never.within(&line.words, range) {
            return None;
        }
        let beside =
            |g: &&super::line::Group| g.first == found.end || g.first > found.end && g.first - found.end <= 2;
        let before = |g: &&super::line::Group| g.end <= found.first && found.first - g.end <= 6;
        let around = line.groups.iter().find(|g| g.first <= found.first && found.first < g.end);
        let after = line.groups.iter().find(beside);
        let group =
            around.or(after).or_else(|| line.groups.iter().rfind(before)).filter(|g| g.codes.len() == 1)?;
        let day = scene.published?;
        let month = line.times.iter().find_map(|t| {
            let moment = t.moment(day, false);
            let near = t.first.abs_diff(found.end) <= 6 && moment.precision == Precision::Month;
            moment.date.filter(|_| near)
        });
        Some(Claim { code: group.codes[0].clone(), day: month.unwrap_or(day) })
    })
}

/// Adds the check to the actions of the month that the claim is of.
pub(super) fn check(scene: &Scene<'_>, claim: &Claim, actions: &mut [CouncilAction]) {
    let Some(known) = scene.members.president(claim.day) else { return };
    let passed = scene.members.seat(&claim.code, claim.day).as_ref() == Some(known);
    let (year, month) = (claim.day.year(), claim.day.month());
    let told = if passed { String::new() } else { format!(", the article says {}", claim.code) };
    for action in actions {
        let same_month = action.when.date.is_some_and(|d| (d.year(), d.month()) == (year, month));
        if same_month {
            action.checks.push(Check {
                rule: "president_of_the_month".to_owned(),
                passed,
                detail: format!("{known} presides in {year}-{month:02}{told}"),
            });
        }
    }
}
