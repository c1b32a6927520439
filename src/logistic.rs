//! Multinomial logistic regression over named features: a weight for each feature and class.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::{
    data::{Data, DataError},
    features::{Features, hash},
};

/// Weights by feature, one for each of `N` classes.
#[derive(Debug)]
pub struct Logistic<const N: usize> {
    weights: FxHashMap<u64, [f64; N]>,
}

impl<const N: usize> Logistic<N> {
    /// Reads a table as [`table`] writes it: the header names the classes, then a feature and its weights a line.
    ///
    /// # Errors
    /// The file is missing, its classes are others, or a line has another shape, named by its number.
    pub fn load(data: &Data, path: &str, classes: [&str; N]) -> Result<Self, DataError> {
        Self::read(path, data.text(path)?, classes)
    }

    /// The same of a table at hand; `path` is for messages.
    ///
    /// # Errors
    /// As [`Logistic::load`], but for a missing file.
    pub fn read(path: &str, table: &str, classes: [&str; N]) -> Result<Self, DataError> {
        let mut lines = table.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let header = lines.next().map_or("", |(_, line)| line);
        if !header.split('\t').skip(1).eq(classes) {
            let wanted = classes.join(", ");
            let message = format!(
                "expected the classes {wanted}: begin with that header alone, then `demarche train council`"
            );
            return Err(DataError::invalid(path, message));
        }
        let mut weights = FxHashMap::default();
        for (number, line) in lines {
            let (name, row) = parse(line).ok_or_else(|| {
                let message = format!(
                    "line {}: expected a feature and {N} weights; train it anew with `demarche train council`",
                    number + 1
                );
                DataError::invalid(path, message)
            })?;
            weights.insert(hash(format_args!("{name}")), row);
        }
        Ok(Self { weights })
    }

    /// The sum of the features' weights, by class.
    pub fn scores(&self, features: &Features) -> [f64; N] {
        let mut scores = [0.0; N];
        for row in features.hashes.iter().filter_map(|h| self.weights.get(h)) {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight);
        }
        scores
    }
}

fn parse<const N: usize>(line: &str) -> Option<(&str, [f64; N])> {
    let (name, numbers) = line.split_once('\t')?;
    let mut row = [0.0; N];
    let mut numbers = numbers.split('\t');
    for weight in &mut row {
        *weight = numbers.next()?.parse().ok()?;
    }
    numbers.next().is_none().then_some((name, row))
}

/// The model file of such weights: features by name, those without a weight worth writing left out.
pub fn table<const N: usize>(classes: [&str; N], rows: &[(String, [f64; N])]) -> String {
    let mut rows: Vec<_> =
        rows.iter().filter(|(_, row)| row.iter().any(|w| w.abs() >= LEAST_WEIGHT)).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut text = format!("# made by `demarche train council`\nfeature\t{}\n", classes.join("\t"));
    for (name, row) in rows {
        text.push_str(name);
        for weight in row {
            let _ = write!(text, "\t{weight:.3}");
        }
        text.push('\n');
    }
    text
}

/// Smaller weights change no choice.
const LEAST_WEIGHT: f64 = 0.01;

/// The probabilities that scores stand for.
pub fn probabilities<const N: usize>(scores: [f64; N]) -> [f64; N] {
    let mut probabilities = scores;
    soften(&mut probabilities);
    probabilities
}

/// Makes probabilities of scores.
pub fn soften(scores: &mut [f64]) {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in &mut *scores {
        *score = (*score - greatest).exp();
    }
    let sum: f64 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// The likeliest class and its probability.
pub fn likeliest<const N: usize>(probabilities: [f64; N]) -> (usize, f64) {
    let best = probabilities.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    best.unwrap_or((0, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_back_as_it_was_written() {
        let text = table(
            ["no", "yes"],
            &[("word=oui".to_owned(), [-1.5, 1.5]), ("word=le".to_owned(), [0.0, 0.001])],
        );
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), ["feature\tno\tyes", "word=oui\t-1.500\t1.500"]);
        assert_eq!(parse::<2>(text.lines().last().unwrap_or_default()), Some(("word=oui", [-1.5, 1.5])));
        assert_eq!(parse::<2>("word=oui\t1"), None);
        assert_eq!(parse::<2>("word=oui\t1\t2\t3"), None);
    }

    #[test]
    fn a_broken_table_is_named_with_its_line() {
        let fault = |text| Logistic::<2>::read("x.tsv", text, ["no", "yes"]).expect_err("broken").to_string();
        let classes = fault("feature\tno\tmaybe\n");
        assert!(
            classes.contains("x.tsv") && classes.contains("no, yes") && classes.contains("train"),
            "{classes}"
        );
        let line = fault("# made by\nfeature\tno\tyes\nword=oui\t1\tx\n");
        assert!(line.contains("line 3"), "{line}");
    }

    #[test]
    fn probabilities_sum_to_one_whatever_the_scores() {
        let sum: f64 = probabilities([1e6, -1e6, 0.0]).iter().sum();
        assert!((sum - 1.0).abs() < 1e-9);
        assert_eq!(likeliest(probabilities([0.0, 2.0, 1.0])).0, 1);
    }
}
