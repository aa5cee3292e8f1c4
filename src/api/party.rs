//! What organizations and people have in common over the API: contacts, which are masked unless
//! they are revealed, and how either ends.

use chrono::NaiveDate;
use entity::area::AreaCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        masking::Contact,
        mistake::{Mistake, Mistakes},
        reading,
    },
    error::Result,
    limits,
};

/// A name and a telephone, as they are sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// The name.
    name: String,
    /// The telephone, where there is one.
    phone: Option<String>,
    /// Of a person: where they belong; the area of the first asset when nothing is said.
    #[schema(value_type = Option<String>)]
    pub(super) area_code: Option<AreaCode>,
}

impl NewContact {
    /// The contact. Mistakes name the field and never what stood there.
    pub(super) fn contact(&self) -> Result<Contact> {
        let mut mistakes = Mistakes::default();
        let mut taken = |field, read: Result<String, reading::Unreadable>| {
            read.unwrap_or_else(|wrong| {
                mistakes.push(Mistake::new(field, "", wrong.expected));
                String::new()
            })
        };
        let name = taken("name", reading::name(&self.name, limits::NAME_LENGTH));
        let phone = self.phone.as_deref().filter(|phone| !phone.trim().is_empty());
        let phone = phone.map(|phone| taken("phone", reading::phone(phone))).unwrap_or_default();
        mistakes.into_result()?;
        Ok(Contact { name, phone })
    }
}

/// A name and a telephone: masked, but where they are revealed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// The name.
    name: String,
    /// The telephone; empty when none is recorded.
    phone: String,
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> ContactView {
        ContactView { name: contact.name, phone: contact.phone }
    }
}

/// Why somebody is revealed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// Why; it stays in the log. 1 to 500 characters.
    pub(super) reason: String,
}

/// The last day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// The last day.
    pub(super) on: NaiveDate,
}

/// What came of an ending.
#[derive(Serialize, ToSchema)]
pub struct EndedView {
    /// Who ended.
    id: i64,
    /// The last day.
    ended_on: NaiveDate,
    /// Duties that fell vacant.
    duties_ended: usize,
    /// The version of the row now.
    pub(super) version: i64,
}

impl EndedView {
    /// What came of the ending of a row that was read at a version.
    pub(super) fn of((id, version): (i64, i64), on: NaiveDate, duties_ended: usize) -> EndedView {
        EndedView { id, ended_on: on, duties_ended, version: version + 1 }
    }
}
