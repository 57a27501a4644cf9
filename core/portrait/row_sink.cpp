#include "core/portrait/row_sink.h"

#include <algorithm>
#include <cstring>

namespace satchel::core::portrait {

int reduce_factor(int width, int height, int max_side) noexcept {
  const int longer = std::max(width, height);
  return max_side <= 0 || longer <= max_side ? 1 : (longer + max_side - 1) / max_side;
}

RowSink::RowSink(int width, int height, int factor) : width_(width), height_(height), factor_(factor) {
  out_.width = (width + factor - 1) / factor;
  out_.height = (height + factor - 1) / factor;
  out_.source_width = width;
  out_.source_height = height;
  out_.bgr.resize(static_cast<std::size_t>(out_.width) * static_cast<std::size_t>(out_.height) * 3);
  if (factor > 1) sums_.assign(static_cast<std::size_t>(out_.width) * 3, 0);
}

void RowSink::push(const std::uint8_t* bgr) {
  if (rows_seen_ == height_) return;
  ++rows_seen_;
  if (factor_ == 1) {
    const std::size_t bytes = static_cast<std::size_t>(width_) * 3;
    std::memcpy(out_.bgr.data() + next_, bgr, bytes);
    next_ += bytes;
    return;
  }
  for (int x = 0; x < width_; ++x) {
    std::uint32_t* sum = sums_.data() + static_cast<std::size_t>(x / factor_) * 3;
    const std::uint8_t* pixel = bgr + static_cast<std::size_t>(x) * 3;
    for (int c = 0; c < 3; ++c) sum[c] += pixel[c];
  }
  if (++rows_in_block_ == factor_ || rows_seen_ == height_) flush();
}

void RowSink::flush() {
  for (int x = 0; x < out_.width; ++x) {
    const int columns = std::min(factor_, width_ - x * factor_);
    const auto count = static_cast<std::uint32_t>(columns * rows_in_block_);
    for (int c = 0; c < 3; ++c) {
      std::uint32_t& sum = sums_[static_cast<std::size_t>(x) * 3 + static_cast<std::size_t>(c)];
      out_.bgr[next_++] = static_cast<std::uint8_t>((sum + count / 2) / count);
      sum = 0;
    }
  }
  rows_in_block_ = 0;
}

Picture RowSink::take() { return std::move(out_); }

}  // namespace satchel::core::portrait
