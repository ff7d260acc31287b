//! Tokens of a host with keys of its own: a JWKS fetched over HTTP, each kind of key, and rotation in traffic.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, http::StatusCode, routing::get};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use p256::pkcs8::EncodePrivateKey as _;
use reqwest::Method;
use rsa::{pkcs1::EncodeRsaPrivateKey as _, rand_core::OsRng};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle, time::timeout};

use crate::served::{Served, said};

/// Every kind of key that is accepted opens the door, and no other key under its name does.
#[tokio::test]
async fn each_kind_of_key_signs() {
    let keys = [Key::rs256("r"), Key::es256("e"), Key::ed25519("d")];
    let issuer = Issuer::start(&keys).await;
    let node = issuer.served().await;
    for key in &keys {
        assert_eq!(inbox(&node, &key.token()).await, 200, "{:?}", key.algorithm);
    }
    for other in [Key::es256("e"), Key::ed25519("d"), Key::ed25519("e"), Key::es256("r"), Key::ed25519("x")] {
        assert_eq!(inbox(&node, &other.token()).await, 401, "{:?} as {}", other.algorithm, other.kid);
    }
    node.stop().await;
}

/// A new key is taken over soon after its first token came, the old one holds as long as it is published, and an
/// issuer that is down locks nobody out. Traffic goes on all the while.
#[tokio::test]
async fn keys_rotate_in_traffic() {
    let (old, new) = (Key::es256("old"), Key::es256("new"));
    let issuer = Issuer::start(std::slice::from_ref(&old)).await;
    let node = issuer.served().await;
    let in_force = async |unknown: &Key, known: &Key| {
        assert_eq!(inbox(&node, &unknown.token()).await, 401);
        let until = async {
            while inbox(&node, &unknown.token()).await != 200 {
                assert_eq!(inbox(&node, &known.token()).await, 200, "{} is published", known.kid);
            }
        };
        timeout(Duration::from_secs(20), until).await.expect("the key set is read anew");
    };
    issuer.publish(&[]);
    let fetched = issuer.fetched();
    assert_eq!(inbox(&node, &new.token()).await, 401);
    while issuer.fetched() == fetched {
        assert_eq!(inbox(&node, &old.token()).await, 200, "the issuer is down");
    }
    assert_eq!(inbox(&node, &old.token()).await, 200, "the issuer is down");
    issuer.publish(&[&old, &new]);
    in_force(&new, &old).await;
    issuer.publish(&[&new]);
    // Any unknown key makes the node look again; nobody can make it look often.
    let gone = async {
        while inbox(&node, &old.token()).await == 200 {
            assert_eq!(inbox(&node, &Key::ed25519("unknown").token()).await, 401);
            assert_eq!(inbox(&node, &new.token()).await, 200);
        }
    };
    timeout(Duration::from_secs(20), gone).await.expect("the old key is gone");
    node.stop().await;
}

async fn inbox(node: &Served, token: &str) -> u16 {
    said(node.ask(Method::GET, "/v1/inbox").bearer_auth(token)).await.0
}

/// A key that signs.
struct Key {
    kid: &'static str,
    algorithm: Algorithm,
    private: EncodingKey,
}

impl Key {
    fn rs256(kid: &'static str) -> Self {
        let key = rsa::RsaPrivateKey::new(&mut OsRng, 2048).expect("a key");
        let private = EncodingKey::from_rsa_der(key.to_pkcs1_der().expect("DER").as_bytes());
        Self { kid, algorithm: Algorithm::RS256, private }
    }

    fn es256(kid: &'static str) -> Self {
        let key = p256::SecretKey::random(&mut OsRng);
        let private = EncodingKey::from_ec_der(key.to_pkcs8_der().expect("DER").as_bytes());
        Self { kid, algorithm: Algorithm::ES256, private }
    }

    fn ed25519(kid: &'static str) -> Self {
        // RFC 8410: what stands before the 32 bytes of a key.
        const BEFORE: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let seed: [u8; 32] = rand::random();
        let private = EncodingKey::from_ed_der(&[BEFORE, &seed].concat());
        Self { kid, algorithm: Algorithm::EdDSA, private }
    }

    fn published(&self) -> Value {
        let mut key = Jwk::from_encoding_key(&self.private, self.algorithm).expect("its public half");
        key.common.key_id = Some(self.kid.to_owned());
        serde_json::to_value(key).expect("a JWK is JSON")
    }

    /// A token of the buyer.
    fn token(&self) -> String {
        let now = Utc::now().timestamp();
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(self.algorithm) };
        let claims =
            json!({"aud": "order-chat", "sub": "buyer", "role": "user", "iat": now, "exp": now + 600});
        encode(&header, &claims, &self.private).expect("the key signs")
    }
}

/// A host that publishes its keys; without any it is down.
struct Issuer {
    address: SocketAddr,
    keys: Arc<Mutex<Vec<Value>>>,
    fetched: Arc<AtomicUsize>,
    serving: AbortHandle,
}

impl Issuer {
    async fn start(keys: &[Key]) -> Self {
        let keys = Arc::new(Mutex::new(keys.iter().map(Key::published).collect::<Vec<_>>()));
        let fetched = Arc::new(AtomicUsize::new(0));
        let (published, count) = (keys.clone(), fetched.clone());
        let answer = get(async move || {
            count.fetch_add(1, Ordering::SeqCst);
            let keys = published.lock().expect("nobody panics here").clone();
            if keys.is_empty() { Err(StatusCode::BAD_GATEWAY) } else { Ok(Json(json!({"keys": keys}))) }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serve = axum::serve(listener, Router::new().route("/jwks.json", answer));
        let serving = tokio::spawn(async { serve.await.expect("it serves") }).abort_handle();
        Self { address, keys, fetched, serving }
    }

    /// A node that trusts this issuer.
    async fn served(&self) -> Served {
        let address = format!("http://{}/jwks.json", self.address);
        Served::start_with(&[("ORDER_CHAT_JWKS", &address)]).await
    }

    fn publish(&self, keys: &[&Key]) {
        *self.keys.lock().expect("nobody panics here") = keys.iter().map(|key| key.published()).collect();
    }

    fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
