#pragma once

#include <memory>
#include <string>

#include "cli/program.h"
#include "core/portrait/check.h"
#include "core/portrait/crop.h"

namespace satchel::cli {

/// What commands that judge pictures without a node share.
struct PictureRules {
  core::portrait::Limits limits;
  core::portrait::StandardOptions standard;
};

/// Of a campaign profile; the defaults when `profile_path` is empty.
core::Result<PictureRules> picture_rules(const std::string& profile_path, const core::Disk& disk);

/// With the detectors of $SATCHEL_CASCADES, or where Debian puts them, and the face model in the file `face_model`, else in the
/// one that $SATCHEL_FACE_MODEL names, else none; likewise `recogniser` and $SATCHEL_RECOGNISER. A model that cannot be used is
/// an error, not silence.
core::Result<std::unique_ptr<core::portrait::Judge>> load_judge(const Machine& machine, const std::string& face_model = {},
                                                                const std::string& recogniser = {});
/// A file that an option or else the environment names; empty when neither does.
std::string named_file(const Machine& machine, const std::string& typed, const char* variable);
/// The face in a picture file, for comparing.
core::Result<std::optional<core::portrait::FaceFeatures>> face_in(const std::string& path, const core::Disk& disk,
                                                                  core::portrait::Judge& judge);

struct Judged {
  core::portrait::Picture picture;
  core::portrait::Verdict verdict;
};
/// Reads, decodes (kDecodeToJudge) and judges one file.
core::Result<Judged> judge_file(const std::string& path, const core::Disk& disk, core::portrait::Judge& judge,
                                const core::portrait::Limits& limits,
                                const std::optional<core::portrait::FaceFeatures>& admission = std::nullopt);
/// The value of `option`; kUsage for what is no whole number from `least` to `most`.
core::Result<int> whole_number(const std::string& text, std::string_view option, int least, int most);
/// Reads a picture file of at most 200 MB; kFileEmpty for one of no bytes.
core::Result<core::Bytes> read_image(const std::string& path, const core::Disk& disk);

}  // namespace satchel::cli
