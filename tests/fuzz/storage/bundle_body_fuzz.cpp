// A header and a body as anybody may put them together: varint length ‖ header ‖ chunk list ‖ ciphertext. What proves right as a
// whole opens in the same way whether its hashes are asked for once or twice.
#include "core/base/check.h"
#include "protocol/bundle/bundle.h"
#include "protocol/shelf/arriving.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Identity kHub = tests::Cast{}.hub.identity();
  core::ByteReader in{{data, size}};
  const auto header = protocol::parse_header(in.sized(protocol::kHeaderMax));
  const core::ByteView body = in.rest();
  if (!header || !in.ok()) return 0;
  const bool whole = protocol::verify_body(*header, body).has_value();
  SATCHEL_CHECK(!whole || body.size() == header->body_size());
  const protocol::Opener opener{&kHub.box, {}};
  const auto opened = protocol::open_bundle(*header, body, opener);
  SATCHEL_CHECK(!opened || whole);
  if (whole) {
    const auto again = protocol::open_proven_bundle(*header, body, opener);
    SATCHEL_CHECK(again.has_value() == opened.has_value() && (!again || *again == *opened));
  }
  // As it arrives: the list, then each chunk.
  core::Bytes list;
  for (std::uint64_t at = 0; at < body.size() && header->proof_end(at) <= body.size(); at = header->proof_end(at)) {
    const core::ByteView proof = body.subspan(at, header->proof_end(at) - at);
    if (!protocol::proves(*header, list, at, proof)) {
      SATCHEL_CHECK(!whole);
      break;
    }
    if (at < header->list_size()) list = core::to_bytes(proof);
  }
  return 0;
}
