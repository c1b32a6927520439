//! Who stood on which side, where a count, a group or a partner may mislead.

use jiff::civil::{Date, date};

use super::{parsed_on, position, tally, votes};
use crate::council::{CouncilAction, Outcome, Position};

fn one_vote(language: &str, published: Date, text: &str) -> CouncilAction {
    let found = parsed_on(language, published, text);
    let [vote] = votes(&found)[..] else { panic!("one vote: {text} {found:?}") };
    vote.clone()
}

fn all(vote: &CouncilAction, codes: &[&str], wanted: Position) {
    for code in codes {
        assert_eq!(position(vote, code), Some(wanted), "{code} in {:?}", vote.cast);
    }
}

#[test]
fn votes_of_a_group_are_not_all_there_were() {
    for (language, text) in [
        (
            "fr",
            "La Russie a mis mardi son veto au Conseil de sécurité à un texte américain. Les trois membres africains ont voté \
             pour.",
        ),
        (
            "fr",
            "La Russie a opposé mardi son veto à un projet du Conseil de sécurité. Deux des trois pays africains ont voté pour.",
        ),
        (
            "en",
            "Russia vetoed a US draft in the Security Council on Tuesday. Three Latin American members voted in favor, and so \
             did the Europeans.",
        ),
        (
            "en",
            "Russia vetoed a US draft in the Security Council on Tuesday. Four of the five European members had written it and \
             all five voted yes.",
        ),
    ] {
        let vote = one_vote(language, date(2018, 4, 10), text);
        assert_eq!((vote.outcome, tally(&vote)[0]), (Some(Outcome::Vetoed), None), "{text}");
    }
}

#[test]
fn the_others_do_something_of_their_own() {
    for (language, text, wanted) in [
        (
            "fr",
            "La Russie a opposé vendredi son veto à un texte du Conseil de sécurité. Dix membres se sont prononcés pour, les \
             quatre autres s'abstenant.",
            [10, 1, 4],
        ),
        (
            "fr",
            "Le projet russe a été rejeté vendredi au Conseil de sécurité. Cinq pays l'ont soutenu, quatre s'y sont opposés, les \
             autres s'abstenant.",
            [5, 4, 6],
        ),
        (
            "fr",
            "Les Etats-Unis ont mis vendredi leur veto à un texte au Conseil de sécurité. La Norvège et le Royaume-Uni se sont \
             abstenus, les autres votant pour.",
            [12, 1, 2],
        ),
        (
            "en",
            "The Security Council adopted a resolution on Friday with ten votes, China, Russia and three others abstaining.",
            [10, 0, 5],
        ),
        (
            "fr",
            "Onze membres du Conseil de sécurité ont voté vendredi en faveur du texte britannique, la Russie et la Chine contre, les \
             deux derniers s'abstenant.",
            [11, 2, 2],
        ),
    ] {
        assert_eq!(tally(&one_vote(language, date(2022, 9, 30), text)), wanted.map(Some), "{text}");
    }
}

#[test]
fn names_between_dashes_are_of_the_count_before_them() {
    for (language, text) in [
        (
            "en",
            "Nine countries voted for the draft in the Security Council on Tuesday and three - China, Russia and Bolivia - \
             against, while Egypt, Ethiopia and Kazakhstan abstained.",
        ),
        (
            "en",
            "Nine members of the Security Council supported the draft on Tuesday, three (Bolivia, China and Russia) against, \
             and three – Egypt, Ethiopia and Kazakhstan – abstained.",
        ),
        (
            "fr",
            "Le projet a recueilli mardi neuf voix au Conseil de sécurité, trois pays - Chine, Russie, Bolivie - s'y opposant et \
             trois - Egypte, Ethiopie, Kazakhstan - s'abstenant.",
        ),
    ] {
        let vote = one_vote(language, date(2017, 2, 28), text);
        all(&vote, &["CHN", "RUS", "BOL"], Position::Against);
        all(&vote, &["EGY", "ETH", "KAZ"], Position::Abstain);
        assert_eq!((vote.outcome, tally(&vote)[0]), (Some(Outcome::Vetoed), Some(9)), "{text}");
    }
}

#[test]
fn names_in_a_row_of_counts_stay_with_their_own() {
    let text = "Au Conseil de sécurité, un texte russe a été rejeté mardi: six pour (Russie, Chine, Bolivie, Ethiopie, Kazakhstan \
                et Guinée équatoriale), sept contre, deux abstentions (Côte d'Ivoire et Koweït).";
    let vote = one_vote("fr", date(2018, 4, 10), text);
    all(&vote, &["RUS", "CHN", "GNQ"], Position::For);
    all(&vote, &["CIV", "KWT"], Position::Abstain);
}

#[test]
fn a_list_before_against_is_not_of_the_count_before_it() {
    let text = "The Security Council voted on procedure on Tuesday: eight members in favour, Russia, China, Bolivia and \
                Kazakhstan against, three abstaining.";
    let vote = one_vote("en", date(2018, 4, 10), text);
    all(&vote, &["RUS", "CHN", "BOL", "KAZ"], Position::Against);
}

#[test]
fn on_a_matter_of_procedure_no_veto_is_cast() {
    for (language, text) in [
        (
            "fr",
            "Neuf membres du Conseil de sécurité ont voté jeudi pour la tenue d'une réunion sur Pyongyang, la Chine, la Russie, le \
             Venezuela et l'Angola contre. Le Nigeria et le Tchad se sont abstenus.",
        ),
        (
            "en",
            "China tried in vain on Thursday to stop the Security Council from discussing Pyongyang. Nine members voted to go \
             ahead, China, Russia, Venezuela and Angola were opposed, Chad and Nigeria abstained.",
        ),
    ] {
        let vote = one_vote(language, date(2015, 12, 10), text);
        assert_eq!((vote.outcome, tally(&vote)), (Some(Outcome::Adopted), [9, 4, 2].map(Some)), "{text}");
        all(&vote, &["CHN", "RUS", "VEN", "AGO"], Position::Against);
    }
}

#[test]
fn who_is_alone_with_an_opponent_votes_against() {
    for (language, text) in [
        (
            "fr",
            "Un texte américain a été bloqué jeudi au Conseil de sécurité. L'Afrique du Sud et la Chine ont été seules à voter avec \
             Moscou. Neuf pays ont voté pour, trois se sont abstenus.",
        ),
        (
            "en",
            "A US text was blocked in the Security Council on Thursday. South Africa and China were the only ones to vote with \
             Moscow against it. Nine members voted in favor and three abstained.",
        ),
    ] {
        let vote = one_vote(language, date(2019, 2, 28), text);
        all(&vote, &["RUS", "CHN", "ZAF"], Position::Against);
        assert_eq!(vote.outcome, Some(Outcome::Vetoed), "{text}");
    }
}

#[test]
fn who_is_alone_with_an_author_votes_for() {
    let text = "A Russian draft failed in the Security Council on Monday. China and Gabon were the only ones to vote with Moscow. \
                Four members voted against and eight abstained.";
    all(&one_vote("en", date(2023, 10, 16), text), &["RUS", "CHN", "GAB"], Position::For);
}

#[test]
fn the_partner_of_one_does_not_lead_the_next_list() {
    let text = "La Russie a opposé jeudi son veto à un texte américain au Conseil de sécurité. Seule la Bolivie a voté avec Moscou, \
                la Chine et l'Egypte s'abstenant.";
    let vote = one_vote("fr", date(2017, 11, 16), text);
    all(&vote, &["RUS", "BOL"], Position::Against);
    all(&vote, &["CHN", "EGY"], Position::Abstain);
}

#[test]
fn thirteen_others_leave_room_for_noes_that_nobody_tells() {
    let text = "The Security Council met on Friday on Burma. In January the thirteen other members had voted for a text on it.";
    assert!(votes(&parsed_on("en", date(2022, 12, 23), text)).iter().all(|v| tally(v)[0] != Some(15)));
}
