//! The committed contract is the one that the types give.

use std::collections::BTreeSet;

use demarche::event::{asyncapi, schema};
use serde_json::Value;

use crate::golden;

#[test]
fn committed_schemas_are_those_of_the_types() {
    for contract in schema::ALL {
        golden::assert_file(&format!("config/schemas/{}.json", contract.name), &contract.schema());
    }
}

#[test]
fn the_committed_asyncapi_document_is_that_of_the_types() {
    golden::assert_file("deploy/asyncapi.json", &asyncapi::document());
}

#[test]
fn every_reference_of_the_asyncapi_document_leads_somewhere() {
    let document = asyncapi::document();
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference into the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|inner| collect_references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_references(inner, found)),
        _ => {}
    }
}
