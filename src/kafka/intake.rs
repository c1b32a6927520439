//! The poll thread: reads, and answers for the assignment of partitions.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
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
    errors::is_authorization,
    workers::Job,
};
use crate::{
    delivery::{Command, Input, Intake, Source},
    event::Header,
};

/// Longest wait of a poll, and so the longest time in which a stop is not noticed.
const POLL: Duration = Duration::from_millis(100);
/// While paused nothing but callbacks wakes the poll.
const POLL_PAUSED: Duration = Duration::from_millis(5);
/// A pause that is over sooner is never told to the client.
const SHORT_PAUSE: Duration = Duration::from_millis(200);
/// For one question to the broker inside of a callback.
const ASK: Duration = Duration::from_secs(5);
/// Offsets are unstable while a killed owner's transaction is open: at most its time-out.
const STABLE: Duration = Duration::from_secs(120);

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
        if error.rdkafka_error_code().is_some_and(is_authorization)
            && let Some(failure) = poll_failure(&error)
        {
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
        let committed = self.stable_offsets(consumer, list)?;
        let (mut starts, mut ends) = (TopicPartitionList::new(), TopicPartitionList::new());
        let add = |list: &mut TopicPartitionList, topic: &str, partition, offset| {
            list.add_partition_offset(topic, partition, offset)
                .map_err(|e| Failure::Fatal(format!("offset {offset:?} of {topic}/{partition}: {e}")))
        };
        for element in committed.elements() {
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
        beginnings::pin(consumer, &ends)?;
        Ok(starts)
    }

    /// Committed offsets, once no open transaction holds any of them.
    fn stable_offsets(
        &self,
        consumer: &DaemonConsumer,
        list: &TopicPartitionList,
    ) -> Result<TopicPartitionList, Failure> {
        let begun = Instant::now();
        loop {
            let answer = consumer.committed_offsets(list.clone(), ASK);
            let fault = match answer {
                Ok(offsets) => match offsets.elements().iter().find_map(|e| e.error().err()) {
                    None => return Ok(offsets),
                    Some(fault) => fault,
                },
                Err(fault) => fault,
            };
            if self.desk.is_stopped() || begun.elapsed() > STABLE {
                return Err(Failure::Fatal(format!("committed offsets are not to be had: {fault}")));
            }
            if fault.rdkafka_error_code().is_some_and(is_authorization) {
                return Err(Failure::Configuration(format!(
                    "committed offsets: {fault}: allow Read on the group"
                )));
            }
            self.progress.polled();
            thread::sleep(Duration::from_millis(50));
        }
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
    // end itself; `high` is the stable end here.
    if high == 0 && committed > 0 {
        return Err(Failure::Fatal(format!(
            "{topic}/{partition} is empty but {committed} is committed: the topic was made anew; reset the group's offsets"
        )));
    }
    Ok(Offset::Offset(committed))
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
                let fatal = consumer.client().fatal_error().map(|(code, reason)| match code {
                    RDKafkaErrorCode::FencedInstanceId => {
                        Failure::Fenced { id: context.instance.clone(), reason }
                    }
                    _ => Failure::Fatal(format!("consumer: {code}: {reason}")),
                });
                if let Some(failure) = fatal.or_else(|| poll_failure(&fault)) {
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
pub(super) fn poll_failure(fault: &KafkaError) -> Option<Failure> {
    let code = fault.rdkafka_error_code();
    match fault {
        KafkaError::MessageConsumptionFatal(_) => Some(Failure::Fatal(format!("consumer: {fault}"))),
        _ if code.is_some_and(is_authorization) => Some(Failure::Configuration(format!(
            "consumer: {fault}: allow Read on the topic and on the group"
        ))),
        _ if matches!(code, Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange)) => {
            Some(Failure::Fatal(format!(
                "consumer: {fault}: the log no longer has what comes next (retention); the next start goes on from its first record"
            )))
        }
        _ => None,
    }
}

fn source(topic: &str, partition: i32) -> Source {
    Source { topic: topic.into(), partition }
}
