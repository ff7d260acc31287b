//! How long the pure parts of a message's way take: `cargo bench -p gateway`.

mod work;

use divan::Bencher;
use work::{PARTS, Work};

fn main() {
    divan::main();
}

#[divan::bench(args = PARTS.iter().map(|(name, _)| *name))]
fn part(bencher: Bencher<'_, '_>, name: &str) {
    let work = Work::prepare();
    let (_, run) = PARTS.iter().find(|(part, _)| *part == name).expect("one of the arguments");
    bencher.bench_local(|| run(&work));
}
