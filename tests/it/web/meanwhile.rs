//! Somebody else was faster: both values side by side, a choice for each field, and nothing lost.

use entity::{account::Role, asset};
use taizhang::{app, limits};

use super::{Browser, form_of, hidden};
use crate::{
    api::Reply,
    harness::{
        Town,
        town::{VILLAGE_A1, account_name},
    },
};

on_both!(
    whoever_was_slower_sees_who_changed_what,
    each_field_is_chosen_by_itself,
    a_choice_that_changes_nothing_is_a_choice,
    what_is_wrong_after_the_choice_stays_typed,
    the_next_change_in_between_comes_round_again,
    what_was_there_is_known_up_to_a_limit,
);

fn edit(asset: &asset::Model) -> String {
    format!("/assets/{}/edit", asset.code)
}

/// The fields of a form as a browser has them when the page came, with some of them set otherwise.
async fn opened(browser: &mut Browser, asset: &asset::Model) -> Vec<(String, String)> {
    let page = browser.open(&edit(asset)).await.is(200).text();
    hidden(form_of(&page, &edit(asset)))
}

async fn send(
    browser: &mut Browser,
    asset: &asset::Model,
    carried: &[(String, String)],
    fields: &[(&str, &str)],
) -> Reply {
    let carried = carried.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let carried = carried.filter(|(name, _)| fields.iter().all(|(set, _)| set != name));
    let all: Vec<(&str, &str)> = carried.chain(fields.iter().copied()).collect();
    browser.send(&edit(asset), &all).await
}

/// What a page carries that came again.
fn carried(page: &str, asset: &asset::Model) -> Vec<(String, String)> {
    hidden(form_of(page, &edit(asset)))
}

/// Somebody else amends the asset.
async fn amended(town: &Town, asset: &asset::Model, fields: &[(&str, &str)]) {
    let mut other = town.browser(Role::RuralOfficer).await;
    other.fill(&edit(asset), &edit(asset), fields).await.is(303);
}

/// Whether a choice of a page is made.
fn is_taken(page: &str, name: &str, taken: &str) -> bool {
    let choice = format!("name=\"take-{name}\" value=\"{taken}\" checked");
    page.contains(&choice)
}

async fn whoever_was_slower_sees_who_changed_what(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    amended(town, &asset, &[("name", "先改的名"), ("use_state", "idle")]).await;
    let before = town.n_entries().await;
    let mine = [("name", "后改的名"), ("use_state", ""), ("remark", "我的备注")];
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    assert_eq!(town.n_entries().await, before);
    let actor = account_name(Role::RuralOfficer);
    let told = page.split(&format!("<b>{actor} ")).nth(1).expect("who changed it");
    let told = told.split("</b>").next().expect("an end");
    assert!(told.contains("已改过：资产名称、使用状态"), "{told}");
    // before, theirs, mine
    for shown in ["<span>石拱桥</span>", "<b>先改的名</b>", "<b>后改的名</b>", "<b>（空）</b>"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // what I set anew is mine, what I left alone is theirs; what nobody else touched stands typed
    assert!(is_taken(&page, "name", "mine") && is_taken(&page, "use_state", "theirs"), "{page}");
    assert!(page.contains("id=\"f-remark\"") && page.contains("value=\"我的备注\""), "{page}");
    assert!(!page.contains("take-remark") && !page.contains("id=\"f-name\""), "{page}");
    // nobody is shown more of who it was than the log shows
    let history = browser.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(history.contains(&actor), "{history}");
}

async fn each_field_is_chosen_by_itself(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    amended(town, &asset, &[("name", "先改的名"), ("location", "桥尾")]).await;
    let mine = [("name", "后改的名"), ("location", "桥头"), ("remark", "我的备注")];
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    let again = carried(&page, &asset);
    let chosen = [("take-name", "theirs"), ("take-location", "mine"), ("remark", "我的备注")];
    send(&mut browser, &asset, &again, &chosen).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!((&*row.name, row.location.as_deref()), ("先改的名", Some("桥头")));
    assert_eq!((row.remark.as_deref(), row.version), (Some("我的备注"), asset.version + 2));
}

async fn a_choice_that_changes_nothing_is_a_choice(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    amended(town, &asset, &[("name", "先改的名")]).await;
    let page = send(&mut browser, &asset, &form, &[("name", "后改的名")]).await.is(412).text();
    let before = town.n_entries().await;
    let again = carried(&page, &asset);
    let reply = send(&mut browser, &asset, &again, &[("take-name", "theirs")]).await.is(303);
    assert_eq!(reply.header("location"), format!("/assets/{}", asset.code));
    assert_eq!(town.n_entries().await, before);
    assert_eq!(town.stored(asset.id).await.name, "先改的名");
    // without a choice there is nothing to be done with such a form
    let page = browser.open(&edit(&asset)).await.is(200).text();
    let fresh = carried(&page, &asset);
    send(&mut browser, &asset, &fresh, &[("name", "先改的名")]).await.is(422);
}

async fn what_is_wrong_after_the_choice_stays_typed(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    amended(town, &asset, &[("beneficiary_people", "12"), ("location", "桥尾")]).await;
    let mine = [("beneficiary_people", "很多人"), ("location", "桥头"), ("name", "")];
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    assert!(page.contains("<b>很多人</b>"), "{page}");
    let again = carried(&page, &asset);
    let chosen = [("take-location", "theirs"), ("take-beneficiary_people", "mine"), ("name", "")];
    let page = send(&mut browser, &asset, &again, &chosen).await.is(422).text();
    // the choice holds: theirs stands in its field, mine in its own with what is wrong
    assert!(page.contains("value=\"很多人\"") && page.contains("#f-beneficiary_people"), "{page}");
    assert!(page.contains("value=\"桥尾\"") && !page.contains("桥头"), "{page}");
    let right = [("beneficiary_people", "13"), ("location", "桥尾"), ("name", "石拱桥")];
    let again = carried(&page, &asset);
    send(&mut browser, &asset, &again, &right).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!((row.beneficiary_people, row.location.as_deref()), (Some(13), Some("桥尾")));
}

async fn the_next_change_in_between_comes_round_again(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    amended(town, &asset, &[("name", "二"), ("location", "桥尾")]).await;
    let mine = [("name", "我的"), ("location", "桥头"), ("remark", "我的备注")];
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    let again = carried(&page, &asset);
    amended(town, &asset, &[("name", "三"), ("location", "桥中")]).await;
    let chosen = [("take-name", "mine"), ("take-location", "theirs"), ("remark", "我的备注")];
    let page = send(&mut browser, &asset, &again, &chosen).await.is(412).text();
    // what was seen the last time is what was there before
    for shown in ["<span>二</span>", "<b>三</b>", "<b>我的</b>", "<span>桥尾</span>", "<b>桥中</b>"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // whoever took the other's value takes the newest of it
    assert!(is_taken(&page, "name", "mine") && is_taken(&page, "location", "theirs"), "{page}");
    assert!(page.contains("value=\"我的备注\"") && !page.contains("桥头"), "{page}");
    let again = carried(&page, &asset);
    let chosen = [("take-name", "mine"), ("take-location", "theirs"), ("remark", "我的备注")];
    send(&mut browser, &asset, &again, &chosen).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!((&*row.name, row.location.as_deref()), ("我的", Some("桥中")));
    assert_eq!(row.remark.as_deref(), Some("我的备注"));
}

async fn what_was_there_is_known_up_to_a_limit(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let form = opened(&mut browser, &asset).await;
    let clerk = town.clerk().await;
    let amend = async |version: i64| {
        let remark = Some(format!("第{version}版"));
        let change = |row| asset::Model { remark, ..row };
        let named = (asset.id, version);
        app::asset::amend(&town.ledger, &clerk, named, change).await.expect("amended").version
    };
    let mut version = asset.version;
    for _ in 0..limits::VERSIONS_COMPARED {
        version = amend(version).await;
    }
    let mine = [("name", "后改的名"), ("remark", "我的备注")];
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    assert!(is_taken(&page, "remark", "mine") && !page.contains("take-name"), "{page}");
    amend(version).await;
    let page = send(&mut browser, &asset, &form, &mine).await.is(412).text();
    // nobody says any more what was there: what is recorded stays unless it is chosen otherwise
    assert!(is_taken(&page, "remark", "theirs") && is_taken(&page, "name", "theirs"), "{page}");
    assert!(page.contains("<span>—</span>") && page.contains("value=\"后改的名\""), "{page}");
}
