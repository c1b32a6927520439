//! A paragraph to words and marks, in one pass from left to right.

use super::{
    normal::{is_apostrophe, is_dash, is_double_quote, is_hyphen, is_ignorable, is_space, normalise},
    parts,
    rules::{Abbreviation, Rules},
};

/// No word is longer; what is longer is no word and comes in pieces.
const MAX_WORD: usize = 200;

/// Ends of web addresses that news write without "www." ("lemonde.fr").
const DOMAINS: [&str; 40] = [
    "com", "org", "net", "info", "eu", "int", "gov", "edu", "mil", "fr", "be", "ch", "ca", "uk", "us", "de",
    "it", "es", "pt", "nl", "lu", "ma", "dz", "tn", "sn", "ci", "ml", "cm", "ru", "ua", "cn", "jp", "in",
    "br", "tv", "io", "co", "pl", "news", "gouv",
];

/// A token before it belongs to a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: u32,
    pub end: u32,
    pub form: String,
    pub space_after: bool,
    /// A new sentence begins here although neither full stop nor space tells so ("horairesSi ce projet").
    pub glued: bool,
    pub abbreviation: Option<Abbreviation>,
}

impl Piece {
    pub(super) fn first(&self) -> char {
        self.form.chars().next().unwrap_or(' ')
    }

    pub(super) fn is_word(&self) -> bool {
        self.form.chars().any(char::is_alphanumeric)
    }

    pub(super) fn is_dash(&self) -> bool {
        !self.form.is_empty() && self.form.chars().all(is_dash)
    }
}

/// Cuts the code points `start..end` of a field.
pub(super) fn cut(chars: &[char], start: usize, end: usize, rules: &Rules) -> Vec<Piece> {
    let mut scanner = Scanner { field: chars, chars: &chars[..end], rules, pieces: Vec::new() };
    let mut at = start;
    let mut glued = false;
    while at < end {
        let c = chars[at];
        if is_space(c) || is_ignorable(c) {
            at += 1;
        } else {
            let stop = scanner.token(at, glued);
            glued = scanner.is_glued(stop);
            at = stop;
        }
    }
    scanner.pieces
}

struct Scanner<'a> {
    field: &'a [char],
    /// The field up to the end of the paragraph.
    chars: &'a [char],
    rules: &'a Rules,
    pieces: Vec<Piece>,
}

impl Scanner<'_> {
    fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or('\n')
    }

    /// The code point before `i`, those without width left out.
    fn before(&self, i: usize) -> char {
        self.chars[..i].iter().rev().take(4).copied().find(|c| !is_ignorable(*c)).unwrap_or('\n')
    }

    /// The code point at or after `i`, those without width left out.
    fn visible(&self, i: usize) -> char {
        self.chars.iter().skip(i).take(4).copied().find(|c| !is_ignorable(*c)).unwrap_or('\n')
    }

    /// Reads the token at `start`, which is visible, and returns where it ends.
    fn token(&mut self, start: usize, glued: bool) -> usize {
        let c = self.at(start);
        if let Some(end) = self.address_end(start).or_else(|| self.symbol_end(start)) {
            self.push(start, end, glued, None);
            return end;
        }
        if c.is_alphanumeric() {
            let end = if c.is_numeric() { self.number_end(start) } else { start };
            let end = self.word_end(start, end.max(start + 1));
            return self.word(start, end, glued);
        }
        let end = self.mark_end(start);
        self.push(start, end, glued, None);
        end
    }

    /// Pushes the parts of the word `start..end` and returns where they end: a full stop may belong to the last.
    fn word(&mut self, start: usize, end: usize, glued: bool) -> usize {
        let mut starts = parts::starts(self.chars, start, end, self.rules);
        starts.push(end);
        for pair in starts.windows(2).take(starts.len() - 2) {
            self.push(pair[0], pair[1], glued && pair[0] == start, None);
        }
        let last = starts[starts.len() - 2];
        let (end, abbreviation) = self.last_end(last, end);
        self.push(last, end, glued && last == start, abbreviation);
        end
    }

    /// The end of a word's last part, with the full stop of an abbreviation or the apostrophe of an elision.
    fn last_end(&self, start: usize, end: usize) -> (usize, Option<Abbreviation>) {
        let next = self.at(end);
        if is_apostrophe(next) {
            let with = normalise(&self.string(start, end + 1)).to_lowercase();
            return (if self.rules.elisions.contains(&with) { end + 1 } else { end }, None);
        }
        if next != '.' || self.at(end + 1) == '.' {
            return (end, None);
        }
        let word = normalise(&self.string(start, end));
        let following =
            self.chars.iter().skip(end + 1).take(8).copied().find(|c| !is_space(*c)).unwrap_or(' ');
        let kind = match self.rules.abbreviation(&format!("{word}.")) {
            Some(Abbreviation::BeforeNumber) if !following.is_numeric() => None,
            Some(kind) => Some(kind),
            None if is_acronym(&word) => Some(Abbreviation::Any),
            None if is_initial(&word) && following.is_uppercase() && !self.starter_follows(end + 1) => {
                Some(Abbreviation::BeforeName)
            }
            None => None,
        };
        (if kind.is_some() { end + 1 } else { end }, kind)
    }

    /// Whether the next word is one that begins sentences.
    fn starter_follows(&self, i: usize) -> bool {
        let Some(start) = (i..self.chars.len()).take(8).find(|i| !is_space(self.at(*i))) else {
            return false;
        };
        self.is_starter_at(start)
    }

    fn is_starter_at(&self, start: usize) -> bool {
        let mut end = start;
        while end - start < 20 && self.at(end).is_alphabetic() {
            end += 1;
        }
        if is_apostrophe(self.at(end)) {
            end += 1;
        }
        self.rules.is_starter(&normalise(&self.string(start, end)))
    }

    fn string(&self, start: usize, end: usize) -> String {
        self.chars[start..end.min(self.chars.len())].iter().collect()
    }

    fn push(&mut self, start: usize, end: usize, glued: bool, abbreviation: Option<Abbreviation>) {
        let form = normalise(&self.string(start, end));
        if !form.is_empty() {
            let next = self.field.iter().skip(end).take(4).find(|c| !is_ignorable(**c));
            let space_after = next.is_some_and(|c| is_space(*c));
            let (start, end) = (start as u32, end as u32);
            self.pieces.push(Piece { start, end, form, space_after, glued, abbreviation });
        }
    }

    /// A web or mail address.
    fn address_end(&self, start: usize) -> Option<usize> {
        let opens = |prefix: &str| prefix.chars().enumerate().all(|(k, c)| self.at(start + k) == c);
        let is_link = opens("http://") || opens("https://") || opens("www.");
        if !is_link && !self.at(start).is_ascii_alphanumeric() {
            return None;
        }
        let stops =
            |c: char| is_space(c) || is_double_quote(c) || matches!(c, '<' | '>' | ')' | '(' | ',' | ';');
        let mut end = start;
        let mut is_mail = false;
        while end - start < MAX_WORD && end < self.chars.len() && !stops(self.at(end)) {
            is_mail |= end > start && self.at(end) == '@' && self.at(end + 1).is_alphanumeric();
            if !is_link && !is_mail && !self.at(end).is_ascii_alphanumeric() && !"._-+".contains(self.at(end))
            {
                return None;
            }
            end += 1;
        }
        while end > start && matches!(self.at(end - 1), '.' | ':' | '!' | '?' | '\'' | '’') {
            end -= 1;
        }
        (is_link || is_mail).then_some(end)
    }

    /// The symbol of a document ("S/2022/720", "A/RES/ES-11/1", "S/PV.9143").
    fn symbol_end(&self, start: usize) -> Option<usize> {
        let letters = (start..start + 4).take_while(|i| self.at(*i).is_ascii_uppercase()).count();
        if !(1..=3).contains(&letters) || self.at(start + letters) != '/' {
            return None;
        }
        let mut end = start + letters;
        while end - start < MAX_WORD && (self.at(end).is_ascii_alphanumeric() || "/.-".contains(self.at(end)))
        {
            end += 1;
        }
        while "/.-".contains(self.at(end - 1)) {
            end -= 1;
        }
        self.chars[start..end].iter().any(char::is_ascii_digit).then_some(end)
    }

    /// Digits with what joins them: "1 000", "7.169.550", "19:00", "16/11/2004", "1980-1988".
    fn number_end(&self, start: usize) -> usize {
        let mut end = self.digits_end(start);
        while end - start < MAX_WORD {
            let next_is_digit = self.at(end + 1).is_numeric();
            let joins = match self.at(end) {
                '.' | ',' | ':' | '/' => next_is_digit,
                c if is_hyphen(c) || c == '–' => {
                    next_is_digit && (!self.rules.split_hyphens || self.is_iso_date(start))
                }
                c if is_space(c) => self.rules.number_spaces && self.is_group(start, end),
                _ => false,
            };
            if !joins {
                break;
            }
            end = self.digits_end(end + 1);
        }
        end
    }

    fn digits_end(&self, start: usize) -> usize {
        (start..start + MAX_WORD).find(|i| !self.at(*i).is_numeric()).unwrap_or(start + MAX_WORD)
    }

    /// Whether three digits after the space at `space` go on with the number from `start`.
    fn is_group(&self, start: usize, space: usize) -> bool {
        let first = (start..space).take_while(|i| self.at(*i).is_ascii_digit()).count();
        let grouped = (1..=3).contains(&first)
            && self.at(start) != '0'
            && (start + first..space).all(|i| self.at(i).is_ascii_digit() || is_space(self.at(i)));
        grouped
            && (1..4).all(|k| self.at(space + k).is_ascii_digit())
            && !self.at(space + 4).is_alphanumeric()
    }

    fn is_iso_date(&self, start: usize) -> bool {
        "0000-00-00".chars().enumerate().all(|(k, shape)| match shape {
            '0' => self.at(start + k).is_ascii_digit(),
            _ => self.at(start + k) == '-',
        })
    }

    /// The end of a word that goes on at `end`.
    fn word_end(&self, start: usize, mut end: usize) -> usize {
        while end - start < MAX_WORD && end < self.chars.len() {
            let c = self.at(end);
            let next = self.visible(end + 1);
            let step = match c {
                c if is_word_char(c) => usize::from(end == start || !self.is_glued(end)),
                c if is_apostrophe(c) || is_hyphen(c) => usize::from(next.is_alphanumeric()),
                '.' => self.inner_stop(start, end),
                '&' => usize::from(self.before(end).is_uppercase() && next.is_uppercase()),
                '°' => usize::from(self.rules.whole.contains(&self.string(start, end + 1).to_lowercase())),
                _ => 0,
            };
            if step == 0 {
                break;
            }
            end += step;
        }
        end
    }

    /// Whether a sentence begins at `i` in the middle of letters: a capital followed by small letters, after three
    /// small ones or capitals ("horaires" + "Si", "RATP" + "Les"). The new word must be a starter, except
    /// where all before it is small ("novembre" + "Emmanuel").
    fn is_glued(&self, i: usize) -> bool {
        if i < 3 || !self.at(i).is_uppercase() {
            return false;
        }
        let after = if is_apostrophe(self.at(i + 1)) { i + 2 } else { i + 1 };
        let follows = |is_case: fn(char) -> bool| (i - 3..i).all(|k| is_case(self.at(k)));
        self.at(after).is_lowercase()
            && (follows(char::is_lowercase) || follows(char::is_uppercase))
            && (self.is_starter_at(i) || self.is_name_after_small(i))
            && !self.is_whole_around(i)
    }

    /// A capital and two small letters after a word of at least four small ones.
    fn is_name_after_small(&self, i: usize) -> bool {
        let small = self.chars[..i].iter().rev().take(MAX_WORD).take_while(|c| c.is_lowercase()).count();
        let begins_small = small >= 4 && (small == i || !self.at(i - small - 1).is_alphabetic());
        begins_small && self.at(i + 1).is_lowercase() && self.at(i + 2).is_lowercase()
    }

    fn is_whole_around(&self, i: usize) -> bool {
        let start =
            (i.saturating_sub(30)..i).rev().find(|k| !self.at(*k).is_alphabetic()).map_or(0, |k| k + 1);
        let end = (i..i + 30).find(|k| !self.at(*k).is_alphabetic()).unwrap_or(i);
        start < end && self.rules.whole.contains(&self.string(start, end).to_lowercase())
    }

    /// How many code points a full stop inside a word and what it joins take; 0 where it ends the word.
    fn inner_stop(&self, start: usize, stop: usize) -> usize {
        let left = self.chars[start..stop].iter().rev().take_while(|c| c.is_alphanumeric()).count();
        let is_single = left == 1 && self.at(stop - 1).is_alphabetic();
        let next = self.at(stop + 1);
        let run = (stop + 1..stop + 12).take_while(|i| self.at(*i).is_alphanumeric()).count();
        let joins = if is_hyphen(next) {
            is_single && self.at(stop - 1).is_uppercase() && self.at(stop + 2).is_uppercase()
        } else if next.is_numeric() {
            self.chars[stop - left..stop].iter().any(|c| c.is_numeric())
        } else if next.is_lowercase() {
            let suffix = self.string(stop + 1, stop + 1 + run);
            is_single && run == 1 || DOMAINS.contains(&suffix.as_str())
        } else if next.is_uppercase() {
            let shouted = (stop - left..stop).chain(stop + 1..=stop + run).all(|i| self.at(i).is_uppercase());
            shouted && (is_single && run == 1 || left > 1 && run <= 3)
        } else {
            false
        };
        if joins { 1 + run.max(1) } else { 0 }
    }

    /// A mark, or several that make one: "...", "?!", "--", "<<".
    fn mark_end(&self, start: usize) -> usize {
        let c = self.at(start);
        let run = |belongs: &dyn Fn(char) -> bool| {
            (start + 1..start + MAX_WORD).find(|i| !belongs(self.at(*i))).unwrap_or(start + MAX_WORD)
        };
        match c {
            '.' => run(&|n| n == '.'),
            '!' | '?' => run(&|n| matches!(n, '!' | '?')),
            '-' | '=' | '*' | '~' => run(&|n| n == c),
            '<' | '>' | '\'' | '`' if self.at(start + 1) == c => start + 2,
            _ => start + 1,
        }
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_ignorable(c) || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Single letters parted by full stops: "U.N", "J.-Y", "e.g".
fn is_acronym(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|p| {
            let letters = p.trim_start_matches('-');
            letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic)
        })
}

fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}
