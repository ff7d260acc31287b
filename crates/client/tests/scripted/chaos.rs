//! A server that keeps its word and nothing else: it cuts, repeats, leaves out, and answers late or never, by a seed.

use std::{collections::HashMap, sync::Arc};

use client::{Client, Event, Place};
use protocol::domain::{
    command::PostMessage,
    ids::CommandId,
    values::{Seq, Text},
};
use protocol::{
    ClientFrame,
    client_frame::{CommandFrame, Subscribe},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::sync::Mutex;

use crate::server::{Peer, ROOM, Server, ack, entry_of, options, soon, subscribed, text_of, welcome};

/// The truth: a timeline, and which command became which entry.
#[derive(Default)]
struct Truth {
    timeline: Vec<(CommandId, String)>,
    seq_of: HashMap<CommandId, u64>,
}

impl Truth {
    /// Exactly once by id.
    fn commit(&mut self, id: CommandId, text: String) -> (u64, bool) {
        if let Some(seq) = self.seq_of.get(&id) {
            return (*seq, true);
        }
        self.timeline.push((id, text));
        let seq = self.timeline.len() as u64;
        self.seq_of.insert(id, seq);
        (seq, false)
    }

    fn entry(&self, seq: u64) -> serde_json::Value {
        let (id, text) = &self.timeline[usize::try_from(seq).unwrap() - 1];
        entry_of(seq, *id, text)
    }
}

/// Serves one connection until it cuts it, or the client is gone.
async fn misbehave(peer: &mut Peer, truth: &Mutex<Truth>, chance: &mut StdRng) -> Option<()> {
    let ClientFrame::Hello(_) = peer.listen().await? else { return None };
    peer.say(welcome()).await;
    loop {
        if chance.random_bool(0.05) {
            return None;
        }
        match peer.listen().await? {
            ClientFrame::Command(asked) => command(peer, truth, chance, asked).await?,
            ClientFrame::Subscribe(asked) => subscribe(peer, truth, asked).await,
            _ => {}
        }
    }
}

async fn command(
    peer: &mut Peer,
    truth: &Mutex<Truth>,
    chance: &mut StdRng,
    asked: CommandFrame,
) -> Option<()> {
    if chance.random_bool(0.1) {
        return None;
    }
    let (seq, duplicate) = truth.lock().await.commit(asked.id, text_of(&asked.command));
    if chance.random_bool(0.1) {
        return None;
    }
    peer.say(ack(asked.reference, asked.id, seq, duplicate)).await;
    // Late, twice, or not at all: the client notices by the next one, or is cut some day.
    let copies = [0, 1, 1, 1, 1, 2][chance.random_range(0..6)];
    for _ in 0..copies {
        let entry = truth.lock().await.entry(seq);
        peer.say(serde_json::json!({"type": "entry", "order": ROOM, "entry": entry})).await;
    }
    Some(())
}

async fn subscribe(peer: &mut Peer, truth: &Mutex<Truth>, asked: Subscribe) {
    let truth = truth.lock().await;
    let head = truth.timeline.len() as u64;
    let after = asked.after.map_or(0, |seq| seq.0);
    let mut answer = subscribed(asked.reference, head, &[]);
    answer["entries"] = (after + 1..=head).map(|seq| truth.entry(seq)).collect();
    peer.say(answer).await;
}

/// G2–G6: every command is there once, every entry arrives once and in order, whatever the server does.
#[tokio::test]
async fn nothing_is_lost_or_repeated() {
    for seed in 0..12 {
        soon(&format!("seed {seed}"), play(seed)).await;
    }
}

async fn play(seed: u64) {
    const MESSAGES: usize = 30;
    let server = Server::start().await;
    let (client, mut events) = Client::connect(options([server.url()]));
    let truth = Arc::new(Mutex::new(Truth::default()));
    let serving = tokio::spawn({
        let truth = truth.clone();
        let mut chance = StdRng::seed_from_u64(seed);
        async move {
            loop {
                misbehave(&mut server.accept().await, &truth, &mut chance).await;
            }
        }
    });
    client.subscribe_from(ROOM, Place::START).await.unwrap();
    for n in 0..MESSAGES {
        let text = Text::new(n.to_string()).ok();
        let ack =
            client.command(ROOM, PostMessage { text, files: Vec::new(), reply_to: None }).await.unwrap();
        assert_eq!(ack.seq, Some(Seq(n as u64 + 1)), "seed {seed}: once, where it was");
    }
    // What was left out is noticed by a later entry: while nothing is heard, there is one more.
    let mut heard = Vec::new();
    while heard.len() < MESSAGES {
        match events.try_next() {
            Some(Event::Entry { entry, .. }) => heard.push((entry.seq.0, entry.id)),
            Some(_) => {}
            None => {
                let text = Text::new("more").ok();
                client.command(ROOM, PostMessage { text, files: Vec::new(), reply_to: None }).await.unwrap();
            }
        }
    }
    let truth = truth.lock().await;
    let expected: Vec<_> = truth.timeline.iter().zip(1..).map(|((id, _), seq)| (seq, *id)).collect();
    assert_eq!(heard, expected[..heard.len()], "seed {seed}");
    let texts: Vec<_> = truth.timeline.iter().take(MESSAGES).map(|(_, text)| text.clone()).collect();
    assert_eq!(
        texts,
        (0..MESSAGES).map(|n| n.to_string()).collect::<Vec<_>>(),
        "seed {seed}: in the order they were given"
    );
    client.close().await;
    serving.abort();
}
