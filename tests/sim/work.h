#pragma once

#include "tests/sim/world.h"

namespace satchel::tests {

/// What people do: they take pictures and submit them, review, list students, lose their trust in a site.
class Work {
 public:
  explicit Work(World& world) : world_(world) {}
  /// Until end().
  void begin();
  void end();

 private:
  void submit();
  void review();
  void enlist();
  void revoke();
  core::StudentRef fresh_student() { return core::StudentRef{++students_ * 7919}; }

  World& world_;
  bool going_ = true;
  std::uint64_t students_ = 0;
};

}  // namespace satchel::tests
