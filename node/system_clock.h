#pragma once

#include "core/base/time.h"

namespace satchel::node {

/// The machine's clocks: CLOCK_REALTIME, CLOCK_BOOTTIME (goes on while the machine sleeps) and the kernel's boot id.
class SystemClock final : public core::Clock {
 public:
  SystemClock();
  core::WallMs wall() const override;
  core::MonoMs mono() const override;
  core::MonoUs mono_us() const override;
  std::uint64_t boot_id() const override { return boot_id_; }

 private:
  std::uint64_t boot_id_ = 0;
};

}  // namespace satchel::node
