//! A node is heard when all parts of its channels are.

use std::sync::{Arc, Mutex};

use crate::inbox::Inbox;

#[derive(Debug)]
pub(crate) struct Ensemble {
    heard: Mutex<Vec<bool>>,
    inbox: Arc<Inbox>,
}

impl Ensemble {
    /// Of so many parts, none of which is heard yet.
    pub(crate) fn new(parts: usize, inbox: Arc<Inbox>) -> Self {
        Self { heard: Mutex::new(vec![false; parts]), inbox }
    }

    /// Everything wanted in this part is heard from here on; the generation that begins if it was the last.
    pub(crate) fn heard(&self, part: usize) -> Option<u64> {
        let mut heard = self.heard.lock().expect("nothing panics while holding it");
        heard[part] = true;
        heard.iter().all(|heard| *heard).then(|| self.inbox.heard())
    }

    /// True when the part was heard until now.
    pub(crate) fn lost(&self, part: usize) -> bool {
        let mut heard = self.heard.lock().expect("nothing panics while holding it");
        self.inbox.pulse.lost();
        std::mem::take(&mut heard[part])
    }
}
