#pragma once

#include "core/campaign/profile.h"
#include "core/campaign/profile_section.h"

namespace satchel::core {

// The sections of a profile, read one by one. Each takes its table from `root` and sets what stands there.

void read_consent(Section& root, Profile& out, ProfileFaults& faults);
void read_capture(Section& root, Profile& out, ProfileFaults& faults);
/// [[groups]] and [[windows]], and how they fit together.
void read_windows(Section& root, Profile& out, ProfileFaults& faults);
void read_clothes(Section& root, Profile& out, ProfileFaults& faults);
void read_export(Section& root, Profile& out, ProfileFaults& faults);
void read_fee(Section& root, Profile& out, ProfileFaults& faults);
void read_review(Section& root, Profile& out, ProfileFaults& faults);
void read_study(Section& root, Profile& out, ProfileFaults& faults);
void read_timetable(Section& root, Profile& out, ProfileFaults& faults);
/// The state's holidays and make-up days.
void read_calendar(Section& root, Profile& out, ProfileFaults& faults);
void read_retention(Section& root, Profile& out, ProfileFaults& faults);

}  // namespace satchel::core
