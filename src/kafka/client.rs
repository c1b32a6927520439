//! What both clients do with logs and errors.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rdkafka::{
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
};
use tracing::{debug, error, info, warn};

/// While a broker is away librdkafka reports it several times a second.
const QUIET: Duration = Duration::from_secs(10);

/// Logs of a client, each kind at most once in ten seconds, and the last error that explains why
/// brokers cannot be reached.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kinds: Mutex<HashMap<String, Kind>>,
    refusal: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Kind {
    since: Instant,
    held_back: u32,
}

impl Faults {
    /// How many of this kind were held back since it was last let through; none: hold it back.
    fn admit(&self, kind: &str, now: Instant) -> Option<u32> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        match kinds.get_mut(kind) {
            Some(k) if now.duration_since(k.since) < QUIET => {
                k.held_back += 1;
                None
            }
            Some(k) => {
                k.since = now;
                Some(std::mem::take(&mut k.held_back))
            }
            None => {
                kinds.insert(kind.to_owned(), Kind { since: now, held_back: 0 });
                Some(0)
            }
        }
    }

    /// Logs an error that the clients get over by themselves.
    pub(super) fn report(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        // A certificate that the broker does not accept is told by an alert after the handshake, as a lost connection.
        let alert = reason.contains("SSL alert");
        if alert || matches!(code, Some(RDKafkaErrorCode::Authentication | RDKafkaErrorCode::SSL)) {
            *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
        }
        // "All brokers down" also comes while librdkafka merely looks for new addresses.
        if code == Some(RDKafkaErrorCode::AllBrokersDown) {
            debug!(%error, reason, "kafka client");
        } else if let Some(held_back) = self.admit(&format!("{code:?}"), Instant::now()) {
            warn!(%error, reason, held_back, "kafka client");
        }
    }

    /// Logs a line of librdkafka.
    pub(super) fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error => {
                if let Some(held_back) = self.admit(facility, Instant::now()) {
                    error!(facility, line, held_back, "librdkafka");
                }
            }
            RDKafkaLogLevel::Warning => {
                if let Some(held_back) = self.admit(facility, Instant::now()) {
                    warn!(facility, line, held_back, "librdkafka");
                }
            }
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => info!(facility, line, "librdkafka"),
            RDKafkaLogLevel::Debug => debug!(facility, line, "librdkafka"),
        }
    }

    /// Why brokers refuse us, where they do: wrong password, wrong certificate.
    pub(super) fn refusal(&self) -> Option<String> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_the_broker_refuses_is_a_refusal() {
        let faults = Faults::default();
        let lost = KafkaError::Global(RDKafkaErrorCode::BrokerTransportFailure);
        faults.report(&lost, "Disconnected");
        assert_eq!(faults.refusal(), None);
        faults.report(&lost, "Receive failed: alert bad certificate: SSL alert number 42");
        assert!(faults.refusal().is_some());
    }

    #[test]
    fn a_kind_is_let_through_once_and_then_counted() {
        let faults = Faults::default();
        let start = Instant::now();
        assert_eq!(faults.admit("a", start), Some(0));
        assert_eq!(faults.admit("a", start), None);
        assert_eq!(faults.admit("b", start), Some(0));
        assert_eq!(faults.admit("a", start + QUIET / 2), None);
        assert_eq!(faults.admit("a", start + QUIET), Some(2));
        assert_eq!(faults.admit("a", start + QUIET * 2), Some(0));
    }
}
