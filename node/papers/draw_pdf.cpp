#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <memory>

#include "node/papers/module.h"

namespace {

using satchel::core::Bytes;
using satchel::core::Paper;
using satchel::core::PaperImage;
using satchel::core::PaperLine;
using satchel::core::PaperPage;
using satchel::core::PaperPicture;
using satchel::core::PaperText;
using satchel::core::TextAlign;

/// Fonts that have Chinese characters, the usual ones first; what they lack the system's choice fills in.
constexpr const char* kFonts = "Noto Sans CJK SC, WenQuanYi Micro Hei, WenQuanYi Zen Hei, sans-serif";

constexpr double points(double mm) { return mm * 72 / 25.4; }

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

cairo_status_t append(void* out, const unsigned char* data, unsigned int size) {
  static_cast<Bytes*>(out)->insert(static_cast<Bytes*>(out)->end(), data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

class Drawer {
 public:
  explicit Drawer(Bytes& out)
      : surface_(cairo_pdf_surface_create_for_stream(append, &out, points(210), points(297))),
        context_(cairo_create(surface_.get())),
        layout_(pango_cairo_create_layout(context_.get())),
        font_(pango_font_description_from_string(kFonts)) {
    PangoContext* const words = pango_layout_get_context(layout_.get());
    pango_context_set_language(words, pango_language_from_string("zh-cn"));
    // Paper has no pixels: glyphs stand where the font says, so that a line set smaller is narrower by as much.
    pango_context_set_round_glyph_positions(words, FALSE);
    cairo_font_options_t* const exact = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(exact, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(exact, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(words, exact);
    cairo_font_options_destroy(exact);
  }

  void title(const std::string& words) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, words.c_str());
  }

  /// False when a character has no shape in any font; missing() says which.
  bool page(const Paper& paper, const PaperPage& page) {
    cairo_pdf_surface_set_size(surface_.get(), points(page.width_mm), points(page.height_mm));
    cairo_set_source_rgb(context_.get(), 0, 0, 0);
    for (const PaperPicture& picture : page.pictures) draw(picture, paper.images[picture.image]);
    for (const PaperLine& line : page.lines) draw(line);
    for (const PaperText& text : page.texts) {
      if (!draw(text)) return false;
    }
    cairo_show_page(context_.get());
    return true;
  }
  char32_t missing() const { return missing_; }
  bool finish() {
    cairo_surface_finish(surface_.get());
    return cairo_status(context_.get()) == CAIRO_STATUS_SUCCESS && cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS;
  }

 private:
  /// The JPEG's own bytes go into the document, once however often the picture stands on a page; the pixels of this surface are
  /// never looked at.
  void draw(const PaperPicture& at, const PaperImage& image) {
    if (!picture_ || drawn_ != at.image) {
      picture_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height));
      cairo_surface_set_mime_data(picture_.get(), CAIRO_MIME_TYPE_JPEG, image.jpeg.data(), image.jpeg.size(), nullptr, nullptr);
      drawn_ = at.image;
    }
    cairo_t* const to = context_.get();
    cairo_save(to);
    cairo_translate(to, points(at.x_mm), points(at.y_mm));
    cairo_scale(to, points(at.width_mm) / image.width, points(at.height_mm) / image.height);
    cairo_set_source_surface(to, picture_.get(), 0, 0);
    cairo_paint(to);
    cairo_restore(to);
  }

  void draw(const PaperLine& line) {
    cairo_set_line_width(context_.get(), points(line.thick_mm));
    cairo_set_line_cap(context_.get(), CAIRO_LINE_CAP_SQUARE);
    cairo_move_to(context_.get(), points(line.x1_mm), points(line.y1_mm));
    cairo_line_to(context_.get(), points(line.x2_mm), points(line.y2_mm));
    cairo_stroke(context_.get());
  }

  PangoRectangle set(const PaperText& text, double size_pt) {
    pango_font_description_set_absolute_size(font_.get(), size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font_.get(), text.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout_.get(), font_.get());
    PangoRectangle size;
    pango_layout_get_extents(layout_.get(), nullptr, &size);
    return size;
  }

  bool draw(const PaperText& text) {
    pango_layout_set_text(layout_.get(), text.text.data(), static_cast<int>(text.text.size()));
    PangoRectangle size = set(text, text.size_pt);
    if (pango_layout_get_unknown_glyphs_count(layout_.get()) > 0) return note_missing(text.text);
    const double room = points(text.width_mm);
    const double wide = static_cast<double>(size.width) / PANGO_SCALE;
    if (wide > room && wide > 0) size = set(text, text.size_pt * room / wide * 0.995);
    const double width = static_cast<double>(size.width) / PANGO_SCALE;
    const double height = static_cast<double>(size.height) / PANGO_SCALE;
    double x = points(text.x_mm);
    if (text.align == TextAlign::centre) x += (room - width) / 2;
    if (text.align == TextAlign::right) x += room - width;
    cairo_move_to(context_.get(), x, points(text.middle_mm) - height / 2);
    pango_cairo_show_layout(context_.get(), layout_.get());
    return true;
  }

  bool note_missing(const std::string& words) {
    for (const char* at = words.c_str(); *at != '\0'; at = g_utf8_next_char(at)) {
      pango_layout_set_text(layout_.get(), at, static_cast<int>(g_utf8_next_char(at) - at));
      if (pango_layout_get_unknown_glyphs_count(layout_.get()) > 0) missing_ = g_utf8_get_char(at);
    }
    return false;
  }

  Surface surface_;
  Context context_;
  Layout layout_;
  Font font_;
  Surface picture_;  ///< the one that was drawn last
  std::size_t drawn_ = 0;
  char32_t missing_ = 0;
};

}  // namespace

int satchel_draw_pdf(const Paper& paper, Bytes& out, char32_t& missing) {
  out.clear();
  Drawer drawer(out);
  drawer.title(paper.title);
  for (const PaperPage& page : paper.pages) {
    if (drawer.page(paper, page)) continue;
    missing = drawer.missing();
    drawer.finish();
    return 1;
  }
  return drawer.finish() ? 0 : 2;
}
