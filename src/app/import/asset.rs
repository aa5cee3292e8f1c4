//! A row of an asset sheet: a new asset, a changed one, or the same.

use std::collections::HashMap;

use entity::{
    asset::{self, Class, State},
    duty::Kind,
    holding::Right,
    id::AssetId,
    language::Sentence,
    share::Share,
    title,
};

use super::{
    asset_change::{Change, Said, changed},
    layout::Record,
    map::Map,
    outcome::CellChange,
    resolve::{Resolver, parties},
};
use crate::{
    app::asset::Registration,
    domain::{
        asset as rules,
        duty::Terms,
        field::{Field, FieldKind, FieldValue, Reading},
        funding::{self as fundings, Source},
        mistake::{Mistake, Mistakes},
        nearness::nearest,
        sheet::TITLE_PREFIX,
        title::{self as titles, Holder, Party},
    },
    error::Result,
    store::{Dossier, Write},
};

/// The columns that name the holders of rights.
const RIGHTS: [(&str, Right); 6] = [
    ("owner", Right::Own),
    ("user", Right::Use),
    ("operator", Right::Operate),
    ("income_holder", Right::Income),
    ("disposer", Right::Dispose),
    ("supervisor", Right::Supervise),
];

/// What a row comes to.
pub(super) enum Plan {
    /// Something new.
    Create(Box<Registration>),
    /// Something on record, as it was and as it is to be.
    Change(Box<Change>),
    /// What is on record says the same.
    Same,
}

/// Sets the fields of a row that the sheet has.
pub(super) fn set_fields<R>(
    row: &mut R,
    fields: &'static [Field<R>],
    record: &Record,
    column: impl Fn(&'static str) -> Option<&'static str>,
    reading: Reading,
    mistakes: &mut Mistakes,
) {
    for field in fields {
        let Some(column) = column(field.name).filter(|column| record.has(column)) else { continue };
        let text = record.text(column);
        if let Err(expected) = (field.set)(row, text, reading) {
            let found = text.unwrap_or_default();
            let offered = nearest_choice(field.kind, found);
            mistakes.push(Mistake::new(column, found, expected).offering(offered));
        }
    }
}

/// The choice of a field that a text most likely means.
fn nearest_choice(kind: FieldKind, text: &str) -> Option<&'static str> {
    let FieldKind::Choice(choices) = kind else { return None };
    nearest(text, choices.iter().flat_map(|(_, label)| [label.zh, label.en]))
}

/// Which cells differ between two rows.
pub(super) fn cells_changed<R>(
    number: u64,
    fields: &'static [Field<R>],
    before: &R,
    after: &R,
) -> Vec<CellChange> {
    let language = entity::language::Language::Chinese;
    let differing = fields.iter().filter(|field| (field.get)(before) != (field.get)(after));
    differing
        .map(|field| CellChange {
            row: number,
            field: field.name.into(),
            before: (field.get)(before).text(language),
            after: (field.get)(after).text(language),
        })
        .collect()
}

fn read<T: FieldValue>(
    record: &Record,
    field: &'static str,
    reading: Reading,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let text = record.text(field)?;
    match T::read(Some(text), reading) {
        Ok(value) => Some(value),
        Err(expected) => {
            mistakes.push(Mistake::new(field, text, expected));
            None
        }
    }
}

/// The assets that rows of a batch mean, by code or by the sender's key.
pub(super) struct Existing {
    by_code: HashMap<String, AssetId>,
    by_key: HashMap<String, AssetId>,
    /// By the row of the sheet, where its sender says which it is.
    by_row: HashMap<u64, AssetId>,
    dossiers: HashMap<AssetId, Dossier>,
}

impl Existing {
    /// Looks up what the rows of a batch mean.
    pub(super) async fn of(
        write: &Write,
        records: &[Record],
        keys: &[Option<String>],
    ) -> Result<Existing> {
        let codes: Vec<String> =
            records.iter().filter_map(|record| record.text("code")).map(str::to_owned).collect();
        let keys: Vec<String> = keys.iter().flatten().cloned().collect();
        let by_code = write.assets_by_code(&codes).await?;
        let by_key = write.assets_by_source_key(&keys).await?;
        let ids: Vec<AssetId> = by_code.values().chain(by_key.values()).map(|row| row.id).collect();
        Ok(Existing {
            dossiers: write.dossiers_of(&ids).await?,
            by_code: by_code.into_iter().map(|(code, row)| (code, row.id)).collect(),
            by_key: by_key.into_iter().map(|(key, row)| (key, row.id)).collect(),
            by_row: HashMap::new(),
        })
    }

    /// What the ledger holds of a row.
    pub(super) fn get(&self, record: &Record, key: Option<&str>) -> Option<&Dossier> {
        let by_code = record.text("code").and_then(|code| self.by_code.get(code));
        let known = by_code.or_else(|| self.by_key.get(key?));
        self.dossiers.get(known.or_else(|| self.by_row.get(&record.number))?)
    }

    /// Whether a row of the batch is an asset.
    pub(super) fn is_meant(&self, id: AssetId) -> bool {
        self.dossiers.contains_key(&id)
    }

    /// Makes known that a row is an asset.
    pub(super) async fn adopt(&mut self, write: &Write, row: u64, id: AssetId) -> Result<()> {
        self.dossiers.extend(write.dossiers_of(&[id]).await?);
        self.by_row.insert(row, id);
        Ok(())
    }
}

/// Reads rows of an asset sheet.
pub(super) struct Reader<'a> {
    pub(super) map: &'a Map,
    pub(super) resolver: &'a mut Resolver,
    pub(super) existing: &'a Existing,
}

impl Reader<'_> {
    /// What a row comes to.
    pub(super) async fn plan(
        &mut self,
        write: &mut Write,
        record: &Record,
        key: Option<String>,
    ) -> Result<std::result::Result<Plan, Mistakes>> {
        let mut mistakes = record.mistakes.clone();
        let before = self.existing.get(record, key.as_deref()).cloned();
        let area = match (&before, record.has("area_code") || record.has("area_path")) {
            (Some(before), false) => Some(before.asset.area_code),
            _ => self.resolver.area(record, self.map, &mut mistakes),
        };
        let Some(area) = area else {
            self.resolver.offer_area(write, self.map, &mut mistakes).await?;
            return Ok(Err(mistakes));
        };
        if !write.actor().area().covers(&area) {
            let (zh, en) = ("不在您的管辖范围内", "outside your area");
            mistakes.push(Mistake::new("area_code", "", Sentence::new(zh, en)));
            return Ok(Err(mistakes));
        }
        let blank =
            || asset::Model { source_key: key.clone(), ..rules::blank(area, Class::Public, "") };
        let mut asset = before.as_ref().map_or_else(blank, |before| before.asset.clone());
        asset.area_code = area;
        self.set_card(write, &mut asset, record, before.is_some(), &mut mistakes).await?;
        let sources = self.sources(record, &mut mistakes);
        let holders = self.holders(write, record, area, &mut mistakes).await?;
        let terms = self.terms(record, &mut mistakes);
        let maintainer = self.maintainer(write, record, area, &mut mistakes).await?;
        let keeper = self.keeper(write, record, area, &mut mistakes).await?;
        let title = self.title(record, before.as_ref(), &asset, &mut mistakes);
        mistakes.0.extend(rules::check(&asset, rules::Completeness::TakeOn, write.today()).0);
        if let Some(sources) = &sources {
            mistakes.0.extend(fundings::check(sources).0);
        }
        if let Some(Err(refusal)) = holders.as_ref().map(|holders| titles::check_holders(holders)) {
            mistakes.push(Mistake::new("owner", "", refusal.sentence));
        }
        if asset.form.is_claim() && (maintainer.is_some() || keeper.is_some()) {
            let refusal = crate::domain::refusal::Refusal::claim_has_no_upkeep();
            mistakes.push(Mistake::new("maintainer", "", refusal.sentence));
        }
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        let duties = [
            (maintainer, terms.clone()),
            (keeper, Terms { annual_budget: None, budget_source: None, is_funded: None, ..terms }),
        ];
        let Some(before) = before else {
            let kinds = [Kind::Maintainer, Kind::Keeper].into_iter().zip(duties);
            let duties = kinds.filter_map(|(kind, (party, terms))| Some((kind, party?, terms)));
            return Ok(Ok(Plan::Create(Box::new(Registration {
                asset,
                sources: sources.unwrap_or_default(),
                title,
                holders: holders.unwrap_or_default(),
                duties: duties.collect(),
            }))));
        };
        let said = Said { asset, sources, title, holders, duties };
        let change = changed(before, said, record, write.today());
        Ok(Ok(change.map_or(Plan::Same, |change| Plan::Change(Box::new(change)))))
    }

    async fn set_card(
        &mut self,
        write: &mut Write,
        asset: &mut asset::Model,
        record: &Record,
        exists: bool,
        mistakes: &mut Mistakes,
    ) -> Result<()> {
        let reading = self.map.reading();
        // a blank code asks for one to be made
        let is_code_said = !exists && record.text("code").is_some();
        let said = |name: &'static str| {
            (name != "source_key" && (name != "code" || is_code_said)).then_some(name)
        };
        let state = asset.state;
        set_fields(asset, rules::FIELDS, record, said, reading, mistakes);
        if state == State::Void && exists {
            asset.state = State::Held;
        } else if asset.state != state {
            let (zh, en) =
                ("在册状态不能用导入修改", "the book state cannot be changed by an import");
            mistakes.push(Mistake::new("state", "", Sentence::new(zh, en)));
        }
        for field in ["name", "class"] {
            let is_missing = !exists && !record.has(field);
            if let Some(field) =
                crate::domain::field::field(rules::FIELDS, field).filter(|_| is_missing)
            {
                mistakes.push(Mistake::missing(field.name, field.label));
            }
        }
        if !record.has("form") && (!exists || record.has("subclass")) {
            asset.form = rules::implied_form(asset.subclass);
        }
        let area = asset.area_code;
        if record.has("project_no") || record.has("project_name") {
            asset.project_id = self.resolver.project(record, area, mistakes);
        }
        if record.has("implementing_unit") {
            asset.implementing_unit_id =
                self.organization(write, record, "implementing_unit", area, mistakes).await?;
        }
        if record.has("debtor") {
            asset.debtor_id = self.organization(write, record, "debtor", area, mistakes).await?;
        }
        Ok(())
    }

    async fn organization(
        &mut self,
        write: &mut Write,
        record: &Record,
        field: &'static str,
        area: entity::area::AreaCode,
        mistakes: &mut Mistakes,
    ) -> Result<Option<entity::id::OrganizationId>> {
        let Some(name) = record.text(field) else { return Ok(None) };
        match self.resolver.organization(write, name, area, self.map).await? {
            Ok(id) => Ok(Some(id)),
            Err(expected) => {
                mistakes.push(Mistake::new(field, name, expected));
                Ok(None)
            }
        }
    }

    fn sources(&self, record: &Record, mistakes: &mut Mistakes) -> Option<Vec<Source>> {
        if record.has("funding") {
            let text = record.text("funding").unwrap_or_default();
            return match fundings::read(text, self.map.reading()) {
                Ok(sources) => Some(sources),
                Err(expected) => {
                    mistakes.push(Mistake::new("funding", text, expected));
                    None
                }
            };
        }
        let fields = ["funding_source_name", "funding_amount"];
        if !fields.iter().any(|field| record.has(field)) {
            return None;
        }
        let source_name = read(record, fields[0], self.map.reading(), mistakes);
        let amount = read(record, fields[1], self.map.reading(), mistakes);
        let source = Source { source_name, amount, ..Source::default() };
        Some(if source == Source::default() { Vec::new() } else { vec![source] })
    }

    /// The holders that the sheet names; none when it has no column for any right.
    async fn holders(
        &mut self,
        write: &mut Write,
        record: &Record,
        area: entity::area::AreaCode,
        mistakes: &mut Mistakes,
    ) -> Result<Option<Vec<Holder>>> {
        if !RIGHTS.iter().any(|(field, _)| record.has(field)) {
            return Ok(None);
        }
        let mut holders = Vec::new();
        for (field, right) in RIGHTS {
            for (name, share) in record.text(field).into_iter().flat_map(parties) {
                let share = match share.map(str::parse::<Share>).transpose() {
                    Ok(share) => share.unwrap_or(Share::WHOLE),
                    Err(expected) => {
                        mistakes.push(Mistake::new(field, name, expected.0.into()));
                        continue;
                    }
                };
                let party = if name.strip_prefix('P').is_some_and(|id| id.parse::<i64>().is_ok()) {
                    self.resolver.person(write, (name, None), area).await?.map(Party::Person)
                } else {
                    let found = self.resolver.organization(write, name, area, self.map).await?;
                    found.map(Party::Organization)
                };
                match party {
                    Ok(party) => holders.push(Holder { right, party, share }),
                    Err(expected) => mistakes.push(Mistake::new(field, name, expected)),
                }
            }
        }
        Ok(Some(holders))
    }

    fn terms(&self, record: &Record, mistakes: &mut Mistakes) -> Terms {
        let reading = self.map.reading();
        Terms {
            standard: read(record, "standard", reading, mistakes),
            from_on: read(record, "maintained_from", reading, mistakes),
            until_on: read(record, "maintained_until", reading, mistakes),
            annual_budget: read(record, "annual_budget", reading, mistakes),
            budget_source: read(record, "budget_source", reading, mistakes),
            is_funded: read(record, "is_funded", reading, mistakes),
            ..Terms::default()
        }
    }

    async fn maintainer(
        &mut self,
        write: &mut Write,
        record: &Record,
        area: entity::area::AreaCode,
        mistakes: &mut Mistakes,
    ) -> Result<Option<Party>> {
        let id = self.organization(write, record, "maintainer", area, mistakes).await?;
        Ok(id.map(Party::Organization))
    }

    async fn keeper(
        &mut self,
        write: &mut Write,
        record: &Record,
        area: entity::area::AreaCode,
        mistakes: &mut Mistakes,
    ) -> Result<Option<Party>> {
        let Some(name) = record.text("keeper") else { return Ok(None) };
        let phone = record.text("keeper_phone");
        match self.resolver.person(write, (name, phone), area).await? {
            Ok(id) => Ok(Some(Party::Person(id))),
            Err(expected) => {
                mistakes.push(Mistake::new("keeper", "", expected));
                Ok(None)
            }
        }
    }

    fn title(
        &self,
        record: &Record,
        before: Option<&Dossier>,
        asset: &asset::Model,
        mistakes: &mut Mistakes,
    ) -> Option<title::Model> {
        if !record.texts.keys().any(|field| field.starts_with(TITLE_PREFIX)) {
            return None;
        }
        let stored = before.and_then(|before| before.title.clone());
        let is_new = stored.is_none();
        let mut title = stored.unwrap_or_else(|| titles::blank(asset.id, asset.area_code));
        let column = |name: &'static str| {
            let names = record.texts.keys().copied();
            names.into_iter().find(|field| field.strip_prefix(TITLE_PREFIX) == Some(name))
        };
        let said = |name| column(name).filter(|column| !is_new || record.text(column).is_some());
        set_fields(&mut title, titles::FIELDS, record, said, self.map.reading(), mistakes);
        let untouched = titles::blank(asset.id, asset.area_code);
        (!is_new || title != untouched).then_some(title)
    }
}
