//! The five haves on pages: the marks on a card, and the coverage.

use entity::account::Role;

use crate::harness::{
    Town,
    town::{TOWN_A, VILLAGE_A1},
};

on_both!(a_card_tells_what_is_lacking_and_what_mends_it, numbers_lead_to_the_assets);

async fn a_card_tells_what_is_lacking_and_what_mends_it(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let card = format!("/assets/{}", asset.code);
    let page = clerk.open(&card).await.is(200).text();
    let marks = page.split_once("<h2>五有</h2>").expect("the marks").1;
    let marks = marks.split_once("</section>").expect("their end").0;
    for word in [
        "缺</span> 有制度",
        "缺</span> 有标准",
        "缺</span> 有队伍",
        "缺</span> 有经费",
        "缺</span> 有监督",
    ] {
        assert!(marks.contains(word), "{word}: {marks}");
    }
    assert!(marks.contains(&format!("/duties/assign?asset={}", asset.code)), "{marks}");
    assert!(marks.contains(&format!("/assets/{}/inspect", asset.code)), "{marks}");
    // whoever sets nothing aside is not led there
    assert!(!marks.contains("/budgets/new"), "{marks}");
    let then = clerk.open(&format!("{card}?as_of={}", town.today())).await.is(200).text();
    assert!(!then.contains("<h2>五有</h2>"), "{then}");
}

async fn numbers_lead_to_the_assets(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut officer = town.browser(Role::RuralOfficer).await;
    let page = officer.open(&format!("/five-haves?area={TOWN_A}")).await.is(200).text();
    let link = format!("/assets?area={VILLAGE_A1}&amp;standing=yes&amp;has_not=rule");
    assert!(page.contains(&format!("href=\"{link}\">2</a>")), "{page}");
    let list = officer.open(&link.replace("&amp;", "&")).await.is(200).text();
    assert!(list.contains("便民桥") && list.contains("通组路"), "{list}");
    officer.open("/five-haves?area=520499100999").await.is(404);
    officer.open("/five-haves?year=2026").await.is(422);
}
