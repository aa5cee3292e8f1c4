//! Every limit in one place. Each is tested at the limit and one past it.

use std::time::Duration;

/// Characters in the name of anything.
pub const NAME_LENGTH: usize = 100;
/// Characters in the name of an organization: some are lists of their parts.
pub const ORGANIZATION_NAME_LENGTH: usize = 200;
/// Characters in a free text.
pub const TEXT_LENGTH: usize = 2_000;
/// Characters in a code or a document number.
pub const CODE_LENGTH: usize = 32;
/// Characters in a sign-in name.
pub const ACCOUNT_NAME_LENGTH: usize = 64;
/// Characters in a reason.
pub const REASON_LENGTH: usize = 500;
/// Assets one action may touch when it names them one by one.
pub const ASSETS_PER_ACTION: usize = 1_000;
/// Parts one asset may be split into, and assets that may be merged at once.
pub const SPLIT_PARTS: usize = 100;
/// Funding rows of one asset.
pub const FUNDING_ROWS: usize = 50;
/// Holders of one right in one asset.
pub const HOLDERS: usize = 100;
/// Days a waiver may run.
pub const WAIVER_DAYS: i64 = 366;
/// Changed rows in one log entry; a larger action appends several.
pub const CHANGES_PER_ENTRY: usize = 500;
/// Changed rows held in memory before they are written to the log.
pub const CHANGES_BUFFERED: usize = 4_000;
/// Statements that may wait for the database while the next rows are made.
pub const STATEMENTS_WAITING: usize = 16;
/// Rows read ahead and checked together in an import.
pub const IMPORT_BATCH: usize = 1_000;
/// Mistakes reported one by one for a sheet; beyond it they are counted.
pub const MISTAKES_SHOWN: usize = 1_000;
/// Candidates named when a name is ambiguous.
pub const CANDIDATES_SHOWN: usize = 5;
/// Rows of one read of a long list.
pub const READ_BATCH: u64 = 1_000;
/// Bytes of a map file.
pub const MAP_FILE_BYTES: u64 = 256 * 1024;

/// Connections at once.
pub const CONNECTIONS: usize = 1_024;
/// Connections at once from one address.
pub const CONNECTIONS_PER_ADDRESS: usize = 64;
/// Requests carried out at once; more are told to come again.
pub const REQUESTS_AT_ONCE: usize = 256;
/// When a caller who was turned away may come again.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
/// How long the first byte of a connection may take, and the headers of a request.
pub const HEADER_TIME: Duration = Duration::from_secs(10);
/// Bytes of the headers of a request.
pub const HEADER_BYTES: usize = 16 * 1024;
/// Headers of a request.
pub const HEADERS: usize = 64;
/// How long the body of a request may take.
pub const BODY_TIME: Duration = Duration::from_secs(30);
/// How long an answer may wait for its reader.
pub const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long a connection may be silent.
pub const IDLE_TIME: Duration = Duration::from_secs(75);
/// How long a request may take until its caller is told to come again.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long requests under way may take when the service ends.
pub const DRAIN_TIME: Duration = Duration::from_secs(20);
/// Bytes of a JSON body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Levels of nesting in a JSON body.
pub const BODY_DEPTH: usize = 32;
/// Bytes of a sheet brought in over the network.
pub const UPLOAD_BYTES: u64 = 50 * 1024 * 1024;
/// Rows of one page of a list.
pub const PAGE_ROWS: u64 = 200;
/// Rows of one page of a list when the caller does not say.
pub const PAGE_ROWS_USUAL: u64 = 50;
/// Characters of a search.
pub const SEARCH_LENGTH: usize = 64;
/// Bytes of one line of a dump: some sixty times the longest entry an import makes.
pub const DUMP_LINE_BYTES: usize = 64 * 1024 * 1024;
