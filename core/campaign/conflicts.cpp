#include "core/campaign/conflicts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "core/campaign/student_rank.h"
#include "core/campaign/windows.h"

namespace satchel::core {
namespace {

Step step_of(const StudentState& state, const Profile& profile, const CaptureSeen& capture) {
  const std::string_view site = state.roster ? std::string_view{state.roster->site_name} : std::string_view{};
  const auto window = window_at(profile, site, capture.fact.taken.wall);
  return window ? window->step : Step::collect;
}

/// True when `a` is to be proposed rather than `b`, and by what.
bool before(const ConflictCandidate& a, const ConflictCandidate& b, ConflictReason& reason) {
  if ((a.capture == nullptr) != (b.capture == nullptr)) {
    reason = ConflictReason::capture_missing;
    return a.capture != nullptr;
  }
  if (a.capture != nullptr) {
    if (a.step != b.step) {
      reason = ConflictReason::later_step;
      return a.step > b.step;
    }
    if (a.capture->fact.grade != b.capture->fact.grade) {
      reason = ConflictReason::better_grade;
      return a.capture->fact.grade < b.capture->fact.grade;
    }
    const double left = ordered_score(a.capture->fact.score);
    const double right = ordered_score(b.capture->fact.score);
    if (left != right) {
      reason = ConflictReason::better_score;
      return left > right;
    }
  }
  reason = ConflictReason::record_id;
  return a.submission > b.submission;
}

void raise_doubts(Conflict& conflict) {
  std::set<ConflictDoubt> doubts;
  const ConflictCandidate& first = conflict.candidates.front();
  for (const ConflictCandidate& other : conflict.candidates) {
    if (&other == &first) continue;
    if (first.capture == nullptr || other.capture == nullptr) {
      doubts.insert(ConflictDoubt::capture_missing);
      continue;
    }
    const CaptureFact& a = first.capture->fact;
    const CaptureFact& b = other.capture->fact;
    const int unlike = std::popcount(a.perceptual_hash ^ b.perceptual_hash);
    conflict.unlike_bits = std::max(conflict.unlike_bits, unlike);
    if (unlike >= kUnlikeBits) doubts.insert(ConflictDoubt::faces_differ);
    // A later step was asked for because the earlier picture would not do: then the scores are no argument.
    const bool by_score = first.step == other.step && a.grade == b.grade;
    if (by_score && ordered_score(a.score) - ordered_score(b.score) < kScoreNear) doubts.insert(ConflictDoubt::scores_near);
  }
  conflict.doubts.assign(doubts.begin(), doubts.end());
}

}  // namespace

std::string_view conflict_reason_name(ConflictReason reason) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"later_step", "better_grade", "better_score", "record_id", "capture_missing"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view conflict_doubt_name(ConflictDoubt doubt) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"faces_differ", "scores_near", "capture_missing"};
  return kNames[static_cast<std::size_t>(doubt)];
}

std::optional<Conflict> conflict_of(const StudentState& state, const Profile& profile) {
  if (!state.flags.conflict) return std::nullopt;
  Conflict out;
  std::set<Hash> pictures;
  for (const SubmissionSeen* submission : pending_submissions(state)) {
    const CaptureSeen* capture = find_capture(state, submission->fact.capture);
    // Several submissions of one picture are one candidate: the best of them, which comes first.
    if (!pictures.insert(capture != nullptr ? capture->fact.original : submission->fact.capture).second) continue;
    const Step step = capture != nullptr ? step_of(state, profile, *capture) : Step::collect;
    out.candidates.push_back({submission->id, submission->author, capture, step});
  }
  ConflictReason ignored{};
  std::sort(out.candidates.begin(), out.candidates.end(),
            [&](const ConflictCandidate& a, const ConflictCandidate& b) { return before(a, b, ignored); });
  static_cast<void>(before(out.candidates[0], out.candidates[1], out.reason));
  raise_doubts(out);
  return out;
}

}  // namespace satchel::core
