//! Everybody the tests know. None of them may ever show in the log.

use entity::{
    area::AreaCode,
    id::{OrganizationId, PersonId},
};
use taizhang::{
    app,
    domain::{masking::Contact, permission::Action},
    store::Actor,
};

use super::Town;

/// Names and telephones, all invented.
pub(crate) const PEOPLE: [(&str, &str); 6] = [
    ("欧阳铁柱", "13987654321"),
    ("蒙阿妹", "15112340987"),
    ("龙正光", "18809876543"),
    ("潘老四", "0851-87654321"),
    ("Wu Lanhua", "13611112222"),
    ("令狐冲之", "13700001111"),
];

/// One of them.
pub(crate) fn contact(place: usize) -> Contact {
    let (name, phone) = PEOPLE[place % PEOPLE.len()];
    Contact { name: name.to_owned(), phone: phone.to_owned() }
}

impl Town {
    /// Registers an organization with one of the people as its contact.
    pub(crate) async fn organization(&self, area: AreaCode, name: &str) -> OrganizationId {
        let row = taizhang::domain::organization::blank(area, name);
        let (operator, contact) = (Actor::operator(), contact(name.len()));
        let made = app::organization::register(&self.ledger, &operator, row, Some(&contact)).await;
        made.expect("an organization").id
    }

    /// One of the people, as a person of the ledger.
    pub(crate) async fn person(&self, area: AreaCode, place: usize) -> PersonId {
        let contact = contact(place);
        let operator = Actor::operator();
        let made = self.ledger.write(&operator, Action::AssignDuty, async |write| {
            app::person::find_or_put_in(write, area, &contact, None).await
        });
        made.await.expect("a person").id
    }
}
