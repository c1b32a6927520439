//! Dates as feeds write them.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::Time,
    fmt::{rfc2822, temporal::DateTimeParser},
    tz::{Offset, TimeZone},
};
use serde_json::Value;

static ISO: DateTimeParser = DateTimeParser::new();

/// No agency published before; a year below is a slip ("0025-10-04"), and the date counts as missing.
const FIRST_YEAR: i16 = 1800;
const LAST_YEAR: i16 = 2200;
/// Numbers beyond are milliseconds since 1970, not seconds.
const MOST_SECONDS: u64 = 10_000_000_000;
/// Digits of seconds and of milliseconds since 1970, from 2001 on. Other runs of digits are days and times
/// ("20221004", "202210040800").
const EPOCH_DIGITS: [usize; 2] = [10, 13];

/// A date and time in the offset that it was written in; without offset, in UTC; without time, at midnight.
///
/// Read are ISO 8601 (extended or basic, a space for the `T`, any offset form), RFC 2822, and seconds or milliseconds
/// since 1970 as a number, or as ten or thirteen digits. `None` for anything else and for years that no article has.
pub(super) fn read(value: &Value) -> Option<ZonedDateTime> {
    let date = match value {
        Value::Number(number) => since_epoch(number.as_i64().or_else(|| number.as_f64().map(|f| f as i64))?),
        Value::String(text) => read_text(text.trim()),
        _ => None,
    }?;
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year()).then_some(date)
}

fn read_text(text: &str) -> Option<ZonedDateTime> {
    if EPOCH_DIGITS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        return since_epoch(text.parse().ok()?);
    }
    read_iso(text)
        .or_else(|| read_iso(&text.replace('/', "-")))
        .or_else(|| rfc2822::parse(text).ok())
        .or_else(|| read_iso(text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT"))?.trim_end()))
}

fn read_iso(text: &str) -> Option<ZonedDateTime> {
    let pieces = ISO.parse_pieces(text).ok()?;
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    let time = pieces.time().unwrap_or(Time::midnight());
    pieces.date().to_datetime(time).to_zoned_datetime(TimeZone::fixed(offset)).ok()
}

fn since_epoch(number: i64) -> Option<ZonedDateTime> {
    let at = if number.unsigned_abs() < MOST_SECONDS {
        Timestamp::from_second(number)
    } else {
        Timestamp::from_millisecond(number)
    };
    Some(in_utc(at.ok()?))
}

/// A record's own timestamp as a date.
pub(super) fn in_utc(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_is_the_same_instant() {
        for written in [
            json!("2022-10-04T08:00:00Z"),
            json!("2022-10-04T08:00:00+00:00"),
            json!("2022-10-04T08:00:00+0000"),
            json!("2022-10-04T08:00:00.000"),
            json!(" 2022-10-04 08:00:00 "),
            json!("2022/10/04 08:00:00"),
            json!("20221004T080000Z"),
            json!("2022-10-04 08:00:00 UTC"),
            json!("Tue, 04 Oct 2022 08:00:00 GMT"),
            json!("Tue, 04 Oct 2022 08:00:00 +0000"),
            json!(1_664_870_400),
            json!(1_664_870_400_000_i64),
            json!("1664870400"),
            json!("1664870400000"),
        ] {
            let date = read(&written).unwrap_or_else(|| panic!("{written} is read"));
            assert_eq!(date.timestamp().as_second(), 1_664_870_400, "{written}");
        }
    }

    #[test]
    fn the_offset_is_kept() {
        let date = read(&json!("2022-10-04T23:30:00-04:00")).expect("a date");
        assert_eq!((date.day(), date.hour()), (4, 23));
        assert_eq!(date.timestamp().to_string(), "2022-10-05T03:30:00Z");
    }

    #[test]
    fn a_bare_day_is_its_midnight() {
        for written in [json!("2022-10-04"), json!("20221004")] {
            assert_eq!(read(&written).expect("a date").timestamp().to_string(), "2022-10-04T00:00:00Z");
        }
    }

    #[test]
    fn what_is_no_date_of_an_article_is_none() {
        for written in [
            json!("0025-10-04T08:00:00Z"),
            json!("9999-01-01"),
            json!("mardi"),
            json!(""),
            json!("2022-13-45"),
            json!(true),
            json!(null),
            json!(["2022-10-04"]),
            json!(1e300),
            json!("202210040800"),
            json!("20221004080000"),
            json!("166487040"),
            json!(i64::MIN),
            json!(-1e300),
        ] {
            assert_eq!(read(&written), None, "{written}");
        }
    }
}
