#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/portrait/picture.h"

namespace satchel::cli {

/// One frame from a stream of PPM pictures (netpbm P6, 8 bits, no comments), as satchel-camera writes them; nullopt at the end.
/// kImageDamaged for anything else; kImageTooLarge over 8192 pixels a side.
core::Result<std::optional<core::portrait::Picture>> read_ppm(std::FILE* in);

/// The helper program that knows cameras, running; its frames come from here. A program of its own, because OpenCV's camera
/// module brings a hundred libraries that would slow every start.
class CameraStream {
 public:
  /// Starts satchel-camera, which lies beside this program or on the PATH.
  static std::optional<CameraStream> open(int camera);
  core::Result<std::optional<core::portrait::Picture>> next() { return read_ppm(pipe_.get()); }
  /// Ends the helper; its exit code, 0 when it delivered until the end.
  int close();

 private:
  struct Close {
    void operator()(std::FILE* pipe) const;
  };
  explicit CameraStream(std::FILE* pipe) : pipe_(pipe) {}
  std::unique_ptr<std::FILE, Close> pipe_;
};

}  // namespace satchel::cli
