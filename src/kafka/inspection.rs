//! Looks at a cluster before the daemon does: topics, their settings, and what we may do with them.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rdkafka::{
    ClientContext, TopicPartitionList,
    admin::{AdminClient, AdminOptions, ConfigResource, ResourceSpecifier},
    client::DefaultClientContext,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer},
    error::KafkaError,
    message::DeliveryResult,
    producer::{BaseProducer, BaseRecord, Producer, ProducerContext},
};

use super::{
    Failure, From, Options, Read, Reader,
    errors::is_authorization,
    reader::{Context, partitions},
};

/// For one question to the broker.
const ASK: Duration = Duration::from_secs(5);
/// Key of the records that are written and aborted.
const PROBE: &[u8] = b"demarche-validate";

/// What one look brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Good(String),
    /// The daemon would not run; the text names the remedy.
    Fault(String),
    /// Could not be looked at, and why.
    Unknown(String),
}

use Finding::{Fault, Good, Unknown};

/// Looks at all that the daemon needs of a cluster. Reads nothing away and commits nothing; whether it may write is
/// tried in transactions that are aborted.
///
/// # Errors
/// [`Failure::Unreachable`] where no broker answers, and settings that the client refuses.
pub fn inspect(options: &Options) -> Result<Vec<Finding>, Failure> {
    let mut consumer = options.consumer()?;
    consumer.remove("group.instance.id");
    consumer.remove("statistics.interval.ms");
    let consumer: BaseConsumer<Context> = consumer
        .create_with_context(Context::default())
        .map_err(|e| Failure::Configuration(format!("kafka consumer: {e}")))?;
    let mut findings = Vec::new();
    let mut inputs = TopicPartitionList::new();
    for topic in &options.input_topics {
        if let Some(count) = look_at_topic(&consumer, topic, options, &mut findings)? {
            inputs.add_partition_range(topic, 0, count - 1);
            findings.push(try_reading(options, topic)?);
        }
    }
    findings.push(try_group(&consumer, inputs, &options.group));
    let mut outputs = Vec::new();
    for topic in options.output_topics.names() {
        if look_at_topic(&consumer, topic, options, &mut findings)?.is_some() {
            outputs.push(topic);
        }
    }
    findings.extend(look_at_settings(options, &outputs));
    findings.extend(try_writing(options, &outputs)?);
    Ok(findings)
}

/// The number of its partitions, where it is there.
fn look_at_topic(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Option<i32>, Failure> {
    match partitions(consumer, topic, options) {
        Ok(found) => {
            let count = found.len() as i32;
            let words = if count == 1 { "1 partition".to_owned() } else { format!("{count} partitions") };
            findings.push(Good(format!("`{topic}` is there, {words}")));
            Ok(Some(count))
        }
        Err(Failure::Configuration(fault)) => {
            findings.push(Fault(format!(
                "{fault}: create it (deploy/create-topics.sh), or allow Describe on it"
            )));
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

/// Reads at the end of the topic: what is refused is refused there too.
fn try_reading(options: &Options, topic: &str) -> Result<Finding, Failure> {
    let deadline = Instant::now() + ASK;
    let mut reader = Reader::open(options, topic, From::End)?;
    while Instant::now() < deadline {
        match reader.next(Duration::from_millis(200)) {
            Ok(Read::Nothing) => {}
            Ok(Read::Record(_) | Read::End) => return Ok(Good(format!("`{topic}` can be read"))),
            Err(failure) => {
                return Ok(Fault(format!("`{topic}` cannot be read: {failure}: allow Read on it")));
            }
        }
    }
    Ok(Unknown(format!("whether `{topic}` can be read: no answer in {ASK:?}")))
}

fn try_group(consumer: &BaseConsumer<Context>, inputs: TopicPartitionList, group: &str) -> Finding {
    if inputs.count() == 0 {
        return Unknown(format!("the group `{group}`: there is no input topic"));
    }
    let answer = consumer.committed_offsets(inputs, ASK);
    let fault = match answer {
        Ok(offsets) => offsets.elements().iter().find_map(|e| e.error().err()),
        Err(fault) => Some(fault),
    };
    match fault {
        None => Good(format!("the group `{group}` can be used")),
        Some(fault) if fault.rdkafka_error_code().is_some_and(is_authorization) => {
            Fault(format!("the group `{group}` cannot be used: {fault}: allow Read on it"))
        }
        // An open transaction of a running daemon, or a coordinator on the move.
        Some(fault) => Unknown(format!("the group `{group}`: {fault}")),
    }
}

/// Compaction of the articles topic, and whether our largest message fits.
fn look_at_settings(options: &Options, topics: &[&str]) -> Vec<Finding> {
    if topics.is_empty() {
        return Vec::new();
    }
    let answers = match describe(options, topics) {
        Ok(answers) => answers,
        Err(reason) => return vec![Unknown(format!("settings of the output topics: {reason}"))],
    };
    topics.iter().zip(answers).flat_map(|(topic, answer)| judge_settings(options, topic, answer)).collect()
}

fn describe(options: &Options, topics: &[&str]) -> Result<Vec<Result<ConfigResource, String>>, String> {
    let admin: AdminClient<DefaultClientContext> =
        options.common().map_err(|e| e.to_string())?.create().map_err(|e| e.to_string())?;
    let resources: Vec<ResourceSpecifier<'_>> = topics.iter().map(|t| ResourceSpecifier::Topic(t)).collect();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let asked = AdminOptions::new().request_timeout(Some(ASK));
    let answers = runtime.block_on(admin.describe_configs(&resources, &asked)).map_err(|e| e.to_string())?;
    Ok(answers.into_iter().map(|answer| answer.map_err(|e| e.to_string())).collect())
}

fn judge_settings(options: &Options, topic: &str, answer: Result<ConfigResource, String>) -> Vec<Finding> {
    let settings = match answer {
        Ok(settings) => settings,
        Err(reason) => {
            return vec![Unknown(format!("settings of `{topic}`: {reason} (allow DescribeConfigs)"))];
        }
    };
    let value = |name: &str| settings.get(name).and_then(|entry| entry.value.clone());
    let mut findings = Vec::new();
    if topic == options.output_topics.articles {
        findings.push(match value("cleanup.policy") {
            Some(policy) if policy.contains("compact") => Good(format!("`{topic}` is compacted")),
            Some(policy) => Fault(format!(
                "`{topic}` has cleanup.policy={policy}: set `compact`, or the current results of old articles are lost"
            )),
            None => Unknown(format!("whether `{topic}` is compacted: the broker does not tell (allow DescribeConfigs)")),
        });
    }
    if let Some(most) = value("max.message.bytes").and_then(|bytes| bytes.parse::<usize>().ok())
        && most < options.message_max_bytes
    {
        findings.push(Fault(format!(
            "`{topic}` takes messages of {most} bytes: lower `delivery.message_max_bytes` from {}, or raise its max.message.bytes",
            options.message_max_bytes
        )));
    }
    findings
}

/// Writes one record to each topic, each in a transaction that is then aborted.
fn try_writing(options: &Options, topics: &[&str]) -> Result<Vec<Finding>, Failure> {
    if !options.limits.transactional {
        let words =
            "whether the output topics can be written: only exactly_once can try without leaving a record";
        return Ok(vec![Unknown(words.to_owned())]);
    }
    // Under a name of its own: that of the daemon would fence a running one.
    let instance = format!("{}-validate", options.instance);
    let options = Options { instance, ..options.clone() };
    let id = options.transactional_id();
    let producer: BaseProducer<Probe> = options
        .producer()?
        .create_with_context(Probe::default())
        .map_err(|e| Failure::Configuration(format!("kafka producer: {e}")))?;
    if let Err(fault) = producer.init_transactions(options.start_timeout) {
        let denied = fault.rdkafka_error_code().is_some_and(is_authorization);
        return Ok(vec![if denied {
            Fault(format!(
                "transactions under `{id}`: {fault}: allow Write and Describe on ids with that beginning"
            ))
        } else {
            Unknown(format!("transactions under `{id}`: {fault}"))
        }]);
    }
    let mut findings = vec![Good(format!("transactions under `{id}` can be made"))];
    for topic in topics {
        findings.push(match probe(&producer, topic) {
            Ok(()) => Good(format!("`{topic}` can be written")),
            Err(reason) => Fault(format!("`{topic}` cannot be written: {reason}: allow Write on it")),
        });
    }
    Ok(findings)
}

fn probe(producer: &BaseProducer<Probe>, topic: &str) -> Result<(), String> {
    let seen = producer.context();
    seen.forget();
    producer.begin_transaction().map_err(|e| e.to_string())?;
    let record = BaseRecord::<[u8], [u8]>::to(topic).key(PROBE);
    let sent = producer.send(record).map_err(|(e, _)| e.to_string());
    let deadline = Instant::now() + ASK;
    while sent.is_ok() && seen.answer().is_none() && Instant::now() < deadline {
        producer.poll(Duration::from_millis(50));
    }
    let answer = sent.and_then(|()| seen.answer().unwrap_or_else(|| Err(format!("no answer in {ASK:?}"))));
    // Abort returns only between polls.
    while let Err(fault) = producer.abort_transaction(Duration::from_millis(200)) {
        if Instant::now() > deadline + ASK {
            return Err(format!("abort: {fault}"));
        }
        producer.poll(Duration::from_millis(50));
    }
    answer
}

/// The delivery report of a probe, or the error that came in its place.
#[derive(Default)]
struct Probe(Mutex<Option<Result<(), String>>>);

impl Probe {
    fn answer(&self) -> Option<Result<(), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The first word counts: what follows a refusal is the purge of what was refused.
    fn learn(&self, answer: Result<(), String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(answer);
    }
}

impl ClientContext for Probe {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        // Why a transaction failed is told nowhere else.
        if facility == "TXNERR" {
            self.learn(Err(line.to_owned()));
        }
        tracing::debug!(?level, facility, line, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if error.rdkafka_error_code().is_some_and(is_authorization) {
            self.learn(Err(reason.to_owned()));
        }
    }
}

impl ProducerContext for Probe {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.learn(result.as_ref().map(drop).map_err(|(error, _)| error.to_string()));
    }
}
