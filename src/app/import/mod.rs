//! Importing: a sheet carried out whole or not at all, tried first if asked, and undone while
//! nobody has touched what it made.

pub mod answer;
mod area;
mod asset;
mod asset_batch;
mod asset_change;
mod budget;
mod carry_out;
pub mod column_choice;
mod duty;
pub mod layout;
pub mod likeness;
pub mod map;
pub mod mend;
mod organization;
pub mod origin;
pub mod outcome;
mod project;
mod resolve;
pub mod returned;
pub mod template;
pub mod undo;
pub mod unit;

pub use carry_out::{Failure, Request, action, carry_out};
