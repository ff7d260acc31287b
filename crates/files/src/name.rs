//! Names of files: whatever a sender's program says becomes something that any system can store and any person can read.

use crate::Kind;

const CHARS_MAX: usize = 255;
/// Longer endings are part of the name.
const EXTENSION_CHARS_MAX: usize = 16;
const NAMELESS: &str = "file";

/// The last part of a path, without control characters, without marks that turn or hide text, at most 255 characters.
pub fn clean_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !misleads(*c)).collect();
    // Windows drops them, and with them what a name seems to end in; a leading dot hides a file.
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || c == '.');
    if plain.is_empty() { NAMELESS.to_owned() } else { shortened(plain, "") }
}

impl Kind {
    /// The name with an ending that says what the file is: `page.html` that is a PNG becomes `page.html.png`.
    pub fn fit(&self, name: &str) -> String {
        let ending = split(name).1.to_lowercase();
        if self.extensions.contains(&ending.as_str()) {
            return name.to_owned();
        }
        let ending = self.extensions.first().map_or(String::new(), |extension| format!(".{extension}"));
        shortened(name, &ending)
    }
}

/// Left-to-right marks and overrides, byte order marks, invisible spaces; a joiner stays, emoji are made of it.
fn misleads(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().count() <= EXTENSION_CHARS_MAX => {
            (stem, ending)
        }
        _ => (name, ""),
    }
}

/// The name with `more` at its end, cut before the ending it has if it would be too long.
fn shortened(name: &str, more: &str) -> String {
    let (stem, ending) = split(name);
    let dotted = if ending.is_empty() { String::new() } else { format!(".{ending}") };
    let room = CHARS_MAX - dotted.chars().count() - more.chars().count();
    let stem: String = stem.chars().take(room).collect();
    format!("{stem}{dotted}{more}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_lose_paths_controls_and_tricks() {
        for (given, clean) in [
            ("photo.png", "photo.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ann\\cut 1.mp4", "cut 1.mp4"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("\u{feff}a\u{200b}b\0.txt", "ab.txt"),
            ("...hidden.", "hidden"),
            ("..", "file"),
            ("", "file"),
            ("dir/", "dir"),
            ("\u{202e}", "file"),
            ("日本語.pdf", "日本語.pdf"),
        ] {
            assert_eq!(clean_name(given), clean, "{given:?}");
        }
        let long = format!("{}.tar", "ä".repeat(400));
        let clean = clean_name(&long);
        assert!(clean.chars().count() == 255 && clean.ends_with("ä.tar"), "{clean}");
    }

    #[test]
    fn an_ending_says_what_a_file_is() {
        let png = Kind::named("image/png").unwrap();
        assert_eq!(png.fit("a.PNG"), "a.PNG");
        assert_eq!(png.fit("page.html"), "page.html.png");
        assert_eq!(png.fit("shot.png.exe"), "shot.png.exe.png");
        assert_eq!(png.fit("nothing"), "nothing.png");
        assert_eq!(Kind::named("text/plain").unwrap().fit("run.bat"), "run.bat.txt");
        assert!(png.fit(&"x".repeat(255)).ends_with("x.png"));
    }

    proptest! {
        #[test]
        fn every_name_becomes_one_that_can_be_stored(given in "\\PC{0,400}|(?s).{0,400}") {
            let name = clean_name(&given);
            let bad = |c: char| c.is_control() || c == '/' || c == '\\' || misleads(c);
            prop_assert!((1..=255).contains(&name.chars().count()));
            prop_assert!(!name.contains(bad) && !name.trim().is_empty());
            prop_assert_eq!(clean_name(&name), name.clone(), "cleaning is done once");
            let fit = Kind::named("image/gif").unwrap().fit(&name);
            prop_assert!(fit.to_lowercase().ends_with(".gif") && fit.chars().count() <= 255);
        }
    }
}
