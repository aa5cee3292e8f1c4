//! Which pages are looked at, and by whom: every one of the list of all pages, by the first who may;
//! what only an address makes of a page; what anybody may open.

use entity::account::Role;

use super::{Sight, answers, furnished::Furnished};
use crate::{
    harness::{Town, town::VILLAGE_A1},
    matrix::{PAGES, shown},
};

/// Who looks at pages, in the order in which they are asked.
const READERS: [Role; 6] = [
    Role::FinanceClerk,
    Role::RuralOfficer,
    Role::TownshipClerk,
    Role::Auditor,
    Role::Administrator,
    Role::SecurityAdministrator,
];

/// Pages for anybody.
const OPEN: [&str; 13] = [
    "/sign-in",
    "/link",
    "/help",
    "/help/shortcuts",
    "/help/sign-in",
    "/q",
    "/q?code=7K3",
    "/q/{short}",
    "/q/{short}/report",
    "/q/reports",
    "/q/{short}/report?lang=en",
    "/q/{short}?lang=en",
    "/offline",
];
/// Their routes, as the sources name them.
const OPEN_ROUTES: [&str; 11] = [
    "/sign-in",
    "/help",
    "/help/shortcuts",
    "/help/{screen}",
    "/q",
    "/q/reports",
    "/q/{short}",
    "/q/{short}/report",
    "/offline",
    "/sw.js",
    "/manifest.webmanifest",
];

/// What an address makes of a page, and where it leads nowhere.
const TURNED: [&str; 25] = [
    "/dashboard",
    "/dashboard?lang=en",
    "/assets",
    "/assets?lang=en",
    "/assets?class=household",
    "/assets?q=没有这样的资产",
    "/assets?colour=red",
    "/assets?as_of=2026-06-01",
    "/assets/{bare}",
    "/assets/{bare}/files",
    "/assets/plates?asset={code}&sheet=large&dx=-15",
    "/q/{short}",
    "/q/{short}?lang=en",
    "/fault-reports?lang=en",
    "/assets/{bare}/findings?lang=en",
    "/assets/{code}?as_of=2026-06-01",
    "/assets/merge?asset={code}&asset={bare}",
    "/assets/new?lang=en",
    "/duties?lang=en",
    "/duties/assign?asset={code}&asset={bare}",
    "/findings",
    "/findings/{bare}/G01",
    "/search?q=上河村",
    "/titles?lang=en",
    "/nowhere",
];

/// Pages that people of other roles begin with, or see otherwise.
const OF_OTHERS: [(Role, &[&str]); 4] = [
    (Role::Leader, &["/dashboard", "/assets", "/assets/{bare}"]),
    (Role::TownshipClerk, &["/tasks", "/dashboard", "/inspections/routes/new?area=520381100201"]),
    (Role::VillageOfficer, &["/tasks", "/dashboard"]),
    (Role::Auditor, &["/dashboard", "/log/520381/2"]),
];

#[test]
fn every_route_that_shows_a_page_is_on_a_list() {
    let mut shown = shown();
    let mut listed: Vec<_> = PAGES.iter().map(|(route, ..)| *route).chain(OPEN_ROUTES).collect();
    shown.sort();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(shown, listed);
}

/// Has every page looked at, also those that answer a form; each look says what is wrong.
pub(super) async fn walk(town: &Town, sight: &Sight, look: impl AsyncFn(&Sight) -> Vec<String>) {
    let mut wrong = Vec::new();
    let named = |page: &str, found: Vec<String>| -> Vec<String> {
        found.into_iter().map(|one| format!("{page}: {one}")).collect()
    };
    let bare = &sight.assets[0];
    let short = town.ledger.short_code(bare.id).expect("a short code").plain();
    for page in OPEN {
        sight.open(&in_chinese(&page.replace("{short}", &short))).await;
        wrong.extend(named(page, look(sight).await));
    }
    let furnished = Furnished::of(town).await;
    let own = |page: &&str| {
        let page = page.replace("{bare}", &bare.code).replace("{code}", &furnished.asset.code);
        page.replace("{short}", &short)
    };
    let mut all = by_reader(town, &furnished).await;
    all[0].1.extend(TURNED.iter().map(own));
    all.extend(OF_OTHERS.map(|(role, pages)| (role, pages.iter().map(own).collect())));
    for (role, pages) in all {
        sight.seat(town, role).await;
        for page in pages {
            sight.open(&in_chinese(&page)).await;
            wrong.extend(named(&page, look(sight).await));
        }
    }
    wrong.extend(answers::walk(town, sight, &furnished, async |sight, _| look(sight).await).await);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The address of a page in Chinese, where it does not say otherwise.
fn in_chinese(page: &str) -> String {
    let mark = if page.contains('?') { '&' } else { '?' };
    if page.contains("lang=") { page.to_owned() } else { format!("{page}{mark}lang=zh") }
}

/// A page of a sheet that only the program holds to which it was brought: whoever imports one there
/// comes by it (`importing`).
const HELD: &str = "/imports/jobs/1/columns";

/// The pages of the list, each by the first who may see it. What an address answers that is no page
/// is left out: files, and parts of pages.
async fn by_reader(town: &Town, furnished: &Furnished) -> Vec<(Role, Vec<String>)> {
    let addresses = PAGES.iter().map(|(_, address, about)| furnished.fill(address, *about));
    let mut left: Vec<String> = addresses.filter(|address| address != HELD).collect();
    let mut all = Vec::new();
    for role in READERS {
        let mut browser = town.seated(role).await;
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for address in left {
            let reply = browser.open(&address).await;
            match reply.status.as_u16() {
                200 if reply.text().starts_with("<!DOCTYPE html>") => own.push(address),
                200 => {}
                // where somebody begins
                303 => assert_eq!(address, "/"),
                _ => others.push(address),
            }
        }
        all.push((role, own));
        left = others;
    }
    assert!(left.is_empty(), "nobody sees {left:?}");
    all
}

/// The pages on which most of the work is done.
pub(super) fn main(sight: &Sight) -> Vec<String> {
    let code = &sight.assets[0].code;
    let mut pages: Vec<String> =
        ["/tasks", "/dashboard", "/assets", "/findings", "/duties", "/titles", "/assets/new"]
            .map(str::to_owned)
            .into();
    pages.push(format!("/dashboard?area={VILLAGE_A1}"));
    pages.push(format!("/assets/{code}"));
    pages.push(format!("/assets/{code}/edit"));
    pages.push(format!("/duties/assign?asset={code}"));
    pages.push(format!("/findings/{code}/G01"));
    pages.push("/me/settings".to_owned());
    pages
}
