//! Duties on pages: chosen in the list, filled in once, looked at, assigned, taken back, ended.

use entity::{
    account::Role,
    duty::{EndReason, Kind, Model},
    id::AssetId,
};

use super::{Browser, form_of, hidden};
use crate::harness::{
    Town,
    people::PEOPLE,
    town::{OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, collective_name},
};

on_both!(
    a_duty_is_assigned_to_all_that_were_chosen,
    somebody_new_keeps_it_and_is_masked,
    whoever_is_elsewhere_is_not_found,
    who_bears_it_already_is_left_or_succeeded,
    what_changed_meanwhile_is_looked_at_again,
    it_is_borne_by_whom_was_shown,
    an_assignment_is_taken_back,
    one_duty_is_ended,
    what_is_wrong_stays_where_it_was_typed,
    the_number_of_a_filter_is_confirmed,
    whoever_may_not_assign_is_told,
    the_duties_of_an_area_are_viewed,
    a_duty_is_renewed_on_other_terms,
);

const ASSIGN: &str = "/duties/assign";

/// The address of the form about some assets.
fn about(codes: &[&str]) -> String {
    let words: Vec<String> = codes.iter().map(|code| format!("asset={code}")).collect();
    format!("{ASSIGN}?{}", words.join("&"))
}

/// Fills in the form and asks for the look.
async fn looked(browser: &mut Browser, codes: &[&str], fields: &[(&str, &str)]) -> String {
    let fields = [fields, &[("then", "check")]].concat();
    browser.fill(&about(codes), ASSIGN, &fields).await.is(200).text()
}

/// The fields with which a look is confirmed.
fn confirmed(page: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = hidden(form_of(page, ASSIGN));
    fields.push(("then".to_owned(), "confirm".to_owned()));
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

async fn sent(browser: &mut Browser, fields: &[(String, String)]) -> crate::api::Reply {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(ASSIGN, &fields).await
}

/// Assigns, and answers where it led.
async fn assigned(browser: &mut Browser, codes: &[&str], fields: &[(&str, &str)]) -> String {
    let page = looked(browser, codes, fields).await;
    let reply = sent(browser, &confirmed(&page, &[])).await.is(303);
    reply.header("location").to_owned()
}

async fn duties(town: &Town, asset: AssetId, kind: Kind) -> Vec<Model> {
    let mut rows = town.rows::<entity::duty::Entity>().await;
    rows.retain(|row| row.asset_id == asset && row.kind == kind);
    rows.sort_by_key(|row| row.id);
    rows
}

async fn a_duty_is_assigned_to_all_that_were_chosen(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let pond = town.asset(VILLAGE_A2, "蓄水池", "2000.00").await;
    let keeper = town.person(code(VILLAGE_A1), 0).await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let list = browser.open("/assets").await.is(200).text();
    assert!(list.contains("formaction=\"/duties/assign\""), "{list}");
    assert!(list.contains(&format!("name=\"asset\" value=\"{}\" form=\"chosen\"", bridge.code)));
    let (name, keeper) = (collective_name("上河村"), keeper.to_string());
    let codes = [bridge.code.as_str(), pond.code.as_str()];
    let fields = [
        ("maintainer", name.as_str()),
        ("keeper", keeper.as_str()),
        ("task", "清扫桥面"),
        ("annual_budget", "1200"),
        ("until_on", "2027-05-31"),
    ];
    let before = town.n_entries().await;
    let page = looked(&mut browser, &codes, &fields).await;
    assert_eq!(town.n_entries().await, before, "looking changed something");
    assert!(page.contains("新增 <b>4</b> 项责任") && page.contains("石拱桥"), "{page}");
    let form = confirmed(&page, &[]);
    let led = sent(&mut browser, &form).await.is(303).header("location").to_owned();
    // the same form is carried out once
    let again = sent(&mut browser, &form).await.is(303).header("location").to_owned();
    assert_eq!(led, again);
    assert_eq!(town.n_entries().await, before + 1);
    for asset in [&bridge, &pond] {
        let maintained = duties(town, asset.id, Kind::Maintainer).await;
        assert_eq!(maintained.len(), 1);
        assert_eq!(maintained[0].from_on, Some(town.today()));
        assert_eq!(maintained[0].annual_budget, Some("1200.00".parse().expect("yuan")));
        let kept = duties(town, asset.id, Kind::Keeper).await;
        assert_eq!((kept.len(), kept[0].annual_budget), (1, None));
        assert_eq!(kept[0].task.as_deref(), Some("清扫桥面"));
    }
    let done = browser.open(&led).await.is(200).text();
    assert!(done.contains("已指派 2 项资产，4 项责任"), "{done}");
    let print = done.split("href=\"/duties/agreements").nth(1).expect("a way to the agreements");
    let print = print.split('"').next().expect("its end").replace("&amp;", "&");
    let sheets = browser.open(&format!("/duties/agreements{print}")).await.is(200).text();
    assert_eq!(sheets.matches("class=\"card pad upright\"").count(), 2, "{sheets}");
    assert!(sheets.contains(&name) && sheets.contains("清扫桥面"));
}

async fn somebody_new_keeps_it_and_is_masked(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::TownshipClerk).await;
    let (name, phone) = PEOPLE[0];
    let fields = [("keeper_name", name), ("keeper_phone", phone)];
    let page = looked(&mut browser, &[&bridge.code], &fields).await;
    let table = page.split("<table").nth(1).expect("a table");
    let table = table.split("</table>").next().expect("its end");
    assert!(table.contains("欧***") && !table.contains(name), "{table}");
    let led = sent(&mut browser, &confirmed(&page, &[])).await.is(303);
    let led = led.header("location").to_owned();
    assert!(!led.contains("name"), "{led}");
    let done = browser.open(&led).await.is(200).text();
    assert!(done.contains("欧***") && !done.contains(name) && !done.contains(phone), "{done}");
    // whoever is known already is not put on record again
    let pond = town.asset(VILLAGE_A1, "蓄水池", "1000.00").await;
    assigned(&mut browser, &[&pond.code], &fields).await;
    assert_eq!(town.rows::<entity::person::Entity>().await.len(), 1);
}

async fn who_bears_it_already_is_left_or_succeeded(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let pond = town.asset(VILLAGE_A1, "蓄水池", "1000.00").await;
    let first = town.organization(code(VILLAGE_A1), "上河村村委会").await;
    let second = town.organization(code(VILLAGE_A1), "石桥镇水管站").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let former = [("maintainer", "上河村村委会"), ("from_on", "2025-01-01"), ("until_on", "")];
    assigned(&mut browser, &[&bridge.code], &former).await;
    let codes = [bridge.code.as_str(), pond.code.as_str()];
    let next = [("maintainer", "水管站"), ("until_on", "")];
    let page = looked(&mut browser, &codes, &next).await;
    assert!(page.contains("已有人承担") && page.contains("原责任到 2026-05-31 止"), "{page}");
    let fields = confirmed(&page, &[("succeed", "no")]);
    sent(&mut browser, &fields).await.is(303);
    assert_eq!(duties(town, bridge.id, Kind::Maintainer).await.len(), 1);
    assert_eq!(duties(town, pond.id, Kind::Maintainer).await[0].organization_id, Some(second));
    let page = looked(&mut browser, &[&bridge.code], &next).await;
    let fields = confirmed(&page, &[("succeed", "yes")]);
    sent(&mut browser, &fields).await.is(303);
    let borne = duties(town, bridge.id, Kind::Maintainer).await;
    assert_eq!(borne[0].organization_id, Some(first));
    assert_eq!(borne[0].until_on, town.today().pred_opt());
    assert_eq!(borne[0].end_reason, Some(EndReason::Succeeded));
    assert_eq!(borne[1].organization_id, Some(second));
}

async fn what_changed_meanwhile_is_looked_at_again(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let name = collective_name("上河村");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let fields = [("maintainer", name.as_str())];
    let page = looked(&mut browser, &[&bridge.code], &fields).await;
    let earlier = [("maintainer", name.as_str()), ("from_on", "2026-05-01")];
    assigned(&mut browser, &[&bridge.code], &earlier).await;
    let before = town.n_entries().await;
    let again = sent(&mut browser, &confirmed(&page, &[])).await.is(412).text();
    assert!(again.contains("有了变化") && again.contains("已有人承担"), "{again}");
    assert_eq!(town.n_entries().await, before);
    // what was seen now can be confirmed
    sent(&mut browser, &confirmed(&again, &[("succeed", "yes")])).await.is(303);
}

async fn it_is_borne_by_whom_was_shown(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let (shown, other) = (collective_name("上河村"), collective_name("下河村"));
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = looked(&mut browser, &[&bridge.code], &[("maintainer", &shown)]).await;
    let before = town.n_entries().await;
    // as where the same words mean somebody else by now
    let mut fields = confirmed(&page, &[]);
    let typed = fields.iter_mut().find(|(name, _)| name == "maintainer").expect("the maintainer");
    typed.1 = other;
    let again = sent(&mut browser, &fields).await.is(412).text();
    assert!(again.contains("下河村"), "{again}");
    assert_eq!(town.n_entries().await, before);
    assert!(duties(town, bridge.id, Kind::Maintainer).await.is_empty());
}

async fn an_assignment_is_taken_back(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let pond = town.asset(VILLAGE_A1, "蓄水池", "1000.00").await;
    let first = town.organization(code(VILLAGE_A1), "上河村村委会").await;
    let second = town.organization(code(VILLAGE_A1), "石桥镇水管站").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let former =
        [("maintainer", "上河村村委会"), ("from_on", "2025-01-01"), ("until_on", "2027-12-31")];
    assigned(&mut browser, &[&bridge.code], &former).await;
    town.clock.pass(60);
    let codes = [bridge.code.as_str(), pond.code.as_str()];
    let page = looked(&mut browser, &codes, &[("maintainer", "石桥镇水管站")]).await;
    let led = sent(&mut browser, &confirmed(&page, &[("succeed", "yes")])).await.is(303);
    let led = led.header("location").to_owned();
    let back = browser.fill(&led, "/duties/take-back", &[]).await.is(303);
    let done = browser.open(back.header("location")).await.is(200).text();
    let told = "已撤回 2 项责任，记为撤销；其中 1 项自次日起由原来的人继续承担，其余 1 项空缺";
    assert!(done.contains(told) && done.contains("撤销指派"), "{done}");
    let borne = duties(town, bridge.id, Kind::Maintainer).await;
    let bearers: Vec<_> = borne.iter().map(|row| row.organization_id).collect();
    assert_eq!(bearers, [Some(first), Some(second), Some(first)]);
    assert_eq!(borne[1].end_reason, Some(EndReason::Revoked));
    // the former goes on from the next day to the day it had
    assert_eq!(borne[2].from_on, town.today().succ_opt());
    assert_eq!(borne[2].until_on, Some("2027-12-31".parse().expect("a day")));
    let alone = duties(town, pond.id, Kind::Maintainer).await;
    assert_eq!((alone.len(), alone[0].end_reason), (1, Some(EndReason::Revoked)));
    // twice it cannot be
    let span = led.split_once('?').expect("words").1;
    let pairs: Vec<_> = span.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let page = browser.open(&about(&codes)).await.is(200).text();
    let marks = hidden(form_of(&page, ASSIGN));
    let mut all: Vec<(&str, &str)> = marks
        .iter()
        .filter(|(name, _)| ["mark", "key"].contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.extend(pairs);
    browser.send("/duties/take-back", &all).await.is(422);
}

async fn one_duty_is_ended(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let fields = [("keeper_name", PEOPLE[1].0), ("keeper_phone", PEOPLE[1].1)];
    assigned(&mut browser, &[&bridge.code], &fields).await;
    let kept = duties(town, bridge.id, Kind::Keeper).await.remove(0);
    let card = browser.open(&format!("/assets/{}/duty", bridge.code)).await.is(200).text();
    let end = format!("/duties/{}/end", kept.id);
    assert!(card.contains(&format!("href=\"{end}\"")), "{card}");
    let wrong = [("on", "2020-01-01"), ("why", "person_left")];
    let page = browser.fill(&end, &end, &wrong).await.is(422).text();
    assert!(page.contains("截止日早于起始日") && page.contains("value=\"2020-01-01\""), "{page}");
    let right = [("on", "2026-06-01"), ("why", "person_left")];
    browser.fill(&end, &end, &right).await.is(303);
    let ended = duties(town, bridge.id, Kind::Keeper).await.remove(0);
    assert_eq!(ended.end_reason, Some(EndReason::PersonLeft));
    assert_eq!(ended.until_on, Some(town.today()));
    browser.fill(&end, &end, &right).await.is(422);
    browser.open("/duties/none/end").await.is(404);
}

async fn what_is_wrong_stays_where_it_was_typed(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.organization(code(VILLAGE_A1), "水管一站").await;
    town.organization(code(VILLAGE_A1), "水管二站").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = about(&[&bridge.code]);
    let nobody = browser.fill(&page, ASSIGN, &[("then", "check")]).await.is(422).text();
    assert!(nobody.contains("请填写管护主体或管护责任人"), "{nobody}");
    let fields = [
        ("maintainer", "水管"),
        ("keeper_phone", "123"),
        ("annual_budget", "很多"),
        ("from_on", "2026-06-01"),
        ("until_on", "2020-01-01"),
        ("task", "<b>清扫</b>"),
        ("then", "check"),
    ];
    let told = browser.fill(&page, ASSIGN, &fields).await.is(422).text();
    for words in ["水管一站", "水管二站", "#f-annual_budget", "#f-until_on", "value=\"很多\""]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(told.contains("&lt;b&gt;清扫&lt;/b&gt;") && told.contains("<title>错误："), "{told}");
    let unknown = [("maintainer", "没有的单位"), ("then", "check")];
    let told = browser.fill(&page, ASSIGN, &unknown).await.is(422).text();
    assert!(told.contains("没有这个单位"), "{told}");
    browser.open(ASSIGN).await.is(422);
    assert!(town.rows::<entity::duty::Entity>().await.is_empty());
}

async fn the_number_of_a_filter_is_confirmed(town: &Town) {
    for n in 0..23 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "1.00").await;
    }
    town.asset(OTHER_VILLAGE, "外县桥", "1.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let list = browser.open("/assets?q=桥").await.is(200).text();
    assert!(list.contains("选全部筛选结果 23 项"), "{list}");
    let all = |n: u32| format!("{ASSIGN}?all=yes&of=q%3D%E6%A1%A5&count={n}");
    let page = browser.open(&all(23)).await.is(200).text();
    assert!(!page.contains("数量变了"), "{page}");
    town.asset(VILLAGE_B1, "新桥", "1.00").await;
    let page = browser.open(&all(23)).await.is(200).text();
    assert!(page.contains("数量变了") && page.contains("现在符合条件的是 24 项"), "{page}");
    let name = collective_name("上河村");
    let fields = [("maintainer", name.as_str()), ("then", "check")];
    let page = browser.fill(&all(23), ASSIGN, &fields).await.is(200).text();
    assert!(page.contains("新增 <b>24</b>") && !page.contains("数量变了"), "{page}");
    // one more comes while the look is read: what was seen is what is done
    town.asset(VILLAGE_B1, "再一座桥", "1.00").await;
    sent(&mut browser, &confirmed(&page, &[])).await.is(303);
    assert_eq!(town.rows::<entity::duty::Entity>().await.len(), 24);
}

async fn whoever_may_not_assign_is_told(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let far = town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    let mut leader = town.browser(Role::Leader).await;
    leader.open(&about(&[&bridge.code])).await.is(403);
    let card = leader.open(&format!("/assets/{}", bridge.code)).await.is(200).text();
    assert!(!card.contains("指派管护责任") && !card.contains("现在办"), "{card}");
    let mut clerk = town.browser(Role::FinanceClerk).await;
    clerk.open(&about(&[&far.code])).await.is(404);
    // one of another county among one's own: none is found
    clerk.open(&about(&[&bridge.code, &far.code])).await.is(404);
    let card = clerk.open(&format!("/assets/{}", bridge.code)).await.is(200).text();
    let way = format!("class=\"btn go\" href=\"/duties/assign?asset={}\"", bridge.code);
    assert!(card.contains(&way) && card.contains("现在办"), "{card}");
}

async fn the_duties_of_an_area_are_viewed(town: &Town) {
    let mut codes = Vec::new();
    for n in 0..23 {
        codes.push(town.asset(VILLAGE_A1, &format!("{n}号桥"), "1.00").await.code);
    }
    let name = collective_name("上河村");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let first = browser.open("/duties").await.is(200).text();
    assert!(first.contains("没有管护主体 <b>23</b>"), "{first}");
    assert_eq!(first.matches("name=\"asset\"").count(), 20);
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("a next page");
    let next = next.split('"').next().expect("its end").replace("&amp;", "&");
    let second = browser.open(&next).await.is(200).text();
    assert_eq!(second.matches("name=\"asset\"").count(), 3);
    let some: Vec<&str> = codes.iter().map(String::as_str).take(22).collect();
    let soon = [("maintainer", name.as_str()), ("until_on", "2026-07-01")];
    assigned(&mut browser, &some, &soon).await;
    let lacking = browser.open("/duties?gap=no_keeper").await.is(200).text();
    assert!(lacking.contains("没有责任人 <b>22</b>") && lacking.contains("没有管护主体 <b>1</b>"));
    let ending = browser.open("/duties?show=ending").await.is(200).text();
    assert!(ending.contains("还剩 30 天") && ending.contains(&name), "{ending}");
    assert!(ending.contains("rel=\"next\""), "{ending}");
    let running = browser.open("/duties?show=running").await.is(200).text();
    assert!(running.contains("续签或换人"), "{running}");
    for wrong in ["/duties?gap=none", "/duties?colour=red", "/duties?area=1", "/duties?after=x"] {
        browser.open(wrong).await.is(422);
    }
    let mut other = Browser::new(town);
    town.settle_in(Role::Leader).await;
    other.sign_in("leader").await.is(303);
    let seen = other.open("/duties").await.is(200).text();
    assert!(!seen.contains("/duties/assign"), "{seen}");
}

async fn a_duty_is_renewed_on_other_terms(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let name = collective_name("上河村");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let fields = [("maintainer", name.as_str()), ("task", "清扫"), ("from_on", "2026-01-01")];
    assigned(&mut browser, &[&bridge.code], &fields).await;
    let card = browser.open(&format!("/assets/{}", bridge.code)).await.is(200).text();
    let renew = format!("/duties/assign?asset={}&amp;renew=yes", bridge.code);
    assert!(card.contains(&renew) && card.contains("安排管护预算"), "{card}");
    let renew = renew.replace("&amp;", "&");
    let fields = [("annual_budget", "2400"), ("then", "check")];
    let page = browser.open(&renew).await.is(200).text();
    assert!(page.contains(&format!("value=\"{name}\"")) && page.contains("value=\"清扫\""));
    let mut all = hidden(form_of(&page, ASSIGN));
    for (name, value) in [("maintainer", name.as_str()), ("task", "清扫")].iter().chain(&fields) {
        all.push(((*name).to_owned(), (*value).to_owned()));
    }
    let look = sent(&mut browser, &all).await.is(200).text();
    assert!(look.contains("value=\"yes\" checked"), "{look}");
    sent(&mut browser, &confirmed(&look, &[("succeed", "yes")])).await.is(303);
    let borne = duties(town, bridge.id, Kind::Maintainer).await;
    assert_eq!(borne.len(), 2);
    assert_eq!(borne[1].annual_budget, Some("2400.00".parse().expect("yuan")));
    assert_eq!(borne[0].organization_id, borne[1].organization_id);
}

async fn whoever_is_elsewhere_is_not_found(town: &Town) {
    let bridge = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::TownshipClerk).await;
    let form = about(&[&bridge.code]);
    for (n, village) in [OTHER_VILLAGE, VILLAGE_B1].into_iter().enumerate() {
        let id = town.person(code(village), n).await.to_string();
        let fields = [("keeper", id.as_str()), ("then", "check")];
        let page = browser.fill(&form, ASSIGN, &fields).await.is(404).text();
        let (name, phone) = PEOPLE[n];
        let first: String = name.chars().take(1).collect();
        assert!(!page.contains(&format!("{first}*")) && !page.contains(&phone[7..]), "{page}");
    }
    let body = town.collective(OTHER_VILLAGE).await.to_string();
    let fields = [("maintainer", body.as_str()), ("then", "check")];
    browser.fill(&form, ASSIGN, &fields).await.is(422);
}
