//! What a file is, by its bytes alone. What is not on the list is not taken; a name never makes a file what it is not.

/// How many bytes say what a file is.
pub const HEAD_BYTES: usize = 8192;

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As it is served.
    pub media_type: &'static str,
    /// Endings that such a file may have; the first is given to those that have another.
    pub extensions: &'static [&'static str],
    /// A browser may show it in a page: raster images, sound, film, PDF. Nothing that could run.
    pub shown: bool,
}

const TEXT: Kind = Kind {
    media_type: "text/plain",
    extensions: &["txt", "md", "csv", "tsv", "srt", "vtt", "json", "yaml", "yml", "toml", "log", "tex", "po"],
    shown: false,
};

macro_rules! kinds {
    ($($media_type:literal $shown:literal $($extension:literal)+;)*) => {
        &[$(Kind { media_type: $media_type, extensions: &[$($extension),+], shown: $shown }),*]
    };
}

/// In the words of `infer`. Programs, scripts, pages and drawings that can carry scripts are left out on purpose.
const KINDS: &[Kind] = kinds! {
    "image/png" true "png" "apng";
    "image/jpeg" true "jpg" "jpeg" "jpe" "jfif";
    "image/gif" true "gif";
    "image/webp" true "webp";
    "image/avif" true "avif";
    "image/bmp" true "bmp";
    "image/heif" false "heif" "heic";
    "image/jxl" false "jxl";
    "image/jp2" false "jp2";
    "image/tiff" false "tif" "tiff";
    "image/x-canon-cr2" false "cr2";
    "image/vnd.adobe.photoshop" false "psd";
    "image/openraster" false "ora";
    "image/vnd.dwg" false "dwg";
    "video/mp4" true "mp4" "m4v" "mp4v";
    "video/x-m4v" true "m4v" "mp4";
    "video/webm" true "webm";
    "video/quicktime" true "mov" "qt";
    "video/x-matroska" false "mkv";
    "video/x-msvideo" false "avi";
    "video/x-ms-wmv" false "wmv";
    "video/mpeg" false "mpg" "mpeg";
    "audio/mpeg" true "mp3";
    "audio/m4a" true "m4a";
    "audio/ogg" true "ogg" "oga" "ogv" "opus";
    "audio/opus" true "opus" "ogg";
    "audio/x-flac" true "flac";
    "audio/x-wav" true "wav";
    "audio/aac" true "aac";
    "audio/x-aiff" false "aiff" "aif";
    "audio/midi" false "mid" "midi";
    "application/pdf" true "pdf" "ai";
    "application/postscript" false "ps" "eps" "ai";
    "application/rtf" false "rtf";
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" false "docx";
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" false "xlsx";
    "application/vnd.openxmlformats-officedocument.presentationml.presentation" false "pptx";
    "application/vnd.oasis.opendocument.text" false "odt";
    "application/vnd.oasis.opendocument.spreadsheet" false "ods";
    "application/vnd.oasis.opendocument.presentation" false "odp";
    "application/epub+zip" false "epub";
    "application/zip" false "zip" "sketch" "procreate" "cbz" "3mf" "docx" "xlsx" "pptx" "odt" "ods" "odp";
    "application/x-tar" false "tar";
    "application/gzip" false "gz" "tgz";
    "application/x-bzip2" false "bz2";
    "application/x-xz" false "xz";
    "application/zstd" false "zst";
    "application/x-7z-compressed" false "7z";
    "application/vnd.rar" false "rar";
    "application/font-woff" false "woff" "woff2";
    "application/font-sfnt" false "ttf" "otf";
};

impl Kind {
    /// What a file is that begins with these bytes; none when such files are not taken.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(HEAD_BYTES)];
        match infer::get(head) {
            Some(found) => KINDS.iter().find(|kind| kind.media_type == found.mime_type()).copied(),
            None => is_plain_text(head).then_some(TEXT),
        }
    }

    /// The kind of a file that was taken, by its media type.
    pub fn named(media_type: &str) -> Option<Self> {
        KINDS.iter().chain([&TEXT]).find(|kind| kind.media_type == media_type).copied()
    }
}

/// UTF-8 that a person wrote, and no markup, which some program would run when the file is opened.
fn is_plain_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // Cut in the middle of a character.
        Err(error) if error.error_len().is_none() && head.len() == HEAD_BYTES => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let control = |c: char| c.is_control() && !['\n', '\r', '\t', '\u{c}'].contains(&c);
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    !text.contains(control) && !begins.starts_with('<') && !begins.starts_with("#!")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: &[u8]) -> Option<&'static str> {
        Kind::of(head).map(|kind| kind.media_type)
    }

    #[test]
    fn bytes_say_what_a_file_is() {
        assert_eq!(of(b"\x89PNG\r\n\x1a\n rest"), Some("image/png"));
        assert_eq!(of(b"%PDF-1.7 rest"), Some("application/pdf"));
        assert_eq!(of(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Some("video/mp4"));
        assert_eq!(of("Grüße,\n\tAnn".as_bytes()), Some("text/plain"));
        let cut = ["ä".repeat(HEAD_BYTES / 2).as_bytes(), b"x"].concat();
        assert_eq!(of(&[b"x".as_slice(), &cut].concat()), Some("text/plain"), "cut inside of a character");
    }

    /// SVG, HTML, scripts and programs are not taken, whatever stands before them.
    #[test]
    fn what_could_run_is_not_taken() {
        let hostile: [&[u8]; 12] = [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>",
            b"<script>alert(1)</script>",
            b"  <p>hello</p>",
            b"#!/bin/sh\nrm -rf /",
            b"MZ\x90\0\x03\0\0\0",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0",
            b"\0asm\x01\0\0\0",
            b"\xca\xfe\xba\xbe\0\0\0\x34",
            b"text\0with a zero",
            b"\xff\xfe<\0s\0v\0g\0>\0",
        ];
        for head in hostile {
            assert_eq!(of(head), None, "{}", String::from_utf8_lossy(head));
        }
    }

    /// A polyglot is what its first bytes say, and is served as that.
    #[test]
    fn a_polyglot_is_what_it_begins_with() {
        assert_eq!(of(b"GIF89a/*<script>alert(1)</script>*/"), Some("image/gif"));
        assert_eq!(of(b"%PDF-1.4 <html><script>"), Some("application/pdf"));
    }

    #[test]
    fn what_is_shown_is_neither_drawing_nor_page() {
        for kind in KINDS.iter().chain([&TEXT]).filter(|kind| kind.shown) {
            let fine = ["image/", "video/", "audio/", "application/pdf"];
            assert!(fine.iter().any(|start| kind.media_type.starts_with(start)), "{}", kind.media_type);
            assert!(!kind.media_type.contains("svg") && !kind.media_type.contains("xml"));
            assert_eq!(Kind::named(kind.media_type), Some(*kind));
        }
    }
}
