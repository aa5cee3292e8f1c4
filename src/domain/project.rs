//! Projects: the link between money and assets.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    id::ProjectId,
    initials::Initials,
    money::Money,
    project::{LineDepartment, Model},
};

use super::{field::Change, mistake::Mistakes, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of a project that a sheet may carry.
    pub FIELDS of Model {
        project_no: Option<String> = "项目编号" "project no." Fixed;
        name: String = "项目名称" "project name" Amend;
        year: Option<i32> = "项目年度" "project year" Amend;
        approval_no: Option<String> = "批复文号" "approval no." Amend;
        line_department: Option<LineDepartment> = "行业主管部门" "line department" Amend;
        budget: Option<Money> = "预算金额" "budget" Amend;
        contract_amount: Option<Money> = "合同金额" "contract amount" Amend;
        final_account: Option<Money> = "竣工决算金额" "final account" Amend;
        accepted_on: Option<NaiveDate> = "竣工验收日期" "accepted on" Amend;
    }
}

/// A project of which only the name is known.
pub fn blank(area_code: AreaCode, name: &str) -> Model {
    Model {
        id: ProjectId(0),
        area_code,
        project_no: None,
        name: name.to_owned(),
        year: None,
        approval_no: None,
        implementing_unit_id: None,
        line_department: None,
        budget: None,
        contract_amount: None,
        final_account: None,
        accepted_on: None,
        initials: Initials::default(),
        version: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// Refuses an amendment that changes nothing, or the number by which others know the project.
pub fn amend(before: &Model, after: &Model) -> Result<(), Refusal> {
    if before == after {
        return Err(Refusal::nothing_changed());
    }
    let fixed = FIELDS
        .iter()
        .find(|field| field.change == Change::Fixed && (field.get)(before) != (field.get)(after));
    match fixed {
        Some(field) => Err(Refusal::field_fixed(field.label.zh, field.label.en)),
        None => Ok(()),
    }
}

/// What is wrong with a project.
pub fn check(project: &Model, today: NaiveDate) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits = (1..=limits::NAME_LENGTH).contains(&project.name.chars().count());
    mistakes.require(
        fits,
        "name",
        || project.name.clone(),
        "名称应为 1 至 100 字",
        "a name of 1 to 100 characters",
    );
    let amounts = [
        ("budget", project.budget),
        ("contract_amount", project.contract_amount),
        ("final_account", project.final_account),
    ];
    for (field, amount) in amounts {
        let fits = amount.is_none_or(|amount| amount >= Money::ZERO);
        mistakes.require(fits, field, String::new, "金额不能为负", "an amount may not be negative");
    }
    let past = project.accepted_on.is_none_or(|day| day <= today);
    mistakes.require(past, "accepted_on", String::new, "日期晚于今天", "the day has not come yet");
    mistakes
}
