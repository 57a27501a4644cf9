// Questions of the hub's desk to a state: the national check and cases.
#include <algorithm>

#include "core/campaign/student.h"

namespace satchel::core {
namespace {

/// Of a list, the one that counts: the largest version, then record id; nullptr of none.
template <class Seen, class Wanted>
const Seen* newest(const std::vector<Seen>& list, const Wanted& wanted) {
  const Seen* out = nullptr;
  for (const Seen& seen : list) {
    if (!wanted(seen)) continue;
    const bool later =
        out == nullptr || seen.fact.version > out->fact.version || (seen.fact.version == out->fact.version && seen.id > out->id);
    if (later) out = &seen;
  }
  return out;
}

template <class Seen>
std::uint64_t next_version(const std::vector<Seen>& list) {
  std::uint64_t out = 0;
  for (const Seen& seen : list) out = std::max(out, seen.fact.version);
  return out + 1;
}

}  // namespace

const NationalSeen* national_of(const StudentState& state) noexcept {
  return newest(state.nationals, [&](const NationalSeen& seen) { return seen.fact.submission == state.current; });
}

const CaseSeen* case_of(const StudentState& state) noexcept {
  return newest(state.case_steps, [](const CaseSeen&) { return true; });
}

std::uint64_t next_national_version(const StudentState& state) noexcept { return next_version(state.nationals); }
std::uint64_t next_case_version(const StudentState& state) noexcept { return next_version(state.case_steps); }

}  // namespace satchel::core
