//! What the sender of a sheet answered after a check: what its columns are, cells put right, rows
//! that the ledger knows already. It is applied when the file that was kept is read again.

use std::collections::BTreeMap;

use entity::{
    import::Kind,
    language::{Label, Sentence},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::sheet::{Cell, Row},
    domain::{
        mistake::{Mistake, Mistakes, shortened},
        reading::MoneyUnit,
        sheet::{SheetColumn, columns},
    },
    limits,
};

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Who says what the columns are.
    pub columns: Columns,
    /// Cells put right.
    pub corrections: Corrections,
    /// Rows that the ledger most likely holds already.
    pub alike: AllAlike,
}

/// What becomes of a row that the ledger most likely holds already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alike {
    /// It makes something new, as any other row.
    #[default]
    New,
    /// It changes what the ledger holds.
    Update,
    /// It is left out.
    Skip,
    /// Its sender is asked; until then it is left out.
    Ask,
}

impl std::str::FromStr for Alike {
    type Err = ();

    fn from_str(code: &str) -> Result<Alike, ()> {
        let known = CHOICES.iter().find(|(_, known, _)| *known == code);
        known.map(|(alike, ..)| *alike).ok_or(())
    }
}

/// What a sender can say of such a row.
pub const CHOICES: [(Alike, &str, Label); 3] = [
    (Alike::Update, "update", Label::new("更新台账", "update the ledger")),
    (Alike::Skip, "skip", Label::new("跳过", "skip")),
    (Alike::New, "new", Label::new("另建新资产", "make a new asset")),
];

/// What becomes of all such rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllAlike {
    /// Of those that nothing else is said of.
    pub others: Alike,
    /// Of some rows.
    pub rows: BTreeMap<u64, Alike>,
}

impl AllAlike {
    /// What becomes of a row.
    pub fn of(&self, row: u64) -> Alike {
        self.rows.get(&row).copied().unwrap_or(self.others)
    }

    /// Whether every row makes something new.
    pub fn is_all_new(&self) -> bool {
        self.others == Alike::New && self.rows.values().all(|alike| *alike == Alike::New)
    }
}

/// Who says what the columns of a sheet are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// Their headers and the map.
    #[default]
    Named,
    /// Whoever sends it, by what was chosen for a sheet of the same headers; their headers where
    /// nothing was.
    Remembered,
    /// Whoever sends it.
    Chosen(Vec<Chosen>),
}

/// What a column was chosen to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The field it feeds; none where it is left out.
    pub field: Option<String>,
    /// What its amounts are counted in, where it holds amounts.
    pub unit: Option<MoneyUnit>,
}

/// What stands between a field and its unit.
const UNIT: char = '.';

impl Chosen {
    /// As a form tells it: `original_value.wan_yuan`, nothing for a column left out.
    pub fn code(&self) -> String {
        let field = self.field.as_deref().unwrap_or_default();
        match self.unit {
            Some(unit) => format!("{field}{UNIT}{}", unit.code()),
            None => field.to_owned(),
        }
    }

    /// Reads what a form tells.
    pub fn read(code: &str) -> Chosen {
        let (field, unit) = code.split_once(UNIT).unwrap_or((code, ""));
        let field = Some(field.to_owned()).filter(|field| !field.is_empty());
        Chosen { field, unit: MoneyUnit::ALL.into_iter().find(|one| one.code() == unit) }
    }
}

/// Reads what a form tells of every column of a sheet; a field that there is not is a mistake.
pub fn chosen<'a>(
    kind: Kind,
    codes: impl IntoIterator<Item = (String, &'a str)>,
) -> Result<Vec<Chosen>, Mistakes> {
    let columns = columns(kind);
    let mut mistakes = Mistakes::default();
    let mut all = Vec::new();
    for (name, code) in codes {
        let mut chosen = Chosen::read(code);
        let column = chosen
            .field
            .as_deref()
            .map(|field| columns.iter().find(|column| column.is_read && column.field == field));
        if column.is_some_and(|known| known.is_none()) {
            let expected = Sentence::new("应为列表中的一项", "one of the list");
            mistakes.push(Mistake::new(name, code, expected));
        }
        chosen.unit = chosen.unit.filter(|_| column.flatten().is_some_and(SheetColumn::is_money));
        all.push(chosen);
    }
    mistakes.into_result().map(|()| all)
}

/// A column of a sheet as it was seen: what is shown to whoever says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its letters.
    pub letters: String,
    /// Its header.
    pub header: String,
    /// The first different values in it.
    pub samples: Vec<String>,
    /// What it was taken for.
    pub chosen: Chosen,
    /// Whether anybody said what it is: its header, the map, its sender.
    pub is_known: bool,
    /// What its header is nearest to, where it is not known.
    pub offered: Option<Chosen>,
}

/// Different values of a column that are shown.
const SAMPLES: usize = 3;

impl Seen {
    /// Takes note of a value in it.
    pub(super) fn take(&mut self, cell: &str) {
        let value = shortened(cell.trim());
        if self.samples.len() < SAMPLES && !value.is_empty() && !self.samples.contains(&value) {
            self.samples.push(value);
        }
    }
}

/// Cells put right: the row as a person sees it, the column counted from 0, the new text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections(BTreeMap<(u64, usize), String>);

impl Corrections {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a cell right; `field` is where its sender typed it.
    pub fn put(
        &mut self,
        (row, column): (u64, usize),
        text: &str,
        field: &str,
    ) -> Result<(), Mistake> {
        if text.chars().count() > limits::TEXT_LENGTH {
            let most = limits::TEXT_LENGTH;
            let said =
                Sentence::new(format!("最多 {most} 个字"), format!("at most {most} characters"));
            return Err(Mistake::new(field.to_owned(), text, said));
        }
        let is_new = !self.0.contains_key(&(row, column));
        if is_new && self.0.len() >= limits::CORRECTIONS {
            let most = limits::CORRECTIONS;
            let said = Sentence::new(
                format!("一份表最多在这里改 {most} 格，其余请在表里改好再传"),
                format!(
                    "at most {most} cells of a sheet are put right here; correct the others in it"
                ),
            );
            return Err(Mistake::new(field.to_owned(), text, said));
        }
        self.0.insert((row, column), text.to_owned());
        Ok(())
    }

    /// A row as its sender put it right.
    pub fn apply(&self, row: &mut Row) {
        for ((_, column), text) in self.0.range((row.number, 0)..=(row.number, usize::MAX)) {
            if row.cells.len() <= *column {
                row.cells.resize(column + 1, Cell::Empty);
            }
            row.cells[*column] =
                if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_tells_what_was_chosen() {
        for (code, field, unit) in [
            ("", None, None),
            ("name", Some("name"), None),
            ("original_value.wan_yuan", Some("original_value"), Some(MoneyUnit::TenThousandYuan)),
            ("original_value.yuan", Some("original_value"), Some(MoneyUnit::Yuan)),
        ] {
            let chosen = Chosen::read(code);
            assert_eq!((chosen.field.as_deref(), chosen.unit), (field, unit), "{code}");
            assert_eq!(chosen.code(), code);
        }
    }

    #[test]
    fn a_row_is_read_as_it_was_put_right() {
        let mut corrections = Corrections::default();
        for (column, text) in [(1, "12.00"), (3, "上河村"), (0, "")] {
            corrections.put((42, column), text, "f").expect("room");
        }
        let cells = |number| Row {
            number,
            cells: vec![Cell::Text("甲".into()), Cell::Text("约12万".into())],
        };
        let mut other = cells(43);
        corrections.apply(&mut other);
        assert_eq!(other, cells(43));
        let mut row = cells(42);
        corrections.apply(&mut row);
        let text = |text: &str| Cell::Text(text.into());
        assert_eq!(row.cells, [Cell::Empty, text("12.00"), Cell::Empty, text("上河村")]);
    }

    #[test]
    fn corrections_have_their_limits() {
        let mut corrections = Corrections::default();
        for row in 0..limits::CORRECTIONS as u64 {
            corrections.put((row, 0), "a", "f").expect("room");
        }
        // one that is there is put right again
        corrections.put((0, 0), "b", "f").expect("room");
        let full = corrections.put((0, 1), "a", "f").expect_err("one too many");
        assert!(full.expected.zh.contains("2000"), "{full:?}");
        assert_eq!(corrections.len(), limits::CORRECTIONS);
        let exact = "字".repeat(limits::TEXT_LENGTH);
        corrections.put((0, 0), &exact, "f").expect("as long as may be");
        let long = corrections.put((0, 0), &format!("{exact}字"), "f").expect_err("too long");
        assert_eq!(long.field, "f");
    }
}
