// Random histories of four nodes that meet by the real session, are cut, crash, and are set back to older copies of their
// databases, against a comparison of all bundles: what they remember of each other must never make them leave one out.
#include <rapidcheck/catch.h>

#include <map>
#include <set>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

template <class T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

bool allowed(const CampaignNode& from, const CampaignNode& to, const BundleId& id) {
  const std::uint32_t number = to.member.number.value;
  if (id.log.author.node == to.member.number) return false;
  if (id.log.audience == core::kEveryone || id.log.audience.value == number) return true;
  if (id.log.audience.value == from.member.number.value || to.member.role == core::Role::hub) return false;
  return id.log.audience == core::kToHub || to.member.role == core::Role::relay;
}

class History {
 public:
  History() : campaign_(1 + below<std::uint64_t>(1000)) {
    for (const auto& node : campaign_.nodes()) {
      node->limits.routed = false;  // what is left out on purpose is another matter
      node->reopen();
    }
    for (const auto& node : campaign_.nodes()) copies_.emplace(node.get(), node->store);
  }
  CampaignNode& any() { return *campaign_.nodes()[below<std::size_t>(campaign_.nodes().size())]; }

  void write() {
    CampaignNode& author = any();
    if (author.member.role == core::Role::relay) return;
    core::Audience audience = core::kToHub;
    if (author.member.role == core::Role::hub)
      audience = *rc::gen::element(core::Audience{1}, core::Audience{2}, core::kEveryone);
    written_.insert(author.write(core::kLanes[below<std::size_t>(4)], 1 + below<std::size_t>(200), audience));
  }

  void meet() {
    CampaignNode& one = any();
    CampaignNode& other = any();
    if (&one == &other) return;
    Meeting::Options options;
    if (below(3) == 0) options.cut_after = below<std::uint64_t>(3'000);
    Meeting meeting{one, other, options};
    meeting.run();
    for (const BundleId& id : written_) {
      for (CampaignNode* node : {&one, &other}) {
        if (id.log.audience.value == node->member.number.value && node->shelf->frontier().covers(id)) arrived_.insert(id);
      }
    }
    if (meeting.cut()) return;
    RC_ASSERT(meeting.both_idle());
    check(one, other);
    check(other, one);
  }

  void copy() {
    CampaignNode& node = any();
    copies_.insert_or_assign(&node, node.store);
  }
  /// Its disk is set back. The node sees that by its high water and begins a life of its own.
  void restore() {
    CampaignNode& node = any();
    if (node.member.role == core::Role::hub) return;  // its receipts would have to begin a new epoch
    node.shelf.reset();
    node.store = copies_.at(&node);
    node.incarnation.value += 1'000'000;
    node.reopen();
  }
  void crash() { any().crash(); }

 private:
  void check(const CampaignNode& from, const CampaignNode& to) const {
    const core::Frontier reached = to.shelf->frontier();
    for (const BundleId& id : written_) {
      if (!allowed(from, to, id) || reached.covers(id) || from.holding(id).empty()) continue;
      // What its addressee has had goes to that one again if it asks, and to nobody else.
      if (id.log.audience.value != to.member.number.value && arrived_.contains(id)) continue;
      RC_ASSERT(!to.holding(id).empty());
    }
  }
  Campaign campaign_;
  std::map<CampaignNode*, core::MemoryStore> copies_;
  std::set<BundleId> written_;
  std::set<BundleId> arrived_;
};

}  // namespace

TEST_CASE("whatever is remembered, forgotten or set back, a meeting leaves out no bundle that a comparison of all would find") {
  rc::prop("memory only saves bytes", [] {
    History history;
    const auto steps = below<int>(40);
    for (int step = 0; step < steps; ++step) {
      switch (below(8)) {
        case 0:
        case 1: history.write(); break;
        case 2: history.copy(); break;
        case 3: history.crash(); break;
        case 4: history.restore(); break;
        default: history.meet();
      }
    }
  });
}
