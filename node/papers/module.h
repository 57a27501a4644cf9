#pragma once

#include "core/base/bytes.h"
#include "core/export/paper.h"
#include "core/export/sheet.h"

// The two doors of satchel-papers.so: Pango, Cairo and libxlsxwriter stay out of the program that answers `satchel status`, and
// are loaded when a paper is asked for. Built together with the program, so plain C++ values cross.

extern "C" {

/// The paper as a PDF with its fonts embedded. 0; 1 when the fonts lack a character, whose code point is then in `missing`; 2
/// when the drawing library refuses.
int satchel_draw_pdf(const satchel::core::Paper& paper, satchel::core::Bytes& out, char32_t& missing);

/// The table as XLSX. 0, or 2 when the library refuses.
int satchel_write_xlsx(const satchel::core::Sheet& sheet, satchel::core::Bytes& out);
}
