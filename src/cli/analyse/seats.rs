//! The fifteen seats of a vote, as far as the article tells who took which position.

use serde_json::Value;

/// Members of the Council since 1966, and before.
const SEATS: usize = 15;
const SEATS_AT_FIRST: usize = 11;
const ENLARGED: &str = "1966-01-01";
/// In the order in which they are shown.
pub(super) const POSITIONS: [&str; 4] = ["for", "abstain", "against", "absent"];

/// A seat by position; `None` where the article leaves it open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) position: Option<&'static str>,
    pub(super) country: Option<String>,
}

/// The seats of a vote, grouped by position, those of named countries first; empty for another action.
///
/// What the tally counts beyond the named countries sits there without a name; never more than fifteen seats
/// unless more countries are named.
pub(super) fn of(event: &Value) -> Vec<Seat> {
    if event["action"] != "vote" {
        return Vec::new();
    }
    let table = table(event);
    let mut seats = Vec::new();
    for position in POSITIONS {
        let named = cast(event).filter(|(_, taken)| *taken == position);
        let before = seats.len();
        seats
            .extend(named.map(|(code, _)| Seat { position: Some(position), country: Some(code.to_owned()) }));
        let counted = event["tally"][position].as_u64().map_or(0, |n| (n as usize).min(table));
        let unnamed = (before + counted).saturating_sub(seats.len());
        seats.extend((0..unnamed).map(|_| Seat { position: Some(position), country: None }));
    }
    while seats.len() < table {
        seats.push(Seat { position: None, country: None });
    }
    seats
}

/// Seats on the day of the vote.
fn table(event: &Value) -> usize {
    let date = event["time"]["date"].as_str();
    if date.is_some_and(|d| d < ENLARGED) { SEATS_AT_FIRST } else { SEATS }
}

fn cast(event: &Value) -> impl Iterator<Item = (&str, &str)> {
    let cast = event["cast"].as_object().into_iter().flatten();
    cast.filter_map(|(code, position)| Some((code.as_str(), position.as_str()?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counts(vote: &Value) -> Vec<(Option<&'static str>, usize)> {
        let seats = of(vote);
        let of = |position| seats.iter().filter(|seat| seat.position == position).count();
        POSITIONS.into_iter().map(Some).chain([None]).map(|position| (position, of(position))).collect()
    }

    #[test]
    fn a_tally_fills_seats_beyond_the_named_ones() {
        let vote = json!({
            "action": "vote", "cast": {"RUS": "against", "FRA": "for"},
            "tally": {"for": 10, "against": 1, "abstain": null},
        });
        let expected =
            [(Some("for"), 10), (Some("abstain"), 0), (Some("against"), 1), (Some("absent"), 0), (None, 4)];
        assert_eq!(counts(&vote), expected);
        assert_eq!(of(&vote)[0].country.as_deref(), Some("FRA"));
    }

    #[test]
    fn a_vote_without_figures_leaves_all_seats_open() {
        assert_eq!(counts(&json!({"action": "vote"}))[4], (None, 15));
        assert_eq!(of(&json!({"action": "meeting"})), []);
    }

    #[test]
    fn eleven_sat_before_1966() {
        let vote =
            json!({"action": "vote", "time": {"date": "1948-05-24"}, "tally": {"for": 9, "against": 2}});
        assert_eq!(of(&vote).len(), 11);
    }
}
