//! Campaigns as people go through them: begun, answered, drawn from, checked again, closed out,
//! printed.

use entity::{account::Role, campaign, campaign_line};

use crate::harness::{
    Town,
    campaigns::Stage,
    town::{COUNTY, OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_campaign_goes_from_its_beginning_to_its_report,
    what_was_typed_stays,
    a_village_finds_what_its_county_began
);

async fn a_campaign_goes_from_its_beginning_to_its_report(town: &Town) {
    for n in 0..3 {
        town.asset(VILLAGE_A1, &format!("{n}号桥"), "10.00").await;
    }
    town.asset(OTHER_VILLAGE, "外县桥", "10.00").await;
    let mut rural = town.browser(Role::RuralOfficer).await;
    let text = rural.open("/campaigns").await.is(200).text();
    assert!(text.contains("本辖区还没有组织过专项排查"), "{text}");
    let due = town.days_ahead(20).to_string();
    let fields = [
        ("name", "缺管护主体回头看"),
        ("area", COUNTY),
        ("rule", "G01"),
        ("due_on", &due),
        ("purpose", "逐项核对"),
    ];
    let sent = rural.fill("/campaigns/new", "/campaigns/new", &fields).await.is(303);
    let campaign = town.rows::<campaign::Entity>().await.remove(0);
    let place = format!("/campaigns/{}", campaign.id);
    assert_eq!(sent.header("location"), format!("{place}?done=open"));
    let text = rural.open(&format!("{place}?done=open")).await.is(200).text();
    for said in ["名单已固定", "0号桥", "2号桥", "未答复", "全部答复以后才能抽查", "石桥镇"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("外县桥"), "{text}");
    let mut officer = town.browser(Role::VillageOfficer).await;
    for line in town.lines(&campaign).await {
        let page = format!("/campaign-lines/{}", line.id);
        let text = officer.open(&page).await.is(200).text();
        assert!(text.contains("无人管护？") && text.contains("需处置？"), "{text}");
        let said = [("is_unmanaged", "no"), ("is_idle", "no"), ("is_unkept", "no")];
        let said: Vec<_> = said.into_iter().chain([("is_to_dispose", "no")]).collect();
        let sent = officer.fill(&page, &format!("{page}/answer"), &said).await.is(303);
        assert_eq!(sent.header("location"), format!("{page}?done=answer"));
    }
    let text = officer.open(&format!("{place}?answered=no")).await.is(200).text();
    assert!(text.contains("没有这样的问题"), "{text}");
    rural.fill(&place, &format!("{place}/draw"), &[("size", "1")]).await.is(303);
    let row = town.row::<campaign::Entity>(campaign.id).await;
    let text = rural.open(&format!("{place}?drawn=yes")).await.is(200).text();
    let seed = row.seed.expect("a seed");
    assert!(
        text.contains(&seed) && text.contains("sha256sum") && text.contains("待复核"),
        "{text}"
    );
    assert!(text.contains("要由别人办结"), "who began it does not close it: {text}");
    let lines = town.lines(&campaign).await;
    let drawn: &campaign_line::Model = lines.iter().find(|line| line.is_drawn).expect("one");
    let page = format!("/campaign-lines/{}", drawn.id);
    let wrong = [("result", "differs")];
    let text = rural.fill(&page, &format!("{page}/recheck"), &wrong).await.is(422).text();
    assert!(text.contains("写明"), "{text}");
    let told = [("result", "differs"), ("note", "现场仍无人管护")];
    rural.fill(&page, &format!("{page}/recheck"), &told).await.is(303);
    let mut clerk = town.browser(Role::Leader).await;
    let end = [("conclusion", "一条不符，已交办")];
    clerk.fill(&place, &format!("{place}/close"), &end).await.is(303);
    let text = clerk.open(&format!("{place}/report")).await.is(200).text();
    for said in ["情况报告", "填报单位（盖章）", "一条不符，已交办", &seed, "与答复不符", "合计"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let text = clerk.open("/campaigns?state=closed_out").await.is(200).text();
    assert!(text.contains("缺管护主体回头看") && text.contains("已办结"), "{text}");
}

async fn what_was_typed_stays(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    let mut rural = town.browser(Role::RuralOfficer).await;
    let fields =
        [("name", ""), ("area", COUNTY), ("due_on", "2020-01-01"), ("purpose", "逐项核对")];
    let text = rural.fill("/campaigns/new", "/campaigns/new", &fields).await.is(422).text();
    for said in ["错误：", "名称 1 至 60 字", "逐项核对", "2020-01-01"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let (campaign, lines) = town.campaign(TOWN_A, "回头看", Stage::Begun).await;
    let page = format!("/campaign-lines/{}", lines[0].id);
    let said = [("is_unmanaged", "no"), ("is_idle", "yes"), ("is_unkept", "no")];
    let text = rural.fill(&page, &format!("{page}/answer"), &said).await.is(422).text();
    assert!(text.contains("需处置") && text.contains("错误："), "{text}");
    assert_eq!(campaign.n_lines, 1);
    let (answered, _) = town.campaign(TOWN_A, "再回头看", Stage::Answered).await;
    let place = format!("/campaigns/{}", answered.id);
    let text = rural.fill(&place, &format!("{place}/draw"), &[("size", "x")]).await.is(422).text();
    assert!(text.contains("抽查数：应为整数") && text.contains("value=\"x\""), "{text}");
    let mut officer = town.browser(Role::VillageOfficer).await;
    officer.open("/campaigns/new").await.is(403);
}

async fn a_village_finds_what_its_county_began(town: &Town) {
    town.asset(VILLAGE_A1, "便民桥", "10.00").await;
    town.asset(VILLAGE_B1, "水渠", "10.00").await;
    let (campaign, lines) = town.campaign(COUNTY, "回头看", Stage::Begun).await;
    let mut officer = town.browser(Role::VillageOfficer).await;
    let text = officer.open("/campaigns").await.is(200).text();
    assert!(text.contains("上级组织的") && text.contains("回头看"), "{text}");
    let place = format!("/campaigns/{}", campaign.id);
    let text = officer.open(&place).await.is(200).text();
    assert!(text.contains("便民桥") && !text.contains("水渠"), "{text}");
    assert!(!text.contains(&format!("{place}/draw")), "{text}");
    officer.open(&format!("/campaign-lines/{}", lines[1].id)).await.is(404);
    officer.open("/campaigns/999999").await.is(404);
    officer.open("/campaigns/one").await.is(404);
}
