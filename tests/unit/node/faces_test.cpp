// The swap alarm by faces: over the pictures that lie at a hub, with a recogniser of the test's own.
#include "node/faces.h"

#include "tests/unit/node/picture_way.h"

using namespace satchel;
using namespace satchel::tests;
namespace json = boost::json;
namespace portrait = core::portrait;

namespace {

constexpr core::StudentRef kOther{78};

void list(LedgerNode& hub, core::StudentRef student, const std::string& name, const std::string& class_name) {
  core::RosterFact row;
  row.student = student;
  row.site = core::NodeNumber{1};
  row.site_name = "东村";
  row.name = name;
  row.class_name = class_name;
  node::Ledger::Turn turn = hub.ledger->turn();
  REQUIRE(turn.state(core::Audience{1}, Lane::control, row));
  REQUIRE(turn.commit());
}

/// A picture of the student, taken at the site.
void take(LedgerNode& site, core::StudentRef student, int seed) {
  core::CaptureFact fact;
  fact.student = student;
  fact.taken = site.clock.moment();
  fact.grade = core::Grade::pass;
  const core::Bytes standard = jpeg(seed, 480, 640);
  fact.standard = protocol::blob_hash(standard);
  fact.original = fact.standard;
  fact.preview = fact.standard;
  node::Ledger::Turn turn = site.ledger->turn();
  REQUIRE(turn.state(core::kToHub, Lane::record, fact));
  REQUIRE(turn.send(standard, Lane::photo));
  REQUIRE(turn.commit());
}

/// Sees the seed of a drawn picture: 1 and 2 are one face, 3 another one, and in 4 nobody is seen.
std::optional<portrait::FaceFeatures> face_of(core::ByteView bytes) {
  const core::Bytes file = core::to_bytes(bytes);
  if (file == jpeg(1, 480, 640)) return portrait::FaceFeatures{{1, 0}};
  if (file == jpeg(2, 480, 640)) return portrait::FaceFeatures{{1, 0.1F}};
  if (file == jpeg(3, 480, 640)) return portrait::FaceFeatures{{0, 1}};
  return std::nullopt;
}

node::FaceSearch search() { return {"", "", 10, {0.5, 10'000}, face_of}; }

json::object found(const LedgerNode& hub, const node::FaceSearch& wanted) {
  const auto answer = node::search_faces(*hub.ledger, hub.store, wanted, {});
  REQUIRE(answer);
  return answer->body;
}

/// A hub, its site, and two students on both their lists.
struct TwoListed {
  LedgerPair pair;
  std::unique_ptr<LedgerNode> site = pair.site();
  std::unique_ptr<LedgerNode> hub = pair.hub();
  TwoListed() {
    list(*hub, kStudent, "张小三", "一班");
    list(*hub, kOther, "李四", "二班");
    hand_over(*hub, *site);
  }
};

std::int64_t count(const json::object& body, const char* key) { return body.at(key).to_number<std::int64_t>(); }

}  // namespace

TEST_CASE("one face under two codes and two faces under one are told at the hub, and nobody's name") {
  const TwoListed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  take(*site, kStudent, 1);
  take(*site, kStudent, 3);
  take(*site, kStudent, 4);
  take(*site, kOther, 2);
  hand_over(*site, *hub);

  const json::object body = found(*hub, search());
  CHECK(count(body, "students") == 2);
  CHECK(count(body, "pictures") == 3);
  CHECK(count(body, "without_face") == 1);
  CHECK(count(body, "compared") == 2);
  REQUIRE(count(body, "same_count") == 1);
  const json::object& same = body.at("same").as_array().at(0).as_object();
  CHECK(same.at("one").at("student").as_string() == kStudent.text());
  CHECK(same.at("two").at("student").as_string() == kOther.text());
  CHECK(same.at("one").at("name").as_string() == "张*三");
  REQUIRE(count(body, "unlike_count") == 1);
  const json::object& unlike = body.at("unlike").as_array().at(0).as_object();
  CHECK(unlike.at("one").at("student") == unlike.at("two").at("student"));
  CHECK(unlike.at("one").at("draft") != unlike.at("two").at("draft"));

  node::FaceSearch one_class = search();
  one_class.class_name = "二班";
  CHECK(count(found(*hub, one_class), "students") == 1);
  one_class.class_name.clear();
  one_class.site = "西镇";
  CHECK(count(found(*hub, one_class), "students") == 0);
}

TEST_CASE("a purge of the pictures leaves nothing of a face to compare") {
  const TwoListed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  take(*site, kStudent, 1);
  take(*site, kOther, 2);
  hand_over(*site, *hub);
  REQUIRE(count(found(*hub, search()), "same_count") == 1);
  node::Ledger::Turn turn = hub->ledger->turn();
  REQUIRE(
      turn.state(core::Audience{1}, Lane::control, core::PurgeFact{kStudent, core::PurgeScope::pictures, hub->clock.moment()}));
  REQUIRE(turn.commit());
  REQUIRE(hub->ledger->carry_out_purges());
  const json::object body = found(*hub, search());
  CHECK(count(body, "pictures") == 1);
  CHECK(count(body, "same_count") == 0);
}
