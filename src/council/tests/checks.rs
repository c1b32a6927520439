//! What the rule says of what the article tells.

use jiff::civil::date;

use super::{actions, only};
use crate::council::ActionKind;

#[test]
fn the_presidency_that_an_article_names_is_checked() {
    for (president, passed) in [("japonaise", false), ("américaine", true)] {
        let text = format!(
            "Le Conseil de sécurité s'est réuni mercredi en urgence sur le Mali, a annoncé la présidence {president} \
             de cette instance."
        );
        let found = actions("fr", date(2026, 3, 4), "", &text);
        let check = found[0].checks.iter().find(|c| c.rule == "president_of_the_month").expect("tested");
        assert_eq!(check.passed, passed, "{check:?}");
    }
}

#[test]
fn an_outcome_that_was_inferred_is_not_what_the_article_says() {
    let found = actions(
        "fr",
        date(2022, 7, 8),
        "",
        "Le Conseil de sécurité n'a pas adopté vendredi la résolution 2642 sur le Népal. Huit pays ont voté pour, un contre \
         et six se sont abstenus.",
    );
    let vote = only(&found, ActionKind::Vote);
    assert!(!vote.checks.iter().any(|c| c.detail.contains("the article says adopted")), "{:?}", vote.checks);
}

#[test]
fn voters_who_sit_not_in_the_council_are_named() {
    let found = actions(
        "en",
        date(2022, 2, 25),
        "",
        "Russia vetoed a draft resolution on Nepal in the UN Security Council on Friday. Germany and Japan voted in favor.",
    );
    let vote = only(&found, ActionKind::Vote);
    let check = vote.checks.iter().find(|c| c.rule == "voters_are_members").expect("tested");
    assert!(!check.passed, "{check:?}");
    assert!(check.detail.contains("DEU, JPN"), "{check:?}");
}

#[test]
fn one_state_that_speaks_outside_the_council_is_no_voter() {
    let found = actions(
        "en",
        date(2022, 2, 25),
        "",
        "Russia vetoed a draft resolution on Nepal in the UN Security Council on Friday. Turkey supported it.",
    );
    let vote = only(&found, ActionKind::Vote);
    assert!(vote.checks.iter().all(|c| c.passed), "{:?}", vote.checks);
}
