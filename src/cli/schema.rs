use std::io::Write as _;

use clap::ValueEnum;
use demarche::event::{asyncapi, schema};

use super::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  demarche schema stance > stance.schema.json
  demarche schema asyncapi";

/// Print the contract of the output: JSON Schemas (draft-07) and the AsyncAPI document
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// A stance event
    Stance,
    /// A Council-action event
    CouncilAction,
    /// An article's whole current result
    Article,
    /// What a new version leaves of an article's events
    ArticleRevised,
    /// The headers of a dead letter
    DeadLetter,
    /// All topics and messages as one AsyncAPI 3 document
    Asyncapi,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let document = match args.what {
        What::Stance => schema::STANCE.schema(),
        What::CouncilAction => schema::COUNCIL_ACTION.schema(),
        What::Article => schema::ARTICLE.schema(),
        What::ArticleRevised => schema::ARTICLE_REVISED.schema(),
        What::DeadLetter => schema::DEAD_LETTER.schema(),
        What::Asyncapi => asyncapi::document(),
    };
    writeln!(std::io::stdout().lock(), "{document:#}")?;
    Ok(Exit::Done)
}
