//! Every action of `app`: done as it should be, and refused for every reason it can be.

mod area;
mod asset;
mod attachment;
mod budget;
mod budget_finding;
mod budget_model;
mod division;
mod duty;
mod inspection;
mod party;
mod rectification;
mod title;
mod waiver;
