//! Photos and papers of a few assets of the sample county, drawn by the program itself: every
//! sample county has the same.

use std::fmt::Write as _;

use entity::{asset, attachment::Kind};
use image::{ExtendedColorType, ImageEncoder as _, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

use crate::{
    app::attachment::{self, Looked, Thing},
    domain::sample::{Sample, VILLAGE},
    error::Result,
    store::{Actor, Ledger},
};

/// Assets that get photos and papers.
const ASSETS: usize = 3;
/// A photo: its width and its height.
const SIZE: (u32, u32) = (960, 720);

/// Attaches photos and a paper to a few assets of the village, unless they have them.
pub(super) async fn attach(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    let keys: Vec<String> =
        sample.entries.iter().filter_map(|entry| entry.asset.source_key.clone()).collect();
    let found = super::assets(ledger, actor, &keys).await?.into_values();
    let mut found: Vec<asset::Model> =
        found.filter(|asset| asset.area_code.as_str() == VILLAGE && asset.is_standing()).collect();
    found.sort_by(|one, other| one.code.cmp(&other.code));
    for (place, asset) in (0..).zip(found.iter().take(ASSETS)) {
        if !ledger.read(actor).attachments_of(asset.id).await?.is_empty() {
            continue;
        }
        let thing = Thing::Asset(asset.id);
        let views = if place == 0 { 3 } else { 1 };
        let mut photos = Vec::new();
        for view in 0..views {
            let name = format!("现场照片{}.jpg", view + 1);
            photos.push(made(&name, &photo(place, view)?).await?);
        }
        attachment::attach(ledger, actor, thing, &photos, Some(Kind::Photo)).await?;
        if place == 0 {
            let paper = made("竣工验收单.pdf", &paper(asset)).await?;
            attachment::attach(ledger, actor, thing, &[paper], Some(Kind::Acceptance)).await?;
        }
    }
    Ok(())
}

async fn made(name: &str, bytes: &[u8]) -> Result<Looked> {
    attachment::made_here(name, bytes).await
}

/// A view of hills, a river and what was built across it.
fn photo(place: u32, view: u32) -> Result<Vec<u8>> {
    let (width, height) = SIZE;
    let shift = place * 170 + view * 290;
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb(colour((x + shift, x), y)));
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 85);
    let written = encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8);
    written.map_err(anyhow::Error::new)?;
    Ok(bytes)
}

/// What is seen at a point: `along` moves from view to view, `x` is its place in the picture.
fn colour((along, x): (u32, u32), y: u32) -> [u8; 3] {
    let hill = |length: u32, top: u32, tall: u32| {
        let slope = along % length;
        top + slope.min(length - slope) * tall / length
    };
    let (far, near) = (hill(520, 200, 150), hill(340, 330, 130));
    let shade = |parts: [u32; 3]| parts.map(|part| u8::try_from(part.min(255)).unwrap_or(255));
    // the deck with its rail, and piers below
    let is_rail = (430..438).contains(&y) || ((430..470).contains(&y) && x % 48 < 5);
    let is_pier = (500..600).contains(&y) && x % 240 < 34;
    if is_rail || is_pier {
        return shade([196 - x / 24, 190 - x / 24, 180 - x / 24]);
    }
    if (470..500).contains(&y) {
        return shade([150 + x / 32, 146 + x / 32, 138 + x / 32]);
    }
    if y >= 560 {
        let wave = (along + y * 3) % 46 / 6;
        return shade([70 + wave * 4, 120 + wave * 5, 140 + wave * 4]);
    }
    if y > near {
        return shade([74 + y / 16, 112 + y / 12, 62 + (along + y) % 9]);
    }
    if y > far {
        return shade([116 + y / 12, 142 + y / 14, 128 + y / 16]);
    }
    shade([150 + y / 5, 190 + y / 7, 225 + y / 14])
}

/// A paper of one page. Its font is one that every reader of PDF has for Chinese.
fn paper(asset: &asset::Model) -> Vec<u8> {
    let acquired = asset.acquired_on.map_or_else(String::new, |day| day.to_string());
    let value = asset.original_value.map_or_else(String::new, |value| value.grouped());
    let lines = [
        (22, "竣工验收单".to_owned()),
        (13, format!("资产编号：{}", asset.code)),
        (13, format!("资产名称：{}", asset.name)),
        (13, format!("购建时间：{acquired}")),
        (13, format!("资产原值：{value} 元")),
        (13, "验收结论：合格，同意移交".to_owned()),
        (11, "（示例文件，由程序生成）".to_owned()),
    ];
    let mut page = String::from("BT 90 760 Td 30 TL ");
    for (size, line) in lines {
        // writing to a String cannot fail
        _ = write!(page, "/F1 {size} Tf <");
        line.encode_utf16().for_each(|unit| _ = write!(page, "{unit:04X}"));
        page.push_str("> Tj T* ");
    }
    page.push_str("ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>\
         /Contents 4 0 R>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{page}\nendstream", page.len()),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H\
         /DescendantFonts[6 0 R]>>"
            .to_owned(),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)\
         /Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>"
            .to_owned(),
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]\
         /ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
            .to_owned(),
    ];
    written(&objects)
}

/// Objects as a PDF, with the list of where each stands.
fn written(objects: &[String]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(text.len());
        _ = writeln!(text, "{number} 0 obj{object}endobj");
    }
    let (list, n) = (text.len(), objects.len() + 1);
    _ = writeln!(text, "xref\n0 {n}\n0000000000 65535 f ");
    for place in places {
        _ = writeln!(text, "{place:010} 00000 n ");
    }
    _ = writeln!(text, "trailer<</Size {n}/Root 1 0 R>>\nstartxref\n{list}\n%%EOF");
    text.into_bytes()
}
