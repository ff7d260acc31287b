//! Random histories: the fold of the timeline is the stored order (I2), seq has no gaps (I1), a retry
//! changes nothing (I3). A failing run prints its seed; `ORDER_CHAT_SEED` replays it.

use order_actions::Caller;
use order_domain::ids::OrderId;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};

use crate::{
    database::fresh,
    world::{World, admin, agent, buyer, eventually, id, seller},
};

const STEPS: usize = 60;
const ORDERS: usize = 6;

/// I1, I2, I3 over random commands of everybody, right and wrong ones, with retries.
#[tokio::test]
async fn random_histories_hold_together() {
    let seed =
        std::env::var("ORDER_CHAT_SEED").map_or_else(|_| rand::random(), |s| s.parse().expect("a number"));
    eprintln!("ORDER_CHAT_SEED={seed}");
    fresh(async |database| {
        let world = World::on(&database).await;
        let mut rng = StdRng::seed_from_u64(seed);
        let mut accepted = 0;
        for n in 0..ORDERS {
            let policy = ["creator", "studio", "craft", "services"][n % 4];
            let order = world.order(json!({"preset": policy, "proposal_lifetime_s": 1})).await;
            for _ in 0..STEPS {
                accepted += usize::from(step(&world, order, &mut rng).await);
            }
            world.holds_together(order).await;
        }
        assert_eq!(database.count(MISCOUNTED).await, 0, "unread is a subtraction of counts that hold");
        assert!(accepted > 3 * ORDERS, "histories with something in them: {accepted}");
        // Timers of what was left over fire under the same rules.
        eventually(async || {
            world.fire_due(10).await.expect("the database answers");
            let due = "select count(*) from wakes where at <= clock_timestamp() and lease_until <= clock_timestamp()";
            (database.count(due).await == 0).then_some(())
        })
        .await;
        let orders: Vec<OrderId> = world.store.desk_queue(&admin(), None, 100).await.expect("a queue").cases.iter().map(|c| c.order).collect();
        for order in orders {
            world.holds_together(order).await;
        }
    })
    .await;
}

/// Entries whose running count is not the number of countable entries so far.
const MISCOUNTED: &str = "select count(*) from (
    select for_buyer, for_seller,
        count(*) filter (where role not in ('bot', 'buyer')) over sofar as buyer,
        count(*) filter (where role not in ('bot', 'seller')) over sofar as seller
    from entries window sofar as (partition by order_id order by seq)
) counted where (for_buyer, for_seller) <> (buyer, seller)";

/// One command, sometimes twice. Was it accepted?
async fn step(world: &World, order: OrderId, rng: &mut StdRng) -> bool {
    let callers = [buyer(), seller(), buyer(), seller(), agent(), admin()];
    let who: &Caller = callers.choose(rng).expect("somebody");
    let command = command(world, order, rng).await;
    let id = id();
    let first = world.ask_as(who, order, id, command.clone()).await;
    if rng.random_ratio(1, 4)
        && let Ok(first) = &first
    {
        let head = world.store.room(order).await.expect("the room").head;
        let again = world.ask_as(who, order, id, command).await.expect("accepted before (I3)");
        assert!(again.duplicate && (again.first, again.version) == (first.first, first.version));
        assert_eq!(world.store.room(order).await.expect("the room").head, head);
    }
    first.is_ok()
}

async fn command(world: &World, order: OrderId, rng: &mut StdRng) -> Value {
    let stored = world.stored(order).await;
    let delivery = stored.deliveries.len().max(1);
    let proposal = stored.proposal.as_ref().map_or_else(uuid::Uuid::nil, |p| p.id.0);
    let resolution = stored.case.as_ref().and_then(|case| case.resolution.as_ref());
    let resolution = resolution.map_or_else(uuid::Uuid::nil, |r| r.id.0);
    let options = [
        json!({"kind": "resume"}),
        json!({"kind": "extra_revision"}),
        json!({"kind": "partial_refund", "amount": 100}),
        json!({"kind": "complete"}),
    ];
    let commands = [
        json!({"type": "post_message", "text": "talk"}),
        json!({"type": "edit_message", "seq": rng.random_range(1..9), "text": "edited"}),
        json!({"type": "retract_message", "seq": rng.random_range(1..9)}),
        json!({"type": "accept_order"}),
        json!({"type": "deliver_external", "where": "by post"}),
        json!({"type": "mark_sent", "carrier": "post"}),
        json!({"type": "mark_paid", "agreed": true}),
        json!({"type": "request_revision", "delivery": delivery, "text": "again"}),
        json!({"type": "propose_update", "revisions": rng.random_range(0..9), "price": 14000}),
        json!({"type": "propose_update", "revisions": rng.random_range(2..9)}),
        json!({"type": "accept_update", "proposal": proposal}),
        json!({"type": "decline_update", "proposal": proposal}),
        json!({"type": "open_dispute", "reason": "help", "cx_join": true}),
        json!({"type": "close_dispute"}),
        json!({"type": "claim_case"}),
        json!({"type": "join_case"}),
        json!({"type": "leave_case"}),
        json!({"type": "propose_resolution", "option": options.choose(rng)}),
        json!({"type": "accept_resolution", "resolution": resolution}),
        json!({"type": "resolve_dispute", "option": options.choose(rng), "reason": "decided"}),
        json!({"type": "accept_delivery", "delivery": delivery}),
    ];
    // The last ends the order: it comes seldom.
    let last = commands.len() - usize::from(!rng.random_ratio(1, 8));
    commands[rng.random_range(0..last)].clone()
}
