#pragma once

#include "tests/sim/world.h"

namespace satchel::tests {

/// Bad luck: lines that break, power that fails, disks that fill up, clocks that leap, disks that are copied and set back.
class Weather {
 public:
  explicit Weather(World& world) : world_(world) {}
  /// Until end(): from then on everything is well, and machines that are off come back.
  void begin();
  void end();

 private:
  void begin_lines();
  void begin_machines();
  void partition(bool one_way);
  void clog();
  void fill_disk();
  void leap();
  void set_back();
  void set_hub_back();
  void put_back(std::size_t index, const DiskImage& image, const Model::Disk& held);
  void mule_moves();
  void off(std::size_t index, std::int64_t for_us);
  std::size_t any_machine() { return world_.chance(world_.size()); }

  World& world_;
  bool going_ = true;
  std::map<std::size_t, std::pair<DiskImage, Model::Disk>> copies_;
  std::size_t mule_stop_ = 0;
};

}  // namespace satchel::tests
