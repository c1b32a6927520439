//! Where reading begins on a partition of which the group has committed nothing.
//!
//! *The end* is a place in the log only once it is committed: a partition that is given back before
//! its first commit would begin at a later end at its next owner, and what came meanwhile would be
//! read by nobody. So the end is pinned at the assignment. And it is meant for what the log held
//! before we came: a partition that is added later is read from its beginning.

use std::{
    collections::BTreeMap,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer},
    error::{KafkaError, RDKafkaErrorCode},
    topic_partition_list::TopicPartitionListElem,
};

use super::{Failure, errors::is_authorization, intake::DaemonConsumer};
use crate::settings::Start;

/// For one question to the broker.
const ASK: Duration = Duration::from_secs(5);
/// How long a broker may refuse the pin. The group waits for us meanwhile.
const PIN: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Beginnings {
    start: Start,
    /// Of each topic the number of partitions that were not added later.
    old: OnceLock<BTreeMap<String, i32>>,
}

impl Beginnings {
    pub(super) fn new(start: Start) -> Self {
        Self { start, old: OnceLock::new() }
    }

    /// Learns which partitions there are before the group is joined.
    ///
    /// # Errors
    /// Brokers that do not tell, or not us.
    pub(super) fn learn(
        &self,
        consumer: &DaemonConsumer,
        topics: &[String],
        deadline: Instant,
    ) -> Result<(), Failure> {
        if self.start == Start::Beginning {
            return Ok(());
        }
        let mut old = BTreeMap::new();
        for topic in topics {
            let count = insist(deadline, || {
                consumer.poll(Duration::ZERO);
                old_partitions(consumer, topic)
            });
            let count = count.map_err(|e| {
                let call = format!("partitions of `{topic}`");
                Failure::of_missing_right(&e, &call)
                    .unwrap_or_else(|| Failure::Unreachable(format!("{call}: {e}")))
            });
            old.insert(topic.clone(), count?);
        }
        // It is learnt once, before the first assignment.
        let _ = self.old.set(old);
        Ok(())
    }

    /// Where to begin, as an offset that can be pinned, or the beginning.
    pub(super) fn of(
        &self,
        consumer: &DaemonConsumer,
        topic: &str,
        partition: i32,
    ) -> Result<Offset, Failure> {
        let old = self.old.get().and_then(|old| old.get(topic)).copied().unwrap_or(0);
        if self.start == Start::Beginning || partition >= old {
            return Ok(Offset::Beginning);
        }
        let end = insist(Instant::now() + PIN, || consumer.fetch_watermarks(topic, partition, ASK));
        let (_, end) = end.map_err(|e| Failure::of(&e, &format!("end of {topic}/{partition}")))?;
        Ok(Offset::Offset(end))
    }
}

/// Commits where reading begins, so that the next owner begins there too.
pub(super) fn pin(consumer: &DaemonConsumer, ends: &TopicPartitionList) -> Result<(), Failure> {
    if ends.count() == 0 {
        return Ok(());
    }
    let pinned = insist(Instant::now() + PIN, || {
        // Lost partitions are not ours to pin.
        if consumer.assignment_lost() { Ok(()) } else { consumer.commit(ends, CommitMode::Sync) }
    });
    pinned.map_err(|e| Failure::of(&e, "commit of the ends to begin at"))
}

/// The partitions that the group has read before; of a group that has read none all that are there.
fn old_partitions(consumer: &DaemonConsumer, topic: &str) -> Result<i32, KafkaError> {
    let metadata = consumer.fetch_metadata(Some(topic), ASK)?;
    let count = metadata.topics().first().map_or(0, |t| t.partitions().len() as i32);
    if count == 0 {
        return Ok(0);
    }
    let mut list = TopicPartitionList::new();
    list.add_partition_range(topic, 0, count - 1);
    let committed = consumer.committed_offsets(list, ASK)?;
    let read = committed.elements().iter().filter(|e| is_committed(e)).map(|e| e.partition() + 1).max();
    Ok(read.unwrap_or(count))
}

fn is_committed(element: &TopicPartitionListElem<'_>) -> bool {
    // An open transaction that holds an offset is about to commit one.
    let held = element.error().err().and_then(|e| e.rdkafka_error_code());
    matches!(element.offset(), Offset::Offset(_)) || held == Some(RDKafkaErrorCode::UnstableOffsetCommit)
}

/// The same question until it is answered, or never will be.
fn insist<T>(deadline: Instant, mut ask: impl FnMut() -> Result<T, KafkaError>) -> Result<T, KafkaError> {
    loop {
        match ask() {
            Ok(answer) => return Ok(answer),
            Err(e) if e.rdkafka_error_code().is_some_and(is_authorization) => return Err(e),
            Err(e) if Instant::now() >= deadline => return Err(e),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}
