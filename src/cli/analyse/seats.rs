//! The seats of a vote, as far as the article tells who took which position.

use demarche::council::Members;
use jiff::civil::Date;
use serde_json::Value;

/// In the order in which they are shown.
pub(super) const POSITIONS: [&str; 4] = ["for", "abstain", "against", "absent"];

/// A seat by position; `None` where the article leaves it open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) position: Option<&'static str>,
    pub(super) country: Option<String>,
    /// The article names the country with its position.
    pub(super) named: bool,
    /// What the position rests on.
    pub(super) basis: String,
}

/// The seats of a vote, grouped by position, those of named countries first; empty for another action.
///
/// What the tally counts beyond the named countries sits there too: under the names of the other members where all of
/// these did the same, else without a name. Never more seats than the table has, unless more countries are named.
pub(super) fn of(event: &Value, members: &Members) -> Vec<Seat> {
    if event["action"] != "vote" {
        return Vec::new();
    }
    let table = usize::from(members.table(day(event)).seats);
    let mut seats = Vec::new();
    for position in POSITIONS {
        let named = cast(event).filter(|(_, taken)| *taken == position);
        let before = seats.len();
        seats.extend(named.map(|(code, _)| Seat {
            position: Some(position),
            country: Some(code.to_owned()),
            named: true,
            basis: basis_of_named(event, code).to_owned(),
        }));
        let counted = event["tally"][position].as_u64().map_or(0, |n| (n as usize).min(table));
        let unnamed = (before + counted).saturating_sub(seats.len());
        let basis = format!("by the tally ({})", event["tally_basis"].as_str().unwrap_or("unknown"));
        seats.resize(
            seats.len() + unnamed,
            Seat { position: Some(position), country: None, named: false, basis },
        );
    }
    let open = Seat { position: None, country: None, named: false, basis: "not told".to_owned() };
    seats.resize(table.max(seats.len()), open);
    name_others(&mut seats, event, members);
    seats
}

/// Names the seats of members that the article does not name.
fn name_others(seats: &mut [Seat], event: &Value, members: &Members) {
    let mut others = day(event).map_or_else(Vec::new, |day| members.on(day));
    others.retain(|code| cast(event).all(|(named, _)| named != &**code));
    let mut nameless: Vec<&mut Seat> = seats.iter_mut().filter(|seat| seat.country.is_none()).collect();
    let alike = nameless.windows(2).all(|pair| pair[0].position == pair[1].position);
    if alike && nameless.len() == others.len() {
        for (seat, code) in nameless.into_iter().zip(others) {
            seat.country = Some(code.to_string());
        }
    } else if !others.is_empty() {
        let codes: Vec<&str> = others.iter().map(|code| &**code).collect();
        for seat in &mut nameless {
            seat.basis = format!("{}, one of {}", seat.basis, codes.join(" "));
        }
    }
}

/// The day of the vote; of one without a date that of the article.
fn day(event: &Value) -> Option<Date> {
    let date =
        event["time"]["date"].as_str().or_else(|| event["article"]["published"].as_str()?.get(..10))?;
    date.parse().ok()
}

fn cast(event: &Value) -> impl Iterator<Item = (&str, &str)> {
    let cast = event["cast"].as_object().into_iter().flatten();
    cast.filter_map(|(code, position)| Some((code.as_str(), position.as_str()?)))
}

/// What the position of a named country rests on: the check on weighed positions lists those of a model.
fn basis_of_named(event: &Value, code: &str) -> &'static str {
    let mut checks = event["checks"].as_array().into_iter().flatten();
    let detail = checks.find(|check| check["rule"] == "positions_weighed").and_then(|c| c["detail"].as_str());
    let codes = detail.and_then(|detail| detail.rsplit(": ").next()).unwrap_or_default();
    if codes.split(", ").any(|weighed| weighed == code) {
        "weighed by the words around the name"
    } else {
        "named in the article"
    }
}

#[cfg(test)]
mod tests {
    use demarche::data::Data;
    use serde_json::json;

    use super::*;

    fn seats(vote: &Value) -> Vec<Seat> {
        of(vote, &Members::load(&Data::embedded()).expect("embedded data"))
    }

    fn counts(vote: &Value) -> Vec<(Option<&'static str>, usize)> {
        let seats = seats(vote);
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
        assert_eq!(seats(&vote)[0].country.as_deref(), Some("FRA"));
    }

    #[test]
    fn a_vote_without_figures_leaves_all_seats_open() {
        assert_eq!(counts(&json!({"action": "vote"}))[4], (None, 15));
        assert_eq!(seats(&json!({"action": "meeting"})), []);
    }

    #[test]
    fn eleven_sat_before_1966() {
        let vote =
            json!({"action": "vote", "time": {"date": "1948-05-24"}, "tally": {"for": 9, "against": 2}});
        assert_eq!(seats(&vote).len(), 11);
    }

    #[test]
    fn members_who_all_did_the_same_sit_under_their_names() {
        let vote = json!({
            "action": "vote", "time": {"date": "2022-02-25"}, "tally_basis": "inferred",
            "cast": {"RUS": "against", "CHN": "abstain"}, "tally": {"for": 13, "against": 1, "abstain": 1},
            "checks": [{"rule": "positions_weighed", "detail": "by the words around their names: IND, CHN"}],
        });
        let seats = seats(&vote);
        let of = |code: &str| seats.iter().find(|s| s.country.as_deref() == Some(code)).expect("a seat");
        assert!(seats.iter().all(|seat| seat.country.is_some()), "{seats:?}");
        assert_eq!((of("GAB").position, of("GAB").basis.as_str()), (Some("for"), "by the tally (inferred)"));
        assert_eq!(of("CHN").basis, "weighed by the words around the name");
        assert_eq!(of("RUS").basis, "named in the article");
    }

    #[test]
    fn nobody_knows_who_abstained_where_some_of_the_unnamed_did() {
        let vote = json!({
            "action": "vote", "time": {"date": "2022-02-25"}, "tally_basis": "stated",
            "cast": {"RUS": "against"}, "tally": {"for": 11, "against": 1, "abstain": 3},
        });
        let seats = seats(&vote);
        assert_eq!(seats.iter().filter(|seat| seat.country.is_some()).count(), 1, "{seats:?}");
        assert!(seats[0].basis.starts_with("by the tally (stated), one of CHN FRA"), "{:?}", seats[0]);
    }
}
