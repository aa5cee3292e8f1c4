//! Files to attach: small ones, made here.

use std::io::{Cursor, Write as _};

use entity::{
    asset,
    attachment::{self, Kind, Media, Subject},
    id::{AssetId, AttachmentId},
};
use image::{ImageEncoder as _, Rgb, RgbImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use sha2::{Digest as _, Sha256};
use taizhang::{
    app::{
        self,
        attachment::{Looked, Thing},
        job::{Incoming, Upload},
    },
    domain::permission::Action,
    error::Result,
    store::Actor,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::Town;

/// SHA-256, hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A PDF of one page that says something.
pub(crate) fn pdf(words: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]\
         /Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n% {words}\n\
         trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    .into_bytes()
}

/// Pixels that tell up from down and left from right: red above, blue below, a green corner at
/// the upper left.
pub(crate) fn pixels(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x * 4 < width, y * 4 < height) {
        (true, true) => Rgb([0, 255, 0]),
        _ if y * 2 < height => Rgb([255, 0, 0]),
        _ => Rgb([0, 0, 255]),
    })
}

/// A JPEG.
pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = pixels(width, height);
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    let kind = image::ExtendedColorType::Rgb8;
    encoder.write_image(&pixels, width, height, kind).expect("a picture");
    bytes
}

/// A JPEG of a view in soft blocks, another one for each number, written with some exactness.
pub(crate) fn view(n: u32, side: u32, quality: u8) -> Vec<u8> {
    let grey = |x: u32, y: u32| -> u8 {
        let mixed = (n * 97 + x * 31 + y * 57).wrapping_mul(2_654_435_761) >> 24;
        u8::try_from(mixed).expect("a byte")
    };
    let few = RgbImage::from_fn(9, 8, |x, y| Rgb([grey(x, y), grey(x + 9, y), grey(x, y + 9)]));
    let soft = image::imageops::FilterType::Triangle;
    let pixels = image::imageops::resize(&few, side, side * 3 / 4, soft);
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    let (width, height) = pixels.dimensions();
    let kind = image::ExtendedColorType::Rgb8;
    encoder.write_image(&pixels, width, height, kind).expect("a picture");
    bytes
}

/// A PNG.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let kind = image::ExtendedColorType::Rgb8;
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&pixels(width, height), width, height, kind).expect("a picture");
    bytes
}

/// When photos of telephones were taken, as telephones write it.
const TAKEN_AT: &str = "2026:06:01 10:03:04";

/// A JPEG as a telephone makes it, lying on its side: with where it was taken, and by whom.
pub(crate) fn jpeg_of_telephone(width: u32, height: u32) -> Vec<u8> {
    of_telephone(&jpeg(width, height))
}

/// A JPEG with what a telephone puts in: see [`jpeg_of_telephone`].
pub(crate) fn of_telephone(plain: &[u8]) -> Vec<u8> {
    let mut tiff: Vec<u8> = b"MM\0*\0\0\0\x08".to_vec();
    // the directory: orientation 6 (turn right), the artist, the photo, the place
    tiff.extend(4_u16.to_be_bytes());
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\x01\x3B\0\x02\0\0\0\x0B\0\0\0\x3E");
    tiff.extend(b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x4A");
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x70");
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(b"GPSCAMERA1\0\0");
    // the directory of the photo: when it was taken, on a clock that does not say whose
    tiff.extend(1_u16.to_be_bytes());
    tiff.extend(b"\x90\x03\0\x02\0\0\0\x14\0\0\0\x5C");
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(TAKEN_AT.as_bytes());
    tiff.push(0);
    // the directory of the place: north and east, in degrees, minutes and seconds
    tiff.extend(4_u16.to_be_bytes());
    tiff.extend(b"\0\x01\0\x02\0\0\0\x02N\0\0\0");
    tiff.extend(b"\0\x02\0\x05\0\0\0\x03\0\0\0\xA6");
    tiff.extend(b"\0\x03\0\x02\0\0\0\x02E\0\0\0");
    tiff.extend(b"\0\x04\0\x05\0\0\0\x03\0\0\0\xBE");
    tiff.extend(0_u32.to_be_bytes());
    for parts in [[(26, 1), (35, 1), (5_352, 100)], [(106, 1), (42, 1), (2_599, 100)]] {
        for (above, below) in parts {
            tiff.extend(u32::to_be_bytes(above));
            tiff.extend(u32::to_be_bytes(below));
        }
    }
    let length = u16::try_from(tiff.len() + 8).expect("a short one");
    let mut bytes = plain[..2].to_vec();
    bytes.extend(b"\xFF\xE1");
    bytes.extend(length.to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(&tiff);
    bytes.extend(&plain[2..]);
    bytes
}

/// The head of a PNG that claims to be so large.
pub(crate) fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The sum that a part of a PNG ends in.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

/// A container of parts.
pub(crate) fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a container").into_inner()
}

/// A Word document, with parts of one's own beside.
pub(crate) fn docx(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let own: [(&str, &[u8]); 2] =
        [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")];
    packed(&[&own[..], parts].concat())
}

/// Some bytes as a file that was brought.
pub(crate) async fn brought(bytes: &[u8]) -> Upload {
    let incoming = Incoming::begin("brought").expect("a file");
    incoming.push(bytes.to_vec()).await.expect("written");
    incoming.finish().await.expect("a file")
}

/// A file that was looked into.
pub(crate) async fn look(name: &str, bytes: &[u8]) -> Result<Looked> {
    let program = Some(env!("CARGO_BIN_EXE_taizhang").into());
    app::attachment::look(brought(bytes).await, name, program).await
}

impl Town {
    /// Attaches a file to an asset as somebody.
    pub(crate) async fn attach(
        &self,
        actor: &Actor,
        thing: Thing,
        (name, bytes): (&str, &[u8]),
    ) -> Result<attachment::Model> {
        let files = [look(name, bytes).await?];
        let done = app::attachment::attach(&self.ledger, actor, thing, &files, None).await;
        done.map(|mut rows| rows.pop().expect("a file"))
    }

    /// Attaches what is said to be a picture to an asset, without anybody looking into it.
    pub(crate) async fn put_file(&self, id: AssetId, name: &str, words: &str) -> attachment::Model {
        let operator = Actor::operator();
        let (kept, small) = (words.as_bytes(), format!("{words} small"));
        let put = self.ledger.write(&operator, Action::AttachFile, async |write| {
            let asset = write.get::<asset::Entity>(id).await?;
            let row = attachment::Model {
                id: AttachmentId(0),
                area_code: asset.area_code,
                asset_id: id,
                subject: Subject::Asset,
                subject_id: id.0,
                kind: Kind::Photo,
                file_name: name.to_owned(),
                media: Media::Png,
                size: i64::try_from(kept.len()).expect("a small one"),
                digest: digest(kept),
                brought_digest: digest(format!("{words} {id}").as_bytes()),
                preview_digest: Some(digest(small.as_bytes())),
                likeness: None,
                taken_at: None,
                taken_longitude: None,
                taken_latitude: None,
                is_withdrawn: false,
                version: 0,
                created_at: asset.created_at,
                updated_at: asset.updated_at,
            };
            write.keep_content(&digest(kept), kept).await?;
            write.keep_content(&digest(small.as_bytes()), small.as_bytes()).await?;
            write.insert::<attachment::Entity>(row).await
        });
        put.await.expect("a file")
    }
}
