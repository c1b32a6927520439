//! Partitions that no member of the group has, and nobody would ever give to one.
//!
//! A static member that is back within its session takes up its old assignment without a rebalance. If it is the
//! one that assigns, it takes the number of partitions that it finds for the number that it knew: partitions that
//! were added while it was away are read by nobody until somebody else joins or leaves. So the group is asked from
//! time to time, and joined anew where partitions are missing.

use std::{
    collections::BTreeSet,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rdkafka::{consumer::Consumer, error::KafkaResult};
use tracing::{debug, warn};

use super::{Options, desk::Desk, intake::DaemonConsumer};

const ASK: Duration = Duration::from_secs(2);
/// How often a stop is looked for.
const LOOK: Duration = Duration::from_millis(100);

type Partition = (String, i32);

pub(super) struct Orphans {
    pub(super) desk: Arc<Desk>,
    pub(super) consumer: Arc<DaemonConsumer>,
    pub(super) group: String,
    pub(super) topics: Vec<String>,
    pub(super) interval: Duration,
}

impl Orphans {
    /// As often as the client itself looks for new partitions.
    pub(super) fn interval(options: &Options) -> Duration {
        let key = "topic.metadata.refresh.interval.ms";
        let own =
            options.extra.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.parse().ok());
        Duration::from_millis(own.unwrap_or(30_000))
    }

    /// Watches until the daemon stops.
    pub(super) fn watch(&self) {
        let (mut before, mut tried) = (BTreeSet::new(), BTreeSet::new());
        while self.wait() {
            let found = self.find().unwrap_or_else(|error| {
                debug!(%error, "the group was not described");
                BTreeSet::new()
            });
            // Twice in a row: a group on the move has orphans for a moment. And once: what joining does not mend
            // is somebody else's doing.
            if !found.is_empty() && found == before && found != tried {
                warn!(partitions = ?found, "no member has these partitions: the group is joined anew");
                self.join_anew();
                tried.clone_from(&found);
            }
            before = found;
        }
    }

    /// Whether the daemon goes on.
    fn wait(&self) -> bool {
        let until = Instant::now() + self.interval;
        while Instant::now() < until && !self.desk.is_stopped() {
            thread::sleep(LOOK);
        }
        !self.desk.is_stopped()
    }

    fn join_anew(&self) {
        self.consumer.unsubscribe();
        let topics: Vec<&str> = self.topics.iter().map(String::as_str).collect();
        if let Err(error) = self.consumer.subscribe(&topics) {
            self.desk.fail(super::Failure::Fatal(format!("subscription: {error}")));
        }
    }

    fn find(&self) -> KafkaResult<BTreeSet<Partition>> {
        let groups = self.consumer.fetch_group_list(Some(&self.group), ASK)?;
        let Some(group) = groups.groups().iter().find(|g| g.name() == self.group && g.state() == "Stable")
        else {
            return Ok(BTreeSet::new());
        };
        let mut missing = BTreeSet::new();
        for topic in &self.topics {
            let metadata = self.consumer.fetch_metadata(Some(topic), ASK)?;
            let partitions = metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions);
            missing.extend(partitions.map(|partition| (topic.clone(), partition.id())));
        }
        for member in group.members() {
            let Some(assigned) = member.assignment().and_then(parse) else { return Ok(BTreeSet::new()) };
            missing.retain(|partition| !assigned.contains(partition));
        }
        Ok(missing)
    }
}

/// The consumer protocol's assignment: a version, then topics with their partitions.
fn parse(mut bytes: &[u8]) -> Option<BTreeSet<Partition>> {
    let bytes = &mut bytes;
    let mut assigned = BTreeSet::new();
    let _version: [u8; 2] = take(bytes)?;
    for _ in 0..i32::from_be_bytes(take(bytes)?) {
        let length = usize::try_from(i16::from_be_bytes(take(bytes)?)).ok()?;
        let (name, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        let topic = std::str::from_utf8(name).ok()?;
        for _ in 0..i32::from_be_bytes(take(bytes)?) {
            assigned.insert((topic.to_owned(), i32::from_be_bytes(take(bytes)?)));
        }
    }
    Some(assigned)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_read_and_a_broken_one_is_none() {
        let bytes = b"\0\x01\0\0\0\x01\0\x04wire\0\0\0\x02\0\0\0\0\0\0\0\x03\xff\xff\xff\xff";
        let expected = BTreeSet::from([("wire".to_owned(), 0), ("wire".to_owned(), 3)]);
        assert_eq!(parse(bytes), Some(expected));
        assert_eq!(parse(&bytes[..20]), None);
        assert_eq!(parse(b""), None);
    }
}
