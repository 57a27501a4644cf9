#include "core/campaign/photo_names.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

RosterFact row(std::uint8_t mark, const std::string& number, const std::string& id_number, const std::string& name) {
  RosterFact fact;
  fact.student.value = mark;
  fact.student_number = number;
  fact.id_number = id_number;
  fact.name = name;
  return fact;
}

PhotoNames three() {
  PhotoNames names;
  names.add(row(1, "202499000001", "99999919900101001X", "张三"));
  names.add(row(2, "202499000002", "999999199001010024", "李四"));
  names.add(row(3, "202499000003", "999999199001010032", "李四"));
  return names;
}

/// 0: nobody; 9: several; else whose it is.
int whose(const PhotoNames& names, std::string_view stem) {
  const PhotoNames::Match match = names.find(stem);
  if (match.kind == PhotoNames::Kind::nobody) return 0;
  return match.kind == PhotoNames::Kind::several ? 9 : static_cast<int>(match.student.value);
}

}  // namespace

TEST_CASE("a picture finds its student by number, identity number or name, with whatever a photographer writes beside it") {
  const PhotoNames names = three();
  for (const char* stem :
       {"202499000001", "202499000001*", "202499000001-2", "202499000001_3", "202499000001 (2)", "99999919900101001X",
        "99999919900101001x", "张三", "张三（2）", "202499000001_张三", "24护1班 张三 202499000001"}) {
    INFO(stem);
    CHECK(whose(names, stem) == 1);
  }
  CHECK(whose(names, "202499000003李四") == 3);
  CHECK(whose(names, "202499000003_李四") == 3);
  CHECK(whose(names, "IMG_0042") == 0);
  CHECK(whose(names, "") == 0);
}

TEST_CASE("a name that two share, and a number beside the name of another, are left to a person") {
  const PhotoNames names = three();
  CHECK(whose(names, "李四") == 9);
  CHECK(whose(names, "202499000002_张三") == 9);
  CHECK(whose(names, "202499000001_202499000002") == 9);
}

TEST_CASE("a table says whose the pictures of a camera are") {
  const auto headed =
      read_photo_table(as_bytes("序号,文件名,姓名,学号\n1,IMG_0042.JPG,张三,202499000001\n2,IMG_0043.JPG,李四,202499000002\n"));
  REQUIRE(headed);
  CHECK(headed->at("IMG_0042") == "202499000001");
  CHECK(headed->at("IMG_0043") == "202499000002");
  const auto bare = read_photo_table(as_bytes("a/b/IMG_1.jpg,202499000001\n"));
  REQUIRE(bare);
  CHECK(bare->at("IMG_1") == "202499000001");
  for (const char* bad : {"文件,备注\nIMG_1.jpg,x\n", "学号,备注\n1,x\n", ""}) {
    INFO(bad);
    CHECK_FALSE(read_photo_table(as_bytes(bad)));
  }
}

TEST_CASE("of a number in a file's name only the last four are shown") {
  CHECK(veiled_file_name("./99999919900101001X.jpg") == "./**************001X.jpg");
  CHECK(veiled_file_name("24护（9）/202499000001-2.jpg") == "24护（9）/********0001-2.jpg");
  CHECK(veiled_file_name("IMG_0042.JPG") == "IMG_0042.JPG");
}

TEST_CASE("the stem of a picture is its name without folder and ending") {
  CHECK(photo_stem("a/b/1.2.jpg") == "1.2");
  CHECK(photo_stem("C:\\photos\\1.jpg") == "1");
  CHECK(photo_stem(".jpg") == ".jpg");
}
