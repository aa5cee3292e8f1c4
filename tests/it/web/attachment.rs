//! Files on pages: brought by a plain form, shown on the card, looked at again, withdrawn.

use axum::http::Method;
use entity::{account::Role, attachment, duty};
use taizhang::{
    app::{self, attachment::Thing},
    domain::{duty::Terms, title::Party},
    store::Actor,
};

use super::{Browser, form_of, hidden};
use crate::{
    api::Reply,
    harness::{
        Town,
        files::{digest, docx, jpeg, pdf, png},
        town::{VILLAGE_A1, VILLAGE_B1},
    },
};

on_both!(
    files_are_brought_shown_and_withdrawn,
    what_is_wrong_with_a_file_is_told_where_it_was_chosen,
    the_same_form_of_files_is_carried_out_once,
    a_form_of_another_page_brings_nothing,
    files_of_a_duty_stand_beside_it,
    a_file_that_was_altered_is_told,
    files_of_another_village_are_not_there,
);

fn files_of(code: &str) -> String {
    format!("/assets/{code}/files")
}

/// Sends the form of the page with files in it.
async fn bring(
    browser: &mut Browser,
    page: &str,
    texts: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Reply {
    let text = browser.open(page).await.is(200).text();
    let mut all = hidden(form_of(&text, page));
    all.retain(|(name, _)| texts.iter().all(|(set, _)| set != name));
    let mut all: Vec<(&str, &str)> =
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(texts);
    send(browser, page, &all, files).await
}

async fn send(
    browser: &Browser,
    address: &str,
    texts: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Reply {
    let call = browser.client.ask(Method::POST, address).header("cookie", &browser.cookie());
    call.header("sec-fetch-site", "same-origin").form(texts, files).send().await
}

async fn files_are_brought_shown_and_withdrawn(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = files_of(&asset.code);
    let empty = browser.open(&page).await.is(200).text();
    assert!(empty.contains("还没有附件") && empty.contains("multiple"), "{empty}");
    let (photo, text) = (jpeg(900, 600), pdf("批复"));
    let files: [(&str, &[u8]); 2] = [("桥头<b>.jpg", &photo), ("..\\批复.pdf", &text)];
    let led = bring(&mut browser, &page, &[("to", "asset")], &files).await.is(303);
    assert_eq!(led.header("location"), format!("{page}?done=attached"));
    let shown = browser.open(led.header("location")).await.is(200).text();
    assert!(shown.contains("已保存") && shown.contains("附件 <b>2</b>"), "{shown}");
    assert!(shown.contains("桥头&lt;b&gt;.jpg") && shown.contains(">批复.pdf<"), "{shown}");
    assert!(shown.contains("finance-clerk") && shown.contains(&digest(&text)[..12]));
    let rows = town.rows::<attachment::Entity>().await;
    let of = |name: &str| rows.iter().find(|row| row.file_name == name).expect("a file").clone();
    let (photo, text) = (of("桥头<b>.jpg"), of("批复.pdf"));
    // the photo stands beside every part of the card, small
    let facts = browser.open(&format!("/assets/{}", asset.code)).await.is(200).text();
    let preview = format!("/files/{}/preview", photo.id);
    assert!(facts.contains(&format!("src=\"{preview}\"")) && facts.contains(">照片<"), "{facts}");
    let small = browser.open(&preview).await.is(200);
    assert_eq!(small.header("content-type"), "image/jpeg");
    assert_eq!(small.header("cache-control"), "private, max-age=3600");
    let content = browser.open(&format!("/files/{}/content", text.id)).await.is(200);
    assert!(content.header("content-disposition").starts_with("attachment; "));
    assert_eq!(content.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(digest(&content.body), text.digest);
    // looked at again
    let checked = browser.open(&format!("{page}?checked={}", text.id)).await.is(200).text();
    assert!(checked.contains("核对无误") && checked.contains(&text.digest), "{checked}");
    // withdrawn, for a reason
    let address = format!("/files/{}/withdraw", photo.id);
    let none = browser.fill(&page, &address, &[("reason", " ")]).await.is(422).text();
    assert!(none.contains("须写明理由") && none.contains("<details open"), "{none}");
    let done = browser.fill(&page, &address, &[("reason", "拍错了")]).await.is(303);
    assert_eq!(done.header("location"), format!("{page}?done=withdrawn"));
    let left = browser.open(&page).await.is(200).text();
    assert!(left.contains("<del>桥头&lt;b&gt;.jpg</del>") && left.contains("已撤回"), "{left}");
    assert!(!left.contains(&preview) && left.contains("附件 <b>1</b>"));
    browser.open(&preview).await.is(410);
    let history = browser.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(
        history.contains("上传附件") && history.contains("撤回附件") && history.contains("拍错了")
    );
    // whoever reads alone is offered no form
    let mut leader = town.browser(Role::Leader).await;
    let read = leader.open(&page).await.is(200).text();
    assert!(read.contains("批复.pdf") && !read.contains("multipart/form-data"), "{read}");
    assert!(!read.contains("/withdraw\""));
}

async fn what_is_wrong_with_a_file_is_told_where_it_was_chosen(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = files_of(&asset.code);
    let before = town.n_entries().await;
    let text = pdf("x");
    let good: (&str, &[u8]) = ("a.pdf", &text);
    let macros = docx(&[("word/vbaProject.bin", b"x")]);
    for (texts, files, words) in [
        (vec![("kind", "contract")], vec![], "请选择文件"),
        (vec![("kind", "contract")], vec![("", &b""[..])], "请选择文件"),
        (vec![("kind", "contract")], vec![good, ("合同.docx", &macros)], "带有宏"),
        (vec![("kind", "contract")], vec![good; 6], "一次最多上传 5 个文件"),
        (vec![("kind", "photo")], vec![good], "不是图片"),
        (vec![("to", "elsewhere")], vec![good], "请选择附于哪一项"),
    ] {
        let reply = bring(&mut browser, &page, &texts, &files).await.is(422).text();
        assert!(reply.contains(words) && reply.contains("role=\"alert\""), "{words}: {reply}");
        if texts[0] == ("kind", "contract") && files.len() < 6 {
            assert!(reply.contains("value=\"contract\" selected"), "what was chosen stays");
        }
    }
    bring(&mut browser, &page, &[("to", "title")], &[good]).await.is(404);
    bring(&mut browser, &page, &[("to", "duty:999")], &[good]).await.is(404);
    assert_eq!(town.n_entries().await, before);
    assert!(town.rows::<attachment::content::Entity>().await.is_empty());
}

async fn the_same_form_of_files_is_carried_out_once(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = files_of(&asset.code);
    let text = browser.open(&page).await.is(200).text();
    let carried = hidden(form_of(&text, &page));
    let carried: Vec<(&str, &str)> =
        carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = pdf("x");
    let files: [(&str, &[u8]); 1] = [("a.pdf", &text)];
    for _ in 0..2 {
        let led = send(&browser, &page, &carried, &files).await.is(303);
        assert_eq!(led.header("location"), format!("{page}?done=attached"));
    }
    assert_eq!(town.rows::<attachment::Entity>().await.len(), 1);
}

async fn a_form_of_another_page_brings_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let browser = town.browser(Role::FinanceClerk).await;
    let page = files_of(&asset.code);
    let text = pdf("x");
    let files: [(&str, &[u8]); 1] = [("a.pdf", &text)];
    let forged = send(&browser, &page, &[("mark", "0"), ("key", "a-key")], &files).await;
    forged.is(403);
    send(&browser, &page, &[("key", "a-key")], &files).await.is(403);
    let call = browser.client.ask(Method::POST, &page).header("cookie", &browser.cookie());
    call.header("sec-fetch-site", "cross-site").form(&[], &files).send().await.is(403);
    assert!(town.rows::<attachment::Entity>().await.is_empty());
}

async fn files_of_a_duty_stand_beside_it(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let operator = Actor::operator();
    let party = (duty::Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let ledger = &town.ledger;
    let duties = app::duty::assign(ledger, &operator, &[asset.id], party, &Terms::default()).await;
    let duty = duties.expect("a duty")[0].id;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = files_of(&asset.code);
    let offered = browser.open(&format!("{page}?to=duty:{duty}")).await.is(200).text();
    assert!(offered.contains(&format!("value=\"duty:{duty}\" selected")), "{offered}");
    let text = pdf("协议");
    let to = format!("duty:{duty}");
    let texts = [("to", to.as_str()), ("kind", "agreement")];
    bring(&mut browser, &page, &texts, &[("协议.pdf", &text)]).await.is(303);
    let upkeep = browser.open(&format!("/assets/{}/duty", asset.code)).await.is(200).text();
    assert!(upkeep.contains("管护协议") && upkeep.contains(">协议.pdf<"), "{upkeep}");
}

async fn a_file_that_was_altered_is_told(town: &Town) {
    use sea_orm::ConnectionTrait as _;
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let thing = Thing::Asset(asset.id);
    let row = town.attach(&Actor::operator(), thing, ("a.pdf", &pdf("x"))).await.expect("attached");
    let alter = async |sql: &str| town.db.execute_unprepared(sql).await.expect("altered");
    let (free, keep) = if town.is_postgres() {
        let set = |how: &str| format!("ALTER TABLE attachment_content {how} TRIGGER ALL");
        (set("DISABLE"), set("ENABLE"))
    } else {
        ("DROP TRIGGER attachment_content_no_UPDATE".to_owned(), "SELECT 1".to_owned())
    };
    alter(&free).await;
    let digits = if town.is_postgres() { "'\\x00'::bytea" } else { "x'00'" };
    let kept = town.rows::<attachment::content::Entity>().await[0].sealed.clone();
    alter(&format!("UPDATE attachment_content SET sealed = {digits}")).await;
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = format!("{}?checked={}", files_of(&asset.code), row.id);
    let told = browser.open(&page).await.is(200).text();
    assert!(told.contains("核对不符") && told.contains("note bad"), "{told}");
    browser.open(&format!("/files/{}/content", row.id)).await.is(500);
    // as it was, for whoever verifies the ledger after this
    let hexadecimal: String = kept.iter().map(|byte| format!("{byte:02x}")).collect();
    let back = if town.is_postgres() {
        format!("'\\x{hexadecimal}'::bytea")
    } else {
        format!("x'{hexadecimal}'")
    };
    alter(&format!("UPDATE attachment_content SET sealed = {back}")).await;
    alter(&keep).await;
    assert!(browser.open(&page).await.is(200).text().contains("核对无误"));
}

async fn files_of_another_village_are_not_there(town: &Town) {
    let asset = town.asset(VILLAGE_B1, "灌溉渠", "10.00").await;
    let thing = Thing::Asset(asset.id);
    let row =
        town.attach(&Actor::operator(), thing, ("a.png", &png(9, 9))).await.expect("attached");
    let mut browser = town.browser(Role::TownshipClerk).await;
    for address in [
        files_of(&asset.code),
        format!("/files/{}/content", row.id),
        format!("/files/{}/preview", row.id),
    ] {
        browser.open(&address).await.is(404);
    }
    // the mark of one's own page, the file of another's
    let own = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let text = browser.open(&files_of(&own.code)).await.is(200).text();
    let carried = hidden(form_of(&text, &files_of(&own.code)));
    let mut carried: Vec<(&str, &str)> =
        carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let bytes = pdf("x");
    send(&browser, &files_of(&asset.code), &carried, &[("a.pdf", &bytes)]).await.is(404);
    carried.extend([("version", "1"), ("reason", "不该")]);
    browser.send(&format!("/files/{}/withdraw", row.id), &carried).await.is(404);
}
