// A timetable from a school's computer.
#include "core/base/check.h"
#include "core/campaign/timetable.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto report = core::read_timetable({data, size}, {2026, 15});
  if (!report) return 0;
  for (const core::TimetableSlot& slot : report->slots) SATCHEL_CHECK(!slot.room.empty() && slot.from < slot.until);
  for (const core::SlotNote& note : report->repairs) SATCHEL_CHECK(core::slot_message(note.code) != nullptr);
  for (const core::SlotNote& note : report->refused) SATCHEL_CHECK(core::slot_message(note.code) != nullptr);
  return 0;
}
