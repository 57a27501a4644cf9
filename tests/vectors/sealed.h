#pragma once

#include "protocol/bundle/bundle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace satchel::tests {

/// The bundle that the inputs of bundle-header.txt, bundle-body.txt and stick-segment.txt describe.
inline protocol::SealedBundle sealed_from(const Fields& in) {
  const auto log = numbers(in.text("log"));
  const core::Bytes payload = in.hex("payload");
  protocol::SealRequest request{{{{{static_cast<std::uint32_t>(log.at(0))}, {log.at(1)}},
                                  {static_cast<std::uint32_t>(log.at(2))},
                                  static_cast<core::Lane>(log.at(3))},
                                 core::Seq{in.number("seq")}},
                                *core::Hash::from(in.hex("previous_root")),
                                {},
                                {},
                                payload,
                                protocol::ChunkSize::k64,
                                in.number("urgent") == 1};
  for (const std::string& secret : in.all("recipient_box_secret")) {
    request.recipients.push_back(core::box_keys_from_secret(*core::from_hex(secret)).public_key);
  }
  ScriptedRng random{in.hex("random")};
  auto sealed = protocol::seal_bundle(request, core::sign_keys_from_seed(in.hex("author_sign_seed")), random);
  SATCHEL_CHECK(sealed.has_value());
  return *std::move(sealed);
}

}  // namespace satchel::tests
