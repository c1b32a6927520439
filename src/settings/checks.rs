//! Values that are well formed and cannot work.

use std::collections::BTreeSet;

use super::{Kafka, Settings, SettingsError};

/// Keys of librdkafka that delivery depends on, each with what stands in its place.
const OWNED: &[(&str, &str)] = &[
    ("bootstrap.servers", "set `kafka.brokers`"),
    ("metadata.broker.list", "set `kafka.brokers`"),
    ("group.id", "set `kafka.group`"),
    ("group.instance.id", "set `kafka.instance`"),
    ("transactional.id", "set `delivery.transactional_id_prefix`, `kafka.group` and `kafka.instance`"),
    ("transaction.timeout.ms", "set `delivery.transaction_timeout_ms`"),
    ("sasl.password", "set `kafka.sasl_password_file`"),
    ("ssl.key.password", "set `kafka.ssl_key_password_file`"),
    ("enable.auto.commit", "offsets are committed with the events"),
    ("auto.commit.enable", "offsets are committed with the events"),
    ("auto.commit.interval.ms", "offsets are committed with the events"),
    ("enable.partition.eof", "the end of a partition is no event here"),
    ("enable.auto.offset.store", "offsets are committed with the events"),
    ("auto.offset.reset", "start offsets are set explicitly"),
    ("isolation.level", "aborted records must not be read"),
    ("partition.assignment.strategy", "rebalances are cooperative"),
    ("enable.idempotence", "records must not be doubled or swapped"),
    ("acks", "records must not be lost"),
    ("request.required.acks", "records must not be lost"),
    ("message.max.bytes", "set `delivery.message_max_bytes`"),
    ("partitioner", "keys must fall where Java clients put them"),
];

/// A revocation is waited out on the thread that polls, which is taken for lost after a minute of silence.
const MOST_REVOKE_MS: u64 = 30_000;

/// What stands in the place of an option of librdkafka that the operator may not set; `None` where he may.
pub fn owned_option(key: &str) -> Option<&'static str> {
    OWNED.iter().find(|(owned, _)| *owned == key).map(|(_, instead)| *instead)
}

impl Settings {
    /// # Errors
    /// [`SettingsError::Unworkable`] with every fault found, not the first alone.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let mut faults = Vec::new();
        self.kafka.check(&mut faults);
        self.check_topics(&mut faults);
        self.check_delivery(&mut faults);
        self.check_admin_and_log(&mut faults);
        if faults.is_empty() { Ok(()) } else { Err(SettingsError::Unworkable(faults)) }
    }

    fn check_topics(&self, faults: &mut Vec<String>) {
        if self.input.topics.is_empty() {
            faults.push("`input.topics` is empty: name the topic of wire articles".to_owned());
        }
        let output = &self.output;
        let named = [
            ("output.stances", &output.stances),
            ("output.council_actions", &output.council_actions),
            ("output.articles", &output.articles),
            ("output.dead_letters", &output.dead_letters),
        ];
        let mut seen: BTreeSet<&str> = self.input.topics.iter().map(String::as_str).collect();
        for topic in &self.input.topics {
            check_topic("input.topics", topic, faults);
        }
        for (key, topic) in named {
            check_topic(key, topic, faults);
            if !seen.insert(topic) {
                faults.push(format!("`{key}`: the topic `{topic}` is already used by another setting"));
            }
        }
    }

    fn check_delivery(&self, faults: &mut Vec<String>) {
        let delivery = &self.delivery;
        let counts = [
            ("delivery.batch_records", delivery.batch_records),
            ("delivery.batch_bytes", delivery.batch_bytes),
            ("delivery.held_records", delivery.held_records),
            ("delivery.held_bytes", delivery.held_bytes),
        ];
        for (key, _) in counts.iter().filter(|(_, count)| *count == 0) {
            faults.push(format!("`{key}` must be at least 1"));
        }
        if !(0.0..=1.0).contains(&delivery.breaker_share) || delivery.breaker_share == 0.0 {
            faults.push("`delivery.breaker_share` must be above 0 and at most 1".to_owned());
        }
        if !(1_000..=900_000).contains(&delivery.transaction_timeout_ms) {
            faults.push("`delivery.transaction_timeout_ms` must lie between 1000 and 900000".to_owned());
        }
        if delivery.commit_interval_ms >= delivery.transaction_timeout_ms {
            faults.push(
                "`delivery.commit_interval_ms` must be less than `delivery.transaction_timeout_ms`"
                    .to_owned(),
            );
        }
        if delivery.revoke_timeout_ms > MOST_REVOKE_MS {
            faults.push(format!("`delivery.revoke_timeout_ms` must be at most {MOST_REVOKE_MS}"));
        }
        if delivery.message_max_bytes < 65_536 + 8_192 {
            faults.push(
                "`delivery.message_max_bytes` must be at least 73728: a cut dead letter must fit".to_owned(),
            );
        }
        if delivery.transactional_id_prefix.is_empty() {
            faults.push("`delivery.transactional_id_prefix` is empty".to_owned());
        }
    }

    fn check_admin_and_log(&self, faults: &mut Vec<String>) {
        let listen = &self.admin.listen;
        let has_port = listen.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        if !listen.is_empty() && !has_port {
            faults.push(format!("`admin.listen` must be HOST:PORT or empty, not `{listen}`"));
        }
        if let Err(e) = tracing_subscriber::EnvFilter::try_new(&self.log.level) {
            faults.push(format!("`log.level`: {e}"));
        }
    }
}

impl Kafka {
    fn check(&self, faults: &mut Vec<String>) {
        if self.brokers.is_empty() || self.brokers.iter().any(String::is_empty) {
            faults.push("`kafka.brokers` is empty: name at least one HOST:PORT".to_owned());
        }
        if self.group.is_empty() {
            faults.push("`kafka.group` is empty".to_owned());
        }
        for option in &self.options {
            match option.split_once('=') {
                None => faults.push(format!("`kafka.options`: `{option}` is not key=value")),
                Some((key, _)) => {
                    let key = key.trim();
                    if let Some(instead) = owned_option(key) {
                        faults.push(format!("`kafka.options`: `{key}` cannot be set here: {instead}"));
                    }
                }
            }
        }
    }
}

/// Kafka's own rule for topic names.
fn check_topic(key: &str, topic: &str, faults: &mut Vec<String>) {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if topic.is_empty() || topic.len() > 249 || !topic.chars().all(legal) {
        faults.push(format!(
            "`{key}`: `{topic}` is no topic name (1 to 249 letters, digits, dots, underscores, hyphens)"
        ));
    }
}
