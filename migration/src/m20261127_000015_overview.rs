//! The overview tells of years, funds and months: sums of them are kept beside those of findings.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Where a sum is kept: the digits of the area, and the area as an expression.
const PLACES: [(u8, &str); 3] = [
    (6, "substr(area_code, 1, 6) || '000000'"),
    (9, "substr(area_code, 1, 9) || '000'"),
    (12, "area_code"),
];

/// What is counted: subject, area, class, standing, value of each.
const COUNTED: [&str; 4] = [
    "SELECT CASE WHEN acquired_on IS NULL THEN 'acquired' \
     WHEN CAST(acquired_on AS text) < '2000' THEN 'acquired 1999' \
     ELSE 'acquired ' || substr(CAST(acquired_on AS text), 1, 4) END AS subject, area_code, class, \
     (state = 'held' AND (condition IS NULL OR condition <> 'gone')) AS is_standing, \
     coalesce(original_value, 0) AS value FROM asset WHERE state <> 'replaced'",
    "SELECT 'fund ' || fund AS subject, asset.area_code, class, \
     (state = 'held' AND (condition IS NULL OR condition <> 'gone')) AS is_standing, \
     sum(coalesce(amount, 0)) AS value FROM funding JOIN asset ON asset.id = funding.asset_id \
     WHERE NOT is_withdrawn AND fund IS NOT NULL AND state <> 'replaced' \
     GROUP BY asset.id, fund, asset.area_code, class, state, condition",
    "SELECT 'opened ' || substr(CAST(opened_on AS text), 1, 7) || ' ' || rule AS subject, \
     area_code, class, is_standing, value FROM finding WHERE NOT is_waived",
    "SELECT 'cleared ' || substr(CAST(closed_on AS text), 1, 7) || ' ' || rule AS subject, \
     area_code, class, is_standing, value FROM finding \
     WHERE NOT is_waived AND closed_on IS NOT NULL",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            // SQLite holds no text to a length
            let wider = "ALTER TABLE tally ALTER COLUMN subject TYPE varchar(48)";
            connection.execute_unprepared(wider).await?;
        }
        // what is over goes with its asset, as from now on
        let moved = "UPDATE finding SET area_code = \
                     (SELECT area_code FROM asset WHERE asset.id = finding.asset_id) \
                     WHERE closed_on IS NOT NULL";
        connection.execute_unprepared(moved).await?;
        for counted in COUNTED {
            for (digits, area) in PLACES {
                let statement = format!(
                    "INSERT INTO tally (digits, subject, area_code, class, is_standing, n, value) \
                     SELECT {digits}, subject, {area}, class, is_standing, count(*), \
                     CAST(sum(value) AS bigint) FROM ({counted}) AS counted \
                     GROUP BY subject, {area}, class, is_standing"
                );
                connection.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}
