#pragma once

#include <cmath>

#include "core/campaign/student.h"

namespace satchel::core {

/// A score that can be ordered: what is no number, or outside 0 to 100, counts as 0. Records come from other machines.
inline double ordered_score(double score) { return std::isfinite(score) && score >= 0 && score <= 100 ? score : 0; }

/// True when submission `a` is the better proposal: its capture is here, its grade is better, its score higher, its id larger. A
/// strict total order over different submissions.
bool better_submission(const StudentState& state, const SubmissionSeen& a, const SubmissionSeen& b);

/// True when `a` is the newer capture: wall time, then monotonic time, then record id.
bool newer_capture(const CaptureSeen& a, const CaptureSeen& b);

}  // namespace satchel::core
