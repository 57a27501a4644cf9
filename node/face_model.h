#pragma once

#include <string>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "core/portrait/check.h"

namespace satchel::node {

/// The environment variable that names the face model's file, for every command that judges pictures.
inline constexpr const char* kFaceModelVariable = "SATCHEL_FACE_MODEL";

/// A model's file of at most `most` bytes; none for an empty path. Errors of Disk::read with the path, and kFileTooLarge.
core::Result<core::portrait::ModelFile> read_model(const core::Disk& disk, const std::string& path, std::uint64_t most);
/// The file's bytes, for Judge::load to compare with the models that it knows. An empty path: no model. Errors of Disk::read with
/// the path, and kFileTooLarge for what cannot be one.
core::Result<core::portrait::ModelFile> read_face_model(const core::Disk& disk, const std::string& path);

}  // namespace satchel::node
