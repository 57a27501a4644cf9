#include <catch2/catch.hpp>

#include "protocol/stick/names.h"
#include "tests/unit/stick/sticks.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Lane;
using core::Seq;
using tests::bundles;
using tests::Node;
using tests::Stick;
using tests::Village;

void write_some(Village& village, Node& node, int rounds = 1) {
  for (int i = 0; i < rounds; ++i) {
    village.write(node, Lane::photo, 20'000, core::kToHub, ChunkSize::k16);
    village.write(node, Lane::record, 100);
  }
}

TEST_CASE("a stick carries everything from a site to the hub") {
  Village village;
  write_some(village, *village.east, 2);
  Stick stick;
  const auto written = stick.write(*village.east);
  REQUIRE(written);
  CHECK(bundles(*written) == 4);
  CHECK(stick.files('s').size() == 1);
  CHECK(stick.files('m').size() == 1);
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 4);
  CHECK(read->bundles == written->bundles);
  CHECK(read->damage_count == 0);
  CHECK(village.hub->shelf->frontier() == village.east->shelf->frontier());
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("what was read is durable") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  village.hub->store.crash();
  REQUIRE(village.hub->reopen());
  CHECK(village.hub->shelf->frontier() == village.east->shelf->frontier());
}

TEST_CASE("what was written is durable before it is reported") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  stick.disk.crash();
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 2);
}

TEST_CASE("reading twice doubles nothing, and the second time reads hardly a byte") {
  Village village;
  write_some(village, *village.east, 3);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  const auto files = stick.files();
  const auto again = stick.read(*village.hub);
  REQUIRE(again);
  CHECK(bundles(*again) == 0);
  CHECK(again->bytes_read <= 4096);
  CHECK(village.hub->shelf->inbox()->size() == 6);
  CHECK(stick.files() == files);
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("a node that has everything by another way takes nothing from the stick") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  tests::meet(*village.east, *village.hub);
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 0);
  CHECK(read->known == 2);
}

TEST_CASE("half by line, the rest by stick: nothing that was here is asked for again") {
  Village village;
  const core::BundleId id = village.write(*village.east, Lane::photo, 50'000, core::kToHub, ChunkSize::k16);
  REQUIRE(village.hub->shelf->begin((*village.east->shelf->header(id))->bytes, core::Hash{}));
  REQUIRE(village.hub->shelf->append(id, 0, *village.east->shelf->read(id, 0, 30'000)));
  Stick stick;
  REQUIRE(stick.write(*village.east));
  CHECK(bundles(*stick.read(*village.hub)) == 1);
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("a stick that is as it should be is not written") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  const auto before = stick.files();
  const auto again = stick.write(*village.east);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::kNothingToDo);
  CHECK(stick.files() == before);
}

TEST_CASE("a second write only adds: what lies there keeps its bytes") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  const std::string first = stick.files('s')[0];
  const core::Bytes bytes = stick.raw(first);
  write_some(village, *village.east);
  const auto second = stick.write(*village.east);
  REQUIRE(second);
  CHECK(bundles(*second) == 2);
  CHECK(second->known == 2);
  CHECK(stick.files('s').size() == 2);
  CHECK(stick.files('m').size() == 2);
  CHECK(stick.raw(first) == bytes);
  const auto read = stick.read(*village.hub);
  CHECK(bundles(*read) == 4);
}

TEST_CASE("of a stick that grew only the new part is read") {
  Village village;
  village.write(*village.east, Lane::photo, 200'000);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  village.write(*village.east, Lane::record, 100);
  REQUIRE(stick.write(*village.east));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  CHECK(read->bytes_read < 10'000);
}

TEST_CASE("receipt and news ride back, and what has arrived makes room") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  REQUIRE(*village.hub->shelf->set_receipt(village.issue(1)));
  village.write(*village.hub, Lane::record, 80, core::Audience{1});
  village.write(*village.hub, Lane::control, 80, core::kEveryone);
  const auto back = stick.write(*village.hub);
  REQUIRE(back);
  CHECK(back->receipt);
  const auto read = stick.read(*village.east);
  REQUIRE(read);
  CHECK(read->receipt);
  CHECK(bundles(*read) == 2);
  CHECK(*village.east->shelf->waiting() == LaneTally{});
  // Now the site's own segment has served.
  write_some(village, *village.east);
  REQUIRE(stick.write(*village.east));
  CHECK(stick.files('s').size() == 2);  // the hub's, and the site's new one
  CHECK(bundles(*stick.read(*village.hub)) == 2);
}

TEST_CASE("the hub stops writing what a site has noted that it has") {
  Village village;
  village.write(*village.hub, Lane::record, 80, core::Audience{1});
  Stick stick;
  REQUIRE(stick.write(*village.hub));
  REQUIRE(stick.read(*village.east));
  CHECK(village.hub->shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 1);
  const auto again = stick.write(*village.hub);
  CHECK((again || again.error().code == Code::kNothingToDo));
  CHECK(village.hub->shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 0);
}

TEST_CASE("a stick goes from hand to hand: site, relay, hub") {
  Village village;
  write_some(village, *village.east);
  write_some(village, *village.west);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.write(*village.west));
  REQUIRE(stick.read(*village.relay));
  Stick second;
  REQUIRE(second.write(*village.relay));
  const auto read = second.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 4);
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("a relay does not write what its neighbour's segment holds already") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.relay));
  const auto again = stick.write(*village.relay);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::kNothingToDo);
}

TEST_CASE("a stick brings certificates, so that a stranger's bundles can be taken") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  Node& hub = *village.hub;
  hub.membership = core::Membership{village.founding};
  REQUIRE(hub.membership.add(hub.member));
  REQUIRE(hub.reopen());
  const auto read = stick.read(hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 2);
  REQUIRE(read->new_members.size() == 1);
  CHECK(read->new_members[0].name == "east");
}

TEST_CASE("a stick of another campaign says so, and nothing of it is taken") {
  Village village;
  Village elsewhere{2};
  write_some(elsewhere, *elsewhere.east);
  Stick stick;
  REQUIRE(stick.write(*elsewhere.east));
  const auto read = stick.read(*village.hub);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Code::kOtherCampaign);
  CHECK(village.hub->shelf->frontier() == core::Frontier{});
  // Both campaigns may share a stick.
  write_some(village, *village.west);
  REQUIRE(stick.write(*village.west));
  CHECK(bundles(*stick.read(*village.hub)) == 2);
  CHECK(bundles(*stick.read(*elsewhere.hub)) == 2);
}

TEST_CASE("no folder, and nothing in the folder, are different things to say") {
  Village village;
  Stick stick;
  CHECK(stick.read(*village.hub).error().code == Code::kStickEmpty);
  CHECK(protocol::read_stick(stick.disk, "/nowhere", *village.hub->shelf, village.hub->membership,
                             {village.hub->member, village.hub->identity.sign})
            .error()
            .code == Code::kFolderMissing);
  CHECK(protocol::write_stick(stick.disk, "/nowhere", *village.east->shelf, {village.east->member, village.east->identity.sign})
            .error()
            .code == Code::kFolderMissing);
  CHECK(stick.write(*village.east).error().code == Code::kNothingToDo);
}

TEST_CASE("a write-protected stick is read all the same") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  stick.disk.fail_from_write(1, Code::kDiskWrite);
  CHECK(bundles(*stick.read(*village.hub)) == 2);
}

TEST_CASE("every name on a stick is fit for FAT and says nothing of a person") {
  Village village;
  write_some(village, *village.east);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  for (const std::string& name : stick.files()) CHECK(parse_file_name(name));
  CHECK(stick.files().size() == 4);  // segment, manifest, a note of each
}

TEST_CASE("a bundle file carries what is for its addressee, by mail or any other way") {
  Village village;
  write_some(village, *village.east, 2);
  Stick anywhere;
  const std::string path = tests::kStickPath + "/mail.bin";
  const StickWriter writer{village.east->member, village.east->identity.sign};
  const auto written = write_bundle_file(anywhere.disk, path, *village.east->shelf, writer, village.hub->peer());
  REQUIRE(written);
  CHECK(bundles(*written) == 4);
  CHECK(write_bundle_file(anywhere.disk, path, *village.east->shelf, writer, village.hub->peer()).error().code ==
        Code::kFileExists);
  const auto read = read_bundle_file(anywhere.disk, path, *village.hub->shelf, village.hub->membership);
  REQUIRE(read);
  CHECK(bundles(*read) == 4);
  const auto again = read_bundle_file(anywhere.disk, path, *village.hub->shelf, village.hub->membership);
  CHECK(bundles(*again) == 0);
  CHECK(again->known == 4);
  Village elsewhere{2};
  CHECK(read_bundle_file(anywhere.disk, path, *elsewhere.hub->shelf, elsewhere.hub->membership).error().code ==
        Code::kOtherCampaign);
  CHECK(write_bundle_file(anywhere.disk, path + "2", *village.west->shelf, writer, village.hub->peer()).error().code ==
        Code::kNothingToDo);
  REQUIRE(anywhere.disk.write_atomic(path + "3", {}));
  CHECK(read_bundle_file(anywhere.disk, path + "3", *village.hub->shelf, village.hub->membership).error().code ==
        Code::kFileEmpty);
  CHECK(read_bundle_file(anywhere.disk, path + "4", *village.hub->shelf, village.hub->membership).error().code ==
        Code::kFileMissing);
}

}  // namespace
}  // namespace satchel::protocol
