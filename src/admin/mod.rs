//! Health, metrics, status and the live page: what the daemon tells about itself.
//!
//! The daemon's threads write to a [`Board`]; requests read it and never touch Kafka.

mod health;
mod live;
mod server;
mod status;
#[cfg(test)]
mod tests;

pub use health::{Health, NotReady};
pub use live::Live;
pub use server::{AdminError, Server};
pub use status::{Partition, Status};

use std::sync::{Mutex, PoisonError};

/// What the daemon knows of itself. Cheap to write; shared by an `Arc`.
#[derive(Debug)]
pub struct Board {
    pub health: Health,
    pub live: Live,
    status: Mutex<Status>,
}

impl Board {
    /// `workers`: threads that analyse. `remembered`: articles that the live page shows a new visitor.
    pub fn new(workers: usize, remembered: usize) -> Self {
        Self { health: Health::new(workers), live: Live::new(remembered), status: Mutex::default() }
    }

    /// Replaces what `/status` says.
    pub fn set_status(&self, status: Status) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// What `/status` says now.
    pub fn status(&self) -> Status {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
