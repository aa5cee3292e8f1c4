//! Money for upkeep over the API: from a fund through a budget to a payment, with every figure as text.

use entity::account::Role;
use serde_json::json;

use super::change::{Change, fields};
use crate::harness::{
    Town,
    money::{for_asset, for_place},
    town::{COUNTY, VILLAGE_A1},
};

on_both!(
    money_goes_from_a_fund_to_a_payment,
    an_overspend_is_asked_for_and_decided,
    what_cannot_be_read_is_named,
    a_copy_is_tried_out_first,
    costs_and_sums_are_told,
);

async fn money_goes_from_a_fund_to_a_payment(town: &Town) {
    let (clerk, there) =
        (town.caller(Role::FinanceClerk).await, town.caller_there(Role::FinanceClerk).await);
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await.id.0;
    let make = async |path: String, body, version, status| {
        let change = Change { path, body, version, status, by: &clerk, there: &there };
        let (first, again) = change.make(town).await;
        assert_eq!(again.json(), first.json());
        first.json()
    };
    let money = json!({ "source": "award", "year": 2026, "received": "1000.00",
        "document_no": "县财农〔2026〕17号" });
    let fund = json!({ "area_code": COUNTY, "fields": money });
    let fund = make("/funds".into(), fund, None, 201).await;
    assert_eq!((&fund["balance"], &fund["set_aside"]), (&json!("1000.00"), &json!("0.00")));
    let id = fund["id"].as_i64().expect("an id");
    let new = json!({ "fund": id, "year": 2026, "asset": asset, "amount": "600.00" });
    let budget = make("/budgets".into(), new, None, 201).await;
    assert_eq!((&budget["source"], &budget["remaining"]), (&json!("award"), &json!("600.00")));
    let budget = budget["id"].as_i64().expect("an id");
    let held = json!({ "budget": budget, "asset": asset, "amount": "100.00", "purpose": "修护栏" });
    let held = make("/spendings".into(), held, None, 201).await;
    assert_eq!(held["state"], "committed");
    let held = held["id"].as_i64().expect("an id");
    let paid = json!({ "amount": "90.00", "voucher_no": "记-1", "paid_on": "2026-06-01" });
    let paid = make(format!("/spendings/{held}/pay"), paid, Some(1), 200).await;
    assert_eq!((&paid["state"], &paid["amount"]), (&json!("paid"), &json!("90.00")));
    let at_once = json!({ "budget": budget, "asset": asset, "amount": "10.00", "purpose": "清淤",
        "voucher_no": "记-2", "paid_on": "2026-05-31" });
    let at_once = make("/spendings/pay".into(), at_once, None, 201).await["id"].clone();
    let back = json!({ "reason": "重复记账" });
    let gone = make(format!("/spendings/{at_once}/reverse"), back, Some(1), 200).await;
    assert_eq!((&gone["state"], &gone["amount"]), (&json!("reversed"), &json!("10.00")));
    let got = clerk.get(&format!("/budgets/{budget}")).await.is(200);
    assert_eq!(got.header("etag"), format!("\"{}\"", got.json()["version"]));
    let got = got.json();
    for (name, amount) in [("spent", "90.00"), ("committed", "0.00"), ("remaining", "510.00")] {
        assert_eq!(got[name], amount, "{name}");
    }
    let listed = clerk.get(&format!("/spendings?budget={budget}&state=paid")).await.is(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    there.get(&format!("/spendings/{held}")).await.problem(404, "not_found");
    there.get(&format!("/funds/{id}")).await.problem(404, "not_found");
}

async fn an_overspend_is_asked_for_and_decided(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await.id;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset, "10.00")).await.id;
    let (clerk, approver) =
        (town.caller(Role::TownshipClerk).await, town.caller(Role::FinanceClerk).await);
    let pay = async |key: &str| {
        let paid = json!({ "budget": budget, "asset": asset, "amount": "12.00", "purpose": "抢修",
            "voucher_no": "记-1", "paid_on": "2026-06-01" });
        clerk.post("/spendings/pay").key(key).json(&paid).send().await
    };
    let refused = pay("a").await.problem(422, "budget.short");
    assert!(refused["detail"].as_str().expect("a detail").contains("12.00"), "{refused}");
    let more = json!({ "amount": "2.00", "reason": "水毁抢修" });
    let asked = clerk.post(&format!("/budgets/{budget}/overspends")).key("b").json(&more);
    let asked = asked.send().await.is(201).json();
    assert_eq!(asked["state"], "asked");
    assert_eq!(asked["asked_by"], clerk_id(town).await);
    let path = format!("/overspends/{}/decide", asked["id"]);
    let both = json!({ "is_approved": true, "document_no": "9号", "reason": "可" });
    let both = approver.post(&path).key("c").version(1).json(&both).send().await;
    assert_eq!(fields(&both.problem(422, "invalid")), ["reason"]);
    let yes = json!({ "is_approved": true, "document_no": "县财〔2026〕9号" });
    let decided = approver.post(&path).key("d").version(1).json(&yes).send().await.is(200).json();
    assert_eq!((&decided["state"], &decided["version"]), (&json!("approved"), &json!(2)));
    pay("e").await.is(201);
    pay("f").await.problem(422, "budget.short");
}

async fn clerk_id(town: &Town) -> i64 {
    town.as_role(Role::TownshipClerk).await.account().expect("an account").0
}

async fn what_cannot_be_read_is_named(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let fund = town.fund(COUNTY, "100.00").await.id;
    let before = town.everything().await;
    let send = async |path: &str, body| {
        let key = format!("k-{}", town.next_number());
        let problem = clerk.post(path).key(&key).json(&body).send().await;
        fields(&problem.problem(422, "invalid"))
    };
    let empty = json!({ "area_code": COUNTY, "fields": {} });
    assert_eq!(send("/funds", empty).await, ["source", "year", "received"]);
    let set = json!({ "source": "county", "year": 2026, "received": "1", "set_aside": "1" });
    assert_eq!(send("/funds", json!({ "area_code": COUNTY, "fields": set })).await, ["set_aside"]);
    let early = json!({ "source": "county", "year": 1999, "received": "0" });
    let early = json!({ "area_code": COUNTY, "fields": early });
    assert_eq!(send("/funds", early).await, ["year", "received"]);
    let words = json!({ "fund": fund, "year": 2026, "area_code": VILLAGE_A1, "amount": "much",
        "subclass": "red" });
    assert_eq!(send("/budgets", words).await, ["subclass", "amount"]);
    let wide = json!({ "fund": fund, "year": 2026, "area_code": COUNTY, "amount": "1" });
    assert_eq!(send("/budgets", wide).await, ["area_code"]);
    let wild = json!({ "area_code": COUNTY, "year": 2026, "fund": fund, "rate_bp": 5001 });
    let tried = clerk.post("/budgets/copy/try").json(&wild).send().await;
    assert_eq!(fields(&tried.problem(422, "invalid")), ["percent"]);
    assert!(town.everything().await == before);
}

async fn a_copy_is_tried_out_first(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await.id;
    town.set_aside(&for_place(fund, VILLAGE_A1, "10.01")).await;
    town.clock.advance(365);
    let clerk = town.caller(Role::FinanceClerk).await;
    let order = json!({ "area_code": COUNTY, "year": 2027, "fund": fund, "rate_bp": 500 });
    let before = town.n_entries().await;
    let told = clerk.post("/budgets/copy/try").json(&order).send().await.is(200).json();
    // 10.5105 yuan
    assert_eq!((&told["count"], &told["after"]), (&json!(1), &json!("10.51")));
    assert_eq!(told["lines"][0]["area_code"], VILLAGE_A1);
    assert_eq!(town.n_entries().await, before);
    let mut seen = order.clone();
    (seen["expected_count"], seen["expected_total"]) = (json!(1), json!("10.50"));
    let done = clerk.post("/budgets/copy").key("a").json(&seen).send().await;
    done.problem(422, "budget.copy_differs");
    seen["expected_total"] = json!("10.51");
    let made = clerk.post("/budgets/copy").key("b").json(&seen).send().await.is(201).json();
    assert_eq!((&made["count"], &made["budgets"][0]["set_aside"]), (&json!(1), &json!("10.51")));
    let again = clerk.post("/budgets/copy").key("b").json(&seen).send().await.is(201).json();
    assert_eq!(again, made);
}

async fn costs_and_sums_are_told(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await.id;
    let fund = town.fund(COUNTY, "9000.00").await.id;
    let budget = town.set_aside(&for_place(fund, VILLAGE_A1, "5000.00")).await;
    town.pay(&budget, asset, "3000.00").await;
    town.commit(&budget, asset, "500.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let sums = clerk.get("/budgets/sums?year=2026").await.is(200).json();
    assert_eq!(
        sums,
        json!({ "area_code": COUNTY, "year": 2026, "count": 1,
        "set_aside": "5000.00", "committed": "500.00", "spent": "3000.00", "remaining": "1500.00" })
    );
    let costs = clerk.get(&format!("/budgets/costs?year=2026&area={VILLAGE_A1}")).await.is(200);
    assert_eq!(
        costs.json()["costs"],
        json!([{ "kind": "road", "unit": "km", "quantity": "1.5",
        "spent": "3000.00", "per_unit": "2000.00", "median": "2000.00", "places": 1,
        "standard": "3000.00" }])
    );
    clerk.get("/budgets/sums").await.is(422);
}
