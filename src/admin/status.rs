//! What `/status` says.

use serde::Serialize;

/// Where the daemon stands. Offsets are those of the next record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Delivery mode in force, `exactly_once` or `at_least_once`.
    pub mode: String,
    pub group: String,
    pub instance: String,
    /// Digest of the data folder as loaded.
    pub rules: String,
    pub records_in_work: usize,
    pub bytes_in_work: usize,
    pub partitions: Vec<Partition>,
}

/// One partition that this instance owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Partition {
    pub topic: String,
    pub partition: i32,
    /// Committed offset; `None` before the first commit.
    pub committed: Option<i64>,
    /// Next offset to be read.
    pub position: i64,
    /// End of the partition as last seen; `None` until the broker told it.
    pub end: Option<i64>,
    /// Held back by this instance, which is full.
    pub paused: bool,
}
