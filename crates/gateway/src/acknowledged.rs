//! What a command is answered, over sockets and HTTP alike.

use order_actions::Committed;
use order_domain::ids::CommandId;
use protocol::{Ref, server_frame::Ack};

/// It is stored. `reference` is a frame's own.
pub fn ack(reference: Option<Ref>, id: CommandId, done: &Committed) -> Ack {
    Ack {
        reference,
        id,
        order: done.order,
        seq: done.first,
        last_seq: done.last,
        version: done.version,
        duplicate: done.duplicate,
    }
}
