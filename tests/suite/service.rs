//! `demarche run` as a process of its own, as a supervisor starts it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::{
    child::signal,
    command_line::{demarche, stderr},
    wire::{SOON, input, outputs},
};

/// The flags that turn a command to the topics of one test; the prefix is its group too.
pub(crate) fn flags(brokers: &str, prefix: &str) -> Vec<String> {
    let topics = outputs(prefix);
    [
        format!("kafka.brokers={brokers}"),
        format!("kafka.group={prefix}"),
        format!("kafka.instance={prefix}-a"),
        format!("input.topics={}", input(prefix)),
        format!("output.stances={}", topics.stances),
        format!("output.council_actions={}", topics.council_actions),
        format!("output.articles={}", topics.articles),
        format!("output.dead_letters={}", topics.dead_letters),
        "admin.listen=127.0.0.1:0".to_owned(),
    ]
    .into_iter()
    .flat_map(|setting| ["--set".to_owned(), setting])
    .collect()
}

/// Runs a command of the binary with those flags, which must be done without a fault.
pub(crate) fn command(arguments: &[&str], flags: &[String]) -> Output {
    let all: Vec<&str> = arguments.iter().copied().chain(flags.iter().map(String::as_str)).collect();
    let output = demarche(&all);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    output
}

/// A running daemon; killed when dropped.
pub(crate) struct Service {
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Service {
    pub(crate) fn start(flags: &[String], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_demarche"))
            .arg("run")
            .args(flags)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, written) = (BufReader::new(child.stderr.take().expect("piped")).lines(), log.clone());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().expect("log").extend([line.as_str(), "\n"]);
            }
        });
        Self { child, log }
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("log").clone()
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The exit code, or -1 for one that was killed; none while it runs.
    pub(crate) fn exit(&mut self) -> Option<i32> {
        self.child.try_wait().expect("state").map(|status| status.code().unwrap_or(-1))
    }

    /// Where the admin server listens.
    pub(crate) fn address(&mut self) -> String {
        let begun = Instant::now();
        loop {
            let log = self.log();
            let line = log.lines().find_map(|line| line.split_once("admin server listens"));
            if let Some((_, fields)) = line {
                let address = fields.split("address=").nth(1).and_then(|rest| rest.split_whitespace().next());
                return address.expect("an address").to_owned();
            }
            let ended = self.child.try_wait().expect("state").is_some();
            assert!(!ended && begun.elapsed() < SOON, "no admin server: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for an end; the exit code and all that was logged.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("state") {
                // The last lines may still be on their way through the pipe.
                std::thread::sleep(Duration::from_millis(100));
                return (status.code(), self.log());
            }
            assert!(begun.elapsed() < SOON, "it goes on: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(self) -> (Option<i32>, String) {
        signal(self.process(), "TERM");
        self.end()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
