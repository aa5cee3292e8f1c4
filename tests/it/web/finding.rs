//! The list of findings, one finding, several at once; and what waits for whom.

use entity::{account::Role, finding::Rule, id::AssetId, rectification::State};
use taizhang::{app, store::Actor};

use super::Browser;
use crate::harness::{
    Town,
    signing_in::PASSWORD,
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_finding_goes_from_hand_to_hand,
    several_are_asked_about_after_a_look,
    all_of_a_list_are_asked_about_after_a_look,
    chips_count_what_the_list_shows,
    files_hold_what_the_list_shows,
    waiving_asks_first_who_is_there,
    what_was_typed_stays,
    tasks_are_what_waits,
    everybody_begins_where_their_work_is
);

const RULE: Rule = Rule::NoMaintainer;

async fn browser(town: &Town, name: &str) -> Browser {
    let purpose = entity::one_time_link::Purpose::FirstSignIn;
    let link = app::sign_in::issue_link(&town.ledger, &Actor::operator(), name, purpose).await;
    let link = link.expect("a link");
    app::sign_in::open_link(&town.ledger, &link, PASSWORD).await.expect("a password");
    let mut browser = Browser::new(town);
    browser.sign_in(name).await.is(303);
    browser
}

async fn progress(town: &Town, asset: AssetId) -> Option<State> {
    town.finding(asset, RULE).await.expect("a finding").progress
}

async fn a_finding_goes_from_hand_to_hand(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let place = format!("/findings/{}/G01", asset.code);
    let mut clerk = browser(town, "township-clerk").await;
    let text = clerk.open(&place).await.is(200).text();
    assert!(text.contains("从未登记管护主体") && text.contains("资产形态"), "{text}");
    assert!(text.contains(&format!("/assets/{}/duty", asset.code)), "a way to mend it");
    let officer = town.account("village-officer").await.account().expect("an account").to_string();
    let due = town.days_ahead(20).to_string();
    let fields = [("account", officer.as_str()), ("due", &due), ("note", "尽快落实")];
    let sent = clerk.fill(&place, &format!("{place}/assign"), &fields).await.is(303);
    assert_eq!(sent.header("location"), format!("{place}?done=assign"));
    assert_eq!(progress(town, asset.id).await, Some(State::Open));
    let mut officer = browser(town, "village-officer").await;
    let text = officer.open("/tasks").await.is(200).text();
    assert!(text.contains("等我整改") && text.contains(&place), "{text}");
    let text = officer.open(&place).await.is(200).text();
    assert!(text.contains("尽快落实") && !text.contains(&format!("{place}/check")), "{text}");
    officer.fill(&place, &format!("{place}/begin"), &[]).await.is(303);
    assert_eq!(progress(town, asset.id).await, Some(State::Underway));
    let escalation = [("escalation", "村里没有钱")];
    let sent = officer.fill(&place, &format!("{place}/escalate"), &escalation).await.is(303);
    let text = officer.open(sent.header("location")).await.is(200).text();
    assert!(text.contains("已督办到上一级：石桥镇"), "it says to whom: {text}");
    officer.fill(&place, &format!("{place}/report"), &[("report", "已请人看护")]).await.is(303);
    assert_eq!(progress(town, asset.id).await, Some(State::Done));
    let text = clerk.open("/tasks").await.is(200).text();
    assert!(text.contains("等我核查"), "{text}");
    let text = clerk.open("/findings?check=yes").await.is(200).text();
    assert!(text.contains("便民桥") && text.contains("已办待核"), "{text}");
    let check = format!("{place}/check");
    clerk.fill(&place, &check, &[("verdict", "return"), ("returned", "没有协议")]).await.is(303);
    assert_eq!(progress(town, asset.id).await, Some(State::Underway));
    officer.fill(&place, &format!("{place}/report"), &[("report", "协议已签")]).await.is(303);
    clerk.fill(&place, &check, &[("verdict", "accept")]).await.is(303);
    assert_eq!(progress(town, asset.id).await, Some(State::ClosedOut));
    let text = clerk.open(&place).await.is(200).text();
    for said in
        ["交办整改", "督办", "报整改完成", "核查整改", "village-officer", "没有协议", "协议已签"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    // one form, sent again, is done once
    let text = clerk.open("/findings?state=closed_out").await.is(200).text();
    assert!(text.contains("便民桥"), "{text}");
}

async fn several_are_asked_about_after_a_look(town: &Town) {
    let mut chosen = Vec::new();
    for n in 0..3 {
        let asset = town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await;
        chosen.push(format!("{}.G01.0", asset.id));
    }
    let mut clerk = browser(town, "township-clerk").await;
    let text = clerk.open("/findings?rule=G01").await.is(200).text();
    for one in &chosen {
        assert!(text.contains(&format!("name=\"finding\" value=\"{one}\"")), "{text}");
    }
    let look = format!("/findings/chosen?do=assign&finding={}&finding={}", chosen[0], chosen[1]);
    let text = clerk.open(&look).await.is(200).text();
    assert!(
        text.contains("交办这 2 项") && text.contains("桥0") && !text.contains("桥2"),
        "{text}"
    );
    let due = town.days_ahead(5).to_string();
    let account = town.account("township-clerk").await.account().expect("an account").to_string();
    // two fields of one name are both sent
    let mut fields = super::hidden(super::form_of(&text, "/findings/chosen"));
    fields.extend([("account".to_owned(), account), ("due".to_owned(), due)]);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = clerk.send("/findings/chosen", &fields).await.is(303);
    assert_eq!(sent.header("location"), "/findings?done=2");
    let again = clerk.send("/findings/chosen", &fields).await.is(303);
    assert_eq!(again.header("location"), "/findings?done=2", "sent twice, done once");
    let rounds = town.rows::<entity::rectification::Entity>().await;
    assert_eq!((rounds.len(), rounds[0].version), (2, 1));
    let text = clerk.open("/findings?done=2").await.is(200).text();
    assert!(text.contains("已办理 2 项"), "{text}");
    let look = format!("/findings/chosen?do=escalate&finding={}", chosen[2]);
    let sent = clerk.fill(&look, "/findings/chosen", &[("escalation", "请县里协调")]).await.is(303);
    assert_eq!(sent.header("location"), "/findings?done=1");
    let mut county = browser(town, "rural-officer").await;
    let text = county.open("/findings?escalated=county").await.is(200).text();
    assert!(!text.contains("桥2"), "it went to the town first");
    clerk.open("/findings/chosen?do=burn").await.is(422);
    clerk.open("/findings/chosen?do=assign&finding=1.G99.0").await.is(422);
    let text = clerk.open("/findings/chosen?do=assign").await.is(200).text();
    assert!(text.contains("没有勾选任何问题"), "{text}");
    let mut officer = browser(town, "village-officer").await;
    officer.open("/findings/chosen?do=assign").await.is(403);
}

async fn all_of_a_list_are_asked_about_after_a_look(town: &Town) {
    for n in 0..23 {
        town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await;
    }
    town.asset(VILLAGE_B1, "别镇的桥", "10.00").await;
    let mut clerk = browser(town, "township-clerk").await;
    let list = clerk.open("/findings?rule=G01").await.is(200).text();
    assert!(list.contains("选全部筛选结果 23 项") && rows(&list) == 20, "{list}");
    let look = "/findings/chosen?do=assign&all=yes&of=rule%3DG01&count=23";
    let page = clerk.open(look).await.is(200).text();
    assert!(page.contains("交办这 23 项") && !page.contains("数量变了"), "{page}");
    town.asset(VILLAGE_A1, "又一座", "10.00").await;
    let changed = clerk.open(look).await.is(200).text();
    assert!(changed.contains("数量变了") && changed.contains("交办这 24 项"), "{changed}");
    // what was looked at is what is done
    let officer = town.account("village-officer").await.account().expect("an account").to_string();
    let due = town.days_ahead(20).to_string();
    let mut fields = super::hidden(super::form_of(&page, "/findings/chosen"));
    fields.push(("account".to_owned(), officer));
    fields.push(("due".to_owned(), due));
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = clerk.send("/findings/chosen", &fields).await.is(303);
    assert_eq!(sent.header("location"), "/findings?done=23");
    assert_eq!(town.rows::<entity::rectification::Entity>().await.len(), 23);
    clerk.open("/findings/chosen?do=assign&all=yes&of=colour%3Dred&count=1").await.is(422);
    let none = clerk
        .open("/findings/chosen?do=assign&all=yes&of=rule%3DG01%26class%3Dhousehold&count=0")
        .await;
    assert!(none.is(200).text().contains("没有勾选任何问题"));
}

/// How many the page says that a chip has.
fn chip(text: &str, name: &str) -> i64 {
    let after =
        text.split(&format!("{name} <b>")).nth(1).unwrap_or_else(|| panic!("{name}: {text}"));
    after.split('<').next().expect("a number").parse().expect("a number")
}

/// How many rows a page has.
fn rows(text: &str) -> i64 {
    let body =
        text.split("<tbody>").nth(1).map_or("", |rest| rest.split("</tbody>").next().unwrap_or(""));
    i64::try_from(body.matches("<tr>").count()).expect("few")
}

async fn chips_count_what_the_list_shows(town: &Town) {
    let mut assets = Vec::new();
    for n in 0..4 {
        assets.push(town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await);
    }
    town.asset(VILLAGE_B1, "渠", "10.00").await;
    let ask = async |n: usize, days: i64| {
        let bearer = town.account("township-clerk").await.account().expect("an account");
        let charge = taizhang::domain::rectification::Charge {
            bearer: taizhang::domain::rectification::Bearer::Account(bearer),
            due_on: town.days_ahead(days),
            note: None,
        };
        let finding = app::rectification::Finding { asset: assets[n].id, rule: RULE, version: 0 };
        app::rectification::assign(&town.ledger, &Actor::operator(), &[finding], &charge)
            .await
            .expect("asked");
    };
    ask(0, 5).await;
    ask(1, 5).await;
    ask(2, 30).await;
    town.clock.advance(10);
    let mut clerk = browser(town, "rural-officer").await;
    for (words, name, n) in [
        ("rule=G01", "管护主体缺失", 5),
        ("rule=G01&state=none", "管护主体缺失", 2),
        ("rule=G01&state=open", "管护主体缺失", 3),
        ("overdue=yes", "管护主体缺失", 2),
        ("overdue=yes", "全部", 2),
        ("rule=G01&days=30-&sort=age", "管护主体缺失", 5),
        ("rule=G01&class=public", "管护主体缺失", 5),
    ] {
        let text = clerk.open(&format!("/findings?{words}")).await.is(200).text();
        assert_eq!((chip(&text, name), rows(&text)), (n, n), "{words}: {text}");
    }
    let text = clerk.open(&format!("/findings?rule=G01&area={TOWN_A}")).await.is(200).text();
    assert_eq!((chip(&text, "管护主体缺失"), rows(&text)), (4, 4));
    let text = clerk.open("/findings?overdue=yes").await.is(200).text();
    assert!(text.contains("逾期 5 天"), "late is said in words: {text}");
    let text = clerk.open("/findings?rule=G01&class=household").await.is(200).text();
    assert!(text.contains("没有符合这些条件的问题"), "{text}");
    clerk.open("/findings?colour=red").await.is(422);
    clerk.open("/findings?days=30").await.is(422);
}

async fn files_hold_what_the_list_shows(town: &Town) {
    for n in 0..2 {
        town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await;
    }
    let mut clerk = browser(town, "township-clerk").await;
    let first = town.rows::<entity::asset::Entity>().await[0].clone();
    let place = format!("/findings/{}/G01", first.code);
    let account = town.account("township-clerk").await.account().expect("an account").to_string();
    let due = town.days_ahead(3).to_string();
    let fields = [("account", account.as_str()), ("due", &due)];
    clerk.fill(&place, &format!("{place}/assign"), &fields).await.is(303);
    let text = clerk.open("/findings.csv?rule=G01&state=open").await.is(200).text();
    assert!(text.contains("整改状态") && text.contains("未办") && text.contains(&due), "{text}");
    assert!(
        text.contains("township-clerk") && text.contains("桥0") && !text.contains("桥1"),
        "{text}"
    );
    let json = clerk.open("/findings.json?mine=yes").await.is(200).json();
    assert_eq!(json["total"]["count"], 1, "{json}");
    assert_eq!(json["rows"][0]["due_on"], due.as_str(), "{json}");
    let json = clerk.open("/findings.json?rule=G01&state=none").await.is(200).json();
    assert_eq!((&json["total"]["count"], &json["rows"][0]["name"]), (&1.into(), &"桥1".into()));
}

async fn waiving_asks_first_who_is_there(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let place = format!("/findings/{}/G01", asset.code);
    let mut officer = browser(town, "rural-officer").await;
    let text = officer.open(&place).await.is(200).text();
    let form = super::form_of(&text, &format!("{place}/waive"));
    let mut fields = super::hidden(form);
    let until = town.days_ahead(30).to_string();
    fields.extend([("reason".to_owned(), "等项目批复".to_owned()), ("until".to_owned(), until)]);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    town.clock.pass(6 * 60);
    let text = officer.send(&format!("{place}/waive"), &fields).await.is(403).text();
    assert!(text.contains("/me/proof?next=") && text.contains("等项目批复"), "{text}");
    assert!(!town.finding(asset.id, RULE).await.expect("a finding").is_waived);
    officer.fill("/me/proof", "/me/proof", &[("proof", PASSWORD)]).await.is(303);
    officer.fill(&place, &format!("{place}/waive"), &fields[2..]).await.is(303);
    assert!(town.finding(asset.id, RULE).await.expect("a finding").is_waived);
    let text = officer.open("/findings?rule=G01&waived=yes").await.is(200).text();
    assert!(text.contains("豁免中"), "{text}");
    let text = officer.open("/findings?rule=G01").await.is(200).text();
    assert!(!text.contains("豁免中"), "{text}");
}

async fn what_was_typed_stays(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let place = format!("/findings/{}/G01", asset.code);
    let mut clerk = browser(town, "township-clerk").await;
    let due = town.days_ahead(400).to_string();
    let fields = [("due", due.as_str()), ("note", "请抓紧办")];
    let text = clerk.fill(&place, &format!("{place}/assign"), &fields).await.is(422).text();
    assert!(text.contains("请抓紧办") && text.contains(&due), "{text}");
    assert!(text.contains("错误：") && text.contains("不能为空"), "{text}");
    let account = town.account("township-clerk").await.account().expect("an account").to_string();
    let fields = [("account", account.as_str()), ("due", &due), ("note", "请抓紧办")];
    let text = clerk.fill(&place, &format!("{place}/assign"), &fields).await.is(422).text();
    assert!(text.contains("整改期限最长 366 天") && text.contains("请抓紧办"), "{text}");
    // somebody else was faster
    let text = clerk.open(&place).await.is(200).text();
    let mut stale = super::hidden(super::form_of(&text, &format!("{place}/escalate")));
    stale.push(("escalation".to_owned(), "要县里协调".to_owned()));
    clerk.fill(&place, &format!("{place}/escalate"), &[("escalation", "先催一次")]).await.is(303);
    let stale: Vec<(&str, &str)> =
        stale.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = clerk.send(&format!("{place}/escalate"), &stale).await.is(412).text();
    assert!(text.contains("要县里协调"), "{text}");
    clerk.open(&format!("/findings/{}/G99", asset.code)).await.is(404);
    clerk.open(&format!("/findings/{}/X01", asset.code)).await.is(404);
    let mut other = browser(town, "township-clerk-b").await;
    other.open(&place).await.is(404);
    let send = other.send(&format!("{place}/begin"), &[("mark", "x")]).await;
    assert_eq!(send.status, 403, "a form of no page");
}

async fn tasks_are_what_waits(town: &Town) {
    let mut clerk = browser(town, "township-clerk").await;
    let text = clerk.open("/tasks").await.is(200).text();
    assert!(text.contains("没有等您办的事"), "{text}");
    for n in 0..7 {
        town.asset(VILLAGE_A1, &format!("桥{n}"), "10.00").await;
    }
    let text = clerk.open("/tasks").await.is(200).text();
    assert!(text.contains("缺管护主体") && text.contains("全部 7 件"), "{text}");
    assert!(text.contains("href=\"/findings?rule=G01\""), "{text}");
    assert_eq!(text.matches("class=\"b\" href=\"/findings/").count(), 5, "the first five");
    let list = clerk.open("/findings?rule=G01").await.is(200).text();
    assert_eq!(rows(&list), 7);
    assert!(list.contains("待办<b>7</b>"), "the menu counts: {list}");
    // a duty that ends soon
    let asset = town.rows::<entity::asset::Entity>().await[0].id;
    let body = taizhang::domain::title::Party::Organization(town.collective(VILLAGE_A1).await);
    let terms = taizhang::domain::duty::Terms {
        until_on: Some(town.days_ahead(60)),
        ..taizhang::domain::duty::Terms::default()
    };
    let duty = (entity::duty::Kind::Maintainer, body);
    let operator = Actor::operator();
    app::duty::assign(&town.ledger, &operator, &[asset], duty, &terms).await.expect("a duty");
    let other = town.rows::<entity::asset::Entity>().await[1].id;
    let later = taizhang::domain::duty::Terms {
        until_on: Some(town.days_ahead(61)),
        ..taizhang::domain::duty::Terms::default()
    };
    app::duty::assign(&town.ledger, &operator, &[other], duty, &later).await.expect("a duty");
    let text = clerk.open("/tasks?of=duties").await.is(200).text();
    assert!(text.contains("共 1 件") && text.contains("桥0"), "{text}");
    let mut there = browser(town, "township-clerk-b").await;
    let text = there.open("/tasks?of=duties").await.is(200).text();
    assert!(!text.contains("桥0") && text.contains("已办清"), "{text}");
    let after = taizhang::domain::duty::Terms {
        from_on: Some(town.days_ahead(61)),
        ..taizhang::domain::duty::Terms::default()
    };
    app::duty::assign(&town.ledger, &operator, &[asset], duty, &after).await.expect("a next duty");
    let text = clerk.open("/tasks?of=duties").await.is(200).text();
    assert!(text.contains("已办清"), "one follows: {text}");
    clerk.open("/tasks?of=cheese").await.is(422);
    // invitations are the administrator's
    let text = clerk.open("/tasks?of=accounts").await.is(200).text();
    assert!(text.contains("已办清"), "{text}");
    let area = crate::harness::town::code(COUNTY);
    app::account::add_with_link(&town.ledger, &operator, "newcomer", Role::Leader, area)
        .await
        .expect("an account");
    let administrator = town.as_role(Role::Administrator).await;
    let read = town.ledger.read(&administrator);
    assert_eq!(read.n_accounts_invited().await.expect("a number"), 1);
    let waiting = read.accounts_invited(None, 5).await.expect("accounts");
    assert_eq!(waiting.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["newcomer"]);
    let there = town.as_other(Role::Administrator).await;
    assert_eq!(town.ledger.read(&there).n_accounts_invited().await.expect("a number"), 0);
}

async fn everybody_begins_where_their_work_is(town: &Town) {
    for (name, place) in [
        ("finance-clerk", "/tasks"),
        ("township-clerk", "/tasks"),
        ("department-officer", "/findings"),
    ] {
        let mut browser = browser(town, name).await;
        let led = browser.open("/").await.is(303);
        assert_eq!(led.header("location"), place, "{name}");
        browser.open(place).await.is(200);
    }
}
