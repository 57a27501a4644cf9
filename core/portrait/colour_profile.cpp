// The only user of Little CMS.
#include "core/portrait/colour_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

constexpr std::size_t kProfileMax = 4'000'000;  // ours: cameras' have some kilobytes, scanners' a megabyte

struct Profiles {
  cmsHPROFILE from = nullptr;
  cmsHPROFILE srgb = nullptr;
  cmsHTRANSFORM transform = nullptr;

  Profiles() = default;
  Profiles(const Profiles&) = delete;
  Profiles& operator=(const Profiles&) = delete;
  ~Profiles() {
    if (transform != nullptr) cmsDeleteTransform(transform);
    if (srgb != nullptr) cmsCloseProfile(srgb);
    if (from != nullptr) cmsCloseProfile(from);
  }
};

bool open(Profiles& out, ByteView icc) {
  if (icc.empty() || icc.size() > kProfileMax) return false;
  out.from = cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()));
  if (out.from == nullptr || cmsGetColorSpace(out.from) != cmsSigRgbData) return false;
  out.srgb = cmsCreate_sRGBProfile();
  if (out.srgb == nullptr) return false;
  out.transform = cmsCreateTransform(out.from, TYPE_BGR_8, out.srgb, TYPE_BGR_8, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE);
  return out.transform != nullptr;
}

/// Whether the transform moves any of a grid of colours by more than two steps.
bool matters(cmsHTRANSFORM transform) {
  std::vector<std::uint8_t> grid;
  for (int b = 0; b <= 255; b += 51) {
    for (int g = 0; g <= 255; g += 51) {
      for (int r = 0; r <= 255; r += 51) {
        grid.insert(grid.end(), {static_cast<std::uint8_t>(b), static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(r)});
      }
    }
  }
  std::vector<std::uint8_t> moved(grid.size());
  cmsDoTransform(transform, grid.data(), moved.data(), static_cast<cmsUInt32Number>(grid.size() / 3));
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (std::abs(static_cast<int>(grid[i]) - static_cast<int>(moved[i])) > 2) return true;
  }
  return false;
}

}  // namespace

void to_srgb(Picture& picture, ByteView icc) {
  Profiles profiles;
  if (!well_formed(picture) || !open(profiles, icc) || !matters(profiles.transform)) return;
  const std::size_t row = static_cast<std::size_t>(picture.width) * 3;
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* const at = picture.bgr.data() + row * static_cast<std::size_t>(y);
    cmsDoTransform(profiles.transform, at, at, static_cast<cmsUInt32Number>(picture.width));
  }
}

}  // namespace satchel::core::portrait
