//! Logs, and the names of all metrics.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt};

use crate::settings::{Log, LogFormat, SettingsError};

/// Records that ended, by `outcome`: `events`, `no_event`, `not_analysed`, `dead_letter`.
pub const RECORDS: &str = "demarche_records_total";
/// Events committed, by `kind` (`stance`, `council_action`) and `class` (class or action).
pub const EVENTS: &str = "demarche_events_total";
/// Dead letters committed, by `reason`.
pub const DEAD_LETTERS: &str = "demarche_dead_letters_total";
/// Seconds that the analysis of one article took.
pub const ANALYSIS_SECONDS: &str = "demarche_analysis_seconds";
/// Seconds from the end of a batch to its commit.
pub const COMMIT_SECONDS: &str = "demarche_commit_seconds";
/// Seconds from the timestamp of an input record to the commit of what was made of it.
pub const LATENCY_SECONDS: &str = "demarche_latency_seconds";
/// Batches that were aborted and sent again.
pub const ABORTED_BATCHES: &str = "demarche_aborted_batches_total";
/// Partitions that came or went, by `change`: `assigned`, `revoked`, `lost`.
pub const REBALANCES: &str = "demarche_rebalances_total";
/// Records not yet committed, by `topic` and `partition`: end of the partition less the committed offset.
pub const LAG: &str = "demarche_lag_records";
/// Records between the poll thread and the commit.
pub const IN_WORK_RECORDS: &str = "demarche_in_work_records";
/// Bytes between the poll thread and the commit.
pub const IN_WORK_BYTES: &str = "demarche_in_work_bytes";
/// 1 while the breaker holds intake back.
pub const BREAKER_OPEN: &str = "demarche_breaker_open";
/// 1, with `version` and `rules` as labels.
pub const BUILD: &str = "demarche_build_info";

const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// Sends log lines to standard error from now on.
///
/// # Errors
/// [`SettingsError::Unworkable`] where the level is no filter, or a subscriber is installed already.
pub fn start_logs(log: &Log) -> Result<(), SettingsError> {
    let fault = |message: String| SettingsError::Unworkable(vec![message]);
    let filter = EnvFilter::try_new(&log.level).map_err(|e| fault(format!("`log.level`: {e}")))?;
    let colours =
        std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|e| fault(format!("logs: {e}")))
}

/// Collects metrics from now on, for the whole process. The handle renders them for Prometheus.
///
/// # Errors
/// [`MetricsError`] where the process has a recorder already.
pub fn start_metrics(rules: &str) -> Result<PrometheusHandle, MetricsError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .map_err(|e| MetricsError(e.to_string()))?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|e| MetricsError(e.to_string()))?;
    describe();
    metrics::gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION"), "rules" => rules.to_owned()).set(1.0);
    metrics::gauge!(BREAKER_OPEN).set(0.0);
    Ok(handle)
}

/// Metrics cannot be collected.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(String);

fn describe() {
    describe_counter!(RECORDS, "records that ended, by outcome");
    describe_counter!(EVENTS, "events committed, by kind and class");
    describe_counter!(DEAD_LETTERS, "dead letters committed, by reason");
    describe_histogram!(ANALYSIS_SECONDS, Unit::Seconds, "analysis of one article");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "from the end of a batch to its commit");
    describe_histogram!(
        LATENCY_SECONDS,
        Unit::Seconds,
        "from a record's timestamp to the commit of its events"
    );
    describe_counter!(ABORTED_BATCHES, "batches that were aborted and sent again");
    describe_counter!(REBALANCES, "partitions assigned, revoked and lost");
    describe_gauge!(LAG, "records not yet committed, by topic and partition");
    describe_gauge!(IN_WORK_RECORDS, "records between the poll thread and the commit");
    describe_gauge!(IN_WORK_BYTES, Unit::Bytes, "bytes between the poll thread and the commit");
    describe_gauge!(BREAKER_OPEN, "1 while the breaker holds intake back");
    describe_gauge!(BUILD, "version and digest of the rules");
}
