//! Every action of `app`: done as it should be, and refused for every reason it can be.

mod area;
mod asset;
mod attachment;
mod budget;
mod budget_finding;
mod budget_model;
mod division;
mod duty;
mod escalation;
mod fault_report;
mod five_have;
mod inspection;
mod inspection_due;
mod inspection_photo;
mod inspection_plan;
mod party;
mod rectification;
mod revival;
mod title;
mod waiver;
mod welfare_post;
mod work_order;
