//! The contract as an AsyncAPI 3 document, from the same types as the JSON Schemas.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{
    CloudEventHeaders,
    schema::{self, Contract},
};

const BINDING_VERSION: &str = "0.5.0";

/// A channel of the document: a topic by its default name.
struct Channel {
    name: &'static str,
    address: &'static str,
    title: &'static str,
    description: &'static str,
    messages: &'static [&'static Contract],
    cleanup_policy: &'static str,
}

static CHANNELS: [Channel; 4] = [
    Channel {
        name: "stances",
        address: "diplomacy.stances.v1",
        title: "Stances",
        description: "One stance a record: one holder, one class, one target. After a correction, an \
                      article-revised event lists what still holds.",
        messages: &[&schema::STANCE, &schema::ARTICLE_REVISED],
        cleanup_policy: "delete",
    },
    Channel {
        name: "councilActions",
        address: "diplomacy.council-actions.v1",
        title: "Council actions",
        description: "One action of the UN Security Council a record: votes, drafts, meetings, statements, \
                      measures.",
        messages: &[&schema::COUNCIL_ACTION, &schema::ARTICLE_REVISED],
        cleanup_policy: "delete",
    },
    Channel {
        name: "articles",
        address: "diplomacy.articles.v1",
        title: "Articles",
        description: "The whole current result of an article, events or none. A null value: erased.",
        messages: &[&schema::ARTICLE],
        cleanup_policy: "compact",
    },
    Channel {
        name: "deadLetters",
        address: "diplomacy.dead-letters.v1",
        title: "Dead letters",
        description: "Records that could not be read, as they came, with the reason in their headers.",
        messages: &[&schema::DEAD_LETTER],
        cleanup_policy: "delete",
    },
];

/// The whole document.
pub fn document() -> Value {
    let mut generator = schema::generator("/components/schemas");
    let messages: Map<String, Value> = schema::ALL
        .iter()
        .map(|contract| (contract.name.to_owned(), message(contract, &mut generator)))
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "demarche",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Diplomatic stances and UN Security Council actions found in wire articles. \
                            Topic names are the defaults; subscribers read with \
                            isolation.level=read_committed.",
        },
        "defaultContentType": "application/json",
        "channels": channels(),
        "operations": operations(),
        "components": {
            "messages": messages,
            "schemas": generator.take_definitions(true),
        },
    })
}

fn channels() -> Map<String, Value> {
    CHANNELS.iter().map(|channel| (channel.name.to_owned(), channel_object(channel))).collect()
}

fn channel_object(channel: &Channel) -> Value {
    let messages: Map<String, Value> = channel
        .messages
        .iter()
        .map(|contract| (contract.name.to_owned(), json!({"$ref": message_pointer(contract)})))
        .collect();
    json!({
        "address": channel.address,
        "title": channel.title,
        "description": channel.description,
        "messages": messages,
        "bindings": {"kafka": {
            "topicConfiguration": {"cleanup.policy": [channel.cleanup_policy]},
            "bindingVersion": BINDING_VERSION,
        }},
    })
}

fn operations() -> Map<String, Value> {
    CHANNELS.iter().map(|channel| (format!("send-{}", channel.name), operation(channel))).collect()
}

fn operation(channel: &Channel) -> Value {
    let messages: Vec<Value> = channel
        .messages
        .iter()
        .map(|contract| json!({"$ref": format!("#/channels/{}/messages/{}", channel.name, contract.name)}))
        .collect();
    json!({
        "action": "send",
        "channel": {"$ref": format!("#/channels/{}", channel.name)},
        "messages": messages,
    })
}

fn message(contract: &Contract, generator: &mut SchemaGenerator) -> Value {
    let mut message = Map::new();
    message.insert("name".to_owned(), contract.name.into());
    if contract.name == schema::DEAD_LETTER.name {
        message.insert("contentType".to_owned(), "application/octet-stream".into());
        message.insert("headers".to_owned(), contract.reference(generator));
    } else {
        message.insert("payload".to_owned(), contract.reference(generator));
    }
    if !contract.cloud_event_type.is_empty() {
        message.insert("headers".to_owned(), headers(contract, generator));
    }
    message.insert(
        "bindings".to_owned(),
        json!({"kafka": {"key": key(contract), "bindingVersion": BINDING_VERSION}}),
    );
    Value::Object(message)
}

/// The CloudEvents headers with those values that this message fixes.
fn headers(contract: &Contract, generator: &mut SchemaGenerator) -> Value {
    let general = generator.subschema_for::<CloudEventHeaders>().to_value();
    json!({
        "type": "object",
        "allOf": [general, {"properties": {
            "ce_type": {"const": contract.cloud_event_type},
            "ce_dataschema": {"const": contract.id},
        }}],
    })
}

fn key(contract: &Contract) -> Value {
    let description =
        if contract.name == schema::DEAD_LETTER.name { "the original key" } else { "article.id" };
    json!({"type": "string", "description": description})
}

fn message_pointer(contract: &Contract) -> String {
    format!("#/components/messages/{}", contract.name)
}
