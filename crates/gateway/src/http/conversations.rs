//! Rooms without an order: one per pair of users.

use axum::{Json, extract::State, http::HeaderMap, routing::post};
use order_domain::{
    participant::AccountRole,
    rejection::{Code, Rejection},
};
use protocol::http::rooms::{ConversationOpened, OpenConversation};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    examples,
    shape::{gives, takes},
};
use crate::{refusal::Refusal, state::AppState};

pub fn calls(api: Api) -> Api {
    let open = Call {
        method: "post",
        path: "/v1/conversations",
        who: "users, the host",
        does: "The conversation of two users, made if there is none.",
        query: &[],
        takes: Some(takes::<OpenConversation>(examples::open_conversation)),
        gives: gives::<ConversationOpened>(examples::conversation_opened),
        refuses: &[Code::NotYourRole, Code::TooManyConversations, Code::RateLimited],
    };
    api.call(open, post(open_conversation))
}

async fn open_conversation(
    State(state): State<AppState>,
    known: Known,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<ConversationOpened>, Refusal> {
    known.take_turn(&state)?;
    // The pair is the key; a header that contradicts the body is refused like everywhere.
    let OpenConversation { with, side, user } = fields.with_id(&headers)?.read()?;
    let order = match (known.0.role, user) {
        (AccountRole::Host, Some(user)) => state.store.conversation_between(user, with, side).await?,
        (AccountRole::Host, None) => return Err(Rejection::bad_field("user", "is missing").into()),
        _ => state.store.open_conversation(&known.caller(), with, side).await?,
    };
    Ok(Json(ConversationOpened { order }))
}
