#include "node/paper_drawer.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "core/base/shared_library.h"
#include "node/papers/module.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Result;

namespace {

struct Module {
  decltype(&satchel_draw_pdf) draw = nullptr;
  decltype(&satchel_write_xlsx) write = nullptr;
};

std::string module_path() {
  if (const char* named = std::getenv("SATCHEL_PAPERS")) return named;
  std::array<char, 4096> self{};
  const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  const std::string path(self.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return path.substr(0, path.find_last_of('/') + 1) + "satchel-papers.so";
}

Result<Module> module() {
  const auto library = core::SharedLibrary::load(module_path().c_str());
  Module out;
  const bool whole = library && library->find("satchel_draw_pdf", out.draw) && library->find("satchel_write_xlsx", out.write);
  return whole ? Result<Module>{out} : Result<Module>{Code::kDrawerMissing};
}

}  // namespace

Result<Bytes> draw_pdf(const core::Paper& paper) {
  SATCHEL_TRY_ASSIGN(const Module loaded, module());
  Bytes out;
  char32_t missing = 0;
  const int said = loaded.draw(paper, out, missing);
  if (said == 1) {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "U+%04X", static_cast<unsigned>(missing));
    return Error{Code::kFontMissing, name.data()};
  }
  return said == 0 ? Result<Bytes>{std::move(out)} : Result<Bytes>{Error{Code::kInternal, "drawing a PDF"}};
}

Result<Bytes> write_xlsx(const core::Sheet& sheet) {
  SATCHEL_TRY_ASSIGN(const Module loaded, module());
  Bytes out;
  return loaded.write(sheet, out) == 0 ? Result<Bytes>{std::move(out)} : Result<Bytes>{Error{Code::kInternal, "writing XLSX"}};
}

}  // namespace satchel::node
