//! The map file: how one sender's sheet is to be read. It is kept per sender and says which
//! column feeds which field, what its words mean, the unit of its money and the order of its
//! dates, and how a place is named.

use std::{collections::BTreeMap, fs, path::Path};

use entity::{area::AreaCode, area::Level, import::Kind, language::Sentence};
use serde::Deserialize;

use crate::{
    domain::{
        field::Reading,
        reading::{DateOrder, MoneyUnit},
    },
    limits,
};

/// A map file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Which kind of sheet it is for; empty for any.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The sender's name: keys of rows without an asset code are unique within it.
    #[serde(default)]
    pub sender: String,
    /// The unit of amounts; what the header of a column says in brackets where it says none.
    #[serde(default)]
    pub money: Option<MoneyUnit>,
    /// The order of day, month and year.
    #[serde(default)]
    pub dates: DateOrder,
    /// The row of the headers, counted from 1.
    #[serde(default)]
    pub header_row: Option<u64>,
    /// Headers that identify a row without an asset code.
    #[serde(default)]
    pub key: Vec<String>,
    /// Whether columns that no field names are passed over.
    #[serde(default)]
    pub ignore_others: bool,
    /// Columns that are passed over.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Field and the header that feeds it; several headers for the several forms of one sheet.
    #[serde(default)]
    pub columns: BTreeMap<String, Headers>,
    /// Field and the value it has on every row; `{header}` stands for a cell.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What words mean, by field; `*` for every field. See [`Word`].
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// How places are named.
    #[serde(default)]
    pub area: AreaRule,
    /// What happens to organizations that are not registered.
    #[serde(default)]
    pub organizations: OrganizationRule,
}

/// One header, or those of the several forms of a sheet.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Headers {
    /// One.
    One(String),
    /// Whichever the sheet has.
    Any(Vec<String>),
}

impl Headers {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Headers::One(header) => std::slice::from_ref(header),
            Headers::Any(headers) => headers,
        }
    }
}

/// How a path of names is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaRule {
    /// What stands between two names.
    #[serde(default = "slash")]
    pub separator: String,
    /// The area under which the first name stands; empty for the top of the tree.
    #[serde(default)]
    pub root: Option<AreaCode>,
}

fn slash() -> String {
    "/".to_owned()
}

impl Default for AreaRule {
    fn default() -> AreaRule {
        AreaRule { separator: slash(), root: None }
    }
}

/// What happens to organizations that are not registered. Nothing is made silently: the default
/// refuses, and a map that asks for them has them counted in the result.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRule {
    /// Refuse or create.
    #[serde(default)]
    pub missing: Missing,
    /// At which level created ones stand.
    #[serde(default)]
    pub level: Option<Level>,
}

/// What to do with what is not registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// An error that names it.
    #[default]
    Refuse,
    /// Registered along with the row.
    Create,
}

/// What a word of a sheet means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing is recorded: `@blank`.
    Blank,
    /// This value.
    Value(String),
}

impl Map {
    /// Reads a map file.
    pub fn read(path: &Path) -> Result<Map, Sentence> {
        let named = |zh: &str, en: &str| {
            let path = path.display();
            Sentence::new(format!("对照文件 {path}：{zh}"), format!("map file {path}: {en}"))
        };
        let size = fs::metadata(path).map(|file| file.len());
        match size {
            Err(_) => return Err(named("读不到", "cannot be read")),
            Ok(size) if size > limits::MAP_FILE_BYTES => {
                return Err(named("大于 256 KB", "larger than 256 KB"));
            }
            Ok(_) => {}
        }
        let text =
            fs::read_to_string(path).map_err(|_| named("须为 UTF-8 文本", "must be UTF-8 text"))?;
        Map::of(&text).map_err(|fault| named(&fault.zh, &fault.en))
    }

    /// Reads the text of a map file.
    pub fn of(text: &str) -> Result<Map, Sentence> {
        toml::from_str(text).map_err(|fault| Sentence::new(fault.to_string(), fault.to_string()))
    }

    /// How texts are read.
    pub fn reading(&self) -> Reading {
        Reading { unit: self.money.unwrap_or_default(), dates: self.dates }
    }

    /// What the amounts of a column are counted in, where its header says it and the map does not.
    pub fn unit_of(&self, header: &str) -> Option<MoneyUnit> {
        if self.money.is_some() { None } else { MoneyUnit::said_by(header) }
    }

    /// What a word means in a field.
    pub fn word(&self, field: &str, text: &str) -> Word {
        let meaning = [field, "*"].into_iter().find_map(|of| self.words.get(of)?.get(text));
        match meaning.map_or(text, String::as_str) {
            "" | "@blank" => Word::Blank,
            value => Word::Value(value.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_says_what_words_mean() {
        let map: Map = toml::from_str(
            r#"
            kind = "assets"
            sender = "水利局"
            money = "万元"
            dates = "day_first"
            [columns]
            name = "名称"
            original_value = ["原值", "value"]
            [words."*"]
            "NA" = "@blank"
            [words.maintainer_answer]
            "No one" = "nobody"
            "#,
        )
        .expect("a map");
        assert_eq!(map.reading().unit, MoneyUnit::TenThousandYuan);
        assert_eq!(map.word("name", "NA"), Word::Blank);
        assert_eq!(map.word("maintainer_answer", "No one"), Word::Value("nobody".into()));
        assert_eq!(map.word("maintainer_answer", "Trust"), Word::Value("Trust".into()));
        assert_eq!(map.columns["original_value"].all(), ["原值", "value"]);
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Map>("colums = {}").is_err());
    }
}
