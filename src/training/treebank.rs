//! Treebanks in CoNLL-U, plain or gzip (`.gz`).

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;

use crate::syntax::{Deprel, Traits, Upos};

/// A sentence with its tree, in the words that a reader sees: contractions (`du`, `des`, `aux`) are one word.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    pub words: Vec<Word>,
}

/// A word of a treebank.
#[derive(Debug, Clone)]
pub struct Word {
    pub form: String,
    /// `None` where the treebank has none.
    pub lemma: Option<String>,
    pub upos: Upos,
    /// `None` for the root.
    pub head: Option<usize>,
    pub deprel: Deprel,
    pub traits: Traits,
}

/// A treebank that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TreebankError {
    #[error("treebank `{}` cannot be read: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("treebank `{}`, sentence that ends in line {line}: {message}", .path.display())]
    Format { path: PathBuf, line: usize, message: String },
}

/// Reads all sentences of a file. A contraction is merged into one word unless it is written as
/// its parts in a row (`don't` = `do` + `n't`), which tokenisers part.
///
/// # Errors
/// The file cannot be read, or a sentence is no tree in CoNLL-U.
pub fn read(path: &Path) -> Result<Vec<Sentence>, TreebankError> {
    let io = |source| TreebankError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let packed = path.extension().is_some_and(|e| e == "gz");
    let reader: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut sentences = Vec::new();
    let mut block = Vec::new();
    let mut last = 0;
    for (number, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.map_err(io)?;
        last = number + 1;
        if line.trim().is_empty() {
            flush(&mut block, &mut sentences, path, last)?;
        } else if !line.starts_with('#') {
            block.push(line);
        }
    }
    flush(&mut block, &mut sentences, path, last)?;
    Ok(sentences)
}

fn flush(
    block: &mut Vec<String>,
    sentences: &mut Vec<Sentence>,
    path: &Path,
    line: usize,
) -> Result<(), TreebankError> {
    if !block.is_empty() {
        let fault = |message| TreebankError::Format { path: path.to_owned(), line, message };
        sentences.push(parse(block).map_err(fault)?);
        block.clear();
    }
    Ok(())
}

/// A word as it stands in the file; its head counts from 1, 0 is the root.
struct Row {
    word: Word,
    head: usize,
}

/// Words `first..=last`, counted from 1, written as one.
struct Range {
    first: usize,
    last: usize,
    form: String,
}

fn parse(block: &[String]) -> Result<Sentence, String> {
    let mut rows = Vec::new();
    let mut ranges = Vec::new();
    for line in block {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, upos, _, features, head, deprel, ..] = fields[..] else {
            return Err(format!("`{line}` has fewer than eight fields"));
        };
        if let Some((first, last)) = id.split_once('-') {
            let number = |text: &str| text.parse().map_err(|_| format!("`{id}` is no range of words"));
            ranges.push(Range { first: number(first)?, last: number(last)?, form: form.to_owned() });
        } else if !id.contains('.') {
            if id.parse() != Ok(rows.len() + 1) {
                return Err(format!("word `{id}` is out of order"));
            }
            rows.push(row(form, lemma, upos, features, head, deprel)?);
        }
    }
    merge(&rows, &ranges)
}

fn row(form: &str, lemma: &str, upos: &str, features: &str, head: &str, deprel: &str) -> Result<Row, String> {
    let word = Word {
        form: form.to_owned(),
        lemma: (lemma != "_" || form == "_").then(|| lemma.to_owned()),
        upos: Upos::from_name(upos).ok_or_else(|| format!("no tag `{upos}` in UD"))?,
        head: None,
        deprel: Deprel::from_name(deprel).ok_or_else(|| format!("no relation `{deprel}` in UD"))?,
        traits: traits(features),
    };
    Ok(Row { word, head: head.parse().map_err(|_| format!("`{head}` is no head"))? })
}

/// Merges ranges, and turns heads into places.
fn merge(rows: &[Row], ranges: &[Range]) -> Result<Sentence, String> {
    let mut place = Vec::new();
    let mut words: Vec<(Word, usize)> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let range = ranges.iter().find(|r| r.first == at + 1 && r.last <= rows.len() && r.last > at);
        let last = range.map_or(at + 1, |r| r.last);
        let parts = &rows[at..last];
        let written: String = parts.iter().map(|r| r.word.form.as_str()).collect();
        match range {
            Some(range) if range.form != written => {
                let inside = at + 1..=last;
                let lead = parts.iter().find(|r| !inside.contains(&r.head)).unwrap_or(&parts[0]);
                place.extend(std::iter::repeat_n(words.len(), parts.len()));
                words.push((Word { form: range.form.clone(), ..lead.word.clone() }, lead.head));
            }
            _ => {
                for row in parts {
                    place.push(words.len());
                    words.push((row.word.clone(), row.head));
                }
            }
        }
        at = last;
    }
    let mut sentence = Sentence::default();
    for (mut word, head) in words {
        if head > 0 {
            let head = *place.get(head - 1).ok_or_else(|| format!("head {head} is outside the sentence"))?;
            word.head = Some(head);
        }
        sentence.words.push(word);
    }
    is_tree(&sentence).then_some(sentence).ok_or_else(|| "heads and words are no tree".to_owned())
}

fn is_tree(sentence: &Sentence) -> bool {
    let words = &sentence.words;
    let reaches_root = |start: usize| {
        let mut at = start;
        for _ in 0..words.len() {
            match words[at].head {
                None => return true,
                Some(head) => at = head,
            }
        }
        false
    };
    words.iter().filter(|w| w.head.is_none()).count() == 1 && (0..words.len()).all(reaches_root)
}

/// Gender, number, verb form and person of a FEATS field.
fn traits(features: &str) -> Traits {
    let mut traits = Traits::UNKNOWN;
    for feature in features.split('|') {
        let (place, letter) = match feature {
            "Gender=Masc" => (0, b'm'),
            "Gender=Fem" => (0, b'f'),
            "Number=Sing" => (1, b's'),
            "Number=Plur" => (1, b'p'),
            "VerbForm=Fin" => (2, b'f'),
            "VerbForm=Inf" => (2, b'i'),
            "VerbForm=Ger" => (2, b'g'),
            "VerbForm=Part" if features.contains("Tense=Pres") => (2, b'g'),
            "VerbForm=Part" => (2, b'p'),
            "Person=1" => (3, b'1'),
            "Person=2" => (3, b'2'),
            "Person=3" => (3, b'3'),
            _ => continue,
        };
        traits.0[place] = letter;
    }
    traits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Vec<String> {
        text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join("\t")).collect()
    }

    #[test]
    fn contraction_becomes_one_word_under_the_head_outside() {
        let sentence = parse(&block(
            "1 Chef chef NOUN _ Gender=Masc|Number=Sing 0 root _ _
             2-3 du _ _ _ _ _ _ _ _
             2 de de ADP _ _ 4 case _ _
             3 le le DET _ _ 4 det _ _
             4 parti parti NOUN _ _ 1 nmod _ _",
        ))
        .unwrap();
        let forms: Vec<_> = sentence.words.iter().map(|w| w.form.as_str()).collect();
        assert_eq!(forms, ["Chef", "du", "parti"]);
        assert_eq!((sentence.words[1].upos, sentence.words[1].head), (Upos::Adp, Some(2)));
        assert_eq!(sentence.words[2].head, Some(0));
        assert_eq!(sentence.words[0].traits, Traits::parse("ms--").unwrap());
    }

    #[test]
    fn parts_written_in_a_row_stay_apart() {
        let sentence = parse(&block(
            "1-2 Don't _ _ _ _ _ _ _ _
             1 Do do AUX _ _ 3 aux _ _
             2 n't not PART _ _ 3 advmod _ _
             3 go go VERB _ _ 0 root _ _",
        ))
        .unwrap();
        assert_eq!(sentence.words.len(), 3);
    }

    #[test]
    fn circles_and_strange_names_are_refused() {
        assert!(parse(&block("1 a a NOUN _ _ 2 nmod _ _\n2 b b NOUN _ _ 1 nmod _ _")).is_err());
        assert!(parse(&block("1 a a NOUN _ _ 7 nmod _ _")).is_err());
        assert!(parse(&block("1 a a THING _ _ 0 root _ _")).is_err());
        assert!(parse(&block("1 a a")).is_err());
    }
}
