#include "node/digest.h"

#include <catch2/catch.hpp>

using namespace satchel;
using node::Digest;

namespace {

core::BundleId bundle(core::Lane lane, std::uint64_t seq) {
  return {{{core::NodeNumber{3}, core::Incarnation{77}}, core::kToHub, lane}, core::Seq{seq}};
}

Digest submitted() {
  Digest digest;
  digest.stage = core::Stage::submitted;
  digest.site = core::NodeNumber{3};
  digest.class_name = "23护（9）";
  digest.last_term = digest.drafted = digest.submitted = digest.disputed = true;
  digest.record_bundle = bundle(core::Lane::record, 5);
  digest.photo_bundle = bundle(core::Lane::photo, 2);
  return digest;
}

core::Receipt receipt(std::uint64_t record_stored, std::uint64_t record_opened, std::uint64_t photo_stored,
                      std::uint64_t photo_opened) {
  core::Receipt out;
  out.logs[bundle(core::Lane::record, 1).log] = {core::Seq{record_stored}, core::Seq{record_opened}};
  out.logs[bundle(core::Lane::photo, 1).log] = {core::Seq{photo_stored}, core::Seq{photo_opened}};
  return out;
}

}  // namespace

TEST_CASE("a digest comes back from its row, and no other length does") {
  const core::Bytes row = node::encode(submitted());
  const auto back = node::decode_digest(row);
  REQUIRE(back.has_value());
  CHECK(node::encode(*back) == row);
  CHECK(back->class_name == "23护（9）");
  CHECK(back->disputed);
  CHECK_FALSE(node::decode_digest(node::encode(Digest{}))->disputed);
  CHECK(back->photo_bundle == bundle(core::Lane::photo, 2));
  for (std::size_t n = 0; n < row.size(); ++n) CHECK_FALSE(node::decode_digest(core::ByteView{row}.first(n)).has_value());
  core::Bytes longer = row;
  longer.push_back(0);
  CHECK_FALSE(node::decode_digest(longer).has_value());
}

TEST_CASE("a picture is at the hub only when the receipt covers both its record and its standard picture") {
  const Digest digest = submitted();
  CHECK_FALSE(digest.stored_at_hub(std::nullopt));
  CHECK_FALSE(digest.stored_at_hub(receipt(4, 4, 2, 2)));
  CHECK_FALSE(digest.stored_at_hub(receipt(5, 5, 1, 1)));
  CHECK(digest.stored_at_hub(receipt(5, 0, 2, 0)));
  CHECK_FALSE(digest.opened_at_hub(receipt(5, 5, 2, 1)));
  CHECK_FALSE(digest.opened_at_hub(receipt(5, 4, 2, 2)));
  CHECK(digest.opened_at_hub(receipt(9, 5, 9, 2)));
}

TEST_CASE("what was not submitted is never at the hub, whatever the receipt covers") {
  Digest digest = submitted();
  digest.submitted = false;
  CHECK_FALSE(digest.stored_at_hub(receipt(9, 9, 9, 9)));
  CHECK_FALSE(digest.opened_at_hub(receipt(9, 9, 9, 9)));
  digest = submitted();
  digest.photo_bundle.reset();
  CHECK_FALSE(digest.stored_at_hub(receipt(9, 9, 9, 9)));
}
