//! Ctrl-C, SIGTERM and a closed terminal end a run early and in order: what was measured until then is reported. A second
//! signal ends the program at once.

use anyhow::{Context as _, Result};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

/// What the shell calls a program that a signal ended.
pub const EXIT_CODE: u8 = 130;

/// For a run.
pub fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().context("no threads")
}

/// From now on the first signal only stops what listens to the token.
pub fn on_signal(runtime: &Runtime) -> Result<CancellationToken> {
    let _inside = runtime.enter();
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [mut interrupt, mut terminate, mut hangup]: [Signal; 3] =
        kinds.map(signal).into_iter().collect::<Result<Vec<_>, _>>()?.try_into().expect("as many as kinds");
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    runtime.spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            if stopped.is_cancelled() {
                std::process::exit(EXIT_CODE.into());
            }
            eprintln!("stopping: the report of what was measured follows; a second signal ends at once");
            stopped.cancel();
        }
    });
    Ok(stop)
}
