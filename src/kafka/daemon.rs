//! Start, drain and end of the threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crossbeam_channel::Sender;
use rdkafka::{
    consumer::{BaseConsumer, Consumer},
    error::{KafkaError, RDKafkaErrorCode},
    producer::Producer,
};
use tracing::{info, warn};

use super::{
    Ended, Failure, Faults, InputRecord, Options, Outcome, Progress, Snapshot,
    beginnings::Beginnings,
    desk::Desk,
    errors::{Reaction, producer_failure, reaction},
    intake::{Assignment, DaemonConsumer, poll},
    orphans::Orphans,
    transactor::{DaemonProducer, Reports, Transactor},
    workers::{Bench, Job},
};
use crate::{admin::Board, delivery::Input};

/// What is done to a record: decode, analyse, and give what is to be published.
pub type Process = Arc<dyn Fn(&InputRecord) -> Outcome + Send + Sync>;

/// How often the waiting thread looks whether it shall stop, and reports.
const LOOK: Duration = Duration::from_millis(100);
/// For one question to the broker at the start.
const ASK: Duration = Duration::from_secs(2);

/// The running daemon.
pub struct Daemon {
    desk: Arc<Desk>,
    progress: Arc<Progress>,
    drain_timeout: Duration,
    transactor: JoinHandle<()>,
    intake: JoinHandle<()>,
    orphans: JoinHandle<()>,
    workers: Vec<JoinHandle<()>>,
}

/// A view of the running daemon, for health checks and metrics.
#[derive(Clone)]
pub struct View {
    desk: Arc<Desk>,
    progress: Arc<Progress>,
}

impl View {
    pub fn snapshot(&self) -> Snapshot {
        self.progress.snapshot(&self.desk.summary())
    }
}

impl Daemon {
    /// Connects and starts to read. `tap` is told of every record that was committed; what it has
    /// no room for it misses.
    ///
    /// # Errors
    /// Settings that are refused, brokers that are not reached, a transactional id in use.
    pub fn start(
        options: &Options,
        process: &Process,
        board: &Arc<Board>,
        tap: Option<Sender<Arc<Ended>>>,
    ) -> Result<Self, Failure> {
        let desk = Arc::new(Desk::new(options.limits.clone()));
        let progress = Arc::new(Progress::new(options, Arc::clone(board)));
        let faults = Arc::new(Faults::default());
        let consumer = Arc::new(connect(options, &desk, &progress, &faults)?);
        let producer = prepare_producer(options, &consumer, &faults)?;
        let topics: Vec<&str> = options.input_topics.iter().map(String::as_str).collect();
        consumer.subscribe(&topics).map_err(|e| Failure::Configuration(format!("subscription: {e}")))?;

        // The window bounds what is in the queue.
        let (jobs, queue) = crossbeam_channel::unbounded::<Job>();
        let bench = Bench {
            desk: Arc::clone(&desk),
            progress: Arc::clone(&progress),
            jobs: queue,
            process: Arc::clone(process),
            message_max_bytes: options.message_max_bytes,
        };
        let workers = (0..options.workers.max(1))
            .map(|n| {
                let bench = bench.clone();
                spawn(&format!("worker-{n}"), &desk, move || bench.work(n))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let transactor = Transactor {
            desk: Arc::clone(&desk),
            progress: Arc::clone(&progress),
            consumer: Arc::clone(&consumer),
            producer,
            topics: options.output_topics.clone(),
            transactional_id: options.limits.transactional.then(|| options.transactional_id()),
            message_max_bytes: options.message_max_bytes,
            tap,
            batch: Vec::new(),
            open: false,
            alone: false,
        };
        let transactor = spawn("transactor", &desk, move || transactor.run())?;
        let orphans = Orphans {
            desk: Arc::clone(&desk),
            consumer: Arc::clone(&consumer),
            group: options.group.clone(),
            topics: options.input_topics.clone(),
            interval: Orphans::interval(options),
        };
        let orphans = spawn("orphans", &desk, move || orphans.watch())?;
        let most_jobs = options.limits.held_records * 2;
        let intake = spawn("intake", &desk, move || poll(&consumer, &jobs, most_jobs))?;
        Ok(Self {
            desk,
            progress,
            drain_timeout: options.drain_timeout,
            transactor,
            intake,
            orphans,
            workers,
        })
    }

    /// A view that outlives this handle.
    pub fn view(&self) -> View {
        View { desk: Arc::clone(&self.desk), progress: Arc::clone(&self.progress) }
    }

    /// Runs until `stop` is set, then drains; or until the daemon fails.
    ///
    /// # Errors
    /// Why the daemon failed, or that the drain took too long.
    pub fn run(self, stop: &AtomicBool) -> Result<(), Failure> {
        while !stop.load(Ordering::Acquire) && !self.desk.is_stopped() {
            self.progress.report(&self.desk);
            thread::sleep(LOOK);
        }
        self.drain()
    }

    /// Finishes what is in work, commits it and lets go of all partitions.
    ///
    /// # Errors
    /// Why the daemon failed, or that the drain took too long.
    pub fn drain(self) -> Result<(), Failure> {
        info!(timeout = ?self.drain_timeout, "draining");
        let deadline = Instant::now() + self.drain_timeout;
        self.desk.step(Input::Drain);
        self.progress.report(&self.desk);
        let in_time = self.desk.wait_until_drained(self.drain_timeout);
        self.desk.stop();
        if let Some(failure) = self.desk.failure() {
            return Err(failure);
        }
        if !in_time {
            return Err(Failure::DrainDeadline(self.desk.summary().held_records));
        }
        // The consumer goes with its last owner and leaves the group then.
        let threads = [self.transactor, self.intake, self.orphans].into_iter().chain(self.workers);
        join(threads, deadline)?;
        info!("drained");
        Ok(())
    }
}

/// What a thread tells the desk from now on changes nothing, as everything is committed; but a panic is a bug.
fn join(threads: impl Iterator<Item = JoinHandle<()>>, deadline: Instant) -> Result<(), Failure> {
    for thread in threads {
        while !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        if !thread.is_finished() {
            return Err(Failure::DrainDeadline(0));
        }
        if thread.join().is_err() {
            return Err(Failure::Fatal("a thread panicked at the end".to_owned()));
        }
    }
    Ok(())
}

/// A thread whose panic ends the daemon, and is known to who joins it.
fn spawn(
    name: &str,
    desk: &Arc<Desk>,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, Failure> {
    let (desk, label) = (Arc::clone(desk), name.to_owned());
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(body)) {
                desk.fail(Failure::Fatal(format!("thread {label} panicked")));
                resume_unwind(panic);
            }
        })
        .map_err(|e| Failure::Fatal(format!("thread {name} cannot be started: {e}")))
}

fn connect(
    options: &Options,
    desk: &Arc<Desk>,
    progress: &Arc<Progress>,
    faults: &Arc<Faults>,
) -> Result<DaemonConsumer, Failure> {
    let context = Assignment {
        desk: Arc::clone(desk),
        progress: Arc::clone(progress),
        faults: Arc::clone(faults),
        instance: options.instance.clone(),
        beginnings: Beginnings::new(options.start),
        revoke_timeout: options.revoke_timeout,
        paused: AtomicBool::new(false),
    };
    let consumer: DaemonConsumer = options
        .consumer()?
        .create_with_context(context)
        .map_err(|e| Failure::Configuration(format!("kafka consumer: {e}")))?;
    let deadline = Instant::now() + options.start_timeout;
    reach(&consumer, faults, &options.brokers, deadline)?;
    consumer.context().beginnings.learn(&consumer, &options.input_topics, deadline)?;
    Ok(consumer)
}

/// Waits until a broker answers. Errors of authentication are seen only by polling.
fn reach(
    consumer: &BaseConsumer<Assignment>,
    faults: &Faults,
    brokers: &str,
    deadline: Instant,
) -> Result<(), Failure> {
    loop {
        consumer.poll(Duration::from_millis(50));
        if let Some(reason) = faults.refusal() {
            return Err(Failure::Unreachable(format!("{brokers}: {reason}")));
        }
        match consumer.fetch_metadata(None, ASK) {
            Ok(_) => return Ok(()),
            Err(e) if Instant::now() >= deadline => {
                return Err(Failure::Unreachable(format!("{brokers}: {e}")));
            }
            Err(_) => {}
        }
    }
}

fn prepare_producer(
    options: &Options,
    consumer: &DaemonConsumer,
    faults: &Arc<Faults>,
) -> Result<DaemonProducer, Failure> {
    let producer: DaemonProducer = options
        .producer()?
        .create_with_context(Reports::new(Arc::clone(faults)))
        .map_err(|e| Failure::Configuration(format!("kafka producer: {e}")))?;
    let deadline = Instant::now() + options.start_timeout;
    for topic in options.output_topics.names() {
        await_topic(&producer, topic, deadline)?;
    }
    for topic in &options.input_topics {
        let found = consumer.fetch_metadata(Some(topic), ASK);
        if !found.is_ok_and(|m| m.topics().iter().all(|t| t.error().is_none())) {
            warn!(topic, "input topic is not there yet");
        }
    }
    if !options.limits.transactional {
        return Ok(producer);
    }
    while let Err(error) = producer.init_transactions(ASK * 5) {
        match reaction(&error) {
            Reaction::Retry if Instant::now() < deadline => {}
            Reaction::Retry => return Err(Failure::Unreachable(format!("transaction coordinator: {error}"))),
            Reaction::Abort | Reaction::Fatal => {
                return Err(producer_failure(&error, &options.transactional_id(), "init transactions"));
            }
        }
    }
    Ok(producer)
}

/// Without its topic a result could be sent again for ever.
fn await_topic(producer: &DaemonProducer, topic: &str, deadline: Instant) -> Result<(), Failure> {
    loop {
        producer.poll(Duration::ZERO);
        let answer = producer.client().fetch_metadata(Some(topic), ASK);
        let fault = match &answer {
            Ok(metadata) => {
                match metadata.topics().iter().find_map(rdkafka::metadata::MetadataTopic::error) {
                    None => return Ok(()),
                    Some(fault) => RDKafkaErrorCode::from(fault),
                }
            }
            Err(KafkaError::MetadataFetch(code)) => *code,
            Err(_) => RDKafkaErrorCode::Unknown,
        };
        if super::errors::is_authorization(fault) || Instant::now() >= deadline {
            return Err(Failure::Configuration(format!(
                "output topic `{topic}`: {fault}: create it (deploy/create-topics.sh), or allow Write on it"
            )));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Limits;

    #[test]
    fn a_thread_that_panics_after_the_drain_is_no_clean_end() {
        let desk = Arc::new(Desk::new(Limits::default()));
        desk.stop();
        let deadline = Instant::now() + Duration::from_secs(60);
        let quiet = spawn("quiet", &desk, || {}).expect("a thread");
        assert_eq!(join([quiet].into_iter(), deadline), Ok(()));
        let loud = spawn("loud", &desk, || resume_unwind(Box::new("a bug"))).expect("a thread");
        let failure = join([loud].into_iter(), deadline).expect_err("it panicked");
        assert_eq!(failure.exit_code(), 70);
        assert_eq!(desk.failure(), Some(Failure::Fatal("thread loud panicked".to_owned())));
    }
}
