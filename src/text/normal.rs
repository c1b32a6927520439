//! One spelling for what wires and word processors write in many ways.

/// White space of any width; controls count as such, so that stray bytes part words instead of joining them.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Characters that end a paragraph.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Characters without width or meaning for the reader: soft hyphens, joiners, direction and variation marks.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '‛' | '′' | '`' | '´' | '‹' | '›' | '‚')
}

pub(crate) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

/// Hyphens that join a compound.
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Any hyphen or dash.
pub(crate) fn is_dash(c: char) -> bool {
    is_hyphen(c) || matches!(c, '–' | '—' | '―' | '−')
}

/// The form under which models and lexica know a word or mark: straight apostrophes and quotes, plain spaces and
/// hyphens, composed accents, nothing invisible. Treebanks and lists pass through it too, so that both sides agree.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() && !text.contains(['`', '\'', '<', '>']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_ignorable(*c)) {
        match c {
            '…' => out.push_str("..."),
            '\u{300}'..='\u{36f}' => push_mark(&mut out, c),
            c if is_double_quote(c) => out.push('"'),
            c if is_apostrophe(c) => out.push('\''),
            c if is_hyphen(c) || c == '−' => out.push('-'),
            '—' | '―' => out.push('–'),
            c if is_space(c) => out.push(' '),
            c => out.push(c),
        }
    }
    match out.as_str() {
        "''" | "<<" | ">>" => "\"".to_owned(),
        _ => out,
    }
}

/// Composes an accent with the letter before it; an accent that fits none is dropped.
fn push_mark(out: &mut String, mark: char) {
    let Some(last) = out.chars().next_back() else { return };
    if let Some(composed) = compose(last, mark) {
        out.pop();
        out.push(composed);
    }
}

/// Accents, each with letters and what they become.
const ACCENTS: [(char, &str, &str); 7] = [
    ('\u{300}', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    ('\u{301}', "aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝćńśźĆŃŚŹ"),
    ('\u{302}', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
    ('\u{303}', "anoANO", "ãñõÃÑÕ"),
    ('\u{308}', "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
    ('\u{30c}', "cszeCSZE", "čšžěČŠŽĚ"),
    ('\u{327}', "csCS", "çşÇŞ"),
];

fn compose(letter: char, mark: char) -> Option<char> {
    let (_, from, to) = ACCENTS.iter().find(|(m, ..)| *m == mark)?;
    from.chars().zip(to.chars()).find(|(f, _)| *f == letter).map(|(_, t)| t)
}

/// Lower case without accents: for words written in capitals, which often lack them ("ETATS-UNIS").
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            c => out.extend(without_accent(c).to_lowercase()),
        }
    }
    out
}

fn without_accent(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    ACCENTS
        .iter()
        .find_map(|(_, from, to)| to.chars().zip(from.chars()).find(|(t, _)| *t == c).map(|(_, f)| f))
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_become_one() {
        for (written, form) in [
            ("l’", "l'"),
            ("«", "\""),
            ("”", "\""),
            ("``", "\""),
            ("…", "..."),
            ("pre\u{ad}mier", "premier"),
            ("1\u{202f}000", "1 000"),
            ("e\u{301}te\u{301}", "été"),
            ("Saint\u{2011}Denis", "Saint-Denis"),
            ("—", "–"),
            ("\u{301}", ""),
        ] {
            assert_eq!(normalise(written), form, "{written:?}");
        }
    }

    #[test]
    fn capitals_without_accents_meet_their_words() {
        assert_eq!(fold("ÉTATS-UNIS"), fold("Etats-Unis"));
        assert_eq!(fold("CŒUR"), "coeur");
    }
}
