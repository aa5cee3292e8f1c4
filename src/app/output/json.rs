//! A table as one JSON object: heading members, `rows`, `total`.

use std::io::{BufWriter, Write};

use super::{Form, Layout, Result, Total, Value, sink::Sink};

/// The members every table has; no fact may take their names.
pub(super) const MEMBERS: [&str; 4] = ["title", "notes", "rows", "total"];

const BUFFER_BYTES: usize = 64 * 1024;

/// A JSON object being written.
///
/// The object is whole only at its last brace: a file cut short is not JSON, so a reader notices.
pub(super) struct Json {
    sink: BufWriter<Sink>,
    /// `"field":` for each column, escaped once.
    keys: Vec<String>,
    fields: Vec<&'static str>,
    place: Place,
    rows: u64,
    totalled: bool,
    line: Vec<u8>,
}

/// How far the object has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading,
    Rows,
    Tail,
}

impl Json {
    pub(super) fn begin(layout: &Layout, sink: Sink) -> Result<Self> {
        let mut sink = BufWriter::with_capacity(BUFFER_BYTES, sink);
        sink.write_all(b"{\"title\":")?;
        serde_json::to_writer(&mut sink, layout.title())?;
        sink.write_all(b",\n\"notes\":")?;
        serde_json::to_writer(&mut sink, &layout.notes().collect::<Vec<_>>())?;
        let fields: Vec<_> = layout.columns.iter().map(|column| column.field).collect();
        let keys = fields.iter().map(key).collect::<Result<_>>()?;
        let line = Vec::new();
        Ok(Self { sink, keys, fields, place: Place::Heading, rows: 0, totalled: false, line })
    }

    /// Closes the rows, which may have none.
    fn close_rows(&mut self) -> Result<()> {
        let end: &[u8] = match self.place {
            Place::Heading => b",\n\"rows\":[]",
            Place::Rows => b"\n]",
            Place::Tail => b"",
        };
        self.place = Place::Tail;
        Ok(self.sink.write_all(end)?)
    }

    /// `count` is the number of rows, unless a column of that name has a total of its own.
    fn write_total(&mut self, count: u64, values: &[Value]) -> Result<()> {
        self.close_rows()?;
        self.totalled = true;
        let columns = || self.fields.iter().zip(values);
        let own = columns().any(|(field, value)| *field == "count" && *value != Value::Empty);
        self.line.clear();
        self.line.extend_from_slice(b",\n\"total\":{");
        if !own {
            write!(self.line, "\"count\":{count},")?;
        }
        for (key, value) in self.keys.iter().zip(values) {
            if *value != Value::Empty {
                self.line.extend_from_slice(key.as_bytes());
                serde_json::to_writer(&mut self.line, value)?;
                self.line.push(b',');
            }
        }
        // The last comma gives way to the brace; there is always one, as there is always a count.
        self.line.pop();
        self.line.push(b'}');
        Ok(self.sink.write_all(&self.line)?)
    }
}

fn key(field: &&'static str) -> Result<String> {
    Ok(serde_json::to_string(field)? + ":")
}

impl Form for Json {
    fn fact(&mut self, name: &'static str, json: &str) -> Result<()> {
        if self.place == Place::Rows {
            self.close_rows()?;
        }
        let name = key(&name)?;
        Ok(write!(self.sink, ",\n{name}{json}")?)
    }

    fn row(&mut self, row: &[Value]) -> Result<()> {
        self.line.clear();
        self.line.extend_from_slice(match self.place {
            Place::Heading => b",\n\"rows\":[\n{",
            Place::Rows | Place::Tail => b",\n{",
        });
        self.place = Place::Rows;
        for (index, (key, value)) in self.keys.iter().zip(row).enumerate() {
            if index > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(key.as_bytes());
            serde_json::to_writer(&mut self.line, value)?;
        }
        self.line.push(b'}');
        self.rows += 1;
        Ok(self.sink.write_all(&self.line)?)
    }

    fn total(&mut self, total: Total<'_>) -> Result<()> {
        self.write_total(total.count, total.values)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if !self.totalled {
            self.write_total(self.rows, &[])?;
        }
        self.sink.write_all(b"\n}\n")?;
        Ok(self.sink.flush()?)
    }
}
