//! A town in which every page has something to show: an asset with all that can be recorded of it,
//! findings somebody was asked about, sheets that were brought in, well and badly.

use std::time::Duration;

use entity::{
    account::Role, area::AreaCode, asset::Model, duty::Kind, finding::Rule, holding::Right,
    id::OrganizationId, inspection::Condition, share::Share, title,
};
use taizhang::{
    app::{self, rectification::Finding},
    domain::{
        duty::Terms,
        inspection::Record,
        project as projects,
        rectification::{Bearer, Charge},
        title::{self as titles, Holder, Party},
    },
    store::Actor,
};

use crate::{
    harness::{
        Town,
        campaigns::Stage,
        contracts,
        files::{jpeg, pdf},
        inspections, money, posts, revivals, routes, stock_takes,
        town::{COUNTY, TOWN_A, VILLAGE_A1, code},
        webhooks,
    },
    matrix::About,
};

/// What stands in addresses.
pub(super) struct Furnished {
    /// The asset of which everything is recorded.
    pub(super) asset: Model,
    /// Another one of the same kind and place.
    pub(super) twin: Model,
    body: OrganizationId,
    person: i64,
    duty: i64,
    project: i64,
    file: i64,
    import: i64,
    inspection: i64,
    work_order: i64,
    revival: i64,
    post: i64,
    campaign: i64,
    campaign_line: i64,
    stock_take: i64,
    route: i64,
    contract: i64,
    webhook: i64,
    report: i64,
    short: String,
    fund: i64,
    budget: i64,
    spending: i64,
    account: i64,
}

impl Furnished {
    pub(super) async fn of(town: &Town) -> Furnished {
        let asset =
            town.asset(VILLAGE_A1, "上河村至下河村通组硬化路（含三座盖板涵）", "1286400.00");
        let asset = asset.await;
        let twin = town.asset(VILLAGE_A1, "上河村便民服务中心停车场", "98000.00").await;
        let body = town.collective(VILLAGE_A1).await;
        let person = town.person(code(VILLAGE_A1), 0).await;
        confirm(town, &asset, body).await;
        let duty = entrust(town, &asset, [Party::Organization(body), Party::Person(person)]).await;
        ask(town, &twin).await;
        town.ledger.sign_checkpoints().await.expect("signed");
        let project = projects::blank(code(TOWN_A), "石桥镇 2020 年通组路硬化工程");
        let project = app::project::register(&town.ledger, &Actor::operator(), project).await;
        let kept = [("竣工照片.jpg", &*jpeg(900, 600)), ("竣工验收报告.pdf", &*pdf("验收"))];
        bring_files(town, &asset, &kept).await;
        let import = bring_sheets(town).await;
        inspect(town, &asset).await;
        let post = posts::held(town, &asset, "村内主路及两侧边沟").await.0.0;
        let (campaign, lines) = town.campaign(TOWN_A, "缺管护主体“回头看”", Stage::Drawn).await;
        let stock_take = stock_takes::opened(town, &asset).await.0;
        stock_takes::found(town, stock_take, "村口太阳能路灯").await;
        let report = town.report(&asset, ("涵洞口的栏杆松了，小孩老去摇", "13812345678")).await;
        let (fund, budget, spending) = pay_for(town, &asset).await;
        let plan = revivals::plan(town, body, "公开招租，租金不低于评估价");
        let revival = revivals::staged(town, &twin, &plan, entity::revival::State::Done).await;
        town.settle_in(Role::VillageOfficer).await;
        let officer = town.as_role(Role::VillageOfficer).await;
        let webhook =
            webhooks::added(town, code(COUNTY), &webhooks::draft("hooks"), false).await.0.id.0;
        stock_takes::missed(town, &twin).await;
        let number = (body, "石桥镇农资租字〔2026〕第 12 号");
        let contract = contracts::concluded(town, &twin, number).await;
        let goes = routes::inspector(town).await;
        let route = routes::route(goes, "石桥镇上河片区道路设施", &[&asset, &twin]);
        Furnished {
            body,
            person: person.0,
            duty,
            project: project.expect("a project").id.0,
            file: first::<entity::attachment::Entity>(town, |row| row.id.0).await,
            import,
            inspection: first::<entity::inspection::Entity>(town, |row| row.id.0).await,
            post,
            stock_take: stock_take.0,
            webhook,
            route: routes::made(town, route).await.id.0,
            contract: contract.id.0,
            work_order: first::<entity::work_order::Entity>(town, |row| row.id.0).await,
            revival: revival.id.0,
            campaign: campaign.id.0,
            campaign_line: lines[0].id.0,
            report: report.id.0,
            short: town.ledger.short_code(asset.id).expect("a short code").plain(),
            fund,
            budget,
            spending,
            account: officer.account().expect("an account").0,
            twin,
            asset,
        }
    }

    /// An address of the list of pages with what stands in it.
    pub(super) fn fill(&self, address: &str, about: About) -> String {
        let id = match about {
            About::Project => self.project,
            About::File => self.file,
            About::Import => self.import,
            About::Inspection => self.inspection,
            About::WorkOrder => self.work_order,
            About::Revival => self.revival,
            About::Post | About::AmendedPost => self.post,
            About::Campaign => self.campaign,
            About::CampaignLine => self.campaign_line,
            About::StockTake | About::CountedStockTake => self.stock_take,
            About::Route | About::AmendedRoute => self.route,
            About::Contract | About::AmendedContract => self.contract,
            About::Webhook => self.webhook,
            About::FaultReport => self.report,
            About::Fund | About::AmendedFund => self.fund,
            About::Budget | About::AmendedBudget => self.budget,
            About::Spending => self.spending,
            _ => self.account,
        };
        let area = if about == About::Amended { VILLAGE_A1 } else { COUNTY };
        let texts = [
            ("{code}", self.asset.code.clone()),
            ("{area}", area.to_owned()),
            ("{county}", COUNTY[..6].to_owned()),
            ("{id}", id.to_string()),
            ("{body}", self.body.to_string()),
            ("{person}", self.person.to_string()),
            ("{duty}", self.duty.to_string()),
            ("{report}", self.report.to_string()),
            ("{short}", self.short.clone()),
        ];
        texts.iter().fold(address.to_owned(), |told, (name, text)| told.replace(name, text))
    }
}

/// The least that rows of a table tell.
async fn first<E: sea_orm::EntityTrait>(town: &Town, told: impl Fn(&E::Model) -> i64) -> i64 {
    town.rows::<E>().await.iter().map(told).min().expect("a row")
}

/// Confirms whose an asset is.
async fn confirm(town: &Town, asset: &Model, body: OrganizationId) {
    let next = title::Model {
        state: title::State::Confirmed,
        confirmed_on: Some(town.today()),
        certificate_no: Some("石桥集资〔2021〕第 0042 号".to_owned()),
        certificate_issuer: Some("石桥镇人民政府".to_owned()),
        ..titles::blank(asset.id, asset.area_code)
    };
    let party = Party::Organization(body);
    let owner = [Holder { right: Right::Own, party, share: Share::WHOLE }];
    let (ledger, operator) = (&town.ledger, Actor::operator());
    app::title::settle(ledger, &operator, asset.id, next, &owner).await.expect("a title");
}

/// Has somebody maintain an asset, and somebody keep it: the first duty.
async fn entrust(town: &Town, asset: &Model, parties: [Party; 2]) -> i64 {
    let terms = Terms {
        task: Some("清扫路面、疏通边沟、汛前检查涵洞".to_owned()),
        standard: Some("路面无积水、无堆物，边沟畅通".to_owned()),
        agreement_no: Some("管护〔2026〕3 号".to_owned()),
        ..Terms::default()
    };
    let mut ids = Vec::new();
    for party in [Kind::Maintainer, Kind::Keeper].into_iter().zip(parties) {
        let (ledger, operator) = (&town.ledger, Actor::operator());
        let made = app::duty::assign(ledger, &operator, &[asset.id], party, &terms).await;
        ids.push(made.expect("a duty")[0].id.0);
    }
    ids[0]
}

/// Asks a clerk to see that an asset is maintained.
async fn ask(town: &Town, asset: &Model) {
    let clerk = town.clerk().await.account().expect("an account");
    let charge = Charge {
        bearer: Bearer::Account(clerk),
        due_on: town.days_ahead(10),
        note: Some("汛期之前落实管护主体".to_owned()),
    };
    let finding = Finding { asset: asset.id, rule: Rule::NoMaintainer, version: 0 };
    let (ledger, operator) = (&town.ledger, Actor::operator());
    app::rectification::assign(ledger, &operator, &[finding], &charge).await.expect("asked");
}

/// Looks at an asset with a device, far off and late: its guardrail is dangerous.
async fn inspect(town: &Town, asset: &Model) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let at = ledger.clock().now() - chrono::TimeDelta::days(9);
    let record = inspections::good(asset, town.next_number(), at);
    let seen = "立柱松动 6 根，已拉警示带";
    let record = inspections::found(record, 3, Condition::Danger, seen);
    let record = Record {
        note: Some("村口标牌被树枝遮挡".to_owned()),
        device: Some("2c6f7c1e-2f1a-4c58-9c1b-000000000001".to_owned()),
        device_count: Some(1),
        sheet_no: None,
        ..record
    };
    app::inspection::record(ledger, &operator, asset.id, &record).await.expect("an inspection");
}

/// Sets money aside for an asset and spends some of it: fund, budget, commitment. A clerk asks for
/// more.
async fn pay_for(town: &Town, asset: &Model) -> (i64, i64, i64) {
    let fund = town.fund(COUNTY, "300000.00").await;
    let budget = town.set_aside(&money::for_asset(fund.id, asset.id, "4800.00")).await;
    town.set_aside(&money::for_place(fund.id, VILLAGE_A1, "12000.00")).await;
    town.pay(&budget, asset.id, "1850.00").await;
    let held = town.commit(&budget, asset.id, "600.00").await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let more = "900.00".parse().expect("an amount");
    let reason = "汛期水毁，须立即抢修";
    let asked = app::overspend::ask(&town.ledger, &clerk, budget.id, more, reason).await;
    asked.expect("asked");
    (fund.id.0, budget.id.0, held.id.0)
}

async fn bring_files(town: &Town, asset: &Model, files: &[(&str, &[u8])]) {
    let mut browser = town.seated(Role::FinanceClerk).await;
    let page = format!("/assets/{}/files", asset.code);
    browser.bring(&page, &[("to", "asset")], files).await.is(303);
}

/// Brings a sheet with mistakes, which is tried out alone and whose file stays; and, of another
/// sender, a good one: the import.
async fn bring_sheets(town: &Town) -> i64 {
    let area: AreaCode = code(VILLAGE_A1);
    let head = "资产名称,资产类别,区划代码,资产原值";
    let bad = format!("{head}\n二组机耕道,公益性资产,{area},约12万\n三组水渠,很好,{area},900\n");
    let good = format!("{head}\n四组文化广场,公益性资产,{area},86400\n");
    let mut clerk = town.seated(Role::FinanceClerk).await;
    bring(&mut clerk, &bad).await;
    let mut township = town.seated(Role::TownshipClerk).await;
    let tried = bring(&mut township, &good).await;
    let led = township.fill(&tried, &format!("{tried}/carry-out"), &[]).await.is(303);
    over(&mut township, led.header("location")).await;
    first::<entity::import::Entity>(town, |row| row.id.0).await
}

/// Brings a sheet and waits for its check: where that is told.
async fn bring(browser: &mut crate::web::Browser, text: &str) -> String {
    let files = [("到村资产.csv", text.as_bytes())];
    let led = browser.bring("/imports/new", &[("kind", "assets")], &files).await.is(303);
    let place = led.header("location").to_owned();
    over(browser, &place).await;
    place
}

/// Waits for a job to come to its end.
async fn over(browser: &mut crate::web::Browser, job: &str) {
    for _ in 0..1_000 {
        let reply = browser.open(job).await.is(200);
        if reply.headers.get("refresh").is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{job} stands still");
}
