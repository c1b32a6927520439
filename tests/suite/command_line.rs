//! The binary as its caller sees it: help, exit codes, what goes to which stream.

use std::process::{Command, Output};

/// Runs the built binary, without settings of the caller's own environment.
pub(crate) fn demarche(arguments: &[&str]) -> Output {
    let inherited = std::env::vars().filter(|(name, _)| !name.starts_with("DEMARCHE__"));
    Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(arguments)
        .env_clear()
        .envs(inherited)
        .output()
        .expect("the binary runs")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Every command that `--help` lists, and those below it ("config show").
fn commands() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = stdout(&demarche(&arguments));
        let listed =
            help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or("");
        for line in listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
            let name = line.split_whitespace().next().expect("a name");
            if name != "help" {
                open.push([path.clone(), vec![name.to_owned()]].concat());
            }
        }
        found.push(path);
    }
    found
}

#[test]
fn every_command_has_help_with_an_example_or_commands_of_its_own() {
    let commands = commands();
    for name in [
        "run", "demo", "analyse", "evaluate", "train", "validate", "config", "feed", "tail", "replay",
        "erase", "schema",
    ] {
        assert!(commands.contains(&vec![name.to_owned()]), "{name} is not listed: {commands:?}");
    }
    for path in commands.iter().filter(|path| path.len() == 1) {
        let help = demarche(&[path[0].as_str(), "--help"]);
        assert_eq!(help.status.code(), Some(0));
        assert!(
            stdout(&help).contains(&format!("Examples:\n  demarche {}", path[0])),
            "{path:?} has no example"
        );
    }
}

#[test]
fn wrong_usage_is_2_and_says_so_on_standard_error() {
    for arguments in [&["frobnicate"][..], &["config", "show", "--colour"], &[]] {
        let output = demarche(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && stderr(&output).contains("Usage"), "{arguments:?}");
    }
}

#[test]
fn settings_that_cannot_be_used_are_78() {
    let broken = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(broken.path(), "[kafka\n").expect("written");
    let broken = broken.path().to_str().expect("UTF-8");
    let cases = [
        (&["--set", "kafka.brokrs=a:1"][..], "did you mean `kafka.brokers`?"),
        (&["--set", "delivery.mode=perhaps"], "delivery.mode"),
        (&["--set", "kafka.options=acks=0"], "`acks` cannot be set here"),
        (&["--set", "kafka.sasl_password_file=/does/not/exist"], "/does/not/exist"),
        (&["--config", "/does/not/exist.toml"], "/does/not/exist.toml"),
        (&["--config", broken], "line 1, column 7"),
    ];
    for (arguments, told) in cases {
        let output = demarche(&[&["validate"], arguments].concat());
        assert_eq!(output.status.code(), Some(78), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn no_colours_where_nobody_sees_them() {
    let output = demarche(&["validate", "--set", "log.levl=info"]);
    assert!(!stderr(&output).contains('\u{1b}'));
}

#[test]
fn the_environment_is_over_the_file_and_under_the_command_line() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "[kafka]\ngroup = 'file'\n[log]\nlevel = 'warn'\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(["config", "show", "--set", "admin.page=false", "--config"])
        .arg(file.path())
        .env("DEMARCHE__KAFKA__GROUP", "environment")
        .env("DEMARCHE__ADMIN__PAGE", "true")
        .output()
        .expect("the binary runs");
    let shown = stdout(&output);
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).expect("shown").to_owned();
    assert!(line("kafka.group").contains(r#"= "environment""#), "{shown}");
    assert!(line("admin.page ").contains("= false "), "{shown}");
    assert!(line("log.level").contains("# file "), "{shown}");
}

#[test]
fn the_reference_is_a_settings_file_that_validates() {
    let reference = stdout(&demarche(&["config", "reference"]));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), reference).expect("written");
    let output = demarche(&["validate", "--config", file.path().to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}
