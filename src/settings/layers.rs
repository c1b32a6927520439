//! Lays the layers of settings over each other, and remembers which one each value came from.

use std::{collections::BTreeMap, path::PathBuf};

use config::{Config, ConfigError, File, FileFormat, FileSourceString, Map, Source, Value, ValueKind};

use super::{REFERENCE, Settings, SettingsError};

const PREFIX: &str = "DEMARCHE__";

/// What is laid over the defaults, in rising order.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    pub file: Option<PathBuf>,
    /// The process environment; only names that begin with `DEMARCHE__` are read.
    pub environment: Vec<(String, String)>,
    /// `section.key=value`, as given on the command line.
    pub set: Vec<String>,
}

/// Settings with where each value came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub settings: Settings,
    pub entries: Vec<Entry>,
}

/// One setting as it stands after all layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `section.key`.
    pub key: String,
    /// In TOML; secrets are masked.
    pub value: String,
    /// `default`, `file demarche.toml`, `environment DEMARCHE__...` or `--set`.
    pub layer: String,
}

/// Values by `section.key`, each with its layer as origin.
type Flat = BTreeMap<String, Value>;

impl Layers {
    /// # Errors
    /// The first layer that cannot be read, and otherwise every fault of the whole.
    pub fn load(&self) -> Result<Loaded, SettingsError> {
        let reference = flat(&parse(REFERENCE, "default")?, "default");
        let mut layers = vec![reference.clone()];
        if let Some(file) = &self.file {
            let text = std::fs::read_to_string(file)
                .map_err(|source| SettingsError::Unreadable { file: file.clone(), source })?;
            let layer = format!("file {}", file.display());
            layers.push(flat(&parse(&text, &layer)?, &layer));
        }
        layers.push(environment(&self.environment, &reference)?);
        layers.push(command_line(&self.set, &reference)?);
        for layer in &layers {
            refuse_unknown(layer, &reference)?;
        }
        merge(layers)
    }
}

fn parse(text: &str, layer: &str) -> Result<Map<String, Value>, SettingsError> {
    let file: File<FileSourceString, FileFormat> = File::from_str(text, FileFormat::Toml);
    file.collect().map_err(|e| SettingsError::Invalid { layer: layer.to_owned(), message: e.to_string() })
}

/// Tables are flattened; lists are values.
fn flat(table: &Map<String, Value>, layer: &str) -> Flat {
    let mut found = Flat::new();
    for (key, value) in table {
        if let ValueKind::Table(inner) = &value.kind {
            for (rest, value) in flat(inner, layer) {
                found.insert(format!("{key}.{rest}"), value);
            }
        } else {
            found.insert(key.clone(), Value::new(Some(&layer.to_owned()), value.kind.clone()));
        }
    }
    found
}

fn environment(variables: &[(String, String)], reference: &Flat) -> Result<Flat, SettingsError> {
    let mut found = Flat::new();
    for (name, text) in variables {
        if let Some(rest) = name.strip_prefix(PREFIX) {
            let key = rest.replace("__", ".").to_lowercase();
            let layer = format!("environment {name}");
            found.insert(key.clone(), typed(&key, text, &layer, reference)?);
        }
    }
    Ok(found)
}

fn command_line(set: &[String], reference: &Flat) -> Result<Flat, SettingsError> {
    let mut found = Flat::new();
    for assignment in set {
        let layer = format!("--set {}", assignment.split('=').next().unwrap_or_default());
        let Some((key, text)) = assignment.split_once('=') else {
            return Err(SettingsError::Invalid { layer, message: "expected section.key=value".to_owned() });
        };
        let key = key.trim();
        found.insert(key.to_owned(), typed(key, text.trim(), &layer, reference)?);
    }
    Ok(found)
}

/// A text as the kind of value that the reference has at `key`: a list is TOML (`["a", "b"]`) or parted by commas.
/// A number that is none stays text, and is refused with its key when the settings are built.
fn typed(key: &str, text: &str, layer: &str, reference: &Flat) -> Result<Value, SettingsError> {
    let kind = match reference.get(key).map(|known| &known.kind) {
        Some(ValueKind::Array(_)) => list(text, layer)?,
        Some(ValueKind::Boolean(_)) => text.parse().map_or_else(|_| text.into(), ValueKind::Boolean),
        Some(ValueKind::I64(_)) => text.parse().map_or_else(|_| text.into(), ValueKind::I64),
        Some(ValueKind::Float(_)) => text.parse().map_or_else(|_| text.into(), ValueKind::Float),
        _ => text.into(),
    };
    Ok(Value::new(Some(&layer.to_owned()), kind))
}

fn list(text: &str, layer: &str) -> Result<ValueKind, SettingsError> {
    if text.starts_with('[') {
        let table = parse(&format!("list = {text}"), layer)?;
        return Ok(table.get("list").map_or(ValueKind::Nil, |list| list.kind.clone()));
    }
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Ok(ValueKind::Array(items.map(Value::from).collect()))
}

fn refuse_unknown(layer: &Flat, reference: &Flat) -> Result<(), SettingsError> {
    let Some((key, value)) = layer.iter().find(|(key, _)| !reference.contains_key(*key)) else {
        return Ok(());
    };
    let alike = |known: &&String| strsim::normalized_damerau_levenshtein(known, key);
    let nearest = reference.keys().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    Err(SettingsError::UnknownKey {
        layer: value.origin().unwrap_or_default().to_owned(),
        key: key.clone(),
        nearest: nearest.filter(|known| alike(known) > 0.5).cloned(),
    })
}

fn merge(layers: Vec<Flat>) -> Result<Loaded, SettingsError> {
    let mut merged = Flat::new();
    for layer in layers {
        merged.extend(layer);
    }
    let entries = merged.iter().map(|(key, value)| Entry::of(key, value)).collect();
    let mut settings = build(&merged).map_err(|e| invalid(&e, &merged))?;
    settings.kafka.complete()?;
    settings.check()?;
    Ok(Loaded { settings, entries })
}

fn build(merged: &Flat) -> Result<Settings, ConfigError> {
    let mut builder = Config::builder();
    for (key, value) in merged {
        builder = builder.set_override(key, value.clone())?;
    }
    builder.build()?.try_deserialize()
}

/// The fault with the layer of the value at fault in front, where `config` names the key.
fn invalid(error: &ConfigError, merged: &Flat) -> SettingsError {
    let key = match error {
        ConfigError::Type { key: Some(key), .. } | ConfigError::At { key: Some(key), .. } => key.as_str(),
        _ => "",
    };
    // Items of a list are named `section.key[0]`.
    let setting = key.split('[').next().unwrap_or_default();
    let layer = merged.get(setting).and_then(Value::origin).unwrap_or("settings");
    SettingsError::Invalid { layer: layer.to_owned(), message: error.to_string() }
}

impl Entry {
    fn of(key: &str, value: &Value) -> Self {
        let value_text = toml_text(&value.kind);
        let secret = is_secret(key) && value_text != "\"\"";
        Self {
            key: key.to_owned(),
            value: if secret { "\"***\"".to_owned() } else { value_text },
            layer: value.origin().unwrap_or_default().to_owned(),
        }
    }
}

fn is_secret(key: &str) -> bool {
    let holds = ["password", "secret", "ssl.key.pem", "jaas"].iter().any(|word| key.contains(word));
    holds && !key.ends_with("_file")
}

fn toml_text(kind: &ValueKind) -> String {
    match kind {
        ValueKind::String(text) => toml::Value::String(mask_option(text)).to_string(),
        ValueKind::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| toml_text(&item.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// `key=value` of `kafka.options` with a secret's value hidden; any other text as it is.
fn mask_option(text: &str) -> String {
    match text.split_once('=') {
        Some((key, _)) if is_secret(key) => format!("{key}=***"),
        _ => text.to_owned(),
    }
}
