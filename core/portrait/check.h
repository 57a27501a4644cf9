#pragma once

#include <memory>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// Where Debian's opencv-data puts the detectors.
inline constexpr const char* kCascadeFolder = "/usr/share/opencv4/haarcascades";

struct Detectors;  ///< face_finder.h, private to this folder

/// Judges portraits. The same pixels, limits and build give the same verdict and numbers, whatever came before. Costly to
/// load (tens of milliseconds): keep one. Not for two threads at a time: give each thread its own.
class Judge {
 public:
  /// Reads the face and eye detectors. kDetectorMissing, with the file's name, when one is not there or cannot be read.
  static Result<std::unique_ptr<Judge>> load(const std::string& cascade_folder = kCascadeFolder);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// Every picture gets a verdict, a 1×1 one too.
  Verdict check(const Picture& picture, const Limits& limits = {});
  /// Decodes (kDecodeToJudge), then checks. Errors are those of decode().
  Result<Verdict> check_file(ByteView file, const Limits& limits = {});

 private:
  explicit Judge(std::unique_ptr<Detectors> detectors);
  std::unique_ptr<Detectors> detectors_;
};

}  // namespace satchel::core::portrait
