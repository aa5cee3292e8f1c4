//! What a camera put into a photo of when and where it was taken (EXIF 2.32 §4.6.5, §4.6.6). What
//! cannot be read is not known: a photo is taken all the same.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use entity::measure::Coordinate;
use exif::{Exif, In, Rational, Reader, Tag, Value};
use rust_decimal::Decimal;

use crate::{
    clock,
    domain::{distance::Place, shot::Shot},
};

/// What the part of a picture says that a camera writes.
pub(super) fn read(bytes: Vec<u8>) -> Shot {
    let Ok(exif) = Reader::new().read_raw(bytes) else { return Shot::default() };
    Shot { at: taken_at(&exif), place: place(&exif) }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

/// The time of the photo. A camera tells that of its place; one that does not say how far that is
/// from Greenwich stood in China.
fn taken_at(exif: &Exif) -> Option<DateTime<Utc>> {
    let mut told = exif::DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    if let Some(offset) = ascii(exif, Tag::OffsetTimeOriginal) {
        // what is no offset is as if it were not there
        drop(told.parse_offset(offset));
    }
    let day = NaiveDate::from_ymd_opt(told.year.into(), told.month.into(), told.day.into())?;
    let local = day.and_hms_opt(told.hour.into(), told.minute.into(), told.second.into())?;
    let offset = match told.offset {
        Some(minutes) => FixedOffset::east_opt(i32::from(minutes) * 60)?,
        None => clock::CHINA,
    };
    Some(local.and_local_timezone(offset).single()?.to_utc())
}

fn place(exif: &Exif) -> Option<Place> {
    let longitude = angle(exif, (Tag::GPSLongitude, Tag::GPSLongitudeRef), b"W")?;
    let latitude = angle(exif, (Tag::GPSLatitude, Tag::GPSLatitudeRef), b"S")?;
    let place = (
        Coordinate::longitude(&longitude.to_string()).ok()?,
        Coordinate::latitude(&latitude.to_string()).ok()?,
    );
    // telephones that know no place write the null island
    (!longitude.is_zero() || !latitude.is_zero()).then_some(place)
}

/// Degrees, minutes and seconds as degrees, below zero towards `below`; rounded to eight decimals.
fn angle(exif: &Exif, (tag, side): (Tag, Tag), below: &[u8]) -> Option<Decimal> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts[..] else { return None };
    let seconds = exact(seconds)?.checked_div(Decimal::from(3_600))?;
    let minutes = exact(minutes)?.checked_div(Decimal::from(60))?;
    let angle = exact(degrees)?.checked_add(minutes)?.checked_add(seconds)?.round_dp(8);
    Some(if ascii(exif, side)? == below { -angle } else { angle })
}

fn exact(part: Rational) -> Option<Decimal> {
    Decimal::from(part.num).checked_div(Decimal::from(part.denom))
}
