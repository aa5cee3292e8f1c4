//! Help for one's own account: signing in, settings, passwords.

use entity::language::Label;

use super::{ASK_ADMINISTRATOR, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "sign-in",
        routes: &["/sign-in", "/link"],
        title: Label::new("登录", "Sign in"),
        what: Label::new("用账号和密码进入系统。", "Entering with your account and password."),
        steps: &[
            Label::new(
                "输入账号和密码；启用了动态验证的账号再输入手机上的六位数字。",
                "Type account and password; where there is an authenticator, its six digits too.",
            ),
            Label::new(
                "第一次登录，或密码被重置后，用管理员给的一次性登录码设置密码。",
                "At the first sign-in, or after a reset, set a password by the one-time code that the administrator gave you.",
            ),
        ],
        slips: &[
            Label::new(
                "连续输错几次，要等一会儿才能再试；等待时间会越来越长。",
                "After a few wrong attempts the next one has to wait, longer each time.",
            ),
            Label::new(
                "忘记密码不能自己找回，请管理员重置。",
                "A forgotten password is reset by the administrator.",
            ),
        ],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "me",
        routes: &["/me"],
        title: Label::new("账号与登录", "Account and sign-ins"),
        what: Label::new(
            "看自己的角色和管辖区划，看账号在哪些设备上登录着。",
            "Your role and area, and the devices on which you are signed in.",
        ),
        steps: &[
            Label::new(
                "不认得的设备，按“结束登录”，并马上更改密码。",
                "End the sign-in of a device you do not know, and change the password.",
            ),
            Label::new(
                "更改密码、启用动态验证也从这里进。",
                "The password and the authenticator are changed from here.",
            ),
        ],
        slips: &[Label::new(
            "同时登录的设备有限，新登录会挤掉最早的一个。",
            "Only so many devices are signed in at once: a new one ends the oldest.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "mail",
        routes: &["/me/mail"],
        title: Label::new("摘要邮箱", "Where digests are sent"),
        what: Label::new(
            "填一个邮箱，每期收到一封摘要：快到期、已超期和新动态，带网页地址。",
            "An address to which a digest goes once a period: what is due, late and new, with links.",
        ),
        steps: &[Label::new(
            "填邮箱、选语言，保存。清空再保存就不再发送。",
            "Give the address, choose a language and save. Saved empty, nothing is sent any more.",
        )],
        slips: &[Label::new(
            "显示“邮件被退回”：地址写错或邮箱停用，换一个再保存，会重新发送。",
            "Mail was refused: the address is wrong or closed. Save another, and it is sent anew.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "settings",
        routes: &["/me/settings"],
        title: Label::new("个人设置", "Settings"),
        what: Label::new(
            "字号、配色、语言、快捷键和每页条数。只影响这台设备上的自己。",
            "Text size, colours, language, keys and rows of a page: for you, on this device.",
        ),
        steps: &[
            Label::new("选好后按“保存”，马上生效。", "Choose, then save: it counts at once."),
            Label::new(
                "字号和语言也可以在每页右上角直接换。",
                "Text size and language can also be changed at the top of every page.",
            ),
        ],
        slips: &[Label::new(
            "设置保存在浏览器里：换一台电脑或清除浏览器数据后，要重新设置。",
            "Settings are kept by the browser: on another computer they have to be set again.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "password",
        routes: &["/me/password"],
        title: Label::new("更改密码", "Change the password"),
        what: Label::new("换一个新密码。", "Setting a new password."),
        steps: &[
            Label::new(
                "先输入现在的密码，再输入两遍新密码。",
                "The password so far, then the new one twice.",
            ),
            Label::new(
                "用一句只有自己知道的话，不少于 15 个字符，好记又难猜。",
                "A sentence only you know, of 15 characters or more, is easy to keep and hard to guess.",
            ),
        ],
        slips: &[Label::new(
            "更改后，其他设备上的登录全部结束，要用新密码重新登录。",
            "Afterwards every other sign-in has ended.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "second-factor",
        routes: &["/me/second-factor", "/me/proof"],
        title: Label::new("动态验证", "Authenticator"),
        what: Label::new(
            "在密码之外，再用手机上的验证器确认是本人。",
            "Showing that it is you, by an app on your phone beside the password.",
        ),
        steps: &[
            Label::new(
                "输入密码生成密钥，在验证器应用里添加，再输入它显示的六位数字。",
                "The password makes a key; add it to the app and type the six digits it shows.",
            ),
            Label::new(
                "把恢复码抄下收好：手机丢了要靠它登录。",
                "Write the recovery codes down: they sign in when the phone is lost.",
            ),
        ],
        slips: &[Label::new(
            "数字总不对：手机时间不准，打开手机的自动对时。",
            "The digits are always wrong: the clock of the phone is; have it set automatically.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
];
