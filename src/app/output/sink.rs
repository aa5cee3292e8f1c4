//! The place the bytes go, quiet after its first failure.

use std::io::{self, Write};

/// A sink that reports its first failure once and swallows whatever is written after it.
///
/// Buffers and archive writers flush again when dropped: without this they would write to a closed
/// pipe a second time, some with a complaint on standard error.
pub(super) struct Sink {
    inner: Box<dyn Write + Send>,
    failed: bool,
}

impl Sink {
    pub(super) fn new(inner: Box<dyn Write + Send>) -> Self {
        Self { inner, failed: false }
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        // An interrupted call is tried again by the caller.
        self.failed |=
            result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        result
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.note(flushed)
    }
}
