//! Organizations: what they need, and what happens when one ends.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    id::OrganizationId,
    initials::Initials,
    language::Sentence,
    organization::{Kind, Model},
};

use super::{credit_code::CreditCode, mistake::Mistakes, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of an organization that a sheet may carry.
    pub FIELDS of Model {
        name: String = "单位名称" "name" Amend;
        kind: Kind = "单位类型" "kind" Amend;
        credit_code: Option<String> = "统一社会信用代码" "credit code" Amend;
        ended_on: Option<NaiveDate> = "注销日期" "ended on" Fixed;
    }
}

/// An organization of which only the name is known.
pub fn blank(area_code: AreaCode, name: &str) -> Model {
    Model {
        id: OrganizationId(0),
        area_code,
        name: name.to_owned(),
        kind: Kind::Other,
        credit_code: None,
        contact_id: None,
        ended_on: None,
        initials: Initials::default(),
        version: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with an organization. A credit code of the right shape whose check character is
/// wrong is a warning: such codes were really issued.
pub fn check(organization: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits = (1..=limits::ORGANIZATION_NAME_LENGTH).contains(&organization.name.chars().count());
    mistakes.require(
        fits,
        "name",
        || organization.name.clone(),
        "名称应为 1 至 200 字",
        "a name of 1 to 200 characters",
    );
    let code = organization.credit_code.as_deref();
    let readable = code.is_none_or(|code| CreditCode::read(code).is_ok());
    mistakes.require(
        readable,
        "credit_code",
        || code.unwrap_or_default().to_owned(),
        "统一社会信用代码为 18 位数字和大写字母（不含 I、O、Z、S、V）",
        "a credit code has 18 digits and capital letters other than I, O, Z, S, V",
    );
    mistakes
}

/// What looks wrong with an organization without blocking it.
pub fn warnings(organization: &Model) -> Vec<(&'static str, Sentence)> {
    let code = organization.credit_code.as_deref().and_then(|code| CreditCode::read(code).ok());
    let warnings = code.map(|code| code.warnings()).unwrap_or_default();
    warnings.into_iter().map(|warning| ("credit_code", warning.sentence())).collect()
}

/// Ends an organization on a day.
pub fn end(organization: &Model, on: NaiveDate, today: NaiveDate) -> Result<Model, Refusal> {
    if let Some(ended) = organization.ended_on {
        return Err(Refusal::party_ended(ended));
    }
    if on > today {
        return Err(Refusal::day_in_future(on));
    }
    Ok(Model { ended_on: Some(on), ..organization.clone() })
}
