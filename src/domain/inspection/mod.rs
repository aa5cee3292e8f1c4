//! 巡查: which points of an asset are looked at, what a record must say, and what about it may be
//! doubted (domain.md §4; ux.md §3.10; reliability.md §3.1). A doubt is shown and never stops anybody
//! from saving.

use chrono::{DateTime, SubsecRound, Utc};
use entity::{
    asset::{self, Class, Subclass},
    id::{AccountId, InspectionId, UpkeepId},
    inspection::{CheckItem, Checks, Condition, Model},
    language::{Label, Sentence},
    measure::Coordinate,
    upkeep,
};
use uuid::Uuid;

use super::{
    asset::held,
    distance::{Place, metres},
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
    shot::Shot,
};
use crate::{clock::day_of, fields, limits};

pub mod plan;

fields! {
    /// The fields of a record beside its points; they are never changed.
    pub FIELDS of Model {
        condition: Condition = "巡查结论" "result" Fixed;
        is_all_at_once: bool = "一键全部完好" "all good by one press" Fixed;
        note: Option<String> = "说明" "note" Fixed;
        longitude: Option<Coordinate> = "巡查地经度" "longitude of the inspector" Fixed;
        latitude: Option<Coordinate> = "巡查地纬度" "latitude of the inspector" Fixed;
        accuracy_m: Option<i32> = "定位误差（米）" "accuracy (m)" Fixed;
        device: Option<String> = "设备" "device" Fixed;
        sheet_no: Option<String> = "纸质巡查单号" "paper sheet no." Fixed;
    }
}

/// What is looked at, by the kind of asset.
const POINTS: &[(&[Subclass], &[CheckItem])] = {
    use CheckItem::{
        Bridges, Channel, Cleanliness, Cover, Drainage, Equipment, Fence, FireSafety, Gate,
        Grounding, Guardrail, Health, Inverter, Openings, Panels, Pipes, Pump, Refrigeration, Roof,
        Shoulder, Source, Structure, Support, Surface, Tank, Use, WaterQuality, Wiring,
    };
    &[
        (
            &[Subclass::Road, Subclass::OperatingInfrastructure],
            &[Surface, Shoulder, Drainage, Guardrail, Bridges],
        ),
        (
            &[Subclass::Irrigation, Subclass::Farmland, Subclass::Watershed],
            &[Channel, Gate, Pump, Drainage, Structure],
        ),
        (&[Subclass::WaterSupply], &[Source, Tank, Pump, Pipes, WaterQuality]),
        (
            &[Subclass::Sanitation, Subclass::HouseholdToilet],
            &[Structure, Pipes, Equipment, Cleanliness],
        ),
        (
            &[
                Subclass::Education,
                Subclass::Culture,
                Subclass::Health,
                Subclass::CommunityService,
                Subclass::RelocationFacility,
                Subclass::Tourism,
                Subclass::ECommerce,
                Subclass::Workshop,
                Subclass::Shop,
            ],
            &[Structure, Roof, Openings, Wiring, FireSafety, Cleanliness],
        ),
        (&[Subclass::Sports], &[Surface, Equipment, Fence, Cleanliness]),
        (&[Subclass::Power, Subclass::Network], &[Equipment, Wiring, Grounding, Fence]),
        (&[Subclass::FarmBase], &[Structure, Cover, Pipes, Drainage, Use]),
        (&[Subclass::Processing], &[Structure, Equipment, Wiring, FireSafety]),
        (&[Subclass::Solar], &[Panels, Inverter, Support, Wiring, Grounding, Fence]),
        (&[Subclass::ColdStorage], &[Structure, Refrigeration, Wiring, FireSafety]),
        (
            &[Subclass::RelocationHousing, Subclass::RenovatedHousing],
            &[Structure, Roof, Openings, Wiring],
        ),
        (&[Subclass::HouseholdWater], &[Pipes, WaterQuality]),
        (&[Subclass::Livestock], &[Health, Use]),
    ]
};

/// What is looked at where the kind is another, or not known.
const OTHERS: &[CheckItem] = &[CheckItem::Structure, CheckItem::Equipment, CheckItem::Use];

/// The points of an asset, in the order in which they are looked at. What belongs to a household
/// bears no plate.
pub fn points(asset: &asset::Model) -> Vec<CheckItem> {
    let of_kind = |kind: Subclass| POINTS.iter().find(|(kinds, _)| kinds.contains(&kind));
    let own = asset.subclass.and_then(of_kind).map_or(OTHERS, |(_, points)| *points);
    let plate = (asset.class != Class::Household).then_some(CheckItem::Plate);
    own.iter().copied().chain(plate).collect()
}

/// What somebody records of an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The UUID that the device gave it.
    pub device_key: String,
    /// When it was made, as the device tells.
    pub inspected_at: DateTime<Utc>,
    /// Its points.
    pub checks: Checks,
    /// Whether all were said to be good by one press.
    pub is_all_at_once: bool,
    /// What else was seen.
    pub note: Option<String>,
    /// Where the inspector stood.
    pub place: Option<Place>,
    /// How far off that may be, in metres.
    pub accuracy_m: Option<i32>,
    /// The device, by the name it gave itself.
    pub device: Option<String>,
    /// The how many-th record of the device it is.
    pub device_count: Option<i64>,
    /// The number of the paper sheet that it was typed from.
    pub sheet_no: Option<String>,
}

/// Characters of a UUID with its hyphens.
const UUID_LENGTH: usize = 36;

/// Whether a text is a UUID in its usual form.
fn is_uuid(text: &str) -> bool {
    text.len() == UUID_LENGTH && Uuid::try_parse(text).is_ok()
}

/// A key that no other record has, of bytes drawn at random.
pub fn key_of(random: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

/// What is wrong with a record of an asset; every mistake is told.
pub fn check(asset: &asset::Model, record: &Record) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let uuid = Sentence::new("应为 UUID，例如 0b6f…", "a UUID such as 0b6f… is expected");
    for (field, text) in
        [("device_key", Some(&record.device_key)), ("device", record.device.as_ref())]
    {
        if let Some(text) = text.filter(|text| !is_uuid(text)) {
            mistakes.push(Mistake::new(field, text, uuid.clone()));
        }
    }
    check_points(&points(asset), record, &mut mistakes);
    let notes = record.checks.0.iter().map(|one| (one.item.code(), one.note.as_deref()));
    for (field, note) in notes.chain([("note", record.note.as_deref())]) {
        check_note(field, note.unwrap_or_default(), &mut mistakes);
    }
    let is_number = |text: &str| {
        let fits = |one: char| one.is_ascii_alphanumeric() || one == '-';
        text.chars().count() <= limits::CODE_LENGTH && text.chars().all(fits)
    };
    if let Some(text) = record.sheet_no.as_deref().filter(|text| !is_number(text.trim())) {
        let expected = Sentence::new(
            "巡查单号在纸的上方，例如 XC20260601-3F9A2C",
            "the number at the head of the sheet, such as XC20260601-3F9A2C",
        );
        mistakes.push(Mistake::new("sheet_no", text, expected));
    }
    if let Some(metres) = record.accuracy_m.filter(|metres| *metres < 0) {
        let expected = Sentence::new("定位误差不能为负", "an accuracy is not below zero");
        mistakes.push(Mistake::new("accuracy_m", &metres.to_string(), expected));
    }
    if let Some(count) = record.device_count.filter(|count| *count < 1) {
        let expected =
            Sentence::new("设备记录序号从 1 起", "records of a device are counted from 1");
        mistakes.push(Mistake::new("device_count", &count.to_string(), expected));
    }
    mistakes
}

/// Each point once, and none that the asset has not: what nobody looked at is never good by itself.
fn check_points(points: &[CheckItem], record: &Record, mistakes: &mut Mistakes) {
    let n_of = |item: CheckItem| record.checks.0.iter().filter(|one| one.item == item).count();
    for item in points.iter().filter(|item| n_of(**item) != 1) {
        let label = item.label();
        let expected = Sentence::new(
            format!("{}：请选完好、有缺陷或危险", label.zh),
            format!("{}: choose good, defect or danger", label.en),
        );
        mistakes.push(Mistake::new(item.code(), "", expected));
    }
    for one in record.checks.0.iter().filter(|one| !points.contains(&one.item)) {
        let expected = Sentence::new(
            "这类资产不查这一项",
            "assets of this kind are not looked at for this point",
        );
        mistakes.push(Mistake::new(one.item.code(), one.item.code(), expected));
    }
    let is_good = record.checks.worst() == Some(Condition::Good);
    if record.is_all_at_once && !is_good {
        let expected =
            Sentence::new("有缺陷时不能记为一键完好", "what has a defect was not all good at once");
        mistakes.push(Mistake::new("is_all_at_once", "true", expected));
    }
}

fn check_note(field: &'static str, note: &str, mistakes: &mut Mistakes) {
    let most = limits::INSPECTION_NOTE_LENGTH;
    if note.chars().count() > most || note.contains(char::is_control) {
        let expected = Sentence::new(
            format!("说明写成一行，不超过 {most} 字"),
            format!("a note is one line of at most {most} characters"),
        );
        mistakes.push(Mistake::new(field, note, expected));
    }
}

/// Refuses an asset that nobody looks at any more, and one that lies nowhere.
pub fn inspectable(asset: &asset::Model) -> Result<(), Refusal> {
    held(asset)?;
    if asset.form.is_claim() { Err(Refusal::inspects_no_claim()) } else { Ok(()) }
}

/// The record as it is kept.
pub fn record(asset: &asset::Model, record: &Record, account_id: Option<AccountId>) -> Model {
    Model {
        id: InspectionId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        device_key: record.device_key.to_ascii_lowercase(),
        inspected_at: record.inspected_at.trunc_subsecs(3),
        condition: record.checks.worst().unwrap_or(Condition::Good),
        checks: record.checks.clone(),
        is_all_at_once: record.is_all_at_once,
        note: record.note.clone().filter(|note| !note.trim().is_empty()),
        longitude: record.place.map(|(east, _)| east),
        latitude: record.place.map(|(_, north)| north),
        accuracy_m: record.accuracy_m,
        device: record.device.as_ref().map(|device| device.to_ascii_lowercase()),
        device_count: record.device_count,
        sheet_no: record
            .sheet_no
            .as_ref()
            .map(|text| text.trim().to_uppercase())
            .filter(|text| !text.is_empty()),
        account_id,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Whether a record that came again is the one that is kept, and not another under its key.
pub fn is_same(kept: &Model, sent: &Model) -> bool {
    let told = |row: &Model| Model {
        id: InspectionId(0),
        area_code: kept.area_code,
        account_id: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        ..row.clone()
    };
    told(kept) == told(sent)
}

/// When an inspection counts as made: as the device tells, and never after it came.
pub fn made_at(inspection: &Model) -> DateTime<Utc> {
    inspection.inspected_at.min(inspection.created_at)
}

/// How the asset was found last, after another inspection was stored; none where an earlier one came
/// late. Whatever the order in which they come, the same one stands in the end.
pub fn found(before: Option<&upkeep::Model>, inspection: &Model) -> Option<upkeep::Model> {
    let at = made_at(inspection);
    let place = (at, inspection.condition);
    if before.is_some_and(|row| (row.inspected_at, row.condition) >= place) {
        return None;
    }
    let stamps = before.map_or((UpkeepId(0), 0, DateTime::UNIX_EPOCH), |row| {
        (row.id, row.version, row.created_at)
    });
    Some(upkeep::Model {
        id: stamps.0,
        area_code: inspection.area_code,
        asset_id: inspection.asset_id,
        inspection_id: inspection.id,
        inspected_on: day_of(at),
        inspected_at: at,
        condition: inspection.condition,
        version: stamps.1,
        created_at: stamps.2,
        updated_at: stamps.2,
    })
}

/// What about a record may be doubted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It was made so many metres from the asset.
    Far(i64),
    /// Nobody travels so many kilometres an hour from the record before.
    Fast(i64),
    /// It came so many days after it was made.
    Late(i64),
    /// Its device's clock was ahead by so many minutes.
    Ahead(i64),
    /// A later record of the device tells an earlier time.
    OutOfOrder,
    /// Nobody knows where it was made.
    Nowhere,
    /// A photo of it was taken so many hours before it.
    PhotoBefore(i64),
    /// A photo of it was taken so many metres from the asset.
    PhotoFar(i64),
}

impl Doubt {
    /// What it says.
    pub fn told(self) -> Sentence {
        match self {
            Doubt::Far(metres) => Sentence::new(
                format!("离资产登记位置 {metres} 米"),
                format!("{metres} m from where the asset is on record"),
            ),
            Doubt::Fast(speed) => Sentence::new(
                format!("与同一设备上一条记录相比，时速约 {speed} 公里"),
                format!("about {speed} km/h from the record before on the same device"),
            ),
            Doubt::Late(days) => Sentence::new(
                format!("巡查 {days} 天后才上传"),
                format!("it came {days} days after it was made"),
            ),
            Doubt::Ahead(minutes) => Sentence::new(
                format!("设备时钟快 {minutes} 分钟，按收到时间计"),
                format!(
                    "the clock of the device is {minutes} minutes ahead; it counts as made when it came"
                ),
            ),
            Doubt::OutOfOrder => Sentence::new(
                "同一设备后记的一条，时间反而更早",
                "a later record of the device tells an earlier time",
            ),
            Doubt::PhotoBefore(hours) => Sentence::new(
                format!("拍摄时间比巡查早 {hours} 小时"),
                format!("taken {hours} hours before the inspection"),
            ),
            Doubt::PhotoFar(metres) => Sentence::new(
                format!("拍摄地离资产登记位置 {metres} 米"),
                format!("taken {metres} m from where the asset is on record"),
            ),
            Doubt::Nowhere => Label::new("没有定位", "nobody knows where it was made").into(),
        }
    }
}

fn place_of(row: &Model) -> Option<Place> {
    row.longitude.zip(row.latitude)
}

/// What may be doubted of a record; `before` is the record of the same device that was counted before
/// it. Of records from paper and from desks, which have no device, neither the place is asked nor when
/// they came.
pub fn doubts(asset: &asset::Model, row: &Model, before: Option<&Model>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let place = place_of(row);
    let slack = i64::from(row.accuracy_m.unwrap_or(0));
    match (place, asset.longitude.zip(asset.latitude)) {
        (Some(place), Some(known)) => {
            let metres = metres(place, known);
            let is_far = metres > limits::INSPECTION_METRES.saturating_add(slack);
            doubts.extend(is_far.then_some(Doubt::Far(metres)));
        }
        (None, _) if row.device.is_some() => doubts.push(Doubt::Nowhere),
        _ => {}
    }
    if let Some(before) = before {
        doubts.extend(between(before, row, place_of(before).zip(place)));
    }
    let waited = row.created_at - row.inspected_at;
    if row.device.is_some() && waited.num_days() > limits::INSPECTION_LATE_DAYS {
        doubts.push(Doubt::Late(waited.num_days()));
    }
    if -waited.num_minutes() > limits::CLOCK_AHEAD_MINUTES {
        doubts.push(Doubt::Ahead(-waited.num_minutes()));
    }
    doubts
}

/// What may be doubted of a photo of a record, by what its camera says.
pub fn photo_doubts(asset: &asset::Model, row: &Model, shot: Shot) -> Vec<Doubt> {
    let before = shot.at.map(|at| (row.inspected_at - at).num_hours());
    let before = before.filter(|hours| *hours > limits::PHOTO_HOURS).map(Doubt::PhotoBefore);
    let known = asset.longitude.zip(asset.latitude);
    let far = shot.place.zip(known).map(|(place, known)| metres(place, known));
    let far = far.filter(|metres| *metres > limits::INSPECTION_METRES).map(Doubt::PhotoFar);
    before.into_iter().chain(far).collect()
}

/// What may be doubted of two records of one device, one after the other.
fn between(before: &Model, row: &Model, places: Option<(Place, Place)>) -> Option<Doubt> {
    let seconds = (row.inspected_at - before.inspected_at).num_seconds();
    if seconds < 0 {
        return Some(Doubt::OutOfOrder);
    }
    let (from, to) = places?;
    let metres = metres(from, to);
    if metres <= limits::INSPECTION_METRES {
        return None;
    }
    let speed = metres.saturating_mul(3_600) / seconds.max(1) / 1_000;
    (speed > limits::TRAVEL_KILOMETRES).then_some(Doubt::Fast(speed))
}

#[cfg(test)]
mod tests;
