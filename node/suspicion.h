#pragma once

#include <string_view>
#include <vector>

#include "core/campaign/profile.h"
#include "core/campaign/punctual.h"
#include "core/campaign/student.h"

namespace satchel::node {

/// One thing for which a reviewer should look twice. Names are stable, for JSON; the command line has the words.
struct Sign {
  std::string_view name;
  int weight = 0;
};

/// What is known of a student beside the state.
struct Around {
  bool near_other = false;  ///< a near copy lies under another student's code
  core::Punctual taken;     ///< of the picture that counts
  bool overdue = false;     ///< the review should have been done by now
};

/// The signs that hold, heaviest first. Suspicion is the sum of their weights: an order in which to look, not a judgement. The
/// weights are ours:
///   near_other 50 · override 40 · unusable_submission 40 · reviewers_differ 40 · conflict 30 · unlike_own 20 (this student's
///   pictures differ in more than kUnlikeBits bits: weak, a new background does it too) · over_attempts 20 · outside_window 15,
///   window_unclear 10 or outside_hours 5 · clock_wrong 15 · submitted_while_closed 20 · capture_missing 10 · low_score 10 (below
///   70 of 100) · overdue 10 · advice 3 each, at most 15
std::vector<Sign> signs_of(const core::StudentState& state, const core::Profile& profile, const Around& around);
int suspicion(const std::vector<Sign>& signs);

}  // namespace satchel::node
