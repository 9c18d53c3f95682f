import NodeClient
import SanxiangTesting
import Testing

extension EndToEnd {
  @Suite struct HookTests {
    /// Writes down how it was called: its arguments, what came on its input, its variables' names.
    static let script = """
      #!/bin/sh
      here=${0%/*}
      input=$(wc -c)
      names=$(env | sed 's/=.*//' | grep -vx -e PWD -e _ -e SHLVL -e OLDPWD | sort | tr '\\n' ,)
      printf '%s %s %s %s\\n' "$#" "$1" "$input" "$names" >>"$here/calls"
      """

    private func prepare(_ federation: Federation) throws {
      let receiver = federation.nodes[1]
      try Files.write(Self.script + "\n", to: receiver.folder + "/hook", mode: 0o700)
      try receiver.configure("hook:\n  command: \"\(receiver.folder)/hook\"")
    }

    /// One line per call.
    private func calls(_ node: AgencyNode) -> [[String]] {
      ((try? Files.text(node.folder + "/calls")) ?? "").split(separator: "\n")
        .map { $0.split(separator: " ").map(String.init) }
    }

    @Test(.timeLimit(.minutes(2)))
    func `The hook is run for every arrival with nothing but the id, also over a restart`()
      async throws
    {
      try await Federation.run(2, prepare: prepare) { federation in
        let (sender, receiver) = (federation.nodes[0], federation.nodes[1])
        var leads = try await Load.run(6, from: sender, to: receiver)
        try await eventually("the hook has run six times") { self.calls(receiver).count >= 6 }
        let first = calls(receiver)
        #expect(first.map { $0[1] } == (try await receiver.inbox().map(\.id)))
        for call in first {
          #expect(call.count == 4)
          #expect(call[0] == "1")
          #expect(call[2] == "0")
          #expect(call[3] == "LANG,PATH,SANXIANG_SOCKET,")
        }
        // Killed with runs in flight, and with arrivals that no run has seen.
        let rest = Load(from: sender, to: receiver, base: 100, limit: 30)
        rest.start(clients: 4)
        try await eventually("the hook runs again") { self.calls(receiver).count > 8 }
        try await receiver.kill()
        try await rest.done()
        try await receiver.start()
        leads.merge(rest.acknowledged) { old, _ in old }
        try await eventually("the hook has seen every lead") {
          Set(self.calls(receiver).map { $0[1] }) == Set(leads.values)
        }
        // Only the run that the crash cut off from its note may have been repeated.
        #expect(calls(receiver).count <= leads.count + 1)
      }
    }
  }
}
