//! `demarche evaluate`: scores against gold.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, anyhow};
use clap::Subcommand;
use demarche::{
    evaluation::{self, Floor, Found, Gold, Scores, syntax},
    stances::selection::Keep,
    syntax::Parser,
    training::treebank,
};

use super::{Global, exit::Exit, reading::Reader, records};

const EXAMPLES: &str = "\
Examples:
  demarche evaluate tests/corpus/retold/gold.jsonl tests/corpus/retold/articles.jsonl --errors
  demarche evaluate gold.jsonl articles.jsonl --json --min F1=0.7 --min accusation.p=0.9
  demarche evaluate syntax --language fr ../shared/treebanks/fr/fr_gsd-ud-test.conllu.gz";

/// Compare what is found with gold labels
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    /// Labels, one article a line
    #[arg(required = true)]
    gold: Option<PathBuf>,
    /// The articles, in any of the input shapes
    #[arg(required_unless_present = "events")]
    articles: Option<PathBuf>,
    /// Score these events, as `demarche analyse` printed them, in place of analysing articles
    #[arg(long, value_name = "FILE", conflicts_with = "articles")]
    events: Option<PathBuf>,
    /// Figures as one JSON object
    #[arg(long)]
    json: bool,
    /// Each miss and extra with its words, grouped by cause
    #[arg(long)]
    errors: bool,
    /// Fail where a figure is lower: F1=0.7 (of the class level), accusation.p=0.9, tally=0.8; may be repeated
    #[arg(long, value_name = "FIGURE=NUMBER")]
    min: Vec<Floor>,
    /// Least confidence of what counts as found, in place of each class's own threshold
    #[arg(long, value_name = "0..1")]
    min_confidence: Option<f64>,
    /// Folder to read in place of the data compiled in
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Other {
    /// Tags and trees against treebanks in CoNLL-U (.gz too)
    Syntax(Syntax),
}

#[derive(clap::Args)]
struct Syntax {
    /// Language of the treebanks
    #[arg(long, short, default_value = "fr")]
    language: String,
    #[arg(required = true, value_name = "TREEBANK")]
    treebanks: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    if let Some(Other::Syntax(syntax_args)) = &args.other {
        return syntax(syntax_args, global);
    }
    let gold = args.gold.as_deref().ok_or_else(|| anyhow!("no labels are named"))?;
    let gold = Gold::read(gold).context(Exit::Input)?;
    let material = Material::read(args, global)?;
    let scores = Scores::of(&gold, &material.found);
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", scores.to_json())?;
    } else {
        write!(out, "{}", evaluation::table(&gold, &material.found))?;
    }
    if args.errors {
        material.write_errors(&gold, &mut out)?;
    }
    let stray = material.found.stray(&gold);
    if stray > 0 {
        anstream::eprintln!("events of articles without labels: {stray}");
    }
    Ok(report_floors(&args.min, &scores))
}

/// Every figure below its floor is told.
fn report_floors(floors: &[Floor], scores: &Scores) -> Exit {
    let faults: Vec<String> = floors.iter().filter_map(|floor| floor.fault(scores)).collect();
    for fault in &faults {
        anstream::eprintln!("\x1b[1;31mfailed:\x1b[0m {fault}");
    }
    if faults.is_empty() { Exit::Done } else { Exit::Faults }
}

/// What is compared with the labels.
#[derive(Default)]
struct Material {
    found: Found,
    /// Beside what was found, the proposals that were not sure enough.
    all: Found,
    /// Headline and body by article, to show the sentence around words.
    texts: BTreeMap<String, String>,
}

impl Material {
    fn read(args: &Args, global: &Global) -> anyhow::Result<Self> {
        let Some(events) = &args.events else {
            let articles = args.articles.as_deref().ok_or_else(|| anyhow!("no articles are named"))?;
            return Self::analyse(articles, args, global);
        };
        let all = Found::read(events).context(Exit::Input)?;
        let found = all.at_least(args.min_confidence.unwrap_or(0.0));
        Ok(Self { found, all, texts: BTreeMap::new() })
    }

    fn analyse(articles: &Path, args: &Args, global: &Global) -> anyhow::Result<Self> {
        let reader = Reader::load(&super::data_in(args.data_dir.as_deref(), global)?)?;
        let mut material = Self::default();
        for record in records::read(&[articles.to_owned()]) {
            let record = record?;
            let article =
                Reader::decode(&record.bytes).with_context(|| record.origin.clone()).context(Exit::Input)?;
            let events = |floor| {
                let record = reader.read(&article, Keep { explain: false, floor }).record;
                record.events.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()
            };
            material.found.add(&events(args.min_confidence)?);
            if args.errors {
                material.all.add(&events(Some(0.0))?);
                material.texts.insert(article.uri.clone(), format!("{}\n{}", article.headline, article.body));
            }
        }
        Ok(material)
    }

    fn write_errors(&self, gold: &Gold, out: &mut impl Write) -> anyhow::Result<()> {
        let errors = evaluation::errors(gold, &self.found, &self.all);
        for group in errors.chunk_by(|one, next| (one.kind, one.cause) == (next.kind, next.cause)) {
            let kind = if group[0].kind == evaluation::Kind::Missed { "missed" } else { "extra" };
            writeln!(out, "\n{kind}, {}: {}", group[0].cause.words(), group.len())?;
            for error in group {
                writeln!(out, "  {}  {}  {}", error.article, error.finding, error.instead)?;
                writeln!(out, "      {}", self.sentence(&error.article, &error.words))?;
            }
        }
        Ok(())
    }

    /// The line's part between full stops that holds `words`; `words` themselves where the text is not at hand.
    fn sentence(&self, article: &str, words: &str) -> String {
        let around = self.texts.get(article).and_then(|text| {
            let start = text.find(words).filter(|_| !words.is_empty())?;
            let before = text[..start].rfind(['\n', '.', '!', '?']).map_or(0, |i| i + 1);
            let end = start + words.len();
            let after = text[end..].find(['\n', '.', '!', '?']).map_or(text.len(), |i| end + i + 1);
            Some(text[before..after].trim())
        });
        around.unwrap_or(words).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn syntax(args: &Syntax, global: &Global) -> anyhow::Result<Exit> {
    let data = super::data(&global.load()?.settings)?;
    let parser = Parser::load(&data, &args.language)?;
    let mut out = anstream::stdout().lock();
    for path in &args.treebanks {
        let treebank = treebank::read(path).context(Exit::Input)?;
        let start = Instant::now();
        let score = syntax::evaluate(&parser, &treebank);
        let speed = score.words as f64 / start.elapsed().as_secs_f64();
        writeln!(out, "{}", path.display())?;
        write!(out, "{score}")?;
        writeln!(out)?;
        anstream::eprintln!("{speed:.0} words a second");
    }
    Ok(Exit::Done)
}
