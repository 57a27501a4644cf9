#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace satchel::core {

/// Milliseconds since the Unix epoch by this machine's wall clock, which may be wrong by any amount: shown to people, never
/// a reason to accept or to refuse anything.
struct WallMs {
  std::int64_t value = 0;
  auto operator<=>(const WallMs&) const = default;
};

/// Milliseconds of a clock that never goes back while the machine is up; comparable only within one boot.
struct MonoMs {
  std::int64_t value = 0;
  auto operator<=>(const MonoMs&) const = default;
  friend MonoMs operator+(MonoMs t, std::int64_t ms) { return {t.value + ms}; }
  friend std::int64_t operator-(MonoMs a, MonoMs b) { return a.value - b.value; }
};

/// The same clock in microseconds, for what must be spaced more finely: a packet on a fast line takes less than a millisecond.
struct MonoUs {
  std::int64_t value = 0;
  auto operator<=>(const MonoUs&) const = default;
  friend MonoUs operator+(MonoUs t, std::int64_t us) { return {t.value + us}; }
  friend std::int64_t operator-(MonoUs a, MonoUs b) { return a.value - b.value; }
};

/// A moment as one node saw it. The triple lets the hub correct a wrong wall clock: within one boot id, monotonic differences
/// are true.
struct Moment {
  std::uint64_t boot_id = 0;  ///< random per boot; 0 is "unknown"
  MonoMs mono;
  WallMs wall;
  auto operator<=>(const Moment&) const = default;
};

/// The only source of time. Built in main (SystemClock) or by a simulator; core and protocol never ask the system.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallMs wall() const = 0;
  virtual MonoMs mono() const = 0;
  /// As mono(), as finely as the clock goes.
  virtual MonoUs mono_us() const { return {mono().value * 1000}; }
  virtual std::uint64_t boot_id() const = 0;
  Moment moment() const { return {boot_id(), mono(), wall()}; }
};

/// "2026-06-16T08:00:05Z" of a wall time (ISO 8601, UTC, whole seconds). For people and JSON.
std::string to_iso8601(WallMs wall);

}  // namespace satchel::core
