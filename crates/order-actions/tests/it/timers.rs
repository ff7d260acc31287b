//! Timers fire once, whoever schedules them, and before anything else is decided (L11, L18, I10, "Time").
//!
//! Windows are seconds of the order's own policy. A standstill is made by setting stored times back.

use futures_util::future::join_all;
use order_actions::{ActionError, Committed};
use order_domain::{ids::OrderId, order::State, rejection::Code};
use serde_json::{Value, json};

use crate::{
    database::{Database, fresh},
    world::{World, buyer, eventually, say, seller, told},
};

fn quick() -> Value {
    json!({"preset": "creator", "accept_window_s": 1, "review_window_s": 1, "idle_window_s": 1})
}

/// L11, L18: a room where nothing happens is woken; two nodes ask, one change.
#[tokio::test]
async fn two_schedulers_fire_once() {
    fresh(async |database| {
        let nodes = [World::on(&database).await, World::on(&database).await];
        let orders = join_all((0..6).map(|_| nodes[0].order(quick()))).await;
        assert!(nodes[0].store.next_due_in().await.expect("the database answers").is_some());
        let mut fired: Vec<Committed> = Vec::new();
        eventually(async || {
            let both = nodes.each_ref().map(|node| node.fire_due(4));
            for committed in join_all(both).await {
                fired.extend(committed.expect("the database answers"));
            }
            (fired.len() >= orders.len()).then_some(())
        })
        .await;
        for node in &nodes {
            fired.extend(node.fire_due(100).await.expect("the database answers"));
        }
        assert_eq!(fired.len(), orders.len(), "each order's timer fired once");
        for order in orders {
            let told = told(&nodes[0].timeline(order).await);
            assert_eq!(told, ["order.placed", "order.auto_cancelled", "refund.requested"]);
            nodes[1].holds_together(order).await;
        }
    })
    .await;
}

/// A command first fires what is due: a late scheduler changes no outcome, and the refused command tells both.
#[tokio::test]
async fn a_late_command_finds_the_timer_fired() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(quick()).await;
        let accept = json!({"type": "accept_order"});
        past_the_accept_window(&database).await;
        let error = world.ask(&seller(), order, accept).await.expect_err("too late");
        assert!(matches!(error, ActionError::RejectedAfterTimers { .. }));
        let (error, fired) = error.take_fired();
        assert_eq!(error.rejection().map(|r| r.code), Some(Code::WrongState));
        let fired = fired.expect("the timer's entries must reach the room");
        assert_eq!(told(&fired.entries), ["order.auto_cancelled", "refund.requested"]);
        assert_eq!(world.stored(order).await.state, State::Cancelled);
        assert!(world.fire_due(10).await.expect("the database answers").is_empty());
        world.holds_together(order).await;
    })
    .await;
}

async fn past_the_accept_window(database: &Database) {
    eventually(async || {
        let past = "select count(*) from wakes where at <= clock_timestamp()";
        (database.count(past).await > 0).then_some(())
    })
    .await;
}

/// A day of standstill: what fell due meanwhile fires once each, in order, and the fold agrees.
#[tokio::test]
async fn after_a_standstill() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let policy = json!({"preset": "creator", "review_window_s": 600_000, "idle_window_s": 1000});
        let order = world.order(policy).await;
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        let file = world.file(order).await;
        world.done(&seller(), order, json!({"type": "deliver_files", "files": [file.id]})).await;
        // As if everything so far had happened ten days ago and no node had run since.
        set_back(&database, order).await;
        world.holds_together(order).await;
        let fired = world.fire_due(10).await.expect("the database answers");
        assert_eq!(
            told(&fired[0].entries),
            [
                "review.reminded",
                "review.reminded",
                "review.reminded",
                "order.auto_completed",
                "payout.requested"
            ]
        );
        assert!(world.fire_due(10).await.expect("the database answers").is_empty());
        world.holds_together(order).await;
        assert_eq!(world.stored(order).await.state, State::Completed);
    })
    .await;
}

/// Moves a room's whole history ten days into the past, every moment in it alike.
async fn set_back(database: &Database, order: OrderId) {
    let mut connection = database.connect().await;
    for statement in [
        "update entries set at = at - interval '10 days', event = back(event) where order_id = $1",
        "update orders set doc = back(doc) where order_id = $1",
        "update heads set at = at - interval '10 days' where order_id = $1",
        "update wakes set at = at - interval '10 days' where order_id = $1",
    ] {
        if statement.contains("update entries") {
            sqlx::raw_sql(BACK).execute(&mut connection).await.expect("a function of the test's");
        }
        sqlx::query(statement).bind(order.0).execute(&mut connection).await.expect("set back");
    }
}

/// Every string that is a moment, ten days earlier, wherever it stands in a document.
const BACK: &str = r#"
create function back(doc jsonb) returns jsonb language plpgsql as $$
begin
    case jsonb_typeof(doc)
    when 'object' then
        return (select coalesce(jsonb_object_agg(key, back(value)), '{}') from jsonb_each(doc));
    when 'array' then
        return (select coalesce(jsonb_agg(back(value) order by place), '[]')
            from jsonb_array_elements(doc) with ordinality as e (value, place));
    when 'string' then
        if doc #>> '{}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$' then
            return to_jsonb(to_char((doc #>> '{}')::timestamptz at time zone 'utc' - interval '10 days',
                'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
        end if;
        return doc;
    else
        return doc;
    end case;
end $$;"#;

/// A room that somebody holds is left alone and tried again; its timer is not lost.
#[tokio::test]
async fn a_held_room_fires_later() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(quick()).await;
        past_the_accept_window(&database).await;
        let mut holder = database.connect().await;
        sqlx::raw_sql("begin; select 1 from heads for update").execute(&mut holder).await.expect("held");
        assert!(world.fire_due(10).await.expect("the database answers").is_empty());
        sqlx::raw_sql("rollback").execute(&mut holder).await.expect("let go");
        assert!(world.fire_due(10).await.expect("the database answers").is_empty(), "the lease is running");
        sqlx::raw_sql("update wakes set lease_until = now()").execute(&mut holder).await.expect("it ends");
        let fired = world.fire_due(10).await.expect("the database answers");
        assert_eq!(fired.len(), 1);
        // Talk goes on in a room whose order has ended.
        world.done(&buyer(), order, say("Pity.")).await;
    })
    .await;
}
