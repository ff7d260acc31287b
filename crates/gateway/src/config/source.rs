//! Where settings come from: a snapshot of the environment, each variable taken at most once.

use std::{collections::BTreeMap, fmt::Display, fs, str::FromStr};

use super::{Problem, Secret};

const PREFIX: &str = "ORDER_CHAT_";
/// Read by `cargo xtask`, not by the server.
const OTHERS: [&str; 3] = ["ORDER_CHAT_POSTGRES_BIN", "ORDER_CHAT_REDIS_SERVER", "ORDER_CHAT_CHROMIUM"];

/// The environment, and every problem found in it so far.
pub struct Source {
    left: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Source {
    /// `variables` as they are, for tests and for settings from elsewhere.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { left: variables.into_iter().collect(), problems: Vec::new() }
    }

    /// The process's environment.
    pub fn environment() -> Self {
        let mut source = Self::new([]);
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(source.left.insert(name, value)),
                Err(_) if is_ours(&name) => source.problem(&name, "is not valid UTF-8"),
                Err(_) => {}
            }
        }
        source
    }

    /// Notes what is wrong with a variable.
    pub fn problem(&mut self, name: &str, text: impl Display) {
        self.problems.push(Problem { name: name.to_owned(), text: text.to_string() });
    }

    /// Was something wrong with this variable? Then nothing is said about it being unset as well.
    pub fn has_problem(&self, name: &str) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.name.strip_suffix("_FILE").unwrap_or(&problem.name) == name)
    }

    /// A variable; empty counts as unset.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.left.remove(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A variable that is read as something else.
    pub fn parsed<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        text.parse().map_err(|error| self.problem(name, format!("\"{text}\" cannot be read: {error}"))).ok()
    }

    /// `1` or `0`.
    pub fn switch(&mut self, name: &str) -> bool {
        match self.text(name).as_deref() {
            Some("1") => true,
            None | Some("0") => false,
            Some(_) => {
                self.problem(name, "must be 1 or 0");
                false
            }
        }
    }

    /// A secret from `NAME`, or from the file that `NAME_FILE` names.
    pub fn secret(&mut self, name: &str) -> Option<Secret> {
        let file_name = format!("{name}_FILE");
        match (self.text(name), self.text(&file_name)) {
            (Some(_), Some(_)) => {
                self.problem(name, format!("is set, and {file_name} too: keep one"));
                None
            }
            (None, Some(path)) => match fs::read_to_string(&path) {
                Ok(content) => Some(Secret::new(content.trim_end())),
                Err(error) => {
                    self.problem(&file_name, format!("cannot read {path}: {error}"));
                    None
                }
            },
            (value, None) => value.map(Secret::new),
        }
    }

    /// The problems of what was asked for, for who asks for a part of the settings.
    pub fn problems(self) -> Vec<Problem> {
        self.problems
    }

    /// All problems, with one for each variable of ours that nobody asked for: most likely a typo.
    pub fn finish(mut self) -> Vec<Problem> {
        let unknown: Vec<_> = self.left.keys().filter(|name| is_ours(name)).cloned().collect();
        for name in unknown {
            self.problem(&name, "is not a setting of order-chat");
        }
        self.problems
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with(PREFIX) && !OTHERS.contains(&name)
}
