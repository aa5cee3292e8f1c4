//! Projects on pages.

use entity::{account::Role, project};
use taizhang::{
    app,
    domain::{asset::Completeness, project::blank},
    store::Actor,
};

use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1, code, registration, yuan},
};

on_both!(projects_are_listed_each_with_its_assets);

async fn registered(town: &Town, village: &str, name: &str) -> project::Model {
    let new = project::Model {
        project_no: Some(format!("编号{name}")),
        year: Some(2019),
        budget: Some(yuan("120000.00")),
        final_account: Some(yuan("118000.00")),
        ..blank(code(village), name)
    };
    app::project::register(&town.ledger, &Actor::operator(), new).await.expect("a project")
}

async fn projects_are_listed_each_with_its_assets(town: &Town) {
    let road = registered(town, VILLAGE_A1, "通村路").await;
    let there = registered(town, OTHER_VILLAGE, "外县路").await;
    let mut new = registration(VILLAGE_A1, "通村路一段", "50000.00");
    new.asset.project_id = Some(road.id);
    let how = Completeness::Whole;
    app::asset::register(&town.ledger, &Actor::operator(), new, how).await.expect("an asset");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/projects").await.is(200).text();
    assert!(
        page.contains("通村路") && page.contains(">12.00<") && page.contains(">11.80<"),
        "{page}"
    );
    assert!(!page.contains("外县路"), "{page}");
    let none = browser.open("/projects?year=2020").await.is(200).text();
    assert!(none.contains("没有符合条件的项目"), "{none}");
    let card = browser.open(&format!("/projects/{}", road.id)).await.is(200).text();
    assert!(card.contains("编号通村路") && card.contains("通村路一段"), "{card}");
    assert!(card.contains(&format!("/assets?project={}", road.id)), "{card}");
    let list = browser.open(&format!("/assets?project={}", road.id)).await.is(200).text();
    assert!(list.contains("通村路一段") && list.contains("项目：通村路"), "{list}");
    browser.open(&format!("/projects/{}", there.id)).await.is(404);
    browser.open("/projects?colour=red").await.is(422);
}
