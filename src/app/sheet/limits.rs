//! What one brought-in table may cost at most, and the bounds of the grid itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Rows of a spreadsheet grid, as every program that writes `.xlsx` has it.
pub(super) const GRID_ROWS: u64 = 1_048_576;

/// Columns of a spreadsheet grid (`XFD` is the last).
pub(super) const GRID_COLUMNS: u32 = 16_384;

/// What reading one file may cost; a file that asks for more is refused, never cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLimits {
    /// Bytes of the file as brought in.
    pub upload_bytes: u64,
    /// Bytes a zip container may hold once unpacked, counted while unpacking.
    pub unpacked_bytes: u64,
    /// How many times larger than the file the unpacked container may be.
    pub unpacked_ratio: u64,
    /// Unpacked bytes below which the ratio is not looked at: small files of empty cells pack well.
    pub ratio_from_bytes: u64,
    /// Parts in a zip container.
    pub container_parts: usize,
    /// Rows that hold anything.
    pub rows: u64,
    /// Columns; a value to the right of the last one is refused by its address.
    pub columns: u32,
    /// Characters in one cell (spreadsheets themselves stop at 32,767).
    pub cell_characters: usize,
    /// Bytes of one row on its way from the child.
    pub row_bytes: usize,
    /// Bytes of address space the child gives itself.
    pub child_memory_bytes: u64,
    /// Seconds of processor time the child gives itself.
    pub child_cpu_seconds: u64,
    /// How long the parent waits for the child in all; the caller's own time is not counted.
    pub patience: Duration,
}

impl Default for SheetLimits {
    fn default() -> Self {
        Self {
            upload_bytes: 50 * MEBIBYTE,
            unpacked_bytes: 200 * MEBIBYTE,
            unpacked_ratio: 100,
            ratio_from_bytes: 20 * MEBIBYTE,
            container_parts: 200,
            rows: 1_000_000,
            columns: 200,
            cell_characters: 32_767,
            row_bytes: 4 << 20,
            child_memory_bytes: 512 * MEBIBYTE,
            child_cpu_seconds: 15,
            patience: Duration::from_secs(20),
        }
    }
}

impl SheetLimits {
    /// What a file may cost that the operator of the machine names on the command line: text is
    /// read as a stream, so its size costs time alone.
    pub fn for_operator() -> Self {
        Self { upload_bytes: 4096 * MEBIBYTE, rows: 5_000_000, ..Self::default() }
    }
}

const MEBIBYTE: u64 = 1 << 20;
