//! The order as one role sees it. Made from the rules' order by [`crate::SnapshotView`].

use order_domain::{
    actions::Action,
    command::CommandKind,
    event::CloseReason,
    guide::Prompt,
    ids::OrderId,
    order::{Delivery, State},
    placement::{Listing, Origin},
    policy::{Policy, Settlement},
    values::{Money, Seq, Text, Timestamp},
};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::TS;

mod parts;

pub use parts::{
    CaseView, Fulfilment, NextStep, Parties, PaymentView, ProposalView, Requirements, RequirementsStatus,
    ResolutionView, Revisions, TimerView,
};

/// What a room shows beside its timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Snapshot {
    /// A room with an order.
    Order(Box<OrderSnapshot>),
    /// A room without one.
    Conversation(ConversationSnapshot),
}

/// An order as one role sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderSnapshot {
    /// The order and its room.
    pub order: OrderId,
    /// Counts the commands that changed it.
    pub version: u64,
    /// The last seq that exists.
    pub head: Seq,
    /// Where it stands.
    pub state: State,
    /// The state in this marketplace's words.
    pub label: String,
    /// What was bought.
    pub listing: Listing,
    /// Who takes part.
    pub parties: Parties,
    /// Agreed price.
    pub price: Money,
    /// How it came about.
    pub origin: Origin,
    /// Who holds the money.
    pub settlement: Settlement,
    /// The rules of this order.
    pub policy: Policy,
    /// The host's own order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Text>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When the work is due; absent before acceptance when it counts from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due_at: Option<Timestamp>,
    /// The due date passed while the seller worked.
    pub overdue: bool,
    /// When the review ends, while one is running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub review_by: Option<Timestamp>,
    /// How many there are.
    pub revisions: Revisions,
    /// The money.
    pub payment: PaymentView,
    /// How the latest delivery was made.
    pub fulfilment: Fulfilment,
    /// The seller's form and the buyer's answers.
    pub requirements: Requirements,
    /// Everything handed over so far.
    pub deliveries: Vec<Delivery>,
    /// New terms that wait for the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub proposal: Option<ProposalView>,
    /// The open case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub case: Option<CaseView>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub close_reason: Option<CloseReason>,
    /// The marketplace's fee is due; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fee_due: Option<bool>,
    /// Running clocks.
    #[serde(deserialize_with = "known_only")]
    pub timers: Vec<TimerView>,
    /// What comes next.
    pub next_step: NextStep,
    /// Every command that this role could ever give, allowed or not.
    #[serde(deserialize_with = "known_only")]
    pub actions: Vec<Action>,
}

/// A conversation without an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationSnapshot {
    /// The room.
    pub order: OrderId,
    /// Stays, since no command changes a conversation.
    pub version: u64,
    /// The last seq that exists.
    pub head: Seq,
    /// Who takes part.
    pub parties: Parties,
    /// Every command that can be given here.
    #[serde(deserialize_with = "known_only")]
    pub actions: Vec<Action>,
}

impl Snapshot {
    /// The room.
    pub fn room(&self) -> OrderId {
        match self {
            Self::Order(order) => order.order,
            Self::Conversation(conversation) => conversation.order,
        }
    }

    /// Counts the commands that changed the order.
    pub fn version(&self) -> u64 {
        match self {
            Self::Order(order) => order.version,
            Self::Conversation(conversation) => conversation.version,
        }
    }

    /// The last seq that existed when it was made.
    pub fn head(&self) -> Seq {
        match self {
            Self::Order(order) => order.head,
            Self::Conversation(conversation) => conversation.head,
        }
    }

    /// The order, unless it is a conversation.
    pub fn as_order(&self) -> Option<&OrderSnapshot> {
        match self {
            Self::Order(order) => Some(order),
            Self::Conversation(_) => None,
        }
    }

    /// Every command that the reader could ever give here.
    pub fn actions(&self) -> &[Action] {
        match self {
            Self::Order(order) => &order.actions,
            Self::Conversation(conversation) => &conversation.actions,
        }
    }

    /// One of them.
    pub fn action(&self, kind: CommandKind) -> Option<&Action> {
        self.actions().iter().find(|action| action.command == kind)
    }
}

/// Leaves out what is newer than this build: a new command must not hide the order from an older client.
fn known_only<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let values = Vec::<Value>::deserialize(deserializer)?;
    Ok(values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

/// A prompt without the actions that are newer than this build.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Prompt>, D::Error> {
    #[derive(Deserialize)]
    struct Lenient {
        code: String,
        #[serde(default)]
        params: serde_json::Map<String, Value>,
        #[serde(default, deserialize_with = "known_only")]
        actions: Vec<CommandKind>,
    }
    let prompt = Option::<Lenient>::deserialize(deserializer)?;
    Ok(prompt.map(|Lenient { code, params, actions }| Prompt { code, params, actions }))
}
