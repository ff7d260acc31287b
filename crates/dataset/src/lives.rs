//! The lives that are copied: every preset, every way to end, every state on the way, talk of very different length.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use order_actions::{
    AccountRole, Ask, Caller, Committed, FileRegistration, Store, UploadDraft, UploadLimits,
};
use order_domain::{
    command::Command,
    ids::{CommandId, FileId, OrderId, UserId},
    participant::Side,
    payment::{Booking, BookingKind},
    values::{Amount, Seq, Text},
};
use rand::{SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    DatasetError,
    template::{BUYER, SELLER},
    words,
};

const PRESETS: [&str; 4] = ["creator", "studio", "craft", "services"];
/// Messages in a finished order, from next to none to a room that people live in.
const TALK: [u32; 8] = [2, 6, 15, 35, 80, 200, 600, 2500];
/// Clocks of orders that are not finished: nothing of a data set that is kept for a while becomes due meanwhile.
const YEAR_S: u32 = 365 * 86_400;
/// Lives at a time: their messages share commits, and each may need a connection.
const AT_ONCE: usize = 12;
/// How often, and after which pause, what may be tried again is.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);
const PRICE: i64 = 15_000;

/// Where a life stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Delivered, accepted, paid out.
    Completed,
    /// The same with a revision.
    Revised,
    /// The seller said no.
    Declined,
    /// A dispute that an agent ended.
    Settled,
    /// Waits for the seller.
    New,
    /// Is worked on.
    InProgress,
    /// Is reviewed.
    Delivered,
    /// Is worked on again.
    InRevision,
    /// A case that an agent has.
    Disputed,
    /// A case that nobody has.
    Waiting,
    /// New terms wait for an answer.
    Proposed,
}

const ENDS: [Stage; 4] = [Stage::Completed, Stage::Revised, Stage::Settled, Stage::Declined];
const ON_THE_WAY: [Stage; 7] = [
    Stage::New,
    Stage::InProgress,
    Stage::Delivered,
    Stage::InRevision,
    Stage::Disputed,
    Stage::Waiting,
    Stage::Proposed,
];

/// A life to be lived.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Its place among all, from which its ids follow.
    no: u32,
    preset: &'static str,
    /// Where it ends, or stands.
    pub stage: Stage,
    talk: u32,
    /// One in five leaves something unread for the one side, one in five for the other.
    behind: Option<Side>,
}

impl Life {
    /// Will nothing more happen?
    pub fn is_finished(&self) -> bool {
        ENDS.contains(&self.stage)
    }

    /// Its room.
    pub fn order(&self) -> OrderId {
        OrderId(self.id(0).0)
    }

    fn id(&self, nth: u32) -> CommandId {
        CommandId(Uuid::from_u128(
            0x0170_0000_0000_7000_8000 << 48 | u128::from(self.no) << 24 | u128::from(nth),
        ))
    }
}

/// All lives; no room gets more messages than `talk_most`.
pub fn lives(talk_most: u32) -> Vec<Life> {
    let mut lives = Vec::new();
    let mut add = |preset, stage, talk: u32| {
        let no = u32::try_from(lives.len()).expect("few");
        let behind = [None, Some(Side::Seller), None, Some(Side::Buyer), None][no as usize % 5];
        lives.push(Life { no, preset, stage, talk: talk.min(talk_most), behind });
    };
    for (p, preset) in PRESETS.into_iter().enumerate() {
        for (t, talk) in TALK.into_iter().enumerate() {
            add(preset, ENDS[(p + t) % ENDS.len()], talk);
        }
        for (s, stage) in ON_THE_WAY.into_iter().enumerate() {
            add(preset, stage, TALK[(p + s) % 6]);
        }
    }
    lives
}

/// Lives them all, many at a time.
pub async fn live(store: &Store, lives: &[Life], seed: u64) -> Result<(), DatasetError> {
    // The longest first: the others live meanwhile.
    let mut lives = lives.to_vec();
    lives.sort_by_key(|life| std::cmp::Reverse(life.talk));
    let lived = lives.iter().map(|life| {
        let chance = StdRng::seed_from_u64(seed ^ u64::from(life.no));
        Room { store: store.clone(), life: *life, next: 1, chance }.live()
    });
    stream::iter(lived).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await.map(drop)
}

struct Room {
    store: Store,
    life: Life,
    next: u32,
    chance: StdRng,
}

impl Room {
    async fn live(mut self) -> Result<(), DatasetError> {
        let placed = self.id();
        patiently(async || self.store.place_order(placed, self.placement()).await).await?;
        let steps = self.steps();
        let pauses = u32::try_from(steps.len()).expect("few") + 1;
        for step in steps {
            self.talk(self.life.talk / pauses).await?;
            self.step(step).await?;
        }
        self.talk(self.life.talk - self.life.talk / pauses * (pauses - 1)).await?;
        self.read().await
    }

    fn placement(&self) -> order_domain::placement::Placement {
        let policy = if self.life.is_finished() {
            json!(self.life.preset)
        } else {
            json!({"preset": self.life.preset, "accept_window_s": YEAR_S, "review_window_s": YEAR_S,
                "idle_window_s": YEAR_S, "proposal_lifetime_s": YEAR_S, "resolution_window_s": YEAR_S,
                "cx_response_s": YEAR_S, "revision_s": YEAR_S})
        };
        let placement = json!({
            "order": self.life.order(), "policy": policy, "buyer": BUYER, "seller": SELLER, "delivery_days": 365,
            "listing": {"id": format!("L-{}", self.life.no), "title": "A film of two minutes about your product"},
            "price": {"amount": PRICE, "currency": "USD"}, "revisions": 2, "payment": "paid",
            "shipping_address": "1 Long Street, 12345 Town",
        });
        serde_json::from_value(placement).expect("the placement is well-formed")
    }

    fn steps(&self) -> Vec<Step> {
        use Step::{Deliver, PayOut};
        let accept = || Step::Seller(json!({"type": "accept_order"}));
        let again = || {
            Step::Buyer(json!({"type": "request_revision", "delivery": 1, "text": "A bit louder, please"}))
        };
        let dispute = || {
            Step::Buyer(
                json!({"type": "open_dispute", "reason": "This is not what I bought", "cx_join": true}),
            )
        };
        let done = |delivery| Step::Buyer(json!({"type": "accept_delivery", "delivery": delivery}));
        let (claim, join) =
            (|| Step::Agent(json!({"type": "claim_case"})), || Step::Agent(json!({"type": "join_case"})));
        let decide =
            json!({"type": "resolve_dispute", "option": {"kind": "complete"}, "reason": "It was delivered"});
        let propose = json!({"type": "propose_update", "revisions": 3});
        let upload = || Step::Upload;
        match self.life.stage {
            Stage::Completed => vec![accept(), Deliver, done(1), PayOut],
            Stage::Revised => vec![accept(), Deliver, again(), Deliver, done(2), PayOut],
            Stage::Declined => vec![Step::Seller(json!({"type": "decline_order", "reason": "No time"}))],
            Stage::Settled => {
                vec![accept(), Deliver, dispute(), claim(), join(), Step::Note, Step::Agent(decide), PayOut]
            }
            Stage::New => vec![upload()],
            Stage::InProgress => vec![accept(), upload(), upload()],
            Stage::Delivered => vec![accept(), Deliver],
            Stage::InRevision => vec![accept(), Deliver, again(), upload()],
            Stage::Disputed => vec![accept(), Deliver, dispute(), claim(), join(), Step::Note],
            Stage::Waiting => vec![accept(), upload(), dispute()],
            Stage::Proposed => vec![accept(), upload(), Step::Seller(propose)],
        }
    }

    async fn step(&mut self, step: Step) -> Result<(), DatasetError> {
        match step {
            Step::Buyer(command) => self.ask(buyer(), command).await.map(drop)?,
            Step::Seller(command) => self.ask(seller(), command).await.map(drop)?,
            Step::Agent(command) => self.ask(self.agent(), command).await.map(drop)?,
            Step::Deliver => self.deliver().await?,
            Step::Note => {
                let note = Text::new("Asked both, looked at the files").expect("a text");
                let (agent, id) = (self.agent(), self.id());
                let order = self.life.order();
                patiently(async || self.store.add_case_note(&agent, order, id, note.clone()).await).await?;
            }
            Step::PayOut => self.pay_out().await?,
            Step::Upload => self.begin_upload().await?,
        }
        Ok(())
    }

    async fn ask(&mut self, caller: Caller, command: Value) -> Result<Arc<Committed>, DatasetError> {
        let command = Command::decode(command).expect("the command is well-formed");
        let ask = Ask { order: self.life.order(), id: self.id(), command, expect_version: None };
        Ok(Arc::new(patiently(async || self.store.execute(caller.clone(), ask.clone()).await).await?))
    }

    async fn deliver(&mut self) -> Result<(), DatasetError> {
        if self.life.preset == "craft" {
            let sent = json!({"type": "mark_sent", "carrier": "Post", "tracking": "RR123456789"});
            return self.ask(seller(), sent).await.map(drop);
        }
        let file = FileRegistration {
            name: "film.mp4".into(),
            size: 48 << 20,
            sha256: "5f".repeat(32),
            media_type: "video/mp4".into(),
        };
        let (host, id) = (caller("host", AccountRole::Host), self.id());
        let order = self.life.order();
        let registered = patiently(async || self.store.register_file(&host, order, id, file.clone()).await);
        let FileId(file) = registered.await?.id;
        let deliver = json!({"type": "deliver_files", "files": [file], "note": "Here it is"});
        self.ask(seller(), deliver).await.map(drop)
    }

    async fn begin_upload(&mut self) -> Result<(), DatasetError> {
        let (draft, id) = (UploadDraft { name: "film.mp4".into(), size: 48 << 20 }, self.id());
        let lifetime = Duration::from_secs(YEAR_S.into());
        let limits = UploadLimits { file_bytes: 0, room_bytes: 0, lifetime };
        let (order, seller) = (self.life.order(), seller());
        let begin = async || self.store.create_upload(&seller, order, id, draft.clone(), limits).await;
        patiently(begin).await?;
        Ok(())
    }

    /// Money that the marketplace holds goes to the seller; between parties that pay each other there is none.
    async fn pay_out(&mut self) -> Result<(), DatasetError> {
        if self.life.preset == "craft" {
            return Ok(());
        }
        let (amount, reference) = (Amount::new(PRICE), Text::new(format!("P-{}", self.life.no)));
        let booking = Booking {
            kind: BookingKind::Payout,
            amount: amount.expect("an amount"),
            reference: reference.expect("a text"),
        };
        let (order, id) = (self.life.order(), self.id());
        patiently(async || self.store.book(order, id, booking.clone()).await).await.map(drop)
    }

    async fn talk(&mut self, messages: u32) -> Result<(), DatasetError> {
        for n in 0..messages {
            let text = words::text(&mut self.chance);
            let who = if n % 3 == 1 { seller() } else { buyer() };
            self.ask(who, json!({"type": "post_message", "text": text})).await?;
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), DatasetError> {
        let order = self.life.order();
        let head = patiently(async || self.store.room(order).await).await?.head;
        let seen = |side| if self.life.behind == Some(side) { Seq(head.0 / 2 + 1) } else { head };
        let (buyer, seller) = (seen(Side::Buyer), seen(Side::Seller));
        let reads = vec![(order, user(BUYER), buyer), (order, user(SELLER), seller)];
        patiently(async || self.store.mark_read(reads.clone()).await).await?;
        Ok(())
    }

    fn agent(&self) -> Caller {
        caller(["agent-1", "agent-2", "agent-3"][self.life.no as usize % 3], AccountRole::Agent)
    }

    fn id(&mut self) -> CommandId {
        self.next += 1;
        self.life.id(self.next)
    }
}

/// A machine that has much to do may say "try again": the id of what is asked settles it.
async fn patiently<T, E: Into<DatasetError>>(ask: impl AsyncFn() -> Result<T, E>) -> Result<T, DatasetError> {
    let mut tries = 0;
    loop {
        let answer = ask().await.map_err(Into::into);
        tries += 1;
        match answer {
            Err(error) if tries < TRIES && error.may_be_tried_again() => tokio::time::sleep(PAUSE).await,
            answer => return answer,
        }
    }
}

enum Step {
    Buyer(Value),
    Seller(Value),
    Agent(Value),
    Deliver,
    Note,
    PayOut,
    Upload,
}

fn buyer() -> Caller {
    caller(BUYER, AccountRole::User)
}

fn seller() -> Caller {
    caller(SELLER, AccountRole::User)
}

/// Who is called like their id.
pub fn caller(name: &str, role: AccountRole) -> Caller {
    Caller { user: user(name), role, name: name.into() }
}

fn user(name: &str) -> UserId {
    UserId::new(name).expect("a user id")
}
