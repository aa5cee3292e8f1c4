//! How the operations of upkeep are called: inspections, work orders, welfare posts, reports of faults
//! and money.

use serde_json::json;
use taizhang::domain::permission::Action;

use super::{
    calls::{
        Asked,
        Gate::{May, SignedIn},
        Row, body, bring, by_id, change, query, reveal, row, within, write,
    },
    thing::{
        About::{
            Asset, Budget, Commitment, Contract, Counted, Discrepancy, Dispatched, Estimated,
            FaultReport, Fund, Idle, In, Inspection, Mended, Month, OnRoute, Overspend, Payment,
            Planned, Post, Proposed, Revived, Route, StockFind, StockTake, Uncounted, Within,
            WorkOrder,
        },
        Thing,
    },
};
use crate::harness::files;

/// A revival plan that an organization of the place sees to.
fn revival(thing: &Thing, measures: &str) -> serde_json::Value {
    json!({
        "reason": "market", "mode": "lease", "batch": "revive", "measures": measures,
        "target_on": "2026-09-01", "organization": thing.body,
    })
}

/// One row an operation.
pub(super) const UPKEEP: &[Row] = &[
    write("attach_inspection_file", (Action::RecordInspection, Inspection), 201, |thing| Asked {
        file: Some((format!("{}.jpg", thing.canary), files::jpeg(40, 30 + thing.n % 100))),
        ..by_id(thing)
    }),
    row("list_inspections", (SignedIn, Within), 200, within),
    row("get_inspection", (SignedIn, Inspection), 200, by_id),
    row("get_asset_points", (SignedIn, Asset), 200, by_id),
    write("record_inspection", (Action::RecordInspection, Asset), 201, |thing| {
        let points = ["surface", "shoulder", "drainage", "guardrail", "bridges", "plate"];
        let checks = points.map(|item| json!({ "item": item, "condition": "good" }));
        let key = format!("0b6f7c1e-2f1a-4c58-9c1b-{:012x}", thing.n);
        body(json!({
            "asset": thing.id, "device_key": key, "inspected_at": "2026-06-01T02:03:04Z",
            "checks": checks, "is_all_at_once": true,
        }))
    }),
    row("list_work_orders", (SignedIn, Within), 200, within),
    row("get_work_order", (SignedIn, WorkOrder), 200, by_id),
    write("open_work_order", (Action::OpenWorkOrder, Asset), 201, |thing| {
        body(json!({ "asset": thing.id, "condition": "defect", "what": thing.canary }))
    }),
    write("estimate_work_order", (Action::EstimateWorkOrder, WorkOrder), 200, |thing| {
        change(thing, json!({ "kind": "repair", "estimate": "1.00" }))
    }),
    write("approve_work_order", (Action::ApproveWorkOrder, Estimated), 200, |thing| {
        change(thing, json!({}))
    }),
    write("dispatch_work_order", (Action::DispatchWorkOrder, WorkOrder), 200, |thing| {
        change(thing, json!({ "organization": thing.body, "due_on": "2026-06-20" }))
    }),
    write("begin_work_order", (Action::BeginWorkOrder, Dispatched), 200, |thing| {
        change(thing, json!({}))
    }),
    write("report_work_order", (Action::ReportWorkOrder, Dispatched), 200, |thing| {
        change(thing, json!({ "report": thing.canary, "cost": "0.00" }))
    }),
    write("accept_work_order", (Action::AcceptWorkOrder, Mended), 200, |thing| {
        change(thing, json!({ "is_accepted": true }))
    }),
    write("dismiss_work_order", (Action::DismissWorkOrder, WorkOrder), 200, |thing| {
        change(thing, json!({ "reason": "重复" }))
    }),
    write("attach_work_order_file", (Action::ReportWorkOrder, WorkOrder), 201, bring),
    row("get_inspection_plan", (SignedIn, Within), 200, within),
    row("list_routes", (SignedIn, Within), 200, within),
    row("get_route", (SignedIn, Route), 200, by_id),
    // a stop is typed: what is none within reach is told where it was typed
    Row {
        elsewhere: 422,
        ..write("make_route", (Action::MakeRoute, OnRoute), 201, |thing| {
            body(json!({
                "account": thing.twin, "is_shortened": true,
                "fields": { "name": thing.canary, "stops": thing.name },
            }))
        })
    },
    write("amend_route", (Action::AmendRoute, Route), 200, |thing| {
        change(thing, json!({ "fields": { "name": thing.canary } }))
    }),
    write("end_route", (Action::EndRoute, Route), 200, |thing| {
        change(thing, json!({ "reason": "不再巡查" }))
    }),
    row("list_contracts", (SignedIn, Within), 200, within),
    row("get_contract", (SignedIn, Contract), 200, by_id),
    write("conclude_contract", (Action::ConcludeContract, Asset), 201, |thing| {
        body(json!({
            "asset": thing.id, "organization": thing.body,
            "terms": {
                "kind": "lease", "contract_no": thing.canary, "signed_on": "2026-01-01",
                "starts_on": "2026-01-01", "ends_on": "2026-12-31", "yearly_rent": "1200.00",
            },
        }))
    }),
    write("amend_contract", (Action::AmendContract, Contract), 200, |thing| {
        change(thing, json!({ "reason": "补充协议", "terms": { "yearly_rent": "1300.00" } }))
    }),
    write("end_contract", (Action::EndContract, Contract), 200, |thing| {
        change(thing, json!({ "on": "2026-06-01", "reason": "退租" }))
    }),
    row("get_five_haves", (SignedIn, Within), 200, within),
    row("get_asset_five_haves", (SignedIn, Asset), 200, by_id),
    row("list_revivals", (SignedIn, Within), 200, within),
    row("get_revival", (SignedIn, Proposed), 200, by_id),
    row("get_revival_rate", (SignedIn, Within), 200, |thing| {
        query(format!("area={}&year=2026", thing.area))
    }),
    write("propose_revival", (Action::ProposeRevival, Idle), 201, |thing| {
        body(json!({ "asset": thing.id, "plan": revival(thing, &thing.canary) }))
    }),
    write("amend_revival", (Action::AmendRevival, Proposed), 200, |thing| {
        change(thing, revival(thing, &format!("{} {}", thing.canary, thing.n)))
    }),
    write("approve_revival", (Action::ApproveRevival, Proposed), 200, |thing| {
        change(thing, json!({}))
    }),
    write("report_revival", (Action::ReportRevival, Planned), 200, |thing| {
        change(thing, json!({ "report": thing.canary, "outcome": "leased" }))
    }),
    write("verify_revival", (Action::VerifyRevival, Revived), 200, |thing| {
        change(thing, json!({ "is_verified": true, "evidence": thing.canary }))
    }),
    write("end_revival", (Action::EndRevival, Proposed), 200, |thing| {
        change(thing, json!({ "reason": "资产将处置" }))
    }),
    write("attach_revival_file", (Action::ReportRevival, Proposed), 201, bring),
    row("list_welfare_posts", (SignedIn, Within), 200, within),
    row("get_welfare_post", (SignedIn, Post), 200, by_id),
    row("get_welfare_post_assets", (SignedIn, Post), 200, by_id),
    write("open_welfare_post", (Action::OpenPost, In), 201, |thing| {
        body(json!({
            "area_code": thing.area,
            "new_person": { "name": format!("王{}", thing.n), "area_code": thing.area },
            "terms": {
                "kind": "road", "monthly_pay": "1000.00", "days_due": 22,
                "from_on": "2026-06-01", "until_on": "2026-12-31", "scope": thing.canary,
            },
        }))
    }),
    write("amend_welfare_post", (Action::AmendPost, Post), 200, |thing| {
        change(thing, json!({ "terms": { "scope": format!("{} {}", thing.canary, thing.n) } }))
    }),
    write("end_welfare_post", (Action::EndPost, Post), 200, |thing| {
        change(thing, json!({ "on": "2026-06-01", "reason": "left" }))
    }),
    write("record_attendance", (Action::RecordAttendance, Post), 200, |thing| Asked {
        body: Some(json!({
            "month_on": "2026-06-01", "days_attended": 1, "percent": 100, "version": 0,
            "note": thing.canary,
        })),
        ..by_id(thing)
    }),
    row("list_attendance", (SignedIn, Within), 200, within),
    write("approve_attendance", (Action::ApproveAttendance, Month), 200, |thing| {
        change(thing, json!({}))
    }),
    row("list_stock_takes", (SignedIn, Within), 200, within),
    row("get_stock_take", (SignedIn, StockTake), 200, by_id),
    row("get_stock_progress", (SignedIn, Within), 200, |thing| {
        query(format!("area={}&year=2025", thing.area))
    }),
    write("open_stock_take", (Action::OpenStockTake, Uncounted), 201, |thing| {
        body(json!({ "area_code": thing.area, "year": 2025 }))
    }),
    row("list_stock_lines", (SignedIn, Within), 200, within),
    write("count_stock", (Action::CountStock, StockTake), 200, |thing| Asked {
        body: Some(json!({ "lines": [
            { "short_code": thing.name, "outcome": "missing", "note": thing.canary },
        ] })),
        ..by_id(thing)
    }),
    write("sign_stock_take", (Action::SignStockTake, Counted), 200, |thing| {
        change(thing, json!({}))
    }),
    row("list_stock_finds", (SignedIn, Within), 200, within),
    row("get_stock_find", (SignedIn, StockFind), 200, by_id),
    write("record_stock_find", (Action::RecordStockFind, StockTake), 201, |thing| Asked {
        body: Some(json!({ "fields": { "name": thing.canary } })),
        ..by_id(thing)
    }),
    write("settle_stock_find", (Action::SettleStockFind, StockFind), 200, |thing| {
        change(thing, json!({ "reason": "私人的" }))
    }),
    row("list_discrepancies", (SignedIn, Within), 200, within),
    row("get_discrepancy", (SignedIn, Discrepancy), 200, by_id),
    write("settle_discrepancy", (Action::SettleDiscrepancy, Discrepancy), 200, |thing| {
        change(thing, json!({ "reason": "借出，已核实" }))
    }),
    row("list_fault_reports", (SignedIn, Within), 200, within),
    row("get_fault_report", (SignedIn, FaultReport), 200, by_id),
    write("accept_fault_report", (Action::AcceptFaultReport, FaultReport), 200, |thing| {
        change(thing, json!({}))
    }),
    write("dismiss_fault_report", (Action::DismissFaultReport, FaultReport), 200, |thing| {
        change(thing, json!({ "reason": "不属实" }))
    }),
    write("mend_fault_report", (Action::MendFaultReport, FaultReport), 200, |thing| {
        change(thing, json!({ "what": "已加固" }))
    }),
    write("reveal_fault_report", (Action::RevealPerson, FaultReport), 200, reveal),
    // money for upkeep
    row("list_funds", (SignedIn, Within), 200, within),
    row("get_fund", (SignedIn, Fund), 200, by_id),
    write("register_fund", (Action::RegisterFund, In), 201, |thing| {
        let fields = json!({ "source": "county", "year": 2026, "received": "9.00" });
        body(json!({ "area_code": thing.area, "fields": fields }))
    }),
    write("amend_fund", (Action::AmendFund, Fund), 200, |thing| {
        change(thing, json!({ "reason": "追加", "fields": { "received": "200.00" } }))
    }),
    row("list_budgets", (SignedIn, Within), 200, within),
    row("sum_budgets", (SignedIn, Within), 200, |thing| {
        query(format!("area={}&year=2026", thing.area))
    }),
    row("list_unit_costs", (SignedIn, Within), 200, |thing| {
        query(format!("area={}&year=2026", thing.area))
    }),
    row("get_budget", (SignedIn, Budget), 200, by_id),
    write("set_budget", (Action::SetBudget, Fund), 201, |thing| {
        body(json!({ "fund": thing.id, "year": 2026, "area_code": thing.area, "amount": "1" }))
    }),
    write("amend_budget", (Action::AmendBudget, Budget), 200, |thing| {
        change(thing, json!({ "reason": "追加", "amount": "70.00" }))
    }),
    row("try_copy", (May(Action::SetBudget), Fund), 422, |thing| {
        body(json!({ "area_code": thing.area, "year": 2026, "fund": thing.id, "rate_bp": 500 }))
    }),
    row("copy_budgets", (May(Action::SetBudget), Fund), 422, |thing| {
        body(json!({ "area_code": thing.area, "year": 2026, "fund": thing.id, "rate_bp": 500,
            "expected_count": 1, "expected_total": "1.05" }))
    }),
    write("ask_overspend", (Action::AskOverspend, Budget), 201, |thing| Asked {
        version: None,
        ..change(thing, json!({ "amount": "1.00", "reason": "水毁抢修" }))
    }),
    row("list_overspends", (SignedIn, Within), 200, within),
    row("get_overspend", (SignedIn, Overspend), 200, by_id),
    write("decide_overspend", (Action::DecideOverspend, Overspend), 200, |thing| {
        change(thing, json!({ "is_approved": true, "document_no": "县财〔2026〕9号" }))
    }),
    row("list_spendings", (SignedIn, Within), 200, within),
    row("get_spending", (SignedIn, Payment), 200, by_id),
    write("commit_spending", (Action::CommitSpending, Budget), 201, |thing| {
        body(
            json!({ "budget": thing.id, "asset": thing.twin, "amount": "1.00", "purpose": "修路" }),
        )
    }),
    write("pay_spending", (Action::PaySpending, Budget), 201, |thing| {
        body(json!({ "budget": thing.id, "asset": thing.twin, "amount": "1.00", "purpose": "修路",
            "voucher_no": "记-1", "paid_on": "2026-06-01" }))
    }),
    write("pay_commitment", (Action::PaySpending, Commitment), 200, |thing| {
        change(thing, json!({ "amount": "4.00", "voucher_no": "记-1", "paid_on": "2026-06-01" }))
    }),
    write("release_spending", (Action::ReleaseSpending, Commitment), 200, |thing| {
        change(thing, json!({ "reason": "不修了" }))
    }),
    write("reverse_spending", (Action::ReverseSpending, Payment), 200, |thing| {
        change(thing, json!({ "reason": "重复记账" }))
    }),
    write("attach_spending_file", (Action::PaySpending, Payment), 201, bring),
];
