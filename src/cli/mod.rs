//! The command line: one file a command. Standard output is data, standard error is for people.

mod analyse;
mod config;
mod demo;
mod erase;
mod evaluate;
mod exit;
mod feed;
mod lines;
mod reading;
mod records;
mod replay;
mod run;
mod schema;
mod service;
mod supervisor;
mod tail;
mod train;
mod validate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use demarche::{
    data::{Data, DataError},
    settings::{Layers, Loaded, Settings, SettingsError},
    telemetry,
};

use exit::Exit;

/// Finds the diplomatic stances and UN Security Council actions that wire articles report
#[derive(Parser)]
#[command(version, arg_required_else_help = true, after_help = exit::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Args)]
pub(crate) struct Global {
    /// Settings file; what it does not name keeps its default
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    config: Option<PathBuf>,
    /// Set one value, over the file and the environment; may be repeated
    #[arg(long, global = true, value_name = "SECTION.KEY=VALUE", help_heading = "Settings")]
    set: Vec<String>,
}

impl Global {
    /// The settings, with logs going to standard error from now on.
    fn start(&self) -> Result<Settings, SettingsError> {
        let settings = self.load()?.settings;
        telemetry::start_logs(&settings.log)?;
        Ok(settings)
    }

    /// All layers of settings, with where each value came from.
    fn load(&self) -> Result<Loaded, SettingsError> {
        Layers {
            file: self.config.clone(),
            environment: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            set: self.set.clone(),
        }
        .load()
    }
}

/// The data folder that the settings name, or the data compiled in.
fn data(settings: &Settings) -> Result<Data, DataError> {
    settings.data_dir.as_deref().map_or_else(|| Ok(Data::embedded()), Data::open)
}

/// The folder named on the command line, else as [`data`].
fn data_in(folder: Option<&Path>, global: &Global) -> anyhow::Result<Data> {
    let settings = global.start()?;
    Ok(folder.map_or_else(|| data(&settings), Data::open)?)
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Demo(demo::Args),
    Analyse(analyse::Args),
    Feed(feed::Args),
    Tail(tail::Args),
    #[command(subcommand, after_help = replay::EXAMPLES)]
    Replay(replay::Command),
    Erase(erase::Args),
    Validate(validate::Args),
    Evaluate(evaluate::Args),
    #[command(subcommand, after_help = train::EXAMPLES)]
    Train(train::Command),
    Config(config::Args),
    Schema(schema::Args),
}

impl Command {
    fn run(self, global: &Global) -> anyhow::Result<Exit> {
        match self {
            Self::Run(args) => run::run(&args, global),
            Self::Demo(args) => demo::run(&args, global),
            Self::Analyse(args) => analyse::run(&args, global),
            Self::Feed(args) => feed::run(&args, global),
            Self::Tail(args) => tail::run(&args, global),
            Self::Replay(command) => replay::run(&command, global),
            Self::Erase(args) => erase::run(&args, global),
            Self::Validate(args) => validate::run(&args, global),
            Self::Evaluate(args) => evaluate::run(&args, global),
            Self::Train(command) => train::run(&command, global),
            Self::Config(args) => config::run(&args, global),
            Self::Schema(args) => schema::run(&args),
        }
    }
}

/// Reads the arguments, runs the command, says what went wrong.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = cli.command.run(&cli.global).unwrap_or_else(|error| {
        let exit = Exit::of(&error);
        if exit != Exit::Done {
            anstream::eprintln!("\x1b[1;31merror:\x1b[0m {error:#}");
        }
        exit
    });
    exit.into()
}
