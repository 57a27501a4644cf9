// The hub's desk: one picture several times, and one picture under two codes.
#include "node/retakes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "core/campaign/conflicts.h"
#include "core/campaign/student_rank.h"
#include "core/code/mask.h"
#include "core/portrait/phash.h"
#include "core/portrait/retakes.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/near_pictures.h"

namespace satchel::node {

using core::Code;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kListed = 200;

struct Grouped {
  std::vector<std::size_t> near;  ///< by capture: the first of its near group
  std::size_t exact = 0;          ///< captures whose very file was here before
  std::size_t groups = 0;
  int farthest = 0;  ///< bits between the two that are least alike
};

Grouped group(const core::StudentState& state) {
  std::vector<std::uint64_t> hashes;
  std::set<core::Hash> files;
  Grouped out;
  for (const core::CaptureSeen& seen : state.captures) {
    hashes.push_back(seen.fact.perceptual_hash);
    out.exact += files.insert(seen.fact.original).second ? 0U : 1U;
  }
  out.near = core::portrait::group_retakes(hashes);
  out.groups = std::set<std::size_t>(out.near.begin(), out.near.end()).size();
  for (const std::uint64_t one : hashes) {
    for (const std::uint64_t two : hashes) {
      if (one != 0 && two != 0) out.farthest = std::max(out.farthest, core::portrait::hash_distance(one, two));
    }
  }
  return out;
}

/// The better capture of two; `why` is the first thing that tells them apart.
bool better(const core::CaptureSeen& a, const core::CaptureSeen& b, std::string_view& why) {
  const auto by = [&](std::string_view reason, bool result) {
    why = reason;
    return result;
  };
  if (a.fact.usable() != b.fact.usable()) return by("usable", a.fact.usable());
  if (a.fact.grade != b.fact.grade) return by("better_grade", a.fact.grade < b.fact.grade);
  if (a.fact.score != b.fact.score) return by("better_score", a.fact.score > b.fact.score);
  return by("newer", core::newer_capture(a, b));
}

struct Best {
  const core::CaptureSeen* capture = nullptr;
  std::string_view why = "only_one";
};

Best best_of(const core::StudentState& state) {
  Best out;
  for (const core::CaptureSeen& seen : state.captures) {
    std::string_view why;
    if (out.capture == nullptr) {
      out.capture = &seen;
    } else if (better(seen, *out.capture, why)) {
      out = {&seen, why};
    } else {
      out.why = why;
    }
  }
  return out;
}

/// Every capture's near copies under other students, each student once.
Result<json::array> near_others(const core::Store& store, const core::StudentState& state) {
  std::map<core::StudentRef, int> others;
  for (const core::CaptureSeen& seen : state.captures) {
    SATCHEL_TRY_ASSIGN(const auto near, near_pictures(store, seen.fact.perceptual_hash));
    for (const NearPicture& one : near) {
      if (one.student == state.student) continue;
      const auto [held, fresh] = others.try_emplace(one.student, one.bits);
      if (!fresh) held->second = std::min(held->second, one.bits);
    }
  }
  json::array out;
  for (const auto& [student, bits] : others) out.push_back(json::object{{"student", student.text()}, {"bits", bits}});
  return out;
}

json::object retake_document(const core::StudentState& state, const Grouped& grouped, json::array near) {
  const Best best = best_of(state);
  json::object out{{"student", state.student.text()},
                   {"name", state.roster ? core::mask_name(state.roster->name) : std::string()},
                   {"site", state.roster ? state.roster->site_name : std::string()},
                   {"captures", state.captures.size()},
                   {"groups", grouped.groups},
                   {"exact_copies", grouped.exact},
                   {"unlike", grouped.farthest > core::kUnlikeBits},
                   {"unlike_bits", grouped.farthest}};
  if (best.capture != nullptr) out["best"] = short_id(best.capture->id);
  out["why"] = best.why;
  out["near"] = std::move(near);
  return out;
}

}  // namespace

Result<Answer> list_retakes(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::uint64_t limit, number_argument(arguments, "limit", kListed));
  json::array list;
  std::size_t alarms = 0;
  std::size_t retaken = 0;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (state.captures.empty()) return {};
    SATCHEL_TRY_ASSIGN(json::array near, near_others(node.store(), state));
    const Grouped grouped = group(state);
    const bool alarm = !near.empty();
    const bool again = grouped.groups < state.captures.size();
    if (!alarm && !again) return {};
    alarms += alarm ? 1U : 0U;
    retaken += again ? 1U : 0U;
    if (list.size() < limit) list.push_back(retake_document(state, grouped, std::move(near)));
    return {};
  }));
  Answer answer;
  answer.body["schema"] = "satchel.retakes/1";
  answer.body["alarms"] = alarms;
  answer.body["retaken"] = retaken;
  answer.body["students"] = std::move(list);
  return answer;
}

Result<Answer> show_retake(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  SATCHEL_TRY_ASSIGN(json::array near, near_others(node.store(), *state));
  const Grouped grouped = group(*state);
  json::array pictures;
  for (std::size_t i = 0; i < state->captures.size(); ++i) {
    const core::CaptureSeen& seen = state->captures[i];
    pictures.push_back(json::object{{"draft", short_id(seen.id)},
                                    {"taken", core::to_iso8601(seen.fact.taken.wall)},
                                    {"grade", core::grade_name(seen.fact.grade)},
                                    {"score", seen.fact.score},
                                    {"group", grouped.near[i] + 1}});
  }
  Answer answer;
  answer.body = retake_document(*state, grouped, std::move(near));
  answer.body["schema"] = "satchel.retake/1";
  answer.body["pictures"] = std::move(pictures);
  return answer;
}

}  // namespace satchel::node
