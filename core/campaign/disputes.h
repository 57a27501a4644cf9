#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/campaign/student.h"

namespace satchel::core {

// Two reviewers decided differently on one view of a submission, neither knowing of the other. The state takes one of the words
// all the same (student.h). Both are kept; one is proposed, and a person settles it: by an undo of both and a verdict, in one
// turn (node/disputes.h).

/// Whether verdicts that stand say different things of one submission in one review epoch.
bool reviewers_differ(const StudentState& state);

/// What speaks for the proposal. Stable names, for JSON: dispute_reason_name().
enum class DisputeReason : std::uint8_t {
  second_look = 0,  ///< more of those who looked again agree with it
  check = 1,        ///< the automatic check agrees: it passed the picture without a remark, or failed it
  careful = 2,      ///< nothing tells; a picture taken again costs less than one that the national check refuses
  order = 3,        ///< both reject and nothing tells their reasons apart: the code that comes first
};
std::string_view dispute_reason_name(DisputeReason reason) noexcept;

/// One of the decisions, by whoever took it.
struct ReviewerWord {
  std::string word;                      ///< "approve", or the code of the rejection's reason: by it a person chooses
  std::vector<std::string> by;           ///< the reviewers as the hub calls them, sorted; "" for one who is not named
  const VerdictSeen* verdict = nullptr;  ///< one that says so; borrows from the state
};

struct Dispute {
  RecordId submission;
  std::vector<ReviewerWord> words;  ///< the proposal first; at least two
  DisputeReason reason = DisputeReason::order;
  /// A third person has looked and agrees: the proposal may be taken as it is. Else a person must choose.
  bool settled() const noexcept { return reason == DisputeReason::second_look; }
};

/// nullopt when no reviewers differ, or the pictures are destroyed. Of several disputed submissions the one
/// that counts, then the largest record id; of several views of it the newest. A pure function of the state.
std::optional<Dispute> dispute_of(const StudentState& state);

}  // namespace satchel::core
