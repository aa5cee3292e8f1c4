//! One sample call for each action, for whoever wants to see every action done, refused or logged.

use entity::{
    account::Role,
    area::{AreaCode, Level},
    asset::{self, Class, Subclass, UseState},
    attachment,
    duty::Kind,
    finding::Rule,
    holding::Right,
    id::{
        AccountId, AttendanceId, BudgetId, ContractId, DutyId, FaultReportId, InspectionRouteId,
        OrganizationId, OverspendId, PersonId, RectificationId, SessionId, SettingId, SpendingId,
        UpkeepFundId, WelfarePostId, WorkOrderId,
    },
    log::Action,
    one_time_link::Purpose,
    project, setting,
    share::Share,
    title,
};
use taizhang::{
    app::{self, saved_view::Draft},
    domain::{
        area,
        asset::Completeness,
        asset::division::Part,
        duty::Terms,
        organization as bodies, project as projects,
        setting::Proposal,
        title::{self as titles, Holder, Party},
    },
    error::Result,
    store::Actor,
};

use super::{
    Town, calls_of_upkeep,
    campaigns::{self, Campaigns},
    contracts,
    fresh::fresh_village,
    money, posts, revivals,
    rounds::{self, asked},
    routes, stock_takes,
    town::{VILLAGE_A1, code, registration, yuan},
    webhooks, work_orders,
};

/// What the sample calls are made on; fresh, because most calls can be made once only.
pub(crate) struct Subjects {
    pub(super) n: u32,
    pub(crate) asset: asset::Model,
    pub(crate) twin: asset::Model,
    /// A duty on an asset of its own.
    pub(crate) duty: DutyId,
    pub(crate) project: project::Model,
    pub(crate) body: OrganizationId,
    pub(crate) person: PersonId,
    pub(crate) account: String,
    /// An account that is locked.
    pub(crate) locked: String,
    /// An account with a password and a second factor, and a session of it.
    pub(crate) seated: (String, SessionId),
    /// A rectification that was asked for, and one that was reported done.
    pub(crate) rounds: [RectificationId; 2],
    /// The number of their villages.
    pub(crate) place: u32,
    pub(crate) villages: [AreaCode; 2],
    /// A file of the asset.
    pub(crate) file: attachment::Model,
    /// A value of a rule that has not begun.
    pub(crate) setting: SettingId,
    /// A webhook that sends, and one that is paused.
    pub(crate) webhooks: [entity::webhook::Model; 2],
    /// Work orders of an asset of their own, as far as they come.
    pub(crate) work_orders: [WorkOrderId; 4],
    pub(crate) revivals: revivals::Planned,
    /// A welfare post, and a month of it that nobody has approved.
    pub(crate) post: WelfarePostId,
    pub(crate) month: AttendanceId,
    pub(crate) campaigns: Campaigns,
    /// Whoever has that account, who may go a route; and the route.
    pub(crate) goes: AccountId,
    pub(crate) route: InspectionRouteId,
    /// A contract of an asset of its own.
    pub(crate) contract: ContractId,
    /// Stock-takes of an asset, as far as they come.
    pub(crate) stock: stock_takes::Staged,
    /// A report of a fault that nobody has taken up.
    pub(crate) report: FaultReportId,
    /// A fund, and out of it a budget of the asset.
    pub(crate) money: (UpkeepFundId, BudgetId),
    /// Out of that budget a commitment and a payment.
    pub(crate) spent: [SpendingId; 2],
    /// A request of a clerk to overspend it.
    pub(crate) asked: OverspendId,
}

impl Subjects {
    /// Makes them, as the operator, in the first village.
    #[expect(clippy::too_many_lines, reason = "one of each, as they build on another")]
    pub(crate) async fn new(town: &Town) -> Subjects {
        let n = town.next_number();
        let operator = Actor::operator();
        let place = town.next_place();
        let villages = [0, 1].map(|of| fresh_village(place, of));
        let rows = villages.map(|village| entity::area::Model {
            parent_code: Some(village.at(Level::Town)),
            ..area::blank(village, &format!("新村{village}"))
        });
        let made = town.ledger.write(&operator, Action::ImportAreas, async |write| {
            write.insert_areas(rows.to_vec()).await
        });
        made.await.expect("villages");
        let plan = projects::blank(code(VILLAGE_A1), "通村路");
        let project = app::project::register(&town.ledger, &operator, plan).await;
        let account = format!("extra-{n}");
        let area = code(VILLAGE_A1);
        let added =
            app::account::add(&town.ledger, &operator, &account, Role::Inspector, area).await;
        let goes = added.expect("an account").id;
        let locked = format!("locked-{n}");
        let added = app::account::add(&town.ledger, &operator, &locked, Role::Leader, area).await;
        added.expect("an account");
        app::account::lock(&town.ledger, &operator, &locked).await.expect("locked");
        let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
        let coming = rule(town, villages[0], setting::Key::TitleDays);
        let set = app::setting::set(&town.ledger, &operator, &coming).await.expect("a rule");
        let body = town.organization(area, &format!("管护公司{n}")).await;
        let kept = town.asset(VILLAGE_A1, "便民桥三", "300.00").await;
        let orders = work_orders::staged(town, &kept, Party::Organization(body), "护栏松动");
        let work_orders = orders.await.map(|row| row.id);
        let report = town.report(&kept, ("栏杆松了", "")).await.id;
        let (post, month) = posts::held(town, &kept, "村内道路").await;
        let bearer = Party::Organization(town.collective(VILLAGE_A1).await);
        let party = (Kind::Maintainer, bearer);
        let borne =
            app::duty::assign(&town.ledger, &operator, &[kept.id], party, &Terms::default()).await;
        let fund = town.fund(VILLAGE_A1, "1000.00").await.id;
        let budget = town.set_aside(&money::for_asset(fund, asset.id, "500.00")).await;
        let held = town.commit(&budget, asset.id, "100.00").await.id;
        let paid = town.pay(&budget, asset.id, "50.00").await.id;
        let clerk = town.as_role(Role::TownshipClerk).await;
        let more = yuan("10.00");
        let campaigns = Campaigns::new(town).await;
        let wanted = app::overspend::ask(&town.ledger, &clerk, budget.id, more, "水毁").await;
        town.asset(&villages[1].to_string(), "新渠", "10.00").await;
        let route = routes::route(goes, "东线", &[&kept]);
        Subjects {
            n,
            place,
            goes,
            campaigns,
            route: routes::made(town, route).await.id,
            contract: contracts::concluded(town, &kept, (body, "租-1")).await.id,
            stock: stock_takes::staged(town, &kept).await,
            money: (fund, budget.id),
            spent: [held, paid],
            asked: wanted.expect("asked").id,
            duty: borne.expect("a duty")[0].id,
            file: town.put_file(asset.id, "桥.png", "桥").await,
            asset,
            twin: town.asset(VILLAGE_A1, "便民桥二", "500.00").await,
            project: project.expect("a project"),
            body,
            rounds: [asked(town, body, false).await, asked(town, body, true).await],
            person: town.person(area, n as usize).await,
            account,
            locked,
            seated: town.seat(&format!("seated-{n}"), area).await,
            villages,
            setting: set.0.id,
            webhooks: webhooks::pair(town).await,
            work_orders,
            revivals: revivals::of(town, body).await,
            post,
            month,
            report,
        }
    }

    fn parts(&self) -> [Part; 2] {
        ["400.00", "600.00"].map(|value| Part {
            name: format!("桥段{value}"),
            original_value: yuan(value),
            quantity: self.asset.quantity,
        })
    }
}

/// Does one thing of an action. Nothing for actions that no function of this floor carries out.
#[expect(clippy::too_many_lines, reason = "a table is read line by line")]
pub(crate) async fn call(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Option<Result<()>> {
    let answer = match action {
        Action::ImportAreas
        | Action::RenameArea
        | Action::MergeArea
        | Action::AddAccount
        | Action::LockAccount
        | Action::UnlockAccount
        | Action::InviteAccount
        | Action::ResetAccount
        | Action::DropSecondFactor
        | Action::RevokeSession
        | Action::RegisterOrganization
        | Action::AmendOrganization
        | Action::EndOrganization
        | Action::EndPerson
        | Action::RevealPerson
        | Action::RegisterProject
        | Action::AmendProject => place_or_party(town, actor, action, on).await,
        Action::RegisterAsset
        | Action::AmendAsset
        | Action::CorrectAsset
        | Action::ReclassAsset
        | Action::SplitAsset
        | Action::MergeAssets
        | Action::HandOverAsset
        | Action::SettleTitle
        | Action::AssignDuty
        | Action::EndDuty
        | Action::TakeBackDuties
        | Action::WaiveFinding => asset(town, actor, action, on).await,
        Action::RegisterFund
        | Action::AmendFund
        | Action::SetBudget
        | Action::AmendBudget
        | Action::CommitSpending
        | Action::PaySpending
        | Action::ReleaseSpending
        | Action::ReverseSpending
        | Action::AskOverspend
        | Action::DecideOverspend => calls_of_upkeep::upkeep_money(town, actor, action, on).await,
        Action::RecordInspection | Action::AttachFile | Action::WithdrawFile => {
            evidence(town, actor, action, on).await
        }
        Action::OpenPost
        | Action::AmendPost
        | Action::EndPost
        | Action::RecordAttendance
        | Action::ApproveAttendance => calls_of_upkeep::welfare_post(town, actor, action, on).await,
        Action::MakeRoute | Action::AmendRoute | Action::EndRoute => {
            calls_of_upkeep::inspection_route(town, actor, action, on).await
        }
        Action::ConcludeContract | Action::AmendContract | Action::EndContract => {
            contracts::call(town, actor, action, on).await
        }
        Action::OpenStockTake
        | Action::CountStock
        | Action::RecordStockFind
        | Action::SettleStockFind
        | Action::SettleDiscrepancy
        | Action::SignStockTake => calls_of_upkeep::stock_take(town, actor, action, on).await,
        Action::OpenWorkOrder
        | Action::EstimateWorkOrder
        | Action::ApproveWorkOrder
        | Action::DispatchWorkOrder
        | Action::BeginWorkOrder
        | Action::ReportWorkOrder
        | Action::AcceptWorkOrder
        | Action::DismissWorkOrder => work_orders::call(town, actor, action, on).await,
        Action::ProposeRevival
        | Action::AmendRevival
        | Action::ApproveRevival
        | Action::ReportRevival
        | Action::VerifyRevival
        | Action::EndRevival => revivals::call(town, actor, action, on).await,
        Action::FileFaultReport
        | Action::AcceptFaultReport
        | Action::DismissFaultReport
        | Action::MendFaultReport => calls_of_upkeep::fault_report(town, actor, action, on).await,
        Action::SetRule => {
            let proposal = rule(town, on.villages[0], setting::Key::IdleDays);
            app::setting::set(&town.ledger, actor, &proposal).await.map(drop)
        }
        Action::WithdrawRule => {
            app::setting::withdraw(&town.ledger, actor, on.setting).await.map(drop)
        }
        Action::AddWebhook
        | Action::AmendWebhook
        | Action::PauseWebhook
        | Action::ResumeWebhook
        | Action::EndWebhook
        | Action::RotateWebhook
        | Action::ReplayWebhook => webhooks::call(town, actor, action, on).await,
        Action::AssignRectification
        | Action::BeginRectification
        | Action::ReportRectification
        | Action::CheckRectification
        | Action::EscalateRectification => rounds::call(town, actor, action, on).await,
        Action::OpenCampaign
        | Action::AnswerCampaign
        | Action::DrawCampaign
        | Action::RecheckCampaign
        | Action::CloseCampaign => campaigns::call(town, actor, action, on).await,
        Action::SaveView => save_view(town, actor, on.n).await,
        Action::NightlyRound => app::nightly::round(&town.ledger, actor).await.map(drop),
        // one's own password and second factor are set in a session, not by an actor; a view is
        // changed by whoever saved it, and sharing is a part of that
        Action::AmendView
        | Action::WithdrawView
        | Action::ShareView
        | Action::SetPassword
        | Action::SetMailAddress
        | Action::EnrollSecondFactor
        | Action::ApplyRule
        | Action::ImportSheet
        | Action::UndoImport
        | Action::ExportRows
        | Action::ReadLog
        | Action::VerifyLog
        | Action::ReadAccounts
        | Action::ReadWebhooks
        | Action::ReadHealth => return None,
    };
    Some(answer)
}

async fn save_view(town: &Town, actor: &Actor, n: u32) -> Result<()> {
    let draft = Draft {
        name: Some(format!("视图{n}")),
        words: Some(vec![("class".to_owned(), "public".to_owned())]),
        ..Draft::default()
    };
    app::saved_view::save(&town.ledger, actor, draft).await.map(drop)
}

async fn place_or_party(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let village = code(VILLAGE_A1);
    let [from, into] = on.villages;
    match action {
        Action::ImportAreas => {
            let fresh = area::blank(fresh_village(on.place, 2), "再新村");
            let work = async |write: &mut taizhang::store::Write| {
                write.insert_areas(vec![fresh.clone()]).await
            };
            ledger.write(actor, action, work).await
        }
        Action::RenameArea => {
            app::area::rename(ledger, actor, from, "改名村", town.today()).await.map(drop)
        }
        Action::MergeArea => {
            app::area::merge(ledger, actor, from, into, town.today()).await.map(drop)
        }
        Action::AddAccount => {
            let name = format!("made-{}", on.n);
            app::account::add(ledger, actor, &name, Role::Inspector, village).await.map(drop)
        }
        Action::LockAccount => app::account::lock(ledger, actor, &on.account).await.map(drop),
        Action::UnlockAccount
        | Action::InviteAccount
        | Action::ResetAccount
        | Action::DropSecondFactor
        | Action::RevokeSession => account(town, actor, action, on).await,
        Action::RegisterOrganization => {
            let contact = super::people::contact(1);
            let body = bodies::blank(village, "新公司");
            app::organization::register(ledger, actor, body, Some(&contact)).await.map(drop)
        }
        Action::AmendOrganization => {
            let rename = |body| entity::organization::Model { name: "更名公司".into(), ..body };
            app::organization::amend(ledger, actor, (on.body, 1), rename).await.map(drop)
        }
        Action::EndOrganization => {
            app::organization::end(ledger, actor, on.body, town.today()).await.map(drop)
        }
        Action::EndPerson => {
            app::person::end(ledger, actor, on.person, town.today()).await.map(drop)
        }
        Action::RevealPerson => {
            app::person::reveal(ledger, actor, on.person, "联系管护").await.map(drop)
        }
        Action::RegisterProject => {
            let plan = projects::blank(village, "饮水工程");
            app::project::register(ledger, actor, plan).await.map(drop)
        }
        Action::AmendProject => {
            let rename = |plan| project::Model { name: "改名工程".into(), ..plan };
            app::project::amend(ledger, actor, (on.project.id, 1), rename).await.map(drop)
        }
        other => unreachable!("{other:?} is about assets"),
    }
}

/// A rule of a fresh village, which begins tomorrow.
fn rule(town: &Town, area: AreaCode, key: setting::Key) -> Proposal {
    Proposal {
        key,
        area,
        value: "100".to_owned(),
        basis_title: "管护办法".to_owned(),
        basis_no: None,
        from_on: town.days_ahead(1),
    }
}

async fn account(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let link =
        async |name: &str, purpose| app::sign_in::issue_link(ledger, actor, name, purpose).await;
    match action {
        Action::UnlockAccount => app::account::unlock(ledger, actor, &on.locked).await.map(drop),
        Action::InviteAccount => link(&on.account, Purpose::FirstSignIn).await.map(drop),
        Action::ResetAccount => link(&on.seated.0, Purpose::Reset).await.map(drop),
        Action::DropSecondFactor => {
            app::sign_in::drop_second_factor(ledger, actor, &on.seated.0).await.map(drop)
        }
        Action::RevokeSession => app::sign_in::revoke_session(ledger, actor, on.seated.1).await,
        other => unreachable!("{other:?} is not about accounts"),
    }
}

async fn asset(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let at = (on.asset.id, on.asset.version);
    match action {
        Action::RegisterAsset => {
            let whole = registration(VILLAGE_A1, "灌溉渠", "20.00");
            app::asset::register(ledger, actor, whole, Completeness::Whole).await.map(drop)
        }
        Action::AmendAsset => {
            let idle = |row| asset::Model { use_state: Some(UseState::Idle), ..row };
            app::asset::amend(ledger, actor, at, idle).await.map(drop)
        }
        Action::CorrectAsset => {
            let dearer = |row| asset::Model { original_value: Some(yuan("1001.00")), ..row };
            app::asset::correct(ledger, actor, at, "录入有误", dearer).await.map(drop)
        }
        Action::ReclassAsset => {
            let class = (Class::Operating, Some(Subclass::Shop));
            app::asset::reclass(ledger, actor, at, class, "改作经营").await.map(drop)
        }
        Action::SplitAsset => {
            app::asset::split(ledger, actor, at, &on.parts(), "分段管护").await.map(drop)
        }
        Action::MergeAssets => {
            let ids = [on.asset.id, on.twin.id];
            app::asset::merge(ledger, actor, &ids, "两桥", "合并管护").await.map(drop)
        }
        Action::HandOverAsset => {
            let number = Some("移〔2026〕1号".to_owned());
            app::asset::hand_over(ledger, actor, at, town.today(), number).await.map(drop)
        }
        Action::SettleTitle => {
            let next = title::Model {
                state: title::State::Confirmed,
                confirmed_on: Some(town.today()),
                ..titles::blank(on.asset.id, on.asset.area_code)
            };
            let party = Party::Organization(on.body);
            let owner = Holder { right: Right::Own, party, share: Share::WHOLE };
            app::title::settle(ledger, actor, on.asset.id, next, &[owner]).await.map(drop)
        }
        Action::AssignDuty => {
            let party = (Kind::Maintainer, Party::Organization(on.body));
            let terms = Terms::default();
            app::duty::assign(ledger, actor, &[on.asset.id], party, &terms).await.map(drop)
        }
        Action::EndDuty => {
            let end = (town.today(), Some(entity::duty::EndReason::Revoked));
            app::assignment::end(ledger, actor, on.duty.into(), end).await.map(drop)
        }
        Action::TakeBackDuties => {
            app::assignment::take_back(ledger, actor, (on.duty, on.duty)).await.map(drop)
        }
        Action::WaiveFinding => {
            let until = town.days_ahead(30);
            let rule = Rule::NoMaintainer;
            app::waiver::grant(ledger, actor, on.asset.id, rule, "正在协商", until).await.map(drop)
        }
        other => unreachable!("{other:?} is not about assets"),
    }
}

/// What becomes of money for upkeep.
async fn evidence(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    match action {
        Action::RecordInspection => {
            let record = super::inspections::good(&on.asset, on.n, ledger.clock().now());
            app::inspection::record(ledger, actor, on.asset.id, &record).await.map(drop)
        }
        Action::AttachFile => {
            let bytes = super::files::pdf("批复");
            let thing = app::attachment::Thing::Asset(on.asset.id);
            town.attach(actor, thing, ("批复.pdf", &bytes)).await.map(drop)
        }
        Action::WithdrawFile => {
            let named = (on.file.id, on.file.version);
            app::attachment::withdraw(ledger, actor, named, "传错了").await.map(drop)
        }
        other => unreachable!("{other:?} brings nothing"),
    }
}
