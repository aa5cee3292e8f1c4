//! Webhooks by pages: added with a secret that is shown once, looked at, amended, paused, sent again.

use entity::{account::Role, webhook};

use super::{form_of, hidden};
use crate::harness::{
    Town,
    receiver::{Fate, Receiver},
    town::COUNTY,
    webhooks::{added, deliver, draft},
};

on_both!(
    one_is_added_and_its_secret_is_shown_once,
    one_is_tended_by_its_page,
    who_may_not_sees_none
);

const NEW: &str = "/admin/webhooks/new";

async fn one_is_added_and_its_secret_is_shown_once(town: &Town) {
    let mut browser = town.seated(Role::Administrator).await;
    let mut fields = hidden(form_of(&browser.open(NEW).await.is(200).text(), NEW));
    for (name, value) in [
        ("area", COUNTY),
        ("address", "https://10.0.0.1/"),
        ("noun", "asset"),
        ("noun", "duty"),
        ("actions", "asset.amend，duty.assign"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let sent = fields.clone();
    let pairs: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.send(NEW, &pairs).await.is(422).text();
    assert!(page.contains("TAIZHANG_WEBHOOK_ALLOW") && page.contains("asset.amend"), "{page}");
    for field in fields.iter_mut().filter(|(name, _)| name == "address") {
        "https://hooks.example.cn/a".clone_into(&mut field.1);
    }
    for field in fields.iter_mut().filter(|(name, _)| name == "key") {
        field.1.push('2');
    }
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let slip = browser.send(NEW, &pairs).await.is(200).text();
    assert!(slip.contains("只显示这一次") && slip.contains("whsec_"), "{slip}");
    let again = browser.send(NEW, &pairs).await.is(303);
    let row = town.rows::<webhook::Entity>().await.remove(0);
    assert_eq!(
        (row.nouns.as_str(), row.actions.as_str()),
        ("asset duty", "asset.amend duty.assign")
    );
    assert_eq!(again.header("location"), format!("/admin/webhooks/{}?done=secret", row.id));
    let page = browser.open(again.header("location")).await.is(200).text();
    assert!(page.contains("已经显示过") && !page.contains("whsec_"), "{page}");
    assert!(page.contains("变更资产") && page.contains("管护责任"), "{page}");
    let list = browser.open("/admin/webhooks").await.is(200).text();
    assert!(list.contains("https://hooks.example.cn/a") && !list.contains("whsec_"), "{list}");
}

async fn one_is_tended_by_its_page(town: &Town) {
    let receiver = Receiver::open().await;
    let hook = taizhang::domain::webhook::Draft {
        address: receiver.address.clone(),
        ..Default::default()
    };
    let (row, _) = added(town, COUNTY.parse().expect("a county"), &hook, false).await;
    town.asset(crate::harness::town::VILLAGE_A1, "便民桥", "10.00").await;
    receiver.becomes([Fate::Answered(410)]);
    deliver(&town.ledger).await;
    let mut browser = town.seated(Role::Administrator).await;
    let place = format!("/admin/webhooks/{}", row.id);
    let page = browser.open(&place).await.is(200).text();
    assert!(page.contains("推送失败，已停") && page.contains("回答 410"), "{page}");
    let acts = [
        ("resume", None, "已恢复推送"),
        ("pause", None, "已暂停推送"),
        ("replay", Some(("sequence", "0")), "起重新推送"),
        ("amend", Some(("address", "https://hooks.example.cn/b")), "已变更"),
        ("end", None, "已终止推送"),
    ];
    for (version, (act, extra, said)) in (1_i64..).zip(acts) {
        let mark = browser.mark().await;
        let (read, key) = (version.to_string(), format!("a-key-of-{act}"));
        let mut fields =
            vec![("mark", mark.as_str()), ("key", key.as_str()), ("version", read.as_str())];
        fields.extend(extra);
        let led = browser.send(&format!("{place}/{act}"), &fields).await.is(303);
        let page = browser.open(led.header("location")).await.is(200).text();
        assert!(page.contains(said), "{act}: {page}");
    }
    let english = browser.open(&format!("{place}?lang=en")).await.is(200).text();
    assert!(english.contains("Last attempt") && english.contains("answered 410"), "{english}");
}

async fn who_may_not_sees_none(town: &Town) {
    let (row, _) = added(town, COUNTY.parse().expect("a county"), &draft("hooks"), false).await;
    let mut leader = town.seated(Role::Leader).await;
    leader.open("/admin/webhooks").await.is(403);
    leader.open(&format!("/admin/webhooks/{}", row.id)).await.is(403);
    let mut there = town.seated_there(Role::Administrator).await;
    there.open(&format!("/admin/webhooks/{}", row.id)).await.is(404);
    let list = there.open("/admin/webhooks").await.is(200).text();
    assert!(!list.contains("hooks.example.cn"), "{list}");
    // whoever may look and not touch is shown no form
    let mut auditor = town.seated(Role::Auditor).await;
    let page = auditor.open(&format!("/admin/webhooks/{}", row.id)).await.is(200).text();
    assert!(!page.contains("/pause") && !page.contains("/amend"), "{page}");
}
