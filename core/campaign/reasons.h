#pragma once

#include <span>
#include <string_view>

namespace satchel::core {

/// Why a reviewer sends a picture back, and what the teacher does about it.
struct RejectReason {
  std::string_view code;  ///< "R-BLUR"; stable for ever
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};

/// All of them: first the seven of the provincial system (notice HH), then ours.
std::span<const RejectReason> all_reject_reasons() noexcept;
/// nullptr when there is no such code.
const RejectReason* reject_reason(std::string_view code) noexcept;

}  // namespace satchel::core
