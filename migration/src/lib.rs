//! The tables, as a list of steps that only ever grows.

mod columns;
mod m20261123_000001_the_register;
mod m20261123_000002_findings_and_log;
mod m20261124_000003_sign_in;
mod m20261124_000004_lists;
mod m20261124_000005_jobs;
mod m20261124_000006_places;
mod m20261124_000007_pages;
mod m20261127_000008_attachments;
mod m20261127_000010_rectification;
mod m20261127_000011_saved_views;
mod m20261127_000012_drafts;
mod m20261127_000013_duties;
mod m20261127_000014_administration;
mod m20261127_000015_overview;
mod m20261127_000016_local_rules;
mod m20261127_000017_column_choices;
mod m20261127_000018_inspections;
mod m20261127_000020_budgets;
mod m20261127_000021_photo_likeness;
mod m20261127_000022_fault_reports;
mod m20261127_000023_welfare_posts;
mod m20261127_000024_work_orders;
mod m20261127_000025_revivals;
mod m20261127_000026_reminders;
mod m20261127_000027_piles;
mod m20261127_000028_digests;
mod m20261127_000029_campaigns;
mod m20261127_000030_briefs;
mod m20261127_000031_photo_shots;
mod m20261128_000032_stock_takes;
mod m20261128_000033_five_haves;
mod m20261128_000034_inspection_plans;
mod m20261128_000035_webhooks;
mod m20261128_000036_discrepancies;
mod m20261128_000037_inspection_routes;
mod m20261128_000038_contracts;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Every migration, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_the_register::Migration),
            Box::new(m20261123_000002_findings_and_log::Migration),
            Box::new(m20261124_000003_sign_in::Migration),
            Box::new(m20261124_000004_lists::Migration),
            Box::new(m20261124_000005_jobs::Migration),
            Box::new(m20261124_000006_places::Migration),
            Box::new(m20261124_000007_pages::Migration),
            Box::new(m20261127_000008_attachments::Migration),
            Box::new(m20261127_000010_rectification::Migration),
            Box::new(m20261127_000011_saved_views::Migration),
            Box::new(m20261127_000012_drafts::Migration),
            Box::new(m20261127_000013_duties::Migration),
            Box::new(m20261127_000014_administration::Migration),
            Box::new(m20261127_000015_overview::Migration),
            Box::new(m20261127_000016_local_rules::Migration),
            Box::new(m20261127_000017_column_choices::Migration),
            Box::new(m20261127_000018_inspections::Migration),
            Box::new(m20261127_000020_budgets::Migration),
            Box::new(m20261127_000021_photo_likeness::Migration),
            Box::new(m20261127_000022_fault_reports::Migration),
            Box::new(m20261127_000023_welfare_posts::Migration),
            Box::new(m20261127_000024_work_orders::Migration),
            Box::new(m20261127_000025_revivals::Migration),
            Box::new(m20261127_000026_reminders::Migration),
            Box::new(m20261127_000027_piles::Migration),
            Box::new(m20261127_000028_digests::Migration),
            Box::new(m20261127_000029_campaigns::Migration),
            Box::new(m20261127_000030_briefs::Migration),
            Box::new(m20261127_000031_photo_shots::Migration),
            Box::new(m20261128_000032_stock_takes::Migration),
            Box::new(m20261128_000033_five_haves::Migration),
            Box::new(m20261128_000034_inspection_plans::Migration),
            Box::new(m20261128_000035_webhooks::Migration),
            Box::new(m20261128_000036_discrepancies::Migration),
            Box::new(m20261128_000037_inspection_routes::Migration),
            Box::new(m20261128_000038_contracts::Migration),
        ]
    }
}
