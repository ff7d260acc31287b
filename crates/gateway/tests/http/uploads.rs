//! Uploads as tus clients make them (D8: every delivered file was hashed here): cuts, two nodes, kills, limits, tricks.

use std::{net::SocketAddr, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use files::{ChunkAt, Files};
use futures_util::{FutureExt as _, poll};
use gateway::uploads::{sweep, sweep_orphans};
use order_actions::{AccountRole, Appended, Caller, Chunk, Upload, UploadDraft};
use order_domain::ids::{CommandId, FileId, UserId};
use reqwest::{Method, RequestBuilder, Response, header::HeaderMap};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use uuid::Uuid;

use crate::served::{SECRET, Served, said, token};

const BYTES: &str = "application/offset+octet-stream";

/// A picture of so many bytes, none like its neighbour.
pub fn picture(size: usize) -> Vec<u8> {
    let rest = (0..size.saturating_sub(8))
        .map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24 & 255).unwrap());
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(rest).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Nobody is too fast; other limits as given.
pub async fn served(own: &[(&'static str, &'static str)]) -> Served {
    let usual = [
        ("ORDER_CHAT_TOKEN_SECRET", SECRET),
        ("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0"),
        ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "0"),
    ];
    Served::start_with(&[&usual, own].concat()).await
}

pub fn tus(request: RequestBuilder) -> RequestBuilder {
    request.header("tus-resumable", "1.0.0")
}

pub fn creation(node: &Served, user: &str, order: &str, name: &str, size: usize) -> RequestBuilder {
    let name = BASE64_STANDARD.encode(name);
    tus(node.ask_as(user, Method::POST, &format!("/v1/orders/{order}/files")))
        .header("upload-length", size)
        .header("upload-metadata", format!("filetype dGV4dC9odG1s,filename {name}"))
}

/// Where an upload goes on.
pub async fn begun(request: RequestBuilder) -> String {
    let answer = request.send().await.expect("the node answers");
    assert_eq!(answer.status().as_u16(), 201, "{answer:?}");
    assert_eq!(said_in(&answer, "tus-resumable"), "1.0.0");
    said_in(&answer, "location").to_owned()
}

pub fn patch(node: &Served, user: &str, place: &str, offset: usize, bytes: &[u8]) -> RequestBuilder {
    let asked = tus(node.ask_as(user, Method::PATCH, place)).header("content-type", BYTES);
    asked.header("upload-offset", offset).body(bytes.to_vec())
}

pub async fn sent(request: RequestBuilder) -> u64 {
    let answer = request.send().await.expect("the node answers");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    assert_eq!(status, 204, "{}", answer.text().await.unwrap());
    offset_in(&headers)
}

fn offset_in(headers: &HeaderMap) -> u64 {
    headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

fn said_in<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

pub fn problem(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{answer:?}");
}

/// Uploads a file in one request; its id.
pub async fn uploaded(node: &Served, user: &str, order: &str, name: &str, bytes: &[u8]) -> String {
    let whole = creation(node, user, order, name, bytes.len()).header("content-type", BYTES);
    let place = begun(whole.body(bytes.to_vec())).await;
    place.rsplit('/').next().unwrap().to_owned()
}

pub async fn file(node: &Served, user: &str, id: &str) -> (u16, Value) {
    said(node.ask_as(user, Method::GET, &format!("/v1/files/{id}"))).await
}

/// Sends a part of a body and hangs up in the middle of it.
pub async fn cut(
    address: SocketAddr,
    user: &str,
    place: &str,
    offset: usize,
    announced: usize,
    bytes: &[u8],
) -> TcpStream {
    cut_with(&token(user), address, place, offset, announced, bytes).await
}

/// The same with a token of one's own.
pub async fn cut_with(
    bearer: &str,
    address: SocketAddr,
    place: &str,
    offset: usize,
    announced: usize,
    bytes: &[u8],
) -> TcpStream {
    let mut line = TcpStream::connect(address).await.expect("the node listens");
    let head = format!(
        "PATCH {place} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {bearer}\r\nTus-Resumable: 1.0.0\r\n\
         Content-Type: {BYTES}\r\nUpload-Offset: {offset}\r\nContent-Length: {announced}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.expect("it is sent");
    line.write_all(bytes).await.expect("it is sent");
    line
}

async fn offset(at: SocketAddr, user: &str, place: &str) -> u64 {
    let asked = reqwest::Client::new().head(format!("http://{at}{place}")).bearer_auth(token(user));
    let answer = tus(asked).send().await.expect("the node answers");
    assert_eq!(answer.status().as_u16(), 200, "{answer:?}");
    assert_eq!(said_in(&answer, "cache-control"), "no-store");
    offset_in(answer.headers())
}

pub async fn until<T>(what: &str, mut asked: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = asked().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), found).await.unwrap_or_else(|_| panic!("{what}"))
}

/// A line that is cut keeps what came; another node goes on there; the file has the hash of its bytes, and is delivered.
#[tokio::test]
async fn an_upload_that_was_cut_goes_on_at_another_node() {
    let node = served(&[]).await;
    let other = node.another().await;
    let order = node.order().await;
    let bytes = picture(9 << 20);
    let place = begun(creation(&node, "seller", &order, "first cut.png", bytes.len())).await;
    assert_eq!(offset(other.address, "seller", &place).await, 0);
    drop(cut(node.address(), "seller", &place, 0, bytes.len(), &bytes[..5 << 20]).await);
    let came = until("what came before the cut is kept", async || {
        Some(offset(other.address, "seller", &place).await).filter(|came| *came > 4 << 20)
    });
    let came = usize::try_from(came.await).unwrap();
    assert!(came <= 5 << 20);
    for wrong in [0, came - 1, came + 1] {
        problem(&said(patch(&node, "seller", &place, wrong, b"x")).await, 409, "wrong_offset");
    }
    let id = place.rsplit('/').next().unwrap();
    problem(&file(&node, "seller", id).await, 404, "file_not_found");
    let there = reqwest::Client::new().patch(format!("http://{}{place}", other.address));
    let there = tus(there.bearer_auth(token("seller"))).header("content-type", BYTES);
    assert_eq!(
        sent(there.header("upload-offset", came).body(bytes[came..].to_vec())).await,
        bytes.len() as u64
    );
    assert_eq!(offset(node.address(), "seller", &place).await, bytes.len() as u64, "and may be asked again");
    let known = file(&node, "buyer", id).await.1;
    assert_eq!((&known["sha256"], &known["size"]), (&json!(sha256(&bytes)), &json!(bytes.len())));
    assert_eq!((&known["type"], &known["name"]), (&json!("image/png"), &json!("first cut.png")));
    assert_eq!(node.lying().len(), 1, "chunks are gone: {:?}", node.lying());
    for command in [json!({"type": "accept_order"}), json!({"type": "deliver_files", "files": [id]})] {
        let body = json!({"id": Uuid::now_v7(), "command": command});
        let given = node.ask_as("seller", Method::POST, &format!("/v1/orders/{order}/commands")).json(&body);
        assert_eq!(said(given).await.0, 200);
    }
    let snapshot = said(node.ask_as("buyer", Method::GET, &format!("/v1/orders/{order}"))).await.1;
    assert_eq!(snapshot["deliveries"][0]["files"][0]["sha256"], sha256(&bytes));
    other.drain().await;
    node.stop().await;
}

/// A sender whose connection hangs is replaced by the next; whatever it still sends changes nothing.
#[tokio::test]
async fn a_sender_that_hangs_is_replaced() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(6 << 20);
    let place = begun(creation(&node, "seller", &order, "a.png", bytes.len())).await;
    let mut hanging = cut(node.address(), "seller", &place, 0, bytes.len(), &bytes[..5 << 20]).await;
    let came = until("the first piece is kept", async || {
        Some(offset(node.address(), "seller", &place).await).filter(|came| *came >= 4 << 20)
    });
    let came = usize::try_from(came.await).unwrap();
    assert_eq!(sent(patch(&node, "seller", &place, came, &bytes[came..])).await, bytes.len() as u64);
    hanging.write_all(&vec![0; 1 << 20]).await.ok();
    let mut answer = Vec::new();
    hanging.read_to_end(&mut answer).await.ok();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 409"), "{}", String::from_utf8_lossy(&answer));
    let known = file(&node, "seller", place.rsplit('/').next().unwrap()).await.1;
    assert_eq!(known["sha256"], sha256(&bytes));
    node.stop().await;
}

/// Who sends slowly, on as many connections as they like, leaves room for others, and gets on when one of them ends.
#[tokio::test]
async fn a_slow_sender_leaves_room_for_others() {
    let node = served(&[]).await;
    let order = node.order().await;
    let mut slow = Vec::new();
    let refused = until("the node has had enough of them", async || {
        let place = begun(creation(&node, "seller", &order, "a.png", 4 << 20)).await;
        let answer = said(patch(&node, "seller", &place, 0, b"\x89")).await;
        if answer.0 == 503 {
            return Some((place, answer));
        }
        slow.push(cut(node.address(), "seller", &place, 1, (4 << 20) - 1, b"P").await);
        None
    });
    let (place, answer) = refused.await;
    assert!(slow.len() <= 12, "{}", slow.len());
    problem(&answer, 503, "unavailable");
    let others = uploaded(&node, "buyer", &order, "b.png", &picture(9)).await;
    assert_eq!(file(&node, "buyer", &others).await.0, 200);
    drop(slow);
    let come = async || (said(patch(&node, "seller", &place, 0, b"\x89")).await.0 == 204).then_some(());
    until("a connection that ended gives its place back", come).await;
    node.stop().await;
}

/// A node that was killed between the last byte and the file left an upload that whoever asks next finishes, once.
#[tokio::test]
async fn what_a_killed_node_left_is_finished_by_who_asks() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(100_000);
    let (upload, chunks) = whole(&node, &order, &bytes).await;
    let state = node.state();
    // It was killed while it held the lease, with a part of the file written.
    assert!(state.store.lease_upload(upload.order, upload.id).await.unwrap());
    left_half_written(&state.uploads.files, &upload, &chunks).await;
    assert_eq!(node.lying().len(), 3, "two chunks, and what was begun: {:?}", node.lying());
    node.sql("update uploads set lease_until = clock_timestamp()").await;
    let place = format!("/v1/uploads/{}", upload.id);
    let asked = (0..4).map(|_| offset(node.address(), "seller", &place));
    assert_eq!(futures_util::future::join_all(asked).await, [bytes.len() as u64; 4]);
    let known = file(&node, "buyer", &upload.id.to_string()).await;
    assert_eq!((known.0, &known.1["sha256"]), (200, &json!(sha256(&bytes))));
    assert_eq!(node.lying().len(), 1, "what was begun is gone: {:?}", node.lying());
    node.stop().await;
}

/// An upload whose last byte came, in two pieces, and that nobody has made a file of.
pub async fn whole(node: &Served, order: &str, bytes: &[u8]) -> (Upload, Vec<ChunkAt>) {
    let (state, order, seller) = (node.state(), order.parse().unwrap(), seller());
    let limits = state.settings.limits.of_uploads();
    let draft = UploadDraft { name: "left.png".into(), size: bytes.len() as u64 };
    let id = CommandId(Uuid::now_v7());
    let upload = state.store.create_upload(&seller, order, id, draft, limits).await.unwrap();
    let (writer, mut chunks, mut start) = (Uuid::now_v7(), Vec::new(), 0);
    state.store.take_upload(&seller, upload.id, writer, limits.lifetime).await.unwrap();
    for piece in bytes.chunks(bytes.len().div_ceil(2)) {
        let (size, object) = (piece.len() as u64, Uuid::now_v7());
        let at = ChunkAt { start, size, object };
        state.uploads.files.put_chunk(upload.id.0, at, vec![piece.to_vec().into()]).await.unwrap();
        let chunk = Chunk { start, size, object };
        let append = async || state.store.append_chunk(order, upload.id, writer, chunk).await.unwrap();
        assert_eq!(append().await, Appended::Counts);
        assert_ne!(append().await, Appended::Counts, "a piece counts once");
        chunks.push(at);
        start += size;
    }
    (upload, chunks)
}

pub fn seller() -> Caller {
    Caller { user: UserId::new("seller").unwrap(), role: AccountRole::User, name: "Seller".into() }
}

/// A kill while the file is being put together: nothing of that work runs ever again, not even what tidies up.
async fn left_half_written(files: &Files, upload: &Upload, chunks: &[ChunkAt]) {
    let mut work = files.assemble(upload.order.0, upload.id.0, chunks).boxed();
    assert!(poll!(work.as_mut()).is_pending(), "it reads its first chunk");
    std::mem::forget(work);
}

/// What is over its time is refused, and removed with all its bytes; a file that came of an upload stays.
#[tokio::test]
async fn uploads_are_over_some_day() {
    let node = served(&[]).await;
    let order = node.order().await;
    let kept = uploaded(&node, "seller", &order, "kept.png", &picture(10)).await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100_000)).await;
    assert_eq!(sent(patch(&node, "seller", &place, 0, &picture(50_000))).await, 50_000);
    let there = tus(node.ask_as("seller", Method::HEAD, &place)).send().await.unwrap();
    assert!(said_in(&there, "upload-expires").ends_with(" GMT"), "{there:?}");
    assert_eq!(sweep(node.state()).await, 0, "not yet");
    node.sql("update uploads set expires_at = clock_timestamp() - interval '1 s'").await;
    problem(&said(patch(&node, "seller", &place, 50_000, b"x")).await, 410, "upload_expired");
    assert_eq!(sweep(node.state()).await, 2);
    problem(&said(patch(&node, "seller", &place, 50_000, b"x")).await, 404, "upload_not_found");
    assert_eq!(file(&node, "buyer", &kept).await.0, 200);
    assert_eq!(node.lying().len(), 1, "the file's");
    let orphan = ChunkAt { start: 0, size: 1, object: Uuid::now_v7() };
    let (files, one) =
        (&node.state().uploads.files, begun(creation(&node, "seller", &order, "b.png", 10)).await);
    files.put_chunk(Uuid::now_v7(), orphan, vec!["x".into()]).await.unwrap();
    let one: FileId = one.rsplit('/').next().unwrap().parse().unwrap();
    files.put_chunk(one.0, orphan, vec!["x".into()]).await.unwrap();
    sweep_orphans(node.state(), Duration::ZERO).await;
    assert_eq!(
        node.lying().len(),
        2,
        "the file, and the chunk of an upload that there is: {:?}",
        node.lying()
    );
    node.stop().await;
}

#[tokio::test]
async fn an_upload_is_ended_by_its_sender() {
    let node = served(&[]).await;
    let order = node.order().await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100_000)).await;
    sent(patch(&node, "seller", &place, 0, &picture(50_000))).await;
    let end = |place: &str| said(tus(node.ask_as("seller", Method::DELETE, place)));
    assert_eq!(end(&place).await.0, 204);
    assert!(node.lying().is_empty(), "{:?}", node.lying());
    problem(&end(&place).await, 404, "upload_not_found");
    problem(&said(patch(&node, "seller", &place, 50_000, b"x")).await, 404, "upload_not_found");
    let done = uploaded(&node, "seller", &order, "b.png", &picture(10)).await;
    problem(&end(&format!("/v1/uploads/{done}")).await, 409, "already_done");
    assert_eq!(file(&node, "seller", &done).await.0, 200);
    node.stop().await;
}

/// Its sender ends an upload while a node makes a file of it, and that node is killed when the file lies there: nothing
/// stays.
#[tokio::test]
async fn an_upload_that_is_ended_while_it_is_finished_leaves_nothing() {
    let node = served(&[]).await;
    let order = node.order().await;
    let bytes = picture(100);
    let (upload, chunks) = whole(&node, &order, &bytes).await;
    let (state, place) = (node.state(), format!("/v1/uploads/{}", upload.id));
    assert!(state.store.lease_upload(upload.order, upload.id).await.unwrap());
    assert_eq!(said(tus(node.ask_as("seller", Method::DELETE, &place))).await.0, 204);
    // The node had read them before.
    for (at, piece) in chunks.iter().zip(bytes.chunks(50)) {
        state.uploads.files.put_chunk(upload.id.0, *at, vec![piece.to_vec().into()]).await.unwrap();
    }
    state.uploads.files.assemble(upload.order.0, upload.id.0, &chunks).await.unwrap();
    assert_eq!(sweep(state).await, 0, "it may be at work still");
    node.sql("update uploads set lease_until = clock_timestamp()").await;
    sweep(state).await;
    assert!(node.lying().is_empty(), "{:?}", node.lying());
    assert_eq!(node.count("select count(*) from uploads").await, 0);
    node.stop().await;
}

#[tokio::test]
async fn files_and_rooms_have_limits() {
    let limits = [("ORDER_CHAT_LIMIT_FILE_BYTES", "1000"), ("ORDER_CHAT_LIMIT_ROOM_FILE_BYTES", "3000")];
    let node = served(&limits).await;
    let order = node.order().await;
    let refused = async |size: usize| said(creation(&node, "seller", &order, "a.png", size)).await;
    problem(&refused(0).await, 422, "bad_field");
    problem(&refused(1001).await, 413, "file_too_large");
    uploaded(&node, "seller", &order, "a.png", &picture(900)).await;
    problem(&refused(601).await, 409, "room_full");
    let place = begun(creation(&node, "buyer", &order, "b.png", 500)).await;
    problem(&said(patch(&node, "buyer", &place, 0, &picture(501))).await, 413, "beyond_the_end");
    assert_eq!(said(tus(node.ask_as("buyer", Method::DELETE, &place))).await.0, 204);
    for _ in 0..25 {
        begun(creation(&node, "seller", &order, "c.png", 10)).await;
    }
    problem(&refused(10).await, 409, "too_many_uploads");
    let options = node.ask(Method::OPTIONS, "/v1/uploads").send().await.unwrap();
    assert_eq!((said_in(&options, "tus-max-size"), said_in(&options, "tus-version")), ("1000", "1.0.0"));
    assert!(said_in(&options, "tus-extension").contains("creation,"), "{options:?}");
    node.stop().await;
}

/// What a file is, its bytes say; what it may be called, we do.
#[tokio::test]
async fn hostile_names_and_types() {
    let node = served(&[]).await;
    let order = node.order().await;
    let hostile: [(&str, &[u8]); 6] = [
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.txt", b"<!doctype html><script>alert(1)</script>"),
        ("feed.png", b"<?xml version='1.0'?><svg/>"),
        ("film.mp4", b"MZ\x90\0\x03\0\0\0 a program"),
        ("notes.txt", b"#!/bin/sh\nrm -rf /"),
        ("data.png", b"\0\x01\x02\x03 nobody knows"),
    ];
    for (name, bytes) in hostile {
        let whole = creation(&node, "seller", &order, name, bytes.len()).header("content-type", BYTES);
        problem(&said(whole.body(bytes.to_vec())).await, 415, "type_not_allowed");
    }
    // Byte by byte, the whole is looked at in the end.
    let place = begun(creation(&node, "seller", &order, "slow.txt", 4)).await;
    for (offset, byte) in [b"<", b"s", b"v"].into_iter().enumerate() {
        sent(patch(&node, "seller", &place, offset, byte)).await;
    }
    problem(&said(patch(&node, "seller", &place, 3, b"g")).await, 415, "type_not_allowed");
    // As soon as enough is there, however it came: gigabytes more would be for nothing.
    let mut page = b"<svg xmlns='http://www.w3.org/2000/svg'>".to_vec();
    page.resize(100_000, b' ');
    for (bytes, refused) in [(page, true), (picture(100_000), false)] {
        let place = begun(creation(&node, "seller", &order, "a.png", 1 << 30)).await;
        for (from, to) in [(0, 1), (1, 3), (3, 8191)] {
            sent(patch(&node, "seller", &place, from, &bytes[from..to])).await;
        }
        let enough = said(patch(&node, "seller", &place, 8191, &bytes[8191..])).await;
        if refused {
            problem(&enough, 415, "type_not_allowed");
        } else {
            assert_eq!(enough.0, 204);
            assert_eq!(said(tus(node.ask_as("seller", Method::DELETE, &place))).await.0, 204);
        }
    }
    assert!(node.lying().is_empty(), "nothing stays: {:?}", node.lying());
    let polyglot = b"GIF89a/*<script>alert(1)</script>*/";
    for (name, bytes, kept, media_type) in [
        ("../../etc/passwd", picture(20), "passwd.png", "image/png"),
        ("a\r\nSet-Cookie: x=1.png", picture(20), "aSet-Cookie: x=1.png", "image/png"),
        ("photo\u{202e}gnp.exe", picture(20), "photognp.exe.png", "image/png"),
        ("page.html", polyglot.to_vec(), "page.html.gif", "image/gif"),
        ("Grüße an Ann.txt", "Grüße".as_bytes().to_vec(), "Grüße an Ann.txt", "text/plain"),
        ("", picture(20), "file.png", "image/png"),
    ] {
        let id = uploaded(&node, "seller", &order, name, &bytes).await;
        let known = file(&node, "buyer", &id).await.1;
        assert_eq!((&known["name"], &known["type"]), (&json!(kept), &json!(media_type)));
    }
    node.stop().await;
}

/// Uploads belong to who began them; rooms to their members.
#[tokio::test]
async fn nobody_sees_uploads_of_others() {
    let node = served(&[]).await;
    let order = node.order().await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100)).await;
    for other in ["buyer", "stranger", "host", "admin"] {
        problem(&said(patch(&node, other, &place, 0, b"x")).await, 404, "upload_not_found");
        problem(&said(tus(node.ask_as(other, Method::DELETE, &place))).await, 404, "upload_not_found");
        let there = tus(node.ask_as(other, Method::HEAD, &place)).send().await.unwrap();
        assert_eq!(there.status().as_u16(), 404, "{other}");
    }
    problem(&said(creation(&node, "stranger", &order, "a.png", 10)).await, 404, "order_not_found");
    problem(&said(creation(&node, "host", &order, "a.png", 10)).await, 403, "not_your_role");
    problem(&said(creation(&node, "admin", &order, "a.png", 10)).await, 403, "not_joined");
    let nameless = tus(node.ask(Method::PATCH, &place));
    problem(&said(nameless).await, 401, "unauthenticated");
    for strange in ["/v1/uploads/x", "/v1/uploads/01900000-0000-7000-8000-000000000000"] {
        problem(&said(patch(&node, "seller", strange, 0, b"x")).await, 404, "upload_not_found");
    }
    node.stop().await;
}

/// Every rule of tus has its status, and a repeated creation is one upload.
#[tokio::test]
async fn what_is_no_tus_is_refused() {
    let node = served(&[]).await;
    let order = node.order().await;
    let place = begun(creation(&node, "seller", &order, "a.png", 100)).await;
    let files = format!("/v1/orders/{order}/files");
    let old = node.ask_as("seller", Method::POST, &files).header("tus-resumable", "0.2.2");
    problem(&said(old.header("upload-length", 1)).await, 412, "wrong_version");
    problem(&said(node.ask_as("seller", Method::DELETE, &place)).await, 412, "wrong_version");
    let seller = |method: Method, path: &str| tus(node.ask_as("seller", method, path));
    problem(&said(seller(Method::POST, &files)).await, 422, "bad_field");
    for length in ["-1", "+1", "x", "1.5", "99999999999999999999"] {
        problem(&said(seller(Method::POST, &files).header("upload-length", length)).await, 422, "bad_field");
    }
    let unread =
        seller(Method::POST, &files).header("upload-length", 9).header("upload-metadata", "filename %");
    problem(&said(unread).await, 422, "bad_field");
    let json = seller(Method::PATCH, &place).header("upload-offset", 0).json(&json!({}));
    problem(&said(json).await, 415, "wrong_media_type");
    let no_offset = seller(Method::PATCH, &place).header("content-type", BYTES);
    problem(&said(no_offset).await, 422, "bad_field");
    let key = Uuid::now_v7().to_string();
    let once = |size| creation(&node, "seller", &order, "once.png", size).header("idempotency-key", &key);
    assert_eq!(begun(once(10)).await, begun(once(10)).await);
    problem(&said(once(11)).await, 409, "id_reused");
    let bytes = picture(10);
    let whole = || once(10).header("content-type", BYTES).body(bytes.clone());
    assert_eq!(begun(whole()).await, begun(whole()).await, "its answer was lost");
    let key = Uuid::now_v7().to_string();
    let late = || creation(&node, "seller", &order, "late.png", 10).header("idempotency-key", &key);
    begun(late()).await;
    node.sql("update uploads set expires_at = clock_timestamp() where not done").await;
    problem(&said(late()).await, 410, "upload_expired");
    assert!(sweep(node.state()).await > 0);
    begun(late()).await;
    node.stop().await;
}
