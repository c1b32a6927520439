//! Articles that look back, and what they tell as history.

use jiff::civil::date;

use super::{actions, only, parsed_on, told};
use crate::{
    council::{ActionKind, ActionStatus, CouncilAction},
    data::Data,
    syntax::{Parser, Tree},
    text::Segmenter,
};

fn headed(language: &str, headline: &str, text: &str) -> Vec<CouncilAction> {
    let data = Data::embedded();
    let document = Segmenter::load(&data, language).expect("text").document(headline, text);
    let parser = Parser::load(&data, language).expect("syntax");
    let trees: Vec<Tree> = document.sentences.iter().map(|s| parser.parse(&s.tokens)).collect();
    told(language, date(2021, 8, 2), &document, &trees)
}

#[test]
fn an_anniversary_is_no_news() {
    for (language, text) in [
        (
            "en",
            "Thirty years ago this week, the UN Security Council imposed a trade embargo on Nepal. The Council met in \
             emergency session within hours of the invasion.",
        ),
        (
            "fr",
            "Il y a trente ans, le Conseil de sécurité de l'ONU décrétait un embargo contre le Népal. Le Conseil s'est réuni \
             d'urgence dans les heures qui suivirent.",
        ),
    ] {
        let found = parsed_on(language, date(2021, 8, 2), text);
        let meeting = only(&found, ActionKind::Meeting);
        assert_eq!(
            (meeting.status, meeting.when.date),
            (ActionStatus::Past, Some(date(1991, 8, 2))),
            "{text}"
        );
        assert_eq!(only(&found, ActionKind::Measure).when.date, Some(date(1991, 8, 2)), "{text}");
    }
}

#[test]
fn a_chronology_dates_what_follows_its_dates() {
    let found = headed(
        "en",
        "Timeline: Nepal and the United Nations",
        "Here are the key dates of the crisis.\n\nAugust 2, 1990 - Soldiers enter Nepal. The UN Security Council holds an \
         emergency meeting.",
    );
    let meeting = only(&found, ActionKind::Meeting);
    assert_eq!((meeting.status, meeting.when.date), (ActionStatus::Past, Some(date(1990, 8, 2))));
}

#[test]
fn a_day_without_a_year_is_of_the_year_told_before() {
    let found = parsed_on(
        "fr",
        date(2024, 4, 7),
        "Le 21 avril 1994, le Conseil de sécurité de l'ONU se réunit à New York. Le 17 mai, le Conseil décrète un embargo sur \
         les armes contre le Népal.",
    );
    let measure = only(&found, ActionKind::Measure);
    assert_eq!((measure.status, measure.when.date), (ActionStatus::Past, Some(date(1994, 5, 17))));
}

#[test]
fn what_a_dead_man_did_is_no_news() {
    for (language, text) in [
        (
            "en",
            "Anthony Blake, a former ambassador to the United Nations, has died aged 88. As president of the Security Council \
             he called an emergency meeting of the Council on Nepal.",
        ),
        (
            "fr",
            "L'ancien ambassadeur Pierre Lavigne est mort à 88 ans. Il avait obtenu une réunion d'urgence du Conseil de \
             sécurité sur le Népal.",
        ),
    ] {
        let found = parsed_on(language, date(2021, 8, 2), text);
        assert_eq!(only(&found, ActionKind::Meeting).status, ActionStatus::Past, "{text}");
    }
}

#[test]
fn an_explainer_tells_of_no_day() {
    let text =
        "Le Conseil de sécurité se réunit à la demande d'un de ses membres. Le Conseil décrète des embargos.";
    let found = headed("fr", "Comment fonctionne le Conseil de sécurité de l'ONU", text);
    assert!(found.is_empty(), "{found:?}");
    assert!(!headed("fr", "Le Conseil de sécurité et le Népal", text).is_empty());
}

#[test]
fn an_old_date_at_the_head_of_the_news_makes_no_history_of_it() {
    let found = parsed_on(
        "en",
        date(2021, 8, 2),
        "In 1992 the UN Security Council imposed an arms embargo on Nepal. On Monday the Council met behind closed doors to \
         review it.",
    );
    assert_eq!(only(&found, ActionKind::Meeting).status, ActionStatus::Done);
}

#[test]
fn without_a_day_of_publication_nothing_looks_back() {
    let found =
        actions("en", date(2021, 8, 2), "", "The UN Security Council met in emergency session on Nepal.");
    assert_eq!(only(&found, ActionKind::Meeting).status, ActionStatus::Done);
}
