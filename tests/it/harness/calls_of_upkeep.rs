//! Sample calls of what is done for upkeep: its money, its posts, reports of faults.

use entity::{fault_report, inspection_route, log::Action, stock_find, welfare_post::EndReason};
use taizhang::{
    app,
    domain::{overspend::Verdict, stock_take, welfare_post::Month},
    error::Result,
    store::Actor,
};

use super::{
    Town,
    calls::Subjects,
    money, posts, routes,
    town::{VILLAGE_A1, code, yuan},
};

pub(super) async fn upkeep_money(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Result<()> {
    let (ledger, (fund, budget), [held, paid]) = (&town.ledger, on.money, on.spent);
    let (of, request, payment) = ((budget, on.asset.id), money::request("1.00"), town.payment());
    match action {
        Action::RegisterFund => {
            let row = taizhang::domain::upkeep_fund::blank(code(VILLAGE_A1), money::YEAR);
            let row = entity::upkeep_fund::Model { received: yuan("9.00"), ..row };
            app::upkeep_fund::register(ledger, actor, row).await.map(drop)
        }
        Action::AmendFund => {
            let more = |row| entity::upkeep_fund::Model { received: yuan("2000.00"), ..row };
            app::upkeep_fund::amend(ledger, actor, fund, "追加", more).await.map(drop)
        }
        Action::SetBudget => {
            let new = money::for_place(fund, VILLAGE_A1, "1.00");
            app::budget::set(ledger, actor, &new).await.map(drop)
        }
        Action::AmendBudget => {
            app::budget::amend(ledger, actor, budget, yuan("600.00"), "追加").await.map(drop)
        }
        Action::CommitSpending => {
            app::spending::commit(ledger, actor, of, &request).await.map(drop)
        }
        Action::PaySpending => {
            app::spending::pay(ledger, actor, of, (&request, &payment)).await.map(drop)
        }
        Action::ReleaseSpending => {
            app::spending::release(ledger, actor, held, "不修了").await.map(drop)
        }
        Action::ReverseSpending => {
            app::spending::reverse(ledger, actor, paid, "重复记账").await.map(drop)
        }
        Action::AskOverspend => {
            app::overspend::ask(ledger, actor, budget, yuan("1.00"), "水毁").await.map(drop)
        }
        Action::DecideOverspend => {
            let verdict = Verdict::Approved("县财〔2026〕9号");
            app::overspend::decide(ledger, actor, on.asked, verdict).await.map(drop)
        }
        other => unreachable!("{other:?} is not about money"),
    }
}

/// What somebody brings of an asset: what was seen, and files.
pub(super) async fn welfare_post(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Result<()> {
    use app::welfare_post::{amend, approve_month, end, open, record_month};
    let ledger = &town.ledger;
    let row = posts::post(town, &on.asset, "河道");
    match action {
        Action::OpenPost => {
            let holder = posts::somebody(on.asset.id.0);
            open(ledger, actor, (row, &holder), &[on.asset.id]).await.map(drop)
        }
        Action::AmendPost => {
            amend(ledger, actor, on.post, Some(&[]), |_| Ok(row.clone())).await.map(drop)
        }
        Action::EndPost => {
            let why = (town.today(), EndReason::Withdrawn);
            end(ledger, actor, on.post, why).await.map(drop)
        }
        Action::RecordAttendance => {
            let month =
                Month { month_on: town.today(), days_attended: 0, percent: 100, note: None };
            record_month(ledger, actor, (on.post, None), &month).await.map(drop)
        }
        Action::ApproveAttendance => approve_month(ledger, actor, on.month).await.map(drop),
        other => unreachable!("{other:?} is not about posts"),
    }
}

pub(super) async fn fault_report(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Result<()> {
    use app::fault_report::{accept, dismiss, file, mend};
    let ledger = &town.ledger;
    match action {
        Action::FileFaultReport => {
            let kind = fault_report::Kind::Danger;
            let filing = super::reports::filing(on.n, kind, "桥面塌了", "");
            file(ledger, actor, (on.asset.id, &filing), None).await.map(drop)
        }
        Action::AcceptFaultReport => accept(ledger, actor, on.report).await.map(drop),
        Action::DismissFaultReport => dismiss(ledger, actor, on.report, "不属实").await.map(drop),
        Action::MendFaultReport => mend(ledger, actor, on.report, "已加固").await.map(drop),
        other => unreachable!("{other:?} is not about reports"),
    }
}

pub(super) async fn inspection_route(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Result<()> {
    use app::inspection_route::{Order, amend, end, make};
    let ledger = &town.ledger;
    match action {
        Action::MakeRoute => {
            let row = routes::route(on.goes, "西线", &[&on.asset]);
            make(ledger, actor, row, Order::Short).await.map(drop)
        }
        Action::AmendRoute => {
            let other = |row| inspection_route::Model { name: "南线".to_owned(), ..row };
            amend(ledger, actor, on.route, Order::Given, other).await.map(drop)
        }
        Action::EndRoute => end(ledger, actor, on.route, "不再巡查").await.map(drop),
        other => unreachable!("{other:?} is not about routes"),
    }
}

pub(super) async fn stock_take(
    town: &Town,
    actor: &Actor,
    action: Action,
    on: &Subjects,
) -> Result<()> {
    use app::stock_take::{Settling, Told, Which, count, open, record_find, settle_find, sign};
    let (ledger, on_stock) = (&town.ledger, &on.stock);
    let (take, line) = (on_stock.take, on_stock.line);
    match action {
        Action::OpenStockTake => {
            let year = stock_take::year_due(town.today());
            open(ledger, actor, on.villages[1], year).await.map(drop)
        }
        Action::CountStock => {
            let which = Which::Line(line, 1);
            let told = Told { which, named: line.to_string(), said: stock_take::Said::FOUND };
            count(ledger, actor, take, &[told]).await.map(drop)
        }
        Action::RecordStockFind => {
            let describe = |row| Ok(stock_find::Model { name: "棚子".into(), ..row });
            record_find(ledger, actor, take, describe).await.map(drop)
        }
        Action::SettleStockFind => {
            let why = Settling::Dismissed("私人的");
            settle_find(ledger, actor, on_stock.find, why).await.map(drop)
        }
        Action::SettleDiscrepancy => {
            let id = on_stock.discrepancy;
            app::discrepancy::settle(ledger, actor, id, "借给邻村，已核实").await.map(drop)
        }
        Action::SignStockTake => sign(ledger, actor, on_stock.counted).await.map(drop),
        other => unreachable!("{other:?} is not about stock-takes"),
    }
}
