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
    article::{self, Article},
    evaluation::{self, Error, Floor, Found, Gold, Scores, parse_share, syntax},
    stances::selection::Keep,
    syntax::Parser,
    text::Field,
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
    /// Score only the articles in this language, as the analysis sees it (`fr`)
    #[arg(long, short, value_name = "CODE", conflicts_with = "events")]
    language: Option<String>,
    /// Figures, matrix of classes and reliability as one JSON object; with --errors those too
    #[arg(long)]
    json: bool,
    /// Each miss and extra with its sentence, grouped by cause
    #[arg(long)]
    errors: bool,
    /// Fail where a figure is lower: F1=0.7 (of the class level), accusation.p=0.9, tally=0.8; may be repeated
    #[arg(long, value_name = "FIGURE=NUMBER")]
    min: Vec<Floor>,
    /// Least confidence of what counts as found, in place of each class's own threshold
    #[arg(long, value_name = "0..1", value_parser = parse_share)]
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
    let mut gold = Gold::read(gold).context(Exit::Input)?;
    let material = Material::read(args, global)?;
    if let Some(language) = &args.language {
        gold.articles.retain(|labelled| material.articles.contains_key(&labelled.id));
        if gold.articles.is_empty() {
            anyhow::bail!("no labelled article is in language `{language}`");
        }
    }
    let scores = Scores::of(&gold, &material.found);
    let mut out = anstream::stdout().lock();
    let errors = args.errors.then(|| material.errors(&gold));
    if args.json {
        let mut json = evaluation::json(&gold, &material.found);
        if let Some(errors) = errors {
            json["errors"] = errors.iter().map(|error| error.to_json(&material.sentence(error))).collect();
        }
        writeln!(out, "{json}")?;
    } else {
        write!(out, "{}", evaluation::table(&gold, &material.found))?;
        material.write_errors(&errors.unwrap_or_default(), &mut out)?;
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
    /// Beside what was found, what was chosen and not sure enough.
    all: Found,
    /// What was proposed before any choice; unknown where only events are at hand.
    proposed: Option<Found>,
    /// The articles that are scored, by `uri`.
    articles: BTreeMap<String, Article>,
}

impl Material {
    fn read(args: &Args, global: &Global) -> anyhow::Result<Self> {
        let Some(events) = &args.events else {
            let articles = args.articles.as_deref().ok_or_else(|| anyhow!("no articles are named"))?;
            return Self::analyse(articles, args, global);
        };
        let all = Found::read(events).context(Exit::Input)?;
        let found = all.at_least(args.min_confidence.unwrap_or(0.0));
        Ok(Self { found, all, ..Self::default() })
    }

    fn analyse(articles: &Path, args: &Args, global: &Global) -> anyhow::Result<Self> {
        let reader = Reader::load(&super::data_in(args.data_dir.as_deref(), global)?)?;
        let mut material = Self::default();
        for record in records::read(&[articles.to_owned()]) {
            let record = record?;
            let article =
                Reader::decode(&record.bytes).with_context(|| record.origin.clone()).context(Exit::Input)?;
            if args.language.as_ref().is_some_and(|wanted| article::language(&article) != *wanted) {
                continue;
            }
            let events = |floor| {
                let record = reader.read(&article, Keep { explain: false, floor }).record;
                record.events.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()
            };
            material.found.add(&events(args.min_confidence)?);
            if args.errors {
                material.all.add(&events(Some(0.0))?);
                material.proposed.get_or_insert_default().add(&reader.proposals(&article));
            }
            material.articles.insert(article.uri.clone(), article);
        }
        Ok(material)
    }

    fn errors(&self, gold: &Gold) -> Vec<Error> {
        evaluation::errors(&self.with_words(gold), &self.found, &self.all, self.proposed.as_ref())
    }

    /// The labels, those that only name their place with the words that stand there.
    fn with_words(&self, gold: &Gold) -> Gold {
        let mut gold = gold.clone();
        for labelled in &mut gold.articles {
            let Some(article) = self.articles.get(&labelled.id) else { continue };
            for label in labelled.stances.iter_mut().filter(|label| label.clause.is_none()) {
                label.clause = label.span.map(|span| {
                    let text = if span.field == Field::Headline { &article.headline } else { &article.body };
                    let length = span.end.saturating_sub(span.start) as usize;
                    text.chars().skip(span.start as usize).take(length).collect()
                });
            }
        }
        gold
    }

    fn write_errors(&self, errors: &[Error], out: &mut impl Write) -> anyhow::Result<()> {
        for group in errors.chunk_by(|one, next| (one.kind, one.cause) == (next.kind, next.cause)) {
            let (kind, cause) = (group[0].kind.word(), group[0].cause.words());
            writeln!(out, "\n{kind}, {cause}: {}", group.len())?;
            for error in group {
                writeln!(out, "  {}  {}  {}", error.article, error.finding, error.instead)?;
                writeln!(out, "      {}", self.sentence(error))?;
            }
        }
        Ok(())
    }

    /// The line's part between full stops that holds the error's words; these themselves where the text is not at hand.
    fn sentence(&self, error: &Error) -> String {
        let words = error.words.as_str();
        let article = self.articles.get(&error.article).filter(|_| !words.is_empty());
        let around = article.and_then(|article| {
            let (text, start) =
                [&article.headline, &article.body].into_iter().find_map(|t| Some((t, t.find(words)?)))?;
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
