//! What `deploy/` says against what the code does.

use std::collections::BTreeSet;

pub(crate) const TELEMETRY: &str = include_str!("../../src/telemetry.rs");
const ALERTS: &str = include_str!("../../deploy/alerts.yaml");
const DASHBOARD: &str = include_str!("../../deploy/grafana/dashboard.json");
const README: &str = include_str!("../../deploy/README.md");
const TOPICS: &str = include_str!("../../deploy/create-topics.sh");

/// Every `demarche_...` in a text, the suffixes that Prometheus adds to a histogram taken off.
pub(crate) fn metrics(text: &str) -> BTreeSet<String> {
    let name =
        |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let base = |name: String| {
        ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|s| name.strip_suffix(s).map(str::to_owned))
            .unwrap_or(name)
    };
    text.match_indices("demarche_").map(|(at, _)| base(name(&text[at..]))).collect()
}

#[test]
fn alerts_and_dashboard_name_metrics_that_exist() {
    let known = metrics(TELEMETRY);
    assert!(known.len() > 10, "{known:?}");
    for (file, text) in [("alerts", ALERTS), ("dashboard", DASHBOARD)] {
        let unknown: Vec<_> = metrics(text).difference(&known).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "in {file}");
    }
}

#[test]
fn every_metric_is_documented() {
    assert_eq!(metrics(README), metrics(TELEMETRY));
}

#[test]
fn the_script_creates_the_topics_of_the_defaults() {
    let settings = demarche::settings::Settings::defaults().expect("defaults load");
    let output = settings.output;
    let expected = [output.stances, output.council_actions, output.articles, output.dead_letters];
    for topic in expected.iter().chain(&settings.input.topics) {
        assert!(TOPICS.contains(&format!("create {topic} ")), "{topic} is not created");
    }
}
