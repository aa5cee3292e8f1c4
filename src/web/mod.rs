//! The pages: what people in an office see. Chinese by default, English at a click; every journey
//! works without scripts.
//!
//! ```text
//! visit    whose cookie it is, in what language and size      form    what a form brings
//! frame    what stands around every page                      parts   what pages are put together of
//! ```
//!
//! A page is a function from values to markup; a handler reads by the read door or does one action,
//! and answers a page or where to go next. Addresses are plural nouns with codes people know; the
//! query is the state of the page.

mod account;
mod account_new;
mod account_tend;
mod act;
mod agreement;
mod alert;
mod alike;
mod amount;
mod area;
mod area_change;
mod area_pick;
mod asset;
mod asset_column;
mod asset_correct;
mod asset_division;
mod asset_edit;
mod asset_filter;
mod asset_new;
mod attachment;
mod brief;
mod budget;
mod budget_card;
mod budget_copy;
mod budget_cost;
mod budget_form;
mod campaign;
mod campaign_form;
mod campaign_line;
mod campaign_report;
mod card;
mod card_duty;
mod card_history;
mod card_inspection;
mod card_money;
mod card_people;
mod card_repair;
mod card_revival;
mod card_timeline;
mod chart;
mod contract;
mod contract_form;
mod dashboard;
mod discrepancy;
mod draft;
mod duty;
mod duty_assign;
mod duty_done;
mod duty_end;
mod duty_look;
mod export;
mod fault_report;
mod fault_report_new;
mod fields;
mod finding;
mod finding_asked;
mod finding_case;
mod finding_chosen;
mod finding_form;
mod five_have;
mod form;
mod frame;
mod health;
mod help;
mod icon;
mod import;
mod import_columns;
mod import_doubt;
mod import_job;
mod import_new;
mod import_result;
mod inspection;
mod inspection_form;
mod inspection_new;
mod inspection_plan;
mod inspection_round;
mod inspection_route;
mod inspection_route_form;
mod inspection_sheet;
mod kind;
mod log;
mod log_entry;
mod mail_address;
mod me;
mod meanwhile;
mod menu;
mod next_step;
mod offered;
mod offline;
mod oops;
mod organization;
mod organization_change;
mod overspend;
mod pager;
mod parts;
mod party;
mod permission;
mod person;
mod photo;
mod plate;
mod plate_sheet;
mod print;
mod printed;
mod project;
mod proof;
mod public;
mod reminder;
mod revival;
mod revival_case;
mod revival_form;
mod revival_rate;
mod saved_view;
mod search;
mod selection;
mod setting;
mod setting_form;
mod settings;
mod sign_in;
mod spending;
mod spending_new;
mod stock_take;
mod stock_take_find;
mod stock_take_form;
mod stock_take_paper;
mod stock_take_progress;
mod stylesheet;
mod task;
mod title;
mod title_confirm;
mod title_settle;
mod upkeep_fund;
mod verification;
mod visit;
mod webhook;
mod webhook_form;
mod welfare_post;
mod welfare_post_form;
mod work_order;
mod work_order_case;
mod work_order_form;
mod work_order_new;

use axum::{Router, middleware};

pub use help::help_of;
pub use oops::page as oops;
pub use sign_in::LINK;

use crate::http::{AppState, guard};

/// Every page.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(of_upkeep())
        .merge(stylesheet::routes())
        .merge(sign_in::routes())
        .merge(me::routes())
        .merge(settings::routes())
        .merge(help::routes())
        .merge(dashboard::routes())
        .merge(mail_address::routes())
        .merge(reminder::routes())
        .merge(task::routes())
        .merge(asset::routes())
        .merge(printed::routes())
        .merge(asset_edit::routes())
        .merge(asset_new::routes())
        .merge(alike::routes())
        .merge(amount::routes())
        .merge(discrepancy::routes())
        .merge(draft::routes())
        .merge(card::routes())
        .merge(attachment::routes())
        .merge(asset_correct::routes())
        .merge(asset_division::routes())
        .merge(title::routes())
        .merge(title_confirm::routes())
        .merge(title_settle::routes())
        .merge(duty::routes())
        .merge(duty_assign::routes())
        .merge(duty_done::routes())
        .merge(duty_end::routes())
        .merge(agreement::routes())
        .merge(project::routes())
        .merge(saved_view::routes())
        .merge(search::routes())
        .merge(finding::routes())
        .merge(finding_chosen::routes())
        .merge(finding_case::routes())
        .merge(export::routes())
        .merge(setting::routes())
        .merge(setting_form::routes())
        .merge(webhook::routes())
        .merge(webhook_form::routes())
        .merge(kind::routes())
        .merge(import::routes())
        .merge(import_new::routes())
        .merge(import_job::routes())
        .merge(import_columns::routes())
        .merge(account::routes())
        .merge(account_new::routes())
        .merge(account_tend::routes())
        .merge(permission::routes())
        .merge(organization::routes())
        .merge(organization_change::routes())
        .merge(person::routes())
        .merge(area::routes())
        .merge(area_change::routes())
        .merge(log::routes())
        .merge(log_entry::routes())
        .merge(verification::routes())
        .merge(health::routes())
        .layer(middleware::from_fn(guard::same_origin))
}

/// What is done for upkeep, and what anybody may see of it.
fn of_upkeep() -> Router<AppState> {
    Router::new()
        .merge(plate::routes())
        .merge(inspection::routes())
        .merge(inspection_new::routes())
        .merge(alert::routes())
        .merge(brief::routes())
        .merge(campaign::routes())
        .merge(campaign_form::routes())
        .merge(campaign_line::routes())
        .merge(campaign_report::routes())
        .merge(welfare_post::routes())
        .merge(welfare_post_form::routes())
        .merge(five_have::routes())
        .merge(revival::routes())
        .merge(revival_case::routes())
        .merge(revival_form::routes())
        .merge(revival_rate::routes())
        .merge(work_order::routes())
        .merge(work_order_case::routes())
        .merge(work_order_new::routes())
        .merge(public::routes())
        .merge(fault_report_new::routes())
        .merge(fault_report::routes())
        .merge(inspection_plan::routes())
        .merge(contract::routes())
        .merge(contract_form::routes())
        .merge(inspection_route::routes())
        .merge(inspection_route_form::routes())
        .merge(inspection_round::routes())
        .merge(inspection_sheet::routes())
        .merge(offline::routes())
        .merge(budget::routes())
        .merge(budget_form::routes())
        .merge(budget_copy::routes())
        .merge(budget_cost::routes())
        .merge(budget_card::routes())
        .merge(overspend::routes())
        .merge(spending_new::routes())
        .merge(spending::routes())
        .merge(upkeep_fund::routes())
        .merge(stock_take::routes())
        .merge(stock_take_form::routes())
        .merge(stock_take_find::routes())
        .merge(stock_take_paper::routes())
        .merge(stock_take_progress::routes())
}
