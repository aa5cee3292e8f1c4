//! The process that looks into files: it limits itself first, then reads its standard input.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Write as _},
    os::fd::AsFd as _,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use super::{
    format::{self, Taken},
    wire::{Fault, Message},
};
use crate::{app::sheet::child::confine, limits};

/// The hidden subcommand under which the program runs as the child.
pub const SUBCOMMAND: &str = "read-attachment";

/// Looks into the file at standard input and tells of it on standard output.
///
/// To be called before any thread is started, since each one takes up address space.
pub fn run() -> ExitCode {
    let taken = look();
    let told = tell(&taken);
    if told.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn look() -> Result<Taken, Fault> {
    let failed = |_: io::Error| Fault::ReaderFailed;
    confine(limits::FILE_READER_MEMORY, limits::FILE_READER_SECONDS).map_err(failed)?;
    std::panic::set_hook(Box::new(|_| {}));
    let input = io::stdin().as_fd().try_clone_to_owned().map_err(failed)?;
    let mut bytes = Vec::new();
    let most = limits::DOCUMENT_BYTES + 1;
    File::from(input).take(most).read_to_end(&mut bytes).map_err(failed)?;
    // readers panic on what they did not expect
    catch_unwind(AssertUnwindSafe(|| format::look(&bytes))).unwrap_or(Err(Fault::Broken))
}

fn tell(taken: &Result<Taken, Fault>) -> io::Result<()> {
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    let mut output = BufWriter::new(File::from(output));
    let refused;
    let (message, drawn) = match taken {
        Ok(taken) => (&taken.message, taken.drawn.as_ref()),
        Err(fault) => {
            refused = Message::Refused(*fault);
            (&refused, None)
        }
    };
    serde_json::to_writer(&mut output, message)?;
    output.write_all(b"\n")?;
    if let Some(drawn) = drawn {
        output.write_all(&drawn.kept)?;
        output.write_all(&drawn.preview)?;
    }
    output.flush()
}
