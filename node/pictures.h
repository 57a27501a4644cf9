#pragma once

#include <string>

#include "core/base/disk.h"
#include "core/code/issue.h"
#include "core/code/qr.h"
#include "core/crypto/membership.h"
#include "core/portrait/decode.h"

namespace satchel::node {

/// No picture file is read beyond this: a camera's largest original has some 40 MB, and one bundle (kCiphertextMax) must hold it.
inline constexpr std::uint64_t kPictureFileMax = 44ULL * 1024 * 1024;

/// The bytes of a picture file; kFileEmpty besides what Disk::read says.
core::Result<core::Bytes> read_picture_file(const core::Disk& disk, const std::string& path);
/// Luma (ITU-R BT.601) of a picture, for the QR reader.
core::GrayImage to_gray(const core::portrait::Picture& picture);
core::portrait::Picture from_gray(const core::GrayImage& image);

/// Reads the one collection code of this campaign in the picture file: kCodeSeveral for codes of two students; if none is ours,
/// why the first is not.
core::Result<core::CodeContent> scan_code_file(const core::Disk& disk, const std::string& path, const core::Founding& founding,
                                               core::ByteView code_key);

}  // namespace satchel::node
