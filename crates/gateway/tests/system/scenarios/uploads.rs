//! A large upload whose node is killed in the middle (D8): another node goes on, and no node holds the file in memory.

use std::{fs, net::SocketAddr};

use order_domain::{ids::UserId, participant::AccountRole};
use protocol::http::files::FileLink;
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{cluster::Cluster, figures::count, servers::Private};

const BLOCK: usize = 1 << 20;
/// Pieces on their way to the disk, parts of the file, and what a debug build wastes.
const GROWTH_MAX_KIB: u64 = 96 << 10;

/// kill -9 in the middle of an upload; `SYSTEM_UPLOAD_MIB` says how large it is.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_the_death_of_its_node() {
    let blocks = count("SYSTEM_UPLOAD_MIB", 160);
    let mut cluster = Cluster::start("upload", 2, Private::Nothing).await;
    let (buyer, seller) = (UserId::new("buyer").unwrap(), UserId::new("seller").unwrap());
    let order = cluster.api.place(0, &buyer, &seller, json!({})).await;
    let token = cluster.token(&seller, AccountRole::User);
    let client = Client::builder().no_proxy().build().expect("an HTTP client");
    let tus = |request: RequestBuilder| request.bearer_auth(&token).header("tus-resumable", "1.0.0");
    let (first, second) = (cluster.address(0), cluster.address(1));

    let begin = tus(client.post(format!("http://{first}/v1/orders/{order}/files")));
    let begun = begin.header("upload-length", blocks * BLOCK).send().await.expect("an answer");
    let place = begun.headers()["location"].to_str().expect("plain").to_owned();
    let mut line = open(first, &place, &token, 0, blocks * BLOCK).await;
    for number in 0..blocks / 2 {
        line.write_all(&block(number)).await.expect("the node takes it");
    }
    cluster.nodes[0].kill9();

    let there = tus(client.head(format!("http://{second}{place}"))).send().await.expect("an answer");
    let came: usize = there.headers()["upload-offset"].to_str().unwrap().parse().expect("a number");
    assert!(came > 0 && came <= blocks / 2 * BLOCK, "{came} bytes were kept");
    let pid = cluster.nodes[1].pid().expect("it runs");
    let before_kib = high_water_kib(pid);
    let mut line = open(second, &place, &token, came, blocks * BLOCK - came).await;
    for number in came / BLOCK..blocks {
        let skipped = if number == came / BLOCK { came % BLOCK } else { 0 };
        line.write_all(&block(number)[skipped..]).await.expect("the node takes it");
    }
    let mut answer = [0; 12];
    line.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 204");
    let grown_kib = high_water_kib(pid).saturating_sub(before_kib);

    let id = place.rsplit('/').next().expect("a place ends in an id");
    let asked = tus(client.get(format!("http://{second}/v1/files/{id}"))).send().await.expect("an answer");
    let file: FileLink = asked.json().await.expect("a file");
    let hash = (0..blocks).fold(Sha256::new(), |hash, number| hash.chain_update(block(number)));
    assert_eq!(file.sha256, format!("{:x}", hash.finalize()));
    println!("an upload of {blocks} MiB, killed at {came} bytes: the node's memory grew by {grown_kib} KiB");
    assert!(grown_kib < GROWTH_MAX_KIB, "memory grows with the file: {grown_kib} KiB");
    cluster.nodes[0].start();
    cluster.until_ready(0).await;
    cluster.stop().await;
}

/// A picture's first bytes, then some that differ from block to block.
fn block(number: usize) -> Vec<u8> {
    let mut block = vec![u8::try_from(number % 251).expect("below 256"); BLOCK];
    block[..8].copy_from_slice(b"\x89PNG\r\n\x1a\n");
    block
}

async fn open(at: SocketAddr, place: &str, token: &str, offset: usize, announced: usize) -> TcpStream {
    let mut line = TcpStream::connect(at).await.expect("the node listens");
    let head = format!(
        "PATCH {place} HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
         Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\nContent-Length: {announced}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.expect("it is sent");
    line
}

/// The most that the process ever held.
fn high_water_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux says it");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
