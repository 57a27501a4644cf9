#include "core/portrait/text.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <string>
#include <vector>

namespace satchel::core::portrait {

struct Pen::Face {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  bool chinese = false;

  Face() = default;
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  ~Face() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }
};

namespace {

constexpr char32_t kProbe = U'脸';  // a font without this one has no simplified Chinese

struct FontFile {
  std::string path;
  int index = 0;
};

/// The best match for a language ("zh-cn"), or for nothing in particular; empty path when fontconfig knows no font.
FontFile match(const char* language) {
  FontFile out;
  FcPattern* wanted = FcPatternCreate();
  if (wanted == nullptr) return out;
  if (language != nullptr) FcPatternAddString(wanted, FC_LANG, reinterpret_cast<const FcChar8*>(language));
  FcPatternAddBool(wanted, FC_SCALABLE, FcTrue);
  FcConfigSubstitute(nullptr, wanted, FcMatchPattern);
  FcDefaultSubstitute(wanted);
  FcResult result = FcResultNoMatch;
  FcPattern* found = FcFontMatch(nullptr, wanted, &result);
  FcChar8* file = nullptr;
  if (found != nullptr && FcPatternGetString(found, FC_FILE, 0, &file) == FcResultMatch) {
    out.path = reinterpret_cast<const char*>(file);
    FcPatternGetInteger(found, FC_INDEX, 0, &out.index);
  }
  if (found != nullptr) FcPatternDestroy(found);
  FcPatternDestroy(wanted);
  return out;
}

/// UTF-8 to code points; a byte that fits nowhere becomes U+FFFD.
std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
    if (length == 0 || i + length > text.size()) {
      out.push_back(0xFFFD);
      ++i;
      continue;
    }
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    out.push_back(point);
    i += length;
  }
  return out;
}

bool is_wide(char32_t c) { return c >= 0x2E80; }  // CJK: a line may break beside it

int advance(FT_Face face, char32_t c) {
  if (FT_Load_Char(face, c, FT_LOAD_DEFAULT) != 0) return 0;
  return static_cast<int>(face->glyph->advance.x >> 6);
}

/// Where the lines start and end: words stay whole, Chinese may break between any two characters but not before a mark.
std::vector<std::vector<char32_t>> break_lines(FT_Face face, const std::vector<char32_t>& text, int width) {
  static constexpr std::u32string_view kNotFirst = U"，。；：、）！？,.;:)!?";
  std::vector<std::vector<char32_t>> lines(1);
  int used = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (!is_wide(text[i]) && text[i] != U' ') {
      while (end < text.size() && text[end] != U' ' && !is_wide(text[end])) ++end;
    }
    while (end < text.size() && kNotFirst.find(text[end]) != std::u32string_view::npos) ++end;
    int piece = 0;
    for (std::size_t k = i; k < end; ++k) piece += advance(face, text[k]);
    if (used + piece > width && used > 0) {
      lines.emplace_back();
      used = 0;
    }
    if (!(used == 0 && text[i] == U' ')) {
      lines.back().insert(lines.back().end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                          text.begin() + static_cast<std::ptrdiff_t>(end));
      used += piece;
    }
    i = end;
  }
  return lines;
}

void blend_glyph(cv::Mat& picture, const FT_Bitmap& bitmap, cv::Point at, const cv::Scalar& colour) {
  for (int y = 0; y < static_cast<int>(bitmap.rows); ++y) {
    const int py = at.y + y;
    if (py < 0 || py >= picture.rows) continue;
    const unsigned char* row = bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
    auto* out = picture.ptr<cv::Vec3b>(py);
    for (int x = 0; x < static_cast<int>(bitmap.width); ++x) {
      const int px = at.x + x;
      if (px < 0 || px >= picture.cols) continue;
      for (int c = 0; c < 3; ++c)
        out[px][c] = cv::saturate_cast<unsigned char>(out[px][c] + (colour[c] - out[px][c]) * row[x] / 255.0);
    }
  }
}

}  // namespace

Pen::Pen(std::unique_ptr<Face> face) : face_(std::move(face)) {}
Pen::~Pen() = default;

std::unique_ptr<Pen> Pen::find() {
  auto face = std::make_unique<Face>();
  if (FT_Init_FreeType(&face->library) != 0 || FcInit() != FcTrue) return nullptr;
  for (const char* language : {"zh-cn", static_cast<const char*>(nullptr)}) {
    const FontFile file = match(language);
    if (file.path.empty() || FT_New_Face(face->library, file.path.c_str(), file.index, &face->face) != 0) continue;
    face->chinese = FT_Get_Char_Index(face->face, kProbe) != 0;
    return std::unique_ptr<Pen>(new Pen(std::move(face)));
  }
  return nullptr;
}

bool Pen::has_chinese() const noexcept { return face_->chinese; }

int Pen::write(cv::Mat& picture, cv::Point at, int width, int size_px, const cv::Scalar& colour, std::string_view text) {
  FT_Face face = face_->face;
  if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(size_px)) != 0) return at.y;
  const int line_height = size_px * 14 / 10;
  int y = at.y;
  for (const std::vector<char32_t>& line : break_lines(face, code_points(text), width)) {
    int x = at.x;
    for (const char32_t c : line) {
      if (FT_Load_Char(face, c, FT_LOAD_RENDER) != 0) continue;
      const FT_GlyphSlot glyph = face->glyph;
      if (!picture.empty())
        blend_glyph(picture, glyph->bitmap, {x + glyph->bitmap_left, y + size_px - glyph->bitmap_top}, colour);
      x += static_cast<int>(glyph->advance.x >> 6);
    }
    y += line_height;
  }
  return y;
}

}  // namespace satchel::core::portrait
