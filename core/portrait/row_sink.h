#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// Collects a picture's rows from the top, averaging `factor` × `factor` blocks while they come, so that memory follows the small
/// result and not the large source. Blocks at the right and bottom edge may be smaller.
class RowSink {
 public:
  RowSink(int width, int height, int factor);
  /// One row of `width` BGR pixels. Rows after the last are ignored.
  void push(const std::uint8_t* bgr);
  /// The picture; call once, after all rows.
  Picture take();

 private:
  void flush();
  int width_;
  int height_;
  int factor_;
  int rows_in_block_ = 0;
  int rows_seen_ = 0;
  std::size_t next_ = 0;  ///< where the next output row starts in out_.bgr
  std::vector<std::uint32_t> sums_;
  Picture out_;
};

/// The smallest whole factor that brings the longer side to `max_side` or below; 1 when max_side is 0.
int reduce_factor(int width, int height, int max_side) noexcept;

}  // namespace satchel::core::portrait
