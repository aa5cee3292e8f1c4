//! How a person comes to try the sample: for each account of it a code for the first sign-in.

use entity::{account, area::AreaCode, language::Label, one_time_link::Purpose};

use super::ACCOUNTS;
use crate::{
    app::{
        output::{Column, ColumnKind, Heading, Target, Value},
        sign_in::issue_link,
    },
    domain::secret::Secret,
    error::Result,
    store::{Actor, Ledger},
};

/// An account of the sample.
pub struct Invitation {
    /// The account.
    pub account: account::Model,
    /// What its area is called.
    pub place: String,
    /// The code for its first sign-in; none once a password was set.
    pub code: Option<Secret>,
}

/// Every account of the sample; those that have not signed in yet get a fresh code each.
pub async fn invite(ledger: &Ledger) -> Result<Vec<Invitation>> {
    let actor = Actor::operator();
    let read = ledger.read(&actor);
    let known = read.accounts().await?;
    let codes: Vec<AreaCode> = known.iter().map(|account| account.area_code).collect();
    let places = read.area_names(&codes).await?;
    let mut invitations = Vec::with_capacity(ACCOUNTS.len());
    for (name, ..) in ACCOUNTS {
        let Some(account) = known.iter().find(|account| account.name == name) else { continue };
        let place = places.get(&account.area_code).cloned();
        invitations.push(Invitation {
            account: account.clone(),
            place: place.unwrap_or_else(|| account.area_code.to_string()),
            code: code(ledger, &actor, account).await?,
        });
    }
    Ok(invitations)
}

/// A fresh code, where there is no password yet and the account may act.
async fn code(ledger: &Ledger, actor: &Actor, account: &account::Model) -> Result<Option<Secret>> {
    let candidate = ledger.candidate_of(account.clone()).await?;
    if candidate.credential.is_some() || account.state != account::State::Active {
        return Ok(None);
    }
    issue_link(ledger, actor, &account.name, Purpose::FirstSignIn).await.map(Some)
}

const COLUMNS: [Column; 4] = [
    Column::new("role", Label::new("角色", "Role"), ColumnKind::Text, 20),
    Column::new("account", Label::new("账号", "Account"), ColumnKind::Text, 22),
    Column::new("area", Label::new("管辖区划", "Area"), ColumnKind::Text, 12),
    Column::new("code", Label::new("一次性登录码", "One-time code"), ColumnKind::Text, 44),
];

/// What stands where an account needs no code.
const SET: Label = Label::new("已设置密码", "has set its password");
const LOCKED: Label = Label::new("已停用", "locked");

/// Writes the accounts as a table.
pub fn show(invitations: &[Invitation], target: Target) -> Result<()> {
    let language = target.language();
    let mut table = target.begin(Heading::default(), COLUMNS.to_vec())?;
    for Invitation { account, place, code } in invitations {
        let state = if account.state == account::State::Active { SET } else { LOCKED };
        let code = code.as_ref().map(|code| code.expose().to_owned());
        table.row(&[
            Value::Text(account.role.label().text(language).to_owned()),
            Value::Text(account.name.clone()),
            Value::Text(place.clone()),
            Value::Text(code.unwrap_or_else(|| state.text(language).to_owned())),
        ])?;
    }
    Ok(table.finish()?)
}
