#include "core/campaign/profile_faults.h"

#include <algorithm>
#include <array>
#include <utility>

namespace satchel::core {
namespace {

constexpr std::array kTexts{
#define SATCHEL_PROFILE_FAULT(name, code, zh, en) ProfileFaultText{ProfileFaultKind::name, code, zh, en},
#include "core/campaign/profile_faults.def"
#undef SATCHEL_PROFILE_FAULT
};

const ProfileFaultText& text_of(const ProfileFault& fault) { return kTexts[static_cast<std::size_t>(fault.kind)]; }

}  // namespace

std::span<const ProfileFaultText> all_profile_faults() noexcept { return kTexts; }

std::string_view fault_code(const ProfileFault& fault) noexcept { return text_of(fault).code; }

std::string fault_text(const ProfileFault& fault, bool chinese) {
  std::string_view rest = chinese ? text_of(fault).zh : text_of(fault).en;
  std::string out = fault.key;
  if (!out.empty()) out += ' ';
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find("{1}"), rest.find("{2}"));
    out += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    out += rest[open + 1] == '1' ? fault.first : fault.second;
    rest.remove_prefix(open + 3);
  }
  return out;
}

std::string fault_detail(const ProfileFault& fault) {
  return (fault.line > 0 ? "line " + std::to_string(fault.line) + ": " : "") + fault_text(fault, false);
}

void ProfileFaults::add(ProfileFault fault) {
  if (list_.size() < kMost) list_.push_back(std::move(fault));
}

std::vector<ProfileFault> ProfileFaults::take() && {
  std::stable_sort(list_.begin(), list_.end(), [](const ProfileFault& a, const ProfileFault& b) { return a.line < b.line; });
  return std::move(list_);
}

}  // namespace satchel::core
