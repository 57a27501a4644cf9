#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/export/paper.h"
#include "core/export/sheet.h"

namespace satchel::node {

/// The paper as PDF. kDrawerMissing when satchel-papers.so is neither beside this program nor where $SATCHEL_PAPERS says;
/// kFontMissing, with the code point, when no font of this computer has a character: never a page with boxes on it.
core::Result<core::Bytes> draw_pdf(const core::Paper& paper);

/// The table as XLSX, ids as text. kDrawerMissing as above.
core::Result<core::Bytes> write_xlsx(const core::Sheet& sheet);

}  // namespace satchel::node
