//! What the tests read behind the doors' backs: the log, and every row there is.

use entity::{
    account, area, asset, attachment, column_choice, contract, contract_due, credential, digest,
    draft, duty, finding, five_have, funding, holding, inspection_due, job, log,
};
use entity::{mail_address, one_time_link, organization, person, project, request_key, session};
use entity::{setting, title, vault, waiver, webhook};
use serde_json::Value as Json;

use super::Town;

impl Town {
    /// The bodies of a county's log entries, in order.
    pub(crate) async fn entries(&self, county: &str) -> Vec<Json> {
        let county = county[..6].parse().expect("a county");
        let mut all = Vec::new();
        loop {
            let entries = self.ledger.entries(county, all.len() as u64).await.expect("the log");
            if entries.is_empty() {
                return all;
            }
            let body = |entry: &log::Model| serde_json::from_str(&entry.body).expect("JSON");
            all.extend(entries.iter().map(body));
        }
    }

    /// The last entry of a county's log.
    pub(crate) async fn last_entry(&self, county: &str) -> Json {
        self.entries(county).await.pop().expect("an entry")
    }

    /// How many entries all the logs have.
    pub(crate) async fn n_entries(&self) -> usize {
        self.rows::<log::Entity>().await.len()
    }

    /// Every row of every table, to see that nothing changed at all.
    pub(crate) async fn everything(&self) -> Vec<String> {
        let mut all = Vec::new();
        macro_rules! collect {
            ($($table:path),+ $(,)?) => {$(
                all.extend(self.rows::<$table>().await.iter().map(|row| format!("{row:?}")));
            )+};
        }
        collect!(
            account::Entity,
            area::Entity,
            asset::Entity,
            attachment::Entity,
            attachment::content::Entity,
            column_choice::Entity,
            contract::Entity,
            contract_due::Entity,
            credential::Entity,
            credential::recovery_code::Entity,
            digest::Entity,
            draft::Entity,
            duty::Entity,
            finding::Entity,
            finding::tally::Entity,
            five_have::Entity,
            funding::Entity,
            holding::Entity,
            inspection_due::Entity,
            job::Entity,
            log::Entity,
            log::change::Entity,
            log::checkpoint::Entity,
            log::head::Entity,
            mail_address::Entity,
            one_time_link::Entity,
            organization::Entity,
            person::Entity,
            project::Entity,
            request_key::Entity,
            session::Entity,
            session::token::Entity,
            setting::Entity,
            title::Entity,
            vault::Entity,
            waiver::Entity,
            webhook::Entity,
            webhook::delivery::Entity,
        );
        all.sort();
        all
    }

    /// The codes of the findings that stand open on an asset.
    pub(crate) async fn open_findings(&self, id: entity::id::AssetId) -> Vec<&'static str> {
        let mut rows = self.rows::<finding::Entity>().await;
        rows.retain(|row| row.asset_id == id && row.closed_on.is_none());
        rows.sort_by_key(|row| row.rule);
        rows.iter().map(|row| row.rule.code()).collect()
    }

    /// One finding of an asset, open or closed.
    pub(crate) async fn finding(
        &self,
        id: entity::id::AssetId,
        rule: finding::Rule,
    ) -> Option<finding::Model> {
        let rows = self.rows::<finding::Entity>().await;
        rows.into_iter().find(|row| (row.asset_id, row.rule) == (id, rule))
    }

    /// The duties of an asset, in the order they were recorded.
    pub(crate) async fn duties(&self, id: entity::id::AssetId) -> Vec<duty::Model> {
        let mut rows = self.rows::<duty::Entity>().await;
        rows.retain(|row| row.asset_id == id);
        rows.sort_by_key(|row| row.id);
        rows
    }

    /// The holders of rights in an asset, in the order they were recorded.
    pub(crate) async fn holdings(&self, id: entity::id::AssetId) -> Vec<holding::Model> {
        let mut rows = self.rows::<holding::Entity>().await;
        rows.retain(|row| row.asset_id == id);
        rows.sort_by_key(|row| row.id);
        rows
    }

    /// The sources of an asset that count.
    pub(crate) async fn sources(&self, id: entity::id::AssetId) -> Vec<funding::Model> {
        let mut rows = self.rows::<funding::Entity>().await;
        rows.retain(|row| row.asset_id == id && !row.is_withdrawn);
        rows.sort_by_key(|row| row.id);
        rows
    }
}
