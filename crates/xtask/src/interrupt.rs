//! Ctrl-C, SIGTERM and a closed terminal as a flag, so that the way out is the ordinary
//! one and everything started is stopped. A second signal exits at once; the guards
//! of `local_servers::Process` then end what is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether somebody asked this process to end.
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on those signals end nothing by themselves.
    pub fn listen() -> Result<Self> {
        let came = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds the flag down, and raises it.
            flag::register_conditional_shutdown(signal, 130, came.clone())?;
            flag::register(signal, came.clone())?;
        }
        Ok(Self(came))
    }

    /// True once a signal came.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An error if a signal came: for the moments between two steps.
    pub fn check(&self) -> Result<()> {
        if self.came() {
            bail!("interrupted");
        }
        Ok(())
    }
}
