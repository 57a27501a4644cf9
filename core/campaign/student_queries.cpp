#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>

#include "core/campaign/student.h"
#include "core/campaign/student_rank.h"

namespace satchel::core {
namespace {

/// In a list that is sorted by record id.
template <class List>
auto find_id(const List& list, const RecordId& id) noexcept -> decltype(&*list.begin()) {
  const auto at =
      std::lower_bound(list.begin(), list.end(), id, [](const auto& item, const RecordId& key) { return item.id < key; });
  return at != list.end() && at->id == id ? &*at : nullptr;
}

bool taken_back(const StudentState& state, const VerdictFact& verdict) {
  if (verdict.undone) return true;
  return std::any_of(state.verdicts.begin(), state.verdicts.end(), [&](const VerdictSeen& other) {
    return other.fact.undone && other.fact.submission == verdict.submission && other.fact.review_epoch >= verdict.review_epoch;
  });
}

bool has_verdict(const StudentState& state, const RecordId& submission) {
  return std::any_of(state.verdicts.begin(), state.verdicts.end(), [&](const VerdictSeen& verdict) {
    return verdict.fact.submission == submission && !taken_back(state, verdict.fact);
  });
}

/// And not taken back since.
bool was_submitted(const StudentState& state, const RecordId& capture) {
  return std::any_of(state.submissions.begin(), state.submissions.end(),
                     [&](const SubmissionSeen& seen) { return seen.fact.capture == capture && !withdrawn(state, seen); });
}

bool discarded(const StudentState& state, const CaptureSeen& capture) {
  return std::any_of(state.discards.begin(), state.discards.end(),
                     [&](const DiscardSeen& seen) { return seen.fact.capture == capture.id && seen.author == capture.author; });
}

/// The refusals that come before any question of attempts or drafts.
Result<void> open_for_pictures(const StudentState& state) {
  switch (state.stage) {
    case Stage::approved:
    case Stage::exported:
    case Stage::proofed:
    case Stage::delivered: return Code::kAlreadyApproved;
    case Stage::purged: return Code::kPurged;
    case Stage::delisted: return Error{Code::kStudentUnknown, "no longer on the roster"};
    case Stage::exempt: return Code::kExempt;
    case Stage::submitted: return Code::kAlreadySubmitted;
    case Stage::unknown:
    case Stage::eligible:
    case Stage::captured:
    case Stage::drafted:
    case Stage::rejected: break;
  }
  if (!state.roster) return Error{Code::kStudentUnknown, "not on the roster"};
  return {};
}

}  // namespace

bool approved_or_after(Stage stage) noexcept { return stage == Stage::approved || exported_or_after(stage); }

bool exported_or_after(Stage stage) noexcept {
  return stage == Stage::exported || stage == Stage::proofed || stage == Stage::delivered || stage == Stage::purged;
}

bool approved_and_kept(Stage stage) noexcept { return approved_or_after(stage) && stage != Stage::purged; }

bool lacks_picture(Stage stage) noexcept {
  return stage == Stage::eligible || stage == Stage::captured || stage == Stage::drafted || stage == Stage::rejected;
}

std::string_view stage_name(Stage stage) noexcept {
  constexpr std::array<std::string_view, 13> kNames{"unknown",  "eligible",  "captured", "drafted", "submitted",
                                                    "approved", "rejected",  "exported", "exempt",  "delisted",
                                                    "proofed",  "delivered", "purged"};
  return kNames[static_cast<std::size_t>(stage)];
}

std::uint32_t StudentState::attempts_total() const noexcept {
  return std::accumulate(attempts.begin(), attempts.end(), std::uint32_t{0},
                         [](std::uint32_t sum, const auto& author) { return sum + author.second; });
}

const CaptureSeen* find_capture(const StudentState& state, const RecordId& id) noexcept { return find_id(state.captures, id); }

const SubmissionSeen* find_submission(const StudentState& state, const RecordId& id) noexcept {
  return find_id(state.submissions, id);
}

const SubmissionSeen* current_submission(const StudentState& state) noexcept {
  return state.current ? find_submission(state, *state.current) : nullptr;
}

const CaptureSeen* current_capture(const StudentState& state) noexcept {
  const SubmissionSeen* submission = current_submission(state);
  return submission == nullptr ? nullptr : find_capture(state, submission->fact.capture);
}

const VerdictSeen* current_verdict(const StudentState& state) noexcept {
  return state.verdict ? find_id(state.verdicts, *state.verdict) : nullptr;
}

bool better_submission(const StudentState& state, const SubmissionSeen& a, const SubmissionSeen& b) {
  const CaptureSeen* left = find_capture(state, a.fact.capture);
  const CaptureSeen* right = find_capture(state, b.fact.capture);
  if ((left == nullptr) != (right == nullptr)) return left != nullptr;
  if (left != nullptr) {
    if (left->fact.grade != right->fact.grade) return left->fact.grade < right->fact.grade;
    const double left_score = ordered_score(left->fact.score);
    const double right_score = ordered_score(right->fact.score);
    if (left_score != right_score) return left_score > right_score;
  }
  return a.id > b.id;
}

bool newer_capture(const CaptureSeen& a, const CaptureSeen& b) {
  if (a.fact.taken.wall != b.fact.taken.wall) return a.fact.taken.wall > b.fact.taken.wall;
  if (a.fact.taken.mono != b.fact.taken.mono) return a.fact.taken.mono > b.fact.taken.mono;
  return a.id > b.id;
}

std::vector<const SubmissionSeen*> pending_submissions(const StudentState& state) {
  std::vector<const SubmissionSeen*> out;
  for (const SubmissionSeen& submission : state.submissions) {
    const bool out_of_it = has_verdict(state, submission.id) || set_aside(state, submission.id) || withdrawn(state, submission) ||
                           dismissed(state, submission.id);
    if (!out_of_it) out.push_back(&submission);
  }
  std::sort(out.begin(), out.end(),
            [&](const SubmissionSeen* a, const SubmissionSeen* b) { return better_submission(state, *a, *b); });
  return out;
}

std::vector<const CaptureSeen*> usable_drafts(const StudentState& state) {
  std::vector<const CaptureSeen*> out;
  for (const CaptureSeen& capture : state.captures) {
    const bool in_box = capture.fact.usable() && !was_submitted(state, capture.id) && !discarded(state, capture);
    if (in_box) out.push_back(&capture);
  }
  std::sort(out.begin(), out.end(), [](const CaptureSeen* a, const CaptureSeen* b) { return newer_capture(*a, *b); });
  return out;
}

const CaptureSeen* latest_usable_draft(const StudentState& state) {
  const auto drafts = usable_drafts(state);
  return drafts.empty() ? nullptr : drafts.front();
}

bool stands(const StudentState& state, const VerdictFact& verdict) noexcept {
  if (taken_back(state, verdict)) return false;
  return std::none_of(state.unlocks.begin(), state.unlocks.end(), [&](const UnlockSeen& unlock) {
    return unlock.fact.submission == verdict.submission && unlock.fact.review_epoch >= verdict.review_epoch;
  });
}

bool set_aside(const StudentState& state, const RecordId& submission) noexcept {
  return std::any_of(state.unlocks.begin(), state.unlocks.end(),
                     [&](const UnlockSeen& unlock) { return unlock.fact.submission == submission; });
}

bool withdrawn(const StudentState& state, const SubmissionSeen& submission) noexcept {
  const bool said = std::any_of(state.withdrawals.begin(), state.withdrawals.end(), [&](const WithdrawalSeen& seen) {
    return seen.fact.submission == submission.id && seen.author == submission.author;
  });
  return said && !has_verdict(state, submission.id);
}

bool dismissed(const StudentState& state, const RecordId& submission) noexcept {
  const ResolutionSeen* newest = nullptr;
  bool out = false;
  for (const ResolutionSeen& seen : state.resolutions) {
    const auto& against = seen.fact.dismissed;
    const bool chosen = seen.fact.chosen == submission;
    if (!chosen && std::find(against.begin(), against.end(), submission) == against.end()) continue;
    const bool later = newest == nullptr || seen.fact.review_epoch > newest->fact.review_epoch ||
                       (seen.fact.review_epoch == newest->fact.review_epoch && seen.id > newest->id);
    if (!later) continue;
    newest = &seen;
    out = !chosen;
  }
  return out;
}

const UnlockSeen* open_by_unlock(const StudentState& state) noexcept {
  if (state.stage >= Stage::submitted && state.stage != Stage::rejected) return nullptr;
  const auto newest = std::max_element(state.unlocks.begin(), state.unlocks.end(), [](const auto& a, const auto& b) {
    return a.fact.review_epoch != b.fact.review_epoch ? a.fact.review_epoch < b.fact.review_epoch : a.id < b.id;
  });
  if (newest == state.unlocks.end()) return nullptr;
  const VerdictSeen* verdict = current_verdict(state);
  return verdict != nullptr && verdict->fact.review_epoch > newest->fact.review_epoch ? nullptr : &*newest;
}

std::uint32_t attempts_allowed(const StudentState& state, const Profile& profile) noexcept {
  std::uint64_t sum = static_cast<std::uint64_t>(std::max(0, profile.attempts_max));
  // What was said to several nodes, or again to another one, allows no more than what was said once.
  std::map<std::uint64_t, std::uint32_t> granted;
  for (const UnlockSeen& unlock : state.unlocks) {
    std::uint32_t& most = granted[unlock.fact.review_epoch];
    most = std::max(most, unlock.fact.attempts);
  }
  for (const auto& [epoch, attempts] : granted) sum += attempts;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

std::uint64_t next_review_epoch(const StudentState& state) noexcept {
  std::uint64_t out = 0;
  for (const VerdictSeen& seen : state.verdicts) out = std::max(out, seen.fact.review_epoch);
  for (const UnlockSeen& seen : state.unlocks) out = std::max(out, seen.fact.review_epoch);
  for (const ResolutionSeen& seen : state.resolutions) out = std::max(out, seen.fact.review_epoch);
  return out + 1;
}

bool over_attempts(const StudentState& state, const Profile& profile) noexcept {
  return state.attempts_total() > attempts_allowed(state, profile);
}

Result<void> may_capture(const StudentState& state, const Profile& profile) {
  SATCHEL_TRY(open_for_pictures(state));
  if (const std::uint32_t allowed = attempts_allowed(state, profile); state.attempts_total() >= allowed) {
    return Error{Code::kAttemptsUsed, std::to_string(state.attempts_total()) + " of " + std::to_string(allowed)};
  }
  if (usable_drafts(state).size() >= static_cast<std::size_t>(profile.draft_capacity)) return Code::kDraftsFull;
  return {};
}

bool may_override(Code refusal) noexcept {
  return refusal == Code::kAttemptsUsed || refusal == Code::kDraftsFull || refusal == Code::kCooldown || refusal == Code::kLocked;
}

Result<void> may_submit(const StudentState& state, const RecordId& capture) {
  SATCHEL_TRY(open_for_pictures(state));
  const CaptureSeen* draft = find_capture(state, capture);
  if (draft == nullptr) return Code::kDraftUnknown;
  if (!draft->fact.usable()) return Error{Code::kNoDraft, "this picture did not pass the check"};
  if (discarded(state, *draft)) return Error{Code::kNoDraft, "this picture was taken out of the draft box"};
  if (was_submitted(state, capture)) return Error{Code::kNoDraft, "this picture was submitted before and sent back"};
  return {};
}

bool decided_against(const StudentState& state, const RecordId& submission) {
  bool rejected = false;
  bool other_approved = false;
  for (const VerdictSeen& verdict : state.verdicts) {
    if (!stands(state, verdict.fact)) continue;
    const bool about_it = verdict.fact.submission == submission;
    if (about_it && verdict.fact.approved) return false;
    rejected = rejected || about_it;
    other_approved = other_approved || verdict.fact.approved;
  }
  const SubmissionSeen* seen = find_submission(state, submission);
  const bool gone = seen != nullptr && withdrawn(state, *seen);
  return rejected || other_approved || gone || set_aside(state, submission);
}

Result<void> may_undo_rejection(const StudentState& state) {
  const VerdictSeen* verdict = current_verdict(state);
  if (state.stage != Stage::rejected || verdict == nullptr || verdict->fact.approved) return Code::kNothingToReview;
  return {};
}

Result<void> may_review(const StudentState& state) {
  if (state.stage == Stage::purged) return Code::kPurged;
  if (approved_or_after(state.stage)) return Code::kAlreadyApproved;
  if (pending_submissions(state).empty()) return Code::kNothingToReview;
  return {};
}

bool urgent(const StudentState& state) noexcept {
  if (state.roster && (state.roster->last_term || state.roster->must_retake)) return true;
  const VerdictSeen* verdict = current_verdict(state);
  return verdict != nullptr && !verdict->fact.approved;
}

}  // namespace satchel::core
