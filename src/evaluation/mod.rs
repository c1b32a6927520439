//! How good the findings are: events against gold labels, as the annotation guide scores them.
//!
//! Gold has one article a line: its stances and Council actions, some of them optional, which counts
//! neither for nor against. Found are events as `demarche analyse` prints them.

mod bootstrap;
mod calibration;
mod carried;
mod confusion;
mod council;
mod errors;
mod figures;
mod floors;
mod found;
mod gold;
mod levels;
mod report;
pub mod syntax;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use bootstrap::{Interval, f1_interval};
pub use calibration::{Bin, Threshold, reliability, thresholds};
pub use carried::Carried;
pub use confusion::Confusion;
pub use council::CouncilScores;
pub use errors::{Cause, Error, Kind, Mistaken, errors};
pub use figures::{Figures, Share, ShareFault, parse_share};
pub use floors::{Floor, FloorFault};
pub use found::{Found, FoundAction, FoundEvent, FoundStance};
pub use gold::{Gold, GoldAction, GoldArticle, GoldStance};
pub use levels::Level;
pub use report::{Scores, json, table};

/// A line of a file of labels or events that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    #[error("{file}: {source}", file = file.display())]
    Io { file: PathBuf, source: std::io::Error },
    #[error("{file}:{line}: {source}", file = file.display())]
    Line { file: PathBuf, line: usize, source: serde_json::Error },
}

/// The values of a file of JSON lines; empty lines do not count.
fn read_lines<T: serde::de::DeserializeOwned>(file: &std::path::Path) -> Result<Vec<T>, EvaluationError> {
    let text = std::fs::read_to_string(file)
        .map_err(|source| EvaluationError::Io { file: file.to_owned(), source })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(i, line)| {
            serde_json::from_str(line).map_err(|source| EvaluationError::Line {
                file: file.to_owned(),
                line: i + 1,
                source,
            })
        })
        .collect()
}
