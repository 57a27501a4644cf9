#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace satchel::core {

/// Everything that can be wrong in a profile. One line each in profile_faults.def.
enum class ProfileFaultKind : std::uint8_t {
#define SATCHEL_PROFILE_FAULT(name, code, zh, en) name,
#include "core/campaign/profile_faults.def"
#undef SATCHEL_PROFILE_FAULT
};

struct ProfileFaultText {
  ProfileFaultKind kind;
  std::string_view code;  ///< "P-RANGE": stable for ever
  std::string_view zh;
  std::string_view en;
};
std::span<const ProfileFaultText> all_profile_faults() noexcept;

/// One mistake in a profile.
struct ProfileFault {
  std::uint32_t line = 0;  ///< from 1; 0 when it has no place
  std::string key;         ///< "capture.attempts_max"; empty when it is about the whole file
  ProfileFaultKind kind = ProfileFaultKind::syntax;
  std::string first;  ///< {1} of the sentence
  std::string second;
};

std::string_view fault_code(const ProfileFault& fault) noexcept;
/// "capture.attempts_max must lie between 1 and 1000", without the line.
std::string fault_text(const ProfileFault& fault, bool chinese);
/// "line 5: capture.attempts_max …", English: the detail of an error.
std::string fault_detail(const ProfileFault& fault);

/// What a profile's readers gather. Bounded: a file of nothing but mistakes is told by its first.
class ProfileFaults {
 public:
  static constexpr std::size_t kMost = 200;
  void add(ProfileFault fault);
  /// By line.
  std::vector<ProfileFault> take() &&;
  bool empty() const noexcept { return list_.empty(); }

 private:
  std::vector<ProfileFault> list_;
};

}  // namespace satchel::core
