//! Our crates and what is in them, out of the JSON of `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// One crate of the workspace.
#[derive(Debug, Default)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Direct dependencies of the code and of build scripts, optional ones too.
    pub uses: BTreeSet<String>,
    /// Direct dependencies of its tests alone.
    pub tests_use: BTreeSet<String>,
    /// Everything compiled into it, however far away.
    pub contains: BTreeSet<String>,
}

/// The crates of the workspace.
pub fn read(metadata: &Value) -> Result<Vec<Crate>> {
    let names = names_by_id(metadata)?;
    let edges = edges_by_id(metadata)?;
    let members = list(&metadata["workspace_members"])?;
    let is_member = |package: &&Value| members.contains(&package["id"]);
    list(&metadata["packages"])?.iter().filter(is_member).map(|p| read_crate(p, &names, &edges)).collect()
}

type Names<'a> = BTreeMap<&'a str, &'a str>;
type Edges<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn read_crate(package: &Value, names: &Names, edges: &Edges) -> Result<Crate> {
    let mut found = Crate { name: text(&package["name"])?.to_owned(), ..Crate::default() };
    for dependency in list(&package["dependencies"])? {
        let is_for_tests = dependency["kind"] == "dev";
        let set = if is_for_tests { &mut found.tests_use } else { &mut found.uses };
        set.insert(text(&dependency["name"])?.to_owned());
    }
    let mut waiting = vec![text(&package["id"])?];
    let mut seen: BTreeSet<&str> = waiting.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        for next in edges.get(id).into_iter().flatten() {
            if seen.insert(next) {
                waiting.push(next);
                found.contains.insert(names.get(next).context("an edge to a known package")?.to_string());
            }
        }
    }
    Ok(found)
}

fn names_by_id(metadata: &Value) -> Result<Names<'_>> {
    list(&metadata["packages"])?.iter().map(|p| Ok((text(&p["id"])?, text(&p["name"])?))).collect()
}

/// Edges that put code into the product: neither tests nor build scripts do.
fn edges_by_id(metadata: &Value) -> Result<Edges<'_>> {
    let mut edges = Edges::new();
    for node in list(&metadata["resolve"]["nodes"])? {
        let mut to = Vec::new();
        for dependency in list(&node["deps"])? {
            if list(&dependency["dep_kinds"])?.iter().any(|kind| kind["kind"].is_null()) {
                to.push(text(&dependency["pkg"])?);
            }
        }
        edges.insert(text(&node["id"])?, to);
    }
    Ok(edges)
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata has a list here")
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("cargo metadata has a text here")
}
