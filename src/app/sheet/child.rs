//! The process that opens workbooks: it limits itself first, then reads its standard input.

use std::any::Any;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::cell::Row;
use super::fault::{self, Place, SheetFault};
use super::limits::SheetLimits;
use super::wire::Message;
use super::workbook::{self, Opened, Request, Sink};

/// The hidden subcommand under which the program runs as the child, with the request after it.
pub const SUBCOMMAND: &str = "read-sheet";

/// Carries out `request` on the workbook at standard input and tells of it on standard output.
///
/// To be called before any thread is started, since each one takes up address space.
pub fn run(request: &str) -> ExitCode {
    let (Ok(request), Ok(pipe)) = (serde_json::from_str::<Request>(request), standard_output())
    else {
        return ExitCode::FAILURE;
    };
    let mut line = Vec::new();
    let mut output = Output { limits: request.limits, pipe, line: &mut line, rows: 0 };
    let result = limit_self(&request.limits).and_then(|()| read_guarded(&request, &mut output));
    let last = match result {
        Ok(()) => Message::End { rows: output.rows },
        Err(fault) => Message::Fault(fault.into()),
    };
    let told = output.send(&last).is_ok() && output.pipe.flush().is_ok();
    if told { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn standard_output() -> io::Result<BufWriter<File>> {
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    Ok(BufWriter::with_capacity(64 << 10, File::from(output)))
}

/// Sets the limits that the kernel keeps; without them nothing is read.
fn limit_self(limits: &SheetLimits) -> Result<(), SheetFault> {
    let (memory, cpu) = (limits.child_memory_bytes, limits.child_cpu_seconds);
    confine(memory, cpu).map_err(|_| fault::reader_failed())
}

/// Limits this process: bytes of address space, seconds of processor time, and no file written.
pub(in crate::app) fn confine(memory: u64, cpu: u64) -> io::Result<()> {
    // At the first processor limit the kernel names its reason, at the second it only kills.
    for (resource, current, maximum) in [
        (Resource::As, memory, memory),
        (Resource::Cpu, cpu, cpu + 1),
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
    ] {
        let limit = Rlimit { current: Some(current), maximum: Some(maximum) };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

fn read_guarded(request: &Request, output: &mut Output<'_>) -> Result<(), SheetFault> {
    std::panic::set_hook(Box::new(|_| {}));
    let input = io::stdin().as_fd().try_clone_to_owned().map_err(|_| fault::unreadable_file())?;
    let reading = || workbook::read(File::from(input), request, output);
    catch_unwind(AssertUnwindSafe(reading)).unwrap_or_else(|panic| Err(fault_of_panic(&*panic)))
}

/// The workbook reader panics on content it did not expect, and on sizes no memory could hold.
fn fault_of_panic(panic: &(dyn Any + Send)) -> SheetFault {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    match message.or_else(|| panic.downcast_ref::<&str>().copied()) {
        Some("capacity overflow") => fault::out_of_memory(),
        _ => fault::broken_workbook(),
    }
}

/// Standard output, a message a line.
struct Output<'a> {
    limits: SheetLimits,
    pipe: BufWriter<File>,
    line: &'a mut Vec<u8>,
    rows: u64,
}

impl Output<'_> {
    fn send(&mut self, message: &Message) -> Result<(), SheetFault> {
        self.line.clear();
        serde_json::to_writer(&mut *self.line, message).map_err(|_| fault::reader_failed())?;
        if self.line.len() > self.limits.row_bytes {
            let place = if let Message::Row(row) = message { row.number } else { 0 };
            return Err(fault::row_too_large(&self.limits, Place::row(place)));
        }
        self.line.push(b'\n');
        self.pipe.write_all(self.line).map_err(|_| fault::reader_failed())
    }
}

impl Sink for Output<'_> {
    fn opened(&mut self, opened: Opened) -> Result<(), SheetFault> {
        self.send(&Message::Opened(opened))
    }

    fn row(&mut self, row: Row) -> Result<(), SheetFault> {
        self.send(&Message::Row(row))?;
        self.rows += 1;
        Ok(())
    }
}
