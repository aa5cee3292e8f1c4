//! One cell and one row of a brought-in table, as found.

use serde::{Deserialize, Serialize};

use entity::language::Label;

/// A row that holds at least one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row's number from 1, as spreadsheets show it; for text, the line it starts on.
    #[serde(rename = "n")]
    pub number: u64,
    /// The cells from column A on; the last one is never empty.
    #[serde(rename = "c")]
    pub cells: Vec<Cell>,
}

/// What one cell holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing.
    #[serde(rename = "e")]
    Empty,
    /// Text, exactly as stored.
    #[serde(rename = "t")]
    Text(String),
    /// A number as decimal text: at most 15 significant digits, no exponent, no grouping.
    #[serde(rename = "n")]
    Number(String),
    /// A day `YYYY-MM-DD`, or a moment `YYYY-MM-DDTHH:MM:SS`.
    #[serde(rename = "d")]
    Date(String),
    /// A time of day or a span `HH:MM:SS`; hours may exceed 23.
    #[serde(rename = "h")]
    Time(String),
    /// True or false.
    #[serde(rename = "b")]
    Truth(bool),
    /// Something that no longer says what its author wrote; it must not be taken as a value.
    #[serde(rename = "x")]
    Damaged {
        /// What the cell shows.
        #[serde(rename = "f")]
        found: String,
        /// Why it cannot be trusted.
        #[serde(rename = "w")]
        why: Damage,
    },
}

impl Cell {
    /// A damaged cell showing `found`.
    pub fn damaged(found: impl Into<String>, why: Damage) -> Self {
        Self::Damaged { found: found.into(), why }
    }

    /// Characters of the text a person reads in it.
    pub(super) fn characters(&self) -> usize {
        match self {
            Self::Empty | Self::Truth(_) => 0,
            Self::Text(text) | Self::Number(text) | Self::Date(text) | Self::Time(text) => {
                text.chars().count()
            }
            Self::Damaged { found, .. } => found.chars().count(),
        }
    }
}

/// Why a cell cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// A number of more than 15 digits: spreadsheets keep only 15.
    LostDigits,
    /// A number written short (`4.40106E+17`) when the table was saved as text.
    ShortForm,
    /// `####`: the column was too narrow when the table was saved as text.
    TooNarrow,
    /// An error value such as `#REF!`.
    ErrorValue,
    /// A formula whose result was never stored.
    NotCalculated,
    /// A date that does not exist or lies outside 1900 to 9999.
    ImpossibleDate,
    /// Not a finite number.
    NotANumber,
}

impl Damage {
    /// Why, and what to do about it.
    pub fn label(self) -> Label {
        match self {
            Self::LostDigits => Label {
                zh: "超过15位的数字，表格已丢失末尾几位；请把该列设为文本格式后重新填写",
                en: "a number longer than 15 digits: the sheet has lost its last digits; format \
                    the column as text and enter it again",
            },
            Self::ShortForm => Label {
                zh: "数字另存为文本时被缩写，末尾几位已丢失；请把该列设为文本格式后重新另存",
                en: "a number shortened when the sheet was saved as text: its last digits are \
                    lost; format the column as text and save again",
            },
            Self::TooNarrow => Label {
                zh: "另存时列宽不够，只存下了井号；请加宽该列后重新另存",
                en: "the column was too narrow when the sheet was saved, so only # signs are \
                    left; widen it and save again",
            },
            Self::ErrorValue => Label {
                zh: "公式出错，没有值；请改正公式",
                en: "the formula failed and has no value; correct it",
            },
            Self::NotCalculated => Label {
                zh: "公式没有保存计算结果；请用表格软件打开并保存一次",
                en: "the formula's result was never stored; open the file in a spreadsheet \
                    program and save it once",
            },
            Self::ImpossibleDate => Label {
                zh: "不存在的日期，或不在1900年至9999年之间",
                en: "a date that does not exist, or lies outside 1900 to 9999",
            },
            Self::NotANumber => Label { zh: "不是有效的数字", en: "not a finite number" },
        }
    }
}
