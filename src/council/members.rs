//! Who sits in the Security Council on a day, and who presides over it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::{
    actors::Code,
    data::{Data, DataError},
};

const MEMBERS: &str = "council/members.toml";
const PRESIDENCY: &str = "council/presidency.toml";

/// Members of the Council by day, from its first meeting on.
#[derive(Debug, Clone)]
pub struct Members {
    permanent: Vec<Permanent>,
    former_table: Vec<FormerTable>,
    elected: BTreeMap<i16, Vec<Code>>,
    /// Regional group of each elected member.
    groups: BTreeMap<String, Vec<Code>>,
    /// Present code of a state, and the code of the one that sat before it.
    former: BTreeMap<String, String>,
    presidents: BTreeMap<i16, Vec<Code>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Permanent {
    code: String,
    #[serde(default)]
    represented_by: Vec<Representative>,
}

/// A government that held a permanent seat before its present holder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Representative {
    code: String,
    until: Date,
}

/// How many sit in the Council, and how many of them pass a text (Charter, articles 23 and 27).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub seats: u8,
    /// Votes that a text needs.
    pub needed: u8,
}

impl Default for Table {
    /// The present one.
    fn default() -> Self {
        Self { seats: 15, needed: 9 }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerTable {
    until: Date,
    seats: u8,
    needed: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MembersFile {
    permanent: Vec<Permanent>,
    former_table: Vec<FormerTable>,
    elected: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
    /// Present code of a state, and the code of the one that sat before it.
    former: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresidencyFile {
    presidents: BTreeMap<String, String>,
}

fn codes(list: &str) -> Vec<Code> {
    list.split_whitespace().map(Code::from).collect()
}

fn by_year(file: &str, lists: BTreeMap<String, String>) -> Result<BTreeMap<i16, Vec<Code>>, DataError> {
    lists
        .into_iter()
        .map(|(year, list)| {
            let year = year.parse().map_err(|_| DataError::invalid(file, format!("`{year}` is no year")))?;
            Ok((year, codes(&list)))
        })
        .collect()
}

impl Members {
    /// Reads `council/members.toml` and `council/presidency.toml`.
    ///
    /// # Errors
    /// A file is missing or has another shape.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        let file: MembersFile = data.toml(MEMBERS)?;
        let presidency: PresidencyFile = data.toml(PRESIDENCY)?;
        Ok(Self {
            permanent: file.permanent,
            former_table: file.former_table,
            elected: by_year(MEMBERS, file.elected)?,
            groups: file.groups.into_iter().map(|(group, list)| (group, codes(&list))).collect(),
            former: file.former,
            presidents: by_year(PRESIDENCY, presidency.presidents)?,
        })
    }

    /// The members on a day, permanent ones first; empty where no list is known.
    pub fn on(&self, day: Date) -> Vec<Code> {
        let Some(elected) = self.elected.get(&day.year()) else { return Vec::new() };
        self.permanent.iter().map(|p| Code::from(p.code.as_str())).chain(elected.iter().cloned()).collect()
    }

    /// Elected members of a calendar year.
    pub fn elected(&self, year: i16) -> &[Code] {
        self.elected.get(&year).map_or(&[], Vec::as_slice)
    }

    /// Calendar years whose members are known, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.elected.keys().copied()
    }

    pub fn is_permanent(&self, code: &str) -> bool {
        self.permanent.iter().any(|p| p.code == code)
    }

    /// Regional group that an elected member belongs to.
    pub fn group(&self, code: &str) -> Option<&str> {
        self.groups
            .iter()
            .find(|(_, list)| list.iter().any(|c| **c == *code))
            .map(|(group, _)| group.as_str())
    }

    /// The seat that a state holds on a day: its own, or the permanent seat it represented then
    /// (`TWN` sat on `CHN` until 1971, `SUN` on `RUS` until 1991). `None` where it is no member.
    pub fn seat(&self, code: &str, day: Date) -> Option<Code> {
        for seat in &self.permanent {
            let former = seat.represented_by.iter().any(|r| r.code == code && day < r.until);
            if seat.code == code || former {
                return Some(Code::from(seat.code.as_str()));
            }
        }
        let elected = |code: &str| self.elected(day.year()).iter().find(|c| ***c == *code).cloned();
        elected(code).or_else(|| elected(self.former.get(code)?))
    }

    /// The table on a day, whether or not its members are known; the present one where the day is not.
    pub fn table(&self, day: Option<Date>) -> Table {
        let former = |day: Date| self.former_table.iter().find(|t| day < t.until);
        day.and_then(former).map_or_else(Table::default, |t| Table { seats: t.seats, needed: t.needed })
    }

    /// Who presides in the month of that day; `None` where the list does not reach.
    pub fn president(&self, day: Date) -> Option<&Code> {
        self.presidents.get(&day.year())?.get(usize::try_from(day.month()).ok()?.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn members() -> Members {
        Members::load(&Data::embedded()).expect("embedded data")
    }

    /// Terms of one year: the first elections, and seats that two states shared after a deadlock.
    const ONE_YEAR: [(&str, i16); 15] = [
        ("EGY", 1946),
        ("MEX", 1946),
        ("NLD", 1946),
        ("YUG", 1956),
        ("PHL", 1957),
        ("POL", 1960),
        ("TUR", 1961),
        ("LBR", 1961),
        ("IRL", 1962),
        ("ROU", 1962),
        ("PHL", 1963),
        ("CSK", 1964),
        ("MYS", 1965),
        ("ITA", 2017),
        ("NLD", 2018),
    ];
    /// Members since 1990 in the English alphabetical order of the names that the United Nations give them ("Republic of
    /// Korea", "United Republic of Tanzania").
    const ALPHABETICAL: &str = "ALB DZA AGO ARG AUS AUT AZE BHR BGD BEL BEN BOL BIH BWA BRA BGR BFA CMR CAN CPV TCD \
        CHL CHN COL COG CRI CIV HRV CUB CZE COD YMD DNK DJI DOM ECU EGY GNQ EST ETH FIN FRA GAB GMB DEU GHA GRC GTM \
        GIN GNB GUY HND HUN IND IDN IRL ITA JAM JPN JOR KAZ KEN KWT KGZ LVA LBN LBR LBY LTU LUX MYS MLI MLT MUS MEX \
        MAR MOZ NAM NLD NZL NER NGA NOR OMN PAK PAN PER PHL POL PRT QAT KOR ROU RUS RWA VCT SEN SLE SGP SVK SVN SOM \
        ZAF ESP SWE CHE SYR TGO TTO TUN TUR UGA UKR SUN ARE GBR TZA USA URY VEN VNM YEM ZAR ZWE";
    /// Names under which members stood elsewhere in the order, and until when.
    const FORMER_NAMES: [(&str, &str, Date); 3] = [
        ("COD", "ZAR", date(1997, 5, 17)),
        ("RUS", "SUN", date(1991, 12, 24)),
        ("YEM", "YMD", date(1990, 5, 22)),
    ];
    /// Rwanda did not preside in September 1994, but in December.
    const OUT_OF_TURN: [Date; 3] = [date(1994, 9, 1), date(1994, 12, 1), date(1995, 1, 1)];
    /// Elected for one year when the Council grew to fifteen.
    const ENLARGEMENT: [(&str, i16); 2] = [("NZL", 1966), ("UGA", 1966)];

    #[test]
    fn every_year_since_1946_has_its_number_of_elected_members() {
        let members = members();
        let years: Vec<i16> = members.years().collect();
        assert_eq!(years.first(), Some(&1946));
        assert!(years.last() >= Some(&2027));
        assert!(years.windows(2).all(|y| y[1] == y[0] + 1));
        for year in years {
            let elected = members.elected(year);
            let seats = usize::from(members.table(Some(date(year, 7, 1))).seats);
            assert_eq!((seats, elected.len()), if year < 1966 { (11, 6) } else { (15, 10) }, "{year}");
            let mut unique = elected.to_vec();
            unique.dedup();
            assert_eq!(unique.len(), elected.len(), "{year}");
            assert!(!elected.iter().any(|c| members.is_permanent(c)), "{year}");
        }
    }

    #[test]
    fn terms_last_two_years_but_for_the_known_ones_and_nobody_is_re_elected() {
        let members = members();
        let last = members.years().last().expect("years");
        for year in members.years() {
            for code in members.elected(year) {
                let sits = |y: i16| members.elected(y).contains(code);
                if sits(year - 1) {
                    continue;
                }
                let one_year = ONE_YEAR.iter().chain(&ENLARGEMENT).any(|(c, y)| **c == **code && *y == year);
                if year < last {
                    assert_eq!(sits(year + 1), !one_year, "{code} {year}");
                }
                if !one_year {
                    assert!(!sits(year + 2), "{code} sits a third year from {year}");
                }
            }
        }
    }

    #[test]
    fn seats_are_shared_out_among_the_regional_groups_since_1966() {
        let members = members();
        for year in members.years().filter(|y| *y >= 1966) {
            for (group, seats) in [
                ("african", 3),
                ("asia_pacific", 2),
                ("eastern_europe", 1),
                ("latin_america", 2),
                ("western", 2),
            ] {
                let n = members.elected(year).iter().filter(|c| members.group(c) == Some(group)).count();
                assert_eq!(n, seats, "{group} {year}");
            }
        }
    }

    #[test]
    fn permanent_seats_keep_their_code_whoever_represents_them() {
        let members = members();
        assert_eq!(members.seat("TWN", date(1955, 12, 13)).as_deref(), Some("CHN"));
        assert_eq!(members.seat("TWN", date(1972, 9, 10)), None);
        assert_eq!(members.seat("SUN", date(1980, 1, 7)).as_deref(), Some("RUS"));
        assert_eq!(members.seat("RUS", date(2022, 2, 25)).as_deref(), Some("RUS"));
        assert_eq!(members.seat("IND", date(2023, 1, 1)), None);
        assert_eq!(members.on(date(2022, 2, 25)).len(), 15);
        assert_eq!(members.on(date(1950, 6, 27)).len(), 11);
    }

    #[test]
    fn the_table_grew_once_and_stays_where_nobody_knows_its_members() {
        let members = members();
        assert_eq!(members.table(Some(date(1965, 12, 31))), Table { seats: 11, needed: 7 });
        for day in [Some(date(1966, 1, 1)), Some(date(2040, 5, 2)), None] {
            assert_eq!(members.table(day), Table { seats: 15, needed: 9 }, "{day:?}");
        }
    }

    /// Rule 18 of the provisional rules of procedure.
    #[test]
    fn the_presidency_passes_on_in_the_alphabetical_order_of_the_members() {
        let members = members();
        let order: Vec<&str> = ALPHABETICAL.split_whitespace().collect();
        let rank = |code: &Code, day: Date| {
            let former = FORMER_NAMES.iter().find(|(c, _, until)| **c == **code && day < *until);
            let name = former.map_or(&**code, |(_, name, _)| name);
            order.iter().position(|c| *c == name).expect("a member since 1990")
        };
        let months = (1990..=2027).flat_map(|year| (1..=12).map(move |month| date(year, month, 1)));
        let presidents: Vec<(Date, Code)> =
            months.map(|day| (day, members.president(day).expect("a president").clone())).collect();
        for pair in presidents.windows(2).filter(|pair| !OUT_OF_TURN.contains(&pair[1].0)) {
            let (before, (day, president)) = (rank(&pair[0].1, pair[0].0), &pair[1]);
            let mut seated = members.on(*day);
            seated.sort_by_key(|c| rank(c, *day));
            let next = seated.iter().find(|c| rank(c, *day) > before).or(seated.first());
            assert_eq!(next, Some(president), "{day}");
        }
    }

    #[test]
    fn the_president_of_the_month_is_a_member_and_no_two_months_running() {
        let members = members();
        let mut before = None;
        for year in 1990..=2027 {
            for month in 1..=12 {
                let day = date(year, month, 1);
                let president = members.president(day).expect("a president").clone();
                assert!(members.seat(&president, day).is_some(), "{president} {day}");
                assert_ne!(before.as_ref(), Some(&president), "{day}");
                before = Some(president);
            }
        }
        for (day, president) in [
            (date(1990, 8, 25), "ROU"),
            (date(1990, 11, 29), "USA"),
            (date(1992, 1, 31), "GBR"),
            (date(1994, 4, 21), "NZL"),
            (date(1995, 7, 12), "HND"),
            (date(1999, 6, 10), "GMB"),
            (date(2001, 3, 28), "UKR"),
            (date(2003, 2, 14), "DEU"),
            (date(2010, 7, 9), "NGA"),
            (date(2014, 12, 22), "TCD"),
            (date(2018, 3, 19), "NLD"),
        ] {
            assert_eq!(members.president(day).map(|c| &**c), Some(president));
        }
    }
}
