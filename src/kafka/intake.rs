//! The poll thread: reads, and answers for the assignment of partitions.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crossbeam_channel::Sender;
use rdkafka::{
    ClientContext, Message, Offset, Statistics, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer, ConsumerContext, RebalanceProtocol},
    error::{KafkaError, KafkaResult, RDKafkaErrorCode},
    message::{BorrowedMessage, Headers as _},
    types::RDKafkaRespErr,
};
use tracing::{error, info, warn};

use super::{
    Failure, Faults, InputRecord, Progress,
    beginnings::{self, Beginnings},
    desk::Desk,
    stable::stable_offsets,
    workers::Job,
};
use crate::{
    delivery::{Command, Input, Intake, Source},
    event::Header,
};

/// Longest wait of a poll. With [`SHORT_PAUSE`] before it, the longest time in which a stop is not noticed.
const POLL: Duration = Duration::from_millis(100);
/// While paused nothing but callbacks wakes the poll.
const POLL_PAUSED: Duration = Duration::from_millis(5);
/// A pause that is over sooner is never told to the client.
const SHORT_PAUSE: Duration = Duration::from_millis(200);
/// For one question to the broker inside of a callback.
const ASK: Duration = Duration::from_secs(5);

/// Answers for the assignment, on the thread that polls.
pub(super) struct Assignment {
    pub(super) desk: Arc<Desk>,
    pub(super) progress: Arc<Progress>,
    pub(super) faults: Arc<Faults>,
    /// `group.instance.id`.
    pub(super) instance: String,
    pub(super) beginnings: Beginnings,
    pub(super) revoke_timeout: Duration,
    /// Set while reading is paused: partitions that come later are paused too.
    pub(super) paused: AtomicBool,
}

pub(super) type DaemonConsumer = BaseConsumer<Assignment>;

impl ClientContext for Assignment {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.faults.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.faults.report(&error, reason);
        // Told once: where it comes here, no poll will tell it again.
        if let Some(failure) = Failure::of_missing_right(&error, "consumer") {
            self.desk.fail(failure);
        }
    }

    fn stats(&self, statistics: Statistics) {
        for (name, topic) in &statistics.topics {
            for (partition, numbers) in &topic.partitions {
                if numbers.ls_offset >= 0 {
                    let source = Source { topic: name.as_str().into(), partition: *partition };
                    self.progress.stable_offset(source, numbers.ls_offset);
                }
            }
        }
    }
}

impl ConsumerContext for Assignment {
    fn rebalance(&self, consumer: &DaemonConsumer, event: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let cooperative = matches!(consumer.rebalance_protocol(), RebalanceProtocol::Cooperative);
        let result = match event {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => self.assign(consumer, list, cooperative),
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS => self.revoke(consumer, list, cooperative),
            _ => Ok(()),
        };
        if let Err(failure) = result {
            self.desk.fail(failure);
        }
    }
}

impl Assignment {
    fn assign(
        &self,
        consumer: &DaemonConsumer,
        list: &TopicPartitionList,
        cooperative: bool,
    ) -> Result<(), Failure> {
        let starts = self.starting_offsets(consumer, list)?;
        self.progress.joined();
        for element in starts.elements() {
            let source = source(element.topic(), element.partition());
            info!(%source, offset = ?element.offset(), "partition assigned");
            let committed = match element.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            };
            self.progress.assigned(&source, committed);
            self.desk.step(Input::Assigned(source));
        }
        let assigned =
            if cooperative { consumer.incremental_assign(&starts) } else { consumer.assign(&starts) };
        assigned.map_err(|e| Failure::Fatal(format!("assignment of partitions: {e}")))?;
        if self.paused.load(Ordering::Relaxed) {
            consumer.pause(&starts).map_err(|e| Failure::Fatal(format!("pause: {e}")))?;
        }
        Ok(())
    }

    fn revoke(
        &self,
        consumer: &DaemonConsumer,
        list: &TopicPartitionList,
        cooperative: bool,
    ) -> Result<(), Failure> {
        let sources: Vec<Source> = list.elements().iter().map(|e| source(e.topic(), e.partition())).collect();
        let lost = consumer.assignment_lost();
        if !lost {
            self.desk.step(Input::Revoked(sources.clone()));
            if !self.desk.wait_until_settled(&sources, self.revoke_timeout) {
                warn!(partitions = sources.len(), "revoked partitions are given back with records in work");
            }
        }
        self.desk.step(Input::Lost(sources.clone()));
        for source in &sources {
            info!(%source, lost, "partition given back");
            self.progress.unassigned(source, lost);
        }
        // The client keeps a partition paused beyond its assignment, and would never read it again here.
        consumer.resume(list).map_err(|e| Failure::Fatal(format!("resume: {e}")))?;
        let result = if cooperative { consumer.incremental_unassign(list) } else { consumer.unassign() };
        result.map_err(|e| Failure::Fatal(format!("giving back of partitions: {e}")))
    }

    /// Where to begin reading each partition.
    fn starting_offsets(
        &self,
        consumer: &DaemonConsumer,
        list: &TopicPartitionList,
    ) -> Result<TopicPartitionList, Failure> {
        let committed = stable_offsets(consumer, list, || {
            self.progress.polled();
            !self.desk.is_stopped()
        })?;
        let (mut starts, mut ends) = (TopicPartitionList::new(), TopicPartitionList::new());
        let add = |list: &mut TopicPartitionList, topic: &str, partition, offset| {
            list.add_partition_offset(topic, partition, offset)
                .map_err(|e| Failure::Fatal(format!("offset {offset:?} of {topic}/{partition}: {e}")))
        };
        for element in committed.elements() {
            // A slow broker takes seconds for each.
            self.progress.polled();
            let (topic, partition) = (element.topic(), element.partition());
            let offset = if let Offset::Offset(offset) = element.offset() {
                within_log(consumer, topic, partition, offset)?
            } else {
                let begin = self.beginnings.of(consumer, topic, partition)?;
                if begin != Offset::Beginning {
                    add(&mut ends, topic, partition, begin)?;
                }
                begin
            };
            add(&mut starts, topic, partition, offset)?;
        }
        self.progress.polled();
        beginnings::pin(consumer, &ends)?;
        Ok(starts)
    }

    /// Which log has nothing at the offset that is to be read next.
    fn out_of_log(&self, consumer: &DaemonConsumer) -> Option<Failure> {
        self.progress.next_offsets(&self.desk.summary()).iter().find_map(|(source, next)| {
            self.progress.polled();
            let log = consumer.fetch_watermarks(&source.topic, source.partition, ASK).ok()?;
            beside_log(source, *next, log)
        })
    }
}

/// The committed offset, moved to what the log still has.
fn within_log(
    consumer: &DaemonConsumer,
    topic: &str,
    partition: i32,
    committed: i64,
) -> Result<Offset, Failure> {
    // Without an answer the broker itself will tell at the first fetch.
    let Ok((low, high)) = consumer.fetch_watermarks(topic, partition, ASK) else {
        return Ok(Offset::Offset(committed));
    };
    if committed < low {
        error!(topic, partition, committed, low, "records expired before they were read");
        return Ok(Offset::Offset(low));
    }
    // Inside of a transaction's tail the stable end may lie below what is committed, but not the
    // end itself; `high` is the stable end here. What lies beyond the end is told by the first fetch.
    let fault = (high == 0).then(|| beside_log(&source(topic, partition), committed, (low, high))).flatten();
    fault.map_or(Ok(Offset::Offset(committed)), Err)
}

/// Reads until told to stop.
pub(super) fn poll(consumer: &DaemonConsumer, jobs: &Sender<Job>, most_jobs: usize) {
    let context = consumer.context();
    let desk = &context.desk;
    while !desk.is_stopped() {
        context.progress.polled();
        if let Err(e) = regulate(consumer, jobs.len() >= most_jobs) {
            desk.fail(Failure::Fatal(format!("pause or resume: {e}")));
            return;
        }
        let paused = context.paused.load(Ordering::Relaxed);
        match consumer.poll(if paused { POLL_PAUSED } else { POLL }) {
            None => {}
            Some(Ok(message)) => {
                context.progress.read();
                arrive(desk, jobs, &message);
            }
            Some(Err(fault)) => {
                if let Some(failure) = failure(consumer, &fault) {
                    desk.fail(failure);
                    return;
                }
                context.faults.report(&fault, "poll");
            }
        }
    }
}

/// Pauses or resumes as commanded. Resuming is dear: the fetch in flight has to end first, which
/// waits for data of other partitions. A short pause is waited out instead. A queue that stays full (workers that hang while partitions
/// come and go) pauses too.
fn regulate(consumer: &DaemonConsumer, queue_is_full: bool) -> KafkaResult<()> {
    let context = consumer.context();
    let paused = context.paused.load(Ordering::Relaxed);
    let patience = if paused { Duration::ZERO } else { SHORT_PAUSE };
    let pause = queue_is_full || context.desk.intake(patience) == Intake::Pause;
    if pause != paused {
        let assignment = consumer.assignment()?;
        if pause {
            consumer.pause(&assignment)?;
        } else {
            consumer.resume(&assignment)?;
        }
        context.paused.store(pause, Ordering::Relaxed);
    }
    Ok(())
}

fn arrive(desk: &Desk, jobs: &Sender<Job>, message: &BorrowedMessage<'_>) {
    let record = copy(message);
    let (source, offset, bytes) = (record.source.clone(), record.offset, record.size());
    for command in desk.step(Input::Arrived { source, offset, bytes }) {
        if let Command::Analyse(ticket) = command {
            // Fails only when all workers have ended, at a stop.
            let _ = jobs.send((ticket, record));
            return;
        }
    }
}

/// A message copied out of the client's memory: a borrowed one would hold its whole fetch.
pub(super) fn copy(message: &BorrowedMessage<'_>) -> InputRecord {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers
            .iter()
            .map(|h| Header { name: h.key.to_owned(), value: h.value.map(<[u8]>::to_vec) })
            .collect()
    });
    InputRecord {
        source: source(message.topic(), message.partition()),
        offset: message.offset(),
        timestamp: message.timestamp().to_millis(),
        key: message.key().map(<[u8]>::to_vec),
        payload: message.payload().map(<[u8]>::to_vec),
        headers,
    }
}

/// The failure that an error on poll means; none where the client gets over it.
fn failure(consumer: &DaemonConsumer, fault: &KafkaError) -> Option<Failure> {
    let context = consumer.context();
    match consumer.client().fatal_error() {
        Some((RDKafkaErrorCode::FencedInstanceId, reason)) => {
            Some(Failure::Fenced { id: context.instance.clone(), reason })
        }
        Some((code, reason)) => Some(Failure::Fatal(format!("consumer: {code}: {reason}"))),
        None if is_out_of_log(fault) => context.out_of_log(consumer).or_else(|| poll_failure(fault)),
        None => poll_failure(fault),
    }
}

/// As [`failure`], by the error alone.
pub(super) fn poll_failure(fault: &KafkaError) -> Option<Failure> {
    match fault {
        _ if is_out_of_log(fault) => Some(Failure::Fatal(format!(
            "consumer: {fault}: what comes next has expired (retention), or lies beyond the end of the log"
        ))),
        KafkaError::MessageConsumptionFatal(_) => Some(Failure::of(fault, "consumer")),
        _ => Failure::of_missing_right(fault, "consumer"),
    }
}

/// The log has nothing at the offset that was asked for. The client does not say of which partition.
fn is_out_of_log(fault: &KafkaError) -> bool {
    let code = fault.rdkafka_error_code();
    matches!(code, Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange))
}

/// Why a log from `low` to `high` has nothing at `next`; none where it may well have.
fn beside_log(source: &Source, next: i64, (low, high): (i64, i64)) -> Option<Failure> {
    if next < low {
        Some(Failure::Fatal(format!(
            "{source}: records {next} to {} expired before they were read (retention); the next start goes on at {low}",
            low - 1
        )))
    } else if next > high {
        Some(Failure::Configuration(format!(
            "{source} ends at {high} but {next} is to be read next: the topic was made anew, or the broker lost records; reset the group's offsets (kafka-consumer-groups.sh --reset-offsets)"
        )))
    } else {
        None
    }
}

fn source(topic: &str, partition: i32) -> Source {
    Source { topic: topic.into(), partition }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_expired_is_passed_over_at_the_next_start_and_a_log_made_anew_is_not() {
        let source = source("wire", 2);
        let expired = beside_log(&source, 7, (10, 40)).expect("expired");
        assert_eq!(expired.exit_code(), 70);
        assert!(expired.to_string().contains("records 7 to 9"), "{expired}");
        let anew = beside_log(&source, 41, (10, 40)).expect("beyond the end");
        assert_eq!(anew.exit_code(), 78, "a restart would end here again");
        assert!(anew.to_string().contains("--reset-offsets"), "{anew}");
        assert_eq!(beside_log(&source, 40, (10, 40)), None);
        assert_eq!(beside_log(&source, 10, (10, 40)), None);
    }

    #[test]
    fn a_poll_fails_for_good_where_a_right_is_missing() {
        let denied = KafkaError::MessageConsumption(RDKafkaErrorCode::TopicAuthorizationFailed);
        assert_eq!(poll_failure(&denied).map(|failure| failure.exit_code()), Some(78));
        let denied = KafkaError::MessageConsumptionFatal(RDKafkaErrorCode::GroupAuthorizationFailed);
        assert_eq!(poll_failure(&denied).map(|failure| failure.exit_code()), Some(78));
        let lost = KafkaError::MessageConsumption(RDKafkaErrorCode::BrokerTransportFailure);
        assert_eq!(poll_failure(&lost), None);
    }
}
