#include "node/dialling.h"

#include <algorithm>

namespace satchel::node {

using core::MonoMs;

namespace {

constexpr std::array kBoth{Carrier::datagrams, Carrier::tcp};

/// How long the first carrier is alone: three questions by datagram over a line of which nothing is known, or so many round
/// trips.
constexpr std::int64_t kPatienceMs = 3'000;
constexpr std::int64_t kPatienceMsLeast = 2'000;
constexpr std::int64_t kPatienceMsMost = 6'000;
constexpr std::int64_t kPatienceRoundTrips = 6;
/// Who has answered may take so long to say who it is, before the other carrier is tried as well: a greeting with its urgent
/// records takes 6 s at 20 kbit/s.
constexpr std::int64_t kProofMs = 15'000;
/// A place that gives no sign for so long is given up: a satellite line needs under 2 s, three lost SYNs cost 7 s.
constexpr std::int64_t kAnswerMs = 15'000;
/// The same when the other carrier was refused, which is a sign of a kind.
constexpr std::int64_t kAnswerAloneMs = 5'000;
/// TCP that stands still so long is asleep: its pauses double, and it would go on sleeping when the line is back.
constexpr std::int64_t kStillMs = 3'000;
/// A stream of datagrams wakes by itself; but in another network datagrams may not pass.
constexpr std::int64_t kAwayMs = 20'000;
/// Connections that only test whether the line is back: how long one may take, and the pause between two.
constexpr std::int64_t kTestDialMs = 3'500;
constexpr std::int64_t kTestPauseMs = 500;

Carrier other(Carrier by) { return by == Carrier::tcp ? Carrier::datagrams : Carrier::tcp; }

}  // namespace

Dialling::Dialling(CarrierChoice choice, const Known& known, MonoMs now)
    : choice_(choice), known_(known), first_(Carrier::datagrams), begun_(now) {
  const bool by_memory = known.worked == Carrier::tcp && known.tcp_meetings < kTcpMeetings;
  if (choice == CarrierChoice::tcp || (choice == CarrierChoice::automatic && by_memory)) first_ = Carrier::tcp;
}

bool Dialling::allowed(Carrier by) const {
  return choice_ == CarrierChoice::automatic || (choice_ == CarrierChoice::tcp) == (by == Carrier::tcp);
}

std::int64_t Dialling::patience_ms() const {
  if (known_.round_trip_us <= 0) return kPatienceMs;
  return std::clamp(kPatienceRoundTrips * known_.round_trip_us / 1000, kPatienceMsLeast, kPatienceMsMost);
}

std::int64_t Dialling::dial_ms() const { return standing_ ? kTestDialMs : kAnswerMs; }

bool Dialling::challenges(Carrier by) const {
  if (!standing_ || !allowed(by)) return false;
  if (*standing_ == Carrier::tcp) return still_ms_ >= kStillMs;
  return by == Carrier::tcp && still_ms_ >= kAwayMs;
}

std::optional<MonoMs> Dialling::turn(Carrier by) const {
  const Leg& mine = leg(by);
  if (!allowed(by) || mine.under_way()) return std::nullopt;
  if (standing_) {
    if (!challenges(by)) return std::nullopt;
    return mine.stage == Stage::failed ? mine.since + kTestPauseMs : begun_;
  }
  if (mine.stage == Stage::failed) return std::nullopt;
  if (by == first_) return begun_;
  const Leg& before = leg(first_);
  switch (before.stage) {
    case Stage::failed: return before.since;
    case Stage::answered:
    case Stage::linked: return before.since + kProofMs;
    default: return begun_ + patience_ms();
  }
}

/// A connection waits while datagrams have been answered: their greeting is under way, and one is enough.
std::optional<MonoMs> Dialling::link_turn() const {
  const Leg& tcp = leg(Carrier::tcp);
  if (tcp.stage != Stage::answered) return std::nullopt;
  const Leg& call = leg(Carrier::datagrams);
  if (standing_ || call.stage != Stage::answered) return tcp.since;
  return std::max(tcp.since, call.since + kProofMs);
}

/// Nobody has answered, nor has the time of anybody's answer come; nullopt while somebody is at work on it.
std::optional<MonoMs> Dialling::end_of_tries() const {
  if (standing_) return std::nullopt;
  MonoMs end = begun_;
  for (const Carrier by : kBoth) {
    if (!allowed(by)) continue;
    const Leg& mine = leg(by);
    if (mine.stage == Stage::answered || mine.stage == Stage::linked || mine.stage == Stage::idle) return std::nullopt;
    const bool alone = allowed(other(by)) && leg(other(by)).stage == Stage::failed;
    if (mine.stage == Stage::trying) end = std::max(end, mine.since + (alone ? kAnswerAloneMs : kAnswerMs));
  }
  return end;
}

std::optional<Dialling::Order> Dialling::drop_one() {
  if (!standing_) return std::nullopt;
  for (const Carrier by : kBoth) {
    if (challenges(by) || !leg(by).under_way()) continue;
    leg(by) = Leg{};
    return Order{Step::drop, by};
  }
  return std::nullopt;
}

std::optional<Dialling::Order> Dialling::next(MonoMs now) {
  if (const auto drop = drop_one()) return drop;
  for (const Carrier by : kBoth) {
    const auto due = turn(by);
    if (!due || now < *due) continue;
    leg(by) = Leg{Stage::trying, now};
    return Order{by == Carrier::tcp ? Step::dial : Step::call, by};
  }
  if (const auto due = link_turn(); due && now >= *due) {
    leg(Carrier::tcp) = Leg{Stage::linked, now};
    return Order{Step::link, Carrier::tcp};
  }
  if (const auto end = end_of_tries(); end && now >= *end) return Order{Step::give_up, first_};
  return std::nullopt;
}

std::optional<MonoMs> Dialling::deadline() const {
  std::optional<MonoMs> out;
  const auto no_later = [&out](const std::optional<MonoMs>& time) {
    if (time && (!out || *time < *out)) out = time;
  };
  for (const Carrier by : kBoth) no_later(turn(by));
  no_later(link_turn());
  no_later(end_of_tries());
  return out;
}

void Dialling::answered(Carrier by, MonoMs now) {
  if (leg(by).stage == Stage::trying) leg(by) = Leg{Stage::answered, now};
}

/// What else is under way is dropped by the next steps, since a fresh link does not stand still.
void Dialling::proven(Carrier by) {
  standing_ = by;
  still_ms_ = 0;
  leg(by) = Leg{};
}

void Dialling::failed(Carrier by, MonoMs now) {
  if (leg(by).under_way()) leg(by) = Leg{Stage::failed, now};
}

}  // namespace satchel::node
