//! What is told of older votes, and when a vote was.

use jiff::civil::{Date, date};

use super::{only, parsed, parsed_on, position, tally, votes};
use crate::council::{ActionKind, ActionStatus, Outcome, Position};

#[test]
fn vetoes_of_several_dates_are_several() {
    for (language, text) in [
        (
            "fr",
            "La Russie et la Chine ont mis vendredi leur veto à un projet de résolution du Conseil de sécurité.\n\nLes \
             deux pays avaient déjà usé de leur veto sur ce dossier en mars 2019, en juin 2021 et en mai 2023.",
        ),
        (
            "en",
            "Russia and China vetoed a draft resolution in the UN Security Council on Friday.\n\nThe two countries had \
             already vetoed texts on the matter in March 2019, in June 2021 and in May 2023.",
        ),
    ] {
        let found = parsed(language, text);
        let dates: Vec<_> = votes(&found)
            .into_iter()
            .filter(|v| v.status == ActionStatus::Past)
            .inspect(|v| assert_eq!(v.vetoed_by, ["CHN".into(), "RUS".into()], "{text}"))
            .filter_map(|v| v.when.date)
            .collect();
        assert_eq!(dates, [date(2019, 3, 1), date(2021, 6, 1), date(2023, 5, 1)], "{text}");
    }
}

#[test]
fn who_had_not_used_its_veto_since_a_date_used_it_then() {
    for (language, text) in [
        (
            "fr",
            "La Russie a mis vendredi son veto à un projet de résolution du Conseil de sécurité.\n\nMoscou n'avait plus usé \
             de son veto depuis le 12 mai 2024.",
        ),
        (
            "en",
            "Russia vetoed a draft resolution in the UN Security Council on Friday.\n\nMoscow had not used its veto since \
             May 12, 2024.",
        ),
    ] {
        let found = parsed(language, text);
        let [_, past] = votes(&found)[..] else { panic!("two votes: {found:?}") };
        assert_eq!(
            (past.when.date, past.outcome),
            (Some(date(2024, 5, 12)), Some(Outcome::Vetoed)),
            "{text}"
        );
    }
}

#[test]
fn a_veto_that_was_not_cast_is_none() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a French draft resolution on Friday, with 12 votes in favor. There was no Russian \
         veto.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!((vote.outcome, position(vote, "RUS")), (Some(Outcome::Adopted), None));
}

#[test]
fn the_day_after_a_veto_is_not_that_of_the_veto() {
    let found = parsed(
        "fr",
        "Au lendemain d'un nouveau veto de Moscou, le Conseil de sécurité a adopté vendredi la résolution 2810 à l'unanimité.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.outcome, Some(Outcome::Adopted));
}

#[test]
fn what_is_dated_besides_does_not_date_the_vote() {
    for text in [
        "Le Conseil de sécurité a adopté vendredi une résolution par douze voix. Elle condamne les tirs effectués mardi.",
        "Le Conseil de sécurité a adopté vendredi une résolution par douze voix. Initialement fixé à mardi, le vote a été \
         repoussé deux fois.",
    ] {
        let found = parsed("fr", text);
        let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
        assert_eq!(vote.when.date, Some(date(2026, 3, 6)), "{text}");
    }
    let found = parsed(
        "en",
        "The UN Security Council adopted a resolution on Friday. It got ten votes, the fewest since the invasion of Utopia in \
         August.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!((vote.status, vote.when.date), (ActionStatus::Done, Some(date(2026, 3, 6))));
}

#[test]
fn a_date_alone_between_commas_is_of_its_sentence() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a US draft on Friday, with nine votes in favor.\n\nA first attempt, in December 2024, \
         failed with seven votes in favor and eight abstentions.",
    );
    let [_, first] = votes(&found)[..] else { panic!("two votes: {found:?}") };
    assert_eq!((first.status, first.when.date), (ActionStatus::Past, Some(date(2024, 12, 1))));
}

#[test]
fn the_others_who_had_voted_complete_the_vote_under_way() {
    let found = parsed(
        "fr",
        "La Russie a mis vendredi son veto à un projet de résolution du Conseil de sécurité.\n\nTous les autres membres, dont \
         la Chine, s'étaient prononcés pour.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(position(vote, "CHN"), Some(Position::For));
    assert_eq!(tally(vote), [Some(14), Some(1), Some(0)]);
}

#[test]
fn under_a_dateline_of_the_united_nations_the_council_is_theirs() {
    let text = "le Conseil a adopté vendredi à l'unanimité un projet de résolution sur le Népal.";
    let dated = parsed("fr", &format!("NATIONS UNIES, 6 mars - Avec l'accord de tous, {text}"));
    assert_eq!(only(&dated, ActionKind::Vote).outcome, Some(Outcome::Adopted));
    let undated = parsed("fr", &format!("Avec l'accord de tous, {text}"));
    assert!(undated.is_empty(), "{undated:?}");
}

#[test]
fn a_meeting_that_was_asked_for_before_the_news_was_held() {
    let found = parsed_on(
        "en",
        date(2026, 3, 3),
        "The UN Security Council deplored the shooting on Tuesday. Chile had asked for an emergency meeting on Sunday.",
    );
    let meeting = only(&found, ActionKind::Meeting);
    assert_eq!((meeting.status, meeting.when.date), (ActionStatus::Done, Some(date(2026, 3, 1))));
    assert_eq!(meeting.requested_by, ["CHL".into()]);
}

#[test]
fn a_meeting_to_come_is_not_held_by_having_been_asked_for() {
    let found = parsed(
        "en",
        "The UN Security Council will meet on Monday. Chile had asked for the emergency meeting in a letter.",
    );
    assert_eq!(only(&found, ActionKind::Meeting).status, ActionStatus::Planned);
}

#[test]
fn a_veto_that_is_denied_to_matter_was_cast_all_the_same() {
    let found = parsed(
        "en",
        "A British draft got 13 votes in the UN Security Council on Friday. Without Russia's veto it would have passed.",
    );
    assert_eq!(position(votes(&found)[0], "RUS"), Some(Position::Against), "{found:?}");
}

/// One veto is told, as background, and nothing that was voted on the day.
fn only_vetoed_before(language: &str, published: Date, text: &str) {
    let found = parsed_on(language, published, text);
    let told = votes(&found).into_iter().filter(|v| v.status != ActionStatus::Planned);
    let read: Vec<_> = told.map(|v| (v.status, v.outcome)).collect();
    assert_eq!(read, [(ActionStatus::Past, Some(Outcome::Vetoed))], "{text}");
}

#[test]
fn where_a_vote_is_put_off_a_veto_told_of_is_an_older_one() {
    for (language, text) in [
        (
            "en",
            "The Security Council will not vote Friday as planned on the Moroccan text on Syria. The ballot was called off an hour \
             before it was due.\n\nThe veto that Russia and China cast against a European draft still weighs on the talks.",
        ),
        (
            "fr",
            "La France a obtenu vendredi que le vote du Conseil de sécurité sur la Syrie soit remis à lundi.\n\nLa Russie et la \
             Chine ont mis leur veto à un texte européen.",
        ),
    ] {
        only_vetoed_before(language, date(2012, 2, 3), text);
    }
}

#[test]
fn a_vote_put_off_does_not_hide_the_one_held() {
    let text = "After a week in which the vote was postponed four times, the Security Council on Friday adopted a resolution on \
                Gaza. Thirteen members voted in favour, and the United States and Russia abstained.";
    let found = parsed_on("en", date(2023, 12, 22), text);
    let vote = only(&found, ActionKind::Vote);
    assert_eq!((vote.status, vote.outcome), (ActionStatus::Done, Some(Outcome::Adopted)));
}

#[test]
fn beside_a_vote_of_the_assembly_a_veto_is_background() {
    for (language, text) in [
        (
            "en",
            "The General Assembly voted 153 to 10 on Tuesday to demand a truce in Gaza, after the United States vetoed a similar \
             text in the Security Council last week. Twenty-three countries abstained.",
        ),
        (
            "en",
            "By 143 votes to five the General Assembly on Tuesday demanded a truce in Gaza. China and India abstained.\n\nThe vote \
             came after the United States vetoed a similar text in the Security Council.",
        ),
    ] {
        only_vetoed_before(language, date(2023, 12, 12), text);
    }
}
