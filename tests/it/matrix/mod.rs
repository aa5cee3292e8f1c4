//! Nobody sees what is not theirs.
//!
//! - `calls`: one row for every operation of the service; `operation` asks it.
//! - `cells`: every operation, asked by every role in every relation to what it is about: the
//!   answer is the one that the table says, and nothing but a success leaves a trace.
//! - `scan`: thousands of answers looked through for what their reader may not see. As many as
//!   wanted: `TAIZHANG_ANSWERS=200000 cargo nextest run -E 'test(nobody_is_shown)'`.
//! - `pages`: every page, looked at by every role in every relation, and looked through like
//!   any other answer.
//! - `forms` and `elsewhere`: every form, sent without its mark, and about what lies elsewhere.
//! - `faults`: with the feature `broken`, each scope filter of the store is left out once, and the
//!   scan must notice: `cargo nextest run --features broken -E 'test(is_noticed)'`.

mod calls;
mod calls_of_oversight;
mod calls_of_upkeep;
mod canary;
mod cells;
mod country;
mod elsewhere;
mod faults;
mod forms;
mod money;
mod operation;
mod page_table;
mod pages;
mod public;
mod question;
mod scan;
mod thing;
mod totals;
mod version;

pub(crate) use cells::tell;
pub(crate) use pages::{About, PAGES, shown};
