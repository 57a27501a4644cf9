#include "tests/sim/weather.h"

namespace satchel::tests {

namespace {

constexpr std::int64_t kCenturyMs = 100LL * 365 * 24 * 3600 * 1000;

}  // namespace

void Weather::begin() {
  begin_lines();
  begin_machines();
  if (world_.has(Fault::mule)) mule_moves();
}

void Weather::begin_lines() {
  const auto going = [this] { return going_; };
  if (world_.lines().empty()) return;
  const auto any_line = [this]() -> std::size_t { return world_.chance(world_.lines().size()); };
  if (world_.has(Fault::cuts)) {
    every(world_, 12 * kSecond, going, [this, any_line] { world_.cut(any_line(), world_.chance(2)); });
  }
  if (world_.has(Fault::partitions)) every(world_, 60 * kSecond, going, [this] { partition(false); });
  if (world_.has(Fault::one_way)) every(world_, 60 * kSecond, going, [this] { partition(true); });
  if (world_.has(Fault::clogs)) every(world_, 60 * kSecond, going, [this] { clog(); });
}

void Weather::begin_machines() {
  const auto going = [this] { return going_; };
  if (world_.has(Fault::power)) {
    every(world_, 40 * kSecond, going, [this] {
      const std::size_t index = any_machine();
      world_.power_cut(index);
      off(index, static_cast<std::int64_t>(world_.chance(60)) * kSecond);
    });
  }
  if (world_.has(Fault::full_disks)) every(world_, 50 * kSecond, going, [this] { fill_disk(); });
  if (world_.has(Fault::sleeps) || world_.has(Fault::wrong_dates)) every(world_, 60 * kSecond, going, [this] { leap(); });
  if (world_.has(Fault::restores)) every(world_, 100 * kSecond, going, [this] { set_back(); });
  if (world_.has(Fault::hub_restore) || world_.has(Fault::hub_rollback)) {
    const auto first = world_.plan().trouble_us / 4 + static_cast<std::int64_t>(world_.chance(1'000)) * kMs;
    for (int i = 0; i < 2; ++i) world_.events.after(first * (1 + i), [this] { set_hub_back(); });
  }
  if (world_.has(Fault::clones)) {
    every(world_, 150 * kSecond, going, [this] {
      const std::size_t index = any_machine();
      const bool site = world_.machine(index).member.role == core::Role::site;
      if (site && world_.size() < 14 && world_.trusted(index)) world_.clone(index);
    });
  }
}

void Weather::end() {
  going_ = false;
  world_.calm();
  for (std::size_t i = 0; i < world_.size(); ++i) {
    Machine& one = world_.machine(i);
    one.store.fail_from_commit(0);
    one.disk.fail_from_write(0);
    one.free_disk = ~0ULL;
    if (!world_.runs(i)) world_.power_on(i);
  }
}

void Weather::off(std::size_t index, std::int64_t for_us) {
  world_.events.after(for_us, [this, index] { world_.power_on(index); });
}

void Weather::partition(bool one_way) {
  const std::size_t line = world_.chance(world_.lines().size());
  const std::size_t from = world_.chance(2);
  LineState& state = world_.lines()[line];
  world_.note("line " + std::to_string(line) + (one_way ? " is away one way" : " is away"));
  ++state.downs[from];
  if (!one_way) ++state.downs[1 - from];
  world_.mishap();
  world_.weather_changed(line);
  world_.events.after(static_cast<std::int64_t>(world_.chance(90)) * kSecond, [this, line, from, one_way] {
    LineState& back = world_.lines()[line];
    if (back.downs[from] > 0) --back.downs[from];
    if (!one_way && back.downs[1 - from] > 0) --back.downs[1 - from];
    world_.weather_changed(line);
  });
}

void Weather::clog() {
  const std::size_t line = world_.chance(world_.lines().size());
  const std::size_t from = world_.chance(2);
  world_.note("line " + std::to_string(line) + " clogs");
  ++world_.lines()[line].clogged[from];
  world_.mishap();
  world_.weather_changed(line);
  world_.events.after(static_cast<std::int64_t>(world_.chance(90)) * kSecond, [this, line, from] {
    LineState& back = world_.lines()[line];
    if (back.clogged[from] > 0) --back.clogged[from];
    world_.weather_changed(line);
  });
}

void Weather::fill_disk() {
  const std::size_t index = any_machine();
  World::Station& station = world_.station(index);
  Machine& one = world_.machine(index);
  if (station.disk_trouble > 0) return;
  ++station.disk_trouble;
  world_.mishap();
  switch (world_.chance(3)) {
    case 0: one.store.fail_from_commit(1 + world_.chance(20)); break;
    case 1: one.disk.fail_from_write(1 + world_.chance(5)); break;
    default: {
      one.free_disk = world_.chance(2) == 0 ? one.limits.own_free_bytes_min - 1 : one.limits.free_bytes_min - 1;
      one.was_short = true;
      if (one.running()) one.shelf->set_free_disk(one.free_disk);
    }
  }
  world_.note(one.name() + "'s disk is full");
  world_.events.after(static_cast<std::int64_t>(world_.chance(60)) * kSecond, [this, index] {
    Machine& again = world_.machine(index);
    again.store.fail_from_commit(0);
    again.disk.fail_from_write(0);
    again.free_disk = ~0ULL;
    if (again.running()) again.shelf->set_free_disk(again.free_disk);
    // A meeting that began before it may still end by it.
    world_.events.after(5 * kMinute, [this, index] { --world_.station(index).disk_trouble; });
  });
}

void Weather::leap() {
  const std::size_t index = any_machine();
  MachineClock& clock = world_.machine(index).clock;
  if (world_.has(Fault::sleeps)) clock.mono_off_us += static_cast<std::int64_t>(world_.chance(10'000)) * kSecond;
  if (world_.has(Fault::wrong_dates)) {
    clock.wall_off_ms = static_cast<std::int64_t>(world_.chance(2 * static_cast<std::uint64_t>(kCenturyMs))) - kCenturyMs;
  }
  world_.note(world_.machine(index).name() + "'s clock leaps");
}

/// A copy is made, and another time it comes back: the whole disk, or the database alone.
void Weather::set_back() {
  const std::size_t index = 1 + world_.chance(world_.size() - 1);
  if (!world_.honest(index)) return;
  const auto copy = copies_.find(index);
  if (copy == copies_.end() || world_.chance(3) == 0) {
    copies_.insert_or_assign(index, std::pair{world_.machine(index).image(), world_.model.disks[index]});
    world_.note(world_.machine(index).name() + "'s disk is copied");
    return;
  }
  put_back(index, copy->second.first, copy->second.second);
}

void Weather::set_hub_back() {
  const auto copy = copies_.find(0);
  if (copy == copies_.end()) {
    copies_.insert_or_assign(0, std::pair{world_.hub().image(), world_.model.disks.front()});
    return;
  }
  world_.model.hub_set_back = true;
  world_.model.proven.clear();
  put_back(0, copy->second.first, copy->second.second);
}

void Weather::put_back(std::size_t index, const DiskImage& image, const Model::Disk& held) {
  world_.shut_down(index);
  world_.station(index).powered = false;
  const bool whole = index == 0 ? world_.has(Fault::hub_rollback) : world_.chance(2) == 0;
  world_.machine(index).put_back(image, whole);
  if (index == 0) world_.model.hub_set_back_whole |= whole;
  world_.model.disks[index] = held;
  world_.model.copied.insert(world_.machine(index).member.number);
  world_.oracles.set_back(index);
  world_.note(world_.machine(index).name() + "'s " + (whole ? "disk" : "database") + " is set back");
  off(index, static_cast<std::int64_t>(world_.chance(20)) * kSecond);
}

/// A mule stands at one place at a time, also when all is calm.
void Weather::mule_moves() {
  std::vector<std::size_t> stops;
  for (std::size_t line = 0; line < world_.lines().size(); ++line) {
    const LinePlan& plan = world_.lines()[line].plan;
    const auto mule = [&](std::size_t node) { return world_.station(node).plan.mule; };
    if (mule(plan.from) || mule(plan.to)) stops.push_back(line);
  }
  if (stops.empty()) return;
  for (const std::size_t line : stops) {
    if (!world_.lines()[line].here) continue;
    world_.lines()[line].here = false;
    world_.weather_changed(line);
  }
  const std::size_t line = stops[mule_stop_++ % stops.size()];
  world_.lines()[line].here = true;
  world_.weather_changed(line);
  world_.note("the mule is at line " + std::to_string(line));
  world_.events.after(static_cast<std::int64_t>(50 + world_.chance(100)) * kSecond, [this] { mule_moves(); });
}

}  // namespace satchel::tests
