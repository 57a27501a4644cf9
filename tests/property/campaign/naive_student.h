#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/campaign/profile.h"
#include "core/record/facts.h"

namespace satchel::tests {

/// What the written rules say of a student, worked out the slow and obvious way: every question walks over all records again, and
/// nothing is shared with the code under test.
struct NaiveStudent {
  std::string stage;
  std::optional<core::RecordId> current;
  std::uint32_t attempts = 0;
  std::uint64_t granted = 0;  ///< by unlocks
  bool foreign_decision = false;
  bool conflict = false;
  bool listed = false;
  std::optional<core::RecordId> national;   ///< the result that counts
  std::optional<core::RecordId> case_step;  ///< the step that counts
  std::size_t second_looks = 0;
  bool reviewers_differ = false;
  std::optional<core::RecordId> disputed;  ///< the submission on which two reviewers are to be settled
  std::string dispute_proposal;            ///< "approve" or a reason's code
  bool errata_open = false;
  std::uint64_t codes_from = 0;
  std::map<core::Hash, std::string> foreign;  ///< where each foreign code stands
};

/// How long the student waits after failed checks; 0 for not at all.
std::int64_t naive_wait_ms(core::StudentRef student, const std::vector<core::Record>& records, const core::LockRules& rules,
                           const core::Moment& now);

NaiveStudent naive_fold(core::StudentRef student, const std::vector<core::Record>& records);

}  // namespace satchel::tests
