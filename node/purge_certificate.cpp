// The signed word of what was destroyed: by whom, when, and which pictures by hash. A document of its own beside the records that
// it names, so that an office can keep it when the campaign's nodes are gone.
#include "node/purge_certificate.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/campaign/after_approval.h"
#include "core/crypto/sign.h"
#include "core/export/paper_page.h"
#include "node/after_approval.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/paper_drawer.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::string_view kSchema = "satchel.purge_certificate/1";
constexpr std::string_view kContext = "satchel purge certificate";
constexpr std::uint64_t kFileMax = 256ULL * 1024 * 1024;

std::string node_name(const Enrolled& all, core::NodeNumber number) {
  const auto member = all.membership->find(number);
  return member ? member->name : std::string();
}

std::string campaign_text(const Enrolled& all) {
  return core::to_hex(core::ByteWriter{}.u64_be(all.campaign.founding.id().value).bytes());
}

struct Document {
  json::array orders;
  json::array certified;
  json::array outstanding;
  CertificateCounts counts;
  std::uint64_t bytes = 0;
  std::vector<std::vector<std::string>> rows;  ///< of the paper
};

void add_word(Document& out, const Enrolled& all, const core::StudentState& state, const core::PurgedSeen& seen) {
  json::array pictures;
  for (const core::Hash& one : seen.fact.destroyed) pictures.push_back(json::string(one.hex()));
  const std::string scope(core::purge_scope_name(seen.fact.scope));
  const std::string done = core::to_iso8601(seen.fact.done.wall);
  const std::string name = node_name(all, seen.author);
  out.certified.push_back({{"student", state.student.text()},
                           {"node", seen.author.value},
                           {"node_name", name},
                           {"scope", scope},
                           {"done", done},
                           {"pictures", std::move(pictures)},
                           {"bytes", seen.fact.bytes},
                           {"rows", seen.fact.rows},
                           {"record", seen.id.hex()}});
  ++out.counts.certified;
  out.counts.pictures += seen.fact.destroyed.size();
  out.bytes += seen.fact.bytes;
  out.rows.push_back({state.student.text(), name, scope, std::to_string(seen.fact.destroyed.size()),
                      std::to_string(seen.fact.bytes), done.substr(0, 16)});
}

Result<Document> collect(Node& node, const Enrolled& all) {
  Document out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    const auto scope = core::purge_scope(state);
    if (!scope) return {};
    ++out.counts.students;
    for (const core::PurgeSeen& seen : state.purges) {
      out.orders.push_back({{"student", state.student.text()},
                            {"scope", core::purge_scope_name(seen.fact.scope)},
                            {"ordered", core::to_iso8601(seen.fact.ordered.wall)},
                            {"record", seen.id.hex()}});
    }
    for (const core::PurgedSeen& seen : state.purged) add_word(out, all, state, seen);
    std::set<core::NodeNumber> wanted = who_holds(all, state);
    wanted.insert(core::kHubNumber);
    for (const core::NodeNumber number : wanted) {
      const auto said = core::purged_by(state, number);
      if (said && *said >= *scope) continue;
      out.outstanding.push_back(
          {{"student", state.student.text()}, {"node", number.value}, {"node_name", node_name(all, number)}});
      ++out.counts.outstanding;
    }
    return {};
  }));
  return out;
}

core::Paper paper_of(const Enrolled& all, const Document& from, const std::string& issued, const std::string& signature) {
  core::Paper out;
  out.title = "图像数据销毁证明";
  const core::Profile& profile = all.profile;
  core::PageWriter page(out, profile.school + "（" + profile.school_code + "） · " + profile.name);
  page.begin(out.title);
  const std::array lines{
      "出具时间（UTC）：" + issued + "    采集批次编号：" + campaign_text(all),
      "学生 " + std::to_string(from.counts.students) + " 人；已销毁图片 " + std::to_string(from.counts.pictures) + " 份，共 " +
          std::to_string(from.bytes) + " 字节；未回执 " + std::to_string(from.counts.outstanding) + " 项。",
      std::string("范围：originals 原图，pictures 全部图片，records 并抹去个人信息。逐份哈希见 purge-certificate.json。"),
      "中心签名：" + signature};
  for (const std::string& line : lines) {
    page.text(core::PageWriter::kMargin, core::PageWriter::kWidth, 10, line);
    page.skip(7);
  }
  const std::array columns{core::PaperColumn{"学生编号", 34},
                           core::PaperColumn{"节点", 44},
                           core::PaperColumn{"范围", 24},
                           core::PaperColumn{"图片", 16, core::TextAlign::right},
                           core::PaperColumn{"字节", 26, core::TextAlign::right},
                           core::PaperColumn{"完成（UTC）", 36}};
  page.table(columns, from.rows, 6);
  page.number_pages();
  return out;
}

}  // namespace

Result<CertificateCounts> write_certificate(Node& node, const Enrolled& all, const std::string& folder) {
  SATCHEL_TRY_ASSIGN(Document from, collect(node, all));
  if (from.counts.students == 0) return Code::kNothingToPurge;
  const std::string issued = core::to_iso8601(node.surroundings().clock.wall());
  json::object out;
  out["schema"] = kSchema;
  out["campaign"] = all.profile.name;
  out["campaign_id"] = campaign_text(all);
  out["school"] = all.profile.school;
  out["issued"] = issued;
  out["hub_key"] = all.campaign.founding.hub_sign.hex();
  out["totals"] = {{"students", from.counts.students},
                   {"pictures", from.counts.pictures},
                   {"bytes", from.bytes},
                   {"certified", from.counts.certified},
                   {"outstanding", from.counts.outstanding}};
  out["orders"] = std::move(from.orders);
  out["certified"] = std::move(from.certified);
  out["outstanding"] = std::move(from.outstanding);
  const std::string said = json::serialize(out);
  const std::string signature = core::sign(node.identity().sign, kContext, core::as_bytes(said)).hex();
  out["signature"] = signature;  // last: what is signed is all before it
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder));
  SATCHEL_TRY(disk.write_atomic(folder + "/purge-certificate.json", core::as_bytes(json::serialize(out) + "\n")));
  SATCHEL_TRY_ASSIGN(const Bytes pdf, draw_pdf(paper_of(all, from, issued, signature)));
  SATCHEL_TRY(disk.write_atomic(folder + "/purge-certificate.pdf", pdf));
  return from.counts;
}

Result<Answer> verify_purge_certificate(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  const auto file = node.surroundings().disk.read(path, kFileMax);
  if (!file) return at_path(file.error(), path);
  boost::system::error_code wrong;
  const json::value parsed = json::parse(core::as_text(*file), wrong);
  if (wrong || !parsed.is_object()) return Error{Code::kCertificateBad, "no JSON document"};
  json::object document = parsed.as_object();
  const json::value* const signature = document.if_contains("signature");
  const json::value* const schema = document.if_contains("schema");
  if (schema == nullptr || !schema->is_string() || schema->get_string() != kSchema || signature == nullptr ||
      !signature->is_string()) {
    return Error{Code::kCertificateBad, "no purge certificate"};
  }
  const auto raw = core::from_hex(std::string_view(signature->get_string()));
  const auto sign = raw ? core::Signature::from(*raw) : std::nullopt;
  document.erase("signature");
  const std::string said = json::serialize(document);
  if (!sign || !core::verify(all->campaign.founding.hub_sign, kContext, core::as_bytes(said), *sign))
    return Code::kCertificateBad;
  Answer answer;
  answer.body["schema"] = "satchel.purge_verified/1";
  answer.body["file"] = path;
  answer.body["issued"] = document.at("issued");
  answer.body["totals"] = document.at("totals");
  return answer;
}

}  // namespace satchel::node
