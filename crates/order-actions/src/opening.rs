//! What a reader of a room begins with: the room, and a page of its timeline, of the same moment.

use std::{collections::HashMap, sync::Arc};

use order_domain::{ids::OrderId, rejection::Rejection};
use sqlx::PgPool;

use crate::{
    error::{ActionError, Unavailable},
    room::{self, RoomView},
    store::Store,
    timeline::{self, Page, Start},
};

/// What a reader begins with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The room.
    pub view: Arc<RoomView>,
    /// A page that ends no later than the view.
    pub page: Page,
}

impl Store {
    /// A room as it is now, with the page that a reader begins with: both of the same moment.
    pub async fn opening(&self, order: OrderId, start: Start) -> Result<Opening, ActionError> {
        let opening = self.0.openings.ask((order, start)).await?;
        opening.ok_or_else(|| Rejection::order_not_found().into())
    }
}

/// The openings that were asked for, each in its place; none where there is no room.
pub(crate) async fn openings(
    pool: PgPool,
    asked: Vec<(OrderId, Start)>,
) -> Result<Vec<Option<Opening>>, Unavailable> {
    let mut connection = pool.acquire().await?;
    let orders: Vec<OrderId> = asked.iter().map(|(order, _)| *order).collect();
    let rooms = room::read_all(&mut connection, &orders).await?;
    let rooms: HashMap<_, _> = rooms.into_iter().map(|(_, view)| (view.id, Arc::new(view))).collect();
    // After the heads are read: an entry that comes in between is for the next page.
    let spans = asked.iter().filter_map(|(order, start)| {
        let room = rooms.get(order)?;
        Some(start.span(*order, room.head))
    });
    let mut pages = timeline::spans(&mut connection, &spans.collect::<Vec<_>>()).await?.into_iter();
    let opening = |(order, _)| {
        let view = Arc::clone(rooms.get(&order)?);
        let entries = pages.next().expect("each room has a page");
        Some(Opening { page: Page { head: view.head, entries }, view })
    };
    Ok(asked.into_iter().map(opening).collect())
}
