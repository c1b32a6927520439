//! What the clients are told.

use std::time::Duration;

use rdkafka::ClientConfig;

use super::Failure;
use crate::{
    delivery::Limits,
    event::Topic,
    settings::{DeliveryMode, Settings, Start, owned_option},
};

/// All that `kafka/` is told by an operator.
#[derive(Debug, Clone)]
pub struct Options {
    /// `host:port,host:port`.
    pub brokers: String,
    pub group: String,
    /// Names this process among the members of its group; the same after a restart.
    pub instance: String,
    /// First part of the transactional id.
    pub transactional_id_prefix: String,
    pub input_topics: Vec<String>,
    pub output_topics: Topics,
    pub start: Start,
    /// Number of threads that analyse.
    pub workers: usize,
    pub limits: Limits,
    /// How long to wait for brokers and topics at the start.
    pub start_timeout: Duration,
    /// How long a drain may last.
    pub drain_timeout: Duration,
    /// How long a revoked partition may be held back to finish what is in work.
    pub revoke_timeout: Duration,
    pub transaction_timeout: Duration,
    /// A member silent for that long loses its partitions.
    pub session_timeout: Duration,
    /// Largest message sent, as in `message.max.bytes`.
    pub message_max_bytes: usize,
    /// Further settings of librdkafka, for both clients.
    pub extra: Vec<(String, String)>,
    /// Digest of the data, for `/status`.
    pub rules: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            brokers: "localhost:9092".to_owned(),
            group: "demarche".to_owned(),
            instance: "demarche".to_owned(),
            transactional_id_prefix: "demarche".to_owned(),
            input_topics: Vec::new(),
            output_topics: Topics::default(),
            start: Start::Beginning,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            limits: Limits::default(),
            start_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(25),
            revoke_timeout: Duration::from_secs(5),
            transaction_timeout: Duration::from_secs(30),
            session_timeout: Duration::from_secs(45),
            message_max_bytes: 1_000_000,
            extra: Vec::new(),
            rules: String::new(),
        }
    }
}

/// Names of the output topics. They must exist before anything is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    pub stances: String,
    pub council_actions: String,
    pub articles: String,
    pub dead_letters: String,
}

impl Default for Topics {
    fn default() -> Self {
        Self {
            stances: "diplomacy.stances.v1".to_owned(),
            council_actions: "diplomacy.council-actions.v1".to_owned(),
            articles: "diplomacy.articles.v1".to_owned(),
            dead_letters: "diplomacy.dead-letters.v1".to_owned(),
        }
    }
}

impl Topics {
    /// The name of a topic by its role.
    pub fn name(&self, topic: Topic) -> &str {
        match topic {
            Topic::Stances => &self.stances,
            Topic::CouncilActions => &self.council_actions,
            Topic::Articles => &self.articles,
            Topic::DeadLetters => &self.dead_letters,
        }
    }

    /// All names.
    pub fn names(&self) -> [&str; 4] {
        [&self.stances, &self.council_actions, &self.articles, &self.dead_letters]
    }
}

impl Options {
    /// As an operator has set them; `rules`: digest of the data.
    pub fn new(settings: &Settings, rules: String) -> Self {
        let (kafka, delivery, output) = (&settings.kafka, &settings.delivery, &settings.output);
        let secrets =
            [("sasl.password", &kafka.sasl_password), ("ssl.key.password", &kafka.ssl_key_password)];
        let secrets = secrets.iter().filter_map(|(key, secret)| Some((*key, secret.reveal()?)));
        let extra = kafka.client_options().chain(secrets);
        Self {
            brokers: kafka.brokers.join(","),
            group: kafka.group.clone(),
            instance: kafka.instance.clone(),
            transactional_id_prefix: delivery.transactional_id_prefix.clone(),
            input_topics: settings.input.topics.clone(),
            output_topics: Topics {
                stances: output.stances.clone(),
                council_actions: output.council_actions.clone(),
                articles: output.articles.clone(),
                dead_letters: output.dead_letters.clone(),
            },
            start: settings.input.start,
            workers: settings.analysis.threads(),
            limits: Limits {
                transactional: delivery.mode == DeliveryMode::ExactlyOnce,
                commit_interval: Duration::from_millis(delivery.commit_interval_ms),
                batch_records: delivery.batch_records,
                batch_bytes: delivery.batch_bytes,
                held_records: delivery.held_records,
                held_bytes: delivery.held_bytes,
                breaker_sample: delivery.breaker_records,
                breaker_share: delivery.breaker_share,
                probe_interval: Duration::from_millis(delivery.breaker_probe_ms),
            },
            start_timeout: Duration::from_millis(delivery.start_timeout_ms),
            drain_timeout: Duration::from_millis(delivery.drain_timeout_ms),
            revoke_timeout: Duration::from_millis(delivery.revoke_timeout_ms),
            transaction_timeout: Duration::from_millis(delivery.transaction_timeout_ms),
            session_timeout: Duration::from_millis(delivery.session_timeout_ms),
            message_max_bytes: delivery.message_max_bytes,
            extra: extra.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            rules,
        }
    }

    /// `<prefix>-<group>-<instance>`: the same after a restart, so that the new process ends the
    /// transaction of the old one at once.
    pub fn transactional_id(&self) -> String {
        format!("{}-{}-{}", self.transactional_id_prefix, self.group, self.instance)
    }

    /// Settings of the consumer.
    ///
    /// # Errors
    /// [`Failure::Configuration`] where `extra` names a setting that is ours.
    pub fn consumer(&self) -> Result<ClientConfig, Failure> {
        let mut config = self.common()?;
        // With the new group protocol (KIP-848) the broker sets these.
        if config.get("group.protocol").is_none_or(|p| p != "consumer") {
            preset(&mut config, "session.timeout.ms", &self.session_timeout.as_millis().to_string());
            preset(&mut config, "partition.assignment.strategy", "cooperative-sticky");
        }
        config
            .set("group.id", &self.group)
            .set("group.instance.id", &self.instance)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_committed");
        preset(&mut config, "statistics.interval.ms", "5000");
        preset(&mut config, "queued.max.messages.kbytes", "16384");
        preset(&mut config, "fetch.queue.backoff.ms", "50");
        // Partitions and topics that are new are seen within that time.
        preset(&mut config, "topic.metadata.refresh.interval.ms", "30000");
        // A fetch that waits for data holds up partitions that are resumed.
        preset(&mut config, "fetch.wait.max.ms", "100");
        Ok(config)
    }

    /// Settings of the producer.
    ///
    /// # Errors
    /// [`Failure::Configuration`] where `extra` names a setting that is ours.
    pub fn producer(&self) -> Result<ClientConfig, Failure> {
        let mut config = self.common()?;
        if self.limits.transactional {
            config
                .set("transactional.id", self.transactional_id())
                .set("transaction.timeout.ms", self.transaction_timeout.as_millis().to_string());
        }
        config
            .set("enable.idempotence", "true")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", self.message_max_bytes.to_string());
        preset(&mut config, "linger.ms", "5");
        preset(&mut config, "compression.type", "zstd");
        Ok(config)
    }

    /// What all clients share.
    pub(super) fn common(&self) -> Result<ClientConfig, Failure> {
        let mut config = ClientConfig::new();
        config.set("client.id", format!("demarche-{}", self.instance));
        for (key, value) in &self.extra {
            // The secrets are owned by settings of their own, which put them here.
            let secret = matches!(key.as_str(), "sasl.password" | "ssl.key.password");
            if let Some(instead) = owned_option(key).filter(|_| !secret) {
                return Err(Failure::Configuration(format!("kafka.options may not set `{key}`: {instead}")));
            }
            config.set(key, value);
        }
        config.set("bootstrap.servers", &self.brokers);
        preset(&mut config, "ssl.ca.location", "probe");
        Ok(config)
    }
}

fn preset(config: &mut ClientConfig, key: &str, value: &str) {
    if config.get(key).is_none() {
        config.set(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owned_settings_are_refused() {
        for key in ["acks", "enable.auto.commit", "isolation.level", "partitioner", "transactional.id"] {
            let options = Options { extra: vec![(key.to_owned(), "x".to_owned())], ..Options::default() };
            let Err(failure) = options.consumer() else { panic!("`{key}` was accepted") };
            assert_eq!(failure.exit_code(), 78);
            assert!(failure.to_string().contains(key));
        }
    }

    #[test]
    fn settings_of_an_operator_win_over_presets() {
        let extra = vec![("ssl.ca.location".to_owned(), "/etc/ca.pem".to_owned())];
        let options = Options { extra, ..Options::default() };
        assert_eq!(options.producer().unwrap().get("ssl.ca.location"), Some("/etc/ca.pem"));
        assert_eq!(Options::default().producer().unwrap().get("ssl.ca.location"), Some("probe"));
    }

    #[test]
    fn new_group_protocol_leaves_session_to_the_broker() {
        let extra = vec![("group.protocol".to_owned(), "consumer".to_owned())];
        let config = Options { extra, ..Options::default() }.consumer().unwrap();
        assert_eq!(config.get("session.timeout.ms"), None);
        assert_eq!(config.get("partition.assignment.strategy"), None);
    }

    #[test]
    fn the_defaults_of_the_settings_file_arrive() {
        let settings = crate::settings::Settings::defaults().unwrap();
        let options = Options::new(&settings, String::new());
        assert!(options.limits.transactional);
        assert_eq!(options.output_topics, Topics::default());
        assert_eq!(options.limits, Limits::default());
    }

    #[test]
    fn transactional_id_is_stable() {
        assert_eq!(Options::default().transactional_id(), "demarche-demarche-demarche");
    }
}
