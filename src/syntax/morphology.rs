//! Dictionary forms, gender and number of words: data of a language.
//!
//! Files `languages/<code>/morphology*.tsv`, read in the order of their names; what an earlier line says of a
//! word goes before a later one. Fields are parted by tabs, `#` begins a comment, a line in brackets a section:
//!
//! * `[forms]` form, lemma, tag, traits: a word as a whole;
//! * `[endings]` tag, ending, ending of the lemma, traits: the guess for words that are nowhere else, the
//!   longest ending wins;
//! * `[paradigms]` a line each, numbered from 0: fields `ending/ending of the lemma/tag/traits`;
//! * `[stems]` stem, number of its paradigm in this file: the word is the stem with any ending of it.
//!
//! Traits are four letters, `-` where unknown: gender `m` `f`, number `s` `p`, form of a verb (`f` finite,
//! `i` infinitive, `p` past participle, `g` present participle), person `1` `2` `3`.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{
    Gender, Number, Upos,
    hashing::{join, spread},
};
use crate::data::{Data, DataError};

/// The words of a language.
#[derive(Debug, Default)]
pub struct Morphology {
    forms: FxHashMap<Box<str>, Vec<Reading>>,
    endings: FxHashMap<(Upos, Box<str>), (Box<str>, Traits)>,
    paradigms: Vec<FxHashMap<Box<str>, Vec<Reading>>>,
    /// Hash of a stem to its part of `paradigms_of_stems`. Of 64 bits: a word is taken for another's stem
    /// less than once in ten million million look-ups.
    stems: FxHashMap<u64, Range<u32>>,
    paradigms_of_stems: Vec<u32>,
}

/// What a word can be; `lemma` is an ending only, where the word was found by its stem.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    lemma: Box<str>,
    upos: Upos,
    traits: Traits,
    hash: u64,
}

/// All that the word list says of one word.
pub(crate) struct Entry<'a> {
    form: &'a str,
    lower: String,
    /// As written, then in lower case; the longest stem first.
    by_stem: Vec<ByStem<'a>>,
}

/// A reading and the length of its stem, in the form as written or in lower case.
struct ByStem<'a> {
    as_written: bool,
    stem: usize,
    reading: &'a Reading,
}

/// Gender, number, verb form and person, as written in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Traits(pub [u8; 4]);

impl Traits {
    pub const UNKNOWN: Self = Self(*b"----");

    /// `fp--`; `None` unless it is four letters of those allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 4] = text.as_bytes().try_into().ok()?;
        let allowed = [b"mf-".as_slice(), b"sp-", b"fipg-", b"123-"];
        allowed.iter().zip(bytes).all(|(set, byte)| set.contains(&byte)).then_some(Self(bytes))
    }

    /// The four letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("----")
    }

    pub(crate) fn hash(self) -> u64 {
        spread(u64::from(u32::from_le_bytes(self.0)))
    }

    pub fn gender(self) -> Gender {
        match self.0[0] {
            b'm' => Gender::Masculine,
            b'f' => Gender::Feminine,
            _ => Gender::Unknown,
        }
    }

    pub fn number(self) -> Number {
        match self.0[1] {
            b's' => Number::Singular,
            b'p' => Number::Plural,
            _ => Number::Unknown,
        }
    }
}

impl Morphology {
    /// Reads the files of a language; none at all is an empty morphology.
    ///
    /// # Errors
    /// [`DataError::Invalid`] naming file and line.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let mut morphology = Self::default();
        for path in data.paths(&format!("languages/{language}/morphology")) {
            morphology.read(path, data.text(path)?)?;
        }
        Ok(morphology)
    }

    fn read(&mut self, path: &str, text: &str) -> Result<(), DataError> {
        let offset = self.paradigms.len() as u32;
        let mut section = "";
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') && line.ends_with(']') {
                section = line;
                continue;
            }
            let read = match section {
                "[forms]" => self.read_form(line),
                "[endings]" => self.read_ending(line),
                "[paradigms]" => self.read_paradigm(line),
                "[stems]" => self.read_stem(line, offset),
                _ => None,
            };
            read.ok_or_else(|| {
                DataError::invalid(
                    path,
                    format!("line {}: `{line}` does not fit section `{section}`", number + 1),
                )
            })?;
        }
        Ok(())
    }

    fn read_form(&mut self, line: &str) -> Option<()> {
        let [form, lemma, tag, traits] = fields(line, '\t')?;
        let reading = Reading::parse(lemma, tag, traits)?;
        self.forms.entry(form.into()).or_default().push(reading);
        Some(())
    }

    fn read_ending(&mut self, line: &str) -> Option<()> {
        let [tag, ending, lemma, traits] = fields(line, '\t')?;
        let key = (Upos::from_name(tag)?, ending.into());
        self.endings.entry(key).or_insert((lemma.into(), Traits::parse(traits)?));
        Some(())
    }

    fn read_paradigm(&mut self, line: &str) -> Option<()> {
        let mut paradigm: FxHashMap<Box<str>, Vec<Reading>> = FxHashMap::default();
        for field in line.split('\t') {
            let [ending, lemma, tag, traits] = fields(field, '/')?;
            paradigm.entry(ending.into()).or_default().push(Reading::parse(lemma, tag, traits)?);
        }
        self.paradigms.push(paradigm);
        Some(())
    }

    fn read_stem(&mut self, line: &str, offset: u32) -> Option<()> {
        let [stem, number] = fields(line, '\t')?;
        let number = number.parse::<u32>().ok()? + offset;
        ((number as usize) < self.paradigms.len()).then_some(())?;
        let numbers = &mut self.paradigms_of_stems;
        let end = numbers.len() as u32;
        let range = self.stems.entry(stem.chars().fold(0, next_hash)).or_insert(end..end);
        if range.end != end {
            numbers.extend_from_within(range.start as usize..range.end as usize);
            *range = end..numbers.len() as u32;
        }
        numbers.push(number);
        range.end += 1;
        Some(())
    }

    /// Looks a word up, whatever its use.
    pub(crate) fn look_up<'a>(&'a self, form: &'a str) -> Entry<'a> {
        let lower = form.to_lowercase().replace('’', "'");
        let mut by_stem = Vec::new();
        if form != lower {
            self.find_stems(form, true, &mut by_stem);
        }
        self.find_stems(&lower, false, &mut by_stem);
        Entry { form, lower, by_stem }
    }

    fn find_stems<'a>(&'a self, form: &str, as_written: bool, found: &mut Vec<ByStem<'a>>) {
        let start = found.len();
        let mut hash = 0;
        let ends = form.char_indices().map(|(i, c)| (i, Some(c))).chain([(form.len(), None)]);
        for (stem, next) in ends {
            if let Some(range) = self.stems.get(&hash) {
                for number in &self.paradigms_of_stems[range.start as usize..range.end as usize] {
                    let readings = self.paradigms[*number as usize].get(&form[stem..]);
                    let by_stem = |reading| ByStem { as_written, stem, reading };
                    // Turned round below, so that what comes first in the file stays first.
                    found.extend(readings.into_iter().flatten().rev().map(by_stem));
                }
            }
            hash = next.map_or(hash, |c| next_hash(hash, c));
        }
        found[start..].reverse();
    }

    /// Lemma and traits of a word that is used as `upos`. Names keep their capitals; a word known
    /// nowhere is guessed by its ending, and stays as it is (in lower case) where no ending fits.
    pub fn analyse(&self, form: &str, upos: Upos) -> (String, Traits) {
        self.choose(&self.look_up(form), upos)
    }

    /// As [`Morphology::analyse`], for a word that was looked up before.
    pub(crate) fn choose(&self, entry: &Entry, upos: Upos) -> (String, Traits) {
        let is_name = upos == Upos::Propn;
        self.known(entry, upos)
            .or_else(|| if is_name { None } else { self.guess(&entry.lower, upos) })
            .unwrap_or_else(|| {
                (if is_name { entry.form.to_owned() } else { entry.lower.clone() }, Traits::UNKNOWN)
            })
    }

    /// The reading of that very use, else of one near to it.
    fn known(&self, entry: &Entry, upos: Upos) -> Option<(String, Traits)> {
        self.find(entry, |u| u == upos).or_else(|| self.find(entry, |u| near(u) == near(upos)))
    }

    fn find(&self, entry: &Entry, fits: impl Fn(Upos) -> bool) -> Option<(String, Traits)> {
        for form in [entry.form, &entry.lower] {
            if let Some(reading) = self.forms.get(form).and_then(|r| r.iter().find(|r| fits(r.upos))) {
                return Some((reading.lemma.to_string(), reading.traits));
            }
        }
        entry.by_stem.iter().find(|found| fits(found.reading.upos)).map(|found| {
            let form = if found.as_written { entry.form } else { &entry.lower };
            (format!("{}{}", &form[..found.stem], found.reading.lemma), found.reading.traits)
        })
    }

    fn guess(&self, form: &str, upos: Upos) -> Option<(String, Traits)> {
        let cuts = (0..form.len()).filter(|cut| form.is_char_boundary(*cut));
        let mut found = cuts.filter_map(|cut| {
            let (lemma, traits) = self.endings.get(&(upos, form[cut..].into()))?;
            Some((format!("{}{lemma}", &form[..cut]), *traits))
        });
        found.next()
    }
}

impl Reading {
    fn parse(lemma: &str, tag: &str, traits: &str) -> Option<Self> {
        let (upos, traits) = (Upos::from_name(tag)?, Traits::parse(traits)?);
        Some(Self { lemma: lemma.into(), upos, traits, hash: spread(upos as u64 ^ traits.hash()) })
    }
}

impl Entry<'_> {
    pub(crate) fn form(&self) -> &str {
        self.form
    }

    /// Hash of all readings by stem; `None` where there is none. The whole forms are left out: they come from
    /// the treebanks, and a tagger trained there would trust them too far.
    pub(crate) fn class(&self) -> Option<u64> {
        self.by_stem.iter().map(|found| found.reading.hash).reduce(u64::wrapping_add).map(spread)
    }
}

/// Hash of a stem, character by character.
fn next_hash(before: u64, c: char) -> u64 {
    join(before, spread(u64::from(c)))
}

/// Tags that share their dictionary entries.
fn near(upos: Upos) -> Upos {
    match upos {
        Upos::Aux => Upos::Verb,
        other => other,
    }
}

/// Exactly `N` fields.
fn fields<const N: usize>(line: &str, separator: char) -> Option<[&str; N]> {
    let mut parts = line.split(separator);
    let mut fields = [""; N];
    for field in &mut fields {
        *field = parts.next()?;
    }
    parts.next().is_none().then_some(fields)
}
