#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/likeness.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// Where Debian's opencv-data puts the detectors.
inline constexpr const char* kCascadeFolder = "/usr/share/opencv4/haarcascades";

struct Detectors;  ///< face_finder.h, private to this folder

/// What a file says about itself beside its pixels.
struct FileMarks {
  /// Name of a picture editor that says it wrote the file; empty when none does.
  std::string_view editor;
};

/// Looks for the editors that leave their name in EXIF, XMP or a Photoshop block of a JPEG, or in a PNG's text. Reads at most the
/// first megabyte; bytes of any kind are welcome.
FileMarks read_marks(ByteView file) noexcept;

/// After a ground was replaced: its old colour is no fault of the standard picture's any more. The finding on it becomes one that
/// passed, with its number, and the verdict and the score are those without it.
void forgive_ground_colour(Verdict& verdict);

/// Judges portraits. The same pixels, limits and build give the same verdict and numbers, whatever came before. Costly to
/// load (tens of milliseconds): keep one. Not for two threads at a time: give each thread its own.
class Judge {
 public:
  /// Reads the face and eye detectors. kDetectorMissing, with the file's name, when one is not there or cannot be read.
  /// With a model also kModelUnknown and kModelUnfit (face_model.h): the caller decides whether to go on without it.
  static Result<std::unique_ptr<Judge>> load(const std::string& cascade_folder = kCascadeFolder, const ModelFile& model = {});
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// Every picture gets a verdict, a 1×1 one too. `marks`: of the file from which the pixels came; without them the rule on
  /// editors cannot tell.
  /// `admission`: the face in the admission photo, by features() of this judge; without it that rule cannot tell.
  Verdict check(const Picture& picture, const Limits& limits = {}, const std::optional<FileMarks>& marks = std::nullopt,
                const std::optional<FaceFeatures>& admission = std::nullopt);
  bool has_model() const noexcept;

  /// From now on faces can be compared. Needs the face model, too. kModelUnfit, kRecogniserUncalibrated (recogniser.h);
  /// kNoFaceModel without one.
  Result<void> use_recogniser(const RecogniserFile& file);
  bool has_recogniser() const noexcept;
  /// The face of a picture, for comparing; nullopt when there is none, or no recogniser.
  std::optional<FaceFeatures> features(const Picture& picture);
  /// Decodes (kDecodeToJudge), then checks. Errors are those of decode().
  Result<Verdict> check_file(ByteView file, const Limits& limits = {});

 private:
  explicit Judge(std::unique_ptr<Detectors> detectors);
  std::unique_ptr<Detectors> detectors_;
};

}  // namespace satchel::core::portrait
