// Questions to a student's state about collection codes.
#include <algorithm>
#include <array>
#include <tuple>

#include "core/campaign/student.h"

namespace satchel::core {

std::uint64_t codes_from(const StudentState& state) noexcept {
  std::uint64_t out = 0;
  for (const CodeRevocationSeen& seen : state.code_revocations) out = std::max(out, seen.fact.below);
  return out;
}

std::string_view standing_name(ForeignStanding standing) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"matched", "confirmed", "disputed", "refused"};
  return kNames[static_cast<std::size_t>(standing)];
}

const ForeignAnswerSeen* foreign_answer(const StudentState& state, const Hash& digest) noexcept {
  const ForeignAnswerSeen* out = nullptr;
  for (const ForeignAnswerSeen& seen : state.foreign_answers) {
    if (seen.fact.digest != digest) continue;
    if (out == nullptr || std::tie(seen.fact.epoch, seen.id) > std::tie(out->fact.epoch, out->id)) out = &seen;
  }
  return out;
}

std::optional<ForeignStanding> foreign_standing(const StudentState& state, const Hash& digest) noexcept {
  const bool matched = std::any_of(state.foreign_codes.begin(), state.foreign_codes.end(),
                                   [&](const ForeignCodeSeen& seen) { return seen.fact.digest == digest; });
  if (!matched) return std::nullopt;
  const ForeignAnswerSeen* answer = foreign_answer(state, digest);
  if (answer == nullptr) return ForeignStanding::matched;
  if (answer->fact.confirmed) return ForeignStanding::confirmed;
  return answer->fact.source == AnswerSource::person ? ForeignStanding::refused : ForeignStanding::disputed;
}

bool code_disputed(const StudentState& state) noexcept {
  return std::any_of(state.foreign_codes.begin(), state.foreign_codes.end(), [&](const ForeignCodeSeen& seen) {
    return foreign_standing(state, seen.fact.digest) == ForeignStanding::disputed;
  });
}

std::uint64_t next_answer_epoch(const StudentState& state) noexcept {
  std::uint64_t out = 0;
  for (const ForeignAnswerSeen& seen : state.foreign_answers) out = std::max(out, seen.fact.epoch);
  return out + 1;
}

}  // namespace satchel::core
