//! The two doors: permission, scope, versions, all or nothing, and who waits for whom.

mod isolation;
mod permission;
mod scope;
