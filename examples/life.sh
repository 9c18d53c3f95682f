# The life of a lead, scene by scene; examples/demo.sh reads this file and provides what it calls.
# Three agencies: enforcement (市场监管), procuratorate (检察院), discipline (纪委监委).

# A payload of examples/leads with another number and title, and what jq is told beside.
lead_file() {
  local base=$1 number=$2 title=$3 change=${4:-.}
  local file="$work/lead-$number.json"
  jq --arg n "$number" --arg t "$title" \
    ".docNo |= sub(\"[0-9]+号\$\"; \$n + \"号\") | .title = \$t | del(.replyBy) | $change" "examples/leads/$base" >"$file"
  printf '%s\n' "$file"
}

# Sends, waits for the receipt, prints the id.
sent() {
  local from=$1 to=$2 file=$3
  at "$from" lead send "$file" --to "${code[$to]}" --wait --output json | jq -er .id
}

# An act, by the agency that does it; prints the id of its record.
did() {
  local who=$1; shift
  at "$who" "$@" --output json | jq -er .id
}

# Waits until a thread is in a state at both of two agencies.
both() {
  local id=$1 state=$2 one=$3 other=$4 role
  for role in "$one" "$other"; do
    patience "[ \"\$(at $role lead track $id --output json | jq -r .state)\" = $state ]" \
      "$role: $state"
  done
}

# Waits until the other end has a record.
has() { patience "at $1 record show $2 --output json >/dev/null" "$1: $2"; }

act() { printf '    %s：%s\n' "${name[$1]}" "$2"; }

scene_supplement() {
  step "补正 / supplements: 移送 → 签收 → 补正通知 → 补充材料 → 受理 → 立案 → 反馈 → 办结"
  local id request
  id=$(sent enforcement procuratorate "$(lead_file 02-enforcement-procuratorate-markets.json 101 示例线索：补正后立案)")
  did procuratorate inbox sign "$id" --unit 案件管理室 >/dev/null
  request=$(did procuratorate supplement request "$id" --item 检验报告 --due-by "$(day 5)")
  has enforcement "$request"
  did enforcement supplement provide "$id" --text "检验报告已补齐。" --item 检验报告 >/dev/null
  patience "at procuratorate lead track $id --output json | jq -e '[.records[].kind] | index(\"supplement.provide\")' >/dev/null" \
    "supplement"
  did procuratorate inbox accept "$id" --unit 第一检察部 >/dev/null
  did procuratorate inbox decide "$id" --decision filed --doc-no "示检立〔2026〕8号" >/dev/null
  did procuratorate inbox feedback "$id" --stage investigating --outcome in-progress >/dev/null
  did procuratorate inbox close "$id" --outcome criminal-penalty >/dev/null
  both "$id" closed procuratorate enforcement
  act procuratorate "补正后立案、办结 / filed after a supplement, and closed"
  timeline=$id
}

scene_forward() {
  step "转送 / forwarding: ${name[procuratorate]} → ${name[discipline]}，附原件证明 / with proof of the original"
  local id answer linked
  id=$(sent enforcement procuratorate "$(lead_file 08-enforcement-procuratorate-information-networks.json 102 示例线索：应由纪委监委办理)")
  did procuratorate inbox sign "$id" --unit 案件管理室 >/dev/null
  answer=$(at procuratorate inbox forward "$id" --to "${code[discipline]}" --reason no-jurisdiction \
    --text "涉嫌职务违法，不属于本院管辖。" --output json)
  linked=$(jq -er .forward.id <<<"$answer")
  has discipline "$linked"
  did discipline inbox sign "$linked" --unit 信访室 >/dev/null
  did discipline inbox accept "$linked" --unit 第二监督检查室 >/dev/null
  both "$id" forwarded enforcement procuratorate
  both "$linked" accepted procuratorate discipline
  at enforcement lead track "$id" | sed 's/^/    /'
}

scene_return() {
  step "退回后重新移送 / returned, and sent again"
  local id file again
  file=$(lead_file 06-discipline-enforcement-education-health.json 103 示例线索：材料不全)
  id=$(sent discipline enforcement "$file")
  did enforcement inbox sign "$id" --unit 法规科 >/dev/null
  did enforcement inbox return "$id" --reason incomplete-materials --text "请补充现场笔录。" >/dev/null
  both "$id" returned discipline enforcement
  jq --arg id "$id" '.previous = $id' "$file" >"$file.again"
  again=$(sent discipline enforcement "$file.again")
  did enforcement inbox sign "$again" --unit 法规科 >/dev/null
  did enforcement inbox accept "$again" --unit 执法一科 >/dev/null
  both "$again" accepted discipline enforcement
  at discipline lead track "$again" --output json |
    jq -r '.lineage[] | "    \(.relation) \(.thread) \(.state)"'
}

scene_letter() {
  step "三书一函 / a letter and its reply: 检察建议书"
  local id
  id=$(did procuratorate letter issue --to "${code[enforcement]}" --type procuratorial-suggestion \
    --doc-no "示检建〔2026〕3号" --title "关于规范示例市场主体登记的检察建议" --industry markets \
    --problem "登记审查不严。" --proposal "完善审查制度。" --reply-by "$(day 60)")
  has enforcement "$id"
  did enforcement letter reply "$id" --adopted adopted --measure "已修订审查规程。" \
    --doc-no "示市监函〔2026〕40号" >/dev/null
  both "$id" replied procuratorate enforcement
  act enforcement "已复函，采纳建议 / replied; the proposals are adopted"
}

# The receiver takes nothing from the sender for a moment, so that neither sees the other's act.
scene_crossing() {
  step "撤回与受理相互交错 / a withdrawal crosses an acceptance"
  local id withdrawal
  id=$(sent enforcement discipline "$(lead_file 07-enforcement-discipline-transport.json 104 示例线索：撤回与受理交错)")
  did discipline inbox sign "$id" --unit 信访室 >/dev/null
  both "$id" signed enforcement discipline
  at discipline queue pause "${code[enforcement]}" >/dev/null
  patience "at enforcement queue depth --output json | jq -e '.items[] | select(.peer == \"${code[discipline]}\") | .outbound.windowRecords == 0' >/dev/null" \
    "pause"
  withdrawal=$(did enforcement record withdraw "$id" --reason "误发。")
  patience "[ \"\$(at enforcement lead track $id --output json | jq -r .state)\" = withdrawn ]" "withdrawal"
  did discipline inbox accept "$id" --unit 第一监督检查室 >/dev/null
  patience "[ \"\$(at enforcement lead track $id --output json | jq -r .state)\" = accepted ]" "crossing"
  at discipline queue pause "${code[enforcement]}" --off >/dev/null
  has discipline "$withdrawal"
  both "$id" accepted enforcement discipline
  [ "$(at discipline lead track "$id" --output json |
    jq -r --arg w "$withdrawal" '.records[] | select(.id == $w) | .standing')" = void ] ||
    fail "the withdrawal is not void"
  act discipline "受理有效，撤回无效，两端一致 / the acceptance stands, the withdrawal is void, at both ends"
}

# All nodes stop and start again with clocks that run five days ahead: a rehearsal.
scene_overdue() {
  step "时限届满 / a time limit runs out: 全部节点的时钟拨快 5 天 / all clocks five days ahead"
  local id
  id=$(sent enforcement procuratorate \
    "$(lead_file 13-enforcement-procuratorate-rural-governance.json 105 示例线索：逾期未答复 ".replyBy = \"$(day 2)\"")")
  did procuratorate inbox sign "$id" --unit 案件管理室 >/dev/null
  both "$id" signed enforcement procuratorate
  stop_nodes
  export SANXIANG_REHEARSAL_CLOCK_AHEAD_HOURS=120
  start_nodes
  unset SANXIANG_REHEARSAL_CLOCK_AHEAD_HOURS
  patience "at procuratorate lead track $id --output json | jq -e '[.records[].kind] | index(\"notice.remind\")' >/dev/null" \
    "催办 / reminder"
  at procuratorate inbox show "$id" | sed -n '/移送链\|thread/,$p' | sed 's/^/    /'
  note "到期时限 / due: "
  at procuratorate deadline list --ours | sed 's/^/    /'
}

# What `lead track` prints is the same at both ends.
scene_timeline() {
  step "同一条移送链，两端所见 / one thread as both ends see it"
  at enforcement lead track "$timeline" >"$work/track.enforcement"
  at procuratorate lead track "$timeline" >"$work/track.procuratorate"
  cmp "$work/track.enforcement" "$work/track.procuratorate" || fail "the two ends differ"
  sed 's/^/    /' "$work/track.enforcement"
  note "两端逐字相同 / the same at both ends, byte for byte"
}

scene_statistics() {
  step "统计 / statistics: ${name[enforcement]}"
  at enforcement statistics --to "$(day 5)" | sed 's/^/    /'
}

# So many days from today, in Beijing.
day() { TZ=Asia/Shanghai date -d "+$1 days" +%F; }

timeline=""
live() {
  scene_supplement
  scene_forward
  scene_return
  scene_letter
  scene_crossing
  scene_timeline
  scene_overdue
  scene_statistics
}
