use demarche::{
    analysis::Analyser,
    kafka::{Finding, Options, inspect},
    settings::Settings,
    stances::examples::ExampleFault,
};

use super::{Global, data, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  demarche validate --config /etc/demarche/demarche.toml
  demarche validate --connect --set kafka.brokers=broker:9092
  demarche validate --examples --set data_dir=./my-data";

/// Check settings and data before they hurt
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ask the brokers too: are topics, their settings and our rights as the daemon needs them? (Writing is tried in
    /// transactions that are aborted)
    #[arg(long)]
    connect: bool,
    /// Read every trigger's example: does it lead to the finding that stands beside it?
    #[arg(long)]
    examples: bool,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let settings = if args.connect { global.start()? } else { global.load()?.settings };
    anstream::eprintln!("settings are valid");
    let analyser = Analyser::load(&data(&settings)?)?;
    let languages: Vec<&str> = analyser.languages().collect();
    anstream::eprintln!("data {} is valid; languages: {}", analyser.rules(), languages.join(" "));
    let examples = if args.examples { check_examples(&analyser)? } else { Exit::Done };
    let topics = if args.connect { check_cluster(&settings)? } else { Exit::Done };
    Ok(if examples == Exit::Faults { examples } else { topics })
}

/// Every trigger's example must lead to the finding that stands beside it.
fn check_examples(analyser: &Analyser) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    for language in analyser.languages() {
        for fault in analyser.example_faults(language)? {
            let found = if fault.found.is_empty() { "nothing".to_owned() } else { fault.found.join(", ") };
            let ExampleFault { rule, example, expected, .. } = fault;
            anstream::eprintln!(
                "\x1b[1;31mfault:\x1b[0m {rule}: {example} expected {expected}, found {found}"
            );
            exit = Exit::Faults;
        }
    }
    Ok(exit)
}

fn check_cluster(settings: &Settings) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    for finding in inspect(&Options::new(settings, String::new()))? {
        match finding {
            Finding::Good(words) => anstream::eprintln!("{words}"),
            Finding::Unknown(words) => anstream::eprintln!("\x1b[33mnot checked:\x1b[0m {words}"),
            Finding::Fault(words) => {
                anstream::eprintln!("\x1b[1;31mfault:\x1b[0m {words}");
                exit = Exit::Faults;
            }
        }
    }
    Ok(exit)
}
