// A roster file from a school's computer.
#include "core/base/check.h"
#include "core/campaign/people.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::RosterContext context;
  context.sites = {{"东村教学点", core::NodeNumber{1}}, {"西镇教学点", core::NodeNumber{2}}};
  context.reference_date = "20260601";
  const auto report = core::read_roster({data, size}, context);
  if (!report) return 0;
  // What is taken is what its rules say, whatever stands in the file.
  for (const core::RosterRow& row : report->rows) {
    SATCHEL_CHECK(!row.student_number.empty() && core::valid_id_number(row.id_number) && core::valid_date(row.enrolled_on));
    SATCHEL_CHECK(context.sites.contains(row.site_name));
  }
  for (const core::RowNote& note : report->refused) SATCHEL_CHECK(core::row_message(note.code) != nullptr);
  return 0;
}
