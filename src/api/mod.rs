//! The JSON service under `/api/v1`: every route, and the document that is made of them.

pub mod account;
pub mod alert;
pub mod area;
pub mod asset;
pub mod asset_division;
pub mod attachment;
pub mod body;
pub mod brief;
pub mod budget;
pub mod caller;
pub mod campaign;
pub mod card;
pub mod contract;
pub mod discrepancy;
pub mod duty;
pub mod etag;
pub mod event;
pub mod export;
pub mod fault_report;
pub mod five_have;
pub mod guide;
pub mod history;
pub mod import;
pub mod inspection;
pub mod inspection_plan;
pub mod inspection_route;
pub mod job;
pub mod log;
pub mod me;
mod misread;
pub mod organization;
pub mod page;
pub mod party;
pub mod person;
pub mod project;
pub mod record;
pub mod rectification;
pub mod reminder;
pub mod report;
pub mod revival;
pub mod saved_view;
pub mod session;
pub mod setting;
pub mod spending;
pub mod stock_progress;
pub mod stock_take;
pub mod title;
pub mod upkeep_fund;
pub mod waiver;
pub mod webhook;
pub mod welfare_post;
pub mod work_order;

use std::sync::LazyLock;

use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    fault::{Fault, Problem},
};

/// Where the service lies.
pub const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Taizhang 台账",
        description = "The ledger of assets built with poverty-alleviation funds. 扶贫项目资产管理台账接口。"
    ),
    components(schemas(Problem)),
    modifiers(&Shared)
)]
struct Document;

/// What all operations share: the bearer token, and problems as answers.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// Every operation.
fn operations() -> OpenApiRouter<AppState> {
    of_people().merge(of_assets()).merge(of_revivals()).merge(of_money()).merge(of_the_ledger())
}

/// Who one is, and signing in.
fn of_people() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me::get_me))
        .routes(routes!(reminder::list_reminders))
        .routes(routes!(reminder::mark_reminders))
        .routes(routes!(session::open_session))
        .routes(routes!(session::refresh_session))
        .routes(routes!(session::list_sessions))
        .routes(routes!(session::close_session))
        .routes(routes!(session::revoke_session))
        .routes(routes!(session::step_up))
        .routes(routes!(session::change_password))
        .routes(routes!(session::open_link))
        .routes(routes!(session::enroll_second_factor))
        .routes(routes!(session::confirm_second_factor))
}

/// Assets and what belongs to them.
fn of_assets() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(asset::list_assets, asset::register_asset))
        .routes(routes!(asset::search_assets))
        .routes(routes!(asset::get_asset, asset::amend_asset))
        .routes(routes!(asset::get_asset_by_code))
        .routes(routes!(asset::correct_asset))
        .routes(routes!(asset::reclass_asset))
        .routes(routes!(asset::hand_over_asset))
        .routes(routes!(asset_division::split_asset))
        .routes(routes!(asset_division::merge_assets))
        .routes(routes!(title::get_title))
        .routes(routes!(title::settle_title))
        .routes(routes!(duty::list_duties))
        .routes(routes!(duty::get_duty))
        .routes(routes!(duty::assign_duty))
        .routes(routes!(duty::assign_filtered_duty))
        .routes(routes!(duty::end_duty))
        .routes(routes!(duty::take_back_duties))
        .routes(routes!(inspection::list_inspections, inspection::record_inspection))
        .routes(routes!(inspection::get_inspection))
        .routes(routes!(inspection::get_asset_points))
        .routes(routes!(alert::count_alerts))
        .routes(routes!(brief::list_briefs))
        .routes(routes!(campaign::list_campaigns, campaign::open_campaign))
        .routes(routes!(campaign::list_campaigns_above))
        .routes(routes!(campaign::get_campaign))
        .routes(routes!(campaign::get_campaign_progress))
        .routes(routes!(campaign::list_campaign_lines))
        .routes(routes!(campaign::answer_campaign))
        .routes(routes!(campaign::draw_campaign))
        .routes(routes!(campaign::recheck_campaign_line))
        .routes(routes!(campaign::close_campaign))
        .routes(routes!(welfare_post::list_welfare_posts, welfare_post::open_welfare_post))
        .routes(routes!(welfare_post::get_welfare_post))
        .routes(routes!(welfare_post::get_welfare_post_assets))
        .routes(routes!(welfare_post::amend_welfare_post))
        .routes(routes!(welfare_post::end_welfare_post))
        .routes(routes!(welfare_post::record_attendance))
        .routes(routes!(welfare_post::list_attendance))
        .routes(routes!(welfare_post::approve_attendance))
        .routes(routes!(work_order::list_work_orders, work_order::open_work_order))
        .routes(routes!(work_order::get_work_order))
        .routes(routes!(work_order::estimate_work_order))
        .routes(routes!(work_order::approve_work_order))
        .routes(routes!(work_order::dispatch_work_order))
        .routes(routes!(work_order::begin_work_order))
        .routes(routes!(work_order::report_work_order))
        .routes(routes!(work_order::accept_work_order))
        .routes(routes!(work_order::dismiss_work_order))
        .routes(routes!(inspection_plan::get_inspection_plan))
        .routes(routes!(inspection_route::list_routes, inspection_route::make_route))
        .routes(routes!(inspection_route::get_route, inspection_route::amend_route))
        .routes(routes!(inspection_route::end_route))
        .routes(routes!(five_have::get_five_haves))
        .routes(routes!(five_have::get_asset_five_haves))
}

/// What becomes of assets that stand idle.
fn of_revivals() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(revival::list_revivals, revival::propose_revival))
        .routes(routes!(revival::get_revival_rate))
        .routes(routes!(revival::get_revival))
        .routes(routes!(revival::amend_revival))
        .routes(routes!(revival::approve_revival))
        .routes(routes!(revival::report_revival))
        .routes(routes!(revival::verify_revival))
        .routes(routes!(revival::end_revival))
        .routes(routes!(fault_report::list_fault_reports))
        .routes(routes!(fault_report::get_fault_report))
        .routes(routes!(fault_report::accept_fault_report))
        .routes(routes!(fault_report::dismiss_fault_report))
        .routes(routes!(fault_report::mend_fault_report))
        .routes(routes!(fault_report::reveal_fault_report))
        .routes(routes!(waiver::grant_waiver))
        .routes(routes!(attachment::list_attachments, attachment::attach_file))
        .routes(routes!(attachment::attach_title_file))
        .routes(routes!(attachment::attach_duty_file))
        .routes(routes!(attachment::attach_inspection_file))
        .routes(routes!(attachment::attach_work_order_file))
        .routes(routes!(attachment::attach_revival_file))
        .routes(routes!(attachment::get_attachment_content))
        .routes(routes!(attachment::get_attachment_preview))
        .routes(routes!(attachment::check_attachment))
        .routes(routes!(attachment::withdraw_attachment))
        .routes(routes!(setting::list_settings, setting::set_setting))
        .routes(routes!(setting::try_setting))
        .routes(routes!(setting::withdraw_setting))
        .routes(routes!(rectification::list_rectifications))
        .routes(routes!(rectification::get_rectification))
        .routes(routes!(rectification::assign_rectification))
        .routes(routes!(rectification::escalate_rectification))
        .routes(routes!(rectification::begin_rectification))
        .routes(routes!(rectification::report_rectification))
        .routes(routes!(rectification::check_rectification))
}

/// Money for upkeep, and what becomes of it.
fn of_money() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(upkeep_fund::list_funds, upkeep_fund::register_fund))
        .routes(routes!(upkeep_fund::get_fund, upkeep_fund::amend_fund))
        .routes(routes!(stock_take::list_stock_takes, stock_take::open_stock_take))
        .routes(routes!(stock_progress::get_stock_progress))
        .routes(routes!(stock_take::get_stock_take))
        .routes(routes!(stock_take::count_stock))
        .routes(routes!(stock_take::sign_stock_take))
        .routes(routes!(stock_take::record_stock_find))
        .routes(routes!(stock_take::list_stock_lines))
        .routes(routes!(stock_take::list_stock_finds))
        .routes(routes!(stock_take::get_stock_find))
        .routes(routes!(stock_take::settle_stock_find))
        .routes(routes!(discrepancy::list_discrepancies))
        .routes(routes!(discrepancy::get_discrepancy))
        .routes(routes!(discrepancy::settle_discrepancy))
        .routes(routes!(contract::list_contracts, contract::conclude_contract))
        .routes(routes!(contract::get_contract, contract::amend_contract))
        .routes(routes!(contract::end_contract))
        .routes(routes!(budget::list_budgets, budget::set_budget))
        .routes(routes!(budget::sum_budgets))
        .routes(routes!(budget::list_unit_costs))
        .routes(routes!(budget::copy_budgets))
        .routes(routes!(budget::try_copy))
        .routes(routes!(budget::get_budget, budget::amend_budget))
        .routes(routes!(spending::ask_overspend))
        .routes(routes!(spending::list_overspends))
        .routes(routes!(spending::get_overspend))
        .routes(routes!(spending::decide_overspend))
        .routes(routes!(spending::list_spendings, spending::commit_spending))
        .routes(routes!(spending::pay_spending))
        .routes(routes!(spending::get_spending))
        .routes(routes!(spending::pay_commitment))
        .routes(routes!(spending::release_spending))
        .routes(routes!(spending::reverse_spending))
        .routes(routes!(attachment::attach_spending_file))
}

/// What stands around assets, and the ledger as a whole.
fn of_the_ledger() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(organization::list_organizations, organization::register_organization))
        .routes(routes!(organization::get_organization, organization::amend_organization))
        .routes(routes!(organization::end_organization))
        .routes(routes!(organization::reveal_organization_contact))
        .routes(routes!(person::list_persons))
        .routes(routes!(person::get_person))
        .routes(routes!(person::end_person))
        .routes(routes!(person::reveal_person))
        .routes(routes!(project::list_projects, project::register_project))
        .routes(routes!(project::get_project, project::amend_project))
        .routes(routes!(area::list_areas))
        .routes(routes!(area::get_area))
        .routes(routes!(area::rename_area))
        .routes(routes!(area::merge_area))
        .routes(routes!(account::list_accounts, account::add_account))
        .routes(routes!(account::get_account))
        .routes(routes!(account::lock_account))
        .routes(routes!(account::unlock_account))
        .routes(routes!(account::invite_account))
        .routes(routes!(account::reset_account))
        .routes(routes!(account::drop_second_factor))
        .routes(routes!(account::list_account_sessions))
        .routes(routes!(import::get_asset_origin))
        .routes(routes!(history::get_asset_history))
        .routes(routes!(import::list_imports, job::start_import))
        .routes(routes!(import::get_import))
        .routes(routes!(import::undo_import))
        .routes(routes!(job::get_import_job))
        .routes(routes!(job::cancel_import_job))
        .routes(routes!(job::get_rejected_rows))
        .routes(routes!(export::export_register))
        .routes(routes!(report::report_no_maintainer))
        .routes(routes!(report::reveal_no_maintainer))
        .routes(routes!(report::report_findings))
        .routes(routes!(saved_view::list_saved_views, saved_view::save_view))
        .routes(routes!(saved_view::get_saved_view, saved_view::amend_view))
        .routes(routes!(saved_view::withdraw_view))
        .routes(routes!(event::list_events))
        .routes(routes!(webhook::list_webhooks, webhook::add_webhook))
        .routes(routes!(webhook::get_webhook, webhook::amend_webhook))
        .routes(routes!(webhook::pause_webhook))
        .routes(routes!(webhook::resume_webhook))
        .routes(routes!(webhook::end_webhook))
        .routes(routes!(webhook::rotate_webhook))
        .routes(routes!(webhook::replay_webhook))
        .routes(routes!(log::list_log_heads))
        .routes(routes!(history::list_log_entries))
        .routes(routes!(history::get_log_entry))
        .routes(routes!(log::get_checkpoint))
        .routes(routes!(log::prove_inclusion))
        .routes(routes!(log::prove_consistency))
}

/// Every route of the service.
pub fn routes() -> Router<AppState> {
    let (router, _) = parts();
    router
        .route(&format!("{PREFIX}/openapi.json"), get(serve_document))
        .merge(guide::routes())
        .fallback(async || Fault::no_such_address())
        .method_not_allowed_fallback(async || {
            let (zh, en) = ("这个地址不支持此方法", "The address does not take this method");
            Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", zh, en).into_response()
        })
}

/// The document that describes every operation.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = parts();
    finish(&mut document);
    document
}

fn parts() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let whole = OpenApiRouter::with_openapi(Document::openapi()).nest(PREFIX, operations());
    whole.split_for_parts()
}

/// The document as text, made when somebody first asks: it is the same for all services of a program.
async fn serve_document() -> impl IntoResponse {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| document().to_pretty_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}

/// Every operation may answer a problem, and all but a few need a token.
fn finish(document: &mut utoipa::openapi::OpenApi) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let problem = ResponseBuilder::new()
        .description("A problem, in the caller's language")
        .content("application/problem+json", content)
        .build();
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), problem.clone().into());
            let is_open =
                operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|t| t == OPEN));
            if !is_open {
                let bearer = SecurityRequirement::new("bearer", [] as [&str; 0]);
                operation.security = Some(vec![bearer]);
            }
        }
    }
}

/// The tag of operations that need no token.
pub const OPEN: &str = "sign-in";

/// A body as JSON.
pub(crate) fn json<T: serde::Serialize>(value: T) -> Json<T> {
    Json(value)
}
