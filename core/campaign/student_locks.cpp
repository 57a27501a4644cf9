// What failed checks cost, how long drafts stay, and whether the calendar has run out.
#include <algorithm>

#include "core/campaign/student.h"
#include "core/campaign/student_rank.h"
#include "core/campaign/windows.h"

namespace satchel::core {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

/// How long ago `then` was, as far as clocks can say; nullopt when the clock was set back since.
std::optional<std::int64_t> age_ms(const Moment& then, const Moment& now) {
  if (then.boot_id != 0 && then.boot_id == now.boot_id && now.mono >= then.mono) return now.mono - then.mono;
  if (now.wall < then.wall) return std::nullopt;
  return now.wall.value - then.wall.value;
}

/// An unlock that was signed after the check, by the clocks of the hub and of the site.
bool opened_since(const StudentState& state, const CaptureSeen& capture) {
  return std::any_of(state.unlocks.begin(), state.unlocks.end(),
                     [&](const UnlockSeen& unlock) { return unlock.fact.unlocked.wall >= capture.fact.taken.wall; });
}

/// The failed checks that nothing has ended, newest first.
std::vector<const CaptureSeen*> failures_in_a_row(const StudentState& state) {
  std::vector<const CaptureSeen*> captures;
  for (const CaptureSeen& capture : state.captures) captures.push_back(&capture);
  std::sort(captures.begin(), captures.end(), [](const CaptureSeen* a, const CaptureSeen* b) { return newer_capture(*a, *b); });
  const auto end = std::find_if(captures.begin(), captures.end(), [&](const CaptureSeen* capture) {
    return capture->fact.usable() || opened_since(state, *capture);
  });
  captures.erase(end, captures.end());
  return captures;
}

bool has_code(const CaptureSeen& capture, const std::vector<std::string>& codes) {
  return std::any_of(capture.fact.findings.begin(), capture.fact.findings.end(), [&](const NotedFinding& finding) {
    return finding.grade == Grade::fail && std::find(codes.begin(), codes.end(), finding.code) != codes.end();
  });
}

void hold(std::optional<Lock>& lock, Lock::Kind kind, std::int64_t span_ms, const CaptureSeen& since, const Moment& now,
          std::size_t failures) {
  const auto age = age_ms(since.fact.taken, now);
  if (!age || *age >= span_ms) return;
  const std::int64_t left = span_ms - *age;
  if (lock && lock->left_ms >= left) return;
  lock = Lock{kind, left, {now.wall.value + left}, failures};
}

}  // namespace

std::string_view lock_name(Lock::Kind kind) noexcept {
  switch (kind) {
    case Lock::Kind::cooldown: return "cooldown";
    case Lock::Kind::failures: return "failures";
    case Lock::Kind::day: break;
  }
  return "day";
}

std::optional<Lock> locked(const StudentState& state, const Profile& profile, const Moment& now) {
  const LockRules& rules = profile.locks;
  const std::vector<const CaptureSeen*> failed = failures_in_a_row(state);
  if (failed.empty()) return std::nullopt;
  const CaptureSeen& last = *failed.front();
  std::optional<Lock> out;
  hold(out, Lock::Kind::cooldown, rules.cooldown_min * kMinuteMs, last, now, failed.size());
  if (rules.fails > 0 && failed.size() >= static_cast<std::size_t>(rules.fails)) {
    hold(out, Lock::Kind::failures, rules.lock_min * kMinuteMs, last, now, failed.size());
  }
  if (rules.day_fails > 0) {
    const auto other =
        std::find_if(failed.begin(), failed.end(), [&](const CaptureSeen* one) { return !has_code(*one, rules.day_codes); });
    const auto count = static_cast<std::size_t>(other - failed.begin());
    if (count >= static_cast<std::size_t>(rules.day_fails)) {
      hold(out, Lock::Kind::day, next_day(last.fact.taken.wall).value - last.fact.taken.wall.value, last, now, count);
    }
  }
  return out;
}

Result<void> may_capture(const StudentState& state, const Profile& profile, const Moment& now) {
  SATCHEL_TRY(may_capture(state, profile));
  const auto lock = locked(state, profile, now);
  if (!lock) return {};
  const Code code = lock->kind == Lock::Kind::cooldown ? Code::kCooldown : Code::kLocked;
  return Error{code, "until " + to_iso8601(lock->until)};
}

Result<void> may_discard(const StudentState& state, const Profile& profile, const RecordId& capture, const Moment& now) {
  const CaptureSeen* seen = find_capture(state, capture);
  if (seen == nullptr) return Code::kDraftUnknown;
  const auto drafts = usable_drafts(state);
  if (std::find(drafts.begin(), drafts.end(), seen) == drafts.end()) {
    const bool submitted = std::any_of(state.submissions.begin(), state.submissions.end(),
                                       [&](const SubmissionSeen& one) { return one.fact.capture == capture; });
    return submitted ? Code::kDraftSubmitted : Code::kDraftUnknown;
  }
  const std::int64_t keep_ms = profile.draft_keep_h * 60 * kMinuteMs;
  const std::int64_t age = age_ms(seen->fact.taken, now).value_or(0);
  if (age < keep_ms) return Error{Code::kDraftYoung, "until " + to_iso8601({now.wall.value + keep_ms - age})};
  return {};
}

Result<RecordId> may_withdraw(const StudentState& state, NodeNumber by) {
  const SubmissionSeen* submission = current_submission(state);
  const bool waits = state.stage == Stage::submitted && submission != nullptr && submission->author == by;
  if (!waits) return Code::kNothingToWithdraw;
  return submission->id;
}

bool expired(const StudentState& state, const Profile& profile, WallMs now) {
  if (!state.roster || !lacks_picture(state.stage)) return false;
  if (open_by_unlock(state) != nullptr) return false;
  const auto end = last_end(profile, state.roster->site_name);
  return end && now >= *end;
}

}  // namespace satchel::core
