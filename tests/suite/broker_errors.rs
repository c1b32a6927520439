//! What the daemon does about each error a broker answers, by injection into the embedded broker.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use demarche::{
    delivery::Limits,
    kafka::{InputRecord, Options, Process, embedded::Broker},
};
use rdkafka::types::{RDKafkaApiKey as Api, RDKafkaRespErr as Answer};

use crate::wire::{Running, ended, fake, header, input, options, outputs, read, topics, write};

const PREFIX: &str = "t";

/// A daemon with one record in work, held back until the errors are in place.
struct Case {
    broker: Broker,
    daemon: Running,
    gate: Arc<AtomicBool>,
}

impl Case {
    fn new(record: &str) -> Self {
        let names = topics(PREFIX, 1);
        let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
        let broker = Broker::start(&names).expect("embedded broker");
        let (gate, entered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (open, inside, fake) = (Arc::clone(&gate), Arc::clone(&entered), fake());
        let process: Process = Arc::new(move |record: &InputRecord| {
            inside.store(true, Ordering::Release);
            while !open.load(Ordering::Acquire) {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            fake(record)
        });
        let limits = Limits { breaker_sample: 0, ..Limits::default() };
        let daemon = Running::start(&Options { limits, ..options(&broker.brokers(), PREFIX) }, &process);
        write(&broker.brokers(), &input(PREFIX), 1, [record.to_owned()]);
        daemon.wait("the analysis", |_| entered.load(Ordering::Acquire));
        Self { broker, daemon, gate }
    }

    /// The next requests of that kind are answered so.
    fn answer(self, api: Api, answers: &[Answer]) -> Self {
        self.broker.cluster().request_errors(api, answers);
        self.gate.store(true, Ordering::Release);
        self
    }

    /// The record gets through; how many batches were aborted on the way.
    fn aborts_until_committed(self) -> u64 {
        self.daemon.wait("the record", |s| ended(s) == 1);
        let aborts = self.daemon.snapshot().aborts;
        self.daemon.drain().expect("drain");
        aborts
    }

    /// The daemon ends by itself.
    fn failure(self) -> demarche::kafka::Failure {
        self.daemon.end().expect_err("the daemon fails")
    }
}

#[test]
fn what_librdkafka_retries_never_reaches_us() {
    let cases = [
        (Api::AddPartitionsToTxn, Answer::RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS),
        (Api::AddOffsetsToTxn, Answer::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS),
        (Api::EndTxn, Answer::RD_KAFKA_RESP_ERR_NOT_COORDINATOR),
        (Api::Produce, Answer::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS),
    ];
    for (api, answer) in cases {
        let aborts = Case::new("event 1").answer(api, &[answer]).aborts_until_committed();
        assert_eq!(aborts, 0, "{answer:?}");
    }
}

#[test]
fn stale_membership_aborts_and_sends_again() {
    let cases = [
        Answer::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
        Answer::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
        Answer::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    ];
    for answer in cases {
        let aborts = Case::new("event 1").answer(Api::TxnOffsetCommit, &[answer]).aborts_until_committed();
        assert_eq!(aborts, 1, "{answer:?}");
    }
}

#[test]
fn a_record_that_the_broker_finds_too_large_becomes_its_own_dead_letter() {
    let case = Case::new("long 1");
    let brokers = case.broker.brokers();
    let answer = Answer::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    case.broker.cluster().request_errors(Api::Produce, &[answer]);
    case.gate.store(true, Ordering::Release);
    case.daemon.wait("the record", |s| ended(s) == 1);
    let snapshot = case.daemon.snapshot();
    assert_eq!((snapshot.aborts, snapshot.dead_letters["too_large"]), (1, 1));
    let letters = read(&brokers, &outputs(PREFIX).dead_letters, "read_committed");
    assert_eq!(header(&letters[0], "dlq-reason").as_deref(), Some("too_large"));
    case.daemon.drain().expect("drain");
}

/// Another letter would be as large: sent for ever, none would get through and none be read after it.
#[test]
fn a_dead_letter_that_the_broker_finds_too_large_ends_the_process() {
    let answers = [Answer::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE; 2];
    let failure = Case::new("long 1").answer(Api::Produce, &answers).failure();
    assert_eq!(failure.exit_code(), 78, "{failure}");
    assert!(failure.to_string().contains("max.message.bytes"), "{failure}");
}

#[test]
fn fencing_ends_the_process_and_names_the_id() {
    let cases = [Answer::RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Answer::RD_KAFKA_RESP_ERR_PRODUCER_FENCED];
    for answer in cases {
        let failure = Case::new("event 1").answer(Api::EndTxn, &[answer]).failure();
        assert_eq!(failure.exit_code(), 70);
        assert!(failure.to_string().contains("`demarche-t-a`"), "{answer:?}: {failure}");
    }
}

#[test]
fn what_cannot_be_mended_ends_the_process() {
    let cases = [
        (Api::EndTxn, Answer::RD_KAFKA_RESP_ERR_INVALID_TXN_STATE),
        (Api::Produce, Answer::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER),
    ];
    for (api, answer) in cases {
        let failure = Case::new("event 1").answer(api, &[answer]).failure();
        assert_eq!(failure.exit_code(), 70, "{answer:?}: {failure}");
    }
}

#[test]
fn a_missing_right_ends_with_78_wherever_it_is_found() {
    let cases = [
        (Api::AddPartitionsToTxn, Answer::RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        (Api::Produce, Answer::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED),
        (Api::TxnOffsetCommit, Answer::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED),
    ];
    for (api, answer) in cases {
        let failure = Case::new("event 1").answer(api, &[answer]).failure();
        assert_eq!(failure.exit_code(), 78, "{answer:?}: {failure}");
        assert!(failure.to_string().contains("allow "), "{answer:?}: {failure}");
    }
}

/// Longer than a record may be on its way: its delivery fails, is undone and tried again.
#[test]
fn a_broker_that_takes_no_records_for_a_while_costs_nothing() {
    let case = Case::new("event 1");
    let refused = vec![Answer::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS; 10_000];
    case.broker.cluster().request_errors(Api::Produce, &refused);
    case.gate.store(true, Ordering::Release);
    case.daemon.wait("a delivery that failed", |s| s.aborts > 0);
    assert_eq!(ended(&case.daemon.snapshot()), 0, "an offset was committed without its event");
    case.broker.cluster().clear_request_errors(Api::Produce);
    case.daemon.wait("the record", |s| ended(s) == 1);
    let events = read(&case.broker.brokers(), &outputs(PREFIX).stances, "read_committed");
    assert_eq!(events.len(), 1);
    case.daemon.drain().expect("drain");
}

#[test]
fn a_member_fenced_by_its_name_ends_the_process() {
    let answer = Answer::RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    let failure = Case::new("event 1").answer(Api::Heartbeat, &[answer]).failure();
    assert_eq!(failure.exit_code(), 70, "{failure}");
    assert!(failure.to_string().contains("`a`"), "{failure}");
}

#[test]
fn what_hinders_a_start_is_waited_out_or_named() {
    let names = topics(PREFIX, 1);
    let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    let broker = Broker::start(&names).expect("embedded broker");
    let options = options(&broker.brokers(), PREFIX);
    let init = Api::InitProducerId;
    for answer in [
        Answer::RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
        Answer::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        Answer::RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
    ] {
        broker.cluster().request_errors(init, &[answer]);
        Running::start(&options, &fake()).drain().expect("drain");
    }
    broker.cluster().request_errors(init, &[Answer::RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED]);
    let board = Arc::new(demarche::admin::Board::new(1, 0));
    let Err(failure) = demarche::kafka::Daemon::start(&options, &fake(), &board, None) else {
        panic!("started")
    };
    assert_eq!(failure.exit_code(), 78, "{failure}");
}

/// Lost, not revoked: nothing may be waited for and nothing of it committed. The batch is undone while its records
/// are still on their way, which `abort_transaction` by itself never ends.
#[test]
fn a_batch_of_a_lost_partition_is_undone_while_it_is_on_its_way() {
    let names = topics(PREFIX, 1);
    let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    let broker = Broker::start(&names).expect("embedded broker");
    let (gate, entered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (open, inside, fake) = (Arc::clone(&gate), Arc::clone(&entered), fake());
    let process: Process = Arc::new(move |record: &InputRecord| {
        if record.payload.as_deref() == Some(b"event 1") {
            inside.store(true, Ordering::Release);
            while !open.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        fake(record)
    });
    // The second batch waits for its commit when the partition is lost.
    let limits = Limits { breaker_sample: 0, commit_interval: Duration::from_secs(5), ..Limits::default() };
    let extra = vec![("heartbeat.interval.ms".to_owned(), "200".to_owned())];
    let long = Duration::from_secs(120);
    let options = Options { limits, extra, revoke_timeout: long, ..options(&broker.brokers(), PREFIX) };
    let daemon = Running::start(&options, &process);
    write(&broker.brokers(), &input(PREFIX), 1, ["event 0".to_owned()]);
    daemon.wait("the first record", |s| ended(s) == 1);
    write(&broker.brokers(), &input(PREFIX), 1, ["event 1".to_owned()]);
    daemon.wait("the analysis", |_| entered.load(Ordering::Acquire));
    let refused = [Answer::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS; 100];
    broker.cluster().request_errors(Api::Produce, &refused);
    gate.store(true, Ordering::Release);
    std::thread::sleep(Duration::from_millis(500));
    broker.cluster().request_errors(Api::Heartbeat, &[Answer::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID]);
    daemon.wait("the abort", |s| s.aborts > 0);
    assert_eq!(ended(&daemon.snapshot()), 1, "nothing of the lost batch is committed");
    broker.cluster().clear_request_errors(Api::Produce);
    // The embedded broker forgets offsets of transactions: both are read again.
    daemon.wait("both records again", |s| ended(s) == 3);
    daemon.drain().expect("drain");
}
