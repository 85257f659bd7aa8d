package source

import (
	"go/token"
	"slices"
)

// Completion and inspection need of a cell what the cursor stands in and what that
// mentions. The rest of a long cell takes most of the time and is left out: its text is
// blanked before it is parsed, so that all offsets stay.

// piece is a declaration or statement at the top level of a cell; where a line has
// several, it is all of them.
type piece struct {
	toks   []tok
	names  []string // that it declares; of a method, the receiver's type
	isFunc bool     // a function or method
	kept   bool
}

// relevant is code without what means nothing to the identifier at off. Besides what
// that needs, declarations of the names that are wanted stay, unless it is a member.
// Functions around which off is not, and which are not called like it, have short bodies.
func relevant(code string, off int, wanted func(name string) bool) string {
	s := scan(code)
	if s.stray >= 0 || s.broken {
		return code
	}
	at := slices.IndexFunc(s.toks, func(t tok) bool { return t.off >= off })
	member := at > 0 && s.toks[at-1].tok == token.PERIOD
	declaring := map[string][]*piece{}
	var queue []*piece
	for _, p := range s.pieces() {
		for _, name := range p.names {
			declaring[name] = append(declaring[name], p)
		}
		p.kept = p.toks[0].tok == token.IMPORT || p.around(off) || !member && slices.ContainsFunc(p.names, wanted)
		if p.kept {
			queue = append(queue, p)
		}
	}
	name := code[off:identEnd(code, off)]
	var spans, bodies []span
	for ; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		toks, end := p.toks, p.end()
		if body := p.body(); body > 0 && !p.around(off) && !slices.Contains(p.names, name) && end-toks[body].off > len(shortBody) {
			bodies = append(bodies, span{toks[body].off, end})
			toks, end = toks[:body], toks[body].off
		}
		spans = append(spans, span{s.docStart(code, toks[0].off), end})
		for _, t := range toks {
			if t.tok != token.IDENT {
				continue
			}
			for _, next := range declaring[t.lit] {
				if !next.kept {
					next.kept = true
					queue = append(queue, next)
				}
			}
		}
	}
	b := []byte(only(code, spans))
	for _, body := range bodies {
		copy(b[body.start:body.end], shortBody)
	}
	return string(b)
}

// shortBody stands for a function's body. It suits every result, and a parser that has
// lost its way finds it again at the word.
const shortBody = "{select{}}"

func (p *piece) end() int { return p.toks[len(p.toks)-1].end }

func (p *piece) around(off int) bool { return p.toks[0].off <= off && off <= p.end() }

// pieces are the parts of the cell's top level.
func (s *scanned) pieces() []*piece {
	var out []*piece
	for i := 0; i < len(s.toks); i++ {
		if s.is(i, token.SEMICOLON) {
			continue
		}
		end := s.pieceEnd(i)
		p := &piece{toks: s.toks[i:end]}
		if kind, ok := s.chunkAt(i); ok && kind == funcChunk {
			p.function()
		} else {
			p.declared()
		}
		out = append(out, p)
		i = end
	}
	return out
}

// pieceEnd is where the piece that begins at token i ends: at the end of a line. The
// header of a for or an if may have several lines, before a brace.
func (s *scanned) pieceEnd(i int) int {
	first := i
	if s.is(i, token.IDENT) && s.is(i+1, token.COLON) {
		first = i + 2
	}
	header := s.is(first, token.FOR) || s.is(first, token.IF) || s.is(first, token.SWITCH)
	for ; i < len(s.toks); i++ {
		t := s.toks[i]
		if t.depth == 0 && t.tok == token.SEMICOLON && t.lit == "\n" && (!header || s.is(i-1, token.RBRACE)) {
			break
		}
	}
	return i
}

// function finds the name of a function or the receiver's type of a method: the first
// name, or the last one in the brackets before type parameters.
func (p *piece) function() {
	p.isFunc = true
	for i, t := range p.toks[1:] {
		switch t.tok {
		case token.IDENT:
			p.names = []string{t.lit}
			if i == 0 {
				return
			}
		case token.RPAREN, token.LBRACK:
			return
		}
	}
}

// body is the index in toks of the brace that begins a function's body, 0 for none.
func (p *piece) body() int {
	if !p.isFunc || p.toks[len(p.toks)-1].tok != token.RBRACE {
		return 0
	}
	i := len(p.toks) - 1
	for i > 0 && (p.toks[i].tok != token.LBRACE || p.toks[i].depth > 0) {
		i--
	}
	return i
}

// declared finds the names that declarations and := may declare.
func (p *piece) declared() {
	switch p.toks[0].tok {
	case token.VAR, token.CONST, token.TYPE:
		depth := 0
		if len(p.toks) > 1 && p.toks[1].tok == token.LPAREN {
			depth = 1
		}
		for _, t := range p.toks {
			if t.tok == token.IDENT && t.depth == depth {
				p.names = append(p.names, t.lit)
			}
		}
	case token.FOR, token.IF, token.SWITCH:
	default:
		var before []string
		for _, t := range p.toks {
			switch {
			case t.depth > 0:
			case t.tok == token.IDENT:
				before = append(before, t.lit)
			case t.tok == token.DEFINE:
				p.names = append(p.names, before...)
			case t.tok == token.SEMICOLON:
				before = nil
			}
		}
	}
}
