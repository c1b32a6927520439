//! The thread that sends and commits: in transactions, or without (`at_least_once`).

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rdkafka::{
    ClientContext, Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{CommitMode, Consumer},
    error::{KafkaError, KafkaResult, RDKafkaErrorCode},
    message::{self, OwnedHeaders},
    producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext},
};
use tracing::{info, warn};

use super::{
    Ended, Failure, Faults, Progress, Topics,
    desk::Desk,
    errors::{Reaction, delivery_reaction, producer_failure, reaction},
    intake::DaemonConsumer,
    output_size,
    workers::in_place_of,
};
use crate::{
    delivery::{Command, Input, Sending, Source},
    event::OutputRecord,
};

/// For one transaction call; a call that needs longer is made again.
const CALL: Duration = Duration::from_secs(15);
/// Abort returns only between polls.
const ABORT_CALL: Duration = Duration::from_millis(500);
/// Room for what Kafka adds to a record.
const RECORD_OVERHEAD: usize = 512;

/// Delivery reports that failed, by place in the batch.
#[derive(Default)]
pub(super) struct Reports {
    failed: Mutex<Vec<(usize, RDKafkaErrorCode)>>,
    faults: Arc<Faults>,
}

impl Reports {
    pub(super) fn new(faults: Arc<Faults>) -> Self {
        Self { failed: Mutex::default(), faults }
    }

    fn take(&self) -> Vec<(usize, RDKafkaErrorCode)> {
        std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ClientContext for Reports {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.faults.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.faults.report(&error, reason);
    }
}

impl ProducerContext for Reports {
    /// Place of the record in the batch.
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, place: usize) {
        if let Err((error, _)) = result {
            let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).push((place, code));
        }
    }
}

pub(super) type DaemonProducer = BaseProducer<Reports>;

/// Why a batch goes no further.
enum Stop {
    /// Undo it and send it again.
    Abort(String),
    Fail(Failure),
    /// The daemon ends.
    Ending,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Fail(failure)
    }
}

pub(super) struct Transactor {
    pub(super) desk: Arc<Desk>,
    pub(super) progress: Arc<Progress>,
    pub(super) consumer: Arc<DaemonConsumer>,
    pub(super) producer: DaemonProducer,
    pub(super) topics: Topics,
    /// None: `at_least_once`.
    pub(super) transactional_id: Option<String>,
    pub(super) message_max_bytes: usize,
    /// Told of what is committed; what it has no room for is dropped.
    pub(super) tap: Option<crossbeam_channel::Sender<Arc<Ended>>>,
    /// What was sent since the last commit.
    pub(super) batch: Vec<Sending<Ended>>,
    /// A transaction is open.
    pub(super) open: bool,
    /// Each message is sent alone until the next commit: the broker found several too large, and it
    /// judges the messages that travel together as one.
    pub(super) alone: bool,
}

impl Transactor {
    /// Sends and commits until told to stop.
    pub(super) fn run(mut self) {
        while !self.desk.is_stopped() {
            let commands = self.desk.step(Input::Tick);
            let idle = commands.is_empty();
            let done = commands.into_iter().try_for_each(|command| self.execute(command));
            match done {
                Ok(()) => {}
                Err(Stop::Abort(reason)) => {
                    warn!(reason, records = self.batch.len(), "batch is sent again");
                    if let Err(Stop::Fail(failure)) = self.abort() {
                        self.desk.fail(failure);
                    }
                }
                Err(Stop::Fail(failure)) => self.desk.fail(failure),
                Err(Stop::Ending) => break,
            }
            self.producer.poll(Duration::ZERO);
            if idle {
                self.desk.wait_for_news(Duration::from_millis(100));
            }
        }
        if self.open && self.desk.failure().is_none() {
            // Subscribers need not wait for the transaction's time-out.
            self.producer.poll(Duration::ZERO);
            let _ = self.producer.abort_transaction(ABORT_CALL);
        }
    }

    fn execute(&mut self, command: Command<Ended>) -> Result<(), Stop> {
        match command {
            Command::Send(sending) => sending.into_iter().try_for_each(|s| self.send(s)),
            Command::Commit(offsets) => {
                let begun = Instant::now();
                self.await_reports()?;
                if self.transactional_id.is_some() {
                    self.commit_transaction(&offsets)?;
                } else {
                    self.commit_offsets(&offsets)?;
                }
                self.committed(&offsets, begun);
                Ok(())
            }
            Command::Abort => self.abort(),
            // The desk keeps these for others.
            Command::Analyse(_)
            | Command::Start
            | Command::Intake(_)
            | Command::Released(_)
            | Command::Drained => Ok(()),
        }
    }

    fn send(&mut self, mut sending: Sending<Ended>) -> Result<(), Stop> {
        if self.transactional_id.is_some() && !self.open {
            self.retry("begin", Producer::begin_transaction)?;
            self.open = true;
        }
        let limit = self.message_max_bytes.saturating_sub(RECORD_OVERHEAD);
        if let Some(size) = sending.result.records.iter().map(output_size).find(|s| *s > limit) {
            sending.result = self.replace(&sending, size)?;
        }
        let place = self.batch.len();
        let result = Arc::clone(&sending.result);
        self.batch.push(sending);
        for record in &result.records {
            self.produce(record, place)?;
            if self.alone {
                self.await_reports()?;
            }
        }
        Ok(())
    }

    fn produce(&self, record: &OutputRecord, place: usize) -> Result<(), Stop> {
        loop {
            let Err((error, _)) = self.producer.send(self.message(record, place)) else { return Ok(()) };
            match error.rdkafka_error_code() {
                Some(RDKafkaErrorCode::QueueFull) => {
                    if self.desk.is_stopped() {
                        return Err(Stop::Ending);
                    }
                    self.producer.poll(Duration::from_millis(10));
                }
                Some(RDKafkaErrorCode::MessageSizeTooLarge) => {
                    self.replace(&self.batch[place], output_size(record))?;
                    return Err(Stop::Abort("a record is too large to be sent".to_owned()));
                }
                _ => {
                    self.check_producer()?;
                    let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
                    return Err(match delivery_reaction(code) {
                        Reaction::Fatal => Stop::Fail(self.failure(&error, "send")),
                        Reaction::Abort | Reaction::Retry => Stop::Abort(format!("send: {error}")),
                    });
                }
            }
        }
    }

    fn message<'a>(&'a self, record: &'a OutputRecord, place: usize) -> BaseRecord<'a, [u8], [u8], usize> {
        let mut message = BaseRecord::with_opaque_to(self.topics.name(record.topic), place);
        message.payload = record.value.as_deref();
        message.key = record.key.as_deref();
        message.timestamp = record.timestamp;
        let headers = OwnedHeaders::new_with_capacity(record.headers.len());
        message.headers = Some(record.headers.iter().fold(headers, |headers, h| {
            headers.insert(message::Header { key: &h.name, value: h.value.as_deref() })
        }));
        message
    }

    /// A record whose outputs are too large becomes a dead letter itself.
    fn replace(&self, sending: &Sending<Ended>, size: usize) -> Result<Arc<Ended>, Failure> {
        let result = Arc::new(in_place_of(&sending.result, size, self.message_max_bytes)?);
        let bytes = result.records.iter().map(output_size).sum();
        let ticket = sending.ticket.clone();
        self.desk.step(Input::Replaced { ticket, result: Arc::clone(&result), bytes });
        Ok(result)
    }

    /// Serves delivery reports until all are in; a commit before that costs a tenth of a second.
    fn await_reports(&mut self) -> Result<(), Stop> {
        while self.producer.in_flight_count() > 0 {
            if self.desk.is_stopped() {
                return Err(Stop::Ending);
            }
            self.producer.poll(Duration::from_millis(1));
        }
        let failed = self.producer.context().take();
        let Some((place, first)) = failed.first().copied() else { return Ok(()) };
        self.check_producer()?;
        if let Some((_, code)) = failed.iter().find(|(_, c)| delivery_reaction(*c) == Reaction::Fatal) {
            return Err(Stop::Fail(self.failure(&KafkaError::MessageProduction(*code), "delivery")));
        }
        if failed.iter().any(|(_, code)| *code == RDKafkaErrorCode::MessageSizeTooLarge) {
            if failed.len() == 1 {
                let size = self.batch[place].result.records.iter().map(output_size).max();
                self.replace(&self.batch[place], size.unwrap_or_default())?;
            } else {
                self.alone = true;
            }
        }
        Err(Stop::Abort(format!("delivery: {first}")))
    }

    fn commit_transaction(&mut self, offsets: &[(Source, i64)]) -> Result<(), Stop> {
        let list = to_list(offsets)?;
        // In this order: metadata of a member that has since left are accepted unchecked.
        let Some(metadata) = self.consumer.group_metadata() else {
            return Err(Stop::Abort("no membership".to_owned()));
        };
        if self.consumer.assignment_lost() || !self.desk.batch_is_owned() {
            return Err(Stop::Abort("partitions were lost".to_owned()));
        }
        self.retry("send offsets", |p| p.send_offsets_to_transaction(&list, &metadata, CALL))?;
        self.retry("commit", |p| p.commit_transaction(CALL))?;
        self.open = false;
        Ok(())
    }

    fn commit_offsets(&self, offsets: &[(Source, i64)]) -> Result<(), Stop> {
        loop {
            let ours: Vec<_> = offsets.iter().filter(|(s, _)| self.desk.owns(s)).cloned().collect();
            if ours.is_empty() || self.consumer.assignment_lost() {
                return Err(Stop::Abort("partitions were lost".to_owned()));
            }
            let Err(error) = self.consumer.commit(&to_list(&ours)?, CommitMode::Sync) else {
                return Ok(());
            };
            if let Some(failure) = Failure::of_missing_right(&error, "commit of offsets") {
                return Err(Stop::Fail(failure));
            }
            if self.desk.is_stopped() {
                return Err(Stop::Ending);
            }
            self.producer.context().faults.report(&error, "commit of offsets");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn committed(&mut self, offsets: &[(Source, i64)], begun: Instant) {
        self.alone = false;
        self.desk.step(Input::Committed);
        self.progress.committed(self.batch.iter().map(|s| &*s.result), offsets, begun);
        for sending in self.batch.drain(..) {
            if let Some(tap) = &self.tap {
                let _ = tap.try_send(sending.result);
            }
        }
    }

    /// Undoes the batch. Without transactions there is nothing to undo: it is sent again.
    fn abort(&mut self) -> Result<(), Stop> {
        self.progress.aborted();
        while self.open {
            self.producer.poll(Duration::from_millis(1));
            match self.producer.abort_transaction(ABORT_CALL) {
                Ok(()) => self.open = false,
                Err(KafkaError::Transaction(e)) if e.is_fatal() => {
                    return Err(Stop::Fail(self.failure(&KafkaError::Transaction(e), "abort")));
                }
                Err(_) if self.desk.is_stopped() => return Err(Stop::Ending),
                Err(error) => self.producer.context().faults.report(&error, "abort"),
            }
        }
        if self.transactional_id.is_none() {
            while self.producer.in_flight_count() > 0 && !self.desk.is_stopped() {
                self.producer.poll(Duration::from_millis(1));
            }
        }
        self.producer.context().take();
        info!(records = self.batch.len(), "batch undone");
        self.batch.clear();
        thread::sleep(Duration::from_millis(50));
        self.desk.step(Input::Aborted);
        Ok(())
    }

    /// Makes a call until it succeeds or asks for something else.
    fn retry(&self, name: &str, call: impl Fn(&DaemonProducer) -> KafkaResult<()>) -> Result<(), Stop> {
        loop {
            let Err(error) = call(&self.producer) else { return Ok(()) };
            match reaction(&error) {
                Reaction::Fatal => return Err(Stop::Fail(self.failure(&error, name))),
                Reaction::Abort => return Err(Stop::Abort(format!("{name}: {error}"))),
                Reaction::Retry if self.desk.is_stopped() => return Err(Stop::Ending),
                Reaction::Retry => self.producer.context().faults.report(&error, name),
            }
        }
    }

    /// A producer in a fatal state reports it as the cause of every later error.
    fn check_producer(&self) -> Result<(), Failure> {
        match self.producer.client().fatal_error() {
            Some((code, text)) => {
                let error = KafkaError::MessageProduction(code);
                Err(match self.failure(&error, "producer") {
                    Failure::Fatal(reason) => Failure::Fatal(format!("{reason}: {text}")),
                    other => other,
                })
            }
            None => Ok(()),
        }
    }

    fn failure(&self, error: &KafkaError, call: &str) -> Failure {
        producer_failure(error, self.transactional_id.as_deref().unwrap_or_default(), call)
    }
}

fn to_list(offsets: &[(Source, i64)]) -> Result<TopicPartitionList, Failure> {
    let mut list = TopicPartitionList::with_capacity(offsets.len());
    for (source, offset) in offsets {
        list.add_partition_offset(&source.topic, source.partition, Offset::Offset(*offset))
            .map_err(|e| Failure::Fatal(format!("offset {offset} of {source}: {e}")))?;
    }
    Ok(list)
}
