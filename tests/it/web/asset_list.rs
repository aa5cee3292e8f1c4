//! The list of assets as an office wants it: columns, conditions, totals, pages on and back.

use entity::{
    account::Role,
    duty::Kind,
    funding::{Fund, Tier},
};
use taizhang::{
    app,
    domain::{asset::Completeness, duty::Terms, funding::Source, title::Party},
    store::Actor,
};

use super::Browser;
use crate::harness::{
    Town,
    town::{
        COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, collective_name, registration, yuan,
    },
};

on_both!(
    a_page_shows_the_columns_that_are_asked_for,
    a_file_has_the_columns_of_the_page,
    columns_are_kept_for_the_account,
    pages_lead_on_and_back,
    totals_are_of_the_page_and_of_the_whole,
    conditions_on_money_and_on_bodies_narrow_the_list,
    an_empty_list_says_what_to_take_out,
    a_list_of_the_past_is_not_mixed_with_the_present,
);

/// The heads of the table of a page.
fn heads(page: &str) -> Vec<String> {
    let head = page.split("<thead>").nth(1).expect("a head").split("</thead>").next();
    let cells = head.expect("its end").split("<th").skip(2);
    let plain = |cell: &str| {
        let mut text = String::new();
        let mut is_tag = true;
        for one in cell.chars() {
            match one {
                '<' => is_tag = true,
                '>' => is_tag = false,
                one if !is_tag => text.push(one),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    cells.map(plain).collect()
}

async fn funded(town: &Town, name: &str, source: Source) {
    let mut new = registration(VILLAGE_A1, name, "500.00");
    new.sources = vec![source];
    let operator = Actor::operator();
    let how = Completeness::Whole;
    app::asset::register(&town.ledger, &operator, new, how).await.expect("an asset");
}

async fn a_page_shows_the_columns_that_are_asked_for(town: &Town) {
    let amount = Some(yuan("500.00"));
    let source = Source { fund: Some(Fund::Bond), year: Some(2018), amount, ..Source::default() };
    funded(town, "石拱桥", source).await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/assets").await.is(200).text();
    let usual = [
        "资产名称 / 位置 / 编号",
        "类型",
        "资金来源",
        "原值（万元）",
        "权属",
        "管护主体 / 责任人",
        "状态",
    ];
    assert_eq!(heads(&page), usual);
    assert!(page.contains("地方政府债券") && page.contains("2018 年"), "{page}");
    // five hundred yuan are five hundredths of ten thousand
    assert!(page.contains("title=\"500.00 元\">0.05<"), "{page}");
    let page = browser.open("/assets?cols=quantity,code,value").await.is(200).text();
    assert_eq!(heads(&page), ["资产名称 / 位置 / 编号", "规模数量", "资产编号", "原值（万元）"]);
    let page = browser.open("/assets?cols=colour").await.is(422).text();
    assert!(page.contains("<code>cols</code>"), "{page}");
    // elsewhere the list of a county can be ordered, and by a column that is there
    let page = browser.open("/assets?sort=-value").await.is(200).text();
    assert!(page.contains("aria-sort=\"descending\""), "{page}");
}

async fn a_file_has_the_columns_of_the_page(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "12345.60").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/assets?cols=quantity,value").await.is(200).text();
    let file = "/assets.csv?cols=name%2Cquantity%2Cvalue";
    assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
    let text = browser.open(file).await.is(200).text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("\u{feff}资产名称,所在地,资产编号,规模数量,原值（元）"));
    // exact yuan, not ten thousands
    assert!(lines.next().is_some_and(|line| line.ends_with(",1.5,12345.60")), "{text}");
}

async fn columns_are_kept_for_the_account(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let chooser = browser.open("/assets/columns?class=public").await.is(200).text();
    assert!(chooser.contains("name=\"col\" value=\"quantity\""), "{chooser}");
    let fields = [("col", "quantity"), ("n-quantity", "2"), ("col", "value"), ("n-value", "1")];
    let led =
        browser.fill("/assets/columns?class=public", "/assets/columns", &fields).await.is(303);
    assert_eq!(led.header("location"), "/assets?class=public&cols=name%2Cvalue%2Cquantity");
    for address in [led.header("location"), "/assets?lacks=G01"] {
        let page = browser.open(address).await.is(200).text();
        assert_eq!(
            heads(&page),
            ["资产名称 / 位置 / 编号", "原值（万元）", "规模数量"],
            "{address}"
        );
    }
    // somebody else's list stays as it was
    let mut other = town.browser(Role::RuralOfficer).await;
    assert_eq!(heads(&other.open("/assets").await.is(200).text()).len(), 7);
    let usual = [("usual", "yes")];
    browser.fill("/assets/columns", "/assets/columns", &usual).await.is(303);
    assert_eq!(heads(&browser.open("/assets?lacks=G01").await.is(200).text()).len(), 7);
}

/// The names of the assets of a page, in order.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<a class=\"b\" href=\"/assets/").skip(1);
    let name = |row: &str| row.split('>').nth(1)?.split('<').next().map(str::to_owned);
    rows.filter_map(name).collect()
}

/// Where a page leads on or back.
fn way(page: &str, rel: &str) -> Option<String> {
    let link = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

async fn pages_lead_on_and_back(town: &Town) {
    for n in 0..7 {
        // two of them have no value
        let value = if n < 5 { format!("{n}00.00") } else { "1.00".to_owned() };
        town.asset(VILLAGE_A1, &format!("第{n}号桥"), &value).await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    for sort in ["place", "-place", "name", "value", "-value", "-updated_at"] {
        let mut seen: Vec<Vec<String>> = Vec::new();
        let mut address = format!("/assets?limit=3&sort={sort}");
        let last = loop {
            let page = browser.open(&address).await.is(200).text();
            let first = seen.len() * 3 + 1;
            let told = format!("第 {first}–{} 项，共 7 项", first + names(&page).len() - 1);
            assert!(page.contains(&told), "{sort}: no {told} in {page}");
            seen.push(names(&page));
            match way(&page, "next") {
                Some(next) => address = next,
                None => break page,
            }
        };
        assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1], "{sort}");
        let mut page = last;
        for (n, expected) in seen.iter().enumerate().rev().skip(1) {
            let back = way(&page, "prev").expect("a way back");
            page = browser.open(&back).await.is(200).text();
            assert_eq!(names(&page), *expected, "{sort}");
            assert!(page.contains(&format!("第 {}–", n * 3 + 1)), "{sort}: {page}");
        }
        assert_eq!(way(&page, "prev"), None, "{sort}");
    }
    browser.open("/assets?before=nonsense").await.is(422);
}

async fn totals_are_of_the_page_and_of_the_whole(town: &Town) {
    for (n, village) in [VILLAGE_A1, VILLAGE_A2, VILLAGE_B1].into_iter().enumerate() {
        town.asset(village, &format!("第{n}号桥"), "10000.00").await;
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    // kept sums and counted rows say the same
    for address in ["/assets?limit=2", "/assets?limit=2&subclass=road"] {
        let page = browser.open(address).await.is(200).text();
        let foot = page.split("<tfoot>").nth(1).expect("a foot");
        assert!(foot.contains("本页合计 2 项") && foot.contains(">2.00<"), "{address}: {foot}");
        assert!(foot.contains("筛选合计 3 项") && foot.contains(">3.00<"), "{address}: {foot}");
    }
    let page = browser.open(&format!("/assets?area={TOWN_A}")).await.is(200).text();
    let foot = page.split("<tfoot>").nth(1).expect("a foot");
    assert!(foot.contains("合计 2 项") && !foot.contains("筛选合计"), "{foot}");
    // the towns are on offer, and the villages of the one that is chosen
    assert!(page.contains("石桥镇") && page.contains("上河村") && !page.contains("银杏村"));
}

async fn conditions_on_money_and_on_bodies_narrow_the_list(town: &Town) {
    let amount = Some(yuan("500.00"));
    let tier = Some(Tier::Central);
    let source = |fund, year| Source {
        fund: Some(fund),
        year: Some(year),
        tier,
        amount,
        ..Source::default()
    };
    funded(town, "债券桥", source(Fund::Bond, 2018)).await;
    funded(town, "捐赠桥", source(Fund::Donation, 2020)).await;
    let road = town.asset(VILLAGE_A1, "无来源路", "900.00").await;
    let body = town.collective(VILLAGE_A1).await;
    let party = (Kind::Maintainer, Party::Organization(body));
    let actor = town.clerk().await;
    let (on, terms) = ([road.id], Terms::default());
    app::duty::assign(&town.ledger, &actor, &on, party, &terms).await.expect("assigned");
    let mut browser = town.browser(Role::FinanceClerk).await;
    let by_maintainer = format!("maintainer={body}");
    let by_owner = format!("owner={body}");
    for (words, expected) in [
        ("fund=bond", &["债券桥"][..]),
        ("fund=bond,donation&sort=name", &["捐赠桥", "债券桥"]),
        ("fund_year=2019-2021", &["捐赠桥"]),
        ("tier=central&fund=bond", &["债券桥"]),
        ("value=600-", &["无来源路"]),
        ("value=-500&fund=bond", &["债券桥"]),
        (by_maintainer.as_str(), &["无来源路"]),
        (by_owner.as_str(), &[]),
    ] {
        let page = browser.open(&format!("/assets?{words}")).await.is(200).text();
        assert_eq!(names(&page), expected, "{words}");
        assert!(page.contains("class=\"chip\""), "{words}: {page}");
    }
    // a body is typed by its name, and the address that comes of it holds its id
    let name = collective_name("上河村");
    let typed: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let led = browser.open(&format!("/assets?maintainer={typed}")).await.is(303);
    assert_eq!(led.header("location"), format!("/assets?maintainer={body}"));
    let page = browser.open(led.header("location")).await.is(200).text();
    assert!(page.contains(&format!("管护主体：{}", collective_name("上河村"))), "{page}");
    browser.open("/assets?owner=%E6%97%A0").await.is(422);
    browser.open("/assets?value=much").await.is(422);
}

async fn an_empty_list_says_what_to_take_out(town: &Town) {
    town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.asset(VILLAGE_A1, "木桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/assets?class=public&use_state=leased").await.is(200).text();
    assert!(page.contains("没有符合条件的资产"), "{page}");
    let hint = page.split("去掉条件“使用状态：出租”").nth(1).expect("a hint");
    assert!(hint.split("</p>").next().is_some_and(|rest| rest.contains('2')), "{hint}");
    // without the class alone nothing would be there either
    assert!(!page.contains("去掉条件“类别"), "{page}");
}

async fn a_list_of_the_past_is_not_mixed_with_the_present(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    browser.open("/assets?as_of=2026-01-01").await.is(422);
    let there: &mut Browser = &mut town.browser(Role::TownshipClerk).await;
    // of an area above, one's own part is meant
    let page = there.open(&format!("/assets?area={COUNTY}")).await.is(200).text();
    assert!(page.contains("石桥镇") && !page.contains("白果乡"), "{page}");
}
