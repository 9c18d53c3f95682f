import Testing

@testable import RecordSchema

@Suite struct BarredNameTests {
  @Test(arguments: [
    // English, in every way of writing.
    "ethnicity", "ethnicGroup", "isEthnicMinority", "subject_ethnicity", "ETHNICITY", "race",
    "raceCode", "personRace", "races", "racialGroup", "nation", "nationality", "nationalities",
    "nation2", "minority", "religion", "religiousBelief", "Religious belief", "beliefs", "faith",
    "politicalStatus", "political_party", "politics", "isPartyMember", "party-membership",
    "Party member", "partymember", "communistParty", "ideology", "petition", "petitioner",
    "petitionHistory", "hasPetitioned", "lettersAndVisits", "informant", "informantName",
    "reporter", "reporterPhone", "Name of the reporter", "reportedBy", "complainant",
    "whistleblower", "whistle-blower", "whistleBlowing", "XMLReporter", "whoReported",
    // Pinyin, written together and apart, and initials.
    "minzu", "minZu", "min_zu", "minzuCode", "zongjiao", "zongJiaoXinYang", "xinyang",
    "zhengzhimianmao", "zhengZhiMianMao", "mianmao", "dangyuan", "isDangyuan", "xinfang",
    "xinfangjian", "xin-fang", "shangfang", "jubaoren", "juBaoRen", "jubaorenPhone", "tousuren",
    "MZ", "zzmm", "subject_zzmm", "jbr",
    // Chinese.
    "民族", "民族成分", "所属民族", "种族", "宗教信仰", "政治面貌", "是否党员", "党派", "信访事项", "上访次数",
    "举报人", "举报人姓名", "实名举报", "检举人", "线索提供人", "线人", "吹哨人",
  ])
  func `A name that means what no record may hold is barred`(name: String) {
    #expect(BarredNames.isBarred(name))
  }

  @Test(arguments: [
    "trace", "traceId", "embrace", "national", "nationwide", "donation", "designation",
    "designated", "combination", "United Nations", "competition", "repetition", "reportedAt",
    "report", "public-report", "reportType", "party", "thirdParty", "related party",
    "affected party", "partyToTheCase", "goodFaith", "Good faith purchaser", "policy", "police",
    "complaint", "information", "informed", "informedAt", "inform", "source", "petit", "brace",
    "xinxi", "xintuo", "dangshiren", "jubao", "mzv", "believable",
    "群众举报", "举报", "信息", "信托", "在线人数", "当事人", "受害人", "经办人", "政务处分", "公职人员",
    "党纪政务处分", "网络信息", "", "〔2026〕", "2026",
  ])
  func `A name that only looks like one is free`(name: String) {
    #expect(!BarredNames.isBarred(name))
  }

  @Test func `Every term bars itself, and none is there twice`() {
    let all = BarredTerm.all
    for term in all { #expect(BarredNames.isBarred(String(decoding: term.text, as: UTF8.self))) }
    #expect(Set(all.map(\.text)).count == all.count)
    for term in all where term.form != .chinese {
      #expect(term.text.allSatisfy { (0x61...0x7A).contains($0) })
    }
  }

  @Test(arguments: [
    ("codes/ethnicity/1.json", "urn:sanxiang:codes:ethnicity:1"),
    ("codes/zhengzhi-mianmao/1.json", "urn:sanxiang:codes:zhengzhi-mianmao:1"),
  ])
  func `A code list may not be called what is barred`(path: String, uri: String) throws {
    let base = try #require(SmallSet.documents.last)
    let edit = SchemaEdit.set(base.path, "/$id", "\"\(uri)\"", "")
    let bytes = try #require(edit.applied(to: [base])?.first?.bytes)
    #expect(
      issues([SchemaSource(path: path, bytes: bytes)])
        == [SchemaEdit.Expectation(path: path, pointer: "/$id", rule: "lint.barredName")])
  }

  @Test(arguments: [
    ("", []), ("isPartyMember", ["is", "party", "member"]), ("IDNumber", ["id", "number"]),
    ("snake_case-kebab", ["snake", "case", "kebab"]), ("sha256Sum", ["sha", "sum"]),
    ("姓名Name", ["name"]), ("URI", ["uri"]),
    ("A title, with words.", ["a", "title", "with", "words"]),
  ])
  func `A name is split where a reader would split it`(name: String, words: [String]) {
    #expect(NameWords(name).words.map { String(decoding: $0, as: UTF8.self) } == words)
  }
}
