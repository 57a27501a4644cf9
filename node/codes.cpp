// The hub's desk: the collection codes made from the roster.
#include <boost/json/array.hpp>

#include "core/code/issue.h"
#include "core/code/qr.h"
#include "core/export/naming.h"
#include "core/portrait/encode.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/pictures.h"

namespace satchel::node {

using core::Code;
using core::Result;
namespace json = boost::json;

namespace {

/// Pixels per module of an issued code: a 61-module code gets 552 px with its margin, sharp when printed 4 cm wide.
constexpr int kModulePixels = 8;

/// Draws and writes one student's code; the name of the file.
Result<std::string> issue_one(Node& node, const Enrolled& all, core::StudentRef student, const core::RosterFact& row,
                              const std::string& folder) {
  const core::CodeContent content{all.campaign.founding.id(), student, row.student_number, row.name, row.id_number};
  SATCHEL_TRY_ASSIGN(const std::string text, core::seal_code(content, all.campaign.secrets.code_key.view(), node.identity().sign,
                                                             node.surroundings().rng));
  SATCHEL_TRY_ASSIGN(const core::GrayImage image, core::draw_qr(text, kModulePixels));
  SATCHEL_TRY_ASSIGN(const core::Bytes png, core::portrait::encode_png(from_gray(image)));
  std::string name = row.student_number + ".png";
  if (!core::fat_safe(name)) name = student.text() + ".png";
  SATCHEL_TRY(node.surroundings().disk.write_atomic(folder + "/" + name, png));
  return name;
}

}  // namespace

Result<Answer> issue_codes(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  std::optional<core::StudentRef> only;
  if (!optional_text(arguments, "student").empty()) {
    SATCHEL_TRY_ASSIGN(only, student_argument(arguments, "student"));
  }
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder));

  std::size_t issued = 0;
  json::array files;
  constexpr std::size_t kNamesListed = 20;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster || state.roster->delisted || (only && state.student != *only)) return {};
    SATCHEL_TRY_ASSIGN(const std::string name, issue_one(node, *all, state.student, *state.roster, folder));
    ++issued;
    if (files.size() < kNamesListed) files.push_back(json::string(name));
    if (progress && issued % 50 == 0) progress(json::object{{"phase", "issue"}, {"issued", issued}});
    return {};
  }));
  if (issued == 0) return only ? Code::kStudentUnknown : Code::kNothingToDo;
  Answer answer;
  answer.body["schema"] = "satchel.codes/1";
  answer.body["issued"] = issued;
  answer.body["folder"] = folder;
  answer.body["files"] = std::move(files);
  return answer;
}

}  // namespace satchel::node
