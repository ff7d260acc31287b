//! Money: what the host reports about it.

use axum::{Json, extract::State, http::HeaderMap, routing::post};
use order_domain::{
    participant::{Actor, Role},
    rejection::Rejection,
};
use protocol::http::orders::{PaymentBody, Placed};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    query::OrderInPath,
};
use crate::{refusal::Refusal, rooms, state::AppState};

pub fn calls(api: Api) -> Api {
    let book = Call {
        method: "post",
        path: "/v1/orders/{id}/payments",
        who: "the host",
        does: "Confirms a payment, a refund or a payout.",
        query: &[],
    };
    api.call(book, post(confirm))
}

async fn confirm(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Placed>, Refusal> {
    known.host_only()?;
    let body = fields.with_id(&headers)?.read::<PaymentBody>()?;
    let view = state.store.room(order).await?;
    // The currency of an order never changes, so a look beforehand is as good as one under the lock.
    if view.order.as_ref().is_some_and(|order| order.price.currency != body.currency) {
        return Err(Rejection::bad_field("currency", "must be the order's").into());
    }
    state.settle(state.store.book(order, body.id, body.booking()).await)?;
    let view = state.store.room(order).await?;
    Ok(Json(Placed { order, snapshot: rooms::snapshot(&view, &Actor::nobody(Role::Host)) }))
}
