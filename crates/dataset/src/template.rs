//! A room's rows as `COPY` writes them, with holes where a copy differs: ids, users, moments.
//!
//! Whatever is a UUID in a template is another one in each copy, the same one in the same copy; every moment, of a
//! column as of a document, moves by the same span. So a copy holds together as its template does.

use std::{collections::HashMap, io::Write as _};

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

/// The buyer of every template.
pub const BUYER: &str = "template-buyer";
/// The seller of every template.
pub const SELLER: &str = "template-seller";

/// Tables that belong to a room, with the order in which a room's rows are read.
pub const TABLES: [(&str, &str); 11] = [
    ("heads", "order_id"),
    ("orders", "order_id"),
    ("placements", "order_id"),
    ("entries", "seq"),
    ("memberships", "user_id"),
    ("wakes", "order_id"),
    ("desk", "order_id"),
    ("case_heads", "order_id"),
    ("case_entries", "seq"),
    ("files", "id"),
    ("uploads", "id"),
];

const UUID_CHARS: usize = 36;

/// A room to be copied.
#[derive(Debug)]
pub struct Template {
    /// For each of [`TABLES`].
    rows: Vec<Vec<Part>>,
    /// When it was placed, in microseconds.
    pub placed_us: i64,
    /// Entries of its timeline.
    pub entries: u32,
}

/// What a copy is.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Makes its ids its own.
    pub no: u32,
    /// When it was placed, in microseconds.
    pub placed_us: i64,
    /// Who pays.
    pub buyer: String,
    /// Who delivers.
    pub seller: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Buyer,
    Seller,
    /// The nth id of the template; its order is 0.
    Id(u32),
    Moment {
        us: i64,
        style: Style,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `2026-01-31 12:00:00.123+00`, a column.
    Column,
    /// `2026-01-31T12:00:00.123Z`, in a document.
    Document,
}

impl Template {
    /// Of the rows of each of [`TABLES`].
    pub fn compile(order: Uuid, placed: DateTime<Utc>, rows: &[String], entries: u32) -> Self {
        let mut ids = HashMap::from([(order, 0)]);
        let rows = rows.iter().map(|rows| parts(rows, &mut ids)).collect();
        Self { rows, placed_us: placed.timestamp_micros(), entries }
    }

    /// Writes a copy's rows, for each of [`TABLES`] behind what is there.
    pub fn copy(&self, copy: &Copy, tables: &mut [Vec<u8>]) {
        let moved_us = copy.placed_us - self.placed_us;
        for (parts, out) in self.rows.iter().zip(tables) {
            for part in parts {
                match part {
                    Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                    Part::Buyer => out.extend_from_slice(copy.buyer.as_bytes()),
                    Part::Seller => out.extend_from_slice(copy.seller.as_bytes()),
                    Part::Id(nth) => {
                        let mut buffer = [0; UUID_CHARS];
                        let id = id(copy, *nth).hyphenated().encode_lower(&mut buffer);
                        out.extend_from_slice(id.as_bytes());
                    }
                    Part::Moment { us, style } => moment(us + moved_us, *style, out),
                }
            }
        }
    }
}

/// In the shape of v7: ordered by the time of the order, and no two alike.
pub fn id(copy: &Copy, nth: u32) -> Uuid {
    let ms = u128::from(copy.placed_us.unsigned_abs() / 1000) & 0xffff_ffff_ffff;
    let (low, high) = (u128::from(nth & 0xfff), u128::from(nth >> 12));
    let no = u128::from(copy.no);
    Uuid::from_u128(ms << 80 | 7 << 76 | low << 64 | 0b10 << 62 | no << 24 | high)
}

fn moment(us: i64, style: Style, out: &mut Vec<u8>) {
    let at = DateTime::from_timestamp_micros(us).expect("within centuries");
    let written = match style {
        Style::Column => write!(out, "{}+00", at.format("%Y-%m-%d %H:%M:%S%.6f")),
        Style::Document => write!(out, "{}", at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
    };
    written.expect("memory takes it");
}

fn parts(rows: &str, ids: &mut HashMap<Uuid, u32>) -> Vec<Part> {
    let (mut parts, mut text_from, mut at) = (Vec::new(), 0, 0);
    while at < rows.len() {
        let Some((part, length)) = hole(&rows.as_bytes()[at..], ids) else {
            at += 1;
            continue;
        };
        if text_from < at {
            parts.push(Part::Text(rows[text_from..at].to_owned()));
        }
        parts.push(part);
        at += length;
        text_from = at;
    }
    if text_from < at {
        parts.push(Part::Text(rows[text_from..].to_owned()));
    }
    parts
}

/// What begins here, and how long it is.
fn hole(rest: &[u8], ids: &mut HashMap<Uuid, u32>) -> Option<(Part, usize)> {
    if rest.starts_with(BUYER.as_bytes()) {
        return Some((Part::Buyer, BUYER.len()));
    }
    if rest.starts_with(SELLER.as_bytes()) {
        return Some((Part::Seller, SELLER.len()));
    }
    if let Some(id) = uuid(rest) {
        let next = u32::try_from(ids.len()).expect("a template has few ids");
        return Some((Part::Id(*ids.entry(id).or_insert(next)), UUID_CHARS));
    }
    let (at, style, length) = stamp(rest)?;
    Some((Part::Moment { us: at.timestamp_micros(), style }, length))
}

fn uuid(rest: &[u8]) -> Option<Uuid> {
    let text = rest.get(..UUID_CHARS)?;
    let dashed = [8, 13, 18, 23].iter().all(|dash| text[*dash] == b'-');
    if dashed { Uuid::try_parse_ascii(text).ok() } else { None }
}

fn stamp(rest: &[u8]) -> Option<(DateTime<Utc>, Style, usize)> {
    const SECONDS: usize = "2026-01-31 12:00:00".len();
    let head = rest.get(..SECONDS)?;
    if head[4] != b'-' || head[7] != b'-' || head[13] != b':' || !head[0].is_ascii_digit() {
        return None;
    }
    let tail = &rest[SECONDS..];
    let fraction = match tail.first() {
        Some(b'.') => 1 + tail[1..].iter().take_while(|digit| digit.is_ascii_digit()).count(),
        _ => 0,
    };
    let (style, zone, form) = if head[10] == b'T' {
        (Style::Document, "Z", "%Y-%m-%dT%H:%M:%S%.f")
    } else {
        (Style::Column, "+00", "%Y-%m-%d %H:%M:%S%.f")
    };
    let length = SECONDS + fraction;
    if !rest[length..].starts_with(zone.as_bytes()) {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(std::str::from_utf8(&rest[..length]).ok()?, form).ok()?;
    Some((at.and_utc(), style, length + zone.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "0190f5e4-0000-7000-8000-000000000001";
    const FILE: &str = "0190f5e4-0000-7000-8000-0000000000ff";

    fn template(rows: &str) -> Template {
        let placed = "2026-01-31T12:00:00Z".parse().expect("a moment");
        Template::compile(Uuid::parse_str(ORDER).expect("an id"), placed, &[rows.to_owned()], 1)
    }

    fn written(rows: &str, copy: &Copy) -> String {
        let mut tables = [Vec::new()];
        template(rows).copy(copy, &mut tables);
        String::from_utf8(tables[0].clone()).expect("text")
    }

    fn copy(no: u32, placed: &str) -> Copy {
        let placed: DateTime<Utc> = placed.parse().expect("a moment");
        let placed_us = placed.timestamp_micros();
        Copy { no, placed_us, buyer: "anna".into(), seller: "ben".into() }
    }

    #[test]
    fn every_hole_is_found_and_filled() {
        let copy = copy(7, "2025-01-01T00:00:00Z");
        let rows = format!(
            "{ORDER}\t2026-01-31 12:00:01.5+00\ttemplate-buyer\t{{\"at\": \"2026-02-01T12:00:00.123Z\", \"by\": \
             \"template-seller\", \"file\": \"{FILE}\", \"of\": \"{ORDER}\"}}\t-infinity\n"
        );
        let (order, file) = (id(&copy, 0), id(&copy, 1));
        let expected = format!(
            "{order}\t2025-01-01 00:00:01.500000+00\tanna\t{{\"at\": \"2025-01-02T00:00:00.123Z\", \"by\": \
             \"ben\", \"file\": \"{file}\", \"of\": \"{order}\"}}\t-infinity\n"
        );
        assert_eq!(written(&rows, &copy), expected);
    }

    #[test]
    fn what_only_looks_like_a_hole_stays() {
        for text in
            ["2026-01-31", "grüße 2026-01-31 12:00:00", "0190f5e4-0000-7000-8000-00000000000", "ab:cd"]
        {
            assert_eq!(written(text, &copy(1, "2025-01-01T00:00:00Z")), text);
        }
    }

    #[test]
    fn no_two_ids_are_alike_and_later_orders_have_larger_ones() {
        let (early, late) = (copy(9, "2025-01-01T00:00:00Z"), copy(2, "2025-01-01T00:00:01Z"));
        let mut ids: Vec<Uuid> =
            [&early, &late].iter().flat_map(|copy| (0..9000).map(|nth| id(copy, nth))).collect();
        assert!(id(&early, 0) < id(&late, 0) && ids.iter().all(|id| id.get_version_num() == 7));
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 18_000);
    }
}
