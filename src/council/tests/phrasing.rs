//! Roundabout ways of telling who voted how: each vote as one line, checked whole.

use jiff::civil::{Date, date};

use super::{parsed_on, tally, votes};
use crate::council::{ActionKind, ActionStatus, CouncilAction};

/// `adopted Done CHN:Abstain FRA:For 12-0-3`; `_` where a number is not told.
fn line(vote: &CouncilAction) -> String {
    let outcome = vote.outcome.map_or_else(String::new, |o| format!("{o:?}"));
    let mut words = vec![outcome, format!("{:?}", vote.status)];
    words.extend(vote.cast.iter().map(|(code, position)| format!("{code}:{position:?}")));
    let number = |n: Option<u8>| n.map_or_else(|| "_".to_owned(), |n| n.to_string());
    words.push(tally(vote).map(number).join("-"));
    words.join(" ")
}

fn check(language: &str, published: Date, text: &str, expected: &[&str]) {
    let found = parsed_on(language, published, text);
    let lines: Vec<String> = votes(&found).into_iter().map(line).collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn without_their_votes_is_no_vote_of_theirs() {
    check(
        "fr",
        date(2022, 6, 29),
        "Le Conseil de sécurité a renouvelé mercredi le mandat, sans les voix de la Russie et de la Chine. Le vote s'est \
         soldé par treize voix et deux abstentions, celles de ces deux pays.",
        &["Adopted Done CHN:Abstain RUS:Abstain 13-0-2"],
    );
}

#[test]
fn what_a_voter_did_before_is_told_in_passing() {
    check(
        "fr",
        date(1997, 3, 21),
        "Les Etats-Unis ont mis vendredi leur veto à un projet de résolution du Conseil de sécurité. Le Costa Rica, qui \
         avait soutenu la première version, s'est abstenu.",
        &["Vetoed Done CRI:Abstain USA:Against _-_-_"],
    );
}

#[test]
fn a_name_before_an_aside_votes_with_the_one_behind_it() {
    check(
        "en",
        date(1991, 4, 5),
        "The Security Council adopted resolution 688 by 10 votes to three on Friday. China, which could have blocked it, \
         and India abstained.",
        &["Adopted Done CHN:Abstain IND:Abstain 10-3-2"],
    );
}

#[test]
fn a_number_may_stand_far_before_its_voters() {
    check(
        "fr",
        date(1976, 6, 23),
        "Les Etats-Unis ont opposé mercredi leur veto à une résolution du Conseil de sécurité. Treize membres, parmi \
         lesquels l'Union soviétique, la France, la Grande-Bretagne, l'Italie, le Japon, la Suède, la Tanzanie, le \
         Pakistan, le Panama et la Roumanie, ont voté pour.",
        &[
            "Vetoed Done FRA:For GBR:For ITA:For JPN:For PAK:For PAN:For ROU:For RUS:For SWE:For TZA:For USA:Against 13-_-_",
        ],
    );
}

#[test]
fn a_list_may_be_described_before_it_is_given() {
    check(
        "en",
        date(1983, 10, 28),
        "The United States vetoed a Security Council resolution on Friday. Eleven members voted for the draft, including \
         two American allies, France and the Netherlands.",
        &["Vetoed Done FRA:For NLD:For USA:Against 11-_-_"],
    );
    check(
        "fr",
        date(1966, 4, 9),
        "Le Conseil de sécurité a adopté samedi la résolution 221 par dix voix. Cinq membres se sont abstenus: la France, \
         fidèle à sa doctrine, les deux communistes, Union soviétique et Bulgarie, et deux Africains, le Mali et l'Ouganda.",
        &["Adopted Done BGR:Abstain FRA:Abstain MLI:Abstain RUS:Abstain UGA:Abstain 10-0-5"],
    );
}

#[test]
fn who_joins_a_veto_casts_one() {
    check(
        "en",
        date(1982, 6, 4),
        "The United States joined Britain on Friday in vetoing a Security Council draft on a truce. The abstentions were \
         four, those of Guyana, Jordan, Togo and France.",
        &["Vetoed Done FRA:Abstain GBR:Against GUY:Abstain JOR:Abstain TGO:Abstain USA:Against _-_-4"],
    );
}

#[test]
fn who_votes_as_others_do_needs_to_know_who_they_are() {
    check(
        "en",
        date(1989, 12, 23),
        "A Security Council draft on Panama was vetoed on Saturday by the United States. Canada voted with the three \
         Western powers and Finland abstained.",
        &["Vetoed Done FIN:Abstain USA:Against _-_-_"],
    );
    check(
        "fr",
        date(1971, 12, 5),
        "L'URSS a mis samedi son veto à un projet de résolution du Conseil de sécurité. La Pologne a voté avec elle.",
        &["Vetoed Done POL:Against RUS:Against _-_-_"],
    );
}

#[test]
fn the_smaller_number_of_a_defeat_is_for() {
    check(
        "fr",
        date(1947, 3, 27),
        "Le Conseil de sécurité s'est ajourné jeudi. Une motion soviétique ayant été repoussée par neuf voix contre deux, \
         celles de l'URSS et de la Pologne, le débat s'est poursuivi.",
        &["Failed Done POL:For RUS:For 2-9-0"],
    );
}

#[test]
fn an_abstention_is_of_whom_its_adjective_names() {
    check(
        "fr",
        date(2024, 3, 28),
        "La Russie a mis jeudi son veto à un projet de résolution du Conseil de sécurité. Les Etats-Unis se sont dits déçus \
         de l'abstention chinoise.",
        &["Vetoed Done CHN:Abstain RUS:Against _-_-_"],
    );
}

#[test]
fn who_was_alone_is_counted() {
    check(
        "fr",
        date(1991, 4, 3),
        "Le Conseil de sécurité a adopté mercredi la résolution 687. Cuba a été seul à s'y opposer.",
        &["Adopted Done CUB:Against _-1-_"],
    );
}

#[test]
fn besides_the_authors_come_others() {
    check(
        "fr",
        date(1975, 6, 6),
        "Les Etats-Unis ont opposé vendredi leur veto à une résolution du Conseil de sécurité. Le texte était présenté par \
         l'Irak et la Mauritanie. Outre ses deux auteurs, l'Union soviétique et la Chine ont voté pour.",
        &["Vetoed Done CHN:For IRQ:For MRT:For RUS:For USA:Against _-_-_"],
    );
}

#[test]
fn the_authors_may_be_counted_and_named() {
    let found = parsed_on(
        "fr",
        date(1997, 3, 7),
        "Les Etats-Unis ont mis vendredi leur veto, au Conseil de sécurité, au texte de quatre pays européens, la France, le Portugal, le \
         Royaume-Uni et la Suède. Les quatorze autres membres l'ont approuvé.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.draft.sponsors, ["FRA".into(), "PRT".into(), "GBR".into(), "SWE".into()]);
    assert_eq!(line(vote), "Vetoed Done FRA:For GBR:For PRT:For SWE:For USA:Against 14-1-0");
}

#[test]
fn what_the_council_recommends_to_the_assembly_is_its_own() {
    check(
        "fr",
        date(2024, 4, 18),
        "Les Etats-Unis ont mis jeudi leur veto à un texte du Conseil de sécurité.\n\nLe projet de résolution, présenté par \
         l'Algérie, recommandait à l'Assemblée générale d'admettre un nouvel Etat. Ont voté pour l'Algérie, la Chine et le \
         Japon.",
        &["Vetoed Done CHN:For DZA:For JPN:For USA:Against _-_-_"],
    );
}

#[test]
fn after_amendments_the_resolution_is_told_of_again() {
    check(
        "en",
        date(2023, 10, 18),
        "The United States vetoed a Security Council resolution on Wednesday. Russia and Britain abstained.\n\nTwo \
         amendments proposed by Russia were rejected. The first received six votes, with the United States against and \
         eight members abstaining.\n\nFrance, which voted for the resolution, regretted the outcome, as did China.",
        &["Vetoed Done FRA:For GBR:Abstain RUS:Abstain USA:Against _-_-_", "Failed Done USA:Against 6-1-8"],
    );
}

#[test]
fn in_both_cases_is_of_both_amendments() {
    check(
        "fr",
        date(2023, 10, 18),
        "Les Etats-Unis ont mis leur veto mercredi à une résolution du Conseil de sécurité.\n\nDeux amendements russes ont \
         été écartés. Le premier a recueilli six voix pour, une contre et huit abstentions. Le second en a eu sept pour et \
         une contre, avec sept abstentions. Dans les deux cas, seuls les Etats-Unis s'y sont opposés.",
        &["Vetoed Done USA:Against _-_-_", "Failed Done USA:Against 6-1-8", "Failed Done USA:Against 7-1-7"],
    );
}

#[test]
fn east_germany_sat_where_germany_did_not() {
    check(
        "en",
        date(1980, 1, 7),
        "The Soviet Union vetoed a Security Council draft on Monday. East Germany also voted against it.",
        &["Vetoed Done DDR:Against RUS:Against _-_-_"],
    );
}

#[test]
fn a_verb_is_no_part_of_a_name() {
    check(
        "en",
        date(1950, 7, 7),
        "The Security Council adopted the British resolution on Friday. The Indian delegate abstained.",
        &["Adopted Done IND:Abstain _-_-_"],
    );
}

#[test]
fn a_straw_poll_is_no_vote() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité s'est réuni jeudi. Lors d'un vote indicatif, le candidat a obtenu quatorze voix.",
        ),
        (
            "en",
            "The Security Council met on Thursday. In a straw poll 14 members voted in favor and one against.",
        ),
    ] {
        check(language, date(2016, 10, 6), text, &[]);
    }
}

#[test]
fn an_aside_or_an_end_gives_the_vote_no_date() {
    check(
        "en",
        date(2022, 1, 31),
        "Russia tried on Monday to stop the Security Council from meeting.\n\nIt objected to the session, which the United \
         States had requested last Thursday, and called for a procedural vote. Ten countries were in favor, Russia and China \
         voted against.",
        &["Adopted Done CHN:Against RUS:Against 10-_-_"],
    );
    check(
        "en",
        date(1999, 2, 25),
        "China on Thursday vetoed a Security Council resolution on Macedonia.\n\nThe draft was about the UN force, which \
         runs out on Sunday. Thirteen members voted in favor and Russia abstained.",
        &["Vetoed Done CHN:Against RUS:Abstain 13-1-1"],
    );
}

#[test]
fn what_is_followed_by_a_statement_was_one() {
    let found = parsed_on(
        "fr",
        date(2021, 7, 23),
        "Le Conseil de sécurité a condamné vendredi, d'une seule voix, la réouverture de Varosha.\n\nDans une déclaration \
         de sa présidence, adoptée vendredi, le Conseil exige que cette mesure soit annulée.",
    );
    assert!(votes(&found).is_empty(), "{found:?}");
    assert!(found.iter().any(|a| a.action == ActionKind::Statement), "{found:?}");
}

#[test]
fn a_resolution_that_had_been_voted_is_not_the_news() {
    check(
        "fr",
        date(2007, 7, 20),
        "Les Etats-Unis ont renoncé vendredi à saisir le Conseil de sécurité.\n\nLe Kosovo est administré par l'ONU en vertu \
         de la résolution 1244 que le Conseil avait votée à la fin des bombardements.",
        &[],
    );
}

#[test]
fn on_that_occasion_is_of_the_date_told_before() {
    check(
        "en",
        date(2023, 5, 30),
        "The Security Council extended the embargo on Tuesday. There were 10 in favor, nobody against.\n\nThe Council \
         imposed the embargo in July 2018. Six countries abstained on that occasion, including Ethiopia.",
        &["Adopted Done 10-0-5", "Adopted Past ETH:Abstain _-_-6"],
    );
}

#[test]
fn amendments_turned_down_do_not_fail_the_resolution() {
    check(
        "en",
        date(2025, 10, 30),
        "The Security Council is to vote on Friday on a US draft.\n\nThe mandate was last renewed on October 31, 2024, by 12 \
         votes to none. Russia and Mozambique abstained and Algeria did not take part. Two amendments were rejected.",
        &["Adopted Past DZA:Absent MOZ:Abstain RUS:Abstain 12-0-2", "Unknown Planned _-_-_"],
    );
}

#[test]
fn a_meeting_that_had_been_asked_for_is_dated_before() {
    let found = parsed_on(
        "en",
        date(1983, 10, 28),
        "The United States vetoed a Security Council resolution on Friday.\n\nNicaragua had asked for the Council to meet on \
         Tuesday.",
    );
    let meeting = super::only(&found, ActionKind::Meeting);
    assert_eq!((meeting.status, meeting.when.date), (ActionStatus::Done, Some(date(1983, 10, 25))));
    assert_eq!(meeting.requested_by, ["NIC".into()]);
}

#[test]
fn what_happened_since_a_clause_is_not_dated_by_it() {
    check(
        "en",
        date(1972, 8, 25),
        "China on Friday vetoed a Security Council draft on Bangladesh. It was the first veto by the Peking government since \
         it took the Chinese seat last October.",
        &["Vetoed Done CHN:Against _-_-_"],
    );
}

#[test]
fn a_vote_on_procedure_may_follow_a_veto() {
    check(
        "en",
        date(1980, 1, 9),
        "The Security Council decided on Wednesday to call an emergency special session of the General Assembly, getting \
         round the Soviet veto that had paralyzed it two days earlier.\n\nThe Council adopted the resolution by 12 votes to \
         two. The Soviet Union and East Germany were opposed and Zambia abstained.",
        &["Vetoed Past RUS:Against _-_-_", "Adopted Done DDR:Against RUS:Against ZMB:Abstain 12-2-1"],
    );
}

#[test]
fn the_month_of_may_is_no_condition() {
    check(
        "en",
        date(2004, 4, 21),
        "Russia vetoed a Security Council resolution on Cyprus on Wednesday.\n\nIn May 1993 it vetoed a text on the same force.",
        &["Vetoed Done RUS:Against _-_-_", "Vetoed Past RUS:Against _-_-_"],
    );
}

#[test]
fn all_of_a_list_told_before_voted() {
    check(
        "en",
        date(1978, 9, 29),
        "The Security Council adopted resolution 435 on Friday by 12 votes to none. The plan is the work of five countries, \
         Britain, Canada, France, West Germany and the United States. All five voted in favor.",
        &["Adopted Done CAN:For DEU:For FRA:For GBR:For USA:For 12-0-3"],
    );
}

#[test]
fn of_a_part_and_its_whole_the_part_is_counted() {
    check(
        "en",
        date(2013, 11, 15),
        "An African bid failed in the Security Council on Friday, when eight of its 15 members abstained. The resolution \
         received seven votes. Rwanda, Togo and Morocco were supported by China.",
        &["Failed Done CHN:For MAR:For RWA:For TGO:For 7-0-8"],
    );
}

#[test]
fn who_did_not_have_to_use_its_veto_cast_none() {
    check(
        "fr",
        date(1993, 6, 29),
        "Le Conseil de sécurité a rejeté mardi une résolution par six voix pour et neuf abstentions. La France et la Russie se \
         sont abstenues. Aucun membre permanent n'a donc eu à employer son veto.",
        &["Failed Done FRA:Abstain RUS:Abstain 6-0-9"],
    );
}

#[test]
fn a_veto_of_some_days_before_is_not_of_this_vote() {
    check(
        "fr",
        date(1997, 1, 20),
        "Le Conseil de sécurité a décidé lundi, à l'unanimité, l'envoi d'observateurs au Guatemala, dix jours après un veto de \
         la Chine.",
        &["Adopted Done CHN:For 15-0-0"],
    );
}

#[test]
fn who_had_supported_a_text_voted_for_it() {
    check(
        "fr",
        date(2020, 7, 11),
        "Le Conseil de sécurité a rejeté samedi un projet russe. La Chine et le Vietnam l'avaient soutenu.",
        &["Failed Done CHN:For VNM:For _-_-_"],
    );
}

#[test]
fn a_vote_told_of_in_a_states_statement_is_a_vote() {
    check(
        "en",
        date(2026, 3, 6),
        "The Security Council unanimously extended the mission on Friday, its president said in a statement.",
        &["Adopted Done 15-0-0"],
    );
}
