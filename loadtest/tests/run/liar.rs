//! A server that lies: a relay in front of a real node that passes everything on, but breaks one promise on the way to
//! the participants. The judge must notice from outside, as with a broken build.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::AbortHandle,
};

/// Which promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// An entry does not arrive.
    Drop,
    /// Each ten-thousandth does not: one lost publish is found among very many that are not.
    DropFew,
    /// An entry arrives twice.
    Duplicate,
    /// Two entries arrive in the wrong order.
    Reorder,
    /// Two entries exchange their contents; their seqs look right.
    Swap,
    /// Members of one room are sent what was said in another.
    Leak,
    /// Members of one room are sent the frames of another, as if they followed it.
    Stray,
    /// An ack names a place where its message does not stand.
    Ack,
    /// A command is stored, and its ack does not arrive.
    Silence,
    /// None: a connection breaks.
    Cut,
}

impl Lie {
    /// What the judge may call it.
    pub fn found_as(self) -> &'static [&'static str] {
        match self {
            Self::Drop | Self::DropFew => &["gap"],
            Self::Duplicate => &["repeated"],
            Self::Reorder => &["gap", "late"],
            Self::Swap => &["diverged"],
            Self::Leak => &["leak"],
            Self::Stray => &["other room"],
            Self::Ack => &["lost ack"],
            Self::Silence => &["unanswered"],
            Self::Cut => &[],
        }
    }
}

/// A relay that lies once; that sends what is not to be seen to everybody from then on, as its first victim may be
/// somebody who may see it; that drops few, again and again.
pub struct Liar {
    address: std::net::SocketAddr,
    task: AbortHandle,
}

#[derive(Debug)]
struct Mischief {
    lie: Lie,
    /// Frames of the kind that is lied about, over all connections.
    seen: AtomicU32,
    /// What was said in some room, and the room.
    overheard: Mutex<Option<(String, String)>>,
}

impl Liar {
    /// In front of a node.
    pub async fn before(node: std::net::SocketAddr, lie: Lie) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mischief = Arc::new(Mischief { lie, seen: AtomicU32::new(0), overheard: Mutex::default() });
        let serve = async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(node).await.expect("the node listens");
                tokio::spawn(relay(client, server, mischief.clone()));
            }
        };
        Self { address, task: tokio::spawn(serve).abort_handle() }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(client: TcpStream, server: TcpStream, mischief: Arc<Mischief>) {
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    tokio::spawn(async move {
        // A connection that breaks is broken on both sides.
        let _ = copy(&mut from_client, &mut to_server).await;
    });
    let from_server = BufReader::new(from_server);
    let _ = Backward { from_server, to_client, mischief, held: None }.run().await;
}

/// The way from the server to one participant.
struct Backward {
    from_server: BufReader<OwnedReadHalf>,
    to_client: OwnedWriteHalf,
    mischief: Arc<Mischief>,
    held: Option<String>,
}

impl Backward {
    async fn run(mut self) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.from_server.read_u8().await?);
        }
        self.to_client.write_all(&head).await?;
        if !head.starts_with(b"HTTP/1.1 101") {
            return copy(&mut self.from_server, &mut self.to_client).await.map(drop);
        }
        loop {
            let first = self.from_server.read_u8().await?;
            let length = match self.from_server.read_u8().await? {
                126 => u64::from(self.from_server.read_u16().await?),
                127 => self.from_server.read_u64().await?,
                short => u64::from(short),
            };
            let mut payload = vec![0; usize::try_from(length).expect("a frame fits into memory")];
            self.from_server.read_exact(&mut payload).await?;
            match String::from_utf8(payload) {
                Ok(text) if self.is_cut_before(&text) => return Ok(()),
                Ok(text) if first == 0x81 => {
                    for text in self.lie_about(text) {
                        self.send(first, text.as_bytes()).await?;
                    }
                }
                Ok(text) => self.send(first, text.as_bytes()).await?,
                Err(binary) => self.send(first, binary.as_bytes()).await?,
            }
        }
    }

    async fn send(&mut self, first: u8, payload: &[u8]) -> std::io::Result<()> {
        let mut frame = vec![first, 126];
        frame.extend_from_slice(&u16::try_from(payload.len()).map_or([0; 2], u16::to_be_bytes));
        if payload.len() > usize::from(u16::MAX) {
            frame = vec![first, 127];
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
        frame.extend_from_slice(payload);
        self.to_client.write_all(&frame).await
    }

    fn is_cut_before(&self, text: &str) -> bool {
        self.mischief.lie == Lie::Cut && text.starts_with(ENTRY) && self.is_time(text)
    }

    /// What is sent instead of one frame.
    fn lie_about(&mut self, text: String) -> Vec<String> {
        if let Some(held) = self.held.take_if(|_| text.starts_with(ENTRY)) {
            return match self.mischief.lie {
                Lie::Reorder => vec![text, held],
                _ => exchanged(&held, &text).into(),
            };
        }
        let kind = match self.mischief.lie {
            Lie::Ack | Lie::Silence => r#"{"type":"ack""#,
            _ => ENTRY,
        };
        if self.mischief.lie == Lie::Cut || !text.starts_with(kind) || !self.is_time(&text) {
            return vec![text];
        }
        match self.mischief.lie {
            Lie::Drop | Lie::DropFew | Lie::Silence | Lie::Cut => Vec::new(),
            Lie::Duplicate => vec![text.clone(), text],
            Lie::Reorder | Lie::Swap => {
                self.held = Some(text);
                Vec::new()
            }
            Lie::Leak => {
                let news = format!(r#"{{"type":"news","text":{}}}"#, serde_json::json!(self.overheard()));
                vec![text, news]
            }
            Lie::Stray => vec![text, self.overheard()],
            Lie::Ack => vec![with_seq(&text, 1_000_000)],
        }
    }

    fn is_time(&self, text: &str) -> bool {
        let lie = self.mischief.lie;
        if matches!(lie, Lie::Leak | Lie::Stray) && !self.is_of_another_room(text) {
            return false;
        }
        // Some commands leave no entry, and their acks name no place.
        if lie == Lie::Ack && !text.contains(SEQ) {
            return false;
        }
        let seen = self.mischief.seen.fetch_add(1, Relaxed) + 1;
        match lie {
            Lie::DropFew => seen.is_multiple_of(10_000),
            Lie::Leak | Lie::Stray => seen >= SO_MANY,
            _ => seen == SO_MANY,
        }
    }

    fn overheard(&self) -> String {
        let overheard = self.mischief.overheard.lock().expect("nothing panics while holding it");
        overheard.as_ref().expect("is_time has waited for it").1.clone()
    }

    /// Remembers what was said first, in words that betray it; true for entries of other rooms than that one.
    fn is_of_another_room(&self, text: &str) -> bool {
        let room = text[ENTRY.len()..ENTRY.len() + 36].to_owned();
        let mut overheard = self.mischief.overheard.lock().expect("nothing panics while holding it");
        if overheard.is_none() && !text.contains("canary-") {
            return false;
        }
        let (first, _) = overheard.get_or_insert_with(|| (room.clone(), text.to_owned()));
        *first != room
    }
}

/// Frames before the first lie, so that the rooms have begun to talk.
const SO_MANY: u32 = 10;

const ENTRY: &str = r#"{"type":"entry","order":""#;
const SEQ: &str = r#""seq":"#;

fn seq(text: &str) -> u64 {
    let at = text.find(SEQ).expect("a seq") + SEQ.len();
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

fn with_seq(text: &str, number: u64) -> String {
    text.replacen(&format!("{SEQ}{}", seq(text)), &format!("{SEQ}{number}"), 1)
}

fn exchanged(one: &str, two: &str) -> [String; 2] {
    [with_seq(two, seq(one)), with_seq(one, seq(two))]
}
