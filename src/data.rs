//! The data folder (`config/data`): compiled in, or read from a folder of the operator's.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _, path::Path};

use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/data");

/// A fault in the data folder, named by file.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("data file `{0}` is missing: restore it, or leave `data_dir` unset to use the data compiled in")]
    Missing(String),
    #[error("data file `{file}` cannot be read: {source}")]
    Io { file: String, source: std::io::Error },
    #[error("data file `{file}`: {message}")]
    Invalid { file: String, message: String },
}

impl DataError {
    pub fn invalid(file: &str, message: impl ToString) -> Self {
        Self::Invalid { file: file.to_owned(), message: message.to_string() }
    }
}

/// Every file of the data folder, by its path with `/` ("languages/fr/roles.toml").
#[derive(Debug, Clone)]
pub struct Data {
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Data {
    /// The data compiled into the binary.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect_embedded(&EMBEDDED, &mut files);
        Self { files }
    }

    /// All files under `dir`.
    ///
    /// # Errors
    /// [`DataError::Io`] where the folder or a file in it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, DataError> {
        let mut files = BTreeMap::new();
        collect_folder(dir, dir, &mut files)?;
        Ok(Self { files })
    }

    /// # Errors
    /// [`DataError::Missing`] where no file has that path.
    pub fn bytes(&self, path: &str) -> Result<&[u8], DataError> {
        self.files.get(path).map(AsRef::as_ref).ok_or_else(|| DataError::Missing(path.to_owned()))
    }

    /// # Errors
    /// Missing, or not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, DataError> {
        std::str::from_utf8(self.bytes(path)?).map_err(|e| DataError::invalid(path, e))
    }

    /// # Errors
    /// Missing, or not TOML of that shape; the message has line and column.
    pub fn toml<T: DeserializeOwned>(&self, path: &str) -> Result<T, DataError> {
        let text = self.text(path)?;
        toml::from_str(text).map_err(|e| DataError::invalid(path, place(text, &e)))
    }

    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Paths that begin with `prefix`, sorted.
    pub fn paths<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .range(prefix.to_owned()..)
            .map(|(p, _)| p.as_str())
            .take_while(move |p| p.starts_with(prefix))
    }

    /// First 12 hex digits of SHA-256 over all paths and contents: tells which rules made an event.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, bytes) in &self.files {
            hash.update((path.len() as u64).to_le_bytes());
            hash.update(path.as_bytes());
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hex(&hash.finalize()[..6])
    }
}

/// Where TOML is wrong, and how. The error's own text would print the line, and a list of phrases is one long line.
fn place(text: &str, error: &toml::de::Error) -> String {
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return error.message().to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}: {}", error.message())
}

/// Lower-case hexadecimal digits, two a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn collect_embedded(dir: &Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) => collect_embedded(inner, files),
            DirEntry::File(file) => {
                files
                    .insert(file.path().to_string_lossy().replace('\\', "/"), Cow::Borrowed(file.contents()));
            }
        }
    }
}

fn collect_folder(
    root: &Path,
    dir: &Path,
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
) -> Result<(), DataError> {
    let fault = |path: &Path| {
        let file = path.display().to_string();
        move |source| DataError::Io { file, source }
    };
    for entry in std::fs::read_dir(dir).map_err(fault(dir))? {
        let path = entry.map_err(fault(dir))?.path();
        if path.is_dir() {
            collect_folder(root, &path, files)?;
        } else {
            let bytes = std::fs::read(&path).map_err(fault(&path))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, Cow::Owned(bytes));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_toml_is_told_by_its_place_in_one_line() {
        #[derive(Debug, serde::Deserialize)]
        struct File {
            #[serde(rename = "number")]
            _number: u8,
        }
        let long = format!("words = [\"{}\"]\nnumber = \"one\"\n", "a".repeat(5_000));
        let error = toml::from_str::<File>(&long).expect_err("no number");
        let told = place(&long, &error);
        assert!(told.starts_with("line 2, column 10: ") && !told.contains('\n'), "{told}");
    }
}
