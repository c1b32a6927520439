//! The state machine where the threads meet: whoever has news brings it here and carries away
//! the commands.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Ended, Failure};
use crate::delivery::{Command, Input, Intake, Limits, Source, State, Summary};

pub(super) struct Desk {
    inner: Mutex<Inner>,
    changed: Condvar,
    started: Instant,
    stopped: AtomicBool,
}

struct Inner {
    state: State<Ended>,
    intake: Intake,
    drained: bool,
    /// Something happened that the transactor has not seen.
    news: bool,
    failure: Option<Failure>,
}

impl Desk {
    pub(super) fn new(limits: Limits) -> Self {
        let inner = Inner {
            state: State::new(limits),
            intake: Intake::Run,
            drained: false,
            news: false,
            failure: None,
        };
        Self {
            inner: Mutex::new(inner),
            changed: Condvar::new(),
            started: Instant::now(),
            stopped: AtomicBool::new(false),
        }
    }

    /// Time since the start, as the state machine counts it.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// What [`Desk::now`] counts from.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// Tells the state machine what happened. The commands for the caller come back; those for
    /// others are kept for them here.
    pub(super) fn step(&self, input: Input<Ended>) -> Vec<Command<Ended>> {
        let now = self.now();
        let mut inner = self.lock();
        let tick = matches!(input, Input::Tick);
        let quiet = tick || matches!(input, Input::Arrived { .. } | Input::Starting(_));
        let result = matches!(input, Input::Finished { .. });
        let mut commands = inner.state.step(input, now);
        // To wake somebody is dear. Who waits for results has been told of the first since it looked.
        let wakes = !(quiet || result && inner.news && commands.is_empty());
        commands.retain(|command| match command {
            Command::Intake(intake) => {
                inner.intake = *intake;
                false
            }
            Command::Drained => {
                inner.drained = true;
                false
            }
            Command::Released(_) => false,
            _ => true,
        });
        if tick {
            inner.news = false;
        }
        inner.news |= !quiet;
        if wakes {
            drop(inner);
            self.changed.notify_all();
        }
        commands
    }

    /// Waits until something happened since the last tick, or a tick is due, or `longest` is over.
    pub(super) fn wait_for_news(&self, longest: Duration) {
        let inner = self.lock();
        let due = inner.state.next_due().map(|due| due.saturating_sub(self.now()));
        let timeout = due.map_or(longest, |due| due.min(longest));
        let _ = self.changed.wait_timeout_while(inner, timeout, |inner| !inner.news);
    }

    /// Waits until the partitions may be given back; false where that took too long.
    pub(super) fn wait_until_settled(&self, sources: &[Source], longest: Duration) -> bool {
        let busy =
            |inner: &mut Inner| inner.failure.is_none() && !sources.iter().all(|s| inner.state.is_settled(s));
        match self.changed.wait_timeout_while(self.lock(), longest, busy) {
            Ok((_, timeout)) => !timeout.timed_out(),
            Err(_) => false,
        }
    }

    /// Waits for the end of the drain, or a failure; false where that took too long.
    pub(super) fn wait_until_drained(&self, longest: Duration) -> bool {
        let busy = |inner: &mut Inner| inner.failure.is_none() && !inner.drained;
        match self.changed.wait_timeout_while(self.lock(), longest, busy) {
            Ok((_, timeout)) => !timeout.timed_out(),
            Err(_) => false,
        }
    }

    /// How reading goes on. Waits a little while it is paused: most pauses end at the next commit.
    pub(super) fn intake(&self, longest_pause: Duration) -> Intake {
        let paused = |inner: &mut Inner| inner.intake == Intake::Pause;
        match self.changed.wait_timeout_while(self.lock(), longest_pause, paused) {
            Ok((inner, _)) => inner.intake,
            Err(poisoned) => poisoned.into_inner().0.intake,
        }
    }

    pub(super) fn batch_is_owned(&self) -> bool {
        self.lock().state.batch_is_owned()
    }

    pub(super) fn owns(&self, source: &Source) -> bool {
        self.lock().state.owns(source)
    }

    pub(super) fn summary(&self) -> Summary {
        self.lock().state.summary()
    }

    /// Ends the daemon; the first failure is the one reported.
    pub(super) fn fail(&self, failure: Failure) {
        tracing::error!(reason = %failure, exit_code = failure.exit_code(), "daemon ends");
        self.lock().failure.get_or_insert(failure);
        self.stop();
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        self.lock().failure.clone()
    }

    /// Tells all threads to end.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
