use std::{fmt::Write as _, io::Write as _};

use clap::Subcommand;
use demarche::settings::{Entry, REFERENCE};

use super::{Global, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  demarche config show
  demarche config show --set delivery.mode=at_least_once
  demarche config reference > demarche.toml";

/// Show the settings as they stand, or the annotated defaults
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every setting with the layer that its value comes from; secrets are masked
    Show,
    /// The annotated defaults, as a file to start from
    Reference,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    match args.what {
        What::Reference => out.write_all(REFERENCE.as_bytes())?,
        What::Show => out.write_all(listing(&global.load()?.entries).as_bytes())?,
    }
    Ok(Exit::Done)
}

/// TOML with dotted keys; the layer stands behind each value as a comment.
fn listing(entries: &[Entry]) -> String {
    let lines: Vec<String> = entries.iter().map(|e| format!("{} = {}", e.key, e.value)).collect();
    let width = lines.iter().map(|line| line.chars().count()).filter(|n| *n <= 60).max().unwrap_or(0);
    let mut text = String::new();
    for (line, entry) in lines.iter().zip(entries) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{line:width$}  # {}", entry.layer);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_toml_again() {
        let loaded = demarche::settings::Layers::default().load().expect("defaults load");
        let text = listing(&loaded.entries);
        let table: toml::Table = toml::from_str(&text).expect("TOML");
        assert_eq!(table["delivery"]["mode"].as_str(), Some("exactly_once"));
        assert!(text.contains("# default"));
    }
}
