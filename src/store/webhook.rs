//! Webhooks: those of an area, how far each has come, and whose turn it is. One program at a time
//! sends for a webhook: whoever holds it says so in its row, and every step it takes asks whether it
//! still does.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    area::{AreaCode, County},
    id::WebhookId,
    log::head,
    webhook::{
        self, Entity, Model, State,
        delivery::{self, Column},
    },
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select, UpdateMany,
    sea_query::{Expr, ExprTrait},
};

use super::{Ledger, Read, Write, token::fresh, vault::random};
use crate::{
    domain::{
        secret::Secret,
        webhook::message::{SECRET_BYTES, shown},
    },
    error::Result,
    limits,
};

/// What is sealed is of one webhook.
fn purpose(id: WebhookId) -> Vec<u8> {
    format!("webhook {id}").into_bytes()
}

/// How far a webhook has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Everything up to this position is done with.
    pub behind: i64,
    /// Whether it was given up after too many failures.
    pub is_failing: bool,
    /// How often sending failed since it last succeeded.
    pub failures: i32,
    /// Before this nothing is sent.
    pub next_at: DateTime<Utc>,
    /// What the last attempt came to.
    pub outcome: Option<String>,
    /// When that was.
    pub tried_at: Option<DateTime<Utc>>,
    /// When something was last taken.
    pub taken_at: Option<DateTime<Utc>>,
    /// Until when the former secret is signed with as well.
    pub former_until: Option<DateTime<Utc>>,
}

impl From<delivery::Model> for Progress {
    fn from(row: delivery::Model) -> Progress {
        Progress {
            behind: row.behind,
            is_failing: row.is_failing,
            failures: row.failures,
            next_at: row.next_at,
            outcome: row.outcome,
            tried_at: row.tried_at,
            taken_at: row.taken_at,
            former_until: row.former_until,
        }
    }
}

/// A webhook that is this program's to send for.
pub struct Claim {
    /// The webhook.
    pub webhook: Model,
    /// Whose log is told.
    pub county: County,
    /// Everything up to this position is done with.
    pub behind: i64,
    /// How often sending failed since it last succeeded.
    pub failures: i32,
    /// What messages are signed with: the newest first.
    pub secrets: Vec<Vec<u8>>,
    holder: String,
}

/// What became of an attempt that failed.
pub struct Failure<'a> {
    /// A status, or what failed before there was one.
    pub outcome: &'a str,
    /// When the next attempt is due; none where the webhook is given up.
    pub next_at: Option<DateTime<Utc>>,
}

impl Read<'_> {
    /// Webhooks of the reader's area in the order of place, behind one of them.
    pub async fn webhooks(
        &self,
        after: Option<(AreaCode, WebhookId)>,
        limit: u64,
    ) -> Result<Vec<Model>> {
        Ok(behind(self.find::<Entity>(), after, limit).all(self.connection()).await?)
    }

    /// How far webhooks have come.
    pub async fn webhook_progress(&self, rows: &[Model]) -> Result<HashMap<WebhookId, Progress>> {
        let found = delivery::Entity::find()
            .filter(Column::WebhookId.is_in(rows.iter().map(|row| row.id)))
            .all(self.connection())
            .await?;
        Ok(found.into_iter().map(|row| (row.webhook_id, row.into())).collect())
    }
}

fn behind(
    rows: Select<Entity>,
    after: Option<(AreaCode, WebhookId)>,
    limit: u64,
) -> Select<Entity> {
    use webhook::Column;
    let further = after.map(|(area, id)| {
        let later = Column::AreaCode.eq(area).and(Column::Id.gt(id));
        Condition::all()
            .add(Column::AreaCode.gte(area))
            .add(Condition::any().add(Column::AreaCode.gt(area)).add(later))
    });
    rows.filter(further.unwrap_or_else(Condition::all))
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::Id)
        .limit(limit)
}

impl Write {
    /// How many webhooks of a county have not ended, whoever may see them.
    pub async fn n_webhooks(&mut self, county: County) -> Result<u64> {
        self.take_turn(county).await?;
        let (first, last) = county.area().range();
        Ok(Entity::find()
            .filter(webhook::Column::AreaCode.between(first, last))
            .filter(webhook::Column::State.ne(State::Ended))
            .count(&self.txn)
            .await?)
    }

    /// The last position of a county's log before this action.
    pub async fn end_of_log(&mut self, county: County) -> Result<i64> {
        self.take_turn(county).await?;
        let head = head::Entity::find_by_id(county).one(&self.txn).await?;
        Ok(head.map_or(-1, |head| head.size - 1))
    }

    /// Begins the deliveries of a webhook with what comes after now. Its secret is answered this once.
    pub async fn begin_delivery(&mut self, row: &Model) -> Result<Secret> {
        let county = row.area_code.county();
        let behind = self.end_of_log(county).await?;
        let secret = random::<SECRET_BYTES>()?;
        let row = delivery::Model {
            webhook_id: row.id,
            county,
            secret: self.keys.seal_bytes(&secret, &purpose(row.id))?,
            former_secret: None,
            former_until: None,
            behind,
            is_on: true,
            is_failing: false,
            failures: 0,
            next_at: self.at,
            holder: None,
            held_until: None,
            outcome: None,
            tried_at: None,
            taken_at: None,
        };
        let active = row.into_active_model().reset_all();
        delivery::Entity::insert(active).exec_without_returning(&self.txn).await?;
        Ok(shown(&secret))
    }

    /// Whether a webhook was given up after too many failures.
    pub async fn is_webhook_failing(&self, id: WebhookId) -> Result<bool> {
        let row = delivery::Entity::find_by_id(id).one(&self.txn).await?;
        Ok(row.is_some_and(|row| row.is_failing))
    }

    /// Sends nothing more for a webhook.
    pub async fn stop_delivery(&mut self, id: WebhookId) -> Result<()> {
        let off = of(id).col_expr(Column::IsOn, Expr::value(false));
        off.exec(&self.txn).await?;
        Ok(())
    }

    /// Goes on to send for a webhook, at once and as if nothing had failed.
    pub async fn resume_delivery(&mut self, id: WebhookId) -> Result<()> {
        let on = of(id)
            .col_expr(Column::IsOn, Expr::value(true))
            .col_expr(Column::IsFailing, Expr::value(false))
            .col_expr(Column::Failures, Expr::value(0))
            .col_expr(Column::NextAt, Expr::value(self.at));
        on.exec(&self.txn).await?;
        Ok(())
    }

    /// Gives a webhook another secret, which is answered this once; the former one is signed with as
    /// well for a while, so that whoever is sent events has time.
    pub async fn rotate_secret(&mut self, id: WebhookId) -> Result<Secret> {
        let secret = random::<SECRET_BYTES>()?;
        let sealed = self.keys.seal_bytes(&secret, &purpose(id))?;
        let until = self.at + TimeDelta::hours(limits::WEBHOOK_FORMER_HOURS);
        let rotated = of(id)
            .col_expr(Column::FormerSecret, Expr::col(Column::Secret))
            .col_expr(Column::FormerUntil, Expr::value(until))
            .col_expr(Column::Secret, Expr::value(sealed));
        rotated.exec(&self.txn).await?;
        Ok(shown(&secret))
    }

    /// Sends everything from a position on once more. Whoever is sending now loses the webhook, so
    /// that it does not go on from where it was.
    pub async fn replay_delivery(&mut self, id: WebhookId, from: i64) -> Result<()> {
        let back = of(id)
            .col_expr(Column::Behind, Expr::value(from - 1))
            .col_expr(Column::NextAt, Expr::value(self.at))
            .col_expr(Column::Holder, Expr::value(None::<String>))
            .col_expr(Column::HeldUntil, Expr::value(None::<DateTime<Utc>>));
        back.exec(&self.txn).await?;
        Ok(())
    }
}

fn of(id: WebhookId) -> UpdateMany<delivery::Entity> {
    delivery::Entity::update_many().filter(Column::WebhookId.eq(id))
}

fn held(claim: &Claim) -> UpdateMany<delivery::Entity> {
    of(claim.webhook.id).filter(Column::Holder.eq(&claim.holder))
}

/// Nobody sends for it now, and it may be tried.
fn is_free(now: DateTime<Utc>) -> Condition {
    let left = Condition::any().add(Column::HeldUntil.is_null()).add(Column::HeldUntil.lte(now));
    Condition::all().add(Column::IsOn.eq(true)).add(Column::NextAt.lte(now)).add(left)
}

fn to_head() -> RelationDef {
    let related = delivery::Entity::belongs_to(head::Entity);
    related.from(Column::County).to(head::Column::County).into()
}

/// Webhooks behind one of them for which something waits.
fn due(after: WebhookId, now: DateTime<Utc>) -> Select<delivery::Entity> {
    let end = Expr::col((head::Entity, head::Column::Size)).sub(1);
    delivery::Entity::find()
        .select_only()
        .column(Column::WebhookId)
        .join(JoinType::InnerJoin, to_head())
        .filter(is_free(now))
        .filter(Column::WebhookId.gt(after))
        .filter(Expr::col((delivery::Entity, Column::Behind)).lt(end))
        .order_by_asc(Column::WebhookId)
        .limit(limits::WEBHOOKS_DUE)
}

impl Ledger {
    /// Webhooks behind one of them for which something waits, in the order of their ids.
    pub async fn due_webhooks(&self, after: WebhookId) -> Result<Vec<WebhookId>> {
        let due = due(after, self.clock().now()).into_tuple::<i64>();
        Ok(due.all(self.reader()).await?.into_iter().map(WebhookId).collect())
    }

    /// Takes a webhook to send for: none where somebody else is at it, or nothing is to be sent.
    pub async fn claim_webhook(&self, id: WebhookId) -> Result<Option<Claim>> {
        let (now, holder) = (self.clock().now(), fresh()?.expose().to_owned());
        let taken = of(id)
            .filter(is_free(now))
            .col_expr(Column::Holder, Expr::value(holder.clone()))
            .col_expr(Column::HeldUntil, Expr::value(lease(now)))
            .exec(self.writer())
            .await?;
        if taken.rows_affected != 1 {
            return Ok(None);
        }
        let row = delivery::Entity::find_by_id(id).one(self.writer()).await?;
        let webhook = Entity::find_by_id(id).one(self.writer()).await?;
        let (Some(row), Some(webhook)) = (row, webhook) else { return Ok(None) };
        let mut secrets = vec![self.keys().open_bytes(&row.secret, &purpose(id))?];
        let is_kept = row.former_until.is_some_and(|until| now < until);
        if let Some(former) = row.former_secret.filter(|_| is_kept) {
            secrets.push(self.keys().open_bytes(&former, &purpose(id))?);
        }
        let (county, behind, failures) = (row.county, row.behind, row.failures);
        Ok(Some(Claim { webhook, county, behind, failures, secrets, holder }))
    }

    /// Whether a webhook is still this program's, and still sends.
    pub async fn is_claimed(&self, claim: &Claim) -> Result<bool> {
        let row = delivery::Entity::find_by_id(claim.webhook.id).one(self.reader()).await?;
        let is_held = |row: &delivery::Model| row.holder.as_deref() == Some(&claim.holder);
        Ok(row.is_some_and(|row| is_held(&row) && row.is_on && row.behind == claim.behind))
    }

    /// Goes on to a position; `taken` says what the message there was answered, if there was one.
    /// Answers whether the webhook is still this program's.
    pub async fn advance_webhook(
        &self,
        claim: &mut Claim,
        upto: i64,
        taken: Option<&str>,
    ) -> Result<bool> {
        let now = self.clock().now();
        let mut step = held(claim)
            .filter(Column::Behind.eq(claim.behind))
            .col_expr(Column::Behind, Expr::value(upto))
            .col_expr(Column::HeldUntil, Expr::value(lease(now)));
        if let Some(outcome) = taken {
            step = step
                .col_expr(Column::Failures, Expr::value(0))
                .col_expr(Column::Outcome, Expr::value(outcome))
                .col_expr(Column::TriedAt, Expr::value(now))
                .col_expr(Column::TakenAt, Expr::value(now));
            claim.failures = 0;
        }
        let stepped = step.exec(self.writer()).await?;
        claim.behind = upto;
        Ok(stepped.rows_affected == 1)
    }

    /// Takes note that an attempt failed, and leaves the webhook until the next one is due.
    pub async fn fail_webhook(&self, claim: &Claim, failure: &Failure<'_>) -> Result<()> {
        let now = self.clock().now();
        let mut failed = held(claim)
            .col_expr(Column::Failures, Expr::value(claim.failures + 1))
            .col_expr(Column::Outcome, Expr::value(failure.outcome))
            .col_expr(Column::TriedAt, Expr::value(now))
            .col_expr(Column::NextAt, Expr::value(failure.next_at.unwrap_or(now)))
            .col_expr(Column::Holder, Expr::value(None::<String>))
            .col_expr(Column::HeldUntil, Expr::value(None::<DateTime<Utc>>));
        if failure.next_at.is_none() {
            failed = failed
                .col_expr(Column::IsFailing, Expr::value(true))
                .col_expr(Column::IsOn, Expr::value(false));
        }
        failed.exec(self.writer()).await?;
        Ok(())
    }

    /// Leaves a webhook to whoever comes next.
    pub async fn release_webhook(&self, claim: &Claim) -> Result<()> {
        let left = held(claim)
            .col_expr(Column::Holder, Expr::value(None::<String>))
            .col_expr(Column::HeldUntil, Expr::value(None::<DateTime<Utc>>));
        left.exec(self.writer()).await?;
        Ok(())
    }
}

fn lease(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::seconds(limits::WEBHOOK_LEASE_SECONDS)
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn neither_a_page_nor_a_look_at_what_waits_scans_or_sorts() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381000000".parse().expect("an area");
        let (first, last) = area.range();
        let rows = || Entity::find().filter(webhook::Column::AreaCode.between(first, last));
        let now = DateTime::from_timestamp_millis(1_780_000_000_000).expect("an instant");
        for statement in [
            behind(rows(), None, 51).build(DbBackend::Sqlite),
            behind(rows(), Some((area, WebhookId(7))), 51).build(DbBackend::Sqlite),
            due(WebhookId(7), now).build(DbBackend::Sqlite),
        ] {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
        }
    }
}
