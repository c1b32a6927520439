//! The live page in a real Chromium: `tests/page/check.mjs` drives it, this sets the stage.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use demarche::kafka::embedded::Broker;

use crate::{
    service::{Service, flags},
    skipped::skipped,
    wire::topics,
};

/// Shown in the README; `UPDATE_SCREENSHOT=1` renews it.
const PICTURE: &str = "deploy/live-page.png";

fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn browser() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| works(Command::new(name).arg("--version")))
}

/// A folder with the script and the package that drives the browser; none where npm cannot have it.
fn script() -> Option<PathBuf> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    fs::create_dir_all(&folder).expect("a folder");
    for name in ["package.json", "package-lock.json", "check.mjs"] {
        fs::copy(from.join(name), folder.join(name)).expect("copied");
    }
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    works(Command::new("npm").args(install).current_dir(&folder)).then_some(folder.join("check.mjs"))
}

#[test]
fn a_person_sees_events_filters_them_and_is_safe_from_articles() {
    let Some(browser) = browser() else {
        skipped("NO CHROMIUM: the live page was NOT looked at");
        return;
    };
    let Some(script) = script() else {
        skipped("NO npm THAT INSTALLS: the live page was NOT looked at");
        return;
    };
    let names = topics("t", 1);
    let names: Vec<(&str, i32)> = names.iter().map(|(t, n)| (t.as_str(), *n)).collect();
    let broker = Broker::start(&names).expect("embedded broker");
    let mut flags = flags(&broker.brokers(), "t");
    flags.extend(["--set".to_owned(), "delivery.mode=at_least_once".to_owned()]);
    let mut service = Service::start(&flags, &[]);

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let renew = std::env::var_os("UPDATE_SCREENSHOT").is_some();
    let picture = if renew { root.join(PICTURE) } else { script.with_file_name("live-page.png") };
    let feed = [vec![env!("CARGO_BIN_EXE_demarche").to_owned()], flags.clone()].concat();
    let output = Command::new("node")
        .arg(&script)
        .env("URL", format!("http://{}/", service.address()))
        .env("FEED", serde_json::to_string(&feed).expect("JSON"))
        .env("SAMPLES", root.join("tests/samples"))
        .env("CHROMIUM", browser_path(browser))
        .env("SCREENSHOT", &picture)
        .output()
        .expect("node runs");
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", told(&output.stdout), told(&output.stderr));
    assert!(fs::metadata(&picture).is_ok_and(|m| m.len() > 10_000), "no picture at {}", picture.display());
}

/// The package wants a path.
fn browser_path(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.exists()).expect("found")
}
