//! Organizations and people by pages: registered, amended, revealed for a reason, ended.

use entity::{account::Role, duty::Kind, organization};
use taizhang::{
    app::{self, duty::Assignee},
    domain::{duty::Terms, masking::Contact, title::Party},
    limits,
};

use crate::harness::{
    Town,
    people::PEOPLE,
    signing_in::PASSWORD,
    town::{OTHER_VILLAGE, VILLAGE_A1, code, collective_name},
};

on_both!(
    an_organization_is_registered_amended_and_ended,
    a_contact_is_shown_whole_for_a_reason_alone,
    somebody_is_masked_and_leaves,
    organizations_of_elsewhere_are_not_found,
);

const NEW: &str = "/organizations/new";

async fn stored(town: &Town, name: &str) -> organization::Model {
    let rows = town.rows::<organization::Entity>().await;
    rows.into_iter().find(|row| row.name == name).expect("an organization")
}

async fn an_organization_is_registered_amended_and_ended(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let (name, phone) = PEOPLE[0];
    let fields =
        [("name", ""), ("kind", "company"), ("contact_name", name), ("contact_phone", "12")];
    let page = browser.fill(NEW, NEW, &fields).await.is(422).text();
    for field in ["name", "area", "contact_phone"] {
        assert!(page.contains(&format!("href=\"#f-{field}\"")), "{field}: {page}");
    }
    assert!(page.contains(&format!("value=\"{name}\"")), "{page}");
    let fields = [
        ("name", "清河管护公司"),
        ("kind", "company"),
        ("area", VILLAGE_A1),
        ("contact_name", name),
        ("contact_phone", phone),
    ];
    let led = browser.fill(NEW, NEW, &fields).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("清河管护公司") && page.contains("上河村"), "{page}");
    assert!(!page.contains(name), "{page}");
    assert!(page.contains(&format!("href=\"tel:{phone}\"")), "an office is called: {page}");
    let made = stored(town, "清河管护公司").await;
    let place = format!("/organizations/{}", made.id);
    // another contact alone is a change, kept sealed; the same one again is none
    let edit = format!("{place}/edit");
    let (other, number) = PEOPLE[1];
    let fields = [("contact_name", other), ("contact_phone", number)];
    browser.fill(&edit, &edit, &fields).await.is(303);
    let changed = stored(town, "清河管护公司").await;
    assert!(changed.contact_id != made.contact_id && changed.version == made.version + 1);
    let operator = taizhang::store::Actor::operator();
    let read = town.ledger.read(&operator);
    let contacts = read.contacts(changed.contact_id.into_iter()).await.expect("contacts");
    let contact = contacts.into_values().next().expect("a contact");
    assert_eq!((contact.name.as_str(), contact.phone.as_str()), (other, number));
    let page = browser.fill(&edit, &edit, &fields).await.is(422).text();
    assert!(page.contains("没有任何变化"), "{page}");
    let entries = town.rows::<entity::log::Entity>().await;
    assert!(
        entries.iter().all(|entry| !entry.body.contains(other) && !entry.body.contains(number))
    );
    // what it looks after falls vacant
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let (clerk, terms) = (town.clerk().await, Terms::default());
    let party = (Kind::Maintainer, Party::Organization(made.id));
    app::duty::assign(&town.ledger, &clerk, &[asset.id], party, &terms).await.expect("assigned");
    let page = browser.open(&place).await.is(200).text();
    assert!(page.contains("石拱桥") && page.contains("管护主体"), "{page}");
    let end = format!("{place}/end");
    let page = browser.open(&end).await.is(200).text();
    assert!(page.contains("1 项当天终止，进入问题清单"), "{page}");
    browser.fill(&end, &end, &[("on", "2999-01-01")]).await.is(422);
    let led = browser.fill(&end, &end, &[("on", &town.today().to_string())]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("已注销") && !page.contains("/end\""), "{page}");
}

async fn a_contact_is_shown_whole_for_a_reason_alone(town: &Town) {
    let (name, phone) = PEOPLE[0];
    let contact = Contact { name: name.to_owned(), phone: phone.to_owned() };
    let body = taizhang::domain::organization::blank(code(VILLAGE_A1), "管护公司");
    let clerk = town.clerk().await;
    let made = app::organization::register(&town.ledger, &clerk, body, Some(&contact)).await;
    let place = format!("/organizations/{}", made.expect("made").id);
    let reveal = format!("{place}/reveal");
    let mut browser = town.browser(Role::FinanceClerk).await;
    browser.fill(&place, &reveal, &[("reason", " ")]).await.is(422);
    let page = browser.fill(&place, &reveal, &[("reason", "核实联系方式")]).await.is(200).text();
    assert!(page.contains(name) && page.contains(phone), "{page}");
    assert!(!browser.open(&place).await.is(200).text().contains(name));
    // after a while it asks who is there, and the reason is not typed again
    let page = browser.open(&place).await.is(200).text();
    let mut fields = super::hidden(super::form_of(&page, &reveal));
    fields.push(("reason".to_owned(), "核实联系方式".to_owned()));
    town.clock.pass(limits::STEP_UP_SECONDS + 1);
    let sent: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.send(&reveal, &sent).await.is(403).text();
    assert!(page.contains("value=\"核实联系方式\"") && !page.contains(name), "{page}");
    let mut waiting = super::hidden(super::form_of(&page, "/me/proof"));
    waiting.push(("proof".to_owned(), PASSWORD.to_owned()));
    let sent: Vec<_> =
        waiting.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let on = browser.send("/me/proof", &sent).await.is(307);
    assert!(browser.send(on.header("location"), &sent).await.is(200).text().contains(name));
    // whoever may not see people is not asked why
    let mut approver = town.seated(Role::FinanceApprover).await;
    let page = approver.open(&place).await.is(200).text();
    assert!(!page.contains("/reveal\"") && !page.contains("/edit\""), "{page}");
    approver.open(&format!("{place}/edit")).await.is(403);
}

async fn somebody_is_masked_and_leaves(town: &Town) {
    let (name, phone) = PEOPLE[0];
    let contact = Contact { name: name.to_owned(), phone: phone.to_owned() };
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let (clerk, terms) = (town.clerk().await, Terms::default());
    let keeper = (Kind::Keeper, Assignee::Person(contact, None));
    app::duty::assign(&town.ledger, &clerk, &[asset.id], keeper, &terms).await.expect("assigned");
    let id = town.rows::<entity::person::Entity>().await.remove(0).id;
    let place = format!("/persons/{id}");
    let mut browser = town.browser(Role::VillageOfficer).await;
    let page = browser.open(&place).await.is(200).text();
    assert!(page.contains("石拱桥") && !page.contains(name) && !page.contains(phone), "{page}");
    assert!(!page.contains("/reveal\""), "{page}");
    let end = format!("{place}/end");
    let led = browser.fill(&end, &end, &[("on", &town.today().to_string())]).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("已离任") && !page.contains("/end\""), "{page}");
    let mut inspector = town.browser(Role::Inspector).await;
    let reveal = format!("{place}/reveal");
    let page = inspector.fill(&place, &reveal, &[("reason", "找人")]).await.is(200).text();
    assert!(page.contains(name) && page.contains(phone), "{page}");
    inspector.open(&end).await.is(403);
}

async fn organizations_of_elsewhere_are_not_found(town: &Town) {
    let there = town.collective(OTHER_VILLAGE).await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    for part in ["", "/edit", "/end"] {
        browser.open(&format!("/organizations/{there}{part}")).await.is(404);
    }
    let page = browser.open("/organizations?kind=collective").await.is(200).text();
    let own = collective_name("上河村");
    assert!(page.contains(&own) && !page.contains(&collective_name("卢荣坝村")), "{page}");
    let page = browser.open("/organizations?q=shc&ended=false").await.is(200).text();
    assert!(page.contains(&own), "{page}");
    browser.open("/organizations?area=520382000000").await.is(404);
    browser.open("/organizations?colour=red").await.is(422);
}
