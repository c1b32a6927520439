use demarche::kafka::stop_on_signals;

use super::{Global, data, exit::Exit, service::Service, supervisor};

const EXAMPLES: &str = "\
Examples:
  demarche run --config /etc/demarche/demarche.toml
  DEMARCHE__KAFKA__BROKERS=a:9092,b:9092 demarche run --set log.format=json";

/// Read articles, publish events: the daemon. SIGTERM and Ctrl-C drain it
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let settings = global.start()?;
    let stop = stop_on_signals()?;
    let service = Service::start(&settings, &data(&settings)?)?;
    supervisor::tell_from_now_on(service.board())?;
    let ended = service.run(&stop);
    supervisor::tell_of_the_end();
    ended?;
    Ok(Exit::Done)
}
