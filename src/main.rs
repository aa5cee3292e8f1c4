//! Parses the command line, runs the command, and turns an error into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    taizhang::cli::main()
}
