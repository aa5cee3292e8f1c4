//! The whole ledger as lines, the same bytes from SQLite and from PostgreSQL: `take` writes them,
//! `load` stores them again, `cell` says how a value is written, `lines` frames them.
//!
//! ```text
//! {"format":"taizhang-dump/1","ledger":"taizhang","schema":"m20261123_…"}
//! {"row":{"area_code":"520381000000","created_at":"2026-06-01T04:00:00.000Z",…},"table":"area"}
//! …
//! {"counts":{"account":3,…},"sha256":"…"}
//! ```
//!
//! Every line is canonical JSON (RFC 8785). Tables come in the order of [`tables`], rows in the
//! order of their keys. Sealed personal data stays sealed: its keys are in the key file.

mod cell;
mod lines;
mod load;
mod postgres;
mod take;

use entity::{
    account, area, asset, attachment, attendance, budget, campaign, campaign_line, contract,
    contract_due, credential, digest, discrepancy, duty, fault_report, finding, five_have, funding,
    holding, import, inspection, inspection_due, inspection_route, log, mail_address, organization,
    overspend, person, post_asset, project, rectification, reminder, revival, saved_view, setting,
    spending, stock_find, stock_line, stock_take, title, upkeep, upkeep_fund, vault, waiver,
    webhook, welfare_post, work_order,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic,
    Iterable, ModelTrait, TryIntoModel, sea_query::ColumnType,
};

use super::connect::scalar;
use crate::error::Result;

pub(crate) use load::refuse_unsound;
pub use load::{Loaded, check_keys, load};
pub use take::Dumped;

/// The form of dumps that this program writes and reads.
pub const FORMAT: &str = "taizhang-dump/1";

/// A table whose rows can be written to a dump and stored from one.
pub(crate) trait Table:
    EntityTrait<
        Model: ModelTrait<Entity = Self> + FromQueryResult + Send + Sync,
        ActiveModel: ActiveModelTrait<Entity = Self> + TryIntoModel<Self::Model> + Send,
    >
{
    /// Its name.
    fn name() -> &'static str {
        Self::default().table_name()
    }
}

impl<E> Table for E where
    E: EntityTrait<
            Model: ModelTrait<Entity = E> + FromQueryResult + Send + Sync,
            ActiveModel: ActiveModelTrait<Entity = E> + TryIntoModel<E::Model> + Send,
        >
{
}

/// Somebody who does the same with every table.
pub(crate) trait Visitor {
    /// Sees one table.
    async fn visit<E: Table>(&mut self) -> Result<()>;
}

/// One column of a table.
pub(crate) struct Column<E: EntityTrait> {
    pub(crate) name: &'static str,
    pub(crate) kind: ColumnType,
    pub(crate) key: E::Column,
}

/// The columns of a table, in the order in which a line names them.
pub(crate) fn columns<E: Table>() -> Vec<Column<E>> {
    let mut columns: Vec<Column<E>> = E::Column::iter()
        .map(|column| {
            let kind = column.def().get_column_type().clone();
            Column { name: column.as_str(), kind, key: column }
        })
        .collect();
    columns.sort_unstable_by_key(|column| column.name);
    columns
}

fn names<E: Table>() -> (&'static str, Vec<&'static str>) {
    (E::name(), columns::<E>().iter().map(|column| column.name).collect())
}

macro_rules! tables {
    ($($($table:ident)::+),+ $(,)?) => {
        /// Has a visitor see every table of a dump, in its order.
        pub(crate) async fn visit_tables(visitor: &mut impl Visitor) -> Result<()> {
            $(visitor.visit::<$($table)::+::Entity>().await?;)+
            Ok(())
        }

        /// Every table of a dump with its columns, in its order.
        pub fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$(names::<$($table)::+::Entity>()),+]
        }
    };
}

tables! {
    // a table stands after those it refers to
    area,
    vault,
    organization,
    person,
    account,
    credential,
    credential::recovery_code,
    project,
    asset,
    funding,
    title,
    holding,
    duty,
    waiver,
    attachment::content,
    attachment,
    setting,
    rectification,
    inspection,
    inspection_route,
    upkeep,
    work_order,
    revival,
    welfare_post,
    post_asset,
    attendance,
    fault_report,
    campaign,
    campaign_line,
    stock_take,
    stock_line,
    stock_find,
    discrepancy,
    contract,
    contract_due,
    upkeep_fund,
    budget,
    spending,
    overspend,
    finding,
    finding::tally,
    inspection_due,
    five_have,
    import,
    import::row,
    saved_view,
    webhook,
    webhook::delivery,
    reminder,
    reminder::mark,
    mail_address,
    digest,
    log,
    log::change,
    log::head,
    log::checkpoint,
    log::ledger,
}

/// Tables that no dump has, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        MIGRATIONS,
        "it says which tables this database has; the header of a dump says which the dump has",
    ),
    ("session", "whoever is signed in signs in again where the ledger has moved to"),
    ("session_token", "it belongs to a session"),
    ("one_time_link", "a link that was handed out leads to where the ledger was"),
    ("sign_in_attempt", "it counts what was tried within minutes"),
    ("job", "it is carried out by a program that runs where the ledger was, and soon forgotten"),
    ("draft", "it is what somebody was typing where the ledger was, and soon forgotten"),
    (
        "column_choice",
        "it is how somebody's sheets were read where the ledger was; it is chosen again",
    ),
    ("request_key", "it answers requests that were sent to where the ledger was"),
];

/// Where the migrations that were carried out are kept.
const MIGRATIONS: &str = "seaql_migrations";

/// The version of the tables of a database: its last migration.
pub(crate) async fn schema_of(connection: &impl ConnectionTrait) -> Result<String> {
    scalar(connection, &format!("SELECT max(version) FROM {MIGRATIONS}")).await
}

/// Whether this program has the tables of a version, or can bring them up to date.
pub fn knows_schema(version: &str) -> bool {
    Migrator::migrations().iter().any(|migration| migration.name() == version)
}

/// The version of the tables that this program makes.
pub fn own_schema() -> String {
    Migrator::migrations().last().map(|migration| migration.name().to_owned()).unwrap_or_default()
}
