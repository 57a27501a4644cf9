#pragma once

#include <string_view>
#include <vector>

#include "core/campaign/profile.h"
#include "core/campaign/student.h"

namespace satchel::core {

// Two places submitted different pictures of one student, and nothing is decided: both are kept, and one is proposed.

/// What speaks for the proposal. Stable names, for JSON: conflict_reason_name().
enum class ConflictReason : std::uint8_t {
  later_step = 0,  ///< taken in a later step of the campaign (recollect after collect)
  better_grade = 1,
  better_score = 2,
  record_id = 3,        ///< nothing else tells them apart: the same on every machine
  capture_missing = 4,  ///< the record of the other's picture has not arrived
};
std::string_view conflict_reason_name(ConflictReason reason) noexcept;

/// Why a person should look before the proposal is taken.
enum class ConflictDoubt : std::uint8_t {
  faces_differ = 0,     ///< the pictures are unlike each other (perceptual hash)
  scores_near = 1,      ///< the scores say little
  capture_missing = 2,  ///< not all of them can be compared yet
};
std::string_view conflict_doubt_name(ConflictDoubt doubt) noexcept;

struct ConflictCandidate {
  RecordId submission;
  NodeNumber author;
  const CaptureSeen* capture = nullptr;  ///< nullptr when it has not arrived; borrows from the state
  Step step = Step::collect;             ///< in whose window it was taken, by the clock of its site
};

struct Conflict {
  std::vector<ConflictCandidate> candidates;          ///< the proposal first; at least two, with different pictures
  ConflictReason reason = ConflictReason::record_id;  ///< why the first stands before the second
  std::vector<ConflictDoubt> doubts;                  ///< sorted; not empty: to a person
  int unlike_bits = 0;                                ///< largest distance of perceptual hashes from the proposal's
};

/// nullopt when this state has no conflict. The proposal: the later step, then the better grade, then the higher score, then the
/// larger record id. A pure function of the state and the profile.
std::optional<Conflict> conflict_of(const StudentState& state, const Profile& profile);

/// Bits of 64 in which the perceptual hashes of two portraits may differ before a person is to look whether it is one face:
/// chosen, not measured on faces. [ours]
inline constexpr int kUnlikeBits = 20;
/// Scores that are nearer than this do not decide by themselves. [ours]
inline constexpr double kScoreNear = 5;

}  // namespace satchel::core
