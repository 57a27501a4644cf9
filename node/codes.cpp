// The hub's desk: the collection codes made from the roster, and taken back.
#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "core/code/issue.h"
#include "core/code/qr.h"
#include "core/export/naming.h"
#include "core/portrait/encode.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/two_at_a_time.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

/// Pixels per module of an issued code: a 61-module code gets 552 px with its margin, sharp when printed 4 cm wide.
constexpr int kModulePixels = 8;
constexpr std::uint64_t kListFileMax = 64ULL * 1024 * 1024;

/// A sealed code and the file that it goes to.
struct Sealed {
  std::string text;
  std::string file;
};

Result<Sealed> seal_one(Node& node, const Enrolled& all, const core::StudentState& state) {
  const core::RosterFact& row = *state.roster;
  const core::CodeContent content{all.campaign.founding.id(), state.student, row.student_number, row.name, row.id_number,
                                  core::codes_from(state)};
  SATCHEL_TRY_ASSIGN(std::string text, core::seal_code(content, all.campaign.secrets.code_key.view(), node.identity().sign,
                                                       node.surroundings().rng));
  std::string name = row.student_number + ".png";
  if (!core::fat_safe(name)) name = state.student.text() + ".png";
  return Sealed{std::move(text), std::move(name)};
}

Result<void> draw_one(core::Disk& disk, const Sealed& code, const std::string& folder) {
  SATCHEL_TRY_ASSIGN(const core::GrayImage image, core::draw_qr(code.text, kModulePixels));
  SATCHEL_TRY_ASSIGN(const core::Bytes png, core::portrait::encode_gray_png(image.width, image.height, image.gray));
  return disk.write_atomic(folder + "/" + code.file, png);
}

/// Sealing draws chance and is one thread's; drawing and writing go on in two.
Result<json::array> write_codes(Node& node, const std::vector<Sealed>& codes, const std::string& folder,
                                const Progress& progress) {
  constexpr std::size_t kNamesListed = 20;
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder));
  json::array files;
  std::optional<Error> trouble;
  std::size_t issued = 0;
  const std::function<Result<void>(std::size_t)> draw = [&](std::size_t i) { return draw_one(disk, codes[i], folder); };
  const std::function<void(std::size_t, Result<void>)> count = [&](std::size_t i, Result<void> written) {
    if (!written) {
      if (!trouble) trouble = written.error();
      return;
    }
    ++issued;
    if (files.size() < kNamesListed) files.push_back(json::string(codes[i].file));
    if (progress && issued % 50 == 0) progress(json::object{{"phase", "issue"}, {"issued", issued}});
  };
  two_at_a_time<Result<void>>(codes.size(), draw, count);
  if (trouble) return *trouble;
  return files;
}

}  // namespace

Result<core::Bytes> code_picture(Node& node, const Enrolled& all, const core::StudentState& state) {
  constexpr int kNearlyLossless = 95;
  SATCHEL_TRY_ASSIGN(const Sealed code, seal_one(node, all, state));
  SATCHEL_TRY_ASSIGN(const core::GrayImage image, core::draw_qr(code.text, kModulePixels));
  core::portrait::Picture picture{image.width, image.height, {}, 0, 0};
  picture.bgr.reserve(3 * image.gray.size());
  for (const std::uint8_t grey : image.gray) picture.bgr.insert(picture.bgr.end(), 3, grey);
  return core::portrait::encode_jpeg(picture, {kNearlyLossless});
}

Result<Answer> issue_codes(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  const std::string of_class = optional_text(arguments, "class");
  std::optional<core::StudentRef> only;
  if (!optional_text(arguments, "student").empty()) {
    SATCHEL_TRY_ASSIGN(only, student_argument(arguments, "student"));
  }
  SATCHEL_TRY(node.surroundings().disk.make_folder(folder));  // what stands in its way is told before any work
  std::vector<Sealed> codes;
  const auto seal = [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster || state.roster->delisted || (only && state.student != *only)) return {};
    if (!of_class.empty() && state.roster->class_name != of_class) return {};
    SATCHEL_TRY_ASSIGN(Sealed code, seal_one(node, *all, state));
    codes.push_back(std::move(code));
    return {};
  };
  SATCHEL_TRY(each_student(node, *all, seal));
  if (codes.empty()) return only ? Code::kStudentUnknown : Code::kNothingToDo;
  SATCHEL_TRY_ASSIGN(json::array files, write_codes(node, codes, folder, progress));
  Answer answer;
  answer.body["schema"] = "satchel.codes/1";
  answer.body["issued"] = codes.size();
  answer.body["folder"] = folder;
  answer.body["files"] = std::move(files);
  return answer;
}

namespace {

/// Whom a revocation names: references, and the numbers of a list.
struct Named {
  std::vector<core::StudentRef> students;
  std::size_t unknown = 0;  ///< numbers of the list that are nobody's
};

Result<Named> named_students(Node& node, const Enrolled& all, const json::object& arguments) {
  Named out;
  std::set<core::StudentRef> seen;
  const auto add = [&](core::StudentRef student) {
    if (seen.insert(student).second) out.students.push_back(student);
  };
  if (arguments.contains("students")) {
    SATCHEL_TRY_ASSIGN(const auto texts, list_argument(arguments, "students"));
    for (const std::string& text : texts) {
      const auto student = core::StudentRef::parse(text);
      if (!student) return Code::kStudentRefBad;
      add(*student);
    }
  }
  if (const std::string list = optional_text(arguments, "list"); !list.empty()) {
    SATCHEL_TRY_ASSIGN(const core::Bytes file, read_named(node.surroundings().disk, list, kListFileMax));
    SATCHEL_TRY_ASSIGN(const std::vector<std::string> numbers, read_numbers(file));
    SATCHEL_TRY_ASSIGN(const ByNumber by_number, students_by_number(node, all));
    for (const std::string& number : numbers) {
      const auto found = by_number.find(number);
      if (found == by_number.end()) {
        ++out.unknown;
      } else {
        add(found->second);
      }
    }
  }
  if (out.students.empty() && out.unknown == 0) return Error{Code::kUsage, "a student or a list"};
  return out;
}

}  // namespace

Result<Answer> revoke_codes(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const Named named, named_students(node, *all, arguments));
  const std::string folder = optional_text(arguments, "out");
  Ledger::Turn turn = all->ledger->turn();
  turn.make_urgent();  // until a site has heard of it, a lost code is as good as the new one
  for (const core::StudentRef student : named.students) {
    SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(student));
    if (!state || !state->roster) return Error{Code::kStudentUnknown, student.text()};
    const core::CodeRevocationFact fact{student, all->ledger->number(core::codes_from(*state) + 1),
                                        node.surroundings().clock.moment()};
    SATCHEL_TRY(turn.state(core::kEveryone, core::Lane::control, fact));
  }
  SATCHEL_TRY(turn.commit());
  node.log().note("revoked the codes of " + std::to_string(named.students.size()) + " students");
  std::vector<Sealed> codes;
  for (const core::StudentRef student : named.students) {
    if (folder.empty()) break;
    SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(student));
    if (!state || !state->roster || state->roster->delisted) continue;
    SATCHEL_TRY_ASSIGN(Sealed code, seal_one(node, *all, *state));
    codes.push_back(std::move(code));
  }
  if (!codes.empty()) SATCHEL_TRY(write_codes(node, codes, folder, progress));
  Answer answer;
  answer.body["schema"] = "satchel.codes-revoked/1";
  answer.body["revoked"] = named.students.size();
  answer.body["unknown"] = named.unknown;
  answer.body["issued"] = codes.size();
  answer.body["folder"] = folder;
  if (named.unknown > 0) answer.exit = core::Exit::partial;
  return answer;
}

}  // namespace satchel::node
