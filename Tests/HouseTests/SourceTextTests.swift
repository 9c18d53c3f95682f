import Testing

@Suite("The scanner tells code from comments and literals")
struct SourceTextTests {
  @Test(
    "what is blanked and what stays",
    arguments: [
      ("let a = 1 // try! it", "let a = 1", "try! it"),
      ("a /* x /* y */ z */ b", "a b", "x /* y */ z"),
      (#"let s = "try! \(value!) }""#, #"let s = "value!)""#, ""),
      (##"let s = #"no \(end) " here"# + x"##, ##"let s = #""# + x"##, ""),
      (##"let s = #"\#(call("x"))"#"##, ##"let s = #"call(""))"#"##, ""),
      (#"let s = "\\" + t"#, #"let s = "" + t"#, ""),
      (#"let s = "\"" + t // "open"#, #"let s = "" + t"#, #""open"#),
      (#"let r = #/"[a-z]//#; f()"#, "let r = #//#; f()", ""),
    ])
  func blanks(line: String, code: String, comment: String) {
    let source = SourceText(path: "x.swift", text: line)
    #expect(squeezed(source.code[0]) == squeezed(code))
    #expect(squeezed(source.comments[0]) == squeezed(comment))
    #expect(source.isComplete)
  }

  @Test("a multi-line literal keeps the line numbers")
  func multiline() {
    let source = SourceText(
      path: "x.swift",
      text: "let a = \"\"\"\n  func f() { // no\n  \\(g()) \\\n  \"\n  \"\"\"\nlet b = 2\n")
    #expect(source.code.count == 7)
    #expect(source.code[1].trimmed(of: " ") == "")
    #expect(source.code[2].contains("g()"))
    #expect(source.code[5] == "let b = 2")
    #expect(source.comments.filter { $0 != "" } == [])
    #expect(source.lineCount == 6)
    #expect(source.isComplete)
  }

  @Test("a file that ends inside something is not waved through", arguments: ["/* a", "\"\"\"\nb"])
  func incomplete(text: String) {
    #expect(!SourceText(path: "x.swift", text: text).isComplete)
  }

  private func squeezed(_ text: String) -> String { text.filter { $0 != " " } }
}

@Suite("The function scanner")
struct FunctionScannerTests {
  @Test("finds each body and its length, and takes no requirement for a function")
  func spans() {
    let text = """
      protocol P {
        func required() throws -> Int
        var value: Int { get }
        init(from x: Int)
      }
      struct S {
        var stored = 1
        var computed: Int {
          stored
        }
        func plain<T>(_ x: T, with f: (Int) -> Int = { $0 }) async throws -> [T]
        where T: Sendable {
          let text = "}"  // }
          return [x]
        }
        init() { self.init(stored: 2) }
        subscript(i: Int) -> Int {
          get { i }
          set {
          }
        }
        static func == (a: S, b: S) -> Bool { true }
      }
      """
    let spans = FunctionScanner(SourceText(path: "x.swift", text: text)).spans()
    #expect(
      spans == [
        FunctionSpan(name: "value", firstLine: 3, lastLine: 3),
        FunctionSpan(name: "computed", firstLine: 8, lastLine: 10),
        FunctionSpan(name: "plain", firstLine: 11, lastLine: 15),
        FunctionSpan(name: "init", firstLine: 16, lastLine: 16),
        FunctionSpan(name: "subscript", firstLine: 17, lastLine: 21),
        FunctionSpan(name: "get", firstLine: 18, lastLine: 18),
        FunctionSpan(name: "set", firstLine: 19, lastLine: 20),
        FunctionSpan(name: "=", firstLine: 22, lastLine: 22),
      ])
  }
}
