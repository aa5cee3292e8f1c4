//! Faults put in on purpose, to show that a test catches them. They exist only in a build with the
//! feature `broken`, where the environment variable `TAIZHANG_BROKEN` names the one that is in
//! force; in every other build [`is`] is false and the compiler leaves the fault out.

/// Whether the fault of a name is in force.
#[expect(
    clippy::disallowed_methods,
    reason = "no setting of the program: it exists in no build that serves anybody"
)]
pub fn is(name: &str) -> bool {
    cfg!(feature = "broken") && std::env::var("TAIZHANG_BROKEN").is_ok_and(|broken| broken == name)
}
