//! Files as browsers fetch them: at signed addresses, in parts, as what they are, for whom they are, and never longer.

use chrono::{TimeDelta, Utc};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    served::{Served, said, token_for},
    uploads::{file, picture, served, uploaded},
};

async fn fetched(node: &Served, url: &str, range: Option<&str>) -> Response {
    let asked = node.ask(Method::GET, url);
    let asked = if let Some(range) = range { asked.header(header::RANGE, range) } else { asked };
    asked.send().await.expect("the node answers")
}

fn said_in<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn problem(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{answer:?}");
}

async fn url(node: &Served, user: &str, id: &str) -> String {
    let known = file(node, user, id).await;
    assert_eq!(known.0, 200, "{known:?}");
    known.1["url"].as_str().expect("its bytes are here").to_owned()
}

async fn give(node: &Served, order: &str, user: &str, command: Value) {
    let body = json!({"id": Uuid::now_v7(), "command": command});
    let given = node.ask_as(user, Method::POST, &format!("/v1/orders/{order}/commands")).json(&body);
    assert_eq!(said(given).await.0, 200);
}

/// Accepted by its seller, and disputed by its buyer.
async fn dispute(node: &Served, order: &str) {
    give(node, order, "seller", json!({"type": "accept_order"})).await;
    let dispute = json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
    give(node, order, "buyer", dispute).await;
}

#[tokio::test]
async fn a_file_is_sent_whole_or_in_parts() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(100_000);
    let id = uploaded(&node, "seller", &order, "Entwurf ä\"1\".png", &bytes).await;
    let known = file(&node, "buyer", &id).await.1;
    let (url, until) = (known["url"].as_str().unwrap().to_owned(), known["expires_at"].as_str().unwrap());
    assert!(until.len() <= "2026-11-22T10:00:00.000Z".len(), "whole milliseconds: {until}");
    let whole = fetched(&node, &url, None).await;
    assert_eq!(said_in(&whole, "cache-control"), "private, no-cache", "access is looked at anew each time");
    assert_eq!((whole.status().as_u16(), said_in(&whole, "content-length")), (200, "100000"));
    assert_eq!((said_in(&whole, "content-type"), said_in(&whole, "accept-ranges")), ("image/png", "bytes"));
    assert_eq!(
        said_in(&whole, "content-disposition"),
        "attachment; filename=\"Entwurf __1_.png\"; filename*=UTF-8''Entwurf%20%C3%A4%221%22.png"
    );
    assert!(said_in(&whole, "content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(said_in(&whole, "x-content-type-options"), "nosniff");
    let tag = said_in(&whole, "etag").to_owned();
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    for (range, from, to) in
        [("bytes=0-9", 0, 10), ("bytes=99990-", 99_990, 100_000), ("bytes=-5", 99_995, 100_000)]
    {
        let part = fetched(&node, &url, Some(range)).await;
        let span = format!("bytes {from}-{}/100000", to - 1);
        assert_eq!((part.status().as_u16(), said_in(&part, "content-range")), (206, span.as_str()));
        assert_eq!(part.bytes().await.unwrap(), bytes[from..to]);
    }
    let nowhere = fetched(&node, &url, Some("bytes=100000-")).await;
    assert_eq!((nowhere.status().as_u16(), said_in(&nowhere, "content-range")), (416, "bytes */100000"));
    let again = node.ask(Method::GET, &url).header(header::IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 304);
    let head = node.ask(Method::HEAD, &url).send().await.unwrap();
    assert_eq!((head.status().as_u16(), said_in(&head, "content-length")), (200, "100000"));
    node.stop().await;
}

/// Pictures, sound, film and PDF are shown when that is asked for; everything else is saved whatever is asked.
#[tokio::test]
async fn only_what_cannot_run_is_shown() {
    let node = served(&[]).await;
    let order = node.order().await;
    let film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    for (name, bytes, shown) in [
        ("a.png", picture(20), true),
        ("a.mp4", film, true),
        ("a.pdf", b"%PDF-1.7".to_vec(), true),
        ("page.html", b"GIF89a<script>".to_vec(), true),
        ("a.txt", b"text".to_vec(), false),
        ("a.zip", b"PK\x03\x04 and so on".to_vec(), false),
    ] {
        let id = uploaded(&node, "seller", &order, name, &bytes).await;
        let known = file(&node, "buyer", &id).await.1;
        assert_eq!(known["shown"], json!(shown), "{name}");
        let answer = fetched(&node, &format!("{}&inline", known["url"].as_str().unwrap()), None).await;
        let expected = if shown { "inline;" } else { "attachment;" };
        assert!(said_in(&answer, "content-disposition").starts_with(expected), "{name}: {answer:?}");
        assert!(said_in(&answer, "content-security-policy").starts_with("sandbox;"));
        assert!(said_in(&answer, "content-type").starts_with(known["type"].as_str().unwrap()), "{name}");
    }
    node.stop().await;
}

/// G8: an address is good for its file, its time and its member, at the moment it is used.
#[tokio::test]
async fn an_address_opens_nothing_else() {
    let node = served(&[]).await;
    let order = node.order().await;
    let (one, two) = (
        uploaded(&node, "seller", &order, "a.png", &picture(20)).await,
        uploaded(&node, "seller", &order, "b.png", &picture(30)).await,
    );
    problem(&file(&node, "stranger", &one).await, 404, "file_not_found");
    problem(&file(&node, "agent", &one).await, 404, "file_not_found");
    problem(&file(&node, "buyer", "01900000-0000-7000-8000-000000000000").await, 404, "file_not_found");
    problem(&file(&node, "buyer", "x").await, 404, "file_not_found");
    let address = url(&node, "buyer", &one).await;
    let get = |url: String| said(node.ask(Method::GET, &url));
    problem(&get(address.replace(&one, &two)).await, 403, "link_not_valid");
    problem(&get(format!("/v1/files/{one}/content")).await, 403, "link_not_valid");
    problem(&get(format!("{address}x")).await, 403, "link_not_valid");
    let admin = url(&node, "admin", &one).await;
    assert_eq!(fetched(&node, &admin, None).await.status().as_u16(), 200);

    dispute(&node, &order).await;
    problem(&file(&node, "agent", &one).await, 403, "not_joined");
    give(&node, &order, "agent", json!({"type": "claim_case"})).await;
    give(&node, &order, "agent", json!({"type": "join_case"})).await;
    let agents = url(&node, "agent", &one).await;
    assert_eq!(fetched(&node, &agents, None).await.status().as_u16(), 200);
    give(&node, &order, "buyer", json!({"type": "close_dispute"})).await;
    problem(&get(agents).await, 404, "file_not_found");

    assert_eq!(fetched(&node, &address, None).await.status().as_u16(), 200);
    assert_eq!(said(node.ask_as("host", Method::POST, "/v1/users/buyer/revoke")).await.0, 200);
    problem(&get(address).await, 401, "unauthenticated");
    node.stop().await;
}

/// G8: whoever is put out while a file is sent to them gets no more of it than was on its way.
#[tokio::test]
async fn a_revocation_ends_what_is_being_sent() {
    let node = served(&[]).await;
    let order = node.order().await;
    // More than the kernel takes at once on both ends.
    let size = 40_000_000;
    let id = uploaded(&node, "seller", &order, "large.png", &picture(size)).await;
    let address = url(&node, "buyer", &id).await;
    let mut answer = fetched(&node, &address, None).await;
    assert_eq!(answer.status().as_u16(), 200);
    let first = answer.chunk().await.unwrap().expect("its beginning").len();
    assert_eq!(said(node.ask_as("host", Method::POST, "/v1/users/buyer/revoke")).await.0, 200);
    assert!(ends_short(answer, first, size).await);
    node.stop().await;
}

/// G8: nor does whose token ran out; the rest is to be had at another address.
#[tokio::test]
async fn a_token_that_runs_out_ends_what_is_being_sent() {
    let node = served(&[]).await;
    let order = node.order().await;
    let size = 40_000_000;
    let id = uploaded(&node, "seller", &order, "large.png", &picture(size)).await;
    let until = Utc::now() + TimeDelta::seconds(3);
    let asked = node
        .ask(Method::GET, &format!("/v1/files/{id}"))
        .bearer_auth(token_for("buyer", TimeDelta::seconds(3)));
    let address = said(asked).await.1["url"].as_str().expect("its bytes are here").to_owned();
    let mut answer = fetched(&node, &address, None).await;
    let first = answer.chunk().await.unwrap().expect("its beginning").len();
    tokio::time::sleep((until - Utc::now()).to_std().unwrap_or_default()).await;
    assert!(ends_short(answer, first, size).await);
    let rest = fetched(&node, &url(&node, "buyer", &id).await, Some(&format!("bytes={first}-"))).await;
    assert_eq!(rest.status().as_u16(), 206);
    node.stop().await;
}

/// Nobody reads any number of files at once: each is asked about again and again.
#[tokio::test]
async fn one_user_reads_so_many_files_at_once() {
    let node = served(&[]).await;
    let order = node.order().await;
    let id = uploaded(&node, "seller", &order, "large.png", &picture(40_000_000)).await;
    let address = url(&node, "buyer", &id).await;
    let mut open = Vec::new();
    for _ in 0..16 {
        let answer = fetched(&node, &address, Some("bytes=0-30000000")).await;
        assert_eq!(answer.status().as_u16(), 206);
        open.push(answer);
    }
    problem(&said(node.ask(Method::GET, &address)).await, 503, "unavailable");
    let other = fetched(&node, &url(&node, "seller", &id).await, Some("bytes=0-9")).await;
    assert_eq!(other.status().as_u16(), 206, "somebody else is not held up");
    drop(open);
    while fetched(&node, &address, Some("bytes=0-9")).await.status().as_u16() != 206 {
        tokio::task::yield_now().await;
    }
    node.stop().await;
}

/// G8: nor does who is no member any more.
#[tokio::test]
async fn a_case_that_closes_ends_what_is_being_sent() {
    let node = served(&[]).await;
    let order = node.order().await;
    let size = 40_000_000;
    let id = uploaded(&node, "seller", &order, "large.png", &picture(size)).await;
    dispute(&node, &order).await;
    give(&node, &order, "agent", json!({"type": "claim_case"})).await;
    give(&node, &order, "agent", json!({"type": "join_case"})).await;
    let mut answer = fetched(&node, &url(&node, "agent", &id).await, None).await;
    let first = answer.chunk().await.unwrap().expect("its beginning").len();
    give(&node, &order, "buyer", json!({"type": "close_dispute"})).await;
    assert!(ends_short(answer, first, size).await);
    node.stop().await;
}

/// Reads on; whether less came than was announced.
async fn ends_short(mut answer: Response, mut got: usize, size: usize) -> bool {
    loop {
        match answer.chunk().await {
            Ok(Some(bytes)) => got += bytes.len(),
            Ok(None) => return false,
            Err(error) => return (error.is_body() || error.is_decode()) && got < size,
        }
    }
}

/// What the host keeps is a reference: known, named in messages, and fetched elsewhere.
#[tokio::test]
async fn references_have_no_bytes_here() {
    let node = served(&[]).await;
    let order = node.order().await;
    let body = json!({"id": Uuid::now_v7(), "name": "a.png", "size": 3, "sha256": "0".repeat(64), "type": "image/png"});
    let files = format!("/v1/orders/{order}/files");
    let by_a_party = said(node.ask_as("seller", Method::POST, &files).json(&body)).await;
    problem(&by_a_party, 403, "not_your_role");
    let registered = said(node.ask_as("host", Method::POST, &files).json(&body)).await;
    let known = file(&node, "buyer", registered.1["file"]["id"].as_str().unwrap()).await;
    assert_eq!((known.0, known.1.get("url"), &known.1["shown"]), (200, None, &json!(false)));
    node.stop().await;
}
