//! Tests through the real doors, on every database there is.

mod verify;
