//! A wall that was never seen to fail is not a wall: each rule has its bad graph.

use serde_json::json;

use super::*;

fn krate(name: &str, uses: &[&str], contains: &[&str]) -> Crate {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Crate { name: name.to_owned(), uses: set(uses), contains: set(contains), ..Crate::default() }
}

#[test]
fn the_house_as_drawn_has_no_breach() {
    let crates = [
        krate("order-domain", &["serde"], &["serde", "uuid"]),
        krate("order-actions", &["order-domain", "sqlx"], &["order-domain", "sqlx", "tokio"]),
        krate("gateway", &["order-actions", "axum", "dashmap"], &["sqlx", "axum", "tokio-tungstenite"]),
    ];
    assert_eq!(breaches(&crates), Vec::<String>::new());
}

#[test]
fn an_arrow_that_is_not_in_the_table_is_a_breach() {
    let crates = [krate("order-domain", &[], &[]), krate("client", &["order-domain"], &[])];
    assert_eq!(breaches(&crates), ["client must not depend on order-domain"]);
}

#[test]
fn a_crate_that_is_not_in_the_table_is_a_breach() {
    assert_eq!(breaches(&[krate("helpers", &[], &[])]), ["helpers has no row in the table of arrows"]);
}

#[test]
fn a_technology_outside_its_room_is_a_breach() {
    for (technology, homes) in ROOMS {
        let mut crates: Vec<_> = homes.iter().map(|home| krate(home, &[technology], &[])).collect();
        crates.push(krate("order-domain", &[technology], &[]));
        let expected = format!("order-domain must not use {technology}: it lives in {}", homes.join(", "));
        assert_eq!(breaches(&crates), [expected]);
    }
    assert!(breaches(&[krate("gateway", &["sqlx-postgres"], &[])])[0].contains("order-actions"));
    assert!(breaches(&[krate("gateway", &["sqlxx"], &[])]).is_empty());
}

#[test]
fn io_inside_the_domain_is_a_breach_however_far_away() {
    let crates = [krate("order-domain", &["clock-of-somebody"], &["clock-of-somebody", "tokio"])];
    assert_eq!(breaches(&crates), ["order-domain must not contain tokio, not even through another crate"]);
}

#[test]
fn a_runtime_in_the_domains_tests_is_a_breach() {
    let mut domain = krate("order-domain", &[], &[]);
    domain.tests_use.insert("tokio".into());
    assert_eq!(breaches(&[domain]), ["the tests of order-domain must not use tokio"]);
}

#[test]
fn the_graph_is_read_through_ordinary_edges_only() {
    let edge = |to: &str, kind: serde_json::Value| json!({"pkg": to, "dep_kinds": [{"kind": kind}]});
    let package = |id: &str| json!({"id": id, "name": id, "dependencies": []});
    let metadata = json!({
        "workspace_members": ["ours"],
        "packages": [
            {"id": "ours", "name": "ours", "dependencies": [
                {"name": "near", "kind": null}, {"name": "maker", "kind": "build"}, {"name": "judge", "kind": "dev"}]},
            package("near"), package("far"), package("judge"), package("maker"),
        ],
        "resolve": {"nodes": [
            {"id": "ours", "deps": [edge("near", json!(null)), edge("judge", json!("dev")), edge("maker", json!("build"))]},
            {"id": "near", "deps": [edge("far", json!(null))]},
            {"id": "far", "deps": []}, {"id": "judge", "deps": []}, {"id": "maker", "deps": []},
        ]},
    });
    let crates = graph::read(&metadata).unwrap();
    let names = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(crates.len(), 1);
    assert_eq!(names(&crates[0].uses), "maker near");
    assert_eq!(names(&crates[0].tests_use), "judge");
    assert_eq!(names(&crates[0].contains), "far near");
}
