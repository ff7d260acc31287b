//! What a download is asked for and called: `Range` (RFC 9110) and `Content-Disposition` (RFC 6266).

use axum::http::{HeaderMap, header};

/// Which bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All of them.
    All,
    /// From the first up to, not including, the second.
    Part(u64, u64),
    /// There are none in what was asked for.
    Nowhere,
}

/// One range is answered; several, and what cannot be read, are answered with everything, as the standard allows.
pub fn span(asked: &HeaderMap, size: u64, tag: &str) -> Span {
    let Some(range) = asked.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return Span::All;
    };
    if asked.get(header::IF_RANGE).is_some_and(|known| known.as_bytes() != tag.as_bytes()) {
        return Span::All;
    }
    let bounds = range.strip_prefix("bytes=").and_then(|bounds| bounds.trim().split_once('-'));
    let Some((first, last)) = bounds else { return Span::All };
    match (number(first), number(last)) {
        (Some(first), _) if last.is_empty() => part(first, size, size),
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), size),
        (None, Some(count)) if first.is_empty() => part(size.saturating_sub(count), size, size),
        _ => Span::All,
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn part(from: u64, to: u64, size: u64) -> Span {
    if from < to.min(size) { Span::Part(from, to.min(size)) } else { Span::Nowhere }
}

/// The name twice: in ASCII for old programs, and as it is.
pub fn disposition(name: &str, shown: bool) -> String {
    let kind = if shown { "inline" } else { "attachment" };
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let exact = name.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text + char::from(byte).to_string().as_str()
        } else {
            format!("{text}%{byte:02X}")
        }
    });
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(range: &str, if_range: Option<&str>) -> Span {
        let mut asked = HeaderMap::new();
        asked.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(tag) = if_range {
            asked.insert(header::IF_RANGE, HeaderValue::from_str(tag).unwrap());
        }
        span(&asked, 10, "\"t\"")
    }

    #[test]
    fn one_range_is_cut_to_what_there_is() {
        assert_eq!(of("bytes=0-3", None), Span::Part(0, 4));
        assert_eq!(of("bytes=4-", Some("\"t\"")), Span::Part(4, 10));
        assert_eq!(of("bytes=-3", None), Span::Part(7, 10));
        assert_eq!(of("bytes=-30", None), Span::Part(0, 10));
        assert_eq!(of("bytes=9-99999999999999999", None), Span::Part(9, 10));
        assert_eq!(of("bytes=0-18446744073709551615", None), Span::Part(0, 10));
        for nowhere in ["bytes=10-", "bytes=11-12", "bytes=-0"] {
            assert_eq!(of(nowhere, None), Span::Nowhere, "{nowhere}");
        }
        for all in ["bytes=0-1,3-4", "bytes=3-1", "bytes=a-b", "bytes=+1-2", "pages=1-2", "bytes=", "bytes=-"]
        {
            assert_eq!(of(all, None), Span::All, "{all}");
        }
        assert_eq!(of("bytes=0-3", Some("\"other\"")), Span::All, "it changed");
        assert_eq!(span(&HeaderMap::new(), 10, "\"t\""), Span::All);
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(
            disposition("a\"; x=\"b\r\n.exe", false),
            "attachment; filename=\"a_; x=_b__.exe\"; filename*=UTF-8''a%22%3B%20x%3D%22b%0D%0A.exe"
        );
        assert_eq!(
            disposition("ä b.png", true),
            "inline; filename=\"_ b.png\"; filename*=UTF-8''%C3%A4%20b.png"
        );
    }
}
