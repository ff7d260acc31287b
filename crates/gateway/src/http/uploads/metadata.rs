//! `Upload-Metadata`: `filename d29ybGQ=,filetype dmlkZW8vbXA0`. Only the name is asked for: the bytes say the type.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use order_domain::rejection::Rejection;

const BYTES_MAX: usize = 4096;
/// What senders call the file's name.
const NAMES: [&str; 2] = ["filename", "name"];

/// The name of the file, if one is said.
pub fn file_name(text: &[u8]) -> Result<Option<String>, Rejection> {
    let bad = || Rejection::bad_field("upload-metadata", "must be pairs of a name and a text in base64");
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= BYTES_MAX).ok_or_else(bad)?;
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = BASE64_STANDARD.decode(value.trim()).map_err(|_| bad())?;
        if NAMES.contains(&name) {
            return String::from_utf8(value).map(Some).map_err(|_| bad());
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_among_other_pairs() {
        let name = |text: &str| file_name(text.as_bytes()).map_err(drop);
        assert_eq!(name("filetype dmlkZW8vbXA0,filename Y3V0LnR4dA=="), Ok(Some("cut.txt".to_owned())));
        assert_eq!(name("is_confidential"), Ok(None));
        assert_eq!(name(""), Ok(None));
        assert_eq!(name("name YQ=="), Ok(Some("a".to_owned())));
        for bad in ["filename %%%", "filename /w==", "filename YQ", &"a ,".repeat(4000)] {
            assert_eq!(name(bad), Err(()), "{bad}");
        }
    }
}
