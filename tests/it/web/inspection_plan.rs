//! The plan of inspections and the paper sheet on pages.

use entity::{account::Role, inspection, setting::Key};
use taizhang::{app, domain::setting::Proposal, store::Actor};

use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1, code},
};

on_both!(the_plan_tells_intervals_and_who_bears_them, a_sheet_is_printed_and_typed_in);

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

async fn the_plan_tells_intervals_and_who_bears_them(town: &Town) {
    let mut officer = town.browser(Role::RuralOfficer).await;
    let page = officer.open("/inspections/plan").await.is(200).text();
    assert!(page.contains("没有规定巡查周期的资产"), "{page}");
    ask_for(town, 30).await;
    town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let page = officer.open("/inspections/plan").await.is(200).text();
    for part in ["道路交通", ">30<", ">13<", "未落实"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    officer.open("/inspections/plan?year=1").await.is(422);
    assert!(officer.open("/inspections/round").await.is(200).text().contains("/inspections/plan"));
}

async fn a_sheet_is_printed_and_typed_in(town: &Town) {
    ask_for(town, 30).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut inspector = town.browser(Role::Inspector).await;
    let page = inspector.open("/inspections/sheet").await.is(200).text();
    let short = town.ledger.short_code(asset.id).expect("a short code").to_string();
    for part in ["通组路", "□完好", "□有缺陷", "□危险", "巡查人签字", &*asset.code, &*short]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let number = page.split_once("巡查单号 <b>").expect("a number").1;
    let number = number.split_once('<').expect("its end").0.to_owned();
    let again = inspector.open("/inspections/sheet").await.is(200).text();
    assert!(again.contains(&number), "the same sheet has the same number");
    let form = format!("/assets/{}/inspect", asset.code);
    assert!(inspector.open(&form).await.is(200).text().contains("name=\"sheet_no\""));
    let rows = inspector.open(&format!("/inspections?sheet={number}")).await.is(200).text();
    assert!(!rows.contains("通组路"), "nobody typed it in yet: {rows}");
    assert!(town.rows::<inspection::Entity>().await.is_empty());
    let mut leader = town.browser(Role::Leader).await;
    leader.open("/inspections/sheet").await.is(403);
}
