//! JSON Schemas of the output, generated from its types with draft-07 keywords.

use schemars::{
    JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, transform::RecursiveTransform,
};
use serde_json::{Map, Value, json};

use super::{ArticleRecord, ArticleRevised, CouncilActionEvent, DeadLetterHeaders, StanceEvent};

/// One published type with the names it goes by.
#[derive(Debug)]
pub struct Contract {
    /// File and command-line name, `council-action`.
    pub name: &'static str,
    /// `$id` of its schema and `ce_dataschema` of its events.
    pub id: &'static str,
    /// `ce_type`; empty for what is not one of the CloudEvents.
    pub cloud_event_type: &'static str,
    add: fn(SchemaGenerator) -> schemars::Schema,
    refer: fn(&mut SchemaGenerator) -> schemars::Schema,
}

pub static STANCE: Contract = Contract {
    name: "stance",
    id: "urn:demarche:schema:stance:v1",
    cloud_event_type: "org.demarche.stance.v1",
    add: root::<StanceEvent>,
    refer: reference::<StanceEvent>,
};

pub static COUNCIL_ACTION: Contract = Contract {
    name: "council-action",
    id: "urn:demarche:schema:council-action:v1",
    cloud_event_type: "org.demarche.council-action.v1",
    add: root::<CouncilActionEvent>,
    refer: reference::<CouncilActionEvent>,
};

pub static ARTICLE: Contract = Contract {
    name: "article",
    id: "urn:demarche:schema:article:v1",
    cloud_event_type: "",
    add: root::<ArticleRecord>,
    refer: reference::<ArticleRecord>,
};

pub static ARTICLE_REVISED: Contract = Contract {
    name: "article-revised",
    id: "urn:demarche:schema:article-revised:v1",
    cloud_event_type: "org.demarche.article-revised.v1",
    add: root::<ArticleRevised>,
    refer: reference::<ArticleRevised>,
};

/// The headers of a dead letter; its value is the original, whatever that was.
pub static DEAD_LETTER: Contract = Contract {
    name: "dead-letter",
    id: "urn:demarche:schema:dead-letter:v1",
    cloud_event_type: "",
    add: root::<DeadLetterHeaders>,
    refer: reference::<DeadLetterHeaders>,
};

/// Every schema that is published.
pub static ALL: [&Contract; 5] = [&STANCE, &COUNCIL_ACTION, &ARTICLE, &ARTICLE_REVISED, &DEAD_LETTER];

impl Contract {
    /// The schema as one self-contained document.
    pub fn schema(&self) -> Value {
        let mut document = Map::new();
        let generated = (self.add)(settings("/definitions").into_generator()).to_value();
        let Value::Object(mut generated) = generated else { return generated };
        // The identity first: a reader looks for it there.
        document.extend(generated.shift_remove_entry("$schema"));
        document.insert("$id".to_owned(), self.id.into());
        document.append(&mut generated);
        Value::Object(document)
    }

    /// A `$ref` to the schema among the definitions that `generator` gathers.
    pub(super) fn reference(&self, generator: &mut SchemaGenerator) -> Value {
        (self.refer)(generator).to_value()
    }
}

/// A generator whose definitions stand at that JSON pointer of the document.
pub(super) fn generator(definitions: &'static str) -> SchemaGenerator {
    settings(definitions).into_generator()
}

fn settings(definitions: &'static str) -> SchemaSettings {
    let mut settings =
        SchemaSettings::draft07().for_serialize().with_transform(RecursiveTransform(open_enumeration));
    settings.definitions_path = definitions.into();
    settings
}

/// A later release may add a value, and a schema of today must not refuse it: the known values are named, any other text
/// is let through.
fn open_enumeration(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let names_texts =
        |known: &Value| known["type"] == "string" && (known.get("const").or(known.get("enum"))).is_some();
    let known = if object.get("type").is_some_and(|kind| kind == "string")
        && object.get("enum").is_some_and(Value::is_array)
    {
        object.shift_remove("enum").map(|values| vec![json!({"enum": values})])
    } else if object.get("oneOf").and_then(Value::as_array).is_some_and(|all| all.iter().all(names_texts)) {
        object.shift_remove("oneOf").and_then(|known| known.as_array().cloned())
    } else {
        None
    };
    if let Some(mut known) = known {
        known.iter_mut().filter_map(Value::as_object_mut).for_each(|value| drop(value.shift_remove("type")));
        known.push(json!({"type": "string", "description": "a value of a later release"}));
        object.insert("anyOf".to_owned(), Value::Array(known));
    }
}

fn root<T: JsonSchema>(generator: SchemaGenerator) -> schemars::Schema {
    generator.into_root_schema_for::<T>()
}

fn reference<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<T>()
}
