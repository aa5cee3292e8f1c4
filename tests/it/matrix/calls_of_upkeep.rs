//! How the operations of upkeep are called: inspections, work orders, welfare posts.

use serde_json::json;
use taizhang::domain::permission::Action;

use super::{
    calls::{Asked, Gate::SignedIn, Row, body, bring, by_id, change, row, within, write},
    thing::About::{
        Asset, Dispatched, Estimated, In, Inspection, Mended, Month, Post, Within, WorkOrder,
    },
};
use crate::harness::files;

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
];
