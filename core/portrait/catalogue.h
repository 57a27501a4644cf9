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

/// Why a rule cannot tell.
enum class Blind {
  no_eyes,
  no_model,
  model_saw_nothing,
  too_few_pixels,
  hair,
  forehead,
  too_dark,
  burnt,
  mixed_ground,
  no_ground,
  no_chest,
  unsure,
  no_file,
  no_recogniser,
  no_admission,
};

/// What a teacher is told when a rule cannot tell, whichever rule it is: why, and what a person does instead.
struct BlindReason {
  Blind why;
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};

/// What no rule can see well and a person has to look at before a picture is submitted.
struct CheckItem {
  std::string_view code;  ///< "C-HAIR"; stable for ever
  std::string_view zh;
  std::string_view en;
};

/// Where a rule comes from (a notice, a standard, a paper) and what its number is.
struct Source {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
};

std::span<const Source> all_sources() noexcept;
/// nullptr when there is no such code.
const Source* source_of(std::string_view code) noexcept;

std::span<const BlindReason> all_blind_reasons() noexcept;
const BlindReason& blind_reason(Blind why) noexcept;

/// The operator's checklist, the same for every picture.
std::span<const CheckItem> operator_checklist() noexcept;

/// All messages, in the order of the rules.
std::span<const Message> all_messages() noexcept;

/// The message of a code for a side; a code without sides answers for each. nullptr when there is none.
const Message* message(std::string_view code, Side side = Side::any) noexcept;

}  // namespace satchel::core::portrait
