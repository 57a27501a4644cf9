#include "core/portrait/mat.h"

#include <cstring>

#include "core/base/check.h"

namespace satchel::core::portrait {

bool well_formed(const Picture& picture) noexcept {
  return picture.width > 0 && picture.height > 0 &&
         picture.bgr.size() == static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3;
}

cv::Mat view(const Picture& picture) {
  SATCHEL_CHECK(well_formed(picture));
  // cv::Mat knows no const; every user of the view only reads.
  return cv::Mat(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.bgr.data()));
}

Picture to_picture(const cv::Mat& bgr) {
  SATCHEL_CHECK(bgr.type() == CV_8UC3);
  Picture out;
  out.width = out.source_width = bgr.cols;
  out.height = out.source_height = bgr.rows;
  const std::size_t row = static_cast<std::size_t>(bgr.cols) * 3;
  out.bgr.resize(row * static_cast<std::size_t>(bgr.rows));
  for (int y = 0; y < bgr.rows; ++y) std::memcpy(out.bgr.data() + row * static_cast<std::size_t>(y), bgr.ptr(y), row);
  return out;
}

}  // namespace satchel::core::portrait
