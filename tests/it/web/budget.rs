//! Money for upkeep on pages: from a fund to a payment by forms, what is typed stays, what is missing
//! stands first.

use entity::{account::Role, budget, overspend, spending, upkeep_fund};

use crate::harness::{
    Town,
    files::pdf,
    money::{for_asset, for_place},
    town::{COUNTY, VILLAGE_A1, VILLAGE_A2, code},
};

on_both!(
    a_fund_becomes_a_budget_and_a_payment,
    what_has_no_money_stands_first,
    last_year_is_copied_as_it_was_seen,
    more_than_is_left_is_asked_for_and_decided,
    the_card_tells_of_its_money,
);

async fn a_fund_becomes_a_budget_and_a_payment(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let mut clerk = town.seated(Role::FinanceClerk).await;
    let wrong = [("area", ""), ("year", "x"), ("received", "much"), ("source", "award")];
    let page = clerk.fill("/funds/new", "/funds/new", &wrong).await.is(422).text();
    for field in ["area", "year", "received"] {
        assert!(page.contains(&format!("href=\"#f-{field}\"")), "{field}");
    }
    assert!(page.contains("value=\"much\""), "what was typed stays");
    let right = [("area", COUNTY), ("year", "2026"), ("received", "1.2万"), ("source", "award")];
    let led = clerk.fill("/funds/new", "/funds/new", &right).await.is(303);
    let page = clerk.open(led.header("location")).await.is(200).text();
    assert!(page.contains("12,000.00") && page.contains("一次性奖补"));
    let fund = town.rows::<upkeep_fund::Entity>().await.remove(0);
    assert_eq!(fund.received.to_string(), "12000.00");
    let id = fund.id.to_string();
    let form = format!("/budgets/new?asset={}", asset.code);
    let new = [("fund", &*id), ("year", "2026"), ("asset", &*asset.code), ("amount", "20000")];
    let page = clerk.fill(&form, "/budgets/new", &new).await.is(422).text();
    assert!(page.contains("12000.00") && page.contains("20000"), "refused with the figures");
    let new = [("fund", &*id), ("year", "2026"), ("asset", &*asset.code), ("amount", "0.5万")];
    let led = clerk.fill(&form, "/budgets/new", &new).await.is(303);
    let page = clerk.open(led.header("location")).await.is(200).text();
    assert!(page.contains("5,000.00") && page.contains("通组路"));
    let budget = town.rows::<budget::Entity>().await.remove(0).id;
    let form = format!("/spendings/new?budget={budget}");
    let budget_id = budget.to_string();
    let pay = [("budget", &*budget_id), ("how", "pay"), ("amount", "1850"), ("purpose", "")];
    let page = clerk.fill(&form, "/spendings/new", &pay).await.is(422).text();
    assert!(page.contains("href=\"#f-paid_on\"") || page.contains("href=\"#f-purpose\""));
    let pay = [
        ("budget", &*budget_id),
        ("how", "commit"),
        ("amount", "1850"),
        ("purpose", "更换护栏立柱 6 根"),
    ];
    let led = clerk.fill(&form, "/spendings/new", &pay).await.is(303).header("location").to_owned();
    let page = clerk.open(&led).await.is(200).text();
    assert!(page.contains("已预占") && page.contains("更换护栏立柱 6 根"));
    let row = town.rows::<spending::Entity>().await.remove(0);
    let here = format!("/spendings/{}", row.id);
    let paid = [("amount", "1800"), ("voucher_no", "记-17"), ("paid_on", "2026-06-01")];
    clerk.fill(&here, &format!("{here}/pay"), &paid).await.is(303);
    let files = format!("/assets/{}/files", asset.code);
    let page = clerk.open(&here).await.is(200).text();
    let own = super::hidden(super::form_of(&page, &files));
    let own: Vec<_> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = clerk.send_files(&files, &own, &[("发票.pdf", &*pdf("发票"))]).await.is(303);
    assert_eq!(led.header("location"), format!("{here}?done=attached"));
    let page = clerk.open(&here).await.is(200).text();
    assert!(page.contains("发票.pdf") && page.contains("记-17") && page.contains("冲销"));
    let page = clerk.fill(&here, &format!("{here}/reverse"), &[("reason", "")]).await.is(422);
    assert!(page.text().contains("href=\"#f-reason\""));
    clerk.fill(&here, &format!("{here}/reverse"), &[("reason", "重复记账")]).await.is(303);
    let row = town.row::<spending::Entity>(row.id).await;
    assert_eq!(row.state, spending::State::Reversed);
    let left = town.row::<budget::Entity>(budget).await.remaining;
    assert_eq!(left.to_string(), "5000.00");
}

async fn what_has_no_money_stands_first(town: &Town) {
    town.asset(VILLAGE_A1, "没钱管的路", "10.00").await;
    let road = town.asset(VILLAGE_A2, "有钱管的路", "10.00").await;
    let fund = town.fund(COUNTY, "9000.00").await;
    let budget = town.set_aside(&for_asset(fund.id, road.id, "1000.00")).await;
    town.pay(&budget, road.id, "400.00").await;
    let mut clerk = town.browser(Role::FinanceClerk).await;
    let page = clerk.open("/budgets").await.is(200).text();
    let (lacking, listed) = (page.find("没钱管的路"), page.find("有钱管的路"));
    assert!(lacking.is_some() && listed.is_some() && lacking < listed, "{page}");
    // 1.5 km at 3,000.00 yuan need 4,500.00; 3,500.00 are missing
    assert!(page.contains("4,500.00") && page.contains("3,500.00") && page.contains("600.00"));
    let whole = clerk.open("/budgets/unfunded").await.is(200).text();
    assert!(whole.contains("没钱管的路") && !whole.contains("有钱管的路"));
    town.set_aside(&for_place(fund.id, VILLAGE_A1, "10.00")).await;
    let page = clerk.open("/budgets").await.is(200).text();
    assert!(!page.contains("没钱管的路"), "its village has money now");
    let costs = clerk.open("/budgets/costs").await.is(200).text();
    // 400.00 on the three kilometres of the county
    assert!(costs.contains("133.33") && costs.contains("低于标准"), "{costs}");
    clerk.open("/budgets?colour=red").await.is(422);
    let mut there = town.seated_there(Role::FinanceClerk).await;
    let page = there.open("/budgets").await.is(200).text();
    assert!(!page.contains("管的路"), "another county");
    there.open(&format!("/budgets/{}", budget.id)).await.is(404);
}

async fn last_year_is_copied_as_it_was_seen(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await.id;
    town.set_aside(&for_place(fund, VILLAGE_A1, "10.00")).await;
    town.clock.advance(365);
    let mut clerk = town.seated(Role::FinanceClerk).await;
    let id = fund.to_string();
    let order = [("fund", &*id), ("year", "2027"), ("percent", "five"), ("area", "")];
    let page = clerk.fill("/budgets/copy", "/budgets/copy", &order).await.is(422).text();
    assert!(page.contains("href=\"#f-percent\"") && page.contains("value=\"five\""));
    let order = [("fund", &*id), ("year", "2027"), ("percent", "-5"), ("area", "")];
    let before = town.n_entries().await;
    let page = clerk.fill("/budgets/copy", "/budgets/copy", &order).await.is(200).text();
    assert!(page.contains("9.50") && page.contains("照此复制"), "{page}");
    assert_eq!(town.n_entries().await, before);
    let mut sent = super::hidden(super::form_of(&page, "/budgets/copy"));
    let fields: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    clerk.send("/budgets/copy", &fields).await.is(303);
    assert_eq!(town.n_entries().await, before + 1);
    let made = town.rows::<budget::Entity>().await;
    let made = made.iter().find(|row| row.year == 2027).expect("a copy");
    assert_eq!((made.set_aside.to_string(), made.area_code), ("9.50".to_owned(), code(VILLAGE_A1)));
    // the same again finds nothing left to copy
    sent.retain(|(name, _)| name != "key");
    sent.push(("key".to_owned(), "another-key-of-this-form".to_owned()));
    let fields: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let page = clerk.send("/budgets/copy", &fields).await.is(422).text();
    assert!(page.contains("没有可以复制的预算"), "{page}");
}

async fn more_than_is_left_is_asked_for_and_decided(town: &Town) {
    let road = town.asset(VILLAGE_A1, "路", "10.00").await;
    let fund = town.fund(COUNTY, "90.00").await;
    let budget = town.set_aside(&for_asset(fund.id, road.id, "10.00")).await.id;
    let here = format!("/budgets/{budget}");
    let mut clerk = town.seated(Role::TownshipClerk).await;
    let ask = format!("{here}/overspend");
    let page = clerk.fill(&here, &ask, &[("over", "x"), ("over_reason", "水毁")]).await.is(422);
    let page = page.text();
    assert!(page.contains("href=\"#f-over\"") && page.contains("水毁"), "{page}");
    clerk.fill(&here, &ask, &[("over", "2.50"), ("over_reason", "水毁抢修")]).await.is(303);
    let asked = town.rows::<overspend::Entity>().await.remove(0).id;
    let page = clerk.open(&here).await.is(200).text();
    let decide = format!("/overspends/{asked}/decide");
    assert!(page.contains("待审批") && !page.contains(&decide), "not by a town");
    let mut approver = town.seated(Role::FinanceApprover).await;
    let number = format!("document_no-{asked}");
    let none = [("verdict", "approve"), (number.as_str(), "")];
    let page = approver.fill(&here, &decide, &none).await.is(422).text();
    assert!(page.contains(&format!("href=\"#f-{number}\"")), "{page}");
    let yes = [("verdict", "approve"), (number.as_str(), "县财〔2026〕9号")];
    approver.fill(&here, &decide, &yes).await.is(303);
    let page = approver.open(&here).await.is(200).text();
    assert!(page.contains("县财〔2026〕9号") && page.contains("12.50"), "{page}");
}

async fn the_card_tells_of_its_money(town: &Town) {
    let road = town.asset(VILLAGE_A1, "路", "10.00").await;
    let fund = town.fund(COUNTY, "9000.00").await;
    let card = format!("/assets/{}/funding", road.code);
    let mut officer = town.browser(Role::VillageOfficer).await;
    let page = officer.open(&card).await.is(200).text();
    assert!(page.contains("资金与预算") && page.contains("本年没有预算"), "{page}");
    let budget = town.set_aside(&for_place(fund.id, VILLAGE_A1, "5000.00")).await;
    town.pay(&budget, road.id, "3000.00").await;
    let page = officer.open(&card).await.is(200).text();
    // 3,000.00 on 1.5 km
    for told in ["所在村镇的全部资产", "5,000.00", "2,000.00", "更换护栏立柱"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // as it was before anything was set aside
    town.clock.advance(1);
    let past = officer.open(&format!("{card}?as_of=2026-05-31")).await;
    assert!(!past.text().contains("5,000.00"));
}
