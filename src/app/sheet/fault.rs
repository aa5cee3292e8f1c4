//! Every refusal of a brought-in table: a stable code, a sentence in both languages, and where.

use std::fmt;

use super::encoding::Encoding;
use super::limits::SheetLimits;
use entity::language::Sentence;

/// Where in a table something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The sheet, for files that have sheets.
    pub sheet: Option<String>,
    /// The row from 1, or the line of a text file.
    pub row: Option<u64>,
    /// The column from 1.
    pub column: Option<u32>,
}

impl Place {
    /// A whole row.
    pub fn row(row: u64) -> Self {
        Self { row: Some(row), ..Self::default() }
    }

    /// One cell.
    pub fn cell(row: u64, column: u32) -> Self {
        Self { row: Some(row), column: Some(column), sheet: None }
    }

    /// The cell's address as a spreadsheet program writes it, such as `C5`.
    pub fn address(&self) -> Option<String> {
        Some(format!("{}{}", column_letters(self.column?), self.row?))
    }
}

/// The letters of a column counted from 1: 1 is `A`, 27 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Why a table, or one row of it, was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFault {
    /// A stable name for programs, such as `sheet.encrypted`.
    pub code: &'static str,
    /// What to tell the person who brought the file.
    pub sentence: Sentence,
    /// Where, when it is one place.
    pub place: Option<Place>,
}

impl SheetFault {
    /// Whether reading goes on after this fault: it concerns one row only.
    pub fn concerns_one_row(&self) -> bool {
        self.code == ROW_TOO_LONG
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Names the sheet in a place that has none yet.
    pub(super) fn in_sheet(mut self, sheet: &str) -> Self {
        let place = self.place.get_or_insert_default();
        place.sheet.get_or_insert_with(|| sheet.to_owned());
        self
    }
}

impl fmt::Display for SheetFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.sentence.en)
    }
}

impl std::error::Error for SheetFault {}

const ROW_TOO_LONG: &str = "sheet.row_too_long";

fn refuse(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> SheetFault {
    SheetFault { code, sentence: Sentence { zh: zh.into(), en: en.into() }, place: None }
}

/// Declares the refusals that say the same thing whatever the file, and the list of their codes.
macro_rules! fixed_refusals {
    ($($(#[$doc:meta])* $name:ident $code:literal $zh:literal $en:literal)*) => {
        $($(#[$doc])* pub(super) fn $name() -> SheetFault { refuse($code, $zh, $en) })*
        const FIXED: &[fn() -> SheetFault] = &[$($name),*];
    };
}

fixed_refusals! {
    /// Nothing in the file.
    empty_file "sheet.empty_file"
        "文件是空的。"
        "The file is empty."
    /// A table without a single row.
    no_header "sheet.no_header"
        "表中一行也没有，第一行应为表头。"
        "The table has no row at all; the first row should hold the headers."
    /// The file could not be read from disk.
    unreadable_file "sheet.unreadable_file"
        "无法读取该文件，请确认它存在且没有被别的程序占用。"
        "The file could not be read; make sure that it is there and not in use elsewhere."
    /// A web page under a spreadsheet's name.
    web_page "sheet.web_page"
        "这是一个网页文件，不是表格（有些系统导出的“Excel”其实是网页）。请用 Excel 或 WPS 打开后另存为 .xlsx。"
        "This is a web page, not a spreadsheet (some systems export web pages under an Excel \
        name). Open it in Excel or WPS and save it as .xlsx."
    /// XML: Excel 2003 XML, flat `OpenDocument` and the like.
    xml_file "sheet.xml_file"
        "这是 XML 文件（例如“XML 表格 2003”）。请用 Excel 或 WPS 打开后另存为 .xlsx。"
        "This is an XML file (such as an XML Spreadsheet 2003). Open it in Excel or WPS and save \
        it as .xlsx."
    /// A PDF document.
    pdf "sheet.pdf"
        "这是 PDF 文件，不是表格。请提供 .xlsx 或 .csv 文件。"
        "This is a PDF document, not a spreadsheet. Please bring an .xlsx or .csv file."
    /// A picture.
    image "sheet.image"
        "这是图片，不是表格。请提供 .xlsx 或 .csv 文件。"
        "This is a picture, not a spreadsheet. Please bring an .xlsx or .csv file."
    /// An archive that is no workbook.
    archive "sheet.archive"
        "这是压缩包，不是表格。请先解压，再上传其中的表格。"
        "This is an archive, not a spreadsheet. Unpack it and upload the table inside."
    /// A document of another program.
    not_a_workbook "sheet.not_a_workbook"
        "这是其他软件的文档（例如 Word 或演示文稿），不是表格。"
        "This is another program's document (such as a Word file or slides), not a spreadsheet."
    /// A workbook from before 1995.
    old_excel "sheet.old_excel"
        "这是 Excel 4.0 或更早的文件，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx。"
        "This file is from Excel 4.0 or earlier and cannot be read. Open it in Excel or WPS and \
        save it as .xlsx."
    /// A password or rights protection.
    encrypted "sheet.encrypted"
        "文件设有打开密码或加密。请先取消密码保护，另存后再上传。"
        "The file is encrypted or needs a password to open. Remove the protection, save it and \
        upload it again."
    /// The container is cut off or damaged.
    broken_container "sheet.broken_container"
        "文件不完整或已损坏，无法打开。请重新导出或重新上传。"
        "The file is incomplete or damaged and cannot be opened. Export or upload it again."
    /// Two parts under one name: programs disagree about which one counts.
    duplicate_part "sheet.duplicate_part"
        "文件内部有重名的部分，无法确定以哪个为准。请用 Excel 或 WPS 打开后重新另存。"
        "The file holds two parts of the same name, and which one counts is unclear. Open it in \
        Excel or WPS and save it again."
    /// A document type declaration, which workbooks never have and attacks use.
    doctype "sheet.doctype"
        "文件内含有表格不应有的声明（DOCTYPE），已拒绝读取。"
        "The file holds a declaration (DOCTYPE) that no spreadsheet has; it was refused."
    /// XML that is not well formed, or nested or tagged beyond reason.
    broken_markup "sheet.broken_markup"
        "文件内部结构有误，无法可靠读取。请用 Excel 或 WPS 打开后重新另存。"
        "The file's inner structure is faulty and cannot be read reliably. Open it in Excel or \
        WPS and save it again."
    /// The workbook reader could not make sense of it.
    broken_workbook "sheet.broken_workbook"
        "表格内容有误，无法可靠读取。请用 Excel 或 WPS 打开后重新另存。"
        "The workbook's content is faulty and cannot be read reliably. Open it in Excel or WPS \
        and save it again."
    /// No sheet to read.
    no_sheet "sheet.no_sheet"
        "文件中没有可读的工作表（只有隐藏的工作表或图表）。"
        "The file has no sheet to read (only hidden sheets or charts)."
    /// A cell stored so that its value would be guessed.
    strange_cell "sheet.strange_cell"
        "有单元格的存储方式不规范，其值无法可靠读取。请用 Excel 或 WPS 打开后重新另存。"
        "A cell is stored in an irregular way and its value cannot be read reliably. Open the \
        file in Excel or WPS and save it again."
    /// Two values for one cell.
    duplicate_cell "sheet.duplicate_cell"
        "同一个单元格在文件中出现了两次。请用 Excel 或 WPS 打开后重新另存。"
        "One cell appears twice in the file. Open it in Excel or WPS and save it again."
    /// Rows not stored from top to bottom.
    out_of_order "sheet.out_of_order"
        "文件中的行没有按顺序存放。请用 Excel 或 WPS 打开后重新另存。"
        "The rows are not stored in order. Open the file in Excel or WPS and save it again."
    /// The child ran out of memory.
    out_of_memory "sheet.out_of_memory"
        "该文件要求的内存超过允许的上限。请只保留需要导入的行和列，另存为 .xlsx 或 .csv 后再上传。"
        "The file asks for more memory than allowed. Keep only the rows and columns to bring in, \
        save as .xlsx or .csv, and upload again."
    /// The child ran out of time.
    out_of_time "sheet.out_of_time"
        "读取该文件花费的时间超过允许的上限。请只保留需要导入的行和列，另存为 .xlsx 或 .csv 后再上传。"
        "Reading the file takes longer than allowed. Keep only the rows and columns to bring in, \
        save as .xlsx or .csv, and upload again."
    /// The child could not be run, or did not keep to the protocol.
    reader_failed "sheet.reader_failed"
        "读取表格的程序没有正常工作，请稍后再试；若仍然失败，请联系管理员。"
        "The program that reads spreadsheets did not work. Try again later; if it still fails, \
        tell the administrator."
    /// A zero byte in a text file.
    zero_byte "sheet.zero_byte"
        "文件中有空字节，不是文本表格；或编码选择不对。"
        "The file holds a zero byte, so it is not a text table, or the chosen encoding is wrong."
    /// A quotation mark that is never closed.
    unclosed_quote "sheet.unclosed_quote"
        "此处有一个引号一直没有配对，直到文件末尾。请检查并改正。"
        "A quotation mark opened here is never closed. Check and correct it."
    /// Text between a closing quotation mark and the next delimiter.
    text_after_quote "sheet.text_after_quote"
        "右引号之后还有文字，无法确定单元格在哪里结束。单元格内的引号应写成两个。"
        "There is text after a closing quotation mark, so where the cell ends is unclear. A \
        quotation mark inside a cell is written twice."
}

const BYTES_A_MEBIBYTE: u64 = 1 << 20;

/// The file is larger than may be brought in.
pub(super) fn file_too_large(limits: &SheetLimits) -> SheetFault {
    let most = limits.upload_bytes / BYTES_A_MEBIBYTE;
    refuse(
        "sheet.file_too_large",
        format!("文件超过 {most} MB，无法导入。请分成几个文件。"),
        format!("The file is larger than {most} MB. Split it into several files."),
    )
}

/// The container holds too many parts.
pub(super) fn too_many_parts(limits: &SheetLimits) -> SheetFault {
    let most = limits.container_parts;
    refuse(
        "sheet.too_many_parts",
        format!("文件内部超过 {most} 个部分（例如图片过多），无法导入。请只保留数据后另存。"),
        format!(
            "The file holds more than {most} parts (too many pictures, for instance). Keep only \
            the data and save it again."
        ),
    )
}

/// The container unpacks to more than allowed.
pub(super) fn unpacks_too_large(limits: &SheetLimits) -> SheetFault {
    let most = limits.unpacked_bytes / BYTES_A_MEBIBYTE;
    let ratio = limits.unpacked_ratio;
    refuse(
        "sheet.unpacks_too_large",
        format!("文件解压后超过 {most} MB 或原大小的 {ratio} 倍，已拒绝读取。请只保留数据后另存。"),
        format!(
            "Unpacked, the file exceeds {most} MB or {ratio} times its size, and was refused. \
            Keep only the data and save it again."
        ),
    )
}

/// There is no sheet of that name.
pub(super) fn unknown_sheet(name: &str, sheets: &[String]) -> SheetFault {
    refuse(
        "sheet.unknown_sheet",
        format!("没有名为“{name}”的工作表。文件中有：{}。", sheets.join("、")),
        format!("There is no sheet named “{name}”. The file has: {}.", sheets.join(", ")),
    )
}

/// A cell address that lies outside any spreadsheet's grid; `address` as written in the file.
pub(super) fn outside_grid(address: &str) -> SheetFault {
    let address: String = address.chars().take(32).collect();
    refuse(
        "sheet.outside_grid",
        format!("单元格地址“{address}”超出了表格的范围（1,048,576 行 × 16,384 列）。"),
        format!(
            "The cell address “{address}” lies outside the grid (1,048,576 rows × 16,384 columns)."
        ),
    )
}

/// A value to the right of the last column allowed.
pub(super) fn too_many_columns(limits: &SheetLimits, place: Place) -> SheetFault {
    let (most, address) = (limits.columns, place.address().unwrap_or_default());
    refuse(
        "sheet.too_many_columns",
        format!("单元格 {address} 有内容，但最多只能导入 {most} 列。请删除多余的列。"),
        format!(
            "Cell {address} holds a value, but at most {most} columns can be brought in. \
            Delete the columns beyond."
        ),
    )
    .at(place)
}

/// More rows than allowed.
pub(super) fn too_many_rows(limits: &SheetLimits, place: Place) -> SheetFault {
    let most = limits.rows;
    refuse(
        "sheet.too_many_rows",
        format!("超过 {most} 行，无法一次导入。请分成几个文件。"),
        format!("There are more than {most} rows. Split the table into several files."),
    )
    .at(place)
}

/// A cell with more text than a cell can hold.
pub(super) fn cell_too_long(limits: &SheetLimits, place: Place) -> SheetFault {
    let (most, address) = (limits.cell_characters, place.address().unwrap_or_default());
    refuse(
        "sheet.cell_too_long",
        format!("单元格 {address} 超过 {most} 个字。若是文本文件，请检查附近有没有多余的引号。"),
        format!(
            "Cell {address} is longer than {most} characters. In a text file, look for a \
            stray quotation mark nearby."
        ),
    )
    .at(place)
}

/// A row with more text than can be handed on.
pub(super) fn row_too_large(limits: &SheetLimits, place: Place) -> SheetFault {
    let most = limits.row_bytes / (1 << 20);
    refuse(
        "sheet.row_too_large",
        format!("有一行的内容超过 {most} MB，无法导入。"),
        format!("One row holds more than {most} MB and cannot be brought in."),
    )
    .at(place)
}

/// An error value this reader does not know; `value` as written in the file.
pub(super) fn unknown_error_value(value: &str) -> SheetFault {
    let value: String = value.chars().take(32).collect();
    refuse(
        "sheet.unknown_error_value",
        format!("表格中有无法识别的错误值“{value}”。请改正该公式后重新另存。"),
        format!(
            "The sheet holds an error value this reader does not know, “{value}”. Correct the \
            formula and save again."
        ),
    )
}

/// Bytes that are no character in the encoding used.
pub(super) fn undecodable(encoding: Encoding, place: Place) -> SheetFault {
    let name = encoding.label();
    let (row, column) = (place.row.unwrap_or(1), place.column.unwrap_or(1));
    refuse(
        "sheet.undecodable",
        format!("第 {row} 行第 {column} 列有无法按 {} 编码读出的字节。请改选编码，或改正该处文字后重新保存。", name.zh),
        format!("Line {row}, column {column}: bytes that are no {} text. Choose another \
            encoding, or correct the text and save again.", name.en),
    )
    .at(place)
}

/// A row with more cells than the header has; reading goes on after it.
pub(super) fn row_too_long(row: u64, cells: usize, header: usize) -> SheetFault {
    refuse(
        ROW_TOO_LONG,
        format!(
            "第 {row} 行有 {cells} 个单元格，而表头只有 {header} 个。请检查该行有没有多余的分隔符。"
        ),
        format!(
            "Row {row} has {cells} cells, but the header has {header}. Look for a stray \
            delimiter in that row."
        ),
    )
    .at(Place::row(row))
}

/// The fault a child reported, if its code is one of ours.
pub(super) fn reported(code: &str, sentence: Sentence, place: Option<Place>) -> Option<SheetFault> {
    let fixed = FIXED.iter().map(|refusal| refusal().code);
    let code = fixed.chain(COMPOSED.iter().copied()).find(|known| *known == code)?;
    Some(SheetFault { code, sentence, place })
}

/// Codes of the refusals a child may compose from what it found.
const COMPOSED: &[&str] = &[
    "sheet.too_many_parts",
    "sheet.unpacks_too_large",
    "sheet.unknown_sheet",
    "sheet.outside_grid",
    "sheet.too_many_columns",
    "sheet.too_many_rows",
    "sheet.cell_too_long",
    "sheet.row_too_large",
    "sheet.unknown_error_value",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn composed() -> Vec<SheetFault> {
        let limits = SheetLimits::default();
        let place = Place::cell(5, 28);
        vec![
            too_many_parts(&limits),
            unpacks_too_large(&limits),
            unknown_sheet("甲", &["乙".to_owned()]),
            outside_grid("ZZZZ1"),
            too_many_columns(&limits, place.clone()),
            too_many_rows(&limits, place.clone()),
            cell_too_long(&limits, place.clone()),
            row_too_large(&limits, place),
            unknown_error_value("#SPILL!"),
        ]
    }

    #[test]
    fn every_fault_a_child_can_send_is_known_to_the_parent() {
        for fault in FIXED.iter().map(|refusal| refusal()).chain(composed()) {
            let again = reported(fault.code, fault.sentence.clone(), fault.place.clone());
            assert_eq!(again.as_ref(), Some(&fault), "{}", fault.code);
        }
        let sentence = Sentence { zh: String::new(), en: String::new() };
        assert_eq!(reported("sheet.invented", sentence, None), None);
    }

    #[test]
    fn codes_are_distinct_and_sentences_are_sentences() {
        let faults: Vec<_> = FIXED.iter().map(|refusal| refusal()).chain(composed()).collect();
        let codes: std::collections::BTreeSet<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes.len(), faults.len());
        for fault in faults {
            assert!(fault.code.starts_with("sheet."));
            assert!(fault.sentence.zh.ends_with('。') && fault.sentence.en.ends_with('.'));
        }
    }

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA"), (16_384, "XFD")] {
            assert_eq!(column_letters(column), letters);
        }
        assert_eq!(Place::cell(1_048_576, 16_384).address().as_deref(), Some("XFD1048576"));
    }
}
