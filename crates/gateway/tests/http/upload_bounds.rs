//! What bounds uploads: each side has its share of a room, a node its hands, and nothing is left that does not count.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use gateway::uploads::{SENDERS_MAX, WAITERS_MAX, WORKERS_MAX};
use order_actions::{Abandoned, FileRegistration, Finished, UploadError};
use order_domain::ids::FileId;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::OwnedSemaphorePermit,
};
use uuid::Uuid;

use crate::{
    served::{Served, said, token_for},
    uploads::{
        begun, creation, cut, cut_with, file, patch, picture, problem, seller, sent, served, tus, until,
        uploaded, whole,
    },
};

fn id_of(place: &str) -> FileId {
    place.rsplit('/').next().unwrap().parse().unwrap()
}

async fn create(node: &Served, user: &str, order: &str, size: usize) -> (u16, Value) {
    said(creation(node, user, order, "a.png", size)).await
}

async fn done(node: &Served, user: &str, order: &str, command: Value) {
    let body = json!({"id": Uuid::now_v7(), "command": command});
    let given = node.ask_as(user, Method::POST, &format!("/v1/orders/{order}/commands")).json(&body);
    assert_eq!(said(given).await.0, 200);
}

/// As long as it is held, no file is put together here.
async fn hands_full(node: &Served) -> OwnedSemaphorePermit {
    let all = u32::try_from(WORKERS_MAX).unwrap();
    Arc::clone(&node.state().uploads.workers).acquire_many_owned(all).await.unwrap()
}

/// A sender has begun, and nothing of it was written yet.
async fn taken(node: &Served) {
    let writers = "select count(*) from uploads where writer is not null";
    until("the sender is known", async || (node.count(writers).await > 0).then_some(())).await;
}

/// A side that takes all it may have leaves the other side and customer experience their own shares.
#[tokio::test]
async fn no_side_keeps_the_others_from_uploading() {
    let node = served(&[("ORDER_CHAT_LIMIT_ROOM_FILE_BYTES", "2000")]).await;
    let order = node.order().await;
    done(&node, "buyer", &order, json!({"type": "open_dispute", "reason": "late", "cx_join": true})).await;
    done(&node, "agent", &order, json!({"type": "claim_case"})).await;
    done(&node, "agent", &order, json!({"type": "join_case"})).await;
    for side in ["seller", "agent", "buyer"] {
        uploaded(&node, side, &order, "a.png", &picture(500)).await;
        begun(creation(&node, side, &order, "b.png", 476)).await;
        problem(&create(&node, side, &order, 25).await, 409, "room_full");
        for _ in 0..24 {
            begun(creation(&node, side, &order, "c.png", 1)).await;
        }
        problem(&create(&node, side, &order, 0).await, 422, "bad_field");
        problem(&create(&node, side, &order, 1).await, 409, "too_many_uploads");
    }
    node.stop().await;
}

#[tokio::test]
async fn a_side_has_so_many_files_in_a_room() {
    let node = served(&[]).await;
    let order = node.order().await;
    node.sql(
        "insert into files (order_id, id, name, size, sha256, media_type, user_id, at, stored)
        select order_id, gen_random_uuid(), 'a.png', 1, repeat('0', 64), 'image/png', 'seller', at, true
        from heads, generate_series(1, 1000)",
    )
    .await;
    problem(&create(&node, "seller", &order, 1).await, 409, "too_many_files");
    begun(creation(&node, "buyer", &order, "a.png", 1)).await;
    let reference = json!({"name": "a.zip", "size": 1, "sha256": "0".repeat(64), "type": "application/zip"});
    let register = async || {
        let asked = node.ask_as("host", Method::POST, &format!("/v1/orders/{order}/files"));
        said(asked.header("idempotency-key", Uuid::now_v7().to_string()).json(&reference)).await
    };
    assert_eq!(register().await.0, 201, "what people bring is no bound of the host");
    node.sql("update files set stored = false").await;
    problem(&register().await, 409, "too_many_files");
    node.stop().await;
}

/// Who sends crumbs is told what is wrong, not to ask for the offset again and again.
#[tokio::test]
async fn an_upload_in_too_many_pieces_is_over() {
    let node = served(&[]).await;
    let order = node.order().await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100_000)).await;
    assert_eq!(sent(patch(&node, "seller", &place, 0, &picture(9))).await, 9);
    node.sql("update uploads set pieces = 10000").await;
    problem(&said(patch(&node, "seller", &place, 9, b"x")).await, 409, "too_many_pieces");
    problem(&said(patch(&node, "seller", &place, 9, b"x")).await, 404, "upload_not_found");
    assert!(node.lying().is_empty(), "{:?}", node.lying());
    node.stop().await;
}

/// What a replaced sender still sent lies nowhere once it was refused: the disk would fill beyond all limits.
#[tokio::test]
async fn a_piece_that_does_not_count_is_removed() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(9 << 20);
    let place = begun(creation(&node, "seller", &order, "a.png", bytes.len())).await;
    let mut hanging = cut(node.address(), "seller", &place, 0, bytes.len(), &bytes[..1 << 20]).await;
    taken(&node).await;
    let day = Duration::from_hours(24);
    node.store().take_upload(&seller(), id_of(&place), Uuid::now_v7(), day).await.expect("it is taken over");
    hanging.write_all(&bytes[1 << 20..5 << 20]).await.expect("it is sent");
    let mut answer = [0; 12];
    hanging.read_exact(&mut answer).await.expect("it is answered");
    assert_eq!(&answer, b"HTTP/1.1 409");
    assert!(node.lying().is_empty(), "{:?}", node.lying());
    node.stop().await;
}

/// A node that cannot take a body leaves the upload to the node that does.
#[tokio::test]
async fn a_full_node_does_not_take_an_upload_over() {
    let node = served(&[]).await;
    let other = node.another().await;
    let order = node.order().await;
    let bytes = picture(1 << 20);
    let place = begun(creation(&node, "seller", &order, "a.png", bytes.len())).await;
    let mut sending = cut(other.address, "seller", &place, 0, bytes.len(), &bytes[..1 << 19]).await;
    taken(&node).await;
    let all = u32::try_from(SENDERS_MAX).unwrap();
    let held = Arc::clone(&node.state().uploads.senders).acquire_many_owned(all).await.unwrap();
    problem(&said(patch(&node, "seller", &place, 0, &bytes)).await, 503, "unavailable");
    sending.write_all(&bytes[1 << 19..]).await.expect("it is sent");
    let mut answer = [0; 12];
    sending.read_exact(&mut answer).await.expect("it is answered");
    assert_eq!(&answer, b"HTTP/1.1 204");
    drop(held);
    other.drain().await;
    node.stop().await;
}

/// A node puts a few files together at once; who waits gets their file when it is their turn.
#[tokio::test]
async fn files_are_put_together_a_few_at_once() {
    let node = served(&[]).await;
    let order = node.order().await;
    let held = hands_full(&node).await;
    let bytes = picture(9);
    let mut waiting = Box::pin(uploaded(&node, "seller", &order, "a.png", &bytes));
    let ready = "select count(*) from uploads where received = size and not done and lease_until < now()";
    let whole =
        until("it is whole, and any node may do it", async || (node.count(ready).await == 1).then_some(()));
    tokio::select! {
        () = whole => {}
        _ = waiting.as_mut() => panic!("every hand is full"),
    }
    drop(held);
    let id = waiting.as_mut().await;
    drop(waiting);
    assert_eq!(file(&node, "seller", &id).await.0, 200);
    node.stop().await;
}

/// A user waits for a few files at once; who waits for more is told to come again.
#[tokio::test]
async fn not_everybody_waits_for_a_file() {
    let node = served(&[]).await;
    let order = node.order().await;
    let held = hands_full(&node).await;
    let (upload, _) = whole(&node, &order, &picture(100)).await;
    let place = format!("/v1/uploads/{}", upload.id);
    let mut waiting: FuturesUnordered<_> =
        (0..7).map(|_| tus(node.ask_as("seller", Method::HEAD, &place)).send()).collect();
    let mut status = async || waiting.next().await.unwrap().unwrap().status().as_u16();
    assert_eq!(status().await, 503);
    drop(held);
    for _ in 0..6 {
        assert_eq!(status().await, 200, "who waited has the file");
    }
    node.stop().await;
}

/// G8: what comes when the right to send it is gone counts no more, and makes no file.
#[tokio::test]
async fn who_may_no_longer_upload_is_stopped_in_the_middle() {
    let node = served(&[]).await;
    let order = node.order().await;
    done(&node, "buyer", &order, json!({"type": "open_dispute", "reason": "late", "cx_join": true})).await;
    done(&node, "agent", &order, json!({"type": "claim_case"})).await;
    done(&node, "agent", &order, json!({"type": "join_case"})).await;
    let bytes = picture(1 << 20);
    let begun_by = async |user| {
        let place = begun(creation(&node, user, &order, "a.png", bytes.len())).await;
        let line = cut(node.address(), user, &place, 0, bytes.len(), &bytes[..1 << 19]).await;
        taken(&node).await;
        line
    };
    let (mut left, mut revoked) = (begun_by("agent").await, begun_by("seller").await);
    let of_both = "select count(*) from uploads where writer is not null";
    until("both are known", async || (node.count(of_both).await == 2).then_some(())).await;
    done(&node, "agent", &order, json!({"type": "leave_case"})).await;
    assert_eq!(said(node.ask_as("host", Method::POST, "/v1/users/seller/revoke")).await.0, 200);
    for (line, answered) in [(&mut left, b"HTTP/1.1 404"), (&mut revoked, b"HTTP/1.1 401")] {
        line.write_all(&bytes[1 << 19..]).await.expect("it is sent");
        let mut answer = [0; 12];
        line.read_exact(&mut answer).await.expect("it is answered");
        assert_eq!(&answer, answered);
    }
    assert_eq!(node.count("select count(*) from uploads where received > 0 or done").await, 0);
    assert!(node.lying().is_empty(), "{:?}", node.lying());
    node.stop().await;
}

/// G8: a token that ends while a body comes ends the body too; with another one the same upload goes on.
#[tokio::test]
async fn an_upload_outlives_its_token_with_another_one() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(1 << 20);
    let place = begun(creation(&node, "seller", &order, "a.png", bytes.len())).await;
    let ends = token_for("seller", TimeDelta::seconds(3));
    let mut line = cut_with(&ends, node.address(), &place, 0, bytes.len(), &bytes[..1 << 19]).await;
    taken(&node).await;
    let asked = async || said(node.ask(Method::GET, "/v1/inbox").bearer_auth(&ends)).await.0;
    until("the token is over", async || (asked().await == 401).then_some(())).await;
    line.write_all(&bytes[1 << 19..]).await.expect("it is sent");
    let mut answer = [0; 12];
    line.read_exact(&mut answer).await.expect("it is answered");
    assert_eq!(&answer, b"HTTP/1.1 401");
    let next = tus(node.ask(Method::PATCH, &place).bearer_auth(&ends)).header("upload-offset", 0);
    assert_eq!(said(next).await.0, 401);
    assert_eq!(node.count("select count(*) from uploads where received > 0 or done").await, 0);
    assert_eq!(sent(patch(&node, "seller", &place, 0, &bytes)).await, bytes.len() as u64);
    assert_eq!(file(&node, "seller", &id_of(&place).to_string()).await.0, 200);
    node.stop().await;
}

/// G8: a token that is revoked while the file is put together makes no file; with another one the upload becomes it.
#[tokio::test]
async fn a_token_that_is_revoked_makes_no_file() {
    let node = served(&[]).await;
    let order = node.order().await;
    let held = hands_full(&node).await;
    let (upload, _) = whole(&node, &order, &picture(100)).await;
    let place = format!("/v1/uploads/{}", upload.id);
    let asked = tus(node.ask_as("seller", Method::HEAD, &place)).send();
    let waiting = tokio::spawn(asked);
    until("they wait for it", async || {
        node.state().uploads.waiters.available_permits().lt(&WAITERS_MAX).then_some(())
    })
    .await;
    assert_eq!(said(node.ask_as("host", Method::POST, "/v1/users/seller/revoke")).await.0, 200);
    drop(held);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 401);
    assert_eq!(node.count("select count(*) from files").await, 0);
    // Tokens of the second of the revocation are refused as well.
    until("another token is good", async || {
        let asked = tus(node.ask_as("seller", Method::HEAD, &place)).send().await.unwrap();
        (asked.status() == 200).then_some(())
    })
    .await;
    assert_eq!(file(&node, "seller", &upload.id.to_string()).await.0, 200);
    node.stop().await;
}

/// Who loses it when the last byte is here already gets no file, until they may again.
#[tokio::test]
async fn who_may_no_longer_upload_makes_no_file() {
    let node = served(&[]).await;
    let order = node.order().await;
    let (upload, _) = whole(&node, &order, &picture(100)).await;
    node.sql("update heads set seller = 'another'").await;
    let (order, id) = (upload.order, upload.id);
    let file = FileRegistration {
        name: "a.png".into(),
        size: 100,
        sha256: "0".repeat(64),
        media_type: "image/png".into(),
    };
    let finished = Finished { order, id, file };
    let outcome = node.store().finish_upload(&seller(), finished.clone()).await;
    assert!(matches!(outcome, Err(UploadError::Action(_))), "{outcome:?}");
    node.sql("update heads set seller = 'seller'").await;
    node.store().finish_upload(&seller(), finished).await.expect("they may again");
    node.stop().await;
}

/// An upload that was ended is over for everybody, before its bytes are removed and after.
#[tokio::test]
async fn an_upload_that_was_ended_is_over() {
    let node = served(&[]).await;
    let order = node.order().await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100)).await;
    let abandoned = node.store().abandon_upload(order.parse().unwrap(), id_of(&place)).await.unwrap();
    assert_eq!(abandoned, Abandoned::Idle);
    let there = tus(node.ask_as("seller", Method::HEAD, &place)).send().await.unwrap();
    assert_eq!(there.status().as_u16(), 410);
    problem(&said(patch(&node, "seller", &place, 0, b"x")).await, 410, "upload_expired");
    node.stop().await;
}

/// Who takes an upload while it is being ended does not bring it back.
#[tokio::test]
async fn an_upload_that_is_being_ended_is_not_revived() {
    let node = served(&[]).await;
    let order = node.order().await;
    let id = id_of(&begun(creation(&node, "seller", &order, "a.png", 100)).await);
    let mut other = node.connect().await;
    let end = "begin; update uploads set expires_at = clock_timestamp() - interval '1 s'";
    sqlx::raw_sql(end).execute(&mut other).await.expect("it is ended");
    let store = node.store().clone();
    let taking = tokio::spawn(async move {
        store.take_upload(&seller(), id, Uuid::now_v7(), Duration::from_hours(24)).await
    });
    let blocked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    until("it waits for the end", async || (node.count(blocked).await > 0).then_some(())).await;
    sqlx::raw_sql("commit").execute(&mut other).await.expect("it has ended");
    let taken = taking.await.unwrap();
    assert!(matches!(taken, Err(UploadError::Expired)), "{taken:?}");
    node.stop().await;
}
