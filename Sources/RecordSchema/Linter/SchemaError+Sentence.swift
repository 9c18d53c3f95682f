extension SchemaError {
  /// What is wrong, in both languages.
  var sentence: Sentence {
    switch code {
    case .unresolvedReference:
      Sentence(
        "The reference leads to no schema of the set; nothing is ever fetched.",
        "引用指向的模式不在本套模式中；引用不会从网络获取。")
    case .referenceLoop:
      Sentence(
        "References lead back here without going deeper.", "引用绕回自身，且未深入数据的下一层。")
    case .tooLarge: LintRule.tooLarge.sentence
    case .duplicateIdentifier:
      Sentence("Another schema has this identifier.", "该标识已被另一模式使用。")
    case .dialect: LintRule.dialect.sentence
    case .pattern: Sentence(message, "正则表达式无法使用。")
    default: Sentence(message, "该模式无法使用。")
    }
  }
}
