//! The creator marketplace (S1–S59): an order from purchase to acceptance, and one through a dispute to its refund.

use anyhow::{Context as _, Result, ensure};
use chrono::{Duration, Utc};
use protocol::domain::{
    command::{
        AcceptDelivery, AcceptOrder, AcceptResolution, AcceptUpdate, ClaimCase, Command, DeliverExternal,
        DeliverFiles, JoinCase, OpenDispute, PostMessage, ProposeResolution, ProposeUpdate, RequestCancel,
        RequestRevision, Resolution, SubmitRequirements, WithdrawCancel,
    },
    ids::OrderId,
    order::State,
    participant::AccountRole,
    payment::BookingKind,
    rejection::Code,
    values::{Amount, Seq, Text},
};
use protocol::snapshot::OrderSnapshot;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outcome, Stage,
    host::{Caller, usd},
    person::{Memory, Person},
    transcript::Transcript,
};

/// Agreed at the beginning of both orders, in cents.
const PRICE: i64 = 15_000;

/// The cast of one performance. Users are new each time, so that a story can be played again on the same nodes.
struct Play<'a> {
    stage: &'a Stage,
    host: Caller,
    buyer: Person,
    seller: Person,
    agent: Person,
    transcript: Transcript,
}

/// Plays both branches; everything is checked on the way, and what came of them is returned.
pub async fn play(stage: &Stage) -> Result<[Outcome; 2]> {
    let mut play = Play::begin(stage).await?;
    let accepted = play.accepted_order().await.context("the order that is accepted")?;
    let refunded = play.disputed_order().await.context("the order that is disputed")?;
    for person in [play.buyer, play.seller, play.agent] {
        person.leaves().await;
    }
    let end = |outcome: &Outcome| (outcome.state, outcome.refunded, outcome.released);
    ensure!(
        end(&accepted) == (State::Completed, 1_000, PRICE - 1_000),
        "accepted and paid out: {accepted:?}"
    );
    ensure!(end(&refunded) == (State::Refunded, PRICE, 0), "all of it given back: {refunded:?}");
    Ok([accepted, refunded])
}

fn text(text: &str) -> Result<Text> {
    Ok(Text::new(text)?)
}

fn says(words: &str) -> Result<Command> {
    Ok(PostMessage { text: Some(text(words)?), files: Vec::new(), reply_to: None }.into())
}

impl<'a> Play<'a> {
    async fn begin(stage: &'a Stage) -> Result<Self> {
        let host = Caller::host(stage)?;
        let troupe = Uuid::now_v7().simple().to_string();
        let name = |role: &str| format!("{role}-{}", &troupe[20..]);
        for role in ["buyer", "seller"] {
            host.put_user(&name(role), role).await?;
        }
        let enter = async |node, role, account| {
            Person::enter(stage, node, &name(role), account, role)
                .await
                .with_context(|| format!("the {role}"))
        };
        Ok(Self {
            buyer: enter(0, "buyer", AccountRole::User).await?,
            seller: enter(1, "seller", AccountRole::User).await?,
            agent: enter(0, "agent", AccountRole::Agent).await?,
            host,
            stage,
            transcript: Transcript::new(stage.quiet),
        })
    }

    /// L5–L8, L51, L21–L22, L13–L17, L19, L16.
    async fn accepted_order(&mut self) -> Result<Outcome> {
        let order = self.purchase("An order is accepted", json!({"delivery_days": 7})).await?;
        self.agree(order).await?;
        self.talk(order).await?;
        self.update_the_contract(order).await?;
        self.revise_to_the_last(order).await?;
        self.accept(order).await?;
        self.outcome(order).await
    }

    /// L20, L26, L28, L32–L36, L43.
    async fn disputed_order(&mut self) -> Result<Outcome> {
        let due_at = Utc::now() + Duration::seconds(4);
        let order = self.purchase("An order is disputed", json!({"due_at": due_at})).await?;
        self.agree(order).await?;
        self.overdue(order).await?;
        self.dispute(order).await?;
        self.settle(order).await?;
        self.outcome(order).await
    }

    async fn purchase(&mut self, chapter: &str, due: Value) -> Result<OrderId> {
        self.transcript.chapter(chapter);
        let mut placement = json!({
            "policy": "creator", "buyer": self.buyer.user, "seller": self.seller.user,
            "listing": {"id": "L-17", "title": "Short film about your shop"},
            "price": {"amount": PRICE, "currency": "USD"}, "revisions": 2, "payment": "paid",
            "requirements": [
                {"id": "brand", "label": "Which brand is it for?", "kind": "text", "required": true},
                {"id": "mood", "label": "Which mood?", "kind": "choice", "options": ["calm", "lively"]},
            ],
        });
        let fields = placement.as_object_mut().context("an object")?;
        fields.extend(due.as_object().context("an object")?.clone());
        let order = self.host.place(&placement).await?.order;
        self.seller.sees("the purchase in the inbox", |memory| memory.has_inbox(order)).await?;
        self.transcript.aside("the seller's list shows a new order");
        for person in [&self.buyer, &self.seller] {
            person.follow(order).await?;
        }
        self.step(order).await?;
        Ok(order)
    }

    async fn agree(&mut self, order: OrderId) -> Result<()> {
        let too_early =
            self.seller.is_refused(order, AcceptOrder::default(), Code::RequirementsUnanswered).await?;
        self.transcript.aside(&format!("seller: accept — {too_early}"));
        let answers =
            [("brand".to_owned(), json!("Blue Door Bakery")), ("mood".to_owned(), json!("calm"))].into();
        self.buyer.does(order, SubmitRequirements { answers }).await?;
        self.step(order).await?;
        self.seller.does(order, AcceptOrder::default()).await?;
        self.step(order).await?;
        Ok(())
    }

    async fn talk(&mut self, order: OrderId) -> Result<()> {
        let asked = self.seller.does(order, says("May I film in the morning?")?).await?;
        self.step(order).await?;
        self.buyer.is_seen_typing(order, &self.seller).await?;
        self.transcript.aside("seller sees: the buyer is typing");
        let question = asked.seq.context("a seq")?;
        self.buyer.has_read(order, question).await?;
        let answer = PostMessage {
            text: Some(text("Please do, before nine.")?),
            files: Vec::new(),
            reply_to: Some(question),
        };
        self.buyer.does(order, answer).await?;
        self.step(order).await
    }

    /// Each side proposes once, the other agrees; a lower price gives the difference back.
    async fn update_the_contract(&mut self, order: OrderId) -> Result<()> {
        let price = Some(Amount::new(PRICE - 1_000)?);
        let proposed = ProposeUpdate {
            due_at: Some(Utc::now() + Duration::days(10)),
            price,
            ..ProposeUpdate::default()
        };
        self.seller.does(order, proposed).await?;
        let proposal = self.step_to(order, |order| order.proposal.as_ref().map(|p| p.id)).await?;
        self.buyer.does(order, AcceptUpdate { proposal }).await?;
        self.step(order).await?;
        self.host.book(order, BookingKind::Refund, usd(1_000)?, "R-1").await?;
        self.step(order).await?;
        let due_at = Some(Utc::now() + Duration::days(12));
        self.buyer.does(order, ProposeUpdate { due_at, ..ProposeUpdate::default() }).await?;
        let proposal = self.step_to(order, |order| order.proposal.as_ref().map(|p| p.id)).await?;
        self.seller.does(order, AcceptUpdate { proposal }).await?;
        self.step(order).await
    }

    async fn revise_to_the_last(&mut self, order: OrderId) -> Result<()> {
        let first = self.seller.http.file(order, "bakery-v1.mp4", &film(b"the first cut")).await?;
        let note = Some(text("First cut")?);
        self.seller.does(order, DeliverFiles { files: vec![first.id], note }).await?;
        self.step(order).await?;
        let wish =
            RequestRevision { delivery: 1, text: text("Less music, please.")?, points: vec![text("music")?] };
        self.buyer.does(order, wish).await?;
        self.step(order).await?;
        let versions =
            [("bakery-v2.mp4", film(b"the second cut")), ("stills.zip", b"PK\x03\x04stills".to_vec())];
        let mut files = Vec::new();
        for (name, content) in versions {
            files.push(self.seller.http.file(order, name, &content).await?.id);
        }
        self.seller.does(order, DeliverFiles { files, note: None }).await?;
        self.step(order).await?;
        let stale = self.buyer.is_refused(order, AcceptDelivery { delivery: 1 }, Code::StaleDelivery).await?;
        self.transcript.aside(&format!("buyer: accept no. 1 — {stale}"));
        let wish = RequestRevision {
            delivery: 2,
            text: text("One more: the door should be blue.")?,
            points: Vec::new(),
        };
        self.buyer.does(order, wish).await?;
        self.step(order).await?;
        let place = text("handed over on a drive in the shop")?;
        self.seller.does(order, DeliverExternal { place, note: None }).await?;
        self.step(order).await
    }

    async fn accept(&mut self, order: OrderId) -> Result<()> {
        let wish = RequestRevision { delivery: 3, text: text("And another?")?, points: Vec::new() };
        let used_up = self.buyer.is_refused(order, wish, Code::NoRevisionsLeft).await?;
        self.transcript.aside(&format!("buyer: revise — {used_up}"));
        self.buyer.does(order, AcceptDelivery { delivery: 3 }).await?;
        self.step(order).await?;
        self.host.book(order, BookingKind::Payout, usd(PRICE - 1_000)?, "P-1").await?;
        self.step(order).await
    }

    /// The clock runs out; a cancellation is asked for and taken back.
    async fn overdue(&mut self, order: OrderId) -> Result<()> {
        let reason = text("It is late.")?;
        let request = RequestCancel { reason, cx_join: true };
        let early = self.buyer.is_refused(order, request.clone(), Code::NotPastDue).await?;
        self.transcript.aside(&format!("buyer: cancel — {early}"));
        self.buyer.sees_event("order.overdue", Seq(0)).await?;
        self.step(order).await?;
        self.buyer.does(order, request).await?;
        self.step(order).await?;
        self.seller.does(order, says("I was ill. Half of it is ready.")?).await?;
        self.step(order).await?;
        self.buyer.does(order, WithdrawCancel {}).await?;
        self.step(order).await
    }

    async fn dispute(&mut self, order: OrderId) -> Result<()> {
        self.agent.is_kept_out(order).await?;
        self.transcript.aside("an agent is not let in while there is no case");
        let reason = text("Half a film does not help me.")?;
        self.buyer.does(order, OpenDispute { reason, cx_join: true }).await?;
        self.step(order).await?;
        let queue = self.agent.http.desk_queue().await?;
        ensure!(queue.cases.iter().any(|case| case.order == order), "the case is in the queue");
        self.agent.does(order, ClaimCase {}).await?;
        self.agent.follow(order).await?;
        self.transcript.aside("an agent claims the case and reads the room");
        self.agent.does(order, JoinCase {}).await?;
        self.step(order).await?;
        self.agent.does(order, says("I see. Would a full refund end it for both of you?")?).await?;
        self.step(order).await
    }

    async fn settle(&mut self, order: OrderId) -> Result<()> {
        let option = Resolution::Cancel { refund: Amount::new(PRICE)? };
        self.agent.does(order, ProposeResolution { option }).await?;
        let find =
            |order: &OrderSnapshot| order.case.as_ref()?.resolution.as_ref().map(|resolution| resolution.id);
        let resolution = self.step_to(order, find).await?;
        self.buyer.does(order, AcceptResolution { resolution }).await?;
        self.step(order).await?;
        self.seller.does(order, AcceptResolution { resolution }).await?;
        self.step(order).await?;
        self.agent.sees("that the case is closed", |memory| memory.left.is_some()).await?;
        self.transcript.aside("the case is closed: the agent is out of the room");
        self.host.book(order, BookingKind::Refund, usd(PRICE)?, "R-2").await?;
        self.step(order).await
    }

    /// Everybody has seen everything; it is shown, and on a restless stage every socket is cut.
    async fn step(&mut self, order: OrderId) -> Result<()> {
        self.step_to(order, |_| Some(())).await
    }

    /// The same, and waits for a snapshot that holds something.
    async fn step_to<T>(&mut self, order: OrderId, find: impl Fn(&OrderSnapshot) -> Option<T>) -> Result<T> {
        let now = self.host.snapshot(order).await?;
        let seller = self.seller.sees_up_to(now.head()).await?;
        let buyer = self.buyer.sees_up_to(now.head()).await?;
        let common = buyer.entries.len().min(seller.entries.len());
        ensure!(buyer.entries[..common] == seller.entries[..common], "buyer and seller see different rooms");
        self.transcript.show(&buyer.entries);
        let fresh =
            |memory: &Memory| memory.order().filter(|order| order.version >= now.version()).and_then(&find);
        let memory = self.buyer.sees("a fresh snapshot", |memory| fresh(memory).is_some()).await?;
        if self.stage.restless {
            for person in [&self.buyer, &self.seller, &self.agent] {
                person.moves_on().await?;
            }
        }
        fresh(&memory).context("seen")
    }

    /// The room as the database has it is the room as it was seen, and the money adds up.
    async fn outcome(&mut self, order: OrderId) -> Result<Outcome> {
        let timeline = self.host.timeline(order).await?;
        let seen = self.buyer.sees_up_to(Seq(timeline.len() as u64)).await?;
        ensure!(seen.entries == timeline, "the buyer saw what the database has");
        ensure!(timeline.iter().zip(1..).all(|(entry, seq)| entry.seq == Seq(seq)), "seqs have no gap");
        let snapshot = self.host.snapshot(order).await?;
        let last = snapshot.as_order().context("an order")?;
        let payment = last.payment;
        let [captured, held, released, refunded] =
            [payment.captured, payment.held, payment.released, payment.refunded].map(Amount::minor);
        ensure!(captured == held + released + refunded, "the money adds up");
        let first = self.host.snapshot_at(order, Seq(1)).await?;
        ensure!(
            first.as_order().is_some_and(|order| order.state == State::New),
            "the order as it was at its first entry"
        );
        for person in [&self.buyer, &self.seller] {
            person.stops_following(order).await?;
        }
        let events = timeline.iter().map(|entry| entry.event.kind().into_owned()).collect();
        Ok(Outcome { order, state: last.state, events, refunded, released })
    }
}

impl Memory {
    fn has_inbox(&self, order: OrderId) -> bool {
        self.inbox.iter().any(|room| room.order == order)
    }

    fn order(&self) -> Option<&OrderSnapshot> {
        self.snapshot.as_ref()?.as_order()
    }
}

/// Something that begins as a film does.
fn film(content: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".as_slice(), content].concat()
}
