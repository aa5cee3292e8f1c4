//! Every page, asked for by people of every kind of place about things of every place: shown where
//! it is theirs, not found where it is not, and a way to the sign-in for whoever is not signed in.

use axum::http::Method;
use entity::area::AreaCode;
use taizhang::{app::report, store::Subject, web};

use super::{
    canary::word,
    country::{PLACES, Who, roles},
    scan::{READERS, Scan, is_long, kept},
};
use crate::api::Reply;

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Whoever looks at it.
    Oneself,
    /// Whoever looks at it, when their role may.
    Desk,
    /// Something of somebody's own that nobody here has.
    Nobodys,
    /// An import, which the address names.
    Import,
    /// A project, which the address names.
    Project,
    /// An area, which the address names.
    Area,
    /// An area, which the address names, for roles that may.
    Listed,
    /// The rules of an area in the reader's line.
    Line,
    /// A rule of an area that the reader may set there.
    Set,
    /// An asset, which the address names by its code.
    Asset,
    /// An asset that the reader may change.
    Change,
    /// An account, for roles that may see accounts.
    Account,
    /// An organization.
    Body,
    /// Somebody who keeps assets.
    Person,
    /// An area, which only those below or at it know.
    Place,
    /// An area that the reader may change.
    Amended,
    /// The log of a county, for roles that may read it.
    Log,
    /// An attached file, which the address names.
    File,
    /// An inspection, which the address names.
    Inspection,
    /// A work order, which the address names.
    WorkOrder,
    /// A welfare post, which the address names.
    Post,
    /// A welfare post that the reader may change.
    AmendedPost,
    /// A report of a fault, which the address names.
    FaultReport,
    /// A fund, which the address names.
    Fund,
    /// One that the reader may change.
    AmendedFund,
    /// A budget, which the address names.
    Budget,
    /// A budget that the reader may change or spend.
    AmendedBudget,
    /// A spending, which the address names.
    Spending,
    /// A duty, which the address names, of whoever may see its asset.
    Duty,
    /// A duty that the reader may change.
    EndedDuty,
}

/// Every page: its route, an address of it, what it is about.
pub(crate) const PAGES: &[(&str, &str, About)] = &[
    ("/", "/", About::Oneself),
    ("/dashboard", "/dashboard?area={area}", About::Area),
    ("/assets", "/assets?area={area}", About::Area),
    ("/assets", "/assets?area={area}&lacks=G01&standing=yes&sort=place", About::Area),
    ("/assets", "/assets?area={area}&fund=bond&cols=owner,code", About::Area),
    ("/assets/print", "/assets/print?area={area}", About::Area),
    ("/assets/columns", "/assets/columns?class=public", About::Oneself),
    ("/views", "/views?class=public", About::Oneself),
    ("/inspections", "/inspections?area={area}", About::Area),
    ("/inspections/round", "/inspections/round?area={area}&due=30", About::Area),
    ("/inspections/packet", "/inspections/packet?area={area}", About::Listed),
    ("/inspections/sender", "/inspections/sender", About::Oneself),
    ("/inspections/{id}", "/inspections/{id}", About::Inspection),
    ("/fault-reports", "/fault-reports?area={area}&state=received", About::Area),
    ("/fault-reports/{id}", "/fault-reports/{id}", About::FaultReport),
    ("/assets/{code}/inspect", "/assets/{code}/inspect", About::Change),
    ("/assets/{code}/{part}", "/assets/{code}/inspections", About::Asset),
    ("/work-orders", "/work-orders?area={area}", About::Area),
    ("/work-orders/{id}", "/work-orders/{id}", About::WorkOrder),
    ("/assets/{code}/mend", "/assets/{code}/mend", About::Change),
    ("/assets/{code}/{part}", "/assets/{code}/repairs", About::Asset),
    ("/welfare-posts", "/welfare-posts?area={area}", About::Area),
    ("/welfare-posts/new", "/welfare-posts/new", About::Desk),
    ("/welfare-posts/{id}", "/welfare-posts/{id}", About::Post),
    ("/welfare-posts/{id}/amend", "/welfare-posts/{id}/amend", About::AmendedPost),
    ("/budgets", "/budgets?area={area}&year=2026", About::Area),
    ("/budgets/unfunded", "/budgets/unfunded?area={area}", About::Area),
    ("/budgets/costs", "/budgets/costs?area={area}&year=2026", About::Line),
    ("/budgets/new", "/budgets/new?asset={code}", About::Desk),
    ("/budgets/copy", "/budgets/copy?year=2026", About::Desk),
    ("/budgets/{id}", "/budgets/{id}", About::Budget),
    ("/budgets/{id}/amend", "/budgets/{id}/amend", About::AmendedBudget),
    ("/spendings/new", "/spendings/new?budget={id}", About::AmendedBudget),
    ("/spendings/{id}", "/spendings/{id}", About::Spending),
    ("/funds", "/funds?area={area}", About::Area),
    ("/funds/new", "/funds/new", About::Desk),
    ("/funds/{id}", "/funds/{id}", About::Fund),
    ("/funds/{id}/edit", "/funds/{id}/edit", About::AmendedFund),
    ("/projects", "/projects?area={area}", About::Area),
    ("/projects/{id}", "/projects/{id}", About::Project),
    ("/search", "/search?q=qzcanary", About::Oneself),
    ("/search", "/search?q=qzcanary&in=organizations", About::Oneself),
    ("/search/suggestions", "/search/suggestions?q=qzcanary&in=", About::Oneself),
    ("/search/suggestions", "/search/suggestions?q={area}&in=areas", About::Oneself),
    ("/findings", "/findings?area={area}&rule=G01", About::Area),
    ("/findings", "/findings?area={area}&state=none&days=30-&waived=yes", About::Area),
    ("/findings", "/findings?area={area}&overdue=yes", About::Area),
    ("/findings", "/findings?area={area}&mine=yes", About::Area),
    ("/findings", "/findings?area={area}&check=yes", About::Area),
    ("/findings", "/findings?area={area}&rule=all", About::Area),
    ("/findings/print", "/findings/print?area={area}&rule=all", About::Area),
    ("/findings/chosen", "/findings/chosen?do=assign", About::Desk),
    ("/findings/chosen", "/findings/chosen?do=escalate", About::Desk),
    ("/findings/{code}/{rule}", "/findings/{code}/G04", About::Asset),
    ("/tasks", "/tasks", About::Oneself),
    ("/tasks", "/tasks?of=duties", About::Oneself),
    ("/tasks", "/tasks?of=imports", About::Oneself),
    ("/tasks", "/tasks?of=accounts", About::Oneself),
    ("/assets.csv", "/assets.csv?area={area}", About::Listed),
    ("/assets.xlsx", "/assets.xlsx?area={area}", About::Listed),
    ("/assets.json", "/assets.json?area={area}&sort=place", About::Listed),
    ("/findings.csv", "/findings.csv?area={area}&rule=G01", About::Listed),
    ("/findings.xlsx", "/findings.xlsx?area={area}&rule=G01", About::Listed),
    ("/findings.json", "/findings.json?area={area}", About::Listed),
    ("/admin/rules", "/admin/rules?area={area}", About::Line),
    ("/admin/rules/{key}", "/admin/rules/idle_days?area={area}", About::Set),
    ("/admin/rules/{key}", "/admin/rules/check_G01?area={area}", About::Set),
    ("/admin/terms", "/admin/terms?area={area}", About::Listed),
    ("/admin/kinds", "/admin/kinds?area={area}", About::Area),
    ("/imports", "/imports", About::Oneself),
    ("/imports/new", "/imports/new", About::Desk),
    ("/imports/{id}", "/imports/{id}", About::Import),
    ("/imports/jobs/{id}", "/imports/jobs/1", About::Nobodys),
    ("/imports/jobs/{id}/columns", "/imports/jobs/1/columns", About::Nobodys),
    ("/imports/jobs/{id}/rejected.xlsx", "/imports/jobs/1/rejected.xlsx", About::Nobodys),
    ("/imports/template", "/imports/template?kind=assets", About::Desk),
    ("/imports/jobs/{id}/rejected", "/imports/jobs/1/rejected", About::Nobodys),
    ("/assets/amount", "/assets/amount?text=12", About::Oneself),
    ("/assets/alike", "/assets/alike?name=qzcanaryasset&area={area}", About::Desk),
    ("/assets/new", "/assets/new?like={code}", About::Change),
    ("/assets/{code}", "/assets/{code}", About::Asset),
    ("/assets/{code}/{part}", "/assets/{code}/title", About::Asset),
    ("/assets/{code}/{part}", "/assets/{code}/duty", About::Asset),
    ("/assets/{code}/{part}", "/assets/{code}/funding", About::Asset),
    ("/assets/{code}/{part}", "/assets/{code}/findings", About::Asset),
    ("/assets/{code}/{part}", "/assets/{code}/history", About::Asset),
    ("/assets/{code}/files", "/assets/{code}/files", About::Asset),
    ("/files/{id}/content", "/files/{id}/content", About::File),
    ("/files/{id}/preview", "/files/{id}/preview", About::File),
    ("/assets/{code}/edit", "/assets/{code}/edit", About::Change),
    ("/assets/{code}/settle", "/assets/{code}/settle", About::Change),
    ("/assets/{code}/hand-over", "/assets/{code}/hand-over", About::Change),
    ("/assets/{code}/correct", "/assets/{code}/correct", About::Change),
    ("/assets/{code}/reclass", "/assets/{code}/reclass", About::Change),
    ("/assets/{code}/split", "/assets/{code}/split", About::Change),
    ("/assets/merge", "/assets/merge?asset={code}", About::Change),
    ("/assets/plates", "/assets/plates?asset={code}", About::Change),
    ("/assets/plates", "/assets/plates?asset={code}&sheet=label&trial=yes", About::Change),
    ("/assets/chosen.csv", "/assets/chosen.csv?asset={code}", About::Change),
    ("/assets/chosen.xlsx", "/assets/chosen.xlsx?asset={code}", About::Change),
    ("/assets/chosen.csv", "/assets/chosen.csv?all=yes&of=area%3D{area}", About::Listed),
    ("/titles", "/titles?area={area}", About::Area),
    ("/titles", "/titles?area={area}&status=confirmed", About::Area),
    ("/titles/register", "/titles/register?asset={code}", About::Change),
    ("/titles/confirm", "/titles/confirm?asset={code}", About::Change),
    ("/duties", "/duties?area={area}&gap=unfunded", About::Area),
    ("/duties", "/duties?area={area}&show=running", About::Area),
    ("/duties", "/duties?area={area}&show=ending", About::Area),
    ("/duties/assign", "/duties/assign?asset={code}&renew=yes", About::Change),
    ("/duties/assigned", "/duties/assigned?first={duty}&last={duty}", About::Duty),
    ("/duties/agreements", "/duties/agreements?first={duty}&last={duty}", About::Duty),
    ("/duties/agreements", "/duties/agreements?asset={code}", About::Asset),
    ("/duties/{id}/end", "/duties/{duty}/end", About::EndedDuty),
    ("/admin/accounts", "/admin/accounts?area={area}", About::Listed),
    ("/admin/accounts/new", "/admin/accounts/new", About::Desk),
    ("/admin/accounts/{id}", "/admin/accounts/{id}", About::Account),
    ("/admin/accounts/{id}/lock", "/admin/accounts/{id}/lock", About::Account),
    ("/admin/permissions", "/admin/permissions", About::Oneself),
    ("/admin/permissions/{role}", "/admin/permissions/leader", About::Oneself),
    ("/admin/areas", "/admin/areas", About::Oneself),
    ("/admin/areas/{code}", "/admin/areas/{area}", About::Place),
    ("/admin/areas/{code}/rename", "/admin/areas/{area}/rename", About::Amended),
    ("/admin/areas/{code}/merge", "/admin/areas/{area}/merge", About::Amended),
    ("/organizations", "/organizations?area={area}", About::Area),
    ("/organizations/new", "/organizations/new", About::Desk),
    ("/organizations/{id}", "/organizations/{body}", About::Body),
    ("/organizations/{id}/edit", "/organizations/{body}/edit", About::Body),
    ("/organizations/{id}/end", "/organizations/{body}/end", About::Body),
    ("/persons/{id}", "/persons/{person}", About::Person),
    ("/persons/{id}/end", "/persons/{person}/end", About::Person),
    ("/admin/health", "/admin/health", About::Desk),
    ("/log", "/log?area={area}", About::Log),
    ("/log.csv", "/log.csv?area={area}&actor=nobody", About::Log),
    ("/log/verify", "/log/verify", About::Desk),
    ("/log/{county}/{seq}", "/log/{county}/0", About::Log),
    ("/log/{county}/{seq}/entry", "/log/{county}/1/entry", About::Log),
    ("/log/{county}/{seq}/proof", "/log/{county}/0/proof", About::Log),
    ("/log/{county}/checkpoint", "/log/{county}/checkpoint", About::Log),
    ("/log/public-key", "/log/public-key", About::Desk),
    ("/me", "/me", About::Oneself),
    ("/me/settings", "/me/settings", About::Oneself),
    ("/me/password", "/me/password", About::Oneself),
    ("/me/second-factor", "/me/second-factor", About::Oneself),
    ("/me/proof", "/me/proof", About::Oneself),
];

/// Routes of pages that anybody may open, and of what only takes forms.
const OTHERS: &[&str] = &[
    "/sign-in",
    "/sign-out",
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
        About::FaultReport => ("{id}", first_in::<entity::fault_report::Entity>(scan, now).await?),
        About::Fund | About::AmendedFund => {
            ("{id}", first_in::<entity::upkeep_fund::Entity>(scan, now).await?)
        }
        About::Budget | About::AmendedBudget => {
            ("{id}", first_in::<entity::budget::Entity>(scan, now).await?)
        }
        About::Spending => ("{id}", first_in::<entity::spending::Entity>(scan, now).await?),
        About::Post | About::AmendedPost => {
            ("{id}", first_in::<entity::welfare_post::Entity>(scan, now).await?)
        }
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

async fn look(scan: &mut Scan<'_>, who: Who, cookie: &str, sight: &Sight) {
    let Sight { address, about, asked } = sight;
    let reply = open(scan, who, cookie, address).await;
    let (own, place, about) = (PLACES[who.place].code(), &PLACES[*asked], *about);
    let of_areas = [About::Area, About::Listed, About::Line];
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
        | About::Post
        | About::FaultReport
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
        | About::AmendedFund
        | About::AmendedBudget
        | About::Body
        | About::Person
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
        | About::AmendedFund
        | About::AmendedBudget
        | About::Body
        | About::Person
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
        | About::Post
        | About::FaultReport
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
