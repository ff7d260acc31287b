//! One body of each kind, for the document. A test reads each as its real type or checks it against its schema.

use serde_json::{Value, json};

const ORDER: &str = "019312b4-5a00-7000-8000-000000000001";
const ID: &str = "019312b4-5a00-7000-8000-000000000002";
const AT: &str = "2026-11-22T10:00:00.123Z";

pub fn put_user() -> Value {
    json!({"name": "Buyer", "email": "buyer@shop.example", "locale": "en", "registered_at": "2024-02-01T00:00:00Z"})
}

pub fn revoked() -> Value {
    json!({"user": "u17", "up_to": "2026-11-22T10:00:00Z"})
}

pub fn placement() -> Value {
    json!({
        "policy": "creator", "buyer": "u17", "seller": "u42", "listing": {"id": "L-17", "title": "A film"},
        "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
    })
}

pub fn placed() -> Value {
    json!({"order": ORDER, "snapshot": snapshot()})
}

pub fn snapshot() -> Value {
    let person = |user: &str, name: &str| json!({"user": user, "name": name});
    json!({
        "kind": "conversation", "order": ORDER, "version": 1, "head": 12, "actions": [],
        "parties": {"buyer": person("u17", "Buyer"), "seller": person("u42", "Seller"), "agents": []},
    })
}

pub fn command() -> Value {
    json!({"id": ID, "command": {"type": "post_message", "text": "Hello"}, "expect_version": 3})
}

pub fn ack() -> Value {
    json!({"id": ID, "order": ORDER, "seq": 12, "last_seq": 13, "version": 3, "duplicate": false})
}

pub fn payment() -> Value {
    json!({"id": ID, "kind": "payment", "amount": 15000, "currency": "USD", "reference": "P-1"})
}

pub fn entries() -> Value {
    let event = json!({"type": "message.posted", "text": "Hello"});
    let by = json!({"role": "buyer", "user": "u17", "name": "Buyer"});
    let entry = json!({"seq": 12, "at": AT, "by": by, "id": ID, "event": event});
    json!({"order": ORDER, "epoch": ID, "head": 12, "entries": [entry], "more": true})
}

pub fn register_file() -> Value {
    json!({"id": ID, "name": "draft.png", "size": 3, "sha256": "0".repeat(64), "type": "image/png"})
}

pub fn file_registered() -> Value {
    json!({"file": register_file()})
}

pub fn file_link() -> Value {
    json!({
        "id": ID, "order": ORDER, "name": "draft.png", "size": 3, "sha256": "0".repeat(64), "type": "image/png",
        "shown": true, "url": format!("/v1/files/{ID}/content?ticket=e30.c2VhbA"), "expires_at": AT,
    })
}

pub fn open_conversation() -> Value {
    json!({"with": "u42", "as": "buyer"})
}

pub fn conversation_opened() -> Value {
    json!({"order": ORDER})
}

pub fn inbox() -> Value {
    let tabs = json!({"all": 1, "new": 0, "active": 1, "delivered": 0, "disputed": 0, "done": 0, "conversations": 0});
    let by = json!({"role": "seller", "user": "u42", "name": "Seller"});
    let room = json!({
        "order": ORDER, "title": "A film", "reference": "A-17", "other": {"user": "u42", "name": "Seller"}, "state": "in_progress",
        "label": "In progress", "head": 12, "unread": 1, "last": {"by": by, "preview": "Hello", "at": AT},
    });
    json!({"tabs": tabs, "rooms": [room]})
}

pub fn desk_queue() -> Value {
    let case = json!({
        "order": ORDER, "kind": "dispute", "title": "A film", "reference": "A-17", "by": "buyer", "reason": "It is not what was agreed.",
        "opened_at": AT, "waiting_s": 1200, "escalated_at": AT, "claimed_by": "u3", "claimed_by_name": "Agent", "claimable_from": AT,
    });
    json!({"cases": [case], "next": format!("front.1795341600123.{ORDER}")})
}

pub fn desk_agents() -> Value {
    json!({"agents": [{"user": "u3", "name": "Agent"}]})
}

pub fn case_entries() -> Value {
    let by = json!({"role": "agent", "user": "u3", "name": "Agent"});
    let entry =
        json!({"seq": 1, "at": AT, "by": by, "id": ID, "event": {"type": "case.noted", "text": "A note."}});
    json!({"order": ORDER, "head": 1, "entries": [entry], "more": false})
}

pub fn case_note() -> Value {
    json!({"id": ID, "text": "A note."})
}

pub fn alive() -> Value {
    json!({"status": "alive"})
}

pub fn ready() -> Value {
    json!({"status": "ready", "database": true, "fanout": true, "draining": false})
}
