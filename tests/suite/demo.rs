//! The demo, as a newcomer runs it.

use crate::command_line::{demarche, stderr, stdout};

#[test]
fn once_ends_by_itself_with_every_way_that_a_record_can_end() {
    let output = demarche(&["demo", "--once", "--set", "admin.listen=127.0.0.1:0"]);
    let (shown, told) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("at_least_once") && told.contains("http://127.0.0.1:"), "{told}");

    let count = |words: &str| -> usize {
        let line = shown
            .lines()
            .rfind(|line| line.trim_start().starts_with(words))
            .unwrap_or_else(|| panic!("{words}: {shown}"));
        line.split_whitespace().last().and_then(|n| n.parse().ok()).expect("a number")
    };
    let ends = ["with events", "without", "not analysed", "dead letters"];
    assert_eq!(count("dispatches"), ends.map(count).iter().sum::<usize>());
    assert!(ends.iter().all(|end| count(end) > 0), "{shown}");

    // Events that hardly any wording could hide, each with its words.
    for (start, word) in [
        ("GRC    accuse    TUR", "accus"),
        ("JPN    condemn   PRK", "condamn"),
        ("UNSC   vote      vetoed", "RUS against"),
    ] {
        // In any case: the words may be those of a headline set in capitals.
        let tells =
            |line: &str| line.starts_with(start) && line.to_lowercase().contains(&word.to_lowercase());
        assert!(shown.lines().any(tells), "{start}: {shown}");
    }
    assert!(shown.contains("(withdrawal): 0 events"), "{shown}");
    assert!(shown.contains("dead letter unreadable") && shown.contains("dead letter embargoed"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colours where nobody sees them");
}
