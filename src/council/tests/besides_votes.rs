//! Drafts, meetings, statements and measures.

use jiff::civil::date;

use super::{actions, only, parsed, parsed_on, votes};
use crate::council::{ActionKind, ActionStatus, Form};

#[test]
fn meetings_and_blocked_statements_are_told_with_who_did_it() {
    let found = actions(
        "fr",
        date(2024, 4, 14),
        "",
        "Le Conseil de sécurité s'est réuni dimanche en urgence à la demande d'Israël.",
    );
    let meeting = found.iter().find(|a| a.action == ActionKind::Meeting).expect("a meeting");
    assert_eq!((meeting.form, &meeting.requested_by[..]), (Some(Form::Emergency), &["ISR".into()][..]));
    let found = actions(
        "fr",
        date(2022, 1, 12),
        "",
        "La Russie et la Chine ont bloqué mardi une déclaration du Conseil de sécurité sur le Mali.",
    );
    let statement = found.iter().find(|a| a.action == ActionKind::Statement).expect("a statement");
    assert_eq!(statement.blocked_by, ["RUS".into(), "CHN".into()]);
    assert!(votes(&found).is_empty(), "{found:?}");
}

#[test]
fn a_statement_that_somebody_wants_is_sought_by_him() {
    let found =
        parsed("fr", "La Suisse a réclamé vendredi une déclaration du Conseil de sécurité sur Haïti.");
    let statement = only(&found, ActionKind::Statement);
    assert_eq!(statement.status, ActionStatus::Sought);
    assert_eq!(statement.requested_by, ["CHE".into()]);
}

#[test]
fn a_statement_that_the_council_is_to_adopt_is_planned() {
    let found = parsed("fr", "Le Conseil de sécurité devrait adopter une déclaration sur le Népal.");
    assert_eq!(only(&found, ActionKind::Statement).status, ActionStatus::Planned);
}

#[test]
fn a_statement_that_the_council_could_not_agree_on_stays_sought() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité n'est pas parvenu vendredi à s'entendre sur une déclaration au sujet du Népal.",
        ),
        ("en", "The UN Security Council could not agree on a statement about Nepal on Friday."),
    ] {
        let found = parsed(language, text);
        let statement = only(&found, ActionKind::Statement);
        assert_eq!(statement.status, ActionStatus::Sought, "{text}");
        assert!(statement.blocked_by.is_empty(), "nobody stood in the way: {text}");
    }
}

#[test]
fn what_the_council_issues_is_a_statement_whatever_its_form() {
    let found = parsed("en", "The UN Security Council issued a statement on Nepal on Friday.");
    let statement = only(&found, ActionKind::Statement);
    assert_eq!((statement.status, statement.form), (ActionStatus::Done, None));
}

#[test]
fn a_measure_asked_of_the_council_is_sought_by_who_asks() {
    for (language, text) in [
        (
            "fr",
            "Le Népal a demandé vendredi au Conseil de sécurité de lever les sanctions contre le Soudan du Sud.",
        ),
        ("en", "Nepal urged the UN Security Council to lift the arms embargo."),
    ] {
        let found = parsed(language, text);
        let measure = only(&found, ActionKind::Measure);
        assert_eq!(measure.status, ActionStatus::Sought, "{text}");
        assert_eq!(measure.requested_by, ["NPL".into()], "{text}");
    }
}

#[test]
fn what_was_asked_is_no_measure_where_the_council_adopted_another() {
    let found = parsed(
        "en",
        "The UN Security Council on Thursday extended the arms embargo on South Sudan by nine votes to none. \
         Nepal had urged the council to lift the embargo.",
    );
    assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("sanctions renewed"));
}

#[test]
fn a_list_of_requesters_may_begin_outside_the_council() {
    let found = parsed(
        "fr",
        "Le Conseil de sécurité s'est réuni vendredi en urgence à la demande du Qatar et de la Grèce.",
    );
    assert_eq!(only(&found, ActionKind::Meeting).requested_by, ["QAT".into(), "GRC".into()]);
}

#[test]
fn a_text_voted_on_before_is_no_draft_of_another_body() {
    let found = parsed(
        "en",
        "The UN General Assembly condemned the annexation on Friday. A similar text, submitted by the United States, \
         came before the Security Council on February 20 and was vetoed by Russia. China abstained.",
    );
    assert!(found.iter().all(|a| a.action != ActionKind::Draft), "{found:?}");
}

#[test]
fn a_position_on_something_else_keeps_no_draft_back() {
    let found = parsed(
        "fr",
        "La Colombie et la Lettonie ont fait circuler vendredi au Conseil de sécurité un projet de résolution. Les \
         Etats-Unis n'ont pas pris position.",
    );
    assert_eq!(only(&found, ActionKind::Draft).draft.sponsors, ["COL".into(), "LVA".into()]);
}

#[test]
fn what_is_renewed_is_not_imposed() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité a adopté vendredi la résolution 2402, qui reconduit les sanctions contre le Yémen. Elle a \
             recueilli quinze voix.",
        ),
        (
            "en",
            "The Security Council adopted resolution 2402, which renews the asset freezes and travel bans on Yemen, by 15 votes \
             on Friday.",
        ),
    ] {
        let found = parsed(language, text);
        assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("sanctions renewed"), "{text}");
    }
}

#[test]
fn a_mandate_that_runs_out_has_not_ended() {
    let found = parsed(
        "fr",
        "La Chine a mis jeudi son veto à une résolution du Conseil de sécurité sur la mission de l'ONU. Son mandat prend fin \
         dimanche.",
    );
    let measure = only(&found, ActionKind::Measure);
    assert_eq!(
        (measure.measure.as_deref(), measure.status, measure.when.date),
        (Some("mandate ended"), ActionStatus::Planned, Some(date(2026, 3, 8)))
    );
}

#[test]
fn a_statement_bears_its_symbol_and_so_does_a_meeting() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a presidential statement on Nepal (S/PRST/2026/4) on Friday. At its meeting \
         (S/PV.9912), held behind closed doors, the Council also heard two envoys.",
    );
    assert_eq!(only(&found, ActionKind::Statement).draft.symbol.as_deref(), Some("S/PRST/2026/4"));
    assert_eq!(only(&found, ActionKind::Meeting).draft.symbol.as_deref(), Some("S/PV.9912"));
}

#[test]
fn a_symbol_told_next_is_of_the_statement_told_before() {
    let found = parsed(
        "fr",
        "Le Conseil de sécurité a adopté vendredi une déclaration présidentielle sur le Népal. Le Conseil l'a publiée sous \
         la cote S/PRST/2026/4.",
    );
    assert_eq!(only(&found, ActionKind::Statement).draft.symbol.as_deref(), Some("S/PRST/2026/4"));
}

#[test]
fn a_symbol_is_of_the_text_of_its_own_sentence() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a resolution on Libya by 14 votes on Friday, with Russia abstaining.\n\nDenmark \
         has circulated a draft resolution on Mali, S/2026/150.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.draft.symbol, None);
    assert_eq!(only(&found, ActionKind::Draft).draft.symbol.as_deref(), Some("S/2026/150"));
}

#[test]
fn a_number_is_of_the_vote_of_its_own_sentence() {
    let found = parsed_on(
        "en",
        date(2022, 8, 31),
        "The UN Security Council on Wednesday adopted S/RES/2650 on Lebanon by 13 votes, with Russia and China \
         abstaining.\n\nThe Council also adopted S/RES/2651 on Libya, by 14 votes to none.",
    );
    let numbers: Vec<_> = votes(&found).iter().map(|v| v.draft.resolution.as_deref()).collect();
    assert_eq!(numbers, [Some("2650"), Some("2651")], "{found:?}");
}

#[test]
fn a_number_told_with_a_measure_is_not_that_of_the_vote_on_another_country() {
    let found = parsed_on(
        "en",
        date(2022, 8, 31),
        "The UN Security Council adopted a resolution on Lebanon by 13 votes on Wednesday, with Russia and China \
         abstaining.\n\nThe Council extended the sanctions on Mali in S/RES/2649.",
    );
    assert_eq!(votes(&found)[0].draft.resolution, None, "{found:?}");
    assert_eq!(only(&found, ActionKind::Measure).draft.resolution.as_deref(), Some("2649"));
}

#[test]
fn a_statement_that_all_approve_is_no_vote() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité a condamné vendredi les violences en Birmanie. Les Quinze ont approuvé à l'unanimité le texte \
             d'une déclaration rédigée par le Royaume-Uni.",
        ),
        (
            "fr",
            "Le Conseil de sécurité a approuvé vendredi une déclaration de son président. Les quinze membres ont tous donné leur \
             accord au texte proposé par le Japon.",
        ),
        (
            "en",
            "The Security Council condemned the violence in Myanmar on Friday. After long haggling all 15 members approved the text \
             of a statement drafted by Britain.",
        ),
        (
            "en",
            "All fifteen members of the Security Council backed on Friday a press statement on Burundi put forward by France. China \
             had first objected to the draft.",
        ),
    ] {
        let found = parsed(language, text);
        assert!(votes(&found).is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn a_mandate_that_is_ended_is_not_renewed_by_what_describes_it() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité a mis fin vendredi au mandat de la mission au Népal, prorogé une dernière fois en février.",
        ),
        (
            "en",
            "The UN Security Council on Friday ended the mandate of the UN mission in Nepal after renewing it one last time in \
             February.",
        ),
    ] {
        let found = parsed(language, text);
        assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("mandate ended"), "{text}");
    }
    let found = parsed(
        "en",
        "The UN Security Council on Friday extended for a final six months the mandate of its mission in Nepal.",
    );
    assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("mandate renewed"));
}

#[test]
fn what_the_council_decides_for_a_later_day_is_done_now() {
    let found = parsed(
        "fr",
        "Le Conseil de sécurité a décidé vendredi de mettre fin en octobre à la mission de l'ONU au Népal.",
    );
    let measure = only(&found, ActionKind::Measure);
    assert_eq!((measure.status, measure.when.date), (ActionStatus::Done, Some(date(2026, 3, 6))));
}

#[test]
fn an_exemption_ends_no_sanctions_and_imposes_none() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité a instauré vendredi une exemption humanitaire à ses régimes de sanctions.",
        ),
        ("en", "The UN Security Council on Friday exempted aid to Nepal from sanctions."),
    ] {
        let found = parsed(language, text);
        assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("sanctions eased"), "{text}");
    }
}

#[test]
fn the_sanctions_committee_acts_for_the_council() {
    for (language, text, measure) in [
        (
            "fr",
            "Le comité des sanctions du Conseil de sécurité a ajouté vendredi cinq officiers à sa liste.",
            "sanctions imposed",
        ),
        (
            "fr",
            "Le comité des sanctions de l'ONU contre les talibans a retiré vendredi dix noms de sa liste.",
            "sanctions ended",
        ),
        (
            "en",
            "The UN Security Council's Libya sanctions committee on Friday added six traffickers to its list.",
            "sanctions imposed",
        ),
    ] {
        let found = parsed(language, text);
        assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some(measure), "{text}");
    }
}

#[test]
fn a_smaller_force_is_a_measure() {
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité a décidé vendredi de réduire les effectifs de la mission de l'ONU au Népal.",
        ),
        ("en", "The UN Security Council voted on Friday to cut its peacekeeping force in Nepal to 270."),
    ] {
        let found = parsed(language, text);
        assert_eq!(only(&found, ActionKind::Measure).measure.as_deref(), Some("mandate reduced"), "{text}");
    }
}

#[test]
fn what_a_draft_would_do_nobody_has_done() {
    let found = parsed(
        "fr",
        "Les Etats-Unis ont annoncé vendredi qu'ils présenteraient la semaine prochaine au Conseil de sécurité un projet de \
         résolution durcissant les sanctions contre la Corée du Nord.",
    );
    assert!(found.iter().all(|a| a.action != ActionKind::Measure), "{found:?}");
    assert_eq!(only(&found, ActionKind::Draft).status, ActionStatus::Planned);
}

#[test]
fn what_had_been_imposed_before_the_news_is_background() {
    let found = parsed(
        "en",
        "The UN Security Council met on Friday to discuss Nepal. On Monday the Council had imposed an arms embargo on the \
         country.",
    );
    assert_eq!(only(&found, ActionKind::Measure).status, ActionStatus::Past);
}

#[test]
fn a_relative_clause_tells_no_more_of_what_is_asked() {
    let found = parsed(
        "en",
        "Nepal urged the UN Security Council to extend the arms embargo on Libya, which is due to expire on March 18.",
    );
    let sought: Vec<_> = found.iter().filter(|a| a.status == ActionStatus::Sought).collect();
    let [renewed] = sought[..] else { panic!("one is sought: {found:?}") };
    assert_eq!(renewed.measure.as_deref(), Some("sanctions renewed"));
}

#[test]
fn a_mandate_not_renewed_is_not_renewed() {
    let found = parsed(
        "fr",
        "La mission de l'ONU au Népal prendra fin dimanche, son mandat n'ayant pas été renouvelé par le Conseil de sécurité.",
    );
    let measure = only(&found, ActionKind::Measure);
    assert_eq!((measure.measure.as_deref(), measure.status), (Some("mandate ended"), ActionStatus::Planned));
}

#[test]
fn a_meeting_is_planned_by_the_verb_of_its_noun_and_held_where_something_was_done_at_it() {
    let found = parsed(
        "fr",
        "Une réunion ministérielle du Conseil de sécurité sur la situation humanitaire au Népal, demandée par la France, est \
         prévue le 30 mars.",
    );
    let meeting = only(&found, ActionKind::Meeting);
    assert_eq!((meeting.status, meeting.when.date), (ActionStatus::Planned, Some(date(2026, 3, 30))));
    let found = parsed(
        "fr",
        "Les Etats-Unis ont annoncé jeudi lors d'une réunion d'urgence du Conseil de sécurité une aide au Népal.",
    );
    let meeting = only(&found, ActionKind::Meeting);
    assert_eq!((meeting.status, meeting.when.date), (ActionStatus::Done, Some(date(2026, 3, 5))));
}

#[test]
fn a_statement_that_was_not_issued_is_none() {
    let found = parsed(
        "en",
        "The UN Security Council held a closed meeting on Nepal on Friday. The Council did not issue any statement.",
    );
    assert!(found.iter().all(|a| a.action != ActionKind::Statement), "{found:?}");
}
