//! The parent's side of reading a workbook: starts the child, bounds it, checks what it says.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::cell::Row;
use super::child::SUBCOMMAND;
use super::encoding::read_some;
use super::fault::{self, SheetFault};
use super::limits::{GRID_ROWS, SheetLimits};
use super::wire::Message;
use super::workbook::{Opened, Request};

/// Bytes taken from the child at a time.
const CHUNK: usize = 64 << 10;

/// Chunks that may wait for the caller before the child is made to wait.
const CHUNKS_WAITING: usize = 4;

/// A workbook being read by a child. Dropping it ends the child.
pub(super) struct Reading {
    child: Child,
    chunks: Option<Receiver<Vec<u8>>>,
    pump: Option<JoinHandle<()>>,
    pending: Vec<u8>,
    used: usize,
    patience: Duration,
    limits: SheetLimits,
    header_row: u64,
    last_number: u64,
    rows: u64,
    ended: bool,
}

impl Reading {
    /// Has `program` read `file` from its current position, and waits until it is open.
    pub(super) fn start(
        program: &Path,
        file: File,
        request: &Request,
        header_row: Option<u64>,
    ) -> Result<(Self, Opened), SheetFault> {
        let mut child = spawn(program, file, request)?;
        let output = child.stdout.take().ok_or_else(fault::reader_failed)?;
        let (sender, chunks) = sync_channel(CHUNKS_WAITING);
        let mut reading = Self {
            child,
            chunks: Some(chunks),
            pump: Some(std::thread::spawn(move || pump(output, &sender))),
            pending: Vec::new(),
            used: 0,
            patience: request.limits.patience,
            limits: request.limits,
            header_row: header_row.unwrap_or(1),
            last_number: 0,
            rows: 0,
            ended: false,
        };
        match reading.message()? {
            Message::Opened(opened) if opened.sheets.contains(&opened.sheet) => {
                Ok((reading, opened))
            }
            Message::Fault(reported) => Err(reported.into()),
            _ => Err(fault::reader_failed()),
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, SheetFault> {
        loop {
            let row = match self.message()? {
                Message::Row(row) => row,
                Message::End { rows } if rows == self.rows => return Ok(None),
                Message::Fault(reported) => return Err(reported.into()),
                Message::Opened(_) | Message::End { .. } => return Err(fault::reader_failed()),
            };
            self.check(&row)?;
            if row.number >= self.header_row {
                return Ok(Some(row));
            }
        }
    }

    fn check(&mut self, row: &Row) -> Result<(), SheetFault> {
        self.rows += 1;
        let in_order = row.number > self.last_number && row.number <= GRID_ROWS;
        let within = self.rows <= self.limits.rows
            && (1..=self.limits.columns as usize).contains(&row.cells.len());
        self.last_number = row.number;
        if in_order && within { Ok(()) } else { Err(fault::reader_failed()) }
    }

    fn message(&mut self) -> Result<Message, SheetFault> {
        let mut searched = self.used;
        let end = loop {
            let found = self.pending[searched..].iter().position(|byte| *byte == b'\n');
            if let Some(end) = found {
                break searched + end;
            }
            if self.pending.len() - self.used > self.limits.row_bytes {
                return Err(fault::reader_failed());
            }
            self.pending.drain(..self.used);
            self.used = 0;
            searched = self.pending.len();
            let chunk = self.next_chunk()?;
            self.pending.extend_from_slice(&chunk);
        };
        let line = &self.pending[self.used..end];
        self.used = end + 1;
        serde_json::from_slice(line).map_err(|_| fault::reader_failed())
    }

    /// The next bytes from the child; only the time spent waiting here tries the patience.
    fn next_chunk(&mut self) -> Result<Vec<u8>, SheetFault> {
        let chunks = self.chunks.as_ref().ok_or_else(fault::reader_failed)?;
        let asked = Instant::now();
        let received = chunks.recv_timeout(self.patience);
        self.patience = self.patience.saturating_sub(asked.elapsed());
        received.map_err(|error| match error {
            RecvTimeoutError::Timeout => fault::out_of_time(),
            RecvTimeoutError::Disconnected => self.cause_of_end(),
        })
    }

    /// Why the child ended without saying so.
    fn cause_of_end(&mut self) -> SheetFault {
        /// Asks for more processor time than the child gave itself.
        const CPU_LIMIT: i32 = 24;
        /// An abort: memory ran out, if the last words say so.
        const ABORT: i32 = 6;
        /// A kill that was not ours: the kernel was short of memory.
        const KILL: i32 = 9;
        let signal = self.child.wait().ok().and_then(|status| status.signal());
        let last_words = self.child.stderr.take().map(last_words).unwrap_or_default();
        match signal {
            Some(CPU_LIMIT) => fault::out_of_time(),
            Some(KILL) => fault::out_of_memory(),
            Some(ABORT) if last_words.contains("memory allocation of") => fault::out_of_memory(),
            Some(_) => fault::broken_workbook(),
            None => fault::reader_failed(),
        }
    }

    fn stop(&mut self) {
        self.ended = true;
        // Killing one that has ended already is no error worth telling.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.chunks = None;
        if let Some(pump) = self.pump.take() {
            let _ = pump.join();
        }
    }
}

impl Iterator for Reading {
    type Item = Result<Row, SheetFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_row().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.stop();
        }
        next
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn(program: &Path, file: File, request: &Request) -> Result<Child, SheetFault> {
    let request = serde_json::to_string(request).map_err(|_| fault::reader_failed())?;
    Command::new(program)
        .args([SUBCOMMAND, &request])
        // The child needs no secret of ours.
        .env_clear()
        // the allocator sets address space aside before the child limits itself
        .env("MIMALLOC_ARENA_RESERVE", "16MiB")
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| fault::reader_failed())
}

/// Carries the child's output over, so that waiting for it can be given up.
fn pump(mut output: ChildStdout, chunks: &SyncSender<Vec<u8>>) {
    let mut buffer = vec![0; CHUNK];
    while let Ok(read @ 1..) = read_some(&mut output, &mut buffer) {
        if chunks.send(buffer[..read].to_vec()).is_err() {
            return;
        }
    }
}

fn last_words(errors: ChildStderr) -> String {
    const MOST: u64 = 4 << 10;
    let mut words = Vec::new();
    let _: io::Result<usize> = errors.take(MOST).read_to_end(&mut words);
    String::from_utf8_lossy(&words).into_owned()
}
