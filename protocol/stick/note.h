#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/membership.h"
#include "core/crypto/sign.h"
#include "core/record/frontier.h"

namespace satchel::protocol {

/// What a reader leaves on the stick: how far it has each log, and which segments it could not read wholly, so that the next
/// writer writes what this node lacks and nothing else. Signed (context "satchel stick note") over campaign id ‖ content.
///
///   note := reader u32 ‖ frontier length varint ‖ frontier ‖ damaged varint ‖ segment hash(32)… ‖ signature(64)
struct Note {
  core::NodeNumber reader;
  core::Frontier frontier;
  std::vector<core::Hash> damaged;
};

core::Bytes encode_file(const Note& note, core::CampaignId campaign, const core::SignKeys& reader);
/// kStickBad, kPeerNotEnrolled when the reader is unknown, kSignatureBad.
core::Result<Note> decode_note_file(core::ByteView file, const core::Membership& membership);

}  // namespace satchel::protocol
