//! Work orders by their pages: opened by hand, taken to the acceptance by two people, with photos.

use entity::{account::Role, work_order};

use crate::harness::{
    Town,
    files::jpeg,
    town::{VILLAGE_A1, collective_name},
};

on_both!(a_work_order_goes_from_page_to_page, what_is_wrong_is_told_and_what_was_typed_stays);

async fn a_work_order_goes_from_page_to_page(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    town.collective(VILLAGE_A1).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let form = format!("/assets/{}/mend", asset.code);
    let page = village.open(&form).await.is(200).text();
    assert_eq!(page.matches("type=\"radio\"").count(), 2);
    assert!(!page.contains("checked"));
    let bad = [("item", "guardrail"), ("condition", "danger"), ("what", "立柱松动 6 根")];
    let led = village.fill(&form, &form, &bad).await.is(303);
    let place = led.header("location").to_owned();
    let page = village.open(&place).await.is(200).text();
    assert!(page.contains("已开单") && page.contains("先设警示") && page.contains("待派单"));
    let at = place.split('?').next().expect("a path").to_owned();
    let to = |act: &str| format!("{at}/{act}");
    let said = [("kind", "repair"), ("estimate", "1,850")];
    village.fill(&at, &to("estimate"), &said).await.is(303);
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains("1,850.00") && page.contains("要由别人批准"));
    clerk.fill(&at, &to("approve"), &[]).await.is(303);
    let body = collective_name("上河村");
    let due = town.days_ahead(9).to_string();
    let given = [("body", &*body), ("due", &*due)];
    village.fill(&at, &to("dispatch"), &given).await.is(303);
    village.fill(&at, &to("begin"), &[]).await.is(303);
    let files = format!("/assets/{}/files", asset.code);
    let photo = jpeg(60, 40);
    let kept = [("修后.jpg", &*photo)];
    let led = village.bring_from((&at, &files), &[("kind", "after")], &kept).await.is(303);
    assert!(led.header("location").starts_with(&at));
    let done = [("report", "更换立柱 6 根"), ("cost", "1790"), ("voucher_no", "记-12")];
    village.fill(&at, &to("report"), &done).await.is(303);
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains("要由别人验收"), "{page}");
    assert!(page.contains("修后.jpg"), "{page}");
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("合格，办结"));
    let back = [("verdict", "return"), ("returned", "还在晃")];
    clerk.fill(&at, &to("accept"), &back).await.is(303);
    village.fill(&at, &to("report"), &done).await.is(303);
    clerk.fill(&at, &to("accept"), &[("verdict", "accept")]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(
        page.contains("办结") && page.contains("还在晃") && !page.contains("/accept\""),
        "{page}"
    );
    let list = clerk.open("/work-orders").await.is(200).text();
    assert!(list.contains("没有未办结的工单"));
    let list = clerk.open("/work-orders?state=accepted,dismissed").await.is(200).text();
    assert!(list.contains("立柱松动 6 根") && list.contains("1,790.00"));
    let card = clerk.open(&format!("/assets/{}/repairs", asset.code)).await.is(200).text();
    assert!(card.contains("立柱松动 6 根"));
    let history = clerk.open(&format!("/assets/{}/history", asset.code)).await.is(200).text();
    assert!(history.contains("维修验收") && history.contains("实付金额"), "{history}");
}

async fn what_is_wrong_is_told_and_what_was_typed_stays(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let form = format!("/assets/{}/mend", asset.code);
    let before = (town.everything().await, town.n_entries().await);
    let page = village.fill(&form, &form, &[("what", "立柱松动")]).await.is(422).text();
    assert!(page.contains("href=\"#f-condition\"") && page.contains("立柱松动"));
    assert!(before == (town.everything().await, town.n_entries().await));
    let bad = [("condition", "defect"), ("what", "立柱松动")];
    let led = village.fill(&form, &form, &bad).await.is(303);
    let at = led.header("location").split('?').next().expect("a path").to_owned();
    for (act, fields, says) in [
        ("estimate", &[("kind", "repair"), ("estimate", "12元5角")][..], "href=\"#f-estimate\""),
        ("estimate", &[("kind", "repair"), ("estimate", "")], "href=\"#f-estimate\""),
        ("dispatch", &[("body", "没有的公司"), ("due", "2030-01-01")], "没有这个单位"),
        ("dispatch", &[("due", "x")], "href=\"#f-due\""),
        ("dismiss", &[("dismissed", "")], "须写明理由"),
    ] {
        let before = (town.everything().await, town.n_entries().await);
        let page = village.fill(&at, &format!("{at}/{act}"), fields).await;
        let page = page.is(422).text();
        assert!(page.contains(says), "{act} {fields:?}: {page}");
        let typed = fields.iter().filter(|(name, text)| *name != "kind" && !text.is_empty());
        for (name, text) in typed {
            assert!(page.contains(text), "{act}: {name} is lost");
        }
        assert!(before == (town.everything().await, town.n_entries().await));
    }
    assert_eq!(town.rows::<work_order::Entity>().await[0].version, 1);
    // whoever may look only is offered nothing
    let mut leader = town.browser(Role::Leader).await;
    let page = leader.open(&at).await.is(200).text();
    assert!(!page.contains("<textarea"), "{page}");
    leader.open(&form).await.is(403);
}
