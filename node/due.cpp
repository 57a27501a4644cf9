// What is due when, in working days.
#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/calendar.h"
#include "node/desk.h"
#include "node/second_look.h"

namespace satchel::node {

using core::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t kListed = 500;

struct Due {
  core::WallMs by;
  std::string_view what;  ///< "review", "national", "proof", "case"
  core::StudentState state;
};

/// The clock that runs for this student now; nullopt when none does.
std::optional<Due> clock_of(const core::StudentState& state, const core::Profile& profile, const core::WorkingDays& days) {
  const core::CaseSeen* step = core::case_of(state);
  if (step != nullptr && !step->fact.closed) {
    if (step->fact.due.value == 0) return std::nullopt;
    return Due{step->fact.due, "case", state};
  }
  if (state.stage == core::Stage::submitted) {
    const core::SubmissionSeen* submission = core::current_submission(state);
    if (submission == nullptr) return std::nullopt;
    return Due{days.due(submission->fact.submitted.wall, profile.clocks.review_max), "review", state};
  }
  if (state.stage != core::Stage::exported) return std::nullopt;
  const core::NationalSeen* national = core::national_of(state);
  if (national != nullptr) {
    if (national->fact.result != core::NationalResult::passed) return std::nullopt;
    return Due{days.due(national->fact.noted.wall, profile.clocks.proof_max), "proof", state};
  }
  const auto close = state.roster ? core::last_end(profile, state.roster->site_name) : std::nullopt;
  core::WallMs from;
  for (const core::ExportSeen& seen : state.exports) from = std::max(from, seen.fact.exported.wall);
  if (close) from = std::max(from, *close);
  return Due{days.due(from, profile.clocks.verify), "national", state};
}

}  // namespace

Result<Answer> report_due(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const core::WorkingDays days, read_calendar(node, all->profile, arguments));
  const core::WallMs now = node.surroundings().clock.wall();
  std::vector<Due> found;
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> counts;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    auto due = clock_of(state, all->profile, days);
    if (!due) return {};
    auto& [running, overdue] = counts[due->what];
    ++running;
    overdue += now > due->by ? 1U : 0U;
    found.push_back(*std::move(due));
    if (found.size() < 4 * kListed) return {};
    std::ranges::sort(found, {}, &Due::by);
    found.resize(kListed);
    return {};
  }));
  std::ranges::sort(found, {}, [](const Due& one) { return std::pair{one.by, one.state.student}; });
  if (found.size() > kListed) found.resize(kListed);
  json::array list;
  for (const Due& one : found) {
    list.push_back(json::object{{"student", one.state.student.text()},
                                {"name", one.state.roster ? core::mask_name(one.state.roster->name) : std::string()},
                                {"site", one.state.roster ? one.state.roster->site_name : std::string()},
                                {"what", one.what},
                                {"due", core::to_iso8601(one.by)},
                                {"days_left", days.passed(now, one.by)},
                                {"overdue", now > one.by}});
  }
  json::array clocks;
  for (const auto& [what, numbers] : counts) {
    clocks.push_back(json::object{{"what", what}, {"running", numbers.first}, {"overdue", numbers.second}});
  }
  Answer answer;
  answer.body["schema"] = "satchel.due/1";
  answer.body["clocks"] = std::move(clocks);
  answer.body["due"] = std::move(list);
  return answer;
}

}  // namespace satchel::node
