// A cut at every byte of a whole meeting, and the end of either process at every write of its store.
#include <catch2/catch.hpp>

#include <numeric>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

constexpr std::uint64_t kHandshakeAgain = 260;
constexpr std::uint64_t kHeaderAgain = protocol::kHeaderMax;
constexpr std::uint64_t kFrame = protocol::kPieceStart + 64;

/// One of each lane up, news down.
struct Load {
  std::vector<BundleId> up;
  std::vector<BundleId> down;
};

Load load(CampaignNode& east, CampaignNode& hub) {
  Load out;
  for (const Lane lane : {Lane::control, Lane::record, Lane::photo}) {
    out.up.push_back(east.write(lane, lane == Lane::photo ? 500 : 60, core::kToHub, lane == Lane::record));
  }
  const core::Audience to_east{east.member.number.value};
  out.down.push_back(hub.write(Lane::control, 60, to_east, true));
  return out;
}

void check_arrived(const CampaignNode& east, const CampaignNode& hub, const Load& all) {
  for (const BundleId& id : all.up) {
    REQUIRE(hub.holding(id) == east.holding(id));
    INFO("lane " << core::lane_name(id.log.lane) << ", hub's receipt " << hub.shelf->receipt()->version << ", here "
                 << east.shelf->receipt()->version);
    REQUIRE(hub.shelf->receipt()->opened(id));
    REQUIRE(east.shelf->receipt()->opened(id));
  }
  for (const BundleId& id : all.down) REQUIRE(east.holding(id) == hub.holding(id));
}

void check_sound(const CampaignNode& node) {
  CHECK(node.shelf->verify([](const BundleId&, const core::Error&) {})->faults == 0);
}

/// Two sessions of which one ends with its process, as soon as its store has refused a write: what it had not put on the wire
/// by then is never said.
class Mortal {
 public:
  Mortal(CampaignNode& east, CampaignNode& hub)
      : nodes_{&east, &hub},
        sessions_{Session::caller(east.session_setup(), hub.member, now_), Session::answerer(hub.session_setup(), now_)} {}

  /// False when a process died.
  bool run() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const std::size_t from : {0U, 1U}) {
        const core::ByteView pending = sessions_[from].pending();
        const core::Bytes piece = core::to_bytes(pending.first(std::min<std::size_t>(600, pending.size())));
        if (piece.empty()) continue;
        moved = true;
        sessions_[from].sent(piece.size(), now_);
        if (dead()) return false;
        moved_[from] += piece.size();
        if (!hear(1 - from, piece)) return false;
      }
    }
    return !dead();
  }
  bool both_idle() const { return sessions_[0].idle() && sessions_[1].idle(); }
  std::uint64_t moved(std::size_t from) const { return moved_[from]; }
  /// What each side was told to be stored on the other, by lane.
  const Session& session(std::size_t side) const { return sessions_[side]; }

 private:
  bool dead() const { return nodes_[0]->store.refused() + nodes_[1]->store.refused() > 0; }
  bool hear(std::size_t side, core::ByteView piece) {
    const bool heard = sessions_[side].receive(piece, now_).has_value();
    if (dead()) return false;
    REQUIRE(heard);
    const protocol::SessionStats stats = sessions_[side].stats();
    const std::uint64_t taken = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
    if (taken == std::exchange(seen_[side], taken)) return true;
    if (!nodes_[side]->try_digest()) return false;
    sessions_[side].shelf_changed(now_);
    return !dead();
  }

  core::MonoMs now_{1'000};
  std::array<CampaignNode*, 2> nodes_;
  std::array<Session, 2> sessions_;
  std::array<std::uint64_t, 2> moved_{};
  std::array<std::uint64_t, 2> seen_{};
};

}  // namespace

namespace {

/// What both ways of the meetings may cost together, cut and resumed.
void check_cost(const std::array<std::uint64_t, 2>& moved, const Meeting& again, const std::array<std::uint64_t, 2>& uncut) {
  for (const std::size_t side : {0U, 1U}) {
    // The first message holds all that is urgent: one frame, which is gone when it is cut.
    REQUIRE(moved[side] + again.moved(static_cast<int>(side)) <= uncut[side] + kHandshakeAgain + kHeaderAgain + kFrame);
  }
}

}  // namespace

namespace {

/// Every cut of which the position leaves `rest` when divided by `step`: the work of one test is shared by some.
void cut_everywhere(std::uint64_t rest, std::uint64_t step) {
  std::unique_ptr<Campaign> campaign;
  std::array<std::uint64_t, 2> uncut{};
  // Whatever lies in the stores makes the next cut dearer to try: a new campaign now and then.
  constexpr int kCutsOfOne = 20;
  int cuts = 0;
  for (std::uint64_t at = rest; cuts == 0 || at <= uncut[0] + uncut[1]; at += step) {
    if (cuts++ % kCutsOfOne == 0) {
      campaign = std::make_unique<Campaign>(130);
      Meeting{(*campaign)["east"], campaign->hub()}.run();
      load((*campaign)["east"], campaign->hub());
      Meeting meeting{(*campaign)["east"], campaign->hub(), {.step = 700}};
      meeting.run();
      REQUIRE(meeting.both_idle());
      uncut = {meeting.moved(0), meeting.moved(1)};
      REQUIRE(uncut[0] + uncut[1] > 2'000);
    }
    CampaignNode& east = (*campaign)["east"];
    CampaignNode& hub = campaign->hub();
    INFO("cut after " << at << " of " << uncut[0] + uncut[1] << " bytes");
    const Load all = load(east, hub);
    Meeting broken{east, hub, {.step = 700, .cut_after = at}};
    broken.run();
    Meeting again{east, hub};
    again.run();
    REQUIRE(again.both_idle());
    check_arrived(east, hub, all);
    check_cost({broken.moved(0), broken.moved(1)}, again, uncut);
    if (cuts % kCutsOfOne == 0) {
      check_sound(east);
      check_sound(hub);
    }
  }
}

}  // namespace

TEST_CASE("a cut at every byte of a meeting of all lanes loses nothing and repeats no more than a frame: 1 of 4") {
  cut_everywhere(0, 4);
}

TEST_CASE("a cut at every byte of a meeting of all lanes loses nothing and repeats no more than a frame: 2 of 4") {
  cut_everywhere(1, 4);
}

TEST_CASE("a cut at every byte of a meeting of all lanes loses nothing and repeats no more than a frame: 3 of 4") {
  cut_everywhere(2, 4);
}

TEST_CASE("a cut at every byte of a meeting of all lanes loses nothing and repeats no more than a frame: 4 of 4") {
  cut_everywhere(3, 4);
}

TEST_CASE("a cut anywhere in a first meeting of strangers loses nothing and repeats no more than a frame") {
  std::array<std::uint64_t, 2> uncut{};
  for (std::uint64_t at = 1'000'000; at > 0; at -= std::min<std::uint64_t>(at, 37)) {
    INFO("cut after " << at << " bytes");
    Campaign campaign{132};
    CampaignNode& east = campaign["east"];
    CampaignNode& hub = campaign.hub();
    const Load all = load(east, hub);
    Meeting broken{east, hub, {.known = false, .step = 700, .cut_after = at}};
    broken.run();
    if (!broken.cut()) {
      REQUIRE(broken.both_idle());
      uncut = {broken.moved(0), broken.moved(1)};
      at = broken.moved() + 37;  // from the end down
      continue;
    }
    Meeting again{east, hub, {.known = false}};
    again.run();
    REQUIRE(again.both_idle());
    check_arrived(east, hub, all);
    check_cost({broken.moved(0), broken.moved(1)}, again, {uncut[0] + 60, uncut[1] + 200});  // who and i_am once more
  }
}

TEST_CASE("whichever write of its store is the last before a process is killed, nothing is lost and nothing goes twice") {
  const bool hub_dies = GENERATE(false, true);
  std::array<std::uint64_t, 2> unhurt{};
  for (std::size_t n = 1;; ++n) {
    INFO((hub_dies ? "hub" : "site") << " killed at write " << n);
    Campaign campaign{131};
    CampaignNode& east = campaign["east"];
    CampaignNode& hub = campaign.hub();
    Meeting{east, hub}.run();
    const Load all = load(east, hub);
    if (n == 1) {
      Campaign other{131};
      Meeting{other["east"], other.hub()}.run();
      load(other["east"], other.hub());
      Mortal whole{other["east"], other.hub()};
      REQUIRE(whole.run());
      unhurt = {whole.moved(0), whole.moved(1)};
    }
    CampaignNode& victim = hub_dies ? hub : east;
    victim.store.fail_from_commit(n);
    std::array<std::uint64_t, 2> moved{};
    std::uint64_t confirmed_up = 0;
    bool lived = false;
    {
      Mortal meeting{east, hub};
      lived = meeting.run();
      if (lived) REQUIRE(meeting.both_idle());
      moved = {meeting.moved(0), meeting.moved(1)};
      const auto sent = meeting.session(0).stats().bundles_sent;
      confirmed_up = std::accumulate(sent.begin(), sent.end(), std::uint64_t{0});
    }
    victim.store.fail_from_commit(0);
    victim.reopen();  // the machine lives: what was written stays written
    victim.digest();  // as a node does when it starts
    check_sound(victim);
    std::uint64_t held = 0;
    for (const BundleId& id : all.up) held += hub.holding(id) == east.holding(id) ? 1U : 0U;
    CHECK(held >= confirmed_up);
    Meeting again{east, hub};
    again.run();
    REQUIRE(again.both_idle());
    check_arrived(east, hub, all);
    check_sound(east);
    check_sound(hub);
    if (!lived) {
      for (const std::size_t side : {0U, 1U}) {
        moved[side] += again.moved(static_cast<int>(side));
        // Killed in the middle of a frame's bundles: at most that frame again, and what it costs to meet.
        CHECK(moved[side] <= unhurt[side] + kHandshakeAgain + 2 * kHeaderAgain + kFrame);
      }
    }
    if (lived) {
      CHECK(n > (hub_dies ? 8U : 3U));
      break;
    }
  }
}
