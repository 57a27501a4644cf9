#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

// What others say about codes that Satchel did not make: the table of the licensed unit, and its decoder. Both come from outside.

struct MappingRow {
  std::uint32_t line = 0;      ///< from 1
  std::string code;            ///< the code's text, or its keyed digest in hexadecimal
  std::string student_number;  ///< 学号, without a trailing `*`
};

/// Reads a table of two columns, CSV, TSV or XLSX: the code (headed 码, 采集码, 内容, 摘要, code, text, digest) and the 学号;
/// without such heads the first two columns. Rows that lack one of them are left out. kFileEmpty, kMappingBad with the line.
Result<std::vector<MappingRow>> read_mapping(ByteView file);
inline constexpr std::size_t kMappingRowsMax = 200'000;

/// Reads what a decoder wrote: one line of UTF-8, the 学号; nullopt for nothing or an empty line, "I do not know". kDecoderFailed
/// for more than a line, control characters, or over kDecoderAnswerMax bytes.
Result<std::optional<std::string>> read_decoder_answer(ByteView out);
inline constexpr std::size_t kDecoderAnswerMax = 256;

}  // namespace satchel::core
