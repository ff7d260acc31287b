//! What is about to be written to one room, gathered in memory and written once, late.

mod columns;

use std::{collections::BTreeMap, sync::Arc};

use columns::{Columns, Row, Saved};
use order_domain::{
    change::Change,
    claim::Claim,
    event::{CaseEvent, Entry, Event},
    ids::{CommandId, UserId},
    inbox_tab::InboxTab,
    order::Order,
    participant::Actor,
    rejection::Rejection,
    values::{Seq, Timestamp},
};
use sqlx::PgConnection;

use crate::{
    case_stream::{self, CaseRow},
    committed::Committed,
    desk,
    digest::Digest,
    error::ActionError,
    head::{Head, Read},
    repeat::Outcome,
    room::{self, RoomView},
};

/// A room as it was read, moving along as changes are taken in.
#[derive(Debug)]
pub(crate) struct Draft {
    pub head: Head,
    pub order: Option<Order>,
    pub now: Timestamp,
    names: BTreeMap<UserId, String>,
    cursors: BTreeMap<UserId, Seq>,
    before: Before,
    rows: Vec<Row>,
    case_rows: Vec<CaseRow>,
    changed: bool,
    desk_changed: bool,
}

/// What was true when the room was locked.
#[derive(Debug)]
struct Before {
    tab: Option<InboxTab>,
    case: bool,
    staff: Vec<UserId>,
}

impl Draft {
    /// A room as it was read.
    pub(crate) fn of(head: Head, view: RoomView) -> Self {
        let before = Before {
            tab: view.order.as_ref().map(InboxTab::of),
            case: head.case_opened_at.is_some(),
            staff: head.staff().cloned().collect(),
        };
        Self {
            head,
            order: view.order,
            now: view.now,
            names: view.names,
            cursors: view.cursors,
            before,
            rows: Vec::new(),
            case_rows: Vec::new(),
            changed: false,
            desk_changed: false,
        }
    }

    /// Nothing to write?
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.case_rows.is_empty()
    }

    /// Takes in a change of the order. `by` is the author of its case events.
    pub(crate) fn take(&mut self, change: Change, by: &Actor, digest: Digest) -> Outcome {
        self.changed |= !change.entries.is_empty();
        self.head.version = change.order.version;
        let outcome = self.outcome(&change.entries);
        for entry in &change.entries {
            self.follow_staff(&entry.event);
        }
        self.push(change.entries, digest, outcome);
        self.follow_case(&change.order);
        self.order = Some(change.order);
        for event in change.case_events {
            self.push_case(event, by.clone(), change.id, outcome.first.is_none().then_some(digest));
        }
        outcome
    }

    /// Takes in talk: one entry, no version.
    pub(crate) fn say(&mut self, event: Event, by: Actor, id: CommandId, digest: Digest) -> Outcome {
        let entry = Entry { seq: self.head.seq.next(), at: self.now, by, id, event };
        let outcome = self.outcome(std::slice::from_ref(&entry));
        self.push(vec![entry], digest, outcome);
        outcome
    }

    fn outcome(&self, entries: &[Entry]) -> Outcome {
        let (first, last) = (entries.first(), entries.last());
        Outcome { first: first.map(|e| e.seq), last: last.map(|e| e.seq), version: self.head.version }
    }

    fn push(&mut self, entries: Vec<Entry>, digest: Digest, outcome: Outcome) {
        for (i, entry) in entries.into_iter().enumerate() {
            assert_eq!(entry.seq, self.head.seq.next(), "a room's seq has no gaps");
            self.head.seq = entry.seq;
            self.head.at = entry.at;
            self.rows.push(Row { entry: Arc::new(entry), ack: (i == 0).then_some((digest, outcome)) });
        }
    }

    /// Who of the staff is in the room follows the timeline.
    fn follow_staff(&mut self, event: &Event) {
        let agents = &mut self.head.agents;
        match event {
            Event::AgentJoined { agent } if !agents.contains(agent) => agents.push(agent.clone()),
            Event::AgentLeft { agent, .. } | Event::CaseHandedOver { from: Some(agent), .. } => {
                agents.retain(|joined| joined != agent);
            }
            _ => {}
        }
    }

    /// Access by a case ends with the case.
    fn follow_case(&mut self, order: &Order) {
        let opened_at = order.case.as_ref().map(|case| case.opened_at);
        if opened_at != self.head.case_opened_at {
            self.desk_changed |= self.head.claim.is_some();
            self.head.case_opened_at = opened_at;
            self.head.claim = None;
            self.head.agents.clear();
        }
    }

    fn push_case(&mut self, event: CaseEvent, by: Actor, id: CommandId, digest: Option<Digest>) {
        let until = self.order.as_ref().map_or(self.now, |order| order.policy.cx_deadline(self.now));
        self.head.claim = Claim::after(self.head.claim.take(), &event, until);
        self.desk_changed = true;
        self.case_rows.push(CaseRow { at: self.now, by, id, event, digest, version: self.head.version });
    }

    /// Writes all of it under the room's lock. The caller commits, and only then is it true.
    pub(crate) async fn write(mut self, connection: &mut PgConnection) -> Result<Written, ActionError> {
        if !self.append(connection, None).await? {
            return Err(Rejection::order_not_found().into());
        }
        if !self.case_rows.is_empty() {
            case_stream::append(connection, self.head.order, &self.case_rows).await?;
        }
        if let Some(order) = self.order.as_ref().filter(|_| self.moves_desk()) {
            desk::follow(connection, order, self.head.claim.as_ref()).await?;
        }
        let agents_out = self.agents_out(connection).await?;
        self.learn_names(connection).await?;
        Ok(self.written(agents_out))
    }

    /// Is the one statement that every change needs all of it?
    pub(crate) fn is_plain(&self) -> bool {
        !self.rows.is_empty()
            && self.case_rows.is_empty()
            && !self.moves_desk()
            && self.head.staff().eq(&self.before.staff)
    }

    /// Writes and commits what is plain, without waiting for the room: only if it is still as it was read, a moment ago.
    pub(crate) async fn write_at_once(
        mut self,
        connection: &mut PgConnection,
    ) -> Result<Option<Written>, sqlx::Error> {
        debug_assert!(self.is_plain(), "a transaction keeps together what is more than one statement");
        let read = self.head.read;
        Ok(self.append(connection, Some(read)).await?.then(|| self.written(Vec::new())))
    }

    async fn append(
        &mut self,
        connection: &mut PgConnection,
        only_if: Option<Read>,
    ) -> Result<bool, sqlx::Error> {
        let mut columns = Columns::default();
        for row in &self.rows {
            self.head.counts.add(&row.entry);
            columns.push(row, &self.head);
        }
        let order = self.order.as_ref().filter(|_| self.changed);
        let tab = order.map(InboxTab::of).filter(|tab| self.before.tab != Some(*tab));
        columns.write(connection, &self.head, Saved { order, tab }, only_if).await
    }

    /// Is this order in the desk's queue, or was it?
    fn moves_desk(&self) -> bool {
        let case = self.before.case || self.order.as_ref().is_some_and(|order| order.case.is_some());
        case && (self.changed || self.desk_changed)
    }

    /// Staff who could read the room before and cannot now; admins always can.
    async fn agents_out(&self, connection: &mut PgConnection) -> Result<Vec<UserId>, ActionError> {
        let gone = |agent: &&UserId| !self.head.staff().any(|staff| staff == *agent);
        let out: Vec<UserId> = self.before.staff.iter().filter(gone).cloned().collect();
        if out.is_empty() { Ok(out) } else { crate::users::without_admins(connection, out).await }
    }

    /// Staff who came in by this: their names were not read with the room.
    async fn learn_names(&mut self, connection: &mut PgConnection) -> Result<(), ActionError> {
        let unknown = |user: &&UserId| !self.names.contains_key(*user);
        let new: Vec<&UserId> = self.head.staff().filter(unknown).collect();
        if !new.is_empty() {
            let known = crate::users::names(connection, &new).await?;
            self.names.extend(known);
        }
        Ok(())
    }

    fn written(self, agents_out: Vec<UserId>) -> Written {
        let Self { head, order, names, cursors, now, changed, desk_changed, .. } = self;
        let order = order.filter(|_| changed || desk_changed);
        let room = order.map(|order| Arc::new(room::view(&head, Some(order), names, cursors, now)));
        let entries = self.rows.into_iter().map(|row| row.entry).collect();
        Written { head, room, entries, desk_changed, agents_out }
    }
}

/// Something written, not yet committed.
#[derive(Debug)]
pub(crate) struct Written {
    pub head: Head,
    pub room: Option<Arc<RoomView>>,
    pub entries: Vec<Arc<Entry>>,
    pub desk_changed: bool,
    pub agents_out: Vec<UserId>,
}

impl Written {
    /// After the commit.
    pub(crate) fn committed(self, outcome: Outcome) -> Committed {
        Committed {
            entries: self.entries,
            room: self.room,
            desk_changed: self.desk_changed,
            agents_out: self.agents_out,
            ..Committed::of(self.head.order, outcome, [self.head.buyer, self.head.seller])
        }
    }
}
