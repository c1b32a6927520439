//! The daemon with its admin server: what `run` and `demo` share.

use std::{
    sync::{Arc, atomic::AtomicBool},
    thread::{self, JoinHandle},
};

use anyhow::Context;
use crossbeam_channel::Receiver;
use demarche::{
    admin::{Board, Server},
    analysis::Analyser,
    council::Members,
    data::Data,
    event::{AnalyserRef, Publisher, Topic},
    kafka::{Daemon, Ended, Failure, Options},
    pipeline,
    settings::Settings,
    stances::selection::Keep,
    telemetry,
};
use serde::Deserialize;

/// Articles that the page may fall behind the commits; past that it misses some.
const PAGE_BACKLOG: usize = 4096;
/// As published: no reasons beside the findings, each class above its own threshold.
const KEEP: Keep = Keep { explain: false, floor: None };

/// A running daemon.
pub(crate) struct Service {
    daemon: Daemon,
    board: Arc<Board>,
    server: Option<Server>,
    page: JoinHandle<()>,
}

impl Service {
    /// Loads the data, listens, connects and begins to read.
    ///
    /// # Errors
    /// Data that cannot be used, an address that is taken, brokers that are not reached.
    pub(crate) fn start(settings: &Settings, data: &Data) -> anyhow::Result<Self> {
        let analyser = Analyser::load(data)?;
        let rules = analyser.rules().to_owned();
        let languages: Vec<&str> = analyser.languages().collect();
        tracing::info!(rules, languages = languages.join(" "), "data loaded");
        let publisher = Publisher { analyser: AnalyserRef::of_this_build(rules.clone()) };
        let process = pipeline::process(publisher, move |article| analyser.analyse(article, KEEP));

        let board = Arc::new(Board::new(settings.analysis.threads(), settings.admin.page_articles));
        let server = serve(settings, data, &board)?;
        let (tap, committed) = crossbeam_channel::bounded(PAGE_BACKLOG);
        let shown = board.clone();
        let page = thread::Builder::new()
            .name("page".to_owned())
            .spawn(move || show(&shown, &committed))
            .context("the page's thread")?;
        let daemon = Daemon::start(&Options::new(settings, rules), &process, &board, Some(tap))?;
        Ok(Self { daemon, board, server, page })
    }

    /// Where the admin server listens; `None` where it is switched off.
    pub(crate) fn address(&self) -> Option<std::net::SocketAddr> {
        self.server.as_ref().map(Server::address)
    }

    /// What it tells of itself; outlives it.
    pub(crate) fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Runs until `stop` is set, finishes what is in work and ends; or until the daemon fails.
    ///
    /// # Errors
    /// Why it failed, or that the drain took too long.
    pub(crate) fn run(self, stop: &AtomicBool) -> Result<(), Failure> {
        let ended = self.daemon.run(stop);
        // Without the daemon the tap is closed, and the page's thread ends. A drain that was cut short leaves
        // threads behind that hold the tap: nothing waits for those.
        if ended.is_ok() && self.page.join().is_err() {
            tracing::error!("the live page panicked");
        }
        ended
    }
}

fn serve(settings: &Settings, data: &Data, board: &Arc<Board>) -> anyhow::Result<Option<Server>> {
    let metrics = telemetry::start_metrics(&data.digest())?;
    if settings.admin.listen.is_empty() {
        return Ok(None);
    }
    let members = settings.admin.page.then(|| Members::load(data)).transpose()?;
    Ok(Some(Server::start(&settings.admin.listen, members.as_ref(), board.clone(), metrics)?))
}

/// Hands the current result of every committed article to the live page.
fn show(board: &Board, committed: &Receiver<Arc<Ended>>) {
    for ended in committed {
        let articles = ended.records.iter().filter(|record| record.topic == Topic::Articles);
        for record in articles {
            let (Some(key), Some(value)) = (&record.key, &record.value) else { continue };
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            board.live.committed(&key, &value, is_withdrawn(&value));
        }
    }
}

fn is_withdrawn(record: &str) -> bool {
    #[derive(Deserialize)]
    struct Record {
        article: Article,
    }
    #[derive(Deserialize)]
    struct Article {
        status: demarche::article::ArticleStatus,
    }
    serde_json::from_str::<Record>(record)
        .is_ok_and(|record| record.article.status == demarche::article::ArticleStatus::Withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawn_article_is_known_by_its_record() {
        assert!(is_withdrawn(r#"{"article": {"id": "a", "status": "withdrawn"}, "events": []}"#));
        assert!(!is_withdrawn(r#"{"article": {"id": "a", "status": "usable"}, "events": []}"#));
    }
}
