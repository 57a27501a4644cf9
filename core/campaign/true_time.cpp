#include "core/campaign/true_time.h"

#include <algorithm>

namespace satchel::core {
namespace {

bool after_in_boot(const Moment& later, const Moment& earlier) {
  return later.boot_id != 0 && later.boot_id == earlier.boot_id && later.mono > earlier.mono;
}

}  // namespace

TrueTime true_time(const StudentState& state, const CaptureSeen& capture, std::optional<std::int64_t> anchor_ms) {
  TrueTime out;
  const Moment& taken = capture.fact.taken;
  if (anchor_ms && taken.boot_id != 0) out.not_after = WallMs{taken.mono.value + *anchor_ms};
  for (const VerdictSeen& verdict : state.verdicts) {
    if (verdict.fact.approved || verdict.fact.undone) continue;
    const SubmissionSeen* before = find_submission(state, verdict.fact.submission);
    const bool opened = before != nullptr && before->author == capture.author && after_in_boot(taken, before->fact.submitted);
    if (opened) out.not_before = std::max(out.not_before.value_or(WallMs{}), verdict.fact.decided.wall);
  }
  const bool too_late = out.not_after && taken.wall.value > out.not_after->value + kClockSlackMs;
  const bool too_early = out.not_before && taken.wall.value < out.not_before->value - kClockSlackMs;
  out.clock_wrong = too_late || too_early;
  return out;
}

}  // namespace satchel::core
