//! Reads topics for operators: without a group, committing nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use rdkafka::{
    ClientContext, Message, Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer, ConsumerContext},
    error::{KafkaError, RDKafkaErrorCode},
    metadata::{MetadataPartition, MetadataTopic},
};

use super::{
    Failure, Faults, InputRecord, Options,
    intake::{copy, poll_failure},
    stable::stable_offsets,
};

/// For one question to the broker.
const ASK: Duration = Duration::from_secs(5);

/// Offsets by partition.
pub type Positions = BTreeMap<i32, i64>;

/// Where reading begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Beginning,
    End,
    /// What the group has not committed: at its committed offsets, else at the beginning.
    Committed,
    /// At these offsets; other partitions are left out.
    Offsets(Positions),
}

/// What one wait brought.
#[derive(Debug)]
pub enum Read {
    Record(Box<InputRecord>),
    /// Nothing came in time.
    Nothing,
    /// Every partition has been read to its end at least once.
    End,
}

/// Committed records of one topic. (One: the client tells the end of a partition by its number alone.)
pub struct Reader {
    consumer: BaseConsumer<Context>,
    /// Partitions whose end has not been seen yet.
    open: BTreeSet<i32>,
    positions: Positions,
}

/// Logs as the daemon does.
#[derive(Default)]
pub(super) struct Context(Faults);

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.0.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        // An end of a partition arrives as an error, and is asked for.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::PartitionEOF) {
            self.0.report(&error, reason);
        }
    }
}

impl ConsumerContext for Context {}

impl Reader {
    /// # Errors
    /// Brokers that are not reached, a topic or partition that is not there.
    pub fn open(options: &Options, topic: &str, from: From) -> Result<Self, Failure> {
        let from_end = from == From::End;
        let mut config = options.consumer()?;
        config.remove("group.instance.id");
        config.remove("statistics.interval.ms");
        config.set("enable.partition.eof", "true");
        let consumer: BaseConsumer<Context> = config
            .create_with_context(Context(Faults::default()))
            .map_err(|e| Failure::Configuration(format!("kafka consumer: {e}")))?;
        let mut open: BTreeSet<i32> = partitions(&consumer, topic, options)?.into_iter().collect();
        if let From::Offsets(offsets) = &from {
            open.retain(|partition| offsets.contains_key(partition));
        }
        if open.is_empty() {
            return Err(Failure::Configuration(format!("topic `{topic}` has no such partition")));
        }
        let positions = match from {
            From::Beginning | From::End => Positions::new(),
            From::Committed => beginnings(&consumer, topic, &open)?,
            From::Offsets(offsets) => offsets,
        };
        let other = if from_end { Offset::End } else { Offset::Beginning };
        let mut list = TopicPartitionList::new();
        for partition in &open {
            let start = positions.get(partition).map_or(other, |offset| Offset::Offset(*offset));
            list.add_partition_offset(topic, *partition, start).map_err(|e| fatal(&e))?;
        }
        consumer.assign(&list).map_err(|e| fatal(&e))?;
        Ok(Self { consumer, open, positions })
    }

    /// The offset after the last record read of each partition; where none was read, that of the beginning as far as
    /// it was told or asked for.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Waits for the next record, at most `wait`.
    ///
    /// # Errors
    /// What reading again would not heal.
    pub fn next(&mut self, wait: Duration) -> Result<Read, Failure> {
        match self.consumer.poll(wait) {
            None => Ok(Read::Nothing),
            Some(Ok(message)) => {
                self.positions.insert(message.partition(), message.offset() + 1);
                Ok(Read::Record(Box::new(copy(&message))))
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                self.open.remove(&partition);
                Ok(if self.open.is_empty() { Read::End } else { Read::Nothing })
            }
            Some(Err(error)) => match self.consumer.context().0.refusal() {
                Some(reason) => Err(Failure::Unreachable(reason)),
                None => poll_failure(&error).map_or(Ok(Read::Nothing), Err),
            },
        }
    }
}

/// Numbers of a topic's partitions.
pub(super) fn partitions(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    options: &Options,
) -> Result<Vec<i32>, Failure> {
    let deadline = Instant::now() + options.start_timeout;
    loop {
        // Errors of authentication are seen only by polling.
        consumer.poll(Duration::ZERO);
        if let Some(reason) = consumer.context().0.refusal() {
            return Err(Failure::Unreachable(format!("{}: {reason}", options.brokers)));
        }
        match consumer.fetch_metadata(Some(topic), ASK) {
            Ok(metadata) => {
                let found = metadata.topics().first();
                if let Some(fault) = found.and_then(MetadataTopic::error) {
                    return Err(Failure::Configuration(format!(
                        "topic `{topic}`: {}",
                        RDKafkaErrorCode::from(fault)
                    )));
                }
                return Ok(found
                    .map(|t| t.partitions().iter().map(MetadataPartition::id).collect())
                    .unwrap_or_default());
            }
            Err(e) if Instant::now() >= deadline => {
                return Err(Failure::Unreachable(format!("{}: {e}", options.brokers)));
            }
            Err(_) => {}
        }
    }
}

/// Where reading begins: at what is committed, but not before what the log still has.
fn beginnings(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    partitions: &BTreeSet<i32>,
) -> Result<Positions, Failure> {
    let mut list = TopicPartitionList::new();
    for partition in partitions {
        list.add_partition(topic, *partition);
    }
    let committed = stable_offsets(consumer, &list, || true)?;
    let mut positions = Positions::new();
    for partition in partitions {
        let (first, _) = consumer.fetch_watermarks(topic, *partition, ASK).map_err(|e| fatal(&e))?;
        let committed = committed.find_partition(topic, *partition).map(|e| e.offset());
        let start = if let Some(Offset::Offset(offset)) = committed { offset.max(first) } else { first };
        positions.insert(*partition, start);
    }
    Ok(positions)
}

fn fatal(error: &KafkaError) -> Failure {
    Failure::of(error, "reading")
}
