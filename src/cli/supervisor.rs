//! What systemd is told (`Type=notify`, `WatchdogSec=`); without `NOTIFY_SOCKET` in the environment nothing.

use std::{sync::Arc, thread, time::Duration};

use anyhow::Context;
use demarche::admin::{Board, NotReady};
use sd_notify::NotifyState;

/// A signal to stop is passed on within this time.
const LOOK: Duration = Duration::from_millis(500);

/// Tells that the start is over, and from now on how the daemon does: a status in words, a sign of life for as long
/// as all threads come back, and that it stops.
///
/// # Errors
/// A supervisor that listens and cannot be reached, or no thread to be had.
pub(crate) fn tell_from_now_on(board: &Arc<Board>) -> anyhow::Result<()> {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return Ok(());
    }
    sd_notify::notify(&[NotifyState::Ready]).context("`NOTIFY_SOCKET`")?;
    let watchdog = sd_notify::watchdog_enabled();
    // Twice within the time that systemd allows, as its manual asks.
    let pause = watchdog.map_or(LOOK, |limit| LOOK.min(limit / 2));
    let board = board.clone();
    let tell = move || {
        let mut told = String::new();
        loop {
            let ready = board.health.ready();
            let status =
                ready.as_ref().map_or_else(ToString::to_string, |()| "records get through".to_owned());
            let mut news = Vec::new();
            if status != told {
                news.push(NotifyState::Status(&status));
            }
            if ready == Err(NotReady::Draining) {
                news.push(NotifyState::Stopping);
            }
            if watchdog.is_some() && board.health.live().is_ok() {
                news.push(NotifyState::Watchdog);
            }
            if let Err(error) = sd_notify::notify(&news) {
                tracing::warn!(%error, "the supervisor is not reached");
            }
            told = status;
            thread::sleep(pause);
        }
    };
    // It ends with the process: systemd wants to hear of the drain too.
    thread::Builder::new().name("supervisor".to_owned()).spawn(tell).context("the supervisor's thread")?;
    Ok(())
}

/// Tells that the daemon has ended: a short drain escapes the thread above.
pub(crate) fn tell_of_the_end() {
    if let Err(error) = sd_notify::notify(&[NotifyState::Stopping]) {
        tracing::warn!(%error, "the supervisor is not reached");
    }
}
