#include "tests/sim/oracles.h"

#include <catch2/catch.hpp>

using namespace satchel;
using core::BundleId;
using core::Lane;
using tests::Campaign;
using tests::CampaignNode;
using tests::Oracles;

namespace {

/// East has written, the hub has it and has signed for it.
struct Scene {
  Scene() : id(campaign["east"].write(Lane::record, 300)) {
    CampaignNode& east = campaign["east"];
    oracles.wrote(east, id);
    const auto header = east.shelf->header(id);
    SATCHEL_CHECK(hub.shelf->begin((*header)->bytes, std::nullopt).has_value());
    SATCHEL_CHECK(hub.shelf->append(id, 0, *east.shelf->read_body(id)).has_value());
    SATCHEL_CHECK(hub.shelf->finish(id).has_value());
  }
  Campaign campaign{70};
  Oracles oracles{campaign};
  CampaignNode& hub = campaign.hub();
  BundleId id;
};

}  // namespace

TEST_CASE("the oracles are quiet about a sound campaign") {
  Scene scene;
  scene.hub.digest();
  scene.oracles.promised(scene.hub);
  for (const auto& node : scene.campaign.nodes()) {
    if (node->member.role != core::Role::hub) REQUIRE(node->shelf->set_receipt(*scene.hub.shelf->receipt()));
  }
  for (const auto& node : scene.campaign.nodes()) {
    node->crash();
    scene.oracles.check_after_crash(*node);
  }
  CHECK(scene.oracles.missing().empty());
  scene.oracles.check_bytes();
  CHECK(scene.oracles.faults().empty());
}

TEST_CASE("a node that confirms before it has synced is caught") {
  Scene scene;
  scene.oracles.promised(scene.hub);
  scene.hub.crash();
  scene.oracles.check_after_crash(scene.hub);
  CHECK_FALSE(scene.oracles.faults().empty());
}

TEST_CASE("a receipt beyond what the hub has is caught") {
  Scene scene;
  core::Receipt receipt;
  receipt.campaign = scene.campaign.founding().id();
  receipt.epoch = 1;
  receipt.version = 1;
  receipt.logs[scene.id.log] = {core::Seq{2}, core::Seq{2}};
  core::sign_receipt(receipt, scene.hub.identity.sign);
  REQUIRE(scene.hub.shelf->set_receipt(receipt));
  scene.oracles.check(scene.hub);
  CHECK_FALSE(scene.oracles.faults().empty());
}

TEST_CASE("a frontier that goes back is caught") {
  Scene scene;
  scene.oracles.check(scene.hub);
  scene.hub.crash();
  scene.oracles.check(scene.hub);
  CHECK_FALSE(scene.oracles.faults().empty());
}

TEST_CASE("a bundle that did not arrive, and one that arrived with other bytes, are caught") {
  Scene scene;
  CampaignNode& east = scene.campaign["east"];
  const BundleId late = east.write(Lane::record, 100);
  scene.oracles.wrote(east, late);
  CHECK_FALSE(scene.oracles.converged());
  Scene other;
  core::WriteBatch batch;
  const auto rows = other.hub.store.snapshot();
  REQUIRE(rows->scan(core::Bytes{static_cast<std::uint8_t>('c')}, {}, [&](core::ByteView key, core::ByteView value) {
    core::Bytes changed = core::to_bytes(value);
    for (std::uint8_t& byte : changed) byte = static_cast<std::uint8_t>(byte ^ 1U);
    batch.put(core::to_bytes(key), changed);
    return true;
  }));
  REQUIRE_FALSE(batch.empty());
  REQUIRE(other.hub.store.commit(batch, core::Durability::synced));
  other.oracles.check_bytes();
  CHECK(other.oracles.faults().size() >= 2);  // the model sees it, and the shelf's own walk
}

TEST_CASE("a session that fails by more than the line is caught") {
  Scene scene;
  scene.oracles.session_failed(scene.hub, core::Error{core::Code::kPeerSilent, {}});
  CHECK(scene.oracles.faults().empty());
  scene.oracles.session_failed(scene.hub, core::Error{core::Code::kMalformed, {}});
  CHECK_FALSE(scene.oracles.faults().empty());
}
