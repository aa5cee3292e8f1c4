//! Parses the command line, runs the command, and turns an error into an exit code.

use std::process::ExitCode;

/// Rows are made on one thread and let go on another: the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    taizhang::cli::main()
}
