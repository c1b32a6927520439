use std::io::Write;

use super::{DeliveryMode, Layers, Loaded, Settings, SettingsError};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("written");
    file
}

fn load(text: &str, environment: &[(&str, &str)], set: &[&str]) -> Result<Loaded, SettingsError> {
    let file = file(text);
    Layers {
        file: Some(file.path().to_owned()),
        environment: environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        set: set.iter().map(|s| (*s).to_owned()).collect(),
    }
    .load()
}

fn fault(text: &str, environment: &[(&str, &str)], set: &[&str]) -> String {
    load(text, environment, set).expect_err("refused").to_string()
}

#[test]
fn the_reference_is_valid_and_says_exactly_once() {
    let settings = Settings::defaults().expect("defaults load");
    assert_eq!(settings.delivery.mode, DeliveryMode::ExactlyOnce);
    assert_eq!(settings.data_dir, None);
    assert!(!settings.kafka.instance.is_empty(), "the host name stands in");
}

#[test]
fn later_layers_win_and_are_named() {
    let text = "[kafka]\ngroup = 'file'\n[delivery]\nbatch_records = 7\n[log]\nlevel = 'warn'\n";
    let loaded = load(
        text,
        &[("DEMARCHE__KAFKA__GROUP", "environment"), ("DEMARCHE__DELIVERY__BATCH_RECORDS", "8")],
        &["kafka.group=command line"],
    )
    .expect("loads");
    assert_eq!(loaded.settings.kafka.group, "command line");
    assert_eq!(loaded.settings.delivery.batch_records, 8);
    assert_eq!(loaded.settings.log.level, "warn");
    let layer = |key: &str| loaded.entries.iter().find(|e| e.key == key).expect("listed").layer.clone();
    assert_eq!(layer("kafka.group"), "--set kafka.group");
    assert_eq!(layer("delivery.batch_records"), "environment DEMARCHE__DELIVERY__BATCH_RECORDS");
    assert!(layer("log.level").starts_with("file "));
    assert_eq!(layer("input.topics"), "default");
}

#[test]
fn a_group_of_digits_stays_text() {
    let loaded = load("", &[("DEMARCHE__KAFKA__GROUP", "007")], &[]).expect("loads");
    assert_eq!(loaded.settings.kafka.group, "007");
}

#[test]
fn lists_are_commas_or_toml() {
    let environment = [("DEMARCHE__KAFKA__BROKERS", "a:1, b:2")];
    let loaded = load("", &environment, &[r#"kafka.options=["ssl.endpoint.identification.algorithm=none"]"#]);
    let kafka = loaded.expect("loads").settings.kafka;
    assert_eq!(kafka.brokers, ["a:1", "b:2"]);
    assert_eq!(kafka.client_options().next(), Some(("ssl.endpoint.identification.algorithm", "none")));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    assert!(
        fault("[kafka]\nbroker = ['a:1']", &[], &[])
            .contains("`kafka.broker`; did you mean `kafka.brokers`?")
    );
    let environment = fault("", &[("DEMARCHE__LOG__LEVL", "info")], &[]);
    assert!(
        environment.contains("DEMARCHE__LOG__LEVL") && environment.contains("`log.level`"),
        "{environment}"
    );
    assert!(!fault("", &[], &["weather=fine"]).contains("did you mean"));
}

#[test]
fn broken_toml_gives_line_and_column() {
    let message = fault("[kafka]\ngroup = \n", &[], &[]);
    assert!(message.contains("line 2, column 9"), "{message}");
}

#[test]
fn a_value_of_the_wrong_type_names_key_and_layer() {
    let message = fault("", &[], &["delivery.batch_records=many"]);
    assert!(message.contains("--set delivery.batch_records") && message.contains("many"), "{message}");
    let message = fault("[delivery]\nmode = 'at_most_once'", &[], &[]);
    assert!(message.contains("at_most_once"), "{message}");
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    let secret = file("hunter2\n");
    let set = [
        format!("kafka.sasl_password_file={}", secret.path().display()),
        "kafka.ssl_key_password=swordfish".to_owned(),
        "kafka.options=sasl.oauthbearer.client.secret=opensesame".to_owned(),
    ];
    let loaded = Layers { set: set.to_vec(), ..Layers::default() }.load().expect("loads");
    assert_eq!(loaded.settings.kafka.sasl_password.reveal(), Some("hunter2"));
    let shown = format!("{:?} {:?}", loaded.settings, loaded.entries);
    for word in ["hunter2", "swordfish"] {
        assert!(!shown.contains(word), "{word} is shown");
    }
    assert!(!format!("{:?}", loaded.entries).contains("opensesame"));
}

#[test]
fn every_unworkable_value_is_told_at_once() {
    let set = [
        "kafka.options=acks=1,linger",
        "delivery.batch_records=0",
        "delivery.revoke_timeout_ms=30001",
        "output.articles=diplomacy.stances.v1",
    ];
    let message = fault("[input]\ntopics = ['wire articles']", &[], &set);
    for part in [
        "`acks` cannot be set here",
        "`linger` is not key=value",
        "at least 1",
        "`delivery.revoke_timeout_ms` must be at most 30000",
        "already used",
        "no topic name",
    ] {
        assert!(message.contains(part), "{part} missing in: {message}");
    }
}
