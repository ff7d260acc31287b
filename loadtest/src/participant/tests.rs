//! What is measured of what arrives, by why it is late.

use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::protocol::Role};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{crowd::Room, dialect::Dialect, mark::Canaries, scan::EntryHeard};

const RUN: u32 = 1;

/// A run of so many rooms, each with the two members of the first.
pub(crate) fn shared(rooms: usize) -> Arc<Shared> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let order = protocol::domain::ids::OrderId(Uuid::nil());
    let [buyer, seller, buyer_token, seller_token] = ["buyer", "seller", "b", "s"].map(Arc::<str>::from);
    let name = order.to_string();
    let room = Room { order, name, buyer, seller, buyer_token, seller_token };
    Arc::new(Shared {
        start: std::time::Instant::now(),
        judge: Judge::new(RUN, rooms, Canaries::new(RUN, 60)),
        crowd: Crowd { rooms: vec![room; rooms], members: 2 },
        figures: Figures::default(),
        heard: vec![AtomicU64::new(0)],
        joined: AtomicU64::new(0),
        away: AtomicU64::new(0),
        dialer: Dialer { dialect: Dialect::OrderChat, tls: crate::tls::client(None).unwrap() },
        stop: CancellationToken::new(),
    })
}

fn participant(returning: impl Into<Option<Return>>) -> Participant {
    let ((_, asks), returning, shared) = (mpsc::channel(1), returning.into(), shared(1));
    shared.away.store(u64::from(returning.is_some()), Relaxed);
    Participant {
        seat: Seat { number: 0, room: 0, member: 0, urls: Vec::new() },
        name: "member 0".into(),
        user: "buyer".into(),
        shared,
        reader: Reader::default(),
        epoch: None,
        pending: VecDeque::new(),
        last_reference: 1,
        returning,
        asks,
        joined: true,
        held: None,
        paged: 0,
        again: BTreeSet::new(),
    }
}

fn back(by_server: bool) -> Return {
    Return { due_us: 0, head: None, by_server }
}

fn hear(participant: &mut Participant, seq: u64) {
    let (order, id) = (participant.order().to_owned(), id(seq));
    let json = format!(r#"{{"seq":{seq},"id":"{id}"}}"#);
    participant.entry(&order, &EntryHeard { seq, id, json: &json });
}

fn page(participant: &mut Participant, seqs: impl IntoIterator<Item = u64>, head: u64) {
    let json = seqs.into_iter().map(|seq| (seq, format!(r#"{{"seq":{seq},"id":"{}"}}"#, id(seq))));
    let json: Vec<_> = json.collect();
    let entries: Vec<_> =
        json.iter().map(|(seq, json)| EntryHeard { seq: *seq, id: id(*seq), json }).collect();
    participant.page(None, &entries, head, None);
}

fn id(seq: u64) -> Uuid {
    Mark { run: RUN, number: u32::try_from(seq).unwrap(), due_us: seq }.id()
}

/// Entries that count as delivered, those whose latency is a delivery's, and returns.
fn measured(participant: &Participant) -> [u64; 3] {
    let figures = &participant.shared.figures;
    let noted = figures.phase();
    [figures.counters.delivered.load(Relaxed), noted.delivery.count(), noted.resume.count()]
}

/// A system that stalls, throws everybody out and serves all of it in a page is as late as one that just stalls.
#[tokio::test]
async fn what_the_server_made_late_is_late() {
    let mut participant = participant(back(true));
    page(&mut participant, 1..=2, 3);
    page(&mut participant, 3..=3, 3);
    hear(&mut participant, 4);
    assert_eq!((measured(&participant), participant.shared.away.load(Relaxed)), ([4, 4, 1], 0));
}

#[tokio::test]
async fn what_our_own_cut_made_late_is_the_returns() {
    let mut participant = participant(back(false));
    page(&mut participant, 1..=3, 3);
    hear(&mut participant, 4);
    assert_eq!(measured(&participant), [4, 1, 1]);
}

/// Where no page brings what was missed, it comes one by one, perhaps before the answer says how much it is.
#[tokio::test]
async fn what_is_missed_may_come_one_by_one() {
    let mut participant = participant(back(false));
    hear(&mut participant, 1);
    page(&mut participant, [], 3);
    [2, 3, 4].into_iter().for_each(|seq| hear(&mut participant, seq));
    assert_eq!(measured(&participant), [4, 1, 1]);
}

#[tokio::test]
async fn what_a_page_told_may_come_once_more_and_no_oftener() {
    let mut participant = participant(None);
    page(&mut participant, 1..=2, 2);
    participant.paged = 2;
    [1, 2, 3].into_iter().for_each(|seq| hear(&mut participant, seq));
    assert_eq!(participant.shared.judge.verdict().findings.count(), 0);
    hear(&mut participant, 2);
    assert_eq!(participant.shared.judge.verdict().findings.of_kind("repeated"), 1);
}

/// Of the warm-up nothing is counted, not even what found no place.
#[tokio::test]
async fn what_is_not_measured_is_not_unsent() {
    let participant = participant(None);
    participant.shared.figures.begin_phase(10);
    for due_us in [9, 10, 11] {
        participant.unsent(Mark { run: RUN, number: 1, due_us });
    }
    assert_eq!(participant.shared.figures.counters.unsent.load(Relaxed), 2);
}

/// A message that waited for its room is late by the time until it is written, and counts once however often it is said.
#[tokio::test]
async fn our_own_lag_ends_when_the_write_begins() {
    let mut participant = participant(None);
    let mark = Mark { run: RUN, number: 1, due_us: 0 };
    participant.pending.push_back(Pending { reference: 2, mark, said: false });
    let lag = |participant: &Participant| participant.shared.figures.phase().lag.count();
    assert_eq!(lag(&participant), 0);
    assert_eq!(
        (participant.saying(2), participant.saying(2), participant.saying(3)),
        (Some(mark), Some(mark), None)
    );
    assert_eq!((lag(&participant), participant.shared.figures.counters.sent.load(Relaxed)), (1, 1));
}

/// A member on a connection to a server that breaks off every later one before the welcome.
async fn member_of_a_closed_house() -> (Arc<Shared>, Handle, TcpListener, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = MaybeTlsStream::Plain(TcpStream::connect(address).await.unwrap());
    let (server, _) = listener.accept().await.unwrap();
    let socket = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
    let urls = vec![format!("http://{address}").into()];
    let shared = shared(1);
    let handle = seat(&shared, Seat { number: 0, room: 0, member: 0, urls }, socket);
    (shared, handle, listener, server)
}

/// Connections that the server ended, and whether returns were seen to fail, once somebody has dialled three times.
async fn after_three_dials(shared: &Shared, listener: TcpListener) -> (u64, bool) {
    for _ in 0..3 {
        listener.accept().await.unwrap();
    }
    let closed = shared.figures.counters.closed.load(Relaxed);
    assert_eq!(shared.figures.ends().values().sum::<u64>(), closed);
    assert_eq!(shared.away.load(Relaxed), 1, "and waited for");
    (closed, shared.figures.failed_dials().values().sum::<u64>() >= 2)
}

#[tokio::test]
async fn who_does_not_get_back_in_was_thrown_out_once() {
    let (shared, handle, listener, server) = member_of_a_closed_house().await;
    drop(server);
    assert_eq!(after_three_dials(&shared, listener).await, (1, true));
    handle.task.abort();
}

#[tokio::test]
async fn our_own_cut_is_no_end_even_when_the_return_fails() {
    let (shared, handle, listener, _server) = member_of_a_closed_house().await;
    handle.asks.send(Ask::Blink).await.unwrap();
    assert_eq!(after_three_dials(&shared, listener).await, (0, true));
    handle.task.abort();
}
