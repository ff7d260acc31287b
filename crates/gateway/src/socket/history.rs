//! `history`: one page backwards. Asked of the database with the right to read, each time.

use std::sync::Arc;

use order_actions::{ActionError, Start};
use protocol::client_frame::History;

use super::{page, peer::Peer, refuse, session::Session};
use crate::state::AppState;

/// Reads the page beside the socket's task.
pub fn history(session: &Session, frame: History) {
    let (state, peer, work) = (session.state.clone(), Arc::clone(&session.peer), session.peer.work());
    session.state.drain.sockets.spawn(async move {
        let reference = frame.reference;
        if let Err(error) = answer(&state, &peer, frame).await {
            refuse::failed(&peer, reference, None, error);
        }
        drop(work);
    });
}

async fn answer(state: &AppState, peer: &Peer, frame: History) -> Result<(), ActionError> {
    let History { reference, order, before, limit } = frame;
    let Some(_turn) = peer.turn_for_page().await else { return Ok(()) };
    // Not before the turn, which comes when the reader likes: the right may be gone by then (G8).
    state.store.access(&peer.caller, order).await?;
    let read = state.store.entries(order, Start::Before(before, limit)).await?;
    let make = |entries: &[_]| page::frame(order, Some(reference), entries, read.head);
    peer.queue.push(page::fitting(&read.entries, make, page::later).0);
    Ok(())
}
