//! Typed settings: `config/demarche.toml` < file < environment < command line.

mod checks;
mod layers;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub use checks::owned_option;
pub use layers::{Entry, Layers, Loaded};

/// The annotated defaults. Every key that exists stands in it.
pub const REFERENCE: &str = include_str!("../config/demarche.toml");

/// Settings that cannot be used; each variant names what to change.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("settings file `{}`: {source}", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    /// Not TOML, or a value of the wrong type; `layer` names the file, variable or flag.
    #[error("{layer}: {message}")]
    Invalid { layer: String, message: String },
    #[error("{layer}: there is no setting `{key}`{}", hint(.nearest.as_deref()))]
    UnknownKey { layer: String, key: String, nearest: Option<String> },
    /// Values that are well formed and cannot work together; one fault a line.
    #[error("{}", .0.join("\n"))]
    Unworkable(Vec<String>),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |key| format!("; did you mean `{key}`?"))
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(deserialize_with = "unset_if_empty")]
    pub data_dir: Option<PathBuf>,
    pub kafka: Kafka,
    pub input: Input,
    pub output: Output,
    pub delivery: Delivery,
    pub analysis: Analysis,
    pub admin: Admin,
    pub log: Log,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    pub brokers: Vec<String>,
    pub group: String,
    /// After loading never empty: the host name stands in where none was set.
    pub instance: String,
    /// `key=value` of librdkafka; see [`Kafka::client_options`].
    pub options: Vec<String>,
    /// After loading this holds the secret, also where it was given as a file.
    pub sasl_password: Secret,
    #[serde(deserialize_with = "unset_if_empty")]
    pub sasl_password_file: Option<PathBuf>,
    pub ssl_key_password: Secret,
    #[serde(deserialize_with = "unset_if_empty")]
    pub ssl_key_password_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    pub topics: Vec<String>,
    pub start: Start,
}

/// Where a group that has committed nothing begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    Beginning,
    End,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub stances: String,
    pub council_actions: String,
    pub articles: String,
    pub dead_letters: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMode {
    ExactlyOnce,
    AtLeastOnce,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    pub mode: DeliveryMode,
    pub transactional_id_prefix: String,
    pub commit_interval_ms: u64,
    pub batch_records: usize,
    pub batch_bytes: usize,
    pub held_records: usize,
    pub held_bytes: usize,
    pub message_max_bytes: usize,
    pub start_timeout_ms: u64,
    pub transaction_timeout_ms: u64,
    pub session_timeout_ms: u64,
    pub revoke_timeout_ms: u64,
    pub drain_timeout_ms: u64,
    /// 0 switches the breaker off.
    pub breaker_records: usize,
    pub breaker_share: f64,
    pub breaker_probe_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// 0 stands for one a core.
    pub workers: usize,
}

impl Analysis {
    /// Threads that analyse, at least one.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        if self.workers == 0 { cores() } else { self.workers }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// `HOST:PORT`, or empty for no server.
    pub listen: String,
    pub page: bool,
    pub page_articles: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

/// A value that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself; `None` where none is set.
    pub fn reveal(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|s| !s.is_empty())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "unset" } else { "***" })
    }
}

impl Settings {
    /// The defaults with nothing laid over them.
    ///
    /// # Errors
    /// Only if `config/demarche.toml` itself is wrong.
    pub fn defaults() -> Result<Self, SettingsError> {
        Layers::default().load().map(|loaded| loaded.settings)
    }
}

impl Kafka {
    /// `options`, cut at the first `=`. Entries without one were refused when loading.
    pub fn client_options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.iter().filter_map(|option| option.split_once('=')).map(|(k, v)| (k.trim(), v.trim()))
    }

    /// Puts secrets read from their files, and the host name, where nothing else was set.
    fn complete(&mut self) -> Result<(), SettingsError> {
        let (sasl, ssl) = (self.sasl_password_file.as_deref(), self.ssl_key_password_file.as_deref());
        read_secret("kafka.sasl_password_file", &mut self.sasl_password, sasl)?;
        read_secret("kafka.ssl_key_password_file", &mut self.ssl_key_password, ssl)?;
        if self.instance.is_empty() {
            self.instance = host_name();
        }
        Ok(())
    }
}

fn read_secret(key: &str, secret: &mut Secret, file: Option<&Path>) -> Result<(), SettingsError> {
    let Some(file) = file else { return Ok(()) };
    let unreadable = |source| SettingsError::Unreadable { file: file.to_owned(), source };
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    if is_readable_by_all(&std::fs::metadata(file).map_err(unreadable)?) {
        return Err(SettingsError::Unworkable(vec![format!(
            "`{key}`: everybody on this machine can read `{}`: chmod o-r it (Kubernetes: `defaultMode: 0440`)",
            file.display()
        )]));
    }
    text.trim_end_matches(['\r', '\n']).clone_into(&mut secret.0);
    Ok(())
}

#[cfg(unix)]
fn is_readable_by_all(file: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o004 != 0
}

#[cfg(not(unix))]
fn is_readable_by_all(_file: &std::fs::Metadata) -> bool {
    false
}

fn host_name() -> String {
    let kernel = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = std::env::var("HOSTNAME").ok().or_else(kernel).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
}

fn unset_if_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(Some(PathBuf::from(text)).filter(|path| !path.as_os_str().is_empty()))
}

#[cfg(test)]
mod tests;
