//! What people see while it runs: a bar on a terminal, a plain line every few seconds otherwise. On stderr: stdout
//! belongs to results.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::Mutex;

use crate::outcome::Second;

/// Lines of a log are read later, by people with little time.
const LINE_EVERY: u32 = 5;

/// Where it is told.
pub enum Progress {
    /// Somebody watches.
    Terminal(Box<ProgressBar>),
    /// It goes to a file or another program; counts the seconds since the last line.
    Plain(Mutex<u32>),
    /// Nobody wants to know.
    Silent,
}

impl Progress {
    /// A bar if stderr is a terminal.
    pub fn new(quiet: bool) -> Self {
        if quiet {
            return Self::Silent;
        }
        if !std::io::stderr().is_terminal() {
            return Self::Plain(Mutex::default());
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{spinner} {prefix:<22} {wide_bar} {pos:>4}/{len} s  {msg}");
        bar.set_style(style.expect("the template is constant and good"));
        bar.enable_steady_tick(Duration::from_millis(250));
        Self::Terminal(Box::new(bar))
    }

    /// A new phase, of about so many seconds.
    pub fn phase(&self, name: &str, seconds: f64) {
        match self {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a phase")]
            Self::Terminal(bar) => {
                bar.set_length(seconds.ceil() as u64);
                bar.set_position(0);
                bar.set_prefix(name.to_owned());
            }
            Self::Plain(since) => {
                *since.lock() = 0;
                eprintln!("== {name}");
            }
            Self::Silent => {}
        }
    }

    /// A line that stays.
    pub fn say(&self, line: &str) {
        match self {
            Self::Terminal(bar) => bar.println(line),
            Self::Plain(_) => eprintln!("   {line}"),
            Self::Silent => {}
        }
    }

    /// One second is over.
    pub fn second(&self, second: &Second) {
        let [p50, p99, _] = second.delivery_ms;
        let servers = match second.cores.values().copied().reduce(|one, two| one + two) {
            Some(cores) => format!("  servers {cores:.2} cores"),
            None => String::new(),
        };
        let line = format!(
            "{} deliveries/s  p50 {p50:.1} ms  p99 {p99:.1} ms{servers}  this program {:.2}",
            second.delivered, second.own_cores
        );
        match self {
            Self::Terminal(bar) => {
                bar.inc(1);
                bar.set_message(line);
            }
            Self::Plain(since) => {
                let mut since = since.lock();
                *since += 1;
                if since.is_multiple_of(LINE_EVERY) {
                    eprintln!("   {:>5.0} s  {line}", second.at_s);
                }
            }
            Self::Silent => {}
        }
    }

    /// Nothing more comes.
    pub fn finish(&self) {
        if let Self::Terminal(bar) = self {
            bar.finish_and_clear();
        }
    }
}
