//! How areas, organizations, people, projects, accounts and rectifications are listed.

use entity::{
    account, area, asset,
    finding::Rule,
    language::{Label, Sentence},
    organization, person, project, rectification,
};
use sea_orm::{
    ColumnTrait, Condition, Value,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{BeyondCondition, Filter, List, Listed, Narrowing, Sort, Takes, coded, number};
use crate::domain::field::{FieldValue, Reading};

/// Reads yes or no.
fn truth(text: &str) -> Result<Value, Sentence> {
    bool::read(Some(text), Reading::default()).map(Into::into)
}

/// Reads the code of an area.
fn area_code(text: &str) -> Result<Value, Sentence> {
    area::AreaCode::read(Some(text), Reading::default()).map(Into::into)
}

/// Projects that were accepted and of which no asset is on the books.
pub(crate) fn unregistered() -> Condition {
    let assets = Query::select()
        .expr(Expr::val(1))
        .from(asset::Entity)
        .and_where(
            Expr::col((asset::Entity, asset::Column::ProjectId))
                .equals((project::Entity, project::Column::Id)),
        )
        // one that was divided or disposed of was registered
        .and_where(asset::Column::State.ne(asset::State::Void))
        .to_owned();
    let accepted = Condition::all().add(project::Column::AcceptedOn.is_not_null());
    accepted.add(Expr::exists(assets).not())
}

/// Rows with a day in a column or without one, as the values ask for.
fn with_day(column: impl ColumnTrait, values: &[Value]) -> Condition {
    values.iter().fold(Condition::any(), |any, value| {
        any.add(if *value == Value::from(true) { column.is_not_null() } else { column.is_null() })
    })
}

const NAME: Label = Label::new("名称", "name");
const ENDED: Label = Label::new("已终止", "ended");

impl Listed for area::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "parent",
            Label::new("上级代码", "the code above"),
            Takes::Any(area::Column::ParentCode, area_code),
        ),
        Filter::new(
            "level",
            Label::new("级别", "level"),
            Takes::Any(area::Column::Level, coded::<area::Level>),
        ),
        Filter::new(
            "former",
            Label::new("已撤销或更名", "closed or renamed"),
            Takes::Beyond(truth, |values, _| with_day(area::Column::ValidUntil, values)),
        ),
    ];
    const SEARCHED: &'static [area::Column] = &[area::Column::Name, area::Column::Initials];
}

impl List<area::Entity> {
    /// The same list, of the areas that are valid now unless it says which.
    #[must_use]
    pub fn of_present(mut self) -> List<area::Entity> {
        const NAME: &str = "former";
        let says = |one: &Narrowing<area::Entity>| matches!(one, Narrowing::Beyond(NAME, ..));
        if !self.filters.iter().any(says) {
            let present: BeyondCondition = |values, _| with_day(area::Column::ValidUntil, values);
            self.filters.push(Narrowing::Beyond(NAME, vec![Value::from(false)], present));
        }
        self
    }
}

impl Listed for organization::Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("name", NAME, organization::Column::Initials)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "kind",
            Label::new("单位类型", "kind"),
            Takes::Any(organization::Column::Kind, coded::<organization::Kind>),
        ),
        Filter::new(
            "ended",
            ENDED,
            Takes::Beyond(truth, |values, _| with_day(organization::Column::EndedOn, values)),
        ),
    ];
    const SEARCHED: &'static [organization::Column] = &[
        organization::Column::Name,
        organization::Column::Initials,
        organization::Column::CreditCode,
    ];
}

impl Listed for person::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "organization",
            Label::new("所在单位 id", "id of the organization they work for"),
            Takes::Any(person::Column::OrganizationId, number),
        ),
        Filter::new(
            "ended",
            ENDED,
            Takes::Beyond(truth, |values, _| with_day(person::Column::EndedOn, values)),
        ),
    ];
}

impl Listed for project::Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("name", NAME, project::Column::Initials)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "year",
            Label::new("项目年度", "project year"),
            Takes::Years(project::Column::Year),
        ),
        Filter::new(
            "line_department",
            Label::new("行业主管部门", "line department"),
            Takes::Any(project::Column::LineDepartment, coded::<project::LineDepartment>),
        ),
        Filter::new(
            "unregistered",
            Label::new("应登记未登记（Z01）", "accepted, and no asset of it is registered (Z01)"),
            Takes::Beyond(truth, |values, _| {
                values.iter().fold(Condition::any(), |any, value| {
                    let is_so = *value == Value::from(true);
                    any.add(if is_so { unregistered() } else { unregistered().not() })
                })
            }),
        ),
    ];
    const SEARCHED: &'static [project::Column] =
        &[project::Column::Name, project::Column::Initials, project::Column::ProjectNo];
}

impl Listed for account::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "role",
            Label::new("角色", "role"),
            Takes::Any(account::Column::Role, coded::<account::Role>),
        ),
        Filter::new(
            "state",
            Label::new("状态", "state"),
            Takes::Any(account::Column::State, coded::<account::State>),
        ),
    ];
    const SEARCHED: &'static [account::Column] = &[account::Column::Name];
}

impl Listed for rectification::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(rectification::Column::AssetId, number),
        ),
        Filter::new(
            "rule",
            Label::new("问题代码", "code of the rule"),
            Takes::Any(rectification::Column::Rule, coded::<Rule>),
        ),
        Filter::new(
            "state",
            Label::new("整改状态", "state"),
            Takes::Any(rectification::Column::State, coded::<rectification::State>),
        ),
        Filter::new(
            "account",
            Label::new("交办账号 id", "id of the account that is to act"),
            Takes::Any(rectification::Column::AccountId, number),
        ),
        Filter::new(
            "organization",
            Label::new("交办单位 id", "id of the organization that is to act"),
            Takes::Any(rectification::Column::OrganizationId, number),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_a_table() {
        let parent = [("parent", "520381100000"), ("q", "村"), ("former", "no")];
        plan::is_by_index::<area::Entity>(&parent).await;
        plan::is_by_index::<organization::Entity>(&[("kind", "company"), ("q", "社")]).await;
        plan::is_by_index::<person::Entity>(&[("ended", "no"), ("organization", "7")]).await;
        plan::is_by_index::<project::Entity>(&[("year", "2016-2020"), ("q", "路")]).await;
        plan::is_by_index::<project::Entity>(&[("unregistered", "yes")]).await;
        plan::is_by_index::<account::Entity>(&[("role", "leader,auditor"), ("q", "he")]).await;
    }
}
