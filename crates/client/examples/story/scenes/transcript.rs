//! The story as it is read: what each entry says, and what the chatbot tells both sides.

use protocol::SeenEntry;
use protocol::domain::{
    event::{Event, FileRef},
    guide::{Prompt, Prompts, english},
};

/// Prints what is new, unless nobody wants to read.
pub struct Transcript {
    shown: usize,
    quiet: bool,
}

impl Transcript {
    pub fn new(quiet: bool) -> Self {
        Self { shown: 0, quiet }
    }

    /// A heading; the next entries are another room's.
    pub fn chapter(&mut self, title: &str) {
        self.shown = 0;
        self.say(&format!("\n=== {title} ===\n"));
    }

    /// What is no entry.
    pub fn aside(&self, text: &str) {
        self.say(&format!("          ({text})"));
    }

    /// The entries that were not shown yet.
    pub fn show(&mut self, entries: &[SeenEntry]) {
        for entry in entries.iter().skip(self.shown) {
            self.say(&lines(entry));
        }
        self.shown = self.shown.max(entries.len());
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            println!("{text}");
        }
    }
}

fn lines(entry: &SeenEntry) -> String {
    match entry.event.read() {
        Some(Event::BotPrompted { prompts }) => prompt_lines(&prompts),
        event => {
            let who = entry.by.name.as_deref().unwrap_or(entry.by.role.as_str());
            let what = event.map_or_else(|| entry.event.kind().into_owned(), |event| told(&event));
            format!("{:>4}  {:<9} {what}", entry.seq, who)
        }
    }
}

fn prompt_lines(prompts: &Prompts) -> String {
    let line = |side: &str, prompt: &Prompt| {
        let asked: Vec<_> = prompt.actions.iter().map(|kind| kind.as_str()).collect();
        let asked = if asked.is_empty() { String::new() } else { format!("  [{}]", asked.join(", ")) };
        format!("          → {side:<6} {}{asked}", english(prompt))
    };
    format!("{}\n{}", line("buyer", &prompts.buyer), line("seller", &prompts.seller))
}

/// An event in a few words; what a person wrote is quoted.
fn told(event: &Event) -> String {
    match event {
        Event::OrderPlaced { listing, revisions, .. } => {
            format!("bought “{}”, {revisions} revisions included", &*listing.title)
        }
        Event::MessagePosted { text, files, .. } => {
            format!("“{}”{}", text.as_deref().unwrap_or_default(), names(files))
        }
        Event::DeliverySubmitted { no, files, note, place, .. } => {
            let place = place.as_deref().map(|place| format!(" outside: {place}")).unwrap_or_default();
            let note = note.as_deref().map(|note| format!(" “{note}”")).unwrap_or_default();
            format!("delivered no. {no}{place}{}{note}", names(files))
        }
        Event::RevisionRequested { no, text, remaining, .. } => {
            format!("asks for revision {no} ({remaining} left): “{}”", &**text)
        }
        Event::CancelRequested { reason, .. } => format!("asks to cancel: “{}”", &**reason),
        Event::DisputeOpened { reason, .. } => format!("opens a dispute: “{}”", &**reason),
        other => other.kind().as_str().replace(['.', '_'], " "),
    }
}

fn names(files: &[FileRef]) -> String {
    let name = |file: &FileRef| {
        let digest = file.sha256.get(..8).unwrap_or_default();
        format!(" [{}, sha256 {digest}…]", file.name)
    };
    files.iter().map(name).collect::<Vec<_>>().concat()
}
