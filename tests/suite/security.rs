//! TLS, SASL and rights against a real Kafka that asks for them, with certificates made here.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::{
    broker::{Broker, Setup},
    command_line::{demarche, stderr, stdout},
    service::{Service, flags},
    wire::{SOON, committed, input, outputs, read, topics, write},
};

const PASSWORD: &str = "wary-$ecret-42";
const LISTENERS: [&str; 3] = ["SASL_SSL", "SSL", "TLS"];
/// Places in the list above.
const SASL: u16 = 0;
const MUTUAL: u16 = 1;
const TLS: u16 = 2;

/// A broker with listeners of each kind, and the folder of its certificates.
struct Fortress {
    broker: Broker,
    folder: tempfile::TempDir,
}

fn fortress() -> Option<&'static Fortress> {
    static SHARED: OnceLock<Option<Fortress>> = OnceLock::new();
    SHARED.get_or_init(build).as_ref()
}

fn build() -> Option<Fortress> {
    let folder = tempfile::tempdir().expect("a folder");
    certificates(folder.path())?;
    let dir = folder.path().display();
    let scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    let plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    let settings = format!(
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,TLS:SSL,SASL_SSL:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={scram}
listener.name.sasl_ssl.plain.sasl.jaas.config={plain} user_plain=\"{PASSWORD}\";
ssl.keystore.type=PEM
ssl.keystore.location={dir}/keystore.pem
ssl.truststore.type=PEM
ssl.truststore.location={dir}/ca.pem
listener.name.ssl.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"
    );
    let format = ["scram", "mute", "nameless"].iter().flat_map(|user| {
        ["--add-scram".to_owned(), format!("SCRAM-SHA-512=[name={user},password={PASSWORD}]")]
    });
    let setup = Setup { listeners: &LISTENERS, settings, format: format.collect() };
    Some(Fortress { broker: Broker::start_with(&setup)?, folder })
}

/// Two authorities; of the first a server named by address alone, and a client.
fn certificates(folder: &Path) -> Option<()> {
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output();
        match output {
            Ok(output) => {
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                Some(())
            }
            Err(error) => {
                crate::skipped::skipped(&format!("NO openssl: no encrypted connection was tested: {error}"));
                None
            }
        }
    };
    for (authority, name) in [("ca", "/CN=authority"), ("other", "/CN=stranger")] {
        let (key, certificate) = (format!("{authority}.key"), format!("{authority}.pem"));
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            name,
            "-keyout",
            &key,
            "-out",
            &certificate,
        ])?;
    }
    fs::write(folder.join("server.ext"), "subjectAltName=IP:127.0.0.1\n").expect("written");
    fs::write(folder.join("client.ext"), "extendedKeyUsage=clientAuth\n").expect("written");
    for (who, name) in [("server", "/CN=broker"), ("client", "/CN=mutual")] {
        let (key, request) = (format!("{who}.key"), format!("{who}.csr"));
        let (certificate, extensions) = (format!("{who}.pem"), format!("{who}.ext"));
        openssl(&["req", "-newkey", "rsa:2048", "-nodes", "-subj", name, "-keyout", &key, "-out", &request])?;
        openssl(&[
            "x509",
            "-req",
            "-days",
            "2",
            "-in",
            &request,
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-extfile",
            &extensions,
            "-out",
            &certificate,
        ])?;
    }
    // A client's key behind a password, as operators keep it.
    let password = format!("pass:{PASSWORD}");
    openssl(&["pkcs8", "-topk8", "-in", "client.key", "-out", "client.locked", "-passout", &password])?;
    let all: String = ["server.key", "server.pem", "ca.pem"]
        .iter()
        .map(|name| fs::read_to_string(folder.join(name)).expect("made"))
        .collect();
    fs::write(folder.join("keystore.pem"), all).expect("written");
    Some(())
}

impl Fortress {
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A file with a secret, ended by a line break as editors leave it.
    fn secret(&self, name: &str, secret: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("{secret}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("rights");
        path
    }

    fn sasl(&self, run: &str, mechanism: &str, user: &str, password: &str) -> Vec<String> {
        let file = self.secret(&format!("{run}.password"), password);
        let options = format!(
            "security.protocol=sasl_ssl,sasl.mechanism={mechanism},sasl.username={user},ssl.ca.location={}",
            self.path("ca.pem")
        );
        let mut flags = self.flags(run, "127.0.0.1", SASL, &options);
        flags.extend(["--set".to_owned(), format!("kafka.sasl_password_file={}", file.display())]);
        flags
    }

    fn mutual(&self, run: &str) -> Vec<String> {
        let file = self.secret(&format!("{run}.password"), PASSWORD);
        let options = format!(
            "security.protocol=ssl,ssl.ca.location={},ssl.certificate.location={},ssl.key.location={}",
            self.path("ca.pem"),
            self.path("client.pem"),
            self.path("client.locked")
        );
        let mut flags = self.flags(run, "127.0.0.1", MUTUAL, &options);
        flags.extend(["--set".to_owned(), format!("kafka.ssl_key_password_file={}", file.display())]);
        flags
    }

    fn tls(&self, run: &str, host: &str, listener: u16, authority: &str) -> Vec<String> {
        let options = format!("security.protocol=ssl,ssl.ca.location={}", self.path(authority));
        self.flags(run, host, listener, &options)
    }

    fn flags(&self, run: &str, host: &str, listener: u16, options: &str) -> Vec<String> {
        let mut flags = flags(&self.broker.listener(host, listener), run);
        let own = [format!("kafka.options={options}"), "delivery.start_timeout_ms=15000".to_owned()];
        flags.extend(own.into_iter().flat_map(|setting| ["--set".to_owned(), setting]));
        flags
    }

    /// What the README says that is needed, less what a test leaves out.
    fn grant(&self, run: &str, user: &str, but: &str) {
        let mut rights = Vec::new();
        let mut grant = |kind: &str, name: &str, pattern: &str, row: &str| {
            for operation in operations(row).into_iter().filter(|_| row != but) {
                rights.extend([&format!("User:{user}"), kind, name, pattern, &operation].map(str::to_owned));
            }
        };
        grant("TOPIC", &input(run), "LITERAL", "input topics");
        for name in outputs(run).names() {
            grant("TOPIC", name, "LITERAL", "output topics");
        }
        grant("GROUP", run, "LITERAL", "group");
        grant("TRANSACTIONAL_ID", &format!("demarche-{run}-"), "PREFIXED", "transactional id");
        self.broker.program("Acls.java", &rights.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// The operations that the README's table names for a resource; what is in brackets follows from another.
fn operations(resource: &str) -> Vec<String> {
    let readme = include_str!("../../README.md");
    let row = readme.lines().find(|line| line.starts_with(&format!("| {resource}"))).expect("a row");
    let cell = row.split('|').nth(2).expect("a cell");
    let named = cell.split('(').next().unwrap_or_default().split(',').map(|w| w.trim().to_uppercase());
    named.collect()
}

/// A daemon with these flags takes a record from the input to the outputs.
fn assert_gets_through(fortress: &Fortress, run: &str, user: &str, flags: &[String]) {
    let brokers = fortress.broker.brokers();
    fortress.broker.create(&topics(run, 1), &[]);
    fortress.grant(run, user, "");
    write(&brokers, &input(run), 1, ["{\"id\": \"a\", \"text\": \"Un.\"}".to_owned()]);
    let service = Service::start(flags, &[]);
    let begun = Instant::now();
    while committed(&brokers, run, 1) != [1] {
        assert!(begun.elapsed() < SOON, "{run}: {}", service.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{run}: {log}");
    assert_eq!(read(&brokers, &outputs(run).articles, "read_committed").len(), 1, "{run}");
}

/// A daemon with these flags ends with that code and says why.
fn assert_refused(run: &str, flags: &[String], code: i32, reasons: &[&str]) {
    let (exit, log) = Service::start(flags, &[]).end();
    assert_eq!(exit, Some(code), "{run}: {log}");
    let last = log.lines().last().unwrap_or_default();
    assert!(reasons.iter().any(|reason| last.contains(reason)), "{run}: {log}");
    assert!(!log.contains(PASSWORD), "{run}: the password is in the log: {log}");
}

#[test]
fn each_way_in_works_with_the_rights_that_the_readme_names() {
    let Some(fortress) = fortress() else { return };
    let scram = fortress.sasl("scram", "SCRAM-SHA-512", "scram", PASSWORD);
    assert_gets_through(fortress, "scram", "scram", &scram);
    let plain = fortress.sasl("plain", "PLAIN", "plain", PASSWORD);
    assert_gets_through(fortress, "plain", "plain", &plain);
    assert_gets_through(fortress, "mutual", "CN=mutual", &fortress.mutual("mutual"));
    let tls = fortress.tls("tls", "127.0.0.1", TLS, "ca.pem");
    assert_gets_through(fortress, "tls", "ANONYMOUS", &tls);
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let Some(fortress) = fortress() else { return };
    for mechanism in ["SCRAM-SHA-512", "PLAIN"] {
        let user = if mechanism == "PLAIN" { "plain" } else { "scram" };
        let wrong = fortress.sasl("wrong-password", mechanism, user, "guessed");
        assert_refused(mechanism, &wrong, 69, &["Authentication failed", "invalid credentials"]);
    }
    let stranger = fortress.tls("wrong-authority", "127.0.0.1", TLS, "other.pem");
    assert_refused("wrong authority", &stranger, 69, &["certificate verify failed"]);
    // The certificate names the address alone.
    let elsewhere = fortress.tls("wrong-name", "localhost", TLS, "ca.pem");
    assert_refused("wrong host name", &elsewhere, 69, &["certificate verify failed", "hostname mismatch"]);
    let nobody = fortress.tls("no-certificate", "127.0.0.1", MUTUAL, "ca.pem");
    assert_refused("no certificate", &nobody, 69, &["certificate required", "bad certificate"]);
}

#[test]
fn a_missing_right_ends_the_daemon_and_is_named() {
    let Some(fortress) = fortress() else { return };
    let brokers = fortress.broker.brokers();
    let cases = [
        ("mute", "output topics", 78, "mute-events"),
        ("nameless", "transactional id", 78, "ransactional"),
        ("nameless", "group", 78, "roup"),
        ("nameless", "input topics", 78, "opic"),
    ];
    for (n, (user, but, code, named)) in cases.into_iter().enumerate() {
        let run = if n == 0 { user.to_owned() } else { format!("{user}-{n}") };
        fortress.broker.create(&topics(&run, 1), &[]);
        fortress.grant(&run, user, but);
        write(&brokers, &input(&run), 1, ["{\"id\": \"a\", \"text\": \"Un.\"}".to_owned()]);
        let flags = fortress.sasl(&run, "SCRAM-SHA-512", user, PASSWORD);
        let look = [&["validate".to_owned(), "--connect".to_owned()], &flags[..]].concat();
        let looked = demarche(&look.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(looked.status.code(), Some(1), "{but}: {}", stderr(&looked));
        let told = |line: &str| line.starts_with("fault:") && line.contains("allow ") && line.contains(named);
        assert!(stderr(&looked).lines().any(told), "{but}: {}", stderr(&looked));
        assert_refused(but, &flags, code, &[named]);
    }
}

#[test]
fn secrets_are_never_shown() {
    let Some(fortress) = fortress() else { return };
    let run = "discreet";
    fortress.broker.create(&topics(run, 1), &[]);
    fortress.grant(run, "scram", "");
    let mut flags = fortress.sasl(run, "SCRAM-SHA-512", "scram", PASSWORD);
    let loud = ["log.level=trace", "kafka.ssl_key_password=another-$ecret"];
    flags.extend(loud.iter().flat_map(|setting| ["--set".to_owned(), (*setting).to_owned()]));
    // The client's own debugging, all of it.
    let options = flags.iter_mut().find(|flag| flag.starts_with("kafka.options=")).expect("options");
    options.push_str(",debug=all");

    let arguments: Vec<&str> =
        ["config", "show"].into_iter().chain(flags.iter().map(String::as_str)).collect();
    let shown = demarche(&arguments);
    assert_eq!(shown.status.code(), Some(0));
    let mut service = Service::start(&flags, &[]);
    let address = service.address();
    let begun = Instant::now();
    while !page(&address, "/health/ready").starts_with("HTTP/1.1 200") {
        assert!(begun.elapsed() < SOON, "{}", service.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let pages = ["/", "/status", "/metrics", "/health/live", "/health/ready"];
    let told: String = pages.iter().map(|path| page(&address, path)).collect();
    let (code, log) = service.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("SASL"), "the client was not made to talk");
    for secret in [PASSWORD, "another-$ecret"] {
        for (place, text) in [("config show", &stdout(&shown)), ("a page", &told), ("the log", &log)] {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{place}: {line:?}");
        }
    }
}

fn page(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
