//! What the host reports about money: payments, refunds, payouts.

use order_domain::{
    change,
    guard::Moment,
    ids::{CommandId, OrderId},
    participant::{Actor, Role},
    payment::Booking,
    rejection::{Code, Rejection},
};

use crate::{
    append::Draft,
    committed::Committed,
    digest,
    error::ActionError,
    head, repeat, room,
    store::{Inner, Store, unit},
    timers,
};

impl Store {
    /// Books what the host did with money; counts once per id, and once per reference.
    pub async fn book(
        &self,
        order: OrderId,
        id: CommandId,
        booking: Booking,
    ) -> Result<Committed, ActionError> {
        let store = self.0.clone();
        unit(async move { book(&store, order, id, &booking).await }).await
    }
}

async fn book(
    store: &Inner,
    order: OrderId,
    id: CommandId,
    booking: &Booking,
) -> Result<Committed, ActionError> {
    let (host, digest) = (Actor::nobody(Role::Host), digest::of(booking));
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    if let Some(outcome) = repeat::find(&mut tx, order, &host.sender(), id, &digest).await? {
        return Ok(outcome.duplicate(&head));
    }
    let mut draft = Draft::of(head, view);
    timers::fire(&mut draft);
    match decide(&draft, id, booking) {
        Ok(change) => {
            let outcome = draft.take(change, &host, digest);
            let written = draft.write(&mut tx).await?;
            tx.commit().await?;
            Ok(written.committed(outcome))
        }
        Err(rejection) if draft.is_empty() => Err(rejection.into()),
        Err(rejection) => {
            let fired = Box::new(timers::commit(tx, draft).await?);
            Err(ActionError::RejectedAfterTimers { rejection, fired })
        }
    }
}

fn decide(draft: &Draft, id: CommandId, booking: &Booking) -> Result<change::Change, Rejection> {
    let no_order = || Rejection::new(Code::WrongState, "A conversation has no payments.");
    let order = draft.order.as_ref().ok_or_else(no_order)?;
    let moment = Moment { now: draft.now, claim: draft.head.claim.as_ref() };
    change::book(order, draft.head.seq, id, booking, &moment)
}
