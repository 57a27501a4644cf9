#include "core/export/zip_file.h"

#include <zip.h>

#include <catch2/catch.hpp>

using namespace satchel::core;

TEST_CASE("an archive gives back its files as they were, and the same files give the same archive") {
  Bytes large(300'000, 0);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7);
  const std::vector<ZipEntry> entries{{"case.json", to_bytes(as_bytes("{}"))}, {"folder/照片.jpg", large}};
  const Bytes archive = satchel::core::zip(entries).value();
  REQUIRE(satchel::core::zip(entries).value() == archive);

  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, &error);
  REQUIRE(opened != nullptr);
  REQUIRE(zip_get_num_entries(opened, 0) == 2);
  for (const ZipEntry& entry : entries) {
    zip_file_t* file = zip_fopen(opened, entry.name.c_str(), 0);
    REQUIRE(file != nullptr);
    Bytes read(entry.bytes.size() + 1, 0);
    read.resize(static_cast<std::size_t>(zip_fread(file, read.data(), read.size())));
    REQUIRE(read == entry.bytes);
    zip_fclose(file);
  }
  zip_discard(opened);
}
