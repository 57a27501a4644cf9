#pragma once

#include <string>

#include "core/crypto/membership.h"
#include "protocol/shelf/shelf.h"
#include "protocol/stick/block_scanner.h"
#include "protocol/stick/stick.h"

namespace satchel::protocol {

/// What was found in one segment, beside what went into the report.
struct SegmentOutcome {
  bool other_campaign = false;  ///< nothing of it was taken
  bool whole = true;            ///< no byte of it was damaged
  bool settled = true;          ///< nothing in it could be taken another time (refused for want of space, or of a certificate)
};

/// Takes in what `source` holds, as a hostile stranger's bytes: every block proves itself. Damages go into `report` under
/// `file`. Errors are faults of our own store only.
core::Result<SegmentOutcome> read_segment(ByteSource& source, const std::string& file, Shelf& shelf, core::Membership& membership,
                                          StickReport& report, const BetweenBundles& between = {});

}  // namespace satchel::protocol
