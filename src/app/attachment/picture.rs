//! A picture, decoded and written anew: nothing that came with it but its pixels is in what is kept,
//! neither where it was taken nor whatever else stood behind them.

use std::io::Cursor;

use entity::attachment::Media;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageError, ImageFormat,
    ImageReader, Limits, Rgb, RgbImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
    imageops::FilterType as Resampling,
};

use super::{exif, wire::Fault};
use crate::{
    domain::{
        likeness::{self, Likeness},
        shot::Shot,
    },
    limits,
};

/// How exactly a photo is kept, of a hundred.
const QUALITY: u8 = 86;
/// How exactly the small picture is.
const PREVIEW_QUALITY: u8 = 78;

/// A picture as it is kept, and the small one that stands for it.
pub(super) struct Drawn {
    /// How it is written.
    pub(super) media: Media,
    /// The picture.
    pub(super) kept: Vec<u8>,
    /// The small one, always a JPEG.
    pub(super) preview: Vec<u8>,
    /// What it looks like, where that can be told.
    pub(super) likeness: Option<Likeness>,
    /// What the camera says of it.
    pub(super) shot: Shot,
}

/// Decodes a picture, sets it upright and writes it anew, no larger than pictures are kept.
pub(super) fn draw(bytes: &[u8]) -> Result<Drawn, Fault> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| Fault::Broken)?;
    reader.limits(Limits::no_limits());
    let format = reader.format();
    if format == Some(ImageFormat::Jpeg) && !is_whole_jpeg(bytes) {
        return Err(Fault::Broken);
    }
    let mut decoder = reader.into_decoder().map_err(|error| fault_of(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::PICTURE_PIXELS {
        return Err(Fault::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(Fault::Broken);
    }
    let orientation = decoder.orientation().map_err(|error| fault_of(&error))?;
    // what a camera wrote in another way than all do is not known
    let written = decoder.exif_metadata().ok().flatten();
    let shot = written.map(exif::read).unwrap_or_default();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| fault_of(&error))?;
    picture = reduced(picture, limits::PICTURE_SIDE);
    // upright once it is small: turning takes another picture's memory
    picture.apply_orientation(orientation);
    let small = reduced(picture.clone(), limits::PREVIEW_SIDE);
    let (preview, likeness) = (jpeg(&small, PREVIEW_QUALITY)?, likeness_of(&small));
    let is_drawing = format == Some(ImageFormat::Png);
    if is_drawing {
        let kept = png(&picture)?;
        if kept.len() as u64 <= limits::PICTURE_BYTES {
            return Ok(Drawn { media: Media::Png, kept, preview, likeness, shot });
        }
    }
    Ok(Drawn { media: Media::Jpeg, kept: jpeg(&picture, QUALITY)?, preview, likeness, shot })
}

/// The same picture, its longest side no longer than so many pixels.
fn reduced(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        return picture;
    }
    let ratio = picture.width().max(picture.height()) / side;
    // far larger ones are first made smaller in whole steps, which is quick
    let picture = if ratio >= 4 { picture.thumbnail(2 * side, 2 * side) } else { picture };
    picture.resize(side, side, Resampling::Triangle)
}

/// What a picture looks like: its parts are made out as greys, as few as are compared.
fn likeness_of(picture: &DynamicImage) -> Option<Likeness> {
    let (width, height) = likeness::SIZE;
    let seen = DynamicImage::ImageRgb8(on_paper(picture));
    let few = seen.resize_exact(width, height, Resampling::Triangle).to_luma8();
    let mut greys = [[0; likeness::COLUMNS]; likeness::ROWS];
    for (row, found) in greys.iter_mut().zip(few.rows()) {
        for (grey, pixel) in row.iter_mut().zip(found) {
            *grey = pixel.0[0];
        }
    }
    Likeness::of(&greys)
}

/// Whether the data of the picture itself comes to its end; those of a small one that a camera put
/// before it do not count.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let last = |mark: &[u8]| bytes.windows(2).rposition(|pair| pair == mark);
    match (last(b"\xFF\xDA"), last(b"\xFF\xD9")) {
        (Some(begin), Some(end)) => begin < end,
        _ => false,
    }
}

fn fault_of(error: &ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => Fault::TooDemanding,
        _ => Fault::Broken,
    }
}

/// The pixels on white paper: JPEG knows nothing of what shines through.
fn on_paper(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        let over = |part: u8| {
            let (part, alpha) = (u16::from(part), u16::from(alpha));
            u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let pixels = on_paper(picture);
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    let (width, height) = pixels.dimensions();
    let written = encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8);
    written.map_err(|_| Fault::TooDemanding)?;
    Ok(bytes)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    let (width, height) = (picture.width(), picture.height());
    let written = if picture.color().has_alpha() {
        encoder.write_image(&picture.to_rgba8(), width, height, ExtendedColorType::Rgba8)
    } else {
        encoder.write_image(&picture.to_rgb8(), width, height, ExtendedColorType::Rgb8)
    };
    written.map_err(|_| Fault::TooDemanding)?;
    Ok(bytes)
}
