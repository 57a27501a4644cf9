#include "protocol/bundle/payload.h"

#include <catch2/catch.hpp>

#include "core/crypto/sign.h"
#include "protocol/bundle/header.h"
#include "protocol/limits.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::protocol {
namespace {

using Form = WireBlob::Form;

core::Run make_run() {
  tests::SeededRng rng{3};
  core::Run run;
  run.log = {{core::NodeNumber{1}, core::Incarnation{5}}, core::kToHub, core::Lane::record};
  run.first = core::Seq{1};
  run.bodies = {{1, 2, 3}, {4}};
  return run;
}

TEST_CASE("a payload comes back as it went in, and in one form only") {
  const Payload payload{{make_run()}, {{Form::plain, {9, 9}}, {}, {Form::jpeg_xl, {7}}}};
  const core::Bytes bytes = encode_payload(payload);
  const auto decoded = decode_payload(bytes);
  REQUIRE(decoded);
  CHECK(decoded->runs.size() == 1);
  CHECK(decoded->runs[0].bodies == payload.runs[0].bodies);
  CHECK(decoded->blobs == payload.blobs);
  CHECK(encode_payload(*decoded) == bytes);
}

TEST_CASE("a view of a payload tells where in it each blob stands") {
  const core::Bytes bytes = encode_payload({{make_run()}, {{Form::plain, core::Bytes(300, 9)}, {}, {Form::jpeg_xl, {7, 8}}}});
  const auto view = view_payload(bytes);
  REQUIRE(view);
  REQUIRE(view->blobs.size() == 3);
  CHECK(view->runs.size() == 1);
  const core::Bytes expected[] = {core::Bytes(300, 9), {}, {7, 8}};
  for (std::size_t i = 0; i < view->blobs.size(); ++i) {
    const BlobView& blob = view->blobs[i];
    CHECK(core::to_bytes(blob.bytes) == expected[i]);
    CHECK(core::to_bytes(core::ByteView{bytes}.subspan(blob.offset, blob.bytes.size())) == expected[i]);
  }
  CHECK(view->blobs.back().form == Form::jpeg_xl);
}

TEST_CASE("a payload that is cut, empty, of unknown kind or in another order is refused") {
  const core::Bytes bytes = encode_payload({{make_run()}, {{Form::jpeg_xl, {9, 9, 9}}}});
  const core::Bytes run_alone = encode_payload({{make_run()}, {}});
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    if (n == run_alone.size()) continue;  // what stands before the blob is a payload of its own
    INFO("cut to " << n);
    CHECK_FALSE(decode_payload(core::ByteView{bytes}.first(n)));
  }
  core::Bytes wrong_order = encode_payload({{}, {{Form::plain, {1}}}});
  core::append(wrong_order, run_alone);
  CHECK_FALSE(decode_payload(wrong_order));
  const auto unknown = decode_payload(core::Bytes{4, 0});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == core::Code::kVersionUnknown);
}

TEST_CASE("more items than allowed are refused without being kept") {
  core::Bytes many;
  for (std::size_t i = 0; i <= kPayloadItemsMax; ++i) core::append(many, core::Bytes{2, 0});
  const auto decoded = decode_payload(many);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().code == core::Code::kLimitExceeded);
}

TEST_CASE("a blob's hash is no other hash of the same bytes") {
  CHECK(blob_hash(core::as_bytes("x")) != blob_hash(core::as_bytes("y")));
  CHECK(blob_hash(core::as_bytes("x")) != chunk_hash(core::as_bytes("x")));
}

}  // namespace
}  // namespace satchel::protocol
