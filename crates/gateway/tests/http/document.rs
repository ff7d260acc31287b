//! The document at `/openapi.json`, held against every answer that any test of this side gets.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use jsonschema::Validator;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::served::{Served, placement, said};

/// What a node says of its calls.
pub struct Document {
    root: Value,
    checks: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The document; every node of this build has the same.
pub async fn document(of: &Url) -> &'static Document {
    static DOCUMENT: OnceCell<Document> = OnceCell::const_new();
    let fetch = async || {
        let answer = reqwest::get(of.join("/openapi.json").expect("a path")).await.expect("the node answers");
        let root = answer.json().await.expect("the document is JSON");
        Document { root, checks: Mutex::default() }
    };
    DOCUMENT.get_or_init(fetch).await
}

impl Document {
    /// Panics when an answer, or a body that was taken, is not as described. Pages that are no call are passed over.
    pub fn check(&self, method: &Method, path: &str, sent: Option<&Value>, status: u16, body: &Value) {
        let Some((path, operation)) = self.operation(method, path) else { return };
        let call = format!("{method} {path}");
        let at = format!("/paths/{}/{}", path.replace('/', "~1"), method.as_str().to_lowercase());
        let answers = &operation["responses"][status.to_string()];
        assert!(answers.is_object(), "{call} does not say that it answers {status}: {body}");
        // What is said of a body does not hold for an answer that has none.
        let contents =
            answers["content"].as_object().filter(|_| method != Method::HEAD).into_iter().flatten();
        for (media, _) in contents.filter(|(media, _)| media.contains("json")) {
            let at = format!("{at}/responses/{status}/content/{}/schema", media.replace('/', "~1"));
            self.fits(&call, &at, body);
        }
        if let Some(sent) = sent.filter(|_| status < 300) {
            self.fits(&call, &format!("{at}/requestBody/content/application~1json/schema"), sent);
        }
    }

    fn operation(&self, method: &Method, path: &str) -> Option<(&str, &Value)> {
        let fits = |template: &str| {
            let (template, path) = (template.split('/'), path.split('/'));
            template.clone().count() == path.clone().count()
                && template.zip(path).all(|(ours, theirs)| ours.starts_with('{') || ours == theirs)
        };
        let (template, calls) = self.paths().find(|(template, _)| fits(template))?;
        Some((template, calls.get(method.as_str().to_lowercase())?))
    }

    fn paths(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.root["paths"].as_object().expect("paths").iter().map(|(path, calls)| (path.as_str(), calls))
    }

    fn fits(&self, call: &str, at: &str, body: &Value) {
        let check = self.validator(at);
        let wrong: Vec<String> =
            check.iter_errors(body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(wrong.is_empty(), "{call} ({at}): {body} is not as described: {wrong:#?}");
    }

    fn validator(&self, at: &str) -> Arc<Validator> {
        if let Some(check) = self.checks.lock().expect("nobody panics here").get(at) {
            return check.clone();
        }
        let mut schema = self.root.pointer(at).unwrap_or_else(|| panic!("no schema at {at}")).clone();
        schema["components"] = self.root["components"].clone();
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let check = Arc::new(options.build(&schema).expect("the schema is one"));
        self.checks.lock().expect("nobody panics here").insert(at.to_owned(), check.clone());
        check
    }
}

/// Every call succeeds once as it is described, and every example of the document fits its own schema.
#[tokio::test]
async fn every_call_is_as_described() {
    let node = Served::start().await;
    let mut succeeded = Vec::new();
    let mut call = async |who: &str, method: Method, template: &str, id: &str, body: Option<Value>| {
        let asked = node.ask_as(who, method.clone(), &template.replace("{id}", id));
        let asked = if let Some(body) = body { asked.json(&body) } else { asked };
        let (status, answer) = said(asked).await;
        assert!(status < 300, "{method} {template}: {status} {answer}");
        let path = template.split('?').next().unwrap_or_default();
        succeeded.push(format!("{} {path}", method.as_str().to_lowercase()));
        answer
    };
    let (get, post) = (Method::GET, Method::POST);
    let command = |command: Value| Some(json!({"id": Uuid::now_v7(), "command": command}));
    call(
        "host",
        Method::PUT,
        "/v1/users/{id}",
        "buyer",
        Some(json!({"name": "Ann", "email": "ann@shop.example"})),
    )
    .await;
    let mut purchase = placement();
    purchase["payment"] = "unpaid".into();
    purchase["requirements"] = json!([{"id": "q1", "label": "How long?", "kind": "number"}]);
    let order = call("host", post.clone(), "/v1/orders", "", Some(purchase)).await["order"]
        .as_str()
        .unwrap()
        .to_owned();
    let payment = json!({"id": Uuid::now_v7(), "kind": "payment", "amount": 15000, "currency": "USD", "reference": "P-1"});
    call("host", post.clone(), "/v1/orders/{id}/payments", &order, Some(payment)).await;
    let file = json!({"id": Uuid::now_v7(), "name": "a.png", "size": 3, "sha256": "0".repeat(64), "type": "image/png"});
    let file =
        call("host", post.clone(), "/v1/orders/{id}/files", &order, Some(file)).await["file"]["id"].clone();
    let dispute = json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
    for (who, given) in [
        ("seller", json!({"type": "accept_order"})),
        ("buyer", json!({"type": "submit_requirements", "answers": {"q1": 3}})),
        ("seller", json!({"type": "propose_update", "revisions": 3})),
        ("buyer", json!({"type": "post_message", "text": "Hello", "files": []})),
        ("seller", json!({"type": "deliver_files", "files": [file], "note": "Here it is."})),
        ("buyer", dispute),
        ("agent", json!({"type": "claim_case"})),
        ("agent", json!({"type": "join_case"})),
    ] {
        call(who, post.clone(), "/v1/orders/{id}/commands", &order, command(given)).await;
        for who in ["buyer", "seller", "host", "admin"] {
            call(who, get.clone(), "/v1/orders/{id}", &order, None).await;
        }
    }
    call("buyer", get.clone(), "/v1/orders/{id}/entries?limit=200", &order, None).await;
    call("agent", get.clone(), "/v1/desk/queue", "", None).await;
    call("agent", get.clone(), "/v1/desk/agents", "", None).await;
    let note = json!({"id": Uuid::now_v7(), "text": "A note."});
    call("agent", post.clone(), "/v1/orders/{id}/case/entries", &order, Some(note)).await;
    call("agent", get.clone(), "/v1/orders/{id}/case/entries", &order, None).await;
    let talk =
        call("buyer", post.clone(), "/v1/conversations", "", Some(json!({"with": "seller", "as": "buyer"})))
            .await;
    call("buyer", get.clone(), "/v1/orders/{id}", talk["order"].as_str().unwrap(), None).await;
    call("buyer", get.clone(), "/v1/inbox?tab=all", "", None).await;
    for page in ["/healthz", "/readyz", "/metrics"] {
        call("buyer", get.clone(), page, "", None).await;
    }
    let id = file.as_str().unwrap();
    assert_eq!(
        call("buyer", get.clone(), "/v1/files/{id}", id, None).await.get("url"),
        None,
        "the host keeps it"
    );
    call("host", post.clone(), "/v1/users/{id}/revoke", "buyer", None).await;
    let begin = node.ask_as("seller", post, &format!("/v1/orders/{order}/files"));
    let begun = begin.header("tus-resumable", "1.0.0").header("upload-length", 2).send().await.unwrap();
    let place = begun.headers()["location"].to_str().unwrap().to_owned();
    let tus = |method: &Method| {
        let asked = node.ask_as("seller", method.clone(), &place).header("tus-resumable", "1.0.0");
        asked.header("upload-offset", 0).header("content-type", "application/offset+octet-stream")
    };
    for (method, status) in [(Method::HEAD, 200), (Method::PATCH, 204), (Method::DELETE, 204)] {
        assert_eq!(said(tus(&method)).await.0, status);
        succeeded.push(format!("{} /v1/uploads/{{id}}", method.as_str().to_lowercase()));
    }

    let document = document(node.ask(get, "/").build().unwrap().url()).await;
    for (path, calls) in document.paths() {
        for (method, operation) in calls.as_object().unwrap() {
            assert!(succeeded.contains(&format!("{method} {path}")), "{method} {path} was never called");
            let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
            let answers = operation["responses"].as_object().unwrap();
            let answers = answers.iter().map(|(status, answer)| (format!("{at}/responses/{status}"), answer));
            let bodies = answers.chain([(format!("{at}/requestBody"), &operation["requestBody"])]);
            for (at, body) in bodies.filter(|(_, body)| body.is_object()) {
                for (media, content) in body["content"].as_object().expect("a body has a content") {
                    let at = format!("{at}/content/{}/schema", media.replace('/', "~1"));
                    assert!(media == "text/plain" || content.get("example").is_some(), "{at} has no example");
                    content.get("example").into_iter().for_each(|example| document.fits(path, &at, example));
                }
            }
        }
    }
    node.stop().await;
}

/// The schemas are no mere "object": limits and required fields are those of the types, and what breaks them is told.
#[tokio::test]
async fn the_schemas_say_no() {
    let node = Served::start().await;
    let document = document(node.ask(Method::GET, "/").build().unwrap().url()).await;
    let place = "/paths/~1v1~1orders/post/requestBody/content/application~1json/schema";
    let give = "/paths/~1v1~1orders~1{id}~1commands/post/requestBody/content/application~1json/schema";
    let refused = "/paths/~1v1~1inbox/get/responses/401/content/application~1problem+json/schema";
    let problem = |code: &str| json!({"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "", "code": code, "retry": false});
    let with = |field: &str, value: Value| {
        let mut purchase = placement();
        purchase[field] = value;
        purchase
    };
    let says =
        |text: String| json!({"id": Uuid::now_v7(), "command": {"type": "post_message", "text": text}});
    for (at, body, fits) in [
        (refused, problem("unauthenticated"), true),
        (refused, problem("fly"), false),
        (place, placement(), true),
        (place, json!({}), false),
        (place, with("buyer", json!("a b")), false),
        (place, with("revisions", json!(101)), false),
        (place, with("delivery_days", json!(0)), false),
        (place, with("price", json!({"amount": -1, "currency": "USD"})), false),
        (place, with("payment", json!("maybe")), false),
        (give, says("x".repeat(4000)), true),
        (give, says("x".repeat(4001)), false),
        (give, json!({"id": "x", "command": {"type": "accept_order"}}), false),
        (give, json!({"id": Uuid::now_v7(), "command": {"type": "accept_order"}}), true),
        (give, json!({"id": Uuid::now_v7(), "command": {"type": "fly"}}), false),
    ] {
        assert_eq!(document.validator(at).is_valid(&body), fits, "{at}: {body}");
    }
    node.stop().await;
}
