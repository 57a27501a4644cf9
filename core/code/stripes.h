#pragma once

#include "core/code/qr.h"

namespace satchel::core {

/// How much of what should be even in a picture is one wave: 0 to 1. A screen that was photographed has such stripes (moiré);
/// noise and the squares of a code do not.
double stripes_of(const GrayImage& image);

}  // namespace satchel::core
