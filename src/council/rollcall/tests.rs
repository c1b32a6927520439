//! Manners of telling who voted how, each in a dispatch written for these tests.

use jiff::civil::date;

use crate::council::{
    CouncilAction, Outcome, Position,
    tests::{actions, parsed, position, tally, votes},
};

fn one_vote(found: &[CouncilAction]) -> &CouncilAction {
    let [vote] = votes(found)[..] else { panic!("one vote: {found:?}") };
    vote
}

fn all(vote: &CouncilAction, codes: &[&str], wanted: Position) {
    for code in codes {
        assert_eq!(position(vote, code), Some(wanted), "{code} in {:?}", vote.cast);
    }
}

#[test]
fn labels_open_lists() {
    let found = actions(
        "en",
        date(1993, 6, 29),
        "",
        "A draft resolution failed in the Security Council on Tuesday. The vote was as follows.\n\n\
         For: Cape Verde, Djibouti, Morocco, Pakistan, United States, Venezuela.\n\n\
         Abstaining: Brazil, Britain, China, France, Hungary, Japan, New Zealand, Russia, Spain.",
    );
    let vote = one_vote(&found);
    assert_eq!(vote.outcome, Some(Outcome::Failed));
    all(vote, &["CPV", "DJI", "MAR", "PAK", "USA", "VEN"], Position::For);
    all(vote, &["BRA", "GBR", "NZL", "ESP"], Position::Abstain);
    assert_eq!(tally(vote), [Some(6), Some(0), Some(9)]);
}

#[test]
fn names_in_brackets_belong_to_the_count_before_them() {
    let found = actions(
        "fr",
        date(1991, 4, 5),
        "",
        "La résolution 688 du Conseil de sécurité a été adoptée vendredi par 10 voix (Autriche, Belgique, Côte \
         d'Ivoire, Équateur, États-Unis, France, Roumanie, Royaume-Uni, URSS, Zaïre) contre 3 (Cuba, Yémen, \
         Zimbabwe) et 2 abstentions (Chine, Inde).",
    );
    let vote = one_vote(&found);
    all(vote, &["AUT", "COD", "RUS", "GBR"], Position::For);
    all(vote, &["CUB", "YEM", "ZWE"], Position::Against);
    all(vote, &["CHN", "IND"], Position::Abstain);
    assert_eq!(tally(vote), [Some(10), Some(3), Some(2)]);
}

#[test]
fn who_joins_the_authors_votes_for() {
    let found = actions(
        "fr",
        date(2004, 9, 2),
        "",
        "Le Conseil de sécurité a adopté jeudi la résolution 1559 sur le Liban. Les deux promoteurs du texte, la \
         France et les États-Unis, ont été suivis par l'Allemagne, l'Angola et le Chili. La Chine s'est abstenue, \
         comme le Brésil et l'Algérie.",
    );
    let vote = one_vote(&found);
    all(vote, &["FRA", "USA", "DEU", "AGO", "CHL"], Position::For);
    all(vote, &["CHN", "BRA", "DZA"], Position::Abstain);
}

#[test]
fn a_comma_parts_the_list_from_the_next_subject() {
    let found = actions(
        "fr",
        date(2018, 4, 10),
        "",
        "Le Conseil de sécurité s'est prononcé mardi sur un texte des États-Unis. La Russie y a mis son veto, suivie dans \
         son refus par la Bolivie, la Chine s'abstenant.",
    );
    let vote = one_vote(&found);
    all(vote, &["RUS", "BOL"], Position::Against);
    all(vote, &["CHN"], Position::Abstain);
    assert_eq!(vote.vetoed_by, ["RUS".into()]);
}

#[test]
fn the_others_are_those_who_are_named_behind_them() {
    let found = actions(
        "en",
        date(1976, 7, 14),
        "",
        "A draft resolution won only six of the nine votes it needed in the Security Council on Wednesday. Panama \
         and Romania abstained. The seven other members (Benin, China, Guyana, Libya, Pakistan, the Soviet Union \
         and Tanzania) did not take part in the vote. The United States regretted the outcome.",
    );
    let vote = one_vote(&found);
    all(vote, &["BEN", "GUY", "RUS", "TZA"], Position::Absent);
    assert_eq!(position(vote, "USA"), None);
}

#[test]
fn nobody_opposes_his_own_text_with_the_others() {
    let found = actions(
        "en",
        date(2023, 3, 27),
        "",
        "A draft resolution by Russia won the support of just China and Brazil in the Security Council on Monday. \
         The remaining 12 members abstained.",
    );
    assert_eq!(position(one_vote(&found), "RUS"), None);
}

#[test]
fn more_names_than_there_are_others_are_not_the_others() {
    let text = |named: &str| {
        format!(
            "Russia on Friday vetoed a draft resolution by Albania in the UN Security Council. Twelve members voted \
             in favour and the other two abstained.\n\n{named} regretted the outcome."
        )
    };
    let published = date(2022, 2, 25);
    let found = actions("en", published, "", &text("India and China"));
    all(one_vote(&found), &["IND", "CHN"], Position::Abstain);
    let found = actions("en", published, "", &text("India, China and Norway"));
    for code in ["IND", "CHN", "NOR"] {
        assert_eq!(position(one_vote(&found), code), None, "{code}");
    }
}

#[test]
fn an_attack_of_another_day_does_not_date_the_vote() {
    let found = actions(
        "fr",
        date(2023, 11, 15),
        "",
        "Le Conseil de sécurité a adopté mercredi par douze voix une résolution sur Gaza. Les États-Unis se sont \
         abstenus, faute d'une mention de l'attaque du 7 octobre.",
    );
    let vote = one_vote(&found);
    assert_eq!(vote.when.date, Some(date(2023, 11, 15)));
    all(vote, &["USA"], Position::Abstain);
}

#[test]
fn a_veto_that_would_have_been_is_none() {
    let found = actions(
        "fr",
        date(2000, 12, 18),
        "",
        "Un projet de résolution n'a obtenu lundi que huit voix au Conseil de sécurité, les sept autres membres \
         s'abstenant. « Nous aurions opposé notre veto », a reconnu l'Américain James Cunningham.",
    );
    let vote = one_vote(&found);
    assert_eq!(vote.outcome, Some(Outcome::Failed));
    assert!(vote.vetoed_by.is_empty());
}

#[test]
fn their_veto_is_of_whoever_was_named() {
    let found = actions(
        "fr",
        date(2018, 4, 1),
        "",
        "Le Conseil de sécurité s'est réuni samedi.\n\nEn décembre, les États-Unis s'étaient déjà retrouvés isolés: \
         leur veto avait arrêté une résolution sur Jérusalem.",
    );
    assert_eq!(one_vote(&found).vetoed_by, ["USA".into()]);
}

#[test]
fn who_is_excepted_did_not_vote_with_the_others() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a French draft resolution on Friday. All members save Pakistan voted in favour.",
    );
    assert_eq!(position(one_vote(&found), "PAK"), None);
}

#[test]
fn authors_are_of_the_list_that_names_them_as_authors() {
    let found = parsed(
        "fr",
        "Le projet présenté par le Panama et la Lettonie n'a obtenu vendredi que trois voix au Conseil de sécurité, celles de \
         ses deux auteurs et celle des Etats-Unis.",
    );
    all(one_vote(&found), &["USA"], Position::For);
}

#[test]
fn authors_voted_for_where_only_they_are_missing_from_the_count() {
    let found = parsed(
        "fr",
        "Le projet présenté par le Pakistan et la Chine n'a obtenu vendredi que trois voix au Conseil de sécurité. La \
         Russie a voté pour.",
    );
    all(one_vote(&found), &["PAK", "CHN", "RUS"], Position::For);
}

#[test]
fn who_speaks_in_favor_has_not_voted_by_that() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a US draft on Friday, with 12 votes in favor. China and Russia abstained. Latvia \
         and Greece spoke in favor of the text.",
    );
    assert_eq!(position(one_vote(&found), "LVA"), None);
}

#[test]
fn a_text_that_needs_all_has_not_got_them() {
    let found = parsed(
        "fr",
        "Le Conseil de sécurité s'est réuni vendredi. Un projet de ce genre requiert l'assentiment des quinze membres.",
    );
    assert!(votes(&found).is_empty(), "{found:?}");
}

#[test]
fn voters_are_listed_behind_what_they_voted_for() {
    let found = parsed(
        "en",
        "Eleven of the UN Security Council's 15 members voted for the sanctions on Friday: Bahrain, Britain, Colombia, Congo, \
         Denmark, France, Greece, Latvia, Liberia, Panama and the United States. China, Russia, Somalia and Pakistan abstained.",
    );
    let vote = one_vote(&found);
    all(vote, &["BHR", "COL", "COD", "DNK", "LVA", "USA"], Position::For);
    all(vote, &["CHN", "RUS", "SOM", "PAK"], Position::Abstain);
}

#[test]
fn whose_text_it_is_has_not_voted_against_it_by_that() {
    for text in [
        "Le Conseil de sécurité a écarté vendredi un projet de la Russie et de la Chine. La France a voté contre.",
        "La Russie et la Chine souhaitaient que le Conseil de sécurité agisse. Seule la France a voté vendredi contre leur \
         projet, rejeté faute de voix.",
    ] {
        let found = parsed("fr", text);
        let vote = one_vote(&found);
        assert_eq!((position(vote, "RUS"), position(vote, "CHN")), (None, None), "{text}");
        assert_eq!(position(vote, "FRA"), Some(Position::Against), "{text}");
    }
}

#[test]
fn who_voted_with_the_sponsors_is_none_of_them() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a draft by Panama and Greece on Friday, with nine votes in favor. China, Latvia and \
         Denmark voted with the sponsors.",
    );
    assert_eq!(one_vote(&found).draft.sponsors, ["PAN".into(), "GRC".into()]);
}

#[test]
fn they_came_from_whoever_is_listed_with_as_many_names() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a draft by Panama and Greece on Friday. It received nine votes in favor. They came \
         from Bahrain, Britain, Colombia, Denmark, France, Greece, Latvia, Liberia and Panama.",
    );
    all(one_vote(&found), &["BHR", "COL", "GRC", "PAN"], Position::For);
}

#[test]
fn that_of_one_is_the_one_of_two_texts() {
    let found = parsed(
        "fr",
        "La Russie a mis vendredi au Conseil de sécurité son veto à un projet britannique, avant de faire passer son propre \
         texte.\n\nCelui de Londres, coparrainé par Paris, a eu onze voix pour; la Chine s'est abstenue.\n\nCelui de Moscou, mis \
         aux voix aussitôt après, a été adopté à l'unanimité.",
    );
    let first = votes(&found)[0];
    assert_eq!((first.outcome, tally(first)[0]), (Some(Outcome::Vetoed), Some(11)), "{found:?}");
    all(first, &["CHN"], Position::Abstain);
}

#[test]
fn after_a_lead_on_two_texts_the_story_begins_with_the_first() {
    let found = parsed(
        "en",
        "Russia and China vetoed a British draft in the UN Security Council on Friday, and a Russian text put to the vote \
         right after it was rejected.\n\nThe British draft called for a truce. Pakistan abstained.\n\nMoscow's draft asked for \
         talks. Denmark and Greece voted against it.",
    );
    let [first, second] = votes(&found)[..] else { panic!("two votes: {found:?}") };
    assert_eq!((first.outcome, second.outcome), (Some(Outcome::Vetoed), Some(Outcome::Failed)));
    all(first, &["PAK"], Position::Abstain);
    all(second, &["DNK", "GRC"], Position::Against);
}

#[test]
fn that_draft_is_the_one_that_a_lead_named_last() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a British draft on Friday by 12 votes to none, with Russia, China and Pakistan \
         abstaining, after turning down a Russian text.\n\nThat draft won just five votes.",
    );
    let [first, second] = votes(&found)[..] else { panic!("two votes: {found:?}") };
    assert_eq!((tally(first)[0], tally(second)[0]), (Some(12), Some(5)));
}

#[test]
fn their_draft_is_of_those_named_before() {
    let found = parsed(
        "fr",
        "Le Panama et la Grèce souhaitaient que le Conseil de sécurité prolonge les sanctions ainsi que le mandat des experts. \
         Seule la Chine a voté vendredi contre leur projet, rejeté faute de voix.",
    );
    let vote = one_vote(&found);
    assert_eq!(vote.draft.sponsors, ["PAN".into(), "GRC".into()]);
    assert_eq!((position(vote, "PAN"), position(vote, "CHN")), (None, Some(Position::Against)));
}

#[test]
fn who_joins_the_authors_of_a_text_has_not_voted_as_those_named_before() {
    let found = parsed(
        "fr",
        "La résolution a été adoptée vendredi par le Conseil de sécurité par douze voix contre une, celle de la Chine. Le texte \
         était présenté par le Panama et la Somalie, auxquels s'étaient joints la Grèce et le Danemark.",
    );
    let vote = one_vote(&found);
    assert_ne!(position(vote, "GRC"), Some(Position::Against));
    assert_eq!(vote.draft.sponsors, ["PAN".into(), "SOM".into(), "GRC".into(), "DNK".into()]);
}

#[test]
fn names_behind_two_counts_are_of_the_second() {
    let found = parsed(
        "en",
        "A draft failed in the UN Security Council on Friday with seven votes in favor and eight abstentions, among them those \
         of Latvia and of Denmark.",
    );
    let vote = one_vote(&found);
    assert_ne!(position(vote, "LVA"), Some(Position::For));
    assert_eq!(tally(vote), [Some(7), Some(0), Some(8)]);
}

#[test]
fn of_eleven_members_seven_decided() {
    let found = actions(
        "en",
        date(1964, 5, 8),
        "",
        "The UN Security Council rejected a draft resolution on Nepal on Friday by eight votes to two. One member abstained.",
    );
    let vote = one_vote(&found);
    assert_eq!((vote.outcome, tally(vote)), (Some(Outcome::Failed), [Some(2), Some(8), Some(1)]));
    assert!(vote.checks.iter().all(|c| c.passed), "{:?}", vote.checks);
}

#[test]
fn a_no_stopped_what_eight_of_eleven_wanted() {
    let found = actions(
        "en",
        date(1955, 5, 6),
        "",
        "A draft resolution on Nepal was rejected in the UN Security Council on Friday. Eight members voted in favour, the \
         Soviet Union voted against and two countries abstained.",
    );
    let vote = one_vote(&found);
    assert_eq!((vote.outcome, tally(vote)), (Some(Outcome::Vetoed), [Some(8), Some(1), Some(2)]));
    assert!(vote.checks.iter().all(|c| c.passed), "{:?}", vote.checks);
}

#[test]
fn names_tell_which_of_two_numbers_is_against() {
    let found = actions(
        "en",
        date(1961, 11, 24),
        "",
        "A draft resolution on Nepal was rejected in the UN Security Council on Friday by seven votes to four. The United \
         States, Britain, France, Turkey, Chile, Ecuador and China voted in favour. The Soviet Union, Ceylon, Liberia and \
         Egypt voted against.",
    );
    let vote = one_vote(&found);
    assert_eq!(vote.outcome, Some(Outcome::Vetoed));
    assert_eq!(tally(vote), [Some(7), Some(4), Some(0)]);
}

#[test]
fn a_number_of_another_vote_turns_no_count_round() {
    let record = "A Soviet veto killed a draft resolution on Nepal in the UN Security Council on Friday. Fourteen members \
        voted in favour, none against.";
    let found = actions("en", date(1966, 11, 4), "", record);
    assert_eq!(tally(one_vote(&found))[0], Some(14));
}
