//! What only staff may see: a dispute, an agent at the desk, and a note with a canary, while everybody listens.

use std::sync::atomic::Ordering::Relaxed;

use anyhow::{Context as _, Result};
use protocol::domain::command::Command;
use serde_json::{Value, json};

use crate::{
    mark::Audience,
    session::Session,
    tokens::{Role, Tokens},
};

/// Writes a private note in the first room. A run whose load is measured is not thrown away because that failed: there is
/// a threshold for it.
pub async fn note(session: &mut Session, tokens: &Tokens) {
    if let Err(error) = write(session, tokens).await {
        session
            .notes
            .push(format!("No private note was written, so that no leak of one was looked for: {error:#}"));
    }
}

async fn write(session: &Session, tokens: &Tokens) -> Result<()> {
    let agent = match tokens.known(Role::Agent) {
        None => Some(format!("load-{:08x}-agent", session.shared.judge.run())),
        Some(agents) => agents.into_iter().next(),
    };
    let agent = agent.context("there is no agent among the tokens")?;
    session.recorder.phase("private note", 0.0);
    let room = session.shared.crowd.rooms[0].clone();
    let agent = tokens.of(&agent, Role::Agent).await?;
    let steps = [
        (&*room.seller_token, json!({"type": "accept_order"})),
        (&*room.buyer_token, json!({"type": "open_dispute", "reason": "A load test.", "cx_join": true})),
        (&*agent, json!({"type": "claim_case"})),
    ];
    for (token, step) in steps {
        give(session, token, step).await?;
    }
    let text = session.shared.judge.canaries().text(Audience::Staff, 1);
    session.api.case_note(&agent, room.order, &text).await.context("a private note")?;
    session.shared.figures.counters.private_notes.fetch_add(1, Relaxed);
    // Everybody hears something after the note: what leaked with it has arrived before.
    give(session, &room.buyer_token, json!({"type": "post_message", "text": "After the note."})).await
}

async fn give(session: &Session, token: &str, command: Value) -> Result<()> {
    let kind = command["type"].to_string();
    let command: Command = serde_json::from_value(command).context("a command of our own")?;
    let order = session.shared.crowd.rooms[0].order;
    let ack = session.api.command(token, order, &command).await.with_context(|| kind)?;
    // So that nobody leaves before it has come.
    if let Some(seq) = ack.seq {
        session.shared.judge.room(0).acked(seq.0, ack.id.0);
    }
    Ok(())
}
