use std::{collections::VecDeque, time::Duration};

use super::{Limits, Ticket};

/// Opens when nearly every recent record was refused: then the fault is more likely ours, or
/// the feed's as a whole, than that of each record.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    recent: VecDeque<bool>,
    open: bool,
    next_probe: Duration,
    probe: Option<Ticket>,
}

impl Breaker {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// When the next probe is due, while open.
    pub(super) fn next_probe(&self) -> Option<Duration> {
        (self.open && self.probe.is_none()).then_some(self.next_probe)
    }

    /// The record that was admitted while open.
    pub(super) fn admit(&mut self, ticket: &Ticket, limits: &Limits, now: Duration) {
        if self.open && self.probe.is_none() {
            self.probe = Some(ticket.clone());
            self.next_probe = now + limits.probe_interval;
        }
    }

    /// Counts a result; what was in work when it opened no longer counts, only the probe does.
    pub(super) fn count(&mut self, ticket: &Ticket, refused: bool, limits: &Limits, now: Duration) {
        if self.open {
            if self.probe.as_ref() == Some(ticket) {
                self.probe = None;
                self.open = refused;
            }
            return;
        }
        if limits.breaker_sample == 0 {
            return;
        }
        self.recent.push_back(refused);
        if self.recent.len() > limits.breaker_sample {
            self.recent.pop_front();
        }
        let bad = self.recent.iter().filter(|r| **r).count();
        if self.recent.len() == limits.breaker_sample
            && bad as f64 >= limits.breaker_share * limits.breaker_sample as f64
        {
            self.recent.clear();
            self.open = true;
            self.next_probe = now + limits.probe_interval;
        }
    }

    /// Forgets a probe whose partition went away.
    pub(super) fn forget(&mut self, gone: impl Fn(&Ticket) -> bool) {
        if self.probe.as_ref().is_some_and(gone) {
            self.probe = None;
        }
    }
}
