#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace satchel::core {

/// Exit codes of the command line: a contract that scripts rely on (README.md, "For scripts").
enum class Exit : std::uint8_t {
  ok = 0,
  failure = 1,
  usage = 2,
  nothing_to_do = 3,
  partial = 4,
  person_must_decide = 5,
  check_failed = 6,
  policy_refuses = 7,
  peer_unreachable = 8,
  integrity = 9,
  storage = 10,
  not_enrolled = 11,
  clock = 12,
  deadline = 13,
  interrupted = 130,
};

/// Everything that can go wrong in the field. One line each in codes.def; the text form ("E-IMG-DECODE") is stable for ever, the
/// words may improve.
enum class Code : std::uint16_t {
#define SATCHEL_CODE(name, id, exit, zh, cure_zh, en, cure_en) name,
#include "core/base/codes.def"
#undef SATCHEL_CODE
};

/// What a person is told: what happened and why, then what to do next, in both languages.
struct CodeInfo {
  Code code;
  std::string_view id;
  Exit exit;
  std::string_view zh;
  std::string_view cure_zh;
  std::string_view en;
  std::string_view cure_en;
};

const CodeInfo& info(Code code) noexcept;
/// All of them, in order of declaration.
std::span<const CodeInfo> all_codes() noexcept;

}  // namespace satchel::core
