#pragma once

#include <span>
#include <string_view>

namespace satchel::core::portrait {

/// What a teacher is told when a rule does not pass: one sentence of what is wrong and one action that mends it.
struct Message {
  std::string_view code;  ///< "Q-BLUR"; stable for ever
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};

/// All messages, in the order of the rules.
std::span<const Message> all_messages() noexcept;
/// The message of a code; nullptr when there is none.
const Message* message(std::string_view code) noexcept;

}  // namespace satchel::core::portrait
