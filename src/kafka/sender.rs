//! Sends records for operators: one by one, without transactions.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use rdkafka::{
    ClientContext, Message as _,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
    message::{DeliveryResult, Header as KafkaHeader, OwnedHeaders},
    producer::{BaseProducer, BaseRecord, Producer, ProducerContext},
};

use super::{Failure, Faults, Options};
use crate::event::Header;

/// How long the last records may take.
const FLUSH: Duration = Duration::from_secs(60);

/// A record to be sent; the partition follows from the key, as Java clients choose it.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub topic: &'a str,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: &'a [Header],
    /// Milliseconds since 1970; none: time of sending.
    pub timestamp: Option<i64>,
}

/// An idempotent producer.
pub struct Sender {
    producer: BaseProducer<Deliveries>,
    brokers: String,
}

#[derive(Default)]
struct Deliveries {
    faults: Faults,
    delivered: AtomicU64,
    failed: AtomicU64,
}

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.faults.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.faults.report(&error, reason);
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => self.delivered.fetch_add(1, Relaxed),
            Err((error, message)) => {
                tracing::error!(%error, topic = message.topic(), "record was not sent");
                self.failed.fetch_add(1, Relaxed)
            }
        };
    }
}

impl Sender {
    /// Connects; whether a broker answers is seen when sending.
    ///
    /// # Errors
    /// Settings that are refused.
    pub fn new(options: &Options) -> Result<Self, Failure> {
        let mut config = options.producer()?;
        config.remove("transactional.id");
        config.remove("transaction.timeout.ms");
        config.set("message.timeout.ms", options.start_timeout.as_millis().to_string());
        let producer = config
            .create_with_context(Deliveries::default())
            .map_err(|e| Failure::Configuration(format!("kafka producer: {e}")))?;
        Ok(Self { producer, brokers: options.brokers.clone() })
    }

    /// Hands a record to the client, waiting while its queue is full.
    ///
    /// # Errors
    /// A record that can never be sent (too large), brokers that refuse us.
    pub fn send(&self, outgoing: &Outgoing) -> Result<(), Failure> {
        let mut record = BaseRecord::<[u8], [u8], ()>::to(outgoing.topic).headers(owned(outgoing.headers));
        record.key = outgoing.key;
        record.payload = outgoing.value;
        record.timestamp = outgoing.timestamp;
        while let Err((error, again)) = self.producer.send(record) {
            if error.rdkafka_error_code() != Some(RDKafkaErrorCode::QueueFull) {
                return Err(Failure::Configuration(format!("topic `{}`: {error}", outgoing.topic)));
            }
            self.check()?;
            self.producer.poll(Duration::from_millis(100));
            record = again;
        }
        self.producer.poll(Duration::ZERO);
        Ok(())
    }

    /// Records that a broker has taken so far.
    pub fn delivered(&self) -> u64 {
        self.producer.context().delivered.load(Relaxed)
    }

    /// Waits until everything is delivered.
    ///
    /// # Errors
    /// Records that no broker took.
    pub fn finish(self) -> Result<u64, Failure> {
        let flushed = self.producer.flush(FLUSH);
        self.check()?;
        let failed = self.producer.context().failed.load(Relaxed) + self.producer.in_flight_count() as u64;
        match flushed {
            Ok(()) if failed == 0 => Ok(self.delivered()),
            _ => Err(Failure::Unreachable(format!("{}: {failed} records were not taken", self.brokers))),
        }
    }

    fn check(&self) -> Result<(), Failure> {
        let refusal = self.producer.context().faults.refusal();
        refusal.map_or(Ok(()), |reason| Err(Failure::Unreachable(format!("{}: {reason}", self.brokers))))
    }
}

fn owned(headers: &[Header]) -> OwnedHeaders {
    headers.iter().fold(OwnedHeaders::new(), |all, header| {
        all.insert(KafkaHeader { key: &header.name, value: header.value.as_deref() })
    })
}
