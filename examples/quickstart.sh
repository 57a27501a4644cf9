#!/usr/bin/env bash
# Shows Satchel's main job on this machine: one hub, two sites and a relay as real processes, from a student's code to the export.
# Installs what is missing (apt, as root or with sudo), builds, and leaves a folder to look at.
#   examples/quickstart.sh                 with portraits of people who do not exist
#   examples/quickstart.sh --photos DIR    with your own JPEG or PNG pictures: a refused one is a result, with its reason and cure
#   examples/quickstart.sh --keep DIR      use this new or empty folder instead of satchel-demo/run-N
set -euo pipefail

photos=""
demo=""
usage() { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while [[ $# -gt 0 ]]; do
  case "$1" in
    --photos) photos=$(realpath -e -- "${2:?--photos needs a folder}"); shift ;;
    --keep) demo=$(realpath -m -- "${2:?--keep needs a folder}"); shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[[ -z $photos || -d $photos ]] || { echo "--photos: this is no folder: $photos" >&2; exit 2; }

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
east_name=东村教学点
west_name=西镇教学点
processes=()

stop_all() {
  local pid
  for pid in "${processes[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${processes[@]}"; do wait "$pid" 2>/dev/null || true; done
  processes=()
}
failed() {
  local status=$?
  stop_all
  [[ $status -eq 0 ]] || printf '\nThe story stopped here (exit %d). What there is lies in %s\n故事在此中断（退出码 %d），已有内容在上面的目录。\n' \
    "$status" "${demo:-$root}" "$status" >&2
  exit "$status"
}
trap failed EXIT

chapter() { printf '\n\033[1m%s\033[0m\n%s\n' "$1" "$2"; }
tell() { printf '  %s\n  %s\n' "$1" "$2"; }
pick() {  # pick 'PYTHON EXPRESSION over d' < one JSON document
  python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}
on() {  # on NODE ARGUMENTS…: the program on that node's home
  local node=$1
  shift
  "$root/build/bin/satchel" --home "$demo/$node" --no-input "$@"
}
show() {  # the same, with the command shown first
  local node=$1 line
  shift
  line="$*"
  printf '  \033[2m%s $ satchel %s\033[0m\n' "$node" "${line//"$demo/"/}"
  on "$node" "$@" | sed 's/^/    /'
}
eligible() { on "$1" --json status | pick "d['students']['eligible']"; }
show_any() { show "$@" || true; }  # where a refusal is what is to be shown

# ---------------------------------------------------------------------------------------------------- build
build() {
  .ci/install-packages
  echo "Building (the first time takes some minutes) · 正在编译（首次需要几分钟）"
  cmake --preset dev >"$root/build-quickstart.log" 2>&1 &&
    cmake --build --preset dev --parallel "$(nproc)" --target satchel satchel-roster satchel_portraits >>"$root/build-quickstart.log" 2>&1 ||
    { tail -40 "$root/build-quickstart.log" >&2; return 1; }
  rm -f "$root/build-quickstart.log"
}

make_folder() {
  if [[ -z $demo ]]; then
    local n=1
    while [[ -e $root/satchel-demo/run-$n ]]; do n=$((n + 1)); done
    demo=$root/satchel-demo/run-$n
    # A Unix socket's path has 107 bytes at most.
    [[ ${#demo} -le 80 ]] || demo=$(mktemp -d /tmp/satchel-demo.XXXXXX)
  elif [[ -d $demo && -n $(ls -A "$demo") ]]; then
    echo "--keep: this folder is not empty: $demo" >&2
    exit 2
  fi
  mkdir -p "$demo/tables"
}

# ------------------------------------------------------------------------------------------------ the story
enrol() {  # enrol NODE NAME [--relay]
  on "$1" site init --name "$2" --out "$demo/cards/$1.request" "${@:3}" >/dev/null
  on hub hub enroll "$demo/cards/$1.request" --out "$demo/cards/$1.card" >/dev/null
  on "$1" join "$demo/cards/$1.card" >/dev/null
  tell "$1: request file to the hub, card file back, joined as \"$2\"" "$1：申请文件交中心，准入卡带回，已加入"
}

start_node() {  # start_node NODE ARGUMENTS…; its address is then in $address
  local node=$1 ready="$demo/$1.ready"
  shift
  # Not by way of on(): the process to stop would be a shell, and its child would go on.
  "$root/build/bin/satchel" --home "$demo/$node" --no-input --json run --listen 127.0.0.1:0 "$@" >"$ready" 2>"$demo/$node.stderr" &
  processes+=($!)
  for _ in $(seq 300); do
    [[ -s $ready ]] && break
    kill -0 "${processes[-1]}" 2>/dev/null || { cat "$demo/$node.stderr" >&2; return 1; }
    sleep 0.1
  done
  address=$(head -n 1 "$ready" | pick "d['listen']")
  tell "$node runs and listens on $address" "$node 已运行，监听 $address"
}

carry_stick() {  # carry_stick FROM TO
  local stick="$demo/stick"
  mkdir -p "$stick"
  show "$1" stick write "$stick"
  show "$2" stick read "$stick"
}

gather_pictures() {
  pictures=()
  if [[ -n $photos ]]; then
    mapfile -t pictures < <(find "$photos" -maxdepth 1 -type f \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.png' \) | sort | head -n 60)
    [[ ${#pictures[@]} -gt 0 ]] || { echo "--photos: no JPEG or PNG picture in $photos" >&2; exit 2; }
    students=$((${#pictures[@]} + 2))
  else
    students=8
    "$root/build/bin/satchel-portraits" --out "$demo/pictures" --seed 1 --count $((students + 1)) >/dev/null
    for n in $(seq 0 "$students"); do pictures+=("$demo/pictures/person-1-$n.jpg"); done
  fi
}

set_up() {
  chapter "1. A hub, two sites and a relay" "一、一个中心、两个教学点、一个中继"
  show hub hub init --profile "$root/examples/profiles/default.toml" --name 采集中心
  mkdir -p "$demo/cards"
  enrol east "$east_name"
  enrol west "$west_name"
  enrol relay 县城中继 --relay

  chapter "2. The roster, and a code for each student" "二、导入名册，发放采集码"
  gather_pictures
  "$root/build/bin/satchel-roster" --seed 1 --students "$students" --sites "$east_name,$west_name" --out "$demo/roster.csv"
  show hub roster import "$demo/roster.csv"
  show hub code issue --out "$demo/codes"

  chapter "3. The hub and the relay run; each site gets its own students, one by the relay, one on a stick" \
    "三、中心与中继开始运行；两个教学点各自拿到本点学生：一个经中继，一个用 U 盘"
  start_node hub
  hub_address=$address
  start_node relay --peer "$hub_address"
  relay_address=$address
  for _ in $(seq 100); do
    on east sync --peer "$relay_address" >/dev/null 2>&1 || true
    [[ $(eligible east) -gt 0 ]] && break
    sleep 0.2
  done
  tell "east has $(eligible east) students, by way of the relay" "东村教学点经中继收到 $(eligible east) 名学生"
  carry_stick hub west
}

codes_of() {  # the code pictures of one site's students, in the roster's order
  python3 - "$demo" "$1" <<'PY'
import csv, sys
demo, site = sys.argv[1:]
with open(demo + "/roster.csv", encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file):
        if row["站点"] == site:
            print(f"{demo}/codes/{row['学号'].rstrip('*')}.png")
PY
}

try_wrong_portraits() {
  chapter "4. At the site: scan a code, and see what wrong portraits get" "四、教学点：扫码；不合格照片当场说明原因和改法"
  show east code scan "${east_codes[0]}"
  local defect
  for defect in blurred dark half-dark two-faces blue-on-blue; do
    "$root/build/bin/satchel-portraits" --out "$demo/wrong" --seed 1 --count 1 --defect "$defect" >/dev/null
    show_any east check "$demo/wrong/person-1-0-$defect.jpg"
  done
}

capture() {  # capture NODE CODE PICTURE: submits it, or says why not; the student's reference is then in $student
  local status=0 answer
  answer=$(on "$1" --json capture --code "$2" --photo "$3" --submit) || status=$?
  student=""
  if [[ $status -eq 0 ]]; then
    student=$(pick "d['student']" <<<"$answer")
    printf '    %-5s %-12s %s\n' "$1" "$student" "submitted · 已提交"
  elif [[ -z $photos ]]; then
    echo "$answer" >&2
    return "$status"
  elif [[ $status -eq 6 ]]; then
    pick "'    $1 not taken · 未通过 ' + ' '.join(f['code'] + ' ' + f['cure_en'] + ' ' + f['cure_zh'] for f in d['verdict']['findings'] if f['level'] == 'fail')" <<<"$answer"
  else
    pick "'    $1 not taken · 未通过 ' + d['code'] + ' ' + d['en'] + ' ' + d['cure_en'] + ' ' + d['zh'] + d['cure_zh']" <<<"$answer"
  fi
}

capture_all() {
  chapter "5. Portraits are taken, checked and submitted at both sites" "五、两个教学点拍摄、检查、提交"
  local n=0 east_at=0 west_at=0
  submitted_east=()
  submitted=0
  for picture in "${pictures[@]}"; do
    [[ -n $photos || $n -lt $students ]] || break
    if [[ $((n % 2)) -eq 0 && $east_at -lt ${#east_codes[@]} || $west_at -ge ${#west_codes[@]} ]]; then
      capture east "${east_codes[$east_at]}" "$picture"
      [[ -z $student ]] || { submitted_east+=("$student:${east_codes[$east_at]}:$picture"); submitted=$((submitted + 1)); }
      east_at=$((east_at + 1))
    else
      capture west "${west_codes[$west_at]}" "$picture"
      [[ -z $student ]] || submitted=$((submitted + 1))
      west_at=$((west_at + 1))
    fi
    n=$((n + 1))
  done
  tell "$submitted submitted, $((students - submitted)) still open" "已提交 $submitted 人，未完成 $((students - submitted)) 人"
}

deliver() {
  chapter "6. East syncs through the relay, west sends a stick" "六、东村经中继同步，西镇用 U 盘"
  show east sync --peer "$relay_address" --until-done --deadline 60s
  tell "The relay has carried what it can check but not open: it knows no student, and review is refused." \
    "中继只能验证、不能打开所带内容：它不认识任何学生，也不能审核。"
  show relay status
  show_any relay review list
  carry_stick west hub
}

decide() {
  chapter "7. The hub reviews: one is rejected with a reason, the others are approved" "七、中心审核：退回一人并说明原因，其余通过"
  if [[ $submitted -eq 0 ]]; then
    tell "No picture was submitted, so there is nothing to review." "没有提交的照片，无需审核。"
    return
  fi
  show hub review list --pictures "$demo/to-review"
  local rejected=""
  if [[ ${#submitted_east[@]} -gt 0 ]]; then
    rejected=${submitted_east[0]%%:*}
    show hub review reject "$rejected" --reason R-BLUR --note "请使用三脚架 / please use the stand"
  fi
  mapfile -t waiting < <(on hub --json review list | pick "'\n'.join(w['student'] for w in d['waiting'] if w['student'] != '$rejected')")
  if [[ -n ${waiting[0]:-} ]]; then show hub review approve "${waiting[@]}"; fi
  if [[ -n $rejected ]]; then take_again "$rejected"; fi
  tell "West gets its verdicts on the stick." "西镇的审核结果随 U 盘带回。"
  carry_stick hub west
  sync_until_approved
}

take_again() {  # take_again STUDENT
  chapter "8. The verdict returns through the relay; the student is taken again, and accepted" "八、退回意见经中继返回；重拍后通过"
  local code picture
  IFS=: read -r _ code picture <<<"${submitted_east[0]}"
  for _ in $(seq 100); do
    on east sync --peer "$relay_address" >/dev/null 2>&1 || true
    [[ $(on east --json status | pick "d['students']['rejected']") -gt 0 ]] && break
    sleep 0.2
  done
  show east status --student "$1"
  [[ -n $photos ]] || picture=${pictures[-1]}
  capture east "$code" "$picture"
  show east sync --peer "$relay_address" --until-done --deadline 60s
  show hub review approve "$1"
}

sync_until_approved() {
  for _ in $(seq 100); do
    on east sync --peer "$relay_address" >/dev/null 2>&1 || true
    [[ $(on east --json status | pick "d['students']['approved']") -ge ${#submitted_east[@]} ]] && break
    sleep 0.2
  done
}

finish() {
  chapter "9. The export" "九、导出"
  local status=0
  show hub export --out "$demo/export" || status=$?
  [[ $status -eq 0 || $status -eq 3 && -n $photos ]] || return "$status"

  chapter "10. Who, where, how far, provable: the table of each node" "十、谁、在哪、到哪一步、有据可查：各节点的状态表"
  local node
  for node in hub east west relay; do
    show "$node" status | tee "$demo/tables/$node.txt"
  done
  stop_all
  for node in hub east west relay; do on "$node" log verify >/dev/null; done
  tell "Every log and blob of the four nodes was walked: signatures, chains and hashes are whole." "四个节点的全部日志和数据均已校验，完好。"
}

started=$SECONDS
build
built=$SECONDS
make_folder
set_up
mapfile -t east_codes < <(codes_of "$east_name")
mapfile -t west_codes < <(codes_of "$west_name")
try_wrong_portraits
capture_all
deliver
decide
finish
trap - EXIT
printf '\nThe story took %d s after %d s of building. It is all in:\n故事用时 %d 秒（编译 %d 秒）。全部内容在：\n  %s\n' \
  $((SECONDS - built)) $((built - started)) $((SECONDS - built)) $((built - started)) "$demo"
printf '  export/  codes/  pictures/  to-review/  tables/  stick/  hub/  east/  west/  relay/\n'
