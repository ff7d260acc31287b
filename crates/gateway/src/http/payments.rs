//! Money: what the host reports about it.

use axum::{Json, extract::State, http::HeaderMap, routing::post};
use order_domain::{
    ids::OrderId,
    rejection::{Code, Rejection},
};
use protocol::{http::orders::PaymentBody, server_frame::Ack};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    examples,
    query::OrderInPath,
    shape::{gives, takes_once},
};
use crate::{acknowledged::ack, refusal::Refusal, state::AppState};

pub fn calls(api: Api) -> Api {
    let book = Call {
        method: "post",
        path: "/v1/orders/{id}/payments",
        who: "the host",
        does: "Confirms a payment, a refund or a payout.",
        query: &[],
        takes: Some(takes_once::<PaymentBody>(examples::payment)),
        gives: gives::<Ack>(examples::ack),
        refuses: &[Code::NotYourRole, Code::WrongState, Code::AmountMismatch, Code::AlreadyDone],
    };
    api.call(book, post(confirm))
}

async fn confirm(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Ack>, Refusal> {
    known.host_only()?;
    book(&state, order, fields.with_id(&headers)?).await
}

/// Books what the host's body says of an order.
pub async fn book(state: &AppState, order: OrderId, fields: Fields) -> Result<Json<Ack>, Refusal> {
    let body = fields.read::<PaymentBody>()?;
    let view = state.store.room(order).await?;
    // The currency of an order never changes, so a look beforehand is as good as one under the lock.
    if view.order.as_ref().is_some_and(|order| order.price.currency != body.currency) {
        return Err(Rejection::bad_field("currency", "must be the order's").into());
    }
    let (id, booking) = (body.id, body.booking());
    let done = state.carry_out(move |store| async move { store.book(order, id, booking).await }).await?;
    Ok(Json(ack(None, id, &done)))
}
