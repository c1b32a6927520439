//! All figures of a run, as JSON and as a table.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{
    Figures, Found, Gold, Level, Share, calibration, carried::Carried, confusion::Confusion,
    council::CouncilScores, f1_interval, figures::rounded,
};

/// Exactly what `score.py` counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    levels: [Figures; 5],
    carried: Carried,
    council: CouncilScores,
    articles: usize,
}

impl Scores {
    /// `found` as it is: apply [`Found::at_least`] before.
    pub fn of(gold: &Gold, found: &Found) -> Self {
        Self {
            levels: Level::ALL.map(|level| level.figures(gold, found)),
            carried: Carried::of(gold, found),
            council: CouncilScores::of(gold, found),
            articles: gold.articles.len(),
        }
    }

    /// The keys and values of `score.py --json`, in its order.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        for (level, figures) in Level::ALL.iter().zip(self.levels) {
            let mut value = figures.to_json();
            if *level == Level::Accusation {
                value["per100"] = json!(self.false_accusations());
            }
            json.insert(level.name().to_owned(), value);
        }
        for (name, share) in self.shares() {
            json.insert(name.to_owned(), share.to_json());
        }
        for (name, figures) in self.council_figures() {
            json.insert(name.to_owned(), figures.to_json());
        }
        json.insert("tally".to_owned(), self.council.tally.to_json());
        json.insert("articles".to_owned(), self.articles.into());
        Value::Object(json)
    }

    /// In 100 articles.
    fn false_accusations(&self) -> f64 {
        let [.., accusation] = self.levels;
        rounded(100.0 * accusation.wrong as f64 / self.articles.max(1) as f64, 1)
    }

    fn shares(&self) -> [(&'static str, Share); 3] {
        let Carried { status, date, evidence } = self.carried;
        [("status", status), ("date", date), ("evidence", evidence)]
    }

    fn council_figures(&self) -> [(&'static str, Figures); 3] {
        let CouncilScores { actions, roll_call, sponsors, .. } = self.council;
        [("council action", actions), ("roll-call", roll_call), ("sponsors", sponsors)]
    }

    fn all_figures(&self) -> impl Iterator<Item = (&'static str, Figures)> {
        Level::ALL.iter().map(|level| level.name()).zip(self.levels).chain(self.council_figures())
    }
}

/// The figures with the matrix of classes (`confusion`) and the bins of `reliability`.
pub fn json(gold: &Gold, found: &Found) -> Value {
    let mut json = Scores::of(gold, found).to_json();
    json["confusion"] = Confusion::of(gold, found).to_json();
    json["reliability"] =
        calibration::reliability(gold, found).map(calibration::Bin::to_json).to_vec().into();
    json
}

/// The whole report for people: figures, interval, classes, thresholds, reliability.
pub fn table(gold: &Gold, found: &Found) -> String {
    let scores = Scores::of(gold, found);
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_figures(&mut text, &scores);
    if let Some(interval) = f1_interval(Level::Class, gold, found) {
        let _ = writeln!(
            text,
            "\nclass F1, 95 % of resampled articles: {:.3} to {:.3}",
            interval.low, interval.high
        );
    }
    let _ = writeln!(text, "false accusations in 100 articles: {}", scores.false_accusations());
    let _ = writeln!(text, "articles: {}", scores.articles);
    let _ = write_confusion(&mut text, &Confusion::of(gold, found));
    let _ = write_calibration(&mut text, gold, found);
    text
}

fn write_figures(text: &mut String, scores: &Scores) -> std::fmt::Result {
    writeln!(
        text,
        "{:15} {:>6} {:>6} {:>6} {:>5} {:>5} {:>6}",
        "", "P", "R", "F1", "right", "wrong", "missed"
    )?;
    for (name, figures) in scores.all_figures() {
        let (p, r, f1) = (figures.precision(), figures.recall(), figures.f1());
        let Figures { right, wrong, missed } = figures;
        writeln!(text, "{name:15} {p:6.3} {r:6.3} {f1:6.3} {right:5} {wrong:5} {missed:6}")?;
    }
    writeln!(text)?;
    for (name, share) in scores.shares().into_iter().chain([("tally", scores.council.tally)]) {
        writeln!(text, "{name:15} {:6.3}  {} of {}", share.value(), share.right, share.of)?;
    }
    Ok(())
}

fn write_confusion(text: &mut String, confusion: &Confusion) -> std::fmt::Result {
    let mut names: Vec<&str> =
        confusion.counts.keys().flat_map(|(label, found)| [label.as_str(), found.as_str()]).collect();
    names.sort_unstable();
    names.dedup();
    writeln!(text, "\nclasses: label down, found across, same holder and target (- none)")?;
    write!(text, "{:10}", "")?;
    names.iter().try_for_each(|name| write!(text, "{name:>10}"))?;
    writeln!(text)?;
    for label in &names {
        write!(text, "{label:10}")?;
        for found in &names {
            match confusion.counts.get(&((*label).to_owned(), (*found).to_owned())) {
                Some(count) => write!(text, "{count:10}")?,
                None => write!(text, "{:>10}", "·")?,
            }
        }
        writeln!(text)?;
    }
    Ok(())
}

fn write_calibration(text: &mut String, gold: &Gold, found: &Found) -> std::fmt::Result {
    writeln!(text, "\nclass level by least confidence\n{:>10} {:>6} {:>6} {:>6}", "", "P", "R", "F1")?;
    for threshold in calibration::thresholds(gold, found) {
        let figures = threshold.figures;
        let (p, r, f1) = (figures.precision(), figures.recall(), figures.f1());
        writeln!(text, "{:10.1} {p:6.3} {r:6.3} {f1:6.3}", threshold.confidence)?;
    }
    writeln!(text, "\nreliability\n{:>10} {:>6} {:>6} {:>6}", "confidence", "mean", "right", "of")?;
    for bin in calibration::reliability(gold, found) {
        let range = format!("{:.1}-{:.1}", bin.low, bin.high);
        writeln!(
            text,
            "{range:>10} {:6.3} {:6.3} {:6}",
            bin.mean_confidence,
            bin.right.value(),
            bin.right.of
        )?;
    }
    Ok(())
}
