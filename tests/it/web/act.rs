//! Forms of what is done to one asset: handed over, corrected, put into another class, split; and
//! several merged.

use entity::{
    account::Role,
    asset::{Class, State, Subclass},
};

use crate::harness::{
    Town,
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2},
};

on_both!(
    an_asset_is_handed_over,
    an_asset_is_corrected_with_a_reason,
    an_asset_is_reclassed,
    an_asset_is_split_to_the_fen,
    assets_are_merged,
    each_finding_leads_to_the_form_that_mends_it,
);

async fn an_asset_is_handed_over(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let form = format!("/assets/{}/hand-over", asset.code);
    let mut browser = town.browser(Role::TownshipClerk).await;
    let future = [("on", "2026-06-02"), ("document_no", "移〔2026〕1号")];
    let told = browser.fill(&form, &form, &future).await.text();
    assert!(told.contains("晚于今天") && told.contains("移〔2026〕1号"), "{told}");
    let told = browser.fill(&form, &form, &[("on", "昨天吧")]).await.is(422).text();
    assert!(told.contains("#f-on"), "{told}");
    let right = [("on", "2026-05-30"), ("document_no", "移〔2026〕1号")];
    let before = town.n_entries().await;
    let led = browser.fill(&form, &form, &right).await.is(303);
    let card = browser.open(led.header("location")).await.is(200).text();
    assert!(card.contains("2026-05-30") && card.contains("移〔2026〕1号"), "{card}");
    assert_eq!(town.n_entries().await, before + 1);
    browser.fill(&form, &form, &right).await.is(422);
}

async fn an_asset_is_corrected_with_a_reason(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let form = format!("/assets/{}/correct", asset.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let dearer = [("name", "石拱桥"), ("original_value", "1200")];
    let told = browser.fill(&form, &form, &dearer).await.is(422).text();
    assert!(told.contains("须写明理由") && told.contains("value=\"1200\""), "{told}");
    let reasoned = [&dearer[..], &[("reason", "录入有误")]].concat();
    browser.fill(&form, &form, &reasoned).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!(row.original_value, Some("1200.00".parse().expect("yuan")));
    // fields that the form did not bring stay
    assert_eq!(row.location, asset.location);
    let history = browser.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(history.contains("理由：录入有误"), "{history}");
    let stale = [("original_value", "1300"), ("reason", "录入有误"), ("version", "1")];
    let told = browser.fill(&form, &form, &stale).await.is(412).text();
    for shown in ["对方改为", "<span>1000.00</span>", "<b>1200.00</b>", "<b>1300.00</b>"] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    // what was recorded meanwhile is taken, and the reason is not lost
    let theirs = [&stale[..2], &[("take-original_value", "theirs"), ("remark", "查过")]].concat();
    assert!(told.contains("value=\"录入有误\""), "{told}");
    browser.fill(&form, &form, &theirs).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!(row.original_value, Some("1200.00".parse().expect("yuan")));
    assert_eq!(row.remark.as_deref(), Some("查过"));
    town.browser(Role::TownshipClerk).await.open(&form).await.is(403);
}

async fn an_asset_is_reclassed(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let form = format!("/assets/{}/reclass", asset.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let wrong = [("class", "operating"), ("subclass", "road"), ("reason", "改作经营")];
    let told = browser.fill(&form, &form, &wrong).await.is(422).text();
    assert!(told.contains("子类不属于"), "{told}");
    let right = [("class", "operating"), ("subclass", "shop"), ("reason", "改作经营")];
    browser.fill(&form, &form, &right).await.is(303);
    let row = town.stored(asset.id).await;
    assert_eq!((row.class, row.subclass), (Class::Operating, Some(Subclass::Shop)));
    let none = [("class", "castle"), ("subclass", ""), ("reason", "改作经营")];
    browser.fill(&form, &form, &none).await.is(422);
}

async fn an_asset_is_split_to_the_fen(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.01").await;
    let form = format!("/assets/{}/split", asset.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let parts = |one: &'static str| {
        [
            ("p0-name", "东桥"),
            ("p0-original_value", one),
            ("p1-name", "西桥"),
            ("p1-original_value", "600"),
            ("reason", "分段管护"),
        ]
    };
    let told = browser.fill(&form, &form, &parts("400")).await.is(422).text();
    assert!(told.contains("合计 1000.00 元，应为 1000.01 元") && told.contains("东桥"), "{told}");
    let told = browser.fill(&form, &form, &parts("很多")).await.is(422).text();
    assert!(told.contains("#f-p0-original_value"), "{told}");
    let more = [&parts("400.01")[..], &[("then", "more")]].concat();
    let page = browser.fill(&form, &form, &more).await.is(200).text();
    assert!(page.contains("name=\"p3-name\"") && page.contains("value=\"东桥\""), "{page}");
    let before = town.n_entries().await;
    let led = browser.fill(&form, &form, &parts("400.01")).await.is(303);
    let list = browser.open(led.header("location")).await.is(200).text();
    assert!(list.contains("东桥") && list.contains("西桥") && !list.contains("石拱桥"), "{list}");
    assert_eq!(town.n_entries().await, before + 1);
    assert_eq!(town.stored(asset.id).await.state, State::Replaced);
    let rows = town.rows::<entity::asset::Entity>().await;
    assert_eq!(rows.iter().filter(|row| row.parent_id == Some(asset.id)).count(), 2);
}

async fn assets_are_merged(town: &Town) {
    let one = town.asset(VILLAGE_A1, "东桥", "400.01").await;
    let two = town.asset(VILLAGE_A1, "西桥", "600.00").await;
    let elsewhere = town.asset(VILLAGE_A2, "下河桥", "1.00").await;
    let far = town.asset(OTHER_VILLAGE, "外县桥", "1.00").await;
    let form = "/assets/merge";
    let mut browser = town.browser(Role::FinanceClerk).await;
    let chosen = format!("{form}?asset={}", one.code);
    let fields = [("name", "两桥"), ("reason", "合并管护")];
    let with = |code| [&fields[..], &[("codes", code)]].concat();
    browser.fill(&chosen, form, &fields).await.is(422);
    let told = browser.fill(&chosen, form, &with(&elsewhere.code)).await.is(422).text();
    assert!(told.contains("不能合并") && told.contains("value=\"两桥\""), "{told}");
    let told = browser.fill(&chosen, form, &with(&far.code)).await.is(422).text();
    assert!(told.contains("没有编号为"), "{told}");
    let add = [&with(&two.code)[..], &[("then", "add")]].concat();
    let page = browser.fill(&chosen, form, &add).await.is(200).text();
    assert!(page.contains("东桥") && page.contains("西桥") && page.contains("1,000.01"), "{page}");
    let led = browser.fill(&chosen, form, &with(&two.code)).await.is(303);
    let card = browser.open(led.header("location")).await.is(200).text();
    assert!(card.contains("两桥") && card.contains("1,000.01"), "{card}");
    assert_eq!(town.stored(one.id).await.state, State::Replaced);
    // without any chosen, by codes alone
    browser.open(form).await.is(200);
}

async fn each_finding_leads_to_the_form_that_mends_it(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let card = browser.open(&format!("/assets/{}", asset.code)).await.is(200).text();
    assert!(card.contains("还差"), "{card}");
    for way in [
        format!("/duties/assign?asset={}", asset.code),
        format!("/assets/{}/settle", asset.code),
        format!("/assets/{}/hand-over", asset.code),
    ] {
        let link = format!("href=\"{way}\">现在办");
        assert!(card.contains(&link), "{link}: {card}");
        browser.open(&way).await.is(200);
    }
    // of the past nothing is to be done
    let past = format!("/assets/{}?as_of=2026-06-01", asset.code);
    assert!(!browser.open(&past).await.is(200).text().contains("现在办"));
}
