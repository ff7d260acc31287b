//! The demo accounts, one per role, and their tokens.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// User id, role of the token, shown name.
const ACCOUNTS: [(&str, &str, &str); 5] = [
    ("buyer", "user", "Buyer"),
    ("seller", "user", "Seller"),
    ("agent", "agent", "Agent"),
    ("admin", "admin", "Admin"),
    ("host", "host", "Host"),
];

/// One line per account, with a token signed by `order_chat token` under the stack's secret.
pub fn describe(order_chat: impl Fn() -> Result<Command>) -> Result<String> {
    let mut lines = Vec::new();
    for (user, role, name) in ACCOUNTS {
        let mut command = order_chat()?;
        command.args(["token", "--user", user, "--role", role, "--name", name, "--ttl", "12h"]);
        let output = command.output().context("cannot start order-chat token")?;
        if !output.status.success() {
            bail!("order-chat token failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let token = String::from_utf8_lossy(&output.stdout);
        lines.push(format!("   {user:<7} ({role}) {}\n", token.trim()));
    }
    Ok(lines.concat())
}
