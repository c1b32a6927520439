//! An article's text to a [`Document`].

use super::{
    Document, Field, IndexedText, Sentence, Span, Token,
    casing::Casing,
    margins,
    normal::is_line_end,
    rules::Rules,
    sentences,
    tokens::{self, Piece},
};
use crate::data::{Data, DataError};

/// Cuts text of one language; see `config/data/languages/<code>/text.toml`.
#[derive(Debug)]
pub struct Segmenter {
    rules: Rules,
    casing: Casing,
}

impl Segmenter {
    /// # Errors
    /// [`DataError`] where the language has no `text.toml`, or a faulty one.
    pub fn load(data: &Data, language: &str) -> Result<Self, DataError> {
        let casing = format!("languages/{language}/casing.txt");
        let casing =
            if data.contains(&casing) { Casing::parse(data.text(&casing)?) } else { Casing::default() };
        Ok(Self { rules: Rules::load(data, language)?, casing })
    }

    /// Sentences and tokens of an article. Any text goes, in time linear to its length; an empty one has no sentence.
    pub fn document(&self, headline: &str, body: &str) -> Document {
        let mut sentences = Vec::new();
        self.field(headline, Field::Headline, &mut sentences);
        let dateline = self.field(body, Field::Body, &mut sentences);
        self.casing.restore(&mut sentences);
        Document {
            headline: IndexedText::new(headline.to_owned()),
            body: IndexedText::new(body.to_owned()),
            sentences,
            dateline,
        }
    }

    /// Adds the sentences of a field; returns the place of its dateline.
    fn field(&self, text: &str, field: Field, sentences: &mut Vec<Sentence>) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut paragraphs = paragraphs(&chars);
        let mut place = None;
        if field == Field::Body {
            self.drop_signoffs(&chars, &mut paragraphs);
        }
        let last = paragraphs.len().saturating_sub(1);
        for (number, (start, end)) in paragraphs.into_iter().enumerate() {
            let mut pieces = tokens::cut(&chars, start, end, &self.rules);
            if field == Field::Body && number == last {
                pieces.truncate(margins::before_initials(&pieces));
            }
            let mut first = 0;
            if let Some(dateline) = (field == Field::Body && number == 0)
                .then(|| margins::dateline(&pieces, &self.rules))
                .flatten()
            {
                first = dateline.tokens;
                place = dateline.place.map(|(s, e)| chars[s as usize..e as usize].iter().collect());
            }
            let pieces = &pieces[first..];
            let number = if field == Field::Headline { 0 } else { number as u32 };
            for range in sentences::split(&chars, pieces, &self.rules) {
                sentences.push(sentence(&pieces[range], field, number));
            }
        }
        place
    }

    fn drop_signoffs(&self, chars: &[char], paragraphs: &mut Vec<(usize, usize)>) {
        while let Some((start, end)) = paragraphs.last() {
            let head: String = chars[*start..*end].iter().take(50).collect();
            if !margins::is_signoff(&head, &self.rules) {
                break;
            }
            paragraphs.pop();
        }
    }
}

fn sentence(pieces: &[Piece], field: Field, paragraph: u32) -> Sentence {
    let tokens: Vec<Token> = pieces
        .iter()
        .map(|p| Token { form: p.form.clone(), start: p.start, end: p.end, space_after: p.space_after })
        .collect();
    let start = tokens.first().map_or(0, |t| t.start);
    let end = tokens.last().map_or(start, |t| t.end);
    Sentence { span: Span { field, start, end }, paragraph, tokens }
}

/// Code points of the lines that hold more than white space. A line that breaks off in the middle of a sentence
/// and goes on in small letters on the next is one with it.
fn paragraphs(chars: &[char]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for line in lines(chars) {
        let Some(first) = chars[line.0..line.1].iter().position(|c| !c.is_whitespace()) else { continue };
        let start = line.0 + first;
        match out.last_mut() {
            Some(last) if is_wrapped(chars, last.1, start) => last.1 = line.1,
            _ => out.push((start, line.1)),
        }
    }
    out
}

fn lines(chars: &[char]) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    chars.split(|c| is_line_end(*c)).map(move |line| {
        let range = (start, start + line.len());
        start = range.1 + 1;
        range
    })
}

fn is_wrapped(chars: &[char], end: usize, start: usize) -> bool {
    let breaks = chars[end..start].iter().filter(|c| **c == '\n').count();
    let last = chars[..end].iter().rev().find(|c| !c.is_whitespace());
    breaks == 1
        && chars[start].is_lowercase()
        && last.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '-' | '\'' | '’'))
}
