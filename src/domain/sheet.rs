//! The columns of the ledger's sheets: what an export writes and an import reads, noun by noun.
//! A column is known by its field, its Chinese label or its English label.

use entity::{area::AreaCode, import::Kind, language::Label};

use super::{
    area, asset, budget, duty,
    field::{Field, FieldKind},
    organization, project, title,
};

/// One column of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    /// Its field: key in JSON and in map files.
    pub field: &'static str,
    /// Its header.
    pub label: Label,
    /// Whether an import takes it. What is computed, or says the same as another column, is
    /// written by exports and passed over by imports.
    pub is_read: bool,
    /// What kind of value it holds.
    pub kind: FieldKind,
}

impl SheetColumn {
    /// Whether it holds amounts.
    pub fn is_money(&self) -> bool {
        self.kind == FieldKind::Money
    }
}

const fn read(field: &'static str, zh: &'static str, en: &'static str) -> SheetColumn {
    SheetColumn { field, label: Label::new(zh, en), is_read: true, kind: FieldKind::Text }
}

const fn amount(field: &'static str, zh: &'static str, en: &'static str) -> SheetColumn {
    SheetColumn { kind: FieldKind::Money, ..read(field, zh, en) }
}

const fn shown(field: &'static str, zh: &'static str, en: &'static str) -> SheetColumn {
    SheetColumn { is_read: false, ..read(field, zh, en) }
}

/// The place of a row: by code, or by the names on the way to it.
const PLACE: [SheetColumn; 2] =
    [read("area_code", "区划代码", "area code"), read("area_path", "所在地", "area path")];

/// What people's own sheets call a column that has another name here: offered to be chosen, never
/// taken by itself.
pub const EVERYDAY: &[(&str, &str)] = &[
    ("名称", "name"),
    ("村", "area_path"),
    ("村名", "area_path"),
    ("所在村", "area_path"),
    ("行政村", "area_path"),
    ("乡镇村", "area_path"),
    ("类型", "subclass"),
    ("造价", "original_value"),
    ("价值", "original_value"),
    ("金额", "original_value"),
    ("总投资", "original_value"),
    ("建成年月", "completed_on"),
    ("建成时间", "completed_on"),
    ("建成日期", "completed_on"),
    ("地址", "location"),
    ("详细地址", "location"),
    ("权属", "owner"),
    ("产权单位", "owner"),
    ("管护单位", "maintainer"),
    ("管护人", "keeper"),
    ("管护员", "keeper"),
    ("电话", "keeper_phone"),
    ("联系电话", "keeper_phone"),
    ("备注", "remark"),
];

/// What an asset sheet carries beside the fields of the card.
const ASSET_PARTS: &[SheetColumn] = &[
    read("project_no", "项目编号", "project no."),
    read("project_name", "项目名称", "project name"),
    read("implementing_unit", "实施单位", "implementing unit"),
    read("debtor", "债务人", "debtor"),
    shown("parent_code", "父资产", "parent asset"),
    read("funding", "资金来源明细", "funding sources"),
    read("funding_source_name", "资金来源", "funding source"),
    amount("funding_amount", "资金来源金额", "funding amount"),
    shown("funding_total", "资金来源合计", "funding total"),
    shown("funding_gap", "资金差额", "funding gap"),
    shown("net_value", "净值", "net value"),
    read("owner", "所有权人", "owner"),
    read("user", "使用权人", "user"),
    read("operator", "经营权人", "operator"),
    read("income_holder", "收益权人", "income right holder"),
    read("disposer", "处置权人", "disposal right holder"),
    read("supervisor", "监督权人", "supervisor"),
    read("maintainer", "管护主体", "maintainer"),
    read("keeper", "管护责任人", "keeper"),
    read("keeper_phone", "管护责任人电话", "keeper phone"),
    read("maintained_from", "管护起始日", "maintained from"),
    read("maintained_until", "管护截止日", "maintained until"),
    read("standard", "管护标准", "standard"),
    amount("annual_budget", "年度管护经费", "annual budget"),
    read("budget_source", "经费来源", "budget source"),
    read("is_funded", "经费是否落实", "funded"),
];

/// What a duty sheet carries beside the fields of the duty.
const DUTY_PARTS: &[SheetColumn] = &[
    read("asset_code", "资产编号", "asset code"),
    shown("asset_name", "资产名称", "asset name"),
    read("organization", "管护单位", "organization"),
    read("person", "责任人", "person"),
    read("person_phone", "责任人电话", "person phone"),
    shown("end_reason", "终止原因", "end reason"),
];

/// What an organization sheet carries beside the fields of the organization.
const ORGANIZATION_PARTS: &[SheetColumn] = &[
    read("contact_name", "联系人", "contact name"),
    read("contact_phone", "联系电话", "contact phone"),
];

/// What a project sheet carries beside the fields of the project.
const PROJECT_PARTS: &[SheetColumn] = &[read("implementing_unit", "实施单位", "implementing unit")];

/// What a budget sheet carries beside the fields of the budget.
const BUDGET_PARTS: &[SheetColumn] = &[
    read("fund_id", "资金编号", "fund no."),
    read("asset_code", "资产编号", "asset code"),
    shown("asset_name", "资产名称", "asset name"),
];

/// The fields of a budget that a sheet says; the others follow from what is done with it.
const BUDGET_SAID: &[&str] = &["year", "source", "subclass", "set_aside"];

/// The fields of a noun as columns.
fn of<R>(fields: &'static [Field<R>]) -> impl Iterator<Item = SheetColumn> {
    fields.iter().map(|field| SheetColumn {
        field: field.name,
        label: field.label,
        is_read: true,
        kind: field.kind,
    })
}

/// The prefix of the title's fields in an asset sheet.
pub const TITLE_PREFIX: &str = "title_";

/// The title's fields as columns of an asset sheet.
const TITLE_PARTS: &[(&str, &str)] = &[
    ("state", "title_state"),
    ("tier", "title_tier"),
    ("register", "title_register"),
    ("confirmed_on", "title_confirmed_on"),
    ("certificate_kind", "title_certificate_kind"),
    ("certificate_no", "title_certificate_no"),
    ("certificate_issuer", "title_certificate_issuer"),
    ("certificate_issued_on", "title_certificate_issued_on"),
    ("is_mortgaged", "title_is_mortgaged"),
];

fn titles() -> impl Iterator<Item = SheetColumn> {
    title::FIELDS.iter().filter_map(|field| {
        let (_, column) = TITLE_PARTS.iter().find(|(name, _)| *name == field.name)?;
        Some(SheetColumn { field: column, label: field.label, is_read: true, kind: field.kind })
    })
}

/// What stands between the name of an organization and the code of the area where it stands.
const AT: char = '@';

/// An organization as a sheet names it: by its name alone where that finds it, which is from
/// its own area and those below; from elsewhere as `name@area code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationName {
    /// The name.
    pub name: String,
    /// The area where it stands.
    pub stands_at: AreaCode,
}

impl OrganizationName {
    /// How a row in an area names it.
    pub fn seen_from(&self, area: AreaCode) -> String {
        let OrganizationName { name, stands_at } = self;
        if stands_at.covers(&area) { name.clone() } else { format!("{name}{AT}{stands_at}") }
    }
}

/// The name in a cell, and the area it says, if it says one.
pub fn read_organization(cell: &str) -> (&str, Option<AreaCode>) {
    let parts = cell.rsplit_once(AT);
    match parts.and_then(|(name, code)| Some((name, code.parse().ok()?))) {
        Some((name, code)) => (name, Some(code)),
        None => (cell, None),
    }
}

/// The column of a kind of sheet that feeds a field.
pub fn column_of(kind: Kind, field: &str) -> Option<SheetColumn> {
    columns(kind).into_iter().find(|column| column.field == field)
}

/// The columns of a kind of sheet, in the order an export writes them.
pub fn columns(kind: Kind) -> Vec<SheetColumn> {
    match kind {
        Kind::Areas => of(area::FIELDS).collect(),
        Kind::Organizations => PLACE
            .into_iter()
            .chain(of(organization::FIELDS))
            .chain(ORGANIZATION_PARTS.iter().copied())
            .collect(),
        Kind::Projects => PLACE
            .into_iter()
            .chain(of(project::FIELDS))
            .chain(PROJECT_PARTS.iter().copied())
            .collect(),
        Kind::Assets => of(asset::FIELDS)
            .take(2)
            .chain(PLACE)
            .chain(of(asset::FIELDS).skip(2))
            .chain(ASSET_PARTS.iter().copied())
            .chain(titles())
            .collect(),
        Kind::Duties => DUTY_PARTS
            .iter()
            .copied()
            .take(2)
            .chain(of(duty::FIELDS))
            .chain(DUTY_PARTS.iter().copied().skip(2))
            .collect(),
        Kind::Budgets => PLACE
            .into_iter()
            .chain(BUDGET_PARTS.iter().copied())
            .chain(of(budget::FIELDS).map(|column| SheetColumn {
                is_read: BUDGET_SAID.contains(&column.field),
                ..column
            }))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_columns_of_a_sheet_share_a_name() {
        for kind in Kind::ALL {
            let columns = columns(*kind);
            let names = |name: fn(&SheetColumn) -> &'static str| {
                columns.iter().map(name).collect::<HashSet<_>>().len()
            };
            assert_eq!(names(|column| column.field), columns.len(), "{kind:?}");
            assert_eq!(names(|column| column.label.zh), columns.len(), "{kind:?}");
            assert_eq!(names(|column| column.label.en), columns.len(), "{kind:?}");
        }
    }

    #[test]
    fn what_people_call_a_column_is_one_of_a_sheet() {
        let every: Vec<SheetColumn> = Kind::ALL.iter().flat_map(|kind| columns(*kind)).collect();
        for (name, field) in EVERYDAY {
            assert!(every.iter().any(|one| one.field == *field && one.is_read), "{name} {field}");
        }
        let names: HashSet<_> = EVERYDAY.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), EVERYDAY.len());
    }

    #[test]
    fn an_organization_from_elsewhere_says_where_it_stands() {
        let village: AreaCode = "529901100201".parse().expect("a code");
        let neighbour: AreaCode = "529901100202".parse().expect("a code");
        let name = OrganizationName { name: "股份经济合作社".into(), stands_at: village };
        assert_eq!(read_organization(&name.seen_from(village)), ("股份经济合作社", None));
        let cell = name.seen_from(neighbour);
        assert_eq!(read_organization(&cell), ("股份经济合作社", Some(village)));
        assert_eq!(read_organization("甲@乙"), ("甲@乙", None));
    }

    #[test]
    fn every_field_of_a_title_is_a_column() {
        assert_eq!(titles().count(), title::FIELDS.len());
    }
}
