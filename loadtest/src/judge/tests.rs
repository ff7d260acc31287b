//! A judge that was never seen to say no is not a judge: each broken promise is fed to it once.

use proptest::prelude::*;

use super::*;

const RUN: u32 = 7;

fn judge() -> Judge {
    Judge::new(RUN, 2, Canaries::new(RUN, 60))
}

fn id(seq: u64) -> Uuid {
    Mark { run: RUN, number: u32::try_from(seq).unwrap(), due_us: seq }.id()
}

fn json(seq: u64, id: Uuid) -> String {
    format!(r#"{{"seq":{seq},"id":"{id}","event":{{}}}}"#)
}

/// Hears entries, given as (seq, number of the message).
fn hear(judge: &Judge, reader: &mut Reader, entries: &[(u64, u64)]) {
    for (seq, message) in entries {
        let json = json(*seq, id(*message));
        judge.heard("a member", 0, reader, &EntryHeard { seq: *seq, id: id(*message), json: &json });
    }
}

fn whole(judge: &Judge) -> Reader {
    let mut reader = Reader::default();
    hear(judge, &mut reader, &[(1, 1), (2, 2), (3, 3), (4, 4)]);
    reader
}

fn kinds(judge: &Judge) -> Vec<String> {
    judge.verdict().findings.breaches.into_keys().collect()
}

#[test]
fn a_run_that_is_right_is_green() {
    let judge = judge();
    let (first, second) = (whole(&judge), whole(&judge));
    (1..=4).for_each(|seq| judge.room(0).acked(seq, id(seq)));
    judge.settle(0);
    for member in [first, second, whole(&judge)] {
        judge.is_complete("a member", 0, &member, 4);
    }
    judge.looked_up(0, &whole(&judge), 4);
    let verdict = judge.verdict();
    assert!(verdict.is_green(), "{verdict:?}");
    assert_eq!((verdict.entries_judged, verdict.acks_checked, verdict.acks_looked_up), (16, 4, 4));
}

#[test]
fn a_judge_who_saw_nothing_is_not_green() {
    assert!(!judge().verdict().is_green());
}

#[test]
fn a_dropped_entry_is_red() {
    let judge = judge();
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 2), (4, 4)]);
    assert_eq!(kinds(&judge), ["gap"]);
}

#[test]
fn a_dropped_last_entry_is_red() {
    let judge = judge();
    whole(&judge);
    let mut late = Reader::default();
    hear(&judge, &mut late, &[(1, 1), (2, 2), (3, 3)]);
    judge.is_complete("a member", 0, &late, 4);
    assert_eq!(kinds(&judge), ["behind"]);
}

/// All members agree, and the store knows one more: the tail that nobody received.
#[test]
fn a_tail_that_reached_nobody_is_red() {
    let judge = judge();
    let members = [whole(&judge), whole(&judge)];
    judge.room(0).stored(5);
    for member in &members {
        judge.is_complete("a member", 0, member, judge.room(0).exists());
    }
    assert_eq!((kinds(&judge), judge.verdict().lost), (vec!["behind".into()], 2));
}

/// What a page may tell once more is no repetition, but must still be the same.
#[test]
fn what_is_told_again_is_compared() {
    let judge = judge();
    whole(&judge);
    let again = |message| {
        let json = json(2, id(message));
        judge.heard_again("a member", 0, &EntryHeard { seq: 2, id: id(message), json: &json });
    };
    again(2);
    assert_eq!(judge.verdict().findings.count(), 0);
    again(3);
    assert_eq!(kinds(&judge), ["diverged"]);
}

#[test]
fn a_duplicate_is_red() {
    let judge = judge();
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 2), (2, 2), (3, 3)]);
    assert_eq!(kinds(&judge), ["repeated"]);
}

#[test]
fn two_entries_in_the_wrong_order_are_red() {
    let judge = judge();
    hear(&judge, &mut Reader::default(), &[(1, 1), (3, 3), (2, 2), (4, 4)]);
    assert_eq!(kinds(&judge), ["gap", "late"]);
}

/// What is out of order for everybody hides nothing that comes after it.
#[test]
fn disorder_does_not_blind_the_judge() {
    let judge = judge();
    for _ in 0..2 {
        hear(&judge, &mut Reader::default(), &[(1, 1), (3, 3), (2, 2), (4, 4)]);
    }
    judge.room(0).acked(4, id(4));
    judge.settle(0);
    assert_eq!(kinds(&judge), ["gap", "late"]);
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 2), (3, 3), (4, 9)]);
    assert_eq!(kinds(&judge), ["diverged", "gap", "late"]);
}

#[test]
fn members_who_heard_different_orders_are_red() {
    let judge = judge();
    let (one, mut other) = (whole(&judge), Reader::default());
    hear(&judge, &mut other, &[(1, 1), (3, 3), (2, 2), (4, 4)]);
    judge.is_one_order(0, [&one, &whole(&judge)].into_iter());
    assert_eq!(judge.verdict().findings.of_kind("order"), 0);
    judge.is_one_order(0, [&one, &other].into_iter());
    assert_eq!(judge.verdict().findings.of_kind("order"), 1);
}

#[test]
fn what_never_came_is_counted() {
    let judge = judge();
    whole(&judge);
    let mut reader = Reader::default();
    hear(&judge, &mut reader, &[(2, 2), (3, 3)]);
    judge.is_complete("a member", 0, &reader, 4);
    assert_eq!((kinds(&judge), judge.verdict().lost), (vec!["behind".into(), "gap".into()], 2));
}

/// The seq of an entry is the server's to choose: an absurd one costs no memory.
#[test]
fn an_absurd_place_is_a_gap() {
    let judge = judge();
    hear(&judge, &mut Reader::default(), &[(1, 1), (u64::MAX, 2)]);
    assert_eq!((kinds(&judge), judge.room(0).timeline.len()), (vec!["gap".into()], 1));
}

/// The seqs look right and only the contents changed places: nobody alone can see it, two members together can.
#[test]
fn swapped_contents_are_red() {
    let judge = judge();
    whole(&judge);
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 3), (3, 2), (4, 4)]);
    assert_eq!(kinds(&judge), ["diverged"]);
    assert!(judge.verdict().findings.first[0].contains("at entry 2"));
}

#[test]
fn another_text_under_the_same_id_is_red() {
    let judge = judge();
    whole(&judge);
    let mut reader = Reader::default();
    let entry = EntryHeard { seq: 1, id: id(1), json: r#"{"seq":1,"event":"another"}"# };
    judge.heard("a member", 0, &mut reader, &entry);
    assert_eq!(kinds(&judge), ["diverged"]);
}

#[test]
fn a_lost_ack_is_red() {
    let judge = judge();
    whole(&judge);
    judge.room(0).acked(5, id(5));
    judge.settle(0);
    assert_eq!(kinds(&judge), ["lost ack"]);
}

#[test]
fn an_ack_of_another_place_is_red() {
    let judge = judge();
    whole(&judge);
    judge.room(0).acked(2, id(3));
    judge.settle(0);
    assert!(judge.verdict().findings.first[0].ends_with("was acked at 2 and stands at 3"));
}

/// Members and acks agree, but the store knows less: what a commit lost after the ack looks like.
#[test]
fn what_is_not_in_the_store_is_red() {
    let judge = judge();
    whole(&judge);
    judge.room(0).acked(4, id(4));
    judge.settle(0);
    let mut store = Reader::default();
    hear(&judge, &mut store, &[(1, 1), (2, 2), (3, 3)]);
    judge.looked_up(0, &store, 3);
    assert_eq!(kinds(&judge), ["lost ack", "not stored"]);
}

#[test]
fn another_timeline_in_the_store_is_red() {
    let judge = judge();
    whole(&judge);
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 9), (3, 3), (4, 4)]);
    assert_eq!(kinds(&judge), ["diverged"]);
}

#[test]
fn a_command_that_happened_twice_is_red() {
    let judge = judge();
    hear(&judge, &mut Reader::default(), &[(1, 1), (2, 2), (3, 1)]);
    judge.settle(0);
    assert_eq!(kinds(&judge), ["twice"]);
}

#[test]
fn a_leak_is_red() {
    let judge = judge();
    let theirs = judge.canaries().text(Audience::Room(1), 1);
    let mine = judge.canaries().text(Audience::Room(0), 1);
    let note = judge.canaries().text(Audience::Staff, 1);
    let search = |frame: &str| judge.search("a member", 0, frame, |audience| audience == Audience::Room(0));
    search(&mine);
    assert_eq!(judge.verdict().findings.count(), 0);
    search(&format!("{mine}{theirs}"));
    search(&note);
    assert_eq!(judge.verdict().findings.breaches.get("leak"), Some(&2));
    judge.search("a member", None, &note, |_| false);
    let first = judge.verdict().findings.first;
    assert!(first[0].starts_with("room 0, a member: ") && first[2].starts_with("a member: "), "{first:?}");
}

#[test]
fn verdicts_of_two_machines_add_up() {
    let (good, bad) = (judge(), judge());
    whole(&good);
    hear(&bad, &mut Reader::default(), &[(1, 1), (3, 3)]);
    let mut both = good.verdict();
    both.merge(&bad.verdict());
    assert_eq!((both.entries_judged, both.findings.count(), both.is_green()), (6, 1, false));
}

proptest! {
    /// Whatever one member's delivery does to a timeline that others saw whole, anything but the timeline itself is red.
    #[test]
    fn anything_but_the_same_timeline_is_red(heard in proptest::collection::vec(1_u64..=5, 0..8)) {
        let judge = judge();
        let all: Vec<_> = (1..=4).map(|seq| (seq, seq)).collect();
        hear(&judge, &mut Reader::default(), &all);
        let mut reader = Reader::default();
        let heard: Vec<_> = heard.into_iter().map(|seq| (seq, seq)).collect();
        hear(&judge, &mut reader, &heard);
        judge.is_complete("a member", 0, &reader, 4);
        let is_whole = heard == all || heard[..] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)];
        prop_assert_eq!(judge.verdict().is_green(), is_whole);
    }
}
