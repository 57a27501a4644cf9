#include "core/campaign/disputes.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace satchel::core {
namespace {

std::string word_of(const VerdictFact& fact) {
  if (fact.approved) return "approve";
  return fact.reason.empty() ? "reject" : fact.reason;
}

/// A view of a submission, in the order in which they are settled.
using View = std::tuple<bool, RecordId, std::uint64_t>;
using Words = std::map<std::string, ReviewerWord>;

/// Those of which more than one word stands.
std::map<View, Words> disputed_views(const StudentState& state) {
  std::map<View, Words> out;
  if (state.verdicts.size() < 2) return out;
  for (const VerdictSeen& seen : state.verdicts) {
    if (!stands(state, seen.fact)) continue;
    const View view{state.current == seen.fact.submission, seen.fact.submission, seen.fact.review_epoch};
    ReviewerWord& word = out[view][word_of(seen.fact)];
    word.word = word_of(seen.fact);
    word.by.push_back(seen.fact.by);
    word.verdict = &seen;  // verdicts are sorted, so that it is the one with the largest id
  }
  std::erase_if(out, [](const auto& view) { return view.second.size() < 2; });
  return out;
}

/// How many of those who are no party agree with a word. Keeps nothing of the dispute, whose words move while they are sorted.
class Lookers {
 public:
  Lookers(const StudentState& state, const Dispute& dispute) {
    std::set<std::string_view> parties;
    for (const ReviewerWord& word : dispute.words) parties.insert(word.by.begin(), word.by.end());
    for (const SecondLookSeen& seen : state.second_looks) {
      if (seen.fact.submission == dispute.submission && !parties.contains(seen.fact.by)) looks_.push_back(&seen.fact);
    }
  }
  std::ptrdiff_t agree(const ReviewerWord& word) const {
    return std::ranges::count_if(looks_, [&](const SecondLookFact* look) {
      return look->approved == word.verdict->fact.approved && (look->approved || look->reason == word.word);
    });
  }
  std::ptrdiff_t say(bool approved) const { return std::ranges::count(looks_, approved, &SecondLookFact::approved); }

 private:
  std::vector<const SecondLookFact*> looks_;
};

/// What the check says of the picture: true: nothing against it; nullopt: it leaves it to people.
std::optional<bool> check_says(const StudentState& state, const RecordId& submission) {
  const SubmissionSeen* seen = find_submission(state, submission);
  const CaptureSeen* capture = seen != nullptr ? find_capture(state, seen->fact.capture) : nullptr;
  if (capture == nullptr || capture->fact.grade == Grade::advice) return std::nullopt;
  return capture->fact.grade == Grade::pass;
}

/// Whether approving is proposed, where one approves and another rejects.
std::pair<bool, DisputeReason> approve_or_not(const StudentState& state, const Dispute& dispute, const Lookers& lookers) {
  const std::ptrdiff_t yes = lookers.say(true);
  const std::ptrdiff_t no = lookers.say(false);
  if (yes != no) return {yes > no, DisputeReason::second_look};
  if (const auto check = check_says(state, dispute.submission)) return {*check, DisputeReason::check};
  return {false, DisputeReason::careful};
}

void propose(const StudentState& state, Dispute& dispute) {
  const Lookers lookers{state, dispute};
  const bool approves = std::ranges::any_of(dispute.words, [](const ReviewerWord& word) { return word.verdict->fact.approved; });
  bool approve = false;
  if (approves) std::tie(approve, dispute.reason) = approve_or_not(state, dispute, lookers);
  const auto rank = [&](const ReviewerWord& word) {
    const bool wanted = approves && word.verdict->fact.approved == approve;
    return std::tuple{!wanted, -lookers.agree(word), word.word};
  };
  std::ranges::sort(dispute.words, {}, rank);
  if (approves) return;
  const bool looked = lookers.agree(dispute.words[0]) > lookers.agree(dispute.words[1]);
  dispute.reason = looked ? DisputeReason::second_look : DisputeReason::order;
}

}  // namespace

std::string_view dispute_reason_name(DisputeReason reason) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"second_look", "check", "careful", "order"};
  return kNames[static_cast<std::size_t>(reason)];
}

bool reviewers_differ(const StudentState& state) { return !disputed_views(state).empty(); }

std::optional<Dispute> dispute_of(const StudentState& state) {
  if (state.stage == Stage::purged) return std::nullopt;
  std::map<View, Words> views = disputed_views(state);
  if (views.empty()) return std::nullopt;
  auto& [view, words] = *views.rbegin();
  Dispute out;
  out.submission = std::get<RecordId>(view);
  for (auto& [text, word] : words) {
    std::ranges::sort(word.by);
    word.by.erase(std::ranges::unique(word.by).begin(), word.by.end());
    out.words.push_back(std::move(word));
  }
  propose(state, out);
  return out;
}

}  // namespace satchel::core
