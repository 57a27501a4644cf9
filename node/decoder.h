#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::node {

/// The program of a licensed unit that can read codes which Satchel cannot.
///
///   it gets    the bytes of one code on standard input, then its end; its arguments as they were given; an empty environment;
///              "/" as its folder; nothing on standard error is kept
///   it says    one line on standard output, the 学号; nothing, or an empty line, when it does not know; and ends with 0
///   it may not take longer than `timeout_s`, write files, dump its memory, or gain rights (no_new_privs)
///
/// No shell stands between: the program is a path, the arguments are a list.
struct Decoder {
  std::string program;  ///< an absolute path
  std::vector<std::string> arguments;
  int timeout_s = 10;
};
inline constexpr int kDecoderTimeoutMost_s = 300;

/// One code's 学号, nullopt when the decoder does not know it. kFileMissing when the program is not there or cannot be run,
/// kDecoderTimeout (it and all that it started are ended), kDecoderFailed. Blocks; no byte of the code is in any error.
core::Result<std::optional<std::string>> ask_decoder(const Decoder& decoder, core::ByteView code);

}  // namespace satchel::node
