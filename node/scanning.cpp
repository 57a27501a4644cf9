// Whose code is in a picture: what code.scan, code.check and capture have in common.
#include "node/scanning.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/campaign/windows.h"
#include "core/code/qr.h"
#include "node/foreign_match.h"
#include "node/pictures.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;
namespace portrait = core::portrait;

namespace {

constexpr std::string_view kOurs = "SC1.";

/// Links, cards and payments that people show by mistake.
bool is_link(std::string_view text) {
  constexpr std::array<std::string_view, 12> kBegins{"http://", "https://", "wxp://", "weixin://",   "alipays://", "tel:",
                                                     "mailto:", "sms:",     "WIFI:",  "BEGIN:VCARD", "MECARD:",    "geo:"};
  return std::any_of(kBegins.begin(), kBegins.end(), [&](std::string_view begin) {
    return text.size() >= begin.size() && std::equal(begin.begin(), begin.end(), text.begin(), [](char a, char b) {
             const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
             return lower(a) == lower(b);
           });
  });
}

double rounded(double value) { return std::round(value * 100) / 100; }

/// Ours: the content, when it counts.
Result<core::CodeContent> open_ours(const Enrolled& all, const std::string& text) {
  SATCHEL_TRY_ASSIGN(core::CodeContent content,
                     core::open_code(text, all.campaign.founding, all.campaign.secrets.code_key.view()));
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(content.student));
  if (state && content.issue < core::codes_from(*state)) return Code::kCodeRevoked;
  return content;
}

Result<CodeHolder> foreign_holder(Node& node, const Enrolled& all, const std::string& text) {
  const core::Hash digest = core::code_digest(all.campaign.secrets.index_key.view(), text);
  SATCHEL_TRY_ASSIGN(const std::vector<core::StudentRef> students, matched_students(node, all, digest));
  if (students.empty()) return is_link(text) ? Code::kCodeLink : Code::kCodeForeign;
  if (students.size() > 1) return Code::kForeignTwice;
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(students.front()));
  CodeHolder out{students.front(), true, {}, {}};
  if (state && state->roster) {
    out.name = state->roster->name;
    out.id_number = state->roster->id_number;
  }
  return out;
}

}  // namespace

Result<CodePicture> read_code_picture(const core::Disk& disk, const std::string& path) {
  SATCHEL_TRY_ASSIGN(const Bytes file, read_picture_file(disk, path));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  const core::GrayImage gray = to_gray(picture);
  CodePicture out;
  auto texts = core::read_qr(gray);
  if (texts) {
    out.texts = *std::move(texts);
  } else if (texts.error().code == Code::kCodeNotFound) {
    out.unread = core::explain_unread(gray);
  } else {
    return texts.error();
  }
  return out;
}

Error unread_error(const core::Unread& unread) { return {unread.code, unread.kind}; }

json::object unread_item(const core::Unread& unread) {
  json::object out = error_item(unread_error(unread));
  const core::UnreadMeasures& seen = unread.seen;
  out["measures"] = json::object{{"corners", seen.corners},
                                 {"module_px", rounded(seen.module_px)},
                                 {"edge_modules", rounded(seen.edge_modules)},
                                 {"slope", rounded(seen.slope)},
                                 {"contrast", rounded(seen.contrast)},
                                 {"noise", rounded(seen.noise)},
                                 {"dark_margin", rounded(seen.dark_margin)},
                                 {"stripes", rounded(seen.stripes)}};
  return out;
}

Result<CodeHolder> holder_of(Node& node, const Enrolled& all, const std::vector<std::string>& texts) {
  std::optional<CodeHolder> found;
  std::optional<Error> refusal;
  for (const std::string& text : texts) {
    const auto content = open_ours(all, text);
    if (!content) {
      if (core::info(content.error().code).exit == core::Exit::storage) return content.error();
      if (!refusal) refusal = content.error();
      continue;
    }
    if (found && found->student != content->student) return Code::kCodeSeveral;
    found = CodeHolder{content->student, false, content->name, content->id_number};
  }
  if (found) return *std::move(found);
  // Foreign bytes are looked up only when nothing else is in the picture: nobody could say which was meant.
  if (texts.size() == 1 && refusal && refusal->code == Code::kCodeForeign) return foreign_holder(node, all, texts.front());
  return refusal.value_or(Error{Code::kCodeNotFound, {}});
}

Result<CodeHolder> scan_code_file(Node& node, const Enrolled& all, const std::string& path) {
  SATCHEL_TRY_ASSIGN(const CodePicture picture, read_code_picture(node.surroundings().disk, path));
  if (picture.unread) return unread_error(*picture.unread);
  return holder_of(node, all, picture.texts);
}

Result<std::string> foreign_code_file(const core::Disk& disk, const std::string& path) {
  SATCHEL_TRY_ASSIGN(const CodePicture picture, read_code_picture(disk, path));
  if (picture.unread) return unread_error(*picture.unread);
  if (picture.texts.size() > 1) return Code::kCodeSeveral;
  if (picture.texts.front().starts_with(kOurs)) return Code::kCodeOurs;
  return picture.texts.front();
}

Result<std::vector<core::StudentRef>> matched_students(Node& node, const Enrolled& all, const core::Hash& digest) {
  SATCHEL_TRY_ASSIGN(std::vector<core::StudentRef> students, foreign_matches(node.store(), digest));
  std::vector<core::StudentRef> out;
  for (const core::StudentRef student : students) {
    SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
    if (!state) continue;
    const auto standing = core::foreign_standing(*state, digest);
    if (standing && *standing != core::ForeignStanding::refused) out.push_back(student);
  }
  return out;
}

bool code_expired(const Node& node, const Enrolled& all, const std::optional<core::StudentState>& state) {
  const bool listed = state && state->roster;
  const std::string& site = listed && all.hub() ? state->roster->site_name : node.self().name;
  return core::timing(all.profile, site, node.surroundings().clock.wall()) == core::Timing::over;
}

}  // namespace satchel::node
