//! 整改: asking somebody to mend what was found, doing it, checking it, asking the level above.

use std::collections::BTreeSet;

use entity::{
    account, asset,
    finding::Rule,
    id::{AccountId, AssetId, RectificationId},
    rectification::{Entity, Model},
};

use super::{named::Named, reference};
use crate::{
    domain::{
        permission::Action,
        rectification::{self as rules, Bearer, Case, Charge, Step, Verdict},
        refusal::Refusal,
        title::Party,
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Write},
};

/// One finding, and the version of the round that was read: 0 where none ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The asset.
    pub asset: AssetId,
    /// The rule.
    pub rule: Rule,
    /// The version of the round that ran.
    pub version: i64,
}

/// Asks one party to mend findings by a day. All of them or none.
pub async fn assign(
    ledger: &Ledger,
    actor: &Actor,
    findings: &[Finding],
    charge: &Charge,
) -> Result<Vec<Model>> {
    countable(findings)?;
    ledger
        .write(actor, Action::AssignRectification, async |write| {
            let mut asked = Vec::with_capacity(findings.len());
            for finding in findings {
                let step = async |write: &mut Write, case: Case<'_>| {
                    check_bearer(write, charge.bearer, case.asset).await?;
                    Ok(owned(rules::assign(case, charge, write.actor().role(), write.today())?))
                };
                asked.push(take(write, finding, step).await?);
            }
            Ok(asked)
        })
        .await
}

/// Asks the level above to see that findings are mended. All of them or none.
pub async fn escalate(
    ledger: &Ledger,
    actor: &Actor,
    findings: &[Finding],
    note: &str,
) -> Result<Vec<Model>> {
    countable(findings)?;
    ledger
        .write(actor, Action::EscalateRectification, async |write| {
            let mut escalated = Vec::with_capacity(findings.len());
            for finding in findings {
                let step =
                    async |_: &mut Write, case: Case<'_>| Ok(owned(rules::escalate(case, note)?));
                escalated.push(take(write, finding, step).await?);
            }
            Ok(escalated)
        })
        .await
}

/// Refuses too many findings at once, and one that is named twice.
fn countable(findings: &[Finding]) -> Result<()> {
    if findings.len() > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    let named: BTreeSet<_> = findings.iter().map(|one| (one.asset, one.rule)).collect();
    if named.len() == findings.len() { Ok(()) } else { Err(Refusal::finding_twice().into()) }
}

fn owned((before, after): Step<'_>) -> (Option<Model>, Model) {
    (before.cloned(), after)
}

/// Takes one step with a finding.
async fn take<F>(write: &mut Write, finding: &Finding, step: F) -> Result<Model>
where
    F: AsyncFnOnce(&mut Write, Case<'_>) -> Result<(Option<Model>, Model)>,
{
    let asset = write.get::<asset::Entity>(finding.asset).await?;
    let found = write.finding_of(finding.asset, finding.rule).await?;
    let rounds = write.rectifications_of(finding.asset).await?;
    let case = Case { asset: &asset, rule: finding.rule, finding: found.as_ref(), rounds: &rounds };
    if case.version() != finding.version {
        return Err(Error::Conflict);
    }
    match step(write, case).await? {
        (Some(before), after) => write.update::<Entity>(&before, after).await,
        (None, after) => write.insert::<Entity>(after).await,
    }
}

/// Refuses somebody who could not act: an account that is locked, is not in charge of the place or
/// has a role that rectifies nothing; an organization that has ended.
async fn check_bearer(write: &mut Write, bearer: Bearer, asset: &asset::Model) -> Result<()> {
    match bearer {
        Bearer::Organization(id) => {
            reference::check_party(write, Party::Organization(id), None).await
        }
        Bearer::Account(id) => {
            let account = write.get_party::<account::Entity>(id).await?;
            if rules::may_act(&account, asset) {
                Ok(())
            } else {
                Err(Refusal::bearer_cannot_act().into())
            }
        }
    }
}

/// Says that a rectification has begun.
pub async fn begin(
    ledger: &Ledger,
    actor: &Actor,
    round: impl Into<Named<RectificationId>>,
) -> Result<Model> {
    let named = round.into();
    change(ledger, actor, (Action::BeginRectification, named), |round, who, _| {
        rules::begin(round, who)
    })
    .await
}

/// Says what was done.
pub async fn report(
    ledger: &Ledger,
    actor: &Actor,
    round: impl Into<Named<RectificationId>>,
    what: &str,
) -> Result<Model> {
    let named = round.into();
    change(ledger, actor, (Action::ReportRectification, named), |round, who, _| {
        rules::report(round, who, what)
    })
    .await
}

/// Checks what was reported: closes it out, or sends it back.
pub async fn check(
    ledger: &Ledger,
    actor: &Actor,
    round: impl Into<Named<RectificationId>>,
    verdict: Verdict<'_>,
) -> Result<Model> {
    let named = round.into();
    change(ledger, actor, (Action::CheckRectification, named), |round, who, today| {
        rules::check(round, who, verdict, today)
    })
    .await
}

async fn change(
    ledger: &Ledger,
    actor: &Actor,
    (action, named): (Action, Named<RectificationId>),
    rule: impl FnOnce(&Model, Option<AccountId>, chrono::NaiveDate) -> Result<Model, Refusal>,
) -> Result<Model> {
    ledger
        .write(actor, action, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rule(&before, write.actor().account(), write.today())?;
            write.update::<Entity>(&before, after).await
        })
        .await
}
