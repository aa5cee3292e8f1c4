//! The two languages of the product, and the texts that exist in both.

use serde::{Deserialize, Serialize};

/// A language a person may read the ledger in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl std::str::FromStr for Language {
    type Err = String;

    /// Reads a language tag by its first letters, so that `zh_CN.UTF-8` counts as Chinese.
    fn from_str(tag: &str) -> Result<Language, String> {
        match tag.to_ascii_lowercase().get(..2) {
            Some("zh") => Ok(Language::Chinese),
            Some("en") => Ok(Language::English),
            _ => Err(format!("“{tag}”: zh 或 en / expected zh or en")),
        }
    }
}

/// Fixed words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The Chinese words.
    pub zh: &'static str,
    /// The English words.
    pub en: &'static str,
}

impl Label {
    /// A label from its Chinese and its English words.
    pub const fn new(zh: &'static str, en: &'static str) -> Label {
        Label { zh, en }
    }

    /// The words in one language.
    pub const fn text(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

impl From<Label> for Sentence {
    fn from(label: Label) -> Sentence {
        Sentence { zh: label.zh.into(), en: label.en.into() }
    }
}

/// A composed text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

impl Sentence {
    /// A sentence from its Chinese and its English text.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Sentence {
        Sentence { zh: zh.into(), en: en.into() }
    }

    /// A sentence from both texts with a slash between, as a codec says what it expected.
    pub fn of_both(text: &str) -> Sentence {
        let (zh, en) = text.split_once(" / ").unwrap_or((text, text));
        Sentence::new(zh, en)
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}
