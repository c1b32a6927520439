//! Reading an object's fields whatever their spelling (`versioncreated`, `versionCreated`, `version_created`).

use serde_json::{Map, Value};

/// An object whose field names are compared without case, `_` and `-`.
pub(super) struct Fields<'a> {
    fields: Vec<(String, &'a Value)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Map<String, Value>) -> Self {
        Self { fields: object.iter().map(|(name, value)| (plain_name(name), value)).collect() }
    }

    /// The first of `names` (in plain spelling) that is there and not null.
    pub(super) fn get(&self, names: &[&str]) -> Option<&'a Value> {
        self.all(names).next()
    }

    /// Every field of these names, in the order of `names`; null counts as missing.
    pub(super) fn all<'s>(&'s self, names: &'s [&str]) -> impl Iterator<Item = &'a Value> + use<'s, 'a> {
        let named = move |wanted: &'s str| {
            self.fields
                .iter()
                .filter(move |(name, value)| name == wanted && !value.is_null())
                .map(|(_, v)| *v)
        };
        names.iter().copied().flat_map(named)
    }

    /// The first of `names` with some text: a text, a number, the first of a list, or the name inside an object.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        self.all(names).find_map(text_of)
    }

    /// Fields whose name begins so, with the rest of their name.
    pub(super) fn with_prefix<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s str, &'a Value)> {
        self.fields.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, *value)))
    }
}

fn plain_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// A value as one line of text; `None` where there is none.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let spaced = text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c });
            let visible: String = spaced.filter(|c| !c.is_control()).collect();
            let trimmed = visible.trim();
            (!trimmed.is_empty()).then(|| trimmed.to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(text_of),
        // The depth of the JSON is bounded, and so is this recursion.
        Value::Object(object) => ["value", "name", "literal", "text", "city", "uri", "code"]
            .iter()
            .find_map(|n| text_of(object.get(*n)?)),
        Value::Null | Value::Bool(_) => None,
    }
}
