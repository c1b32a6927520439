//! What stands around an article's sentences: the dateline at its head, the sign-off at its foot.

use super::{rules::Rules, tokens::Piece};

/// No dateline is longer, in tokens.
const MAX_DATELINE: usize = 24;
/// No sign-off by letters is longer, in tokens.
const MAX_INITIALS: usize = 9;

/// A dateline found at the head of the first paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Number of tokens that it takes, its dash included.
    pub tokens: usize,
    /// Code points of the place; `None` where only an agency is named.
    pub place: Option<(u32, u32)>,
}

/// Reads "Paris, 4 oct 2022 (AFP) -", "NEW YORK (Nations unies) -", "GENEVA —".
pub(super) fn dateline(pieces: &[Piece], rules: &Rules) -> Option<Dateline> {
    let dash = (1..pieces.len().min(MAX_DATELINE)).find(|i| {
        pieces[*i].is_dash() && (pieces[*i].space_after || pieces[i - 1].space_after) && {
            pieces.get(i + 1).is_some_and(|next| !next.first().is_lowercase())
        }
    })?;
    let head = Head { pieces: &pieces[..dash], rules };
    let place = head.place(0);
    let (is_dated, end) = head.particulars(place);
    let is_shouted = head.pieces[..place].iter().all(|p| p.form.chars().all(|c| !c.is_lowercase()))
        && head.pieces[..place].iter().any(|p| p.form.chars().count() > 3);
    if end != dash || !(is_dated || place > 0 && is_shouted) {
        return None;
    }
    let named = head.first_place(place);
    let place = (named > 0).then(|| (pieces[0].start, pieces[named - 1].end));
    Some(Dateline { tokens: dash + 1, place })
}

struct Head<'a> {
    pieces: &'a [Piece],
    rules: &'a Rules,
}

impl Head<'_> {
    fn lower(&self, i: usize) -> String {
        self.pieces[i].form.trim_end_matches('.').to_lowercase()
    }

    /// The end of capitalised words from `from`, with small words between them.
    fn place(&self, from: usize) -> usize {
        let mut end = from;
        for i in from..self.pieces.len() {
            let piece = &self.pieces[i];
            let is_place_word = i > from && self.rules.dateline.place_words.contains(&self.lower(i));
            if is_place_word || piece.first().is_uppercase() && !self.is_date_word(i) {
                end = i + 1;
            } else if i == from || !matches!(piece.form.as_str(), "-" | "/") && !self.is_connector(i) {
                break;
            }
        }
        end
    }

    /// The first of several places ("BEIRUT/ALEPPO").
    fn first_place(&self, place: usize) -> usize {
        self.pieces[..place].iter().position(|p| p.form == "/").unwrap_or(place)
    }

    fn is_connector(&self, i: usize) -> bool {
        self.rules.dateline.connectors.contains(&self.lower(i))
    }

    fn is_date_word(&self, i: usize) -> bool {
        let word = self.lower(i);
        self.rules.dateline.days.contains(&word) || self.rules.dateline.months.contains(&word)
    }

    /// Further places, dates and bracketed names; tells whether a date or a bracket was among them, and where they end.
    fn particulars(&self, mut i: usize) -> (bool, usize) {
        let mut is_dated = false;
        while i < self.pieces.len() {
            let piece = &self.pieces[i];
            if piece.form == "(" {
                let close = (i + 1..self.pieces.len()).find(|k| self.pieces[*k].form == ")");
                let Some(close) = close.filter(|_| self.pieces[i + 1].first().is_uppercase()) else { break };
                is_dated = true;
                i = close + 1;
            } else if self.is_date_word(i) {
                is_dated = true;
                i += 1;
            } else if piece.first().is_numeric()
                || matches!(piece.form.as_str(), "," | ".")
                || self.is_connector(i)
            {
                i += 1;
            } else if i > 0 && self.pieces[i - 1].form == "," && self.place(i) > i {
                i = self.place(i);
            } else {
                break;
            }
        }
        (is_dated, i)
    }
}

/// Number of `pieces` before initials that sign an article at its end ("abc/def", "mra-avz/cr").
pub(super) fn before_initials(pieces: &[Piece]) -> usize {
    let is_initials = |p: &Piece| {
        p.form.chars().count() <= 12 && p.form.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let mut from = pieces.len();
    let mut slashes = 0;
    for i in (0..pieces.len()).rev().take(MAX_INITIALS) {
        if pieces[i].form == "/" {
            slashes += 1;
        } else if !is_initials(&pieces[i]) {
            break;
        }
        from = i;
        if i > 0 && pieces[i - 1].space_after {
            break;
        }
    }
    let stands_alone = from == 0 || matches!(pieces[from - 1].first(), '.' | '!' | '?' | '"' | ')');
    let is_word_first = pieces.get(from).is_some_and(is_initials);
    if slashes > 0 && stands_alone && is_word_first { from } else { pieces.len() }
}

/// Whether a paragraph is no text of the article ("(Reporting by ...").
pub(super) fn is_signoff(paragraph: &str, rules: &Rules) -> bool {
    let head: String = paragraph.trim_start().chars().take(40).collect::<String>().to_lowercase();
    rules.signoffs.iter().any(|opener| head.starts_with(opener.as_str()))
}
