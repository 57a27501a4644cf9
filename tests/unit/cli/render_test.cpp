#include "cli/render.h"

#include <catch2/catch.hpp>

#include "tests/unit/cli/support.h"

using namespace satchel;
using namespace satchel::cli;
using test::data;
using test::has;
using test::talk;

TEST_CASE("founding a campaign tells where the recovery key is and what to do with it") {
  const char* answer = R"({"schema":"satchel.hub/1","campaign":"2026届","id":"00ff","recovery_key":"/h/recovery.key"})";
  CHECK(data(answer, Language::zh) == "采集批次“2026届”已建立，本机是中心。\n批次编号  00ff\n恢复密钥  /h/recovery.key\n");
  CHECK(has(data(answer, Language::en), "recovery key  /h/recovery.key"));
  CHECK(has(talk(answer, Language::en), "→ Move the recovery key"));
}

TEST_CASE("enrolment shows names, roles and fingerprints") {
  const char* request = R"({"schema":"satchel.request/1","name":"东村","request":"/r","fingerprint":"0011 2233"})";
  CHECK(has(data(request, Language::zh), "“东村”的注册申请已生成：/r"));
  CHECK(has(data(request, Language::en), "fingerprint  0011 2233"));
  const char* enrolled =
      R"({"schema":"satchel.enroll/1","name":"东村","number":3,"role":"relay","card":"/c","fingerprint":"0011"})";
  CHECK(has(data(enrolled, Language::zh), "已注册“东村”：中转节点，编号 3。准入卡：/c"));
  CHECK(has(data(enrolled, Language::en), "enrolled as relay, number 3"));
  const char* joined = R"({"schema":"satchel.join/1","campaign":"2026","number":1,"name":"东村","role":"site"})";
  CHECK(has(data(joined, Language::en), "“东村” has joined the campaign “2026” as site, number 1."));
  CHECK(has(talk(joined, Language::zh), "satchel sync"));
}

TEST_CASE("a roster report names the line, the reason and the cure of each refused row") {
  const char* answer = R"({"schema":"satchel.roster/1","rows":5,"imported":3,"new":2,"changed":1,"unchanged":0,"gone":1,
    "refused":[{"line":4,"code":"R-ROW-DATE","zh":"日期不对。","en":"No real date.","cure_zh":"改成八位数字。","cure_en":"Write eight digits."},
               {"line":12,"code":"R-ROW-SITE","zh":"没有这个站点。","en":"No such site.","cure_zh":"先注册。","cure_en":"Enrol it."}],
    "notes":[{"line":2,"code":"R-ROW-TERM","zh":"末学期不符。","en":"Last term disagrees."}],"kept_columns":["宿舍","QQ"]})";
  CHECK(data(answer, Language::zh) ==
        "名册共 5 行，导入 3 行：新增 2，变更 1，未变 0；不再在册 1。\n"
        "以下 2 处有错误，这些行没有导入：\n"
        "  行  原因            怎么办\n"
        "   4  日期不对。      改成八位数字。\n"
        "  12  没有这个站点。  先注册。\n"
        "以下行已导入，请留意：\n"
        "  行  原因\n"
        "   2  末学期不符。\n");
  CHECK(has(data(answer, Language::en), "    12  No such site.  Enrol it.\n"));
  CHECK(has(talk(answer, Language::zh), "宿舍、QQ"));
  CHECK(has(talk(answer, Language::en), "宿舍, QQ"));
}

TEST_CASE("scanned codes are shown one by one, and one that fails does not hide the others") {
  const char* answer = R"({"lines":[
    {"schema":"satchel.scan/1","file":"a.png","student":"7K3QX-2MA9D","name":"张*三","id_number":"**************1234",
     "site":"东村","class":"19史（5）","known":true,"stage":"eligible"},
    {"schema":"satchel.scan/1","file":"b.png","error":{"code":"E-CODE-NONE","zh":"没有二维码。","cure_zh":"长按保存。",
     "en":"No code.","cure_en":"Save with a long press.","detail":""}}]})";
  const std::string zh = data(answer, Language::zh);
  CHECK(has(zh, "学生编号  7K3QX-2MA9D\n姓名      张*三\n身份证号  **************1234\n"));
  CHECK(has(zh, "进度      待采集\n"));
  CHECK(has(data(answer, Language::en), "stage      to be taken\n"));
  CHECK(has(talk(answer, Language::zh), "✗ b.png：没有二维码。 (E-CODE-NONE)\n  → 长按保存。\n"));
  CHECK(has(talk(answer, Language::en), "✗ b.png: No code. (E-CODE-NONE)\n  → Save with a long press.\n"));
  CHECK(has(talk(answer, Language::zh), "请核实确认本人信息"));
  const char* visitor = R"({"schema":"satchel.scan/1","file":"a","student":"X","known":false,"stage":"unknown"})";
  CHECK(has(data(visitor, Language::en), "not on this node's list"));
}

TEST_CASE("a check tells one line of reason and one of cure for each finding") {
  const char* answer =
      R"({"schema":"satchel.check/1","file":"p.jpg","verdict":"fail","image":{"width":960,"height":1280},"faces":1,
    "findings":[{"code":"Q-BLUR","level":"fail","zh":"照片模糊。","en":"The picture is blurred.","cure_zh":"请对焦。","cure_en":"Focus."},
                {"code":"Q-ROLL","level":"advice","zh":"头略歪。","en":"Slightly tilted.","cure_zh":"摆正。","cure_en":"Level it."}]})";
  CHECK(data(answer, Language::zh) ==
        "p.jpg：不通过（960×1280，1 张人脸）\n"
        "  ✗ 照片模糊。 (Q-BLUR)\n    → 请对焦。\n"
        "  ! 头略歪。 (Q-ROLL)\n    → 摆正。\n");
  CHECK(data(answer, Language::en) ==
        "p.jpg: fail (960×1280, faces: 1)\n"
        "  ✗ The picture is blurred. (Q-BLUR)\n    → Focus.\n"
        "  ! Slightly tilted. (Q-ROLL)\n    → Level it.\n");
  const char* unread = R"({"schema":"satchel.check/1","file":"q.jpg","error":{"code":"E-FILE-EMPTY","zh":"空。","en":"Empty.",
    "cure_zh":"重拷。","cure_en":"Copy again.","detail":"0"}})";
  CHECK(data(unread, Language::en).empty());
  CHECK(talk(unread, Language::en) == "✗ q.jpg: Empty. (E-FILE-EMPTY)\n  0\n  → Copy again.\n");
}

TEST_CASE("a check that explains lists each rule's number, limit and source, and what a person looks at") {
  const char* answer =
      R"({"schema":"satchel.check/1","file":"p.jpg","verdict":"pass","faces":1,"explain":true,"findings":[],
    "unseen":[{"code":"Q-PITCH","level":"unknown","measure":"nose","value":null,"limit":[0.5,0.6],"zh":"看不出。","en":"No model.",
               "cure_zh":"请人工查看。","cure_en":"Look yourself.","source_zh":"俯仰角。","source_en":"ISO pitch."}],
    "passed":[{"code":"Q-BLUR","level":"pass","measure":"variance","value":31.25,"limit":[9,null],"source_zh":"方差。","source_en":"Variance."}],
    "checklist":[{"code":"C-HAIR","zh":"双耳可见。","en":"Both ears are seen."}]})";
  const std::string en = data(answer, Language::en), zh = data(answer, Language::zh);
  CHECK(has(en, "✓ Q-BLUR  variance = 31.25, limit ≥ 9\n    Variance."));
  CHECK(has(en, "? Q-PITCH  nose: cannot tell\n    No model. Look yourself.\n    ISO pitch."));
  CHECK(has(en, "Look at this yourself:\n  □ Both ears are seen."));
  CHECK(has(zh, "请人工查看：\n  □ 双耳可见。"));
}

TEST_CASE("a capture says what was kept and what comes next") {
  const char* kept = R"({"schema":"satchel.capture/1","student":"7K3QX-2MA9D","name":"张*三","attempt":2,"attempts_left":8,
    "draft":"ab12","submitted":false,"submission":null,"override":false,"verdict":{"verdict":"pass","findings":[]}})";
  CHECK(has(data(kept, Language::zh), "张*三（7K3QX-2MA9D）第 2 次：通过\n已存为草稿 ab12\n"));
  CHECK(has(talk(kept, Language::zh), "satchel submit 7K3QX-2MA9D"));
  CHECK(has(data(kept, Language::en), "张*三 (7K3QX-2MA9D), try 2: pass\nkept as draft ab12\n"));
  const char* failed = R"({"schema":"satchel.capture/1","student":"S","name":"N","attempt":1,"attempts_left":9,"draft":null,
    "submitted":false,"override":false,"verdict":{"verdict":"fail","findings":[]}})";
  CHECK(has(talk(failed, Language::en), "Tries left: 9.\n→ Follow the hints"));
  const char* sent = R"({"schema":"satchel.capture/1","student":"S","name":"N","attempt":1,"attempts_left":9,"draft":"d",
    "submitted":true,"submission":"s1","override":true,"verdict":{"verdict":"fail","findings":[]}})";
  CHECK(has(data(sent, Language::en), "Overridden by the operator"));
  CHECK(has(data(sent, Language::en), "submitted (s1)"));
  CHECK(has(talk(sent, Language::en), "not at the hub yet"));
}

TEST_CASE("drafts stand in a table") {
  const char* answer = R"({"schema":"satchel.drafts/1","student":"S","name":"张*","stage":"drafted","drafts":[
    {"id":"ab12","taken":"2026-06-16T08:00:05Z","grade":"advice","score":71.6,"findings":["Q-ROLL","Q-EYES"],"override":true,"submitted":true}]})";
  CHECK(has(data(answer, Language::zh), "张*（S）：有草稿\n"));
  CHECK(has(data(answer, Language::zh), "可用，有建议    72  Q-ROLL Q-EYES  已提交 · 已说明理由放行\n"));
  CHECK(has(data(answer, Language::en), "usable, with advice     72  Q-ROLL Q-EYES  submitted · overridden\n"));
  CHECK(has(data(R"({"schema":"satchel.drafts/1","drafts":[]})", Language::en), "No drafts."));
}

TEST_CASE("a submission is not called delivered") {
  const char* answer = R"({"schema":"satchel.submit/1","student":"S","draft":"d","submission":"s"})";
  CHECK(has(data(answer, Language::en), "Draft d of S is submitted (s)."));
  CHECK(has(talk(answer, Language::zh), "还没有到中心"));
}

TEST_CASE("a sync says how it ended, what went over, and what waits") {
  const char* done =
      R"({"schema":"satchel.sync/1","peer":"h:1","outcome":"done","seconds":3.24,"sent_bytes":2048,"received_bytes":100,
    "bundles_sent":{"control":0,"record":4,"photo":2,"original":0},"bundles_received":{"control":1,"record":0,"photo":0,"original":0},
    "waiting":0,"refused":[]})";
  CHECK(data(done, Language::en) ==
        "Synced with h:1 in 3.2 s.\nSent 2.0 KB, received 100 B.\n"
        "  lane               sent  received\n"
        "  control               0         1\n"
        "  records, previews     4         0\n"
        "  standard pictures     2         0\n"
        "All that is ours is receipted by the hub.\n");
  CHECK(has(data(done, Language::zh), "本机的内容中心已全部签收。"));
  const char* held = R"({"schema":"satchel.sync/1","peer":"h:1","outcome":"done","seconds":9,"waiting":2,
    "originals_held":{"bundles":2,"bytes":6291456}})";
  CHECK(has(data(held, Language::en), "2 originals (6.0 MB) would take this line more than half a day"));
  CHECK(has(data(held, Language::zh), "其中 2 张原图（6.0 MB）"));
  CHECK_FALSE(has(data(done, Language::en), "originals ("));
  const char* partial = R"({"schema":"satchel.sync/1","peer":"h:1","outcome":"partial","seconds":61,"waiting":3,
    "refused":[{"bundle":"b","code":"E-SIGNATURE","zh":"签名不符","en":"bad signature"}]})";
  CHECK(has(data(partial, Language::zh), "下次从断点继续"));
  CHECK(has(data(partial, Language::zh), "还有 3 个包裹等待中心签收。"));
  CHECK(has(data(partial, Language::en), "✗ b: bad signature (E-SIGNATURE)"));
  CHECK(data(R"({"schema":"satchel.sync/1","peer":"h:1","outcome":"unreachable"})", Language::zh) == "连接不上 h:1。\n");
}

TEST_CASE("a stick may be taken out only when the node says so") {
  const char* safe =
      R"({"schema":"satchel.stick/1","action":"write","bundles":{"record":2,"photo":1},"bytes":4096,"already_there":5,"safe_to_remove":true})";
  CHECK(data(safe, Language::zh) == "已写入 3 个包裹，4.0 KB；原有 5 个未变。\n可以拔出\n");
  const char* unsafe = R"({"schema":"satchel.stick/1","action":"write","bundles":{},"safe_to_remove":false})";
  CHECK_FALSE(has(data(unsafe, Language::zh), "可以拔出"));
  const char* read = R"({"schema":"satchel.stick/1","action":"read","bundles":{"record":2},"already_here":1,"receipt":true,
    "damaged":[{"file":"s1","offset":77,"code":"E-HASH","zh":"损坏","en":"damaged"}]})";
  CHECK(has(data(read, Language::en), "2 new bundles were read; 1 were here already.\nThe hub's receipt was among them.\n"));
  CHECK(has(data(read, Language::en), "✗ s1, byte 77: damaged (E-HASH)"));
}

TEST_CASE("the review list shows what a reviewer must know before looking") {
  const char* answer =
      R"({"schema":"satchel.review/1","waiting":[{"student":"7K3QX-2MA9D","name":"张三","site":"东村","class":"19史（5）",
    "submitted":"2026-06-16T08:00:05Z","grade":"fail","score":40,"findings":["Q-BLUR"],"override":"残疾","attempts":3,
    "picture_here":false,"last_term":true,"flags":["conflict"]}]})";
  CHECK(has(data(answer, Language::zh), "末学期；照片未到；Q-BLUR；放行理由：残疾；两处提交了不同的照片\n"));
  CHECK(has(data(answer, Language::en),
            "last term; picture on its way; Q-BLUR; override: 残疾; different pictures were submitted\n"));
  const char* early = R"({"schema":"satchel.review/1","waiting":[{"student":"A","picture_here":false,"rendition":"preview"}]})";
  CHECK(has(data(early, Language::zh), "照片未到，可先看预览"));
  CHECK(has(data(early, Language::en), "picture on its way, preview here"));
  CHECK(data(R"({"schema":"satchel.review/1","waiting":[]})", Language::en) == "Nothing waits for review.\n");
}

TEST_CASE("decisions and exports tell of each one that could not be") {
  const char* decided =
      R"({"schema":"satchel.decided/1","decided":[{"student":"A","result":"approved"},{"student":"B","result":"rejected"},
    {"student":"C","error":{"code":"E-STUDENT-UNKNOWN","zh":"没有。","en":"None.","cure_zh":"核对。","cure_en":"Check.","detail":""}}]})";
  CHECK(data(decided, Language::zh) == "✓ A 通过\n↺ B 退回重拍\n");
  CHECK(has(talk(decided, Language::en), "✗ C: None. (E-STUDENT-UNKNOWN)\n  → Check.\n"));
  const char* exported = R"({"schema":"satchel.export/1","exported":2,"folder":"/out","manifest":"/out/m.csv",
    "left_out":[{"student":"C","error":{"code":"E-X","zh":"缺。","en":"Missing."}}]})";
  CHECK(has(data(exported, Language::en),
            "2 pictures were exported to /out\nmanifest: /out/m.csv\n1 students were left out:\n✗ C: Missing. (E-X)\n"));
  CHECK(has(data(exported, Language::zh), "以下 1 人没有导出："));
}

TEST_CASE("a verified log is called whole, a faulty one names its faults") {
  const char* clean = R"({"schema":"satchel.verify/1","bundles":7,"records":9,"blobs":3,"faults":[]})";
  CHECK(data(clean, Language::zh) == "已检查 7 个包裹、9 条记录、3 个文件块。\n全部完好。\n");
  const char* faulty = R"({"schema":"satchel.verify/1","bundles":7,"records":9,"blobs":3,
    "faults":[{"where":"blob 1f","code":"E-HASH","zh":"不符","en":"does not match"}]})";
  CHECK(has(data(faulty, Language::en), "1 faults:\n✗ blob 1f: does not match (E-HASH)\n"));
  CHECK_FALSE(has(data(faulty, Language::en), "whole"));
}

TEST_CASE("the ready line is the same in both languages, for scripts") {
  const char* ready = R"({"schema":"satchel.run/1","listen":"127.0.0.1:4021","role":"site","name":"东村","pid":7})";
  CHECK(data(ready, Language::zh) == "listening on 127.0.0.1:4021\n");
  CHECK(data(ready, Language::en) == "listening on 127.0.0.1:4021\n");
  CHECK(has(talk(ready, Language::zh), "教学点“东村”已启动"));
  CHECK(data(R"({"schema":"satchel.run/1","listen":null,"role":"site","name":"x"})", Language::en) == "ready\n");
}

TEST_CASE("an error says what happened, its code, the detail, and what to do") {
  const core::Error error{core::Code::kFileMissing, "/tmp/x"};
  CHECK(render_error(error, test::view(Language::en)) ==
        "✗ This file is not there. (E-FILE-MISSING)\n  /tmp/x\n  → Check the path and the name, then try again.\n");
  CHECK(has(render_error(error, test::view(Language::zh)), "找不到这个文件。 (E-FILE-MISSING)"));
}

TEST_CASE("a document of another version or kind is shown, whatever it holds") {
  CHECK(data(R"({"schema":"satchel.unheard/7","x":1})", Language::en) == "{\"schema\":\"satchel.unheard/7\",\"x\":1}\n");
  for (const char* schema :
       {"hub",  "request", "enroll", "join",    "roster", "codes",  "scan",   "check", "capture", "drafts", "submit",
        "sync", "stick",   "review", "decided", "export", "status", "verify", "run",   "version", "doctor"}) {
    INFO(schema);
    // Nothing there, and everything of the wrong type: no crash, and some words.
    const std::string empty = std::string(R"({"schema":"satchel.)") + schema + R"(/1"})";
    const Rendered bare = render(test::document(empty), test::view(Language::zh));
    const bool silent = (bare.data + bare.talk).empty();
    CHECK(silent == (std::string(schema) == "decided"));  // nobody was decided about
    const std::string wrong =
        std::string(R"({"schema":"satchel.)") + schema +
        R"(/1","students":[1],"waiting":"x","list":3,"drafts":{},"findings":[null],"verdict":7,"error":1,"node":[],)" +
        R"("decided":[1],"refused":[[]],"damaged":[0],"faults":"","left_out":[{}],"score":"high","rows":-1})";
    (void)render(test::document(wrong), test::view(Language::en));
  }
}

TEST_CASE("colour is an addition: without it the same words remain") {
  const char* answer = R"({"schema":"satchel.check/1","file":"p","verdict":"pass","findings":[]})";
  const View coloured{Words(Language::en), Paint(true), Paint(true)};
  const std::string with = render(test::document(answer), coloured).data;
  CHECK(has(with, "\x1b[32mpass\x1b[0m"));
  CHECK_FALSE(has(data(answer, Language::en), "\x1b"));
}
