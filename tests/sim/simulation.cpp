#include "tests/sim/simulation.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "core/crypto/hash.h"

namespace satchel::tests {

using protocol::Session;

namespace {

constexpr std::size_t kHub = 0, kEast = 1, kWest = 2, kRelay = 3, kNodes = 4;
constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kTroubleMs = 12 * 60 * kSecond;
constexpr std::int64_t kCalmMs = 6 * 3600 * kSecond;
constexpr std::size_t kPacket = 1'400;
constexpr std::size_t kLastEvents = 40;

}  // namespace

Simulation::Simulation(std::uint64_t seed)
    : seed_(seed),
      rng_(seed * 2 + 1),
      campaign_(seed),
      oracles_(campaign_),
      clock_(kNodes),
      up_(kNodes, true),
      crashes_(chance(2) == 0),
      cuts_(chance(3) > 0),
      partitions_(chance(2) == 0),
      jumps_(chance(3) == 0),
      originals_(chance(2) == 0) {
  plan();
}

void Simulation::plan() {
  for (std::int64_t& clock : clock_) clock = static_cast<std::int64_t>(chance(1'000'000'000));
  const auto line = [&](std::size_t from, std::size_t to) {
    constexpr std::array<std::int64_t, 6> kRates{250, 2'500, 8'000, 16'000, 125'000, 1'250'000};
    lines_.push_back({kRates[chance(kRates.size())], static_cast<std::int64_t>(5 + chance(900)), true});
    dials_.push_back({from, to, lines_.size() - 1, nullptr});
  };
  line(kWest, kRelay);
  line(kRelay, kHub);
  line(kEast, kHub);
  if (chance(2) == 0) line(kEast, kRelay);
  if (chance(3) == 0) line(kWest, kEast);
  for (std::size_t i = 0; i < dials_.size(); ++i) {
    events_.after(static_cast<std::int64_t>(chance(5'000)), [this, i] { dial(i); });
  }
  every(20 * kSecond, [this] { write_something(); });
  const auto any_line = [this]() -> std::size_t { return chance(lines_.size()); };
  if (cuts_) {
    every(15 * kSecond, [this, any_line] {
      const Link link = dials_[any_line()].link;
      if (!link) return;
      note("cut");
      close(link, 0);
    });
  }
  if (partitions_) {
    every(90 * kSecond, [this, any_line] {
      const std::size_t which = any_line();
      lines_[which].up = false;
      note("line " + std::to_string(which) + " down");
      events_.after(static_cast<std::int64_t>(chance(60'000)), [this, which] { lines_[which].up = true; });
    });
  }
  if (crashes_) {
    every(60 * kSecond, [this] { crash(chance(kNodes)); });
  }
  if (jumps_) {
    every(120 * kSecond, [this] {  // a machine that slept
      const std::size_t which = chance(kNodes);
      clock_[which] += static_cast<std::int64_t>(chance(10'000'000));
      note(node(which).member.name + " slept");
    });
  }
}

/// At random moments, that far apart on average, until the trouble ends.
void Simulation::every(std::int64_t mean_ms, std::function<void()> what) {
  events_.after(1 + static_cast<std::int64_t>(chance(static_cast<std::uint64_t>(2 * mean_ms))), [this, mean_ms, what] {
    if (!trouble_) return;
    what();
    every(mean_ms, what);
  });
}

void Simulation::note(const std::string& event) {
  std::string what = std::to_string(events_.now());
  what += ' ';
  what += event;
  trace_ = core::Hasher{}.add(trace_.view()).add(core::as_bytes(what)).finish();
  last_.push_back(std::move(what));
  if (last_.size() > kLastEvents) last_.pop_front();
}

// --- work

void Simulation::write_something() {
  const std::size_t author = chance(3) == 0 ? kHub : chance(2) == 0 ? kEast : kWest;
  if (!up_[author]) return;
  constexpr std::array<std::uint64_t, 4> kSizes{300, 900, 40'000, 120'000};
  const std::size_t lane = chance(originals_ ? 4 : 3);
  core::Audience audience = core::kToHub;
  if (author == kHub) {
    const std::uint64_t whom = chance(5);
    audience = whom == 0 ? core::kEveryone
                         : core::Audience{whom < 3 ? node(kEast).member.number.value : node(kWest).member.number.value};
  }
  const auto id = node(author).write(core::kLanes[lane], 1 + chance(kSizes[lane]), audience);
  ++counts_["bundles"];
  note(node(author).member.name + " wrote in lane " + std::to_string(lane));
  oracles_.wrote(node(author), id);
  oracles_.check(node(author));
  digest(author);
}

/// What the node does when something has come in: opens it, and tells its sessions.
void Simulation::digest(std::size_t index) {
  node(index).digest();
  oracles_.check(node(index));
  for (const Dial& each : dials_) {
    if (!each.link) continue;
    for (std::size_t end = 0; end < 2; ++end) {
      End& ours = each.link->ends[end];
      if (ours.node != index || !ours.session || ours.gone) continue;
      ours.session->shelf_changed(mono(index));
      const Link link = each.link;
      transmit(link, end);
      arm(link, end);
    }
  }
}

void Simulation::crash(std::size_t index) {
  if (!up_[index]) return;
  ++counts_["crashes"];
  note(node(index).member.name + " loses power");
  for (Dial& each : dials_) {
    const Link link = each.link;
    if (!link) continue;
    for (std::size_t end = 0; end < 2; ++end) {
      if (link->ends[end].node != index) continue;
      link->ends[end].session.reset();
      link->ends[end].gone = true;
      // The other side hears of it at once, or has to find out by the silence.
      if (chance(2) == 0) end_stream(link, 1 - end);
    }
  }
  node(index).crash();
  up_[index] = false;
  oracles_.check_after_crash(node(index));
  events_.after(static_cast<std::int64_t>(chance(60'000)), [this, index] {
    up_[index] = true;
    note(node(index).member.name + " is back");
    digest(index);
  });
}

// --- lines

void Simulation::dial(std::size_t which) {
  Dial& call = dials_[which];
  events_.after(5'000 + static_cast<std::int64_t>(chance(40'000)), [this, which] { dial(which); });
  if (call.link && call.link->ends[0].gone && call.link->ends[1].gone) call.link.reset();
  if (call.link && call.link->ends[0].gone) {
    // A caller that has lost its stream calls anew; what the other side still holds of the old one ends there.
    end_stream(call.link, 1);
    call.link.reset();
  }
  if (call.link || !up_[call.from] || !up_[call.to] || !lines_[call.line].up) return;
  ++counts_["meetings"];
  note(node(call.from).member.name + " calls " + node(call.to).member.name);
  const Link link = std::make_shared<Connection>();
  link->line = call.line;
  const auto whom = chance(4) == 0 ? std::nullopt : std::optional{node(call.to).member};
  link->ends[0].node = call.from;
  link->ends[1].node = call.to;
  link->ends[0].session = std::make_unique<Session>(Session::caller(node(call.from).session_setup(), whom, mono(call.from)));
  link->ends[1].session = std::make_unique<Session>(Session::answerer(node(call.to).session_setup(), mono(call.to)));
  call.link = link;
  for (const std::size_t end : {0U, 1U}) {
    transmit(link, end);
    arm(link, end);
  }
}

void Simulation::transmit(const Link& link, std::size_t from) {
  End& end = link->ends[from];
  if (end.sending || end.gone || !end.session || end.session->pending().empty()) return;
  const Line& line = lines_[link->line];
  if (!line.up) {
    end.sending = true;
    events_.after(500, [this, link, from] {
      link->ends[from].sending = false;
      transmit(link, from);
    });
    return;
  }
  const core::ByteView pending = end.session->pending();
  const core::Bytes packet = core::to_bytes(pending.first(std::min(pending.size(), kPacket)));
  const auto size = static_cast<std::int64_t>(packet.size());
  end.sending = true;
  events_.after(std::max<std::int64_t>(1, size * 1'000 / line.rate), [this, link, from, packet] {
    End& sender = link->ends[from];
    sender.sending = false;
    if (sender.gone || !sender.session) return;
    counts_["bytes"] += static_cast<int>(packet.size());
    link->ends[1 - from].in_flight.push_back(packet);
    events_.after(lines_[link->line].delay_ms, [this, link, from] { deliver(link, 1 - from); });
    sender.session->sent(packet.size(), mono(sender.node));
    after_call(link, from, false);
  });
}

void Simulation::deliver(const Link& link, std::size_t to) {
  End& end = link->ends[to];
  if (end.gone || !end.session || end.in_flight.empty()) return;
  if (!lines_[link->line].up) {
    events_.after(500, [this, link, to] { deliver(link, to); });
    return;
  }
  const core::Bytes packet = std::move(end.in_flight.front());
  end.in_flight.pop_front();
  note(node(end.node).member.name + " gets " + std::to_string(packet.size()) + " from " +
       node(link->ends[1 - to].node).member.name + " " + core::hash(packet).hex().substr(0, 8));
  const auto received = end.session->receive(packet, mono(end.node));
  static_cast<void>(received);
  after_call(link, to, true);
}

void Simulation::after_call(const Link& link, std::size_t index, bool received) {
  End& end = link->ends[index];
  if (end.gone || !end.session) return;
  oracles_.check(node(end.node));
  if (end.session->failure()) {
    oracles_.session_failed(node(end.node), *end.session->failure());
    // The last words are delivered or not; here they are not, and the other side sees the stream end.
    close(link, index);
    return;
  }
  const protocol::SessionStats stats = end.session->stats();
  const std::uint64_t taken =
      std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), stats.receipts_received);
  if (received && taken != end.seen) {
    end.seen = taken;
    oracles_.promised(node(end.node));
    digest(end.node);
    if (end.gone) return;
  }
  if (index == 0 && end.session->idle()) {
    events_.after(3 * kSecond, [this, link] {
      End& caller = link->ends[0];
      if (!caller.gone && caller.session && caller.session->idle()) {
        note("done");
        close(link, 0);
      }
    });
  }
  transmit(link, index);
  arm(link, index);
}

void Simulation::arm(const Link& link, std::size_t index) {
  End& end = link->ends[index];
  if (end.gone || !end.session) return;
  const std::uint64_t timer = ++end.timer;
  const std::int64_t wait_ms = std::max<std::int64_t>(0, end.session->deadline() - mono(end.node));
  events_.after(wait_ms, [this, link, index, timer] {
    End& due = link->ends[index];
    if (due.gone || !due.session || due.timer != timer) return;
    note(node(due.node).member.name + " wakes");
    const auto woken = due.session->wake(mono(due.node));
    static_cast<void>(woken);
    after_call(link, index, false);
  });
}

void Simulation::close(const Link& link, std::size_t at) {
  End& end = link->ends[at];
  if (!end.gone) end_stream(link, at);
  events_.after(lines_[link->line].delay_ms, [this, link, at] { end_stream(link, 1 - at); });
}

void Simulation::end_stream(const Link& link, std::size_t index) {
  End& end = link->ends[index];
  if (end.gone) return;
  end.gone = true;
  if (!end.session) return;
  if (const auto ended = end.session->ended(); !ended) oracles_.session_failed(node(end.node), ended.error());
  end.session.reset();
}

// --- the run

void Simulation::end_of_trouble() {
  trouble_ = false;
  for (Line& line : lines_) {
    line.up = true;
    line.rate = std::max<std::int64_t>(line.rate, 16'000);
  }
}

void Simulation::run() {
  while (faults().empty() && events_.step(kTroubleMs)) {
  }
  end_of_trouble();
  const std::int64_t end = events_.now() + kCalmMs;
  for (std::int64_t at = events_.now(); at < end && faults().empty(); at += 20 * kSecond) {
    while (faults().empty() && events_.step(at)) {
    }
    if (std::ranges::all_of(up_, [](bool up) { return up; }) && oracles_.converged()) break;
  }
  if (faults().empty() && !oracles_.converged()) oracles_.fault("after hours of calm:\n" + oracles_.missing());
  if (faults().empty()) oracles_.check_bytes();
  note("end");
}

std::string Simulation::summary() const {
  std::ostringstream out;
  out << "SATCHEL_SIM_SEED=" << seed_ << (crashes_ ? " crashes" : "") << (cuts_ ? " cuts" : "")
      << (partitions_ ? " partitions" : "") << (jumps_ ? " clock-jumps" : "") << (originals_ ? " originals" : "");
  for (const auto& [what, count] : counts_) out << " " << what << "=" << count;
  out << " minutes=" << events_.now() / 60'000 << " trace=" << trace_.hex().substr(0, 16);
  return out.str();
}

std::string Simulation::last_events() const {
  std::string out;
  for (const std::string& each : last_) out += each + "\n";
  return out;
}

}  // namespace satchel::tests
