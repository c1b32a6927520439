//! On what terms actors stood with each other, and when: what a reader of news knows beforehand.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{Gazetteer, tables};
use crate::data::{Data, DataError};

const PATH: &str = "actors/relations.tsv";

/// From the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terms {
    /// War, occupation, sanctions, habitual condemnation.
    Hostile,
    /// Regular disputes.
    Strained,
    /// Partners and allies.
    Friendly,
}

impl Terms {
    /// As in the table and in the names of features.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hostile => "hostile",
            Self::Strained => "strained",
            Self::Friendly => "friendly",
        }
    }
}

/// Years from the first to the one before the last.
#[derive(Debug, Clone, Copy)]
struct Period {
    from: i16,
    to: i16,
    terms: Terms,
}

/// `relations.tsv`. A prior for the model of confidence, and never evidence: no event rests on it alone.
#[derive(Debug, Default)]
pub struct Relations {
    /// By the first of the two codes, then by the second, in their order.
    pairs: FxHashMap<String, FxHashMap<String, Vec<Period>>>,
}

impl Relations {
    /// # Errors
    /// The table is missing or malformed, a code is unknown, or periods of a pair overlap.
    pub fn load(data: &Data, gazetteer: &Gazetteer) -> Result<Self, DataError> {
        let mut relations = Self::default();
        for row in tables::read(data, PATH, &["a", "b", "from", "to", "terms"])?.rows {
            let fault = |what: &str| DataError::invalid(PATH, format!("line {}: {what}", row.line));
            let [a, b] = [row.cells[0], row.cells[1]];
            if let Some(code) = [a, b].into_iter().find(|code| !gazetteer.knows(code)) {
                return Err(fault(&format!("`{code}` is the code of no actor")));
            }
            if a >= b {
                return Err(fault("write the two codes in alphabetical order"));
            }
            let period = period(&row.cells).map_err(|what| fault(&what))?;
            let periods = relations.pairs.entry(a.to_owned()).or_default().entry(b.to_owned()).or_default();
            if periods.iter().any(|p| p.from < period.to && period.from < p.to) {
                return Err(fault("its years overlap with those of another line"));
            }
            periods.push(period);
        }
        Ok(relations)
    }

    /// The terms that two actors were on in the year of `when`, whichever comes first; without a date the worst of all years.
    pub fn between(&self, a: &str, b: &str, when: Option<Date>) -> Option<Terms> {
        let (first, second) = if a < b { (a, b) } else { (b, a) };
        let periods = self.pairs.get(first)?.get(second)?.iter();
        let holds = |p: &&Period| when.is_none_or(|day| (p.from..p.to).contains(&day.year()));
        periods.filter(holds).map(|p| p.terms).min()
    }
}

fn period(cells: &[&str]) -> Result<Period, String> {
    let year = |text: &str, open: i16| match text {
        "" => Ok(open),
        text => text.parse::<i16>().map_err(|e| format!("year `{text}`: {e}")),
    };
    let (from, to) = (year(cells[2], i16::MIN)?, year(cells[3], i16::MAX)?);
    if from >= to {
        return Err("`to` is the first year after the period and must be later than `from`".to_owned());
    }
    let all = [Terms::Hostile, Terms::Strained, Terms::Friendly];
    let Some(terms) = all.into_iter().find(|t| t.as_str() == cells[4]) else {
        return Err(format!("`{}` must be hostile, strained or friendly", cells[4]));
    };
    Ok(Period { from, to, terms })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn load(rows: &str) -> Result<Relations, DataError> {
        let gazetteer = Gazetteer::load(&Data::embedded(), "fr").expect("gazetteer");
        let dir = tempfile::tempdir().expect("folder");
        std::fs::create_dir(dir.path().join("actors")).expect("folder");
        std::fs::write(dir.path().join(PATH), format!("a\tb\tfrom\tto\tterms\n{rows}")).expect("table");
        Relations::load(&Data::open(dir.path()).expect("data"), &gazetteer)
    }

    #[test]
    fn terms_are_those_of_the_year() {
        let relations = load("RUS\tUKR\t1991\t2005\tfriendly\nRUS\tUKR\t2014\t\thostile\n").expect("table");
        let terms = |a, b, year| relations.between(a, b, Some(date(year, 12, 31)));
        assert_eq!(terms("RUS", "UKR", 2004), Some(Terms::Friendly));
        assert_eq!(terms("UKR", "RUS", 2014), Some(Terms::Hostile));
        assert_eq!(terms("RUS", "UKR", 2005), None);
        assert_eq!(terms("RUS", "FRA", 2004), None);
        assert_eq!(relations.between("RUS", "UKR", None), Some(Terms::Hostile));
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        for (rows, what) in [
            ("XYZ\tUKR\t\t\thostile\n", "line 2: `XYZ` is the code of no actor"),
            ("UKR\tRUS\t\t\thostile\n", "line 2: write the two codes in alphabetical order"),
            ("RUS\tUKR\t2014\t2014\thostile\n", "must be later than `from`"),
            ("RUS\tUKR\tlong ago\t\thostile\n", "year `long ago`"),
            ("RUS\tUKR\t\t\twarm\n", "`warm` must be hostile, strained or friendly"),
            ("RUS\tUKR\t\t2005\tfriendly\nRUS\tUKR\t2004\t\thostile\n", "line 3: its years overlap"),
        ] {
            let message = load(rows).expect_err(rows).to_string();
            assert!(message.contains(what), "{message}");
        }
    }
}
