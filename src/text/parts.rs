//! A word between spaces to its parts: `l'` + `ONU`, `a` + `-t-il`, `do` + `n't`.

use super::{
    normal::{is_apostrophe, is_hyphen, is_ignorable},
    rules::Rules,
};

/// A visible code point of a word: as compared, as written, and where.
#[derive(Clone, Copy)]
struct Letter {
    lower: char,
    written: char,
    at: usize,
}

/// Where the parts of the word `start..end` begin: `start` itself first, then rising.
pub(super) fn starts(chars: &[char], start: usize, end: usize, rules: &Rules) -> Vec<usize> {
    if chars[start..end].iter().all(char::is_ascii_alphanumeric) && rules.cuts.is_empty() {
        return vec![start];
    }
    let letters: Vec<Letter> = (start..end).filter_map(|at| letter(chars[at], at)).collect();
    let mut starts = vec![start];
    let rest = cut_front(&letters, rules, &mut starts);
    let mut ends = Vec::new();
    let rest = cut_back(rest, rules, &mut ends);
    if rules.split_hyphens {
        cut_hyphens(rest, rules, &mut starts);
    }
    starts.extend(ends.into_iter().rev());
    starts
}

fn letter(written: char, at: usize) -> Option<Letter> {
    let lower = match written {
        c if is_ignorable(c) => return None,
        c if is_apostrophe(c) => '\'',
        c if is_hyphen(c) => '-',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    Some(Letter { lower, written, at })
}

fn text(letters: &[Letter]) -> String {
    letters.iter().map(|l| l.lower).collect()
}

/// Takes elisions off the front.
fn cut_front<'a>(mut rest: &'a [Letter], rules: &Rules, starts: &mut Vec<usize>) -> &'a [Letter] {
    while let Some(apostrophe) = rest.iter().take(12).position(|l| l.lower == '\'') {
        let (front, back) = rest.split_at(apostrophe + 1);
        let Some(next) = back.first() else { break };
        if rules.whole.contains(&text(rest)) || !rules.elisions.contains(&text(front)) {
            break;
        }
        let is_acronym = next.written.is_uppercase() && back.get(1).is_some_and(|l| l.written.is_uppercase());
        if next.lower.is_alphabetic() && !is_acronym && !rules.elided_before.contains(&next.lower) {
            break;
        }
        starts.push(next.at);
        rest = back;
    }
    rest
}

/// Takes clitics off the end; what `ends` gets falls.
fn cut_back<'a>(mut rest: &'a [Letter], rules: &Rules, ends: &mut Vec<usize>) -> &'a [Letter] {
    while rest.iter().any(|l| matches!(l.lower, '\'' | '-')) {
        let word = text(rest);
        if rules.whole.contains(&word) {
            break;
        }
        let fits =
            |c: &&String| word.strip_suffix(c.as_str()).is_some_and(|w| w.ends_with(char::is_alphanumeric));
        let Some(clitic) = rules.clitics.iter().find(fits) else { break };
        let (front, back) = rest.split_at(rest.len() - clitic.chars().count());
        ends.extend(back.first().map(|l| l.at));
        rest = front;
    }
    if !rules.cuts.is_empty() {
        let word = text(rest);
        let cut = rules.cuts.iter().find(|(whole, _)| *whole == word);
        if let Some((front, back)) = cut.map(|(_, first)| rest.split_at(*first as usize)) {
            ends.extend(back.first().map(|l| l.at));
            rest = front;
        }
    }
    rest
}

/// Makes hyphens tokens of their own, except those of prefixes.
fn cut_hyphens(rest: &[Letter], rules: &Rules, starts: &mut Vec<usize>) {
    // Dates, telephone numbers and the figures of a vote stay whole ("2022-10-04", "13-0-2").
    let hyphens = rest.iter().filter(|l| l.lower == '-').count();
    if hyphens > 1 && rest.iter().all(|l| !l.lower.is_alphabetic()) {
        return;
    }
    let mut from = 0;
    for (i, letter) in rest.iter().enumerate() {
        if letter.lower != '-' {
            continue;
        }
        if !rules.hyphen_prefixes.contains(&text(&rest[from..i])) {
            starts.push(letter.at);
            starts.extend(rest.get(i + 1).map(|l| l.at));
        }
        from = i + 1;
    }
}
