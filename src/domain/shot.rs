//! When and where a camera says that a photo was taken. Of a photo from the field that is kept beside
//! it, apart from the picture, which is written anew (ux.md §3.10); of any other it is forgotten.

use chrono::{DateTime, Utc};
use entity::attachment::{Model, Subject};
use serde::{Deserialize, Serialize};

use super::distance::Place;

/// What a camera says of a photo; nothing of who held it or what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shot {
    /// When it was taken.
    pub at: Option<DateTime<Utc>>,
    /// Where.
    pub place: Option<Place>,
}

impl Shot {
    /// What is kept of a photo of such a thing: what somebody was sent to see, and no villager's.
    pub fn kept_of(self, subject: Subject) -> Shot {
        match subject {
            Subject::Inspection | Subject::WorkOrder | Subject::Revival => self,
            Subject::Asset
            | Subject::Title
            | Subject::Duty
            | Subject::FaultReport
            | Subject::Spending => Shot::default(),
        }
    }

    /// What is kept of a file.
    pub fn of(file: &Model) -> Shot {
        Shot { at: file.taken_at, place: file.taken_longitude.zip(file.taken_latitude) }
    }
}
