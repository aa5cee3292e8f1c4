//! Views that are kept under a name, on pages.

use entity::{account::Role, saved_view};

use crate::harness::{
    Town,
    town::{VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_list_is_kept_under_a_name,
    a_view_is_shown_to_whom_it_is_shared_with,
    a_list_begins_with_the_view_that_was_chosen,
    what_is_wrong_with_a_view_is_told,
);

async fn a_list_is_kept_under_a_name(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let list =
        browser.open("/assets?class=public&q=sgq&sort=-value&cols=value").await.is(200).text();
    let link = "/views?class=public&amp;q=sgq&amp;sort=-value&amp;cols=name%2Cvalue";
    assert!(list.contains(&format!("href=\"{link}\"")), "{list}");
    let before = town.n_entries().await;
    let from = link.replace("&amp;", "&");
    browser.fill(&from, "/views", &[("name", "公益性桥")]).await.is(303);
    assert_eq!(town.n_entries().await, before + 1);
    let row = town.rows::<saved_view::Entity>().await.pop().expect("a view");
    // what was searched for is not kept
    assert_eq!(row.words, "class=public&sort=-value&cols=name%2Cvalue");
    let page = browser.open("/assets?lacks=G01").await.is(200).text();
    let tab =
        format!("/assets?class=public&amp;sort=-value&amp;cols=name%2Cvalue&amp;view={}", row.id);
    assert!(page.contains(&tab) && page.contains("公益性桥"), "{page}");
    let shown = browser.open(&tab.replace("&amp;", "&")).await.is(200).text();
    assert!(shown.contains("aria-current=\"page\">公益性桥"), "{shown}");
    let mut other = town.browser(Role::RuralOfficer).await;
    assert!(!other.open("/assets").await.is(200).text().contains("公益性桥"));
    let path = format!("/views/{}/withdraw", row.id);
    let before = town.n_entries().await;
    browser.fill("/views", &path, &[]).await.is(303);
    assert!(!browser.open("/assets").await.is(200).text().contains("公益性桥"));
    let row = town.rows::<saved_view::Entity>().await.pop().expect("the row stays");
    assert!(row.is_withdrawn && row.version == 2);
    assert_eq!(town.n_entries().await, before + 1);
}

async fn a_view_is_shown_to_whom_it_is_shared_with(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.asset(VILLAGE_B1, "银杏桥", "1000.00").await;
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let shared = [("name", "全县的桥"), ("seen_by", "county")];
    clerk.fill("/views?class=public", "/views", &shared).await.is(303);
    let near = [("name", "石桥镇的桥"), ("seen_by", "county")];
    clerk.fill("/views?area=520381101000", "/views", &near).await.is(303);
    let same = [("name", "县里看的桥"), ("seen_by", "area")];
    clerk.fill("/views?class=public", "/views", &same).await.is(303);
    let mut town_clerk = town.browser(Role::TownshipClerk).await;
    let page = town_clerk.open("/assets").await.is(200).text();
    assert!(page.contains("全县的桥"), "{page}");
    // what is about another town, or for accounts of the county alone, is not shown
    assert!(!page.contains("石桥镇的桥") && !page.contains("县里看的桥"), "{page}");
    let row = town.rows::<saved_view::Entity>().await;
    let row = row.iter().find(|row| row.name == "全县的桥").expect("a view");
    // a view shows nobody more than they may see
    let shown = town_clerk.open(&format!("/assets?class=public&view={}", row.id)).await.is(200);
    assert!(shown.text().contains("石拱桥") && !shown.text().contains("银杏桥"));
    let mut rural = town.browser(Role::RuralOfficer).await;
    let page = rural.open("/assets").await.is(200).text();
    assert!(page.contains("县里看的桥") && page.contains("石桥镇的桥"), "{page}");
    // nobody changes a view of somebody else's
    let form = rural.open("/views").await.is(200).text();
    let hidden = super::hidden(super::form_of(&form, "/views"));
    let fields: Vec<(&str, &str)> = hidden
        .iter()
        .filter(|(name, _)| name != "words")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for what in ["", "/withdraw"] {
        let fields = [&fields[..], &[("name", "改名"), ("version", "1")]].concat();
        rural.send(&format!("/views/{}{what}", row.id), &fields).await.is(404);
    }
    // whoever may not share keeps views for themselves
    let mut inspector = town.browser(Role::Inspector).await;
    let sharing = inspector.fill("/views", "/views", &shared).await;
    sharing.is(403);
}

async fn a_list_begins_with_the_view_that_was_chosen(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let fields = [("name", "缺管护主体"), ("is_default", "yes")];
    clerk.fill("/views?lacks=G01", "/views", &fields).await.is(303);
    let led = clerk.open("/assets").await.is(303);
    assert!(led.header("location").starts_with("/assets?lacks=G01&view="), "{led:?}");
    // all of it is a click away
    clerk.open("/assets?area=520381000000").await.is(200);
    let second = [("name", "公益性"), ("is_default", "yes"), ("seen_by", "county")];
    clerk.fill("/views?class=public", "/views", &second).await.is(303);
    let led = clerk.open("/assets").await.is(303).header("location").to_owned();
    assert!(led.starts_with("/assets?class=public&view="), "{led}");
    // somebody else begins with a copy of their own
    let rows = town.rows::<saved_view::Entity>().await;
    let shared = rows.iter().find(|row| row.name == "公益性").expect("a view");
    let mut other = town.browser(Role::RuralOfficer).await;
    other.open("/assets").await.is(200);
    other.fill("/views", &format!("/views/{}/begin", shared.id), &[]).await.is(303);
    let led = other.open("/assets").await.is(303).header("location").to_owned();
    assert!(led.starts_with("/assets?class=public&view="), "{led}");
    let rows = town.rows::<saved_view::Entity>().await;
    assert_eq!(rows.iter().filter(|row| row.is_default).count(), 2);
    assert_eq!(rows.len(), 3);
}

async fn what_is_wrong_with_a_view_is_told(town: &Town) {
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let page = clerk.fill("/views?class=public", "/views", &[("name", "")]).await.is(422).text();
    assert!(page.contains("href=\"#f-name\"") && page.contains("value=\"class=public\""), "{page}");
    clerk.fill("/views?colour=red", "/views", &[("name", "一")]).await.is(422);
    clerk.fill("/views", "/views", &[("name", "一")]).await.is(303);
    let page = clerk.fill("/views", "/views", &[("name", "一")]).await.is(422).text();
    assert!(page.contains("已有同名视图"), "{page}");
    assert_eq!(town.n_entries().await, before + 1);
}
