//! The examples of the lexicon, each a promise of its entry.

use super::{Class, Stance, lexicon::Lexicon};

/// An example whose finding did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFault {
    pub rule: String,
    pub example: String,
    /// `FRA condemn RUS`
    pub expected: String,
    pub found: Vec<String>,
}

/// Runs every example through `find`, which analyses one sentence without thresholds.
pub fn faults(lexicon: &Lexicon, mut find: impl FnMut(&str) -> Vec<Stance>) -> Vec<ExampleFault> {
    let mut faults = Vec::new();
    for entry in lexicon.entries() {
        let found: Vec<String> = find(&entry.trigger.example)
            .iter()
            .map(|s| format!("{} {} {}", s.holder.code, s.class.as_str(), s.target.code))
            .collect();
        for expected in expectations(&entry.trigger.expect) {
            if !found.iter().any(|f| f == expected) {
                faults.push(ExampleFault {
                    rule: entry.id.clone(),
                    example: entry.trigger.example.clone(),
                    expected: expected.to_owned(),
                    found: found.clone(),
                });
            }
        }
    }
    faults
}

/// Findings that an entry promises.
pub(super) fn expectations(expect: &str) -> impl Iterator<Item = &str> {
    expect.split(';').map(str::trim).filter(|e| !e.is_empty())
}

/// Whether an expectation is of the form `HOLDER class TARGET`.
pub fn is_well_formed(expectation: &str) -> bool {
    let words: Vec<&str> = expectation.split(' ').collect();
    words.len() == 3 && Class::parse(words[1]).is_some()
}
