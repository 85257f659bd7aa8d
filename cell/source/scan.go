package source

import (
	"go/scanner"
	"go/token"
	"strings"
)

type chunkKind int

const (
	importChunk chunkKind = iota
	funcChunk
	packageChunk
)

type tok struct {
	off, end int
	tok      token.Token
	lit      string
	depth    int // of brackets, before an opening one and after a closing one
}

// scanned is a cell's text cut at its top level.
type scanned struct {
	toks     []tok
	comments []span
	parts    map[chunkKind][]span
	stray    int  // offset of a closing bracket that closes nothing, or -1
	open     int  // brackets not closed at the end
	broken   bool // a raw string or comment that does not end
	silenced bool // the last token is a semicolon of the user's
}

func (s *scanned) chunks(k chunkKind) []span { return s.parts[k] }

// scan tokenizes code and finds imports and function declarations: what a
// function body cannot hold.
func scan(code string) *scanned {
	s := &scanned{parts: map[chunkKind][]span{}, stray: -1}
	s.tokenize(code)
	start := true
	for i := 0; i < len(s.toks); i++ {
		t := s.toks[i]
		if t.depth == 0 && t.tok == token.SEMICOLON {
			start = true
			continue
		}
		if kind, ok := s.chunkAt(i); start && ok {
			end := s.semicolon(i)
			from := t.off
			if kind == funcChunk {
				from = s.docStart(code, t.off)
			}
			s.parts[kind] = append(s.parts[kind], span{from, s.toks[end-1].end})
			i = end - 1
		}
		start = false
	}
	if n := len(s.toks); n > 0 {
		s.silenced = s.toks[n-1].tok == token.SEMICOLON && s.toks[n-1].lit == ";"
	}
	return s
}

func (s *scanned) tokenize(code string) {
	var sc scanner.Scanner
	fset := token.NewFileSet()
	f := fset.AddFile("", -1, len(code))
	sc.Init(f, []byte(code), func(_ token.Position, msg string) {
		if msg == "comment not terminated" || msg == "raw string literal not terminated" {
			s.broken = true
		}
	}, scanner.ScanComments)
	s.toks = make([]tok, 0, len(code)/3+8)
	depth := 0
	for {
		pos, tk, lit := sc.Scan()
		off := f.Offset(pos)
		switch tk {
		case token.EOF:
			s.open = depth
			return
		case token.COMMENT:
			s.comments = append(s.comments, span{off, literalEnd(code, off, lit)})
			continue
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				s.stray = off
				return
			}
		}
		end := literalEnd(code, off, lit)
		if lit == "" || tk.IsOperator() && tk != token.SEMICOLON {
			end = off + len(tk.String())
		}
		if tk == token.SEMICOLON && lit == "\n" {
			end = off
		}
		s.toks = append(s.toks, tok{off, end, tk, lit, depth})
		switch tk {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		}
	}
}

// literalEnd is where a token ends; its literal lacks the carriage returns of the
// text, and has three bytes for one that is no UTF-8.
func literalEnd(code string, off int, lit string) int {
	closing := ""
	switch {
	case strings.HasPrefix(lit, "`"):
		closing = "`"
	case strings.HasPrefix(lit, "/*"):
		closing = "*/"
	}
	if closing != "" {
		if i := strings.Index(code[off+len(closing):], closing); i >= 0 {
			return off + i + 2*len(closing)
		}
		return len(code)
	}
	return min(off+len(lit), len(code))
}

// chunkAt says whether a chunk begins at token i, which begins a statement.
func (s *scanned) chunkAt(i int) (chunkKind, bool) {
	switch s.toks[i].tok {
	case token.IMPORT:
		return importChunk, true
	case token.PACKAGE:
		return packageChunk, true
	case token.FUNC:
		if s.is(i+1, token.IDENT) {
			return funcChunk, true
		}
		if !s.is(i+1, token.LPAREN) {
			return 0, false
		}
		j := i + 2
		for j < len(s.toks) && s.toks[j].depth > s.toks[i+1].depth {
			j++
		}
		// func (r T) name(
		return funcChunk, s.is(j, token.RPAREN) && s.is(j+1, token.IDENT) && s.is(j+2, token.LPAREN)
	}
	return 0, false
}

func (s *scanned) is(i int, t token.Token) bool { return i < len(s.toks) && s.toks[i].tok == t }

// semicolon is the index of the semicolon that ends the statement at token i.
func (s *scanned) semicolon(i int) int {
	for ; i < len(s.toks); i++ {
		if s.toks[i].tok == token.SEMICOLON && s.toks[i].depth == 0 {
			break
		}
	}
	return i
}

// docStart is where the comment lines directly above off begin.
func (s *scanned) docStart(code string, off int) int {
	for i := len(s.comments) - 1; i >= 0; i-- {
		c := s.comments[i]
		if c.end > off {
			continue
		}
		between := code[c.end:off]
		lineStart := strings.LastIndexByte(code[:c.start], '\n') + 1
		if strings.TrimSpace(between) != "" || strings.Count(between, "\n") != 1 || strings.TrimSpace(code[lineStart:c.start]) != "" {
			break
		}
		off = c.start
	}
	return off
}

// lastList is the last top-level statement if it can be a comma list of
// expressions.
func (s *scanned) lastList() (span, bool) {
	n := len(s.toks)
	for n > 0 && s.toks[n-1].tok == token.SEMICOLON {
		n--
	}
	if n == 0 {
		return span{}, false
	}
	i, comma := n-1, false
	for ; i >= 0; i-- {
		t := s.toks[i]
		if t.depth == 0 && t.tok == token.SEMICOLON {
			break
		}
		comma = comma || t.depth == 0 && t.tok == token.COMMA
	}
	return span{s.toks[i+1].off, s.toks[n-1].end}, comma
}

// silencedAfter says whether the token after off is a semicolon of the user's.
func (s *scanned) silencedAfter(off int) bool {
	for _, t := range s.toks {
		if t.off >= off {
			return t.tok == token.SEMICOLON && t.lit == ";"
		}
	}
	return false
}
