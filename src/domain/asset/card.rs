//! The fields of the asset card, and a card on which nothing is recorded yet.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset::{
        Answer, Class, Condition, Depreciation, Form, IdleReason, Model, State, Structure,
        Subclass, Unit, UseState, Valuation,
    },
    id::AssetId,
    initials::Initials,
    measure::{Coordinate, Quantity},
    money::Money,
    project::LineDepartment,
};

use crate::fields;

fields! {
    /// The fields of an asset that a sheet or a form may carry, in the order of the official card.
    pub FIELDS of Model {
        code: String = "资产编号" "asset code" Fixed;
        name: String = "资产名称" "asset name" Amend;
        class: Class = "资产类别" "asset class" Fixed;
        subclass: Option<Subclass> = "资产子类" "asset subclass" Fixed;
        form: Form = "资产形态" "asset form" Fixed;
        state: State = "在册状态" "book state" Fixed;
        use_state: Option<UseState> = "使用状态" "use state" Amend;
        condition: Option<Condition> = "资产状况" "condition" Amend;
        location: Option<String> = "坐落" "location" Amend;
        longitude: Option<Coordinate> = "经度" "longitude" Amend;
        latitude: Option<Coordinate> = "纬度" "latitude" Amend;
        quantity: Option<Quantity> = "规模数量" "quantity" Correct;
        unit: Option<Unit> = "计量单位" "unit" Correct;
        specification: Option<String> = "规格型号" "specification" Amend;
        structure: Option<Structure> = "结构类型" "structure" Amend;
        beneficiary_villages: Option<i32> = "受益村数" "beneficiary villages" Amend;
        beneficiary_households: Option<i32> = "受益户数" "beneficiary households" Amend;
        beneficiary_people: Option<i32> = "受益人数" "beneficiary people" Amend;
        project_year: Option<i32> = "项目年度" "project year" Correct;
        line_department: Option<LineDepartment> = "行业主管部门" "line department" Amend;
        budget: Option<Money> = "预算金额" "budget" Correct;
        contract_amount: Option<Money> = "合同金额" "contract amount" Correct;
        final_account: Option<Money> = "竣工决算金额" "final account" Correct;
        audit_cut: Option<Money> = "审减金额" "audit cut" Correct;
        original_value: Option<Money> = "资产原值" "original value" Correct;
        valuation: Option<Valuation> = "计价方式" "valuation" Correct;
        depreciation: Option<Depreciation> = "折旧方法" "depreciation" Correct;
        life_months: Option<i32> = "使用年限（月）" "useful life (months)" Correct;
        residual_bp: Option<i32> = "残值率（万分之）" "residual (basis points)" Correct;
        started_on: Option<NaiveDate> = "开工日期" "started on" Correct;
        completed_on: Option<NaiveDate> = "完工日期" "completed on" Correct;
        accepted_on: Option<NaiveDate> = "竣工验收日期" "accepted on" Correct;
        built_year: Option<i32> = "建成年份" "year built" Correct;
        acquired_on: Option<NaiveDate> = "购建时间" "acquired on" Correct;
        handed_over_on: Option<NaiveDate> = "移交日期" "handed over on" Correct;
        handover_no: Option<String> = "移交书编号" "handover document no." Amend;
        booked_on: Option<NaiveDate> = "入账日期" "booked on" Amend;
        voucher_no: Option<String> = "入账凭证号" "voucher no." Amend;
        warranty_until: Option<NaiveDate> = "质保期至" "warranty until" Amend;
        idle_since: Option<NaiveDate> = "闲置起始日" "idle since" Amend;
        idle_reason: Option<IdleReason> = "闲置原因" "idle reason" Amend;
        rate_bp: Option<i32> = "年收益率（万分之）" "yearly rate (basis points)" Correct;
        ends_on: Option<NaiveDate> = "到期日" "ends on" Correct;
        maintainer_answer: Option<Answer> = "管护主体情况" "maintainer answer" Amend;
        recorded_on: Option<NaiveDate> = "登记日期" "recorded on" Amend;
        source_key: Option<String> = "来源标识" "source key" Fixed;
        remark: Option<String> = "备注" "remark" Amend;
    }
}

/// A card with a place, a class and a name, and nothing else recorded.
pub fn blank(area_code: AreaCode, class: Class, name: &str) -> Model {
    Model {
        id: AssetId(0),
        area_code,
        code: String::new(),
        name: name.to_owned(),
        class,
        subclass: None,
        form: Form::Fixed,
        state: State::Held,
        use_state: None,
        condition: None,
        location: None,
        longitude: None,
        latitude: None,
        quantity: None,
        unit: None,
        specification: None,
        structure: None,
        beneficiary_villages: None,
        beneficiary_households: None,
        beneficiary_people: None,
        project_id: None,
        project_year: None,
        implementing_unit_id: None,
        line_department: None,
        budget: None,
        contract_amount: None,
        final_account: None,
        audit_cut: None,
        original_value: None,
        valuation: None,
        depreciation: None,
        life_months: None,
        residual_bp: None,
        started_on: None,
        completed_on: None,
        accepted_on: None,
        built_year: None,
        acquired_on: None,
        handed_over_on: None,
        handover_no: None,
        booked_on: None,
        voucher_no: None,
        warranty_until: None,
        idle_since: None,
        idle_reason: None,
        debtor_id: None,
        rate_bp: None,
        ends_on: None,
        parent_id: None,
        maintainer_answer: None,
        recorded_on: None,
        source_key: None,
        remark: None,
        initials: Initials::default(),
        version: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}
