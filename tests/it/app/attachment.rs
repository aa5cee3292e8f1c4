//! Files attached to assets, titles and duties: what is taken and what is not, how they are kept, and
//! who is handed them.

use entity::{
    account::Role,
    area::AreaCode,
    asset,
    attachment::{self, Kind, Media, content},
    duty,
    title::State,
};
use image::GenericImageView as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use taizhang::{
    app::{
        self,
        attachment::{Thing, attach},
    },
    domain::{
        duty::Terms,
        title::{self as titles, Party},
    },
    error::Error,
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{forbidden, not_found, refused},
    files::{digest, docx, jpeg, jpeg_of_telephone, look, packed, pdf, png, png_bomb},
    inspections,
    town::{COUNTY, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    a_file_is_kept_sealed_and_handed_out_as_it_was,
    the_same_content_is_kept_once_and_attached_once,
    files_of_titles_and_duties_belong_to_their_asset,
    files_follow_an_asset_into_another_village,
    who_may_not_amend_a_thing_attaches_nothing,
    whoever_inspects_brings_photos_of_it,
    a_file_is_withdrawn_for_a_reason_and_stays,
    all_files_of_a_form_are_attached_or_none,
);

async fn read_back(town: &Town, actor: &Actor, id: entity::id::AttachmentId) -> Vec<u8> {
    let read = town.ledger.read(actor);
    app::attachment::content(&read, id).await.expect("a content").1
}

async fn a_file_is_kept_sealed_and_handed_out_as_it_was(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.clerk().await;
    let bytes = pdf("批复〔2026〕7号");
    let thing = Thing::Asset(asset.id);
    let row = town.attach(&clerk, thing, ("../批复.docx", &bytes)).await.expect("attached");
    assert_eq!((&*row.file_name, row.media, row.kind), ("批复.docx", Media::Pdf, Kind::Other));
    assert_eq!((row.digest.clone(), row.brought_digest.clone()), (digest(&bytes), digest(&bytes)));
    assert_eq!(
        (row.area_code, row.size),
        (asset.area_code, i64::try_from(bytes.len()).expect("a size"))
    );
    assert_eq!(read_back(town, &clerk, row.id).await, bytes);
    let contents = town.rows::<content::Entity>().await;
    assert_eq!(contents.len(), 1);
    assert!(!contents[0].sealed.windows(8).any(|part| part == &bytes[..8]), "it is sealed");
    // the log tells of it and holds nothing of it
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (entry["action"].as_str(), entry["actor"].as_str()),
        (Some("attachment.attach"), Some("finance-clerk"))
    );
    let after = &entry["changes"][0]["after"];
    assert_eq!(
        (after["digest"].as_str(), after["kind"].as_str()),
        (Some(&*row.digest), Some("other"))
    );
    assert!(!entry.to_string().contains("MediaBox"));
    let told = app::attachment::of_asset(&town.ledger.read(&clerk), asset.id).await.expect("files");
    assert_eq!(told.iter().map(|one| &*one.actor).collect::<Vec<_>>(), ["finance-clerk"]);
    let (_, is_whole) =
        app::attachment::check(&town.ledger.read(&clerk), row.id).await.expect("checked");
    assert!(is_whole);
    // what belongs elsewhere is not there
    let there = town.as_other(Role::FinanceClerk).await;
    let read = town.ledger.read(&there);
    not_found(app::attachment::content(&read, row.id).await);
    not_found(app::attachment::preview(&read, row.id).await);
    not_found(app::attachment::check(&read, row.id).await);
    not_found(app::attachment::of_asset(&read, asset.id).await);
    not_found(town.attach(&there, thing, ("b.pdf", &pdf("b"))).await);
    not_found(app::attachment::withdraw(&town.ledger, &there, (row.id, 1), "不该").await);
}

async fn the_same_content_is_kept_once_and_attached_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let other = town.asset(VILLAGE_B1, "灌溉渠", "10.00").await;
    let operator = Actor::operator();
    let (bytes, thing) = (png(30, 20), Thing::Asset(asset.id));
    let row = town.attach(&operator, thing, ("a.png", &bytes)).await.expect("attached");
    let again = town.attach(&operator, thing, ("b.png", &bytes)).await;
    refused(again, "attachment.there_already");
    // what was downloaded is the same, though its bytes are others
    let kept = read_back(town, &operator, row.id).await;
    assert_ne!(digest(&kept), row.brought_digest);
    refused(town.attach(&operator, thing, ("c.png", &kept)).await, "attachment.there_already");
    let n = town.rows::<content::Entity>().await.len();
    let there = town.attach(&operator, Thing::Asset(other.id), ("a.png", &bytes)).await;
    assert_eq!(there.expect("attached").digest, row.digest);
    assert_eq!(town.rows::<content::Entity>().await.len(), n, "kept once");
    // once it was withdrawn it may be brought again
    let reason = "拍错了";
    app::attachment::withdraw(&town.ledger, &operator, (row.id, 1), reason)
        .await
        .expect("withdrawn");
    town.attach(&operator, thing, ("a.png", &bytes)).await.expect("attached");
}

async fn files_of_titles_and_duties_belong_to_their_asset(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let title = Thing::Title(asset.id);
    not_found(town.attach(&operator, title, ("证.pdf", &pdf("证"))).await);
    let next = entity::title::Model {
        state: State::InProgress,
        ..titles::blank(asset.id, asset.area_code)
    };
    let opened = app::title::settle(ledger, &operator, asset.id, next, &[]).await.expect("a title");
    let body = town.collective(VILLAGE_A1).await;
    let party = (duty::Kind::Maintainer, Party::Organization(body));
    let duties = app::duty::assign(ledger, &operator, &[asset.id], party, &Terms::default()).await;
    let duty = duties.expect("a duty")[0].clone();
    let of_title = town.attach(&operator, title, ("证.pdf", &pdf("证"))).await.expect("attached");
    let of_duty = Thing::Duty(duty.id);
    let of_duty =
        town.attach(&operator, of_duty, ("协议.pdf", &pdf("证"))).await.expect("attached");
    assert_eq!((of_title.subject_id, of_duty.subject_id), (opened.id.0, duty.id.0));
    assert_eq!((of_title.asset_id, of_duty.asset_id), (asset.id, asset.id));
    // the department amends assets and settles no titles
    let department = town.as_role(Role::DepartmentOfficer).await;
    forbidden(town.attach(&department, title, ("b.pdf", &pdf("b"))).await);
    forbidden(app::attachment::withdraw(ledger, &department, (of_title.id, 1), "x").await);
    town.attach(&department, Thing::Duty(duty.id), ("b.pdf", &pdf("b"))).await.expect("attached");
    let read = ledger.read(&operator);
    let history =
        app::history::of_asset(&read, asset.id, None, 50, entity::language::Language::English);
    let (entries, _) = history.await.expect("a history");
    let attached = entries.iter().filter(|one| one.entry.action == "attachment.attach");
    assert_eq!(attached.count(), 3);
}

async fn files_follow_an_asset_into_another_village(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let thing = Thing::Asset(asset.id);
    let row = town.attach(&operator, thing, ("a.pdf", &pdf("a"))).await.expect("attached");
    let moved = |row| asset::Model { area_code: code(VILLAGE_A2), ..row };
    app::asset::correct(ledger, &operator, (asset.id, 1), "村填错了", moved).await.expect("moved");
    assert_eq!(town.row::<attachment::Entity>(row.id).await.area_code, code(VILLAGE_A2));
    let village = town.as_role(Role::VillageOfficer).await;
    not_found(app::attachment::content(&ledger.read(&village), row.id).await);
    let [from, into]: [AreaCode; 2] = [code(VILLAGE_A2), code(VILLAGE_B1)];
    app::area::merge(ledger, &operator, from, into, town.today()).await.expect("merged");
    assert_eq!(town.row::<attachment::Entity>(row.id).await.area_code, into);
}

async fn who_may_not_amend_a_thing_attaches_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let thing = Thing::Asset(asset.id);
    let operator = Actor::operator();
    let row = town.attach(&operator, thing, ("a.pdf", &pdf("a"))).await.expect("attached");
    for role in [Role::Auditor, Role::Leader, Role::VillageOfficer, Role::Inspector] {
        let actor = town.as_role(role).await;
        forbidden(town.attach(&actor, thing, ("b.pdf", &pdf("b"))).await);
        forbidden(app::attachment::withdraw(&town.ledger, &actor, (row.id, 1), "x").await);
        assert_eq!(read_back(town, &actor, row.id).await, pdf("a"), "{role:?} reads");
    }
    let [first, second] =
        ["桥段一", "桥段二"].map(|name| taizhang::domain::asset::division::Part {
            name: name.to_owned(),
            original_value: crate::harness::town::yuan("500.00"),
            quantity: asset.quantity,
        });
    let parts = [first, second];
    app::asset::split(&town.ledger, &operator, (asset.id, 1), &parts, "分段").await.expect("split");
    refused(town.attach(&operator, thing, ("b.pdf", &pdf("b"))).await, "asset.not_held");
}

async fn whoever_inspects_brings_photos_of_it(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let made = inspections::good(&asset, 1, town.ledger.clock().now());
    let made = app::inspection::record(&town.ledger, &inspector, asset.id, &made).await;
    let made = made.expect("an inspection");
    let thing = Thing::Inspection(made.id);
    let row = town.attach(&inspector, thing, ("护栏.jpg", &jpeg(40, 30))).await.expect("attached");
    assert_eq!((row.kind, row.asset_id, row.subject_id), (Kind::Photo, asset.id, made.id.0));
    let again = town.attach(&inspector, thing, ("护栏二.jpg", &jpeg(40, 30))).await;
    refused(again, "attachment.there_already");
    // a clerk who goes nowhere brings none, and nobody to what lies elsewhere
    forbidden(town.attach(&town.clerk().await, thing, ("a.jpg", &jpeg(41, 30))).await);
    let there = town.as_other(Role::Inspector).await;
    not_found(town.attach(&there, thing, ("a.jpg", &jpeg(42, 30))).await);
    assert_eq!(town.last_entry(COUNTY).await["action"], "inspection.record");
    // what was brought is withdrawn at a desk
    let named = (row.id, 1);
    forbidden(app::attachment::withdraw(&town.ledger, &inspector, named, "拍错了").await);
    let clerk = town.as_role(Role::TownshipClerk).await;
    let withdrawn = app::attachment::withdraw(&town.ledger, &clerk, named, "拍错了").await;
    assert!(withdrawn.expect("withdrawn").is_withdrawn);
}

async fn a_file_is_withdrawn_for_a_reason_and_stays(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let thing = Thing::Asset(asset.id);
    let row = town.attach(&clerk, thing, ("a.jpg", &jpeg(40, 30))).await.expect("attached");
    let withdraw = async |version, reason| {
        app::attachment::withdraw(ledger, &clerk, (row.id, version), reason).await
    };
    refused(withdraw(1, " ").await, "action.reason_missing");
    assert!(matches!(withdraw(2, "拍错了").await, Err(Error::Conflict)));
    let done = withdraw(1, "拍错了").await.expect("withdrawn");
    assert!(done.is_withdrawn && done.version == 2);
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (entry["action"].as_str(), entry["note"]["reason"].as_str()),
        (Some("attachment.withdraw"), Some("拍错了"))
    );
    let read = ledger.read(&clerk);
    refused(app::attachment::content(&read, row.id).await, "attachment.withdrawn");
    refused(app::attachment::preview(&read, row.id).await, "attachment.withdrawn");
    assert!(app::attachment::check(&read, row.id).await.expect("checked").1, "it stays");
    refused(withdraw(2, "再撤").await, "attachment.withdrawn");
}

async fn all_files_of_a_form_are_attached_or_none(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let operator = Actor::operator();
    let before = town.everything().await;
    let mut all = Vec::new();
    for n in 0..limits::FILES_PER_FORM {
        all.push(look(&format!("{n}.pdf"), &pdf(&n.to_string())).await.expect("looked into"));
    }
    let thing = Thing::Asset(asset.id);
    let photos = attach(&town.ledger, &operator, thing, &all, Some(Kind::Photo)).await;
    refused(photos, "attachment.photo_no_picture");
    assert_eq!(town.everything().await, before);
    let done = attach(&town.ledger, &operator, thing, &all, Some(Kind::Minutes)).await;
    let done = done.expect("attached");
    assert_eq!((done.len(), done[0].kind), (limits::FILES_PER_FORM, Kind::Minutes));
    all.push(look("one.pdf", &pdf("one more")).await.expect("looked into"));
    let more = attach(&town.ledger, &operator, thing, &all, None).await;
    refused(more, "attachment.too_many");
    refused(attach(&town.ledger, &operator, thing, &[], None).await, "attachment.too_many");
    let kept = attachment::Entity::find().filter(attachment::Column::AssetId.eq(asset.id));
    assert_eq!(kept.all(&town.db).await.expect("rows").len(), limits::FILES_PER_FORM);
}

/// What is answered to a file that is not taken.
async fn code_of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    match look(name, bytes).await {
        Ok(_) => None,
        Err(Error::Refused(refusal)) => Some(refusal.code),
        Err(other) => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn hostile_files_are_refused_each_for_what_it_is() {
    let mut cut = jpeg(200, 100);
    cut.truncate(cut.len() / 2);
    let polyglot = [&b"%PDF-1.4\n<html><script>alert(1)</script></html>\n"[..], &pdf("x")].concat();
    let macros = docx(&[("word/vbaProject.bin", b"x")]);
    let mut text = pdf("x");
    text.truncate(20);
    for (name, bytes, code) in [
        ("zero.pdf", &b""[..], "attachment.empty"),
        ("a.pdf", &polyglot, "attachment.pdf_active"),
        ("a.pdf", b"<html>%PDF-1.4</html>", "attachment.active"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "attachment.active"),
        ("bomb.png", &png_bomb(50_000, 50_000), "attachment.too_many_pixels"),
        ("cut.jpg", &cut, "attachment.broken"),
        ("cut.pdf", &text, "attachment.broken"),
        ("cut.png", &png(90, 90)[..100], "attachment.broken"),
        ("合同.docx", &macros, "attachment.macros"),
        ("合同.docx", &packed(&[("a.txt", b"a")]), "attachment.packed"),
        ("run.pdf", b"MZ\x90\0", "attachment.packed"),
        ("a.jpg", b"GIF89a", "attachment.unknown"),
    ] {
        assert_eq!(code_of(name, bytes).await, Some(code), "{name}");
    }
    for (name, bytes, media) in [
        ("a.exe", pdf("x"), Media::Pdf),
        ("a.pdf", png(9, 9), Media::Png),
        ("a", docx(&[]), Media::Docx),
    ] {
        assert_eq!(look(name, &bytes).await.expect("taken").file.media, media, "{name}");
    }
}

#[tokio::test]
async fn files_have_their_size_and_not_a_byte_more() {
    let padded = |mut bytes: Vec<u8>, most: u64, end: &[u8]| {
        let most = usize::try_from(most).expect("a number");
        bytes.resize(most - end.len(), b' ');
        bytes.extend(end);
        bytes
    };
    let document = padded(pdf("x"), limits::DOCUMENT_BYTES, b"%%EOF");
    assert_eq!(code_of("a.pdf", &document).await, None);
    let more = padded(pdf("x"), limits::DOCUMENT_BYTES + 1, b"%%EOF");
    assert_eq!(code_of("a.pdf", &more).await, Some("attachment.too_large"));
    // what follows the end of a picture is no part of it
    let picture = padded(png(9, 9), limits::PICTURE_BYTES, b"");
    let looked = look("a.png", &picture).await.expect("taken");
    assert!(looked.file.size < 1_000, "{}", looked.file.size);
    let more = padded(png(9, 9), limits::PICTURE_BYTES + 1, b"");
    assert_eq!(code_of("a.png", &more).await, Some("attachment.too_large"));
}

#[tokio::test]
async fn a_picture_is_written_anew_upright_and_without_what_the_camera_put_in() {
    let brought = jpeg_of_telephone(400, 200);
    let holds = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|one| one == part);
    assert!(holds(&brought, b"Exif") && holds(&brought, b"GPSCAMERA1"));
    let looked = look("IMG_1.jpg", &brought).await.expect("taken");
    let kept = std::fs::read(&looked.kept).expect("bytes");
    let preview = std::fs::read(looked.preview.as_ref().expect("one")).expect("bytes");
    for bytes in [&kept, &preview] {
        assert!(!holds(bytes, b"Exif") && !holds(bytes, b"GPS"), "nothing of the camera is left");
    }
    // it is told apart from the picture: 10:03:04 in China, 26°35′53.52″ north, 106°42′25.99″ east
    let shot = serde_json::to_value(looked.file.shot).expect("a value");
    let told = json!({ "at": "2026-06-01T02:03:04Z", "place": ["106.70721944", "26.5982"] });
    assert_eq!(shot, told);
    assert_eq!(looked.file.brought_digest, digest(&brought));
    assert_eq!(looked.file.digest, digest(&kept));
    assert_eq!(looked.file.preview_digest, Some(digest(&preview)));
    let upright = image::load_from_memory(&kept).expect("a picture");
    assert_eq!(upright.dimensions(), (200, 400));
    let is = |x, y, part: usize| {
        let pixel = upright.get_pixel(x, y).0;
        pixel[part] > 200 && pixel[(part + 1) % 3] < 60 && pixel[(part + 2) % 3] < 60
    };
    // what was above is to the right, what was at the upper left is at the upper right
    assert!(is(180, 20, 1) && is(180, 300, 0) && is(20, 300, 2));
    let again = look("IMG_1.jpg", &brought).await.expect("taken");
    assert_eq!(again.file.digest, looked.file.digest, "the same comes out of the same");
}

#[tokio::test]
async fn a_large_picture_is_made_smaller_and_one_of_too_many_pixels_is_not_taken() {
    let looked = look("a.jpg", &jpeg(5_200, 1_300)).await.expect("taken");
    let size = |path: &std::path::Path| {
        image::load_from_memory(&std::fs::read(path).expect("bytes")).expect("one").dimensions()
    };
    assert_eq!(size(&looked.kept), (limits::PICTURE_SIDE, 640));
    assert_eq!(size(looked.preview.as_ref().expect("one")), (limits::PREVIEW_SIDE, 120));
    let small = look("a.png", &png(100, 60)).await.expect("taken");
    assert_eq!((size(&small.kept), small.file.media), ((100, 60), Media::Png));
    // at the limit, and a row of pixels past it
    let (width, height) = (8_000, u32::try_from(limits::PICTURE_PIXELS / 8_000).expect("a number"));
    let most = look("most.jpg", &jpeg(width, height)).await.expect("taken");
    assert_eq!(size(&most.kept), (limits::PICTURE_SIDE, 1_600));
    let past = code_of("past.jpg", &jpeg(width, height + 1)).await;
    assert_eq!(past, Some("attachment.too_many_pixels"));
}

#[tokio::test]
async fn pictures_with_transparency_keep_it_and_their_small_ones_are_on_white() {
    let glass = image::RgbaImage::from_pixel(20, 20, image::Rgba([255, 0, 0, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    glass.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    let looked = look("章.png", bytes.get_ref()).await.expect("taken");
    let opened = |path: &std::path::Path| {
        image::load_from_memory(&std::fs::read(path).expect("bytes")).expect("a picture")
    };
    let kept = opened(&looked.kept);
    assert_eq!(kept.get_pixel(5, 5).0[3], 0);
    let preview = opened(looked.preview.as_ref().expect("one"));
    assert!(preview.get_pixel(5, 5).0[..3].iter().all(|part| *part > 250));
}
