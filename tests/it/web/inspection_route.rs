//! Routes of inspectors on pages: made from what an area has to inspect, gone, amended, ended.

use entity::{account::Role, inspection_route, setting::Key};
use taizhang::{app, domain::setting::Proposal, store::Actor};

use crate::harness::{
    Town,
    routes::inspector,
    town::{COUNTY, VILLAGE_A1, code},
};

on_both!(a_route_is_made_gone_amended_and_ended);

async fn ask_for(town: &Town, days: u32) {
    let proposal = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: days.to_string(),
        basis_title: "县管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
}

async fn a_route_is_made_gone_amended_and_ended(town: &Town) {
    ask_for(town, 30).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let other = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let goes = inspector(town).await.to_string();
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let page = clerk.open("/inspections/routes").await.is(200).text();
    assert!(page.contains("还没有巡查路线"), "{page}");
    assert!(clerk.open("/inspections/routes/new").await.is(200).text().contains("哪个村或乡镇"));
    clerk.open("/inspections/routes/new?area=nowhere").await.is(422);
    let new = format!("/inspections/routes/new?area={VILLAGE_A1}");
    let page = clerk.open(&new).await.is(200).text();
    assert!(page.contains(&*asset.code) && page.contains(&*other.code), "{page}");
    // nobody was chosen: everything typed stands there again
    let stops = format!("{}\n{}", other.code, asset.code);
    let sent = [("name", "东线"), ("account", ""), ("stops", &*stops)];
    let page = clerk.fill(&new, &new, &sent).await.is(422).text();
    assert!(page.contains("东线") && page.contains("巡查员"), "{page}");
    let sent = [("name", "东线"), ("account", &*goes), ("stops", &*stops)];
    let led = clerk.fill(&new, &new, &sent).await.is(303);
    let place = led.header("location").to_owned();
    let page = clerk.open(&place).await.is(200).text();
    for part in ["东线", "通组路", "便民桥", "2 项没有坐标"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let row = town.rows::<inspection_route::Entity>().await.remove(0);
    let path = format!("/inspections/routes/{}", row.id);
    // whoever goes it finds it first, in its order, on the page, on paper and in the packet
    let mut walker = town.browser(Role::Inspector).await;
    assert!(walker.open("/inspections/round").await.is(200).text().contains("我的路线"));
    for page in ["round", "sheet", "packet"] {
        let address = format!("/inspections/{page}?route={}&due=366", row.id);
        let page = walker.open(&address).await.is(200).text();
        let (first, second) = (page.find("便民桥"), page.find("通组路"));
        assert!(first.is_some() && first < second, "{page}");
    }
    walker.open("/inspections/round?route=x").await.is(422);
    walker.open("/inspections/round?route=99999").await.is(404);
    walker.open(&format!("{path}/edit")).await.is(403);
    let edit = format!("{path}/edit");
    // whoever goes it is chosen already, though in charge of more than the clerk is
    let page = clerk.open(&edit).await.is(200).text();
    assert!(page.contains(&format!("value=\"{goes}\" selected")), "{page}");
    let sent = [("name", "西线"), ("account", &*goes), ("stops", &*asset.code)];
    clerk.fill(&edit, &edit, &sent).await.is(303);
    let page = clerk.open(&path).await.is(200).text();
    assert!(page.contains("西线") && !page.contains("便民桥"), "{page}");
    let end = format!("{path}/end");
    clerk.fill(&path, &end, &[("reason", "")]).await.is(422);
    clerk.fill(&path, &end, &[("reason", "汛期后不再巡查")]).await.is(303);
    assert!(clerk.open(&path).await.is(200).text().contains("已停用"));
    assert!(!walker.open("/inspections/round").await.is(200).text().contains("我的路线"));
}
