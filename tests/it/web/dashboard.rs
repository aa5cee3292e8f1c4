//! The overview: each figure that leads to a list is the length of that list.

use entity::{
    account::Role,
    asset::{Class, Model as Asset},
    duty::Kind,
    finding::{Rule, tally},
    funding::Fund,
    id::AssetId,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use taizhang::{
    app::{
        self,
        asset::Registration,
        report::{Flow, Overview},
    },
    domain::{
        asset::Completeness, duty::Terms, funding::Source, title::Party, verification::Verdict,
    },
    store::{Actor, verify::VerifyOptions},
};

use super::Browser;
use crate::harness::{
    Town,
    town::{
        COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, day, registration, yuan,
    },
};

on_both!(
    every_figure_is_the_length_of_its_list,
    funds_are_counted_as_they_change,
    what_opens_and_clears_is_told_by_month,
    sums_of_before_there_were_any_are_made,
    an_area_of_another_is_not_found,
);

/// The links of the overview whose words are a number or end in one: where they lead, and the number.
fn figures(page: &str) -> Vec<(String, usize)> {
    let main = page.split("<main").nth(1).expect("what the page says");
    let links = main.split("<a ").skip(1).filter_map(|link| {
        let (tag, rest) = link.split_once('>')?;
        let address = tag.split("href=\"").nth(1)?.split('"').next()?;
        let words = rest.split_once("</a>")?.0;
        if !address.starts_with("/assets?") && !address.starts_with("/findings?") {
            return None;
        }
        let plain: String =
            words.split('<').map(|part| part.rsplit('>').next().unwrap_or(part)).collect();
        let number = plain.trim().rsplit([' ', '\u{a0}']).next()?.replace(',', "").parse().ok()?;
        Some((address.replace("&amp;", "&"), number))
    });
    links.collect()
}

/// How many rows a list says it has.
async fn length(browser: &mut Browser, address: &str) -> usize {
    let page = browser.open(address).await.is(200).text();
    let said = page.split(" 项，共 ").nth(1).and_then(|rest| rest.split(' ').next());
    // an empty list has no pages
    said.map_or(0, |n| n.parse().expect("a number"))
}

/// Every link of the overview whose words are a number or end in one.
async fn follow(browser: &mut Browser, page: &str) -> usize {
    let all = figures(page);
    for (address, n) in &all {
        assert_eq!(length(browser, address).await, *n, "{address}");
    }
    all.len()
}

async fn every_figure_is_the_length_of_its_list(town: &Town) {
    for n in 0..3 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "1000.00").await;
    }
    town.asset(VILLAGE_B1, "乙村桥", "2000.00").await;
    // two funds on one asset, none on another, one withdrawn; one that has gone
    let funded = registration(VILLAGE_A2, "水渠", "5000.00");
    let source =
        |fund, amount| Source { fund: Some(fund), amount: Some(yuan(amount)), ..Source::default() };
    let sources = vec![
        source(Fund::Transition, "3000.00"),
        source(Fund::Donation, "1500.00"),
        source(Fund::Donation, "500.00"),
    ];
    let acquired = day("2019-06-30");
    let asset = Asset { acquired_on: Some(acquired), ..funded.asset.clone() };
    let funded = Registration { asset, sources, ..funded };
    let operator = Actor::operator();
    app::asset::register(&town.ledger, &operator, funded, Completeness::TakeOn)
        .await
        .expect("registered");
    for (role, areas) in [
        (Role::FinanceClerk, &["", TOWN_A, VILLAGE_A1, TOWN_B][..]),
        (Role::Leader, &["", TOWN_A]),
        (Role::TownshipClerk, &["", VILLAGE_A2]),
        (Role::VillageOfficer, &[""]),
        (Role::DepartmentOfficer, &[""]),
        (Role::Inspector, &[""]),
    ] {
        let mut browser = town.browser(role).await;
        for area in areas {
            let page = browser.open(&format!("/dashboard?area={area}")).await.is(200).text();
            let n = follow(&mut browser, &page).await;
            assert!(n >= 4, "{role:?} {area}: {n} figures");
        }
    }
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = browser.open("/dashboard").await.is(200).text();
    for link in ["fund=donation", "fund=transition", "acquired_year=2019", "class=public"] {
        assert!(page.contains(link), "{link}: {page}");
    }
    // and those of the strip
    let strip = ["/assets?area=520381000000", "/assets?area=520381000000&standing=no"];
    for (address, n) in strip.into_iter().zip([5, 0]) {
        assert!(page.contains(&address.replace('&', "&amp;")), "{address}: {page}");
        assert_eq!(length(&mut browser, address).await, n, "{address}");
    }
}

/// The overview of the whole county.
async fn told(town: &Town) -> Overview {
    let operator = Actor::operator();
    let overview = app::report::overview(&town.ledger, &operator, Some(code(COUNTY))).await;
    overview.expect("an overview")
}

async fn funds_are_counted_as_they_change(town: &Town) {
    let sums = async || -> Vec<(Fund, i64, String)> {
        let told = told(town).await.funds.into_iter();
        told.map(|(fund, sum)| (fund, sum.n, sum.value.to_string())).collect()
    };
    let source =
        Source { fund: Some(Fund::Bond), amount: Some(yuan("1000.00")), ..Source::default() };
    let registration = registration(VILLAGE_A1, "桥", "1000.00");
    let registration = Registration { sources: vec![source], ..registration };
    let operator = Actor::operator();
    let (ledger, whole) = (&town.ledger, Completeness::TakeOn);
    let made = app::asset::register(ledger, &operator, registration, whole).await.expect("made");
    assert_eq!(sums().await, [(Fund::Bond, 1, "1000.00".to_owned())]);
    // the class is another: the sums move with it
    let (named, class) = ((made.id, made.version), (Class::Operating, None));
    let made = app::asset::reclass(ledger, &operator, named, class, "登记错了")
        .await
        .expect("another class");
    assert_eq!(sums().await, [(Fund::Bond, 1, "1000.00".to_owned())]);
    assert!(is_sound(town).await);
    // it is there no more: nor is its money
    let gone = |row| Asset { condition: Some(entity::asset::Condition::Gone), ..row };
    app::asset::amend(ledger, &operator, (made.id, made.version), gone).await.expect("gone");
    assert_eq!(sums().await, []);
    assert!(is_sound(town).await);
}

/// Has the collective of the village look after an asset.
async fn maintain(town: &Town, id: AssetId) {
    let party = (Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    app::duty::assign(ledger, &clerk, &[id], party, &Terms::default()).await.expect("assigned");
}

async fn is_sound(town: &Town) -> bool {
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    done.verdict() == Verdict::Sound
}

async fn what_opens_and_clears_is_told_by_month(town: &Town) {
    let first = town.asset(VILLAGE_A1, "一号桥", "1000.00").await;
    let rule = Rule::NoMaintainer;
    assert_eq!(told(town).await.since[&rule], Flow { opened: 1, cleared: 0 });
    // a month later it is an old one
    town.clock.advance(31);
    town.night(0).await;
    assert_eq!(told(town).await.since[&rule], Flow::default());
    town.asset(VILLAGE_A1, "二号桥", "1000.00").await;
    assert_eq!(told(town).await.since[&rule], Flow { opened: 1, cleared: 0 });
    maintain(town, first.id).await;
    let now = told(town).await;
    assert_eq!(now.since[&rule], Flow { opened: 1, cleared: 1 });
    assert_eq!(now.outline.found(rule).n, 1);
    assert_eq!(now.months.len(), 12);
    let [.., (_, last), (_, this)] = &now.months[..] else { panic!("{:?}", now.months) };
    assert!(last.opened >= 1 && last.cleared == 0 && this.cleared >= 1, "{:?}", now.months);
    assert!(is_sound(town).await);
    let mut browser = town.browser(Role::Leader).await;
    let page = browser.open("/dashboard").await.is(200).text();
    assert!(page.contains("持平") && page.contains("role=\"img\""), "{page}");
}

async fn sums_of_before_there_were_any_are_made(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "一号桥", "1000.00").await;
    town.asset(VILLAGE_A2, "二号桥", "1000.00").await;
    maintain(town, asset.id).await;
    let sums = async || {
        let mut rows = town.rows::<tally::Entity>().await;
        rows.retain(|row| row.n != 0);
        rows.sort_by_key(|row| (row.digits, row.subject.clone(), row.area_code));
        rows
    };
    let before = sums().await;
    for statement in [
        "DELETE FROM tally WHERE subject = 'acquired' \
         OR (subject LIKE '% %' AND subject NOT LIKE 'subclass %')",
        "DELETE FROM seaql_migrations WHERE version = 'm20261127_000015_overview'",
    ] {
        town.db.execute_unprepared(statement).await.expect("undone");
    }
    assert!(sums().await.len() < before.len());
    Migrator::up(&town.db, None).await.expect("made again");
    assert_eq!(sums().await, before);
}

async fn an_area_of_another_is_not_found(town: &Town) {
    let mut browser = town.browser(Role::TownshipClerk).await;
    for page in ["/dashboard", "/assets", "/findings"] {
        browser.open(&format!("{page}?area=520382000000")).await.is(404);
    }
}
