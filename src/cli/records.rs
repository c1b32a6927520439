//! Records from files or standard input: JSON lines, one JSON document, or a list of them.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::de::IgnoredAny;
use serde_json::{Value, error::Category};

use super::exit::Exit;

/// One article as it stands in a file, readable or not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// `FILE:LINE`, for messages.
    pub(crate) origin: String,
    pub(crate) bytes: Vec<u8>,
}

/// The records of all files in turn; of standard input where none is named, or where one is named `-`.
/// Lines are read as they are asked for; blank ones are left out.
pub(crate) fn read(files: &[PathBuf]) -> impl Iterator<Item = anyhow::Result<Record>> {
    let files = if files.is_empty() { vec![PathBuf::from("-")] } else { files.to_vec() };
    files.into_iter().flat_map(|file| match open(&file) {
        Ok(records) => records,
        Err(error) => Box::new(std::iter::once(Err(error))),
    })
}

type Records = Box<dyn Iterator<Item = anyhow::Result<Record>>>;

fn open(file: &Path) -> anyhow::Result<Records> {
    let (name, reader): (String, Box<dyn Read>) = if file == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin()))
    } else {
        let name = file.display().to_string();
        let opened = File::open(file).with_context(|| name.clone()).context(Exit::Input)?;
        (name, Box::new(opened))
    };
    split(BufReader::new(reader), name)
}

fn split(mut reader: impl BufRead + 'static, name: String) -> anyhow::Result<Records> {
    let fault = |name: &str| format!("reading {name}");
    let mut first = Vec::new();
    reader.read_until(b'\n', &mut first).with_context(|| fault(&name)).context(Exit::Input)?;
    if is_document(&first) {
        reader.read_to_end(&mut first).with_context(|| fault(&name)).context(Exit::Input)?;
        return Ok(Box::new(document(first, name).into_iter().map(Ok)));
    }
    let lines = io::Cursor::new(first).chain(reader).split(b'\n').enumerate();
    Ok(Box::new(lines.filter_map(move |(i, line)| match line {
        Ok(bytes) if bytes.trim_ascii().is_empty() => None,
        Ok(bytes) => Some(Ok(Record { origin: format!("{name}:{}", i + 1), bytes })),
        Err(error) => Some(Err(error).context(fault(&name)).context(Exit::Input)),
    })))
}

/// Whether a value that begins in the first line goes on after it, or is a list.
fn is_document(first: &[u8]) -> bool {
    let unfinished =
        serde_json::from_slice::<IgnoredAny>(first).is_err_and(|e| e.classify() == Category::Eof);
    let blank = first.trim_ascii().is_empty();
    first.trim_ascii_start().starts_with(b"[") || (unfinished && !blank)
}

fn document(bytes: Vec<u8>, name: String) -> Vec<Record> {
    match serde_json::from_slice(&bytes) {
        Ok(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(i, item)| Record { origin: format!("{name}[{i}]"), bytes: item.to_string().into_bytes() })
            .collect(),
        _ => vec![Record { origin: name, bytes }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &'static str) -> Vec<(String, String)> {
        split(text.as_bytes(), "f".to_owned())
            .expect("readable")
            .map(|record| record.expect("a record"))
            .map(|record| (record.origin, String::from_utf8(record.bytes).expect("UTF-8")))
            .collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn lines_are_records_whether_they_can_be_read_or_not() {
        let found = records("{\"id\":1}\n\nno JSON\n{\"id\":2}");
        assert_eq!(found, pairs(&[("f:1", "{\"id\":1}"), ("f:3", "no JSON"), ("f:4", "{\"id\":2}")]));
    }

    #[test]
    fn a_document_over_several_lines_is_one_record() {
        assert_eq!(records("{\n\"id\": 1\n}\n"), pairs(&[("f", "{\n\"id\": 1\n}\n")]));
        assert_eq!(records("{\"id\": 1, \"te"), pairs(&[("f", "{\"id\": 1, \"te")]));
    }

    #[test]
    fn the_items_of_a_list_are_records() {
        assert_eq!(
            records("[{\"id\":1},\n{\"id\":2}]"),
            pairs(&[("f[0]", "{\"id\":1}"), ("f[1]", "{\"id\":2}")])
        );
        assert_eq!(records(""), pairs(&[]));
    }
}
