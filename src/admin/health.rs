//! Alive: threads come back. Ready: records get through.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// A thread that is silent for longer is taken for lost. Analysis is bounded by size and takes milliseconds.
const SILENCE: Duration = Duration::from_secs(60);
/// A record that waits for longer for its commit makes the daemon not ready.
const PROGRESS: Duration = Duration::from_secs(60);
/// No work in hand.
const IDLE: u64 = u64::MAX;

/// Why no records get through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("starting: the group has not been joined yet")]
    Starting,
    #[error("the breaker is open: nearly every record became a dead letter ({0})")]
    Breaker(String),
    #[error("stopping: what is in work is being finished")]
    Draining,
    #[error("no progress: the oldest record in work has waited {0} s for its commit")]
    Stalled(u64),
}

/// Written by the daemon's threads without waiting, read by requests.
#[derive(Debug)]
pub struct Health {
    started: Instant,
    /// Milliseconds since `started` of the last poll.
    polled: AtomicU64,
    /// For each worker when it took up what it has in hand, or [`IDLE`].
    workers: Vec<AtomicU64>,
    /// When the oldest record in work was read, or [`IDLE`].
    oldest: AtomicU64,
    hindrance: Mutex<Option<NotReady>>,
}

impl Health {
    pub fn new(workers: usize) -> Self {
        Self {
            started: Instant::now(),
            polled: AtomicU64::new(0),
            workers: (0..workers).map(|_| AtomicU64::new(IDLE)).collect(),
            oldest: AtomicU64::new(IDLE),
            hindrance: Mutex::new(Some(NotReady::Starting)),
        }
    }

    /// The poll thread has come round.
    pub fn polled(&self) {
        self.polled.store(self.now(), Relaxed);
    }

    /// Worker number `worker` has taken up a record.
    pub fn took_up(&self, worker: usize) {
        self.mark(worker, self.now());
    }

    /// Worker number `worker` has laid its record down, however it ended.
    pub fn laid_down(&self, worker: usize) {
        self.mark(worker, IDLE);
    }

    fn mark(&self, worker: usize, at: u64) {
        if let Some(mark) = self.workers.get(worker) {
            mark.store(at, Relaxed);
        }
    }

    /// When the oldest record not yet committed was read; `None` with nothing in work.
    pub fn set_oldest(&self, read: Option<Instant>) {
        let since_start = |read: Instant| read.saturating_duration_since(self.started).as_millis() as u64;
        self.oldest.store(read.map_or(IDLE, since_start), Relaxed);
    }

    /// What the daemon itself knows to stand in the way; `None` once the group is joined and records flow.
    pub fn set_hindrance(&self, hindrance: Option<NotReady>) {
        *self.hindrance.lock().unwrap_or_else(PoisonError::into_inner) = hindrance;
    }

    /// # Errors
    /// Which thread has not come back.
    pub fn live(&self) -> Result<(), String> {
        self.live_at(self.now())
    }

    /// # Errors
    /// Why no records get through.
    pub fn ready(&self) -> Result<(), NotReady> {
        self.ready_at(self.now())
    }

    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    fn live_at(&self, now: u64) -> Result<(), String> {
        let limit = SILENCE.as_millis() as u64;
        let silence = now.saturating_sub(self.polled.load(Relaxed));
        if silence > limit {
            return Err(format!("the poll thread has been silent for {} s", silence / 1000));
        }
        for (number, mark) in self.workers.iter().enumerate() {
            let busy = now.saturating_sub(mark.load(Relaxed));
            if busy > limit {
                return Err(format!("worker {number} has been on one record for {} s", busy / 1000));
            }
        }
        Ok(())
    }

    fn ready_at(&self, now: u64) -> Result<(), NotReady> {
        if let Some(hindrance) = &*self.hindrance.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(hindrance.clone());
        }
        let waited = now.saturating_sub(self.oldest.load(Relaxed));
        if waited > PROGRESS.as_millis() as u64 { Err(NotReady::Stalled(waited / 1000)) } else { Ok(()) }
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: u64 = 61_000;

    #[test]
    fn a_worker_that_does_not_come_back_is_named() {
        let health = Health::new(2);
        health.took_up(1);
        assert_eq!(health.live(), Ok(()));
        health.polled.store(LATER, Relaxed);
        assert_eq!(
            health.live_at(LATER).expect_err("worker 1 hangs"),
            "worker 1 has been on one record for 61 s"
        );
        health.laid_down(1);
        assert_eq!(health.live_at(LATER), Ok(()));
    }

    #[test]
    fn a_silent_poll_thread_is_not_alive() {
        let health = Health::new(0);
        health.polled();
        assert_eq!(health.live(), Ok(()));
        assert!(health.live_at(LATER).expect_err("silent").contains("poll thread"));
    }

    #[test]
    fn ready_means_joined_and_getting_on() {
        let health = Health::new(1);
        assert_eq!(health.ready(), Err(NotReady::Starting));
        health.set_hindrance(None);
        assert_eq!(health.ready(), Ok(()));
        health.set_oldest(Some(Instant::now()));
        assert_eq!(health.ready(), Ok(()), "a fresh record may wait");
        assert!(matches!(health.ready_at(LATER), Err(NotReady::Stalled(_))));
        health.set_oldest(None);
        assert_eq!(health.ready_at(LATER), Ok(()), "nothing waits");
    }
}
