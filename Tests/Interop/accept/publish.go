package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) (list []tlog.Hash, err error) {
	for _, index := range indexes {
		list = append(list, s[index])
	}
	return list, nil
}

type recordProof struct {
	Index int64
	Proof tlog.RecordProof
}

type treeProof struct {
	Old   int64
	Proof tlog.TreeProof
}

type tileData struct {
	Path string
	Data []byte
}

// Writes a log as tlog makes it: `leaf 0`, `leaf 1`, … as in x/mod's own tests, its roots at every size,
// proofs, tiles, and signed notes.
func publish(path string) {
	const size = 600
	var hashes storage
	var out struct {
		VKey        string
		Size        int64
		Roots       []tlog.Hash
		Inclusion   []recordProof
		Consistency []treeProof
		Tiles       []tileData
		Notes       []string
	}
	// A key that x/mod makes from bytes that are known: nothing here is secret.
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)), "go.example/log")
	if err != nil {
		fail("%v", err)
	}
	signer := must(note.NewSigner(skey))
	out.VKey, out.Size = vkey, size
	for n := int64(0); n < size; n++ {
		hashes = append(hashes, must(tlog.StoredHashes(n, []byte(fmt.Sprintf("leaf %d", n)), hashes))...)
		root := must(tlog.TreeHash(n+1, hashes))
		out.Roots = append(out.Roots, root)
		if n%50 == 49 {
			text := fmt.Sprintf("go.example/log\n%d\n%s\n", n+1, root)
			out.Notes = append(out.Notes, string(must(note.Sign(&note.Note{Text: text}, signer))))
		}
	}
	for n := int64(0); n < size; n += 7 {
		out.Inclusion = append(out.Inclusion, recordProof{n, must(tlog.ProveRecord(size, n, hashes))})
		out.Consistency = append(out.Consistency, treeProof{n + 1, must(tlog.ProveTree(size, n+1, hashes))})
	}
	// The tiles of a tree of 600: three of leaves, and the one above them.
	for _, t := range []tlog.Tile{{H: 8, N: 0, W: 256}, {H: 8, N: 1, W: 256}, {H: 8, N: 2, W: 88}, {H: 8, L: 1, W: 2}} {
		out.Tiles = append(out.Tiles, tileData{t.Path(), must(tlog.ReadTileData(t, hashes))})
	}
	if err := os.WriteFile(path, must(json.Marshal(out)), 0o600); err != nil {
		fail("%v", err)
	}
}
