//! Meetings, statements and texts that others wanted: refused, blocked, withdrawn.

use jiff::civil::date;

use super::{only, parsed, parsed_on};
use crate::council::{ActionKind, ActionStatus, Form};

#[test]
fn a_meeting_that_was_refused_stays_one_that_was_asked_for() {
    for (language, text) in [
        ("en", "The UN Security Council turned down Nepal's request for an emergency meeting on Friday."),
        ("en", "The UN Security Council did not hold the emergency meeting requested by Nepal."),
        (
            "fr",
            "Le Conseil de sécurité a refusé vendredi de se réunir d'urgence comme le demandait le Népal.",
        ),
        (
            "fr",
            "La demande de réunion d'urgence du Conseil de sécurité présentée par le Népal a été rejetée vendredi par les \
             membres du Conseil.",
        ),
    ] {
        let found = parsed(language, text);
        let meeting = only(&found, ActionKind::Meeting);
        assert_eq!((meeting.status, meeting.form), (ActionStatus::Sought, Some(Form::Emergency)), "{text}");
        assert_eq!(meeting.requested_by, ["NPL".into()], "{text}");
    }
}

#[test]
fn who_stands_in_the_way_of_a_meeting_is_told() {
    for (language, text) in [
        (
            "en",
            "Russia on Friday blocked a UN Security Council meeting on Nepal that had been requested by France.",
        ),
        (
            "fr",
            "La Russie a empêché vendredi la tenue d'une réunion du Conseil de sécurité sur le Népal, réclamée par la France.",
        ),
    ] {
        let found = parsed(language, text);
        let meeting = only(&found, ActionKind::Meeting);
        assert_eq!(meeting.status, ActionStatus::Sought, "{text}");
        assert_eq!(
            (&meeting.blocked_by[..], &meeting.requested_by[..]),
            (&["RUS".into()][..], &["FRA".into()][..]),
            "{text}"
        );
    }
}

#[test]
fn a_vote_on_the_meeting_decides_whether_it_was_held() {
    let held = parsed_on(
        "en",
        date(2022, 1, 31),
        "Russia tried on Monday to block a US-requested UN Security Council meeting on Nepal but lost a procedural vote, with \
         ten members in favour, Russia and China against and three abstaining.",
    );
    let meeting = only(&held, ActionKind::Meeting);
    assert_eq!((meeting.status, &meeting.blocked_by[..]), (ActionStatus::Done, &[][..]));
}

#[test]
fn what_others_say_is_no_statement_of_the_council() {
    for (language, text) in [
        (
            "en",
            "The G7 ministers condemned the attack in a statement on Friday and called on the UN Security Council to act.",
        ),
        (
            "en",
            "The European Union said in a statement on Friday that the UN Security Council should condemn the attack.",
        ),
        (
            "fr",
            "Dans une déclaration lue vendredi devant le Conseil de sécurité, la Ligue arabe a condamné les bombardements.",
        ),
        (
            "fr",
            "Dans une déclaration publiée vendredi, les ministres du G7 ont appelé le Conseil de sécurité de l'ONU à agir.",
        ),
    ] {
        let found = parsed(language, text);
        assert!(found.iter().all(|a| a.action != ActionKind::Statement), "{text}: {found:?}");
    }
}

#[test]
fn a_statement_read_out_to_the_press_is_one_for_the_press() {
    let found = parsed(
        "en",
        "The president of the UN Security Council read out a statement to the press on Nepal on Friday.",
    );
    assert_eq!(only(&found, ActionKind::Statement).form, Some(Form::Press));
    let found = parsed(
        "fr",
        "Dans une déclaration présidentielle adoptée vendredi, le Conseil de sécurité s'est dit préoccupé par le Népal.",
    );
    assert_eq!(only(&found, ActionKind::Statement).form, Some(Form::Presidential));
}

#[test]
fn what_is_told_next_of_a_blocked_statement_is_no_second_one() {
    let found = parsed(
        "en",
        "China and Russia on Friday prevented the UN Security Council from issuing a statement on Nepal. The statement had \
         been drafted by Britain.",
    );
    let statement = only(&found, ActionKind::Statement);
    assert_eq!((statement.blocked_by.len(), &statement.draft.sponsors[..]), (2, &["GBR".into()][..]));
}

#[test]
fn breaking_silence_on_a_statement_blocks_it_and_tables_no_draft() {
    let found = parsed(
        "fr",
        "La Russie a brisé vendredi la procédure de silence sur le projet de déclaration du Conseil de sécurité.",
    );
    assert_eq!(only(&found, ActionKind::Statement).blocked_by, ["RUS".into()]);
    assert!(found.iter().all(|a| a.action != ActionKind::Draft), "{found:?}");
}

#[test]
fn who_withdraws_a_text_is_its_author_and_who_threatens_it_is_not() {
    let found = parsed(
        "en",
        "Denmark and Greece gave up on Friday their long efforts to win UN Security Council backing for a mission to Nepal and \
         withdrew a draft resolution.",
    );
    assert_eq!(only(&found, ActionKind::Draft).draft.sponsors, ["DNK".into(), "GRC".into()]);
    let found = parsed(
        "en",
        "Russia said on Friday it would veto a Western-backed draft resolution on Nepal if it is put to a vote in the UN \
         Security Council.",
    );
    assert!(found.iter().all(|a| !a.draft.sponsors.contains(&"RUS".into())), "{found:?}");
}
