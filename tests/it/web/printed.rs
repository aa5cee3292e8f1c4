//! Lists on paper: all rows of the filter, whatever page is looked at.

use entity::{account::Role, log::Action};
use taizhang::{app, domain::asset::Completeness, limits};

use crate::harness::{
    Town,
    town::{OTHER_COUNTY, OTHER_VILLAGE, VILLAGE_A1, VILLAGE_B1, registration},
};

on_both!(
    the_whole_list_is_printed,
    findings_are_printed_as_they_are_listed,
    there_is_a_limit_to_what_is_printed,
);

/// How many rows a table has.
fn rows(page: &str) -> usize {
    let body =
        page.split("<tbody>").nth(1).map_or("", |rest| rest.split("</tbody>").next().unwrap_or(""));
    body.matches("<tr>").count()
}

async fn the_whole_list_is_printed(town: &Town) {
    for n in 0..23 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    town.asset(OTHER_VILLAGE, "外县桥", "10.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let list = browser.open("/assets?q=桥").await.is(200).text();
    let way = list.split("href=\"/assets/print").nth(1).expect("a way to print");
    let way = way.split('"').next().expect("its end").replace("&amp;", "&");
    let page = browser.open(&format!("/assets/print{way}")).await.is(200).text();
    assert_eq!(rows(&page), 23, "{page}");
    assert!(!page.contains("水渠") && !page.contains("外县桥"), "{page}");
    for said in ["填报单位（盖章）", "填表人：", "合计 23 项", "data-print=\"now\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("type=\"checkbox\""), "nothing is chosen on paper");
    browser.open("/assets/print?colour=red").await.is(422);
    browser.open(&format!("/assets/print?area={OTHER_COUNTY}")).await.is(404);
}

async fn findings_are_printed_as_they_are_listed(town: &Town) {
    for n in 0..23 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    let mut browser = town.browser(Role::Leader).await;
    let page = browser.open("/findings/print?rule=G01").await.is(200).text();
    assert_eq!(rows(&page), 23, "{page}");
    assert!(page.contains("填报单位（盖章）") && page.contains("管护主体缺失"), "{page}");
    let every = browser.open("/findings/print?rule=all").await.is(200).text();
    assert!(rows(&every) > 23, "{every}");
    browser.open("/findings/print?rule=G99").await.is(422);
}

async fn there_is_a_limit_to_what_is_printed(town: &Town) {
    let clerk = town.clerk().await;
    let fill = async |n: usize| {
        let new = (0..n).map(|n| registration(VILLAGE_A1, &format!("{n}号蓄水池"), "1.00"));
        let new: Vec<_> = new.collect();
        let done = town.ledger.write(&clerk, Action::RegisterAsset, async |write| {
            app::asset::put_in(write, new, Completeness::TakeOn).await
        });
        done.await.expect("registered");
    };
    fill(limits::PRINTED_ROWS).await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let lists = ["/assets/print", "/findings/print?rule=G01"];
    for list in lists {
        let page = browser.open(list).await.is(200).text();
        assert_eq!(rows(&page), limits::PRINTED_ROWS, "{list}");
    }
    fill(1).await;
    for list in lists {
        let page = browser.open(list).await.is(422).text();
        assert!(page.contains("一次最多打印 2000 行"), "{list}: {page}");
    }
}
