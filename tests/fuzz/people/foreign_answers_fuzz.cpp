// What a licensed unit says about codes of another system: its table, or its decoder's answer.
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/campaign/foreign_answers.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto rows = core::read_mapping({data, size})) {
    SATCHEL_CHECK(!rows->empty() && rows->size() <= core::kMappingRowsMax);
    for (const core::MappingRow& row : *rows) SATCHEL_CHECK(!row.code.empty() && !row.student_number.empty() && row.line > 0);
  }
  if (const auto answer = core::read_decoder_answer({data, size}); answer && *answer) {
    SATCHEL_CHECK(core::is_plain_text(**answer) && (*answer)->size() <= core::kDecoderAnswerMax);
  }
  return 0;
}
