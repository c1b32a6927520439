//! Where sentences begin among the tokens of a paragraph.

use super::{
    rules::{Abbreviation, Rules},
    tokens::Piece,
};

/// The parser is not asked for more at once; a longer sentence is cut at its last comma before this.
const MAX_TOKENS: usize = 250;
/// Titles between dashes inside a paragraph ("- Menace de crise -Le") have at most so many tokens.
const MAX_TITLE: usize = 18;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Opens,
    Closes,
}

/// Ranges of `pieces`, one a sentence, in order and without gaps.
pub(super) fn split(chars: &[char], pieces: &[Piece], rules: &Rules) -> Vec<std::ops::Range<usize>> {
    if pieces.is_empty() {
        return Vec::new();
    }
    let paragraph = Paragraph { pieces, rules, quotes: quotes(chars, pieces) };
    let mut starts = paragraph.starts();
    paragraph.mark_titles(&mut starts);
    let mut ranges = Vec::new();
    // Marks alone make no sentence: they go with what follows them, at the end with what stands before.
    let last_word = pieces.iter().rposition(Piece::is_word).unwrap_or(0);
    let (mut from, mut has_word) = (0, false);
    for (i, piece) in pieces.iter().enumerate() {
        if starts[i] && has_word && i <= last_word {
            cut_long(pieces, from, i, &mut ranges);
            (from, has_word) = (i, false);
        }
        has_word |= piece.is_word();
    }
    cut_long(pieces, from, pieces.len(), &mut ranges);
    ranges
}

/// Tells opening quotation marks from closing ones: by their shape, by the spaces around them, else by turns.
fn quotes(chars: &[char], pieces: &[Piece]) -> Vec<Quote> {
    let mut is_open = false;
    let mut roles = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let role = if matches!(piece.form.as_str(), "\"" | "'") {
            match chars.get(piece.start as usize) {
                Some('«' | '“' | '„' | '‘' | '‹') => Quote::Opens,
                Some('»' | '”' | '›') => Quote::Closes,
                _ => straight_quote(pieces, i, is_open),
            }
        } else {
            Quote::None
        };
        if piece.form == "\"" {
            is_open = role == Quote::Opens;
        }
        roles.push(role);
    }
    roles
}

fn straight_quote(pieces: &[Piece], i: usize, is_open: bool) -> Quote {
    let before = i.checked_sub(1).and_then(|k| pieces.get(k));
    let after = pieces.get(i + 1);
    let is_free_before = before.is_none_or(|p| {
        p.space_after || p.form.ends_with('\'') || matches!(p.first(), '(' | '[') || p.is_dash()
    });
    let is_free_after = pieces[i].space_after
        || after.is_none_or(|p| matches!(p.first(), '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']'));
    match (is_free_before, is_free_after) {
        (true, false) => Quote::Opens,
        (false, true) => Quote::Closes,
        _ if is_open => Quote::Closes,
        _ => Quote::Opens,
    }
}

struct Paragraph<'a> {
    pieces: &'a [Piece],
    rules: &'a Rules,
    quotes: Vec<Quote>,
}

impl Paragraph<'_> {
    /// For every piece whether a sentence begins with it.
    fn starts(&self) -> Vec<bool> {
        let mut starts = vec![false; self.pieces.len()];
        starts[0] = true;
        let mut from = 0;
        for i in 0..self.pieces.len() {
            if self.pieces[i].glued || i > 0 && (is_bullet(&self.pieces[i]) || self.follows_title(i)) {
                starts[i] = true;
            }
            if starts[i] {
                from = i;
            }
            if let Some(next) = self.next_after(from, i) {
                starts[next] = true;
            }
        }
        starts
    }

    /// Where the next sentence begins if the one from `from` ends at the mark `end`.
    fn next_after(&self, from: usize, end: usize) -> Option<usize> {
        let mark = &self.pieces[end];
        let is_soft = match mark.abbreviation {
            Some(Abbreviation::Any) => true,
            Some(_) => return None,
            None => false,
        };
        if !is_soft && !is_terminal(mark) || self.is_omission(end) || self.is_enumerator(from, end) {
            return None;
        }
        let next = (end + 1..self.pieces.len()).find(|i| !self.closes(*i))?;
        let opening = (next..self.pieces.len()).take(3).find(|i| !self.opens(*i)).unwrap_or(next);
        let piece = &self.pieces[next];
        let word = &self.pieces[opening];
        let begins = if matches!(piece.first(), ',' | ';' | ':' | '/') || is_terminal(piece) {
            false
        } else if is_soft {
            self.rules.is_starter(&word.form)
        } else if word.first().is_lowercase() {
            // A quotation may begin small; what follows "!" or a bracket then is the same sentence.
            opening > next && mark.form == "." && piece.form == "\""
        } else {
            true
        };
        begins.then_some(next)
    }

    /// A starter right behind a closing quotation mark begins the text under a quoted title ("peur"Une fois ...").
    fn follows_title(&self, i: usize) -> bool {
        let before = i - 1;
        self.quotes[before] == Quote::Closes
            && !self.pieces[before].space_after
            && self.rules.is_starter(&self.pieces[i].form)
    }

    /// "(...)" stands for words left out of a quotation.
    fn is_omission(&self, end: usize) -> bool {
        self.pieces[end].form.starts_with("..")
            && end > 0
            && matches!(self.pieces[end - 1].first(), '(' | '[')
    }

    /// "1." or "a." at the head of an item.
    fn is_enumerator(&self, from: usize, end: usize) -> bool {
        end == from + 1 && self.pieces[end].form == "." && {
            let form = &self.pieces[from].form;
            form.chars().count() == 1 && form.chars().all(char::is_alphanumeric)
                || form.len() == 2 && form.chars().all(char::is_numeric)
        }
    }

    fn closes(&self, i: usize) -> bool {
        self.quotes[i] == Quote::Closes || matches!(self.pieces[i].form.as_str(), ")" | "]" | "}")
    }

    fn opens(&self, i: usize) -> bool {
        self.quotes[i] == Quote::Opens
            || matches!(self.pieces[i].form.as_str(), "(" | "[" | "{")
            || self.pieces[i].is_dash()
    }

    /// A title between dashes becomes a sentence, where it follows a mark: "pandémie.- Corée du Nord -L'insécurité".
    fn mark_titles(&self, starts: &mut [bool]) {
        let mut i = 0;
        while i + 2 < self.pieces.len() {
            let end = if self.may_open_title(starts, i) { self.title_end(starts, i) } else { None };
            if let Some(end) = end {
                starts[i..=end].fill(false);
                starts[i] = true;
                starts[end + 1] = true;
                i = end + 1;
            } else {
                i += 1;
            }
        }
    }

    fn may_open_title(&self, starts: &[bool], i: usize) -> bool {
        let follows_mark = starts[i]
            || i > 0 && matches!(self.pieces[i - 1].first(), '.' | ',' | ';' | ':' | '!' | '?' | ')' | '"');
        self.pieces[i].is_dash() && follows_mark && !self.pieces[i + 1].first().is_lowercase()
    }

    fn title_end(&self, starts: &[bool], open: usize) -> Option<usize> {
        for i in open + 2..(open + MAX_TITLE).min(self.pieces.len() - 1) {
            let has_space = self.pieces[i - 1].space_after || self.pieces[i].space_after;
            let is_parted = has_space && !self.pieces[i + 1].first().is_lowercase();
            if self.pieces[i].is_dash() && is_parted {
                return Some(i);
            }
            if self.pieces[i].form == "." && (i + 1..(i + 3).min(starts.len())).any(|k| starts[k]) {
                return None;
            }
        }
        None
    }
}

fn is_terminal(piece: &Piece) -> bool {
    piece.form.chars().all(|c| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।'))
}

fn is_bullet(piece: &Piece) -> bool {
    matches!(piece.first(), '•' | '►' | '▶' | '♦' | '■' | '▪' | '●' | '◆')
}

/// Cuts a run of tokens that no parser should see at once after its last comma or semicolon, else anywhere.
fn cut_long(pieces: &[Piece], mut from: usize, to: usize, ranges: &mut Vec<std::ops::Range<usize>>) {
    while to - from > MAX_TOKENS {
        let window = &pieces[from..from + MAX_TOKENS];
        let mark = window.iter().rposition(|p| matches!(p.form.as_str(), ";" | "," | ":"));
        let cut = from + mark.filter(|m| *m > MAX_TOKENS / 2).map_or(MAX_TOKENS, |m| m + 1);
        ranges.push(from..cut);
        from = cut;
    }
    ranges.push(from..to);
}
