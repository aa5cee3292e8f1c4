//! Organizations and projects: registered and amended.

use entity::{account::Role, money::Money, organization, project};
use taizhang::{
    app,
    domain::{
        organization as bodies, permission::calls_offices, project as projects, title::Party,
    },
    limits,
};

use crate::harness::{
    Town,
    expect::{invalid, not_found, refused, taken},
    people::{PEOPLE, contact},
    town::{OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_A2, code, day},
};

on_both!(
    organizations_are_checked,
    a_contact_is_sealed_and_its_telephone_is_for_whoever_may_call,
    the_telephone_of_an_office_elsewhere_is_masked,
    projects_are_checked_and_numbered_once_a_county,
);

async fn organizations_are_checked(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let register = async |row| app::organization::register(ledger, &clerk, row, None).await;
    let body = |name: &str| bodies::blank(code(VILLAGE_A1), name);
    invalid(register(body("")).await, "name");
    invalid(register(body(&"长".repeat(limits::ORGANIZATION_NAME_LENGTH + 1))).await, "name");
    let coded = organization::Model { credit_code: Some("12".into()), ..body("公司") };
    invalid(register(coded).await, "credit_code");
    let right = organization::Model {
        credit_code: Some("12100000400009880K".into()),
        ..body(&"长".repeat(limits::ORGANIZATION_NAME_LENGTH))
    };
    let made = register(right).await.expect("registered");
    let amend = async |version, change: fn(organization::Model) -> organization::Model| {
        app::organization::amend(ledger, &clerk, (made.id, version), change).await
    };
    invalid(amend(1, |row| organization::Model { name: String::new(), ..row }).await, "name");
    let elsewhere = |row| organization::Model {
        name: "新名".into(),
        area_code: code(VILLAGE_A2),
        ended_on: Some(day("2020-01-01")),
        contact_id: Some(entity::id::VaultId(1)),
        ..row
    };
    let next = amend(1, elsewhere).await.expect("amended");
    assert_eq!((next.name.as_str(), next.version), ("新名", 2));
    let kept = (next.area_code, next.ended_on, next.contact_id);
    assert_eq!(kept, (made.area_code, None, None), "these change by actions of their own");
}

async fn a_contact_is_sealed_and_its_telephone_is_for_whoever_may_call(town: &Town) {
    let clerk = town.clerk().await;
    let body = bodies::blank(code(VILLAGE_A1), "公司");
    let made = app::organization::register(&town.ledger, &clerk, body, Some(&contact(0))).await;
    let id = made.expect("registered").id;
    let party = Party::Organization(id);
    let (name, phone) = PEOPLE[0];
    for record in town.rows::<entity::vault::Entity>().await {
        let sealed = String::from_utf8_lossy(&record.sealed).into_owned();
        assert!(!sealed.contains(name) && !sealed.contains(phone));
    }
    let seen = async |role| {
        let reader = town.as_role(role).await;
        let named = town.ledger.read(&reader).parties(&[party]).await.expect("named");
        named[&party].phone.clone()
    };
    assert_eq!(seen(Role::Operator).await, phone);
    for role in Role::ALL.iter().copied() {
        let expected = if calls_offices(role) { phone } else { "139****4321" };
        assert_eq!(seen(role).await, expected, "{role:?}");
    }
    // who answers there is a person, and masked for everybody
    let reader = town.as_role(Role::Leader).await;
    let read = town.ledger.read(&reader);
    let row = read.get::<organization::Entity>(id).await.expect("the row");
    let seen = read.contacts_of(std::slice::from_ref(&row)).await.expect("a contact");
    assert_eq!((seen[&id].name.as_str(), seen[&id].phone.as_str()), ("欧***", phone));
    let reader = town.as_role(Role::FinanceApprover).await;
    assert!(town.ledger.reveal(&reader).is_err());
    let reader = town.as_role(Role::FinanceClerk).await;
    let whole = town.ledger.reveal(&reader).expect("allowed").contacts_of(&[row]).await;
    assert_eq!(whole.expect("a contact")[&id].name, name);
}

async fn the_telephone_of_an_office_elsewhere_is_masked(town: &Town) {
    let clerk = town.clerk().await;
    let seen = async |role, party| {
        let reader = town.as_role(role).await;
        let named = town.ledger.read(&reader).parties(&[party]).await.expect("named");
        named[&party].phone.clone()
    };
    let office = bodies::blank(code(TOWN_A), "石桥镇人民政府");
    let made = app::organization::register(&town.ledger, &clerk, office, Some(&contact(0))).await;
    let office = Party::Organization(made.expect("registered").id);
    assert_eq!(seen(Role::TownshipClerk, office).await, PEOPLE[0].1);
    assert_eq!(seen(Role::VillageOfficer, office).await, "139****4321", "it is above them");
    // a household's number is somebody's own
    let kind = organization::Kind::Household;
    let home = organization::Model { kind, ..bodies::blank(code(VILLAGE_A1), "某户") };
    let made = app::organization::register(&town.ledger, &clerk, home, Some(&contact(0))).await;
    let home = Party::Organization(made.expect("registered").id);
    assert_eq!(seen(Role::Leader, home).await, "139****4321");
}

async fn projects_are_checked_and_numbered_once_a_county(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let plan = |name: &str| projects::blank(code(VILLAGE_A1), name);
    let register = async |row| app::project::register(ledger, &clerk, row).await;
    invalid(register(plan("")).await, "name");
    let cheap = project::Model { budget: Some(Money::from_fen(-1)), ..plan("路") };
    invalid(register(cheap).await, "budget");
    let early = project::Model { accepted_on: Some(town.days_ahead(1)), ..plan("路") };
    invalid(register(early).await, "accepted_on");
    let unit = town.collective(OTHER_VILLAGE).await;
    let foreign = project::Model { implementing_unit_id: Some(unit), ..plan("路") };
    not_found(register(foreign).await);
    let numbered = project::Model { project_no: Some("黔-1".into()), ..plan("路") };
    let made = register(numbered.clone()).await.expect("registered");
    taken(register(project::Model { area_code: code(TOWN_A), ..numbered.clone() }).await);
    let other = town.as_other(Role::FinanceClerk).await;
    let there = project::Model { area_code: code(OTHER_VILLAGE), ..numbered };
    assert!(app::project::register(ledger, &other, there).await.is_ok());
    let amend = async |change: fn(project::Model) -> project::Model| {
        app::project::amend(ledger, &clerk, (made.id, 1), change).await
    };
    let renumbered = |row| project::Model { project_no: Some("黔-2".into()), ..row };
    refused(amend(renumbered).await, "asset.field_fixed");
    invalid(amend(|row| project::Model { name: String::new(), ..row }).await, "name");
    let next = amend(|row| project::Model { name: "水渠".into(), ..row }).await;
    assert_eq!(next.expect("amended").version, 2);
}
