//! What tells one marketplace from another: typed configuration, chosen when an order is placed and stored with it.
//!
//! Presets are data ([`Presets`]); a host may override any field for one order.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{hours::Hours, rejection::Rejection, values::Timestamp};

/// The longest window: ten years.
const WINDOW_MAX_S: u32 = 3650 * 86_400;

/// The rules of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The preset it was made from.
    pub preset: String,
    /// Who holds the money meanwhile.
    pub settlement: Settlement,
    /// Seconds to accept a new order (`T_accept`).
    pub accept_window_s: u32,
    /// Seconds to review a delivery (`T_review`).
    pub review_window_s: u32,
    /// Seconds past due until somebody looks (`T_idle`).
    pub idle_window_s: u32,
    /// Seconds a payment link lives (`T_link`).
    pub link_lifetime_s: u32,
    /// Seconds to answer a contract update (`T_proposal`).
    pub proposal_lifetime_s: u32,
    /// Seconds to answer a proposed resolution (`T_resolution`).
    pub resolution_window_s: u32,
    /// Seconds for customer experience to join (`T_cx`).
    pub cx_response_s: u32,
    /// When they are there: `cx_response_s` counts only these hours. Absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub cx_hours: Option<Hours>,
    /// Seconds after the end in which a dispute can be opened.
    pub dispute_grace_s: u32,
    /// Seconds a revision gives at least.
    pub revision_s: u32,
    /// Seconds goods travel when nobody says more.
    pub transit_s: u32,
    /// Seconds until the buyer is reminded of feedback (`T_feedback`).
    pub feedback_reminder_s: u32,
    /// Seconds before the end of the review at which the buyer is reminded, longest first.
    pub review_reminders_s: Vec<u32>,
    /// What silence in review means.
    pub on_review_timeout: ReviewTimeout,
    /// Contract updates need the other side's consent.
    pub consent_required: bool,
    /// The buyer may withdraw before acceptance.
    pub may_withdraw: bool,
    /// Contract fields that a buyer may propose.
    pub buyer_may_update: Vec<TermField>,
    /// Contract fields that a seller may propose.
    pub seller_may_update: Vec<TermField>,
    /// What opens the way to a cancellation.
    pub cancel_unlocked_by: Vec<CancelUnlock>,
    /// What a buyer rates.
    pub feedback_criteria: Vec<String>,
    /// Roles that see complaints.
    pub complaints_visible_to: Vec<String>,
    /// When a seller sees contact data.
    pub contact_revealed: ContactReveal,
    /// What states are called: by state, or by state and payment (`in_progress.paid`).
    #[serde(default)]
    #[ts(type = "Record<string, string>")]
    pub labels: BTreeMap<String, String>,
}

/// Who holds the money while the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The host.
    Escrow,
    /// Nobody: the parties pay each other.
    Direct,
}

/// What silence in review means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewTimeout {
    /// The work is accepted.
    Accept,
    /// Customer experience looks.
    Case,
}

/// A term of the contract that can be updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the fields of Terms")]
pub enum TermField {
    DueAt,
    Revisions,
    Price,
}

/// What opens the way to a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CancelUnlock {
    /// The due date passed and nothing is delivered (K21).
    PastDue,
    /// All revisions are used and the last delivery is under review (K7).
    RevisionsExhausted,
}

/// When a seller sees contact data (K16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactReveal {
    /// Never.
    Never,
    /// Once the order is accepted.
    Accepted,
    /// From the start.
    Placed,
}

/// How a placement names its policy: `"creator"`, or `{"preset": "creator", "review_window_s": 3, …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum PolicyChoice {
    /// A preset as it is.
    Preset(String),
    /// A preset with changed fields.
    Changed {
        /// The preset.
        preset: String,
        /// The changed fields.
        #[serde(flatten)]
        changes: Map<String, Value>,
    },
}

impl Policy {
    /// The order's state in this marketplace's words.
    pub fn label(&self, state: &str, payment: &str) -> String {
        let with_payment = format!("{state}.{payment}");
        let label = self.labels.get(&with_payment).or_else(|| self.labels.get(state));
        label.cloned().unwrap_or_else(|| state.replace('_', " "))
    }

    /// When somebody of customer experience should be there, asked at `at`.
    pub fn cx_deadline(&self, at: Timestamp) -> Timestamp {
        let length = Duration::seconds(self.cx_response_s.into());
        self.cx_hours.as_ref().map_or_else(|| at + length, |hours| hours.after(at, length))
    }

    fn windows(&self) -> [(&'static str, u32); 11] {
        [
            ("accept_window_s", self.accept_window_s),
            ("review_window_s", self.review_window_s),
            ("idle_window_s", self.idle_window_s),
            ("link_lifetime_s", self.link_lifetime_s),
            ("proposal_lifetime_s", self.proposal_lifetime_s),
            ("resolution_window_s", self.resolution_window_s),
            ("cx_response_s", self.cx_response_s),
            ("dispute_grace_s", self.dispute_grace_s),
            ("revision_s", self.revision_s),
            ("transit_s", self.transit_s),
            ("feedback_reminder_s", self.feedback_reminder_s),
        ]
    }

    fn check(&self) -> Result<(), Rejection> {
        for (name, seconds) in self.windows() {
            if !(1..=WINDOW_MAX_S).contains(&seconds) {
                let problem = format!("must be from 1 to {WINDOW_MAX_S} seconds");
                return Err(Rejection::bad_field(format!("policy.{name}"), problem));
            }
        }
        if let Some(hours) = &self.cx_hours {
            hours.check(self.cx_response_s)?;
        }
        let falling = self.review_reminders_s.windows(2).all(|pair| pair[0] > pair[1]);
        if self.review_reminders_s.len() > 10 || !falling || self.review_reminders_s.contains(&0) {
            let problem = "must be at most 10, longest first, above 0";
            return Err(Rejection::bad_field("policy.review_reminders_s", problem));
        }
        if self.buyer_may_update.contains(&TermField::Price) {
            return Err(Rejection::bad_field("policy.buyer_may_update", "must not contain price"));
        }
        Ok(())
    }
}

/// The policies of a deployment, by name.
#[derive(Clone, Debug)]
pub struct Presets(BTreeMap<String, Policy>);

/// A policy file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadPresets {
    /// Not TOML.
    #[error("the policy file is not readable: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A preset extends one that is not there (or itself).
    #[error("preset \"{0}\" extends a preset that is not above it")]
    Extends(String),
    /// A preset with a missing, unknown or wrong field.
    #[error("preset \"{preset}\": {problem}")]
    Preset {
        /// Which.
        preset: String,
        /// What is wrong.
        problem: String,
    },
}

impl Presets {
    /// The four that are shipped: `creator`, `studio`, `craft`, `services`.
    ///
    /// # Panics
    /// Never: a test reads the shipped file.
    pub fn shipped() -> Self {
        Self(BTreeMap::new()).with(include_str!("presets.toml")).expect("the shipped presets are readable")
    }

    /// Adds the presets of a file, or changes the ones of the same name. `extends` names a base.
    pub fn with(mut self, file: &str) -> Result<Self, BadPresets> {
        let mut waiting: BTreeMap<String, Map<String, Value>> = toml::from_str(file)?;
        while !waiting.is_empty() {
            let ready =
                waiting.iter().find(|(_, fields)| self.base_is_there(fields)).map(|(name, _)| name.clone());
            let Some(name) = ready else {
                return Err(BadPresets::Extends(waiting.into_keys().next().unwrap_or_default()));
            };
            let mut fields = waiting.remove(&name).unwrap_or_default();
            let base = fields.remove("extends").and_then(|base| base.as_str().map(str::to_owned));
            let base = base.or_else(|| self.0.contains_key(&name).then(|| name.clone()));
            let policy = self.changed(base.as_deref(), &name, &fields);
            let policy =
                policy.map_err(|r| BadPresets::Preset { preset: name.clone(), problem: r.message })?;
            self.0.insert(name, policy);
        }
        Ok(self)
    }

    fn base_is_there(&self, fields: &Map<String, Value>) -> bool {
        fields.get("extends").is_none_or(|base| base.as_str().is_some_and(|base| self.0.contains_key(base)))
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The policy that a placement chose, with its changes, checked.
    pub fn resolve(&self, choice: &PolicyChoice) -> Result<Policy, Rejection> {
        let (preset, changes) = match choice {
            PolicyChoice::Preset(preset) => (preset, &Map::new()),
            PolicyChoice::Changed { preset, changes } => (preset, changes),
        };
        if !self.0.contains_key(preset) {
            let known: Vec<_> = self.names().collect();
            return Err(Rejection::bad_field("policy", format!("must be one of {}", known.join(", "))));
        }
        self.changed(Some(preset), preset, changes)
    }

    fn changed(
        &self,
        base: Option<&str>,
        name: &str,
        changes: &Map<String, Value>,
    ) -> Result<Policy, Rejection> {
        let base = base.and_then(|base| self.0.get(base));
        let mut fields = match base.map(serde_json::to_value) {
            Some(Ok(Value::Object(fields))) => fields,
            _ => Map::new(),
        };
        fields.insert("preset".into(), name.into());
        for (field, value) in changes {
            match (fields.get_mut(field), value) {
                // Labels are merged: a deployment renames one state, not all of them.
                (Some(Value::Object(old)), Value::Object(new)) => old.extend(new.clone()),
                _ => drop(fields.insert(field.clone(), value.clone())),
            }
        }
        let policy: Policy = crate::command::fields_of(Value::Object(fields)).map_err(|mut refused| {
            refused.field = refused.field.map(|field| format!("policy.{field}"));
            refused.message = format!("policy.{}", refused.message);
            refused
        })?;
        policy.check()?;
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn choice(value: Value) -> PolicyChoice {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn four_presets_are_shipped() {
        let presets = Presets::shipped();
        assert_eq!(presets.names().collect::<Vec<_>>(), ["craft", "creator", "services", "studio"]);
        let craft = presets.resolve(&choice(json!("craft"))).unwrap();
        assert_eq!(craft.settlement, Settlement::Direct);
        assert_eq!(craft.label("in_progress", "paid"), "Paid");
        assert_eq!(craft.label("in_progress", "unpaid"), "Confirmed");
        assert_eq!(craft.review_window_s, 7 * 86_400);
    }

    #[test]
    fn one_order_can_change_any_field() {
        let presets = Presets::shipped();
        let policy = presets.resolve(&choice(json!({"preset": "creator", "review_window_s": 3}))).unwrap();
        assert_eq!((policy.review_window_s, policy.accept_window_s), (3, 14 * 86_400));
    }

    #[test]
    fn bad_choices_name_the_field() {
        let presets = Presets::shipped();
        for (value, field) in [
            (json!("none"), "policy"),
            (json!({"preset": "creator", "review_window_s": "soon"}), "policy.review_window_s"),
            (json!({"preset": "creator", "review_window_s": 0}), "policy.review_window_s"),
            (json!({"preset": "creator", "buyer_may_update": ["price"]}), "policy.buyer_may_update"),
        ] {
            let refused = presets.resolve(&choice(value.clone())).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field), "{value}");
        }
        assert!(presets.resolve(&choice(json!({"preset": "creator", "reviw": 1}))).is_err());
    }

    /// `T_cx` counts the hours that a deployment names.
    #[test]
    fn customer_experience_has_hours() {
        let file = "[creator.cx_hours]\nzone = \"America/New_York\"\ndays = [\"mon\"]\nfrom = \"09:00:00\"\nto = \"17:00:00\"\n";
        let policy = Presets::shipped().with(file).unwrap().resolve(&choice(json!("studio"))).unwrap();
        assert_eq!(policy.cx_hours, None, "studio extends what is shipped");
        let policy = Presets::shipped().with(file).unwrap().resolve(&choice(json!("creator"))).unwrap();
        let copy: Policy = serde_json::from_value(serde_json::to_value(&policy).unwrap()).unwrap();
        assert_eq!((policy.cx_hours.is_some(), &copy), (true, &policy));
        for (wrong, field) in [("Nowhere/Town", "policy.cx_hours.zone"), ("", "policy.cx_hours.zone")] {
            let change = json!({"preset": "creator", "cx_hours": {"zone": wrong, "days": ["mon"], "from": "09:00:00", "to": "17:00:00"}});
            let refused = Presets::shipped().resolve(&choice(change)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field));
        }
    }

    #[test]
    fn a_deployment_adds_and_changes_presets() {
        let file = "[mine]\nextends = \"craft\"\nreview_window_s = 60\n[creator]\ncx_response_s = 60\n";
        let presets = Presets::shipped().with(file).unwrap();
        assert_eq!(presets.resolve(&choice(json!("mine"))).unwrap().settlement, Settlement::Direct);
        assert_eq!(presets.resolve(&choice(json!("creator"))).unwrap().cx_response_s, 60);
        assert!(Presets::shipped().with("[x]\nextends = \"y\"\n").is_err());
        assert!(Presets::shipped().with("[x]\nextends = \"creator\"\nfoo = 1\n").is_err());
    }
}
