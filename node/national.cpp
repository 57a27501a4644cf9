// The hub's desk: the list that comes back from the national check.
#include "node/national.h"

#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/national_list.h"
#include "node/arguments.h"
#include "node/calendar.h"
#include "node/desk.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kListFileMax = 256ULL * 1024 * 1024;
constexpr std::size_t kListed = 500;

using ByText = std::map<std::string, core::StudentRef, std::less<>>;

struct Directory {
  ByText by_number;
  ByText by_id_number;
};

Result<Directory> make_directory(Node& node, const Enrolled& all) {
  Directory out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster) return {};
    out.by_number[state.roster->student_number] = state.student;
    // Two study records of one person: then only the student number tells which.
    const auto [held, fresh] = out.by_id_number.try_emplace(state.roster->id_number, state.student);
    if (!fresh) held->second = core::StudentRef{};
    return {};
  }));
  return out;
}

std::optional<core::StudentRef> find_student(const Directory& directory, const core::NationalRow& row) {
  if (!row.student_number.empty()) {
    const auto found = directory.by_number.find(row.student_number);
    return found == directory.by_number.end() ? std::nullopt : std::optional{found->second};
  }
  const auto found = directory.by_id_number.find(row.id_number);
  if (found == directory.by_id_number.end() || found->second == core::StudentRef{}) return std::nullopt;
  return found->second;
}

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t undetermined = 0;
  std::size_t unchanged = 0;
  std::size_t opened = 0;
  std::size_t closed = 0;
  void add(core::NationalResult result) {
    ++(result == core::NationalResult::passed ? passed : result == core::NationalResult::failed ? failed : undetermined);
  }
};

/// Takes one row into the turn. kNothingToReview: no approved picture of this student was handed on.
Result<void> take_row(Node& node, const Enrolled& all, Ledger::Turn& turn, const core::StudentState& state,
                      const core::NationalRow& row, core::WallMs due, Counts& counts) {
  if (!core::approved_and_kept(state.stage) || !state.roster || !state.current) return Code::kNothingToReview;
  const core::NationalSeen* before = core::national_of(state);
  if (before != nullptr && before->fact.result == row.result && before->fact.reason == row.reason) {
    ++counts.unchanged;
    return {};
  }
  const core::Audience audience{state.roster->site.value};
  core::NationalFact fact{state.student,
                          *state.current,
                          row.result,
                          row.reason,
                          all.ledger->number(core::next_national_version(state)),
                          node.surroundings().clock.moment()};
  SATCHEL_TRY(turn.state(audience, core::Lane::control, fact));
  counts.add(row.result);
  const core::CaseSeen* open = core::case_of(state);
  const bool is_open = open != nullptr && !open->fact.closed;
  const bool passed = row.result == core::NationalResult::passed;
  if (passed != is_open) return {};
  core::CaseFact step;
  if (open != nullptr) step = open->fact;
  step.student = state.student;
  step.closed = passed;
  if (!passed) step.due = due;
  step.version = all.ledger->number(core::next_case_version(state));
  step.noted = node.surroundings().clock.moment();
  SATCHEL_TRY(turn.state(audience, core::Lane::control, step));
  ++(passed ? counts.closed : counts.opened);
  return {};
}

}  // namespace

Result<Answer> import_national(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  const bool dry_run = flag(arguments, "dry_run");
  SATCHEL_TRY_ASSIGN(const core::WorkingDays days, read_calendar(node, all->profile, arguments));
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_named(node.surroundings().disk, path, kListFileMax));
  SATCHEL_TRY_ASSIGN(const core::NationalList list, core::read_national_list(file));
  SATCHEL_TRY_ASSIGN(const Directory directory, make_directory(node, *all));
  const core::WallMs due = days.due(node.surroundings().clock.wall(), all->profile.clocks.proof_min);

  Counts counts;
  json::array refused;
  const auto refuse = [&](std::uint32_t line, Code code) {
    json::object item = error_item(Error{code, {}});
    item["line"] = line;
    if (refused.size() < kListed) refused.push_back(std::move(item));
  };
  for (const std::uint32_t line : list.refused) refuse(line, Code::kRosterRows);
  std::size_t not_taken = list.refused.size();
  std::map<core::StudentRef, std::uint32_t> done;
  Ledger::Turn turn = all->ledger->turn();
  for (const core::NationalRow& row : list.rows) {
    const auto student = find_student(directory, row);
    Result<void> taken = student ? Result<void>{} : Result<void>{Code::kStudentUnknown};
    if (student && !done.emplace(*student, row.line).second) taken = Code::kRosterRows;  // twice in one list
    if (taken) {
      SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(*student));
      taken = state ? take_row(node, *all, turn, *state, row, due, counts) : Result<void>{Code::kStudentUnknown};
    }
    if (taken) continue;
    ++not_taken;
    refuse(row.line, taken.error().code);
  }
  if (!dry_run) SATCHEL_TRY(turn.commit());
  Answer answer;
  answer.body["schema"] = "satchel.national/1";
  answer.body["dry_run"] = dry_run;
  answer.body["rows"] = list.rows.size() + list.refused.size();
  answer.body["passed"] = counts.passed;
  answer.body["failed"] = counts.failed;
  answer.body["undetermined"] = counts.undetermined;
  answer.body["unchanged"] = counts.unchanged;
  answer.body["cases_opened"] = counts.opened;
  answer.body["cases_closed"] = counts.closed;
  answer.body["due"] = core::to_iso8601(due);
  answer.body["refused_count"] = not_taken;
  answer.body["refused"] = std::move(refused);
  if (not_taken > 0) answer.exit = core::Exit::partial;
  return answer;
}

}  // namespace satchel::node
