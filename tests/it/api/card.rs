//! The whole card of an asset over the API.

use entity::{account::Role, duty::Kind, finding::Rule, holding::Right, share::Share, title};
use serde_json::{Value as Json, json};
use taizhang::{
    app,
    domain::{
        duty::Terms,
        title::{Holder, Party, blank},
    },
    store::Actor,
};

use crate::harness::{
    Town,
    people::PEOPLE,
    town::{OTHER_VILLAGE, VILLAGE_A1},
};

on_both!(a_card_tells_all_that_is_recorded_and_masks_people, a_card_is_found_by_its_code,);

async fn a_card_tells_all_that_is_recorded_and_masks_people(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let (ledger, actor) = (&town.ledger, Actor::operator());
    let (name, _) = PEOPLE[0];
    let body = town.organization(asset.area_code, "养护公司").await;
    let person = town.person(asset.area_code, 0).await;
    for party in [
        (Kind::Maintainer, Party::Organization(body)),
        (Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await)),
        (Kind::Keeper, Party::Person(person)),
    ] {
        app::duty::assign(ledger, &actor, &[asset.id], party, &Terms::default())
            .await
            .expect("assigned");
        town.clock.advance(1);
    }
    let next = title::Model {
        state: title::State::Confirmed,
        confirmed_on: Some(town.today()),
        ..blank(asset.id, asset.area_code)
    };
    let owner = Holder { right: Right::Own, party: Party::Person(person), share: Share::WHOLE };
    app::title::settle(ledger, &actor, asset.id, next, &[owner]).await.expect("settled");
    let until = town.days_ahead(30);
    let rule = Rule::NotHandedOver;
    let waived = app::waiver::grant(ledger, &actor, asset.id, rule, "正在移交", until).await;
    waived.expect("waived");
    let clerk = town.caller(Role::FinanceClerk).await;
    let reply = clerk.get(&format!("/assets/{}", asset.id)).await.is(200);
    assert_eq!(reply.header("etag"), format!("\"{}\"", asset.version));
    let card = reply.json();
    assert_eq!(card["place"], json!("赤水县/石桥镇/上河村"));
    assert_eq!(card["original_value"], json!("1000.00"));
    assert_eq!(card["funding"][0]["amount"], json!("1000.00"));
    assert_eq!(card["title"]["state"], json!("confirmed"));
    let holder = &card["title"]["holders"][0];
    assert_eq!((&holder["right"], &holder["share"]), (&json!("own"), &json!("1/1")));
    assert_eq!(holder["party"]["name"], json!("欧***"));
    let duties = card["duties"].as_array().expect("duties");
    let told = |duty: &Json| {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        (text(&duty["kind"]), text(&duty["party"]["name"]), duty["is_running"].as_bool())
    };
    let keeper = duties.iter().find(|duty| duty["kind"] == json!("keeper")).expect("a keeper");
    assert_eq!(told(keeper), ("keeper".into(), "欧***".into(), Some(true)));
    assert_eq!(keeper["party"]["phone"], json!("139****4321"));
    let former = duties.iter().find(|duty| duty["party"]["name"] == json!("养护公司"));
    let former = former.expect("the former maintainer");
    let office = crate::harness::people::contact("养护公司".len()).phone;
    assert_eq!(former["party"]["phone"], json!(office), "an office is called");
    assert_eq!(
        (&former["is_running"], &former["end_reason"]),
        (&json!(false), &json!("succeeded"))
    );
    let findings = card["findings"].as_array().expect("findings");
    let late = findings.iter().find(|one| one["rule"] == json!("Q02")).expect("Q02");
    assert_eq!(
        (&late["is_waived"], &late["name"]["en"]),
        (&json!(true), &json!("not handed over"))
    );
    assert!(late["reason"]["zh"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(card["waivers"][0]["reason"], json!("正在移交"));
    let whole = card.to_string();
    assert!(!whole.contains(name), "{whole}");
    let path = format!("/assets/{}?as_of=2026-06-02", asset.id);
    let then = clerk.get(&path).await.is(200).json();
    assert_eq!((&then["title"], &then["waivers"]), (&Json::Null, &json!([])));
    assert_eq!(then["duties"].as_array().map(Vec::len), Some(2));
}

async fn a_card_is_found_by_its_code(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let far = town.asset(OTHER_VILLAGE, "外县桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let card = clerk.get(&format!("/assets/by-code/{}", asset.code)).await.is(200).json();
    assert_eq!(card["id"], json!(asset.id.0));
    clerk.get(&format!("/assets/by-code/{}", far.code)).await.problem(404, "not_found");
    clerk.get("/assets/by-code/none").await.problem(404, "not_found");
    let past = format!("/assets/by-code/{}?as_of=2026-05-31", asset.code);
    clerk.get(&past).await.problem(404, "not_found");
    let problem = clerk.get(&format!("/assets/{}?colour=red", asset.id)).await;
    let problem = problem.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], json!("colour"));
}
