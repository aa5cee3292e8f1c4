//! Contracts by their pages: concluded, amended, ended.

use entity::account::Role;

use crate::harness::{
    Town,
    town::{VILLAGE_A1, collective_name},
};

on_both!(a_contract_is_concluded_amended_and_ended);

async fn a_contract_is_concluded_amended_and_ended(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "门面房", "1000.00").await;
    town.collective(VILLAGE_A1).await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let page = clerk.open("/contracts").await.is(200).text();
    assert!(page.contains("还没有登记合同"), "{page}");
    let new = format!("/contracts/new?asset={}", asset.code);
    assert!(clerk.open(&new).await.is(200).text().contains(&*asset.code));
    let payer = collective_name("上河村");
    let said = [
        ("asset", &*asset.code),
        ("payer", &*payer),
        ("kind", "lease"),
        ("contract_no", "租-1"),
        ("signed_on", "2025-12-20"),
        ("starts_on", "2026-01-01"),
        ("ends_on", "2029-12-31"),
        ("rhythm", "yearly"),
        ("raise_every", "2"),
        ("raise_bp", "500"),
    ];
    // the amount is missing: what was typed stands there again
    let wrong = [&said[..], &[("yearly_rent", "x")]].concat();
    let page = clerk.fill(&new, "/contracts/new", &wrong).await.is(422).text();
    assert!(page.contains("租-1") && page.contains("#f-yearly_rent"), "{page}");
    let right = [&said[..], &[("yearly_rent", "1200")]].concat();
    let led = clerk.fill(&new, "/contracts/new", &right).await.is(303);
    let at = led.header("location").split('?').next().expect("a path").to_owned();
    let page = clerk.open(&at).await.is(200).text();
    for part in ["租-1", "履行中", "1,260.00", "合计 4,920.00", &*payer] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let card = clerk.open(&format!("/assets/{}/contracts", asset.code)).await.is(200).text();
    assert!(card.contains("租-1"), "{card}");
    let list = clerk.open("/contracts?running=yes").await.is(200).text();
    assert!(list.contains("门面房") && list.contains("出租"), "{list}");
    let none = clerk.open("/contracts?kind=debt").await.is(200).text();
    assert!(none.contains("没有符合条件的合同"), "{none}");
    let edit = format!("{at}/amend");
    let more = [("platform", "县农村产权交易中心"), ("reason", "补登交易平台")];
    clerk.fill(&edit, &edit, &[more[0]]).await.is(422);
    clerk.fill(&edit, &edit, &more).await.is(303);
    assert!(clerk.open(&at).await.is(200).text().contains("县农村产权交易中心"));
    let end = format!("{at}/end");
    clerk.fill(&at, &end, &[("on", "2026-12-31"), ("reason", "")]).await.is(422);
    clerk.fill(&at, &end, &[("on", "2026-12-31"), ("reason", "退租")]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("合计 1,200.00") && page.contains("退租"), "{page}");
    let mut village = town.browser(Role::VillageOfficer).await;
    village.open(&at).await.is(200);
    village.open(&edit).await.is(403);
}
