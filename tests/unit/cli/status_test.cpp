#include <catch2/catch.hpp>

#include "tests/unit/cli/support.h"

using namespace satchel::cli;
using test::data;
using test::has;

namespace {

constexpr const char* kSite = R"({"schema":"satchel.status/1","node":{"role":"site","name":"东村","id":"ab"},
  "students":{"eligible":45,"drafted":40,"submitted":38,"stored_at_hub":30,"opened_at_hub":29,"approved":20,"rejected":2},
  "waiting":{"control":{"bundles":0,"bytes":0},"record":{"bundles":8,"bytes":4096},"photo":{"bundles":8,"bytes":262144},
             "original":{"bundles":0,"bytes":0}},
  "carrying":{"bundles":3,"bytes":2048},"last_receipt":null})";

}  // namespace

TEST_CASE("a teacher sees what is here, what the hub has signed for, what waits, and what to do") {
  CHECK(data(kSite, Language::zh) ==
        "教学点 · 东村\n"
        "在本机\n"
        "  应采集               45\n"
        "  已有可用照片         40\n"
        "  已提交               38\n"
        "在中心（以中心签名的回执为准）\n"
        "  中心已签收           30\n"
        "  中心已拆封核验       29\n"
        "  审核通过             20\n"
        "  退回重拍              2\n"
        "还没有收到过中心的回执。\n"
        "等待送达中心\n"
        "  类别        包裹    大小\n"
        "  记录和预览     8  4.0 KB\n"
        "  标准照         8  256 KB\n"
        "  合计          16  260 KB\n"
        "替其他节点携带：3 个包裹，2.0 KB（本机打不开）\n"
        "下一步\n"
        "  → 重拍 2 名被退回的学生：satchel capture。\n"
        "  → 还有 5 名学生没有可用照片：satchel capture。\n"
        "  → 2 名学生有照片但没有提交：satchel submit。\n"
        "  → 16 个包裹还没有到中心：satchel sync 或 satchel stick write。\n");
  CHECK(has(data(kSite, Language::en), "  receipted by the hub                 30\n"));
  CHECK(has(data(kSite, Language::en), "No receipt of the hub has come yet."));
}

TEST_CASE("a finished site is told that all is done") {
  const char* done = R"({"schema":"satchel.status/1","node":{"role":"site","name":"x"},
    "students":{"eligible":2,"drafted":2,"submitted":2,"stored_at_hub":2,"opened_at_hub":2,"approved":2,"rejected":0},"waiting":{}})";
  CHECK(has(data(done, Language::en), "  → All is done.\n"));
  CHECK(has(data(done, Language::en), "waiting to reach the hub\n  nothing\n"));
}

TEST_CASE("a site without students is told to sync first") {
  const char* fresh = R"({"schema":"satchel.status/1","node":{"role":"site","name":"x"},"students":{"eligible":0},"waiting":{}})";
  CHECK(has(data(fresh, Language::zh), "→ 先同步一次取得学生名单"));
}

TEST_CASE("a relay is shown what it carries and no students") {
  const char* relay = R"({"schema":"satchel.status/1","node":{"role":"relay","name":"车"},"students":{"eligible":0},"waiting":{},
    "carrying":{"bundles":9,"bytes":1048576}})";
  const std::string text = data(relay, Language::en);
  CHECK(has(text, "carried for others: 9 bundles, 1.0 MB (sealed: this node cannot open them)"));
  CHECK_FALSE(has(text, "submitted"));
}

TEST_CASE("the hub sees its sites and what waits for review") {
  const char* hub = R"({"schema":"satchel.status/1","node":{"role":"hub","name":"中心"},
    "students":{"eligible":10,"drafted":9,"submitted":8,"stored_at_hub":8,"opened_at_hub":8,"approved":5,"rejected":1},
    "waiting":{"control":{"bundles":2,"bytes":600}},
    "sites":[{"name":"东村","number":1,"eligible":6,"submitted":5,"stored_at_hub":5,"approved":3},
             {"name":"West","number":12,"eligible":4,"submitted":3,"stored_at_hub":3,"approved":2}]})";
  const std::string zh = data(hub, Language::zh);
  CHECK(has(zh, "  编号  站点  应采集  已提交  中心已签收  已通过\n"));
  CHECK(has(zh, "     1  东村       6       5           5       3\n"));
  CHECK(has(zh, "    12  West       4       3           3       2\n"));
  CHECK(has(zh, "→ 有 2 人待审核：satchel review list。"));
  CHECK(has(data(hub, Language::en), "→ 2 students are not submitted yet."));
  CHECK_FALSE(has(zh, "还没有收到过中心的回执"));
}

TEST_CASE("a list tells of each student where the picture is, with the reason and cure of a rejection") {
  const char* list =
      R"({"schema":"satchel.status/1","node":{"role":"site","name":"东村"},"last_receipt":{"epoch":1,"version":2,"received":"2026-06-16T08:00:05Z"},
    "list":[{"student":"7K3QX-2MA9D","name":"张*三","site":"东村","class":"19史","stage":"rejected","submitted":true,"stored_at_hub":true,
             "opened_at_hub":true,"reason":"R-BLUR","reason_zh":"模糊","reason_en":"blurred","cure_zh":"重拍","cure_en":"take again","note":"n"},
            {"student":"AAAAA-AAAAA","name":"李*","stage":"submitted","submitted":true,"stored_at_hub":false},
            {"student":"BBBBB-BBBBB","name":"王*","stage":"eligible","submitted":false}]})";
  const std::string zh = data(list, Language::zh);
  CHECK(has(zh, "学生（3 人）\n"));
  CHECK(has(zh, "退回重拍  已签收并核验  模糊 → 重拍 → n\n"));
  CHECK(has(zh, "已提交    未签收\n"));
  CHECK(has(zh, "待采集\n"));
  CHECK(has(data(list, Language::en), "blurred → take again → n\n"));
  CHECK(has(zh, "最近一次中心回执：2026-06-16"));
  CHECK(has(data(R"({"schema":"satchel.status/1","node":{"role":"site"},"list":[]})", Language::en), "No student fits."));
}
