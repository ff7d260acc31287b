//! Where the participants' tokens come from: signed here with the deployment's secret, read from a file, or printed by
//! a program of the host's.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Stdio, sync::Arc};

use anyhow::{Context as _, Result, bail};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Buys and sells.
    User,
    /// Customer experience.
    Agent,
    /// The marketplace's back end.
    Host,
}

impl Role {
    /// As in a token.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
            Self::Host => "host",
        }
    }
}

/// Gives tokens.
#[derive(Clone)]
pub enum Tokens {
    /// Signs them with HS256.
    Secret {
        /// The deployment's secret.
        key: Arc<EncodingKey>,
        /// How long they hold.
        ttl_s: i64,
    },
    /// Has them: `role user token` on each line.
    File(Arc<BTreeMap<(Role, String), String>>),
    /// Asks a program, with `{user}` and `{role}` replaced in its arguments.
    Program(Arc<Vec<String>>),
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'static str,
    sub: &'a str,
    role: &'static str,
    name: &'a str,
    iat: i64,
    exp: i64,
}

impl Tokens {
    /// Reads the deployment's secret; the server, too, ignores what stands around it.
    pub fn secret(path: &PathBuf, ttl_s: i64) -> Result<Self> {
        let secret = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self::Secret { key: Arc::new(EncodingKey::from_secret(secret.trim().as_bytes())), ttl_s })
    }

    /// Reads a token file.
    pub fn file(path: &PathBuf) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::of_lines(&text).with_context(|| path.display().to_string())
    }

    fn of_lines(text: &str) -> Result<Self> {
        let mut tokens = BTreeMap::new();
        let lines =
            (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        for (number, line) in lines {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let [role, user, token] = parts[..] else { bail!("line {number} is not \"role user token\"") };
            let role = match role {
                "user" => Role::User,
                "agent" => Role::Agent,
                "host" => Role::Host,
                other => bail!("line {number}: {other} is none of user, agent, host"),
            };
            tokens.insert((role, user.to_owned()), token.to_owned());
        }
        if !tokens.keys().any(|(role, _)| *role == Role::Host) {
            bail!("there is no line with the role host, who places the orders");
        }
        Ok(Self::File(Arc::new(tokens)))
    }

    /// A program and its arguments, separated by blanks; no shell is involved.
    pub fn program(command: &str) -> Result<Self> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() || !command.contains("{user}") {
            bail!("the token command must name a program and contain {{user}}");
        }
        Ok(Self::Program(Arc::new(words)))
    }

    /// The users that there are tokens of; `None` when any user can have one.
    pub fn known(&self, role: Role) -> Option<Vec<String>> {
        match self {
            Self::File(tokens) => {
                let of_role = tokens.keys().filter(|(found, _)| *found == role);
                Some(of_role.map(|(_, user)| user.clone()).collect())
            }
            _ => None,
        }
    }

    /// A token of somebody.
    pub async fn of(&self, user: &str, role: Role) -> Result<String> {
        match self {
            Self::Secret { key, ttl_s } => sign(key, user, role, *ttl_s),
            Self::File(tokens) => {
                let found = tokens.get(&(role, user.to_owned()));
                found
                    .cloned()
                    .with_context(|| format!("the token file has none for {} {user}", role.as_str()))
            }
            Self::Program(words) => ask(words, user, role).await,
        }
    }
}

fn sign(key: &EncodingKey, user: &str, role: Role, ttl_s: i64) -> Result<String> {
    let iat = chrono::Utc::now().timestamp();
    let (role, exp) = (role.as_str(), iat + ttl_s);
    let claims = Claims { aud: "order-chat", sub: user, role, name: user, iat, exp };
    encode(&Header::new(Algorithm::HS256), &claims, key).context("a token cannot be signed")
}

async fn ask(words: &[String], user: &str, role: Role) -> Result<String> {
    let fill = |word: &String| word.replace("{user}", user).replace("{role}", role.as_str());
    let mut command = tokio::process::Command::new(fill(&words[0]));
    command
        .args(words[1..].iter().map(fill))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true);
    let output = command.output().await.with_context(|| format!("cannot start {}", words[0]))?;
    let token = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || token.is_empty() {
        bail!("{} printed no token for {} {user} ({})", words[0], role.as_str(), output.status);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_file_is_read_or_refused() {
        let tokens = Tokens::of_lines("# mine\nhost h aaa\n\nuser u1 bbb\n").unwrap();
        assert_eq!(tokens.known(Role::User), Some(vec!["u1".to_owned()]));
        assert_eq!(tokens.of("u1", Role::User).await.unwrap(), "bbb");
        assert!(tokens.of("u2", Role::User).await.unwrap_err().to_string().contains("user u2"));
        let refusal = |text: &str| Tokens::of_lines(text).err().unwrap().to_string();
        assert!(refusal("user u1").contains("line 1"));
        assert!(refusal("king u1 aaa").contains("king"));
        assert!(refusal("user u1 aaa").contains("host"));
    }

    #[tokio::test]
    async fn a_program_is_asked() {
        let tokens = Tokens::program("echo token-of-{user}-as-{role}").unwrap();
        assert_eq!(tokens.of("u1", Role::Agent).await.unwrap(), "token-of-u1-as-agent");
        assert!(Tokens::program("false {user}").unwrap().of("u1", Role::User).await.is_err());
        assert!(Tokens::program("echo").is_err());
    }
}
