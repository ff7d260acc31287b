//! Random bytes from the operating system, for passwords and ports.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;

/// `bytes` random bytes as lower-case hex.
///
/// # Panics
/// When the operating system gives no randomness: nothing safe could follow.
pub fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut buffer))
        .expect("the operating system gives random bytes");
    buffer.iter().fold(String::with_capacity(bytes * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn random_u16() -> u16 {
    u16::from_str_radix(&random_hex(2), 16).expect("two bytes are four hex digits")
}
