//! Examples of what a card must be, and of what each action may change in it.

use entity::{
    asset::{Condition, Unit},
    id::{AssetId, OrganizationId, ProjectId},
    measure::Coordinate,
};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-06-01")
}

fn yuan(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// A whole card of a road.
fn road() -> Model {
    Model {
        subclass: Some(Subclass::Road),
        location: Some("村口".into()),
        quantity: "1.5".parse().ok(),
        unit: Some(Unit::Kilometre),
        original_value: Some(yuan("60000.00")),
        acquired_on: Some(day("2020-05-20")),
        ..blank("520381100201".parse().expect("a code"), Class::Public, "通村路")
    }
}

/// A whole card of a placement.
fn placement() -> Model {
    Model {
        subclass: Some(Subclass::Debt),
        form: Form::Debt,
        debtor_id: Some(OrganizationId(1)),
        rate_bp: Some(500),
        ends_on: Some(day("2027-07-01")),
        original_value: Some(yuan("3000000.00")),
        acquired_on: Some(day("2022-07-01")),
        ..blank("520381100201".parse().expect("a code"), Class::Operating, "入股养殖场")
    }
}

fn fields(asset: &Model, completeness: Completeness) -> Vec<String> {
    check(asset, completeness, today())
        .0
        .into_iter()
        .map(|mistake| mistake.field.into_owned())
        .collect()
}

/// Takes a whole card with one change for right, or finds mistakes in these fields alone.
#[track_caller]
fn mistakes(change: impl FnOnce(&mut Model), expected: &[&str]) {
    let mut asset = road();
    change(&mut asset);
    assert_eq!(fields(&asset, Completeness::Whole), expected);
}

#[test]
fn a_whole_card_is_whole() {
    assert_eq!(fields(&road(), Completeness::Whole), Vec::<&str>::new());
    assert_eq!(fields(&placement(), Completeness::Whole), Vec::<&str>::new());
}

#[test]
fn every_needed_field_is_missed_by_name() {
    mistakes(|asset| asset.subclass = None, &["subclass"]);
    mistakes(|asset| asset.original_value = None, &["original_value"]);
    mistakes(|asset| asset.acquired_on = None, &["acquired_on"]);
    mistakes(|asset| asset.location = None, &["location"]);
    mistakes(|asset| asset.quantity = None, &["quantity"]);
    mistakes(|asset| asset.unit = None, &["unit"]);
    let bare = Model { debtor_id: None, rate_bp: None, ends_on: None, ..placement() };
    assert_eq!(fields(&bare, Completeness::Whole), ["rate_bp", "ends_on", "debtor"]);
    let stake = Model { form: Form::Equity, subclass: Some(Subclass::Equity), ..placement() };
    let stake = Model { ends_on: None, ..stake };
    assert_eq!(fields(&stake, Completeness::Whole), Vec::<&str>::new(), "equity has no end");
    for needed in NEEDED {
        assert!(super::super::field::field(FIELDS, needed.field).is_some(), "{}", needed.field);
    }
}

#[test]
fn an_old_sheet_needs_a_name_only() {
    let bare = blank("520381100201".parse().expect("a code"), Class::Public, "桥");
    assert_eq!(fields(&bare, Completeness::TakeOn), Vec::<&str>::new());
    assert_eq!(fields(&Model { name: String::new(), ..bare }, Completeness::TakeOn), ["name"]);
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    mistakes(|asset| asset.name = "长".repeat(limits::NAME_LENGTH), &[]);
    mistakes(|asset| asset.name = "长".repeat(limits::NAME_LENGTH + 1), &["name"]);
    mistakes(|asset| asset.code = "A".repeat(limits::CODE_LENGTH), &[]);
    mistakes(|asset| asset.code = "A".repeat(limits::CODE_LENGTH + 1), &["code"]);
    mistakes(|asset| asset.residual_bp = Some(10_000), &[]);
    mistakes(|asset| asset.residual_bp = Some(10_001), &["residual_bp"]);
    mistakes(|asset| asset.residual_bp = Some(-1), &["residual_bp"]);
    mistakes(|asset| asset.built_year = Some(1900), &[]);
    mistakes(|asset| asset.built_year = Some(1899), &["built_year"]);
    mistakes(|asset| asset.project_year = Some(2026), &[]);
    mistakes(|asset| asset.project_year = Some(2027), &["project_year"]);
    assert_eq!(reasoned(&"长".repeat(limits::REASON_LENGTH)), Ok(()));
    let long = reasoned(&"长".repeat(limits::REASON_LENGTH + 1));
    assert_eq!(long, Err(Refusal::reason_too_long(limits::REASON_LENGTH)));
    assert_eq!(reasoned(" \n"), Err(Refusal::reason_missing()));
    mistakes(|asset| asset.latitude = Coordinate::latitude("90").ok(), &[]);
    mistakes(|asset| asset.latitude = Coordinate::longitude("90.00000001").ok(), &["latitude"]);
}

#[test]
fn amounts_are_not_negative_and_nominal_is_one_yuan() {
    mistakes(|asset| asset.original_value = Some(Money::ZERO), &[]);
    mistakes(|asset| asset.original_value = Some(yuan("-0.01")), &["original_value"]);
    mistakes(|asset| asset.budget = Some(yuan("-0.01")), &["budget"]);
    mistakes(|asset| asset.contract_amount = Some(yuan("-0.01")), &["contract_amount"]);
    mistakes(|asset| asset.final_account = Some(yuan("-0.01")), &["final_account"]);
    mistakes(|asset| asset.audit_cut = Some(yuan("-0.01")), &["audit_cut"]);
    mistakes(|asset| asset.valuation = Some(Valuation::Nominal), &["original_value"]);
    let nominal = |asset: &mut Model| {
        asset.valuation = Some(Valuation::Nominal);
        asset.original_value = Some(NOMINAL);
    };
    mistakes(nominal, &[]);
}

#[test]
fn days_follow_one_another() {
    let with = |started: &str, completed: &str, accepted: &str, handed_over: &str| {
        let day = |text: &str| text.parse().ok();
        let asset = Model {
            started_on: day(started),
            completed_on: day(completed),
            accepted_on: day(accepted),
            handed_over_on: day(handed_over),
            ..road()
        };
        fields(&asset, Completeness::Whole)
    };
    let none = Vec::<&str>::new();
    assert_eq!(with("2020-01-01", "2020-01-01", "2020-01-01", "2020-01-01"), none);
    assert_eq!(with("2020-01-02", "2020-01-01", "", ""), ["completed_on"]);
    assert_eq!(with("2020-01-02", "", "2020-01-01", ""), ["accepted_on"]);
    assert_eq!(with("", "", "2020-01-02", "2020-01-01"), ["handed_over_on"]);
    assert_eq!(with("", "", "2026-06-01", ""), none);
    assert_eq!(with("", "", "2026-06-02", ""), ["accepted_on"]);
}

#[test]
fn form_and_class_and_use_agree() {
    mistakes(|asset| asset.subclass = Some(Subclass::Shop), &["subclass"]);
    mistakes(|asset| asset.rate_bp = Some(1), &["rate_bp"]);
    mistakes(|asset| asset.debtor_id = Some(OrganizationId(1)), &["rate_bp"]);
    mistakes(|asset| asset.ends_on = Some(today()), &["rate_bp"]);
    mistakes(|asset| asset.idle_since = Some(today()), &["idle_since"]);
    let idle = |asset: &mut Model| {
        asset.idle_since = Some(today());
        asset.use_state = Some(UseState::Idle);
    };
    mistakes(idle, &[]);
    let claim = Model { form: Form::Equity, ..road() };
    assert!(fields(&claim, Completeness::TakeOn).contains(&"form".to_owned()));
    assert_eq!(implied_form(Some(Subclass::InvestmentFund)), Form::Fund);
    assert_eq!(implied_form(Some(Subclass::Livestock)), Form::Biological);
    assert_eq!(implied_form(None), Form::Fixed);
}

#[test]
fn warnings_warn_and_never_block() {
    let warned = |change: fn(&mut Model)| {
        let mut asset = road();
        change(&mut asset);
        assert_eq!(fields(&asset, Completeness::Whole), Vec::<&str>::new());
        warnings(&asset).iter().map(|(field, _)| *field).collect::<Vec<_>>()
    };
    let none = Vec::<&str>::new();
    assert_eq!(warned(|_| ()), none);
    assert_eq!(warned(|asset| asset.original_value = Some(yuan("100.00"))), none);
    assert_eq!(warned(|asset| asset.original_value = Some(yuan("99.99"))), ["original_value"]);
    assert_eq!(warned(|asset| asset.original_value = Some(yuan("1000000000.00"))), none);
    let large = |asset: &mut Model| asset.original_value = Some(yuan("1000000000.01"));
    assert_eq!(warned(large), ["original_value"]);
    assert_eq!(warned(|asset| asset.final_account = Some(yuan("60000.00"))), none);
    let over = |asset: &mut Model| asset.final_account = Some(yuan("59999.99"));
    assert_eq!(warned(over), ["original_value"]);
    let early = |asset: &mut Model| {
        asset.built_year = Some(2020);
        asset.recorded_on = Some(day("2019-12-31"));
    };
    assert_eq!(warned(early), ["recorded_on"]);
}

#[test]
fn the_year_of_a_code_is_the_first_that_is_known() {
    let bare = Model { acquired_on: None, ..road() };
    assert_eq!(code_year(&bare, today()), 2026);
    assert_eq!(code_year(&Model { built_year: Some(2015), ..bare }, today()), 2015);
    let acquired = Model { built_year: Some(2015), ..road() };
    assert_eq!(code_year(&acquired, today()), 2020);
    assert_eq!(code_year(&Model { project_year: Some(2018), ..acquired }, today()), 2018);
}

/// Every field of the card is changed and each action takes what is its own to change.
#[test]
fn each_action_changes_its_own_fields() {
    let before = road();
    let samples = |kind| match kind {
        super::super::field::FieldKind::Text => vec!["x-1"],
        super::super::field::FieldKind::Integer => vec!["2015"],
        super::super::field::FieldKind::Money => vec!["1"],
        super::super::field::FieldKind::Decimal => vec!["7"],
        super::super::field::FieldKind::Date => vec!["2020-05-21"],
        super::super::field::FieldKind::Truth => vec!["是"],
        super::super::field::FieldKind::Choice(choices) => {
            choices.iter().map(|(code, _)| *code).collect()
        }
    };
    for field in FIELDS {
        let mut after = before.clone();
        let changed = samples(field.kind).into_iter().any(|text| {
            (field.set)(&mut after, Some(text), super::super::field::Reading::default())
                .unwrap_or_else(|expected| panic!("{}: {}", field.name, expected.en));
            after != before
        });
        assert!(changed, "{}", field.name);
        let refusal = |result: Result<Model, AmendError>| match result {
            Err(AmendError::Refused(refusal)) => Some(refusal.code),
            Ok(_) | Err(AmendError::Invalid(_)) => None,
        };
        let amended = refusal(amend(&before, after.clone(), today()));
        let corrected = refusal(correct(&before, after, "录入有误", today()));
        let expected = match field.change {
            Change::Amend => (None, None),
            Change::Correct => (Some("asset.field_needs_correction"), None),
            Change::Fixed => (Some("asset.field_fixed"), Some("asset.field_fixed")),
        };
        assert_eq!((amended, corrected), expected, "{}", field.name);
    }
}

#[test]
fn what_no_sheet_carries_is_guarded_too() {
    let before = Model { version: 7, ..road() };
    let fixed = |after: Model| match amend(&before, after, today()) {
        Err(AmendError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(fixed(before.clone()), "row.nothing_changed");
    assert_eq!(fixed(Model { id: AssetId(9), ..before.clone() }), "asset.field_fixed");
    assert_eq!(fixed(Model { parent_id: Some(AssetId(9)), ..before.clone() }), "asset.field_fixed");
    let abroad = "520382100201".parse().expect("a code");
    assert_eq!(fixed(Model { area_code: abroad, ..before.clone() }), "asset.field_fixed");
    let beside = "520381101201".parse().expect("a code");
    let moved = Model { area_code: beside, version: 99, ..before.clone() };
    assert_eq!(amend(&before, moved, today()).expect("moved").version, 7);
    let linked = Model { project_id: Some(ProjectId(1)), ..before.clone() };
    assert!(amend(&before, linked, today()).is_ok());
    let wrong = Model { name: String::new(), ..before.clone() };
    assert!(matches!(amend(&before, wrong, today()), Err(AmendError::Invalid(_))));
}

#[test]
fn only_what_is_held_is_acted_on() {
    for state in State::ALL.iter().copied().filter(|state| *state != State::Held) {
        let left = Model { state, ..road() };
        let gone = Refusal::asset_not_held(state);
        let changed = Model { condition: Some(Condition::Good), ..left.clone() };
        assert!(amend(&left, changed.clone(), today()).is_err());
        assert!(correct(&left, changed, "理由", today()).is_err());
        assert_eq!(reclass(&left, Class::Household, None, "理由"), Err(gone.clone()));
        assert_eq!(hand_over(&left, today(), None, today()), Err(gone.clone()));
        assert_eq!(division::split(&left, &[]), Err(gone.clone()));
        assert_eq!(division::merge(&[left.clone(), left], "并"), Err(gone));
    }
}

#[test]
fn reclassing_keeps_form_unless_it_must_change() {
    let to = |asset: &Model, class, subclass| reclass(asset, class, Some(subclass), "理由");
    let shop = to(&road(), Class::Operating, Subclass::Shop).expect("re-classed");
    assert_eq!((shop.form, shop.subclass), (Form::Fixed, Some(Subclass::Shop)));
    let stake = to(&road(), Class::Operating, Subclass::Equity).expect("re-classed");
    assert_eq!(stake.form, Form::Equity);
    let back = to(&placement(), Class::Operating, Subclass::Shop).expect("re-classed");
    assert_eq!(
        (back.form, back.debtor_id, back.rate_bp, back.ends_on),
        (Form::Fixed, None, None, None)
    );
    let wrong = to(&road(), Class::Household, Subclass::Shop).expect_err("of another class");
    assert_eq!(wrong.code, "asset.subclass_of_other_class");
}

#[test]
fn a_handover_document_is_kept_when_none_is_named() {
    let known = Model { handover_no: Some("移1号".into()), ..road() };
    let done = hand_over(&known, today(), None, today()).expect("handed over");
    assert_eq!(done.handover_no.as_deref(), Some("移1号"));
    let named = hand_over(&known, today(), Some("移2号".into()), today()).expect("handed over");
    assert_eq!(named.handover_no.as_deref(), Some("移2号"));
}
