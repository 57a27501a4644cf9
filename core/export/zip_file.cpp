#include "core/export/zip_file.h"

#include <zip.h>

#include <memory>

namespace satchel::core {
namespace {

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

Error refused() { return {Code::kInternal, "the archive could not be made"}; }

/// The source is the archive's buffer; it is read back once the archive is closed.
Result<Bytes> read_back(zip_source_t* source) {
  zip_stat_t about;
  zip_stat_init(&about);
  if (zip_source_open(source) != 0) return refused();
  Bytes out;
  if (zip_source_stat(source, &about) == 0 && (about.valid & ZIP_STAT_SIZE) != 0) {
    out.resize(static_cast<std::size_t>(about.size));
    if (zip_source_read(source, out.data(), out.size()) != static_cast<zip_int64_t>(out.size())) out.clear();
  }
  zip_source_close(source);
  if (out.empty()) return refused();
  return out;
}

bool add(zip_t* archive, const ZipEntry& entry) {
  zip_source_t* bytes = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  if (bytes == nullptr) return false;
  const zip_int64_t at = zip_file_add(archive, entry.name.c_str(), bytes, ZIP_FL_ENC_UTF_8);
  if (at < 0) {
    zip_source_free(bytes);
    return false;
  }
  // The same content gives the same archive, whenever it is made.
  return zip_file_set_dostime(archive, static_cast<zip_uint64_t>(at), 0, 0x21, 0) == 0;
}

}  // namespace

Result<Bytes> zip(const std::vector<ZipEntry>& entries) {
  Source source{zip_source_buffer_create(nullptr, 0, 0, nullptr)};
  if (source == nullptr) return refused();
  zip_source_keep(source.get());  // the archive frees its share
  zip_t* archive = zip_open_from_source(source.get(), ZIP_TRUNCATE, nullptr);
  if (archive == nullptr) {
    zip_source_free(source.get());
    return refused();
  }
  for (const ZipEntry& entry : entries) {
    if (add(archive, entry)) continue;
    zip_discard(archive);
    return refused();
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    return refused();
  }
  return read_back(source.get());
}

}  // namespace satchel::core
