//! What the rules of stock-takes say no with.

use entity::language::{Label, Sentence};

use super::Refusal;

refusals! {
    STOCK_TAKE;
    /// A stock-take is of one village, or of what a town holds itself.
    stock_take_of_place() "stock_take.of_place"
        "盘点以村（或乡镇本级）为单位，请选一个村" "a stock-take is of one village, or of what a town holds itself: choose one";
    /// It is for the last year or this one.
    stock_take_year(first: i32, last: i32) "stock_take.year"
        "只能开始 {first} 或 {last} 年度的盘点" "a stock-take is for {first} or {last}";
    /// One is counted at a time.
    stock_take_there(year: i32) "stock_take.there"
        "这里 {year} 年度的盘点正在进行，请接着盘点" "a stock-take of {year} is being counted here already: go on with it";
    /// There is nothing to count.
    nothing_to_count() "stock_take.nothing"
        "这里没有在册的资产，不用盘点" "no asset stands on the ledger here: there is nothing to count";
    /// It would be too long.
    stock_take_too_large(limit: usize) "stock_take.too_large"
        "一次盘点最多 {limit} 项资产" "a stock-take has at most {limit} assets";
    /// What is signed stands.
    stock_take_signed() "stock_take.signed"
        "这次盘点已经签认，不能再改；情况有变的，另开始一次盘点"
        "this stock-take is signed and stands; where things have changed, open another";
    /// Nothing was said.
    nothing_said() "stock_take.nothing_said"
        "没有填写任何一项的盘点结果" "no result was given for any line";
    /// So many lines at once.
    too_many_lines(limit: usize) "stock_take.too_many_lines"
        "一次最多提交 {limit} 项" "at most {limit} lines at once";
    /// The line is of another stock-take.
    no_such_line(named: &str) "stock_take.no_such_line"
        "“{named}”不在本次盘点之内；账上没有的请登记为盘盈"
        "“{named}” is no line of this stock-take; what is not on the ledger is recorded as such";
    /// A line is named twice.
    line_named_twice(place: i32) "stock_take.line_twice"
        "序号 {place} 在同一次提交里出现两次" "line {place} is there twice";
    /// Somebody was faster.
    line_counted_meanwhile(place: i32) "stock_take.counted_meanwhile"
        "序号 {place} 刚才已由他人登记；下面是最新结果，请核对后再保存"
        "line {place} was counted by somebody else a moment ago; look at what is there now and save again";
    /// The state as seen is asked for.
    seen_state_missing(place: i32) "stock_take.seen_missing"
        "序号 {place}：状态不符的，须选实际使用状态" "line {place}: choose the state in which it was seen";
    /// It is the state that the ledger says.
    seen_state_same(place: i32) "stock_take.seen_same"
        "序号 {place}：实际使用状态与账面相同，应为“账实相符”" "line {place}: that is the state on the ledger: it is found as it should be";
    /// A state is asked for only where it differs.
    seen_state_idle(place: i32) "stock_take.seen_idle"
        "序号 {place}：只有状态不符的才填实际使用状态" "line {place}: a state is given only where it is another";
    /// A stock-take has so many finds.
    stock_finds_full(limit: usize) "stock_find.full"
        "一次盘点最多登记 {limit} 项盘盈" "a stock-take has at most {limit} finds";
    /// It is settled.
    stock_find_settled() "stock_find.settled"
        "这项盘盈已经处理" "this find is settled already";
    /// The asset is not what was found.
    stock_find_other_asset() "stock_find.other_asset"
        "这项资产不在本村，或本次盘点本来就有它，不是这项盘盈"
        "this asset lies elsewhere, or the stock-take expected it: it is not what was found";
    /// It is over.
    discrepancy_closed() "discrepancy.closed"
        "这项差异已经核实或消除" "this discrepancy is settled or cleared already";
    /// One of two things becomes of a find.
    one_settlement() "stock_find.one_settlement"
        "写明登记成的资产，或不予登记的理由，二者只填其一" "name the asset that was registered for it, or say why it is none: one of the two";
    /// Everything is counted first.
    lines_left(n: usize) "stock_take.lines_left"
        "还有 {n} 项没有盘点，不能签认" "{n} lines are not counted yet; it cannot be signed";
    /// Nobody signs what they counted themselves.
    own_count() "stock_take.own_count"
        "参加盘点的人不能签认，请由他人签认" "nobody signs what they counted themselves";
}
