//! A large upload whose connection is cut and whose node is killed (D8): another node goes on, and no node holds the file
//! in memory. The whole of what is promised:
//! `SYSTEM_UPLOAD_MIB=2048 cargo xtask test -p gateway --release --test system -- an_upload --nocapture`

use std::{fs, net::SocketAddr, time::Duration};

use order_domain::{
    ids::{OrderId, UserId},
    participant::AccountRole,
};
use protocol::http::files::FileLink;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use crate::{cluster::Cluster, figures::count, servers::Private};

const BLOCK: usize = 1 << 20;
/// Pieces on their way to the disk, parts of the file, and what a debug build wastes.
const GROWTH_MAX_KIB: u64 = 96 << 10;

/// The connection is cut five times, the last node that writes is killed by -9, and each time the other goes on.
/// `SYSTEM_UPLOAD_MIB` says how large the file is.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_cuts_and_the_death_of_its_node() {
    const CUTS: usize = 5;
    let blocks = count("SYSTEM_UPLOAD_MIB", 160);
    let mut cluster = Cluster::start("upload", 2, Private::Nothing).await;
    let (buyer, seller) = (UserId::new("buyer").unwrap(), UserId::new("seller").unwrap());
    let order = cluster.api.place(0, &buyer, &seller, json!({})).await;
    let token = cluster.token(&seller, AccountRole::User);
    let mut upload = Upload::begin(&cluster, order, token, blocks).await;
    let before_kib = [0, 1].map(|node| high_water_kib(cluster.nodes[node].pid().expect("it runs")));

    for cut in 0..CUTS {
        upload.send(&cluster, cut % 2, blocks * (cut + 1) / (CUTS + 2)).await;
        println!("node {} went on at byte {} and is cut", cut % 2, upload.offset);
    }
    let line = upload.send(&cluster, CUTS % 2, blocks * (CUTS + 1) / (CUTS + 2)).await;
    let killed_kib = high_water_kib(cluster.nodes[CUTS % 2].pid().expect("it runs")) - before_kib[CUTS % 2];
    cluster.nodes[CUTS % 2].kill9();
    drop(line);
    let other = (CUTS + 1) % 2;
    let mut line = upload.send(&cluster, other, blocks).await;
    assert_eq!(status(&mut line).await, 204, "all of it is there");
    let grown_kib = high_water_kib(cluster.nodes[other].pid().expect("it runs")) - before_kib[other];

    let hash = (0..blocks).fold(Sha256::new(), |hash, number| hash.chain_update(block(number)));
    assert_eq!(upload.file(&cluster, other).await.sha256, format!("{:x}", hash.finalize()));
    println!("{blocks} MiB over {CUTS} cuts and a kill: the nodes grew by {killed_kib} and {grown_kib} KiB");
    assert!(killed_kib.max(grown_kib) < GROWTH_MAX_KIB, "memory grows with the file");
    cluster.nodes[CUTS % 2].start();
    cluster.until_ready(CUTS % 2).await;
    cluster.stop().await;
}

/// A file on its way, as a tus client sends it.
struct Upload {
    place: String,
    token: String,
    blocks: usize,
    /// What the nodes have of it, as far as they said.
    offset: usize,
}

impl Upload {
    async fn begin(cluster: &Cluster, order: OrderId, token: String, blocks: usize) -> Self {
        let url = format!("http://{}/v1/orders/{order}/files", cluster.address(0));
        let begun = tus(Method::POST, url, &token).header("upload-length", blocks * BLOCK).send().await;
        let place = begun.expect("an answer").headers()["location"].to_str().expect("plain").to_owned();
        Self { place, token, blocks, offset: 0 }
    }

    /// Asks where it stands and goes on from there, up to this block: the line is still open.
    async fn send(&mut self, cluster: &Cluster, node: usize, until: usize) -> TcpStream {
        let mut line = self.line(cluster, node).await;
        for number in self.offset / BLOCK..until {
            let skipped = if number == self.offset / BLOCK { self.offset % BLOCK } else { 0 };
            line.write_all(&block(number)[skipped..]).await.expect("the node takes it");
        }
        line
    }

    /// A request that the node is ready to read. What it still wrote for a line that was cut moves the offset.
    async fn line(&mut self, cluster: &Cluster, node: usize) -> TcpStream {
        for _ in 0..400 {
            let url = format!("http://{}{}", cluster.address(node), self.place);
            let there = tus(Method::HEAD, url, &self.token).send().await.expect("an answer");
            let came: usize = there.headers()["upload-offset"].to_str().unwrap().parse().expect("a number");
            assert!(came >= self.offset, "what was there is gone: {came} of {}", self.offset);
            self.offset = came;
            let announced = self.blocks * BLOCK - came;
            let mut line = open(cluster.address(node), &self.place, &self.token, came, announced).await;
            if status(&mut line).await == 100 {
                return line;
            }
            sleep(Duration::from_millis(50)).await; // asked again: there is nothing to be told by
        }
        panic!("node {node} does not go on at {}", self.offset)
    }

    async fn file(&self, cluster: &Cluster, node: usize) -> FileLink {
        let id = self.place.rsplit('/').next().expect("a place ends in an id");
        let url = format!("http://{}/v1/files/{id}", cluster.address(node));
        let asked = tus(Method::GET, url, &self.token).send().await.expect("an answer");
        asked.json().await.expect("a file")
    }
}

fn tus(method: Method, url: String, token: &str) -> RequestBuilder {
    let client = Client::builder().no_proxy().build().expect("an HTTP client");
    client.request(method, url).bearer_auth(token).header("tus-resumable", "1.0.0")
}

/// The status of the next answer, which has no body.
async fn status(line: &mut TcpStream) -> u16 {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await.expect("an answer"));
    }
    let words = String::from_utf8(head).expect("plain");
    words.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
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
         Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\nContent-Length: {announced}\r\nExpect: 100-continue\r\n\r\n"
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
