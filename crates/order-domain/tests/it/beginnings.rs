//! Where random histories begin: as placed, or far into an order.

use chrono::Duration;
use order_domain::{command::*, participant::Role};
use proptest::prelude::*;
use serde_json::json;

use crate::scene::*;

/// Where a history begins: random steps seldom come this far by themselves.
#[derive(Clone, Debug)]
pub struct Beginning {
    placement: serde_json::Value,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Placed,
    Accepted,
    Proposed,
    Dearer,
    DearerCompleted,
    Delivered,
    Revised,
    Disputed,
    Joined,
    ResolutionProposed,
    ResolutionHalfAgreed,
}

pub fn beginnings() -> impl Strategy<Value = Beginning> {
    let later = vec![
        Stage::Accepted,
        Stage::Proposed,
        Stage::Dearer,
        Stage::DearerCompleted,
        Stage::Delivered,
        Stage::Revised,
        Stage::Disputed,
        Stage::Joined,
        Stage::ResolutionProposed,
        Stage::ResolutionHalfAgreed,
    ];
    let stage = prop_oneof![1 => Just(Stage::Placed), 2 => prop::sample::select(later)];
    (placements(), stage).prop_map(|(placement, stage)| Beginning { placement, stage })
}

impl Beginning {
    pub fn scene(&self) -> Scene {
        use Role::{Agent, Buyer, Seller};
        let scene = Scene::placed(self.placement.clone());
        let outside = || DeliverExternal { place: text("the shared folder"), note: None };
        if self.stage == Stage::Placed {
            return scene;
        }
        let scene = scene.given(Seller, AcceptOrder { without_answers: true });
        let hours = |hours| scene.now + Duration::hours(hours);
        let (later, soon) = (hours(24 * 20), hours(6));
        match self.stage {
            Stage::Placed | Stage::Accepted => scene,
            Stage::Proposed => {
                scene.given(Seller, ProposeUpdate { due_at: Some(later), ..ProposeUpdate::default() })
            }
            Stage::Dearer => scene.priced(20_000),
            Stage::DearerCompleted => {
                scene.priced(20_000).given(Seller, outside()).given(Buyer, AcceptDelivery { delivery: 1 })
            }
            Stage::Delivered => scene.given(Seller, outside()),
            Stage::Revised if scene.order.revisions_allowed > 0 => {
                scene.given(Seller, outside()).given(Buyer, revise(1))
            }
            Stage::Revised | Stage::Disputed => scene.given(Buyer, dispute()),
            Stage::Joined => scene.joined(),
            Stage::ResolutionProposed | Stage::ResolutionHalfAgreed => {
                let option = Resolution::Extend { due_at: soon };
                let scene = scene.joined().given(Agent, ProposeResolution { option });
                if self.stage == Stage::ResolutionProposed {
                    return scene;
                }
                let resolution = scene.order.case.as_ref().unwrap().resolution.as_ref().unwrap().id;
                scene.given(Seller, AcceptResolution { resolution })
            }
        }
    }
}

fn placements() -> impl Strategy<Value = serde_json::Value> {
    let form = json!([{"id": "brand", "label": "Which brand?", "kind": "text", "required": true}]);
    prop::sample::select(vec![
        json!({}),
        json!({"policy": "craft", "payment": "unpaid"}),
        json!({"payment": "unpaid", "requirements": form}),
        json!({"policy": {"preset": "studio", "consent_required": false}, "requirements": form}),
        json!({"policy": {"preset": "services", "on_review_timeout": "case"}, "revisions": 0}),
        json!({"policy": "craft", "payment": "paid", "due_at": "2026-11-02T10:00:00Z"}),
    ])
}
