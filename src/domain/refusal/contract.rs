//! What the rules of contracts say no with.

use chrono::NaiveDate;
use entity::language::{Label, Sentence};

use super::Refusal;

refusals! {
    CONTRACT;
    /// It is over, or was ended.
    contract_over(last_on: NaiveDate) "contract.over"
        "合同已于 {last_on} 到期或终止，不能再变更" "the contract ended on {last_on}; it is not changed any more";
    /// Another contract of the asset has the number.
    contract_number_taken() "contract.number_taken"
        "这项资产已有同一编号的合同" "another contract of this asset has that number";
    /// An asset has so many contracts.
    contracts_full(limit: usize) "contract.full"
        "一项资产最多登记 {limit} 份合同" "an asset has at most {limit} contracts";
    /// It is ended within its term.
    contract_end_outside(first: NaiveDate, last: NaiveDate) "contract.end_outside"
        "最后一日应在合同期内：{first} 至 {last}" "the last day lies within the term: from {first} to {last}";
}
