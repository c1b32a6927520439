//! Expressions of time ("mardi", "le 30 septembre", "il y a dix ans") resolved against publication.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use serde::Deserialize;

use super::{Precision, When};
use crate::{
    data::{Data, DataError},
    text::Token,
};

/// Finds and resolves expressions of time; its words and patterns are `languages/<code>/time.toml`.
#[derive(Debug)]
pub struct TimeResolver {
    words: Words,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Deserialize)]
struct Words {
    weekdays: BTreeMap<String, i8>,
    months: BTreeMap<String, i8>,
    units: BTreeMap<String, Unit>,
    numbers: BTreeMap<String, i32>,
    ordinals: BTreeMap<String, i8>,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(flatten)]
    words: Words,
    pattern: Vec<PatternEntry>,
}

#[derive(Debug, Deserialize)]
struct PatternEntry {
    words: String,
    #[serde(flatten)]
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
struct Meaning {
    days: Option<i32>,
    weeks: Option<i32>,
    months: Option<i32>,
    years: Option<i32>,
    #[serde(default)]
    ago: bool,
    #[serde(default)]
    history: bool,
    /// The last such weekday or month strictly before publication.
    #[serde(default)]
    before: bool,
    #[serde(default)]
    after: bool,
}

#[derive(Debug)]
struct Pattern {
    slots: Vec<Slot>,
    meaning: Meaning,
}

#[derive(Debug, Clone, PartialEq)]
enum Slot {
    Word(String),
    Weekday,
    Month,
    /// A month glued to a word ("mi-octobre").
    PrefixedMonth(String),
    Day,
    Year,
    Number,
    Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Day,
    Week,
    Month,
    Year,
    Decade,
}

#[derive(Debug, Clone, Copy, Default)]
struct Filled {
    weekday: Option<i8>,
    month: Option<i8>,
    day: Option<i8>,
    year: Option<i16>,
    number: Option<i32>,
    unit: Option<Unit>,
}

/// An expression of time in a sentence.
#[derive(Debug, Clone)]
pub struct TimeExpression {
    /// Token range, half-open.
    pub first: usize,
    pub end: usize,
    filled: Filled,
    meaning: Meaning,
}

impl TimeExpression {
    /// Whether it names a day of a month ("le 24 avril"), not one that is counted from elsewhere.
    pub fn names_a_day(&self) -> bool {
        self.filled.day.is_some() && self.filled.month.is_some()
    }
}

/// What an expression, resolved, says of the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub date: Option<Date>,
    pub precision: Precision,
    /// The words themselves mark background ("à l'époque", "depuis 2015").
    pub history: bool,
}

impl TimeResolver {
    /// # Errors
    /// The file is missing, is not TOML of this shape, or holds an unknown `{class}`.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let path = format!("languages/{language}/time.toml");
        let file: File = data.toml(&path)?;
        let mut patterns = Vec::new();
        for entry in file.pattern {
            let slots = entry
                .words
                .split(' ')
                .map(|w| {
                    slot(w)
                        .ok_or_else(|| DataError::invalid(&path, format!("unknown class `{w}` in a pattern")))
                })
                .collect::<Result<Vec<_>, _>>()?;
            patterns.push(Pattern { slots, meaning: entry.meaning });
        }
        patterns.sort_by_key(|p| std::cmp::Reverse(p.slots.len()));
        Ok(Self { words: file.words, patterns })
    }

    /// Expressions in reading order; of those that begin at one token the longest.
    pub fn expressions(&self, tokens: &[Token]) -> Vec<TimeExpression> {
        let words: Vec<String> = tokens.iter().map(|t| t.form.to_lowercase()).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if let Some((length, expression)) = self.longest_at(&words, at) {
                found.push(expression);
                at += length;
            } else {
                at += 1;
            }
        }
        found
    }

    fn longest_at(&self, words: &[String], at: usize) -> Option<(usize, TimeExpression)> {
        self.patterns.iter().find_map(|pattern| {
            let window = words.get(at..at + pattern.slots.len())?;
            let mut filled = Filled::default();
            let fits =
                pattern.slots.iter().zip(window).all(|(slot, word)| self.fill(slot, word, &mut filled));
            fits.then(|| {
                let end = at + pattern.slots.len();
                (pattern.slots.len(), TimeExpression { first: at, end, filled, meaning: pattern.meaning })
            })
        })
    }

    fn fill(&self, slot: &Slot, word: &str, filled: &mut Filled) -> bool {
        match slot {
            Slot::Word(expected) => word == expected,
            Slot::Weekday => set(&mut filled.weekday, self.words.weekdays.get(word).copied()),
            Slot::Month => set(&mut filled.month, self.words.months.get(word).copied()),
            Slot::PrefixedMonth(prefix) => {
                let month = word.strip_prefix(prefix.as_str()).and_then(|m| self.words.months.get(m));
                set(&mut filled.month, month.copied())
            }
            Slot::Day => {
                let day = self.words.ordinals.get(word).copied().or_else(|| word.parse().ok());
                set(&mut filled.day, day.filter(|d| (1..=31).contains(d)))
            }
            Slot::Year => set(&mut filled.year, word.parse().ok().filter(|y| (1900..2100).contains(y))),
            Slot::Number => {
                let number = self.words.numbers.get(word).copied().or_else(|| word.parse().ok());
                set(&mut filled.number, number.filter(|n| (1..1000).contains(n)))
            }
            Slot::Unit => set(&mut filled.unit, self.words.units.get(word).copied()),
        }
    }
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

fn slot(word: &str) -> Option<Slot> {
    Some(match word {
        "{weekday}" => Slot::Weekday,
        "{month}" => Slot::Month,
        "{day}" => Slot::Day,
        "{year}" => Slot::Year,
        "{n}" => Slot::Number,
        "{unit}" => Slot::Unit,
        _ => match word.split_once('{') {
            None => Slot::Word(word.to_owned()),
            Some((prefix, "month}")) => Slot::PrefixedMonth(prefix.to_owned()),
            Some(_) => return None,
        },
    })
}

impl TimeExpression {
    /// The moment meant in an article published on `published`; `future` where the clause looks ahead.
    pub fn moment(&self, published: Date, future: bool) -> Moment {
        let meaning = self.meaning;
        let filled = self.filled;
        let (date, precision) = if let Some(days) = meaning.days {
            (shift(published, days, Unit::Day), Precision::Day)
        } else if let Some(weeks) = meaning.weeks {
            (shift(published, weeks, Unit::Week), Precision::Week)
        } else if let Some(months) = meaning.months {
            (shift(published, months, Unit::Month), Precision::Month)
        } else if let Some(years) = meaning.years {
            (shift(published, years, Unit::Year), Precision::Year)
        } else if meaning.ago {
            ago(published, filled)
        } else if filled.day.is_some() || filled.month.is_some() {
            calendar(published, filled, future, meaning)
        } else if let Some(weekday) = filled.weekday {
            (nearest_weekday(published, weekday, future || meaning.after, meaning.before), Precision::Day)
        } else if let Some(year) = filled.year {
            let date = if year == published.year() { None } else { Date::new(year, 1, 1).ok() };
            (date, Precision::Year)
        } else {
            (None, Precision::Article)
        };
        Moment { date, precision, history: meaning.history }
    }

    /// [`TimeExpression::moment`] with the words as published.
    pub fn when(&self, published: Date, future: bool, text: &str) -> When {
        let moment = self.moment(published, future);
        When { text: text.to_owned(), date: moment.date, precision: moment.precision }
    }
}

fn shift(from: Date, count: i32, unit: Unit) -> Option<Date> {
    let span = match unit {
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Year => count.years(),
        Unit::Decade => (count * 10).years(),
    };
    from.checked_add(span).ok()
}

fn ago(published: Date, filled: Filled) -> (Option<Date>, Precision) {
    let (Some(number), Some(unit)) = (filled.number, filled.unit) else { return (None, Precision::Article) };
    let precision = match unit {
        Unit::Day => Precision::Day,
        Unit::Week => Precision::Week,
        Unit::Month => Precision::Month,
        Unit::Year | Unit::Decade => Precision::Year,
    };
    (shift(published, -number, unit), precision)
}

/// A date in a calendar: with no year, the last such day (publication included), or the next in a clause that looks ahead.
fn calendar(published: Date, filled: Filled, future: bool, meaning: Meaning) -> (Option<Date>, Precision) {
    let month = filled.month.unwrap_or_else(|| published.month());
    let precision = if filled.day.is_some() { Precision::Day } else { Precision::Month };
    let day = filled.day.unwrap_or(1);
    if let Some(year) = filled.year {
        return (Date::new(year, month, day).ok(), precision);
    }
    let this_year = Date::new(published.year(), month, day).ok();
    let year = match this_year {
        Some(date) if date > published && !future => published.year() - 1,
        Some(date) if date < published && future && !meaning.before => published.year() + 1,
        _ => published.year(),
    };
    (Date::new(year, month, day).ok(), precision)
}

fn nearest_weekday(published: Date, weekday: i8, future: bool, strictly_before: bool) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    if future {
        return published.nth_weekday(1, weekday).ok();
    }
    if published.weekday() == weekday && !strictly_before {
        return Some(published);
    }
    published.nth_weekday(-1, weekday).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        text.split(' ')
            .map(|form| Token { form: form.to_owned(), start: 0, end: 0, space_after: true })
            .collect()
    }

    fn resolve(language: &str, text: &str, published: Date, future: bool) -> Vec<Option<Date>> {
        let resolver = TimeResolver::load(&Data::embedded(), language).expect("embedded data");
        resolver.expressions(&tokens(text)).iter().map(|e| e.moment(published, future).date).collect()
    }

    #[test]
    fn french_expressions_resolve_against_publication() {
        // 2022-10-04 is a Tuesday.
        let published = date(2022, 10, 4);
        let cases = [
            ("a déclaré mardi le ministre", false, Some(date(2022, 10, 4))),
            ("a voté vendredi contre le texte", false, Some(date(2022, 9, 30))),
            ("votera vendredi le texte", true, Some(date(2022, 10, 7))),
            ("réuni mardi dernier", false, Some(date(2022, 9, 27))),
            ("le 30 septembre", false, Some(date(2022, 9, 30))),
            ("le 12 décembre", false, Some(date(2021, 12, 12))),
            ("le 12 décembre", true, Some(date(2022, 12, 12))),
            ("jeudi 5 mai 2005", false, Some(date(2005, 5, 5))),
            ("le 1er mars 2003", false, Some(date(2003, 3, 1))),
            ("hier", false, Some(date(2022, 10, 3))),
            ("en 2015", false, Some(date(2015, 1, 1))),
            ("il y a dix ans", false, Some(date(2012, 10, 4))),
            ("à la mi-septembre", false, Some(date(2022, 9, 1))),
            ("la semaine dernière", false, Some(date(2022, 9, 27))),
            ("le 3 avr.", false, Some(date(2022, 4, 3))),
            ("dans la nuit de samedi à dimanche", false, Some(date(2022, 10, 2))),
            ("il y a une quinzaine de jours", false, Some(date(2022, 9, 19))),
            ("en début de semaine", false, Some(published)),
        ];
        for (text, future, expected) in cases {
            assert_eq!(resolve("fr", text, published, future), vec![expected], "{text}");
        }
    }

    #[test]
    fn english_expressions_resolve_against_publication() {
        let published = date(2022, 10, 4);
        assert_eq!(resolve("en", "said on Friday", published, false), vec![Some(date(2022, 9, 30))]);
        assert_eq!(resolve("en", "on Sept. 30", published, false), vec![Some(date(2022, 9, 30))]);
        assert_eq!(resolve("en", "on March 3 , 2014 it", published, false), vec![Some(date(2014, 3, 3))]);
        assert_eq!(resolve("en", "two years ago", published, false), vec![Some(date(2020, 10, 4))]);
        assert_eq!(resolve("en", "on Apr 3", published, false), vec![Some(date(2022, 4, 3))]);
        assert_eq!(resolve("en", "said Sun. that", published, false), vec![Some(date(2022, 10, 2))]);
        assert_eq!(resolve("en", "last Sept. 30", published, false), vec![Some(date(2022, 9, 30))]);
        assert_eq!(resolve("en", "a fortnight ago", published, false), vec![Some(date(2022, 9, 20))]);
        assert_eq!(resolve("en", "half a year ago", published, false), vec![Some(date(2022, 4, 4))]);
    }

    #[test]
    fn impossible_dates_have_none() {
        assert_eq!(resolve("fr", "le 31 février 2020", date(2022, 10, 4), false), vec![None]);
    }
}
