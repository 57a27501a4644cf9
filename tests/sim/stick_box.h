#pragma once

#include "tests/sim/world.h"

namespace satchel::tests {

/// USB sticks that people carry from machine to machine, with the program's own reading and writing on a disk in memory.
class StickBox {
 public:
  explicit StickBox(World& world);
  void begin();
  /// From now on the sticks are good, and somebody makes the round between the hub and those who have nothing else.
  void end_of_trouble();

 private:
  struct Stick {
    std::unique_ptr<MemoryDisk> disk;
    std::optional<MemoryDisk> copy;  ///< of an earlier day
    std::size_t where = 0;
  };
  void carry();
  void visit(Stick& stick, std::size_t index);
  void read(Stick& stick, std::size_t index);
  void write(Stick& stick, std::size_t index);
  void harm(Stick& stick);
  void round();
  std::unique_ptr<MemoryDisk> fresh();

  World& world_;
  bool trouble_ = true;
  std::vector<Stick> sticks_;
  std::vector<std::size_t> to_visit_;
};

}  // namespace satchel::tests
