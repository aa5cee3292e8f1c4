//! Photos of inspections: there once however often they come, and doubted where they look like those of
//! an inspection before.

use entity::{
    account::Role,
    asset,
    attachment::{self, Subject},
    inspection,
};
use taizhang::{
    app::{
        self,
        attachment::{Looked, keep_photos},
        inspection::{alike, record},
    },
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{forbidden, not_found, refused},
    files::{look, pdf, view},
    inspections::good,
    town::{VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_photo_that_comes_again_is_there_once,
    a_photo_that_was_used_before_is_doubted,
    what_nobody_may_see_is_not_told,
    only_pictures_are_photos_and_not_too_many,
);

async fn inspected(town: &Town, actor: &Actor, asset: &asset::Model, n: u32) -> inspection::Model {
    let sent = good(asset, n, town.ledger.clock().now());
    record(&town.ledger, actor, asset.id, &sent).await.expect("kept")
}

/// A view, as a phone wrote it the one time and another time.
async fn photo(n: u32, side: u32, quality: u8) -> Looked {
    look(&format!("{n}-{side}.jpg"), &view(n, side, quality)).await.expect("a picture")
}

async fn bring(town: &Town, actor: &Actor, row: &inspection::Model, photos: &[Looked]) {
    keep_photos(&town.ledger, actor, row.id, photos).await.expect("kept");
}

async fn photos_of(town: &Town, row: &inspection::Model) -> Vec<attachment::Model> {
    let mut files = town.rows::<attachment::Entity>().await;
    files.retain(|file| (file.subject, file.subject_id) == (Subject::Inspection, row.id.0));
    files
}

/// Names of the photos of an inspection that are doubted, each with the earlier one.
async fn doubted(town: &Town, actor: &Actor, row: &inspection::Model) -> Vec<(String, String)> {
    let read = town.ledger.read(actor);
    let found = alike(&read, row, &photos_of(town, row).await).await.expect("told");
    found.into_iter().map(|one| (one.photo.file_name, one.earlier.file_name)).collect()
}

async fn a_photo_that_comes_again_is_there_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let row = inspected(town, &inspector, &asset, 1).await;
    let photos = [photo(1, 900, 90).await, photo(2, 900, 90).await];
    bring(town, &inspector, &row, &photos[..1]).await;
    let entries = town.n_entries().await;
    bring(town, &inspector, &row, &photos[..1]).await;
    assert_eq!(town.n_entries().await, entries, "nothing was written");
    bring(town, &inspector, &row, &photos).await;
    let kept = photos_of(town, &row).await;
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|file| file.likeness.as_ref().is_some_and(|text| text.len() == 16)));
    // one that was withdrawn does not come back by being sent again
    let operator = Actor::operator();
    app::attachment::withdraw(&town.ledger, &operator, (kept[0].id, 1), "拍错了")
        .await
        .expect("withdrawn");
    bring(town, &inspector, &row, &photos).await;
    assert_eq!(photos_of(town, &row).await.len(), 2);
    let leader = town.as_role(Role::Leader).await;
    forbidden(keep_photos(&town.ledger, &leader, row.id, &photos).await);
    let there = town.as_other(Role::Inspector).await;
    not_found(keep_photos(&town.ledger, &there, row.id, &photos).await);
}

async fn a_photo_that_was_used_before_is_doubted(town: &Town) {
    let inspector = town.as_role(Role::Inspector).await;
    let officer = town.as_role(Role::TownshipClerk).await;
    let road = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let canal = town.asset(VILLAGE_B1, "灌溉渠", "1000.00").await;
    let first = inspected(town, &inspector, &road, 1).await;
    bring(town, &inspector, &first, &[photo(1, 1_600, 92).await, photo(2, 1_600, 92).await]).await;
    assert!(doubted(town, &inspector, &first).await.is_empty(), "there is nothing before it");
    // the same asset by another, the photo smaller and written anew
    let second = inspected(town, &officer, &road, 2).await;
    let again = [photo(1, 700, 60).await, photo(3, 1_600, 92).await];
    bring(town, &officer, &second, &again).await;
    let expected = [("1-700.jpg".to_owned(), "1-1600.jpg".to_owned())];
    assert_eq!(doubted(town, &officer, &second).await, expected);
    assert!(doubted(town, &inspector, &first).await.is_empty(), "the earlier one stays undoubted");
    // another asset by the same account
    let third = inspected(town, &inspector, &canal, 3).await;
    bring(town, &inspector, &third, &[photo(2, 800, 70).await]).await;
    let expected = [("2-800.jpg".to_owned(), "2-1600.jpg".to_owned())];
    assert_eq!(doubted(town, &inspector, &third).await, expected);
    // another asset by another account is not compared
    let fourth = inspected(town, &Actor::operator(), &canal, 4).await;
    bring(town, &Actor::operator(), &fourth, &[photo(3, 1_600, 92).await]).await;
    assert!(doubted(town, &inspector, &fourth).await.is_empty());
}

async fn what_nobody_may_see_is_not_told(town: &Town) {
    let inspector = town.as_role(Role::Inspector).await;
    let road = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let canal = town.asset(VILLAGE_B1, "灌溉渠", "1000.00").await;
    let before = inspected(town, &inspector, &canal, 1).await;
    bring(town, &inspector, &before, &[photo(1, 900, 90).await]).await;
    let row = inspected(town, &inspector, &road, 2).await;
    bring(town, &inspector, &row, &[photo(1, 800, 80).await]).await;
    assert_eq!(doubted(town, &inspector, &row).await.len(), 1);
    // whoever sees the village of the road alone is told nothing of the canal
    let officer = town.as_role(Role::VillageOfficer).await;
    assert!(doubted(town, &officer, &row).await.is_empty());
}

async fn only_pictures_are_photos_and_not_too_many(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    let inspector = town.as_role(Role::Inspector).await;
    let row = inspected(town, &inspector, &asset, 1).await;
    let paper = [look("批复.pdf", &pdf("批复")).await.expect("a file")];
    let done = keep_photos(&town.ledger, &inspector, row.id, &paper).await;
    refused(done, "attachment.photo_no_picture");
    let mut photos = Vec::new();
    for n in 0..=u32::try_from(limits::FILES_PER_THING).expect("few") {
        photos.push(photo(n, 40, 90).await);
    }
    let most = &photos[..limits::FILES_PER_THING];
    bring(town, &inspector, &row, most).await;
    let done = keep_photos(&town.ledger, &inspector, row.id, &photos).await;
    refused(done, "attachment.full");
    bring(town, &inspector, &row, most).await;
    assert_eq!(photos_of(town, &row).await.len(), limits::FILES_PER_THING);
}
