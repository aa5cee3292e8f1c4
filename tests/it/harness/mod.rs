//! A ledger per test, on both databases, and what must hold of it after every one.

mod audit;
pub(crate) mod calls;
mod calls_of_upkeep;
pub(crate) mod campaigns;
pub(crate) mod contracts;
pub(crate) mod expect;
pub(crate) mod files;
mod fresh;
pub(crate) mod inspections;
pub(crate) mod mail_server;
pub(crate) mod money;
pub(crate) mod people;
mod postgres;
pub(crate) mod posts;
pub(crate) mod receiver;
mod record;
pub(crate) mod reports;
pub(crate) mod revivals;
mod rounds;
pub(crate) mod routes;
pub(crate) mod serving;
pub(crate) mod signing_in;
pub(crate) mod sqlite;
pub(crate) mod stock_takes;
pub(crate) mod town;
pub(crate) mod webhooks;
pub(crate) mod wire;
pub(crate) mod work_orders;

pub(crate) use postgres::{Copied, Schema, url as postgres_url};
pub(crate) use town::Town;

/// Makes two tests of each scenario: `name::sqlite` and `name::postgres`. A scenario is told on a town,
/// or on what is named first.
macro_rules! on_both {
    ($on:ident: $($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$on::on_sqlite(super::$name).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$on::on_postgres(super::$name).await;
            }
        }
    )+};
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                crate::harness::on_sqlite(super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                crate::harness::on_postgres(super::$name).await;
            }
        }
    )+};
}

/// Carries out a scenario on a SQLite ledger of its own.
pub(crate) async fn on_sqlite(scenario: impl AsyncFnOnce(&Town)) {
    let home = tempfile::tempdir().expect("a directory");
    sqlite::copy_template(home.path()).await;
    run(Town::new(sqlite::place(home.path()), home).await, scenario).await;
}

/// Carries out a scenario on PostgreSQL, in a database of its own.
pub(crate) async fn on_postgres(scenario: impl AsyncFnOnce(&Town)) {
    let Some(url) = postgres::url().await else { return };
    let home = tempfile::tempdir().expect("a directory");
    let copied = Copied::create(url, home.path()).await;
    run(Town::new(copied.place(), home).await, scenario).await;
}

async fn run(town: Town, scenario: impl AsyncFnOnce(&Town)) {
    scenario(&town).await;
    audit::audit(&town).await;
    town.close().await;
}
