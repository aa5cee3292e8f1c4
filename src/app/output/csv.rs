//! A table as CSV: RFC 4180, UTF-8, one header line, no text a spreadsheet would run.

use std::{borrow::Cow, io::Write};

use ::csv::{Terminator, Writer, WriterBuilder};

use super::{Form, Layout, LineEnd, Result, Total, Value, formula::neutralise, sink::Sink};

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

const BUFFER_BYTES: usize = 64 * 1024;

/// A CSV file being written: the header and the rows, so that it can be imported again.
pub(super) struct Csv {
    layout: Layout,
    writer: Writer<Sink>,
    text: String,
}

impl Csv {
    pub(super) fn begin(layout: Layout, mut sink: Sink) -> Result<Self> {
        if layout.options.csv.mark {
            sink.write_all(BYTE_ORDER_MARK)?;
        }
        let terminator = match layout.options.csv.line_end {
            LineEnd::CrLf => Terminator::CRLF,
            LineEnd::Lf => Terminator::Any(b'\n'),
        };
        let mut writer = WriterBuilder::new()
            .terminator(terminator)
            .buffer_capacity(BUFFER_BYTES)
            .from_writer(sink);
        for column in &*layout.columns {
            writer.write_field(neutralise(layout.header(column)).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
        Ok(Self { layout, writer, text: String::new() })
    }

    fn field(&mut self, value: &Value) -> Result<()> {
        if let Value::Text(text) = value {
            return Ok(self.writer.write_field(neutralise(text).as_bytes())?);
        }
        let options = &self.layout.options;
        self.text.clear();
        value.write_plain(&mut self.text, options.language, options.clock);
        Ok(self.writer.write_field(&self.text)?)
    }

    fn record<'a>(&mut self, values: impl IntoIterator<Item = Cow<'a, Value>>) -> Result<()> {
        for value in values {
            self.field(&value)?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }
}

impl Form for Csv {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        self.record(row.iter().map(Cow::Borrowed))
    }

    fn total(&mut self, total: Total<'_>) -> Result<()> {
        if !self.layout.options.csv.totals {
            return Ok(());
        }
        let label = total.label.text(self.layout.options.language).to_owned();
        let place = total.values.iter().position(|value| *value == Value::Empty);
        self.record(total.values.iter().enumerate().map(|(index, value)| {
            if Some(index) == place {
                return Cow::Owned(Value::Text(label.clone()));
            }
            Cow::Borrowed(value)
        }))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.writer.flush()?;
        Ok(())
    }
}
