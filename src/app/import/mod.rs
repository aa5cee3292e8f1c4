//! Importing: a sheet carried out whole or not at all, tried first if asked, and undone while
//! nobody has touched what it made.

mod area;
mod asset;
mod asset_batch;
mod asset_change;
mod carry_out;
mod duty;
pub mod layout;
pub mod map;
mod organization;
pub mod origin;
pub mod outcome;
mod project;
mod resolve;
pub mod returned;
pub mod undo;

pub use carry_out::{Failure, Request, carry_out};
