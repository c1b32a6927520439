//! A real Apache Kafka, of one node or of three, from the jars that Maven resolves.
//!
//! A node alone must not be ended while transactions commit: on its way down and up its partitions have no leader for
//! a moment, the transaction coordinator takes them for deleted, and completes the commit without a marker in them
//! (`TransactionMarkerChannelManager`; seen in the logs of 4.3.1 at every second SIGTERM under load). Their records and
//! offsets then stay open for ever, or until the next commit of the same producer takes them in, aborted ones too. So
//! it goes with what has outlived its time-out when the node comes up. With three nodes the partitions have leaders throughout.
//!
//! Without Java or Maven the tests say so and pass, unless `DEMARCHE_TEST_KAFKA=required`.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication},
    client::DefaultClientContext,
};

use crate::{child::signal, skipped::skipped};

/// 16 bytes in URL-safe base64, as the format asks.
const CLUSTER: &str = "MkU3OEVBNTcwNTJENDM2Qg";

const SLOWEST_START: Duration = Duration::from_secs(60);

/// One node or several; they and their data go when it is dropped, or when this process ends in any other way.
pub(crate) struct Broker(Vec<Node>);

struct Node {
    port: u16,
    dir: tempfile::TempDir,
    jars: String,
    keeper: Mutex<Option<Child>>,
}

/// The broker that all tests share which leave it alone; none on a machine without Java.
pub(crate) fn shared() -> Option<&'static Broker> {
    static SHARED: OnceLock<Option<Broker>> = OnceLock::new();
    SHARED.get_or_init(Broker::start).as_ref()
}

/// Three nodes, for the tests that bounce one of them under fire: one test at a time.
pub(crate) fn cluster() -> Option<MutexGuard<'static, Option<Broker>>> {
    static CLUSTER: Mutex<Option<Broker>> = Mutex::new(None);
    // A test that failed leaves no broker in a state that matters to the next one.
    let mut cluster = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    if cluster.is_none() {
        *cluster = Broker::start_nodes(3, &Setup::default());
    }
    cluster.is_some().then_some(cluster)
}

/// What a broker is told beside the usual.
#[derive(Default)]
pub(crate) struct Setup {
    /// Names of further listeners, each on a port of its own.
    pub(crate) listeners: &'static [&'static str],
    /// Further lines of its settings.
    pub(crate) settings: String,
    /// Further arguments when its storage is formatted.
    pub(crate) format: Vec<String>,
}

impl Broker {
    /// A broker of one's own, for tests that stop it.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&Setup::default())
    }

    /// A broker with settings of its own.
    pub(crate) fn start_with(setup: &Setup) -> Option<Self> {
        Self::start_nodes(1, setup)
    }

    fn start_nodes(count: usize, setup: &Setup) -> Option<Self> {
        let jars = match jars() {
            Ok(jars) => jars,
            Err(reason) => {
                let required = std::env::var("DEMARCHE_TEST_KAFKA").is_ok_and(|v| v == "required");
                assert!(!required, "a real Kafka is required: {reason}");
                skipped(&format!("NO REAL KAFKA: {reason}"));
                return None;
            }
        };
        let dir = || tempfile::tempdir().expect("folder");
        let node = |_| Node { port: free_ports(), dir: dir(), jars: jars.clone(), keeper: Mutex::default() };
        let nodes: Vec<Node> = (0..count).map(node).collect();
        let voters: Vec<String> =
            nodes.iter().zip(1..).map(|(n, id)| format!("{id}@127.0.0.1:{}", n.port + 1)).collect();
        for (node, id) in nodes.iter().zip(1..) {
            node.write_settings(id, &voters, setup);
            node.format(&setup.format);
            node.spawn();
        }
        nodes.iter().for_each(Node::wait_until_up);
        Some(Self(nodes))
    }

    fn only(&self) -> &Node {
        &self.0[0]
    }

    pub(crate) fn brokers(&self) -> String {
        let addresses: Vec<String> = self.0.iter().map(|n| format!("127.0.0.1:{}", n.port)).collect();
        addresses.join(",")
    }

    /// The address of a further listener, by its place in [`Setup::listeners`].
    pub(crate) fn listener(&self, host: &str, place: u16) -> String {
        self.only().listener(host, place)
    }

    /// Runs a program of `tests/kafka` against the broker.
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kafka").join(name);
        let brokers = self.brokers();
        let all = [&[source.to_str().expect("UTF-8"), &brokers][..], arguments].concat();
        self.only().java(&all, name);
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        ClientConfig::new().set("bootstrap.servers", self.brokers()).create().expect("admin client")
    }

    /// Adds partitions to a topic, so that it has that many.
    pub(crate) fn extend(&self, topic: &str, partitions: usize) {
        let more = [NewPartitions::new(topic, partitions)];
        let admin = self.admin();
        let made = now(admin.create_partitions(&more, &AdminOptions::new())).expect("partitions");
        for more in made {
            more.expect("more partitions");
        }
    }

    pub(crate) fn delete(&self, topics: &[String]) {
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        let _ = now(self.admin().delete_topics(&names, &AdminOptions::new()));
    }

    /// Makes topics, each of that many partitions, with further settings.
    pub(crate) fn create(&self, topics: &[(String, i32)], settings: &[(&str, &str)]) {
        let new = topics.iter().map(|(name, partitions)| {
            let replicas = TopicReplication::Fixed(self.0.len() as i32);
            let topic = NewTopic::new(name, *partitions, replicas);
            settings.iter().fold(topic, |topic, (key, value)| topic.set(key, value))
        });
        let new: Vec<NewTopic<'_>> = new.collect();
        let admin = self.admin();
        let made = now(admin.create_topics(&new, &AdminOptions::new())).expect("topics");
        for topic in made {
            topic.expect("topic is made");
        }
    }

    /// Ends one of its nodes, `KILL` or `TERM`, and starts it again on the same data after a while.
    pub(crate) fn bounce(&self, node: usize, name: &str, away: Duration) {
        let node = &self.0[node % self.0.len()];
        node.end(name);
        std::thread::sleep(away);
        node.spawn();
        node.wait_until_up();
    }

    /// Stops one of its nodes for a while, its connections open, and lets it go on.
    pub(crate) fn silence(&self, node: usize, time: Duration) {
        let node = &self.0[node % self.0.len()];
        node.signal("STOP");
        std::thread::sleep(time);
        node.signal("CONT");
    }
}

impl Node {
    fn listener(&self, host: &str, place: u16) -> String {
        format!("{host}:{}", self.port + 2 + place)
    }

    fn format(&self, further: &[String]) {
        let format = ["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", "server.properties"];
        let further = further.iter().map(String::as_str);
        self.java(&format.into_iter().chain(further).collect::<Vec<_>>(), "format");
    }

    fn end(&self, name: &str) {
        self.signal(name);
        if let Some(mut keeper) = self.keeper.lock().expect("keeper").take() {
            // Waiting closes the pipe, which the keeper would take for our end.
            let pipe = keeper.stdin.take();
            let _ = keeper.wait();
            drop(pipe);
        }
    }

    fn signal(&self, name: &str) {
        let pid = fs::read_to_string(self.path("pid")).expect("pid");
        signal(pid.trim().parse().expect("pid"), name);
    }

    /// Starts Java under a shell that kills it as soon as this process is gone: the pipe tells.
    fn spawn(&self) {
        let script = r#"
            java "$@" </dev/null >>broker.log 2>&1 & java=$!
            echo $java >pid
            (cat >/dev/null; touch orphan; kill -9 $java 2>/dev/null; sleep 0.5; rm -rf "$PWD") <&3 & watch=$!
            wait $java; [ -e orphan ] || kill $watch 2>/dev/null; exit 0"#;
        let keeper = Command::new("sh")
            .args(["-c", &format!("exec 3<&0; {script}"), "keeper"])
            .args(JAVA)
            .args([&format!("-Dlog4j2.configurationFile={}", self.path("log4j2.properties").display())])
            .args(["kafka.Kafka", "server.properties"])
            .env("CLASSPATH", &self.jars)
            .current_dir(self.dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh");
        *self.keeper.lock().expect("keeper") = Some(keeper);
    }

    fn wait_until_up(&self) {
        let begun = Instant::now();
        // The port opens only when the broker is registered.
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = || fs::read_to_string(self.path("broker.log")).unwrap_or_default();
            assert!(self.is_kept() && begun.elapsed() < SLOWEST_START, "Kafka does not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn is_kept(&self) -> bool {
        let mut keeper = self.keeper.lock().expect("keeper");
        keeper.as_mut().is_some_and(|k| k.try_wait().is_ok_and(|ended| ended.is_none()))
    }

    fn java(&self, arguments: &[&str], what: &str) {
        let output = Command::new("java")
            .args(JAVA)
            .args(arguments)
            .env("CLASSPATH", &self.jars)
            .current_dir(self.dir.path())
            .output()
            .expect("java");
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn write_settings(&self, id: usize, voters: &[String], setup: &Setup) {
        let (port, controller) = (self.port, self.port + 1);
        let further = setup.listeners.iter().zip(0..);
        let further: String =
            further.map(|(name, place)| format!(",{name}://{}", self.listener("127.0.0.1", place))).collect();
        let (replicas, in_sync) = (voters.len(), voters.len().div_ceil(2));
        let settings = format!(
            "process.roles=broker,controller
node.id={id}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}{further}
controller.listener.names=CONTROLLER
log.dirs={data}
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
min.insync.replicas={in_sync}
auto.create.topics.enable=false
log.cleaner.dedupe.buffer.size=2097152
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
group.consumer.min.session.timeout.ms=6000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=1000
{own}",
            data = self.path("data").display(),
            voters = voters.join(","),
            own = setup.settings
        );
        fs::write(self.path("server.properties"), settings).expect("settings");
        let log = "status=warn
appender.0.type=Console
appender.0.name=c
appender.0.layout.type=PatternLayout
appender.0.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.0.ref=c
";
        fs::write(self.path("log4j2.properties"), log).expect("log settings");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Waiting closes the pipe, upon which the keeper kills Java. Nothing here may panic: a test may be failing.
        if let Ok(Some(keeper)) = self.keeper.get_mut() {
            let _ = keeper.wait();
        }
    }
}

const JAVA: [&str; 4] = ["-Xms32m", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/// The class path; resolved once and kept beside the build.
fn jars() -> Result<String, String> {
    let version = Command::new("java").arg("-version").output();
    if !version.is_ok_and(|v| v.status.success()) {
        return Err("no `java`".to_owned());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/test-kafka/libs");
    if !folder.exists() {
        let resolved = Command::new("mvn")
            .args(["-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime", "-f"])
            .arg(root.join("tests/kafka/pom.xml"))
            .arg(format!("-DoutputDirectory={}", folder.display()))
            .output()
            .map_err(|e| format!("`mvn`: {e}"))?;
        if !resolved.status.success() {
            return Err(format!("Maven: {}", String::from_utf8_lossy(&resolved.stdout)));
        }
    }
    let files = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut jars: Vec<String> = files.filter_map(|f| f.ok()?.path().to_str().map(str::to_owned)).collect();
    jars.sort();
    Ok(jars.join(":"))
}

fn now<T>(answer: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(answer)
}

/// A free port whose next neighbours are free too, below those that the system gives to outgoing connections:
/// one of these would take it between now and the broker's start, or while a test keeps the broker away.
fn free_ports() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    // Other runs of the tests begin elsewhere.
    let begin = (std::process::id() % 500 * 20) as u16;
    loop {
        let port = 20_000 + (begin + TAKEN.fetch_add(6, Ordering::Relaxed)) % 10_000;
        if (port..port + 6).all(|p| TcpListener::bind(("127.0.0.1", p)).is_ok()) {
            return port;
        }
    }
}
