#pragma once

#include <span>
#include <string_view>

namespace satchel::core::portrait {

/// On which side of its limits a value lies, where the cure depends on it.
enum class Side { any, low, high };

/// What a teacher is told when a rule does not pass: one sentence of what is wrong and one action that mends it. A code has
/// either one message for `any`, or one for `low` and one for `high`.
struct Message {
  std::string_view code;  ///< "Q-BLUR"; stable for ever, the words may improve
  Side side;
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};

/// All messages, in the order of the rules.
std::span<const Message> all_messages() noexcept;

/// The message of a code for a side; a code without sides answers for each. nullptr when there is none.
const Message* message(std::string_view code, Side side = Side::any) noexcept;

}  // namespace satchel::core::portrait
