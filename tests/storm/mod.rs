//! What is done to the running program to knock it over: killed, hung up on, raced, slowed down,
//! and run three times over one database. The rig does it at length, `cargo test` in short.
//!
//! Each part takes a [`Site`] and a size, and finds what it counted and what was not as it must
//! be. Everything random comes from a seed, which is among the figures.

mod chance;
mod client;
pub(crate) mod editors;
mod found;
pub(crate) mod hang_ups;
pub(crate) mod instances;
pub(crate) mod kills;
pub(crate) mod racers;
mod server;
mod site;
pub(crate) mod slow;
mod writer;

pub(crate) use chance::Chance;
pub(crate) use found::Found;
pub(crate) use server::Server;
pub(crate) use site::Site;
