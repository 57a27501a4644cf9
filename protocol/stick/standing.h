#pragma once

#include <cstdint>
#include <string>

#include "core/base/disk.h"
#include "core/base/ids.h"
#include "protocol/stick/survey.h"

/// Cheap looks at what lies on a stick: does it still stand as it was laid there, and is it the same as the last time?
namespace satchel::protocol {

/// Walks over the heads of a segment's blocks, read from the stick itself: true when each stands where the one before ends, and
/// the last one ends the file. Costs 21 bytes a block. Finds every foreign run that is longer than a block, which is what a stick
/// leaves that holds less than it claims; a single changed byte is left to its reader.
/// `heads` is how many may be read yet, and becomes less; a segment for which they do not suffice passes.
bool segment_stands(const core::Disk& disk, const std::string& path, std::uint64_t size, std::size_t& heads, StickReport& report);

/// What lies there, from names and sizes, the heads of manifests and the ends of notes: 65 bytes a manifest, 32 a note. Another
/// value means that something else lies there; the same one is anybody's word, and may only save writing.
core::Hash stick_state(const core::Disk& disk, const Listing& listing, StickReport& report);

}  // namespace satchel::protocol
