/// The linter's own rules, by the names under which they are reported.
enum LintRule: String, CaseIterable, Sendable {
  /// Not `records/<kind>/<version>.json`, `common/<version>.json` or `codes/<list>/<version>.json`.
  case path = "lint.path"
  /// A kind that is not two lower-case words with a dot between them.
  case kind = "lint.kind"
  /// A version that is not a whole number from 1 to 9999, written plainly.
  case version = "lint.version"
  /// `$schema` is not the specification's own meta-schema.
  case dialect = "lint.dialect"
  /// `$id` is not what the path asks for.
  case identifier = "lint.identifier"
  /// Not a schema by the specification's own meta-schema.
  case metaSchema = "lint.metaSchema"
  /// A keyword that has no place here, or that nobody knows.
  case keyword = "lint.keyword"
  /// A reference that is no absolute URN, or leads to something that is not a schema of the set.
  case reference = "lint.reference"
  /// A record schema whose payload is not an object alone.
  case payload = "lint.payload"
  /// Nothing says of what type a value must be.
  case openValue = "lint.openValue"
  /// An object that lists no members, or takes others than those that it lists.
  case openObject = "lint.openObject"
  /// A string without an upper bound.
  case openString = "lint.openString"
  /// An array without `maxItems`, or without a schema for all of its items.
  case openArray = "lint.openArray"
  /// A number without both bounds.
  case openNumber = "lint.openNumber"
  /// Members by pattern: a bag that takes names nobody has listed.
  case bag = "lint.bag"
  /// A name that is required or tested, and that no object here has.
  case member = "lint.member"
  /// A regular expression that an engine which backtracks could be made slow by.
  case pattern = "lint.pattern"
  /// A format that nobody knows, and that would therefore check nothing.
  case format = "lint.format"
  /// A name or title that means what no record may hold.
  case barredName = "lint.barredName"
  /// A title or description is missing, or not in its language.
  case title = "lint.title"
  /// `x-error` is not one sentence in each of the two languages.
  case sentence = "lint.sentence"
  /// A code list that is not a list of different strings.
  case codes = "lint.codes"
  /// A code without a label in both languages, or a label without a code.
  case labels = "lint.labels"
  /// More, or more entangled, than the linter is willing to judge.
  case tooLarge = "lint.tooLarge"

  /// What is wrong and what would be right.
  var sentence: Sentence {
    switch self {
    case .path, .kind, .version, .dialect, .identifier, .metaSchema, .keyword, .reference:
      document
    case .payload, .openValue, .openObject, .openString, .openArray, .openNumber, .bag, .member:
      shape
    default: content
    }
  }

  private var document: Sentence {
    switch self {
    case .path:
      Sentence(
        "A schema stands at records/<kind>/<version>.json, common/<version>.json or "
          + "codes/<list>/<version>.json, and only once.",
        "模式文件须位于 records/<种类>/<版本>.json、common/<版本>.json 或 codes/<代码表>/<版本>.json，且不得重复。")
    case .kind:
      Sentence(
        "A kind is two lower-case words with a dot between them.", "种类须为两个小写英文单词，以点号相连。")
    case .version:
      Sentence(
        "A version is a whole number from 1 to 9999 without leading zeros.",
        "版本须为1至9999的整数，不带前导零。")
    case .dialect:
      Sentence(
        "$schema must name the meta-schema of JSON Schema 2020-12.",
        "$schema 须为 JSON Schema 2020-12 的元模式。")
    case .identifier:
      Sentence(
        "$id must be the URN that the document's path asks for.", "$id 须与文件路径对应的 URN 一致。")
    case .metaSchema:
      Sentence(
        "Not a schema by the meta-schema of JSON Schema 2020-12.", "不符合 JSON Schema 2020-12 元模式。")
    case .keyword:
      Sentence("This keyword is not allowed here.", "此处不允许使用该关键字。")
    default:
      Sentence(
        "A reference must be an absolute URN that leads to a schema of the set.",
        "引用须为绝对 URN，并指向本套模式中的一个模式。")
    }
  }

  private var shape: Sentence {
    switch self {
    case .payload:
      Sentence(
        "A record's payload must be an object and nothing else.", "记录内容须为对象，不得为其他类型。")
    case .openValue:
      Sentence(
        "Every value needs a type, an enum or a const.", "每个值都须规定类型、枚举或固定值。")
    case .openObject:
      Sentence(
        "An object must list its properties and allow no others: additionalProperties or "
          + "unevaluatedProperties false.",
        "对象须列明全部属性且不得允许其他属性：additionalProperties 或 unevaluatedProperties 须为 false。")
    case .openString:
      Sentence(
        "A string needs maxLength, enum, const or a pattern of bounded length; a format is not "
          + "enough.",
        "字符串须有 maxLength、enum、const 或者长度有限的 pattern；仅有 format 不够。")
    case .openArray:
      Sentence(
        "An array needs maxItems and items (or prefixItems with items false).",
        "数组须有 maxItems 和 items（或者 prefixItems 且 items 为 false）。")
    case .openNumber:
      Sentence(
        "A number needs a lower and an upper bound, an enum or a const.",
        "数字须同时有下限和上限，或者有枚举或固定值。")
    case .bag:
      Sentence(
        "Members must be listed one by one, not taken by pattern.", "属性须逐项列明，不得以模式匹配名称。")
    default:
      Sentence("No object here has a member of that name.", "此处的对象没有该名称的属性。")
    }
  }

  private var content: Sentence {
    switch self {
    case .pattern:
      Sentence(
        "The pattern must be matched in one way only, so that no engine can be slow on it.",
        "正则表达式的匹配方式须唯一，以免在任何引擎上变慢。")
    case .format:
      Sentence("This format is not known and would check nothing.", "该格式未知，不会起任何校验作用。")
    case .barredName:
      Sentence(
        "No record may hold ethnicity, religion, political status, petitioning or who reported.",
        "记录不得含有民族、宗教信仰、政治面貌、信访情况或举报人身份等信息项。")
    case .title:
      Sentence(
        "A title and a description are needed in Chinese, and in English under x-en.",
        "须有中文的 title 和 description，并在 x-en 中给出英文。")
    case .sentence:
      Sentence(
        "x-error must hold one sentence as zh and one as en, and nothing else.",
        "x-error 须恰有 zh 和 en 各一句，不得有其他内容。")
    case .codes:
      Sentence(
        "A code list is of type string, with an enum of at least one code and none twice.",
        "代码表须为字符串类型，enum 至少有一个代码且不得重复。")
    case .labels:
      Sentence(
        "Every code needs a label in both languages, and every label a code.",
        "每个代码都须有中英文名称，每个名称都须有对应的代码。")
    default:
      Sentence(
        "The schemas are too large or too entangled to be judged.", "模式过大或过于复杂，无法判断。")
    }
  }
}
