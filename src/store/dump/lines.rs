//! The lines of a dump: written with their digest, read with their number, never longer than the
//! limit.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read as _, Write},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::{
    domain::{refusal::Refusal, trail::canonical::canonical},
    error::{Error, Result},
    limits,
};

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) ledger: String,
    pub(super) schema: String,
}

/// One row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) row: Map<String, Json>,
    pub(super) table: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) counts: BTreeMap<String, u64>,
    pub(super) sha256: String,
}

/// A line after the first.
pub(super) enum Line {
    Row(Row),
    End(End),
}

/// A value as one canonical line.
pub(super) fn line_of(value: &impl Serialize) -> Result<String> {
    let value = serde_json::to_value(value).map_err(anyhow::Error::new)?;
    Ok(canonical(&value).map_err(anyhow::Error::new)?)
}

/// Writes lines and keeps their digest.
pub(super) struct Writer<W> {
    sink: W,
    digest: Sha256,
    number: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(sink: W) -> Writer<W> {
        Writer { sink, digest: Sha256::new(), number: 0 }
    }

    /// Writes a line; one that nobody could read again is refused.
    pub(super) fn line(&mut self, line: &str) -> Result<()> {
        self.number += 1;
        if line.len() > limits::DUMP_LINE_BYTES {
            return Err(too_long(self.number));
        }
        self.digest.update(line);
        self.digest.update("\n");
        self.sink.write_all(line.as_bytes())?;
        self.sink.write_all(b"\n")?;
        Ok(())
    }

    /// The SHA-256 of the lines so far, hexadecimal.
    pub(super) fn digest(&self) -> String {
        hexadecimal(self.digest.clone())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        Ok(self.sink.flush()?)
    }
}

/// Reads lines and keeps the digest of those before the one at hand.
pub(super) struct Reader<R> {
    source: R,
    line: Vec<u8>,
    digest: Sha256,
    number: u64,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(source: R) -> Reader<R> {
        Reader { source, line: Vec::new(), digest: Sha256::new(), number: 0 }
    }

    /// The number of the line at hand, from 1.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The bytes of the line at hand.
    pub(super) const fn length(&self) -> usize {
        self.line.len()
    }

    /// The SHA-256 of the lines before the one at hand, hexadecimal.
    pub(super) fn digest(&self) -> String {
        hexadecimal(self.digest.clone())
    }

    /// The first line.
    pub(super) fn header(&mut self) -> Result<Header> {
        let json = self.json()?;
        serde_json::from_value(json)
            .map_err(|_| self.refuse("不是转储文件的首行", "this is not the first line of a dump"))
    }

    /// The next line after the first.
    pub(super) fn next(&mut self) -> Result<Line> {
        let json = self.json()?;
        let line = match json.get("row") {
            Some(_) => serde_json::from_value(json).map(Line::Row),
            None => serde_json::from_value(json).map(Line::End),
        };
        line.map_err(|_| {
            self.refuse(
                "既不是一行数据（row、table），也不是末行（counts、sha256）",
                "neither a row (row, table) nor the end (counts, sha256)",
            )
        })
    }

    /// Refuses anything that is left.
    pub(super) fn finish(&mut self) -> Result<()> {
        if self.source.fill_buf()?.is_empty() {
            return Ok(());
        }
        self.number += 1;
        Err(self.refuse("末行之后还有内容", "something follows the last line"))
    }

    /// A no that names the line at hand.
    pub(super) fn refuse(&self, zh: &str, en: &str) -> Error {
        Refusal::dump_line(self.number, zh, en).into()
    }

    fn json(&mut self) -> Result<Json> {
        self.advance()?;
        let text = str::from_utf8(&self.line[..self.line.len() - 1]);
        let parsed = text.ok().and_then(|text| {
            let json: Json = serde_json::from_str(text).ok()?;
            (canonical(&json).ok()? == text).then_some(json)
        });
        parsed.ok_or_else(|| {
            self.refuse(
                "不是规范的 JSON，已损坏或被改写",
                "not canonical JSON: damaged or rewritten",
            )
        })
    }

    /// Goes to the next line, which ends in a newline.
    fn advance(&mut self) -> Result<()> {
        self.digest.update(&self.line);
        self.line.clear();
        self.number += 1;
        let most = u64::try_from(limits::DUMP_LINE_BYTES).unwrap_or(u64::MAX) + 1;
        (&mut self.source).take(most).read_until(b'\n', &mut self.line)?;
        if self.line.last() == Some(&b'\n') {
            return Ok(());
        }
        if self.line.len() > limits::DUMP_LINE_BYTES {
            return Err(too_long(self.number));
        }
        Err(self.refuse("文件到此中断，没有末行", "the file breaks off here, before its last line"))
    }
}

fn too_long(number: u64) -> Error {
    let limit = limits::DUMP_LINE_BYTES;
    let (zh, en) = (format!("超过 {limit} 字节"), format!("longer than {limit} bytes"));
    Refusal::dump_line(number, &zh, &en).into()
}

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end() -> End {
        End { counts: BTreeMap::from([("area".into(), 0)]), sha256: "00".into() }
    }

    fn told(error: &Error) -> String {
        error.sentence().en
    }

    #[test]
    fn the_reader_knows_the_digest_that_the_writer_kept() {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        let header = Header { format: "f".into(), ledger: "l".into(), schema: "s".into() };
        writer.line(&line_of(&header).unwrap()).unwrap();
        writer.line("{\"row\":{\"id\":1},\"table\":\"area\"}").unwrap();
        let digest = writer.digest();
        writer.line(&line_of(&end()).unwrap()).unwrap();
        writer.finish().unwrap();
        let mut reader = Reader::new(bytes.as_slice());
        assert_eq!(reader.header().unwrap().ledger, "l");
        assert!(matches!(reader.next().unwrap(), Line::Row(row) if row.table == "area"));
        assert!(matches!(reader.next().unwrap(), Line::End(_)));
        assert_eq!(reader.digest(), digest);
        reader.finish().unwrap();
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_not_one_byte_longer() {
        let longest = limits::DUMP_LINE_BYTES;
        let line = |length: usize| format!("\"{}\"", "a".repeat(length - 2));
        let mut writer = Writer::new(std::io::sink());
        writer.line(&line(longest)).unwrap();
        let refused = writer.line(&line(longest + 1)).unwrap_err();
        assert_eq!(told(&refused), format!("line 2 of the dump: longer than {longest} bytes"));
        let mut text = line(longest);
        text.push('\n');
        assert!(Reader::new(text.as_bytes()).json().is_ok());
        let mut text = line(longest + 1);
        text.push('\n');
        let refused = Reader::new(text.as_bytes()).json().unwrap_err();
        assert_eq!(told(&refused), format!("line 1 of the dump: longer than {longest} bytes"));
    }

    #[test]
    fn what_is_not_a_line_of_ours_is_refused() {
        let cases = [
            ("", "breaks off"),
            ("{\"counts\":{},\"sha256\":\"\"}", "breaks off"),
            ("{\"sha256\":\"\",\"counts\":{}}\n", "not canonical"),
            ("{\"counts\":{},\"counts\":{},\"sha256\":\"\"}\n", "not canonical"),
            ("{\"counts\": {},\"sha256\":\"\"}\n", "not canonical"),
            ("\u{feff}{}\n", "not canonical"),
            ("nonsense\n", "not canonical"),
            ("{}\n", "neither a row"),
            ("[]\n", "neither a row"),
            ("{\"counts\":{\"a\":-1},\"sha256\":\"\"}\n", "neither a row"),
            ("{\"more\":1,\"row\":{},\"table\":\"a\"}\n", "neither a row"),
        ];
        for (text, expected) in cases {
            let refused = Reader::new(text.as_bytes()).next().err().expect(text);
            assert!(told(&refused).contains(expected), "{text}: {}", told(&refused));
        }
        let mut reader = Reader::new(&b"{\"counts\":{},\"sha256\":\"\"}\nx"[..]);
        assert!(reader.next().is_ok());
        assert_eq!(
            told(&reader.finish().unwrap_err()),
            "line 2 of the dump: something follows the last line"
        );
    }
}
