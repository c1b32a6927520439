//! The hand-edited tables of `config/data/actors`: tab-separated, `#` comments, one header line.

use crate::data::{Data, DataError};

/// A line of a table, with its number for messages.
pub(super) struct Row<'a> {
    pub(super) line: usize,
    pub(super) cells: Vec<&'a str>,
}

/// Rows of a table whose header begins with `columns`; missing cells at the end of a line are empty.
///
/// # Errors
/// The file is missing or has another header.
pub(super) fn read<'a>(data: &'a Data, path: &str, columns: &[&str]) -> Result<Table<'a>, DataError> {
    let mut lines = data
        .text(path)?
        .lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim_end_matches('\r')))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split('\t').collect()).unwrap_or_default();
    if !header.starts_with(columns) {
        return Err(DataError::invalid(
            path,
            format!("the header must begin with `{}`", columns.join("`, `")),
        ));
    }
    let rows = lines
        .map(|(line, text)| {
            let mut cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            cells.resize(header.len().max(cells.len()), "");
            Row { line, cells }
        })
        .collect();
    Ok(Table { header, rows })
}

pub(super) struct Table<'a> {
    pub(super) header: Vec<&'a str>,
    pub(super) rows: Vec<Row<'a>>,
}

/// Every name of a cell: `|` parts names, `word/x/y` stands for word, wordx and wordy.
pub(super) fn expand(cell: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in cell.split('|').map(str::trim).filter(|n| !n.is_empty()) {
        let Some(slash) = name.find('/') else {
            names.push(name.to_owned());
            continue;
        };
        let (stem, rest) = name.split_at(slash);
        let (suffixes, tail) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
        names.push(format!("{stem}{tail}"));
        names.extend(suffixes.split('/').skip(1).map(|suffix| format!("{stem}{suffix}{tail}")));
    }
    names
}

/// The name as agencies write it that leave accents off capitals ("Etats-Unis"); `None` where nothing changes.
pub(super) fn without_capital_accents(name: &str) -> Option<String> {
    let plain: String = name
        .chars()
        .map(|c| match c {
            'À' | 'Â' | 'Á' => 'A',
            'Ç' => 'C',
            'É' | 'È' | 'Ê' | 'Ë' => 'E',
            'Î' | 'Ï' | 'Í' => 'I',
            'Ô' | 'Ó' | 'Ö' => 'O',
            'Ù' | 'Û' | 'Ü' | 'Ú' => 'U',
            other => other,
        })
        .collect();
    (plain != name).then_some(plain)
}

/// An adjective as a noun for people: a capital on each part ("nord-coréen": "Nord-Coréen").
pub(super) fn capitalised(name: &str) -> String {
    name.split('-').map(first_upper).collect::<Vec<_>>().join("-")
}

/// The name with its first letter in upper case.
pub(super) fn first_upper(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_expand_inside_longer_names() {
        assert_eq!(
            expand("afghan/e/s|turc/s|Kremlin"),
            ["afghan", "afghane", "afghans", "turc", "turcs", "Kremlin"]
        );
        assert_eq!(expand("chef/fe de l'État"), ["chef de l'État", "cheffe de l'État"]);
        assert!(expand("").is_empty());
    }

    #[test]
    fn only_capitals_lose_their_accents() {
        assert_eq!(without_capital_accents("Émirats arabes unis").as_deref(), Some("Emirats arabes unis"));
        assert_eq!(without_capital_accents("Élysée").as_deref(), Some("Elysée"));
        assert_eq!(without_capital_accents("Israël"), None);
    }

    #[test]
    fn people_get_a_capital_on_each_part() {
        assert_eq!(capitalised("nord-coréen"), "Nord-Coréen");
        assert_eq!(capitalised("équatorien"), "Équatorien");
    }
}
