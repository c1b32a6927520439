//! Document symbols of the Council and numbers of its resolutions.

use super::{line::Line, phrase_set::PhraseSet, phrases::DraftWords};

/// A document named in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Symbol {
    /// `S/2022/720`.
    Draft(String),
    /// `2623`, from `S/RES/2623 (2022)` or "resolution 2623".
    Resolution(String),
    /// `S/PV.9143`.
    Meeting(String),
    /// `S/PRST/2023/1`.
    Statement(String),
}

impl Symbol {
    pub(super) fn draft(self) -> Option<String> {
        if let Self::Draft(symbol) = self { Some(symbol) } else { None }
    }

    pub(super) fn resolution(self) -> Option<String> {
        if let Self::Resolution(number) = self { Some(number) } else { None }
    }

    pub(super) fn meeting(self) -> Option<String> {
        if let Self::Meeting(symbol) = self { Some(symbol) } else { None }
    }

    pub(super) fn statement(self) -> Option<String> {
        if let Self::Statement(symbol) = self { Some(symbol) } else { None }
    }
}

/// The first document of a kind that a line tells of, not merely refers to.
pub(super) fn named(
    line: &Line<'_>,
    phrases: &DraftWords,
    kind: impl Fn(Symbol) -> Option<String>,
) -> Option<String> {
    let told = symbols(line, phrases).into_iter().filter(|(at, _)| !refers(line, *at, &phrases.reference));
    told.into_iter().find_map(|(_, symbol)| kind(symbol))
}

/// How far apart the numbers of resolutions can be that were adopted on one day.
const ONE_DAY: u16 = 5;

/// Whether one number of a resolution follows closely on another.
pub(super) fn are_of_one_day(number: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (number.parse::<u16>(), other.parse::<u16>()) else { return false };
    one != other && one.abs_diff(other) <= ONE_DAY
}

/// "prévue par la résolution 2231", "résolution 1701 de 2006": a text of before, which this one builds on.
pub(super) fn refers(line: &Line<'_>, at: usize, reference: &PhraseSet) -> bool {
    let before = reference.find(&line.words).iter().any(|f| f.end <= at && at - f.end <= 3);
    let year = (at + 1..at + 3).any(|i| {
        line.form(i).parse::<u16>().is_ok_and(|n| (1946..2100).contains(&n)) && line.form(i - 1) != "("
    });
    before || year
}

/// Symbols in reading order, each with its token.
pub(super) fn symbols(line: &Line<'_>, phrases: &DraftWords) -> Vec<(usize, Symbol)> {
    let resolution = |form: &str| phrases.nouns.is_word(form);
    let introduces = |form: &str| resolution(form) || phrases.number_words.contains(form);
    let mut found = Vec::new();
    for (at, token) in line.sentence.tokens.iter().enumerate() {
        if let Some(symbol) = parse(&token.form) {
            found.push((at, symbol));
        } else if at > 0 && introduces(line.form(at - 1)) && is_resolution_number(&token.form) {
            found.push((at, Symbol::Resolution(token.form.clone())));
        } else if at > 1
            && is_resolution_number(&token.form)
            && resolution(line.form(at - 2))
            && (line.form(at - 1).chars().count() <= 2 || line.named.iter().any(|n| n.end == at))
        {
            // "résolution n° 2623"
            found.push((at, Symbol::Resolution(token.form.clone())));
        }
    }
    found
}

/// Resolutions have counted from 1 in 1946 to below 3000 in 2027; a bare number of four digits from 1946 on may be a year
/// and is taken for one only where it follows no such word.
fn is_resolution_number(form: &str) -> bool {
    (2..=4).contains(&form.len()) && form.parse::<u16>().is_ok_and(|n| n < 4000)
}

fn parse(form: &str) -> Option<Symbol> {
    let rest = form.strip_prefix("S/")?;
    if let Some(number) = rest.strip_prefix("RES/") {
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        return (!digits.is_empty()).then_some(Symbol::Resolution(digits));
    }
    if rest.strip_prefix("PV.").is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit())) {
        return Some(Symbol::Meeting(form.to_owned()));
    }
    if rest.starts_with("PRST/") {
        return Some(Symbol::Statement(form.to_owned()));
    }
    rest.starts_with(|c: char| c.is_ascii_digit()).then(|| Symbol::Draft(form.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_say_what_they_name() {
        assert_eq!(parse("S/2022/720"), Some(Symbol::Draft("S/2022/720".to_owned())));
        assert_eq!(parse("S/RES/2623"), Some(Symbol::Resolution("2623".to_owned())));
        assert_eq!(parse("S/RES/2623(2022)"), Some(Symbol::Resolution("2623".to_owned())));
        assert_eq!(parse("S/PV.9143"), Some(Symbol::Meeting("S/PV.9143".to_owned())));
        assert_eq!(parse("S/PRST/2023/1"), Some(Symbol::Statement("S/PRST/2023/1".to_owned())));
        assert_eq!(parse("S/O"), None);
        assert_eq!(parse("A/RES/77/1"), None);
    }
}
