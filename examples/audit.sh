# What an auditor does, from files and public keys alone; examples/demo.sh reads this file and provides
# what it calls. The nodes run meanwhile. The auditor's own copy of the authority's keys is the folder
# of the authority here, never what a node brings along.

exports=()

audited() { sx audit "$@" --authority "$work/authority/authority.json"; }

# Runs a command that must find something: exit code 4.
must_find() {
  local status=0
  "$@" || status=$?
  [ "$status" -eq 4 ] || fail "应以退出码 4 结束 / should have ended with 4, not $status: $*"
}

audit_export() {
  step "导出三个运行中的节点（C2SP tlog-tiles） / exporting all three nodes while they run"
  local role
  mkdir -p "$work/exports"
  for role in "${roles[@]}"; do
    sx audit export "$work/$role" "$work/exports/$role"
    exports+=("$work/exports/$role")
  done
}

audit_verify() {
  step "离线核验每份导出 / verifying each export, offline"
  local path
  for path in "${exports[@]}"; do audited verify "$path"; done
  step "逐通道比对两端 / reconciling both ends of every channel"
  audited reconcile "${exports[@]}"
}

audit_prove() {
  step "为法庭出具一案的证据文件，并离线核验 / evidence of one case for a court, and its check"
  local file="$work/case.evidence.json"
  audited prove --thread "$timeline" "${exports[@]}" --out "$file"
  audited check-proof "$file"
}

# Another byte in a stored record header: in the log's entries alone, the tiles stay as they are.
audit_tamper() {
  step "在一份导出的副本中改动一个字节 / changing one byte in a copy of an export"
  local victim="$work/exports/forged" bundle
  cp -r "$work/exports/enforcement" "$victim"
  bundle=$(grep -rlaF '"urgency":"normal"' "$victim/logs" --include='[0-9]*' | grep /tile/entries/ | sort | head -n 1)
  [ -n "$bundle" ] || fail "no entry to change"
  LC_ALL=C sed -i '0,/"urgency":"normal"/s//"urgency":"nOrmal"/' "$bundle"
  must_find audited verify "$victim"
  note "已指出被改动的记录，退出码 4 / the forged entry is named, exit code 4"
  step "与对方机关的导出比对 / beside the other agencies' exports"
  must_find audited reconcile "$victim" "$work/exports/procuratorate" "$work/exports/discipline"
}

audit_report() {
  step "审计报告：可打印的网页 / a report as a page that prints"
  audited report "${exports[@]}" --out "$work/report.html" --json "$work/report.json" --language zh
  must_find audited report "$work/exports/forged" "$work/exports/procuratorate" \
    "$work/exports/discipline" --out "$work/report-forged.html" --language en
  note "$work/report.html  $work/report-forged.html"
}

audit_all() {
  audit_export
  audit_verify
  audit_prove
  audit_tamper
  audit_report
}
