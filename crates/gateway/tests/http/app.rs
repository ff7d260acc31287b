//! The browser application as a browser gets it: a folder of a few files stands in for what the build writes.

use std::{env, fs, path::PathBuf};

use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::served::{SECRET, Served, said};

const SCRIPT: &str = "assets/app-3f2a.js";

/// Files of an application; removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = env::temp_dir().join(format!("order-chat-app-{}", Uuid::now_v7()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    async fn served(&self) -> Served {
        self.served_as("1").await
    }

    async fn served_as(&self, demo: &str) -> Served {
        let app = self.0.to_str().unwrap();
        Served::start_with(&[
            ("ORDER_CHAT_TOKEN_SECRET", SECRET),
            ("ORDER_CHAT_DEMO", demo),
            ("ORDER_CHAT_APP", app),
        ])
        .await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over lies in the folder for such things.
        fs::remove_dir_all(&self.0).ok();
    }
}

fn built() -> Folder {
    Folder::of(&[
        ("index.html", "<title>the page</title>"),
        ("icon.svg", "<svg/>"),
        (SCRIPT, "plain script"),
        ("assets/app-3f2a.js.br", "as brotli"),
        ("assets/app-3f2a.js.gz", "as gzip"),
    ])
}

async fn get(node: &Served, path: &str, accept: Option<&str>) -> Response {
    let ask = node.ask(Method::GET, path);
    let ask = if let Some(accept) = accept { ask.header(header::ACCEPT_ENCODING, accept) } else { ask };
    ask.send().await.expect("the node answers")
}

fn said_in<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_path_of_the_application_is_its_page() {
    let folder = built();
    let node = folder.served().await;
    for path in ["/", "/demo", "/desk", "/orders/01900000-0000-7000-8000-000000000000", "/index.html"] {
        let page = get(&node, path, None).await;
        assert_eq!((page.status().as_u16(), said_in(&page, "cache-control")), (200, "no-cache"), "{path}");
        assert_eq!(
            (said_in(&page, "content-type"), said_in(&page, "x-frame-options")),
            ("text/html", "SAMEORIGIN")
        );
        let policy = said_in(&page, "content-security-policy");
        let host = node.origin().replace("http://", "");
        for rule in [
            "default-src 'none';",
            "script-src 'self';",
            &format!("connect-src 'self' ws://{host} wss://{host};"),
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
            assert_eq!(said_in(&page, name), value);
        }
        assert!(said_in(&page, "permissions-policy").contains("camera=()"));
        assert_eq!(page.text().await.unwrap(), "<title>the page</title>");
    }
    for path in
        ["/v1", "/v1/nowhere", "/demo/nowhere", "/robots.txt", "/assets/gone", "/assets/app-3f2a.js.br"]
    {
        let answer = said(node.ask(Method::GET, path)).await;
        assert_eq!((answer.0, &answer.1["code"]), (404, &json!("not_found")), "{path}");
    }
    let posted = said(node.ask(Method::POST, "/desk")).await;
    assert_eq!((posted.0, &posted.1["code"]), (404, &json!("not_found")), "only looked at");
    node.stop().await;
}

#[tokio::test]
async fn files_are_sent_as_the_browser_takes_them_and_only_once() {
    let folder = built();
    let node = folder.served().await;
    let script = format!("/{SCRIPT}");
    let mut tags = Vec::new();
    for (accept, encoding, text) in [
        (Some("gzip, deflate, br, zstd"), "br", "as brotli"),
        (Some("gzip"), "gzip", "as gzip"),
        (Some("br;q=0, gzip;q=0.1"), "gzip", "as gzip"),
        (None, "", "plain script"),
    ] {
        let answer = get(&node, &script, accept).await;
        assert_eq!((answer.status().as_u16(), said_in(&answer, "content-encoding")), (200, encoding));
        assert_eq!(said_in(&answer, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(said_in(&answer, "content-type"), "text/javascript");
        assert!(said_in(&answer, "vary").contains("accept-encoding"));
        let tag = said_in(&answer, "etag").to_owned();
        assert_eq!(answer.text().await.unwrap(), text);
        let again = node.ask(Method::GET, &script).header(header::IF_NONE_MATCH, format!("\"x\", W/{tag}"));
        let again =
            if let Some(accept) = accept { again.header(header::ACCEPT_ENCODING, accept) } else { again };
        let again = again.send().await.unwrap();
        assert_eq!((again.status().as_u16(), said_in(&again, "etag")), (304, tag.as_str()));
        assert_eq!(again.bytes().await.unwrap().len(), 0);
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "an encoding has its own tag");
    let head = node.ask(Method::HEAD, "/icon.svg").send().await.unwrap();
    assert_eq!((head.status().as_u16(), said_in(&head, "content-type")), (200, "image/svg+xml"));
    assert_eq!(said_in(&head, "content-length"), "6");
    node.stop().await;
}

/// The page knows without asking whether demo accounts are handed out, whichever encoding it takes.
#[tokio::test]
async fn the_page_says_whether_there_is_a_demo() {
    let plain = "<head><title>the page</title></head>";
    let folder = Folder::of(&[("index.html", plain), ("index.html.gz", "packed")]);
    for (demo, told, encoding) in [("1", true, ""), ("0", false, "gzip")] {
        let node = folder.served_as(demo).await;
        let packed = get(&node, "/orders", Some("gzip")).await;
        assert_eq!(said_in(&packed, "content-encoding"), encoding);
        let page = get(&node, "/", None).await.text().await.unwrap();
        assert_eq!(page.contains(r#"<head><meta name="order-chat-demo">"#), told, "{page}");
        assert!(page.contains("the page"));
        node.stop().await;
    }
}

/// Without a build there is a page that says how to get one, and everything else as before.
#[tokio::test]
async fn a_node_without_the_application_says_how_to_build_it() {
    let folder = Folder::of(&[]);
    let node = folder.served().await;
    for (path, status) in [("/", 200), ("/demo", 404), ("/orders/1", 404)] {
        let page = get(&node, path, None).await;
        assert_eq!((page.status().as_u16(), said_in(&page, "x-frame-options")), (status, "DENY"));
        assert!(page.text().await.unwrap().contains("cargo xtask web build"), "{path}");
    }
    let missing = said(node.ask(Method::GET, "/v1/nowhere")).await;
    assert_eq!((missing.0, &missing.1["code"]), (404, &Value::from("not_found")));
    node.stop().await;
}
