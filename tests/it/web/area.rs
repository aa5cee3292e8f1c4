//! Areas by pages: the tree, renaming and merging after a look at what comes of it.

use entity::{account::Role, area};

use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    the_tree_is_walked_a_level_at_a_time,
    a_village_is_renamed_after_a_look,
    a_village_is_merged_after_a_look,
    areas_are_changed_by_those_who_may,
);

async fn the_tree_is_walked_a_level_at_a_time(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::RuralOfficer).await;
    let page = browser.open("/admin/areas").await.is(200).text();
    let rows = page.split("<tbody>").nth(1).expect("rows");
    assert!(
        rows.contains("石桥镇") && rows.contains("白果乡") && !rows.contains("上河村"),
        "{rows}"
    );
    let of_town = rows.split("<tr>").find(|row| row.contains("石桥镇")).expect("a row");
    // one asset, and the collectives of two villages
    assert!(of_town.contains(">1</td>") && of_town.contains(">2</td>"), "{of_town}");
    let page = browser.open(&format!("/admin/areas/{TOWN_A}")).await.is(200).text();
    assert!(
        page.contains("上河村") && page.contains("下河村") && !page.contains("银杏村"),
        "{page}"
    );
    browser.open(&format!("/admin/areas/{OTHER_COUNTY}")).await.is(404);
    browser.open("/admin/areas/none").await.is(404);
    let mut village = town.browser(Role::VillageOfficer).await;
    village.open(&format!("/admin/areas/{COUNTY}")).await.is(404);
    assert!(village.open("/admin/areas").await.is(200).text().contains("没有下级区划"));
}

async fn a_village_is_renamed_after_a_look(town: &Town) {
    let mut browser = town.browser(Role::RuralOfficer).await;
    let address = format!("/admin/areas/{VILLAGE_A1}/rename");
    let today = town.today().to_string();
    let fields = [("name", "河口村"), ("on", today.as_str())];
    let look = browser.fill(&address, &address, &fields).await.is(200).text();
    assert!(look.contains("确认更名") && look.contains("上河村"), "{look}");
    assert!(town.rows::<area::Entity>().await.iter().all(|row| row.name != "河口村"));
    let sure = super::hidden(super::form_of(&look, &address));
    let sure: Vec<_> = sure.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = browser.send(&address, &sure).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("<h1>河口村</h1>") && page.contains("沿革") && page.contains("上河村"));
    let town_page = browser.open(&format!("/admin/areas/{TOWN_A}")).await.is(200).text();
    assert!(town_page.contains("曾用名") && town_page.contains("河口村"), "{town_page}");
    // what cannot be is told with what was typed
    let fields = [("name", "河口村"), ("on", "2999-01-01")];
    let page = browser.fill(&address, &address, &fields).await.is(422).text();
    assert!(page.contains("value=\"2999-01-01\"") && page.contains("晚于今天"), "{page}");
}

async fn a_village_is_merged_after_a_look(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::RuralOfficer).await;
    let address = format!("/admin/areas/{VILLAGE_A1}/merge");
    let today = town.today().to_string();
    let form = browser.open(&address).await.is(200).text();
    assert!(form.contains(VILLAGE_B1) && !form.contains("520382100201"), "{form}");
    assert!(!form.contains(&format!("option value=\"{VILLAGE_A1}\"")), "{form}");
    let fields = [("into", VILLAGE_A2), ("on", today.as_str())];
    let look = browser.fill(&address, &address, &fields).await.is(200).text();
    // the asset, the collective, and the account of the village officer
    for words in ["<dt>资产</dt><dd>1 转入", "<dt>单位</dt><dd>1 转入", "<dt>账号</dt><dd>1 转入"]
    {
        assert!(look.contains(words), "{words}: {look}");
    }
    assert_eq!(town.stored(asset.id).await.area_code, code(VILLAGE_A1));
    let sure = super::hidden(super::form_of(&look, &address));
    let sure: Vec<_> = sure.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = browser.send(&address, &sure).await.is(303);
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains("已合并") && page.contains("并入") && page.contains("上河村"), "{page}");
    assert_eq!(town.stored(asset.id).await.area_code, code(VILLAGE_A2));
    let closed = browser.open(&format!("/admin/areas/{VILLAGE_A1}")).await.is(200).text();
    assert!(closed.contains("已并入") && !closed.contains("/merge\""), "{closed}");
    // an area with parts is merged part by part
    let address = format!("/admin/areas/{TOWN_A}/merge");
    let fields = [("into", "520381101000"), ("on", today.as_str())];
    let page = browser.fill(&address, &address, &fields).await.is(422).text();
    assert!(page.contains("还有下级"), "{page}");
}

async fn areas_are_changed_by_those_who_may(town: &Town) {
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let place = format!("/admin/areas/{VILLAGE_A1}");
    let page = clerk.open(&place).await.is(200).text();
    assert!(!page.contains("/rename\"") && !page.contains("/merge\""), "{page}");
    clerk.open(&format!("{place}/rename")).await.is(403);
    clerk.open(&format!("{place}/merge")).await.is(403);
    let mut officer = town.browser(Role::RuralOfficer).await;
    officer.open("/admin/areas/520382100201/rename").await.is(404);
    officer.open("/admin/areas/520382100201/merge").await.is(404);
}
