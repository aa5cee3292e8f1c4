//! Mistakes: entries that cannot be taken as they are, each with its place, what was found and
//! what was expected. All are collected; none stops at the first.

use std::borrow::Cow;

use entity::language::{Label, Sentence};
use serde::Serialize;

/// One entry that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The field's code; empty when the row as a whole is meant.
    pub field: Cow<'static, str>,
    /// What was found, shortened; never personal data.
    pub found: String,
    /// What was expected, and so what to do.
    pub expected: Sentence,
    /// What the sender most likely meant, to be taken with one press; never taken by itself.
    #[serde(skip)]
    pub offered: Option<String>,
}

impl Mistake {
    /// A mistake in one field.
    pub fn new(field: impl Into<Cow<'static, str>>, found: &str, expected: Sentence) -> Mistake {
        Mistake { field: field.into(), found: shortened(found), expected, offered: None }
    }

    /// The same, with what the sender most likely meant.
    pub fn offering(self, offered: Option<impl Into<String>>) -> Mistake {
        Mistake { offered: offered.map(Into::into), ..self }
    }

    /// A field that may not be empty.
    pub fn missing(field: &'static str, label: Label) -> Mistake {
        Mistake::new(
            field,
            "",
            Sentence::new(
                format!("{}不能为空", label.zh),
                format!("the {} may not be empty", label.en),
            ),
        )
    }
}

/// As much of a text as a message may carry.
pub fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Every mistake of one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    pub fn push(&mut self, mistake: Mistake) {
        self.0.push(mistake);
    }

    /// Adds one when a condition does not hold.
    pub fn require(
        &mut self,
        holds: bool,
        field: &'static str,
        found: impl FnOnce() -> String,
        zh: &str,
        en: &str,
    ) {
        if !holds {
            self.push(Mistake::new(field, &found(), Sentence::new(zh, en)));
        }
    }

    /// Nothing, or the mistakes as an error.
    pub fn into_result(self) -> Result<(), Mistakes> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}
