//! Help for the desk: where the day begins.

use entity::language::Label;

use super::{ASK_ADMINISTRATOR, ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
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
            Label::new(
                "点“打印简报”，打印一张 A4 纸。",
                "“Print the brief” prints one sheet of A4.",
            ),
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
    },
    Help {
        screen: "reminders",
        routes: &["/reminders"],
        title: Label::new("提醒", "Reminders"),
        what: Label::new(
            "与您有关的新动态：交办、退回、批准、报修；还有快到期和已超期的事。",
            "What concerns you: asked, sent back, approved, reported; and what is due soon or late.",
        ),
        steps: &[
            Label::new(
                "每一页菜单里“提醒”旁的数字，是您还没看过的条数。",
                "The number beside Reminders in the menu of every page is how many you have not seen.",
            ),
            Label::new(
                "看过后按“全部标为已读”，数字清零；之后新到的另计。",
                "Mark all as read once you have seen them; what comes later counts anew.",
            ),
        ],
        slips: &[Label::new(
            "自己办的事不提醒自己。标为已读不等于办完，没办完的仍在“待办”里。",
            "You are not told of what you did yourself. What is read is not done: it stays among the tasks.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "tasks",
        routes: &["/tasks"],
        title: Label::new("待办", "Tasks"),
        what: Label::new(
            "等着您办的事：整改、核查、确权、快到期的责任、没办完的导入。",
            "What waits for you: mending, checking, titles, duties that end soon, imports not finished.",
        ),
        steps: &[Label::new(
            "每一组的数字就是点进去那张清单的行数。",
            "The number of a group is the number of rows of the list behind it.",
        )],
        slips: &[Label::new(
            "事情办了还在：要等核查的人确认，或者问题本身消失。",
            "It is still there: somebody else has to check it, or the finding has to clear.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "search",
        routes: &["/search", "/search/suggestions"],
        title: Label::new("查找", "Search"),
        what: Label::new(
            "一次查资产、单位、项目和区划；编号完全对上的直接打开。",
            "Assets, organizations, projects and areas at once; a whole code opens its asset.",
        ),
        steps: &[
            Label::new(
                "按 / 键可以直接开始输入；拼音首字母也能查。",
                "The key / begins a search; initials of pinyin will do.",
            ),
            Label::new(
                "查人要用页面下方的表单，姓名不会出现在网址里。",
                "People are looked for by the form below, so that no address holds a name.",
            ),
        ],
        slips: &[Label::new(
            "查不到：只能查到自己管辖区划里的。",
            "Nothing is found: only what lies in your own area is.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
];
