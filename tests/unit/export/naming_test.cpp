#include "core/export/naming.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

ExportSubject subject(std::uint64_t ref, std::string number, std::string id_number) {
  return {StudentRef{ref}, std::move(number), std::move(id_number)};
}

}  // namespace

TEST_CASE("a file is named by the ID number, with a capital X") {
  const std::vector<ExportSubject> all{subject(1, "a", "99999919990101001x"), subject(2, "b", "999999199901010025")};
  const ExportNames names = plan_names(all, "{id_number}.jpg");
  CHECK(names.names == std::vector<std::string>{"99999919990101001X.jpg", "999999199901010025.jpg"});
  CHECK(names.collisions.empty());
  CHECK(names.unnamed.empty());
}

TEST_CASE("students who would get one name get none, and the others keep theirs") {
  const std::vector<ExportSubject> all{subject(1, "a", "99999919990101001X"), subject(2, "b", "1"),
                                       subject(3, "c", "99999919990101001x")};
  const ExportNames names = plan_names(all, "{id_number}.jpg");
  CHECK(names.names == std::vector<std::string>{"", "1.jpg", ""});
  CHECK(names.collisions == std::vector<std::size_t>{0, 2});
}

TEST_CASE("names that differ in case only collide, because FAT does not tell them apart") {
  const std::vector<ExportSubject> all{subject(1, "ab", "1"), subject(2, "AB", "2")};
  CHECK(plan_names(all, "{student_number}.jpg").collisions.size() == 2);
  CHECK(plan_names(all, "{student_number}_{id_number}.jpg").collisions.empty());
}

TEST_CASE("a pattern may hold several fields and the reference") {
  const std::vector<ExportSubject> all{subject(1, "n1", "i1")};
  CHECK(plan_names(all, "p_{student_number}-{id_number}-{ref}.jpg").names[0] == "p_n1-I1-" + StudentRef{1}.text() + ".jpg");
}

TEST_CASE("a name never leaves its folder and never has what FAT forbids") {
  const std::vector<ExportSubject> all{subject(1, "../../etc/x", "1"), subject(2, "a:b*c?", "2")};
  const ExportNames names = plan_names(all, "{student_number}.jpg");
  CHECK(names.names[0].empty());
  CHECK(names.unnamed == std::vector<std::size_t>{0});
  CHECK(names.names[1] == "a_b_c_.jpg");
}

TEST_CASE("a student without the field, or with a reserved or endless name, is told and gets none") {
  const std::vector<ExportSubject> all{subject(1, "", ""), subject(2, "con", ""), subject(3, std::string(300, '1'), "")};
  CHECK(plan_names(all, "{student_number}.jpg").unnamed == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("FAT-safe names are told from the others") {
  for (const char* good : {"a.jpg", "学号.jpg", "console.jpg", "COM10.jpg", "a b.jpg"}) CHECK(fat_safe(good));
  for (const char* bad : {"", "a/b", "a\\b", "a:b", "a\nb", "a.", "a ", " a", ".a", "CON", "con.jpg", "Lpt1.txt", "\xFF"}) {
    INFO(bad);
    CHECK(!fat_safe(bad));
  }
}
