//! A word list from a dictionary of hunspell whose entries and affixes carry `po:` and `is:` tags,
//! as the French one of Grammalecte does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs, io,
    path::Path,
};

use crate::syntax::{Traits, Upos};

/// One line of `SFX`: what it takes off, puts on, and says of the word.
#[derive(Debug)]
struct Suffix {
    strip: String,
    add: String,
    /// Characters that must end the word, each a set; `true` negates it.
    condition: Vec<(bool, Vec<char>)>,
    tags: Vec<String>,
}

/// A form with one reading of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    form: String,
    lemma: String,
    upos: Upos,
    traits: Traits,
}

/// A morphology file (`[paradigms]` and `[stems]`) in the format of [`crate::syntax::Morphology`].
///
/// # Errors
/// A file cannot be read.
pub fn from_dictionary(affixes: &Path, dictionary: &Path) -> io::Result<String> {
    Ok(convert(&fs::read_to_string(affixes)?, &fs::read_to_string(dictionary)?))
}

fn convert(affixes: &str, dictionary: &str) -> String {
    let suffixes = read_suffixes(affixes);
    let mut paradigms: BTreeMap<String, usize> = BTreeMap::new();
    let mut stems: BTreeSet<(String, usize)> = BTreeSet::new();
    let entries = dictionary.lines().skip(1).filter_map(Entry::parse);
    for readings in entries.map(|entry| entry.readings(&suffixes)).filter(|r| !r.is_empty()) {
        let stem = common_beginning(&readings);
        let paradigm = paradigm(&readings, stem.len());
        let number = paradigms.len();
        let number = *paradigms.entry(paradigm).or_insert(number);
        stems.insert((stem, number));
    }
    let mut by_number: Vec<_> = paradigms.into_iter().map(|(paradigm, number)| (number, paradigm)).collect();
    by_number.sort_unstable();
    let mut out = String::from("[paradigms]\n");
    for (_, paradigm) in by_number {
        let _ = writeln!(out, "{paradigm}");
    }
    out.push_str("[stems]\n");
    for (stem, number) in stems {
        let _ = writeln!(out, "{stem}\t{number}");
    }
    out
}

fn read_suffixes(affixes: &str) -> BTreeMap<String, Vec<Suffix>> {
    let mut suffixes: BTreeMap<String, Vec<Suffix>> = BTreeMap::new();
    for line in affixes.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // The head of a group has four fields: `SFX a0 Y 103`.
        if let ["SFX", flag, strip, add, condition, tags @ ..] = fields.as_slice() {
            let text = |field: &str| if field == "0" { String::new() } else { field.to_owned() };
            suffixes.entry((*flag).to_owned()).or_default().push(Suffix {
                strip: text(strip),
                add: text(add.split('/').next().unwrap_or(add)),
                condition: read_condition(condition),
                tags: tags.iter().map(|t| (*t).to_owned()).collect(),
            });
        }
    }
    suffixes
}

/// `[^cg]er`: a negated set, then `e`, then `r`; `.` is any character.
fn read_condition(text: &str) -> Vec<(bool, Vec<char>)> {
    let mut parts = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '[' {
            let set: Vec<char> = chars.by_ref().take_while(|c| *c != ']').collect();
            let negated = set.first() == Some(&'^');
            parts.push((negated, set.into_iter().skip(usize::from(negated)).collect()));
        } else if c == '.' {
            parts.push((true, Vec::new()));
        } else {
            parts.push((false, vec![c]));
        }
    }
    parts
}

impl Suffix {
    fn apply(&self, word: &str) -> Option<String> {
        let chars: Vec<char> = word.chars().collect();
        let start = chars.len().checked_sub(self.condition.len())?;
        let fits = |(c, (negated, set)): (&char, &(bool, Vec<char>))| set.contains(c) != *negated;
        if self.condition == [(true, Vec::new())] || chars[start..].iter().zip(&self.condition).all(fits) {
            Some(format!("{}{}", word.strip_suffix(self.strip.as_str())?, self.add))
        } else {
            None
        }
    }
}

/// A line of the dictionary: `condamner/a0p+() po:v1_it_q__a`.
struct Entry<'a> {
    word: &'a str,
    flags: Vec<String>,
    tags: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let (word, flags) = fields.next().map(|f| f.split_once('/').unwrap_or((f, "")))?;
        if !word.starts_with(char::is_alphabetic) || word.contains(['\'', '’', '.']) {
            return None;
        }
        let letters: Vec<char> = flags.chars().collect();
        let flags = letters.chunks(2).map(|pair| pair.iter().collect()).collect();
        Some(Self { word, flags, tags: fields.collect() })
    }

    /// All forms with all readings, sorted.
    fn readings(&self, suffixes: &BTreeMap<String, Vec<Suffix>>) -> Vec<Reading> {
        let mut forms: Vec<(String, Vec<&str>)> = Vec::new();
        // A word with the flag `()` needs an affix.
        if !self.flags.iter().any(|f| f == "()") {
            forms.push((self.word.to_owned(), self.tags.clone()));
        }
        for suffix in self.flags.iter().filter_map(|f| suffixes.get(f)).flatten() {
            if let Some(form) = suffix.apply(self.word) {
                let tags = self.tags.iter().copied().chain(suffix.tags.iter().map(String::as_str));
                forms.push((form, tags.collect()));
            }
        }
        let participle = forms.iter().find(|(_, tags)| is_lemma_of_participle(tags)).map(|(form, _)| form);
        let mut readings: Vec<Reading> =
            forms.iter().flat_map(|(form, tags)| self.read(form, tags, participle)).collect();
        readings.sort_unstable();
        readings.dedup();
        readings
    }

    fn read(&self, form: &str, tags: &[&str], participle: Option<&String>) -> Vec<Reading> {
        let reading = |lemma: &str, upos, traits| Reading {
            form: form.to_owned(),
            lemma: lemma.to_owned(),
            upos,
            traits,
        };
        let traits = nominal_traits(tags);
        if self.tags.iter().any(|t| t.starts_with("po:v")) {
            let mut readings: Vec<Reading> =
                verbal_traits(tags).into_iter().map(|t| reading(self.word, Upos::Verb, t)).collect();
            if let Some(lemma) = participle.filter(|_| tags.contains(&"po:ppas")) {
                readings.push(reading(lemma, Upos::Adj, traits));
            }
            return readings;
        }
        let uses = [
            ("po:nom", Upos::Noun),
            ("po:adj", Upos::Adj),
            ("po:adv", Upos::Adv),
            ("po:npr", Upos::Propn),
            ("po:prn", Upos::Propn),
            ("po:patr", Upos::Propn),
        ];
        let used = uses.iter().filter(|(tag, _)| tags.contains(tag));
        used.map(|(_, upos)| reading(self.word, *upos, traits)).collect()
    }
}

/// Masculine, and singular or the same in both numbers.
fn is_lemma_of_participle(tags: &[&str]) -> bool {
    tags.contains(&"po:ppas") && tags.contains(&"is:mas") && !tags.contains(&"is:pl")
}

fn nominal_traits(tags: &[&str]) -> Traits {
    let mut traits = Traits::UNKNOWN;
    for tag in tags {
        match *tag {
            "is:mas" => traits.0[0] = b'm',
            "is:fem" => traits.0[0] = b'f',
            "is:sg" => traits.0[1] = b's',
            "is:pl" => traits.0[1] = b'p',
            _ => {}
        }
    }
    traits
}

/// A reading for each form of the verb that the tags name; of persons the third, which news use, where it fits.
fn verbal_traits(tags: &[&str]) -> Vec<Traits> {
    let mut found = Vec::new();
    let has = |tag: &str| tags.contains(&tag);
    if has("po:infi") {
        found.push(Traits(*b"--i-"));
    }
    if has("po:ppre") {
        found.push(Traits(*b"--g-"));
    }
    if has("po:ppas") {
        let mut traits = nominal_traits(tags);
        traits.0[2] = b'p';
        found.push(traits);
    }
    let persons = [
        ("po:3sg", *b"-sf3"),
        ("po:3pl", *b"-pf3"),
        ("po:3pl!", *b"-pf3"),
        ("po:1sg", *b"-sf1"),
        ("po:2sg", *b"-sf2"),
        ("po:1pl", *b"-pf1"),
        ("po:2pl", *b"-pf2"),
    ];
    found.extend(persons.iter().find(|(tag, _)| has(tag)).map(|(_, traits)| Traits(*traits)));
    found
}

/// What all forms and lemmas begin with.
fn common_beginning(readings: &[Reading]) -> String {
    let texts = || readings.iter().flat_map(|r| [r.form.as_str(), r.lemma.as_str()]);
    let first: Vec<char> = texts().next().unwrap_or("").chars().collect();
    let shared = |text: &str| first.iter().zip(text.chars()).take_while(|(a, b)| *a == b).count();
    let len = texts().map(shared).min().unwrap_or(0);
    first[..len].iter().collect()
}

fn paradigm(readings: &[Reading], stem: usize) -> String {
    let field = |r: &Reading| {
        format!("{}/{}/{}/{}", &r.form[stem..], &r.lemma[stem..], r.upos.name(), r.traits.as_str())
    };
    readings.iter().map(field).collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFFIXES: &str = "SFX S. Y 2\nSFX S. 0 0/L'D'Q' [^sxz] is:sg\nSFX S. 0 s/D'Q' [^sxz] is:pl\n\
        SFX a0 Y 3\nSFX a0 er er er po:infi\nSFX a0 er e [^y]er po:ipre po:1sg po:3sg\nSFX a0 er ons [^cg]er po:1pl\n\
        SFX p+ Y 2\nSFX p+ er é er po:ppas po:adj is:mas is:sg\nSFX p+ er ées er po:ppas po:adj is:fem is:pl\n";

    #[test]
    fn entries_become_stems_with_paradigms() {
        let dictionary =
            "3\nnote/S.() po:nom is:fem\nloi/S.() po:nom is:fem\nveiller/a0p+() po:v1\nl'an po:nom\n";
        assert_eq!(
            convert(AFFIXES, dictionary),
            "[paradigms]\n//NOUN/fs--\ts//NOUN/fp--\n\
             e/er/VERB/-sf3\ter/er/VERB/--i-\tons/er/VERB/-pf1\té/er/VERB/msp-\té/é/ADJ/ms--\t\
             ées/er/VERB/fpp-\tées/é/ADJ/fp--\n\
             [stems]\nloi\t0\nnote\t0\nveill\t1\n"
        );
    }

    #[test]
    fn a_condition_must_hold() {
        let suffixes = read_suffixes(AFFIXES);
        assert_eq!(suffixes["a0"][2].apply("manger"), None);
        assert_eq!(suffixes["a0"][2].apply("veiller").as_deref(), Some("veillons"));
    }
}
