//! G1, G2, G6: what was asked, what was answered, and what the database says happened.

use std::collections::{BTreeMap, BTreeSet};

use order_domain::{
    command::Command,
    event::{Entry, Event},
    ids::{CommandId, UserId},
    rejection::Code,
    values::Seq,
};

use super::{Breach, Evidence};
use crate::log::{Answer, Attempt};

type Key = (UserId, CommandId);

/// All that concerns one (sender, command id).
#[derive(Default)]
struct Story<'a> {
    attempts: Vec<&'a Attempt>,
    entries: Vec<&'a Entry>,
}

pub fn check(evidence: &Evidence) -> Vec<Breach> {
    let stories = stories(evidence);
    stories.iter().flat_map(|((_, id), story)| story.breaches(*id, evidence)).collect()
}

fn stories(evidence: &Evidence) -> BTreeMap<Key, Story<'_>> {
    let mut stories: BTreeMap<Key, Story<'_>> = BTreeMap::new();
    let attempts = evidence.logs.iter().flat_map(|log| &log.attempts);
    for attempt in attempts.filter(|attempt| attempt.order == evidence.order) {
        stories.entry((attempt.user.clone(), attempt.id)).or_default().attempts.push(attempt);
    }
    for entry in &evidence.entries {
        if let Some(user) = &entry.by.user {
            stories.entry((user.clone(), entry.id)).or_default().entries.push(entry);
        }
    }
    stories
}

impl Story<'_> {
    fn breaches(&self, id: CommandId, evidence: &Evidence) -> Vec<Breach> {
        if self.attempts.is_empty() {
            return self.entries.iter().map(|entry| Breach::Foreign { seq: entry.seq }).collect();
        }
        let mut found = self.acks_in_the_database(id, evidence);
        found.extend(self.at_most_once(id));
        found.extend(self.refusals_without_effect(id));
        found.extend(self.repeats_refused(id));
        found.extend(
            self.entries
                .iter()
                .filter(|entry| !self.was_asked(entry))
                .map(|entry| Breach::NotAsAsked { seq: entry.seq }),
        );
        found
    }

    fn acks(&self) -> impl Iterator<Item = (&Attempt, Option<Seq>, Option<Seq>)> {
        self.attempts.iter().filter_map(|attempt| match attempt.answer {
            Some((_, Answer::Acked { first, last, .. })) => Some((*attempt, first, last)),
            _ => None,
        })
    }

    /// Every ack names exactly the run of entries that carries the id.
    fn acks_in_the_database(&self, id: CommandId, evidence: &Evidence) -> Vec<Breach> {
        let mut found = Vec::new();
        let places: BTreeSet<_> = self.acks().map(|(_, first, last)| (first, last)).collect();
        if places.len() > 1 {
            found.push(Breach::AckMoved { id });
        }
        for (first, last) in places {
            let Seq(from) = first.unwrap_or(Seq(1));
            let Seq(to) = last.or(first).unwrap_or(Seq(0));
            let named = (from..=to).map(|seq| entry_at(&evidence.entries, Seq(seq)));
            let kept = named.clone().all(|entry| entry.is_some_and(|entry| entry.id == id));
            let inside = self.entries.iter().all(|entry| (from..=to).contains(&entry.seq.0));
            let begins = first.is_none() || self.entries.first().is_some_and(|e| Some(e.seq) == first);
            if !kept || !begins {
                found.push(Breach::AckLost { id, first });
            } else if !inside {
                found.push(Breach::HappenedTwice { id });
            }
        }
        found
    }

    fn at_most_once(&self, id: CommandId) -> Vec<Breach> {
        let mut found = Vec::new();
        let fresh = |a: &&&Attempt| matches!(a.answer, Some((_, Answer::Acked { duplicate: false, .. })));
        let apart = self.entries.windows(2).any(|pair| pair[1].seq != pair[0].seq.next());
        let kinds: Vec<_> = self.entries.iter().map(|entry| entry.event.kind()).collect();
        let twice = kinds.iter().enumerate().any(|(i, kind)| kinds[..i].contains(kind));
        if self.attempts.iter().filter(fresh).count() > 1 || apart || twice {
            found.push(Breach::HappenedTwice { id });
        }
        let mut payloads = self.acks().map(|(attempt, ..)| &attempt.command);
        if payloads.next().is_some_and(|first| payloads.any(|other| other != first)) {
            found.push(Breach::TwoPayloads { id });
        }
        found
    }

    /// All attempts were refused for good: nothing may have happened.
    fn refusals_without_effect(&self, id: CommandId) -> Option<Breach> {
        let code = |attempt: &&Attempt| match &attempt.answer {
            Some((_, Answer::Refused(code))) if attempt.had_no_effect() => Some(code.to_string()),
            _ => None,
        };
        let codes: Option<Vec<String>> = self.attempts.iter().map(code).collect();
        let (code, command) = (codes?.join(", "), self.attempts.first()?.command.kind().as_str());
        (!self.entries.is_empty()).then_some(Breach::RefusedButHappened { id, command, code })
    }

    /// Once a command is accepted, asking for the same again gives the same ack.
    fn repeats_refused(&self, id: CommandId) -> Vec<Breach> {
        let mut found = Vec::new();
        for (acked, ..) in self.acks() {
            let Some((known, _)) = &acked.answer else { continue };
            let later = self.attempts.iter().filter(|a| a.asked > *known && a.command == acked.command);
            for answer in later.filter_map(|attempt| attempt.answer.as_ref().map(|(_, answer)| answer)) {
                // Who may not see the order any more is told so before anything else.
                let gone = matches!(answer.code(), Some(Code::OrderNotFound | Code::NotJoined));
                if let (Answer::Refused(code), false) = (answer, gone) {
                    found.push(Breach::RepeatRefused { id, code: code.to_string() });
                }
            }
        }
        found
    }

    /// A message says what an attempt that was not refused wanted to say.
    fn was_asked(&self, entry: &Entry) -> bool {
        let Event::MessagePosted { text: said, .. } = &entry.event else { return true };
        let says = |a: &Attempt| matches!(&a.command, Command::PostMessage(post) if post.text == *said);
        self.attempts.iter().any(|attempt| !attempt.had_no_effect() && says(attempt))
    }
}

fn entry_at(entries: &[Entry], seq: Seq) -> Option<&Entry> {
    entries.iter().find(|entry| entry.seq == seq)
}
