//! The order of messages per room survives holding, splitting and bounded batches.

use order_domain::{
    command::Command,
    ids::{CommandId, UserId},
    participant::AccountRole,
};
use serde_json::json;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    super::post::{Post, Queued},
    *,
};
use crate::{
    caller::Caller,
    committed::{Ask, Committed},
    error::ActionError,
};

type Answer = oneshot::Receiver<Result<Committed, ActionError>>;

/// A message of a room, told apart by its number, with the id of another number if it repeats that one.
fn queued(room: u128, number: u128) -> (Queued, Answer) {
    let user = UserId::new("buyer").expect("a user id");
    let caller = Caller { user, role: AccountRole::User, name: number.to_string() };
    let command = Command::decode(json!({"type": "post_message", "text": "x"})).expect("a message");
    let (order, id) = (OrderId(Uuid::from_u128(room)), CommandId(Uuid::from_u128(number)));
    let post = Post::plain(&caller, &Ask { order, id, command, expect_version: None }).expect("a plain one");
    let (answer, answered) = oneshot::channel();
    (Queued::new(post, answer), answered)
}

fn all(messages: &[(u128, u128)]) -> (Vec<Queued>, Vec<Answer>) {
    messages.iter().map(|(room, number)| queued(*room, *number)).unzip()
}

fn numbers(batch: &[Queued]) -> Vec<u128> {
    batch.iter().map(|queued| queued.post.id.0.as_u128()).collect()
}

#[tokio::test]
async fn a_held_room_keeps_its_order_and_lets_others_pass() {
    let mut waiting = Waiting::new(100);
    let (mut first, _answers) = all(&[(1, 1), (2, 2), (1, 3)]);
    let batch = waiting.next_batch(&mut first, 10);
    assert_eq!(numbers(&batch), [1, 2, 3]);
    let held = batch.into_iter().filter(|queued| queued.post.order.0.as_u128() == 1).collect();
    waiting.put_back(held);
    let (mut more, _more_answers) = all(&[(1, 4), (2, 5)]);
    let next = waiting.next_batch(&mut more, 10);
    assert_eq!(numbers(&next), [1, 3, 4, 5], "what came later stays behind what waited");
    assert!(waiting.is_empty());
}

#[tokio::test]
async fn a_repeated_id_waits_for_the_next_batch_with_what_follows_it() {
    let mut waiting = Waiting::new(100);
    let (mut gathered, _answers) = all(&[(1, 1), (1, 1), (1, 2), (2, 3)]);
    assert_eq!(numbers(&waiting.next_batch(&mut gathered, 10)), [1, 3]);
    assert_eq!(numbers(&waiting.next_batch(&mut Vec::new(), 10)), [1, 2]);
    assert!(waiting.is_empty());
}

#[tokio::test]
async fn waiting_rooms_take_half_of_a_batch_in_turn() {
    let mut waiting = Waiting::new(100);
    let (held, _answers) = all(&[(1, 1), (1, 2), (1, 3), (2, 4), (2, 5), (2, 6)]);
    waiting.put_back(held);
    let (mut more, _more_answers) = all(&[(3, 7), (3, 8)]);
    let batch = waiting.next_batch(&mut more, 6);
    assert_eq!(batch.len(), 6);
    assert!(numbers(&batch).ends_with(&[7, 8]), "new rooms have their part");
    let mut rest = numbers(&waiting.next_batch(&mut Vec::new(), 6));
    rest.extend(numbers(&batch));
    rest.sort_unstable();
    assert_eq!(rest, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn more_than_may_wait_is_refused() {
    let mut waiting = Waiting::new(2);
    let (held, _answers) = all(&[(1, 1)]);
    waiting.put_back(held);
    let (mut more, mut answers) = all(&[(1, 2), (1, 3), (1, 4)]);
    // A batch of one: the held one has its turn, the others queue up, and two may.
    assert_eq!(numbers(&waiting.next_batch(&mut more, 1)), [1]);
    let refused = answers.iter_mut().filter_map(|answer| answer.try_recv().ok());
    assert_eq!(refused.count(), 1);
}

/// While the database is away a whole queue is told so at once, not batch by batch.
#[tokio::test(start_paused = true)]
async fn what_is_old_is_told_to_try_again() {
    let mut waiting = Waiting::new(100);
    let (held, _held_answers) = all(&[(1, 1)]);
    waiting.put_back(held);
    let (mut queue, mut answers) = all(&[(1, 2), (2, 3)]);
    tokio::time::advance(PATIENCE * 2).await;
    let (fresh, _fresh_answers) = all(&[(2, 4)]);
    queue.extend(fresh);
    waiting.give_up_old();
    assert_eq!(numbers(&waiting.next_batch(&mut queue, 10)), [4]);
    let told = answers.iter_mut().map(|answer| answer.try_recv().expect("an answer"));
    assert!(told.into_iter().all(|told| matches!(told, Err(ActionError::Unavailable(Unavailable::TooLong)))));
}
