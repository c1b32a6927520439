//! What an error of the client library asks for.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// Why the daemon ended, with the exit code that tells a supervisor what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Restarting does not help.
    #[error("{0}")]
    Configuration(String),
    #[error("brokers not reachable: {0}")]
    Unreachable(String),
    #[error(
        "fenced: `{id}` is in use by another instance (give each its own `kafka.instance`), or was away for longer than its time-out (start it again): {reason}"
    )]
    /// `id`: transactional id, or `group.instance.id` where the consumer was fenced.
    Fenced { id: String, reason: String },
    /// Restarting is the remedy.
    #[error("{0}")]
    Fatal(String),
    #[error("drain deadline passed with {0} records in work; they are read again at the next start")]
    DrainDeadline(usize),
}

impl Failure {
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_) => 78,
            Self::Unreachable(_) => 69,
            Self::Fenced { .. } | Self::Fatal(_) => 70,
            Self::DrainDeadline(_) => 75,
        }
    }

    /// Of an error that ends what `call` names.
    pub(super) fn of(error: &KafkaError, call: &str) -> Self {
        Self::of_missing_right(error, call).unwrap_or_else(|| Self::Fatal(format!("{call}: {error}")))
    }

    /// Where the error says that a right is missing: whatever was called, no restart brings it back.
    pub(super) fn of_missing_right(error: &KafkaError, call: &str) -> Option<Self> {
        let right = missing_right(error.rdkafka_error_code()?)?;
        Some(Self::Configuration(format!("{call}: {error}: allow {right}")))
    }
}

/// What a failed call of the producer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaction {
    /// The same call again.
    Retry,
    /// Abort, then send the results again.
    Abort,
    /// End the process.
    Fatal,
}

/// Reads the flags that librdkafka sets on errors of transactional calls.
pub(super) fn reaction(error: &KafkaError) -> Reaction {
    match error {
        KafkaError::Transaction(e) if e.is_fatal() || is_authorization(e.code()) => Reaction::Fatal,
        KafkaError::Transaction(e) if e.txn_requires_abort() => Reaction::Abort,
        KafkaError::Transaction(e) if e.is_retriable() => Reaction::Retry,
        // The flush inside of commit did not end in time.
        KafkaError::Flush(_) => Reaction::Retry,
        _ => Reaction::Fatal,
    }
}

/// What a failed delivery report or send asks for.
pub(super) fn delivery_reaction(code: RDKafkaErrorCode) -> Reaction {
    if is_authorization(code) || is_fenced(code) || code == RDKafkaErrorCode::Fatal {
        Reaction::Fatal
    } else {
        Reaction::Abort
    }
}

/// Missing rights do not come back by trying again.
pub(super) fn is_authorization(code: RDKafkaErrorCode) -> bool {
    missing_right(code).is_some()
}

/// What an operator has to allow.
fn missing_right(code: RDKafkaErrorCode) -> Option<&'static str> {
    match code {
        RDKafkaErrorCode::TopicAuthorizationFailed => {
            Some("Read on the input topics and Write on the output topics")
        }
        RDKafkaErrorCode::GroupAuthorizationFailed => Some("Read on the group"),
        RDKafkaErrorCode::ClusterAuthorizationFailed => Some("IdempotentWrite on the cluster"),
        RDKafkaErrorCode::TransactionalIdAuthorizationFailed => {
            Some("Write and Describe on the transactional id")
        }
        _ => None,
    }
}

pub(super) fn is_fenced(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::Fenced | RDKafkaErrorCode::ProducerFenced | RDKafkaErrorCode::InvalidProducerEpoch
    )
}

/// The failure that ends the process after a fatal error of the producer.
pub(super) fn producer_failure(error: &KafkaError, id: &str, call: &str) -> Failure {
    match error.rdkafka_error_code() {
        Some(code) if is_fenced(code) => {
            Failure::Fenced { id: id.to_owned(), reason: format!("{call}: {error}") }
        }
        _ => Failure::of(error, call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flush_that_was_too_slow_is_no_reason_to_undo_anything() {
        let slow = KafkaError::Flush(RDKafkaErrorCode::OperationTimedOut);
        assert_eq!(reaction(&slow), Reaction::Retry);
    }

    #[test]
    fn a_missing_right_is_for_the_operator_whatever_was_called() {
        let denied = KafkaError::ConsumerCommit(RDKafkaErrorCode::GroupAuthorizationFailed);
        for failure in [Failure::of(&denied, "commit"), producer_failure(&denied, "id", "commit")] {
            assert_eq!(failure.exit_code(), 78);
            assert!(failure.to_string().ends_with("allow Read on the group"), "{failure}");
        }
        let other = KafkaError::ConsumerCommit(RDKafkaErrorCode::IllegalGeneration);
        assert_eq!(Failure::of(&other, "commit").exit_code(), 70);
    }

    #[test]
    fn a_failed_delivery_is_sent_again_unless_we_may_not() {
        let reactions = [
            (RDKafkaErrorCode::MessageTimedOut, Reaction::Abort),
            (RDKafkaErrorCode::MessageSizeTooLarge, Reaction::Abort),
            (RDKafkaErrorCode::NotEnoughReplicas, Reaction::Abort),
            (RDKafkaErrorCode::TopicAuthorizationFailed, Reaction::Fatal),
            (RDKafkaErrorCode::ProducerFenced, Reaction::Fatal),
            (RDKafkaErrorCode::InvalidProducerEpoch, Reaction::Fatal),
        ];
        for (code, expected) in reactions {
            assert_eq!(delivery_reaction(code), expected, "{code:?}");
        }
    }
}
