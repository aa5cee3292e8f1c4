//! Signing in: what lets people in, what keeps them out, what follows from it, what is kept of it.

mod credential;
mod link;
mod once;
mod secrets;
mod session;
mod throttle;
