//! Who may do what (G8): outsiders see nothing, roles are those of the room, staff come in by a case.

use order_domain::{ids::OrderId, rejection::Code};
use serde_json::json;

use crate::{
    database::fresh,
    world::{
        World, admin, agent, buyer, caller, code, file, host, id, of_file, other_agent, say, seller, stranger,
    },
};

/// An outsider gets the same 404 for a room of others and for none (I7).
#[tokio::test]
async fn outsiders_see_nothing() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let nowhere = OrderId(uuid::Uuid::now_v7());
        for order in [order, nowhere] {
            for command in [
                say("Hi"),
                json!({"type": "accept_order"}),
                json!({"type": "edit_message", "seq": 1, "text": "x"}),
            ] {
                assert_eq!(world.refused(&stranger(), order, command).await, Code::OrderNotFound);
            }
            assert_eq!(code(world.store.access(&stranger(), order).await), Code::OrderNotFound);
            let file = world.store.register_file(&stranger(), order, id(), file("a")).await;
            assert_eq!(code(of_file(file)), Code::OrderNotFound);
            assert_eq!(world.refused(&agent(), order, say("Hi")).await, Code::OrderNotFound);
        }
        assert_eq!(code(world.store.room(nowhere).await), Code::OrderNotFound);
        world.store.access(&host(), order).await.expect("the host sees every order");
    })
    .await;
}

/// Roles come from the room; own fields are looked at before anything else.
#[tokio::test]
async fn roles_and_the_order_of_checks() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let accept = json!({"type": "accept_order"});
        assert_eq!(world.refused(&buyer(), order, accept.clone()).await, Code::NotYourRole);
        assert_eq!(world.refused(&host(), order, accept).await, Code::NotYourRole);
        assert_eq!(world.refused(&host(), order, say("Hi")).await, Code::NotYourRole);
        let unticked = json!({"type": "open_dispute", "reason": "x", "cx_join": false});
        assert_eq!(world.refused(&stranger(), order, unticked).await, Code::CxJoinRequired);
        // Staff who are a party are that party: nobody judges their own order.
        let party = caller("buyer", order_actions::AccountRole::Admin);
        assert_eq!(world.refused(&party, order, json!({"type": "join_case"})).await, Code::NotYourRole);
    })
    .await;
}

/// L33, L34: before a claim `not_joined`, by the claim reading, by joining speaking; without a case nothing.
#[tokio::test]
async fn agents_come_in_by_a_case() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        assert_eq!(world.refused(&agent(), order, json!({"type": "claim_case"})).await, Code::OrderNotFound);
        world.done(&buyer(), order, json!({"type": "open_dispute", "reason": "Help", "cx_join": true})).await;
        assert_eq!(code(world.store.access(&agent(), order).await), Code::NotJoined);
        assert_eq!(world.refused(&agent(), order, json!({"type": "join_case"})).await, Code::NotJoined);
        world.done(&agent(), order, json!({"type": "claim_case"})).await;
        assert_eq!(
            world.refused(&other_agent(), order, json!({"type": "claim_case"})).await,
            Code::AlreadyClaimed
        );
        world.store.access(&agent(), order).await.expect("a claim lets read");
        assert_eq!(world.refused(&agent(), order, say("Hi")).await, Code::NotJoined);
        world.done(&agent(), order, json!({"type": "join_case"})).await;
        world.done(&agent(), order, say("Hello both")).await;
        world.store.access(&admin(), order).await.expect("admins read any");
        assert_eq!(world.refused(&admin(), order, say("Hi")).await, Code::NotJoined);
        let closed = world.done(&buyer(), order, json!({"type": "close_dispute"})).await;
        assert_eq!(closed.agents_out, [agent().user], "access ends with the case");
        assert_eq!(code(world.store.access(&agent(), order).await), Code::OrderNotFound);
        world.done(&seller(), order, say("Good.")).await;
        world.holds_together(order).await;
    })
    .await;
}
