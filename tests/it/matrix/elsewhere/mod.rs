//! Every form about something of a place, sent by people of other places who may do the same at
//! home: it answers as if nothing was there, and nothing changes. Whoever belongs to the place and
//! sends the same is understood.

mod oversight;
mod upkeep;

use std::{collections::HashMap, fmt::Display};

use entity::{
    account::{self, Role},
    area::AreaCode,
};
use taizhang::{app, store::Actor};

use super::{pages::forms, scan::kept};
use crate::{
    api::Reply,
    harness::{
        Town,
        calls::Subjects,
        files::pdf,
        people::PEOPLE,
        town::{OTHER_COUNTY, TOWN_B, VILLAGE_A1, VILLAGE_A2, code, collective_name},
    },
    web::Browser,
};

on_both!(forms_about_what_lies_elsewhere_find_nothing);

/// Forms about whoever sends them, or about nothing that lies anywhere.
const OF_ONESELF: [&str; 22] = [
    "/admin/health",
    "/assets/columns",
    "/drafts",
    "/drafts/{mark}/discard",
    "/imports/new",
    "/log/verify",
    "/me/mail",
    "/me/password",
    "/me/proof",
    "/me/second-factor",
    "/me/sessions/{id}/end",
    "/me/settings",
    "/q/reports",
    "/q/{short}/report",
    "/reminders/read",
    "/search",
    "/sign-in",
    "/sign-out",
    "/views",
    "/views/{id}",
    "/views/{id}/begin",
    "/views/{id}/withdraw",
];
/// Where whoever sends a form belongs.
const ELSEWHERE: [(&str, &str); 3] =
    [(OTHER_COUNTY, "county"), (TOWN_B, "town"), (VILLAGE_A2, "village")];
/// What is called so in the place, and is told to nobody elsewhere.
const NAMES: [&str; 3] = ["便民桥", "旧渠", "管护公司"];

/// A form about something of the place.
struct Sent {
    /// The route, as the sources name it.
    route: &'static str,
    /// Where it is sent to.
    address: String,
    /// Who may send it.
    role: Role,
    /// What it brings.
    fields: Vec<(&'static str, String)>,
    /// How it is answered elsewhere.
    elsewhere: u16,
}

/// A form that finds nothing elsewhere.
fn sent(
    route: &'static str,
    id: &dyn Display,
    role: Role,
    fields: &[(&'static str, &str)],
) -> Sent {
    let (begin, end) = (route.find('{'), route.find('}'));
    let address = match (begin, end) {
        (Some(begin), Some(end)) => {
            format!("{}{id}{}", &route[..begin], &route[end + 1..])
        }
        _ => route.to_owned(),
    };
    let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Sent { route, address, role, fields, elsewhere: 404 }
}

/// Fields of a form, and the version of what was read.
fn of_version<'a>(
    fields: &[(&'static str, &'a str)],
    version: &'a str,
) -> Vec<(&'static str, &'a str)> {
    [fields, &[("version", version)]].concat()
}

/// What things of the place are called in addresses and fields.
struct Place {
    on: Subjects,
    accounts: HashMap<String, account::Model>,
    /// The codes of the assets somebody was asked about, and of the one whose work was reported.
    asked: [String; 2],
    import: i64,
}

impl Place {
    async fn of(town: &Town) -> Place {
        let on = Subjects::new(town).await;
        let accounts = town.rows::<account::Entity>().await;
        let mut asked = Vec::new();
        for round in on.rounds {
            let asset = town.row::<entity::rectification::Entity>(round).await.asset_id;
            asked.push(town.stored(asset).await.code);
        }
        let mut clerk = town.seated(Role::FinanceClerk).await;
        let sheet =
            format!("资产名称,资产类别,区划代码,资产原值\n水渠,公益性资产,{VILLAGE_A1},900\n");
        let fields = [("kind", "assets"), ("dry_run", "false")];
        let files = [("资产.csv", sheet.as_bytes())];
        let led = clerk.bring("/imports/new", &fields, &files).await.is(303);
        let job = led.header("location").to_owned();
        while clerk.open(&job).await.is(200).headers.contains_key("refresh") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let import = town.rows::<entity::import::Entity>().await.remove(0).id.0;
        let accounts = accounts.into_iter().map(|row| (row.name.clone(), row)).collect();
        Place { on, accounts, asked: asked.try_into().expect("two"), import }
    }

    fn account(&self, name: &str) -> i64 {
        self.accounts[name].id.0
    }

    /// Every form.
    fn forms(&self, town: &Town) -> Vec<Sent> {
        [
            self.of_accounts(),
            self.of_areas(town),
            self.of_campaigns(town),
            self.of_webhooks(),
            self.of_findings(town),
            self.of_duties(town),
            self.of_work_orders(town),
            self.of_revivals(town),
            self.of_posts(town),
            self.of_routes(),
            self.of_contracts(),
            self.of_stock_takes(),
            self.of_reports(),
            self.of_money(town),
            self.of_parties(town),
            self.of_imports(),
            self.of_assets(town),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn of_accounts(&self) -> Vec<Sent> {
        use Role::{Administrator, SecurityAdministrator};
        let (on, version) = (&self.on, [("version", "1")]);
        let seated = self.account(&on.seated.0);
        let session = on.seated.1.to_string();
        let end = "/admin/accounts/{id}/sessions/{session}/end";
        let new = [("name", "brought-in"), ("role", "inspector"), ("area", VILLAGE_A1)];
        let end_session = Sent {
            route: end,
            address: format!("/admin/accounts/{seated}/sessions/{session}/end"),
            ..sent("", &0, SecurityAdministrator, &version)
        };
        vec![
            // what comes after it ends every session
            end_session,
            sent("/admin/accounts/new", &0, Administrator, &new),
            sent(
                "/admin/accounts/{id}/lock",
                &self.account(&on.account),
                SecurityAdministrator,
                &version,
            ),
            sent(
                "/admin/accounts/{id}/unlock",
                &self.account(&on.locked),
                SecurityAdministrator,
                &[("version", "2")],
            ),
            sent(
                "/admin/accounts/{id}/invite",
                &self.account(&on.account),
                Administrator,
                &version,
            ),
            sent("/admin/accounts/{id}/reset", &seated, SecurityAdministrator, &version),
            sent(
                "/admin/accounts/{id}/drop-second-factor",
                &seated,
                SecurityAdministrator,
                &version,
            ),
        ]
    }

    fn of_areas(&self, town: &Town) -> Vec<Sent> {
        let (on, today) = (&self.on, town.today().to_string());
        let into = on.villages[1].to_string();
        let rename = [("name", "别村"), ("on", &*today), ("sure", "yes"), ("version", "1")];
        let merge = [("into", &*into), ("on", &*today), ("sure", "yes"), ("version", "1")];
        let from = town.days_ahead(9).to_string();
        let rule = [
            ("area", VILLAGE_A1),
            ("step", "set"),
            ("value", "9"),
            ("basis_title", "办法"),
            ("from_on", &*from),
        ];
        let withdrawn = [("area", on.villages[0].as_str()), ("version", "1")];
        vec![
            sent("/admin/areas/{code}/rename", &on.villages[0], Role::RuralOfficer, &rename),
            sent("/admin/areas/{code}/merge", &on.villages[0], Role::RuralOfficer, &merge),
            sent("/admin/rules/{key}", &"idle_days", Role::RuralOfficer, &rule),
            sent("/admin/rules/values/{id}/withdraw", &on.setting, Role::RuralOfficer, &withdrawn),
        ]
    }

    fn of_assets(&self, town: &Town) -> Vec<Sent> {
        use Role::FinanceClerk as Clerk;
        let (on, today) = (&self.on, town.today().to_string());
        let (asset, code) = (&on.asset, &on.asset.code);
        let version = asset.version.to_string();
        let read = format!("{}:{version}", asset.id);
        let other = format!("{}:{}", on.twin.id, on.twin.version);
        let new = [
            ("name", "新渠"),
            ("class", "public"),
            ("area", VILLAGE_A1),
            ("subclass", "road"),
            ("original_value", "9"),
            ("acquired_on", "2020-05-20"),
            ("location", "村口"),
            ("quantity", "1"),
            ("unit", "km"),
            ("sources", "3"),
            ("f0-fund", "bond"),
            ("f0-amount", "9"),
        ];
        let class = [("class", "operating"), ("subclass", "shop"), ("reason", "改作经营")];
        let parts = [
            ("parts", "2"),
            ("p0-name", "东"),
            ("p0-original_value", "400"),
            ("p1-name", "西"),
            ("p1-original_value", "600"),
            ("reason", "分段"),
        ];
        let merged = [("name", "合桥"), ("reason", "合并"), ("read", &*read), ("read", &*other)];
        let ids = asset.id.to_string();
        let titles = [("ids", &*ids), ("on", &*today), ("seen", "x")];
        let holder = [
            ("state", "in_progress"),
            ("holders", "2"),
            ("h0-right", "own"),
            ("h0-name", "管护公司"),
        ];
        let file = on.file.version.to_string();
        let withdrawn = [("reason", "拍错了"), ("version", &*file)];
        vec![
            // a place out of reach is said at its field, as one that is nowhere is
            Sent { elsewhere: 422, ..sent("/assets/new", &0, Clerk, &new) },
            sent(
                "/assets/{code}/edit",
                &code,
                Clerk,
                &of_version(&[("location", "别处")], &version),
            ),
            sent(
                "/assets/{code}/hand-over",
                &code,
                Clerk,
                &of_version(&[("on", &today)], &version),
            ),
            sent(
                "/assets/{code}/correct",
                &code,
                Clerk,
                &of_version(&[("location", "别处"), ("reason", "错了")], &version),
            ),
            sent("/assets/{code}/reclass", &code, Clerk, &of_version(&class, &version)),
            sent("/assets/{code}/split", &code, Clerk, &of_version(&parts, &version)),
            sent("/assets/merge", &0, Clerk, &merged),
            sent("/assets/{code}/files", &code, Clerk, &[("to", "asset")]),
            sent("/files/{id}/withdraw", &on.file.id, Clerk, &withdrawn),
            sent("/titles/confirm", &0, Clerk, &titles),
            sent("/assets/{code}/settle", &code, Clerk, &of_version(&holder, &version)),
        ]
    }

    fn of_imports(&self) -> Vec<Sent> {
        let clerk = Role::FinanceClerk;
        vec![
            sent("/imports/{id}/undo", &self.import, clerk, &[]),
            sent("/imports/jobs/{id}/columns", &1, clerk, &[]),
            sent("/imports/jobs/{id}/check", &1, clerk, &[]),
            sent("/imports/jobs/{id}/cancel", &1, clerk, &[]),
            sent("/imports/jobs/{id}/carry-out", &1, clerk, &[]),
        ]
    }

    fn of_duties(&self, town: &Town) -> Vec<Sent> {
        let (on, today) = (&self.on, town.today().to_string());
        let (ids, duty) = (on.asset.id.to_string(), on.duty.to_string());
        let body = collective_name("上河村");
        let assign = [("ids", &*ids), ("maintainer", &*body), ("then", "check")];
        let end = [("on", &*today), ("why", "revoked"), ("version", "1")];
        let points = ["surface", "shoulder", "drainage", "guardrail", "bridges", "plate"];
        let mut points = points.map(|point| (point, "good")).to_vec();
        points.push(("device_key", "3c6f7c1e-2f1a-4c58-9c1b-000000000001"));
        vec![
            sent("/duties/assign", &0, Role::TownshipClerk, &assign),
            sent(
                "/duties/take-back",
                &0,
                Role::TownshipClerk,
                &[("first", &duty), ("last", &duty)],
            ),
            sent("/duties/{id}/end", &duty, Role::TownshipClerk, &end),
            sent("/assets/{code}/inspect", &on.asset.code, Role::Inspector, &points),
        ]
    }

    fn of_findings(&self, town: &Town) -> Vec<Sent> {
        use Role::{RuralOfficer, TownshipClerk, VillageOfficer};
        let due = town.days_ahead(9).to_string();
        let body = self.on.body.to_string();
        let (one, asset) = (&self.on.asset.code, self.on.asset.id);
        let [asked, reported] = &self.asked;
        let finding = format!("{asset}.G01.0");
        let charge = [("body", &*body), ("due", &*due), ("version", "0")];
        let chosen = [&charge[..], &[("do", "assign"), ("finding", &*finding)]].concat();
        let version = [("version", "1")];
        let of = |route: &'static str, code: &str, role, fields: &[(&'static str, &str)]| {
            let sent = sent(route, &code, role, fields);
            Sent { address: sent.address.replace("{rule}", "G01"), ..sent }
        };
        vec![
            of("/findings/{code}/{rule}/assign", one, TownshipClerk, &charge),
            of(
                "/findings/{code}/{rule}/escalate",
                one,
                VillageOfficer,
                &[("escalation", "请县里办"), ("version", "0")],
            ),
            of("/findings/{code}/{rule}/begin", asked, VillageOfficer, &version),
            of(
                "/findings/{code}/{rule}/report",
                asked,
                VillageOfficer,
                &[("report", "已办"), ("version", "1")],
            ),
            of(
                "/findings/{code}/{rule}/check",
                reported,
                TownshipClerk,
                &[("verdict", "accept"), ("version", "2")],
            ),
            of(
                "/findings/{code}/{rule}/waive",
                one,
                RuralOfficer,
                &[("reason", "在修"), ("until", &due)],
            ),
            sent("/findings/chosen", &0, TownshipClerk, &chosen),
        ]
    }

    fn of_parties(&self, town: &Town) -> Vec<Sent> {
        use Role::TownshipClerk as Clerk;
        let today = town.today().to_string();
        let (body, person) = (self.on.body, self.on.person);
        let end = [("on", &*today), ("version", "1")];
        let reason = [("reason", "核实")];
        let new = [("name", "新公司"), ("kind", "company"), ("area", VILLAGE_A1)];
        vec![
            sent("/organizations/new", &0, Clerk, &new),
            sent("/organizations/{id}/edit", &body, Clerk, &[("name", "别公司"), ("version", "1")]),
            sent("/organizations/{id}/reveal", &body, Clerk, &reason),
            sent("/organizations/{id}/end", &body, Clerk, &end),
            sent("/persons/{id}/reveal", &person, Clerk, &reason),
            sent("/persons/{id}/end", &person, Clerk, &end),
        ]
    }
}

/// Sends a form as somebody.
async fn send(browser: &mut Browser, mark: &str, form: &Sent, key: usize) -> Reply {
    let key = format!("a-key-of-the-form-{key}");
    let mut fields = vec![("mark", mark), ("key", key.as_str())];
    fields.extend(form.fields.iter().map(|(name, value)| (*name, value.as_str())));
    if form.route.ends_with("/files") {
        let file = pdf("批复");
        return browser.send_files(&form.address, &fields, &[("批复.pdf", &*file)]).await;
    }
    if form.route.ends_with("/inspect") {
        // its record has a key of its own
        fields.retain(|(name, _)| *name != "key");
        return browser.send_files(&form.address, &fields, &[]).await;
    }
    browser.send(&form.address, &fields).await
}

/// Somebody of a role over an area that is no part of the place.
async fn stranger(town: &Town, role: Role, (area, called): (&str, &str)) -> Browser {
    let name = format!("{}-of-{called}", role.code().replace('_', "-"));
    let area: AreaCode = code(area);
    let operator = Actor::operator();
    app::account::add(&town.ledger, &operator, &name, role, area).await.expect("an account");
    town.give_password(&name).await;
    town.seat_of(&name).await
}

async fn forms_about_what_lies_elsewhere_find_nothing(town: &Town) {
    let place = Place::of(town).await;
    let all = place.forms(town);
    let mut listed: Vec<&str> = all.iter().map(|form| form.route).chain(OF_ONESELF).collect();
    listed.sort_unstable();
    let mut taken = forms();
    taken.sort();
    assert_eq!(listed, taken, "a form that is in no row, or no form");
    let mut roles: Vec<Role> = all.iter().map(|form| form.role).collect();
    roles.sort_unstable_by_key(|role| role.code());
    roles.dedup();
    let mut wrong = Vec::new();
    for role in &roles {
        for from in ELSEWHERE {
            let own: Vec<&Sent> = all.iter().filter(|form| form.role == *role).collect();
            wrong.extend(sent_from(town, *role, from, &own).await);
        }
    }
    // whoever belongs there is understood, whatever becomes of it
    for (n, form) in all.iter().enumerate() {
        let mut browser = town.seated(form.role).await;
        let mark = browser.mark().await;
        let reply = send(&mut browser, &mark, form, n).await;
        let status = reply.status.as_u16();
        if ![200, 303, 412, 422].contains(&status) {
            wrong.push(format!("{:?}: {}: {status}", form.role, form.address));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Sends forms from elsewhere: what was answered otherwise than if nothing was there.
async fn sent_from(town: &Town, role: Role, from: (&str, &str), forms: &[&Sent]) -> Vec<String> {
    let mut browser = stranger(town, role, from).await;
    let mark = browser.mark().await;
    let before = (town.n_entries().await, kept(town).await);
    let mut wrong = Vec::new();
    for (n, form) in forms.iter().enumerate() {
        let reply = send(&mut browser, &mark, form, n).await;
        let (status, text) = (reply.status.as_u16(), reply.text());
        let names = NAMES.into_iter().chain(PEOPLE.map(|(name, _)| name));
        let shown = names.into_iter().find(|name| text.contains(name));
        if status != form.elsewhere || shown.is_some() {
            let title = text.split("<title>").nth(1).and_then(|rest| rest.split('<').next());
            wrong.push(format!(
                "{role:?} of {from:?}: {}: {status} {title:?} {shown:?}",
                form.address
            ));
        }
    }
    let after = (town.n_entries().await, kept(town).await);
    if after != before {
        wrong.push(format!("{role:?} of {from:?} changed something"));
    }
    wrong
}
