#pragma once

#include <opencv2/core.hpp>

#include "core/portrait/picture.h"

// The bridge to OpenCV, for this folder's .cpp files only.
namespace satchel::core::portrait {

/// True when the buffer fits the size: pictures may also be put together by hand.
bool well_formed(const Picture& picture) noexcept;

/// `picture` as a matrix that borrows its pixels; must be well_formed, must outlive the matrix, and must not be written through.
cv::Mat view(const Picture& picture);

/// A copy of an 8-bit BGR matrix; source size = its own size.
Picture to_picture(const cv::Mat& bgr);

}  // namespace satchel::core::portrait
