#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string_view>

namespace satchel::core::portrait {

/// Words on a picture: FreeType with a font that fontconfig finds.
class Pen {
 public:
  /// Prefers a font that has Chinese; takes any other when there is none; nullptr when there is no font at all.
  static std::unique_ptr<Pen> find();
  ~Pen();
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  bool has_chinese() const noexcept;
  /// Writes UTF-8 `text` at `size_px`, broken into lines no wider than `width`, its top left corner at `at`. Returns the y below
  /// the last line. What does not fit on `picture` is cut off; measure only with an empty picture.
  int write(cv::Mat& picture, cv::Point at, int width, int size_px, const cv::Scalar& colour, std::string_view text);

 private:
  struct Face;
  explicit Pen(std::unique_ptr<Face> face);
  std::unique_ptr<Face> face_;
};

}  // namespace satchel::core::portrait
