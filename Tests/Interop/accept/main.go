// Reads an export as somebody would who has read docs/export.md and none of our code: signed notes with
// golang.org/x/mod/sumdb/note, trees and proofs with golang.org/x/mod/sumdb/tlog, both those of Go's
// own checksum database. And writes notes, trees and proofs of its own, for us to read.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type logEntry struct {
	Origin, Path, Kind string
	Size, Checkpoint   int64
	Checkpoints        int64
}

type key struct{ Key string }

type directory struct {
	Federation string
	Nodes      []struct {
		Code                    string
		RecordKeys, ReceiptKeys []key
	}
}

type export struct {
	root   string
	logs   []logEntry
	record map[string][]ed25519.PublicKey
	// By the agency's code.
	receipt map[string][]ed25519.PublicKey
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "interop: "+format+"\n", arguments...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func parse(path string, into any) {
	if err := json.Unmarshal(must(os.ReadFile(path)), into); err != nil {
		fail("%s: %v", path, err)
	}
}

// Opens an export: the directories signed by the pinned authority say whose keys there are.
func open(root string) *export {
	e := &export{root: root, record: map[string][]ed25519.PublicKey{}, receipt: map[string][]ed25519.PublicKey{}}
	var manifest struct{ Logs []logEntry }
	parse(filepath.Join(root, "export.json"), &manifest)
	e.logs = manifest.Logs
	var authority struct {
		Threshold int
		Keys      []string
	}
	parse(filepath.Join(root, "authority.json"), &authority)
	var known []note.Verifier
	for _, vkey := range authority.Keys {
		known = append(known, must(note.NewVerifier(vkey)))
	}
	notes := must(filepath.Glob(filepath.Join(root, "directories", "*.note")))
	if len(notes) == 0 {
		fail("there is no directory")
	}
	for _, path := range notes {
		signed, err := note.Open(must(os.ReadFile(path)), note.VerifierList(known...))
		if err != nil || len(signed.Sigs) < authority.Threshold {
			fail("%s: %v", path, err)
		}
		var d directory
		_, body, _ := strings.Cut(signed.Text, "\n")
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			fail("%s: %v", path, err)
		}
		for _, n := range d.Nodes {
			e.record[n.Code] = raw(n.RecordKeys)
			e.receipt[n.Code] = raw(n.ReceiptKeys)
		}
	}
	return e
}

func raw(keys []key) (list []ed25519.PublicKey) {
	for _, k := range keys {
		list = append(list, must(base64.StdEncoding.DecodeString(k.Key)))
	}
	return list
}

// Verifies a signed head of a log, and its receipt where there is one.
func (e *export) head(l logEntry, signed []byte) (tlog.Tree, bool) {
	parts := strings.Split(l.Origin, "/")
	var known []note.Verifier
	for _, k := range e.record[parts[2]] {
		known = append(known, must(note.NewVerifier(must(note.NewEd25519VerifierKey(l.Origin, k)))))
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		fail("%s: %v", l.Origin, err)
	}
	// ParseTree is for one log of Go's; the form is the same but for the first line.
	if !strings.HasPrefix(opened.Text, l.Origin+"\n") {
		fail("%s: a head of another log", l.Origin)
	}
	rest := strings.TrimPrefix(opened.Text, l.Origin+"\n")
	tree := must(tlog.ParseTree([]byte("go.sum database tree\n" + rest)))
	if l.Kind == "journal" {
		return tree, false
	}
	name := parts[0] + "/sanxiang/" + parts[3] + "/receipt"
	for _, s := range opened.UnverifiedSigs {
		if s.Name == name {
			e.cosigned(l, opened.Text, s, e.receipt[parts[3]])
			return tree, true
		}
	}
	return tree, false
}

// C2SP tlog-cosignature, version 1.
func (e *export) cosigned(l logEntry, text string, s note.Signature, keys []ed25519.PublicKey) {
	b := must(base64.StdEncoding.DecodeString(s.Base64))
	if len(b) != 4+8+ed25519.SignatureSize {
		fail("%s: a receipt of %d bytes", l.Origin, len(b))
	}
	for _, k := range keys {
		id := sha256.Sum256(append([]byte(s.Name+"\n\x04"), k...))
		if !bytes.Equal(id[:4], b[:4]) {
			continue
		}
		time := binary.BigEndian.Uint64(b[4:12])
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
		if ed25519.Verify(k, []byte(message), b[12:]) {
			return
		}
	}
	fail("%s: a receipt that does not verify", l.Origin)
}

// The path of a tile: tlog's own, without the height, which is always 8.
func (l logEntry) tile(root string, t tlog.Tile) string {
	return filepath.Join(root, l.Path, strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}

type tiles struct {
	root string
	log  logEntry
	// Changes what is read; nil for nothing.
	tamper func(tlog.Tile, []byte)
}

func (r tiles) Height() int                         { return 8 }
func (r tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (r tiles) ReadTiles(wanted []tlog.Tile) (data [][]byte, err error) {
	for _, t := range wanted {
		b, err := os.ReadFile(r.log.tile(r.root, t))
		if err != nil {
			return nil, err
		}
		if r.tamper != nil {
			r.tamper(t, b)
		}
		data = append(data, b)
	}
	return data, nil
}

// The entries of a log, from its bundles.
func (e *export) entries(l logEntry) (list [][]byte) {
	for first := int64(0); first < l.Size; first += 256 {
		width := min(256, l.Size-first)
		t := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(width)}
		path := strings.Replace(l.tile(e.root, t), "/tile/0/", "/tile/entries/", 1)
		b := must(os.ReadFile(path))
		for n := int64(0); n < width; n++ {
			if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
				fail("%s ends early", path)
			}
			size := int(binary.BigEndian.Uint16(b))
			list = append(list, b[2:2+size])
			b = b[2+size:]
		}
		if len(b) > 0 {
			fail("%s has bytes behind its last entry", path)
		}
	}
	return list
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// Every other head that is held.
func (e *export) heads(l logEntry) (list [][]byte) {
	for first := int64(0); first < l.Checkpoints; first += 256 {
		t := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(min(256, l.Checkpoints-first))}
		b := must(os.ReadFile(strings.Replace(l.tile(e.root, t), "/tile/0/", "/checkpoints/", 1)))
		for len(b) >= 4 {
			size := int(binary.BigEndian.Uint32(b))
			list = append(list, b[4:4+size])
			b = b[4+size:]
		}
	}
	return list
}

type counts struct{ logs, heads, receipts, entries, proofs int }

func (e *export) check(l logEntry, n *counts) {
	if l.Checkpoint == 0 {
		return
	}
	tree, isReceipted := e.head(l, must(os.ReadFile(filepath.Join(e.root, l.Path, "checkpoint"))))
	n.logs++
	n.heads++
	if isReceipted {
		n.receipts++
	}
	if tree.N != l.Checkpoint {
		fail("%s: the newest head has size %d", l.Origin, tree.N)
	}
	hashes := tlog.TileHashReader(tree, tiles{e.root, l, nil})
	for index, entry := range e.entries(l)[:tree.N] {
		proof, err := tlog.ProveRecord(tree.N, int64(index), hashes)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry))
		}
		if err != nil {
			fail("%s: entry %d: %v", l.Origin, index, err)
		}
		n.entries++
	}
	for _, signed := range e.heads(l) {
		older, isReceipted := e.head(l, signed)
		n.heads++
		if isReceipted {
			n.receipts++
		}
		proof, err := tlog.ProveTree(tree.N, older.N, hashes)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
		}
		if err != nil {
			fail("%s: the head of size %d: %v", l.Origin, older.N, err)
		}
		n.proofs++
	}
	e.refuse(l, tree)
}

// What has been changed is refused: otherwise nothing above would mean anything.
func (e *export) refuse(l logEntry, tree tlog.Tree) {
	path := filepath.Join(e.root, l.Path, "checkpoint")
	signed := bytes.Replace(must(os.ReadFile(path)), []byte(fmt.Sprintf("\n%d\n", tree.N)), []byte(fmt.Sprintf("\n%d\n", tree.N+1)), 1)
	k := e.record[strings.Split(l.Origin, "/")[2]][0]
	known := note.VerifierList(must(note.NewVerifier(must(note.NewEd25519VerifierKey(l.Origin, k)))))
	var invalid *note.InvalidSignatureError
	if _, err := note.Open(signed, known); !errors.As(err, &invalid) {
		fail("%s: another size was accepted: %v", l.Origin, err)
	}
	flipped := tlog.TileHashReader(tree, tiles{e.root, l, func(t tlog.Tile, b []byte) { b[len(b)-1] ^= 1 }})
	if _, err := tlog.ProveRecord(tree.N, 0, flipped); err == nil {
		fail("%s: another tile was accepted", l.Origin)
	}
}

// Proofs made by our code, in `proofs.json` beside the exports.
func proofs(path string) int {
	var made struct {
		Size      int64
		Root      tlog.Hash
		Inclusion []struct {
			Index int64
			Leaf  tlog.Hash
			Proof tlog.RecordProof
		}
		Consistency []struct {
			Old   int64
			Root  tlog.Hash
			Proof tlog.TreeProof
		}
	}
	parse(path, &made)
	if len(made.Inclusion) == 0 || len(made.Consistency) == 0 {
		fail("%s holds no proofs", path)
	}
	for _, p := range made.Inclusion {
		if err := tlog.CheckRecord(p.Proof, made.Size, made.Root, p.Index, p.Leaf); err != nil {
			fail("our proof of entry %d: %v", p.Index, err)
		}
		if len(p.Proof) > 0 {
			p.Proof[0][0] ^= 1
			if tlog.CheckRecord(p.Proof, made.Size, made.Root, p.Index, p.Leaf) == nil {
				fail("another proof of entry %d was accepted", p.Index)
			}
		}
	}
	for _, p := range made.Consistency {
		if err := tlog.CheckTree(p.Proof, made.Size, made.Root, p.Old, p.Root); err != nil {
			fail("our proof from %d: %v", p.Old, err)
		}
	}
	return len(made.Inclusion) + len(made.Consistency)
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: accept FOLDER-OF-EXPORTS FILE-TO-WRITE")
	}
	exports := must(filepath.Glob(filepath.Join(os.Args[1], "*", "export.json")))
	if len(exports) == 0 {
		fail("%s holds no exports", os.Args[1])
	}
	var n counts
	for _, manifest := range exports {
		e := open(filepath.Dir(manifest))
		for _, l := range e.logs {
			e.check(l, &n)
		}
	}
	n.proofs += proofs(filepath.Join(os.Args[1], "proofs.json"))
	fmt.Printf("x/mod accepts %d logs, %d signed heads, %d receipts, %d entries in their places, %d further proofs\n",
		n.logs, n.heads, n.receipts, n.entries, n.proofs)
	publish(os.Args[2])
}
