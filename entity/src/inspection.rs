//! 巡查: somebody has looked at an asset, point by point. A record is never changed.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, AssetId, InspectionId},
    measure::Coordinate,
};

coded_enum! {
    /// What a point was found to be, from the best to the worst (ux.md §3.10).
    pub enum Condition {
        Good = "good" "完好" "good",
        Defect = "defect" "有缺陷" "defect",
        Danger = "danger" "危险" "danger",
    }
}

coded_enum! {
    /// A point that is looked at (检查项).
    pub enum CheckItem {
        Surface = "surface" "路面" "surface",
        Shoulder = "shoulder" "路基边坡" "shoulder and slope",
        Drainage = "drainage" "排水" "drainage",
        Guardrail = "guardrail" "护栏与警示标志" "guardrail and signs",
        Bridges = "bridges" "桥涵" "bridges and culverts",
        Channel = "channel" "渠道" "channel",
        Gate = "gate" "闸门与启闭" "gates",
        Pump = "pump" "泵与电机" "pump and motor",
        Source = "source" "水源" "source of water",
        Tank = "tank" "蓄水池" "tank",
        Pipes = "pipes" "管网" "pipes",
        WaterQuality = "water_quality" "水质与消毒" "water quality",
        Structure = "structure" "主体结构" "structure",
        Roof = "roof" "屋面与渗漏" "roof and leaks",
        Openings = "openings" "门窗" "doors and windows",
        Wiring = "wiring" "用电线路" "wiring",
        FireSafety = "fire_safety" "消防设施" "fire safety",
        Cleanliness = "cleanliness" "环境卫生" "cleanliness",
        Equipment = "equipment" "设备运行" "equipment",
        Grounding = "grounding" "接地与防雷" "grounding",
        Panels = "panels" "光伏组件" "panels",
        Inverter = "inverter" "逆变器" "inverter",
        Support = "support" "支架与基础" "supports",
        Fence = "fence" "围栏与警示" "fence and signs",
        Cover = "cover" "棚膜与覆盖" "cover",
        Refrigeration = "refrigeration" "制冷机组" "refrigeration",
        Health = "health" "存栏与防疫" "stock and health",
        Use = "use" "使用情况" "use",
        Plate = "plate" "资产标牌" "plate",
    }
}

/// One point, and what it was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The point.
    pub item: CheckItem,
    /// What it was found to be.
    pub condition: Condition,
    /// What was seen, in a line.
    pub note: Option<String>,
}

/// Points and what they were found to be, in the order in which they were looked at. As text, a line
/// each: the point, what it was found to be, and the note behind a space.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub struct Checks(pub Vec<Checked>);

impl Checks {
    /// The worst that a point was found to be.
    pub fn worst(&self) -> Option<Condition> {
        self.0.iter().map(|one| one.condition).max()
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, one) in self.0.iter().enumerate() {
            let line = if place > 0 { "\n" } else { "" };
            write!(f, "{line}{}={}", one.item.code(), one.condition.code())?;
            if let Some(note) = &one.note {
                write!(f, " {note}")?;
            }
        }
        Ok(())
    }
}

/// The text is no list of points.
#[derive(Debug, PartialEq, Eq)]
pub struct BadChecks;

impl fmt::Display for BadChecks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("检查记录无法读取 / this is no list of points")
    }
}

impl std::error::Error for BadChecks {}

impl FromStr for Checks {
    type Err = BadChecks;

    fn from_str(text: &str) -> Result<Checks, BadChecks> {
        let checked = |line: &str| {
            let (item, rest) = line.split_once('=')?;
            let (condition, note) = match rest.split_once(' ') {
                Some((condition, note)) => (condition, Some(note.to_owned())),
                None => (rest, None),
            };
            let item = CheckItem::ALL.iter().find(|one| one.code() == item)?;
            let condition = Condition::ALL.iter().find(|one| one.code() == condition)?;
            Some(Checked { item: *item, condition: *condition, note })
        };
        let lines = text.lines().map(|line| checked(line).ok_or(BadChecks));
        Ok(Checks(lines.collect::<Result<_, _>>()?))
    }
}

impl TryFrom<String> for Checks {
    type Error = BadChecks;

    fn try_from(text: String) -> Result<Checks, BadChecks> {
        text.parse()
    }
}

impl From<Checks> for String {
    fn from(checks: Checks) -> String {
        checks.to_string()
    }
}

/// One inspection of one asset, as whoever was there recorded it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "inspection")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    /// The UUID that the device gave it: however often it is sent, it is kept once.
    pub device_key: String,
    /// When it was made, as the device tells; when it came is `created_at`.
    pub inspected_at: DateTime<Utc>,
    /// The worst of its points.
    pub condition: Condition,
    pub checks: Checks,
    /// Whether every point was said to be good by one press.
    pub is_all_at_once: bool,
    pub note: Option<String>,
    pub longitude: Option<Coordinate>,
    pub latitude: Option<Coordinate>,
    /// How far off the place may be, in metres, as the device tells.
    pub accuracy_m: Option<i32>,
    /// The device, by the name it gave itself.
    pub device: Option<String>,
    /// The how many-th record of the device it is.
    pub device_count: Option<i64>,
    /// The number of the paper sheet that it was typed from.
    pub sheet_no: Option<String>,
    /// Who inspected; empty where it was recorded at the machine itself.
    pub account_id: Option<AccountId>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_as_they_were_written() {
        let checks = Checks(vec![
            Checked { item: CheckItem::Surface, condition: Condition::Good, note: None },
            Checked {
                item: CheckItem::Guardrail,
                condition: Condition::Danger,
                note: Some("立柱松动 6 根 = 倾斜".to_owned()),
            },
        ]);
        let text = checks.to_string();
        assert_eq!(text, "surface=good\nguardrail=danger 立柱松动 6 根 = 倾斜");
        assert_eq!(text.parse(), Ok(checks.clone()));
        assert_eq!(checks.worst(), Some(Condition::Danger));
        assert_eq!("".parse(), Ok(Checks::default()));
        for text in ["surface", "surface=", "surface=bad", "colour=good", "surface=good\n\n"] {
            assert_eq!(text.parse::<Checks>(), Err(BadChecks), "{text}");
        }
    }
}
