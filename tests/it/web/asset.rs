//! Assets on pages: the list, the card, the form that amends it.

use entity::account::Role;

use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1},
};

on_both!(
    the_list_is_narrowed_by_its_address,
    what_the_address_cannot_mean_is_told,
    an_asset_is_amended_by_its_form,
    what_was_typed_stays_when_it_is_wrong,
    the_same_form_is_carried_out_once,
);

async fn the_list_is_narrowed_by_its_address(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.asset(VILLAGE_A1, "光伏电站", "2000.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let all = browser.open("/assets").await.is(200).text();
    assert!(all.contains("石拱桥") && all.contains("光伏电站") && !all.contains("外县桥"));
    let found = browser.open("/assets?q=gfdz").await.is(200).text();
    assert!(!found.contains(">石拱桥<") && found.contains("光伏电站"), "{found}");
    let none = browser.open("/assets?class=household").await.is(200).text();
    assert!(none.contains("没有符合条件的资产") && none.contains("到户类资产"), "{none}");
}

async fn what_the_address_cannot_mean_is_told(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    for (address, word) in [
        ("/assets?colour=red", "colour"),
        ("/assets?class=castle", "class"),
        ("/findings?rule=Z99", "rule"),
        ("/dashboard?area=12", "area"),
    ] {
        let page = browser.open(address).await.is(422).text();
        assert!(page.contains(&format!("<code>{word}</code>")), "{address}: {page}");
    }
    browser.open("/assets/none").await.is(404);
    browser.open("/assets/none/unknown").await.is(404);
}

async fn an_asset_is_amended_by_its_form(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let edit = format!("/assets/{}/edit", asset.code);
    let before = town.n_entries().await;
    let fields = [("name", "三孔石拱桥"), ("location", "三组河边")];
    let reply = browser.fill(&edit, &edit, &fields).await.is(303);
    let led = reply.header("location").to_owned();
    assert_eq!(led, format!("/assets/{}?done=amended", asset.code));
    assert_eq!(town.n_entries().await, before + 1);
    let card = browser.open(&led).await.is(200).text();
    assert!(card.contains("三孔石拱桥") && card.contains("三组河边") && card.contains("已保存"));
    let history = browser.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(history.contains("<del>石拱桥</del>") && history.contains("<ins>三孔石拱桥</ins>"));
    let mut leader = town.browser(Role::Leader).await;
    leader.open(&edit).await.is(403);
}

async fn what_was_typed_stays_when_it_is_wrong(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let edit = format!("/assets/{}/edit", asset.code);
    let before = town.n_entries().await;
    let fields = [("name", ""), ("beneficiary_people", "很多人"), ("location", "三组 <b>河边</b>")];
    let page = browser.fill(&edit, &edit, &fields).await.is(422).text();
    assert_eq!(town.n_entries().await, before);
    assert!(page.contains("<title>错误："), "{page}");
    assert!(page.contains("href=\"#f-beneficiary_people\"") && page.contains("value=\"很多人\""));
    assert!(page.contains("三组 &lt;b&gt;河边&lt;/b&gt;"), "{page}");
    assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"e-beneficiary_people\""));
}

async fn the_same_form_is_carried_out_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let edit = format!("/assets/{}/edit", asset.code);
    let page = browser.open(&edit).await.is(200).text();
    let hidden = super::hidden(super::form_of(&page, &edit));
    let mut fields: Vec<_> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("name", "只改一次"));
    let before = town.n_entries().await;
    let first = browser.send(&edit, &fields).await.is(303).header("location").to_owned();
    let second = browser.send(&edit, &fields).await.is(303).header("location").to_owned();
    assert_eq!(first, second);
    assert_eq!(town.n_entries().await, before + 1);
}
