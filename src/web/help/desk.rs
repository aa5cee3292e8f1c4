//! Help for the desk: where the day begins.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[Help {
    screen: "dashboard",
    routes: &["/", "/dashboard"],
    title: Label::new("总览", "Overview"),
    what: Label::new(
        "一眼看清本区划有多少资产、哪些有问题、先办哪几件、各乡镇（村）差多少。",
        "What your area has, what is wrong with it, what comes first, and how its parts compare.",
    ),
    steps: &[
        Label::new(
            "点任何一个数字，打开它所数的那些资产或问题；条数与数字相同。",
            "Follow any number to the list that it counts: the list has as many rows.",
        ),
        Label::new(
            "在右上角换区划，逐级往下看；选中的区划留在地址里，可以收藏、转发。",
            "Choose an area at the top, a level at a time. It stays in the address, to be kept or sent.",
        ),
        Label::new(
            "“最急的几件事”每条后面都有该找的人和电话。",
            "Each of the most urgent cases names who has to act and a telephone.",
        ),
        Label::new("点“打印简报”，打印一张 A4 纸。", "“Print the brief” prints one sheet of A4."),
        Label::new(
            "图下面的“看数据表”是同样的数字，方便核对和抄录。",
            "The table under a chart holds the same figures.",
        ),
    ],
    slips: &[
        Label::new(
            "“较上月”是与上月最后一天相比：增加的减去消除的。豁免的问题不计。",
            "“Since last month” is against the last day of last month: what opened less what cleared. Waived findings do not count.",
        ),
        Label::new(
            "各项比率的分母是在册且未灭失的资产；已处置、作废的不计入。",
            "Shares are of assets on the books and still there; those disposed of or void do not count.",
        ),
        Label::new(
            "一项资产用了几种资金，会在每种资金下各数一次，金额不重复。",
            "An asset paid from several funds is counted under each of them; amounts are not counted twice.",
        ),
    ],
    ask: ASK_FINANCE,
}];
