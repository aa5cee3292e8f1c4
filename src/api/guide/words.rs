//! Chinese words for what the document says in English: operations by their ids, made of a verb and
//! a noun; groups; parameters. What stands here is on the page for people; programs read codes.

use entity::language::Label;

/// What the groups of operations are called, in the order in which they are told.
pub(super) const GROUPS: [(&str, Label); 23] = [
    ("sign-in", Label::new("登录", "Signing in")),
    ("sessions", Label::new("会话、密码与动态口令", "Sessions, passwords, second factors")),
    ("assets", Label::new("资产", "Assets")),
    ("titles", Label::new("权属", "Titles")),
    ("duties", Label::new("管护责任", "Duties")),
    ("waivers", Label::new("问题豁免", "Waivers")),
    ("settings", Label::new("县级规则", "Local rules")),
    ("reports", Label::new("报表", "Reports")),
    ("projects", Label::new("项目", "Projects")),
    ("organizations", Label::new("单位", "Organizations")),
    ("persons", Label::new("人员", "People")),
    ("people", Label::new("人员", "People")),
    ("areas", Label::new("区划", "Areas")),
    ("accounts", Label::new("账号", "Accounts")),
    ("imports", Label::new("导入", "Imports")),
    ("import", Label::new("导入", "Imports")),
    ("jobs", Label::new("后台任务", "Jobs")),
    ("exports", Label::new("导出", "Exports")),
    ("export", Label::new("导出", "Exports")),
    ("history", Label::new("变更记录", "History")),
    ("findings", Label::new("问题", "Findings")),
    ("logs", Label::new("留痕", "Log")),
    ("log", Label::new("留痕", "Log")),
];

/// Operations whose ids do not say what they are in Chinese.
const OPERATIONS: [(&str, &str); 20] = [
    ("get_me", "本人的账号、辖区和可办事项"),
    ("open_session", "登录"),
    ("refresh_session", "换取新的访问令牌"),
    ("close_session", "退出登录"),
    ("list_sessions", "列出本人的会话"),
    ("revoke_session", "立即终止一个会话"),
    ("step_up", "重新验证身份"),
    ("open_link", "用一次性登录码设置密码"),
    ("report_no_maintainer", "无人管护的资产"),
    ("report_findings", "各类问题"),
    ("list_log_heads", "列出各县留痕的末端"),
    ("get_checkpoint", "查看最新签名检查点"),
    ("prove_inclusion", "证明某条留痕在日志中"),
    ("prove_consistency", "证明日志只增不改"),
    ("reveal_no_maintainer", "无人管护的资产，含完整联系方式"),
    ("export_register", "导出一类数据"),
    ("assign_filtered_duty", "按条件批量指派管护"),
    ("set_setting", "设定一项县级规则"),
    ("try_setting", "试算一项县级规则会新增、销号多少问题"),
    ("withdraw_setting", "撤回尚未生效的县级规则"),
];

/// What operations do.
const VERBS: [(&str, &str); 36] = [
    ("add", "开设"),
    ("amend", "变更"),
    ("assign", "指派"),
    ("cancel", "取消"),
    ("change", "修改"),
    ("close", "关闭"),
    ("confirm", "确认"),
    ("correct", "更正"),
    ("count", "计数"),
    ("download", "下载"),
    ("drop", "解除"),
    ("end", "终止"),
    ("enroll", "绑定"),
    ("export", "导出"),
    ("get", "查看"),
    ("grant", "批准"),
    ("hand_over", "移交"),
    ("import", "导入"),
    ("invite", "发放首次登录码："),
    ("list", "列出"),
    ("lock", "停用"),
    ("merge", "合并"),
    ("prove", "证明"),
    ("reclass", "改类"),
    ("register", "登记"),
    ("rename", "更名"),
    ("report", "报表："),
    ("reset", "重置"),
    ("reveal", "查看完整信息："),
    ("revoke", "终止"),
    ("search", "查找"),
    ("settle", "确定"),
    ("split", "拆分"),
    ("start", "开始"),
    ("undo", "撤销"),
    ("unlock", "启用"),
];

/// What they do it to.
const NOUNS: [(&str, &str); 49] = [
    ("account", "账号"),
    ("account_sessions", "账号的会话"),
    ("accounts", "账号"),
    ("area", "区划"),
    ("areas", "区划"),
    ("area_chain", "上级区划"),
    ("asset", "资产"),
    ("asset_by_code", "资产（按编号）"),
    ("asset_history", "资产的变更记录"),
    ("asset_origin", "资产各数值的来源"),
    ("asset_title", "资产的权属"),
    ("assets", "资产"),
    ("contact", "联系方式"),
    ("duties", "管护责任"),
    ("duty", "管护责任"),
    ("entries", "留痕"),
    ("entry", "留痕"),
    ("export", "导出"),
    ("exports", "导出"),
    ("filtered", "符合条件的资产"),
    ("filtered_duties", "符合条件的资产的管护责任"),
    ("import", "导入批次"),
    ("import_job", "导入任务"),
    ("import_rejected", "退回的行"),
    ("imports", "导入批次"),
    ("job", "任务"),
    ("jobs", "任务"),
    ("log_entries", "留痕"),
    ("log_entry", "留痕"),
    ("no_maintainer", "无人管护的资产"),
    ("organization", "单位"),
    ("organization_contact", "单位联系方式"),
    ("organizations", "单位"),
    ("origin", "数值来源"),
    ("password", "密码"),
    ("person", "人员"),
    ("persons", "人员"),
    ("people", "人员"),
    ("project", "项目"),
    ("projects", "项目"),
    ("rejected", "退回的行"),
    ("rejected_rows", "退回的行"),
    ("second_factor", "动态口令"),
    ("session", "会话"),
    ("sessions", "会话"),
    ("settings", "县级规则"),
    ("title", "权属"),
    ("waiver", "问题豁免"),
    ("waivers", "问题豁免"),
];

/// Parameters, and the commonest members of answers.
const PARTS: [(&str, &str); 72] = [
    ("access_token", "访问令牌"),
    ("access_until", "访问令牌何时到期"),
    ("account", "账号"),
    ("acquired_on", "购建时间"),
    ("action", "办理事项"),
    ("actions", "可办理的事项"),
    ("actor", "经办人"),
    ("after", "上一页的 next"),
    ("area", "十二位区划代码"),
    ("area_code", "十二位区划代码"),
    ("area_path", "自上而下的各级区划名称"),
    ("as_of", "按某日终了或某一时刻的记录"),
    ("by", "汇总方式"),
    ("class", "资产类别"),
    ("code", "编号或代码"),
    ("count", "是否一并计数"),
    ("county", "县：区划代码前六位"),
    ("detail", "问题和改法"),
    ("device", "设备"),
    ("device_mark", "设备标记"),
    ("document_no", "文号"),
    ("errors", "须更正的字段"),
    ("expected", "应填内容"),
    ("expires_at", "何时到期"),
    ("field", "字段"),
    ("fields", "各字段"),
    ("format", "格式：json、csv 或 xlsx"),
    ("found", "所填内容"),
    ("from_size", "先前检查点的条数"),
    ("funding", "资金来源"),
    ("gone", "是否计入已处置、作废、灭失的资产"),
    ("id", "编号"),
    ("Idempotency-Key", "请求标识：同一标识只办理一次"),
    ("If-Match", "读到的版本，如 \"3\""),
    ("is_current", "是否当前会话"),
    ("items", "各行"),
    ("kind", "种类"),
    ("limit", "每页行数，1 至 200"),
    ("must_change_password", "须先修改密码"),
    ("must_enroll_second_factor", "须先绑定动态口令"),
    ("name", "名称"),
    ("new", "新密码"),
    ("next", "下一页的 after；末页没有"),
    ("old", "原密码"),
    ("on", "日期"),
    ("opened_at", "何时登录"),
    ("original_value", "原值（元）"),
    ("password", "密码"),
    ("proof", "动态口令；未绑定的填密码"),
    ("q", "查找内容"),
    ("reason", "理由"),
    ("recovery_codes", "备用码，每个用一次"),
    ("refresh_token", "刷新令牌，用一次即换新"),
    ("request_id", "请求编号，求助时请告知"),
    ("role", "角色"),
    ("role_name", "角色名称"),
    ("rule", "问题代码，如 G02"),
    ("second_factor", "动态口令"),
    ("seen_at", "最近使用"),
    ("seq", "留痕序号，自 0 起"),
    ("session", "会话编号"),
    ("size", "条数"),
    ("sort", "排序"),
    ("state", "账面状态"),
    ("status", "状态码"),
    ("subclass", "资产子类"),
    ("total", "总行数"),
    ("type", "问题种类"),
    ("uri", "供验证器读取，只显示这一次"),
    ("use_state", "使用状态"),
    ("version", "版本"),
    ("waived", "是否计入已豁免的问题"),
];

fn of(table: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
}

/// An operation in Chinese.
pub(super) fn operation(id: &str) -> Option<String> {
    if let Some(words) = of(&OPERATIONS, id) {
        return Some(words.to_owned());
    }
    let composed = |(verb, does): &(&str, &str)| {
        let noun = id.strip_prefix(verb)?.strip_prefix('_')?;
        Some(format!("{does}{}", of(&NOUNS, noun)?))
    };
    VERBS.iter().find_map(composed)
}

/// A parameter or a member in Chinese.
pub(super) fn part(name: &str) -> Option<&'static str> {
    of(&PARTS, name)
}

/// A group by its tag; one that nobody named is called by the tag.
pub(super) fn group(tag: &str) -> (usize, Label) {
    let place = GROUPS.iter().position(|(known, _)| *known == tag);
    place.map_or((GROUPS.len(), Label::new("其他", "Other")), |place| (place, GROUPS[place].1))
}
