// What the use-cases of the hub's desk share.
#include "node/desk.h"

#include <boost/json/array.hpp>
#include <optional>

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

Result<ByNumber> students_by_number(Node& node, const Enrolled& all) {
  ByNumber out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (state.roster && !state.roster->student_number.empty()) out[state.roster->student_number] = state.student;
    return {};
  }));
  return out;
}

Result<core::StudentState> listed_student(const Enrolled& all, core::StudentRef student) {
  SATCHEL_TRY_ASSIGN(auto state, all.ledger->student(student));
  if (!state || !state->roster) return Code::kStudentUnknown;
  return *std::move(state);
}

std::set<core::NodeNumber> who_holds(const core::Membership& members, const core::StudentState& state) {
  std::set<core::NodeNumber> out;
  if (state.roster) out.insert(state.roster->site);
  for (const auto& [author, count] : state.attempts) out.insert(author);
  for (const core::SubmissionSeen& seen : state.submissions) out.insert(seen.author);
  out.erase(core::kHubNumber);
  std::erase_if(out, [&](core::NodeNumber number) { return members.revoked(number); });
  return out;
}

std::set<core::NodeNumber> who_holds(const Enrolled& all, const core::StudentState& state) {
  return who_holds(*all.membership, state);
}

Result<std::optional<Shown>> best_rendition(const Enrolled& all, const core::CaptureSeen* capture) {
  if (capture == nullptr) return std::optional<Shown>{};
  for (const Shown& each : {Shown{"standard", capture->fact.standard}, Shown{"preview", capture->fact.preview}}) {
    SATCHEL_TRY_ASSIGN(const auto stored, all.ledger->blobs().find(each.hash));
    if (stored) return std::optional<Shown>{each};
  }
  return std::optional<Shown>{};
}

Result<bool> write_rendition(Node& node, const Enrolled& all, const core::CaptureSeen* capture, const std::string& path) {
  SATCHEL_TRY_ASSIGN(const auto shown, best_rendition(all, capture));
  if (!shown) return false;
  SATCHEL_TRY_ASSIGN(const core::Bytes jpeg, all.ledger->blobs().get(shown->hash));
  SATCHEL_TRY(node.surroundings().disk.write_atomic(path, jpeg));
  return true;
}

Result<Answer> decide_each(Enrolled& all, const std::vector<std::string>& students, const DecideWords& words,
                           const DecideOne& one) {
  json::array lines;
  std::size_t failed = 0;
  std::optional<Error> only_error;
  for (const std::string& text : students) {
    json::object line;
    line["student"] = text;
    const auto student = core::StudentRef::parse(text);
    const Result<void> result = student ? one(*student, line) : Result<void>{Code::kStudentRefBad};
    if (!result) {
      line["error"] = error_item(result.error());
      only_error = result.error();
      ++failed;
    }
    lines.push_back(std::move(line));
  }
  if (failed == 1 && students.size() == 1) return *only_error;
  SATCHEL_TRY(all.ledger->issue_receipt());
  Answer answer;
  answer.body["schema"] = words.schema;
  answer.body[words.list] = std::move(lines);
  if (failed > 0) answer.exit = failed == students.size() ? core::Exit::failure : core::Exit::partial;
  return answer;
}

}  // namespace satchel::node
