//! One batch: one statement and one commit, and what to do when Postgres refuses it.

use std::sync::Arc;

use order_domain::{
    event::Entry,
    participant::{Actor, Role},
    rejection::Rejection,
};

use super::{
    known,
    post::{Post, Queued},
    statement::{Fate, Said},
    writer::Writer,
};
use crate::{committed::Committed, error::Unavailable, head, refusals, repeat::Outcome};

/// Commits a batch and answers everyone in it, but for those whose room was held: they come back, in order.
pub(crate) async fn commit(mut writer: Writer, batch: Vec<Queued>) -> (Writer, Vec<Queued>) {
    let mut held = Vec::new();
    // Pieces of the batch still to do, the first on top: what is split is done in order.
    let mut pieces = vec![batch];
    while let Some(piece) = pieces.pop() {
        if piece.is_empty() {
            continue;
        }
        match writer.write(&piece).await {
            Ok(fates) => held.extend(answer(piece, fates)),
            Err(error) if refusals::is_unique(&error, "entries_command") => {
                pieces.extend(known::answer(&mut writer, piece).await);
            }
            Err(error) if error_of_one(&error) && piece.len() > 1 => {
                let mut first = piece;
                let second = first.split_off(first.len() / 2);
                pieces.extend([second, first]);
            }
            Err(error) => refuse(piece, &error),
        }
    }
    (writer, held)
}

/// A fault of the data, which one bad row has and its neighbours have not.
fn error_of_one(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("23") || code.starts_with("54"))
}

/// Answers all of a piece with what went wrong.
pub(super) fn refuse(piece: Vec<Queued>, error: &sqlx::Error) {
    let refusal = refusals::refusal_of(error);
    if refusal.is_none() {
        tracing::warn!(%error, messages = piece.len(), "a group commit failed");
    }
    for queued in piece {
        queued.answer(Err(match &refusal {
            Some(rejection) => rejection.clone().into(),
            None => Unavailable::Database(error.to_string().into()).into(),
        }));
    }
}

/// Answers each; gives back those whose room was held.
fn answer(piece: Vec<Queued>, fates: Vec<Fate>) -> Vec<Queued> {
    let mut held = Vec::new();
    for (queued, fate) in piece.into_iter().zip(fates) {
        match fate {
            Fate::Said(said) => {
                let committed = committed(&queued.post, said);
                queued.answer(Ok(committed));
            }
            Fate::Closed => queued.answer(Err(head::room_closed().into())),
            Fate::Absent => queued.answer(Err(Rejection::order_not_found().into())),
            Fate::Held => held.push(queued),
        }
    }
    held
}

fn committed(post: &Post, said: Said) -> Committed {
    let role = if post.caller.user == said.buyer { Role::Buyer } else { Role::Seller };
    let by = Actor::person(role, post.caller.user.clone(), post.caller.name.clone());
    let entry = Entry { seq: said.seq, at: said.at, by, id: post.id, event: post.event() };
    let outcome = Outcome { first: Some(said.seq), last: Some(said.seq), version: said.version };
    Committed {
        entries: vec![Arc::new(entry)],
        ..Committed::of(post.order, outcome, [said.buyer, said.seller])
    }
}
