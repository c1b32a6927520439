//! Votes told in words that no phrase knows.

use jiff::civil::date;

use crate::council::{
    CouncilAction, Outcome, Position, TallyBasis,
    tests::{parsed_on, position, votes},
};

const DISPATCH: &str = "UNITED NATIONS, June 4 - Fourteen hands on one side and one on the other: a call by the Security \
    Council for a ceasefire in Gaza did not survive Washington's hostility on Wednesday.\n\nThe text was the work of the \
    ten elected members, Algeria, Pakistan and Slovenia among them, who stood by it to the end. London and Paris lent \
    them their support, as did Moscow and Beijing.\n\nThe acting American envoy, Dorothy Shea, explained that she could \
    not accept a draft that fails to condemn Hamas.\n\nEgypt regretted the result. The secretary-general appealed to \
    the parties for restraint.";

fn weighed(vote: &CouncilAction) -> Option<&str> {
    vote.checks.iter().find(|c| c.rule == "positions_weighed").map(|c| c.detail.as_str())
}

#[test]
fn members_are_placed_by_the_words_around_their_names() {
    let found = parsed_on("en", date(2025, 6, 4), DISPATCH);
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!(vote.outcome, Some(Outcome::Vetoed));
    for code in ["DZA", "PAK", "SVN", "CHN", "RUS"] {
        assert_eq!(position(vote, code), Some(Position::For), "{code}");
    }
    assert_eq!(position(vote, "USA"), Some(Position::Against));
    assert_eq!(position(vote, "EGY"), None, "no member");
    let named = weighed(vote).expect("the event says whom no phrase placed");
    assert!(named.contains("DZA") && !named.contains("CHN"), "{named}");
}

fn check_count(text: &str, count: [u8; 3], basis: TallyBasis) {
    let found = parsed_on("en", date(2024, 5, 30), text);
    let [vote] = votes(&found)[..] else { panic!("one vote: {found:?}") };
    assert_eq!([vote.tally.in_favour, vote.tally.against, vote.tally.abstain], count.map(Some));
    assert_eq!(vote.tally_basis, Some(basis));
}

const REST: &str = "\n\nRussia and China abstained, as did Algeria.\n\nThe American envoy \
    said that the text would save lives.\n\nSouth Sudan regretted the result.";

#[test]
fn a_count_that_no_phrase_tells_is_weighed_and_called_so() {
    let lead = "UNITED NATIONS, May 30 - The Security Council on Thursday extended an arms embargo on South Sudan by a year, \
        with the nine votes needed and six abstentions.";
    check_count(&format!("{lead}{REST}"), [9, 0, 6], TallyBasis::Weighed);
}

#[test]
fn a_count_that_the_article_states_is_not_called_weighed() {
    let lead = "UNITED NATIONS, May 30 - The Security Council on Thursday extended an arms embargo on South Sudan by 9 votes \
        to none, with six abstentions.";
    check_count(&format!("{lead}{REST}"), [9, 0, 6], TallyBasis::Stated);
}

#[test]
fn of_a_few_sentences_the_phrases_alone_are_heard() {
    let lead = DISPATCH.split("\n\n").next().expect("a lead");
    let found = parsed_on("en", date(2025, 6, 4), lead);
    assert!(votes(&found).iter().all(|vote| weighed(vote).is_none()), "{found:?}");
}

#[test]
fn what_another_body_votes_is_not_weighed() {
    let text = "GENEVA, Oct 6 - The Human Rights Council on Thursday turned down a Western proposal to hold a debate on \
        China.\n\nNineteen members were against the motion and seventeen for it. Eleven abstained.\n\nThe United States, \
        Britain and Norway had tabled the text. China called it an abuse.\n\nFrance regretted the outcome. Pakistan and \
        Qatar had lobbied against it.";
    let found = parsed_on("en", date(2022, 10, 6), text);
    assert!(votes(&found).is_empty(), "{found:?}");
}
