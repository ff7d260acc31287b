//! Whose address it is, and for how long they may have what it opens.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use files::{BadLink, FilesError, Reader, Ticket};
use futures_util::{Stream, StreamExt as _, stream};
use order_actions::{ActionError, Caller, StoredFile};
use order_domain::{
    ids::{FileId, UserId},
    participant::AccountRole,
};
use serde_json::Value;
use tokio::time::{Duration, Instant};

use crate::{
    http::files::not_found,
    limits::{Place, TooFast},
    metrics,
    refusal::Refusal,
    state::AppState,
    uploads::problem,
};

/// How often it is asked whether they still may, while they are sent a file (G8); on a fast line, after so many bytes.
const ASK_EVERY: Duration = Duration::from_millis(900);
const ASK_AFTER_BYTES: usize = 16 * 1024 * 1024;

/// A file's address and its holder, as they are now.
pub struct Bearer {
    state: AppState,
    file: FileId,
    caller: Caller,
    issued_at: DateTime<Utc>,
    token_until: DateTime<Utc>,
    _place: Place<UserId>,
}

impl Bearer {
    /// Checks the ticket, and counts one question of its holder.
    pub fn of(state: &AppState, file: FileId, ticket: &str) -> Result<Self, Refusal> {
        let forged =
            || problem(403, "link_not_valid", "This address was not made by this service for this file.");
        let ticket =
            state.uploads.key.check(ticket, file.0, Utc::now().timestamp()).map_err(|bad| match bad {
                BadLink::Forged => forged(),
                BadLink::Expired => {
                    problem(410, "link_expired", "This address is over its time. Ask for another.")
                }
            })?;
        let Ticket { user, role, issued_at_s, token_until_s, .. } = ticket;
        let user = UserId::new(user).map_err(|_| forged())?;
        let role: AccountRole = serde_json::from_value(Value::String(role)).map_err(|_| forged())?;
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).ok_or_else(forged);
        let (issued_at, token_until) = (moment(issued_at_s)?, moment(token_until_s)?);
        let caller = Caller { name: user.to_string(), user, role };
        let place = state.limits.reader(&caller).ok_or_else(busy)?;
        let bearer = Self { state: state.clone(), file, caller, issued_at, token_until, _place: place };
        if bearer.has_ended() {
            return Err(Refusal::unauthenticated());
        }
        state.limits.question(&bearer.caller).map_err(|TooFast(wait)| Refusal::asks_too_fast(wait))?;
        Ok(bearer)
    }

    /// What it opens.
    pub async fn found(&self) -> Result<StoredFile, Refusal> {
        self.ask().await?.ok_or_else(not_found)
    }

    /// The same bytes, for as long as the holder may have them: whoever is put out, or whose token runs out, gets a file
    /// that ends short, as its length shows, and can ask for the rest of it at another address. An address that runs
    /// out meanwhile ends nothing.
    pub fn while_allowed(self, bytes: Reader) -> impl Stream<Item = Result<Bytes, FilesError>> + Send {
        stream::unfold((self, bytes, Asked::now()), async |(bearer, mut bytes, mut asked)| {
            let next = bytes.next().await?;
            if asked.is_long_ago(next.as_ref().map_or(0, Bytes::len)) {
                asked = Asked::now();
                bearer.still_may().await.then_some(())?;
            }
            (!bearer.has_ended()).then_some((next, (bearer, bytes, asked)))
        })
    }

    /// A database that is away puts nobody out.
    async fn still_may(&self) -> bool {
        matches!(self.ask().await, Ok(Some(_)) | Err(ActionError::Unavailable(_)))
    }

    async fn ask(&self) -> Result<Option<StoredFile>, ActionError> {
        Ok(self.state.store.file(&self.caller, self.file).await?.filter(|found| found.stored))
    }

    fn has_ended(&self) -> bool {
        Utc::now() >= self.token_until || self.state.tokens.is_revoked(&self.caller.user, self.issued_at)
    }
}

fn busy() -> Refusal {
    metrics::counter!(metrics::LIMITED, "limit" => "downloads").increment(1);
    Refusal::not_now("Too many files are read at once. Try again.")
}

/// When it was asked last, and how much was sent since.
struct Asked {
    at: Instant,
    bytes: usize,
}

impl Asked {
    fn now() -> Self {
        Self { at: Instant::now(), bytes: 0 }
    }

    fn is_long_ago(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.bytes >= ASK_AFTER_BYTES || self.at.elapsed() >= ASK_EVERY
    }
}
