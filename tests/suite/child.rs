//! A daemon as a process of its own, for tests that kill it.

use std::{
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use demarche::{
    admin::Board,
    delivery::Limits,
    kafka::{Daemon, InputRecord, Options, stop_on_signals},
};

use crate::wire::{SOON, fake, options};

const VARIABLE: &str = "DEMARCHE_TEST_CHILD";
/// So few records a child holds that there is always a backlog on the broker.
pub(crate) const FEW: usize = 300;
/// So soon the broker aborts what a killed child left open: its readers need not wait.
pub(crate) const SHORT: Duration = Duration::from_secs(10);

/// What a child is told.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) brokers: String,
    pub(crate) prefix: String,
    pub(crate) instance: String,
    pub(crate) transactional: bool,
    /// What the analysis of one record takes.
    pub(crate) work: Duration,
    pub(crate) commit: Duration,
    /// When the broker aborts a transaction that nobody ends.
    pub(crate) transaction: Duration,
    /// How many records it may hold.
    pub(crate) held: usize,
    /// The topic that it reads.
    pub(crate) from: String,
}

impl Spec {
    fn encode(&self) -> String {
        let [work, commit, transaction] = [self.work, self.commit, self.transaction].map(|t| t.as_micros());
        format!(
            "{}|{}|{}|{}|{work}|{commit}|{transaction}|{}|{}",
            self.brokers, self.prefix, self.instance, self.transactional, self.held, self.from
        )
    }

    fn decode(text: &str) -> Self {
        let fields: Vec<&str> = text.split('|').collect();
        let time = |field: &str| Duration::from_micros(field.parse().expect("microseconds"));
        Self {
            brokers: fields[0].to_owned(),
            prefix: fields[1].to_owned(),
            instance: fields[2].to_owned(),
            transactional: fields[3] == "true",
            work: time(fields[4]),
            commit: time(fields[5]),
            transaction: time(fields[6]),
            held: fields[7].parse().expect("a number"),
            from: fields[8].to_owned(),
        }
    }

    fn options(&self) -> Options {
        Options {
            instance: self.instance.clone(),
            input_topics: vec![self.from.clone()],
            transaction_timeout: self.transaction,
            limits: Limits {
                transactional: self.transactional,
                breaker_sample: 0,
                held_records: self.held,
                commit_interval: self.commit,
                ..Limits::default()
            },
            ..options(&self.brokers, &self.prefix)
        }
    }
}

/// The child itself: this test binary, started again with one test selected.
#[test]
#[ignore = "started by other tests as a process of its own"]
fn daemon() {
    let Ok(spec) = std::env::var(VARIABLE) else { return };
    let spec = Spec::decode(&spec);
    // Ends with its parent, however that ends: it holds the other end of standard input.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(99);
    });
    if std::env::var_os("RUST_LOG").is_some() {
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_writer(std::io::stderr)
            .init();
    }
    std::panic::set_hook(Box::new(|_| {}));
    let stop = stop_on_signals().expect("handlers");
    let (work, fake) = (spec.work, fake());
    let process = Arc::new(move |record: &InputRecord| {
        if !work.is_zero() {
            std::thread::sleep(work);
        }
        fake(record)
    });
    let options = spec.options();
    let board = Arc::new(Board::new(options.workers, 0));
    let ended = Daemon::start(&options, &(process as _), &board, None).and_then(|d| d.run(&stop));
    std::process::exit(ended.map_or_else(
        |failure| {
            eprintln!("child {} ends: {failure}", spec.instance);
            i32::from(failure.exit_code())
        },
        |()| 0,
    ));
}

/// A running child; killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(spec: &Spec) -> Self {
        let child = Command::new(std::env::current_exe().expect("own path"))
            .args(["--exact", "child::daemon", "--ignored", "--nocapture"])
            .env(VARIABLE, spec.encode())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("child starts");
        Self(child)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// `TERM`, `KILL`, `STOP`, `CONT`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.0.id(), name);
    }

    /// The exit code, or -1 for one that was killed; none while it runs.
    pub(crate) fn exit(&mut self) -> Option<i32> {
        self.0.try_wait().expect("child's state").map(|status| status.code().unwrap_or(-1))
    }

    pub(crate) fn wait(&mut self) -> i32 {
        let begun = Instant::now();
        loop {
            if let Some(code) = self.exit() {
                return code;
            }
            assert!(begun.elapsed() < SOON, "the child goes on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a signal by the command of the same purpose: this crate has no unsafe code.
pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(sent.is_ok_and(|s| s.success()), "kill -{name} {process}");
}
