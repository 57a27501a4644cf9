#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace satchel::core {

// A paper as plain values: what stands where, in millimetres from the page's upper left corner. Who draws it knows fonts and
// files (node/papers/); what it holds is decided here, and can be tested without either.

enum class TextAlign { left, centre, right };

/// One line of words. A line that is wider than `width_mm` is set smaller until it fits; nothing is cut off.
struct PaperText {
  double x_mm = 0;       ///< left edge of the room for it
  double middle_mm = 0;  ///< of the line, downwards
  double width_mm = 0;   ///< of the room
  double size_pt = 10;
  TextAlign align = TextAlign::left;
  bool bold = false;
  std::string text;
  bool operator==(const PaperText&) const = default;
};

struct PaperLine {
  double x1_mm = 0;
  double y1_mm = 0;
  double x2_mm = 0;
  double y2_mm = 0;
  double thick_mm = 0.2;
  bool operator==(const PaperLine&) const = default;
};

/// Where one of the paper's pictures stands; stretched to fill the frame.
struct PaperPicture {
  double x_mm = 0;
  double y_mm = 0;
  double width_mm = 0;
  double height_mm = 0;
  std::size_t image = 0;  ///< index into Paper::images
  bool operator==(const PaperPicture&) const = default;
};

struct PaperPage {
  double width_mm = 210;
  double height_mm = 297;
  std::vector<PaperText> texts;
  std::vector<PaperLine> lines;
  std::vector<PaperPicture> pictures;
};

/// A JPEG, put into the document as it is.
struct PaperImage {
  Bytes jpeg;
  int width = 0;  ///< pixels
  int height = 0;
};

struct Paper {
  std::string title;
  std::vector<PaperPage> pages;
  std::vector<PaperImage> images;
};

}  // namespace satchel::core
