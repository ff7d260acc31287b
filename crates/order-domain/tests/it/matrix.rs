//! State × command × role as one table that is reviewed as a whole (D3, D5).

use std::fmt::Write;

use chrono::Duration;
use order_domain::{actions, command::*, participant::Role};
use serde_json::json;

use crate::scene::*;

fn situations() -> Vec<(&'static str, Scene)> {
    let late = || Scene::in_progress().later(Duration::days(8));
    let form =
        json!({"requirements": [{"id": "brand", "label": "Which brand?", "kind": "text", "required": true}]});
    let update = ProposeUpdate { revisions: Some(5), ..ProposeUpdate::default() };
    let craft = || Scene::craft().given(Role::Seller, AcceptOrder::default());
    let resolution =
        || Scene::delivered().joined().given(Role::Agent, ProposeResolution { option: Resolution::Resume });
    let answered = {
        let scene = resolution();
        let id = scene.order.case.as_ref().unwrap().resolution.as_ref().unwrap().id;
        scene.given(Role::Seller, AcceptResolution { resolution: id })
    };
    vec![
        ("new", Scene::creator()),
        ("new, answers missing", Scene::placed(form)),
        ("new, dispute", Scene::creator().given(Role::Buyer, dispute())),
        ("in_progress", Scene::in_progress()),
        ("in_progress, overdue", late()),
        (
            "in_progress, update proposed by the buyer",
            Scene::in_progress().given(Role::Buyer, update.clone()),
        ),
        ("in_progress, cancel asked by the buyer", late().given(Role::Buyer, cancel())),
        (
            "in_progress, cancel asked, claimed",
            late().given(Role::Buyer, cancel()).given(Role::Agent, ClaimCase {}),
        ),
        (
            "in_progress, cancel asked, joined",
            late()
                .given(Role::Buyer, cancel())
                .given(Role::Agent, ClaimCase {})
                .given(Role::Agent, JoinCase {}),
        ),
        ("delivered", Scene::delivered()),
        ("delivered, revisions exhausted", Scene::exhausted()),
        ("delivered, dispute of the buyer", Scene::delivered().given(Role::Buyer, dispute())),
        ("delivered, dispute joined", Scene::delivered().joined()),
        ("delivered, resolution proposed", resolution()),
        ("delivered, resolution accepted by the seller", answered),
        ("in_revision", Scene::delivered().given(Role::Buyer, revise(1))),
        ("completed", Scene::delivered().given(Role::Buyer, AcceptDelivery { delivery: 1 })),
        (
            "completed, dispute joined",
            Scene::delivered().given(Role::Buyer, AcceptDelivery { delivery: 1 }).joined(),
        ),
        ("cancelled", late().given(Role::Buyer, cancel()).given(Role::Seller, ConsentCancel {})),
        ("declined", Scene::creator().given(Role::Seller, DeclineOrder { reason: text("no") })),
        ("direct: new", Scene::craft()),
        ("direct: in_progress", craft()),
        ("direct: in_progress, overdue", craft().later(Duration::days(8))),
        ("direct: delivered", craft().given(Role::Seller, MarkSent::default())),
    ]
}

/// D3: what each role may do in every situation, and the code of what it may not.
#[test]
fn what_each_role_may_do() {
    let roles = [Role::Buyer, Role::Seller, Role::Agent, Role::Admin];
    let mut table = String::new();
    for (name, scene) in situations() {
        writeln!(table, "## {name}\n").unwrap();
        writeln!(table, "{:<20}{:<20}{:<20}{:<20}admin", "", "buyer", "seller", "agent").unwrap();
        for kind in CommandKind::ALL.iter().filter(|kind| !kind.is_message()) {
            let cells = roles.map(|role| {
                let actions = actions::actions(&scene.order, &person(role), &scene.moment(), false);
                match actions.iter().find(|action| action.command == *kind) {
                    None => ".".to_owned(),
                    Some(action) if action.allowed => "YES".to_owned(),
                    Some(action) => action.code.unwrap().to_string(),
                }
            });
            let line = format!(
                "{:<20}{:<20}{:<20}{:<20}{:<20}",
                kind.as_str(),
                cells[0],
                cells[1],
                cells[2],
                cells[3]
            );
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}
