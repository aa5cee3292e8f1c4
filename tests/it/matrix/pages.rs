//! Every page, asked for by people of every kind of place about things of every place: shown where
//! it is theirs, not found where it is not, and a way to the sign-in for whoever is not signed in.

use axum::http::Method;
use entity::area::AreaCode;
use taizhang::{app::report, store::Subject, web};

pub(crate) use super::page_table::{About, PAGES};
use super::{
    canary::word,
    country::{PLACES, Who, roles},
    scan::{READERS, Scan, is_long, kept},
};
use crate::api::Reply;

/// Routes of pages that anybody may open, and of what only takes forms.
const OTHERS: &[&str] = &[
    "/sign-in",
    "/sign-out",
    "/attendance/{id}/approve",
    "/inspections/routes/{id}/end",
    "/contracts/{id}/end",
    "/campaigns/{id}/close",
    "/campaigns/{id}/draw",
    "/campaign-lines/{id}/answer",
    "/campaign-lines/{id}/recheck",
    "/stock-finds/{id}/settle",
    "/discrepancies/{id}/settle",
    "/welfare-posts/{id}/end",
    "/welfare-posts/{id}/months",
    "/revivals/{id}/amend",
    "/revivals/{id}/approve",
    "/revivals/{id}/end",
    "/revivals/{id}/report",
    "/revivals/{id}/verify",
    "/work-orders/{id}/accept",
    "/work-orders/{id}/approve",
    "/work-orders/{id}/begin",
    "/work-orders/{id}/dismiss",
    "/work-orders/{id}/dispatch",
    "/work-orders/{id}/estimate",
    "/work-orders/{id}/report",
    "/q",
    "/q/reports",
    "/q/{short}",
    "/q/{short}/report",
    "/help",
    "/help/shortcuts",
    "/help/{screen}",
    "/manifest.webmanifest",
    "/offline",
    "/sw.js",
    "/drafts",
    "/drafts/{mark}/discard",
    "/views/{id}",
    "/views/{id}/begin",
    "/views/{id}/withdraw",
    "/me/sessions/{id}/end",
    "/reminders/read",
    "/organizations/{id}/reveal",
    "/persons/{id}/reveal",
    "/admin/accounts/{id}/unlock",
    "/admin/accounts/{id}/invite",
    "/admin/accounts/{id}/reset",
    "/admin/accounts/{id}/drop-second-factor",
    "/admin/accounts/{id}/sessions/{session}/end",
    "/fault-reports/{id}/accept",
    "/fault-reports/{id}/dismiss",
    "/fault-reports/{id}/mend",
    "/fault-reports/{id}/reveal",
    "/files/{id}/withdraw",
    "/budgets/{id}/overspend",
    "/overspends/{id}/decide",
    "/spendings/{id}/pay",
    "/spendings/{id}/release",
    "/spendings/{id}/reverse",
    "/admin/rules/values/{id}/withdraw",
    "/admin/webhooks/{id}/amend",
    "/admin/webhooks/{id}/pause",
    "/admin/webhooks/{id}/resume",
    "/admin/webhooks/{id}/end",
    "/admin/webhooks/{id}/rotate",
    "/admin/webhooks/{id}/replay",
    "/duties/take-back",
    "/findings/{code}/{rule}/assign",
    "/findings/{code}/{rule}/begin",
    "/findings/{code}/{rule}/check",
    "/findings/{code}/{rule}/escalate",
    "/findings/{code}/{rule}/report",
    "/findings/{code}/{rule}/waive",
    "/imports/{id}/undo",
    "/imports/jobs/{id}/cancel",
    "/imports/jobs/{id}/carry-out",
    "/imports/jobs/{id}/check",
];

/// Every route of a page or a form, as the sources name them.
pub(crate) fn routes() -> Vec<String> {
    methods().into_iter().map(|(route, _)| route).collect()
}

/// The same that take forms.
pub(super) fn forms() -> Vec<String> {
    let forms = methods().into_iter().filter(|(_, methods)| methods.contains("post("));
    forms.map(|(route, _)| route).collect()
}

/// The same that show pages.
pub(crate) fn shown() -> Vec<String> {
    let shown = methods().into_iter().filter(|(_, methods)| methods.contains("get("));
    shown.map(|(route, _)| route).collect()
}

/// Every route with what the sources say of its methods.
fn methods() -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for source in crate::tidy::sources(&["src/web"]) {
        for rest in source.text.split(".route(").skip(1) {
            // those of what pages load are made when the program starts
            let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
            let (route, rest) = rest.split_once('"').expect("the end of a text");
            let methods = rest.split(['\n', ';']).next().unwrap_or_default();
            routes.push((route.to_owned(), methods.to_owned()));
        }
    }
    routes
}

#[test]
fn every_page_is_on_the_list() {
    let mut routes = routes();
    let mut known: Vec<_> =
        PAGES.iter().map(|(route, ..)| *route).chain(OTHERS.iter().copied()).collect();
    routes.sort();
    known.sort_unstable();
    known.dedup();
    assert_eq!(routes, known);
}

#[test]
fn every_page_has_its_help() {
    let lost = PAGES.iter().map(|(route, ..)| *route).filter(|route| web::help_of(route).is_none());
    let lost: Vec<_> = lost.collect();
    // a row in a table of `src/web/help`, beside those of its group
    assert!(lost.is_empty(), "no help for {lost:?}");
}

/// What everybody of one village looks at: their own, a sibling's, another county's, what was merged
/// away, what lies above.
const AROUND: [usize; 5] = [0, 1, 4, 8, 9];

/// Every page by a few of every kind, and by everybody of one village.
pub(super) async fn sweep(scan: &mut Scan<'_>) {
    let mut readers = Vec::new();
    for (place, role) in READERS.into_iter().chain(roles().map(|role| (0, role))) {
        let who = Who { place, role: Some(role) };
        readers.push((who, scan.country.cookie(who).await));
    }
    let sights = sights(scan).await;
    let before = kept(scan.country.town).await;
    for (n, (who, cookie)) in readers.iter().enumerate() {
        counts(scan, *who).await;
        // the short form leaves out two of three places that lie far from a reader, others for each
        let is_far =
            |asked: usize| !is_long() && asked != who.place && !(asked + n).is_multiple_of(3);
        let is_looked_at = |asked| n < READERS.len() && !is_far(asked) || AROUND.contains(&asked);
        for sight in sights.iter().filter(|sight| is_looked_at(sight.asked)) {
            look(scan, *who, cookie, sight).await;
        }
    }
    for Sight { address, .. } in sights.iter().filter(|sight| sight.asked == 0) {
        let stranger = Who { place: 0, role: None };
        let reply = open(scan, stranger, "", address).await.is(303);
        assert!(reply.header("location").starts_with("/sign-in?next="), "{address}");
    }
    assert!(kept(scan.country.town).await == before, "looking changed something");
}

/// A page about something of a place.
struct Sight {
    address: String,
    about: About,
    asked: usize,
}

/// Every page about every place; one that names none once.
async fn sights(scan: &Scan<'_>) -> Vec<Sight> {
    let mut sights = Vec::new();
    for (_, address, about) in PAGES {
        let n = if address.contains('{') { PLACES.len() } else { 1 };
        for asked in 0..n {
            if let Some(address) = address_of(scan, address, *about, asked).await {
                sights.push(Sight { address, about: *about, asked });
            }
        }
    }
    sights
}

/// The page about something of a place; none where the place has nothing of the kind.
async fn address_of(scan: &Scan<'_>, address: &str, about: About, place: usize) -> Option<String> {
    let (was, now) = (PLACES[place].code(), PLACES[place].now());
    let (name, text) = match about {
        About::Asset | About::Change => {
            let name = word(place, "asset0");
            let rows = scan.country.town.rows::<entity::asset::Entity>().await;
            ("{code}", rows.into_iter().find(|row| row.name == name)?.code)
        }
        About::Account => {
            let name = word(place, "account-leader");
            let rows = scan.country.town.rows::<entity::account::Entity>().await;
            ("{id}", rows.into_iter().find(|row| row.name == name)?.id.to_string())
        }
        About::Body => ("{body}", first_in::<entity::organization::Entity>(scan, was).await?),
        About::Person => ("{person}", first_in::<entity::person::Entity>(scan, was).await?),
        About::Import => ("{id}", first_in::<entity::import::Entity>(scan, was).await?),
        About::File => ("{id}", first_in::<entity::attachment::Entity>(scan, was).await?),
        About::Inspection => ("{id}", first_in::<entity::inspection::Entity>(scan, now).await?),
        About::WorkOrder => ("{id}", first_in::<entity::work_order::Entity>(scan, now).await?),
        About::Revival => ("{id}", first_in::<entity::revival::Entity>(scan, now).await?),
        About::FaultReport => ("{id}", first_in::<entity::fault_report::Entity>(scan, now).await?),
        About::Fund | About::AmendedFund => {
            ("{id}", first_in::<entity::upkeep_fund::Entity>(scan, now).await?)
        }
        About::Budget | About::AmendedBudget => {
            ("{id}", first_in::<entity::budget::Entity>(scan, now).await?)
        }
        About::Spending => ("{id}", first_in::<entity::spending::Entity>(scan, now).await?),
        About::StockTake | About::CountedStockTake => {
            ("{id}", first_in::<entity::stock_take::Entity>(scan, now).await?)
        }
        About::Contract | About::AmendedContract => {
            ("{id}", first_in::<entity::contract::Entity>(scan, now).await?)
        }
        About::Route | About::AmendedRoute => {
            ("{id}", first_in::<entity::inspection_route::Entity>(scan, now).await?)
        }
        About::Post | About::AmendedPost => {
            ("{id}", first_in::<entity::welfare_post::Entity>(scan, now).await?)
        }
        About::Campaign => ("{id}", first_in::<entity::campaign::Entity>(scan, now).await?),
        About::CampaignLine => {
            ("{id}", first_in::<entity::campaign_line::Entity>(scan, now).await?)
        }
        About::Webhook => ("{id}", first_in::<entity::webhook::Entity>(scan, now).await?),
        About::Project => ("{id}", first_in::<entity::project::Entity>(scan, now).await?),
        About::Duty | About::EndedDuty => {
            ("{duty}", first_in::<entity::duty::Entity>(scan, now).await?)
        }
        _ => ("{code}", String::new()),
    };
    let area = PLACES[place].area;
    let address = address.replace("{area}", area).replace("{county}", &area[..6]);
    Some(address.replace(name, &text))
}

/// The id of the first row of a noun in an area.
async fn first_in<E: Subject>(scan: &Scan<'_>, area: AreaCode) -> Option<String> {
    let rows = scan.country.town.rows::<E>().await;
    let first = rows.iter().find(|row| E::area(row) == area)?;
    let id: i64 = E::id(first).into();
    Some(id.to_string())
}

#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
async fn look(scan: &mut Scan<'_>, who: Who, cookie: &str, sight: &Sight) {
    let Sight { address, about, asked } = sight;
    let reply = open(scan, who, cookie, address).await;
    let (own, place, about) = (PLACES[who.place].code(), &PLACES[*asked], *about);
    let of_areas = [About::Area, About::Listed, About::Line, About::Campaign];
    let is_above = of_areas.contains(&about) && place.code().covers(&own);
    let is_theirs = own.covers(&place.now()) || is_above;
    let is_of_county = own.covers(&place.code().county().area());
    let expected: &[u16] = match about {
        About::Oneself => &[200, 303],
        About::Desk => &[200, 403],
        // the area that was merged away is known where it lay
        About::Area | About::Line if place.is_closed() => &[200, 404],
        About::Listed | About::Set if place.is_closed() => &[200, 403, 404],
        About::Area
        | About::Line
        | About::Asset
        | About::File
        | About::Import
        | About::Inspection
        | About::WorkOrder
        | About::Revival
        | About::Post
        | About::StockTake
        | About::Route
        | About::Contract
        | About::FaultReport
        | About::Campaign
        | About::CampaignLine
        | About::Fund
        | About::Budget
        | About::Spending
        | About::Duty
        | About::Project
            if is_theirs =>
        {
            &[200]
        }
        About::Place if own.covers(&place.code()) => &[200],
        // what is not signed has no proof yet
        About::Log if is_of_county => &[200, 403, 404],
        // one that is closed is changed no more
        About::Amended if own.covers(&place.code()) => &[200, 403],
        About::Change
        | About::Listed
        | About::Set
        | About::EndedDuty
        | About::AmendedPost
        | About::CountedStockTake
        | About::AmendedRoute
        | About::AmendedContract
        | About::AmendedFund
        | About::AmendedBudget
        | About::Body
        | About::Person
        | About::Webhook
        | About::Account
            if is_theirs =>
        {
            &[200, 403]
        }
        About::Change
        | About::Listed
        | About::Set
        | About::EndedDuty
        | About::AmendedPost
        | About::CountedStockTake
        | About::AmendedRoute
        | About::AmendedContract
        | About::AmendedFund
        | About::AmendedBudget
        | About::Body
        | About::Person
        | About::Webhook
        | About::Account
        | About::Amended
        | About::Log => &[403, 404],
        About::Nobodys
        | About::Area
        | About::Line
        | About::Asset
        | About::File
        | About::Import
        | About::Inspection
        | About::WorkOrder
        | About::Revival
        | About::Post
        | About::StockTake
        | About::Route
        | About::Contract
        | About::FaultReport
        | About::Campaign
        | About::CampaignLine
        | About::Fund
        | About::Budget
        | About::Spending
        | About::Duty
        | About::Project
        | About::Place => &[404],
    };
    assert!(expected.contains(&reply.status.as_u16()), "{who:?} {address}: {}", reply.status);
}

async fn open(scan: &mut Scan<'_>, who: Who, cookie: &str, address: &str) -> Reply {
    let stranger = scan.country.client(Who { role: None, ..who });
    let reply = stranger.ask(Method::GET, address).header("cookie", cookie).send().await;
    // a log tells of what lay in its county then
    let is_past = address.starts_with("/log");
    scan.look_through(who, &reply, &format!("{who:?} {address}"), is_past, false);
    reply
}

/// What the overview counts is what the reader may see.
async fn counts(scan: &mut Scan<'_>, who: Who) {
    let actor = scan.country.actor(who).await;
    let told =
        report::overview(&scan.country.town.ledger, &actor, None).await.expect("an overview");
    let own: AreaCode = PLACES[who.place].code();
    let number = |n: i64| usize::try_from(n).expect("a small number");
    assert_eq!(number(told.outline.all.n), scan.country.n_assets(own), "{who:?}");
    let lacking = told.outline.found(entity::finding::Rule::NoMaintainer);
    assert_eq!(number(lacking.n), scan.country.n_bare(own), "{who:?}");
    // everything was found a moment ago, and what is not wrong any more cleared since
    for (rule, sum) in &told.outline.rules {
        let still = told.since.get(rule).map(|flow| flow.opened - flow.cleared);
        assert_eq!(still, Some(sum.n), "{who:?}: {rule:?}");
    }
    assert!(told.urgent.iter().all(|line| own.covers(&line.area_code)), "{who:?}");
}
