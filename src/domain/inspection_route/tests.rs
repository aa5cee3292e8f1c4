//! What a route must be, and where it lies.

use entity::{account::Role, asset::Class, measure::Coordinate};

use super::{super::asset::blank as card, *};

fn area(code: &str) -> AreaCode {
    code.parse().expect("a code")
}

fn asset(code: &str, place: &str, east: &str) -> asset::Model {
    asset::Model {
        code: code.to_owned(),
        longitude: Coordinate::longitude(east).ok(),
        latitude: Coordinate::latitude("26.5").ok(),
        ..card(area(place), Class::Public, "桥")
    }
}

fn route(codes: &[&str]) -> Model {
    let stops = Stops(codes.iter().map(|code| (*code).to_owned()).collect());
    Model { name: "东线".to_owned(), stops, ..blank(AccountId(1)) }
}

fn fields_of(mistakes: &Mistakes) -> Vec<&str> {
    mistakes.0.iter().map(|one| one.field.as_ref()).collect()
}

#[test]
fn codes_are_read_however_they_are_put_apart() {
    let read = Stops::read(Some(" a-1，B2、c3\r\nd4; e5 "), Reading::default());
    assert_eq!(read.map(|stops| stops.to_string()).as_deref(), Ok("A-1\nB2\nC3\nD4\nE5"));
    assert_eq!(Stops::read(None, Reading::default()), Ok(Stops::default()));
}

#[test]
fn a_route_has_a_name_and_each_asset_once() {
    assert!(check(&route(&["A"])).is_empty());
    let named = |n| Model { name: "东".repeat(n), ..route(&["A"]) };
    assert!(check(&named(limits::CAMPAIGN_NAME_LENGTH)).is_empty());
    for wrong in [named(0), named(limits::CAMPAIGN_NAME_LENGTH + 1)] {
        assert_eq!(fields_of(&check(&wrong)), ["name"]);
    }
    let long = |n: usize| Model {
        stops: Stops((0..n).map(|code| code.to_string()).collect()),
        ..route(&[])
    };
    assert!(check(&long(limits::ROUTE_STOPS)).is_empty());
    for wrong in [long(0), long(limits::ROUTE_STOPS + 1), route(&["A", "B", "A"])] {
        assert_eq!(fields_of(&check(&wrong)), ["stops"]);
    }
}

#[test]
fn a_route_lies_where_its_assets_do() {
    let (one, other) = (asset("A", "520381100201", "106.1"), asset("B", "520381100202", "106.2"));
    let lies =
        |assets: &[asset::Model]| placed(route(&["A", "B"]), assets).map(|one| one.area_code);
    assert_eq!(lies(&[one.clone(), other.clone()]), Ok(area("520381100000")));
    let far = asset("B", "520382100201", "106.2");
    assert!(lies(&[one.clone(), far]).is_err_and(|wrong| fields_of(&wrong) == ["stops"]));
    let wrong = lies(std::slice::from_ref(&one)).expect_err("one that nobody knows");
    assert_eq!(wrong.0[0].found, "B");
    let gone = asset::Model { state: asset::State::Disposed, ..other };
    assert_eq!(lies(&[one, gone]).expect_err("one that is gone").0[0].found, "B");
}

#[test]
fn whoever_goes_a_route_is_in_charge_of_all_of_it() {
    let account = |role, place: &str| account::Model {
        id: AccountId(1),
        area_code: area(place),
        name: "xun".to_owned(),
        role,
        state: account::State::Active,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    let town = area("520381100000");
    assert!(may_go(&account(Role::Inspector, "520381100000"), town));
    assert!(may_go(&account(Role::Inspector, "520381000000"), town));
    assert!(!may_go(&account(Role::Inspector, "520381100201"), town));
    assert!(!may_go(&account(Role::Leader, "520381100000"), town));
    let locked = account::State::Locked;
    let locked = account::Model { state: locked, ..account(Role::Inspector, "520381100000") };
    assert!(!may_go(&locked, town));
}

#[test]
fn an_account_goes_so_many_routes_and_no_more() {
    assert_eq!(add(limits::ROUTES_PER_ACCOUNT - 1), Ok(()));
    assert!(add(limits::ROUTES_PER_ACCOUNT).is_err_and(|no| no.code == "inspection_route.full"));
}

#[test]
fn what_has_ended_stays_as_it_is() {
    let before = route(&["A"]);
    assert_eq!(amend(&before, &route(&["A", "B"])), Ok(()));
    assert!(amend(&before, &before).is_err_and(|no| no.code == "row.nothing_changed"));
    let ended = Model { ended_on: NaiveDate::from_ymd_opt(2026, 6, 1), ..before.clone() };
    assert!(amend(&before, &ended).is_err_and(|no| no.code == "asset.field_fixed"));
    assert!(amend(&ended, &route(&["B"])).is_err_and(|no| no.code == "inspection_route.ended"));
}

#[test]
fn stops_are_put_in_a_short_order() {
    let assets = ["106.1", "106.4", "106.2", "106.3"].into_iter().zip(["A", "B", "C", "D"]);
    let assets: Vec<asset::Model> =
        assets.map(|(east, code)| asset(code, "520381100201", east)).collect();
    assert_eq!(shortened(&assets).to_string(), "A\nC\nD\nB");
}
