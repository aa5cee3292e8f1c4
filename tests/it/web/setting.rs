//! The pages of local rules, terms and kinds.

use entity::account::Role;

use super::Browser;
use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1},
};

on_both!(
    a_rule_is_looked_at_tried_out_set_and_told,
    what_was_typed_is_kept,
    whoever_may_not_set_a_rule_may_read_it,
    the_word_for_the_assets_is_that_of_the_area,
    every_kind_leads_to_the_list_it_counts,
    a_target_is_that_of_the_area,
);

const RULES: &str = "/admin/rules";

/// What a form of a rule is filled in with.
fn filled<'a>(value: &'a str, from: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("value", value),
        ("basis_title", "管护办法"),
        ("basis_no", "赤府〔2026〕1号"),
        ("from_on", from),
    ]
}

/// Sets a rule by its pages: the form, the look at what would change, and on.
async fn set(browser: &mut Browser, key: &str, fields: &[(&str, &str)]) -> String {
    let path = format!("{RULES}/{key}");
    let checked = browser.fill(&path, &path, fields).await.is(200).text();
    let form = checked.split("<form").find(|form| form.contains("value=\"set\"")).expect("a form");
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
        let (name, rest) = input.split_once("\" value=\"").expect("a value");
        (name, rest.split('"').next().expect("its end"))
    });
    let hidden: Vec<(&str, &str)> = hidden.collect();
    let done = browser.send(&path, &hidden).await.is(303);
    let again = browser.send(&path, &hidden).await.is(303);
    assert!(again.header("location").contains("done=set"));
    done.header("location").to_owned()
}

async fn a_rule_is_looked_at_tried_out_set_and_told(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut browser = town.browser(Role::RuralOfficer).await;
    let page = browser.open("/findings?rule=G01").await.is(200).text();
    assert!(page.contains("怎么算的：") && page.contains("今天没有在任的管护主体"), "{page}");
    let page = browser.open("/findings?rule=Q01").await.is(200).text();
    assert!(page.contains("满 90 天仍未确权"), "{page}");
    let today = town.today().to_string();
    let path = format!("{RULES}/check_G01");
    let checked = browser.fill(&path, &path, &filled("no", &today)).await.is(200).text();
    assert!(checked.contains("在 1 项资产中，将新增问题 0 条，销号 1 条。"), "{checked}");
    assert!(town.rows::<entity::setting::Entity>().await.is_empty(), "a look changes nothing");
    let place = set(&mut browser, "check_G01", &filled("no", &today)).await;
    assert_eq!(town.rows::<entity::setting::Entity>().await.len(), 1, "sent twice, done once");
    let told = browser.open(&place).await.is(200).text();
    assert!(told.contains("已复核资产 1 项，新增问题 0 条，销号 1 条。"), "{told}");
    for words in ["管护办法 赤府〔2026〕1号", "rural-officer", "本地规则定为不核查此项", &today]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    // one that is to come is withdrawn by its button
    let later = town.days_ahead(4).to_string();
    let place = set(&mut browser, "title_days", &filled("33", &later)).await;
    let told = browser.open(&place).await.is(200).text();
    assert!(told.contains("待生效") && told.contains("33 天"), "{told}");
    let row = town.rows::<entity::setting::Entity>().await.into_iter().max_by_key(|row| row.id);
    let action = format!("{RULES}/values/{}/withdraw", row.expect("a row").id);
    let done = browser.fill(&place, &action, &[]).await.is(303);
    let told = browser.open(done.header("location")).await.is(200).text();
    assert!(told.contains("已撤回") && !told.contains("待生效"), "{told}");
    town.clock.advance(4);
    let mut browser = town.browser(Role::RuralOfficer).await;
    let page = browser.open("/findings?rule=Q01").await.is(200).text();
    assert!(page.contains("满 90 天仍未确权"), "{page}");
}

async fn what_was_typed_is_kept(town: &Town) {
    let mut browser = town.browser(Role::RuralOfficer).await;
    let path = format!("{RULES}/idle_days");
    let today = town.today().to_string();
    let fields = [("value", "很久"), ("basis_title", ""), ("from_on", &*today)];
    let wrong = browser.fill(&path, &path, &fields).await.is(422).text();
    assert!(wrong.contains("value=\"很久\"") && wrong.contains("e-basis_title"), "{wrong}");
    let past = town.days_ahead(-1).to_string();
    let refused = browser.fill(&path, &path, &filled("7", &past)).await.is(422).text();
    assert!(refused.contains("已过") && refused.contains("value=\"7\""), "{refused}");
    browser.open(&format!("{path}?zone=1")).await.is(422);
    browser.open(&format!("{RULES}/nonsense")).await.is(404);
    // an old proof is renewed first, and what was typed comes back
    town.clock.pass(301);
    let checked = browser.fill(&path, &path, &filled("7", &today)).await.is(200).text();
    let mark =
        checked.split("name=\"mark\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let sent = [("mark", mark.expect("a mark")), ("key", "k1"), ("area", COUNTY), ("step", "set")];
    let due = [&sent[..], &filled("7", &today)].concat();
    let due = browser.send(&path, &due).await.is(403).text();
    let next = due.split("href=\"/me/proof?next=").nth(1).and_then(|rest| rest.split('"').next());
    let next: String = form_urlencoded::parse(format!("n={}", next.expect("a way")).as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect();
    let back = browser.open(&next).await.is(200).text();
    assert!(back.contains("value=\"7\"") && back.contains("value=\"管护办法\""), "{back}");
    assert!(town.rows::<entity::setting::Entity>().await.is_empty());
}

async fn whoever_may_not_set_a_rule_may_read_it(town: &Town) {
    let mut browser = town.browser(Role::VillageOfficer).await;
    for area in ["", "?area=520381000000", "?area=520381100000", "?area=520381100201"] {
        let page = browser.open(&format!("{RULES}{area}")).await.is(200).text();
        assert!(page.contains("闲置认定天数") && !page.contains(">调整<"), "{page}");
    }
    browser.open(&format!("{RULES}?area={OTHER_COUNTY}")).await.is(404);
    browser.open(&format!("{RULES}/idle_days")).await.is(403);
    browser.open("/admin/terms").await.is(403);
    // what is above one's own area is read there and set elsewhere
    let mut officer = town.browser(Role::RuralOfficer).await;
    let page = officer.open(RULES).await.is(200).text();
    assert!(page.contains(">调整<"), "{page}");
    let page = officer.open(&format!("{RULES}?area=520000000000")).await.is(200).text();
    assert!(!page.contains(">调整<"), "{page}");
    officer.open(&format!("{RULES}/idle_days?area=520000000000")).await.is(404);
}

async fn the_word_for_the_assets_is_that_of_the_area(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut browser = town.browser(Role::RuralOfficer).await;
    let page = browser.open("/admin/terms").await.is(200).text();
    assert!(page.contains("赤水县扶贫项目资产管理台账"), "{page}");
    let today = town.today().to_string();
    set(&mut browser, "asset_family", &filled("assistance", &today)).await;
    let named = "赤水县帮扶项目资产管理台账";
    for page in ["/dashboard", "/assets", "/admin/terms"] {
        let page = browser.open(page).await.is(200).text();
        assert!(page.contains(named) && !page.contains("赤水县扶贫项目"), "{page}");
    }
    let list = browser.open("/assets/print").await.is(200).text();
    assert!(list.contains("赤水县帮扶项目资产台账"), "what is printed: {list}");
    let file = browser.open("/assets.json").await.is(200).text();
    assert!(file.contains("帮扶项目资产台账") || !file.contains("title\":"), "{file}");
    // nobody else's word changes; before anybody has signed in it is what all have said
    let mut stranger = Browser::new(town);
    let page = stranger.open("/sign-in").await.is(200).text();
    assert!(page.contains("帮扶项目资产管理台账"), "{page}");
    let other = town.caller_there(Role::Leader).await;
    let told = other.get("/settings").await.is(200).json();
    let rules = told["rules"].as_array().expect("rules").clone();
    let word = rules.iter().find(|rule| rule["key"] == "asset_family").expect("a rule");
    assert_eq!(word["value"], "poverty_alleviation");
    let operator = taizhang::store::Actor::operator();
    let theirs = taizhang::domain::setting::Proposal {
        key: entity::setting::Key::AssetFamily,
        value: "扶贫".to_owned(),
        ..crate::setting::idle(OTHER_COUNTY, 1, town.today())
    };
    taizhang::app::setting::set(&town.ledger, &operator, &theirs).await.expect("set");
    let page = stranger.open("/sign-in").await.is(200).text();
    assert!(!page.contains("帮扶项目") && !page.contains("扶贫项目"), "they differ: {page}");
}

async fn every_kind_leads_to_the_list_it_counts(town: &Town) {
    for n in 0..2 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "1000.00").await;
    }
    let mut browser = town.browser(Role::VillageOfficer).await;
    let page = browser.open("/admin/kinds").await.is(200).text();
    let row = page.split("<tr>").find(|row| row.contains("道路交通")).expect("roads");
    let (address, n) = row
        .split("<a href=\"")
        .nth(1)
        .and_then(|link| link.split_once("\">"))
        .map(|(address, rest)| (address.replace("&amp;", "&"), rest.split('<').next()))
        .expect("a link");
    assert_eq!(n, Some("2"));
    assert!(row.contains(">0.20<"), "{row}");
    let list = browser.open(&address).await.is(200).text();
    assert!(list.contains("共 2 项"), "{address}: {list}");
    let equity = page.split("<tr>").find(|row| row.contains("股权")).expect("equity");
    assert!(equity.contains("未移交") && equity.contains("管护主体缺失"), "{equity}");
    assert!(!row.contains("未移交"), "{row}");
    browser.open(&format!("/admin/kinds?area={OTHER_COUNTY}")).await.is(404);
}

async fn a_target_is_that_of_the_area(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let body = town.collective("520381100201").await;
    let (ledger, operator) = (&town.ledger, taizhang::store::Actor::operator());
    let party =
        (entity::duty::Kind::Maintainer, taizhang::domain::title::Party::Organization(body));
    let terms =
        taizhang::domain::duty::Terms { until_on: Some(town.days_ahead(61)), ..Default::default() };
    taizhang::app::duty::assign(ledger, &operator, &[asset.id], party, &terms)
        .await
        .expect("assigned");
    town.asset(VILLAGE_A1, "水渠", "1000.00").await;
    let mut browser = town.browser(Role::RuralOfficer).await;
    let page = browser.open("/dashboard").await.is(200).text();
    assert!(page.contains("管护 95%") && page.contains("▾ 50.0%"), "{page}");
    let today = town.today().to_string();
    set(&mut browser, "upkeep_target", &filled("50", &today)).await;
    let page = browser.open("/dashboard").await.is(200).text();
    assert!(page.contains("管护 50%") && !page.contains("▾ 50.0%"), "{page}");
    // and the end of a duty is told ahead by so many days
    let duty = format!("/assets/{}/duty", asset.code);
    assert!(!browser.open(&duty).await.is(200).text().contains("将到期"));
    set(&mut browser, "duty_notice", &filled("61", &today)).await;
    let told = browser.open(&duty).await.is(200).text();
    assert!(told.contains("将到期") && told.contains("还有 61 天"), "{told}");
}
