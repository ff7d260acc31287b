//! Users: their profiles, and the end of their tokens.

use axum::{
    Json,
    extract::State,
    routing::{post, put},
};
use chrono::{Datelike as _, DurationRound as _, TimeDelta};
use order_actions::Profile;
use order_domain::{
    participant::AccountRole,
    rejection::{Code, Rejection},
};
use protocol::http::users::{PutUser, Revoked};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    examples,
    query::UserInPath,
    shape::{gives, takes},
};
use crate::{refusal::Refusal, state::AppState};

pub fn calls(api: Api) -> Api {
    let profile = Call {
        method: "put",
        path: "/v1/users/{id}",
        who: "the host",
        does: "Says who a user is.",
        query: &[],
        takes: Some(takes::<PutUser>(examples::put_user)),
        gives: gives::<PutUser>(examples::put_user),
        refuses: &[Code::NotYourRole],
    };
    let end = Call {
        method: "post",
        path: "/v1/users/{id}/revoke",
        who: "the host, admins",
        does: "Ends all tokens of a user that were issued up to this second, and closes their sockets.",
        query: &[],
        takes: None,
        gives: gives::<Revoked>(examples::revoked),
        refuses: &[Code::NotYourRole],
    };
    api.call(profile, put(put_user)).call(end, post(revoke))
}

async fn put_user(
    State(state): State<AppState>,
    known: Known,
    UserInPath(user): UserInPath,
    fields: Fields,
) -> Result<Json<PutUser>, Refusal> {
    known.host_only()?;
    let body = fields.read::<PutUser>()?;
    check(&body)?;
    let text = |text: &Option<order_domain::values::Text>| text.as_ref().map(ToString::to_string);
    let profile = Profile {
        name: body.name.to_string(),
        email: text(&body.email),
        phone: text(&body.phone),
        locale: text(&body.locale),
        registered_at: body.registered_at,
        avatar_url: text(&body.avatar_url),
    };
    state.store.put_user(user, profile).await?;
    Ok(Json(body))
}

/// What the schema holds.
fn check(body: &PutUser) -> Result<(), Rejection> {
    let texts = [
        ("name", Some(&body.name), 200),
        ("email", body.email.as_ref(), 320),
        ("phone", body.phone.as_ref(), 64),
        ("locale", body.locale.as_ref(), 64),
        ("avatar_url", body.avatar_url.as_ref(), 2000),
    ];
    for (field, text, most) in texts {
        if text.is_some_and(|text| text.chars().count() > most) {
            return Err(Rejection::bad_field(field, format!("must have at most {most} characters")));
        }
    }
    if body.registered_at.is_some_and(|at| !(1..=9999).contains(&at.year())) {
        return Err(Rejection::bad_field("registered_at", "must be in a year from 1 to 9999"));
    }
    Ok(())
}

async fn revoke(
    State(state): State<AppState>,
    known: Known,
    UserInPath(user): UserInPath,
) -> Result<Json<Revoked>, Refusal> {
    known.only(&[AccountRole::Host, AccountRole::Admin], "the host and admins")?;
    let now = state.store.now().await?;
    // Tokens know seconds: everything of this second ends too.
    let second = now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now);
    state.store.revoke(user.clone(), second).await?;
    state.tokens.note_revocation(&user, second);
    state.rooms.user_revoked(&user, second);
    Ok(Json(Revoked { user, up_to: second }))
}
