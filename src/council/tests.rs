//! Dispatches written for these tests, through the rooms that the Council stands on.

mod background;
mod besides_votes;
mod bodies;
mod checks;
mod history;
mod phrasing;
mod refusals;
mod sides;
mod weighing;

use jiff::civil::{Date, date};

use super::{ActionKind, ActionStatus, Council, CouncilAction, Outcome, Parsed, Position};
use crate::{
    actors::{Context, Gazetteer},
    data::Data,
    discourse::time::TimeResolver,
    syntax::{Parser, Tree},
    text::{Document, Segmenter},
};

pub(super) fn actions(language: &str, published: Date, headline: &str, text: &str) -> Vec<CouncilAction> {
    let document = Segmenter::load(&Data::embedded(), language).expect("text").document(headline, text);
    told(language, published, &document, &[])
}

/// Of a text of Friday, 6 March 2026, parsed as in the daemon.
pub(super) fn parsed(language: &str, text: &str) -> Vec<CouncilAction> {
    parsed_on(language, date(2026, 3, 6), text)
}

fn parsed_on(language: &str, published: Date, text: &str) -> Vec<CouncilAction> {
    let data = Data::embedded();
    let document = Segmenter::load(&data, language).expect("text").document("", text);
    let parser = Parser::load(&data, language).expect("syntax");
    let trees: Vec<Tree> = document.sentences.iter().map(|s| parser.parse(&s.tokens)).collect();
    told(language, published, &document, &trees)
}

fn told(language: &str, published: Date, document: &Document, trees: &[Tree]) -> Vec<CouncilAction> {
    let data = Data::embedded();
    let gazetteer = Gazetteer::load(&data, language).expect("actors");
    let mentions = gazetteer.mentions(document, trees, Some(published), &Context::default());
    let times = TimeResolver::load(&data, language).expect("time");
    let council = Council::load(&data, language).expect("council");
    let article = Parsed { document, trees, mentions: &mentions, published: Some(published), times: &times };
    council.actions(&article)
}

/// The one action of its kind.
fn only(found: &[CouncilAction], kind: ActionKind) -> &CouncilAction {
    let fitting: Vec<_> = found.iter().filter(|a| a.action == kind).collect();
    let [one] = fitting[..] else { panic!("one {kind:?}: {found:?}") };
    one
}

pub(super) fn votes(actions: &[CouncilAction]) -> Vec<&CouncilAction> {
    actions.iter().filter(|a| a.action == ActionKind::Vote).collect()
}

pub(super) fn position(action: &CouncilAction, code: &str) -> Option<Position> {
    action.cast.get(code).copied()
}

pub(super) fn tally(action: &CouncilAction) -> [Option<u8>; 3] {
    [action.tally.in_favour, action.tally.against, action.tally.abstain]
}

#[test]
fn a_roll_call_is_gathered_over_paragraphs() {
    let found = actions(
        "fr",
        date(2022, 9, 30),
        "Ukraine : la Russie bloque le Conseil de sécurité",
        "La Russie a mis vendredi son veto à un projet de résolution du Conseil de sécurité présenté par \
         les États-Unis et l'Albanie.\n\nDix pays ont voté pour.\n\nLa Chine, l'Inde, le Brésil et le Gabon \
         se sont abstenus.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.outcome, Some(Outcome::Vetoed));
    assert_eq!(vote.vetoed_by, ["RUS".into()]);
    assert_eq!(vote.draft.sponsors, ["USA".into(), "ALB".into()]);
    assert_eq!(position(vote, "GAB"), Some(Position::Abstain));
    assert_eq!(tally(vote), [Some(10), Some(1), Some(4)]);
    assert_eq!(vote.when.date, Some(date(2022, 9, 30)));
    assert!(vote.checks.iter().all(|c| c.passed), "{:?}", vote.checks);
}

#[test]
fn without_nine_votes_nobody_has_vetoed() {
    let found = actions(
        "en",
        date(2023, 10, 16),
        "",
        "A Russian draft resolution on Gaza was rejected by the UN Security Council on Monday. Five members \
         voted for it: China, Gabon, Mozambique, Russia and the United Arab Emirates. The United States, \
         Britain, France and Japan voted against and six countries abstained.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.outcome, Some(Outcome::Failed));
    assert!(vote.vetoed_by.is_empty());
    assert_eq!(tally(vote), [Some(5), Some(4), Some(6)]);
    assert_eq!(position(vote, "USA"), Some(Position::Against));
    assert_eq!(position(vote, "MOZ"), Some(Position::For));
}

#[test]
fn two_drafts_on_one_day_stay_apart() {
    let found = actions(
        "fr",
        date(2023, 8, 30),
        "",
        "La Russie a mis mercredi son veto à un texte de la France devant le Conseil de sécurité. La Chine \
         s'est abstenue, les treize autres membres ont voté pour.\n\nMoscou a ensuite soumis son propre \
         projet. Le Japon a voté contre et les treize autres membres se sont abstenus.",
    );
    let [first, second] = votes(&found)[..] else { panic!("two votes: {found:?}") };
    assert_eq!((first.outcome, tally(first)), (Some(Outcome::Vetoed), [Some(13), Some(1), Some(1)]));
    assert_eq!(position(second, "JPN"), Some(Position::Against));
    assert_eq!(position(first, "JPN"), Some(Position::For));
    assert_eq!(second.draft.sponsors, ["RUS".into()]);
}

#[test]
fn a_veto_of_old_is_background_with_its_own_date() {
    let found = actions(
        "en",
        date(2022, 12, 21),
        "",
        "The UN Security Council adopted a British draft resolution on Myanmar on Wednesday. Twelve members \
         voted in favor; China, India and Russia abstained.\n\nChina and Russia had vetoed a draft on the \
         country in January 2007.",
    );
    let [now, old] = votes(&found)[..] else { panic!("two votes: {found:?}") };
    assert_eq!((now.outcome, now.status), (Some(Outcome::Adopted), ActionStatus::Done));
    assert_eq!((old.outcome, old.status), (Some(Outcome::Vetoed), ActionStatus::Past));
    assert_eq!(old.when.date.map(|d| (d.year(), d.month())), Some((2007, 1)));
}

#[test]
fn what_might_be_and_what_others_do_is_no_action() {
    let day = date(2017, 9, 22);
    for (language, text) in [
        (
            "fr",
            "Le Conseil de sécurité nationale turc a adopté vendredi une déclaration. La Russie a voté contre.",
        ),
        (
            "fr",
            "Les États-Unis pourraient mettre leur veto à ce texte, a dit un diplomate du Conseil de sécurité.",
        ),
        ("fr", "Les cinq membres permanents du Conseil de sécurité disposent du droit de veto."),
        ("en", "Turkey's National Security Council met on Friday and adopted a statement on the vote."),
        ("en", "Washington would veto the text, a Security Council diplomat said."),
        (
            "en",
            "The UN General Assembly adopted the text by 128 votes to 9, and 35 countries abstained. The United \
             States voted against. The Security Council had no part in it.",
        ),
    ] {
        let found = actions(language, day, "", text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn only_what_was_adopted_bears_the_number_of_a_resolution() {
    let found = actions(
        "fr",
        date(2025, 9, 19),
        "",
        "Le Conseil de sécurité a rejeté vendredi un projet de résolution sur l'Iran, qui prolongeait des mesures prévues \
         par la résolution 2231. Quatre pays, la Russie, la Chine, le Pakistan et l'Algérie, ont voté pour, neuf contre \
         et deux se sont abstenus.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!((vote.outcome, tally(vote)), (Some(Outcome::Failed), [Some(4), Some(9), Some(2)]));
    assert_eq!(vote.draft.resolution, None);
    assert_eq!(vote.subject.as_ref().map(|s| s.text.as_str()), Some("Iran"));
}

#[test]
fn a_vote_announced_is_planned_and_one_threatened_with_a_veto_is_sought() {
    let day = date(2024, 2, 18);
    for (text, status) in [
        (
            "Le Conseil de sécurité votera mardi sur le projet de résolution algérien sur Gaza.",
            ActionStatus::Planned,
        ),
        (
            "Les Etats-Unis menacent d'opposer leur veto au projet de résolution algérien si le Conseil de sécurité \
             doit se prononcer mardi.",
            ActionStatus::Sought,
        ),
    ] {
        let found = actions("fr", day, "", text);
        let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
        assert_eq!((vote.outcome, vote.status), (Some(Outcome::Unknown), status), "{text}");
        assert!(vote.cast.is_empty());
        assert_eq!(vote.draft.sponsors, ["DZA".into()]);
    }
}

#[test]
fn votes_are_not_counted_of_those_who_did_not_cast_them() {
    let found = actions(
        "fr",
        date(2016, 12, 23),
        "",
        "Par quatorze voix, les Etats-Unis s'abstenant, le Conseil de sécurité a adopté vendredi une résolution sur les \
         colonies.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(tally(vote), [Some(14), Some(0), Some(1)]);
    let found = actions(
        "en",
        date(2024, 3, 25),
        "",
        "The UN Security Council on Monday adopted resolution 2728 on Gaza after the United States abstained.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(tally(vote), [None, None, None], "nobody said that it was unanimous");
    assert_eq!(position(vote, "USA"), Some(Position::Abstain));
}

#[test]
fn three_drafts_of_one_day_have_three_tallies() {
    let found = actions(
        "fr",
        date(2018, 4, 10),
        "",
        "Le Conseil de sécurité de l'ONU s'est prononcé mardi sur trois projets de résolution. Le texte américain a \
         recueilli douze voix pour et deux contre, la Chine s'abstenant; la Russie y a mis son veto.\n\nSon propre projet \
         n'a obtenu que six voix pour, sept contre et deux abstentions (Côte d'Ivoire et Koweït).\n\nUn troisième projet, \
         russe lui aussi, a été rejeté par cinq voix pour, quatre contre (États-Unis, France, Pologne, Royaume-Uni) et \
         six abstentions.",
    );
    let tallies: Vec<_> = votes(&found).iter().map(|v| tally(v)).collect();
    let told = [[Some(12), Some(2), Some(1)], [Some(6), Some(7), Some(2)], [Some(5), Some(4), Some(6)]];
    assert_eq!(tallies, told, "{found:?}");
}

#[test]
fn another_tally_is_another_vote_though_no_word_says_so() {
    let found = actions(
        "en",
        date(2023, 10, 25),
        "",
        "The UN Security Council on Wednesday failed to agree on Gaza. Russia vetoed a draft that got 10 votes in favour and 3 \
         against, with 2 abstentions.\n\nFour members voted in favour and two against, with 9 abstentions, when the \
         Russian draft was put to a vote.",
    );
    let tallies: Vec<_> = votes(&found).iter().map(|v| tally(v)).collect();
    assert_eq!(tallies, [[Some(10), Some(3), Some(2)], [Some(4), Some(2), Some(9)]], "{found:?}");
}

#[test]
fn a_state_vetoes_two_texts_of_one_day() {
    let found = actions(
        "en",
        date(2019, 9, 19),
        "",
        "Russia on Thursday vetoed a draft resolution of Kuwait in the UN Security Council, where 12 members voted in \
         favour.\n\nRussia also vetoed a second draft resolution on Syria.\n\nThe Russian veto angered aid groups.",
    );
    let outcomes: Vec<_> = votes(&found).iter().map(|v| v.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Vetoed), Some(Outcome::Vetoed)], "{found:?}");
}

#[test]
fn what_is_done_bears_no_date_to_come() {
    let found = actions(
        "en",
        date(2025, 8, 28),
        "",
        "By 15 votes to nil, the UN Security Council extended the mandate of UNIFIL to December 31, 2026.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!((vote.status, vote.when.date), (ActionStatus::Done, Some(date(2025, 8, 28))));
}

#[test]
fn who_did_the_same_took_the_position_told_last() {
    let found = actions(
        "en",
        date(2022, 2, 25),
        "",
        "Russia and China voted against a draft of Albania in the UN Security Council on Friday. Eleven members voted \
         in favour and India abstained.\n\nSo did Gabon.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(position(vote, "GAB"), Some(Position::Abstain));
}

#[test]
fn no_vote_is_announced_where_none_is_fixed() {
    let found = parsed(
        "fr",
        "Le Danemark a déposé un projet de résolution au Conseil de sécurité. Aucune date n'a été fixée pour un vote, \
         qui devrait être serré.",
    );
    assert!(found.iter().all(|a| a.action != ActionKind::Vote), "{found:?}");
}

#[test]
fn an_outcome_told_ahead_of_its_vote_is_no_second_vote() {
    let found = parsed_on(
        "en",
        date(2016, 10, 8),
        "Russia on Saturday vetoed a French-drafted resolution on Aleppo, then saw its own text rejected by the UN \
         Security Council a few minutes later.\n\nThe first draft, presented by France and Spain, was supported by 11 \
         members. Venezuela sided with Russia in voting against.\n\nThe Russian proposal, which called for a truce, got \
         only four yes votes, from Russia, China, Egypt and Venezuela. Britain, France, Japan and Spain opposed it.",
    );
    let votes: Vec<_> = found.iter().filter(|a| a.action == ActionKind::Vote).collect();
    assert_eq!(votes.len(), 2, "{votes:?}");
}

#[test]
fn where_the_others_are_named_there_are_no_more_of_them() {
    let found = actions(
        "fr",
        date(2013, 11, 15),
        "",
        "Le projet du Rwanda n'a recueilli vendredi que sept voix au Conseil de sécurité. Les huit autres membres, \
         Argentine, Australie, Corée du Sud, Etats-Unis, France, Guatemala, Luxembourg et Royaume-Uni, se sont abstenus. \
         La Chine a promis son aide.",
    );
    assert!(!only(&found, ActionKind::Vote).cast.contains_key("CHN"), "{found:?}");
}

#[test]
fn who_is_excepted_from_all_has_no_position_of_theirs() {
    for (language, text) in [
        (
            "en",
            "The UN Security Council adopted a British draft on Friday. Every member except Russia supported it.",
        ),
        (
            "fr",
            "Le Conseil de sécurité a adopté vendredi un texte britannique. Tous les membres sauf la Russie ont voté pour.",
        ),
    ] {
        let found = parsed(language, text);
        let vote = only(&found, ActionKind::Vote);
        assert!(!vote.cast.contains_key("RUS"), "{text} {vote:?}");
        assert_ne!(vote.tally.in_favour, Some(15), "{text}");
    }
}

#[test]
fn a_list_of_sponsors_may_begin_outside_the_council() {
    let found = parsed(
        "fr",
        "Le Conseil de sécurité a adopté vendredi une résolution rédigée par la Belgique, le Panama et le Royaume-Uni.",
    );
    let vote = only(&found, ActionKind::Vote);
    assert_eq!(vote.draft.sponsors, ["BEL".into(), "PAN".into(), "GBR".into()]);
}

#[test]
fn who_is_named_beside_a_unanimous_vote_on_procedure_is_no_voter() {
    let found = parsed(
        "en",
        "In a procedural vote, the UN Security Council unanimously decided on Friday to adjourn the meeting. Greece and \
         Panama deplored it.",
    );
    let vote = only(&found, ActionKind::Vote);
    assert_eq!((vote.outcome, tally(vote)), (Some(Outcome::Adopted), [Some(15), Some(0), Some(0)]));
    assert!(vote.cast.is_empty(), "{:?}", vote.cast);
}

#[test]
fn too_few_can_have_voted_yes_where_the_others_are_counted() {
    let found = actions(
        "en",
        date(2016, 12, 23),
        "",
        "The UN Security Council voted on Friday on a US draft on South Sudan. Nobody voted against and eight countries \
         abstained, Russia and China among them.",
    );
    assert_eq!(only(&found, ActionKind::Vote).outcome, Some(Outcome::Failed), "{found:?}");
}

#[test]
fn a_statement_approved_at_the_head_of_a_paragraph_is_no_vote() {
    let found = actions(
        "en",
        date(2020, 3, 2),
        "",
        "The UN Security Council met on Monday on Libya.\n\nA press statement was adopted unanimously by the 15 members.",
    );
    assert!(found.iter().all(|a| a.action != ActionKind::Vote), "{found:?}");
}

#[test]
fn what_would_have_been_dates_no_vote() {
    let text = "The UN Security Council took up a Russian draft on Monday. It would have closed the office on July 31, \
                2018. The draft failed, with four votes in favor and nine against.";
    let found = actions("en", date(2020, 3, 2), "", text);
    let vote = only(&found, ActionKind::Vote);
    assert_eq!(vote.status, ActionStatus::Done, "{vote:?}");
}

#[test]
fn hopes_and_speeches_are_no_votes() {
    for (language, text) in [
        (
            "fr",
            "La France a soumis vendredi un projet de résolution au Conseil de sécurité. Son ministre a dit compter sur \
             onze voix.",
        ),
        (
            "en",
            "Russia on Friday circulated a draft resolution to the UN Security Council. It hopes to have the text \
             adopted by the end of July. Britain and France spoke in favor of the text.",
        ),
    ] {
        let found = parsed(language, text);
        assert!(found.iter().all(|a| a.outcome.is_none_or(|o| o == Outcome::Unknown)), "{text} {found:?}");
    }
}

#[test]
fn an_exception_without_a_name_is_no_unanimity() {
    let found = parsed(
        "en",
        "The UN Security Council adopted a British draft on Friday. All members backed it except one.",
    );
    assert_ne!(only(&found, ActionKind::Vote).tally.in_favour, Some(15), "{found:?}");
}

#[test]
fn what_a_text_bars_a_member_from_leaves_nobody_out() {
    let found = parsed(
        "en",
        "The UN Security Council on Friday unanimously adopted a British draft to bar Somalia from exporting charcoal.",
    );
    assert_eq!(only(&found, ActionKind::Vote).tally.in_favour, Some(15), "{found:?}");
}

#[test]
fn a_quotation_left_open_ends_with_its_paragraph() {
    let found = actions(
        "fr",
        date(2026, 4, 3),
        "",
        "La Russie a mis vendredi son veto à un projet de résolution du Conseil de sécurité.\n\n« Ce texte est une \
         provocation, a lancé l'ambassadeur russe.\n\nLa Colombie et le Danemark ont voté pour. Le Pakistan s'est abstenu.",
    );
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    let told = ["COL", "DNK", "PAK"].map(|code| position(vote, code));
    assert_eq!(told, [Some(Position::For), Some(Position::For), Some(Position::Abstain)]);
}
