#!/usr/bin/env bash
# Three agencies on this machine: 15 leads in all six directions, signed for, accepted, refused and
# returned; the life of a lead in scenes (examples/life.sh): supplements, forwarding, sending again, a
# letter, acts that cross, a time limit that runs out; then the audit (examples/audit.sh): exports of all
# three, verified and reconciled, evidence of a case for a court, one forged byte found, a report.
#   make demo          ends by itself and leaves nothing running
#   make demo KEEP=1   leaves the three nodes up and prints how to talk to them
set -euo pipefail
umask 077

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
keep=${KEEP:-0}
# BUILD=DIR takes the programs from there instead of building them.
build=${BUILD:-.build/release}
work="$root/.demo"
pids=()
sockets=""

step() { printf '\n\033[1m▸ %s\033[0m\n' "$*"; }
note() { printf '  %s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# Every process that this script started, and no other, ends with it.
finish() {
  status=$?
  trap - EXIT INT TERM
  if [ "$status" -ne 0 ] && [ -d "$work" ]; then
    printf '\ndemo: 未完成，日志在 %s/*/node.log / failed, see the logs there\n' "$work" >&2
  fi
  if [ "$keep" = 1 ] && [ "$status" -eq 0 ]; then exit 0; fi
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "$sockets" ]; then rm -rf "$sockets"; fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

roles=(procuratorate discipline enforcement)
declare -A code name
load_agencies() {
  local role
  for role in "${roles[@]}"; do
    code[$role]=$(jq -er --arg r "$role" '.[] | select(.role == $r) | .code' examples/agencies.json)
    name[$role]=$(jq -er --arg r "$role" '.[] | select(.role == $r) | .name' examples/agencies.json)
  done
}

sx() { "$build/sanxiang" "$@"; }
at() { local role=$1; shift; sx "$@" --socket "$sockets/$role.sock"; }

build_release() {
  if [ -n "${BUILD:-}" ]; then return 0; fi
  step "编译发布版（首次需几分钟） / release build (minutes the first time)"
  local product
  for product in sanxiangd sanxiang; do
    swift build --configuration release --product "$product" 2>&1 | grep -E 'error|Compiling|Build' |
      tail -n 1 || true
  done
  [ -x "$build/sanxiangd" ] && [ -x "$build/sanxiang" ] || fail "the build failed"
}

# An earlier KEEP=1 run's nodes, by the process ids that it wrote down.
stop_earlier() {
  [ -f "$work/pids" ] || return 0
  local pid
  while read -r pid; do
    if [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$(readlink -f "$build/sanxiangd")" ]; then
      kill -TERM "$pid" 2>/dev/null || true
      while [ -d "/proc/$pid" ]; do sleep 0.1; done
    fi
  done <"$work/pids"
  [ -f "$work/sockets" ] && rm -rf -- "$(cat "$work/sockets")"
}

mint() {
  step "生成联邦：统筹机关 3 把密钥取 2、三家节点、TLS 证书 / minting a federation: authority 2 of 3"
  rm -rf "$work"
  mkdir -p "$work"
  sockets=$(mktemp -d /tmp/sanxiang-demo.XXXXXX)
  echo "$sockets" >"$work/sockets"
  openssl rand -hex 24 >"$work/passphrase"
  local all=()
  local role
  for role in "${roles[@]}"; do all+=("${code[$role]}"); done
  certs/mint --out "$work/tls" --passphrase-file "$work/passphrase" --federation demo.example \
    "${all[@]}" >"$work/mint.log" 2>&1 || fail "certs/mint: $(tail -n 3 "$work/mint.log")"
  sx federation init --folder "$work/authority" --name demo.example --keys 3 --threshold 2 \
    --passphrase-file "$work/passphrase" >/dev/null
  for role in "${roles[@]}"; do
    sx node init --data "$work/$role" --code "${code[$role]}" --name "${name[$role]}" \
      --role "$role" --authority "$work/authority/authority.json" \
      --tls-anchor "$work/tls/authority/ca.pem" \
      --tls-chain "$work/tls/nodes/${code[$role]}/tls.pem" \
      --tls-key "$work/tls/nodes/${code[$role]}/tls.key" \
      --socket "$sockets/$role.sock" --port 0 --passphrase-file "$work/passphrase" >/dev/null
    sx federation add "$work/$role/node.enrolment.json" --folder "$work/authority" >/dev/null
    note "${name[$role]}  ${code[$role]}"
  done
  publish
}

# Two of the three keys sign; every node gets the note.
publish() {
  local keys=("$work"/authority/*.key)
  sx federation sign --folder "$work/authority" --passphrase-file "$work/passphrase" \
    --key "${keys[0]}" --key "${keys[1]}" >/dev/null
  local role
  for role in "${roles[@]}"; do
    cp "$work/authority/federation.note" "$work/$role/federation.note"
  done
}

start_nodes() {
  step "启动三个节点，端口由内核选 / starting three nodes on ports that the kernel chooses"
  local role
  pids=()
  for role in "${roles[@]}"; do
    "$build/sanxiangd" --config "$work/$role/node.yaml" >>"$work/$role/node.log" 2>&1 &
    pids+=("$!")
  done
  printf '%s\n' "${pids[@]}" >"$work/pids"
  for role in "${roles[@]}"; do
    patience "[ -s '$work/$role/peer.port' ] && [ -S '$sockets/$role.sock' ]" "$role 启动 / start"
    local port
    port=$(head -n 1 "$work/$role/peer.port" | tr -dc 0-9)
    sx federation add "$work/$role/node.enrolment.json" --folder "$work/authority" \
      --endpoint "127.0.0.1:$port" >/dev/null
    note "${name[$role]}  127.0.0.1:$port"
  done
  publish
  for pid in "${pids[@]}"; do kill -HUP "$pid"; done
  for role in "${roles[@]}"; do
    patience "[ \"\$(at $role peer list --output json | jq '[.items[] | select(.connected)] | length')\" = 2 ]" \
      "$role 连接 / connect"
  done
  note "互相连接，TLS 1.3 双向认证 / all connected, TLS 1.3, both sides authenticated"
}

stop_nodes() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM "$pid"; done
  for pid in "${pids[@]}"; do wait "$pid" || fail "a node did not stop in order"; done
}

# Asks until it is so; a demo that has waited a minute has failed.
patience() {
  local deadline=$((SECONDS + 60))
  until eval "$1" 2>/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || fail "等待超时 / waited too long: $2"
    sleep 0.1
  done
}

declare -a sent_id sent_from sent_to
send_leads() {
  step "移送 / sending: examples/leads，六个方向 / six directions"
  local file from to id count=0 total
  local files=(examples/leads/*.json)
  total=${#files[@]}
  for file in "${files[@]}"; do
    IFS=- read -r _ from to _ <<<"$(basename "$file" .json)"
    # The samples' dates grow old: an answer is asked for in a month from today.
    jq --arg day "$(day 30)" 'if has("replyBy") then .replyBy = $day else . end' "$file" >"$work/lead.json"
    id=$(at "$from" lead send "$work/lead.json" --to "${code[$to]}" --output json | jq -er .id)
    sent_id+=("$id") sent_from+=("$from") sent_to+=("$to")
    count=$((count + 1))
    printf '  [%2d/%d] %s → %s  %s\n' "$count" "$total" "${name[$from]}" "${name[$to]}" \
      "$(jq -r .title "$file")"
  done
}

await_receipts() {
  local i
  for i in "${!sent_id[@]}"; do
    local id=${sent_id[$i]} from=${sent_from[$i]}
    patience "at $from lead receipt $id --output json | jq -e .checkpointSize >/dev/null" \
      "送达回证 / receipt of $id"
  done
  note "${#sent_id[@]} 件均有送达回证 / all have signed receipts"
}

answer() {
  step "签收，然后受理、不予受理、退回 / signing for each, then accepting, refusing, returning"
  local i id to
  for i in "${!sent_id[@]}"; do
    id=${sent_id[$i]} to=${sent_to[$i]}
    at "$to" inbox sign "$id" --unit "案件管理室" >/dev/null
    case $((i % 5)) in
      0 | 1) at "$to" inbox accept "$id" --unit "承办部门" >/dev/null ;;
      2) at "$to" inbox refuse "$id" --reason no-jurisdiction --text "不属于本机关管辖。" >/dev/null ;;
      3) at "$to" inbox return "$id" --reason incomplete-materials --text "请补充物证照片。" >/dev/null ;;
      4) ;; # 只签收 / signed for only
    esac
  done
  local role
  for role in "${roles[@]}"; do
    patience "[ \"\$(at $role queue depth --output json | jq '[.items[] | .queued + .unreceipted] | add')\" = 0 ]" \
      "$role 队列清空 / empty queue"
  done
  local from=${sent_from[0]}
  at "$from" lead track "${sent_id[0]}"
}

show_tables() {
  local role
  for role in "${roles[@]}"; do
    step "队列与回执 / queues and receipts: ${name[$role]}"
    at "$role" queue depth
  done
}

how_to_talk() {
  step "节点仍在运行 / the nodes are still up"
  local role
  for role in "${roles[@]}"; do
    note "${name[$role]}:"
    note "  export SANXIANG_SOCKET=$sockets/$role.sock; $build/sanxiang inbox list"
  done
  note "演练时钟提前 120 小时；重新启动节点时 / their clocks run 120 hours ahead for the rehearsal; to restart one:"
  note "  SANXIANG_REHEARSAL_CLOCK_AHEAD_HOURS=120 $build/sanxiangd --config .demo/<role>/node.yaml"
  note "停止 / stop:  kill ${pids[*]}"
}

source examples/life.sh
source examples/audit.sh
load_agencies
build_release
stop_earlier
mint
start_nodes
send_leads
await_receipts
answer
show_tables
live
audit_all
if [ "$keep" = 1 ]; then how_to_talk; fi
step "完成 / done"
