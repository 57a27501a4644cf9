#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::core {

/// One row of the list that comes back from the national check.
struct NationalRow {
  std::uint32_t line = 0;
  std::string student_number;  ///< empty when the list names students by ID number only
  std::string id_number;
  NationalResult result = NationalResult::undetermined;
  std::string reason;
};

struct NationalList {
  std::vector<NationalRow> rows;
  std::vector<std::uint32_t> refused;  ///< lines without a student or with a result that is none of the known words
};

/// Reads it: a table (table_rows.h) whose header names 学号 or 身份证号, and 结果 (校验结果, 比对结果, 核验结果, 审核结果, 状态),
/// and may name 原因 (失败原因, 不通过原因, 说明). Results: 通过, 合格, 一致; 不通过, 未通过, 不合格, 不一致, 失败; 无法判断,
/// 待定, 未知, and their English words. kRosterBad when a column is missing; kFileEmpty.
Result<NationalList> read_national_list(ByteView file);

}  // namespace satchel::core
