//! The document about all calls: `OpenAPI` 3.1, its schemas made from the types that are really read and written.

use std::collections::{BTreeMap, BTreeSet};

use order_domain::inbox_tab::InboxTab;
use order_domain::rejection::Code;
use protocol::{Problem, problem};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    api::{Asked, Call},
    files,
    shape::{Gives, Shape},
};

const DEFINITIONS: &str = "/components/schemas";

/// What is read may leave out what is always written, so the two have generators of their own.
struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

/// `OpenAPI` 3.1.
pub fn document(calls: &[Call], public_url: &str) -> Value {
    let settings = || SchemaSettings::draft2020_12().with(|it| it.definitions_path = DEFINITIONS.into());
    let mut schemas = Schemas {
        read: settings().for_deserialize().into_generator(),
        written: settings().for_serialize().into_generator(),
    };
    let mut paths: Map<String, Value> = Map::new();
    for call in calls {
        let path = paths.entry(call.path).or_insert_with(|| json!({}));
        path[call.method] = operation(call, &mut schemas);
    }
    schemas.written.subschema_for::<Problem>();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "order-chat",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Bodies and refusals are those of PROTOCOL.md; every refusal is application/problem+json. L12 and the like are rows of LIFECYCLE.md."
        },
        "servers": [{"url": public_url}],
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {}
        },
        "paths": paths,
    });
    let (read, written) = (schemas.read.take_definitions(true), schemas.written.take_definitions(true));
    put_together(&mut document, read, written);
    document
}

fn operation(call: &Call, schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "summary": call.does,
        "description": if call.who.is_empty() { String::new() } else { format!("For: {}.", call.who) },
        "parameters": parameters(call),
        "responses": responses(call, schemas),
    });
    if let Some(takes) = call.takes {
        let body = content("application/json", takes.shape, &mut schemas.read);
        operation["requestBody"] = json!({"required": true, "content": body});
    }
    if !call.who.is_empty() {
        operation["security"] = json!([{"bearer": []}]);
    }
    operation
}

fn content(media: &str, shape: Shape, generator: &mut SchemaGenerator) -> Value {
    let Shape { schema, example } = shape;
    json!({media: {"schema": schema(generator), "example": example()}})
}

fn parameters(call: &Call) -> Vec<Value> {
    let in_path = call.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let named_by_us = ["/v1/orders", "/v1/files", "/v1/uploads"];
    let schema = if named_by_us.iter().any(|start| call.path.starts_with(start)) {
        json!({"type": "string", "format": "uuid"})
    } else {
        json!({"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"})
    };
    let mut all: Vec<Value> = in_path
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": schema}))
        .chain(call.query.iter().map(|(name, asked)| asked.parameter(name)))
        .collect();
    if call.takes.is_some_and(|takes| takes.once) {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Makes the call happen once; does instead of an `id` in the body, and must not differ from it.",
            "schema": {"type": "string", "format": "uuid"}
        }));
    }
    all
}

impl Asked {
    fn parameter(self, name: &str) -> Value {
        let (schema, description) = match self {
            Self::Seq => (json!({"type": "integer", "minimum": 0}), "A seq.".to_owned()),
            Self::Limit(usual, most) => {
                let schema = json!({"type": "integer", "minimum": 0, "default": usual});
                (schema, format!("How many; more than {most} means {most}, 0 means 1."))
            }
            Self::Tab => {
                let tabs: Vec<_> = InboxTab::ALL.iter().map(|tab| tab.as_str()).collect();
                (json!({"type": "string", "enum": tabs, "default": "all"}), "Which rooms.".to_owned())
            }
            Self::Cursor => (json!({"type": "string"}), "`next` of the page before.".to_owned()),
        };
        json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema})
    }
}

fn responses(call: &Call, schemas: &mut Schemas) -> Map<String, Value> {
    let mut responses = Map::new();
    let mut well = |status: u16, content: Value| {
        responses.insert(status.to_string(), json!({"description": "Done.", "content": content}));
    };
    match call.gives {
        Gives::Json(status, shape) => well(status, content("application/json", shape, &mut schemas.written)),
        Gives::Health(shape) => {
            for status in [200, 503] {
                well(status, content("application/json", shape, &mut schemas.written));
            }
        }
        Gives::Nothing(status) => well(status, json!({})),
        Gives::Text => well(200, json!({"text/plain": {"schema": {"type": "string"}}})),
    }
    for (status, codes) in refusals(call) {
        responses.entry(status.to_string()).or_insert_with(|| refusal(status, &codes));
    }
    responses
}

/// Every way a call may be refused, by status.
fn refusals(call: &Call) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut codes: Vec<(u16, &'static str)> = vec![(400, "unreadable"), (503, Code::Unavailable.as_str())];
    let mut rules: Vec<Code> = call.refuses.to_vec();
    if !call.who.is_empty() {
        codes.push((401, "unauthenticated"));
        if ["get", "head"].contains(&call.method) {
            rules.push(Code::RateLimited);
        }
    }
    if call.takes.is_some() {
        codes.push((413, "body_too_large"));
        rules.push(Code::BadField);
    }
    if call.takes.is_some_and(|takes| takes.once) {
        rules.push(Code::IdReused);
    }
    if !call.query.is_empty() || call.path.starts_with("/v1/users/{id}") {
        rules.push(Code::BadField);
    }
    if call.path.starts_with("/v1/orders/{id}") {
        rules.push(Code::OrderNotFound);
    }
    codes.extend(files::refusals(call.path));
    codes.extend(rules.into_iter().map(|code| (problem::status(code), code.as_str())));
    let mut by_status: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
    for (status, code) in codes {
        by_status.entry(status).or_default().insert(code);
    }
    by_status
}

fn refusal(status: u16, codes: &BTreeSet<&'static str>) -> Value {
    let mut example = json!(Problem::new(status, codes.first().unwrap_or(&""), "A sentence for people."));
    let mut refusal = json!({"description": "A refusal."});
    if [429, 503].contains(&status) {
        example["retry"] = true.into();
        example["retry_after_ms"] = 1000.into();
        let whole = json!({"type": "integer", "minimum": 1});
        refusal["headers"] = json!({"Retry-After": {"description": "Seconds.", "schema": whole}});
    }
    let schema = json!({
        "$ref": format!("#{DEFINITIONS}/Problem"),
        "properties": {"status": {"const": status}, "code": {"enum": codes}}
    });
    refusal["content"] = json!({problem::MEDIA_TYPE: {"schema": schema, "example": example}});
    refusal
}

/// Puts both kinds of definitions into the document. One that is read otherwise than written is called `…Given`,
/// and so is what refers to it.
fn put_together(document: &mut Value, read: Map<String, Value>, mut written: Map<String, Value>) {
    let mut differ: BTreeSet<String> = BTreeSet::new();
    loop {
        let new = |name: &String, schema: &Value| {
            !differ.contains(name)
                && written.get(name).is_some_and(|other| *other != renamed(schema.clone(), &differ))
        };
        let more: Vec<_> =
            read.iter().filter(|(name, schema)| new(name, schema)).map(|(name, _)| name.clone()).collect();
        if more.is_empty() {
            break;
        }
        differ.extend(more);
    }
    for (name, schema) in read {
        let schema = renamed(schema, &differ);
        let name = if differ.contains(&name) { given(&name) } else { name };
        written.insert(name, schema);
    }
    let operations = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in operations.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        if let Some(body) = operation.get_mut("requestBody") {
            *body = renamed(body.take(), &differ);
        }
    }
    document["components"]["schemas"] = written.into();
}

fn given(name: &str) -> String {
    format!("{name}Given")
}

/// The schema with its references to these names changed.
fn renamed(schema: Value, names: &BTreeSet<String>) -> Value {
    match schema {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(field, value)| match (field.as_str(), value.as_str()) {
                ("$ref", Some(to)) => {
                    let name = to.rsplit('/').next().filter(|name| names.contains(*name));
                    let to =
                        name.map_or_else(|| to.to_owned(), |name| format!("#{DEFINITIONS}/{}", given(name)));
                    (field, to.into())
                }
                _ => (field, renamed(value, names)),
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.into_iter().map(|item| renamed(item, names)).collect(),
        other => other,
    }
}
