//! Which cell of which sheet each value of an asset came from.

use entity::{asset, import, language::Language};
use serde::Serialize;

use crate::{
    domain::{asset::FIELDS, field::field},
    store::ImportedRow,
};

/// Where one value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The field.
    pub name: String,
    /// What the field is called in the reader's language.
    #[serde(rename = "field")]
    pub label: String,
    /// The value as it stands now.
    pub value: String,
    /// The number of the import.
    pub import: i64,
    /// The file.
    pub file: String,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row.
    pub row: i64,
    /// The letters of the column.
    pub column: String,
    /// The header of the column.
    pub header: String,
}

/// Where the values of an asset came from, by its imports.
pub fn origins(
    asset: &asset::Model,
    imports: &[(import::Model, ImportedRow)],
    language: Language,
) -> Vec<Origin> {
    let cells = imports.iter().flat_map(|(import, row)| {
        import.columns.lines().filter_map(move |line| {
            let mut parts = line.split('\t');
            let (name, column, header) = (parts.next()?, parts.next()?, parts.next()?);
            let field = field(FIELDS, name);
            let label = field.map_or(name, |field| field.label.text(language));
            let value = field.map(|field| (field.get)(asset).text(language)).unwrap_or_default();
            Some(Origin {
                name: name.to_owned(),
                label: label.to_owned(),
                value,
                import: import.id.0,
                file: import.file_name.clone(),
                digest: import.file_digest.clone(),
                sheet: import.sheet.clone(),
                row: row.number,
                column: column.to_owned(),
                header: header.to_owned(),
            })
        })
    });
    cells.collect()
}
