//! `demarche train`: models and word lists from treebanks.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;
use demarche::training::{
    confidence::{Fitted, Labelled, Origin},
    counts::Tallies,
    hunspell,
    labels::{self, Labels},
    morphology,
    syntax::{self, Settings},
    treebank::{self, Sentence},
    voting::Votes,
};
use demarche::{analysis::Analyser, article, evaluation::Figures};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Exit, Global};

pub(crate) const EXAMPLES: &str = "\
Examples:
  demarche train syntax --language fr --gold ../shared/treebanks/fr/fr_sequoia-ud-train.conllu.gz --output fr.syntax
  demarche train morphology ../shared/treebanks/fr/fr_sequoia-ud-train.conllu.gz --output morphology.tsv";

/// Trains models; the same input gives the same bytes
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Tagger and parser from treebanks in CoNLL-U (.gz too)
    Syntax(Syntax),
    /// Model of confidence from labelled articles; prints what its folds show
    Confidence(Confidence),
    /// Models of the Council's votes from labelled dispatches; prints what their folds show
    Council(Council),
    /// Dictionary forms, gender and number from treebanks
    Morphology(Morphology),
    /// Dictionary forms, gender and number from a hunspell dictionary with grammatical tags
    Dictionary(Dictionary),
}

#[derive(clap::Args)]
pub(crate) struct Dictionary {
    #[arg(value_name = "AFF")]
    affixes: PathBuf,
    #[arg(value_name = "DIC")]
    dictionary: PathBuf,
    /// File to write (config/data/languages/<language>/morphology-hunspell.tsv)
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// First line of the file, a comment: where the words come from
    #[arg(long, default_value = "")]
    notice: String,
}

#[derive(clap::Args)]
pub(crate) struct Morphology {
    #[arg(required = true, value_name = "TREEBANK")]
    treebanks: Vec<PathBuf>,
    /// File to write (config/data/languages/<language>/morphology.tsv)
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// First line of the file, a comment: where the words come from
    #[arg(long, default_value = "")]
    notice: String,
}

#[derive(clap::Args)]
pub(crate) struct Syntax {
    /// Language, whose morphology in the data folder the model builds on
    #[arg(long, short)]
    language: String,
    /// Treebanks made by people
    #[arg(long, required = true, num_args = 1.., value_name = "TREEBANK")]
    gold: Vec<PathBuf>,
    /// Treebanks made by another parser: seen once an epoch, gold more often
    #[arg(long, num_args = 1.., value_name = "TREEBANK")]
    silver: Vec<PathBuf>,
    /// Model file to write (config/data/models/<language>.syntax)
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Times that gold is seen in an epoch
    #[arg(long, default_value_t = Settings::default().gold_weight)]
    gold_weight: usize,
    /// Epochs of the parser
    #[arg(long, default_value_t = Settings::default().parser_epochs)]
    epochs: usize,
    /// Orders of the sentences whose models are averaged
    #[arg(long, default_value_t = Settings::default().shuffles)]
    shuffles: usize,
}

pub(crate) fn run(command: &Command, global: &Global) -> anyhow::Result<Exit> {
    match command {
        Command::Syntax(args) => syntax(args, global),
        Command::Confidence(args) => confidence(args, global),
        Command::Council(args) => council(args, global),
        Command::Morphology(args) => morphology(args),
        Command::Dictionary(args) => dictionary(args),
    }
}

fn syntax(args: &Syntax, global: &Global) -> anyhow::Result<Exit> {
    let morphology =
        demarche::syntax::Morphology::load(&super::data(&global.load()?.settings)?, &args.language)?;
    let (gold, silver) = (read(&args.gold)?, read(&args.silver)?);
    let settings = Settings {
        gold_weight: args.gold_weight,
        parser_epochs: args.epochs,
        shuffles: args.shuffles,
        ..Settings::default()
    };
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{wide_bar} {human_pos}/{human_len} sentences, {eta} left",
    )?);
    let model = syntax::train(&gold, &silver, &morphology, &settings, &|seen, all| {
        if seen == 1 {
            bar.set_length(all);
        }
        if seen % 100 == 0 {
            bar.set_position(seen);
        }
    });
    bar.finish_and_clear();
    write(&args.output, &model)
}

fn morphology(args: &Morphology) -> anyhow::Result<Exit> {
    let words = morphology::from_treebanks(&read(&args.treebanks)?);
    write(&args.output, format!("# {}\n{words}", args.notice).as_bytes())
}

fn dictionary(args: &Dictionary) -> anyhow::Result<Exit> {
    let words = hunspell::from_dictionary(&args.affixes, &args.dictionary).context(Exit::Input)?;
    write(&args.output, format!("# {}\n{words}", args.notice).as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<Exit> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Exit::Done)
}

fn read(paths: &[PathBuf]) -> anyhow::Result<Vec<Sentence>> {
    let mut sentences = Vec::new();
    for path in paths {
        sentences.extend(treebank::read(path).context(Exit::Input)?);
    }
    Ok(sentences)
}

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  demarche train confidence ../shared/dev/fr-news ../shared/dev/fr-news-2 --output config/data/models/fr.confidence.tsv"
)]
pub(crate) struct Confidence {
    /// Folders with articles.jsonl and gold.jsonl; those in other languages teach at half the weight the
    /// features that both share, and are not measured
    #[arg(required = true, value_name = "SET")]
    sets: Vec<PathBuf>,
    /// The same of articles that were written for training: they weigh less, and have no say in the thresholds
    #[arg(long, num_args = 1.., value_name = "SET")]
    written: Vec<PathBuf>,
    /// Language whose model is fitted
    #[arg(long, short, default_value = "fr")]
    language: String,
    /// Models that take turns, each scoring the articles it has not seen, nor any that shares a sentence with them
    #[arg(long, default_value_t = 8, value_parser = at_least_two)]
    folds: usize,
    /// Model file to write (config/data/models/<language>.confidence.tsv)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List every mistake of the folds
    #[arg(long)]
    errors: bool,
}

fn confidence(args: &Confidence, global: &Global) -> anyhow::Result<Exit> {
    let analyser = Analyser::load(&super::data(&global.load()?.settings)?)?;
    let mut labelled = Labelled::default();
    let sets = args.sets.iter().map(|set| (set, false)).chain(args.written.iter().map(|set| (set, true)));
    for (set, written) in sets {
        for (article, gold) in labels::read(set).context(Exit::Input)? {
            let tag = article::language(&article);
            if !analyser.languages().any(|known| known == tag) {
                continue;
            }
            let origin = Origin { written, foreign: tag != args.language };
            let labels = Labels::of(&gold, &article);
            analyser.with_proposals(&article, |proposals, words| {
                labelled.add(&article, origin, proposals, words, labels);
            })?;
        }
    }
    if labelled.is_empty() {
        anyhow::bail!(
            "no labelled article is in language `{}`: name sets that hold some, or another --language",
            args.language
        );
    }
    let fitted = labelled.train(args.folds);
    report(&labelled, &fitted, args.errors)?;
    if let Some(output) = &args.output {
        std::fs::write(output, fitted.to_tsv())
            .with_context(|| format!("cannot write {}", output.display()))?;
    }
    Ok(Exit::Done)
}

fn report(labelled: &Labelled, fitted: &Fitted, errors: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let (reachable, all) = labelled.reachable();
    writeln!(out, "articles {}, labels {all}, among the proposals {reachable}", fitted.folded.len())?;
    let line = |name: &str, c: Figures| {
        format!(
            "{name:10} p {:.3} r {:.3} f1 {:.3}  right {} wrong {} missed {}",
            c.precision(),
            c.recall(),
            c.f1(),
            c.right,
            c.wrong,
            c.missed
        )
    };
    writeln!(out, "{}", line("all", fitted.total()))?;
    let harsh = fitted.by_class.iter().filter(|(c, _)| c.is_harsh()).map(|(_, c)| *c).sum();
    writeln!(out, "{}", line("harsh", harsh))?;
    for (class, counts) in &fitted.by_class {
        writeln!(out, "{}", line(class.as_str(), *counts))?;
    }
    for (bin, (proposed, right)) in fitted.reliability.iter().enumerate() {
        let share = if *proposed == 0 { 0.0 } else { *right as f64 / *proposed as f64 };
        writeln!(
            out,
            "confidence {:.1}-{:.1}: {proposed} proposed, {share:.3} right",
            bin as f64 / 5.0,
            (bin + 1) as f64 / 5.0
        )?;
    }
    if errors {
        for mistake in &fitted.mistakes {
            let (holder, class, target) = &mistake.key;
            write!(out, "{:?}\t{}\t{holder} {} {target}", mistake.kind, mistake.uri, class.as_str())?;
            match &mistake.proposal {
                Some((origin, probability)) => writeln!(out, "\t{probability:.2}\t{origin}")?,
                None => writeln!(out)?,
            }
        }
    }
    Ok(())
}

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  demarche train council -l fr ../shared/dev/council tests/corpus/council-* --output config/data/models"
)]
pub(crate) struct Council {
    /// Folders with articles.jsonl and gold.jsonl; articles in other languages are left out
    #[arg(required = true, value_name = "SET")]
    sets: Vec<PathBuf>,
    /// Language whose models are fitted
    #[arg(long, short, default_value = "fr")]
    language: String,
    /// Models that take turns, each scoring the articles it has not seen, nor any that shares a sentence with them
    #[arg(long, default_value_t = 5, value_parser = at_least_two)]
    folds: usize,
    /// Folder to write <language>.{outcomes,positions,lines,counts}.tsv to (config/data/models)
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// One model has seen every article.
fn at_least_two(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n >= 2).ok_or_else(|| "at least 2".to_owned())
}

fn council(args: &Council, global: &Global) -> anyhow::Result<Exit> {
    let analyser = Analyser::load(&super::data(&global.load()?.settings)?)?;
    let mut votes = Votes::default();
    let mut tallies = Tallies::default();
    for set in &args.sets {
        for (article, labels) in labels::read(set).context(Exit::Input)? {
            if article::language(&article) != args.language {
                continue;
            }
            let examples = analyser.council_examples(&article)?;
            votes.add_lines(&examples.lines, &labels);
            tallies.add(&format!("{}\n{}", article.headline, article.body), &examples.counts, &labels);
            if let Some(example) = examples.vote {
                votes.add(&article, example, &labels);
            }
        }
    }
    if votes.is_empty() {
        anyhow::bail!(
            "no labelled article on the Council is in language `{}`: name sets that hold some, or another --language",
            args.language
        );
    }
    let shown = votes.cross_validate(args.folds);
    let (right, all) = shown.outcomes;
    let mut out = anstream::stdout().lock();
    writeln!(out, "outcomes   {right} of {all} articles right")?;
    let c = shown.rollcall;
    writeln!(out, "roll-call  p {:.3} r {:.3} f1 {:.3}", c.precision(), c.recall(), c.f1())?;
    let (right, all) = tallies.cross_validate(args.folds);
    writeln!(out, "counts     {right} of {all} votes right")?;
    if let Some(folder) = &args.output {
        for (model, table) in votes.tables().into_iter().chain([("counts", tallies.table())]) {
            write(&folder.join(format!("{}.{model}.tsv", args.language)), table.as_bytes())?;
        }
    }
    Ok(Exit::Done)
}
