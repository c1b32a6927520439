use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use demarche::{
    kafka::{
        Failure, From, InputRecord, Options, Outgoing, Read, Reader, Sender, embedded::Broker,
        stop_on_signals,
    },
    settings::{DeliveryMode, Settings},
};
use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::{Global, data, exit::Exit, feed, lines, records::Record, service::Service};

const EXAMPLES: &str = "\
Examples:
  demarche demo
  demarche demo --once
  demarche demo --set admin.listen=127.0.0.1:9000";

/// Show the whole of it on this machine alone: broker, daemon, sample dispatches, live page
///
/// The broker is librdkafka's embedded one. It has no transactions worth the name, so the daemon runs
/// `at_least_once` here; `demarche run` on a real Kafka defaults to `exactly_once`. The dispatches are invented.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// End after the last dispatch, with a table of what was found
    #[arg(long)]
    once: bool,
}

/// The dispatches, in the order of their names.
static SAMPLES: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/samples");
/// Between two dispatches, so that a person can follow.
const PAUSE: Duration = Duration::from_millis(700);
/// All dispatches together take a second or two; longer means that something is stuck.
const PATIENCE: Duration = Duration::from_secs(120);
const PARTITIONS: i32 = 3;

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let mut settings = global.load()?.settings;
    if settings.log.level == "info" {
        "warn".clone_into(&mut settings.log.level);
    }
    demarche::telemetry::start_logs(&settings.log)?;
    let stop = stop_on_signals()?;
    let broker = start_broker(&mut settings)?;
    let service = Service::start(&settings, &data(&settings)?)?;
    greet(&settings, &broker, &service);

    let options = Options::new(&settings, String::new());
    let daemon_stop = Arc::new(AtomicBool::new(false));
    let flag = daemon_stop.clone();
    let daemon = thread::spawn(move || service.run(&flag));
    let feeder_stop = stop.clone();
    let (feed_options, topic) = (options.clone(), settings.input.topics[0].clone());
    let pause = if args.once { Duration::ZERO } else { PAUSE };
    let feeder = thread::spawn(move || feed_samples(&feed_options, &topic, pause, &feeder_stop));

    let mut show = Show::open(&options)?;
    let expected = args.once.then(|| samples().count());
    let watched = show.watch(expected, &stop, &daemon);
    stop.store(true, Relaxed);
    daemon_stop.store(true, Relaxed);
    feeder.join().map_err(|_| anyhow!("the feeder panicked"))??;
    daemon.join().map_err(|_| anyhow!("the daemon panicked"))??;
    watched?;
    // All is sent now; the event topics may still hold what was not waited for (revisions).
    show.print_events()?;
    if args.once {
        show.counts.print(began.elapsed());
    }
    Ok(Exit::Done)
}

/// Starts it with all topics, and turns the settings to it.
fn start_broker(settings: &mut Settings) -> anyhow::Result<Broker> {
    let output = &settings.output;
    let topics: Vec<(&str, i32)> = settings
        .input
        .topics
        .iter()
        .chain([&output.stances, &output.council_actions, &output.articles, &output.dead_letters])
        .map(|topic| (topic.as_str(), PARTITIONS))
        .collect();
    let broker = Broker::start(&topics).context("the embedded broker")?;
    settings.kafka.brokers = vec![broker.brokers()];
    settings.kafka.options.clear();
    settings.delivery.mode = DeliveryMode::AtLeastOnce;
    if std::net::TcpListener::bind(&settings.admin.listen).is_err() {
        // Something else listens there, another demo perhaps.
        "127.0.0.1:0".clone_into(&mut settings.admin.listen);
    }
    Ok(broker)
}

fn greet(settings: &Settings, broker: &Broker, service: &Service) {
    anstream::eprintln!(
        "broker {} inside of this process; delivery at_least_once, as its transactions have no meaning\n\
         {} invented dispatches go to `{}`; what leaves the output topics is printed here",
        broker.brokers(),
        samples().count(),
        settings.input.topics[0]
    );
    if let Some(address) = service.address() {
        anstream::eprintln!("live page: \x1b[1mhttp://{address}/\x1b[0m\n");
    }
}

fn samples() -> impl Iterator<Item = Record> {
    let mut files: Vec<_> = SAMPLES.files().collect();
    files.sort_by_key(|file| file.path());
    files
        .into_iter()
        .map(|file| Record { origin: file.path().display().to_string(), bytes: file.contents().to_vec() })
}

fn feed_samples(options: &Options, topic: &str, pause: Duration, stop: &AtomicBool) -> Result<(), Failure> {
    let sender = Sender::new(options)?;
    for record in samples() {
        if stop.load(Relaxed) {
            break;
        }
        let key = feed::key(&record);
        sender.send(&Outgoing {
            topic,
            key: key.as_deref().map(str::as_bytes),
            value: Some(&record.bytes),
            headers: &[],
            timestamp: None,
        })?;
        thread::sleep(pause);
    }
    sender.finish().map(|_| ())
}

/// Reads the output topics and prints what leaves them.
struct Show {
    stances: Reader,
    council_actions: Reader,
    articles: Reader,
    dead_letters: Reader,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    /// Records that ended: one of the articles topic or one dead letter each.
    ended: usize,
    outcomes: BTreeMap<String, usize>,
    /// Events that the records of the articles topic tell of.
    announced: usize,
    /// By kind and class, as they left the event topics.
    events: BTreeMap<(String, String), usize>,
}

impl Show {
    fn open(options: &Options) -> Result<Self, Failure> {
        let open = |topic: &str| Reader::open(options, topic, From::Beginning);
        let topics = &options.output_topics;
        Ok(Self {
            stances: open(&topics.stances)?,
            council_actions: open(&topics.council_actions)?,
            articles: open(&topics.articles)?,
            dead_letters: open(&topics.dead_letters)?,
            counts: Counts::default(),
        })
    }

    /// Prints until `stop`, until the daemon has ended, or until `expected` records have ended and what came
    /// of them has been printed.
    fn watch<T>(
        &mut self,
        expected: Option<usize>,
        stop: &AtomicBool,
        daemon: &thread::JoinHandle<T>,
    ) -> anyhow::Result<()> {
        let began = Instant::now();
        while !stop.load(Relaxed) && !daemon.is_finished() {
            self.print_events()?;
            self.print_ends()?;
            if expected.is_some_and(|expected| self.counts.are_complete(expected)) {
                return Ok(());
            }
            if expected.is_some() && began.elapsed() > PATIENCE {
                return Err(
                    anyhow!("{} records have ended, no more come", self.counts.ended).context(Exit::Fatal)
                );
            }
        }
        Ok(())
    }

    fn print_events(&mut self) -> Result<(), Failure> {
        for reader in [&mut self.stances, &mut self.council_actions] {
            for record in arrived(reader)? {
                let value = value(&record);
                self.counts.count_event(&value);
                anstream::println!("{}", lines::event(&value));
            }
        }
        Ok(())
    }

    fn print_ends(&mut self) -> Result<(), Failure> {
        for record in arrived(&mut self.articles)? {
            let value = value(&record);
            self.counts.count_end(value["outcome"].as_str().unwrap_or_default());
            self.counts.announced += value["events"].as_array().map_or(0, Vec::len);
            if let Some(line) = lines::article(&value) {
                anstream::println!("{line}");
            }
        }
        for record in arrived(&mut self.dead_letters)? {
            self.counts.count_end("dead_letter");
            let header =
                |name| text(record.headers.iter().find(|h| h.name == name).and_then(|h| h.value.as_deref()));
            anstream::println!(
                "\x1b[31mdead letter\x1b[0m {}: {}",
                header("dlq-reason"),
                header("dlq-detail")
            );
        }
        Ok(())
    }
}

/// What has come since the last look.
fn arrived(reader: &mut Reader) -> Result<Vec<InputRecord>, Failure> {
    let mut records = Vec::new();
    let mut quiet = false;
    // An end of a partition also comes as nothing: only two in a row are quiet.
    loop {
        match reader.next(Duration::from_millis(20))? {
            Read::Record(record) => records.push(*record),
            Read::Nothing | Read::End if quiet => return Ok(records),
            Read::Nothing | Read::End => quiet = true,
        }
    }
}

fn value(record: &InputRecord) -> Value {
    serde_json::from_slice(record.payload.as_deref().unwrap_or_default()).unwrap_or_default()
}

fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

impl Counts {
    /// Whether `expected` records have ended, and every event of theirs has been printed. The topics are read
    /// one beside the other: an article's record may come before its events.
    fn are_complete(&self, expected: usize) -> bool {
        let of_kind =
            |kind: &str| self.events.iter().filter(|((k, _), _)| k == kind).map(|(_, n)| n).sum::<usize>();
        self.ended >= expected && of_kind("stance") + of_kind("council_action") >= self.announced
    }

    fn count_end(&mut self, outcome: &str) {
        self.ended += 1;
        *self.outcomes.entry(outcome.to_owned()).or_default() += 1;
    }

    fn count_event(&mut self, event: &Value) {
        let word = |field| event[field].as_str().unwrap_or_default().to_owned();
        let class = if event["class"].is_string() { word("class") } else { word("action") };
        *self.events.entry((word("kind"), class)).or_default() += 1;
    }

    fn print(&self, took: Duration) {
        let outcome = |name: &str| self.outcomes.get(name).copied().unwrap_or_default();
        anstream::println!("\n{:<26}{:>6}", "dispatches", self.ended);
        for (name, words) in [
            ("events", "  with events"),
            ("no_event", "  without"),
            ("not_analysed", "  not analysed"),
            ("dead_letter", "  dead letters"),
        ] {
            anstream::println!("{words:<26}{:>6}", outcome(name));
        }
        for (kind, words) in
            [("stance", "stances"), ("council_action", "Council actions"), ("article_revised", "revisions")]
        {
            let of_kind = self.events.iter().filter(|((k, _), _)| k == kind);
            let total: usize = of_kind.clone().map(|(_, n)| n).sum();
            anstream::println!("{words:<26}{total:>6}");
            for ((_, class), count) in of_kind.filter(|((_, class), _)| !class.is_empty()) {
                anstream::println!("  {class:<24}{count:>6}");
            }
        }
        anstream::println!("{:<26}{:>5.1}s", "time", took.as_secs_f64());
    }
}
