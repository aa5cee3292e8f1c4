//! What a caller may choose about a table.

use std::{error, fmt, path::PathBuf, str::FromStr};

use chrono::{DateTime, FixedOffset, Utc};

use entity::language::{Label, Language, Sentence};

/// The form a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned lines for a terminal or a plain text file.
    Table,
    /// Comma-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON object.
    Json,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Table, Self::Csv, Self::Xlsx, Self::Json];

    /// The name on a command line or in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The name a person reads.
    pub fn label(self) -> Label {
        match self {
            Self::Table => Label { zh: "文本表格", en: "Text table" },
            Self::Csv => Label { zh: "CSV 文件", en: "CSV file" },
            Self::Xlsx => Label { zh: "Excel 工作簿", en: "Excel workbook" },
            Self::Json => Label { zh: "JSON 文件", en: "JSON file" },
        }
    }

    /// The extension of a file, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            _ => self.name(),
        }
    }

    /// The `Content-Type` of a download.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

/// A form that does not exist was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl UnknownFormat {
    /// What a person is told.
    pub fn sentence(&self) -> Sentence {
        let names = Format::ALL.map(Format::name).join(", ");
        Sentence {
            zh: format!("没有「{}」这种格式，可用：{names}", self.0),
            en: format!("There is no format “{}”; there are {names}", self.0),
        }
    }
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence().en)
    }
}

impl error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// China Standard Time, which has no summer time.
pub const CHINA_CLOCK: FixedOffset = match FixedOffset::east_opt(8 * 60 * 60) {
    Some(offset) => offset,
    None => panic!("eight hours are a valid offset"),
};

/// How a table is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of headers, notes and yes/no.
    pub language: Language,
    /// The creation time a workbook carries; the same time and rows give the same bytes.
    pub created: DateTime<Utc>,
    /// The clock that moments are shown on, [`CHINA_CLOCK`] unless set.
    pub clock: FixedOffset,
    /// The directory a workbook's rows wait in until the end, the system's own unless set.
    ///
    /// The file has no name and is readable by this process alone. A directory in memory would
    /// defeat it.
    pub spool: Option<PathBuf>,
    /// What concerns CSV alone.
    pub csv: CsvOptions,
    /// What concerns the terminal alone.
    pub terminal: TerminalOptions,
}

impl Options {
    /// The defaults for a reader of this language.
    pub fn new(language: Language, created: DateTime<Utc>) -> Self {
        Self {
            language,
            created,
            clock: CHINA_CLOCK,
            spool: None,
            csv: CsvOptions::default(),
            terminal: TerminalOptions::default(),
        }
    }
}

/// What concerns CSV alone.
#[derive(Clone, Copy, Debug)]
pub struct CsvOptions {
    /// Whether the file starts with a byte order mark: a Chinese Excel reads it as GBK without.
    pub mark: bool,
    /// How a line ends.
    pub line_end: LineEnd,
    /// Whether the totals row is written: off, since a program would read it as one more record.
    pub totals: bool,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { mark: true, line_end: LineEnd::default(), totals: false }
    }
}

/// How a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// Carriage return and line feed, as RFC 4180 says.
    #[default]
    CrLf,
    /// Line feed alone, for Unix tools.
    Lf,
}

/// What concerns the terminal alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminalOptions {
    /// The terminal's width in half-width characters: text columns shrink to it as far as they can.
    pub width: Option<usize>,
    /// Whether headers and totals are bold: only for a terminal, never for a file.
    pub bold: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("XLSX".parse(), Ok(Format::Xlsx));
        let unknown = "pdf".parse::<Format>().unwrap_err();
        assert!(unknown.sentence().zh.contains("pdf"), "{unknown}");
    }
}
