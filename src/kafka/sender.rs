//! Sends records for operators: one by one, without transactions.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
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
    denied: OnceLock<Failure>,
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
                if let Some(failure) = Failure::of_missing_right(error, message.topic()) {
                    self.denied.get_or_init(|| failure);
                }
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
        let deliveries = self.producer.context();
        if let Some(denied) = deliveries.denied.get() {
            return Err(denied.clone());
        }
        let refusal = deliveries.faults.refusal();
        refusal.map_or(Ok(()), |reason| Err(Failure::Unreachable(format!("{}: {reason}", self.brokers))))
    }
}

fn owned(headers: &[Header]) -> OwnedHeaders {
    headers.iter().fold(OwnedHeaders::new(), |all, header| {
        all.insert(KafkaHeader { key: &header.name, value: header.value.as_deref() })
    })
}

#[cfg(test)]
mod tests {
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

    use super::*;
    use crate::kafka::embedded::Broker;

    #[test]
    fn a_missing_right_to_write_is_for_the_operator() {
        let broker = Broker::start(&[("wire", 1)]).expect("embedded broker");
        let answer = RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
        broker.cluster().request_errors(RDKafkaApiKey::Produce, &[answer]);
        let sender =
            Sender::new(&Options { brokers: broker.brokers(), ..Options::default() }).expect("sender");
        let outgoing =
            Outgoing { topic: "wire", key: None, value: Some(b"x"), headers: &[], timestamp: None };
        sender.send(&outgoing).expect("on its way");
        let failure = sender.finish().expect_err("denied");
        assert_eq!(failure.exit_code(), 78, "{failure}");
    }
}
