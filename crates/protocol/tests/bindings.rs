//! The TypeScript types are the Rust types: `bindings/protocol.ts` is generated, and this test fails when it drifts.
//!
//! `UPDATE_BINDINGS=1 cargo test -p protocol` writes it anew.

use std::{any::TypeId, collections::BTreeMap, fs, path::Path};

use order_domain::{
    event::{CaseEvent, Entry},
    inbox_tab::InboxTab,
    placement::Placement,
};
use protocol::{
    ClientFrame, Problem, Retry, ServerFrame, Snapshot,
    http::{
        desk::{CaseEntriesPage, CaseNote, DeskAgents, DeskQueue},
        files::{FileLink, FileRegistered, RegisterFile},
        inbox::InboxPage,
        orders::{CommandBody, PaymentBody, Placed},
        rooms::{ConversationOpened, EntriesPage, OpenConversation},
        users::{PutUser, Revoked},
    },
};
use ts_rs::{Config, TS, TypeVisitor};

/// Collects declarations by name, each type once.
struct Declarations {
    config: Config,
    seen: Vec<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn with<T: TS + 'static + ?Sized>(mut self) -> Self {
        self.visit::<T>();
        self
    }

    fn text(&self) -> String {
        let head = "// Generated from the Rust types by `cargo test -p protocol`. Do not edit.\n";
        let declarations = self.by_name.values().map(|declaration| format!("\n{declaration}\n"));
        std::iter::once(head.to_owned()).chain(declarations).collect()
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        T::visit_generics(self);
        T::visit_dependencies(self);
        if T::output_path().is_some() {
            let declaration = format!("{}export {}", T::docs().unwrap_or_default(), T::decl(&self.config));
            self.by_name.insert(T::ident(&self.config), laid_out(&declaration));
        }
    }
}

/// Comments on one line where they fit, fields indented.
fn laid_out(declaration: &str) -> String {
    let one_line = declaration.replace("/**\n * ", "/** ").replace("\n */", " */");
    let mut lines = one_line.lines().map(str::trim_end);
    let first = lines.next().unwrap_or_default().to_owned();
    let mut inside = first.starts_with("export");
    lines.fold(first, |text, line| {
        let indent = if inside && !line.starts_with(" *") { "  " } else { "" };
        inside |= line.starts_with("export");
        format!("{text}\n{indent}{line}")
    })
}

fn declarations() -> String {
    let config = Config::default().with_large_int("number");
    Declarations { config, seen: Vec::new(), by_name: BTreeMap::new() }
        .with::<ClientFrame>()
        .with::<ServerFrame<Entry, Snapshot>>()
        .with::<Retry>()
        .with::<Problem>()
        .with::<Placement>()
        .with::<Placed>()
        .with::<PaymentBody>()
        .with::<CommandBody>()
        .with::<EntriesPage<Entry>>()
        .with::<OpenConversation>()
        .with::<ConversationOpened>()
        .with::<RegisterFile>()
        .with::<FileLink>()
        .with::<FileRegistered>()
        .with::<InboxTab>()
        .with::<InboxPage>()
        .with::<DeskAgents>()
        .with::<DeskQueue>()
        .with::<CaseEvent>()
        .with::<CaseEntriesPage>()
        .with::<CaseNote>()
        .with::<PutUser>()
        .with::<Revoked>()
        .text()
}

/// D5 in spirit: one source for both languages.
#[test]
fn typescript_types_are_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/protocol.ts");
    let made = declarations();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, made, "see UPDATE_BINDINGS");
}
