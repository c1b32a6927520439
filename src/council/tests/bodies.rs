//! Whose votes and meetings they are.

use jiff::civil::date;

use super::{actions, position, tally, votes};
use crate::council::{Outcome, Position};

#[test]
fn councils_of_the_same_name_are_not_ours() {
    for (language, text) in [
        (
            "fr",
            "Vladimir Poutine a réuni le Conseil de sécurité de la Fédération de Russie. Le secrétaire du Conseil de \
             sécurité a dit que le Conseil avait adopté à l'unanimité une feuille de route.",
        ),
        (
            "fr",
            "Le Conseil des droits de l'homme a adopté vendredi par vingt-huit voix contre sept et douze abstentions \
             une résolution du Royaume-Uni. La Chine a voté contre, comme elle le fait au Conseil de sécurité.",
        ),
    ] {
        let found = actions(language, date(2026, 4, 3), "", text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn a_state_has_a_council_of_like_name() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil national de sécurité turc s'est réuni vendredi à Ankara. Le Conseil de sécurité a décidé à l'unanimité \
             de prolonger le mandat des troupes en Libye.",
        ),
        (
            "en",
            "The National Security Council met at the White House on Friday. The Security Council approved new sanctions on \
             Iran unanimously.",
        ),
    ] {
        let found = actions(language, date(2026, 4, 3), "", text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn a_body_of_more_members_votes_for_itself() {
    for (language, text) in [
        (
            "fr",
            "L'Assemblée générale de l'ONU a exigé vendredi une trêve au Soudan par 141 voix contre cinq, après le veto russe \
             de mardi au Conseil de sécurité. La Chine et l'Inde ont voté contre. Un amendement a été rejeté.",
        ),
        (
            "en",
            "The U.N. General Assembly on Friday demanded a truce in Sudan with 141 votes in favor. Five days ago Russia vetoed \
             it in the Security Council. China and India voted against it.",
        ),
    ] {
        let found = actions(language, date(2026, 4, 3), "", text);
        let news: Vec<_> = votes(&found).into_iter().filter(|v| v.outcome != Some(Outcome::Vetoed)).collect();
        assert!(news.is_empty(), "{text}: {news:?}");
    }
}

#[test]
fn a_day_of_the_month_is_no_vote_of_many() {
    for day in [15, 16] {
        let text = format!(
            "The U.N. Security Council adopted a resolution on Sudan on Friday. The text, tabled on {day} February, got 14 \
             votes in favor, and Russia abstained."
        );
        let found = actions("en", date(2026, 4, 3), "", &text);
        let read: Vec<_> = votes(&found).iter().map(|v| (tally(v), position(v, "RUS"))).collect();
        assert_eq!(read, [([Some(14), Some(0), Some(1)], Some(Position::Abstain))], "{text}");
    }
}
