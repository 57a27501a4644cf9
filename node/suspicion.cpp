#include "node/suspicion.h"

#include <algorithm>

#include "core/campaign/conflicts.h"
#include "core/campaign/disputes.h"
#include "core/portrait/phash.h"

namespace satchel::node {
namespace {

constexpr double kLowScore = 70;
constexpr int kAdviceEach = 3;
constexpr int kAdviceMost = 15;

bool unlike_own(const core::StudentState& state) {
  for (const core::CaptureSeen& one : state.captures) {
    for (const core::CaptureSeen& two : state.captures) {
      if (one.fact.perceptual_hash == 0 || two.fact.perceptual_hash == 0) continue;
      if (core::portrait::hash_distance(one.fact.perceptual_hash, two.fact.perceptual_hash) > core::kUnlikeBits) return true;
    }
  }
  return false;
}

/// The weight of core::timing_sign().
int timing_weight(std::string_view sign) {
  if (sign == "outside_window") return 15;
  return sign == "window_unclear" ? 10 : 5;
}

}  // namespace

std::vector<Sign> signs_of(const core::StudentState& state, const core::Profile& profile, const Around& around) {
  std::vector<Sign> out;
  const auto raise = [&](bool holds, std::string_view name, int weight) {
    if (holds) out.push_back({name, weight});
  };
  raise(around.near_other, "near_other", 50);
  raise(state.flags.unusable_submission, "unusable_submission", 40);
  raise(core::reviewers_differ(state), "reviewers_differ", 40);
  raise(state.flags.conflict, "conflict", 30);
  raise(unlike_own(state), "unlike_own", 20);
  raise(core::over_attempts(state, profile), "over_attempts", 20);
  raise(state.flags.submitted_while_closed, "submitted_while_closed", 20);
  raise(state.flags.capture_missing, "capture_missing", 10);
  const std::string_view timing = core::timing_sign(around.taken);
  raise(!timing.empty(), timing, timing_weight(timing));
  raise(around.taken.clock_wrong, "clock_wrong", 15);
  raise(around.overdue, "overdue", 10);
  if (const core::CaptureSeen* capture = core::current_capture(state)) {
    raise(!capture->fact.override_reason.empty(), "override", 40);
    raise(capture->fact.score < kLowScore, "low_score", 10);
    const auto advice = std::ranges::count_if(capture->fact.findings,
                                              [](const core::NotedFinding& one) { return one.grade == core::Grade::advice; });
    raise(advice > 0, "advice", std::min(kAdviceMost, kAdviceEach * static_cast<int>(advice)));
  }
  std::ranges::stable_sort(out, [](const Sign& a, const Sign& b) { return a.weight > b.weight; });
  return out;
}

int suspicion(const std::vector<Sign>& signs) {
  int sum = 0;
  for (const Sign& sign : signs) sum += sign.weight;
  return sum;
}

}  // namespace satchel::node
