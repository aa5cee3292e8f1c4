//! Assets with everything beside the card, one a row.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset, duty, funding,
    holding::Right,
    id::{AssetId, OrganizationId, ProjectId},
    import::Kind,
    language::Language,
    money::Money,
    title,
};

use super::{Cell, Counted, Part, Sheet, cells, text};
use crate::{
    app::{
        column,
        output::{Column, ColumnKind, Target},
        place::Places,
    },
    domain::{
        asset::FIELDS,
        field::{self, FieldValue, Value},
        funding::{self as sources, Source},
        sheet::{self, OrganizationName},
        title::Party,
        valuation,
    },
    error::Result,
    store::{Dossier, Read, export::Selection},
};

/// One asset and the names of what it refers to.
struct Line {
    dossier: Dossier,
    names: Arc<Names>,
    area_path: String,
    day: NaiveDate,
}

/// Names that the assets of a page refer to.
struct Names {
    organizations: HashMap<OrganizationId, OrganizationName>,
    projects: HashMap<ProjectId, (Option<String>, String)>,
    assets: HashMap<AssetId, String>,
}

impl Names {
    /// Learns the names that dossiers refer to.
    async fn of(read: &Read<'_>, dossiers: &[Dossier]) -> Result<Names> {
        let mut organizations = BTreeSet::new();
        for dossier in dossiers {
            let asset = &dossier.asset;
            organizations.extend(asset.implementing_unit_id);
            organizations.extend(asset.debtor_id);
            organizations.extend(dossier.holdings.iter().filter_map(|row| row.organization_id));
            organizations.extend(dossier.duties.iter().filter_map(|row| row.organization_id));
        }
        let projects: BTreeSet<_> =
            dossiers.iter().filter_map(|dossier| dossier.asset.project_id).collect();
        let parents: BTreeSet<_> =
            dossiers.iter().filter_map(|dossier| dossier.asset.parent_id).collect();
        Ok(Names {
            organizations: read.organization_names(organizations.into_iter().collect()).await?,
            projects: read.project_names(projects.into_iter().collect()).await?,
            assets: read.asset_codes(parents.into_iter().collect()).await?,
        })
    }

    /// How a sheet names a party: an organization by its name, a person by a number.
    fn party(&self, party: Party, area: AreaCode) -> Option<String> {
        match party {
            Party::Organization(id) => Some(self.organizations.get(&id)?.seen_from(area)),
            Party::Person(id) => Some(format!("P{id}")),
        }
    }
}

impl Line {
    fn organization(&self, id: Option<OrganizationId>) -> Value {
        let area = self.dossier.asset.area_code;
        let name = id.and_then(|id| self.names.organizations.get(&id));
        text(name.map(|name| name.seen_from(area)).as_ref())
    }

    fn project(&self) -> Option<&(Option<String>, String)> {
        self.names.projects.get(&self.dossier.asset.project_id?)
    }

    fn duty(&self, kind: duty::Kind) -> Option<&duty::Model> {
        self.dossier.duties.iter().find(|duty| duty.kind == kind && duty.runs_on(self.day))
    }

    /// A field of the maintainer's running duty.
    fn term<T: FieldValue>(&self, get: fn(&duty::Model) -> &Option<T>) -> Value {
        self.duty(duty::Kind::Maintainer).map_or(Value::Empty, |duty| get(duty).show())
    }

    fn bearer(&self, kind: duty::Kind) -> Value {
        let party = |duty: &duty::Model| Party::of(duty.organization_id, duty.person_id);
        let name = self
            .duty(kind)
            .and_then(party)
            .and_then(|party| self.names.party(party, self.dossier.asset.area_code));
        text(name.as_ref())
    }

    /// Who holds a right: `name=1/3；name=2/3`; one who holds it whole by the name alone.
    fn holders(&self, right: Right) -> Value {
        let holding = self.dossier.holdings.iter();
        let holding = holding.filter(|row| row.right == right && row.holds_on(self.day));
        let named = holding.filter_map(|row| {
            let party = Party::of(row.organization_id, row.person_id)?;
            let name = self.names.party(party, row.area_code)?;
            let is_whole = row.numerator == row.denominator;
            Some(if is_whole { name } else { format!("{name}={}", row.share()?) })
        });
        let cell = named.collect::<Vec<_>>().join("；");
        text(Some(&cell).filter(|cell| !cell.is_empty()))
    }

    fn sources(&self) -> impl Iterator<Item = &funding::Model> {
        self.dossier.funding.iter().filter(|row| !row.is_withdrawn)
    }

    fn funding(&self, language: Language) -> Value {
        let sources: Vec<Source> = self.sources().map(Source::of).collect();
        let cell = sources::show(&sources, language);
        text(Some(&cell).filter(|cell| !cell.is_empty()))
    }

    fn funding_total(&self) -> Option<Money> {
        let amounts: Vec<Money> = self.sources().filter_map(|row| row.amount).collect();
        if amounts.is_empty() { None } else { Money::total(amounts) }
    }
}

/// A part that needs no language.
macro_rules! part {
    ($name:literal, $kind:ident, $get:expr) => {
        Part($name, ColumnKind::$kind, |line: &Line, _| {
            let get: fn(&Line) -> Value = $get;
            get(line)
        })
    };
}

/// What a row carries beside the fields of the card.
const PARTS: &[Part<Line>] = &[
    part!("area_code", Text, |line| line.dossier.asset.area_code.show()),
    part!("area_path", Text, |line| text(Some(&line.area_path))),
    part!("project_no", Text, |line| text(line.project().and_then(|(no, _)| no.as_ref()))),
    part!("project_name", Text, |line| text(line.project().map(|(_, name)| name))),
    part!("implementing_unit", Text, |line| line
        .organization(line.dossier.asset.implementing_unit_id)),
    part!("debtor", Text, |line| line.organization(line.dossier.asset.debtor_id)),
    part!("parent_code", Text, |line| text(
        line.dossier.asset.parent_id.and_then(|id| line.names.assets.get(&id))
    )),
    Part("funding", ColumnKind::Text, Line::funding),
    part!("funding_total", Money, |line| line.funding_total().show()),
    part!("funding_gap", Money, |line| sources::gap(
        &line.dossier.funding,
        line.dossier.asset.original_value
    )
    .show()),
    part!("net_value", Money, |line| valuation::worth(&line.dossier.asset, line.day)
        .map(|worth| worth.net)
        .show()),
    part!("owner", Text, |line| line.holders(Right::Own)),
    part!("user", Text, |line| line.holders(Right::Use)),
    part!("operator", Text, |line| line.holders(Right::Operate)),
    part!("income_holder", Text, |line| line.holders(Right::Income)),
    part!("disposer", Text, |line| line.holders(Right::Dispose)),
    part!("supervisor", Text, |line| line.holders(Right::Supervise)),
    part!("maintainer", Text, |line| line.bearer(duty::Kind::Maintainer)),
    part!("keeper", Text, |line| line.bearer(duty::Kind::Keeper)),
    part!("maintained_from", Date, |line| line.term(|duty| &duty.from_on)),
    part!("maintained_until", Date, |line| line.term(|duty| &duty.until_on)),
    part!("standard", Text, |line| line.term(|duty| &duty.standard)),
    part!("annual_budget", Money, |line| line.term(|duty| &duty.annual_budget)),
    part!("budget_source", Text, |line| line.term(|duty| &duty.budget_source)),
    part!("is_funded", Truth, |line| line.term(|duty| &duty.is_funded)),
];

/// The columns of the title, in the order of the sheet.
fn title_cells() -> impl Iterator<Item = Cell<Line>> {
    sheet::columns(Kind::Assets).into_iter().filter_map(|column| {
        let name = column.field.strip_prefix(sheet::TITLE_PREFIX)?;
        let field = field::field(crate::domain::title::FIELDS, name)?;
        let kind = column::kind(field.name, field.kind);
        let column: Column = column::column(column.field, column.label, kind);
        let get = move |line: &Line, _| {
            let title: Option<&title::Model> = line.dossier.title.as_ref();
            title.map_or(Value::Empty, |title| (field.get)(title))
        };
        Some(Cell { column, get: Box::new(get) })
    })
}

fn all_cells() -> Vec<Cell<Line>> {
    let card: fn(&Line) -> &asset::Model = |line| &line.dossier.asset;
    cells(Kind::Assets, FIELDS, card, PARTS).into_iter().chain(title_cells()).collect()
}

/// Writes the assets of a selection.
pub(super) async fn write(
    read: &Read<'_>,
    selection: &Selection,
    target: Target,
    n: &mut Counted,
) -> Result<()> {
    let mut sheet = Sheet::begin(Kind::Assets, all_cells(), target, n)?;
    let day = read.today();
    let mut places = Places::new(day);
    let mut page = read.dossiers_after(selection, None).await?;
    while let Some(last) = page.last() {
        let after = Some((last.asset.area_code, last.asset.id));
        places.learn(read, page.iter().map(|dossier| dossier.asset.area_code)).await?;
        let names = Arc::new(Names::of(read, &page).await?);
        let write = async {
            page.into_iter().try_for_each(|dossier| {
                let area_path = places.path(dossier.asset.area_code);
                sheet.row(&Line { dossier, names: Arc::clone(&names), area_path, day })
            })
        };
        // the database looks for the next page meanwhile
        let (next, written) = tokio::join!(read.dossiers_after(selection, after), write);
        written?;
        page = next?;
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_columns_for_imports_are_written() {
        let written: BTreeSet<&str> = all_cells().iter().map(|cell| cell.column.field).collect();
        let columns = sheet::columns(Kind::Assets);
        let left_out: Vec<&str> = columns
            .iter()
            .map(|column| column.field)
            .filter(|field| !written.contains(field))
            .collect();
        // one source in two cells says less than all in one; a telephone is personal
        assert_eq!(left_out, ["funding_source_name", "funding_amount", "keeper_phone"]);
    }
}
