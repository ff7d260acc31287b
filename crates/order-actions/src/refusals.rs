//! Constraints of the schema, by name, as refusals: what slipped past the domain's limits is still the caller's fault.

use order_domain::rejection::Rejection;

/// Constraint → the field at fault.
const FIELDS: &[(&str, &str)] = &[
    ("files_name", "name"),
    ("files_size", "size"),
    ("files_sha256", "sha256"),
    ("files_type", "type"),
    ("heads_seller", "seller"),
    ("orders_shipping_address", "shipping_address"),
    ("uploads_name", "name"),
    ("uploads_size", "size"),
    ("users_name", "name"),
    ("users_email", "email"),
    ("users_phone", "phone"),
    ("users_locale", "locale"),
    ("users_avatar_url", "avatar_url"),
];

/// Text that a jsonb or text value cannot hold: `\u0000`.
const UNTRANSLATABLE: [&str; 2] = ["22P05", "22021"];

/// The refusal that a database error stands for, if it is no failure of a machine.
pub(crate) fn refusal_of(error: &sqlx::Error) -> Option<Rejection> {
    let database = error.as_database_error()?;
    if database.code().is_some_and(|code| UNTRANSLATABLE.contains(&&*code)) {
        return Some(Rejection::bad_field("text", "must not contain U+0000"));
    }
    let (_, field) = FIELDS.iter().find(|(name, _)| database.constraint() == Some(name))?;
    Some(Rejection::bad_field(*field, "is out of range"))
}

/// Did the data speak against it (classes 22 and 23), whatever an index is called where it lies?
pub(crate) fn is_of_data(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// Did the unique index of this name refuse?
pub(crate) fn is_unique(error: &sqlx::Error, constraint: &str) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation() && e.constraint() == Some(constraint))
}
