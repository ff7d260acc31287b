//! One human with one connection and any number of orders: what the server sends goes to their ears, what our client
//! makes of it is what they act on.

use std::sync::Arc;

use client::{Client, ConnectionState, Event, Events, Options, Tap};

use super::ears::Ears;
use crate::participant::Shared;

/// A person.
#[derive(Debug)]
pub struct Person {
    /// Their id.
    pub user: String,
    /// Their token, for what goes over HTTP.
    pub token: String,
    /// Their connection.
    pub client: Client,
    /// What they have heard.
    pub ears: Arc<Ears>,
}

impl Person {
    /// Begins to connect, and hears from then on.
    pub fn arrive(
        shared: &Arc<Shared>,
        user: String,
        token: String,
        urls: Vec<String>,
        is_party: bool,
    ) -> Arc<Self> {
        let ears = Arc::new(Ears::new(shared.clone(), user.clone(), is_party));
        let hears = ears.clone();
        let mut options = Options::new(urls, token.clone());
        options.client = "order-chat-load".into();
        options.tap = Some(Tap::new(move |frame| hears.hear(frame)));
        let (client, events) = Client::connect(options);
        tokio::spawn(listen(ears.clone(), shared.clone(), events));
        Arc::new(Self { user, token, client, ears })
    }
}

async fn listen(ears: Arc<Ears>, shared: Arc<Shared>, mut events: Events) {
    let mut connected = false;
    while let Some(event) = events.next().await {
        match event {
            Event::Snapshot { order, snapshot } | Event::Subscribed { order, snapshot, .. } => {
                ears.shown(order, Some(*snapshot));
            }
            // Access that was withdrawn leaves nothing to act on, and what is told of another history is told anew.
            Event::Unsubscribed { order, .. } | Event::Resynced { order } => ears.shown(order, None),
            Event::Connection(ConnectionState::Connected { .. }) => connected = true,
            Event::Connection(ConnectionState::Waiting { code, reason, .. }) => {
                let how = format!("{code} {reason}");
                if std::mem::take(&mut connected) {
                    shared.figures.ended(&how);
                } else {
                    shared.figures.dial_failed(&how);
                }
            }
            _ => {}
        }
    }
}
