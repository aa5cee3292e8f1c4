//! What an action should have answered.

use std::fmt::Debug;

use taizhang::error::{Error, Result};

/// The rules said no, with this code.
#[track_caller]
pub(crate) fn refused<T: Debug>(answer: Result<T>, code: &str) {
    match answer {
        Err(Error::Refused(refusal)) => assert_eq!(refusal.code, code, "{refusal}"),
        other => panic!("expected the refusal {code}, not {other:?}"),
    }
}

/// This field was filled in wrongly, and no other.
#[track_caller]
pub(crate) fn invalid<T: Debug>(answer: Result<T>, field: &str) {
    match answer {
        Err(Error::Invalid(mistakes)) => {
            let fields: Vec<_> = mistakes.0.iter().map(|mistake| &*mistake.field).collect();
            assert_eq!(fields, [field], "{mistakes:?}");
        }
        other => panic!("expected a mistake in {field}, not {other:?}"),
    }
}

/// Not there, or not to be seen.
#[track_caller]
pub(crate) fn not_found<T: Debug>(answer: Result<T>) {
    match answer {
        Err(Error::NotFound(_)) => {}
        other => panic!("expected not found, not {other:?}"),
    }
}

/// The role does not permit it.
#[track_caller]
pub(crate) fn forbidden<T: Debug>(answer: Result<T>) {
    match answer {
        Err(Error::Forbidden | Error::NotPermitted(_)) => {}
        other => panic!("expected forbidden, not {other:?}"),
    }
}

/// Somebody else was faster.
#[track_caller]
pub(crate) fn conflict<T: Debug>(answer: Result<T>) {
    match answer {
        Err(Error::Conflict) => {}
        other => panic!("expected a conflict, not {other:?}"),
    }
}

/// The value is used already.
#[track_caller]
pub(crate) fn taken<T: Debug>(answer: Result<T>) {
    match answer {
        Err(Error::Taken(_)) => {}
        other => panic!("expected taken, not {other:?}"),
    }
}
