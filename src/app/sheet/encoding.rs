//! Which encoding a text table is in, and its characters as a stream, none of them replaced.

use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use entity::language::Label;

/// An encoding a text table may be in, with or without a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB 18030, which contains GBK and GB 2312.
    Gb18030,
}

impl std::str::FromStr for Encoding {
    type Err = ();

    /// By its name, with or without hyphens; the older Chinese encodings are parts of GB18030.
    fn from_str(text: &str) -> Result<Encoding, ()> {
        let plain = |text: &str| text.trim().to_ascii_lowercase().replace(['-', '_', ' '], "");
        let wanted = match plain(text).as_str() {
            "gbk" | "gb2312" => "gb18030".to_owned(),
            other => other.to_owned(),
        };
        Encoding::ALL.into_iter().find(|encoding| plain(encoding.label().en) == wanted).ok_or(())
    }
}

impl Encoding {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Gb18030, Self::Utf16Le, Self::Utf16Be];

    /// The name a person knows it by.
    pub fn label(self) -> Label {
        let name = match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GB18030",
        };
        Label { zh: name, en: name }
    }

    /// A decoder that leaves out a byte order mark.
    pub(super) fn decoder(self) -> Decoder {
        self.standard().new_decoder_with_bom_removal()
    }

    fn standard(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
        }
    }
}

/// A stretch of the file's bytes, and whether it reaches the end of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Nothing follows them.
    pub whole: bool,
}

/// The encoding of a file, from its first bytes and from the first ones beyond ASCII.
///
/// Bytes that are UTF-8 are UTF-8, and so are bytes that nearly are: a damaged UTF-8 file must be
/// refused where it is damaged, not read as GB 18030.
pub(super) fn detect(head: Sample<'_>, beyond_ascii: Sample<'_>) -> Encoding {
    match head.bytes {
        [0xEF, 0xBB, 0xBF, ..] => return Encoding::Utf8,
        [0xFF, 0xFE, ..] => return Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    if let Some(encoding) = unmarked_utf16(head.bytes) {
        return encoding;
    }
    let (characters, broken) = utf8_score(beyond_ascii);
    if broken == 0 || characters > 4 * broken { Encoding::Utf8 } else { Encoding::Gb18030 }
}

/// UTF-16 without a mark, known by its line ends, delimiters and quotes: turned round, those
/// units are characters no table holds.
fn unmarked_utf16(head: &[u8]) -> Option<Encoding> {
    let structural = |unit: u8| matches!(unit, b'\n' | b'\r' | b'\t' | b',' | b'"' | b';');
    let (mut low_first, mut high_first) = (0_usize, 0_usize);
    for pair in head.as_chunks::<2>().0 {
        match *pair {
            [unit, 0] if structural(unit) => low_first += 1,
            [0, unit] if structural(unit) => high_first += 1,
            _ => {}
        }
    }
    match low_first.cmp(&high_first) {
        std::cmp::Ordering::Greater => Some(Encoding::Utf16Le),
        std::cmp::Ordering::Less => Some(Encoding::Utf16Be),
        std::cmp::Ordering::Equal => None,
    }
}

/// Characters beyond ASCII that are good UTF-8, and places that are not; a character cut off by
/// the end of a sample that is not the end of the file counts as neither.
fn utf8_score(sample: Sample<'_>) -> (usize, usize) {
    let (mut characters, mut broken) = (0, 0);
    for chunk in sample.bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut = std::str::from_utf8(tail(sample.bytes)).is_err_and(|e| e.error_len().is_none());
    if cut && !sample.whole {
        broken -= 1;
    }
    (characters, broken)
}

/// The last character of `bytes`, or what there is of it, from its first byte.
fn tail(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or(bytes.len());
    &bytes[start..]
}

/// Bytes read at a time; a chunk of text is at most three times as long.
const CHUNK: usize = 64 << 10;

/// The characters of a file, a chunk at a time.
pub(super) struct TextStream {
    file: File,
    encoding: Encoding,
    decoder: Decoder,
    raw: Vec<u8>,
    used: usize,
    filled: usize,
    ended: bool,
    malformed: bool,
}

/// Why no more text came.
pub(super) enum TextFault {
    /// Bytes that are no character in the encoding, just after the text handed out so far.
    Undecodable,
    /// The file could not be read.
    Unreadable,
}

impl TextStream {
    /// The text of `file` from its current position, a byte order mark left out.
    pub(super) fn new(file: File, encoding: Encoding) -> Self {
        let decoder = encoding.decoder();
        let raw = vec![0; CHUNK];
        Self { file, encoding, decoder, raw, used: 0, filled: 0, ended: false, malformed: false }
    }

    /// The encoding being decoded.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Replaces `text` by the next characters; `false` at the end of the file.
    pub(super) fn next_chunk(&mut self, text: &mut String) -> Result<bool, TextFault> {
        text.clear();
        while text.is_empty() && !self.malformed {
            if self.ended {
                return Ok(false);
            }
            self.decode_some(text).map_err(|_| TextFault::Unreadable)?;
        }
        if text.is_empty() { Err(TextFault::Undecodable) } else { Ok(true) }
    }

    fn decode_some(&mut self, text: &mut String) -> io::Result<()> {
        if self.used == self.filled {
            self.filled = read_some(&mut self.file, &mut self.raw)?;
            self.used = 0;
        }
        let raw = &self.raw[self.used..self.filled];
        let last = raw.is_empty();
        let most = self.decoder.max_utf8_buffer_length_without_replacement(raw.len());
        text.reserve(most.unwrap_or(4 * CHUNK));
        let (result, read) = self.decoder.decode_to_string_without_replacement(raw, text, last);
        self.used += read;
        self.malformed = matches!(result, DecoderResult::Malformed(..));
        self.ended = last;
        Ok(())
    }
}

/// Reads once, trying again when interrupted.
pub(super) fn read_some(file: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    fn whole(bytes: &[u8]) -> Sample<'_> {
        Sample { bytes, whole: true }
    }

    fn cut(bytes: &[u8]) -> Sample<'_> {
        Sample { bytes, whole: false }
    }

    fn guess(bytes: &[u8]) -> Encoding {
        detect(whole(bytes), whole(bytes))
    }

    fn utf16(text: &str, low_first: bool) -> Vec<u8> {
        let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn decode(bytes: &[u8], encoding: Encoding) -> Option<String> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let (mut stream, mut all, mut chunk) =
            (TextStream::new(file, encoding), String::new(), String::new());
        while stream.next_chunk(&mut chunk).ok()? {
            all.push_str(&chunk);
        }
        Some(all)
    }

    const TEXT: &str = "编码,名称\r\n一,㙦\r\n";

    #[test]
    fn each_encoding_is_told_from_the_others() {
        assert_eq!(guess(TEXT.as_bytes()), Encoding::Utf8);
        assert_eq!(guess(b"\xEF\xBB\xBFa,b"), Encoding::Utf8);
        assert_eq!(guess(b"plain,ascii\n"), Encoding::Utf8);
        assert_eq!(guess(&encoding_rs::GB18030.encode(TEXT).0), Encoding::Gb18030);
        assert_eq!(guess(&utf16(TEXT, true)), Encoding::Utf16Le);
        assert_eq!(guess(&utf16(TEXT, false)), Encoding::Utf16Be);
        assert_eq!(guess(&utf16("\u{FEFF}一", true)), Encoding::Utf16Le);
        assert_eq!(guess(&utf16("\u{FEFF}一", false)), Encoding::Utf16Be);
    }

    #[test]
    fn a_sample_cut_inside_a_character_is_still_utf8() {
        let text = "东兰县".repeat(40);
        for end in 1..text.len() {
            let sample = cut(&text.as_bytes()[..end]);
            assert_eq!(detect(sample, sample), Encoding::Utf8, "cut after {end}");
        }
    }

    #[test]
    fn damaged_utf8_is_refused_as_utf8_not_read_as_gb18030() {
        let mut bytes = "东兰县扶贫资产台账".repeat(10).into_bytes();
        bytes[31] = b'x';
        assert_eq!(guess(&bytes), Encoding::Utf8);
        assert_eq!(decode(&bytes, Encoding::Utf8), None);
        let end = bytes.len() - 1;
        assert_eq!(guess(&bytes[..end]), Encoding::Utf8);
        assert_eq!(decode("县".as_bytes().get(..2).unwrap(), Encoding::Utf8), None);
    }

    #[test]
    fn question_marks_stay_and_marks_go() {
        assert_eq!(decode(b"\xEF\xBB\xBFa?b", Encoding::Utf8).as_deref(), Some("a?b"));
        assert_eq!(decode(&utf16("\u{FEFF}一", true), Encoding::Utf16Le).as_deref(), Some("一"));
        assert_eq!(decode(&[0x00, 0xD8, 0x41, 0x00], Encoding::Utf16Le), None);
    }

    proptest::proptest! {
        #[test]
        fn every_text_survives_every_encoding(text in "[\\PC\n]{1,400}") {
            proptest::prop_assume!(!text.starts_with('\u{FEFF}'));
            let gb18030 = encoding_rs::GB18030.encode(&text).0.into_owned();
            proptest::prop_assert_eq!(decode(text.as_bytes(), Encoding::Utf8), Some(text.clone()));
            for (encoding, low_first) in [(Encoding::Utf16Le, true), (Encoding::Utf16Be, false)] {
                let found = decode(&utf16(&text, low_first), encoding);
                proptest::prop_assert_eq!(found.as_ref(), Some(&text));
            }
            let survives = encoding_rs::GB18030.decode_without_bom_handling(&gb18030).0 == text;
            if survives {
                proptest::prop_assert_eq!(decode(&gb18030, Encoding::Gb18030), Some(text));
            }
        }
    }
}
