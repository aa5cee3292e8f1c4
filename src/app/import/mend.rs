//! Mistakes that their sender puts right beside where they are told, without the file.

use std::collections::{HashMap, HashSet};

use super::{
    answer::{Answers, Chosen, Columns, Corrections},
    outcome::{Outcome, Remark, Seeing},
    unit::UnitDoubt,
};
use crate::domain::mistake::Mistakes;

/// A mistake, with every row that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    /// What is wrong.
    pub remark: &'a Remark,
    /// The rows, in their order.
    pub rows: Vec<u64>,
    /// The column of the cell to be put right, counted from 0; none where the row as a whole is
    /// meant, or where another mistake is about the same cell.
    pub column: Option<usize>,
}

impl Told<'_> {
    /// What a form calls the cell: the first row and the letters of the column.
    pub fn cell(&self) -> String {
        format!("{}.{}", self.remark.row, self.remark.column)
    }
}

/// What a form calls the new text of a cell.
pub const TYPED: &str = "fix.";
/// What a form calls the answer that the offered text is meant.
pub const TAKEN: &str = "take.";
/// What a form calls what becomes of rows that the ledger most likely holds; of one with its number.
pub const ALIKE: &str = "alike";
/// What a form calls the answer that a column is in the other unit.
pub const UNIT: &str = "unit.";

/// Remarks on a sheet; those that say the same of the same text are one.
pub fn told(remarks: &[Remark]) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    let mut known: HashMap<(&str, &str, &str), usize> = HashMap::new();
    let mut cells = HashSet::new();
    let place = |remark: &Remark| Some((remark.row, column_of(&remark.column)?));
    // of remarks on one cell the one that offers something is answered
    let offers: HashSet<_> =
        remarks.iter().filter(|one| one.offered.is_some()).filter_map(place).collect();
    for remark in remarks {
        let is_answered = |cell: &(u64, usize)| remark.offered.is_some() || !offers.contains(cell);
        let cell = place(remark).filter(is_answered).filter(|cell| cells.insert(*cell));
        let column = cell.map(|(_, column)| column);
        // a text that was shortened may stand for several
        let is_whole = !remark.found.is_empty() && !remark.found.ends_with('…');
        let key = (remark.column.as_str(), remark.found.as_str(), remark.expected.zh.as_str());
        if is_whole && column.is_some() {
            if let Some(place) = known.get(&key) {
                told[*place].rows.push(remark.row);
                continue;
            }
            known.insert(key, told.len());
        }
        told.push(Told { remark, rows: vec![remark.row], column });
    }
    told
}

/// Takes what was typed beside mistakes: every cell whose text was changed, in every row that has
/// the mistake. `typed` tells a field of the form.
pub fn correct<'a>(
    told: &[Told<'_>],
    typed: impl Fn(&str) -> Option<&'a str>,
    corrections: &mut Corrections,
) -> Result<(), Mistakes> {
    let mut mistakes = Mistakes::default();
    for one in told {
        let Some(column) = one.column else { continue };
        let name = format!("{TYPED}{}", one.cell());
        let taken = typed(&format!("{TAKEN}{}", one.cell())).and(one.remark.offered.as_deref());
        let text = taken.or_else(|| typed(&name).filter(|text| *text != one.remark.found));
        let Some(text) = text.map(str::trim) else { continue };
        for row in &one.rows {
            if let Err(mistake) = corrections.put((*row, column), text, &name) {
                mistakes.push(mistake);
                break;
            }
        }
    }
    mistakes.into_result()
}

/// Takes what was answered on the page of a check: cells put right, rows that the ledger holds
/// already, columns whose unit was meant to be the other.
pub fn answer<'a>(
    (outcome, seen): (&Outcome, &Seeing),
    typed: impl Fn(&str) -> Option<&'a str>,
    answers: &mut Answers,
) -> Result<(), Mistakes> {
    correct(&told(&outcome.mistakes), &typed, &mut answers.corrections)?;
    correct(&told(&outcome.warnings), &typed, &mut answers.corrections)?;
    if let Some(Ok(others)) = typed(ALIKE).map(str::parse) {
        answers.alike.others = others;
    }
    for duplicate in &outcome.duplicates {
        if let Some(Ok(alike)) = typed(&format!("{ALIKE}.{}", duplicate.row)).map(str::parse) {
            answers.alike.rows.insert(duplicate.row, alike);
        }
    }
    let meant =
        outcome.units.iter().filter(|doubt| typed(&format!("{UNIT}{}", doubt.field)).is_some());
    let meant: Vec<&UnitDoubt> = meant.collect();
    if !meant.is_empty() {
        let mut columns: Vec<Chosen> = seen.columns.iter().map(|one| one.chosen.clone()).collect();
        for doubt in meant {
            let column = columns.iter_mut().find(|one| one.field.as_ref() == Some(&doubt.field));
            if let Some(column) = column {
                column.unit = Some(doubt.likely);
            }
        }
        answers.columns = Columns::Chosen(columns);
    }
    Ok(())
}

/// The column of some letters, counted from 0.
fn column_of(letters: &str) -> Option<usize> {
    let digit = |letter: u8| letter.is_ascii_uppercase().then(|| usize::from(letter - b'A') + 1);
    let number = letters
        .bytes()
        .try_fold(0_usize, |number, letter| number.checked_mul(26)?.checked_add(digit(letter)?));
    number?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use entity::language::Sentence;

    use super::*;
    use crate::app::sheet::column_letters;

    fn remark(row: u64, column: &str, found: &str) -> Remark {
        Remark {
            sheet: None,
            row,
            column: column.into(),
            header: String::new(),
            field: String::new(),
            found: found.into(),
            expected: Sentence::new("应为金额", "an amount"),
            offered: None,
        }
    }

    #[test]
    fn letters_name_a_column() {
        for column in [0, 25, 26, 51, 199, 701, 702] {
            let letters = column_letters(u32::try_from(column + 1).expect("small"));
            assert_eq!(column_of(&letters), Some(column), "{letters}");
        }
        for letters in ["", "a", "A1", "ZZZZZZZZZZZZZZZZZZZZ"] {
            assert_eq!(column_of(letters), None, "{letters}");
        }
    }

    #[test]
    fn the_same_text_is_put_right_once_for_all_rows() {
        let near = Remark { offered: Some("上河村".into()), ..remark(9, "B", "上和村") };
        let remarks = vec![
            remark(2, "D", "约12万"),
            remark(5, "D", "约12万"),
            // the same cell twice, a row as a whole, nothing found
            remark(5, "D", "约12万"),
            remark(6, "", ""),
            remark(7, "A", ""),
            remark(8, "A", ""),
            remark(9, "B", "上"),
            near,
        ];
        let told = told(&remarks);
        let rows: Vec<_> = told.iter().map(|one| (one.rows.clone(), one.column)).collect();
        let expected = [
            (vec![2, 5], Some(3)),
            (vec![5], None),
            (vec![6], None),
            (vec![7], Some(0)),
            (vec![8], Some(0)),
            (vec![9], None),
            (vec![9], Some(1)),
        ];
        assert_eq!(rows, expected);
        let mut corrections = Corrections::default();
        let typed = |name: &str| match name {
            "fix.2.D" => Some(" 12.00 "),
            // what was not changed stays
            "fix.7.A" => Some(""),
            "fix.8.A" => Some("石桥"),
            "fix.9.B" => Some("上和村"),
            "take.9.B" => Some("yes"),
            _ => None,
        };
        correct(&told, typed, &mut corrections).expect("room");
        let mut wanted = Corrections::default();
        for (cell, text) in
            [((2, 3), "12.00"), ((5, 3), "12.00"), ((8, 0), "石桥"), ((9, 1), "上河村")]
        {
            wanted.put(cell, text, "").expect("room");
        }
        assert_eq!(corrections, wanted);
    }
}
