//! Every action of `app`: done as it should be, and refused for every reason it can be.

mod alert;
mod area;
mod asset;
mod attachment;
mod brief;
mod budget;
mod budget_finding;
mod budget_model;
mod campaign;
mod digest;
mod division;
mod duty;
mod escalation;
mod fault_report;
mod inspection;
mod inspection_due;
mod inspection_photo;
mod party;
mod rectification;
mod reminder;
mod revival;
mod stock_take;
mod title;
mod waiver;
mod welfare_post;
mod work_order;
