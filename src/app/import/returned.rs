//! Rejected rows, to be given back: the sender's own columns, and one that says what is wrong.

use std::io::Write;

use entity::language::{Language, Sentence};
use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, PROBLEM};
use crate::{
    app::output::neutralise,
    error::{Error, Result},
};

/// Rejected rows as they are kept, to be told in either language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    headers: Vec<String>,
    rows: Vec<(Vec<String>, Sentence)>,
}

impl Returned {
    /// The rejected rows of an outcome, the first ones up to so many bytes.
    pub fn of(outcome: &Outcome, most: usize) -> Returned {
        let (mut headers, chinese) = outcome.returned(Language::Chinese);
        let (_, english) = outcome.returned(Language::English);
        headers.pop();
        let mut returned = Returned { headers, rows: Vec::new() };
        let mut bytes = 0;
        for (mut cells, mut english) in chinese.zip(english) {
            let why = (cells.pop().unwrap_or_default(), english.pop().unwrap_or_default());
            bytes += cells.iter().map(String::len).sum::<usize>() + why.0.len() + why.1.len();
            if bytes > most {
                break;
            }
            returned.rows.push((cells, Sentence::new(why.0, why.1)));
        }
        returned
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The sheet in a language.
    pub fn csv(&self, language: Language) -> Result<Vec<u8>> {
        let mut headers = self.headers.clone();
        headers.push(PROBLEM.text(language).to_owned());
        let rows = self.rows.iter().map(|(cells, why)| {
            let mut row = cells.clone();
            row.push(why.text(language).to_owned());
            row
        });
        let mut bytes = Vec::new();
        write(&headers, rows, &mut bytes)?;
        Ok(bytes)
    }
}

/// Writes rejected rows as CSV.
pub fn write(
    headers: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    mut sink: impl Write,
) -> Result<()> {
    sink.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(sink);
    let written = |error: csv::Error| Error::Internal(anyhow::Error::new(error));
    writer.write_record(headers).map_err(written)?;
    for row in rows {
        let cells = row.iter().map(|cell| neutralise(cell).into_owned());
        writer.write_record(cells).map_err(written)?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_in_either_language_and_run_no_formula() {
        let why = Sentence::new("不能为空", "may not be empty");
        let row = (vec!["=1+1".to_owned(), String::new()], why);
        let returned = Returned { headers: vec!["a".into(), "b".into()], rows: vec![row] };
        let text =
            |language| String::from_utf8(returned.csv(language).expect("CSV")).expect("text");
        assert_eq!(text(Language::Chinese), "\u{feff}a,b,问题\n'=1+1,,不能为空\n");
        assert_eq!(text(Language::English), "\u{feff}a,b,Problem\n'=1+1,,may not be empty\n");
    }
}
