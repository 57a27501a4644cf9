#pragma once

#include <string>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "core/portrait/likeness.h"

namespace satchel::node {

/// The environment variable that names the recogniser's file, for every command that judges pictures.
inline constexpr const char* kRecogniserVariable = "SATCHEL_RECOGNISER";

/// The file and the scale that lies beside it as PATH.scale.json. An empty path: no model. kRecogniserUncalibrated when there is
/// no scale, or it was measured with another file; errors of Disk::read with the path; kFileTooLarge for what cannot be one.
core::Result<core::portrait::RecogniserFile> read_recogniser(const core::Disk& disk, const std::string& path);
/// Only the model, for measuring its scale.
core::Result<core::portrait::ModelFile> read_recogniser_model(const core::Disk& disk, const std::string& path);
/// Writes the scale beside the model, and gives its path. Whole or not at all.
core::Result<std::string> write_scale(core::Disk& disk, const core::portrait::ModelFile& model,
                                      const core::portrait::RecogniserScale& scale);

}  // namespace satchel::node
