// Random histories of four nodes that write and meet, against a model that knows only sets. A failure prints the seed that
// replays it.
#include <rapidcheck/catch.h>

#include <set>

#include "tests/unit/bundle/village.h"

using namespace satchel;
using core::BundleId;
using tests::Node;
using tests::Village;

namespace {

template <class T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

/// What each node should hold.
class Model {
 public:
  explicit Model(Village& village) : village_(village) {}

  void wrote(const Node& node, const BundleId& id) { held_[number(node)].insert(id); }

  /// Everything that `from` holds, `to` lacks, and `to` may be given: by looking at every bundle.
  std::set<BundleId> lacking(const Node& from, const Node& to) const {
    std::set<BundleId> out;
    for (const BundleId& id : held(from)) {
      if (!held(to).contains(id) && allowed(from, to, id)) out.insert(id);
    }
    return out;
  }
  void met(const Node& to, const std::set<BundleId>& given) { held_[number(to)].insert(given.begin(), given.end()); }
  const std::set<BundleId>& held(const Node& node) const {
    static const std::set<BundleId> kNothing;
    const auto found = held_.find(number(node));
    return found == held_.end() ? kNothing : found->second;
  }

 private:
  static std::uint32_t number(const Node& node) { return node.member.number.value; }
  static bool allowed(const Node& from, const Node& to, const BundleId& id) {
    const core::Audience audience = id.log.audience;
    if (id.log.author.node == to.member.number) return false;
    if (audience == core::kEveryone) return true;
    if (audience.value == number(to)) return true;
    if (audience.value == number(from)) return false;  // it is where it should be
    if (to.member.role == core::Role::hub) return false;
    return audience == core::kToHub || to.member.role == core::Role::relay;
  }
  Village& village_;
  std::map<std::uint32_t, std::set<BundleId>> held_;
};

void write_one(Village& village, Model& model) {
  Node& author = *village.all()[below<std::size_t>(3)];  // hub, east, west
  core::Audience audience = core::kToHub;
  if (author.member.role == core::Role::hub) audience = *rc::gen::element(core::Audience{1}, core::Audience{2}, core::kEveryone);
  const core::Lane lane = core::kLanes[below<std::size_t>(4)];
  model.wrote(author, village.write(author, lane, 1 + below<std::size_t>(300), audience));
}

void meet_one(Village& village, Model& model) {
  Node& from = *village.all()[below<std::size_t>(4)];
  Node& to = *village.all()[below<std::size_t>(4)];
  if (&from == &to) return;
  const std::set<BundleId> expected = model.lacking(from, to);
  protocol::Peer by_hand = to.peer();
  by_hand.by_hand = true;  // a line leaves some out on purpose
  const auto offers = from.shelf->offers_for(by_hand, to.shelf->frontier(), {});
  RC_ASSERT(offers.has_value());
  RC_ASSERT(std::set<BundleId>(offers->begin(), offers->end()) == expected);
  RC_ASSERT(offers->size() == expected.size());
  // The line may break after any of them; what a log is given of, it is given in order.
  const std::size_t until = below<std::size_t>(3) == 0 ? below(offers->size() + 1) : offers->size();
  std::set<BundleId> given;
  for (std::size_t i = 0; i < until; ++i) {
    RC_ASSERT(tests::hand_over(*from.shelf, *to.shelf, (*offers)[i])->outcome == protocol::Begin::Outcome::take);
    given.insert((*offers)[i]);
  }
  RC_ASSERT(to.shelf->flush().has_value());
  model.met(to, given);
  if (below(4) == 0) RC_ASSERT(to.reopen().has_value());
}

void check_frontiers(const Village& village, const Model& model) {
  for (const Node* node : village.all()) {
    std::map<core::LogId, std::uint64_t> counts;
    for (const BundleId& id : model.held(*node)) ++counts[id.log];
    const core::Frontier frontier = node->shelf->frontier();
    RC_ASSERT(frontier.entries().size() == counts.size());
    for (const auto& [log, count] : counts) RC_ASSERT(frontier.at(log).value == count);
    RC_ASSERT(node->shelf->verify([](const BundleId&, const core::Error&) {})->faults == 0U);
  }
}

}  // namespace

TEST_CASE("a meeting hands over exactly what a comparison of all bundles would") {
  rc::prop("frontiers find the same as sets", [] {
    Village village;
    Model model{village};
    const auto steps = below<int>(30);
    for (int step = 0; step < steps; ++step) {
      if (below(2) == 0) {
        write_one(village, model);
      } else {
        meet_one(village, model);
      }
    }
    check_frontiers(village, model);
  });
}

TEST_CASE("whatever receipts free, everything for the hub arrives at the hub") {
  rc::prop("no receipt and no eviction loses a bundle", [] {
    Village village;
    std::set<BundleId> written;
    std::vector<core::Receipt> receipts;
    const auto steps = below<int>(40);
    for (int step = 0; step < steps; ++step) {
      Node& one = *village.all()[below<std::size_t>(4)];
      Node& other = *village.all()[below<std::size_t>(4)];
      switch (below(4)) {
        case 0:
          written.insert(village.write(below(2) == 0 ? *village.east : *village.west, core::kLanes[below<std::size_t>(4)], 40));
          break;
        case 1: receipts.push_back(village.issue(receipts.size() + 1)); break;
        case 2:
          if (!receipts.empty()) RC_ASSERT(one.shelf->set_receipt(receipts[below(receipts.size())]).has_value());
          break;
        default:
          if (&one != &other) tests::meet(one, other);
      }
    }
    tests::meet(*village.east, *village.hub);
    tests::meet(*village.west, *village.hub);
    const core::Frontier frontier = village.hub->shelf->frontier();
    for (const BundleId& id : written) RC_ASSERT(frontier.covers(id));
    for (Node* node : village.all()) RC_ASSERT(node->shelf->verify([](const BundleId&, const core::Error&) {})->faults == 0U);
    // And then nothing is left on its way.
    for (Node* node : {village.east.get(), village.west.get(), village.relay.get()}) {
      RC_ASSERT(node->shelf->set_receipt(village.issue(receipts.size() + 1)).has_value());
      RC_ASSERT(*node->shelf->waiting() == protocol::LaneTally{});
    }
    RC_ASSERT(village.relay->shelf->carried() == protocol::LaneTally{});
  });
}

TEST_CASE("receipts that only grow leave the same behind in any order") {
  rc::prop("order does not matter", [] {
    Village village;
    std::vector<core::Receipt> receipts;
    for (int i = 0; i < 4; ++i) {
      village.write(*village.east, core::kLanes[below<std::size_t>(4)], 40);
      if (below(2) == 0) tests::meet(*village.east, *village.hub);
      receipts.push_back(village.issue(receipts.size() + 1));
    }
    tests::meet(*village.east, *village.relay);
    Node& relay = *village.relay;
    const core::MemoryStore before = relay.store;
    for (const core::Receipt& receipt : receipts) RC_ASSERT(relay.shelf->set_receipt(receipt).has_value());
    const core::Frontier frontier = relay.shelf->frontier();
    const protocol::LaneTally carried = relay.shelf->carried();
    relay.shelf.reset();
    relay.store = before;
    RC_ASSERT(relay.reopen().has_value());
    for (std::size_t i = receipts.size(); i > 1; --i) std::swap(receipts[i - 1], receipts[below(i)]);
    for (const core::Receipt& receipt : receipts) RC_ASSERT(relay.shelf->set_receipt(receipt).has_value());
    RC_ASSERT(relay.shelf->frontier() == frontier);
    RC_ASSERT(relay.shelf->carried() == carried);
  });
}
