//! `verify` finds what somebody with the database, or with the database and the key, has altered,
//! and finds nothing where nobody has.

mod attachment;
mod kit;
mod log;
mod proofs;
mod rows;
