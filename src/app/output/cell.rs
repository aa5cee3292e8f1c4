//! How a value becomes a cell of a workbook.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Worksheet, XlsxError,
};

use super::{ColumnKind, Value, formula::is_formula_like, value::truth};
use entity::language::Language;

/// How many significant digits a spreadsheet keeps of a number.
const DIGITS: u32 = 15;

/// Older Excel draws more than 255 characters in a text-formatted cell as `####`; counted in bytes,
/// which is never less.
const TEXT_FORMAT_BYTES: usize = 255;

const HEADER_GREY: Color = Color::RGB(0x00E7_EBF0);

/// The looks of one kind of row.
pub(super) struct Styles {
    plain: Style,
    text: Style,
    quoted: Style,
    /// A remark, too long for the text format; set left, since a cell without any look of its own
    /// takes the look of its column.
    long: Style,
    /// A number too long for a number cell.
    figures: Style,
    integer: Style,
    ordinal: Style,
    money: Style,
    /// By count of decimals.
    decimals: Vec<Style>,
    date: Style,
    instant: Style,
}

impl Styles {
    /// The looks of an ordinary row.
    pub(super) fn of_rows() -> Self {
        Self::on(&Style::new())
    }

    /// The looks of the totals row.
    pub(super) fn of_totals() -> Self {
        Self::on(&Style::new().set_bold().set_border_top(FormatBorder::Thin))
    }

    fn on(plain: &Style) -> Self {
        let with = |format: &str| plain.clone().set_num_format(format);
        let decimals = (0..=DIGITS as usize).map(|places| match places {
            0 => with("#,##0"),
            _ => with(&format!("#,##0.{}", "0".repeat(places))),
        });
        Self {
            plain: plain.clone(),
            text: with("@"),
            quoted: with("@").set_quote_prefix(),
            long: plain.clone().set_align(FormatAlign::Left),
            figures: with("@").set_align(FormatAlign::Right),
            integer: with("#,##0"),
            ordinal: with("0"),
            money: with("#,##0.00"),
            decimals: decimals.collect(),
            date: with("yyyy-mm-dd"),
            instant: with("yyyy-mm-dd hh:mm:ss"),
        }
    }

    /// The look of a column, for what is typed below the table later.
    pub(super) fn of_kind(&self, kind: ColumnKind) -> &Style {
        match kind {
            ColumnKind::Text | ColumnKind::Truth => &self.text,
            ColumnKind::Integer => &self.integer,
            ColumnKind::Ordinal => &self.ordinal,
            ColumnKind::Money => &self.money,
            ColumnKind::Decimal => &self.plain,
            ColumnKind::Date => &self.date,
            ColumnKind::Instant => &self.instant,
        }
    }

    fn of_text(&self, text: &str) -> &Style {
        if is_formula_like(text) {
            return &self.quoted;
        }
        if text.len() > TEXT_FORMAT_BYTES { &self.long } else { &self.text }
    }
}

/// The look of the title above the table.
pub(super) fn title_style() -> Style {
    Style::new().set_bold().set_font_size(14)
}

/// The look of a note above the table.
pub(super) fn note_style() -> Style {
    Style::new().set_font_color(Color::Gray)
}

/// The look of the header line.
pub(super) fn header_style() -> Style {
    Style::new()
        .set_bold()
        .set_background_color(HEADER_GREY)
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
}

/// Writes the cells of one row.
pub(super) struct Pen<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) styles: &'a Styles,
    pub(super) row: u32,
    pub(super) language: Language,
    pub(super) clock: FixedOffset,
}

impl Pen<'_> {
    /// Writes a value; what no number or date cell can hold exactly becomes its exact text.
    pub(super) fn write(
        &mut self,
        place: u16,
        kind: ColumnKind,
        value: &Value,
    ) -> Result<(), XlsxError> {
        let styles = self.styles;
        match value {
            Value::Empty => self.blank(place),
            Value::Text(text) => self.text(place, text, styles.of_text(text)),
            Value::Truth(truly) => self.text(place, truth(*truly, self.language), &styles.text),
            Value::Integer(count) => {
                let ordinal = kind == ColumnKind::Ordinal;
                let style = if ordinal { &styles.ordinal } else { &styles.integer };
                self.number(place, Decimal::from(*count), style, value)
            }
            Value::Money(money) => self.number(place, money.yuan(), &styles.money, value),
            Value::Decimal(amount) => {
                let style = styles.decimals.get(amount.scale() as usize).unwrap_or(&styles.plain);
                self.number(place, *amount, style, value)
            }
            Value::Date(date) => self.time(place, day(*date), &styles.date, value),
            Value::Instant(instant) => {
                self.time(place, moment(*instant, self.clock), &styles.instant, value)
            }
        }
    }

    /// A blank cell carries a border only where the row has one.
    fn blank(&mut self, place: u16) -> Result<(), XlsxError> {
        if self.styles.plain != Style::new() {
            self.sheet.write_blank(self.row, place, &self.styles.plain)?;
        }
        Ok(())
    }

    fn text(&mut self, place: u16, text: &str, style: &Style) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, place, text, style)?;
        Ok(())
    }

    fn number(
        &mut self,
        place: u16,
        amount: Decimal,
        style: &Style,
        value: &Value,
    ) -> Result<(), XlsxError> {
        match cell_number(amount) {
            Some(number) => {
                self.sheet.write_number_with_format(self.row, place, number, style)?;
                Ok(())
            }
            None => self.exact(place, value),
        }
    }

    fn time(
        &mut self,
        place: u16,
        time: Option<ExcelDateTime>,
        style: &Style,
        value: &Value,
    ) -> Result<(), XlsxError> {
        match time {
            Some(time) => {
                self.sheet.write_datetime_with_format(self.row, place, time, style)?;
                Ok(())
            }
            None => self.exact(place, value),
        }
    }

    fn exact(&mut self, place: u16, value: &Value) -> Result<(), XlsxError> {
        let mut text = String::new();
        value.write_plain(&mut text, self.language, self.clock);
        self.text(place, &text, &self.styles.figures)
    }
}

/// The number a cell holds for an amount, none when its significant digits are too many.
///
/// The only place where an amount leaves decimal arithmetic. Nothing is computed with the result:
/// the nearest double of at most 15 digits is written back with the very same digits.
fn cell_number(amount: Decimal) -> Option<f64> {
    let mut digits = amount.mantissa().unsigned_abs();
    let most = 10_u128.pow(DIGITS);
    while digits >= most && digits.is_multiple_of(10) {
        digits /= 10;
    }
    if digits >= most {
        return None;
    }
    amount.to_string().parse().ok()
}

/// A day as Excel counts it, none after 9999 and none before March 1900: Excel counts a
/// 29 February 1900 that never was, so earlier numbers mean other days to other programs.
fn day(date: NaiveDate) -> Option<ExcelDateTime> {
    if (date.year(), date.month()) < (1900, 3) {
        return None;
    }
    let year = u16::try_from(date.year()).ok()?;
    let month = u8::try_from(date.month()).ok()?;
    ExcelDateTime::from_ymd(year, month, u8::try_from(date.day()).ok()?).ok()
}

/// A moment as Excel counts it on a clock, to the second.
pub(super) fn moment(instant: DateTime<Utc>, clock: FixedOffset) -> Option<ExcelDateTime> {
    let local = instant.with_timezone(&clock).naive_local();
    let hour = u16::try_from(local.hour()).ok()?;
    let minute = u8::try_from(local.minute()).ok()?;
    day(local.date())?.and_hms(hour, minute, local.second()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use entity::money::Money;

    #[test]
    fn numbers_past_fifteen_digits_stay_text() {
        assert!(cell_number(Money::from_fen(999_999_999_999_999).yuan()).is_some());
        assert!(cell_number(Money::MAX.yuan()).is_some());
        assert!(cell_number(Decimal::new(1_000_000_000_000_001, 2)).is_none());
        assert!(cell_number(Decimal::new(1_000_000_000_000_000_000, 2)).is_some());
        assert!(cell_number(Decimal::new(i64::MIN, 2)).is_none());
        assert!(cell_number(Decimal::from_i128_with_scale(1, 28)).is_some());
    }

    #[test]
    fn days_excel_cannot_count_are_refused() {
        let on = |year, month, day_of_month| {
            day(NaiveDate::from_ymd_opt(year, month, day_of_month).unwrap())
        };
        assert!(on(1900, 3, 1).is_some() && on(9999, 12, 31).is_some());
        assert!(on(1900, 2, 28).is_none() && on(10000, 1, 1).is_none());
    }

    proptest! {
        #[test]
        fn a_cell_number_is_written_with_the_digits_of_the_amount(
            fen in -999_999_999_999_999_i64..=999_999_999_999_999,
        ) {
            let amount = Money::from_fen(fen).yuan();
            let written = cell_number(amount).unwrap().to_string();
            prop_assert_eq!(written.parse::<Decimal>().unwrap(), amount);
        }
    }
}
