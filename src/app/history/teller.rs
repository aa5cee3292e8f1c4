//! Tells what an entry changed: each field by its label, before and after, as its kind is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    account, area, asset, attachment, attendance, budget, campaign, campaign_line, contract,
    discrepancy, duty, fault_report, finding, funding, holding,
    id::AssetId,
    import, inspection, inspection_route,
    language::{Label, Language},
    log, organization, overspend, person, post_asset, project, rectification, revival, spending,
    stock_find, stock_line, stock_take, title, upkeep, upkeep_fund, waiver, webhook, welfare_post,
    work_order,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json};

use super::{FieldChange, RowChange};
use crate::{
    domain::{
        area as areas, asset as cards, budget as budgets, campaign as campaigns,
        contract as contracts, discrepancy as discrepancies, duty as duties,
        fault_report as reports,
        field::{Field, field},
        funding::{self as sources, Source},
        inspection as inspections, inspection_route as routes, organization as bodies,
        overspend as overspends, project as projects, rectification as rounds, revival as revivals,
        spending as spendings, stock_take as stock_takes, title as titles, upkeep_fund as funds,
        welfare_post as posts, work_order as orders,
    },
    error::Result,
    store::{Read, Subject, log::Row},
};

/// What of an entry is told.
#[derive(Deserialize)]
pub(super) struct Body {
    pub(super) changes: Vec<Changed>,
    #[serde(default)]
    note: Map<String, Json>,
    #[serde(default)]
    bulk: Map<String, Json>,
    /// Rows that it changed, those among them that are not told.
    #[serde(skip)]
    pub(super) n_changes: usize,
}

impl Body {
    pub(super) fn of(entry: &log::Model) -> Result<Body> {
        let mut body: Body = serde_json::from_str(&entry.body).map_err(anyhow::Error::new)?;
        body.n_changes = body.changes.len();
        Ok(body)
    }

    /// The same with some of its rows.
    pub(super) fn keep(mut self, is_kept: impl Fn(&Changed) -> bool) -> Body {
        self.changes.retain(is_kept);
        self
    }

    /// The same with the first of its rows.
    pub(super) fn first(mut self, n: usize) -> Body {
        self.changes.truncate(n);
        self
    }

    pub(super) fn reason(&self) -> Option<String> {
        self.note.get("reason").and_then(Json::as_str).map(str::to_owned)
    }

    pub(super) fn notes(&self) -> Vec<(String, String)> {
        let held = self.note.iter().filter(|(name, value)| *name != "reason" && !value.is_null());
        held.map(|(name, value)| (name.clone(), plain(value))).collect()
    }

    pub(super) fn n_bulk(&self) -> u64 {
        self.bulk.get("n").and_then(Json::as_u64).unwrap_or(0)
    }
}

/// One row that an entry changed, as the entry keeps it.
#[derive(Deserialize)]
pub(super) struct Changed {
    pub(super) id: i64,
    pub(super) noun: String,
    pub(super) version: i64,
    pub(super) after: Map<String, Json>,
    #[serde(default)]
    pub(super) before: Map<String, Json>,
}

/// Tells changes in the reader's language.
pub(super) struct Teller<'a> {
    read: &'a Read<'a>,
    language: Language,
    /// Rows as they stand now, which say what a field of a change is not about.
    rows: HashMap<Row, Json>,
    /// Codes and names of the assets that rows belong to.
    assets: HashMap<i64, (String, String)>,
}

/// Columns that are no field of a card.
const COLUMNS: &[(&str, Label)] = &[
    ("account_id", Label::new("账号", "account")),
    ("actions", Label::new("推送的事项", "actions that are told")),
    ("address", Label::new("推送地址", "address")),
    ("approved_by", Label::new("批准人账号", "account that approved")),
    ("area_code", Label::new("区划代码", "area code")),
    ("asked_by", Label::new("申请人", "asked by")),
    ("asset_id", Label::new("资产", "asset")),
    ("brought_digest", Label::new("所传文件的 SHA-256", "SHA-256 of what was brought")),
    ("budget_id", Label::new("预算编号", "number of the budget")),
    ("certificate_issuer", Label::new("发证机关", "issuer of the certificate")),
    ("checks", Label::new("检查项", "points")),
    ("code_digest", Label::new("查询码（只存摘要）", "follow-up code (its sum alone)")),
    ("contact_id", Label::new("联系人（封存）", "contact (sealed)")),
    ("counted_at", Label::new("盘点时间", "counted at")),
    ("counted_by", Label::new("盘点人账号", "account that counted")),
    ("decided_by", Label::new("审批人", "decided by")),
    ("campaign_id", Label::new("专项排查编号", "number of the campaign")),
    ("denominator", Label::new("份额分母", "denominator of the share")),
    ("device_count", Label::new("设备记录序号", "number of the record on its device")),
    ("device_key", Label::new("记录编号", "key of the record")),
    ("digest", Label::new("SHA-256", "SHA-256")),
    ("end_reason", Label::new("终止原因", "why it ended")),
    ("ended_at", Label::new("办结时间", "came to its end at")),
    ("ended_on", Label::new("终止日期", "ended on")),
    ("estimated_by", Label::new("估价人账号", "account that estimated")),
    ("file_name", Label::new("文件名", "file name")),
    ("found_by", Label::new("发现人账号", "account that found it")),
    ("found_at", Label::new("发现时间", "found at")),
    ("from_on", Label::new("起始日", "from")),
    ("fund_id", Label::new("管护资金编号", "number of the fund")),
    ("inspected_at", Label::new("巡查时间", "inspected at")),
    ("inspected_on", Label::new("上次巡查", "last inspected on")),
    ("inspection_id", Label::new("巡查编号", "number of the inspection")),
    ("is_withdrawn", Label::new("已撤回", "withdrawn")),
    ("kind", Label::new("种类", "kind")),
    ("likeness", Label::new("画面特征", "what the picture looks like")),
    ("media", Label::new("格式", "format")),
    ("name", Label::new("名称", "name")),
    ("nouns", Label::new("推送的对象", "nouns that are told")),
    ("numerator", Label::new("份额分子", "numerator of the share")),
    ("opened_by", Label::new("开始人账号", "account that opened")),
    ("organization_id", Label::new("单位编号", "number of the organization")),
    ("person_id", Label::new("人员编号", "number of the person")),
    ("post_id", Label::new("公益岗位编号", "number of the welfare post")),
    ("preview_digest", Label::new("缩略图的 SHA-256", "SHA-256 of the small picture")),
    ("project_id", Label::new("项目", "project")),
    ("reason", Label::new("理由", "reason")),
    ("recorded_by", Label::new("登记人账号", "account that recorded")),
    ("replay_from", Label::new("重新推送的起点", "sent again from")),
    ("reported_by", Label::new("报告人", "reported by")),
    ("right", Label::new("权利", "right")),
    ("role", Label::new("角色", "role")),
    ("rule", Label::new("问题规则", "rule")),
    ("settled_by", Label::new("处理人账号", "account that settled")),
    ("signed_by", Label::new("签认人账号", "account that signed")),
    ("size", Label::new("字节数", "bytes")),
    ("state", Label::new("状态", "state")),
    ("stock_take_id", Label::new("盘点编号", "number of the stock-take")),
    ("subject", Label::new("附于", "attached to")),
    ("taken_at", Label::new("拍摄时间", "taken at")),
    ("taken_latitude", Label::new("拍摄地纬度", "latitude of the camera")),
    ("taken_longitude", Label::new("拍摄地经度", "longitude of the camera")),
    ("until_on", Label::new("截止日", "until")),
    ("vault_id", Label::new("个人信息（封存）", "personal data (sealed)")),
];

/// A noun, a column of it, and the codes that it holds.
type Coded = (&'static str, &'static str, &'static [(&'static str, Label)]);

/// Columns that hold one of a list of codes.
const CODED: &[Coded] = &[
    ("account", "role", account::Role::CHOICES),
    ("account", "state", account::State::CHOICES),
    ("attachment", "kind", attachment::Kind::CHOICES),
    ("attachment", "media", attachment::Media::CHOICES),
    ("attachment", "subject", attachment::Subject::CHOICES),
    ("holding", "right", holding::Right::CHOICES),
    ("import", "kind", import::Kind::CHOICES),
    ("import", "state", import::State::CHOICES),
    ("upkeep", "condition", inspection::Condition::CHOICES),
    ("webhook", "state", webhook::State::CHOICES),
    ("waiver", "rule", finding::Rule::CHOICES),
];

macro_rules! told {
    ($($noun:ident $fields:expr, $of:expr;)+) => {
        impl<'a> Teller<'a> {
            /// Reads how the rows of some changes stand now, a query a noun; those that lie outside
            /// the reader's area by now are told by what the entry says alone.
            pub(super) async fn learn(
                &mut self,
                changes: impl Iterator<Item = &Changed> + Clone,
            ) -> Result<()> {
                $({
                    let own = changes.clone().filter(|one| one.noun == $noun::Entity::TABLE);
                    let ids: BTreeSet<i64> = own.map(|one| one.id).collect();
                    let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
                    for row in self.read.some::<$noun::Entity>(&ids).await? {
                        let id: i64 = $noun::Entity::id(&row).into();
                        self.rows.insert(($noun::Entity::TABLE, id), json(&row)?);
                    }
                })+
                self.learn_assets(changes).await
            }

            /// The fields of one change; nothing for a noun that this program does not know.
            pub(super) fn change(&self, changed: &Changed) -> Option<RowChange> {
                $(if changed.noun == $noun::Entity::TABLE {
                    let fields = self.row::<$noun::Entity, _>(changed, $fields, $of);
                    return Some(self.told(changed, $noun::Entity::TABLE, $noun::Entity::NOUN, fields));
                })+
                None
            }
        }
    };
}

told! {
    area areas::FIELDS, Clone::clone;
    organization bodies::FIELDS, Clone::clone;
    person &[], |_| ();
    account &[], |_| ();
    project projects::FIELDS, Clone::clone;
    asset cards::FIELDS, Clone::clone;
    title titles::FIELDS, Clone::clone;
    duty duties::FIELDS, Clone::clone;
    funding sources::FIELDS, Source::of;
    holding &[], |_| ();
    waiver &[], |_| ();
    rectification rounds::FIELDS, Clone::clone;
    attachment &[], |_| ();
    inspection inspections::FIELDS, Clone::clone;
    inspection_route routes::FIELDS, Clone::clone;
    upkeep &[], |_| ();
    work_order orders::FIELDS, Clone::clone;
    revival revivals::FIELDS, Clone::clone;
    welfare_post posts::FIELDS, Clone::clone;
    post_asset &[], |_| ();
    attendance posts::months::FIELDS, Clone::clone;
    campaign campaigns::FIELDS, Clone::clone;
    campaign_line campaigns::lines::FIELDS, Clone::clone;
    fault_report reports::FIELDS, Clone::clone;
    stock_take stock_takes::FIELDS, Clone::clone;
    stock_line stock_takes::lines::FIELDS, Clone::clone;
    stock_find stock_takes::finds::FIELDS, Clone::clone;
    discrepancy discrepancies::FIELDS, Clone::clone;
    contract contracts::FIELDS, Clone::clone;
    upkeep_fund funds::FIELDS, Clone::clone;
    budget budgets::FIELDS, Clone::clone;
    spending spendings::FIELDS, Clone::clone;
    overspend overspends::FIELDS, Clone::clone;
    import &[], |_| ();
    webhook &[], |_| ();
}

impl<'a> Teller<'a> {
    pub(super) fn new(read: &'a Read<'a>, language: Language) -> Teller<'a> {
        Teller { read, language, rows: HashMap::new(), assets: HashMap::new() }
    }

    /// Reads what the assets are called that rows belong to.
    async fn learn_assets(&mut self, changes: impl Iterator<Item = &Changed>) -> Result<()> {
        let named = changes.filter_map(|one| self.asset_of(one));
        let ids: BTreeSet<i64> = named.collect();
        let ids: Vec<AssetId> = ids.into_iter().map(AssetId).collect();
        for row in self.read.some::<asset::Entity>(&ids).await? {
            self.assets.insert(row.id.0, (row.code, row.name));
        }
        Ok(())
    }

    /// The asset that a row is or belongs to.
    fn asset_of(&self, changed: &Changed) -> Option<i64> {
        if changed.noun == asset::Entity::TABLE {
            return Some(changed.id);
        }
        self.said(changed, "asset_id").and_then(Json::as_i64)
    }

    /// What an entry, or else the row as it stands, says of a column.
    fn said<'s>(&'s self, changed: &'s Changed, column: &str) -> Option<&'s Json> {
        let now = self.rows.get(&(changed.noun.as_str(), changed.id));
        changed.after.get(column).or_else(|| now?.get(column))
    }

    fn told(
        &self,
        changed: &Changed,
        noun: &'static str,
        label: Label,
        fields: Vec<FieldChange>,
    ) -> RowChange {
        let name = self.said(changed, "name").and_then(Json::as_str).map(str::to_owned);
        let asset = self.asset_of(changed).and_then(|id| self.assets.get(&id)).cloned();
        RowChange { noun, label, id: changed.id, version: changed.version, name, asset, fields }
    }

    /// The fields of a change of one row, which reads as an `R`.
    fn row<E: Subject<Model: DeserializeOwned>, R>(
        &self,
        changed: &Changed,
        fields: &'static [Field<R>],
        of: fn(&E::Model) -> R,
    ) -> Vec<FieldChange> {
        let now = self.rows.get(&(E::TABLE, changed.id)).cloned().unwrap_or_else(|| {
            let at = chrono::DateTime::UNIX_EPOCH;
            serde_json::json!({
                "id": changed.id, "version": changed.version, "created_at": at, "updated_at": at,
            })
        });
        let told = |part: &Map<String, Json>| -> BTreeMap<String, Option<String>> {
            let mut whole = now.clone();
            if let Json::Object(whole) = &mut whole {
                whole.extend(part.clone());
            }
            // a row that is not whole is told as the entry has it
            let row = serde_json::from_value::<E::Model>(whole).ok().map(|row| of(&row));
            let text = |(name, value): (&String, &Json)| {
                let text = match (field(fields, name), &row) {
                    (Some(field), Some(row)) => (field.get)(row).text(self.language),
                    _ => self.coded(E::TABLE, name, value),
                };
                (name.clone(), Some(text).filter(|text| !text.is_empty()))
            };
            part.iter().map(text).collect()
        };
        let (mut before, after) = (told(&changed.before), told(&changed.after));
        let change = |(name, after): (String, Option<String>)| {
            let label = field(fields, &name).map(|field| field.label);
            let known = || COLUMNS.iter().find(|(column, _)| *column == name).map(|one| one.1);
            let label = label.or_else(known).map_or(name.as_str(), |one| one.text(self.language));
            let (label, before) = (label.to_owned(), before.remove(&name).flatten());
            FieldChange { name, label, before, after }
        };
        after.into_iter().map(change).collect()
    }

    /// A value that no field shows: by its name where it is one of a list of codes.
    fn coded(&self, noun: &str, column: &str, value: &Json) -> String {
        let choices = CODED.iter().find(|(of, name, _)| (*of, *name) == (noun, column));
        let choice = choices.zip(value.as_str()).and_then(|((.., choices), code)| {
            choices.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
        });
        choice.map_or_else(|| plain(value), |label| label.text(self.language).to_owned())
    }
}

pub(super) fn json(row: &impl Serialize) -> Result<Json> {
    Ok(serde_json::to_value(row).map_err(anyhow::Error::new)?)
}

/// A value that no field shows.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
