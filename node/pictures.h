#pragma once

#include <string>

#include "core/base/disk.h"
#include "core/code/qr.h"
#include "core/portrait/decode.h"

namespace satchel::node {

/// No picture file is read beyond this: a camera's largest original has some 40 MB, and one bundle (kCiphertextMax) must hold it.
inline constexpr std::uint64_t kPictureFileMax = 44ULL * 1024 * 1024;

/// The bytes of a picture file; kFileEmpty besides what Disk::read says.
core::Result<core::Bytes> read_picture_file(const core::Disk& disk, const std::string& path);
/// Luma (ITU-R BT.601) of a picture, for the QR reader.
core::GrayImage to_gray(const core::portrait::Picture& picture);

}  // namespace satchel::node
