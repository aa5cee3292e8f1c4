//! The ledger through its doors, on the database that `TEST_DATABASE_URL` names or in a file.

mod export;
mod report;
mod report_town;
mod sheet;
mod sheet_child;
mod verify;
