#pragma once

#include "core/base/result.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// `picture` with the frame, the bands for hairline and eyes, middle line, face box, face width and eyes drawn on it, what
/// findings speak of tinted, and beside it a panel with every finding and its cure in Chinese and English. Fits 1366×768. One
/// person who is small in the picture is shown large, with room around the frame. Without a font that has Chinese, the panel
/// holds English only; without any font, the lines are drawn and the panel stays empty. kImageDamaged when `picture` is empty.
Result<Picture> draw_overlay(const Picture& picture, const Verdict& verdict, const Limits& limits = {});

}  // namespace satchel::core::portrait
