#pragma once

#include <random>
#include <string>

#include "core/code/qr.h"

namespace satchel::tests {

/// A collection code in front of a camera, drawn with what is wrong known exactly.
struct Shot {
  std::string text;
  double module_px = 5;
  double degrees = 0;
  double blur_modules = 0;  ///< sigma
  double contrast = 200;    ///< grey levels between paper and ink
  double noise = 2;         ///< sigma, grey levels
  double margin = 4;        ///< of white around the code, in modules
  int ground = 200;         ///< grey around the paper
  double cut = 0;           ///< share of the code that lies outside of the picture
  double wave = 0;          ///< amplitude of the stripes of a screen, grey levels
  double wave_px = 4;       ///< their length
  double covered = 0;       ///< share of the code's side under a grey spot in its middle
  unsigned seed = 1;
};

core::GrayImage draw_shot(const Shot& shot);

/// An EAN-13 of thirteen digits, as on a book.
core::GrayImage draw_ean13(const std::string& digits, int module_px);

}  // namespace satchel::tests
