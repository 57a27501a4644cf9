#include "tests/sim/world.h"

#include <algorithm>
#include <numeric>

#include "core/crypto/hash.h"
#include "tests/sim/amnesiac.h"
#include "tests/sim/log_name.h"
#include "tests/sim/planted.h"

namespace satchel::tests {

namespace {

constexpr std::size_t kLastEvents = 40;
/// As the program: what arrives within this time is opened in one step.
constexpr std::int64_t kDigestUs = 10 * kMs;
constexpr std::int64_t kRetryUs = 10 * kSecond;

std::vector<core::Role> roles_of(const Plan& plan) {
  std::vector<core::Role> out;
  for (const NodePlan& node : plan.nodes) out.push_back(node.role);
  return out;
}

}  // namespace

World::World(const Plan& plan, Mutation mutation)
    : plan_(plan), mutation_(mutation), rng_(plan.seed * 2 + 2), cast_(plan.seed, roles_of(plan)) {
  for (std::size_t i = 0; i < plan_.nodes.size(); ++i) {
    add_station(i, plan_.nodes[i]);
    Machine& one = machine(i);
    std::vector<core::Member> known = cast_.members;
    if (has(Fault::strangers) && i != 0) known = {cast_.members.front(), cast_.members[i]};
    SATCHEL_CHECK(one.enrol(known).has_value());
    if (plan_.nodes[i].conduct == Conduct::forgets) stations_[i].empty = one.image();
  }
  for (const LinePlan& line : plan_.lines) add_line(line);
}

World::~World() { meetings_.clear(); }

void World::add_station(std::size_t number, const NodePlan& plan) {
  Station station;
  station.machine = std::make_unique<Machine>(events, cast_, number, rng_.u64());
  station.plan = plan;
  station.planted = plant(mutation_, *station.machine);
  if (station.planted) station.machine->put_before_store(*station.planted);
  if (plan.conduct == Conduct::lies) station.loot = std::make_unique<Loot>();
  station.machine->heals = mutation_ != Mutation::reuses_numbers;
  if (mutation_ == Mutation::relay_reads && plan.role == core::Role::relay)
    station.machine->stolen = cast_.identities.front().clone().box;
  oracles.watch({station.machine.get(), plan.conduct, false});
  model.disks.emplace_back();
  stations_.push_back(std::move(station));
}

void World::add_line(const LinePlan& line) {
  LineState state;
  state.plan = line;
  state.plan.meddled |= mutation_ == Mutation::breaks_frames;
  const auto mule = [&](std::size_t node) { return node < plan_.nodes.size() && plan_.nodes[node].mule; };
  state.here = !mule(line.from) && !mule(line.to);
  lines_.push_back(state);
  meetings_.emplace_back();
  if (line.to == 0) oracles.meets_hub(line.from);
  const std::size_t which = lines_.size() - 1;
  events.after(static_cast<std::int64_t>(chance(5'000)) * kMs, [this, which] { dial(which); });
}

// --- machines

void World::leave_meetings(std::size_t index) {
  for (std::size_t line = 0; line < meetings_.size(); ++line) {
    if (!meetings_[line]) continue;
    bool left = false;
    for (std::size_t at = 0; at < 2; ++at) {
      MeetingEnd& end = meetings_[line]->ends[at];
      if (end.machine != index || end.gone()) continue;
      meetings_[line]->lose(at, chance(2) == 0);
      left = true;
    }
    if (left) schedule(line);
  }
}

void World::power_cut(std::size_t index) {
  Station& station = stations_[index];
  if (!station.powered) return;
  note(machine(index).name() + " loses power");
  mishap();
  leave_meetings(index);
  machine(index).power_cut();
  station.powered = false;
}

void World::shut_down(std::size_t index) {
  if (!stations_[index].powered) return;
  note(machine(index).name() + " is shut down");
  mishap();
  leave_meetings(index);
  machine(index).stop();
  machine(index).store.crash(machine(index).store.unsynced());
  stations_[index].powered = false;
}

void World::power_on(std::size_t index) {
  Station& station = stations_[index];
  if (station.powered && runs(index)) return;
  station.powered = true;
  const auto started = machine(index).start();
  if (!started) {
    note(machine(index).name() + " cannot start: " + std::string{core::info(started.error().code).id});
    if (station.disk_trouble == 0)
      oracles.fault(Oracles::Kind::broken, machine(index).name() + " cannot start: " +
                                               std::string{core::info(started.error().code).id} + " " + started.error().detail);
    events.after(kRetryUs, [this, index] {
      if (stations_[index].powered && !runs(index)) power_on(index);
    });
    return;
  }
  note(machine(index).name() + " is back");
  oracles.check_after_crash(index);
  digest_soon(index);
}

void World::digest_soon(std::size_t index) {
  Station& station = stations_[index];
  if (station.digest_due) return;
  station.digest_due = true;
  events.after(kDigestUs, [this, index] { digest(index); });
}

void World::digest(std::size_t index) {
  Station& station = stations_[index];
  station.digest_due = false;
  if (!runs(index)) return;
  const auto digested = machine(index).digest();
  oracles.check(index);
  if (!digested) {
    note(machine(index).name() + " cannot open what came: " + std::string{core::info(digested.error().code).id});
    if (station.disk_trouble == 0)
      oracles.fault(Oracles::Kind::broken, machine(index).name() + " cannot open what came: " +
                                               std::string{core::info(digested.error().code).id} + " " + digested.error().detail);
    events.after(kRetryUs, [this, index] { digest_soon(index); });
    return;
  }
  if (mutation_ == Mutation::forgets_frontier && index != 0) leave_meetings(index);
  constexpr std::uint64_t kLosesOneIn = 8;
  const bool loses = mutation_ == Mutation::loses_records && index == 0 && rng_.below(kLosesOneIn) == 0;
  if (loses) leave_meetings(index);
  if (loses ? lose_records(machine(index)) : misbehave(mutation_, machine(index), rng_)) oracles.check(index);
  shelf_changed(index);
}

void World::shelf_changed(std::size_t index) {
  for (std::size_t line = 0; line < meetings_.size(); ++line) {
    if (!meetings_[line]) continue;
    for (MeetingEnd& end : meetings_[line]->ends) {
      if (end.machine != index || end.gone() || !end.talker->session()) continue;
      end.talker->session()->shelf_changed(machine(index).clock.mono());
      run_meeting(line);
      if (!meetings_[line]) break;
    }
  }
}

/// Takes everything, says so, and has it no more.
void World::forget(std::size_t index) {
  if (!stations_[index].empty || !runs(index)) return;
  ++mishaps_;  // what it took comes again
  leave_meetings(index);
  machine(index).stop();
  machine(index).put_back(*stations_[index].empty, true);
  power_on(index);
}

std::size_t World::clone(std::size_t index) {
  const std::size_t number = machine(index).member.number.value;
  NodePlan plan = stations_[index].plan;
  plan.by_stick_only = false;
  add_station(number, plan);
  const std::size_t fresh = stations_.size() - 1;
  machine(fresh).put_back(machine(index).image(), true);
  model.disks[fresh] = model.disks[index];
  model.copied.insert(machine(index).member.number);
  note(machine(index).name() + "'s disk is cloned");
  power_on(fresh);
  LinePlan line = lines_.empty() ? LinePlan{0, 0, 64'000, 50 * kMs} : lines_[chance(lines_.size())].plan;
  line.from = fresh;
  line.to = 0;
  add_line(line);
  return fresh;
}

// --- lines

void World::weather_changed(std::size_t line) {
  if (meetings_[line]) {
    meetings_[line]->weather_changed();
    run_meeting(line);
  }
}

void World::cut(std::size_t line, std::size_t at) {
  if (!meetings_[line]) return;
  note("line " + std::to_string(line) + " is cut");
  mishap();
  meetings_[line]->cut(at);
  run_meeting(line);
}

void World::calm() {
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    LinePlan& plan = lines_[line].plan;
    plan.bits_per_second = std::max<std::uint64_t>(plan.bits_per_second, 256'000);
    plan.meddled = false;
    lines_[line].downs = {};
    lines_[line].clogged = {};
    weather_changed(line);
  }
}

std::unique_ptr<Talker> World::talker(std::size_t index, std::size_t other, bool calls) {
  Machine& one = machine(index);
  const auto whom = chance(4) == 0 ? std::nullopt : std::optional{machine(other).member};
  if (stations_[index].plan.conduct == Conduct::lies)
    return std::make_unique<Adversary>(one, *stations_[index].loot, whom, calls, rng_.u64());
  if (mutation_ == Mutation::sends_again && chance(2) == 0) return std::make_unique<AmnesiacTalker>(one, whom, calls);
  auto setup = one.session_setup();
  if (!setup) return nullptr;
  const core::MonoMs now = one.clock.mono();
  return std::make_unique<HonestTalker>(calls ? protocol::Session::caller(*std::move(setup), whom, now)
                                              : protocol::Session::answerer(*std::move(setup), now));
}

void World::dial(std::size_t which) {
  events.after((5'000 + static_cast<std::int64_t>(chance(40'000))) * kMs, [this, which] { dial(which); });
  const LineState& line = lines_[which];
  if (meetings_[which] && !meetings_[which]->ends[0].gone()) return;
  if (meetings_[which]) {
    // The caller has gone; what the other side still holds of that stream ends there.
    meetings_[which]->lose(1, false);
    wire_bytes_ += meetings_[which]->wire_bytes();
    meetings_[which].reset();
  }
  const std::size_t from = line.plan.from, to = line.plan.to;
  if (!runs(from) || !runs(to) || !line.up(0) || !line.up(1)) return;
  std::array<MeetingEnd, 2> ends;
  ends[0].machine = from;
  ends[1].machine = to;
  ends[0].talker = talker(from, to, true);
  ends[1].talker = talker(to, from, false);
  if (!ends[0].talker || !ends[1].talker) return;
  ++meetings_held_;
  count("meetings");
  note(machine(from).name() + " calls " + machine(to).name());
  meetings_[which] = line.plan.datagrams ? datagram_meeting(*this, events, lines_[which], rng_, std::move(ends))
                                         : stream_meeting(*this, events, lines_[which], rng_, std::move(ends));
  meetings_[which]->line_index = which;
  run_meeting(which);
}

void World::run_meeting(std::size_t which) {
  if (!meetings_[which]) return;
  meetings_[which]->run();
  schedule(which);
}

void World::schedule(std::size_t which) {
  Meeting& meeting = *meetings_[which];
  const auto next = meeting.next_at();
  if (!next || (meeting.scheduled && *meeting.scheduled <= *next && *meeting.scheduled > events.now())) return;
  meeting.scheduled = *next;
  const Meeting* same = &meeting;
  events.at(*next, [this, which, same, at = *next] {
    Meeting* present = meetings_[which].get();
    if (present != same || present->scheduled != at) return;
    present->scheduled.reset();
    run_meeting(which);
  });
}

void World::arrived(Meeting& meeting, std::size_t at, core::ByteView bytes) {
  note(machine(meeting.ends[at].machine).name() + " gets " + std::to_string(bytes.size()) + " from " +
       machine(meeting.ends[1 - at].machine).name() + " " + core::hash(bytes).hex().substr(0, 8));
}

void World::changed(Meeting& meeting, std::size_t at) {
  MeetingEnd& end = meeting.ends[at];
  protocol::Session* session = end.talker->session();
  if (session == nullptr) return;
  const protocol::SessionStats stats = session->stats();
  const std::uint64_t taken =
      std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), stats.receipts_received);
  const std::uint64_t shown = machine(end.machine).shelf->beyond_news();
  if (std::exchange(end.shown, shown) != shown) digest_soon(end.machine);
  if (taken == end.seen) return;
  count("transfers", taken - end.seen);
  end.seen = taken;
  oracles.check(end.machine);
  if (machine(end.machine).all_synced()) oracles.promised(end.machine);
  digest_soon(end.machine);
}

bool World::tolerated(const Meeting& meeting, std::size_t at) const {
  for (const MeetingEnd& end : meeting.ends) {
    const Station& station = stations_[end.machine];
    if (station.plan.conduct != Conduct::honest || station.disk_trouble > 0 || !trusted(end.machine)) return true;
  }
  const bool disturbed = meeting.disturbed && mutation_ != Mutation::breaks_frames;
  return disturbed || meeting.ends[1 - at].gave_up;
}

void World::ended(Meeting& meeting, std::size_t at, const std::optional<core::Error>& why) {
  const std::size_t index = meeting.ends[at].machine;
  note(machine(index).name() + " ends a meeting" + (why ? " " + std::string{core::info(why->code).id} : ""));
  if (protocol::Session* session = meeting.ends[at].talker->session()) {
    for (const protocol::RefusedBundle& each : session->stats().refused_list) {
      note(std::string{each.by_peer ? "  it was refused " : "  it refused "} + std::to_string(each.id.seq.value) + " of the " +
           name_of(each.id.log) + ": " + std::string{core::info(each.code).id});
    }
  }
  if (why) mishap();
  if (why) oracles.session_failed(index, *why, tolerated(meeting, at));
  if (chance(4) == 0) oracles.check_shown(index);
  if (chance(4) == 0) oracles.check_closed(index);
  digest_soon(index);
  if (stations_[index].empty) events.after(kMs, [this, index] { forget(index); });
}

// --- what is seen

void World::note(const std::string& event) {
  std::string what = std::to_string(events.now().value);
  what += ' ';
  what += event;
  trace_ = core::Hasher{}.add(trace_.view()).add(core::as_bytes(what)).finish();
  last_.push_back(std::move(what));
  if (last_.size() > kLastEvents) last_.pop_front();
}

Oracles::Traffic World::traffic() const {
  Oracles::Traffic out{wire_bytes_, meetings_held_, mishaps_, 0};
  for (const auto& meeting : meetings_) {
    if (meeting) out.wire_bytes += meeting->wire_bytes();
  }
  return out;
}

void every(World& world, std::int64_t mean_us, const std::function<bool()>& going, const std::function<void()>& what) {
  const auto wait = 1 + static_cast<std::int64_t>(world.chance(static_cast<std::uint64_t>(2 * mean_us)));
  world.events.after(wait, [&world, mean_us, going, what] {
    if (!going()) return;
    what();
    every(world, mean_us, going, what);
  });
}

}  // namespace satchel::tests
