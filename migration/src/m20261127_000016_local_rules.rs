//! Local rules; and sums kept for every subclass.

use sea_orm_migration::prelude::*;

use crate::columns::{Shape, ids, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rules(manager).await?;
        for digits in [6, 9, 12] {
            let connection = manager.get_connection();
            connection.execute_unprepared(&subclass_sums(digits)).await?;
        }
        ids(manager, &["setting"]).await
    }
}

async fn rules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Shape::subject(manager, "setting")
        .coded_required(&["key"])
        .required(&["value", "basis_title"], |column| column.text())
        .texts(&["basis_no"])
        .required(&["from_on"], |column| column.date())
        .days(&["withdrawn_on"])
        .create(manager)
        .await?;
    let of_area = "setting (area_code, key, from_on, id)";
    index(manager, "setting_by_area", false, of_area, "").await?;
    // a rule has one value on a day; what was withdrawn makes room
    let standing = "setting (key, area_code, from_on)";
    index(manager, "setting_standing", true, standing, "WHERE withdrawn_on IS NULL").await
}

/// Counts the assets of every subclass that are there already, for areas of so many digits.
fn subclass_sums(digits: usize) -> String {
    let zeros = "0".repeat(12 - digits);
    let standing = "state = 'held' AND (condition IS NULL OR condition <> 'gone')";
    format!(
        "INSERT INTO tally (digits, subject, area_code, class, is_standing, n, value) \
         SELECT {digits}, subject, area_code, class, is_standing, count(*), sum(value) FROM ( \
         SELECT 'subclass ' || subclass AS subject, \
         substr(area_code, 1, {digits}) || '{zeros}' AS area_code, class, \
         ({standing}) AS is_standing, coalesce(original_value, 0) AS value \
         FROM asset WHERE subclass IS NOT NULL AND state <> 'replaced') AS counted \
         GROUP BY subject, area_code, class, is_standing"
    )
}
